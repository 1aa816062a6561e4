"""What a person is shown where they are: all that concerns them, in the chat that they use."""

from datetime import datetime

from meeting.states import CardKind, Priority
from meeting.voting import VoteState
from storage import cards, meetings, people, pledges, uses, votes
from storage.database import Tx
from storage.people import Account
from storage.platforms import SPARING


async def show_all(
    tx: Tx, account: Account, organisation_id: int, person_id: int, meeting_id: int | None
) -> None:
    """Want every card that concerns the person in this account; of closed meetings only `meeting_id`'s."""
    for each, is_attendee in await meetings.list_meetings_of(tx, organisation_id, person_id, also=meeting_id):
        for vote_id in await votes.list_votes(tx, each, {VoteState.OPEN, VoteState.PAUSED}):
            if account.account_id in await votes.list_elector_accounts(tx, vote_id):
                await _want(tx, account, CardKind.BALLOT, vote_id, organisation_id, each)
        if is_attendee:
            await _want(tx, account, CardKind.ATTENDANCE, each, organisation_id, each)
        actor = await people.find_actor(tx, account.account_id, each)
        if actor is not None and actor.roles:
            await _want(tx, account, CardKind.PANEL, each, organisation_id, each)
        await cards.touch_cards(tx, CardKind.PANEL, each)
    for pledge_id, each in await pledges.list_awaiting(tx, organisation_id, person_id):
        await _want(tx, account, CardKind.PLEDGE, pledge_id, organisation_id, each)
    if await people.find_organiser(tx, account.account_id, organisation_id) is not None:
        await _want(tx, account, CardKind.HOME, organisation_id, organisation_id, None)


_PRIORITIES = {
    CardKind.BALLOT: Priority.BALLOT,
    CardKind.PLEDGE: Priority.BALLOT,
    CardKind.ATTENDANCE: Priority.PANEL,
    CardKind.PANEL: Priority.PANEL,
    CardKind.HOME: Priority.REFRESH,
}


async def _want(
    tx: Tx, account: Account, kind: CardKind, subject_id: int, organisation_id: int, meeting_id: int | None
) -> None:
    await cards.want_cards(
        tx,
        kind,
        subject_id,
        [account.account_id],
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=_PRIORITIES[kind],
    )


async def use_account(tx: Tx, account_id: int, now: datetime) -> None:
    """Take note that somebody goes on in this chat: what concerns them is shown here from now on.

    A repeat changes nothing that is seen.
    """
    await uses.put_used(tx, account_id, now)
    account = await people.get_account(tx, account_id)
    for organisation_id, person_id in await people.list_organisations_of(tx, account_id):
        await show_all(tx, account, organisation_id, person_id, None)
        await leave_others(tx, account_id, person_id)


async def leave_others(tx: Tx, account_id: int, person_id: int) -> None:
    """Follow nothing but ballots in the person's other chats where each change would be another message."""
    for other in await uses.list_other_chats(tx, person_id, account_id):
        if other.platform in SPARING:
            await cards.forget_cards(
                tx, other.account_id, organisation_id=other.organisation_id, but={CardKind.BALLOT}
            )


async def show_in_use(tx: Tx, organisation_id: int, person_id: int) -> None:
    """Show a person all that concerns them in the chat that is left to them, if there is one."""
    account_id = await uses.find_chat_in_use(tx, person_id)
    if account_id is not None:
        account = await people.get_account(tx, account_id)
        await show_all(tx, account, organisation_id, person_id, None)

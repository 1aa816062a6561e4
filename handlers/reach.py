"""Whom messages reach: accounts that are lost and regained, and how far messages to many have come."""

from collections.abc import Collection
from datetime import datetime

from handlers.showing import show_in_use
from meeting.people import Role
from meeting.states import CardKind, GoneReason, PostKind, Priority
from storage import cards, mailings, people, posts, reach, uses
from storage.database import Tx

FOLLOWED_FROM = 20
"""How many recipients a message has at least whose progress is shown."""


async def lose_account(tx: Tx, account_id: int, reason: GoneReason, now: datetime) -> None:
    """Record that nothing can be shown in an account any more.

    What waits for it goes to another chat of the person, and fails without one. The secretaries of the
    meetings that its people are summoned to and that aren't closed are shown who it is and how else to reach
    them; without a secretary the organisers are. A repeat changes nothing.
    """
    is_new = await people.put_account_gone(tx, account_id, reason, now)
    for successor in await uses.list_successors(tx, account_id):
        await posts.move_posts(tx, account_id, successor.account_id, successor.organisation_id)
        if is_new:
            await show_in_use(tx, successor.organisation_id, successor.person_id)
    affected = await posts.put_posts_failed(tx, account_id)
    for mailing_id in sorted(affected):
        await mailings.show_progress(tx, mailing_id)
    if is_new:
        await _show(tx, account_id)


async def regain_account(tx: Tx, account_id: int) -> None:
    """Record that an account can be reached again: its cards are shown as they are now."""
    if await people.put_account_back(tx, account_id):
        await cards.touch_account_cards(tx, account_id)
        for meeting in await reach.list_meetings_reached(tx, account_id):
            await cards.touch_cards(tx, CardKind.UNREACHABLE, meeting.meeting_id)


async def _show(tx: Tx, account_id: int) -> None:
    for meeting in await reach.list_meetings_reached(tx, account_id):
        await show_unreachable(tx, meeting.organisation_id, meeting.meeting_id, but={account_id})


async def show_unreachable(
    tx: Tx, organisation_id: int, meeting_id: int, *, but: Collection[int] = ()
) -> None:
    """Show those who keep the roll of a meeting, `but` some accounts, whom something doesn't reach."""
    keepers = await _keepers(tx, organisation_id, meeting_id)
    await cards.want_cards(
        tx,
        CardKind.UNREACHABLE,
        meeting_id,
        set(keepers) - set(but),
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
    )


# Messages to many


async def follow_posts(
    tx: Tx, kind: PostKind, cause: str, *, organisation_id: int, meeting_id: int, now: datetime
) -> None:
    """Have those who keep the roll follow the posts of a cause, where many of them wait to be sent."""
    if await mailings.count_to_send(tx, cause) < FOLLOWED_FROM:
        return
    mailing_id = await mailings.add_mailing(
        tx,
        kind,
        meeting_id,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        made_by=None,
        now=now,
    )
    await mailings.put_in_mailing(tx, mailing_id, cause)
    keepers = await _keepers(tx, organisation_id, meeting_id)
    await show_progress(tx, mailing_id, organisation_id, meeting_id, keepers)


async def show_progress(
    tx: Tx, mailing_id: int, organisation_id: int, meeting_id: int, account_ids: Collection[int]
) -> None:
    """Have the progress of a mailing shown to accounts, whose people may prepare the meeting."""
    await cards.want_cards(
        tx,
        CardKind.MAILING,
        mailing_id,
        account_ids,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
    )


async def _keepers(tx: Tx, organisation_id: int, meeting_id: int) -> list[int]:
    """The accounts of a meeting's secretaries; without any those of the organisers."""
    secretaries = await people.list_role_accounts(tx, meeting_id, {Role.SECRETARY})
    return secretaries or await people.list_organiser_accounts(tx, organisation_id)

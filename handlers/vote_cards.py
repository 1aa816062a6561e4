"""Who is shown a vote, and what those who preside are told of it."""

from collections.abc import Collection
from datetime import datetime

from meeting.states import CardKind, PostKind, Priority
from meeting.voting import (
    Method,
    Vote,
)
from storage import cards, groups, meetings, posts, votes
from storage.database import Tx
from storage.votes import Question


async def show_opened(
    tx: Tx, question: Question, elector_ids: Collection[int] | None = None, *, is_item_reached: bool = False
) -> None:
    """Have the ballots shown to all electors, or to those of `elector_ids`, and the vote to the groups."""
    vote = question.vote
    if vote.method is Method.CHAT:
        await cards.want_cards(
            tx,
            CardKind.BALLOT,
            vote.vote_id,
            await votes.list_elector_accounts(tx, vote.vote_id, elector_ids),
            organisation_id=question.organisation_id,
            meeting_id=vote.meeting_id,
            priority=Priority.BALLOT,
        )
    await cards.want_cards(
        tx,
        CardKind.GROUP_BALLOT,
        vote.vote_id,
        await groups.list_group_accounts(tx, vote.meeting_id),
        organisation_id=question.organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.BALLOT,
    )
    if is_item_reached:
        await cards.touch_meeting_cards(tx, vote.meeting_id, (CardKind.ATTENDANCE, CardKind.GROUP))
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)


async def show_moved(tx: Tx, question: Question) -> None:
    """Have a vote shown in its new state to all who see it."""
    await cards.touch_cards(tx, CardKind.BALLOT, question.vote.vote_id)
    await cards.touch_cards(tx, CardKind.GROUP_BALLOT, question.vote.vote_id, priority=Priority.BALLOT)
    await cards.touch_cards(tx, CardKind.PANEL, question.vote.meeting_id)


async def tell_presiding(
    tx: Tx, organisation_id: int, vote: Vote, kind: PostKind, now: datetime, suffix: str = ""
) -> None:
    """Tell those who preside something about a vote, once for each `suffix`."""
    await posts.add_posts(
        tx,
        kind,
        f"{kind}:{vote.vote_id}{suffix}",
        vote.vote_id,
        await meetings.list_presiding_accounts(tx, vote.meeting_id),
        organisation_id=organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.PANEL,
        now=now,
    )

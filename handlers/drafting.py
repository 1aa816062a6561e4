"""Votes as they are drafted: on which items and in which version, together or split, run once more."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.closing import cancel
from handlers.scheduling import take_back
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState
from meeting.voting import (
    RUNNING,
    STANDARD_OPTIONS,
    Method,
    VoteState,
)
from storage import agenda, cards, meetings, votes
from storage.database import Tx
from storage.reading import (
    get_meeting_view,
)
from storage.votes import Question


@dataclass(frozen=True, slots=True)
class VotePrepared:
    """The vote is drafted."""

    vote_id: int


@dataclass(frozen=True, slots=True)
class VoteSplit:
    """The items have a drafted vote each."""

    vote_ids: tuple[int, ...]


@request
async def prepare_vote(
    tx: Tx, asked: Asked, now: datetime, item_id: int, method: Method
) -> VotePrepared | Refused:
    """Draft a vote on an item by a method; one drafted before is kept and gets the method."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if item.decision is not None:
        return Refused(Refusal.ITEM_DECIDED)
    if await agenda.list_active_votes_on(tx, item_id):
        return Refused(Refusal.ITEM_HAS_VOTE)
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    vote_id = await votes.find_draft_on(tx, item_id)
    if vote_id is None:
        vote_id = await _draft(tx, item.organisation_id, item.meeting_id, [item], method)
    else:
        if method is Method.HANDS:
            await take_back(tx, await votes.get_question(tx, vote_id), now, "method", actor)
        await votes.put_vote(tx, vote_id, method=method)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return VotePrepared(vote_id)


async def _draft(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    items: Sequence[agenda.Item],
    method: Method,
    series_id: int | None = None,
) -> int:
    rules = (await get_meeting_view(tx, meeting_id)).rules
    return await votes.add_vote(
        tx,
        organisation_id,
        meeting_id,
        items={item.item_id: item.text_version for item in items},
        question=_question_about(items),
        method=method,
        options=STANDARD_OPTIONS,
        base_kind=rules.base_kind,
        threshold=rules.threshold,
        is_advisory=any(item.is_advisory for item in items),
        series_id=series_id,
    )


def _question_about(items: Iterable[agenda.Item]) -> str:
    return "; ".join(item.title for item in items)


async def items_of(tx: Tx, meeting_id: int, item_ids: Collection[int]) -> list[agenda.Item]:
    """Give the items of a vote, in the order of the agenda."""
    return [item for item in await agenda.list_items(tx, meeting_id) if item.item_id in item_ids]


async def leave_drafts(tx: Tx, item: agenda.Item, now: datetime, *, but: int | None = None) -> None:
    """Take an item out of the meeting's drafted votes (`but` one); a draft about nothing else is dropped."""
    for vote_id in await votes.list_votes(tx, item.meeting_id, {VoteState.DRAFT}):
        question = await votes.get_question(tx, vote_id)
        if vote_id == but or item.item_id not in question.item_ids:
            continue
        rest = set(question.item_ids) - {item.item_id}
        if rest:
            await put_items(tx, question, rest, now)
        else:
            await take_back(tx, question, now, "dropped")
            await votes.put_vote(tx, vote_id, state=VoteState.CANCELLED, cancelled_at=now)


async def put_items(tx: Tx, question: Question, item_ids: Collection[int], now: datetime) -> None:
    """Set what a drafted vote is about: the items as they are worded now. It doesn't open by itself then."""
    await take_back(tx, question, now, "question")
    items = await items_of(tx, question.vote.meeting_id, item_ids)
    versions = {item.item_id: item.text_version for item in items}
    await votes.put_vote_items(tx, question, versions, _question_about(items))


@request
async def join_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, item_id: int
) -> VotePrepared | Refused:
    """Put an item into a drafted vote, or take it out where it is in; the last one stays.

    Deciding and advisory items don't go into one vote, as its result would be worded wrongly for either. An
    item that is put in leaves another draft that it was in.
    """
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if question.vote.state is not VoteState.DRAFT:
        return Refused(Refusal.VOTE_ALREADY_OPENED)
    item = await agenda.get_item(tx, item_id)
    if item.meeting_id != question.vote.meeting_id:
        return Refused(Refusal.NOT_FOUND)
    item_ids = set(question.item_ids)
    if item_id in item_ids:
        item_ids = item_ids - {item_id} or {item_id}
    else:
        if item.decision is not None:
            return Refused(Refusal.ITEM_DECIDED)
        if await agenda.list_active_votes_on(tx, item_id):
            return Refused(Refusal.ITEM_HAS_VOTE)
        if item.is_advisory != question.is_advisory:
            return Refused(Refusal.OUT_OF_DATE)
        await leave_drafts(tx, item, now, but=vote_id)
        item_ids = item_ids | {item_id}
    await put_items(tx, question, item_ids, now)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return VotePrepared(vote_id)


@request
async def split_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteSplit | Refused:
    """Split a vote on several items into a draft for each; an open run is cancelled without a tally."""
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if len(question.item_ids) < 2 or question.vote.state not in {VoteState.DRAFT, *RUNNING}:  # noqa: PLR2004 - two make a joint vote
        return Refused(Refusal.VOTE_NOT_SPLITTABLE)
    await cancel(tx, question, now, "split", actor)
    vote_ids = [
        await _draft(tx, item.organisation_id, item.meeting_id, [item], question.vote.method)
        for item in await items_of(tx, question.vote.meeting_id, question.item_ids)
    ]
    return VoteSplit(tuple(vote_ids))


@request
async def repeat_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VotePrepared | Refused:
    """Draft another run of a vote that was cancelled or announced; every run stays on record.

    A cancelled one whose item was decided otherwise since is not repeated.
    """
    del now
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if vote.state not in {VoteState.CANCELLED, VoteState.ANNOUNCED}:
        return Refused(Refusal.VOTE_STILL_OPEN)
    if await meetings.lock_meeting(tx, vote.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, vote.meeting_id)
    items = await items_of(tx, vote.meeting_id, question.item_ids)
    is_decided = any(item.decision is not None for item in items) or len(items) < len(question.item_ids)
    if is_decided and vote.state is VoteState.CANCELLED:
        return Refused(Refusal.ITEM_DECIDED)
    for item in items:
        if await agenda.list_active_votes_on(tx, item.item_id):
            return Refused(Refusal.ITEM_HAS_VOTE)
        drafted = await votes.find_draft_on(tx, item.item_id)
        if drafted is not None:
            return VotePrepared(drafted)
    drafted = await _draft(
        tx, question.organisation_id, vote.meeting_id, items, vote.method, question.series_id
    )
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return VotePrepared(drafted)

"""Votes as they are opened: over whom, in which version of the text, and for latecomers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.acts import instant_text, record_act
from handlers.asking import Asked, permitted, request
from handlers.deadlines import put_deadline
from handlers.drafting import items_of
from handlers.meetings import Unchanged
from handlers.scheduling import take_back
from handlers.vote_cards import show_opened
from meeting.attendance import StatementKind
from meeting.people import Actor, Presence, Right, Standing
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.versions import text_digest
from meeting.vote_times import refuse_times
from meeting.voting import (
    RUNNING,
    Elector,
    Method,
    OpeningConditions,
    VoteState,
    VotingUnit,
    base_of,
    electorate,
    refuse_opening,
)
from storage import agenda, attendees, meetings, record, versions, votes
from storage.database import Tx
from storage.reading import (
    find_statement,
    get_attendance,
    get_meeting_view,
    get_roll,
    is_method_adopted,
    list_items,
)
from storage.votes import Question


@dataclass(frozen=True, slots=True)
class VoteOpened:
    """The vote is open, over this base."""

    base: int
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True)
class ElectorAdmitted:
    """The latecomer votes in this run, whose base is now this."""

    base: int


@request
async def open_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, *, within: timedelta | None
) -> VoteOpened | Unchanged | Refused:
    """Open a drafted vote: the electorate is who may vote and is present now, and the base is frozen.

    `within` gives it a deadline. Open already, it stays as it is.
    """
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if vote.state in RUNNING:
        return Unchanged()
    refused = refuse_times(now, within)
    if refused is not None:
        return refused
    await take_back(tx, question, now, "opened", actor)
    return await open_draft(tx, question, now, within, actor)


async def open_draft(
    tx: Tx, question: Question, now: datetime, within: timedelta | None, actor: Actor | None
) -> VoteOpened | Refused:
    """Open a drafted vote in the caller's transaction, by itself where there is no actor.

    Nothing is changed where it is refused.
    """
    vote = question.vote
    state = await meetings.lock_meeting(tx, vote.meeting_id)
    electors = electorate(await get_roll(tx, vote.meeting_id), question.base_kind)
    items = await items_of(tx, vote.meeting_id, question.item_ids)
    statement = await find_statement(tx, vote.meeting_id, StatementKind.CONFIRMED)
    statement = statement or await find_statement(tx, vote.meeting_id, StatementKind.PRELIMINARY)
    conditions = OpeningConditions(
        is_meeting_open=state is MeetingState.OPEN,
        statement=statement,
        is_procedural=all(item.kind.is_procedural for item in items),
        is_method_adopted=is_method_adopted(await list_items(tx, vote.meeting_id)),
        has_other_open_vote=bool(await votes.list_votes(tx, vote.meeting_id, RUNNING)),
        electors=len(electors),
    )
    refused = refuse_opening(vote, conditions)
    if refused is not None:
        return refused
    return await _open(tx, question, items, electors, now, within, actor)


async def _open(
    tx: Tx,
    question: Question,
    items: Sequence[agenda.Item],
    electors: Sequence[Elector],
    now: datetime,
    within: timedelta | None,
    actor: Actor | None,
) -> VoteOpened:
    vote = question.vote
    attendance = await get_attendance(tx, vote.meeting_id)
    base = base_of(
        question.base_kind,
        electors=len(electors),
        summoned=attendance.summoned,
        units=attendance.units,
    )
    deadline_at = None if within is None or vote.method is Method.HANDS else now + within
    # The version that is voted on is the newest when it opens, and can't change under the vote.
    shown = {item.item_id: item.text_version for item in items}
    await votes.put_vote_items(tx, question, shown, question.question)
    await votes.put_vote(
        tx, vote.vote_id, state=VoteState.OPEN, base=base, opened_at=now, deadline_at=deadline_at
    )
    await votes.add_electors(tx, question.organisation_id, vote.vote_id, electors)
    await put_deadline(tx, question, now, deadline_at)
    earlier_item_id = (await get_meeting_view(tx, vote.meeting_id)).current_item_id
    await meetings.put_meeting(tx, vote.meeting_id, current_item_id=question.item_ids[0])
    facts = {
        "vote": vote.vote_id,
        "run": vote.run,
        "method": vote.method,
        "versions": {str(item_id): version for item_id, version in shown.items()},
        "texts": {
            str(item_id): text_digest(await versions.get_text(tx, item_id, version))
            for item_id, version in shown.items()
        },
        "base": base,
        "base_kind": question.base_kind,
        "electors": len(electors),
        "threshold": [
            question.threshold.numerator,
            question.threshold.denominator,
            question.threshold.is_strict,
        ],
        "deadline_at": instant_text(deadline_at),
    }
    await record_act(tx, question, now, "vote_opened", facts, actor, is_presiding=True)
    await show_opened(tx, question, is_item_reached=earlier_item_id != question.item_ids[0])
    return VoteOpened(base, deadline_at)


@request
async def admit_elector(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, attendee_id: int
) -> ElectorAdmitted | Unchanged | Refused:
    """Admit a latecomer to a running vote, as a recorded act of the secretary; the base grows by one."""
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.SEE_CHOICES)
    if isinstance(actor, Refused):
        return actor
    if vote.state not in RUNNING or question.base is None:
        return Refused(Refusal.VOTE_CLOSED)
    attendee = await attendees.get_attendee(tx, attendee_id)
    if attendee.meeting_id != vote.meeting_id or attendee.standing is not Standing.VOTING:
        return Refused(Refusal.NOT_ENTITLED)
    if attendee.presence is not Presence.PRESENT:
        return Refused(Refusal.NOT_PRESENT)
    if await votes.find_elector_of(tx, vote_id, attendee_id, attendee.unit_id) is not None:
        return Unchanged()
    is_unit = question.base_kind.voting_unit is VotingUnit.UNIT
    if (is_unit and attendee.unit_id is None) or await _has_voting_predecessor(tx, vote_id, attendee_id):
        return Refused(Refusal.NOT_ENTITLED)
    elector = Elector(0, None, attendee.unit_id) if is_unit else Elector(0, attendee_id, None)
    await votes.add_electors(tx, question.organisation_id, vote_id, [elector], admitted_at=now)
    attendance = await get_attendance(tx, vote.meeting_id)
    electors = await votes.count_electors(tx, vote_id)
    base = base_of(
        question.base_kind,
        electors=electors,
        summoned=max(question.base, attendance.summoned, electors),
        units=max(question.base, attendance.units, electors),
    )
    await votes.put_vote(tx, vote_id, base=base)
    facts = {"vote": vote_id, "attendee": attendee_id, "base": base}
    await record.append(
        tx, question.organisation_id, vote.meeting_id, now, "elector_admitted", facts, actor=actor
    )
    added = await votes.find_elector_of(tx, vote_id, attendee_id, attendee.unit_id)
    await show_opened(tx, question, [] if added is None else [added.elector_id])
    return ElectorAdmitted(base)


async def _has_voting_predecessor(tx: Tx, vote_id: int, attendee_id: int) -> bool:
    """Whether somebody whom this attendee stands in for has the vote of this seat already."""
    for replaced_id in await attendees.list_replaced_by(tx, attendee_id):
        if await votes.find_elector_of(tx, vote_id, replaced_id, None) is not None:
            return True
    return False

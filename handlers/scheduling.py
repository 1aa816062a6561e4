"""Votes that open by themselves: when is said by who presides, and can be taken back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.acts import record_act
from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.meetings import Unchanged
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, DueKind, MeetingState
from meeting.vote_times import Opening, refuse_times
from meeting.voting import Method, VoteState
from storage import cards, due, meetings, votes
from storage.database import Tx
from storage.votes import Question


@dataclass(frozen=True, slots=True)
class VoteScheduled:
    """The vote opens by itself."""

    opening: Opening


@dataclass(frozen=True, slots=True)
class VoteUnscheduled:
    """The vote opens by hand only."""


@request
async def schedule_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, opens_at: datetime, *, within: timedelta | None
) -> VoteScheduled | Refused:
    """Have a drafted vote by chat open by itself, for a span or until it is ended; the newest holds.

    Then the rules of an opening by hand hold, and the question must stand in the version that it has now.
    """
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, vote.meeting_id)
    if state is MeetingState.CLOSED:
        return await refuse_closed(tx, vote.meeting_id)
    if state is not MeetingState.OPEN:
        return Refused(Refusal.MEETING_NOT_OPEN)
    if vote.state is not VoteState.DRAFT:
        return Refused(Refusal.VOTE_ALREADY_OPENED)
    if vote.method is not Method.CHAT:
        return Refused(Refusal.VOTE_BY_HANDS)
    refused = refuse_times(now, within, opens_at)
    if refused is not None:
        return refused
    opening = Opening(opens_at, within)
    await votes.put_opening(tx, vote_id, opening)
    await due.put_due(
        tx,
        DueKind.VOTE_OPENS,
        vote_id,
        opens_at,
        organisation_id=question.organisation_id,
        meeting_id=vote.meeting_id,
    )
    versions = await votes.get_text_versions(tx, vote_id)
    facts = {
        "vote": vote_id,
        "run": vote.run,
        "opens_at": opens_at.astimezone(UTC).isoformat(),
        "minutes": None if within is None else within // timedelta(minutes=1),
        "versions": {str(item_id): version for item_id, version in versions.items()},
    }
    await record_act(tx, question, now, "vote_scheduled", facts, actor, is_presiding=True)
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return VoteScheduled(opening)


@request
async def unschedule_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int
) -> VoteUnscheduled | Unchanged | Refused:
    """Have a vote not open by itself any more."""
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if question.vote.state is not VoteState.DRAFT:
        return Refused(Refusal.VOTE_ALREADY_OPENED)
    if question.opening is None:
        return Unchanged()
    await take_back(tx, question, now, "by_hand", actor)
    return VoteUnscheduled()


async def take_back(
    tx: Tx, question: Question, now: datetime, cause: str, actor: Actor | None = None
) -> None:
    """Have a vote not open by itself any more, in the caller's transaction, on record; nothing if it doesn't.

    For whatever makes it another question than the one that was to open, too.
    """
    if question.opening is None:
        return
    vote = question.vote
    await votes.put_opening(tx, vote.vote_id, None)
    await due.withdraw_due(tx, DueKind.VOTE_OPENS, vote.vote_id)
    facts = {"vote": vote.vote_id, "run": vote.run, "cause": cause}
    await record_act(tx, question, now, "vote_unscheduled", facts, actor, is_presiding=True)
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)

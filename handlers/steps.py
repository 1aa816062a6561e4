"""What is done with a vote that runs: paused, resumed, given more time, opened again after its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.acts import instant_text, record_act
from handlers.asking import Asked, permitted, request
from handlers.deadlines import put_deadline
from handlers.meetings import Unchanged
from handlers.vote_cards import show_moved, tell_presiding
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind
from meeting.vote_times import refuse_times
from meeting.voting import (
    RUNNING,
    AlreadyDone,
    Method,
    Step,
    VoteState,
    decide_step,
)
from storage import votes
from storage.database import Tx
from storage.votes import Question


@dataclass(frozen=True, slots=True)
class VoteMoved:
    """The vote has gone to this state."""

    state: VoteState


@request
async def pause_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Pause an open vote: no ballot counts until it goes on."""
    return await _step(tx, asked, now, vote_id, Step.PAUSE, paused_at=now, deadline_at=None)


@request
async def resume_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Let a paused vote go on, without a deadline until it is given one."""
    return await _step(tx, asked, now, vote_id, Step.RESUME, paused_at=None, deadline_at=None)


@request
async def extend_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, within: timedelta
) -> VoteMoved | Unchanged | Refused:
    """Give an open or paused vote by chat a deadline so long from now."""
    refused = refuse_times(now, within)
    if refused is not None:
        return refused
    return await _step(tx, asked, now, vote_id, Step.EXTEND, paused_at=None, deadline_at=now + within)


@request
async def reopen_vote(tx: Tx, asked: Asked, now: datetime, vote_id: int) -> VoteMoved | Unchanged | Refused:
    """Open a closed vote again before it was announced; ballots and base are as they were."""
    return await _step(
        tx, asked, now, vote_id, Step.REOPEN, closed_at=None, deadline_at=None, paused_at=None, decision=None
    )


async def _step(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, step: Step, **values: datetime | None
) -> VoteMoved | Unchanged | Refused:
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, step)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    if step is Step.EXTEND and question.vote.method is not Method.CHAT:
        return Refused(Refusal.VOTE_BY_HANDS)
    if step is Step.REOPEN and await votes.list_votes(tx, question.vote.meeting_id, RUNNING):
        return Refused(Refusal.OTHER_VOTE_OPEN)
    await votes.put_vote(tx, vote_id, state=state, **values)
    deadline_at = values.get("deadline_at")
    await put_deadline(tx, question, now, deadline_at)
    facts = {"vote": vote_id, "run": question.vote.run, "deadline_at": instant_text(deadline_at)}
    await record_act(tx, question, now, f"vote_{step}", facts, actor, is_presiding=True)
    await show_moved(tx, question)
    return VoteMoved(state)


async def pause_overdue(tx: Tx, question: Question, now: datetime) -> None:
    """Pause a vote whose deadline passed while the program was down, in the caller's transaction."""
    await votes.put_vote(tx, question.vote.vote_id, state=VoteState.PAUSED, paused_at=now, deadline_at=None)
    await put_deadline(tx, question, now, None)
    await record_act(
        tx,
        question,
        now,
        "vote_pause",
        {"vote": question.vote.vote_id, "cause": "overdue"},
        None,
        is_presiding=True,
    )
    await show_moved(tx, question)
    await tell_presiding(
        tx, question.organisation_id, question.vote, PostKind.VOTE_PAUSED, now, f":{now.isoformat()}"
    )

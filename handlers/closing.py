"""How a run ends: closed and counted, announced, or cancelled."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from handlers.acts import record_act
from handlers.asking import Asked, permitted, request
from handlers.deadlines import put_deadline
from handlers.floor_queue import clear_floor
from handlers.meetings import Unchanged
from handlers.scheduling import take_back
from handlers.settling import settle_rankings
from handlers.steps import VoteMoved
from handlers.vote_cards import show_moved
from meeting import names
from meeting.people import Actor, Right
from meeting.plan import TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind, Priority
from meeting.tally import Decision, Tally, decide_verdict, decision_of_item
from meeting.voting import (
    AlreadyDone,
    Method,
    Step,
    VoteState,
    decide_step,
)
from storage import agenda, attendees, groups, meetings, posts, record, versions, votes
from storage.database import Tx
from storage.votes import Question


@dataclass(frozen=True, slots=True)
class CloseUnsure:
    """Nothing was done yet: so many electors have not voted."""

    missing: int


@dataclass(frozen=True, slots=True)
class VoteClosed:
    """The vote is closed with this tally, which only those who preside see until it is announced."""

    tally: Tally


@dataclass(frozen=True, slots=True)
class VoteAnnounced:
    """The result is out."""

    decision: Decision


@request
async def close_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, *, is_sure: bool
) -> VoteClosed | CloseUnsure | Unchanged | Refused:
    """Close a vote and count it; asked about once more while somebody is missing.

    Counted hands must have been entered. Closed already, it stays so.
    """
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, Step.CLOSE)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    if question.vote.method is Method.CHAT and not is_sure:
        turnout = await votes.get_turnout(tx, vote_id)
        if turnout.voted != turnout.electors:
            return CloseUnsure(turnout.electors - turnout.voted)
    return await close(tx, question, now, actor)


async def close(tx: Tx, question: Question, now: datetime, actor: Actor | None) -> VoteClosed | Refused:
    """Close and count in the caller's transaction; by its deadline where there is no actor."""
    tally = await votes.find_tally(tx, question)
    if tally is None:
        return Refused(Refusal.HANDS_NOT_COUNTED)
    vote = question.vote
    gained = await _list_additions(tx, vote.vote_id)
    verdict = decide_verdict(
        tally, question.threshold, is_advisory=question.is_advisory, has_additions=bool(gained)
    )
    await votes.put_vote(tx, vote.vote_id, state=VoteState.CLOSED, closed_at=now, decision=verdict.decision)
    await put_deadline(tx, question, now, None)
    choices = await votes.list_choices(tx, vote.vote_id)
    # Salted, or the few ways in which few electors can vote could be tried out against it.
    lines = [question.salt, *(f"{elector}:{option}" for elector, option in choices)]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    facts = {
        "vote": vote.vote_id,
        "run": vote.run,
        "base": tally.base,
        "counts": {option.value: tally.count(option) for option in vote.options},
        "not_voted": tally.not_voted,
        "ballots": digest,
    }
    await record_act(tx, question, now, "vote_closed", facts, actor, is_presiding=True)
    await show_moved(tx, question)
    return VoteClosed(tally)


@request
async def announce_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int
) -> VoteAnnounced | Unchanged | Refused:
    """Announce a closed vote: its items are decided, and everybody gets the result."""
    question = await votes.get_question(tx, vote_id)
    vote = question.vote
    actor = await permitted(tx, asked, vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(vote.state, Step.ANNOUNCE)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone) or question.decision is None:
        return Unchanged()
    await votes.put_vote(tx, vote_id, state=state, announced_at=now)
    gained = await _list_additions(tx, vote_id)
    for item_id in question.item_ids:
        additions = [] if question.decision is Decision.REJECTED else gained.get(item_id, [])
        await agenda.put_item(
            tx,
            item_id,
            decision=decision_of_item(question.decision, has_additions=bool(additions)),
            decided_at=now,
            is_counted=True,
            additions=additions,
        )
        await settle_rankings(tx, item_id, question.decision, now)
    facts = {"vote": vote_id, "run": vote.run, "decision": question.decision}
    await record_act(tx, question, now, "vote_announced", facts, actor, is_presiding=True)
    await clear_floor(tx, vote.meeting_id, now, actor)
    await posts.add_posts(
        tx,
        PostKind.RESULT,
        f"result:{vote_id}",
        vote_id,
        {
            *await attendees.list_meeting_accounts(tx, vote.meeting_id),
            *await meetings.list_presiding_accounts(tx, vote.meeting_id),
            *await groups.list_group_accounts(tx, vote.meeting_id),
        },
        organisation_id=question.organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.RESULT,
        now=now,
    )
    await show_moved(tx, question)
    return VoteAnnounced(question.decision)


async def _list_additions(tx: Tx, vote_id: int) -> dict[int, list[str]]:
    """Give what each item of a vote had gained in the version that the vote names."""
    return await versions.list_additions(tx, await votes.get_text_versions(tx, vote_id))


@request
async def cancel_vote(
    tx: Tx, asked: Asked, now: datetime, vote_id: int, reason: str
) -> VoteMoved | Unchanged | Refused:
    """Cancel a run before it is announced, with a reason; no tally of it is published."""
    text = names.tidy_lines(reason)
    if not text:
        return Refused(Refusal.REASON_MISSING)
    if len(text) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
    question = await votes.get_question(tx, vote_id)
    actor = await permitted(tx, asked, question.vote.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = decide_step(question.vote.state, Step.CANCEL)
    if isinstance(state, Refused):
        return state
    if isinstance(state, AlreadyDone):
        return Unchanged()
    await cancel(tx, question, now, text, actor)
    return VoteMoved(state)


async def cancel(tx: Tx, question: Question, now: datetime, reason: str, actor: Actor) -> None:
    """Cancel a run in the caller's transaction."""
    vote = question.vote
    await take_back(tx, question, now, "cancelled", actor)
    await votes.put_vote(
        tx, vote.vote_id, state=VoteState.CANCELLED, cancelled_at=now, cancel_reason=reason, decision=None
    )
    await put_deadline(tx, question, now, None)
    facts = {"vote": vote.vote_id, "run": vote.run, "reason": record.digest(reason)}
    await record_act(tx, question, now, "vote_cancelled", facts, actor, is_presiding=True)
    await show_moved(tx, question)

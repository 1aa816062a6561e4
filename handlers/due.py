"""What the clock does when something is due: votes close or pause, presence windows open."""

from datetime import datetime

import structlog

from handlers.asking import House
from handlers.attendance import set_window
from handlers.voting import close, pause_overdue
from meeting.refusals import Refused
from meeting.states import DueKind, WorkState
from meeting.voting import Lateness, VoteState, decide_deadline
from storage import due, meetings, votes
from storage.database import Tx
from storage.due import DueWork
from storage.votes import Question

_AT_ONCE = 20

_log = structlog.get_logger(__name__)


async def do_due_work(house: House, running_since: datetime) -> int:
    """Do what is due, each in a transaction of its own, and give how much was done.

    Any number of processes may: what one has claimed the others pass over, and what was done is done once.
    `running_since` is when this process began: a vote's deadline before it passed while nobody watched.
    """
    async with house.database.snapshot() as tx:
        waiting = await due.list_due(tx, house.now(), _AT_ONCE)
    done = 0
    for work in waiting:
        try:
            done += await _do(house, work, running_since)
        except Exception:  # noqa: BLE001 - a bug in one must not hold up the deadlines behind it
            _log.exception("due_work_failed", due_id=work.due_id, kind=work.kind, subject_id=work.subject_id)
    return done


async def _do(house: House, work: DueWork, running_since: datetime) -> int:
    async with house.database.transaction() as tx:
        # The subject's row is held before the work's, as whoever closes or extends it does.
        question = None
        if work.kind is DueKind.VOTE_DEADLINE:
            question = await votes.get_question(tx, work.subject_id)
        await meetings.lock_meeting(tx, work.meeting_id)
        now = house.now()
        claimed = await due.claim_due(tx, now, 1, due_ids=[work.due_id])
        if not claimed:
            return 0
        if question is not None:
            state = await _meet_deadline(tx, question, claimed[0].due_at, now, running_since)
        else:
            opened = await set_window(tx, work.subject_id, now, is_open=True, actor=None)
            state = WorkState.MISSED if isinstance(opened, Refused) else WorkState.DONE
        await due.put_due_done(tx, work.due_id, state, now)
        return 1


async def _meet_deadline(
    tx: Tx, question: Question, due_at: datetime, now: datetime, running_since: datetime
) -> WorkState:
    if question.vote.state is not VoteState.OPEN:
        return WorkState.WITHDRAWN
    match decide_deadline(due_at, now, running_since):
        case Lateness.PAUSES:
            await pause_overdue(tx, question, now)
            return WorkState.MISSED
        case Lateness.CLOSES:
            closed = await close(tx, question, now, None)
            return WorkState.MISSED if isinstance(closed, Refused) else WorkState.DONE

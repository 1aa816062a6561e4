"""What the clock does when something is due: votes close or pause, presence windows open."""

from datetime import datetime

from handlers.asking import House
from handlers.attendance import set_window
from handlers.voting import close, pause_overdue
from meeting.refusals import Refused
from meeting.states import DueKind, WorkState
from meeting.voting import Lateness, VoteState, decide_deadline
from storage import due, votes
from storage.database import Tx
from storage.due import DueWork

_AT_ONCE = 20


async def do_due_work(house: House, running_since: datetime) -> int:
    """Do what is due, each in a transaction of its own, and give how much was done.

    Any number of processes may: what one has claimed the others pass over, and what was done is done once.
    `running_since` is when this process began: a vote's deadline before it passed while nobody watched.
    """
    async with house.database.snapshot() as tx:
        waiting = await due.list_due(tx, house.now(), _AT_ONCE)
    done = 0
    for work in waiting:
        async with house.database.transaction() as tx:
            now = house.now()
            for claimed in await due.claim_due(tx, now, 1, due_ids=[work.due_id]):
                state = await _do(tx, claimed, now, running_since)
                await due.put_due_done(tx, claimed.due_id, state, now)
                done += 1
    return done


async def _do(tx: Tx, work: DueWork, now: datetime, running_since: datetime) -> WorkState:
    match work.kind:
        case DueKind.VOTE_DEADLINE:
            return await _meet_deadline(tx, work, now, running_since)
        case DueKind.CHECK_IN_OPENS:
            opened = await set_window(tx, work.subject_id, now, is_open=True, actor=None)
            return WorkState.MISSED if isinstance(opened, Refused) else WorkState.DONE


async def _meet_deadline(tx: Tx, work: DueWork, now: datetime, running_since: datetime) -> WorkState:
    question = await votes.get_question(tx, work.subject_id)
    if question.vote.state is not VoteState.OPEN:
        return WorkState.WITHDRAWN
    match decide_deadline(work.due_at, now, running_since):
        case Lateness.PAUSES:
            await pause_overdue(tx, question, now)
            return WorkState.MISSED
        case Lateness.CLOSES:
            closed = await close(tx, question, now, None)
            return WorkState.MISSED if isinstance(closed, Refused) else WorkState.DONE

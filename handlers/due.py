"""What the clock does when something is due: a table from each kind to its deed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from handlers import (
    deadlines,
    follow_ups,
    pledge_reminders,
    reminders,
    score_reminders,
    task_reminders,
    vote_times,
)
from handlers.asking import House
from handlers.attendance import set_window
from handlers.deeds import Deed, Moment, Outcome
from meeting.refusals import Refused
from meeting.states import DueKind, WorkState
from storage import due, meetings
from storage.database import Tx
from storage.due import DueWork
from storage.errors import DatabaseAwayError

_AT_ONCE = 20
"""How much is looked up at a time: however much is due, no more is held in memory."""

_PUT_OFF = timedelta(seconds=5)
"""When work that failed is tried again, so that it holds up nothing behind it."""

_log = structlog.get_logger(__name__)


async def _open_window(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    opened = await set_window(tx, work.subject_id, moment.now, is_open=True, actor=None)
    return WorkState.MISSED if isinstance(opened, Refused) else WorkState.DONE


DEEDS: Mapping[DueKind, Deed] = {
    DueKind.VOTE_DEADLINE: vote_times.meet_deadline,
    DueKind.VOTE_OPENS: vote_times.open_when_due,
    DueKind.VOTE_HALF_TIME: deadlines.call_missing,
    DueKind.VOTE_LAST_MINUTE: deadlines.call_missing,
    DueKind.CHECK_IN_OPENS: _open_window,
    DueKind.MEETING_REMINDER: reminders.remind,
    DueKind.REPLY_WANTED: reminders.remind,
    DueKind.FOLLOW_UP: follow_ups.remind_of_follow_up,
    DueKind.TASK_DUE: task_reminders.remind_of_task,
    DueKind.PLEDGE_WANTED: pledge_reminders.remind_of_pledge,
    DueKind.SCORES_WANTED: score_reminders.remind_of_scores,
    DueKind.SCORES_CLOSE: score_reminders.end_when_due,
}

_TOLD = frozenset(
    {
        DueKind.MEETING_REMINDER,
        DueKind.REPLY_WANTED,
        DueKind.FOLLOW_UP,
        DueKind.TASK_DUE,
        DueKind.PLEDGE_WANTED,
        DueKind.SCORES_WANTED,
    }
)
"""What those who prepare the meeting are told of where it was missed."""


async def do_due_work(house: House, running_since: datetime) -> int:
    """Do what is due, each in a transaction of its own, and give how much was done: 0 where nothing is left.

    Any number of processes may: what one has claimed the others pass over, and what was done is done once.
    One that dies on the way leaves its work due. `running_since` is when this process began: a vote's
    deadline before it passed while nobody watched. Raises DatabaseAwayError.
    """
    async with house.database.snapshot() as tx:
        waiting = await due.list_due(tx, house.now(), _AT_ONCE)
    done = 0
    for work in waiting:
        try:
            done += await _do(house, work, running_since)
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - a bug in one must not hold up the deadlines behind it
            _log.exception("due_work_failed", due_id=work.due_id, kind=work.kind, subject_id=work.subject_id)
            await _put_off(house, work)
    return done


async def _do(house: House, work: DueWork, running_since: datetime) -> int:
    async with house.database.transaction() as tx:
        # The meeting is held before the work, as by whoever puts or withdraws it.
        await meetings.lock_meeting(tx, work.meeting_id)
        now = house.now()
        claimed = await due.claim_due(tx, now, 1, due_ids=[work.due_id])
        if not claimed:
            return 0
        outcome = await DEEDS[work.kind](tx, claimed[0], Moment(now, running_since))
        if isinstance(outcome, datetime):
            await due.put_due_later(tx, work.due_id, max(outcome, now + timedelta(seconds=1)))
            return 1
        await due.put_due_done(tx, work.due_id, outcome, now)
        if outcome is WorkState.MISSED and work.kind in _TOLD:
            await reminders.tell_missed(tx, claimed[0], now)
        return 1


async def _put_off(house: House, work: DueWork) -> None:
    async with house.database.transaction() as tx:
        await due.put_due_later(tx, work.due_id, house.now() + _PUT_OFF)

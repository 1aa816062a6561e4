"""What is to be done for a meeting and when, worked out anew in the transaction of whatever changed it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from handlers.follow_ups import plan_follow_ups
from handlers.pledge_reminders import plan_pledge
from handlers.score_reminders import plan_scores
from handlers.task_reminders import plan_tasks
from meeting.reminders import Planned, plan_reminders
from meeting.states import DueKind, MeetingState, WorkState
from storage import due
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view
from storage.views import MeetingView

Topic = Callable[[Tx, MeetingView], Awaitable[Iterable[Planned]]]
"""Gives all that is planned for a meeting as it is now, also what has passed; nothing where nothing is."""


async def _check_in(tx: Tx, meeting: MeetingView) -> list[Planned]:
    del tx
    opens_at = meeting.check_in_opens_at
    if (
        meeting.state is not MeetingState.PLANNED
        or opens_at is None
        or meeting.check_in_opened_at is not None
    ):
        return []
    return [Planned(DueKind.CHECK_IN_OPENS, meeting.meeting_id, 0, opens_at, opens_at)]


async def _reminders(tx: Tx, meeting: MeetingView) -> list[Planned]:
    del tx
    if meeting.state is not MeetingState.PLANNED:
        return []
    return plan_reminders(meeting.meeting_id, meeting.starts_at, meeting.reminders)


_TOPICS: Mapping[Topic, frozenset[DueKind]] = {
    _check_in: frozenset({DueKind.CHECK_IN_OPENS}),
    _reminders: frozenset({DueKind.MEETING_REMINDER, DueKind.REPLY_WANTED}),
    plan_follow_ups: frozenset({DueKind.FOLLOW_UP}),
    plan_tasks: frozenset({DueKind.TASK_DUE}),
    plan_pledge: frozenset({DueKind.PLEDGE_WANTED}),
    plan_scores: frozenset({DueKind.SCORES_WANTED, DueKind.SCORES_CLOSE}),
}
"""Which kinds each topic plans: work of these that it doesn't give is withdrawn."""


async def plan_meeting(tx: Tx, meeting_id: int, now: datetime) -> None:
    """Have done what is ahead of the meeting as it is now, and nothing else; the caller holds the meeting.

    What was done, missed or taken out stays so while it is planned for the same instant, and what is overdue
    stays due. What has passed before it was ever planned is left out. A repeat changes nothing.
    """
    meeting = await get_meeting_view(tx, meeting_id)
    kinds = frozenset().union(*_TOPICS.values())
    stored = {
        (work.kind, work.subject_id, work.part): work
        for work in await due.list_work(tx, meeting_id, kinds, is_held=True)
    }
    for topic in _TOPICS:
        for planned in await topic(tx, meeting):
            work = stored.pop((planned.kind, planned.subject_id, planned.part), None)
            if work is None or not _stands(work, planned):
                await _put(tx, meeting, planned, work, now)
    for work in stored.values():
        await due.withdraw_due(tx, work.kind, work.subject_id, work.part)


def _stands(work: DueWork, planned: Planned) -> bool:
    """Whether work is planned for this very instant: it waits, or is settled for good."""
    is_withdrawn = work.state is WorkState.WITHDRAWN and work.settled_at is None
    return work.planned_at == planned.planned_at and not is_withdrawn


async def _put(tx: Tx, meeting: MeetingView, planned: Planned, work: DueWork | None, now: datetime) -> None:
    if planned.planned_at <= now:
        if work is not None:
            await due.withdraw_due(tx, work.kind, work.subject_id, work.part)
        return
    await due.put_due(
        tx,
        planned.kind,
        planned.subject_id,
        max(planned.due_at, now),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        part=planned.part,
        planned_at=planned.planned_at,
    )

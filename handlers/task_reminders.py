"""Reminders of tasks, and how those whom a task concerns are told of it.

That a task is given or withdrawn is official: its owner is told whether they want reminders or not. To be
reminded of it is consented to as any reminder is.
"""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from meeting.people import Right, roles_with
from meeting.reminders import Planned, quiet_until
from meeting.states import PostKind, Priority, WorkState
from meeting.tasks import OVERDUE, TaskState, plan_task_reminders, remind_of_task_at
from storage import people, posts, tasks
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view
from storage.views import MeetingView, TaskView


async def plan_tasks(tx: Tx, meeting: MeetingView) -> list[Planned]:
    """Plan the reminders of each task that is still to be done."""
    if meeting.cancelled_at is not None:
        return []
    zone = ZoneInfo(meeting.timezone)
    return [
        planned
        for task in await tasks.list_tasks(tx, meeting.meeting_id)
        if task.state is TaskState.OPEN
        for planned in plan_task_reminders(task.task_id, task.due_on, zone)
    ]


async def remind_of_task(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind the owner of a task while it is to be done, and those who keep the roll that it is overdue.

    They are reminded in the owner's place too where nothing reaches the owner. By hand, before it is due or
    after it was missed, it is done at once.
    """
    task = await tasks.get_task(tx, work.subject_id)
    if task.state is not TaskState.OPEN:
        return WorkState.WITHDRAWN
    meeting = await get_meeting_view(tx, work.meeting_id)
    reached = None if work.part == OVERDUE else await tasks.find_owner_reached(tx, task.owner_id)
    zone = ZoneInfo((reached and reached.timezone) or meeting.timezone)
    is_by_hand = work.state is not WorkState.WAITING or moment.now < work.due_at
    if not is_by_hand:
        at = remind_of_task_at(task.due_on, work.part, zone, moment.now)
        if at is None:
            return WorkState.MISSED
        if at > moment.now:
            return at
    if reached is not None and not reached.is_reminded:
        return WorkState.WITHDRAWN
    recipients = await list_keepers(tx, meeting) if reached is None else [reached.account_id]
    await tell_of_task(tx, PostKind.TASK_DUE, task, recipients, zone, moment.now, work.part)
    return WorkState.DONE


async def list_keepers(tx: Tx, meeting: MeetingView) -> list[int]:
    """Give the accounts of those who keep the meeting's papers and watch over its tasks."""
    return await people.list_role_accounts(tx, meeting.meeting_id, roles_with(Right.KEEP_ROLL))


async def tell_owner(tx: Tx, kind: PostKind, meeting: MeetingView, task: TaskView, now: datetime) -> bool:
    """Tell the owner of a task, and give whether the bot can."""
    reached = await tasks.find_owner_reached(tx, task.owner_id)
    if reached is not None:
        zone = ZoneInfo(reached.timezone or meeting.timezone)
        await tell_of_task(tx, kind, task, {reached.account_id}, zone, now)
    return reached is not None


async def tell_of_task(
    tx: Tx,
    kind: PostKind,
    task: TaskView,
    account_ids: Collection[int],
    zone: ZoneInfo,
    now: datetime,
    part: int | None = None,
) -> None:
    """Tell them once, after the quiet hours of a zone; `part` is that of a reminder."""
    is_reminder = part is not None
    await posts.add_posts(
        tx,
        kind,
        f"{kind}:{task.task_id}:{part}:{task.due_on}" if is_reminder else f"{kind}:{task.task_id}",
        task.task_id,
        account_ids,
        organisation_id=task.organisation_id,
        meeting_id=task.meeting_id,
        priority=Priority.REMINDER if is_reminder else Priority.RESULT,
        facts={"part": part} if is_reminder else {},
        now=now,
        not_before=quiet_until(now, zone),
    )

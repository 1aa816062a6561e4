"""Tasks taken from a meeting: given, reported as done, withdrawn; those concerned are told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.asking import Asked, bound, closed_refusal, permitted, request
from handlers.meetings import Unchanged
from handlers.planning import plan_meeting
from handlers.task_reminders import list_keepers, tell_of_task, tell_owner
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState, PostKind
from meeting.tasks import MOST_TASKS, PlannedTask, TaskState, plan_task
from storage import agenda, attendees, meetings, record, tasks
from storage.database import Tx
from storage.errors import AttendeeNotFoundError, ItemNotFoundError
from storage.reading import get_meeting_view
from storage.views import MeetingView, TaskView


@dataclass(frozen=True, slots=True)
class TaskGiven:
    """The task is given; `is_owner_told` where its owner can be reached."""

    meeting_id: int
    task_id: int
    is_owner_told: bool


@dataclass(frozen=True, slots=True)
class TaskSettled:
    """The task is done or withdrawn now."""

    meeting_id: int
    task_id: int


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task as it was typed; `attendee_id` is the owner's where it is one of the attendees."""

    text: str
    owner: str
    attendee_id: int | None
    due_on: date


@request
async def give_task(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, item_id: int | None, draft: TaskDraft
) -> TaskGiven | Refused:
    """Give a task of an item, or of the meeting, from its opening on, also after its close.

    An attendee goes by the name on the roll and is told; anybody else goes by the name as typed, and isn't.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    refused = refuse_tasks(meeting)
    if refused is not None:
        return refused
    if item_id is not None and await agenda.find_meeting_of_item(tx, item_id) != meeting_id:
        raise ItemNotFoundError(item_id)
    owner, owner_id = draft.owner, None
    if draft.attendee_id is not None:
        if await attendees.find_meeting_of_attendee(tx, draft.attendee_id) != meeting_id:
            raise AttendeeNotFoundError(draft.attendee_id)
        owner_id, owner, _ = await attendees.get_seat(tx, draft.attendee_id)
    task = plan_task(draft.text, owner, draft.due_on, now.astimezone(ZoneInfo(meeting.timezone)).date())
    if isinstance(task, Refused):
        return task
    if len(await tasks.list_tasks(tx, meeting_id)) >= MOST_TASKS:
        return Refused(Refusal.TASKS_TOO_MANY, {"limit": MOST_TASKS})
    task_id = await tasks.add_task(
        tx,
        meeting.organisation_id,
        meeting_id,
        item_id,
        task,
        owner_id=owner_id,
        made_by=actor.person_id,
        now=now,
    )
    await plan_meeting(tx, meeting_id, now)
    given = await tasks.get_task(tx, task_id)
    is_told = await tell_owner(tx, PostKind.TASK_GIVEN, meeting, given, now)
    facts = await _facts(tx, task_id, item_id, task, owner_id)
    await record.append(tx, meeting.organisation_id, meeting_id, now, "task_given", facts, actor=actor)
    return TaskGiven(meeting_id, task_id, is_told)


def refuse_tasks(meeting: MeetingView) -> Refused | None:
    """Give why a meeting has no tasks (yet): it isn't open, or was never held."""
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    return Refused(Refusal.MEETING_NOT_OPEN) if meeting.state is MeetingState.PLANNED else None


async def _facts(
    tx: Tx, task_id: int, item_id: int | None, task: PlannedTask, owner_id: int | None
) -> dict[str, Any]:
    named = record.digest(task.owner) if owner_id is None else await record.person_commitment(tx, owner_id)
    return {
        "task": task_id,
        "item": item_id,
        "text": record.digest(task.text),
        "owner": named,
        "due_on": task.due_on.isoformat(),
    }


@request
async def finish_task(tx: Tx, asked: Asked, now: datetime, task_id: int) -> TaskSettled | Unchanged | Refused:
    """Report a task as done: its owner may, and who prepares the meeting; the secretary is told."""
    task = await tasks.get_task(tx, task_id)
    actor = await admitted_to_task(tx, asked, task)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, task.meeting_id)
    task = await tasks.get_task(tx, task_id)
    match task.state:
        case TaskState.DONE:
            return Unchanged()
        case TaskState.WITHDRAWN:
            return Refused(Refusal.TASK_WITHDRAWN)
        case TaskState.OPEN:
            await tasks.put_task_done(tx, task_id, now)
    meeting = await get_meeting_view(tx, task.meeting_id)
    await plan_meeting(tx, task.meeting_id, now)
    zone = ZoneInfo(meeting.timezone)
    keepers = set(await list_keepers(tx, meeting)) - {asked.account_id}
    await tell_of_task(tx, PostKind.TASK_DONE, task, keepers, zone, now)
    facts = {"task": task_id, "is_own": actor.person_id == task.owner_id}
    await record.append(tx, task.organisation_id, task.meeting_id, now, "task_done", facts, actor=actor)
    return TaskSettled(task.meeting_id, task_id)


async def admitted_to_task(tx: Tx, asked: Asked, task: TaskView) -> Actor | Refused:
    """Give who asks where a task concerns them: its owner, or who prepares the meeting."""
    actor = await bound(tx, asked, task.meeting_id)
    if isinstance(actor, Refused) or actor.person_id == task.owner_id or actor.may(Right.PREPARE):
        return actor
    return Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE})


@request
async def withdraw_task(
    tx: Tx, asked: Asked, now: datetime, task_id: int
) -> TaskSettled | Unchanged | Refused:
    """Withdraw a task that isn't done; its owner is told."""
    task = await tasks.get_task(tx, task_id)
    actor = await permitted(tx, asked, task.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, task.meeting_id)
    task = await tasks.get_task(tx, task_id)
    match task.state:
        case TaskState.WITHDRAWN:
            return Unchanged()
        case TaskState.DONE:
            return Refused(Refusal.TASK_DONE)
        case TaskState.OPEN:
            await tasks.put_task_withdrawn(tx, task_id, now)
    await plan_meeting(tx, task.meeting_id, now)
    await tell_owner(tx, PostKind.TASK_WITHDRAWN, await get_meeting_view(tx, task.meeting_id), task, now)
    facts = {"task": task_id}
    await record.append(tx, task.organisation_id, task.meeting_id, now, "task_withdrawn", facts, actor=actor)
    return TaskSettled(task.meeting_id, task_id)

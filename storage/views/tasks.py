"""Tasks."""

from dataclasses import dataclass
from datetime import date, datetime

from meeting.tasks import TaskState
from storage.views.agenda import ItemView
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class TaskView:
    """What somebody has to do by a day; `owner_id` is None where the owner is nobody whom the bot knows."""

    task_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    text: str
    owner: str
    owner_id: int | None
    due_on: date
    made_at: datetime
    done_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> TaskState:
        """Whether it is still to be done."""
        if self.withdrawn_at is not None:
            return TaskState.WITHDRAWN
        return TaskState.OPEN if self.done_at is None else TaskState.DONE


@dataclass(frozen=True, slots=True)
class TasksView:
    """The tasks of a meeting in the order in which they were given, with the agenda that they belong to."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True, slots=True)
class OwnTaskView:
    """A task of one's own that is still to be done, of the meeting with this title and time zone."""

    task: TaskView
    meeting: str
    timezone: str

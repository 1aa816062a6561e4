"""Tasks taken from a meeting: who does what by which day, and when they are reminded of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from meeting.names import tidy, tidy_lines
from meeting.refusals import Refusal, Refused
from meeting.reminders import Planned, send_at
from meeting.states import DueKind

TASK_LIMIT = 500
OWNER_LIMIT = 200
MOST_TASKS = 200
"""Tasks of one meeting, withdrawn ones too."""

LAST_DAY = 0
OVERDUE = -1
PARTS = (3, LAST_DAY, OVERDUE)
"""Days before the last day of a task on which somebody is reminded; the day after it, that it isn't done."""

_MORNING = time(8)
_WIDEST = timedelta(hours=26)
"""No two time zones are further apart: a reminder is looked at so long before it is due at the meeting's."""


class TaskState(StrEnum):
    """open → done or withdrawn."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task that can be given: tidy texts within their limits, a day that isn't over."""

    text: str
    owner: str
    due_on: date


def plan_task(text: str, owner: str, due_on: date, today: date) -> PlannedTask | Refused:
    """Give the task that is meant, or why it can't be given; `today` is the day at the meeting's place."""
    text, owner = tidy_lines(text), tidy(owner)
    if not text:
        return Refused(Refusal.TEXT_EMPTY)
    if len(text) > TASK_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TASK_LIMIT, "length": len(text)})
    if not any(letter.isalpha() for letter in owner):
        return Refused(Refusal.NAME_UNREADABLE)
    if len(owner) > OWNER_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": OWNER_LIMIT, "length": len(owner)})
    return PlannedTask(text, owner, due_on) if due_on >= today else Refused(Refusal.DEADLINE_PAST)


def plan_task_reminders(task_id: int, due_on: date, zone: ZoneInfo) -> list[Planned]:
    """Give all reminders of an open task, past ones too, by the morning of the meeting's zone."""
    mornings = [(part, _morning(due_on, part, zone)) for part in PARTS]
    return [Planned(DueKind.TASK_DUE, task_id, part, at, at - _WIDEST) for part, at in mornings]


def _morning(due_on: date, part: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(due_on - timedelta(days=part), _MORNING, zone).astimezone(UTC)


def remind_of_task_at(due_on: date, part: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Give when somebody in a zone is reminded, seen from `now`; None where it makes no sense any more.

    A late one does until the day of the next reminder; that a task is overdue is worth saying on any day.
    """
    at = _morning(due_on, part, zone)
    nearer = max((each for each in PARTS if each < part), default=None)
    if nearer is None:
        last_at = max(at, now) + timedelta(days=1)
    else:
        last_at = datetime.combine(due_on - timedelta(days=nearer), time(), zone).astimezone(UTC)
    return send_at(at, last_at, zone, now)

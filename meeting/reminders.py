"""What people are reminded of and when: pure instants; quiet hours, and what still makes sense when late.

Quiet hours hold in the zone of whoever is reminded, unless the meeting begins in them (`product.md` §3).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from meeting.states import DueKind

QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(7, 0)
EVENING = time(20, 30)
"""When that is sent which would fall into the quiet hours that follow."""

LEAD = timedelta(hours=12)
"""How long before its instant a reminder is looked at: the evening before may be somebody's time for it."""

MEETING_REMINDERS = (10080, 1440, 60)
"""Minutes before a meeting at which its attendees are reminded, where nothing else is set."""

REPLY_REMINDERS = (4320,)
"""Minutes before a meeting at which those are asked who haven't replied.

A reminder of the meeting at the same instant asks them too, and stands for it.
"""

MOST_REMINDERS = 10
SHORTEST_SPAN, LONGEST_SPAN = 5, 60 * 24 * 60
"""Between which minutes before a meeting people can be reminded, and how often at most."""

_LATEST = 12
"""A late reminder makes sense until a twelfth of its span is left: one of a day until two hours before."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Something to be done for a meeting: at `planned_at`, looked at from `due_at` on.

    `part` tells several of a kind and subject apart, as the minutes before the meeting do.
    """

    kind: DueKind
    subject_id: int
    part: int
    planned_at: datetime
    due_at: datetime


def plan_reminders(meeting_id: int, starts_at: datetime, reminders: Collection[int]) -> list[Planned]:
    """Give all reminders of a meeting that is going to be held, past ones too."""
    parts = [(DueKind.MEETING_REMINDER, part) for part in sorted(set(reminders), reverse=True)]
    parts += [(DueKind.REPLY_WANTED, part) for part in REPLY_REMINDERS if part not in reminders]
    return [_before(kind, meeting_id, part, starts_at) for kind, part in parts]


def _before(kind: DueKind, meeting_id: int, part: int, starts_at: datetime) -> Planned:
    planned_at = starts_at - timedelta(minutes=part)
    return Planned(kind, meeting_id, part, planned_at, planned_at - LEAD)


def is_timezone(name: str) -> bool:
    """Whether this is the name of a time zone, as in the IANA database."""
    return name in available_timezones()


def are_spans(minutes: Collection[int]) -> bool:
    """Whether people can be reminded so many minutes before a meeting; none at all is possible, too."""
    return len(minutes) <= MOST_REMINDERS and all(SHORTEST_SPAN <= one <= LONGEST_SPAN for one in minutes)


def last_at(part: int, reminders: Iterable[int], starts_at: datetime) -> datetime:
    """Give until when a late reminder makes sense: until the next one, or shortly before the meeting."""
    nearer = max((each for each in reminders if each < part), default=0)
    return starts_at - timedelta(minutes=max(nearer, part // _LATEST))


def quiet_until(at: datetime, zone: ZoneInfo, starts_at: datetime | None = None) -> datetime | None:
    """Give when the quiet hours end that an instant is in; None where nothing keeps one from writing.

    `starts_at` is when the meeting begins that it is about, if any.
    """
    local = at.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    ends_at = datetime.combine(day, QUIET_UNTIL, zone).astimezone(at.tzinfo)
    return None if starts_at is not None and at <= starts_at < ends_at else ends_at


def civil_at(planned_at: datetime, zone: ZoneInfo, starts_at: datetime | None = None) -> datetime:
    """Give the instant itself, or the evening before where it lies in somebody's quiet hours."""
    ends_at = quiet_until(planned_at, zone, starts_at)
    if ends_at is None:
        return planned_at
    evening = ends_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(evening, EVENING, zone).astimezone(planned_at.tzinfo)


def send_at(
    planned_at: datetime,
    last_at: datetime,
    zone: ZoneInfo,
    now: datetime,
    starts_at: datetime | None = None,
) -> datetime | None:
    """Give when somebody in a zone is reminded, seen from `now`; None where it makes no sense any more.

    What is late is sent now, or at the end of the quiet hours, if that is before `last_at`.
    """
    wanted_at = civil_at(planned_at, zone, starts_at)
    if now <= wanted_at:
        return wanted_at
    late_at = quiet_until(now, zone, starts_at) or now
    return late_at if late_at < last_at else None

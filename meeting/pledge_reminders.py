"""When the signers of a pledge who haven't confirmed are reminded: soon, and on mornings that follow."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from meeting.reminders import Planned, quiet_until
from meeting.states import DueKind

SOON = 0
PARTS = (SOON, 1, 3)
"""Days after confirming has begun on which signers are reminded; on the first after half an hour."""

_SOON = timedelta(minutes=30)
_MORNING = time(8)
_LAST = timedelta(days=1)


def plan_pledge_reminders(pledge_id: int, frozen_at: datetime, zone: ZoneInfo) -> list[Planned]:
    """Give all reminders of a pledge that is being confirmed, past ones too, by the meeting's zone."""
    planned = [(part, _planned_at(frozen_at, part, zone)) for part in PARTS]
    return [Planned(DueKind.PLEDGE_WANTED, pledge_id, part, at, at) for part, at in planned]


def _planned_at(frozen_at: datetime, part: int, zone: ZoneInfo) -> datetime:
    if part == SOON:
        return frozen_at + _SOON
    day = frozen_at.astimezone(zone).date() + timedelta(days=part)
    return datetime.combine(day, _MORNING, zone).astimezone(UTC)


def remind_of_pledge_at(
    planned_at: datetime, next_at: datetime | None, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """Give when a signer in a zone is reminded, seen from `now`; None where it makes no sense any more.

    After the quiet hours there, until the next reminder takes its place; the last makes sense for a day.
    """
    at = quiet_until(now, zone) or now
    return at if at < (next_at or planned_at + _LAST) else None


def next_reminder_at(frozen_at: datetime, part: int, zone: ZoneInfo) -> datetime | None:
    """Give when the reminder after this one is planned; None after the last."""
    later = min((each for each in PARTS if each > part), default=None)
    return None if later is None else _planned_at(frozen_at, later, zone)

"""When a vote opens by itself, and when who is called before its deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from meeting.refusals import Refusal, Refused
from meeting.reminders import Planned, civil_at, quiet_until
from meeting.states import DueKind

LONGEST = timedelta(days=7)
"""How long a vote may run."""

OPENING_GRACE = timedelta(minutes=5)
"""How late a vote still opens by itself, so that nobody is surprised by one that was given up."""

LAST_MINUTE = timedelta(minutes=1)

_HALF_TIME_FROM = timedelta(minutes=10)
_LAST_MINUTE_FROM = timedelta(minutes=3)
"""The shortest votes in which electors are reminded one by one; in shorter ones the hall is told."""

_APART = timedelta(minutes=1)
"""How far the opening and the calls of a vote lie apart at least: nearer, the later one is enough."""

_SITTING = timedelta(hours=12)
"""No sitting lasts longer: in a longer vote people are at home, where quiet hours hold."""

_LAST_WORD = timedelta(seconds=15)
"""How long before the deadline a call still leaves time to vote."""


class Audience(IntEnum):
    """Whom a call is for: electors who haven't voted, in the meeting or at home; or the hall as a whole."""

    ELECTORS = 0
    HALL = 1
    AT_HOME = 2


class Hindrance(StrEnum):
    """What keeps a vote from opening by itself, beside what refuses an opening by hand."""

    LATE = "late"
    TEXT_CHANGED = "text_changed"


@dataclass(frozen=True, slots=True)
class Opening:
    """When a drafted vote opens by itself, and for how long; without a span until it is ended by hand."""

    opens_at: datetime
    within: timedelta | None


def refuse_times(now: datetime, within: timedelta | None, opens_at: datetime | None = None) -> Refused | None:
    """Say that an opening or an end lies in the past, or an end too far ahead; else give None."""
    is_span_fit = within is None or timedelta(0) < within <= LONGEST
    is_ahead = opens_at is None or now < opens_at
    return None if is_span_fit and is_ahead else Refused(Refusal.DEADLINE_PAST)


def plan_calls(vote_id: int, given_at: datetime, deadline_at: datetime, zone: ZoneInfo) -> list[Planned]:
    """Give the calls before a deadline that was given at an instant: at half-time and in the last minute.

    The parts are audiences. `zone` is that of the meeting.
    """
    span = deadline_at - given_at
    half_at, last_at = given_at + span / 2, deadline_at - LAST_MINUTE
    calls = []
    if last_at - half_at >= _APART:
        half = Audience.ELECTORS if span >= _HALF_TIME_FROM else Audience.HALL
        if span > _SITTING:
            half = Audience.AT_HOME
            half_at = max(civil_at(half_at, zone), given_at)
        calls.append(Planned(DueKind.VOTE_HALF_TIME, vote_id, half, half_at, half_at))
    if last_at - given_at >= _APART:
        last = Audience.ELECTORS if span >= _LAST_MINUTE_FROM else Audience.HALL
        if span > _SITTING:
            last = Audience.AT_HOME
        calls.append(Planned(DueKind.VOTE_LAST_MINUTE, vote_id, last, last_at, last_at))
    return calls


def is_call_late(kind: DueKind, deadline_at: datetime, now: datetime) -> bool:
    """Whether a call makes no sense any more: the next one, or the end, is too near."""
    if kind is DueKind.VOTE_HALF_TIME:
        return now >= deadline_at - LAST_MINUTE
    return now > deadline_at - _LAST_WORD


def call_at(audience: Audience, deadline_at: datetime, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Give when somebody in a zone is called; None where the quiet hours last until the deadline."""
    ends_at = quiet_until(now, zone) if audience is Audience.AT_HOME else None
    at = now if ends_at is None else ends_at
    return at if at < deadline_at else None


def may_open_late(opens_at: datetime, now: datetime) -> bool:
    """Whether a vote that was to open at an instant still does."""
    return now - opens_at <= OPENING_GRACE

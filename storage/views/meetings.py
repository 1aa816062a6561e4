"""Meetings as everybody may see them, and lists of them."""

from dataclasses import dataclass
from datetime import datetime

from meeting.overview import Overview
from meeting.people import Standing
from meeting.regimes import Rules, Template
from meeting.reminders import MEETING_REMINDERS
from meeting.states import MeetingState


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting as everybody may see it; `starts_at` is an instant, shown in `timezone`.

    `papers` counts those that weren't withdrawn, of the meeting and of its items.
    `reminders` are minutes before the start; `moves` counts how often it was put to another time or place.
    With `needs_approval` nobody is summoned before `summons_approved_at`. Each speaker is given
    `floor_minutes`, None without a limit.
    """

    meeting_id: int
    organisation_id: int
    organisation: str
    title: str
    host: str
    place: str
    starts_at: datetime
    timezone: str
    language: str
    address: str
    template: Template
    state: MeetingState
    rules: Rules
    headcount: int | None
    has_union: bool
    check_in_opens_at: datetime | None
    check_in_opened_at: datetime | None
    check_in_closed_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    current_item_id: int | None
    papers: int = 0
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    moves: int = 0
    reminders: tuple[int, ...] = MEETING_REMINDERS
    needs_approval: bool = False
    summons_approved_at: datetime | None = None
    floor_minutes: int | None = None

    @property
    def may_summon(self) -> bool:
        """Whether people may be summoned and reminded: the head has approved it where that is wanted."""
        return not self.needs_approval or self.summons_approved_at is not None

    @property
    def is_check_in_open(self) -> bool:
        """Whether attendees may confirm their presence now."""
        return self.check_in_opened_at is not None and self.check_in_closed_at is None


@dataclass(frozen=True, slots=True)
class MannerView:
    """How somebody is spoken to in a meeting; `standing` is None for those who aren't attendees."""

    language: str
    timezone: str
    address: str
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list."""

    meeting_id: int
    title: str
    starts_at: datetime
    timezone: str
    state: MeetingState
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class HomeView:
    """An organiser's home: the organisation and its meetings, newest first."""

    organisation_id: int
    organisation: str
    person: str
    meetings: tuple[MeetingLine, ...]
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class OverviewView:
    """A year of an organisation's meetings; `years` are those that have held ones, in order.

    `not_held` of the year's meetings are still to come or under way, `cancelled` were never held.
    """

    organisation_id: int
    organisation: str
    overview: Overview
    years: tuple[int, ...]
    not_held: int
    cancelled: int

"""A meeting as it is planned: what a workbook or the set-up dialogue yields, before anything is stored."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.pledges import PlannedPledge
from meeting.regimes import Rules, Template
from meeting.scoring import PlannedScoring
from meeting.titles import PlannedTitle

TITLE_LIMIT = 300
NAME_LIMIT = 100
TEXT_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit that is summoned."""

    name: str


@dataclass(frozen=True, slots=True)
class PlannedAttendee:
    """A person who is summoned or invited; `unit` names a planned unit; `phone` in international form."""

    name: str
    unit: str | None
    position: str | None
    standing: Standing
    phone: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An agenda item, with the text to be adopted where there is one."""

    title: str
    kind: ItemKind
    is_advisory: bool = False
    text: str = ""
    presenter: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """Everything that a meeting is set up from; `starts_at` is the wall time at the place, in `timezone`."""

    title: str
    template: Template
    host: str
    place: str
    starts_at: datetime
    timezone: str
    rules: Rules
    headcount: int | None
    has_union: bool
    units: tuple[PlannedUnit, ...]
    attendees: tuple[PlannedAttendee, ...]
    items: tuple[PlannedItem, ...]
    titles: tuple[PlannedTitle, ...] = ()
    pledge: PlannedPledge | None = None
    scorings: tuple[PlannedScoring, ...] = ()

    @property
    def starts_at_utc(self) -> datetime:
        """The instant at which it starts."""
        return self.starts_at.replace(tzinfo=ZoneInfo(self.timezone)).astimezone(ZoneInfo("UTC"))

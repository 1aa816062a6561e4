"""Who speaks and waits, and what was recorded of it."""

from dataclasses import dataclass
from datetime import datetime

from meeting.speaking import FloorState, SpeechKind, speaks_until


@dataclass(frozen=True, slots=True)
class TurnView:
    """A request for the floor; `minutes` are those that the speaker was given, None without a limit."""

    turn_id: int
    item_id: int | None
    attendee_id: int
    name: str
    unit: str | None
    topic: str
    state: FloorState
    minutes: int | None
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def speaks_until(self) -> datetime | None:
        """When the speaker's time is over, None where there is no limit or nothing was said yet."""
        return None if self.began_at is None else speaks_until(self.began_at, self.minutes)


@dataclass(frozen=True, slots=True)
class FloorView:
    """Who speaks, and who waits for the floor in their order."""

    speaking: TurnView | None = None
    waiting: tuple[TurnView, ...] = ()

    def find_turn_of(self, attendee_id: int) -> TurnView | None:
        """Give the request of an attendee who speaks or waits."""
        turns = self.waiting if self.speaking is None else (self.speaking, *self.waiting)
        return next((turn for turn in turns if turn.attendee_id == attendee_id), None)


NOBODY_SPEAKS = FloorView()
"""The floor where nobody has asked for it."""


@dataclass(frozen=True, slots=True)
class SpeechView:
    """A speech or a conclusion, as it was recorded; a withdrawn one counts no more."""

    speech_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    kind: SpeechKind
    speaker: str
    position: str
    text: str
    made_at: datetime
    withdrawn_at: datetime | None

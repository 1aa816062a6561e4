"""Attendance and quorum; guests and observers never count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meeting.counting import Threshold
from meeting.people import Presence, Reply, Standing


class QuorumKind(StrEnum):
    """What the quorum is measured against (`domain.md` §1.2 Đ.51(2)(c), §3.1)."""

    HEADCOUNT = "headcount"
    SUMMONED = "summoned"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Quorum:
    """The quorum that a meeting is set to."""

    kind: QuorumKind
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class RollEntry:
    """What the count needs to know of one attendee."""

    attendee_id: int
    unit_id: int | None
    standing: Standing
    presence: Presence
    reply: Reply


@dataclass(frozen=True, slots=True)
class Attendance:
    """The meeting's attendance at one instant: people counted apart from units, voting standing only."""

    headcount: int
    summoned: int
    present: int
    excused: int
    guests: int
    units: int
    units_present: int
    quorum: Quorum

    @property
    def counted(self) -> int:
        """What is held against the quorum's base: present people, or units with somebody present."""
        return self.units_present if self.quorum.kind is QuorumKind.UNITS else self.present

    @property
    def base(self) -> int:
        """The quorum's base: headcount, summoned delegates or units."""
        match self.quorum.kind:
            case QuorumKind.HEADCOUNT:
                return self.headcount
            case QuorumKind.SUMMONED:
                return self.summoned
            case QuorumKind.UNITS:
                return self.units

    @property
    def has_quorum(self) -> bool:
        """Whether the counted reach the quorum's share of its base."""
        return self.quorum.threshold.is_met(self.counted, self.base)

    @property
    def missing(self) -> int:
        """How many more are needed for the quorum; 0 where it is reached."""
        return max(0, self.quorum.threshold.least(self.base) - self.counted)


class StatementKind(StrEnum):
    """The organising committee's preliminary count, or the statement that the chair confirmed."""

    PRELIMINARY = "preliminary"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Statement:
    """An attendance as it was stated, which votes refer to."""

    kind: StatementKind
    attendance: Attendance
    stated_at: datetime


def count_attendance(
    roll: Iterable[RollEntry], quorum: Quorum, *, headcount: int | None, unit_ids: frozenset[int]
) -> Attendance:
    """Count the roll.

    `headcount` is the agency's whole staff; without it, or where it is smaller than the roll, the summoned
    stand for it. `unit_ids` are the units summoned, also those without a representative yet. Who is away
    without an excuse is simply not present.
    """
    entries = list(roll)
    voting = [entry for entry in entries if entry.standing is Standing.VOTING]
    present = [entry for entry in voting if entry.presence is Presence.PRESENT]
    excused = [e for e in voting if e.presence is Presence.AWAY and e.reply is Reply.ABSENT]
    guests = [e for e in entries if e.standing is not Standing.VOTING and e.presence is Presence.PRESENT]
    return Attendance(
        headcount=max(headcount or 0, len(voting)),
        summoned=len(voting),
        present=len(present),
        excused=len(excused),
        guests=len(guests),
        units=len(unit_ids),
        units_present=len({entry.unit_id for entry in present} & unit_ids),
        quorum=quorum,
    )

"""What the cells say together: people given twice, units that nobody represents, too small a staff."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.templates import EXAMPLE_PHONES
from bot.workbook.layout import Column
from bot.workbook.problems import Problem, ProblemKind
from bot.workbook.tables import Findings, Record
from meeting.attendance import QuorumKind
from meeting.names import fold
from meeting.people import Role, Standing
from meeting.plan import PlannedAttendee
from meeting.regimes import Rules
from meeting.voting import VotingUnit

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A unit and where it stands."""

    record: Record
    name: str


@dataclass(frozen=True, slots=True)
class ReadAttendee:
    """An attendee and where he or she stands; the name is "" where it couldn't be read."""

    record: Record
    planned: PlannedAttendee

    @property
    def votes(self) -> bool:
        """Whether the attendee has a vote, or speaks for a unit that has."""
        return self.planned.standing is Standing.VOTING


def check_people(attendees: Sequence[ReadAttendee], sheet: str, findings: Findings) -> None:
    """Look for people and phones given twice, for nobody who votes, and for people of the example.

    The same name in the same unit is an error, however its tone marks are placed; a name that differs by its
    diacritics only, or stands in another unit too, may well be somebody else and is a warning.
    """
    _check_names(attendees, findings)
    first_with: dict[str, ReadAttendee] = {}
    for attendee in attendees:
        phone = attendee.planned.phone
        if phone is not None and (first := first_with.setdefault(phone, attendee)) is not attendee:
            twice = attendee.record.problem(Column.PHONE, ProblemKind.PHONE_TWICE, other=first.record.row)
            findings.problems.append(twice)
    if not any(attendee.votes for attendee in attendees):
        findings.problems.append(Problem(ProblemKind.NO_VOTING_ATTENDEE, sheet=sheet))
    elif not any(attendee.planned.role is Role.CHAIR for attendee in attendees):
        findings.warnings.append(Problem(ProblemKind.NO_CHAIR, sheet=sheet))
    examples = sum(attendee.planned.phone in EXAMPLE_PHONES for attendee in attendees)
    if examples:
        findings.warnings.append(Problem(ProblemKind.EXAMPLE_LEFT, sheet=sheet, facts={"count": examples}))


def _check_names(attendees: Sequence[ReadAttendee], findings: Findings) -> None:
    same: dict[tuple[str, str | None], ReadAttendee] = {}
    similar: dict[tuple[str, str | None], ReadAttendee] = {}
    elsewhere: dict[str, ReadAttendee] = {}
    for attendee in attendees:
        name, unit, record = attendee.planned.name, attendee.planned.unit, attendee.record
        if not name or Column.UNIT in record.unclear:
            continue
        key = _without_tone_places(name)
        same_person = same.setdefault((key, unit), attendee)
        sounds_alike = similar.setdefault((fold(name), unit), attendee)
        namesake = elsewhere.setdefault(key, attendee)
        if same_person is not attendee:
            twice = record.problem(Column.NAME, ProblemKind.PERSON_TWICE, other=same_person.record.row)
            findings.problems.append(twice)
        elif sounds_alike is not attendee:
            alike = record.problem(
                Column.NAME,
                ProblemKind.PERSON_SIMILAR,
                other=sounds_alike.record.row,
                name=sounds_alike.planned.name,
            )
            findings.warnings.append(alike)
        elif namesake is not attendee:
            shared = record.problem(Column.NAME, ProblemKind.NAME_SHARED, other=namesake.record.row)
            findings.warnings.append(shared)


def _without_tone_places(name: str) -> str:
    """Give a name in which hoà and hòa are the same, but not hoa: tone marks stand behind their word."""
    words = []
    for word in unicodedata.normalize("NFD", name.casefold()).split():
        letters = "".join(letter for letter in word if letter not in _TONES)
        words.append(letters + "".join(sorted(set(word) & _TONES)))
    return " ".join(words)


def check_representation(
    rules: Rules, units: Sequence[ReadUnit] | None, attendees: Sequence[ReadAttendee], findings: Findings
) -> None:
    """Where units vote or make the quorum: each voting attendee speaks for one, each should have somebody."""
    by_units = rules.base_kind.voting_unit is VotingUnit.UNIT or rules.quorum.kind is QuorumKind.UNITS
    if units is None or not by_units:
        return
    representatives: dict[str, list[ReadAttendee]] = {unit.name: [] for unit in units}
    for attendee in attendees:
        unit = attendee.planned.unit
        if not attendee.votes or Column.UNIT in attendee.record.unclear:
            continue
        if unit is None:
            findings.problems.append(attendee.record.problem(Column.UNIT, ProblemKind.UNIT_NEEDED))
        elif unit in representatives:
            representatives[unit].append(attendee)
    for unit_read in units:
        present = representatives[unit_read.name]
        if not present:
            alone = unit_read.record.problem(Column.UNIT_NAME, ProblemKind.UNIT_UNREPRESENTED)
            findings.warnings.append(alone)
        elif len(present) > 1:
            several = present[1].record.problem(
                Column.UNIT, ProblemKind.SEVERAL_REPRESENTATIVES, count=len(present)
            )
            findings.warnings.append(several)


def check_headcount(
    record: Record, rules: Rules, headcount: int | None, attendees: Sequence[ReadAttendee], findings: Findings
) -> None:
    """Hold the staff's number against those who vote."""
    voting = sum(attendee.votes for attendee in attendees)
    if headcount is not None and headcount < voting:
        findings.problems.append(
            record.problem(Column.HEADCOUNT, ProblemKind.HEADCOUNT_TOO_SMALL, count=voting)
        )
    elif (
        headcount is None
        and rules.quorum.kind is QuorumKind.HEADCOUNT
        and Column.HEADCOUNT not in record.unclear
    ):
        findings.warnings.append(record.problem(Column.HEADCOUNT, ProblemKind.HEADCOUNT_MISSING))

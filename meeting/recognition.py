"""Whom a roster means among those who are known from earlier meetings: a name alone proves little."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody known: the folded name, and the units of the seats so far, None for a seat without one."""

    person_id: int
    name: str
    phone: str | None
    unit_ids: frozenset[int | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a roster: the folded name, and what tells people of one name apart."""

    name: str
    phone: str | None
    unit_id: int | None


def recognise(wanted: Sequence[Wanted], known: Sequence[Known]) -> list[int | None]:
    """Give the person for each line of a roster, None for somebody new; nobody is given twice.

    People are recognised by name and phone, else by name and unit, else by name where either side tells no
    unit and nobody else comes into question. Another phone is another person, but for the only one of this
    name in the unit, who has a new one.
    """
    by_name: dict[str, list[Known]] = defaultdict(list)
    for person in sorted(known, key=lambda person: person.person_id):
        by_name[person.name].append(person)
    found: list[int | None] = [None] * len(wanted)
    taken: set[int] = set()
    for fits, is_only in _RULES:
        for place, line in enumerate(wanted):
            if found[place] is not None:
                continue
            fitting = [
                person
                for person in by_name[line.name]
                if person.person_id not in taken and fits(line, person)
            ]
            if fitting and (len(fitting) == 1 or not is_only):
                found[place] = fitting[0].person_id
                taken.add(fitting[0].person_id)
    return found


def _has_phone(line: Wanted, person: Known) -> bool:
    return line.phone is not None and line.phone == person.phone


def _has_other_phone(line: Wanted, person: Known) -> bool:
    return None not in {line.phone, person.phone} and line.phone != person.phone


def _has_unit(line: Wanted, person: Known) -> bool:
    return line.unit_id in person.unit_ids and not _has_other_phone(line, person)


def _has_unit_and_new_phone(line: Wanted, person: Known) -> bool:
    return line.unit_id is not None and line.unit_id in person.unit_ids


def _may_be(line: Wanted, person: Known) -> bool:
    has_no_unit = line.unit_id is None or not person.unit_ids - {None}
    return has_no_unit and not _has_other_phone(line, person)


_RULES: tuple[tuple[Callable[[Wanted, Known], bool], bool], ...] = (
    (_has_phone, False),
    (_has_unit, False),
    (_has_unit_and_new_phone, True),
    (_may_be, True),
)
"""The surest first; of those marked so, the one who fits must be the only one."""

"""A year of an organisation's meetings: who came, what was decided how, the same items over the years.

What was agreed without a count stays apart from what was counted: it is a number of items, and never has a
share (`domain.md` §4.3).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from meeting.agenda import ItemKind
from meeting.names import fold
from meeting.tally import Decision, Tally

HISTORY_YEARS = 5
"""How many years an item is followed, the overview's own included."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Outcome(StrEnum):
    """How an item ended: the first four by a count, the others without one."""

    UNANIMOUS = "unanimous"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    CONSULTED = "consulted"
    AGREED = "agreed"
    AGREED_WITH_ADDITIONS = "agreed_with_additions"
    NOT_AGREED = "not_agreed"
    OPINIONS_GIVEN = "opinions_given"
    HEARD = "heard"

    @property
    def is_counted(self) -> bool:
        """Whether votes were counted."""
        return self in _COUNTED

    @property
    def is_advisory(self) -> bool:
        """Whether opinions were given, which decided nothing."""
        return self in _ADVISORY


_COUNTED = frozenset({Outcome.UNANIMOUS, Outcome.ADOPTED, Outcome.REJECTED, Outcome.CONSULTED})
_ADVISORY = frozenset({Outcome.CONSULTED, Outcome.OPINIONS_GIVEN})
_BY_COUNT = {
    Decision.ADOPTED: Outcome.ADOPTED,
    Decision.ADOPTED_WITH_ADDITIONS: Outcome.ADOPTED,
    Decision.REJECTED: Outcome.REJECTED,
    Decision.CONSULTED: Outcome.CONSULTED,
}
_WITHOUT_COUNT = {
    Decision.ADOPTED: Outcome.AGREED,
    Decision.ADOPTED_WITH_ADDITIONS: Outcome.AGREED_WITH_ADDITIONS,
    Decision.REJECTED: Outcome.NOT_AGREED,
    Decision.CONSULTED: Outcome.OPINIONS_GIVEN,
    Decision.NOTED: Outcome.HEARD,
}


def outcome_of(decision: Decision, tally: Tally | None) -> Outcome | None:
    """Give how an item ended; None where it was left out."""
    if tally is None:
        return _WITHOUT_COUNT.get(decision)
    outcome = _BY_COUNT.get(decision)
    return Outcome.UNANIMOUS if outcome is Outcome.ADOPTED and tally.is_unanimous else outcome


@dataclass(frozen=True, slots=True)
class EndedItem:
    """An item of a meeting that was held; `tally` is that of the announced vote, None without a count."""

    number: int
    title: str
    kind: ItemKind
    decision: Decision
    tally: Tally | None

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None where it was left out."""
        return outcome_of(self.decision, self.tally)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of those summoned were present: people, or units where these are what counts."""

    present: int
    summoned: int
    is_by_units: bool = False

    @property
    def share(self) -> Fraction | None:
        """The part that was present; None of nobody."""
        return Fraction(self.present, self.summoned) if self.summoned else None


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting that was held and closed, with the turnout that the chair confirmed or it was left with."""

    meeting_id: int
    title: str
    on: date
    turnout: Turnout
    items: tuple[EndedItem, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many items ended in which way."""

    counts: Mapping[Outcome, int]

    def count(self, outcome: Outcome) -> int:
        """Give how many ended so."""
        return self.counts.get(outcome, 0)

    @property
    def counted(self) -> int:
        """How many were decided by a count, unanimously or not; counted opinions decided nothing."""
        return sum(self.counts.get(outcome, 0) for outcome in _COUNTED - _ADVISORY)

    @property
    def uncounted(self) -> int:
        """How many were decided without a count; what was only heard or advised on was not."""
        no_decisions = _COUNTED | _ADVISORY | {Outcome.HEARD}
        return sum(n for outcome, n in self.counts.items() if outcome not in no_decisions)

    @property
    def advised(self) -> int:
        """How many the meeting gave its opinion on, counted or not."""
        return sum(self.counts.get(outcome, 0) for outcome in _ADVISORY)

    @property
    def decided(self) -> int:
        """How many were decided at all."""
        return self.counted + self.uncounted


@dataclass(frozen=True, slots=True)
class MeetingSummary:
    """One meeting of the year."""

    meeting: HeldMeeting
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Occurrence:
    """How an item ended in one meeting."""

    meeting_id: int
    meeting: str
    on: date
    item: EndedItem
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ItemHistory:
    """The same item over the years, by its title without the year in it; the newest one's title and kind."""

    title: str
    kind: ItemKind
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class KindHistory:
    """Items of one kind, by year in order."""

    kind: ItemKind
    years: tuple[tuple[int, Outcomes], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A year in figures. People and units present are never added up.

    `items` are those decided in the year, `kinds` those of the kinds that were; both reach back over
    HISTORY_YEARS.
    """

    year: int
    meetings: tuple[MeetingSummary, ...]
    people: Turnout
    units: Turnout
    outcomes: Outcomes
    items: tuple[ItemHistory, ...]
    kinds: tuple[KindHistory, ...]


def overview_of(year: int, meetings: Iterable[HeldMeeting]) -> Overview:
    """Give the overview of a year from the meetings held in it and before, in whatever order they come."""
    known = sorted(
        (each for each in meetings if year - HISTORY_YEARS < each.on.year <= year),
        key=lambda each: (each.on, each.meeting_id),
    )
    held = [each for each in known if each.on.year == year]
    occurrences = [
        Occurrence(each.meeting_id, each.title, each.on, item, item.outcome)
        for each in known
        for item in sorted(each.items, key=lambda item: item.number)
        if item.outcome is not None
    ]
    return Overview(
        year=year,
        meetings=tuple(MeetingSummary(each, _outcomes_of_items(each.items)) for each in held),
        people=_added([each.turnout for each in held], is_by_units=False),
        units=_added([each.turnout for each in held], is_by_units=True),
        outcomes=_outcomes_of_items(item for each in held for item in each.items),
        items=_item_histories(year, occurrences),
        kinds=_kind_histories(year, occurrences),
    )


def outcomes_of(ended: Iterable[tuple[Decision, Tally | None]]) -> Outcomes:
    """Give how many items ended in which way, from each one's decision and tally, None without a count."""
    return _outcomes(outcome_of(decision, tally) for decision, tally in ended)


def subject_of(title: str) -> str:
    """Give what a title is recognised by in other years: folded, without any year in it."""
    return " ".join(_YEAR.sub(" ", fold(title)).split())


def _outcomes_of_items(items: Iterable[EndedItem]) -> Outcomes:
    return outcomes_of((item.decision, item.tally) for item in items)


def _outcomes(outcomes: Iterable[Outcome | None]) -> Outcomes:
    found = Counter(outcome for outcome in outcomes if outcome is not None)
    return Outcomes({outcome: found[outcome] for outcome in Outcome if found[outcome]})


def _added(turnouts: Iterable[Turnout], *, is_by_units: bool) -> Turnout:
    alike = [each for each in turnouts if each.is_by_units is is_by_units]
    return Turnout(sum(each.present for each in alike), sum(each.summoned for each in alike), is_by_units)


def _item_histories(year: int, occurrences: Iterable[Occurrence]) -> tuple[ItemHistory, ...]:
    by_subject: dict[str, list[Occurrence]] = defaultdict(list)
    for each in occurrences:
        if each.outcome is not Outcome.HEARD:
            by_subject[subject_of(each.item.title) or each.item.title].append(each)
    return tuple(
        ItemHistory(found[-1].item.title, found[-1].item.kind, tuple(found))
        for found in sorted(by_subject.values(), key=_place_in_year)
        if found[-1].on.year == year
    )


def _place_in_year(occurrences: list[Occurrence]) -> tuple[date, int, int]:
    newest = occurrences[-1]
    return newest.on, newest.meeting_id, newest.item.number


def _kind_histories(year: int, occurrences: Iterable[Occurrence]) -> tuple[KindHistory, ...]:
    found: dict[ItemKind, dict[int, list[Outcome]]] = defaultdict(lambda: defaultdict(list))
    for each in occurrences:
        if each.outcome is not Outcome.HEARD:
            found[each.item.kind][each.on.year].append(each.outcome)
    return tuple(
        KindHistory(kind, tuple((one, _outcomes(found[kind][one])) for one in sorted(found[kind])))
        for kind in ItemKind
        if year in found[kind]
    )

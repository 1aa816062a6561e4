"""Scoring within an emulation cluster: criteria, sheets and the ranking (`domain.md` §3.4).

Scale, bonus, penalty and cross-scores are local; what a criterion gives is for the cluster to adopt.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from meeting.names import fold
from meeting.points import LARGEST, refuse_points
from meeting.refusals import Refusal, Refused

MOST_CRITERIA = 100
SECTION_LIMIT = 300
CRITERION_LIMIT = 500
EVIDENCE_LIMIT = 1_000
"""Characters of a section, a criterion, and of an evidence or a reason."""

REMINDED_BEFORE = (4320, 1440, 120)
"""Minutes before the deadline at which units are reminded that haven't handed in their sheet."""


class ScoringState(StrEnum):
    """preparing → open (units fill their sheets) → verifying → put (to the meeting) → decided."""

    PREPARING = "preparing"
    OPEN = "open"
    VERIFYING = "verifying"
    PUT = "put"
    DECIDED = "decided"

    @property
    def is_public(self) -> bool:
        """Whether the ranking is for the meeting; before, only the lead and the secretary see it."""
        return self in {ScoringState.PUT, ScoringState.DECIDED}


class CriterionKind(StrEnum):
    """Points up to a most, a bonus, or a penalty that is taken off."""

    POINTS = "points"
    BONUS = "bonus"
    PENALTY = "penalty"


class SheetKind(StrEnum):
    """Whose view a sheet is: the unit's own, another unit's, or that of the lead who verified it."""

    SELF = "self"
    CROSS = "cross"
    VERIFIED = "verified"


# Criteria


@dataclass(frozen=True, slots=True)
class PlannedCriterion:
    """A criterion as it is written down; `section` may be empty."""

    section: str
    text: str
    kind: CriterionKind
    most: Decimal


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion that is kept; `place` counts from 1."""

    criterion_id: int
    place: int
    section: str
    text: str
    kind: CriterionKind
    most: Decimal


@dataclass(frozen=True, slots=True)
class CriteriaPlan:
    """Criteria whose points come to the scale exactly, bonus and penalty beside it."""

    scale: Decimal
    criteria: tuple[PlannedCriterion, ...]


@dataclass(frozen=True, slots=True)
class PlannedScoring:
    """A scoring as a workbook plans it: `item` is the place of the agenda's item that adopts the criteria.

    `lead_unit` names a planned unit, or is "" without one.
    """

    item: int
    scale: Decimal
    criteria: tuple[PlannedCriterion, ...]
    lead_unit: str = ""
    has_cross_scores: bool = False


def plan_criteria(scale: Decimal, criteria: Sequence[PlannedCriterion]) -> CriteriaPlan | Refused:
    """Give criteria that can be adopted, or why these can't."""
    if not criteria:
        return Refused(Refusal.CRITERIA_MISSING)
    if len(criteria) > MOST_CRITERIA:
        return Refused(Refusal.CRITERIA_TOO_MANY, {"limit": MOST_CRITERIA})
    for value in (scale, *(each.most for each in criteria)):
        refused = refuse_points(value, LARGEST) or (None if value else Refused(Refusal.POINTS_ZERO))
        if refused is not None:
            return refused
    for text, limit in (
        *((each.section, SECTION_LIMIT) for each in criteria),
        *((each.text, CRITERION_LIMIT) for each in criteria),
    ):
        if len(text) > limit:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(text)})
    total = sum((each.most for each in criteria if each.kind is CriterionKind.POINTS), Decimal(0))
    if total != scale:
        return Refused(Refusal.CRITERIA_SUM, {"sum": total, "scale": scale})
    return CriteriaPlan(scale, tuple(criteria))


# Sheets


def list_unscored(criteria: Iterable[Criterion], scored: Collection[int]) -> list[Criterion]:
    """Give what a sheet lacks before it can be handed in: a bonus or a penalty may be left out."""
    return [
        each for each in criteria if each.kind is CriterionKind.POINTS and each.criterion_id not in scored
    ]


def total_points(criteria: Iterable[Criterion], points: Mapping[int, Decimal]) -> Decimal:
    """Give points and bonus less the penalty; what is left out counts nothing."""
    total = Decimal(0)
    for each in criteria:
        given = points.get(each.criterion_id, Decimal(0))
        total += -given if each.kind is CriterionKind.PENALTY else given
    return total


def mean_points(totals: Collection[Decimal]) -> Fraction | None:
    """Give the exact mean of what other units gave; None where none has."""
    return Fraction(sum(map(Fraction, totals)), len(totals)) if totals else None


# The ranking


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit in the ranking; total and rank are None where it has no sheet: missing is never zero."""

    unit_id: int
    unit: str
    total: Decimal | None
    rank: int | None


def rank_units(totals: Iterable[tuple[int, str, Decimal | None]]) -> tuple[Ranked, ...]:
    """Rank units (id, name, total) from the highest total on; equal totals share a rank: 1, 1, 3.

    Whoever entered what first is of no matter. Units without a sheet stand last, unranked.
    """
    entries = sorted(totals, key=lambda each: (fold(each[1]), each[1], each[0]))
    scored = sorted(
        ((unit_id, unit, total) for unit_id, unit, total in entries if total is not None),
        key=lambda each: -each[2],
    )
    ranked: list[Ranked] = []
    for place, (unit_id, unit, total) in enumerate(scored, 1):
        is_tie = ranked and ranked[-1].total == total
        ranked.append(Ranked(unit_id, unit, total, ranked[-1].rank if is_tie else place))
    missing = (Ranked(unit_id, unit, None, None) for unit_id, unit, total in entries if total is None)
    return (*ranked, *missing)

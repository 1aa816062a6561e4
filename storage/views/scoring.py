"""What cards, tables and decisions about scores are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from meeting.scoring import Criterion, Ranked, ScoringState, SheetKind, rank_units, total_points
from meeting.tally import Decision

ADOPTED = frozenset({Decision.ADOPTED, Decision.ADOPTED_WITH_ADDITIONS})


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The points for one criterion, with the evidence (of a verified one the reason) and a paper, if any."""

    points: Decimal
    evidence: str
    paper_id: int | None


@dataclass(frozen=True, slots=True)
class SheetView:
    """A unit's scores as one unit sees them, by criterion id; without `submitted_at` it is not handed in."""

    sheet_id: int
    unit_id: int
    by_unit_id: int
    kind: SheetKind
    submitted_at: datetime | None
    scores: Mapping[int, ScoreView]

    @property
    def points(self) -> dict[int, Decimal]:
        """The points alone."""
        return {criterion_id: score.points for criterion_id, score in self.scores.items()}


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """A unit that is scored."""

    unit_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ScoringLine:
    """How far a scoring has come: `handed_in` of so many `units` have handed in their own sheet.

    `title` is that of the item whose criteria these are, `decision` what became of it.
    """

    scoring_id: int
    meeting_id: int
    item_id: int
    title: str
    decision: Decision | None
    state: ScoringState
    deadline_at: datetime | None
    ranked_item_id: int | None
    units: int
    handed_in: int
    scale: Decimal

    @property
    def is_adopted(self) -> bool:
        """Whether its criteria hold now."""
        return self.decision in ADOPTED


@dataclass(frozen=True, slots=True)
class RankingView:
    """A ranking as it was put to an item; `decided_at` is None before the meeting has decided."""

    scoring_id: int
    item_id: int
    title: str
    scale: Decimal
    decided_at: datetime | None
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class ScoringView:
    """A scoring with all that it holds; `ranking` is as it was put to the item `ranked_item_id`.

    `decision` is what became of the item whose criteria these are.
    """

    scoring_id: int
    organisation_id: int
    meeting_id: int
    item_id: int
    title: str
    decision: Decision | None
    scale: Decimal
    lead_unit_id: int | None
    has_cross_scores: bool
    state: ScoringState
    deadline_at: datetime | None
    ranked_item_id: int | None
    put_at: datetime | None
    decided_at: datetime | None
    criteria: tuple[Criterion, ...]
    units: tuple[ScoredUnit, ...]
    sheets: tuple[SheetView, ...]
    ranking: tuple[Ranked, ...]

    @property
    def is_adopted(self) -> bool:
        """Whether its criteria hold now."""
        return self.decision in ADOPTED

    def find_unit(self, unit_id: int | None) -> ScoredUnit | None:
        """Give a unit that is scored, or None."""
        return next((each for each in self.units if each.unit_id == unit_id), None)

    def find_criterion(self, criterion_id: int) -> Criterion | None:
        """Give a criterion, or None."""
        return next((each for each in self.criteria if each.criterion_id == criterion_id), None)

    def find_sheet(self, kind: SheetKind, unit_id: int, by_unit_id: int | None = None) -> SheetView | None:
        """Give a sheet about a unit; of a unit's own and of a verified one it is by the unit itself."""
        by_unit_id = unit_id if by_unit_id is None else by_unit_id
        return next(
            (
                each
                for each in self.sheets
                if (each.kind, each.unit_id, each.by_unit_id) == (kind, unit_id, by_unit_id)
            ),
            None,
        )

    def is_handed_in(self, kind: SheetKind, unit_id: int, by_unit_id: int | None = None) -> bool:
        """Whether such a sheet is there and complete."""
        sheet = self.find_sheet(kind, unit_id, by_unit_id)
        return sheet is not None and sheet.submitted_at is not None

    def final_points(self, unit_id: int) -> dict[int, Decimal] | None:
        """Give a unit's own points with what the lead changed; None where it has handed in no sheet."""
        own = self.find_sheet(SheetKind.SELF, unit_id)
        if own is None or own.submitted_at is None:
            return None
        verified = self.find_sheet(SheetKind.VERIFIED, unit_id)
        return own.points | ({} if verified is None else verified.points)

    def total(self, unit_id: int) -> Decimal | None:
        """Give a unit's total as it stands; None where it has handed in no sheet."""
        points = self.final_points(unit_id)
        return None if points is None else total_points(self.criteria, points)

    def cross_totals(self, unit_id: int) -> list[Decimal]:
        """Give the totals of what other units have handed in about a unit."""
        return [
            total_points(self.criteria, sheet.points)
            for sheet in self.sheets
            if sheet.kind is SheetKind.CROSS and sheet.unit_id == unit_id and sheet.submitted_at is not None
        ]

    def rank(self) -> tuple[Ranked, ...]:
        """Rank the units as their sheets stand now."""
        return rank_units((each.unit_id, each.name, self.total(each.unit_id)) for each in self.units)

"""Scoring in a cluster: criteria, sheets and scores."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from meeting.scoring import CriterionKind, ScoringState, SheetKind
from storage.database import Points
from storage.rows.columns import column, instant, link, word


class ScoringRow(SQLModel, table=True):
    """A year's scoring by an item's criteria, and the item that its ranking is put to.

    `ranking` is as it was put: what the meeting sees and decides on.
    """

    __tablename__ = "scoring"
    __table_args__ = (UniqueConstraint("item_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int = link("item", index=False)
    scale: Decimal = column(Points())
    lead_unit_id: int | None = link("unit", nullable=True, index=False)
    has_cross_scores: bool
    state: ScoringState = word(ScoringState, is_open=True)
    deadline_at: datetime | None = instant(nullable=True)
    ranked_item_id: int | None = link("item", nullable=True)
    put_at: datetime | None = instant(nullable=True)
    decided_at: datetime | None = instant(nullable=True)
    ranking: list[dict[str, Any]] = column(JSON)


class CriterionRow(SQLModel, table=True):
    """A criterion with the most that it gives, or takes off."""

    __tablename__ = "criterion"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    scoring_id: int = link("scoring")
    place: int
    section: str = column(String(300))
    text: str = column(Text)
    kind: CriterionKind = word(CriterionKind, is_open=True)
    most: Decimal = column(Points())


class ScoreSheetRow(SQLModel, table=True):
    """A unit's scores as one unit sees them; `by_unit_id` of the lead's verified sheet is the unit itself."""

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("scoring_id", "unit_id", "kind", "by_unit_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    scoring_id: int = link("scoring", index=False)
    unit_id: int = link("unit", index=False)
    by_unit_id: int = link("unit", index=False)
    kind: SheetKind = word(SheetKind, is_open=True)
    submitted_by: int | None = link("person", nullable=True, index=False)
    submitted_at: datetime | None = instant(nullable=True)


class ScoreRow(SQLModel, table=True):
    """The points of a sheet for one criterion, with the evidence; on a verified sheet with the reason."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("sheet_id", "criterion_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    sheet_id: int = link("score_sheet", index=False)
    criterion_id: int = link("criterion", index=False)
    points: Decimal = column(Points())
    evidence: str = column(Text)
    paper_id: int | None = link("paper", nullable=True, index=False)
    put_by: int = link("person", index=False)
    put_at: datetime = instant()

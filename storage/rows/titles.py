"""Decisions on titles, and who receives them."""

from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlmodel import Field, SQLModel

from meeting.titles import RecipientKind
from storage.rows.columns import column, instant, link, word


class TitleDecisionRow(SQLModel, table=True):
    """A decision that recognises a title; its quota is a fraction of the individuals with another title."""

    __tablename__ = "title_decision"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int | None = link("item", nullable=True, index=False)
    place: int
    number: str = column(String(100))
    decided_on: date | None = column(Date, nullable=True)
    issuer: str = column(String(300))
    title: str = column(String(300))
    quota_numerator: int | None = column(Integer, nullable=True)
    quota_denominator: int | None = column(Integer, nullable=True)
    quota_of: str = column(String(300))
    announced_at: datetime | None = instant(nullable=True)
    withdrawn_at: datetime | None = instant(nullable=True)


class TitleRecipientRow(SQLModel, table=True):
    """A collective or an individual that a decision names; the person where it is one of the organisation."""

    __tablename__ = "title_recipient"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    decision_id: int = link("title_decision")
    place: int
    kind: RecipientKind = word(RecipientKind, is_open=True)
    name: str = column(String(300))
    unit: str = column(String(300))
    person_id: int | None = link("person", nullable=True)

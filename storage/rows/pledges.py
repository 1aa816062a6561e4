"""Pledges, their parties and confirmations."""

from datetime import datetime

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from meeting.pledges import ConfirmationState, PledgeKind
from storage.rows.columns import column, instant, link, word


class PledgeRow(SQLModel, table=True):
    """A pledge, whose text is the item's in the version that was frozen, by its SHA-256."""

    __tablename__ = "pledge"
    __table_args__ = (UniqueConstraint("item_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int = link("item", index=False)
    kind: PledgeKind = word(PledgeKind, is_open=True)
    witness: str = column(String(400))
    is_ordered: bool
    is_on_paper: bool
    version: int | None = column(Integer, nullable=True)
    sha256: str | None = column(String(64), nullable=True)
    frozen_by: int | None = link("person", nullable=True, index=False)
    frozen_at: datetime | None = instant(nullable=True)


class PledgePartyRow(SQLModel, table=True):
    """A party to a pledge, with the one who confirms for it; `place` is the order in which they do."""

    __tablename__ = "pledge_party"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    pledge_id: int = link("pledge")
    place: int
    name: str = column(String(300))
    unit_id: int | None = link("unit", nullable=True, index=False)
    signer: str = column(String(200))
    signer_id: int | None = link("person", nullable=True)
    position: str = column(String(200))
    removed_at: datetime | None = instant(nullable=True)


class PledgeConfirmationRow(SQLModel, table=True):
    """That a party confirmed a text, by its SHA-256, until voided; and that it signed, with the evidence."""

    __tablename__ = "pledge_confirmation"
    __table_args__ = (
        Index(
            "uq_pledge_confirmation_valid",
            "party_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
            sqlite_where=text("voided_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    party_id: int = link("pledge_party")
    version: int
    sha256: str = column(String(64))
    state: ConfirmationState = word(ConfirmationState, is_open=True)
    signer: str = column(String(200))
    signer_id: int | None = link("person", nullable=True, index=False)
    entered_by: int = link("person", index=False)
    confirmed_at: datetime | None = instant(nullable=True)
    signed_at: datetime | None = instant(nullable=True)
    evidence_id: int | None = link("paper", nullable=True, index=False)
    evidence_sha256: str | None = column(String(64), nullable=True)
    voided_at: datetime | None = instant(nullable=True)
    void_reason: str = column(Text)

"""Documents."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.rows.columns import column, instant, link


class PaperRow(SQLModel, table=True):
    """A document of a meeting, or of one of its items; `is_evidence` of what a unit backs its scores with."""

    __tablename__ = "paper"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int | None = link("item", nullable=True)
    name: str = column(String(200))
    media_type: str = column(String(100))
    size: int
    sha256: str = column(String(64))
    added_by: int = link("person", index=False)
    added_at: datetime = instant()
    withdrawn_at: datetime | None = instant(nullable=True)
    is_evidence: bool = False


class PaperContentRow(SQLModel, table=True):
    """A document's bytes, apart so that lists never load them."""

    __tablename__ = "paper_content"
    paper_id: int = Field(sa_column=Column(Integer, ForeignKey("paper.id"), primary_key=True))
    content: bytes = column(LargeBinary)


class PaperCopyRow(SQLModel, table=True):
    """By which name a platform knows a document that was sent there once."""

    __tablename__ = "paper_copy"
    paper_id: int = Field(sa_column=Column(Integer, ForeignKey("paper.id"), primary_key=True))
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    ref: str = column(Text)


class SentFileRow(SQLModel, table=True):
    """A file that waits until the account that sent it has said what it is for."""

    __tablename__ = "sent_file"
    __table_args__ = (UniqueConstraint("account_id", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = link("account", index=False)
    name: str = column(String(200))
    media_type: str = column(String(100))
    size: int
    sha256: str = column(String(64))
    content: bytes = column(LargeBinary)
    sent_at: datetime = instant()

"""What is to be shown and sent, and what is due."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from meeting.states import CardKind, DueKind, PostKind, WorkState
from storage.rows.columns import column, instant, link, word


class LiveCardRow(SQLModel, table=True):
    """A card that follows what it shows: changes raise `wanted_version`, delivery raises `shown_version`."""

    __tablename__ = "live_card"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "subject_id"),
        Index(None, "kind", "subject_id"),
        Index(
            "ix_live_card_stale",
            "account_id",
            postgresql_where=text("wanted_version > shown_version"),
            sqlite_where=text("wanted_version > shown_version"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation", index=False)
    meeting_id: int | None = link("meeting", nullable=True)
    account_id: int = link("account", index=False)
    kind: CardKind = word(CardKind, is_open=True)
    subject_id: int
    priority: int
    wanted_version: int
    shown_version: int
    shown_at: datetime | None = instant(nullable=True)
    ref: str | None = column(Text, nullable=True)
    attempts: int
    next_try_at: datetime | None = instant(nullable=True)


class PaceRow(SQLModel, table=True):
    """A platform's pace over all processes: when the next send may begin, and a rest it asked for."""

    __tablename__ = "pace"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    next_turn_at: datetime = instant()
    rests_until: datetime | None = instant(nullable=True)


class MailingRow(SQLModel, table=True):
    """One message to many, whose progress is followed and which can be cancelled."""

    __tablename__ = "mailing"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int | None = link("meeting", nullable=True)
    kind: PostKind = word(PostKind, is_open=True)
    subject_id: int
    facts: dict[str, Any] = column(JSON)
    made_by: int | None = link("person", nullable=True, index=False)
    made_at: datetime = instant()
    cancelled_at: datetime | None = instant(nullable=True)


class PostRow(SQLModel, table=True):
    """A message that is sent once to each recipient; `cause` and account make it one."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("cause", "account_id"),
        Index("ix_post_waiting", "state", "priority", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation", index=False)
    meeting_id: int | None = link("meeting", nullable=True)
    account_id: int = link("account")
    mailing_id: int | None = link("mailing", nullable=True)
    cause: str = column(String(64))
    kind: PostKind = word(PostKind, is_open=True)
    subject_id: int
    facts: dict[str, Any] = column(JSON)
    priority: int
    state: WorkState = word(WorkState)
    attempts: int
    next_try_at: datetime | None = instant(nullable=True)
    leased_until: datetime | None = instant(nullable=True)
    made_at: datetime = instant()
    sent_at: datetime | None = instant(nullable=True)
    ref: str | None = column(Text, nullable=True)


class DueWorkRow(SQLModel, table=True):
    """Something that is due at an instant; claimed here, so that each is done once.

    `part` tells several of one kind and subject apart: the minutes before a meeting. `planned_at` is the
    instant that it was planned for; `due_at` is when it is looked at next.
    """

    __tablename__ = "due_work"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "part"), Index(None, "state", "due_at"))
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation", index=False)
    meeting_id: int = link("meeting")
    kind: DueKind = word(DueKind, is_open=True)
    subject_id: int
    part: int = 0
    planned_at: datetime = instant()
    due_at: datetime = instant()
    state: WorkState = word(WorkState)
    done_at: datetime | None = instant(nullable=True)

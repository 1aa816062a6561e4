"""Accounts: whom they speak for, what admits them, what they are asked and what they sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from meeting.people import Role
from meeting.states import ClaimState, GoneReason, InvitationKind
from storage.rows.columns import column, instant, link, word


class AccountRow(SQLModel, table=True):
    """A chat account, a personal page of the web (`external_id` is the page's), or a group.

    Nothing is begun in its chat before `rests_until`, by any process: a parcel is under way, or the platform
    asked for rest.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "external_id"), Index(None, "platform", "chat"))
    id: int | None = Field(default=None, primary_key=True)
    platform: str = column(String(16))
    external_id: str = column(String(128))
    chat: str = column(String(128))
    display_name: str = column(String(200))
    language: str | None = column(String(8), nullable=True)
    timezone: str | None = column(String(64), nullable=True)
    current_meeting_id: int | None = link("meeting", nullable=True, index=False)
    created_at: datetime = instant()
    gone_at: datetime | None = instant(nullable=True)
    gone_reason: GoneReason | None = word(GoneReason, nullable=True, is_open=True)
    is_group: bool = False
    rests_until: datetime | None = instant(nullable=True)


class GroupRow(SQLModel, table=True):
    """That a group follows a meeting, one at a time; `lacks` names the rights that the bot misses there."""

    __tablename__ = "group_chat"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), nullable=False, unique=True))
    title: str = column(String(300))
    lacks: list[str] = column(JSON)
    pinned_ref: str | None = column(Text, nullable=True)
    bound_by: int = link("person", index=False)
    bound_at: datetime = instant()


class BindingRow(SQLModel, table=True):
    """That an account speaks for a person: one person in each organisation, one account on each platform.

    `used_at` orders a person's accounts by which acted last; it is put only where that changes.
    """

    __tablename__ = "binding"
    __table_args__ = (
        UniqueConstraint("account_id", "organisation_id"),
        UniqueConstraint("person_id", "platform"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    account_id: int = link("account", index=False)
    person_id: int = link("person", index=False)
    platform: str = column(String(16))
    bound_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class InvitationRow(SQLModel, table=True):
    """What a link or code admits to; the code itself is made from the secret key and not kept."""

    __tablename__ = "invitation"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int | None = link("organisation", nullable=True)
    meeting_id: int | None = link("meeting", nullable=True)
    attendee_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("attendee.id"), nullable=True, unique=True)
    )
    kind: InvitationKind = word(InvitationKind, is_open=True)
    role: Role | None = word(Role, nullable=True)
    generation: int = column(Integer)
    digest: str | None = Field(default=None, sa_column=Column(String(64), nullable=True, unique=True))
    made_at: datetime = instant()
    expires_at: datetime | None = instant(nullable=True)
    used_at: datetime | None = instant(nullable=True)


class ClaimRow(SQLModel, table=True):
    """That an account says who it is, by a name typed after the shared link; the organiser decides.

    One waits at most for each account and meeting; of one that was taken back the name is forgotten.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "uq_claim_waiting",
            "meeting_id",
            "account_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting", index=False)
    account_id: int = link("account")
    attendee_id: int | None = link("attendee", nullable=True, index=False)
    typed_name: str = column(String(200))
    state: ClaimState = word(ClaimState, is_open=True)
    made_at: datetime = instant()
    decided_by: int | None = link("person", nullable=True, index=False)
    decided_at: datetime | None = instant(nullable=True)


class GuessRow(SQLModel, table=True):
    """A code that didn't fit, for the limit on guessing."""

    __tablename__ = "guess"
    __table_args__ = (Index(None, "platform", "external_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str = column(String(16))
    external_id: str = column(String(128))
    at: datetime = instant()


class EventMarkRow(SQLModel, table=True):
    """An event whose effect is committed: delivered again, it changes nothing."""

    __tablename__ = "event_mark"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    event_id: str = Field(sa_column=Column(String(64), primary_key=True))
    at: datetime = instant(index=True)


class FailedEventRow(SQLModel, table=True):
    """An event that failed, by mark only, with how often."""

    __tablename__ = "failed_event"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    event_id: str = Field(sa_column=Column(String(64), primary_key=True))
    attempts: int
    at: datetime = instant()


class DialogueRow(SQLModel, table=True):
    """The question that waits for an account's answer; `version` tells a stale button."""

    __tablename__ = "dialogue"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), nullable=False, unique=True))
    topic: str = column(String(32))
    version: int
    state: dict[str, Any] = column(JSON)
    updated_at: datetime = instant()

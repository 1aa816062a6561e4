"""Votes, their electorates and ballots."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from meeting.people import Source
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, VoteState
from storage.rows.columns import column, instant, link, word


class VoteRow(SQLModel, table=True):
    """One run of a vote; runs of the same question share `series_id`, the first run's id.

    `salt` keeps the ballots from being guessed from their digest in the record. `opens_at` is when a draft
    opens by itself, for so many minutes as `opens_for` says, or without a deadline.
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("series_id", "run"),
        CheckConstraint("(state IN ('draft', 'cancelled')) OR (base IS NOT NULL AND base > 0)", name="base"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    series_id: int | None = column(Integer, nullable=True, index=True)
    run: int
    number: int
    question: str = column(Text)
    method: Method = word(Method)
    is_secret: bool
    is_advisory: bool
    state: VoteState = word(VoteState)
    base_kind: BaseKind = word(BaseKind)
    base: int | None = column(Integer, nullable=True)
    threshold_numerator: int
    threshold_denominator: int
    threshold_is_strict: bool
    decision: Decision | None = word(Decision, nullable=True)
    opens_at: datetime | None = instant(nullable=True)
    opens_for: int | None = column(Integer, nullable=True)
    deadline_at: datetime | None = instant(nullable=True)
    opened_at: datetime | None = instant(nullable=True)
    paused_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    announced_at: datetime | None = instant(nullable=True)
    cancelled_at: datetime | None = instant(nullable=True)
    cancel_reason: str = column(Text)
    salt: str = column(String(64))


class VoteItemRow(SQLModel, table=True):
    """An item that a vote is about, in a named version of its text."""

    __tablename__ = "vote_item"
    __table_args__ = (UniqueConstraint("vote_id", "item_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    vote_id: int = link("vote", index=False)
    item_id: int = link("item")
    text_version: int


class VoteOptionRow(SQLModel, table=True):
    """An option of a vote; `count` holds what was counted by hands."""

    __tablename__ = "vote_option"
    __table_args__ = (
        UniqueConstraint("vote_id", "option"),
        UniqueConstraint("vote_id", "id"),
        CheckConstraint("count IS NULL OR count >= 0", name="count"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    vote_id: int = link("vote", index=False)
    option: Option = word(Option)
    place: int
    count: int | None = column(Integer, nullable=True)


class ElectorRow(SQLModel, table=True):
    """One vote of the electorate: an attendee's, or a unit's; frozen when the vote opens."""

    __tablename__ = "elector"
    __table_args__ = (
        UniqueConstraint("vote_id", "attendee_id"),
        UniqueConstraint("vote_id", "unit_id"),
        UniqueConstraint("vote_id", "id"),
        CheckConstraint("(attendee_id IS NULL) <> (unit_id IS NULL)", name="one"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    vote_id: int = link("vote", index=False)
    attendee_id: int | None = link("attendee", nullable=True)
    unit_id: int | None = link("unit", nullable=True)
    admitted_at: datetime | None = instant(nullable=True)


class BallotRow(SQLModel, table=True):
    """An elector's choice in a run: one at most, of an option of that very vote."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("vote_id", "elector_id"),
        ForeignKeyConstraint(["vote_id", "elector_id"], ["elector.vote_id", "elector.id"]),
        ForeignKeyConstraint(["vote_id", "option_id"], ["vote_option.vote_id", "vote_option.id"]),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation", index=False)
    vote_id: int
    elector_id: int
    option_id: int
    source: Source = word(Source)
    cast_by: int = link("person", index=False)
    cast_at: datetime = instant()
    opinion: str = column(Text)

"""Meetings: who is summoned, the agenda and its texts, statements, tasks and the record."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Date, Integer, String, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.people import Presence, Reply, Source, Standing
from meeting.regimes import Template
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.voting import BaseKind
from storage.rows.columns import column, instant, link, word


class MeetingRow(SQLModel, table=True):
    """A meeting, with the rules that it is set to.

    One that was cancelled is closed, too. `moves` counts how often it was put to another time or place,
    `reminders` are minutes before it begins, `floor_minutes` what each speaker is given.
    """

    __tablename__ = "meeting"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    title: str = column(String(400))
    template: Template = word(Template)
    host: str = column(String(400))
    place: str = column(String(400))
    starts_wall: str = column(String(32))
    timezone: str = column(String(64))
    starts_at: datetime = instant()
    language: str = column(String(8))
    address: str = column(String(16))
    state: MeetingState = word(MeetingState)
    headcount: int | None = column(Integer, nullable=True)
    has_union: bool
    quorum_kind: QuorumKind = word(QuorumKind)
    quorum_numerator: int
    quorum_denominator: int
    quorum_is_strict: bool
    base_kind: BaseKind = word(BaseKind)
    threshold_numerator: int
    threshold_denominator: int
    threshold_is_strict: bool
    regime: str = column(String(32))
    rule_source: str = column(Text)
    is_rule_verified: bool
    check_in_opens_at: datetime | None = instant(nullable=True)
    check_in_opened_at: datetime | None = instant(nullable=True)
    check_in_closed_at: datetime | None = instant(nullable=True)
    had_quorum: bool | None = None
    opened_at: datetime | None = instant(nullable=True)
    closed_at: datetime | None = instant(nullable=True)
    cancelled_at: datetime | None = instant(nullable=True)
    cancel_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    moves: int = 0
    reminders: list[int] = Field(default=[10080, 1440, 60], sa_column=Column(JSON, nullable=False))
    summons_approved_at: datetime | None = instant(nullable=True)
    floor_minutes: int | None = None
    current_item_id: int | None = column(Integer, nullable=True)
    created_at: datetime = instant()


class SummonedUnitRow(SQLModel, table=True):
    """A unit that is summoned to a meeting."""

    __tablename__ = "summoned_unit"
    __table_args__ = (UniqueConstraint("meeting_id", "unit_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting", index=False)
    unit_id: int = link("unit", index=False)
    position: int


class AttendeeRow(SQLModel, table=True):
    """A person summoned or invited to a meeting, with the reply and the presence as they stand."""

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting", index=False)
    person_id: int = link("person")
    unit_id: int | None = link("unit", nullable=True)
    number: int
    position: str = column(String(200))
    standing: Standing = word(Standing)
    reply: Reply = word(Reply)
    reply_reason: str = column(Text)
    replied_at: datetime | None = instant(nullable=True)
    replaced_by_id: int | None = link("attendee", nullable=True, index=False)
    presence: Presence = word(Presence)
    presence_source: Source | None = word(Source, nullable=True)
    checked_in_at: datetime | None = instant(nullable=True)
    left_at: datetime | None = instant(nullable=True)


class StatementRow(SQLModel, table=True):
    """An attendance as it was stated."""

    __tablename__ = "statement"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    kind: StatementKind = word(StatementKind)
    headcount: int
    summoned: int
    present: int
    excused: int
    guests: int
    units: int
    units_present: int
    quorum_kind: QuorumKind = word(QuorumKind)
    quorum_numerator: int
    quorum_denominator: int
    quorum_is_strict: bool
    has_quorum: bool
    stated_by: int = link("person", index=False)
    stated_at: datetime = instant()


class ItemRow(SQLModel, table=True):
    """An agenda item; a row that was taken out of the order stays with `decision` skipped."""

    __tablename__ = "item"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    place: int
    title: str = column(String(400))
    kind: ItemKind = word(ItemKind)
    is_advisory: bool
    presenter: str = column(String(200))
    text_version: int
    decision: Decision | None = word(Decision, nullable=True)
    is_counted: bool
    additions: list[str] = column(JSON)
    decided_at: datetime | None = instant(nullable=True)


class ItemVersionRow(SQLModel, table=True):
    """A version of an item's text: typed, from a paper, or made by an addition that was taken up."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    item_id: int = link("item", index=False)
    version: int
    text: str = column(Text)
    made_at: datetime = instant()
    addition: str = Field(default="", sa_column=Column(Text, nullable=False))
    opinion_id: int | None = link("opinion", nullable=True, index=False)
    paper_id: int | None = link("paper", nullable=True, index=False)
    made_by: int | None = link("person", nullable=True, index=False)


class TaskRow(SQLModel, table=True):
    """What somebody has to do by a day, as the meeting resolved; the owner may be no user of the bot."""

    __tablename__ = "task"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int | None = link("item", nullable=True, index=False)
    text: str = column(Text)
    owner: str = column(String(200))
    owner_id: int | None = link("person", nullable=True)
    due_on: date = column(Date)
    made_by: int = link("person", index=False)
    made_at: datetime = instant()
    done_at: datetime | None = instant(nullable=True)
    withdrawn_at: datetime | None = instant(nullable=True)


class RecordEntryRow(SQLModel, table=True):
    """An entry of a meeting's hash-chained record."""

    __tablename__ = "record_entry"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting", index=False)
    number: int
    at: datetime = instant()
    act: str = column(String(48))
    facts: dict[str, Any] = column(JSON)
    previous_hash: str = column(String(64))
    hash: str = column(String(64))

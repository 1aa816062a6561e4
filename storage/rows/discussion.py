"""What is said to the items: opinions, requests for the floor, speeches."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from meeting.opinions import OpinionKind, OpinionState
from meeting.people import Source
from meeting.speaking import FloorState, SpeechKind
from storage.rows.columns import column, instant, link, word


def _unique_while(name: str, unique_column: str, condition: str) -> Index:
    where = text(condition)
    return Index(name, unique_column, unique=True, postgresql_where=where, sqlite_where=where)


class OpinionRow(SQLModel, table=True):
    """An opinion on an item, or on the meeting as a whole, by its number in the meeting.

    One that a unit gathered beforehand has a unit and no attendee. `answer` is what was answered, or why it
    was hidden.
    """

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting", index=False)
    item_id: int | None = link("item", nullable=True)
    attendee_id: int | None = link("attendee", nullable=True)
    unit_id: int | None = link("unit", nullable=True, index=False)
    number: int
    kind: OpinionKind = word(OpinionKind, is_open=True)
    text: str = column(Text)
    source: Source = word(Source, is_open=True)
    sent_by: int = link("person", index=False)
    sent_at: datetime = instant()
    state: OpinionState = word(OpinionState, is_open=True)
    merged_into_id: int | None = link("opinion", nullable=True)
    answer: str = column(Text)
    decided_by: int | None = link("person", nullable=True, index=False)
    decided_at: datetime | None = instant(nullable=True)


class FloorRequestRow(SQLModel, table=True):
    """That an attendee asks to speak; `place` is the order among those who wait.

    Each has one request that waits or speaks at most, and one attendee of a meeting speaks at a time.
    `minutes` are those that the speaker was given, None without a limit.
    """

    __tablename__ = "floor_request"
    __table_args__ = (
        _unique_while("uq_floor_request_pending", "attendee_id", "state IN ('waiting', 'speaking')"),
        _unique_while("uq_floor_request_speaking", "meeting_id", "state = 'speaking'"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int | None = link("item", nullable=True, index=False)
    attendee_id: int = link("attendee")
    topic: str = column(String(400))
    source: Source = word(Source, is_open=True)
    state: FloorState = word(FloorState, is_open=True)
    place: int
    minutes: int | None = None
    asked_at: datetime = instant()
    began_at: datetime | None = instant(nullable=True)
    ended_at: datetime | None = instant(nullable=True)


class SpeechRow(SQLModel, table=True):
    """A short record of a directive speech or a conclusion; the speaker may be no user of the bot."""

    __tablename__ = "speech"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    meeting_id: int = link("meeting")
    item_id: int | None = link("item", nullable=True, index=False)
    kind: SpeechKind = word(SpeechKind, is_open=True)
    speaker: str = column(String(200))
    position: str = column(String(200))
    text: str = column(Text)
    made_by: int = link("person", index=False)
    made_at: datetime = instant()
    withdrawn_at: datetime | None = instant(nullable=True)

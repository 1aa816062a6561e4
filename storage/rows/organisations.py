"""Organisations: their people, units and roles, what people consented to, and days off."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from meeting.people import Purpose, Role
from storage.rows.columns import column, instant, link, word


class OrganisationRow(SQLModel, table=True):
    """An agency or a cluster; with `needs_approval` no summons goes out before its head approved it."""

    __tablename__ = "organisation"
    id: int | None = Field(default=None, primary_key=True)
    name: str = column(String(300))
    language: str = column(String(8))
    timezone: str = column(String(64))
    needs_approval: bool = False
    created_at: datetime = instant()


class PersonRow(SQLModel, table=True):
    """A person in an organisation; `salt` is what the record's commitments to the name are made with."""

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    name: str = column(String(200))
    folded_name: str = column(String(200), index=True)
    phone: str | None = column(String(20), nullable=True)
    salt: str = column(String(64))
    created_at: datetime = instant()


class UnitRow(SQLModel, table=True):
    """A unit of an organisation."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "folded_name"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation", index=False)
    name: str = column(String(200))
    folded_name: str = column(String(200))


class RoleRow(SQLModel, table=True):
    """A function: organiser of the organisation (no meeting), chair or secretary of one meeting."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("person_id", "meeting_id", "role"),
        Index(
            None,
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("meeting_id IS NULL"),
            sqlite_where=text("meeting_id IS NULL"),
        ),
        CheckConstraint("(role = 'organiser') = (meeting_id IS NULL)", name="scope"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    person_id: int = link("person", index=False)
    meeting_id: int | None = link("meeting", nullable=True)
    role: Role = word(Role)
    granted_at: datetime = instant()


class ConsentRow(SQLModel, table=True):
    """A person's answer to one question of consent, with the version of its wording."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("person_id", "purpose"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = link("organisation")
    person_id: int = link("person", index=False)
    purpose: Purpose = word(Purpose)
    is_given: bool
    wording_version: str = column(String(32))
    language: str = column(String(8))
    answered_at: datetime = instant()


class SpecialDayRow(SQLModel, table=True):
    """A day that is worked, or isn't, unlike its day of the week."""

    __tablename__ = "special_day"
    day: date = Field(sa_column=Column(Date, primary_key=True))
    is_working: bool

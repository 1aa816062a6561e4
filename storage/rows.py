"""The tables. Rows never leave `storage`; what holds at all times is held here by keys and checks.

Every table belongs to an organisation, but for those that exist before one is known: accounts, event marks,
guesses, dialogues and files whose use is not known yet.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.people import Presence, Purpose, Reply, Role, Source, Standing
from meeting.regimes import Template
from meeting.states import (
    CardKind,
    ClaimState,
    DueKind,
    GoneReason,
    InvitationKind,
    MeetingState,
    PostKind,
    WorkState,
)
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, VoteState
from storage.database import Instant

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _word(kind: type[StrEnum], *, nullable: bool = False, index: bool = False, is_open: bool = False) -> Any:  # noqa: ANN401 - as Field()
    """A column of one of these words; `is_open`: releases add to them, so the database takes any."""
    words = Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda words: [word.value for word in words],
        create_constraint=not is_open,
        name=kind.__name__.lower(),
    )
    return Field(sa_column=Column(words, nullable=nullable, index=index))


def _column(
    kind: type[TypeEngine[Any]] | TypeEngine[Any], *, nullable: bool = False, index: bool = False
) -> Any:  # noqa: ANN401 - as Field()
    return Field(default=None if nullable else ..., sa_column=Column(kind, nullable=nullable, index=index))


def _at(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - as Field()
    return _column(Instant(), nullable=nullable, index=index)


def _link(target: str, *, nullable: bool = False, index: bool = True) -> Any:  # noqa: ANN401 - as Field()
    column: Column[int] = Column(Integer, ForeignKey(f"{target}.id"), nullable=nullable, index=index)
    return Field(default=None if nullable else ..., sa_column=column)


class OrganisationRow(SQLModel, table=True):
    """An agency or a cluster; with `needs_approval` no summons goes out before its head approved it."""

    __tablename__ = "organisation"
    id: int | None = Field(default=None, primary_key=True)
    name: str = _column(String(300))
    language: str = _column(String(8))
    timezone: str = _column(String(64))
    needs_approval: bool = False
    created_at: datetime = _at()


class PersonRow(SQLModel, table=True):
    """A person in an organisation; `salt` is what the record's commitments to the name are made with."""

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    name: str = _column(String(200))
    folded_name: str = _column(String(200), index=True)
    phone: str | None = _column(String(20), nullable=True)
    salt: str = _column(String(64))
    created_at: datetime = _at()


class UnitRow(SQLModel, table=True):
    """A unit of an organisation."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "folded_name"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation", index=False)
    name: str = _column(String(200))
    folded_name: str = _column(String(200))


class AccountRow(SQLModel, table=True):
    """A chat account, a personal page of the web (`external_id` is the page's), or a group.

    Nothing is begun in its chat before `rests_until`, by any process: a parcel is under way, or the platform
    asked for rest.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("platform", "external_id"), Index(None, "platform", "chat"))
    id: int | None = Field(default=None, primary_key=True)
    platform: str = _column(String(16))
    external_id: str = _column(String(128))
    chat: str = _column(String(128))
    display_name: str = _column(String(200))
    language: str | None = _column(String(8), nullable=True)
    timezone: str | None = _column(String(64), nullable=True)
    current_meeting_id: int | None = _link("meeting", nullable=True, index=False)
    created_at: datetime = _at()
    gone_at: datetime | None = _at(nullable=True)
    gone_reason: GoneReason | None = _word(GoneReason, nullable=True, is_open=True)
    is_group: bool = False
    rests_until: datetime | None = _at(nullable=True)


class GroupRow(SQLModel, table=True):
    """That a group follows a meeting, one at a time; `lacks` names the rights that the bot misses there."""

    __tablename__ = "group_chat"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), nullable=False, unique=True))
    title: str = _column(String(300))
    lacks: list[str] = _column(JSON)
    pinned_ref: str | None = _column(Text, nullable=True)
    bound_by: int = _link("person", index=False)
    bound_at: datetime = _at()


class BindingRow(SQLModel, table=True):
    """That an account speaks for a person: one person in each organisation, one account on each platform."""

    __tablename__ = "binding"
    __table_args__ = (
        UniqueConstraint("account_id", "organisation_id"),
        UniqueConstraint("person_id", "platform"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    account_id: int = _link("account", index=False)
    person_id: int = _link("person", index=False)
    platform: str = _column(String(16))
    bound_at: datetime = _at()


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
    organisation_id: int = _link("organisation")
    person_id: int = _link("person", index=False)
    meeting_id: int | None = _link("meeting", nullable=True)
    role: Role = _word(Role)
    granted_at: datetime = _at()


class InvitationRow(SQLModel, table=True):
    """What a link or code admits to; the code itself is made from the secret key and not kept."""

    __tablename__ = "invitation"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int | None = _link("organisation", nullable=True)
    meeting_id: int | None = _link("meeting", nullable=True)
    attendee_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("attendee.id"), nullable=True, unique=True)
    )
    kind: InvitationKind = _word(InvitationKind, is_open=True)
    role: Role | None = _word(Role, nullable=True)
    generation: int = _column(Integer)
    digest: str | None = Field(default=None, sa_column=Column(String(64), nullable=True, unique=True))
    made_at: datetime = _at()
    expires_at: datetime | None = _at(nullable=True)
    used_at: datetime | None = _at(nullable=True)


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
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting", index=False)
    account_id: int = _link("account")
    attendee_id: int | None = _link("attendee", nullable=True, index=False)
    typed_name: str = _column(String(200))
    state: ClaimState = _word(ClaimState, is_open=True)
    made_at: datetime = _at()
    decided_by: int | None = _link("person", nullable=True, index=False)
    decided_at: datetime | None = _at(nullable=True)


class GuessRow(SQLModel, table=True):
    """A code that didn't fit, for the limit on guessing."""

    __tablename__ = "guess"
    __table_args__ = (Index(None, "platform", "external_id", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    platform: str = _column(String(16))
    external_id: str = _column(String(128))
    at: datetime = _at()


class ConsentRow(SQLModel, table=True):
    """A person's answer to one question of consent, with the version of its wording."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("person_id", "purpose"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    person_id: int = _link("person", index=False)
    purpose: Purpose = _word(Purpose)
    is_given: bool
    wording_version: str = _column(String(32))
    language: str = _column(String(8))
    answered_at: datetime = _at()


class MeetingRow(SQLModel, table=True):
    """A meeting, with the rules that it is set to.

    One that was cancelled is closed, too. `moves` counts how often it was put to another time or place,
    `reminders` are minutes before it begins.
    """

    __tablename__ = "meeting"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    title: str = _column(String(400))
    template: Template = _word(Template)
    host: str = _column(String(400))
    place: str = _column(String(400))
    starts_wall: str = _column(String(32))
    timezone: str = _column(String(64))
    starts_at: datetime = _at()
    language: str = _column(String(8))
    address: str = _column(String(16))
    state: MeetingState = _word(MeetingState)
    headcount: int | None = _column(Integer, nullable=True)
    has_union: bool
    quorum_kind: QuorumKind = _word(QuorumKind)
    quorum_numerator: int
    quorum_denominator: int
    quorum_is_strict: bool
    base_kind: BaseKind = _word(BaseKind)
    threshold_numerator: int
    threshold_denominator: int
    threshold_is_strict: bool
    regime: str = _column(String(32))
    rule_source: str = _column(Text)
    is_rule_verified: bool
    check_in_opens_at: datetime | None = _at(nullable=True)
    check_in_opened_at: datetime | None = _at(nullable=True)
    check_in_closed_at: datetime | None = _at(nullable=True)
    had_quorum: bool | None = None
    opened_at: datetime | None = _at(nullable=True)
    closed_at: datetime | None = _at(nullable=True)
    cancelled_at: datetime | None = _at(nullable=True)
    cancel_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    moves: int = 0
    reminders: list[int] = Field(default=[10080, 1440, 60], sa_column=Column(JSON, nullable=False))
    summons_approved_at: datetime | None = _at(nullable=True)
    current_item_id: int | None = _column(Integer, nullable=True)
    created_at: datetime = _at()


class SummonedUnitRow(SQLModel, table=True):
    """A unit that is summoned to a meeting."""

    __tablename__ = "summoned_unit"
    __table_args__ = (UniqueConstraint("meeting_id", "unit_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting", index=False)
    unit_id: int = _link("unit", index=False)
    position: int


class AttendeeRow(SQLModel, table=True):
    """A person summoned or invited to a meeting, with the reply and the presence as they stand."""

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting", index=False)
    person_id: int = _link("person")
    unit_id: int | None = _link("unit", nullable=True)
    number: int
    position: str = _column(String(200))
    standing: Standing = _word(Standing)
    reply: Reply = _word(Reply)
    reply_reason: str = _column(Text)
    replied_at: datetime | None = _at(nullable=True)
    replaced_by_id: int | None = _link("attendee", nullable=True, index=False)
    presence: Presence = _word(Presence)
    presence_source: Source | None = _word(Source, nullable=True)
    checked_in_at: datetime | None = _at(nullable=True)
    left_at: datetime | None = _at(nullable=True)


class StatementRow(SQLModel, table=True):
    """An attendance as it was stated."""

    __tablename__ = "statement"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    kind: StatementKind = _word(StatementKind)
    headcount: int
    summoned: int
    present: int
    excused: int
    guests: int
    units: int
    units_present: int
    quorum_kind: QuorumKind = _word(QuorumKind)
    quorum_numerator: int
    quorum_denominator: int
    quorum_is_strict: bool
    has_quorum: bool
    stated_by: int = _link("person", index=False)
    stated_at: datetime = _at()


class ItemRow(SQLModel, table=True):
    """An agenda item; a row that was taken out of the order stays with `decision` skipped."""

    __tablename__ = "item"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    place: int
    title: str = _column(String(400))
    kind: ItemKind = _word(ItemKind)
    is_advisory: bool
    presenter: str = _column(String(200))
    text_version: int
    decision: Decision | None = _word(Decision, nullable=True)
    is_counted: bool
    additions: list[str] = _column(JSON)
    decided_at: datetime | None = _at(nullable=True)


class ItemVersionRow(SQLModel, table=True):
    """A version of an item's text."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    item_id: int = _link("item", index=False)
    version: int
    text: str = _column(Text)
    made_at: datetime = _at()


class PaperRow(SQLModel, table=True):
    """A document of a meeting, or of one of its items."""

    __tablename__ = "paper"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    item_id: int | None = _link("item", nullable=True)
    name: str = _column(String(200))
    media_type: str = _column(String(100))
    size: int
    sha256: str = _column(String(64))
    added_by: int = _link("person", index=False)
    added_at: datetime = _at()
    withdrawn_at: datetime | None = _at(nullable=True)


class PaperContentRow(SQLModel, table=True):
    """A document's bytes, apart so that lists never load them."""

    __tablename__ = "paper_content"
    paper_id: int = Field(sa_column=Column(Integer, ForeignKey("paper.id"), primary_key=True))
    content: bytes = _column(LargeBinary)


class PaperCopyRow(SQLModel, table=True):
    """By which name a platform knows a document that was sent there once."""

    __tablename__ = "paper_copy"
    paper_id: int = Field(sa_column=Column(Integer, ForeignKey("paper.id"), primary_key=True))
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    ref: str = _column(Text)


class SentFileRow(SQLModel, table=True):
    """A file that waits until the account that sent it has said what it is for."""

    __tablename__ = "sent_file"
    __table_args__ = (UniqueConstraint("account_id", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _link("account", index=False)
    name: str = _column(String(200))
    media_type: str = _column(String(100))
    size: int
    sha256: str = _column(String(64))
    content: bytes = _column(LargeBinary)
    sent_at: datetime = _at()


class SpecialDayRow(SQLModel, table=True):
    """A day that is worked, or isn't, unlike its day of the week."""

    __tablename__ = "special_day"
    day: date = Field(sa_column=Column(Date, primary_key=True))
    is_working: bool


class TaskRow(SQLModel, table=True):
    """What somebody has to do by a day, as the meeting resolved; the owner may be no user of the bot."""

    __tablename__ = "task"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    item_id: int | None = _link("item", nullable=True, index=False)
    text: str = _column(Text)
    owner: str = _column(String(200))
    owner_id: int | None = _link("person", nullable=True)
    due_on: date = _column(Date)
    made_by: int = _link("person", index=False)
    made_at: datetime = _at()
    done_at: datetime | None = _at(nullable=True)
    withdrawn_at: datetime | None = _at(nullable=True)


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
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting")
    series_id: int | None = _column(Integer, nullable=True, index=True)
    run: int
    number: int
    question: str = _column(Text)
    method: Method = _word(Method)
    is_secret: bool
    is_advisory: bool
    state: VoteState = _word(VoteState)
    base_kind: BaseKind = _word(BaseKind)
    base: int | None = _column(Integer, nullable=True)
    threshold_numerator: int
    threshold_denominator: int
    threshold_is_strict: bool
    decision: Decision | None = _word(Decision, nullable=True)
    opens_at: datetime | None = _at(nullable=True)
    opens_for: int | None = _column(Integer, nullable=True)
    deadline_at: datetime | None = _at(nullable=True)
    opened_at: datetime | None = _at(nullable=True)
    paused_at: datetime | None = _at(nullable=True)
    closed_at: datetime | None = _at(nullable=True)
    announced_at: datetime | None = _at(nullable=True)
    cancelled_at: datetime | None = _at(nullable=True)
    cancel_reason: str = _column(Text)
    salt: str = _column(String(64))


class VoteItemRow(SQLModel, table=True):
    """An item that a vote is about, in a named version of its text."""

    __tablename__ = "vote_item"
    __table_args__ = (UniqueConstraint("vote_id", "item_id"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    vote_id: int = _link("vote", index=False)
    item_id: int = _link("item")
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
    organisation_id: int = _link("organisation")
    vote_id: int = _link("vote", index=False)
    option: Option = _word(Option)
    place: int
    count: int | None = _column(Integer, nullable=True)


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
    organisation_id: int = _link("organisation")
    vote_id: int = _link("vote", index=False)
    attendee_id: int | None = _link("attendee", nullable=True)
    unit_id: int | None = _link("unit", nullable=True)
    admitted_at: datetime | None = _at(nullable=True)


class BallotRow(SQLModel, table=True):
    """An elector's choice in a run: one at most, of an option of that very vote."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("vote_id", "elector_id"),
        ForeignKeyConstraint(["vote_id", "elector_id"], ["elector.vote_id", "elector.id"]),
        ForeignKeyConstraint(["vote_id", "option_id"], ["vote_option.vote_id", "vote_option.id"]),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation", index=False)
    vote_id: int
    elector_id: int
    option_id: int
    source: Source = _word(Source)
    cast_by: int = _link("person", index=False)
    cast_at: datetime = _at()
    opinion: str = _column(Text)


class EventMarkRow(SQLModel, table=True):
    """An event whose effect is committed: delivered again, it changes nothing."""

    __tablename__ = "event_mark"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    event_id: str = Field(sa_column=Column(String(64), primary_key=True))
    at: datetime = _at(index=True)


class FailedEventRow(SQLModel, table=True):
    """An event that failed, by mark only, with how often."""

    __tablename__ = "failed_event"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    event_id: str = Field(sa_column=Column(String(64), primary_key=True))
    attempts: int
    at: datetime = _at()


class DialogueRow(SQLModel, table=True):
    """The question that waits for an account's answer; `version` tells a stale button."""

    __tablename__ = "dialogue"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), nullable=False, unique=True))
    topic: str = _column(String(32))
    version: int
    state: dict[str, Any] = _column(JSON)
    updated_at: datetime = _at()


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
    organisation_id: int = _link("organisation", index=False)
    meeting_id: int | None = _link("meeting", nullable=True)
    account_id: int = _link("account", index=False)
    kind: CardKind = _word(CardKind, is_open=True)
    subject_id: int
    priority: int
    wanted_version: int
    shown_version: int
    shown_at: datetime | None = _at(nullable=True)
    ref: str | None = _column(Text, nullable=True)
    attempts: int
    next_try_at: datetime | None = _at(nullable=True)


class PaceRow(SQLModel, table=True):
    """A platform's pace over all processes: when the next send may begin, and a rest it asked for."""

    __tablename__ = "pace"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    next_turn_at: datetime = _at()
    rests_until: datetime | None = _at(nullable=True)


class MailingRow(SQLModel, table=True):
    """One message to many, whose progress is followed and which can be cancelled."""

    __tablename__ = "mailing"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int | None = _link("meeting", nullable=True)
    kind: PostKind = _word(PostKind, is_open=True)
    subject_id: int
    facts: dict[str, Any] = _column(JSON)
    made_by: int | None = _link("person", nullable=True, index=False)
    made_at: datetime = _at()
    cancelled_at: datetime | None = _at(nullable=True)


class PostRow(SQLModel, table=True):
    """A message that is sent once to each recipient; `cause` and account make it one."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("cause", "account_id"),
        Index("ix_post_waiting", "state", "priority", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation", index=False)
    meeting_id: int | None = _link("meeting", nullable=True)
    account_id: int = _link("account")
    mailing_id: int | None = _link("mailing", nullable=True)
    cause: str = _column(String(64))
    kind: PostKind = _word(PostKind, is_open=True)
    subject_id: int
    facts: dict[str, Any] = _column(JSON)
    priority: int
    state: WorkState = _word(WorkState)
    attempts: int
    next_try_at: datetime | None = _at(nullable=True)
    leased_until: datetime | None = _at(nullable=True)
    made_at: datetime = _at()
    sent_at: datetime | None = _at(nullable=True)
    ref: str | None = _column(Text, nullable=True)


class DueWorkRow(SQLModel, table=True):
    """Something that is due at an instant; claimed here, so that each is done once.

    `part` tells several of one kind and subject apart: the minutes before a meeting. `planned_at` is the
    instant that it was planned for; `due_at` is when it is looked at next.
    """

    __tablename__ = "due_work"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "part"), Index(None, "state", "due_at"))
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation", index=False)
    meeting_id: int = _link("meeting")
    kind: DueKind = _word(DueKind, is_open=True)
    subject_id: int
    part: int = 0
    planned_at: datetime = _at()
    due_at: datetime = _at()
    state: WorkState = _word(WorkState)
    done_at: datetime | None = _at(nullable=True)


class RecordEntryRow(SQLModel, table=True):
    """An entry of a meeting's hash-chained record."""

    __tablename__ = "record_entry"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = _link("organisation")
    meeting_id: int = _link("meeting", index=False)
    number: int
    at: datetime = _at()
    act: str = _column(String(48))
    facts: dict[str, Any] = _column(JSON)
    previous_hash: str = _column(String(64))
    hash: str = _column(String(64))

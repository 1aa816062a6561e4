"""Whom a meeting's reminders reach, and what became of what was sent."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.people import Presence, Purpose, Reply
from meeting.states import PostKind, WorkState
from storage.database import Tx
from storage.reach import list_accounts_to_tell
from storage.rows import AttendeeRow, BindingRow, ConsentRow, PersonRow, PostRow
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody a post was made for, with its state; `number` is None for who isn't on the roll."""

    person_id: int
    number: int | None
    name: str
    state: WorkState


@dataclass(frozen=True, slots=True)
class Seated:
    """An attendee: whether an account reaches them, and whether they don't want to be reminded."""

    attendee_id: int
    person_id: int
    number: int
    name: str
    reply: Reply
    presence: Presence
    is_reached: bool
    is_refusing: bool


async def list_told(tx: Tx, meeting: MeetingView, kinds: Collection[PostKind]) -> dict[str, list[Told]]:
    """Give who was told what of these kinds about a meeting, by cause, in the order of the roll."""
    statement: Select[str, int, int | None, str, WorkState] = Select(
        col(PostRow.cause),
        col(PersonRow.id),
        col(AttendeeRow.number),
        col(PersonRow.name),
        col(PostRow.state),
    )
    rows = await tx.exec(
        statement.select_from(PostRow)
        .join(
            BindingRow,
            and_(
                col(BindingRow.account_id) == col(PostRow.account_id),
                col(BindingRow.organisation_id) == meeting.organisation_id,
            ),
        )
        .join(PersonRow, col(PersonRow.id) == col(BindingRow.person_id))
        .outerjoin(
            AttendeeRow,
            and_(
                col(AttendeeRow.person_id) == col(PersonRow.id),
                col(AttendeeRow.meeting_id) == meeting.meeting_id,
            ),
        )
        .where(col(PostRow.meeting_id) == meeting.meeting_id, col(PostRow.kind).in_(kinds))
        .order_by(col(AttendeeRow.number), col(PersonRow.name), col(PostRow.id))
    )
    told: dict[str, list[Told]] = defaultdict(list)
    for cause, person_id, number, name, state in rows:
        told[cause].append(Told(person_id, number, name, state))
    return dict(told)


async def list_seated(tx: Tx, meeting: MeetingView) -> list[Seated]:
    """Give the attendees in the order of the roll; who is replaced by somebody else is left out."""
    reached, _ = await list_accounts_to_tell(tx, meeting.meeting_id)
    refusing = await list_refusing(tx, meeting.organisation_id)
    statement: Select[int, int, int, str, Reply, Presence] = Select(
        col(AttendeeRow.id),
        col(AttendeeRow.person_id),
        col(AttendeeRow.number),
        col(PersonRow.name),
        col(AttendeeRow.reply),
        col(AttendeeRow.presence),
    )
    rows = await tx.exec(
        statement.join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .where(col(AttendeeRow.meeting_id) == meeting.meeting_id, col(AttendeeRow.reply) != Reply.SUBSTITUTED)
        .order_by(col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [
        Seated(
            attendee_id,
            person_id,
            number,
            name,
            reply,
            presence,
            is_reached=attendee_id in reached,
            is_refusing=person_id in refusing,
        )
        for attendee_id, person_id, number, name, reply, presence in rows
    ]


async def list_refusing(tx: Tx, organisation_id: int) -> set[int]:
    """Give the people of an organisation who don't want to be reminded."""
    refusing = select(ConsentRow.person_id).where(
        col(ConsentRow.organisation_id) == organisation_id,
        col(ConsentRow.purpose) == Purpose.REMINDERS,
        col(ConsentRow.is_given).is_(False),
    )
    return set(await tx.exec(refusing))


async def list_refusing_accounts(tx: Tx, organisation_id: int, account_ids: Collection[int]) -> set[int]:
    """Give those of the accounts whose owners don't want to be reminded by an organisation."""
    refusing = (
        select(BindingRow.account_id)
        .join(ConsentRow, col(ConsentRow.person_id) == col(BindingRow.person_id))
        .where(
            col(BindingRow.organisation_id) == organisation_id,
            col(BindingRow.account_id).in_(account_ids),
            col(ConsentRow.purpose) == Purpose.REMINDERS,
            col(ConsentRow.is_given).is_(False),
        )
    )
    return set(await tx.exec(refusing))


async def list_owners(tx: Tx, organisation_id: int, account_ids: Collection[int]) -> dict[int, str]:
    """Give the names of those whom accounts speak for in an organisation, by person id, in their order."""
    statement: Select[int, str] = Select(col(PersonRow.id), col(PersonRow.name))
    rows = await tx.exec(
        statement.join(BindingRow, col(BindingRow.person_id) == col(PersonRow.id))
        .where(
            col(BindingRow.organisation_id) == organisation_id, col(BindingRow.account_id).in_(account_ids)
        )
        .order_by(col(PersonRow.name), col(PersonRow.id))
    )
    return dict(iter(rows))

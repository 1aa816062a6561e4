"""Attendees: their seats, replies and presence, and the accounts that speak for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.names import fold
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.plan import PlannedAttendee
from meeting.recognition import Known, Wanted, recognise
from storage import invitations, people
from storage.database import Instant, Tx, flushed
from storage.errors import AttendeeNotFoundError
from storage.meetings import lock_meeting
from storage.rows import AttendeeRow, BindingRow, PersonRow, UnitRow


@dataclass(frozen=True, slots=True)
class Attendee:
    """What handlers need to know of an attendee."""

    attendee_id: int
    organisation_id: int
    meeting_id: int
    person_id: int
    unit_id: int | None
    standing: Standing
    reply: Reply
    presence: Presence
    checked_in_at: datetime | None
    replaced_by_id: int | None


async def add_attendees(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    planned: Sequence[PlannedAttendee],
    units: Mapping[str, int],
    now: datetime,
) -> list[int]:
    """Add attendees in order with the roles that they are planned for, and give their ids."""
    unit_ids = [None if attendee.unit is None else units[fold(attendee.unit)] for attendee in planned]
    people_of = await _put_people(tx, organisation_id, planned, unit_ids, now)
    seats = zip(people_of, unit_ids, planned, strict=True)
    rows = [
        _attendee_row(organisation_id, meeting_id, person_id, unit_id, number, attendee)
        for number, (person_id, unit_id, attendee) in enumerate(seats, start=1)
    ]
    tx.add_all(rows)
    await tx.flush()
    for row, attendee in zip(rows, planned, strict=True):
        if attendee.role is not None:
            scope = None if attendee.role is Role.ORGANISER else meeting_id
            await people.put_role(tx, organisation_id, row.person_id, attendee.role, scope, now)
    return [flushed(row.id) for row in rows]


async def _put_people(
    tx: Tx,
    organisation_id: int,
    planned: Sequence[PlannedAttendee],
    unit_ids: Sequence[int | None],
    now: datetime,
) -> list[int]:
    """Give the person of each attendee: one who is known, with a phone that is told now, or a new one."""
    wanted = [
        Wanted(fold(attendee.name), attendee.phone, unit_id)
        for attendee, unit_id in zip(planned, unit_ids, strict=True)
    ]
    found = recognise(wanted, await _list_known(tx, organisation_id, {line.name for line in wanted}))
    new = await people.add_people(
        tx,
        organisation_id,
        [
            (attendee.name, attendee.phone)
            for attendee, person_id in zip(planned, found, strict=True)
            if person_id is None
        ],
        now,
    )
    phones = [
        {"id": person_id, "phone": attendee.phone}
        for attendee, person_id in zip(planned, found, strict=True)
        if person_id is not None and attendee.phone is not None
    ]
    if phones:
        await tx.exec(sa.update(PersonRow), params=phones)
    added = iter(new)
    return [next(added) if person_id is None else person_id for person_id in found]


async def _list_known(tx: Tx, organisation_id: int, folded_names: Collection[str]) -> list[Known]:
    """Give an organisation's people of these names, with the units of their seats."""
    statement: Select[int, str, str | None, int | None, int | None] = Select(
        col(PersonRow.id),
        col(PersonRow.folded_name),
        col(PersonRow.phone),
        col(AttendeeRow.id),
        col(AttendeeRow.unit_id),
    )
    rows = await tx.exec(
        statement.outerjoin(AttendeeRow, col(AttendeeRow.person_id) == col(PersonRow.id)).where(
            col(PersonRow.organisation_id) == organisation_id, col(PersonRow.folded_name).in_(folded_names)
        )
    )
    known: dict[int, Known] = {}
    for person_id, name, phone, attendee_id, unit_id in rows:
        units = known[person_id].unit_ids if person_id in known else frozenset()
        seat = frozenset() if attendee_id is None else frozenset({unit_id})
        known[person_id] = Known(person_id, name, phone, units | seat)
    return list(known.values())


def _attendee_row(
    organisation_id: int,
    meeting_id: int,
    person_id: int,
    unit_id: int | None,
    number: int,
    attendee: PlannedAttendee,
) -> AttendeeRow:
    return AttendeeRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        person_id=person_id,
        unit_id=unit_id,
        number=number,
        position=attendee.position or "",
        standing=attendee.standing,
        reply=Reply.NONE,
        reply_reason="",
        presence=Presence.AWAY,
    )


async def add_attendee(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    attendee: PlannedAttendee,
    unit_id: int | None,
    key: bytes,
    now: datetime,
) -> int:
    """Add one attendee at the end of the roll, with an invitation, and give the id."""
    last = await tx.exec(
        select(func.max(AttendeeRow.number)).where(col(AttendeeRow.meeting_id) == meeting_id)
    )
    person_id = await people.add_person(tx, organisation_id, attendee.name, attendee.phone, now)
    row = _attendee_row(organisation_id, meeting_id, person_id, unit_id, (last.one() or 0) + 1, attendee)
    tx.add(row)
    await tx.flush()
    await invitations.add_attendee_invitations(tx, key, organisation_id, meeting_id, [flushed(row.id)], now)
    return flushed(row.id)


async def put_attendee_for_person(
    tx: Tx, organisation_id: int, meeting_id: int, person_id: int, standing: Standing
) -> None:
    """Put somebody who is known already on the roll; a repeat changes nothing."""
    seat = await tx.exec(
        select(AttendeeRow.id).where(
            col(AttendeeRow.meeting_id) == meeting_id, col(AttendeeRow.person_id) == person_id
        )
    )
    if seat.first() is not None:
        return
    last = await tx.exec(
        select(func.max(AttendeeRow.number)).where(col(AttendeeRow.meeting_id) == meeting_id)
    )
    planned = PlannedAttendee(name="", unit=None, position=None, standing=standing)
    number = (last.one() or 0) + 1
    tx.add(_attendee_row(organisation_id, meeting_id, person_id, None, number, planned))
    await tx.flush()


async def list_meeting_accounts(
    tx: Tx, meeting_id: int, attendee_ids: Collection[int] | None = None
) -> list[int]:
    """Give the accounts that reach the meeting's attendees: all, or those of `attendee_ids`."""
    statement = (
        select(BindingRow.account_id)
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id)
    )
    if attendee_ids is not None:
        statement = statement.where(col(AttendeeRow.id).in_(attendee_ids))
    return list(await tx.exec(statement))


def _attendee(row: AttendeeRow) -> Attendee:
    return Attendee(
        flushed(row.id),
        row.organisation_id,
        row.meeting_id,
        row.person_id,
        row.unit_id,
        row.standing,
        row.reply,
        row.presence,
        row.checked_in_at,
        row.replaced_by_id,
    )


async def get_attendee(tx: Tx, attendee_id: int) -> Attendee:
    """Give an attendee, the meeting held; raises AttendeeNotFoundError."""
    meeting_id = await find_meeting_of_attendee(tx, attendee_id)
    if meeting_id is None:
        raise AttendeeNotFoundError(attendee_id)
    await lock_meeting(tx, meeting_id)
    found = select(AttendeeRow).where(col(AttendeeRow.id) == attendee_id)
    return _attendee((await tx.exec(found.execution_options(populate_existing=True))).one())


async def list_attendees_of_accounts(
    tx: Tx, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Attendee]:
    """Give the attendees of many (account, meeting) pairs in one query; strangers are left out."""
    rows = await tx.exec(
        select(BindingRow.account_id, AttendeeRow)
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(
            col(BindingRow.account_id).in_({account_id for account_id, _ in pairs}),
            # + 0 keeps SQLite from the meeting's index, by which it would read everybody in it.
            (col(AttendeeRow.meeting_id) + 0).in_({meeting_id for _, meeting_id in pairs}),
        )
        .execution_options(populate_existing=True)
    )
    return {(account_id, row.meeting_id): _attendee(row) for account_id, row in rows}


async def list_replaced_by(tx: Tx, attendee_id: int) -> list[int]:
    """Give the attendees whom this one stands in for."""
    return [
        flushed(replaced_id)
        for replaced_id in await tx.exec(
            select(AttendeeRow.id).where(col(AttendeeRow.replaced_by_id) == attendee_id)
        )
    ]


async def put_attendee(tx: Tx, attendee_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of an attendee."""
    await tx.exec(sa.update(AttendeeRow).where(col(AttendeeRow.id) == attendee_id).values(**values))


async def put_presence(tx: Tx, attendee_ids: Collection[int], source: Source, now: datetime) -> None:
    """Record attendees present; who left and is back keeps the first time."""
    await tx.exec(
        sa.update(AttendeeRow)
        .where(col(AttendeeRow.id).in_(attendee_ids))
        .values(
            presence=Presence.PRESENT,
            presence_source=source,
            checked_in_at=func.coalesce(AttendeeRow.checked_in_at, sa.literal(now, Instant())),
            left_at=None,
        )
    )


async def get_seat(tx: Tx, attendee_id: int) -> tuple[int, str, str]:
    """Give an attendee's person, name and unit ("" without one); raises AttendeeNotFoundError."""
    statement: Select[int, str, str | None] = Select(
        col(PersonRow.id), col(PersonRow.name), col(UnitRow.name)
    )
    row = (
        await tx.exec(
            statement.select_from(AttendeeRow)
            .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
            .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
            .where(col(AttendeeRow.id) == attendee_id)
        )
    ).first()
    if row is None:
        raise AttendeeNotFoundError(attendee_id)
    person_id, name, unit = row
    return person_id, name, unit or ""


async def find_meeting_of_attendee(tx: Tx, attendee_id: int) -> int | None:
    """Give the meeting of an attendee."""
    return (await tx.exec(select(AttendeeRow.meeting_id).where(col(AttendeeRow.id) == attendee_id))).first()

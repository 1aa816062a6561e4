"""Meetings with their units, attendees, statements and agenda."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from meeting.agenda import ItemKind
from meeting.attendance import Attendance, StatementKind
from meeting.names import fold
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem
from meeting.recognition import Known, Wanted, recognise
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.voting import VoteState
from storage import invitations, people, pledges, titles, versions
from storage.database import Instant, Tx, flushed
from storage.errors import AttendeeNotFoundError, ItemNotFoundError, MeetingNotFoundError
from storage.rows import (
    AttendeeRow,
    BindingRow,
    ItemRow,
    MeetingRow,
    PersonRow,
    RoleRow,
    StatementRow,
    SummonedUnitRow,
    UnitRow,
    VoteItemRow,
    VoteRow,
)


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


@dataclass(frozen=True, slots=True)
class Item:
    """What handlers need to know of an item."""

    item_id: int
    organisation_id: int
    meeting_id: int
    title: str
    kind: ItemKind
    is_advisory: bool
    text_version: int
    decision: Decision | None
    is_counted: bool


# Setting up


async def add_meeting(
    tx: Tx,
    organisation_id: int,
    plan: MeetingPlan,
    key: bytes,
    now: datetime,
    *,
    language: str,
    address: str,
) -> int:
    """Add a planned meeting with everything in it, and give its id.

    People who are known in the organisation are recognised (`meeting.recognition`), others added.
    """
    await people.lock_organisation(tx, organisation_id)
    rules = plan.rules
    row = MeetingRow(
        organisation_id=organisation_id,
        title=plan.title,
        template=plan.template,
        host=plan.host,
        place=plan.place,
        starts_wall=plan.starts_at.isoformat(timespec="minutes"),
        timezone=plan.timezone,
        starts_at=plan.starts_at_utc,
        language=language,
        address=address,
        state=MeetingState.PLANNED,
        headcount=plan.headcount,
        has_union=plan.has_union,
        quorum_kind=rules.quorum.kind,
        quorum_numerator=rules.quorum.threshold.numerator,
        quorum_denominator=rules.quorum.threshold.denominator,
        quorum_is_strict=rules.quorum.threshold.is_strict,
        base_kind=rules.base_kind,
        threshold_numerator=rules.threshold.numerator,
        threshold_denominator=rules.threshold.denominator,
        threshold_is_strict=rules.threshold.is_strict,
        regime=rules.regime,
        rule_source=rules.source,
        is_rule_verified=rules.is_verified,
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    meeting_id = flushed(row.id)
    units = await _put_units(tx, organisation_id, [unit.name for unit in plan.units])
    tx.add_all(
        SummonedUnitRow(
            organisation_id=organisation_id, meeting_id=meeting_id, unit_id=unit_id, position=place
        )
        for place, unit_id in enumerate(units.values(), start=1)
    )
    attendee_ids = await _add_attendees(tx, organisation_id, meeting_id, plan.attendees, units, now)
    await invitations.add_attendee_invitations(tx, key, organisation_id, meeting_id, attendee_ids, now)
    item_ids = await _add_items(tx, organisation_id, meeting_id, plan.items, now)
    if plan.pledge is not None:
        place = (organisation_id, meeting_id, item_ids[plan.pledge.item])
        await pledges.add_planned_pledge(tx, *place, plan.pledge, units, attendee_ids)
    await titles.add_planned_titles(tx, organisation_id, meeting_id, plan.titles, attendee_ids)
    return meeting_id


async def _put_units(tx: Tx, organisation_id: int, names: Collection[str]) -> dict[str, int]:
    """Give the ids of units by folded name, in the order given; those not known yet are added."""
    rows = await tx.exec(select(UnitRow).where(col(UnitRow.organisation_id) == organisation_id))
    known = {row.folded_name: flushed(row.id) for row in rows}
    wanted = {fold(name): name for name in names}
    added = [
        UnitRow(organisation_id=organisation_id, name=name, folded_name=folded)
        for folded, name in wanted.items()
        if folded not in known
    ]
    tx.add_all(added)
    await tx.flush()
    known |= {row.folded_name: flushed(row.id) for row in added}
    return {folded: known[folded] for folded in wanted}


async def _add_attendees(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    planned: Sequence[PlannedAttendee],
    units: Mapping[str, int],
    now: datetime,
) -> list[int]:
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


# The meeting itself


async def put_meeting(tx: Tx, meeting_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a meeting."""
    await tx.exec(sa.update(MeetingRow).where(col(MeetingRow.id) == meeting_id).values(**values))


async def lock_meeting(tx: Tx, meeting_id: int) -> MeetingState:
    """Hold the meeting's row until the transaction ends, and give its state; raises MeetingNotFoundError.

    Whoever changes anything in a meeting holds this row first, then a vote's; ballots alone go without it.
    """
    statement: SelectOfScalar[MeetingState] = SelectOfScalar(col(MeetingRow.state))
    held = statement.where(col(MeetingRow.id) == meeting_id).with_for_update(key_share=True)
    state = (await tx.exec(held)).first()
    if state is None:
        raise MeetingNotFoundError(meeting_id)
    return state


async def list_closed(tx: Tx, meeting_ids: Collection[int]) -> set[int]:
    """Give those of the meetings that are closed."""
    rows = await tx.exec(
        select(MeetingRow.id).where(
            col(MeetingRow.id).in_(set(meeting_ids)), col(MeetingRow.state) == MeetingState.CLOSED
        )
    )
    return {flushed(meeting_id) for meeting_id in rows}


async def find_had_quorum(tx: Tx, meeting_id: int) -> bool | None:
    """Give whether there was a quorum when it was last looked at; None before the statement."""
    return (await tx.exec(select(MeetingRow.had_quorum).where(col(MeetingRow.id) == meeting_id))).one()


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


# Attendees


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


async def find_unit_in_meeting(tx: Tx, meeting_id: int, name: str) -> int | None:
    """Give the summoned unit of this name, compared folded."""
    return (
        await tx.exec(
            select(UnitRow.id)
            .join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == col(UnitRow.id))
            .where(col(SummonedUnitRow.meeting_id) == meeting_id, col(UnitRow.folded_name) == fold(name))
        )
    ).first()


# Statements


async def add_statement(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    kind: StatementKind,
    attendance: Attendance,
    stated_by: int,
    now: datetime,
) -> None:
    """Store an attendance as stated."""
    quorum = attendance.quorum
    tx.add(
        StatementRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            kind=kind,
            headcount=attendance.headcount,
            summoned=attendance.summoned,
            present=attendance.present,
            excused=attendance.excused,
            guests=attendance.guests,
            units=attendance.units,
            units_present=attendance.units_present,
            quorum_kind=quorum.kind,
            quorum_numerator=quorum.threshold.numerator,
            quorum_denominator=quorum.threshold.denominator,
            quorum_is_strict=quorum.threshold.is_strict,
            has_quorum=attendance.has_quorum,
            stated_by=stated_by,
            stated_at=now,
        )
    )
    await tx.flush()


# Agenda


async def add_item(tx: Tx, organisation_id: int, meeting_id: int, item: PlannedItem, now: datetime) -> int:
    """Add an item at the end, with version 1 of its text, and give the id."""
    last = await tx.exec(select(func.max(ItemRow.place)).where(col(ItemRow.meeting_id) == meeting_id))
    (item_id,) = await _add_items(tx, organisation_id, meeting_id, [item], now, after=last.one() or 0)
    return item_id


async def _add_items(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    items: Sequence[PlannedItem],
    now: datetime,
    *,
    after: int = 0,
) -> list[int]:
    rows = [
        ItemRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            place=place,
            title=item.title,
            kind=item.kind,
            is_advisory=item.is_advisory,
            presenter=item.presenter,
            text_version=1,
            is_counted=False,
            additions=[],
        )
        for place, item in enumerate(items, start=after + 1)
    ]
    tx.add_all(rows)
    await tx.flush()
    texts = {flushed(row.id): item.text for row, item in zip(rows, items, strict=True)}
    await versions.add_first_versions(tx, organisation_id, texts, now)
    return list(texts)


def _item(row: ItemRow) -> Item:
    return Item(
        flushed(row.id),
        row.organisation_id,
        row.meeting_id,
        row.title,
        row.kind,
        row.is_advisory,
        row.text_version,
        row.decision,
        row.is_counted,
    )


async def get_item(tx: Tx, item_id: int) -> Item:
    """Give an item, the meeting held; raises ItemNotFoundError."""
    meeting_id = (await tx.exec(select(ItemRow.meeting_id).where(col(ItemRow.id) == item_id))).first()
    if meeting_id is None:
        raise ItemNotFoundError(item_id)
    await lock_meeting(tx, meeting_id)
    found = select(ItemRow).where(col(ItemRow.id) == item_id)
    return _item((await tx.exec(found.execution_options(populate_existing=True))).one())


async def list_items(tx: Tx, meeting_id: int) -> list[Item]:
    """Give the items that were not skipped, in order."""
    rows = await tx.exec(
        select(ItemRow)
        .where(
            col(ItemRow.meeting_id) == meeting_id,
            sa.or_(col(ItemRow.decision).is_(None), col(ItemRow.decision) != Decision.SKIPPED),
        )
        .order_by(col(ItemRow.place), col(ItemRow.id))
    )
    return [_item(row) for row in rows]


async def put_item(tx: Tx, item_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of an item."""
    await tx.exec(sa.update(ItemRow).where(col(ItemRow.id) == item_id).values(**values))


async def put_item_order(tx: Tx, item_ids: Collection[int]) -> None:
    """Set the order of a meeting's items."""
    for place, item_id in enumerate(item_ids, start=1):
        await tx.exec(sa.update(ItemRow).where(col(ItemRow.id) == item_id).values(place=place))


async def list_active_votes_on(tx: Tx, item_id: int) -> list[int]:
    """Give the votes on an item that were begun and neither announced nor cancelled."""
    rows = await tx.exec(
        select(VoteItemRow.vote_id)
        .join(VoteRow, col(VoteRow.id) == col(VoteItemRow.vote_id))
        .where(
            col(VoteItemRow.item_id) == item_id,
            col(VoteRow.state).in_({VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED}),
        )
    )
    return list(rows)


_PRESIDERS = frozenset({Role.CHAIR, Role.SECRETARY})


async def list_presiding_accounts(tx: Tx, meeting_id: int) -> list[int]:
    """Give the accounts of the chair and the secretary."""
    return await people.list_role_accounts(tx, meeting_id, _PRESIDERS)


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


async def list_meetings_of(
    tx: Tx, organisation_id: int, person_id: int, *, also: int | None
) -> list[tuple[int, bool]]:
    """Give an organisation's meetings in which a person has a seat or a role, and whether a seat.

    Closed ones are left out, but for the one that is named with `also`.
    """
    statement: Select[int, int | None] = Select(col(MeetingRow.id), col(AttendeeRow.id))
    rows = await tx.exec(
        statement.outerjoin(
            AttendeeRow,
            sa.and_(
                col(AttendeeRow.meeting_id) == col(MeetingRow.id), col(AttendeeRow.person_id) == person_id
            ),
        )
        .where(
            col(MeetingRow.organisation_id) == organisation_id,
            sa.or_(col(MeetingRow.state) != MeetingState.CLOSED, col(MeetingRow.id) == also),
            sa.or_(
                col(AttendeeRow.id).is_not(None),
                sa.exists().where(
                    col(RoleRow.person_id) == person_id,
                    sa.or_(col(RoleRow.meeting_id) == col(MeetingRow.id), col(RoleRow.meeting_id).is_(None)),
                ),
            ),
        )
        .order_by(col(MeetingRow.id))
    )
    return [(meeting_id, attendee_id is not None) for meeting_id, attendee_id in rows]


async def find_meeting_of_attendee(tx: Tx, attendee_id: int) -> int | None:
    """Give the meeting of an attendee."""
    return (await tx.exec(select(AttendeeRow.meeting_id).where(col(AttendeeRow.id) == attendee_id))).first()


async def find_meeting_of_item(tx: Tx, item_id: int) -> int | None:
    """Give the meeting of an item."""
    return (await tx.exec(select(ItemRow.meeting_id).where(col(ItemRow.id) == item_id))).first()

"""Opinions of meetings: whatever becomes of one, its row stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from meeting.opinions import Opinion, OpinionKind, OpinionState
from meeting.people import Source
from meeting.versions import standing_in
from storage import versions
from storage.database import Tx, flushed
from storage.errors import OpinionNotFoundError
from storage.rows import AttendeeRow, OpinionRow, PersonRow, SummonedUnitRow, UnitRow
from storage.views import OpinionView


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """An opinion to be added: of an attendee or of a unit, on an item or on the meeting with None."""

    item_id: int | None
    attendee_id: int | None
    unit_id: int | None
    kind: OpinionKind
    text: str
    source: Source
    sent_by: int


async def add_opinions(
    tx: Tx, organisation_id: int, meeting_id: int, new: Sequence[NewOpinion], now: datetime
) -> list[tuple[int, int]]:
    """Add opinions that wait, and give the id and the number of each; the meeting is held."""
    first = await get_last_number(tx, meeting_id) + 1
    rows = [
        OpinionRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            item_id=opinion.item_id,
            attendee_id=opinion.attendee_id,
            unit_id=opinion.unit_id,
            number=number,
            kind=opinion.kind,
            text=opinion.text,
            source=opinion.source,
            sent_by=opinion.sent_by,
            sent_at=now,
            state=OpinionState.WAITING,
            answer="",
        )
        for number, opinion in enumerate(new, first)
    ]
    tx.add_all(rows)
    await tx.flush()
    return [(flushed(row.id), row.number) for row in rows]


async def get_last_number(tx: Tx, meeting_id: int) -> int:
    """Give the number of a meeting's newest opinion, which is how many there are; 0 without any."""
    last = await tx.exec(select(func.max(OpinionRow.number)).where(col(OpinionRow.meeting_id) == meeting_id))
    return last.one() or 0


async def count_sent(tx: Tx, attendee_id: int, since: datetime) -> int:
    """Give how many opinions an attendee sent after an instant, in person."""
    count: SelectOfScalar[int] = SelectOfScalar(func.count())
    sent = count.select_from(OpinionRow).where(
        col(OpinionRow.attendee_id) == attendee_id,
        col(OpinionRow.source) == Source.SELF,
        col(OpinionRow.sent_at) > since,
    )
    return (await tx.exec(sent)).one()


async def count_sent_on(tx: Tx, attendee_id: int, item_id: int | None) -> int:
    """Give how many opinions an attendee sent on an item, in person; None is the meeting as a whole."""
    count: SelectOfScalar[int] = SelectOfScalar(func.count())
    sent = count.select_from(OpinionRow).where(
        col(OpinionRow.attendee_id) == attendee_id,
        col(OpinionRow.source) == Source.SELF,
        col(OpinionRow.item_id).is_not_distinct_from(item_id),
    )
    return (await tx.exec(sent)).one()


async def count_waiting(tx: Tx, meeting_id: int) -> int:
    """Give how many opinions of a meeting nothing has become of yet."""
    count: SelectOfScalar[int] = SelectOfScalar(func.count())
    waiting = count.select_from(OpinionRow).where(
        col(OpinionRow.meeting_id) == meeting_id, col(OpinionRow.state) == OpinionState.WAITING
    )
    return (await tx.exec(waiting)).one()


async def get_opinion(tx: Tx, opinion_id: int) -> OpinionView:
    """Give an opinion, whatever became of it; raises OpinionNotFoundError."""
    found = await _list(tx, col(OpinionRow.id) == opinion_id)
    if not found:
        raise OpinionNotFoundError(opinion_id)
    return found[0]


async def list_opinions_by_id(tx: Tx, opinion_ids: Collection[int]) -> dict[int, OpinionView]:
    """Give those of the opinions that there are, by id."""
    found = await _list(tx, col(OpinionRow.id).in_(opinion_ids)) if opinion_ids else []
    return {each.opinion_id: each for each in found}


async def find_meeting_of_opinion(tx: Tx, opinion_id: int) -> int | None:
    """Give the meeting of an opinion, or None where there is no such opinion."""
    return (await tx.exec(select(OpinionRow.meeting_id).where(col(OpinionRow.id) == opinion_id))).first()


async def list_opinions(tx: Tx, meeting_id: int) -> list[OpinionView]:
    """Give all opinions of a meeting in the order of their numbers."""
    return await _list(tx, col(OpinionRow.meeting_id) == meeting_id)


async def list_merged(tx: Tx, opinion_id: int) -> list[OpinionView]:
    """Give the opinions that go with this one."""
    return await _list(tx, col(OpinionRow.merged_into_id) == opinion_id)


async def _list(tx: Tx, condition: sa.ColumnElement[bool]) -> list[OpinionView]:
    seat_unit, own_unit = aliased(UnitRow), aliased(UnitRow)
    statement: Select[OpinionRow, int | None, str | None, str | None, str | None] = Select(
        OpinionRow, col(PersonRow.id), col(PersonRow.name), col(seat_unit.name), col(own_unit.name)
    )
    found = await tx.exec(
        statement.outerjoin(AttendeeRow, col(AttendeeRow.id) == col(OpinionRow.attendee_id))
        .outerjoin(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .outerjoin(seat_unit, col(seat_unit.id) == col(AttendeeRow.unit_id))
        .outerjoin(own_unit, col(own_unit.id) == col(OpinionRow.unit_id))
        .where(condition)
        .order_by(col(OpinionRow.number), col(OpinionRow.id))
        .execution_options(populate_existing=True)
    )
    rows = found.all()
    in_text = await _list_in_text(tx, [row for row, *_ in rows])
    return [
        OpinionView(
            opinion_id=flushed(row.id),
            organisation_id=row.organisation_id,
            meeting_id=row.meeting_id,
            number=row.number,
            item_id=row.item_id,
            attendee_id=row.attendee_id,
            person_id=person_id,
            unit_id=row.unit_id,
            author=name or own or "",
            unit=seat or "",
            kind=row.kind,
            text=row.text,
            source=row.source,
            sent_at=row.sent_at,
            state=row.state,
            merged_into_id=row.merged_into_id,
            answer=row.answer,
            decided_at=row.decided_at,
            is_in_text=row.id in in_text,
        )
        for row, person_id, name, seat, own in rows
    ]


async def _list_in_text(tx: Tx, rows: Collection[OpinionRow]) -> set[int | None]:
    """Give those of the opinions that their item's newest text is made of."""
    taken_up = {row.item_id for row in rows if row.state is OpinionState.TAKEN_UP}
    lines = await versions.list_lines(tx, [item_id for item_id in taken_up if item_id is not None])
    return {version.opinion_id for line in lines.values() for version in standing_in(line)}


async def put_sorted(tx: Tx, opinion_id: int, kind: OpinionKind, item_id: int | None) -> None:
    """Set what an opinion is and what it is about."""
    await tx.exec(
        sa.update(OpinionRow).where(col(OpinionRow.id) == opinion_id).values(kind=kind, item_id=item_id)
    )


async def put_states(
    tx: Tx, opinions: Collection[tuple[Opinion, str]], *, decided_by: int | None, now: datetime
) -> None:
    """Set what became of opinions and in which words.

    One that waits again, or goes with another, is decided by nobody.
    """
    values = []
    for opinion, answer in opinions:
        is_settled = opinion.state not in {OpinionState.WAITING, OpinionState.MERGED}
        values.append(
            {
                "id": opinion.opinion_id,
                "state": opinion.state,
                "merged_into_id": opinion.merged_into_id,
                "answer": answer if is_settled else "",
                "decided_by": decided_by if is_settled else None,
                "decided_at": now if is_settled else None,
            }
        )
    if values:
        await tx.exec(sa.update(OpinionRow), params=values)


async def list_units_summoned(tx: Tx, meeting_id: int) -> dict[int, str]:
    """Give the units that have a part in a meeting, summoned or with somebody on the roll, in order."""
    units: Select[int, str] = Select(col(UnitRow.id), col(UnitRow.name))
    summoned = units.join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == col(UnitRow.id)).where(
        col(SummonedUnitRow.meeting_id) == meeting_id
    )
    seated = units.join(AttendeeRow, col(AttendeeRow.unit_id) == col(UnitRow.id)).where(
        col(AttendeeRow.meeting_id) == meeting_id
    )
    found = dict((await tx.exec(summoned.order_by(col(SummonedUnitRow.position)))).all())
    return found | dict((await tx.exec(seated.order_by(col(AttendeeRow.number)))).all())


async def list_people_of_unit(tx: Tx, meeting_id: int, unit_id: int) -> list[int]:
    """Give the people who attend a meeting for a unit."""
    people = select(AttendeeRow.person_id).where(
        col(AttendeeRow.meeting_id) == meeting_id, col(AttendeeRow.unit_id) == unit_id
    )
    return list(await tx.exec(people.order_by(col(AttendeeRow.number))))

"""An organisation's meetings over the years, in a few grouped statements however large they were."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.overview import HISTORY_YEARS, EndedItem, HeldMeeting, Turnout, overview_of
from meeting.people import Presence, Reply, Standing
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.voting import VoteState
from storage.database import Tx
from storage.errors import OrganisationNotFoundError
from storage.reading.votes import list_tallies
from storage.rows import (
    AttendeeRow,
    ItemRow,
    MeetingRow,
    OrganisationRow,
    StatementRow,
    SummonedUnitRow,
    VoteItemRow,
    VoteRow,
)
from storage.views import OverviewView


@dataclass(frozen=True, slots=True)
class _Meeting:
    meeting_id: int
    title: str
    starts_at: datetime
    timezone: str
    state: MeetingState
    quorum_kind: QuorumKind
    opened_at: datetime | None
    cancelled_at: datetime | None

    @property
    def on(self) -> date:
        return self.starts_at.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def is_held(self) -> bool:
        is_over = self.state is MeetingState.CLOSED
        return is_over and self.opened_at is not None and self.cancelled_at is None


async def get_overview_view(tx: Tx, organisation_id: int, year: int) -> OverviewView:
    """Give the overview of a year; raises OrganisationNotFoundError.

    A meeting counts in the year in which it begins, in its own time zone. An item whose count wasn't
    announced is left out, as in the meeting's own results.
    """
    organisation = (
        await tx.exec(select(OrganisationRow.name).where(OrganisationRow.id == organisation_id))
    ).first()
    if organisation is None:
        raise OrganisationNotFoundError(organisation_id)
    meetings = await _list_meetings(tx, organisation_id)
    followed = [each for each in meetings if year - HISTORY_YEARS < each.on.year <= year]
    of_year = [each for each in meetings if each.on.year == year]
    return OverviewView(
        organisation_id=organisation_id,
        organisation=organisation,
        overview=overview_of(year, await _list_held(tx, [each for each in followed if each.is_held])),
        years=tuple(sorted({each.on.year for each in meetings if each.is_held})),
        not_held=sum(each.state is not MeetingState.CLOSED for each in of_year),
        cancelled=sum(each.state is MeetingState.CLOSED and not each.is_held for each in of_year),
    )


async def _list_meetings(tx: Tx, organisation_id: int) -> list[_Meeting]:
    # The order of _Meeting's fields.
    statement: Select[int, str, datetime, str, MeetingState, QuorumKind, datetime | None, datetime | None] = (
        Select(
            col(MeetingRow.id),
            col(MeetingRow.title),
            col(MeetingRow.starts_at),
            col(MeetingRow.timezone),
            col(MeetingRow.state),
            col(MeetingRow.quorum_kind),
            col(MeetingRow.opened_at),
            col(MeetingRow.cancelled_at),
        )
    )
    rows = await tx.exec(statement.where(MeetingRow.organisation_id == organisation_id))
    return [_Meeting(*row) for row in rows]


async def _list_held(tx: Tx, meetings: Collection[_Meeting]) -> list[HeldMeeting]:
    turnouts = await _turnouts(tx, {each.meeting_id: each.quorum_kind for each in meetings})
    items = await _ended_items(tx, {each.meeting_id for each in meetings})
    return [
        HeldMeeting(
            each.meeting_id, each.title, each.on, turnouts[each.meeting_id], tuple(items[each.meeting_id])
        )
        for each in meetings
    ]


# Turnout


async def _turnouts(tx: Tx, kinds: Mapping[int, QuorumKind]) -> dict[int, Turnout]:
    """The turnout that the chair confirmed last, else that of the roll as the meeting left it."""
    statement: Select[int, QuorumKind, int, int, int, int] = Select(
        col(StatementRow.meeting_id),
        col(StatementRow.quorum_kind),
        col(StatementRow.summoned),
        col(StatementRow.present),
        col(StatementRow.units),
        col(StatementRow.units_present),
    )
    turnouts = {}
    for meeting_id, kind, summoned, present, units, units_present in await tx.exec(
        statement.where(
            col(StatementRow.meeting_id).in_(kinds), StatementRow.kind == StatementKind.CONFIRMED
        ).order_by(col(StatementRow.stated_at), col(StatementRow.id))
    ):
        is_by_units = kind is QuorumKind.UNITS
        turnouts[meeting_id] = (
            Turnout(units_present, units, is_by_units=True) if is_by_units else Turnout(present, summoned)
        )
    unstated = {meeting_id: kind for meeting_id, kind in kinds.items() if meeting_id not in turnouts}
    people = await _people_on_rolls(tx, unstated)
    units_of = await _units_on_rolls(tx, unstated)
    for meeting_id, kind in unstated.items():
        by_units = kind is QuorumKind.UNITS
        turnouts[meeting_id] = units_of[meeting_id] if by_units else people[meeting_id]
    return turnouts


def _is_voting() -> sa.ColumnElement[bool]:
    return sa.and_(col(AttendeeRow.standing) == Standing.VOTING, col(AttendeeRow.reply) != Reply.SUBSTITUTED)


async def _people_on_rolls(tx: Tx, meeting_ids: Collection[int]) -> dict[int, Turnout]:
    present = sa.case((col(AttendeeRow.presence) == Presence.PRESENT, 1), else_=0)
    statement: Select[int, int, int] = Select(
        col(AttendeeRow.meeting_id), sa.func.sum(present), sa.func.count()
    )
    found: dict[int, Turnout] = defaultdict(lambda: Turnout(0, 0))
    for meeting_id, there, summoned in await tx.exec(
        statement.where(col(AttendeeRow.meeting_id).in_(meeting_ids), _is_voting()).group_by(
            col(AttendeeRow.meeting_id)
        )
    ):
        found[meeting_id] = Turnout(int(there), summoned)
    return found


async def _units_on_rolls(tx: Tx, meeting_ids: Collection[int]) -> dict[int, Turnout]:
    there = (
        select(AttendeeRow.id)
        .where(
            AttendeeRow.meeting_id == SummonedUnitRow.meeting_id,
            AttendeeRow.unit_id == SummonedUnitRow.unit_id,
            AttendeeRow.presence == Presence.PRESENT,
            _is_voting(),
        )
        .exists()
    )
    statement: Select[int, int, int] = Select(
        col(SummonedUnitRow.meeting_id), sa.func.sum(sa.case((there, 1), else_=0)), sa.func.count()
    )
    found: dict[int, Turnout] = defaultdict(lambda: Turnout(0, 0, is_by_units=True))
    for meeting_id, present, summoned in await tx.exec(
        statement.where(col(SummonedUnitRow.meeting_id).in_(meeting_ids)).group_by(
            col(SummonedUnitRow.meeting_id)
        )
    ):
        found[meeting_id] = Turnout(int(present), summoned, is_by_units=True)
    return found


# Items


async def _ended_items(tx: Tx, meeting_ids: Collection[int]) -> dict[int, list[EndedItem]]:
    deciding = await _deciding_votes(tx, meeting_ids)
    tallies = await list_tallies(tx, set(deciding.values()))
    statement: Select[int, int, str, ItemKind, Decision | None, bool] = Select(
        col(ItemRow.id),
        col(ItemRow.meeting_id),
        col(ItemRow.title),
        col(ItemRow.kind),
        col(ItemRow.decision),
        col(ItemRow.is_counted),
    )
    items: dict[int, list[EndedItem]] = defaultdict(list)
    numbers: dict[int, int] = defaultdict(int)
    for item_id, meeting_id, title, kind, decision, is_counted in await tx.exec(
        statement.where(col(ItemRow.meeting_id).in_(meeting_ids)).order_by(
            col(ItemRow.meeting_id), col(ItemRow.place), col(ItemRow.id)
        )
    ):
        numbers[meeting_id] += 1
        tally = tallies.get(deciding.get(item_id, 0)) if is_counted else None
        if decision is not None and (tally is not None or not is_counted):
            items[meeting_id].append(EndedItem(numbers[meeting_id], title, kind, decision, tally))
    return items


async def _deciding_votes(tx: Tx, meeting_ids: Collection[int]) -> dict[int, int]:
    """The run announced last for each item, by item id."""
    statement: Select[int, int] = Select(col(VoteItemRow.item_id), col(VoteRow.id))
    rows = await tx.exec(
        statement.join(VoteRow, col(VoteRow.id) == VoteItemRow.vote_id)
        .where(col(VoteRow.meeting_id).in_(meeting_ids), VoteRow.state == VoteState.ANNOUNCED)
        .order_by(col(VoteRow.announced_at), col(VoteRow.id))
    )
    return dict(rows.all())

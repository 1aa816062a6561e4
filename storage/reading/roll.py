"""Attendees: the roll and its count, the statements of it, each one's own view, and the ways in."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.attendance import (
    Attendance,
    Quorum,
    QuorumKind,
    RollEntry,
    Statement,
    StatementKind,
    count_attendance,
)
from meeting.counting import Threshold
from meeting.people import Presence, Purpose, Reply, Source, Standing
from meeting.regimes import Template
from meeting.states import InvitationKind, MeetingState
from meeting.voting import VotingUnit
from storage.database import Tx
from storage.pledges import find_pledge
from storage.reading.agenda import find_item, list_items
from storage.reading.floor import get_floor
from storage.reading.meetings import get_meeting_view
from storage.rows import (
    AccountRow,
    AttendeeRow,
    BindingRow,
    ConsentRow,
    InvitationRow,
    PersonRow,
    StatementRow,
    SummonedUnitRow,
    UnitRow,
)
from storage.scoring import list_rankings, list_scorings
from storage.views import AttendanceView, AttendeeView, InvitationView, MeetingView, RollView


async def get_roll(tx: Tx, meeting_id: int) -> list[RollEntry]:
    """Give the attendees in order; whoever sent a substitute is left out, the substitute counts instead."""
    statement: Select[int, int | None, Standing, Presence, Reply] = Select(
        col(AttendeeRow.id),
        col(AttendeeRow.unit_id),
        col(AttendeeRow.standing),
        col(AttendeeRow.presence),
        col(AttendeeRow.reply),
    )
    rows = await tx.exec(
        statement.where(
            AttendeeRow.meeting_id == meeting_id, AttendeeRow.reply != Reply.SUBSTITUTED
        ).order_by(col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [RollEntry(*row) for row in rows]


async def get_attendance(tx: Tx, meeting_id: int) -> Attendance:
    """Give the attendance as it is now; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    return await attendance_of(tx, meeting, await get_roll(tx, meeting_id))


async def attendance_of(tx: Tx, meeting: MeetingView, roll: list[RollEntry]) -> Attendance:
    """Give the attendance of a roll that was read already."""
    unit_ids = await tx.exec(
        select(SummonedUnitRow.unit_id).where(SummonedUnitRow.meeting_id == meeting.meeting_id)
    )
    return count_attendance(
        roll, meeting.rules.quorum, headcount=meeting.headcount, unit_ids=frozenset(unit_ids)
    )


async def find_statement(tx: Tx, meeting_id: int, kind: StatementKind) -> Statement | None:
    """Give the newest statement of this kind, or None."""
    row = (
        await tx.exec(
            select(StatementRow)
            .where(StatementRow.meeting_id == meeting_id, StatementRow.kind == kind)
            .order_by(col(StatementRow.stated_at).desc(), col(StatementRow.id).desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )
    ).first()
    if row is None:
        return None
    attendance = Attendance(
        headcount=row.headcount,
        summoned=row.summoned,
        present=row.present,
        excused=row.excused,
        guests=row.guests,
        units=row.units,
        units_present=row.units_present,
        quorum=Quorum(
            row.quorum_kind,
            Threshold(row.quorum_numerator, row.quorum_denominator, is_strict=row.quorum_is_strict),
        ),
    )
    return Statement(row.kind, attendance, row.stated_at)


async def list_attendees(tx: Tx, *conditions: ColumnElement[bool]) -> list[AttendeeView]:
    """Give attendees in order; `conditions` are about AttendeeRow."""
    is_bound = (
        select(BindingRow.id)
        .join(AccountRow)
        .where(BindingRow.person_id == AttendeeRow.person_id, col(AccountRow.gone_at).is_(None))
        .exists()
    )
    # The order of AttendeeView's fields.
    statement: Select[
        int,
        int,
        int,
        str,
        str,
        str | None,
        Standing,
        Reply,
        str,
        Presence,
        Source | None,
        datetime | None,
        datetime | None,
        bool,
    ] = Select(
        col(AttendeeRow.id),
        col(AttendeeRow.person_id),
        col(AttendeeRow.number),
        col(PersonRow.name),
        col(AttendeeRow.position),
        col(UnitRow.name),
        col(AttendeeRow.standing),
        col(AttendeeRow.reply),
        col(AttendeeRow.reply_reason),
        col(AttendeeRow.presence),
        col(AttendeeRow.presence_source),
        col(AttendeeRow.checked_in_at),
        col(AttendeeRow.left_at),
        is_bound,
    )
    rows = await tx.exec(
        statement.join(PersonRow, col(PersonRow.id) == AttendeeRow.person_id)
        .outerjoin(UnitRow, col(UnitRow.id) == AttendeeRow.unit_id)
        .where(*conditions)
        .order_by(col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [AttendeeView(*row) for row in rows]


async def get_roll_view(tx: Tx, meeting_id: int) -> RollView:
    """Give all attendees, also those whom a substitute stands for; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    attendance = await attendance_of(tx, meeting, await get_roll(tx, meeting_id))
    return RollView(
        meeting, attendance, tuple(await list_attendees(tx, col(AttendeeRow.meeting_id) == meeting_id))
    )


async def attendance_views(tx: Tx, meeting_id: int, account_ids: Iterable[int]) -> dict[int, AttendanceView]:
    """Give the meeting as the owners of these accounts see it, by account id; raises MeetingNotFoundError.

    Accounts of people who aren't attendees of the meeting are left out.
    """
    meeting = await get_meeting_view(tx, meeting_id)
    current_item = find_item(await list_items(tx, meeting_id), meeting.current_item_id)
    floor = await get_floor(tx, meeting_id)
    pledge = await find_pledge(tx, meeting_id)
    scorings = tuple(await list_scorings(tx, meeting_id))
    rankings = tuple(await list_rankings(tx, meeting_id))
    owners = dict(
        (
            await tx.exec(
                select(BindingRow.account_id, BindingRow.person_id).where(
                    BindingRow.organisation_id == meeting.organisation_id,
                    col(BindingRow.account_id).in_(set(account_ids)),
                )
            )
        ).all()
    )
    person_ids = set(owners.values())
    attendees = {
        attendee.person_id: attendee
        for attendee in await list_attendees(
            tx, col(AttendeeRow.meeting_id) == meeting_id, col(AttendeeRow.person_id).in_(person_ids)
        )
    }
    consents: Select[int, Purpose] = Select(col(ConsentRow.person_id), col(ConsentRow.purpose))
    answered: dict[int, set[Purpose]] = defaultdict(set)
    for person_id, purpose in await tx.exec(consents.where(col(ConsentRow.person_id).in_(person_ids))):
        answered[person_id].add(purpose)
    return {
        account_id: AttendanceView(
            meeting=meeting,
            attendee=attendees[person_id],
            current_item=current_item,
            consents_asked=tuple(purpose for purpose in Purpose if purpose not in answered[person_id]),
            can_substitute=_can_substitute(meeting, attendees[person_id]),
            floor=floor,
            pledge=pledge,
            scorings=scorings,
            rankings=rankings,
        )
        for account_id, person_id in owners.items()
        if person_id in attendees
    }


def _can_substitute(meeting: MeetingView, attendee: AttendeeView) -> bool:
    """Whether another may come instead: who speaks for a unit, and isn't there yet."""
    stands_for_unit = (
        meeting.template is Template.GIAO_UOC
        or meeting.rules.base_kind.voting_unit is VotingUnit.UNIT
        or meeting.rules.quorum.kind is QuorumKind.UNITS
    )
    return (
        stands_for_unit
        and meeting.state is not MeetingState.CLOSED
        and attendee.unit is not None
        and attendee.standing is Standing.VOTING
        and attendee.reply is not Reply.SUBSTITUTED
        and attendee.presence is Presence.AWAY
    )


async def list_invitations(tx: Tx, meeting_id: int) -> tuple[InvitationView, ...]:
    """Give the attendees' personal ways in, in the order of the roll."""
    attendees = await list_attendees(tx, col(AttendeeRow.meeting_id) == meeting_id)
    statement: Select[int, int, int] = Select(
        col(InvitationRow.attendee_id), col(InvitationRow.id), col(InvitationRow.generation)
    )
    invitations = {
        attendee_id: (invitation_id, generation)
        for attendee_id, invitation_id, generation in await tx.exec(
            statement.where(
                InvitationRow.meeting_id == meeting_id, InvitationRow.kind == InvitationKind.ATTENDEE
            )
        )
    }
    return tuple(
        InvitationView(*invitations[attendee.attendee_id], attendee)
        for attendee in attendees
        if attendee.attendee_id in invitations
    )

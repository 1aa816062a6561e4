"""Meetings as everybody may see them, and the organisers' lists of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.attendance import Quorum
from meeting.counting import Threshold
from meeting.people import Role, Standing
from meeting.regimes import Rules
from meeting.states import MeetingState
from storage.database import Tx
from storage.errors import MeetingNotFoundError, OrganisationNotFoundError
from storage.rows import AttendeeRow, BindingRow, MeetingRow, OrganisationRow, PaperRow, PersonRow, RoleRow
from storage.views import HomeView, MannerView, MeetingLine, MeetingView


async def get_meeting_view(tx: Tx, meeting_id: int) -> MeetingView:
    """Give a meeting; raises MeetingNotFoundError."""
    found = (
        await tx.exec(
            _meeting_statement()
            .join(OrganisationRow)
            .where(MeetingRow.id == meeting_id)
            .execution_options(populate_existing=True)
        )
    ).first()
    if found is None:
        raise MeetingNotFoundError(meeting_id)
    row, organisation, needs_approval, papers = found
    return MeetingView(
        meeting_id=meeting_id,
        organisation_id=row.organisation_id,
        organisation=organisation,
        title=row.title,
        host=row.host,
        place=row.place,
        starts_at=row.starts_at,
        timezone=row.timezone,
        language=row.language,
        address=row.address,
        template=row.template,
        state=row.state,
        rules=_rules(row),
        headcount=row.headcount,
        has_union=row.has_union,
        check_in_opens_at=row.check_in_opens_at,
        check_in_opened_at=row.check_in_opened_at,
        check_in_closed_at=row.check_in_closed_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        current_item_id=row.current_item_id,
        papers=papers,
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
        moves=row.moves,
        reminders=tuple(row.reminders),
        needs_approval=needs_approval,
        summons_approved_at=row.summons_approved_at,
        floor_minutes=row.floor_minutes,
    )


def _meeting_statement() -> Select[MeetingRow, str, bool, int]:
    papers = (
        select(func.count())
        .select_from(PaperRow)
        .where(
            col(PaperRow.meeting_id) == MeetingRow.id,
            col(PaperRow.withdrawn_at).is_(None),
            col(PaperRow.is_evidence).is_(False),
        )
        .correlate(MeetingRow)
        .scalar_subquery()
    )
    return Select(MeetingRow, col(OrganisationRow.name), col(OrganisationRow.needs_approval), papers)


async def find_manner(tx: Tx, meeting_id: int, account_id: int) -> MannerView | None:
    """Give how an account's owner is spoken to in a meeting, or None where there is no such meeting."""
    statement: Select[str, str, str, Standing | None] = Select(
        col(MeetingRow.language), col(MeetingRow.timezone), col(MeetingRow.address), col(AttendeeRow.standing)
    )
    found = (
        await tx.exec(
            statement.select_from(MeetingRow)
            .outerjoin(
                BindingRow,
                and_(
                    col(BindingRow.organisation_id) == MeetingRow.organisation_id,
                    col(BindingRow.account_id) == account_id,
                ),
            )
            .outerjoin(
                AttendeeRow,
                and_(
                    col(AttendeeRow.meeting_id) == MeetingRow.id,
                    col(AttendeeRow.person_id) == BindingRow.person_id,
                ),
            )
            .where(col(MeetingRow.id) == meeting_id)
        )
    ).first()
    return None if found is None else MannerView(*found)


def _rules(row: MeetingRow) -> Rules:
    return Rules(
        regime=row.regime,
        quorum=Quorum(
            row.quorum_kind,
            Threshold(row.quorum_numerator, row.quorum_denominator, is_strict=row.quorum_is_strict),
        ),
        base_kind=row.base_kind,
        threshold=Threshold(
            row.threshold_numerator, row.threshold_denominator, is_strict=row.threshold_is_strict
        ),
        source=row.rule_source,
        is_verified=row.is_rule_verified,
    )


async def home_view(tx: Tx, account_id: int, organisation_id: int) -> HomeView:
    """Give an organiser's home; raises OrganisationNotFoundError where the account is no organiser's."""
    homes = await list_homes(tx, [account_id], organisation_id)
    if account_id not in homes:
        raise OrganisationNotFoundError(organisation_id)
    return homes[account_id]


async def list_homes(tx: Tx, account_ids: Iterable[int], organisation_id: int) -> dict[int, HomeView]:
    """Give the homes of these accounts by id; accounts that aren't an organiser's are left out."""
    people = (
        await tx.exec(
            select(
                BindingRow.account_id, PersonRow.name, OrganisationRow.name, OrganisationRow.needs_approval
            )
            .join(PersonRow, col(PersonRow.id) == BindingRow.person_id)
            .join(OrganisationRow, col(OrganisationRow.id) == BindingRow.organisation_id)
            .join(RoleRow, col(RoleRow.person_id) == BindingRow.person_id)
            .where(
                BindingRow.organisation_id == organisation_id,
                RoleRow.role == Role.ORGANISER,
                col(BindingRow.account_id).in_(set(account_ids)),
            )
        )
    ).all()
    if not people:
        return {}
    meetings = await list_meetings(tx, organisation_id)
    return {
        account_id: HomeView(organisation_id, organisation, person, meetings, needs_approval)
        for account_id, person, organisation, needs_approval in people
    }


async def list_meetings(tx: Tx, organisation_id: int | None = None) -> tuple[MeetingLine, ...]:
    """Give an organisation's meetings, or those of all, the newest first."""
    # The order of MeetingLine's fields.
    statement: Select[int, str, datetime, str, MeetingState, bool] = Select(
        col(MeetingRow.id),
        col(MeetingRow.title),
        col(MeetingRow.starts_at),
        col(MeetingRow.timezone),
        col(MeetingRow.state),
        col(MeetingRow.cancelled_at).is_not(None),
    )
    if organisation_id is not None:
        statement = statement.where(MeetingRow.organisation_id == organisation_id)
    rows = await tx.exec(statement.order_by(col(MeetingRow.starts_at).desc(), col(MeetingRow.id).desc()))
    return tuple(MeetingLine(*row) for row in rows)

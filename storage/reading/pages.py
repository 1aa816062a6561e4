"""Personal pages, and everybody whose page can be opened."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import Select

from meeting.people import Role, Standing
from meeting.states import InvitationKind
from storage.database import Tx
from storage.rows import (
    AccountRow,
    AttendeeRow,
    BindingRow,
    DialogueRow,
    InvitationRow,
    MeetingRow,
    OrganisationRow,
    PersonRow,
    PostRow,
    RoleRow,
    UnitRow,
)
from storage.views import PageView, SeatView


async def list_pages(tx: Tx, platform: str, chats: Collection[str]) -> dict[str, PageView]:
    """Give a platform's pages by chat; those that nobody ever used are left out.

    A page that is bound in several organisations is shown as bound in the current meeting's, else the newest.
    """
    newest_post = sa.select(sa.func.max(col(PostRow.id))).where(col(PostRow.account_id) == col(AccountRow.id))
    pending = sa.select(col(DialogueRow.version)).where(
        col(DialogueRow.account_id) == col(AccountRow.id), col(DialogueRow.topic) != ""
    )
    # The order of PageView's fields.
    statement: Select[
        int,
        str,
        str | None,
        str | None,
        int | None,
        str | None,
        str | None,
        str | None,
        int | None,
        int | None,
    ] = Select(
        col(AccountRow.id),
        col(AccountRow.chat),
        col(OrganisationRow.name),
        col(PersonRow.name),
        col(MeetingRow.id),
        col(MeetingRow.title),
        col(AccountRow.language),
        sa.func.coalesce(col(MeetingRow.language), col(OrganisationRow.language)),
        pending.scalar_subquery(),
        newest_post.scalar_subquery(),
    )
    rows = await tx.exec(
        statement.outerjoin(MeetingRow, col(MeetingRow.id) == col(AccountRow.current_meeting_id))
        .outerjoin(BindingRow, col(BindingRow.account_id) == col(AccountRow.id))
        .outerjoin(PersonRow, col(PersonRow.id) == col(BindingRow.person_id))
        .outerjoin(OrganisationRow, col(OrganisationRow.id) == col(BindingRow.organisation_id))
        .where(col(AccountRow.platform) == platform, col(AccountRow.chat).in_(chats))
        .order_by(
            sa.case((col(BindingRow.organisation_id) == col(MeetingRow.organisation_id), 1), else_=0),
            col(BindingRow.id),
        )
    )
    return {row.chat: row for row in (PageView(*row) for row in rows)}


async def list_seats(tx: Tx) -> list[SeatView]:
    """Give the seats of all meetings, the newest meeting first, in the order of its roll."""
    roles: dict[tuple[int, int], set[Role]] = defaultdict(set)
    everywhere: dict[int, set[Role]] = defaultdict(set)
    grants: Select[int, int | None, Role] = Select(
        col(RoleRow.person_id), col(RoleRow.meeting_id), col(RoleRow.role)
    )
    for person_id, meeting_id, role in await tx.exec(grants):
        held = everywhere[person_id] if meeting_id is None else roles[person_id, meeting_id]
        held.add(role)
    statement: Select[int, int, str, str, str | None, Standing, int, int] = Select(
        col(AttendeeRow.person_id),
        col(MeetingRow.id),
        col(MeetingRow.title),
        col(PersonRow.name),
        col(UnitRow.name),
        col(AttendeeRow.standing),
        col(InvitationRow.id),
        col(InvitationRow.generation),
    )
    rows = await tx.exec(
        statement.select_from(AttendeeRow)
        .join(MeetingRow, col(MeetingRow.id) == col(AttendeeRow.meeting_id))
        .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .join(
            InvitationRow,
            sa.and_(
                col(InvitationRow.attendee_id) == col(AttendeeRow.id),
                col(InvitationRow.kind) == InvitationKind.ATTENDEE,
            ),
        )
        .order_by(col(MeetingRow.id).desc(), col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [
        SeatView(
            meeting=title,
            person=name,
            unit=unit,
            standing=standing,
            roles=frozenset(roles[person_id, meeting_id] | everywhere[person_id]),
            invitation_id=invitation_id,
            generation=generation,
        )
        for person_id, meeting_id, title, name, unit, standing, invitation_id, generation in rows
    ]

"""What those who prepare a meeting see of its mailings, and of whom nothing reaches."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.people import Reply, Right, Role, grant
from meeting.states import GoneReason, WorkState
from storage.database import Tx
from storage.errors import MailingNotFoundError
from storage.reading.meetings import get_meeting_view
from storage.reading.panels import list_roles
from storage.rows import AccountRow, AttendeeRow, BindingRow, MailingRow, PersonRow, PostRow, UnitRow
from storage.saved import accounts_saved_on, count_saved
from storage.views import MailingView, ReachView, UnreachableView

_PENDING = (WorkState.WAITING, WorkState.LEASED)
_NOT_REACHED = (WorkState.FAILED, WorkState.MISSED)
NAMES_SHOWN = 20
"""How many people a mailing names at most."""


async def mailing_views(tx: Tx, mailing_id: int, account_ids: Iterable[int]) -> dict[int, MailingView]:
    """Give a mailing as those see it who may prepare its meeting, by account id.

    Raises MailingNotFoundError; others, and mailings that are about no meeting, are left out.
    """
    row = (await tx.exec(select(MailingRow).where(col(MailingRow.id) == mailing_id))).first()
    if row is None:
        raise MailingNotFoundError(mailing_id)
    if row.meeting_id is None:
        return {}
    meeting = await get_meeting_view(tx, row.meeting_id)
    allowed = _granted(await list_roles(tx, meeting, account_ids), Right.PREPARE)
    if not allowed:
        return {}
    counts = await _count_states(tx, mailing_id)
    view = MailingView(
        mailing_id=mailing_id,
        meeting=meeting,
        kind=row.kind,
        made_at=row.made_at,
        cancelled_at=row.cancelled_at,
        total=sum(counts.values()),
        sent=counts.get(WorkState.DONE, 0),
        left=sum(counts.get(state, 0) for state in _PENDING),
        failed=sum(counts.get(state, 0) for state in _NOT_REACHED),
        uncertain=counts.get(WorkState.UNCERTAIN, 0),
        withdrawn=counts.get(WorkState.WITHDRAWN, 0),
        not_reached=await _names(tx, row, _NOT_REACHED),
        perhaps_reached=await _names(tx, row, (WorkState.UNCERTAIN,)),
    )
    return dict.fromkeys(allowed, view)


def _granted(roles: Mapping[int, set[Role]], right: Right) -> list[int]:
    return [account_id for account_id, held in roles.items() if grant(held, right)]


async def _count_states(tx: Tx, mailing_id: int) -> dict[WorkState, int]:
    statement: Select[WorkState, int] = Select(col(PostRow.state), sa.func.count())
    of_mailing = statement.where(col(PostRow.mailing_id) == mailing_id).group_by(col(PostRow.state))
    return dict(iter(await tx.exec(of_mailing)))


async def _names(tx: Tx, mailing: MailingRow, states: Collection[WorkState]) -> tuple[str, ...]:
    rows = await tx.exec(
        select(PersonRow.name)
        .join(BindingRow, col(BindingRow.person_id) == col(PersonRow.id))
        .join(PostRow, col(PostRow.account_id) == col(BindingRow.account_id))
        .where(
            col(PostRow.mailing_id) == mailing.id,
            col(PostRow.state).in_(states),
            col(BindingRow.organisation_id) == mailing.organisation_id,
        )
        .order_by(col(PersonRow.name))
        .limit(NAMES_SHOWN)
    )
    return tuple(rows)


async def reach_views(tx: Tx, meeting_id: int, account_ids: Iterable[int]) -> dict[int, ReachView]:
    """Give whom nothing, or not all, reaches on some account, for those who keep the roll, by account id.

    Phone numbers are shown to organisers only. Raises MeetingNotFoundError.
    """
    meeting = await get_meeting_view(tx, meeting_id)
    roles = await list_roles(tx, meeting, account_ids)
    allowed = _granted(roles, Right.KEEP_ROLL)
    if not allowed:
        return {}
    others = await _other_platforms(tx, meeting_id)
    saved = await count_saved(tx, meeting_id)
    gone = [
        replace(
            one,
            others=tuple(sorted(others.get(person_id, set()) - {one.platform})),
            saved=saved.get((person_id, one.platform), 0),
        )
        for person_id, one in await _not_reached(tx, meeting_id)
    ]
    return {
        account_id: ReachView(
            meeting,
            tuple(one if Role.ORGANISER in roles[account_id] else replace(one, phone=None) for one in gone),
        )
        for account_id in allowed
    }


async def _not_reached(tx: Tx, meeting_id: int) -> list[tuple[int, UnreachableView]]:
    statement: Select[int, int, int, str, str | None, str, GoneReason | None, str | None] = Select(
        col(PersonRow.id),
        # The order of UnreachableView's fields.
        col(AttendeeRow.id),
        col(AttendeeRow.number),
        col(PersonRow.name),
        col(UnitRow.name),
        col(AccountRow.platform),
        col(AccountRow.gone_reason),
        col(PersonRow.phone),
    )
    rows = await tx.exec(
        statement.select_from(AttendeeRow)
        .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .join(BindingRow, col(BindingRow.person_id) == col(PersonRow.id))
        .join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .where(
            col(AttendeeRow.meeting_id) == meeting_id,
            col(AttendeeRow.reply) != Reply.SUBSTITUTED,
            col(AccountRow.gone_at).is_not(None) | col(AccountRow.id).in_(accounts_saved_on(meeting_id)),
        )
        .order_by(col(AttendeeRow.number), col(AccountRow.platform))
    )
    return [
        (person_id, UnreachableView(attendee_id, number, name, unit, platform, reason, phone, ()))
        for person_id, attendee_id, number, name, unit, platform, reason, phone in rows
    ]


async def _other_platforms(tx: Tx, meeting_id: int) -> dict[int, set[str]]:
    statement: Select[int, str] = Select(col(BindingRow.person_id), col(AccountRow.platform))
    rows = await tx.exec(
        statement.join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id, col(AccountRow.gone_at).is_(None))
    )
    platforms: dict[int, set[str]] = {}
    for person_id, platform in rows:
        platforms.setdefault(person_id, set()).add(platform)
    return platforms

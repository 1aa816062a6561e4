"""Whom a reminder of a meeting concerns, and through which account it reaches them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from meeting.people import Presence, Purpose, Reply
from storage.database import Tx
from storage.reach import list_accounts_to_tell
from storage.rows import AccountRow, AttendeeRow, BindingRow, ConsentRow, PostRow


@dataclass(frozen=True, slots=True)
class Concerned:
    """An attendee who is to be told, through this account; `timezone` is the account's own, if it has one."""

    attendee_id: int
    account_id: int
    timezone: str | None


async def list_concerned(
    tx: Tx,
    meeting_id: int,
    *,
    replies: Collection[Reply] = tuple(Reply),
    presences: Collection[Presence] = tuple(Presence),
    not_told: str | None = None,
    is_official: bool = False,
) -> list[Concerned]:
    """Give the attendees with such a reply and presence who can be reached and aren't replaced, in order.

    `not_told` leaves out whom a post of this cause was made for, on whichever account. Who doesn't want to be
    reminded is left out, unless what is told `is_official`.
    """
    accounts, _ = await list_accounts_to_tell(tx, meeting_id)
    statement: SelectOfScalar[int] = SelectOfScalar(col(AttendeeRow.id)).where(
        col(AttendeeRow.meeting_id) == meeting_id,
        col(AttendeeRow.reply).in_(replies),
        col(AttendeeRow.presence).in_(presences),
    )
    if not_told is not None:
        told = (
            sa.select(col(BindingRow.person_id))
            .join(PostRow, col(PostRow.account_id) == col(BindingRow.account_id))
            .where(col(PostRow.cause) == not_told)
        )
        statement = statement.where(col(AttendeeRow.person_id).not_in(told))
    if not is_official:
        refused = sa.select(col(ConsentRow.person_id)).where(
            col(ConsentRow.purpose) == Purpose.REMINDERS, col(ConsentRow.is_given).is_(False)
        )
        statement = statement.where(col(AttendeeRow.person_id).not_in(refused))
    concerned = [one for one in await tx.exec(statement.order_by(col(AttendeeRow.number))) if one in accounts]
    zones = await _timezones(tx, meeting_id)
    return [Concerned(one, accounts[one], zones.get(accounts[one])) for one in concerned]


async def _timezones(tx: Tx, meeting_id: int) -> dict[int, str]:
    """The time zones that accounts of a meeting's attendees have of their own."""
    rows = await tx.exec(
        select(AccountRow.id, AccountRow.timezone)
        .join(BindingRow, col(BindingRow.account_id) == col(AccountRow.id))
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id, col(AccountRow.timezone).is_not(None))
    )
    return {account_id: zone for account_id, zone in rows if account_id is not None and zone is not None}

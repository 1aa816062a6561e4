"""Claims: names that were typed after a shared link, and wait for the organiser."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.states import ClaimState
from storage.database import Tx, flushed
from storage.errors import ClaimNotFoundError
from storage.rows import AttendeeRow, BindingRow, ClaimRow, PersonRow, UnitRow
from storage.views import Seat


@dataclass(frozen=True, slots=True)
class Claim:
    """What an account says about itself; `attendee_id` is who is likely meant, or was accepted."""

    claim_id: int
    organisation_id: int
    meeting_id: int
    account_id: int
    attendee_id: int | None
    typed_name: str
    state: ClaimState


async def add_claim(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    account_id: int,
    attendee_id: int | None,
    typed_name: str,
    now: datetime,
) -> int:
    """Add a claim in place of the account's that waits in this meeting; its id is another."""
    await put_claim_withdrawn(tx, meeting_id, account_id)
    row = ClaimRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        account_id=account_id,
        attendee_id=attendee_id,
        typed_name=typed_name,
        state=ClaimState.WAITING,
        made_at=now,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def put_claim_withdrawn(tx: Tx, meeting_id: int, account_id: int) -> bool:
    """Record that an account's claim in a meeting waits no more, and tell whether one did."""
    withdrawn = await tx.exec(
        sa.update(ClaimRow)
        .where(
            col(ClaimRow.meeting_id) == meeting_id,
            col(ClaimRow.account_id) == account_id,
            col(ClaimRow.state) == ClaimState.WAITING,
        )
        .values(state=ClaimState.WITHDRAWN, typed_name="", attendee_id=None),
        execution_options={"synchronize_session": False},
    )
    return withdrawn.rowcount > 0


async def put_claims_withdrawn(tx: Tx, organisation_id: int, account_id: int) -> set[int]:
    """Record that an account's claims in an organisation wait no more, and give the meetings of those."""
    withdrawn = await tx.exec(
        sa.update(ClaimRow)
        .where(
            col(ClaimRow.organisation_id) == organisation_id,
            col(ClaimRow.account_id) == account_id,
            col(ClaimRow.state) == ClaimState.WAITING,
        )
        .values(state=ClaimState.WITHDRAWN, typed_name="", attendee_id=None)
        .returning(col(ClaimRow.meeting_id)),
        execution_options={"synchronize_session": False},
    )
    return set(withdrawn.scalars())


async def get_claim(tx: Tx, claim_id: int) -> Claim:
    """Give a claim as it is now; raises ClaimNotFoundError."""
    found = select(ClaimRow).where(col(ClaimRow.id) == claim_id)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    if row is None:
        raise ClaimNotFoundError(claim_id)
    return _claim(row)


async def find_meeting_of_claim(tx: Tx, claim_id: int) -> int | None:
    """Give the meeting of a claim."""
    return (await tx.exec(select(ClaimRow.meeting_id).where(col(ClaimRow.id) == claim_id))).first()


async def list_waiting_claims(tx: Tx, meeting_id: int) -> list[Claim]:
    """Give the claims that wait in a meeting, the oldest first."""
    waiting = select(ClaimRow).where(
        col(ClaimRow.meeting_id) == meeting_id, col(ClaimRow.state) == ClaimState.WAITING
    )
    return [_claim(row) for row in await tx.exec(waiting.order_by(col(ClaimRow.id)))]


def _claim(row: ClaimRow) -> Claim:
    return Claim(
        flushed(row.id),
        row.organisation_id,
        row.meeting_id,
        row.account_id,
        row.attendee_id,
        row.typed_name,
        row.state,
    )


async def put_claim_decided(
    tx: Tx, claim_id: int, state: ClaimState, attendee_id: int | None, person_id: int, now: datetime
) -> None:
    """Record what a person decided about a claim."""
    decided = {"state": state, "attendee_id": attendee_id, "decided_by": person_id, "decided_at": now}
    await tx.exec(
        sa.update(ClaimRow).where(col(ClaimRow.id) == claim_id).values(decided),
        execution_options={"synchronize_session": False},
    )


async def list_seats(tx: Tx, meeting_id: int, platform: str) -> list[Seat]:
    """Give the attendees of a meeting in order, as accounts of a platform may claim to be."""
    is_taken = (
        select(BindingRow.id)
        .where(col(BindingRow.person_id) == col(AttendeeRow.person_id), col(BindingRow.platform) == platform)
        .exists()
    )
    # The order of Seat's fields.
    statement: Select[int, int, str, str, str | None, bool] = Select(
        col(AttendeeRow.id),
        col(AttendeeRow.number),
        col(PersonRow.name),
        sa.func.coalesce(col(UnitRow.name), ""),
        col(PersonRow.phone),
        is_taken,
    )
    rows = await tx.exec(
        statement.select_from(AttendeeRow)
        .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(AttendeeRow.unit_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id)
        .order_by(col(AttendeeRow.number), col(AttendeeRow.id))
    )
    return [Seat(*row) for row in rows]


async def list_attendees_of_phone(tx: Tx, meeting_id: int, phone: str) -> list[int]:
    """Give the attendees of a meeting who have this phone number (E.164)."""
    rows = await tx.exec(
        select(AttendeeRow.id)
        .join(PersonRow, col(PersonRow.id) == col(AttendeeRow.person_id))
        .where(col(AttendeeRow.meeting_id) == meeting_id, col(PersonRow.phone) == phone)
        .order_by(col(AttendeeRow.number))
    )
    return [flushed(attendee_id) for attendee_id in rows]

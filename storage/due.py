"""Due work: what is to be done at an instant, claimed in the transaction that does it.

Who does it locks what it is about first (the vote, the meeting), then claims: the same order as those who put
and withdraw it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from meeting.states import DueKind, WorkState
from storage.database import Tx, tell
from storage.inserts import insert
from storage.rows import DueWorkRow

PUT = "due"
"""What `Database.on_commit` is told of when something is due at another instant than before."""


@dataclass(frozen=True, slots=True)
class DueWork:
    """Something that is due; its subject is a vote or a meeting."""

    due_id: int
    kind: DueKind
    subject_id: int
    organisation_id: int
    meeting_id: int
    due_at: datetime


async def put_due(
    tx: Tx, kind: DueKind, subject_id: int, due_at: datetime, *, organisation_id: int, meeting_id: int
) -> None:
    """Have something done at an instant, in place of when it was due before, done or not."""
    work = {"due_at": due_at, "state": WorkState.WAITING, "done_at": None}
    tell(tx, PUT)
    await tx.exec(
        insert(tx, DueWorkRow)
        .values(
            kind=kind,
            subject_id=subject_id,
            part=0,
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            **work,
        )
        .on_conflict_do_update(index_elements=["kind", "subject_id", "part"], set_=work)
    )


async def withdraw_due(tx: Tx, kind: DueKind, subject_id: int) -> None:
    """Have something not done any more; what was done stays so."""
    await tx.exec(
        sa.update(DueWorkRow)
        .where(
            col(DueWorkRow.kind) == kind,
            col(DueWorkRow.subject_id) == subject_id,
            col(DueWorkRow.state) == WorkState.WAITING,
        )
        .values(state=WorkState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )


async def list_due(tx: Tx, now: datetime, limit: int) -> list[DueWork]:
    """Give what is due and not done, the longest due first, without claiming it."""
    return [_due(row) for row in await tx.exec(_waiting(now).limit(limit))]


async def claim_due(
    tx: Tx, now: datetime, limit: int, *, due_ids: Collection[int] | None = None
) -> list[DueWork]:
    """Take what is due (of `due_ids`, if given), the longest due first, until this transaction ends.

    What another transaction has claimed is left out. A rollback gives it back.
    """
    waiting = _waiting(now).limit(limit).with_for_update(skip_locked=True)
    if due_ids is not None:
        waiting = waiting.where(col(DueWorkRow.id).in_(due_ids))
    return [_due(row) for row in await tx.exec(waiting.execution_options(populate_existing=True))]


async def put_due_done(tx: Tx, due_id: int, state: WorkState, now: datetime) -> None:
    """Record what became of claimed work."""
    await tx.exec(
        sa.update(DueWorkRow).where(col(DueWorkRow.id) == due_id).values(state=state, done_at=now),
        execution_options={"synchronize_session": False},
    )


async def find_next_due_at(tx: Tx) -> datetime | None:
    """Give the instant at which something is due next; it may have passed."""
    waiting = select(sa.func.min(col(DueWorkRow.due_at))).where(col(DueWorkRow.state) == WorkState.WAITING)
    return (await tx.exec(waiting)).one()


def _waiting(now: datetime) -> SelectOfScalar[DueWorkRow]:
    return (
        select(DueWorkRow)
        .where(col(DueWorkRow.state) == WorkState.WAITING, col(DueWorkRow.due_at) <= now)
        .order_by(col(DueWorkRow.due_at), col(DueWorkRow.id))
    )


def _due(row: DueWorkRow) -> DueWork:
    if row.id is None:
        raise ValueError("a row that was read has an id")
    return DueWork(row.id, row.kind, row.subject_id, row.organisation_id, row.meeting_id, row.due_at)

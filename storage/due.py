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
    """Something that is to be done; its subject is a vote, a meeting or a task.

    `part` tells several of one kind and subject apart, as minutes before a meeting do. It was planned for
    `planned_at`; `due_at` is when it is looked at next, earlier or later. `settled_at` is when it was done,
    missed or taken out by hand.
    """

    due_id: int
    kind: DueKind
    subject_id: int
    part: int
    organisation_id: int
    meeting_id: int
    planned_at: datetime
    due_at: datetime
    state: WorkState
    settled_at: datetime | None


async def put_due(  # noqa: PLR0913 - due work has these parts
    tx: Tx,
    kind: DueKind,
    subject_id: int,
    due_at: datetime,
    *,
    organisation_id: int,
    meeting_id: int,
    part: int = 0,
    planned_at: datetime | None = None,
) -> None:
    """Have something done at an instant, in place of when it was due before, done or not.

    `planned_at` is the instant that it is for, where that isn't when it is looked at.
    """
    work = {
        "planned_at": planned_at or due_at,
        "due_at": due_at,
        "state": WorkState.WAITING,
        "done_at": None,
    }
    tell(tx, PUT)
    await tx.exec(
        insert(tx, DueWorkRow)
        .values(
            kind=kind,
            subject_id=subject_id,
            part=part,
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            **work,
        )
        .on_conflict_do_update(index_elements=["kind", "subject_id", "part"], set_=work)
    )


async def put_due_later(tx: Tx, due_id: int, due_at: datetime) -> None:
    """Have work that waits looked at again at an instant; what it was planned for stays."""
    tell(tx, PUT)
    await tx.exec(
        sa.update(DueWorkRow)
        .where(col(DueWorkRow.id) == due_id, col(DueWorkRow.state) == WorkState.WAITING)
        .values(due_at=due_at),
        execution_options={"synchronize_session": False},
    )


async def withdraw_due(tx: Tx, kind: DueKind, subject_id: int, part: int | None = None) -> None:
    """Have something not done any more, all parts of it or one; what was done stays so."""
    withdrawn = sa.update(DueWorkRow).where(
        col(DueWorkRow.kind) == kind,
        col(DueWorkRow.subject_id) == subject_id,
        col(DueWorkRow.state) == WorkState.WAITING,
    )
    if part is not None:
        withdrawn = withdrawn.where(col(DueWorkRow.part) == part)
    await tx.exec(
        withdrawn.values(state=WorkState.WITHDRAWN), execution_options={"synchronize_session": False}
    )


async def withdraw_all(tx: Tx, meeting_id: int) -> None:
    """Have nothing done for a meeting any more; what was done stays so."""
    await tx.exec(
        sa.update(DueWorkRow)
        .where(col(DueWorkRow.meeting_id) == meeting_id, col(DueWorkRow.state) == WorkState.WAITING)
        .values(state=WorkState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )


async def list_work(
    tx: Tx, meeting_id: int, kinds: Collection[DueKind] | None = None, *, is_held: bool = False
) -> list[DueWork]:
    """Give all work of a meeting (of these kinds), whatever became of it, by the instant it is planned for.

    `is_held`: until the transaction ends; whoever holds it holds the meeting before.
    """
    work = select(DueWorkRow).where(col(DueWorkRow.meeting_id) == meeting_id)
    if kinds is not None:
        work = work.where(col(DueWorkRow.kind).in_(kinds))
    if is_held:
        work = work.with_for_update()
    work = work.order_by(col(DueWorkRow.planned_at), col(DueWorkRow.id))
    return [_due(row) for row in await tx.exec(work.execution_options(populate_existing=True))]


async def find_work(tx: Tx, due_id: int) -> DueWork | None:
    """Give one piece of work, whatever became of it."""
    found = select(DueWorkRow).where(col(DueWorkRow.id) == due_id)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    return None if row is None else _due(row)


async def list_meetings_waiting(tx: Tx, kind: DueKind) -> list[int]:
    """Give the meetings for which work of a kind waits."""
    waiting = select(DueWorkRow.meeting_id).where(
        col(DueWorkRow.kind) == kind, col(DueWorkRow.state) == WorkState.WAITING
    )
    return list(await tx.exec(waiting.distinct().order_by(col(DueWorkRow.meeting_id))))


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
    """Record what became of claimed work; withdrawn so, it is out for the instant it was planned for."""
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
    return DueWork(
        due_id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        part=row.part,
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        planned_at=row.planned_at,
        due_at=row.due_at,
        state=row.state,
        settled_at=row.done_at,
    )

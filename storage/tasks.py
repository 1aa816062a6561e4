"""Tasks of meetings, their owners, and through which account an owner is reached."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.people import Purpose
from meeting.tasks import PlannedTask
from storage.database import Tx, flushed
from storage.errors import TaskNotFoundError
from storage.platforms import ON_PAGES
from storage.rows import AccountRow, BindingRow, ConsentRow, MeetingRow, TaskRow
from storage.uses import last_use
from storage.views import OwnTaskView, TaskView


@dataclass(frozen=True, slots=True)
class Reached:
    """The account through which a person is told; `timezone` is its own, if it has one.

    `is_reminded` is False for who doesn't want to be reminded of anything.
    """

    account_id: int
    timezone: str | None
    is_reminded: bool


async def add_task(  # noqa: PLR0913 - a task has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int | None,
    task: PlannedTask,
    *,
    owner_id: int | None,
    made_by: int,
    now: datetime,
) -> int:
    """Add a task and give its id."""
    row = TaskRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        item_id=item_id,
        text=task.text,
        owner=task.owner,
        owner_id=owner_id,
        due_on=task.due_on,
        made_by=made_by,
        made_at=now,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def get_task(tx: Tx, task_id: int) -> TaskView:
    """Give a task, whatever became of it; raises TaskNotFoundError."""
    found = select(TaskRow).where(col(TaskRow.id) == task_id)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    if row is None:
        raise TaskNotFoundError(task_id)
    return _view(row)


async def find_meeting_of_task(tx: Tx, task_id: int) -> int | None:
    """Give the meeting that gave a task, or None where there is no such task."""
    return (await tx.exec(select(TaskRow.meeting_id).where(col(TaskRow.id) == task_id))).first()


async def list_tasks(tx: Tx, meeting_id: int) -> list[TaskView]:
    """Give all tasks of a meeting in the order in which they were given."""
    tasks = select(TaskRow).where(col(TaskRow.meeting_id) == meeting_id).order_by(col(TaskRow.id))
    return [_view(row) for row in await tx.exec(tasks.execution_options(populate_existing=True))]


async def list_own_tasks(tx: Tx, account_id: int) -> list[OwnTaskView]:
    """Give what those whom an account speaks for have still to do, the most urgent first."""
    statement: Select[TaskRow, str, str] = Select(TaskRow, col(MeetingRow.title), col(MeetingRow.timezone))
    rows = await tx.exec(
        statement.join(MeetingRow, col(MeetingRow.id) == col(TaskRow.meeting_id))
        .join(BindingRow, col(BindingRow.person_id) == col(TaskRow.owner_id))
        .where(
            col(BindingRow.account_id) == account_id,
            col(TaskRow.done_at).is_(None),
            col(TaskRow.withdrawn_at).is_(None),
            col(MeetingRow.cancelled_at).is_(None),
        )
        .order_by(col(TaskRow.due_on), col(TaskRow.id))
    )
    return [OwnTaskView(_view(row), title, timezone) for row, title, timezone in rows]


async def put_task_done(tx: Tx, task_id: int, now: datetime) -> None:
    """Record that a task is done."""
    await tx.exec(sa.update(TaskRow).where(col(TaskRow.id) == task_id).values(done_at=now))


async def put_task_withdrawn(tx: Tx, task_id: int, now: datetime) -> None:
    """Record that a task needn't be done."""
    await tx.exec(sa.update(TaskRow).where(col(TaskRow.id) == task_id).values(withdrawn_at=now))


async def find_owner_reached(tx: Tx, owner_id: int | None) -> Reached | None:
    """Give how the owner of a task is told: as attendees are, through the chat used last, a page at last.

    None where nothing reaches them.
    """
    statement: Select[int, str, str | None] = Select(
        col(AccountRow.id), col(AccountRow.platform), col(AccountRow.timezone)
    )
    rows = (
        await tx.exec(
            statement.join(BindingRow, col(BindingRow.account_id) == col(AccountRow.id))
            .where(col(BindingRow.person_id) == owner_id, col(AccountRow.gone_at).is_(None))
            .order_by(last_use(BindingRow), col(BindingRow.id))
        )
    ).all()
    if not rows:
        return None
    account_id, _, timezone = max(enumerate(rows), key=lambda row: (row[1][1] not in ON_PAGES, row[0]))[1]
    refused = select(ConsentRow.id).where(
        col(ConsentRow.person_id) == owner_id,
        col(ConsentRow.purpose) == Purpose.REMINDERS,
        col(ConsentRow.is_given).is_(False),
    )
    return Reached(account_id, timezone, (await tx.exec(refused)).first() is None)


def _view(row: TaskRow) -> TaskView:
    return TaskView(
        task_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        text=row.text,
        owner=row.owner,
        owner_id=row.owner_id,
        due_on=row.due_on,
        made_at=row.made_at,
        done_at=row.done_at,
        withdrawn_at=row.withdrawn_at,
    )

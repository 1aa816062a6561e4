"""What the clock goes by: reminders of a meeting, its moves and its end unheld, time zones, tasks."""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    # Not in batches: SQLite would make the tables anew, which others refer to.
    op.add_column("account", sa.Column("timezone", sa.String(length=64), nullable=True))
    op.add_column(
        "organisation", sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("meeting", sa.Column("cancelled_at", Instant(), nullable=True))
    op.add_column("meeting", sa.Column("cancel_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("meeting", sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "meeting", sa.Column("reminders", sa.JSON(), nullable=False, server_default="[10080, 1440, 60]")
    )
    op.add_column("meeting", sa.Column("summons_approved_at", Instant(), nullable=True))
    op.add_column("vote", sa.Column("opens_at", Instant(), nullable=True))
    op.add_column("vote", sa.Column("opens_for", sa.Integer(), nullable=True))
    op.add_column("due_work", sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("due_work", sa.Column("planned_at", Instant(), nullable=True))
    op.execute("UPDATE due_work SET planned_at = due_at")
    with op.batch_alter_table("due_work", schema=None) as batch_op:
        batch_op.alter_column("planned_at", existing_type=Instant(), nullable=False)
        batch_op.drop_constraint(op.f("uq_due_work_kind_subject_id"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_due_work_kind_subject_id_part"), ["kind", "subject_id", "part"]
        )
    op.create_table(
        "special_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_special_day")),
    )
    _add_tasks()


def _add_tasks() -> None:
    links = {
        "organisation_id": ("organisation", True),
        "meeting_id": ("meeting", True),
        "item_id": ("item", False),
        "owner_id": ("person", True),
        "made_by": ("person", False),
    }
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_task_{column}"))
            for column, (table, _) in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    for column, (_, is_indexed) in links.items():
        if is_indexed:
            op.create_index(op.f(f"ix_task_{column}"), "task", [column], unique=False)

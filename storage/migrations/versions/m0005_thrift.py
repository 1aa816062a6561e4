"""Choices by number, messages counted by month, files handed out by an address, accounts by last use."""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "chat_choices",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("shown_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "chat", name=op.f("pk_chat_choices")),
    )
    op.create_table(
        "message_count",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("bot", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "bot", "month", name=op.f("pk_message_count")),
    )
    op.create_table(
        "handed_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handed_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_handed_file_sha256")),
    )
    op.create_index(op.f("ix_handed_file_expires_at"), "handed_file", ["expires_at"], unique=False)
    op.add_column("binding", sa.Column("used_at", Instant(), nullable=True))

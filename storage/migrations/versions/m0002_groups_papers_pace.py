"""Groups, claims, papers, mailings and the pace; the database takes words that later releases add."""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant
from storage.migrations.tables import add_table, link

revision = "0002"
down_revision = "0001"

_GROWING = {
    "due_work": "ck_due_work_duekind",
    "invitation": "ck_invitation_invitationkind",
    "live_card": "ck_live_card_cardkind",
    "post": "ck_post_postkind",
}
"""By table, the check of the words that releases add to."""


# The eleven-digit mobile numbers of Vietnam have ten digits since 2018.
_RENUMBERED = {
    **dict(zip(("120", "121", "122", "126", "128"), ("70", "79", "77", "76", "78"), strict=True)),
    **dict(zip(("123", "124", "125", "127", "129"), ("83", "84", "85", "81", "82"), strict=True)),
    **{f"16{last}": f"3{last}" for last in range(2, 10)},
    "186": "56",
    "188": "58",
    "199": "59",
}


def upgrade() -> None:
    """Apply."""
    _open_words()
    _renumber_phones()
    _add_tables()
    # Not in a batch: SQLite would make the table anew, which others refer to.
    op.add_column("account", sa.Column("gone_reason", sa.String(length=32), nullable=True))
    op.add_column("account", sa.Column("is_group", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("account", sa.Column("rests_until", Instant(), nullable=True))
    op.add_column("live_card", sa.Column("shown_at", Instant(), nullable=True))


def _renumber_phones() -> None:
    person = sa.table("person", sa.column("phone", sa.String))
    for old, new in _RENUMBERED.items():
        op.execute(
            person.update()
            .where(person.c.phone.like(f"+84{old}{'_' * 7}"))
            .values(phone=sa.literal(f"+84{new}") + sa.func.substr(person.c.phone, 7))
        )


def _open_words() -> None:
    for table, check in _GROWING.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(check), type_="check")


def _add_tables() -> None:
    op.create_table(
        "pace",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("next_turn_at", Instant(), nullable=False),
        sa.Column("rests_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_pace")),
    )
    add_table(
        "mailing",
        link("meeting", nullable=True, index=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        link("person", "made_by", nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("cancelled_at", Instant(), nullable=True),
    )
    add_table(
        "claim",
        link("meeting"),
        link("account", index=True),
        link("attendee", nullable=True),
        sa.Column("typed_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        link("person", "decided_by", nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
    )
    op.create_index(
        "uq_claim_waiting",
        "claim",
        ["meeting_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    add_table(
        "group_chat",
        link("meeting", index=True),
        link("account"),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("lacks", sa.JSON(), nullable=False),
        sa.Column("pinned_ref", sa.Text(), nullable=True),
        link("person", "bound_by"),
        sa.Column("bound_at", Instant(), nullable=False),
        sa.UniqueConstraint("account_id", name=op.f("uq_group_chat_account_id")),
    )
    add_table(
        "paper",
        link("meeting", index=True),
        link("item", nullable=True, index=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        link("person", "added_by"),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
    )
    op.create_table(
        "paper_content",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_content_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_paper_content")),
    )
    op.create_table(
        "paper_copy",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_copy_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", "platform", name=op.f("pk_paper_copy")),
    )
    op.create_table(
        "sent_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sent_file_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_file")),
        sa.UniqueConstraint("account_id", "sha256", name=op.f("uq_sent_file_account_id_sha256")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mailing_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_post_mailing_id"), ["mailing_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_post_mailing_id"), "mailing", ["mailing_id"], ["id"])

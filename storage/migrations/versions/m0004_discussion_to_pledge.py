"""Opinions, texts in versions, requests for the floor, speeches, pledges, titles and scoring."""

import sqlalchemy as sa
from alembic import op

from storage.database import Instant
from storage.migrations.tables import add_table, link

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    _add_discussion()
    _add_pledges()
    _add_titles()
    _add_scoring()


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=False)


def _line(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _at(name: str, *, nullable: bool = True) -> sa.schema.SchemaItem:
    return sa.Column(name, Instant(), nullable=nullable)


def _add_discussion() -> None:
    add_table(
        "opinion",
        link("meeting"),
        link("item", nullable=True, index=True),
        link("attendee", nullable=True, index=True),
        link("unit", nullable=True),
        _number("number"),
        _word("kind"),
        _text("text"),
        _word("source"),
        link("person", "sent_by"),
        _at("sent_at", nullable=False),
        _word("state"),
        link("opinion", "merged_into_id", nullable=True, index=True),
        _text("answer"),
        link("person", "decided_by", nullable=True),
        _at("decided_at"),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_opinion_meeting_id_number")),
    )
    add_table(
        "floor_request",
        link("meeting", index=True),
        link("item", nullable=True),
        link("attendee", index=True),
        _line("topic", 400),
        _word("source"),
        _word("state"),
        _number("place"),
        _number("minutes", nullable=True),
        _at("asked_at", nullable=False),
        _at("began_at"),
        _at("ended_at"),
    )
    _add_unique("uq_floor_request_pending", "attendee_id", "state IN ('waiting', 'speaking')")
    _add_unique("uq_floor_request_speaking", "meeting_id", "state = 'speaking'")
    op.add_column("meeting", sa.Column("floor_minutes", sa.Integer(), nullable=True))
    add_table(
        "speech",
        link("meeting", index=True),
        link("item", nullable=True),
        _word("kind"),
        _line("speaker", 200),
        _line("position", 200),
        _text("text"),
        link("person", "made_by"),
        _at("made_at", nullable=False),
        _at("withdrawn_at"),
    )
    with op.batch_alter_table("item_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("addition", sa.Text(), nullable=False, server_default=""))
        for column, table in (("opinion_id", "opinion"), ("paper_id", "paper"), ("made_by", "person")):
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_item_version_{column}"), table, [column], ["id"])


def _add_unique(name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "floor_request", [column], unique=True, sqlite_where=where, postgresql_where=where)


def _add_pledges() -> None:
    add_table(
        "pledge",
        link("meeting", index=True),
        link("item"),
        _word("kind"),
        _line("witness", 400),
        _flag("is_ordered"),
        _flag("is_on_paper"),
        _number("version", nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        link("person", "frozen_by", nullable=True),
        _at("frozen_at"),
        sa.UniqueConstraint("item_id", name=op.f("uq_pledge_item_id")),
    )
    add_table(
        "pledge_party",
        link("pledge", index=True),
        _number("place"),
        _line("name", 300),
        link("unit", nullable=True),
        _line("signer", 200),
        link("person", "signer_id", nullable=True, index=True),
        _line("position", 200),
        _at("removed_at"),
    )
    add_table(
        "pledge_confirmation",
        link("pledge_party", "party_id", index=True),
        _number("version"),
        _line("sha256", 64),
        _word("state"),
        _line("signer", 200),
        link("person", "signer_id", nullable=True),
        link("person", "entered_by"),
        _at("confirmed_at"),
        _at("signed_at"),
        link("paper", "evidence_id", nullable=True),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        _at("voided_at"),
        _text("void_reason"),
    )
    op.create_index(
        "uq_pledge_confirmation_valid",
        "pledge_confirmation",
        ["party_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def _add_titles() -> None:
    add_table(
        "title_decision",
        link("meeting", index=True),
        link("item", nullable=True),
        _number("place"),
        _line("number", 100),
        sa.Column("decided_on", sa.Date(), nullable=True),
        _line("issuer", 300),
        _line("title", 300),
        _number("quota_numerator", nullable=True),
        _number("quota_denominator", nullable=True),
        _line("quota_of", 300),
        _at("announced_at"),
        _at("withdrawn_at"),
    )
    add_table(
        "title_recipient",
        link("title_decision", "decision_id", index=True),
        _number("place"),
        _word("kind"),
        _line("name", 300),
        _line("unit", 300),
        link("person", nullable=True, index=True),
    )


def _add_scoring() -> None:
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_evidence", sa.Boolean(), nullable=False, server_default=sa.false()))
    add_table(
        "scoring",
        link("meeting", index=True),
        link("item"),
        link("item", "ranked_item_id", nullable=True, index=True),
        sa.Column("scale", sa.BigInteger(), nullable=False),
        link("unit", "lead_unit_id", nullable=True),
        _flag("has_cross_scores"),
        _word("state"),
        _at("deadline_at"),
        _at("put_at"),
        _at("decided_at"),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.UniqueConstraint("item_id", name=op.f("uq_scoring_item_id")),
    )
    add_table(
        "criterion",
        link("scoring", index=True),
        _number("place"),
        _line("section", 300),
        _text("text"),
        _word("kind"),
        sa.Column("most", sa.BigInteger(), nullable=False),
    )
    add_table(
        "score_sheet",
        link("scoring"),
        link("unit"),
        link("unit", "by_unit_id"),
        _word("kind"),
        link("person", "submitted_by", nullable=True),
        _at("submitted_at"),
        sa.UniqueConstraint(
            "scoring_id",
            "unit_id",
            "kind",
            "by_unit_id",
            name=op.f("uq_score_sheet_scoring_id_unit_id_kind_by_unit_id"),
        ),
    )
    add_table(
        "score",
        link("score_sheet", "sheet_id"),
        link("criterion"),
        sa.Column("points", sa.BigInteger(), nullable=False),
        _text("evidence"),
        link("paper", nullable=True),
        link("person", "put_by"),
        _at("put_at", nullable=False),
        sa.UniqueConstraint("sheet_id", "criterion_id", name=op.f("uq_score_sheet_id_criterion_id")),
    )

"""Tables of an organisation, as migrations make them; what was once released with this keeps its meaning."""

import sqlalchemy as sa
from alembic import op


class Link:
    """A column that refers to a row of another table."""

    def __init__(self, target: str, name: str, *, nullable: bool, index: bool) -> None:
        self.column: sa.Column[int] = sa.Column(name, sa.Integer(), nullable=nullable)
        self.target, self.name, self.has_index = target, name, index


def link(target: str, name: str = "", *, nullable: bool = False, index: bool = False) -> Link:
    """Give a column that refers to a table, called after it unless named."""
    return Link(target, name or f"{target}_id", nullable=nullable, index=index)


def add_table(table: str, *parts: Link | sa.schema.SchemaItem) -> None:
    """Add a table of an organisation."""
    keys = [link("organisation", index=True), *(part for part in parts if isinstance(part, Link))]
    others = [part for part in parts if not isinstance(part, Link)]
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *(key.column for key in keys),
        *others,
        *(
            sa.ForeignKeyConstraint([key.name], [f"{key.target}.id"], name=op.f(f"fk_{table}_{key.name}"))
            for key in keys
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for key in keys:
        if key.has_index:
            op.create_index(op.f(f"ix_{table}_{key.name}"), table, [key.name], unique=False)

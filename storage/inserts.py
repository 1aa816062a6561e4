"""INSERT … ON CONFLICT, in the dialect of the database at hand."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.database import Tx

Insert = postgresql.Insert | sqlite.Insert


def insert(tx: Tx, row: type[SQLModel]) -> Insert:
    """Give an INSERT into a table that takes `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_for(tx.get_bind().dialect.name, row)


def insert_for(dialect: str, row: type[SQLModel]) -> Insert:
    """Give the same by the name of the dialect, for a statement that is made once."""
    table: sa.Table = getattr(row, "__table__")  # noqa: B009 - SQLModel declares it for no checker
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)

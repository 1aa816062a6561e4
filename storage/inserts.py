"""INSERT … ON CONFLICT, in the dialect of the database at hand."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.database import Tx

Insert = postgresql.Insert | sqlite.Insert


def insert(tx: Tx, row: type[SQLModel]) -> Insert:
    """Give an INSERT into a table that takes `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if tx.get_bind().dialect.name == "sqlite":
        return sqlite.insert(row)
    return postgresql.insert(row)

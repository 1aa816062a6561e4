"""SQLite's connection with one trip to its thread for each statement, where the library makes four."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")

Row = tuple[Any, ...]


async def connect(path: str) -> "Connection":
    """Open a database file; raises sqlite3.Error."""
    # What can't be opened is found out here: the thread would outlive the loop.
    sqlite3.connect(path).close()
    connection = Connection(path)
    await connection
    return connection


class Connection(aiosqlite.Connection):
    """A connection in a thread of its own; its transactions begin when they are told to."""

    def __init__(self, path: str) -> None:
        super().__init__(partial(sqlite3.connect, path, isolation_level=None), iter_chunk_size=64)
        self._thread.daemon = True

    def cursor(self) -> "Cursor":  # type: ignore[override]  # of what SQLAlchemy asks for
        """Give a cursor, without a trip."""
        return Cursor(self)

    async def carry_out(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Have something done in the connection's thread."""
        done: T = await self._execute(act, self._conn)  # type: ignore[no-untyped-call]
        return done


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor; all rows come with their statement."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self.description: Sequence[Row] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[object] = ()) -> Self:
        """Carry a statement out and take all its rows."""

        def carry_out(connection: sqlite3.Connection) -> sqlite3.Cursor:
            cursor = connection.execute(statement, parameters)
            self._rows = cursor.fetchall()
            return cursor

        return await self._take(carry_out)

    async def executemany(self, statement: str, parameters: Sequence[Sequence[object]]) -> Self:
        """Carry a statement out with each of many parameters."""
        return await self._take(lambda connection: connection.executemany(statement, parameters))

    async def _take(self, act: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> Self:
        def carry_out(connection: sqlite3.Connection) -> None:
            cursor = act(connection)
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
            cursor.close()

        await self._connection.carry_out(carry_out)
        return self

    async def fetchall(self) -> list[Row]:
        """Give the rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows; the statement has ended already."""
        self._rows = []

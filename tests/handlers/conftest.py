"""The database of these tests: a fresh one for each, by engines that keep the SQL they have compiled."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import Database


class Engines:
    """Engines of one kind of database, which connect to the one that is in use.

    Of SQLite they open `link`, which leads to the file in use.
    """

    def __init__(self, url: str, link: Path) -> None:
        self._url, self._link = make_url(url), link
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        opened = Database.open(f"sqlite+aiosqlite:///{link}" if self._is_sqlite else url)
        self._pair: tuple[AsyncEngine, AsyncEngine] = (opened._writer, opened._reader)  # noqa: SLF001
        if not self._is_sqlite:
            event.listen(opened.engine.sync_engine, "do_connect", self._redirect)

    def _redirect(self, _dialect: Any, _record: Any, _names: list[Any], options: dict[str, Any]) -> None:  # noqa: ANN401 - the drivers' own
        options["database"] = self._url.database

    def database(self, url: URL) -> Database:
        """Give a database by its URL."""
        self._url = url
        if self._is_sqlite:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(url.database or "")
        return Database(*self._pair)


@pytest.fixture(scope="session")
def engines() -> dict[str, Engines]:
    return {}


@pytest.fixture
async def database(
    database_url: str, engines: dict[str, Engines], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """A fresh, migrated database, open."""
    url = make_url(database_url)
    kind = url.get_backend_name()
    if kind not in engines:
        engines[kind] = Engines(database_url, tmp_path_factory.mktemp("engine") / "in-use.db")
    database = engines[kind].database(url)
    yield database
    await database.close()

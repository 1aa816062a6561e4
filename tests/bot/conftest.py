"""Meetings for the stories of the dialogues: most are told on SQLite, a few on PostgreSQL too."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.chatting import Hall, Stage

SetUp = Callable[[Callable[[Database], Awaitable[Hall]]], Stage]


@pytest.fixture(scope="session")
def set_up_stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    """Give what builds a meeting once, for many stories."""

    def set_up(build: Callable[[Database], Awaitable[Hall]]) -> Stage:
        path = tmp_path_factory.mktemp("stage") / "stage.db"
        shutil.copyfile(sqlite_template, path)
        return Stage.set_up(path, build)

    return set_up


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated SQLite file, open."""
    database = Database.open(sqlite_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def founded_stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(Hall.founded)


@pytest.fixture
async def founded(founded_stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An organisation with one organiser and no meeting."""
    async with founded_stage.copy(tmp_path) as hall:
        yield hall

"""Databases for the stories of the dialogues: most are told on SQLite, a few on PostgreSQL too."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.bot.chatting import Hall


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated SQLite file, open."""
    database = Database.open(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
async def founded(sqlite: Database) -> Hall:
    """An organisation with one organiser and no meeting."""
    return await Hall.founded(sqlite)

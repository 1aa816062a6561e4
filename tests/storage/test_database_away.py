"""A database that can't be used now is told from a bug, whatever the driver calls it."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.errors import DatabaseAwayError
from storage.migrations import migrate
from tests.postgresql import PostgresServer


async def _reason(url: str) -> str:
    database = Database.open(url)
    try:
        with pytest.raises(DatabaseAwayError) as caught:
            await migrate(database)
        with pytest.raises(DatabaseAwayError):
            async with database.transaction() as tx:
                await tx.connection()
        with pytest.raises(DatabaseAwayError):
            async with database.snapshot() as tx:
                await tx.connection()
    finally:
        await database.close()
    return str(caught.value)


async def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert await _reason(f"sqlite+aiosqlite:///{tmp_path}/nowhere/x.db") == "unable to open database file"


async def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Kính gửi " * 1000, encoding="utf-8")
    assert await _reason(f"sqlite+aiosqlite:///{tmp_path}/letter.txt") == "file is not a database"


async def test_a_file_that_another_program_writes_to_is_told(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._BUSY_MILLISECONDS", 1)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = Database.open(sqlite_url)
    try:
        with pytest.raises(DatabaseAwayError, match="database is locked"):
            async with database.transaction() as tx:
                await tx.connection()
        other.execute("ROLLBACK")
        async with database.transaction() as tx:
            assert await (await tx.connection()).scalar(sa.text("SELECT 1")) == 1
    finally:
        other.close()
        await database.close()


async def test_a_server_that_is_down_is_told() -> None:
    assert "Connect call failed" in await _reason("postgresql+asyncpg://somebody@127.0.0.1:1/nothing")


async def test_a_server_without_that_database_or_user_is_told(postgres_server: PostgresServer) -> None:
    assert await _reason(postgres_server.url("nothing")) == 'database "nothing" does not exist'
    nobody = postgres_server.url("nothing").replace("postgres@", "nobody@")
    assert await _reason(nobody) == 'role "nobody" does not exist'


async def test_a_connection_lost_in_a_transaction_is_told(postgresql_url: str) -> None:
    database = Database.open(postgresql_url)
    try:
        with pytest.raises(DatabaseAwayError):  # noqa: PT012 - it is lost in the middle
            async with database.transaction() as tx:
                own = await (await tx.connection()).scalar(sa.text("SELECT pg_backend_pid()"))
                async with database.transaction() as other:
                    await (await other.connection()).execute(sa.text(f"SELECT pg_terminate_backend({own})"))
                await (await tx.connection()).scalar(sa.text("SELECT 1"))
        async with database.snapshot() as tx:
            assert await (await tx.connection()).scalar(sa.text("SELECT 1")) == 1
    finally:
        await database.close()


async def test_a_bug_is_no_absence(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        async with database.transaction() as tx:
            await (await tx.connection()).execute(sa.text("SELECT * FROM nothing"))

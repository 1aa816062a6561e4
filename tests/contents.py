"""What a database holds: taken out of one, and put into others that are migrated and empty."""

import io
import sqlite3
from dataclasses import dataclass
from typing import Any

from storage.database import Database

_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname != 'alembic_version'
        AND pg_relation_size(oid) > 0
"""
_COUNTERS = "SELECT format('%I', sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass(frozen=True)
class SqliteContents:
    """A copy of the file, in memory."""

    copy: sqlite3.Connection


@dataclass(frozen=True)
class PostgresContents:
    """The rows of each table, in the server's binary form, and how far ids have been given out."""

    rows: dict[str, bytes]
    counters: dict[str, int]


Contents = SqliteContents | PostgresContents


async def take_contents(database: Database) -> Contents:
    """Copy all that is stored."""
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if database.is_sqlite:
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            await driver.carry_out(lambda source: source.backup(copy))
            return SqliteContents(copy)
        rows = {}
        for (table,) in await driver.fetch(_TABLES):
            output = io.BytesIO()
            await driver.copy_from_table(table, output=output, format="binary")
            rows[table] = output.getvalue()
        return PostgresContents(rows, dict(await driver.fetch(_COUNTERS)))


async def put_contents(database: Database, contents: Contents) -> None:
    """Store the copy in a database that is empty."""
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        match contents:
            case SqliteContents(copy):
                await driver.carry_out(copy.backup)
            case PostgresContents(rows, counters):
                async with driver.transaction():
                    # Which table refers to which is no matter.
                    await driver.execute("SET LOCAL session_replication_role = replica")
                    for table, content in rows.items():
                        await driver.copy_to_table(table, source=io.BytesIO(content), format="binary")
                    for counter, last in counters.items():
                        await driver.execute("SELECT setval($1, $2)", counter, last)

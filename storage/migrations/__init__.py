"""Migrations (Alembic): the schema's history, applied by `migrate` and on start."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.database import Database, away_told

HEAD = "0005"
"""The newest revision, so that a start need not load Alembic; a test keeps it equal to the scripts."""


class NewerSchemaError(Exception):
    """The database was migrated by a later release; going on would damage it."""


async def find_revision(database: Database) -> str | None:
    """Give the revision that the database is at, or None for an empty one; raises DatabaseAwayError."""
    with away_told():
        async with database.engine.connect() as connection:
            has_table = await connection.run_sync(lambda sync: sa.inspect(sync).has_table("alembic_version"))
            if not has_table:
                return None
            found: str | None = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return found


async def migrate(database: Database) -> bool:
    """Bring the database to `HEAD` and tell whether anything was done; a repeat does nothing.

    Raises NewerSchemaError where the database is at a revision that this release doesn't know, and
    DatabaseAwayError.
    """
    found = await find_revision(database)
    if found == HEAD:
        return False
    # A second to load, and needed once in a release.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        message = f"the database is at revision {found}, which this release does not know"
        raise NewerSchemaError(message)

    def upgrade(connection: sa.Connection, config: Any) -> None:  # noqa: ANN401 - Alembic's Config
        if connection.dialect.name == "postgresql":
            # Two processes may start at once.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(20220407)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    with away_told():
        async with database.engine.begin() as connection:
            await connection.run_sync(upgrade, config)
    return True

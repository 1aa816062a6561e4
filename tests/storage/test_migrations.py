"""The migrations make what the rows say, on both databases, and keep what an older release stored."""

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import storage.migrations
from storage import rows
from storage.database import Database
from storage.migrations import HEAD, find_revision, migrate


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    return config


def _table(connection: sa.Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


def test_the_newest_revision_is_known_without_loading_the_scripts() -> None:
    assert ScriptDirectory.from_config(_config()).get_current_head() == HEAD


async def test_the_migrations_make_what_the_rows_say(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))

    def checks(connection: sa.Connection) -> set[str | None]:
        inspector = sa.inspect(connection)
        return {
            check["name"]
            for table in inspector.get_table_names()
            for check in inspector.get_check_constraints(table)
        }

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        found = await connection.run_sync(checks)
    assert found == {
        constraint.name
        for table in SQLModel.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }


async def test_what_the_first_release_stored_is_kept(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)

    def to_first(connection: sa.Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")

    at = datetime(2021, 12, 1, tzinfo=UTC)
    stored: dict[str, dict[str, object]] = {
        "organisation": {"id": 1, "name": "Cơ quan", "language": "vi", "timezone": "UTC", "created_at": at},
        "person": {
            "organisation_id": 1,
            "name": "An",
            "folded_name": "an",
            "phone": "+841203456789",
            "salt": "s",
            "created_at": at,
        },
        "account": {
            "id": 1,
            "platform": "telegram",
            "external_id": "42",
            "chat": "42",
            "display_name": "An",
            "created_at": at,
        },
        "live_card": {
            "organisation_id": 1,
            "account_id": 1,
            "kind": "home",
            "subject_id": 1,
            "priority": 5,
            "wanted_version": 3,
            "shown_version": 2,
            "ref": "r",
            "attempts": 0,
        },
        "post": {
            "organisation_id": 1,
            "account_id": 1,
            "cause": "c",
            "kind": "moved_away",
            "subject_id": 1,
            "facts": {},
            "priority": 2,
            "state": "waiting",
            "attempts": 0,
            "made_at": at,
        },
    }
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(to_first)
            for name, values in stored.items():
                table = await connection.run_sync(_table, name)
                await connection.execute(table.insert().values(**values))
        assert await find_revision(database) == "0001"
        assert await migrate(database)
        async with database.engine.connect() as connection:
            card = (await connection.execute(sa.select(rows.LiveCardRow))).one()
            post = (await connection.execute(sa.select(rows.PostRow))).one()
            account = (await connection.execute(sa.select(rows.AccountRow))).one()
            person = (await connection.execute(sa.select(rows.PersonRow))).one()
        assert (card.kind, card.wanted_version, card.shown_version, card.ref) == ("home", 3, 2, "r")
        assert (post.cause, post.state, post.mailing_id) == ("c", "waiting", None)
        assert person.phone == "+84703456789", "as such numbers are read now"
        assert (account.external_id, account.is_group, account.gone_reason) == ("42", False, None)
    finally:
        await database.close()

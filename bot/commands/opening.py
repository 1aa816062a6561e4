"""The database for a command: opened, found ready, and closed again."""

import contextlib
from collections.abc import AsyncIterator

from bot.app import utc_now
from bot.commands.terminal import CommandError, say
from bot.settings import Settings, secret_key
from handlers.asking import House
from storage.database import Database
from storage.errors import DatabaseAwayError
from storage.migrations import HEAD, find_revision, migrate


def database_name(settings: Settings) -> str:
    """Give where the database is, without a password."""
    if settings.sqlite_path is not None:
        return str(settings.sqlite_path.absolute())
    return settings.database_url.get_secret_value().rpartition("@")[2].partition("?")[0]


def away_text(settings: Settings, error: DatabaseAwayError) -> str:
    """Give why the database can't be used, and what to do."""
    reason = str(error)
    if "locked" in reason:
        advice = "another program is writing to it; try again in a moment"
    elif "unable to open" in reason:
        advice = "the folder must exist, and this user must be allowed to write in it"
    elif "not a database" in reason:
        advice = "name another file in BIEUQUYET_DATABASE_URL"
    else:
        advice = "see that the server runs, and check BIEUQUYET_DATABASE_URL"
    return f"The database {database_name(settings)} can't be used ({reason}): {advice}."


async def migrate_database(settings: Settings) -> None:
    """Bring the database up to this release, made if need be; raises NewerSchemaError."""
    database = Database.open(settings.database_url.get_secret_value())
    try:
        is_changed = await migrate(database)
    finally:
        await database.close()
    done = "is now at" if is_changed else "was already at"
    say(f"The database {database_name(settings)} {done} revision {HEAD}.")


@contextlib.asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Give what handlers work with, on a migrated database; raises CommandError where there is none."""
    path = settings.sqlite_path
    if path is not None and not path.exists():
        raise CommandError(
            f"There is no database {path.absolute()} yet: start the program first (bieuquyet run), or call"
            " this command in the folder where it runs."
        )
    database = Database.open(settings.database_url.get_secret_value())
    try:
        if await find_revision(database) != HEAD:
            raise CommandError(
                f"The database {database_name(settings)} is not as this release needs it: bieuquyet migrate"
            )
        yield House(database, utc_now, secret_key(settings))
    finally:
        await database.close()

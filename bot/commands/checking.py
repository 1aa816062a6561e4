"""`bieuquyet check`: whether everything is ready before a meeting, and what to do where it isn't."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from rich.text import Text

from bot.app import StartError, listen_on
from bot.commands.checking_chats import check_telegram, check_zalo
from bot.commands.checking_plan import check_plan
from bot.commands.finding import Finding
from bot.commands.opening import away_text, database_name
from bot.commands.terminal import out
from bot.settings import CONFIG_FILE, Address, Settings, SettingsError, is_loopback, key_path, secret_key
from meeting.record import first_break
from storage.database import Database
from storage.errors import DatabaseAwayError
from storage.migrations import HEAD, find_revision
from storage.people import list_organisations
from storage.record import list_entries, list_meetings_with_record


async def check(settings: Settings) -> bool:
    """Print a line for each thing as it is found, and tell whether all is well."""
    is_well = True
    async for finding in findings(settings):
        is_well = is_well and finding.is_ok
        _show(finding)
    return is_well


def _show(finding: Finding) -> None:
    mark, style = ("ok   ", "green") if finding.is_ok else ("TO DO", "bold red")
    line = Text.assemble((mark, style), "  ", (f"{finding.subject:<14}", "bold"), finding.text)
    if finding.advice:
        line.append(f"\n{'':23}→ {finding.advice}")
    out().print(line)


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Give what is found, one thing after the other; changes nothing."""
    yield _settings(settings)
    yield _key(settings)
    for finding in await _database(settings):
        yield finding
    for finding in [*await check_telegram(settings), *await check_zalo(settings)]:
        yield finding
    yield await _listen(settings.listen)
    yield await _public_url(settings)


def _settings(settings: Settings) -> Finding:
    source = f"{CONFIG_FILE} and the environment" if Path(CONFIG_FILE).exists() else "the environment"
    return Finding("Settings", f"read from {source}; language {settings.language}, {settings.timezone.key}")


def _key(settings: Settings) -> Finding:
    path = key_path(settings)
    if settings.secret_key is not None:
        return Finding("Secret key", "set by BIEUQUYET_SECRET_KEY")
    if not path.exists():
        return Finding("Secret key", f"is made on the first start and kept in {path.absolute()}")
    try:
        secret_key(settings)
    except SettingsError as error:
        return Finding("Secret key", f"can't be used: {error.problems[0]}", is_ok=False)
    return Finding("Secret key", f"kept in {path.absolute()}; back it up with the database")


# The database


async def _database(settings: Settings) -> list[Finding]:
    path = settings.sqlite_path
    if path is not None and not path.exists():
        return [_new_database(path.absolute())]
    database = Database.open(settings.database_url.get_secret_value())
    try:
        found = [Finding("Database", database_name(settings)), await _migrations(database)]
        if found[-1].is_ok:
            found += await _contents(database)
            found += await check_plan(settings, database)
    except DatabaseAwayError as error:
        return [Finding("Database", "can't be used", is_ok=False, advice=away_text(settings, error))]
    else:
        return found
    finally:
        await database.close()


def _new_database(path: Path) -> Finding:
    if os.access(path.parent, os.W_OK):
        return Finding("Database", f"is made on the first start: {path}")
    advice = "make the folder, and let this user write in it; or name another file in BIEUQUYET_DATABASE_URL"
    return Finding("Database", f"{path} can't be made", is_ok=False, advice=advice)


async def _migrations(database: Database) -> Finding:
    revision = await find_revision(database)
    if revision == HEAD:
        return Finding("Migrations", f"up to date ({HEAD})")
    return Finding(
        "Migrations",
        f"the database is at {revision or 'nothing'}, this release needs {HEAD}",
        is_ok=False,
        advice="bieuquyet migrate (a start does it too); back the database up before",
    )


async def _contents(database: Database) -> list[Finding]:
    async with database.snapshot() as tx:
        organisations = await list_organisations(tx)
        entries, broken = 0, []
        meetings = await list_meetings_with_record(tx)
        for meeting_id in meetings:
            chain = await list_entries(tx, meeting_id)
            entries += len(chain)
            number = first_break(chain)
            if number is not None:
                broken.append(f"meeting {meeting_id} from entry {number} on")
    names = ", ".join(name for _, name in organisations)
    founded = Finding("Organisation", names or "none yet; the start shows the link for the first organiser")
    if not broken:
        text = f"{_counted(len(meetings), 'meeting', 'meetings')}, {_counted(entries, 'entry', 'entries')}"
        if entries:
            text += ", each following from the one before"
        return [founded, Finding("Records", text)]
    advice = "somebody changed the database by hand; keep a copy as it is, and compare with a backup"
    return [founded, Finding("Records", f"broken: {'; '.join(broken)}", is_ok=False, advice=advice)]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


# Outside


async def _listen(address: Address) -> Finding:
    try:
        for listener in listen_on(address):
            listener.close()
    except StartError as error:
        health = await _health(address)
        if health is not None:
            return _running(address, health)
        return Finding("Listen", f"{address} can't be used", is_ok=False, advice=str(error))
    who = "this machine alone" if address.is_loopback else "everybody who reaches this machine"
    return Finding("Listen", f"{address} is free, for {who}")


async def _health(address: Address) -> str | None:
    """Give what this program says of itself there; None where it doesn't answer."""
    import httpx

    here = Address("127.0.0.1", address.port) if address.is_everywhere else address
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            answer = await client.get(f"http://{here}/health")
    except httpx.HTTPError:
        return None
    return answer.text if answer.text.startswith("database: ") else None


def _running(address: Address, health: str) -> Finding:
    """Tell what keeps the running program from receiving something, if anything does."""
    troubles = [line for line in health.splitlines() if not line.endswith((": ok", ": starting"))]
    if not troubles:
        return Finding("Listen", f"{address}: the program is running there")
    text = f"{address}: the program is running there, with {'; '.join(troubles)}"
    return Finding("Listen", text, is_ok=False, advice="its log says what is wrong, and what to do")


async def _public_url(settings: Settings) -> Finding:
    url, listen = settings.public_url, settings.listen
    host = urlsplit(url).hostname or ""
    if is_loopback(host) and not listen.is_loopback:
        advice = "set BIEUQUYET_PUBLIC_URL to the address that attendees' phones reach this machine by"
        return Finding("Public URL", f"{url} works on this machine alone", is_ok=False, advice=advice)
    if is_loopback(host):
        text = f"{url} works on this machine alone; for the hall set BIEUQUYET_LISTEN=0.0.0.0:{listen.port}"
        return Finding("Public URL", text)
    if not await _is_known(host):
        advice = "correct BIEUQUYET_PUBLIC_URL, or have the name entered in the DNS"
        return Finding("Public URL", f"{url}: nobody knows {host}", is_ok=False, advice=advice)
    if listen.is_loopback:
        return Finding("Public URL", f"{url}, by a proxy on this machine that passes it on to {listen}")
    return Finding("Public URL", url)


async def _is_known(host: str) -> bool:
    loop = asyncio.get_running_loop()
    try:
        found: Sequence[object] = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return bool(found)

"""What all tests share: databases, a browser, no network, no settings of the developer."""

import asyncio
import functools
import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog
from playwright.async_api import Browser
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import create_async_engine

import storage.database
from bot.settings import PREFIX
from storage.database import Database
from storage.migrations import migrate
from tests.fakes.phone import running_browser
from tests.network import forbid_outside_network
from tests.postgresql import PostgresServer

NO_POSTGRESQL = "PostgreSQL tests did NOT run: "
NO_BROWSER = "Browser tests did NOT run: "
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

ROOT = Path(__file__).parent.parent

# A shared machine may be slow for a moment; that is no finding. The examples found stay with the checkout,
# though each test runs in a directory of its own.
hypothesis.settings.register_profile(
    "bieuquyet",
    deadline=None,
    print_blob=True,
    database=hypothesis.database.DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples"),
)
hypothesis.settings.load_profile("bieuquyet")

forbid_outside_network()

for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
    del os.environ[name]


_LOG = (
    structlog.stdlib.add_log_level,
    structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
)


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    """Structlog's own tracebacks, with all that the frames hold, take longer than most tests."""
    structlog.configure(processors=list(_LOG))


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Have all engines of a kind use the SQL that one has compiled: each test opens engines of its own."""
    make = functools.partial(create_async_engine, execution_options={"compiled_cache": {}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.database, "create_async_engine", make)
        for kind in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
            patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(kind, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(autouse=True)
def _own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works in an empty directory: a developer's config.env, key and database are out of reach."""
    monkeypatch.chdir(tmp_path)


async def _migrate(url: str) -> None:
    database = Database.open(url)
    try:
        await migrate(database)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with a migrated template."""
    try:
        server = PostgresServer()
    except Exception as error:  # noqa: BLE001  # whatever it is, the run says so and CI fails
        pytest.skip(f"{NO_POSTGRESQL}{type(error).__name__}: {error}")
    with server:
        server.make_template(_migrate)
        yield server


@pytest.fixture
def postgresql_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = postgres_server.take_database()
    yield postgres_server.url(name)
    postgres_server.give_back(name)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh, migrated SQLite file."""
    path = tmp_path / "bieuquyet.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database, on SQLite and on PostgreSQL in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.new_database(template="template0")
    yield server.url(name)
    server.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database, open."""
    database = Database.open(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium or Chrome of this machine: `CHROME` in the environment, else what is on the PATH."""
    named = os.environ.get("CHROME")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"{NO_BROWSER}found no {named or ', '.join(BROWSERS)}; name one: CHROME=/path make test")
    return found


@pytest.fixture
async def browser(browser_path: str) -> AsyncIterator[Browser]:
    """A running browser of the test's own."""
    async with running_browser(browser_path) as browser:
        yield browser


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """All that is loaded stays: going through it again and again takes a third of the time to load it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _left_out(config: pytest.Config) -> list[str]:
    """Why tests that CI must run were skipped; one line for each reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    texts = [str(report.longrepr[2]) for report in reports if isinstance(report.longrepr, tuple)]
    return sorted(
        {text.removeprefix("Skipped: ") for text in texts if NO_POSTGRESQL in text or NO_BROWSER in text}
    )


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_ci() and _left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Iterator[None]:
    yield  # the last word, after every other summary
    for reason in _left_out(config):
        terminalreporter.write_line(reason, red=True, bold=True)
    if _is_ci() and _left_out(config):
        terminalreporter.write_line("This run fails for it, as CI is set.", red=True, bold=True)

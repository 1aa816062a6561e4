import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser

from storage.database import Database
from tests.network import OutsideNetworkError

ROOT = Path(__file__).parent.parent


def run(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A test run of one test of this file."""
    kept = {key: value for key, value in os.environ.items() if key != "CI" and not key.startswith("PYTEST_")}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            f"{__file__}::{name}",
        ],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_every_test_has_a_migrated_database_of_its_own(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1


async def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    database = Database.open(empty_database_url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()) == []
    await database.close()


async def test_a_page_is_shown_by_a_real_browser(browser: Browser) -> None:
    page = await browser.new_page()
    await page.set_content("<h1>Biểu quyết</h1>")
    assert await page.inner_text("h1") == "Biểu quyết"


def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(OutsideNetworkError, match=r"example\.com"):
        urlopen("http://example.com")
    with pytest.raises(OutsideNetworkError, match=r"198\.51\.100\.1"):
        urlopen("http://198.51.100.1")


@pytest.mark.parametrize(
    ("name", "missing", "sentence"),
    [
        (
            "test_every_test_has_a_migrated_database_of_its_own[postgresql]",
            {"PGSERVER_POSTGRES_VERSION": "1"},
            "PostgreSQL tests did NOT run: RuntimeError: Unsupported Postgres version: 1",
        ),
        (
            "test_a_page_is_shown_by_a_real_browser",
            {"CHROME": "no-such-browser"},
            "Browser tests did NOT run: found no no-such-browser",
        ),
    ],
    ids=["postgresql", "browser"],
)
def test_a_run_that_left_something_out_says_so_last_and_fails_under_ci(
    name: str, missing: dict[str, str], sentence: str
) -> None:
    at_home, under_ci = run(name, **missing), run(name, **missing, CI="true")

    assert at_home.returncode == 0, at_home.stdout
    assert at_home.stdout.splitlines()[-2].startswith(sentence)
    assert under_ci.returncode == 1, under_ci.stdout
    assert under_ci.stdout.splitlines()[-3].startswith(sentence)
    assert under_ci.stdout.splitlines()[-2] == "This run fails for it, as CI is set."

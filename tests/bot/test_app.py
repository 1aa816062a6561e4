"""The whole program in this process: started, used over loopback, and stopped."""

import asyncio
import contextlib
import os
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.pool import QueuePool
from structlog.testing import capture_logs

from bot.app import MARKS_KEPT, App, StartError, listen_on, utc_now
from bot.settings import Address, Settings, SettingsError
from meeting.voting import VoteState
from storage.database import Database
from storage.errors import DatabaseAwayError
from storage.marks import put_marks
from storage.migrations import NewerSchemaError
from storage.rows import AccountRow
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.fakes.sockets import loopback_socket
from tests.handlers.journey import KEY, Clock, Journey, plan

NAMES = ("Trần An", "Lê Bình")


def settings_for(url: str, address: str = "http://127.0.0.1:9", **more: object) -> Settings:
    values: dict[str, object] = {
        "database_url": SecretStr(url),
        "secret_key": SecretStr(KEY.decode()),
        "public_url": address,
        "telegram_token": None,
        "timezone": ZoneInfo("Asia/Ho_Chi_Minh"),
    }
    return Settings(_env_file=None, **(values | more))  # type: ignore[arg-type]  # a test's shorthand


@contextlib.asynccontextmanager
async def running(url: str, now: Callable[[], datetime] = utc_now, **more: object) -> AsyncIterator[App]:
    """The program on a free port."""
    with loopback_socket() as (listener, address):
        async with App(settings_for(url, address, **more), listeners=[listener], now=now) as app:
            yield app


@contextlib.asynccontextmanager
async def browser(app: App) -> AsyncIterator[httpx.AsyncClient]:
    address = app.settings.public_url
    headers = {"Origin": address, "Accept-Language": "vi"}
    async with httpx.AsyncClient(base_url=address, headers=headers, trust_env=False) as client:
        yield client


async def opened(client: httpx.AsyncClient, token: str) -> str:
    """Open a link, and give the page that it leads to."""
    answer = await client.post(f"/i/{token}", data={"name": ""})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def until(app: App, condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so that the program commits by itself."""
    committed = asyncio.Event()
    app.house.database.on_commit(committed.set)
    async with asyncio.timeout(10):
        while not await condition():
            await committed.wait()
            committed.clear()


# From the start to the end


async def test_the_first_start_offers_a_way_in_for_the_organiser(tmp_path: Path) -> None:
    async with running(f"sqlite:///{tmp_path}/new.db") as app, browser(app) as client:
        assert app.founder is not None
        page = await opened(client, app.founder.token)
        assert "tên" in (await client.get(page)).text.lower()
        for answer in ("Sở Nội vụ", "Bùi Thị Tổ Chức"):
            assert (await client.post(page, data={"text": answer})).status_code == 200
        home = (await client.get(page)).text
        assert "Sở Nội vụ" in home
        assert "Bùi Thị Tổ Chức" in home


async def test_the_way_in_stays_the_same_until_it_is_used(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    async with running(url) as app:
        first = app.founder
    async with running(url) as app:
        assert app.founder == first is not None
    database = Database.open(f"sqlite+aiosqlite:///{tmp_path}/new.db")
    await Journey.founded(database)
    await database.close()
    async with running(url) as app:
        assert app.founder is None


async def test_a_page_survives_another_start(database_url: str) -> None:
    database = Database.open(database_url)
    journey = await Journey.planned(database, plan(NAMES), are_bound=False)
    token = await journey.token("Trần An")
    await database.close()
    async with running(database_url) as app, browser(app) as client:
        page = await opened(client, token)
        [cookie] = {cookie.value for cookie in client.cookies.jar}
    async with running(database_url) as app, browser(app) as client:
        assert "Trần An" in (await client.get(page, headers={"Cookie": f"page={cookie}"})).text


async def test_open_pages_do_not_hold_up_the_end(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    journey = await Journey.planned(database, plan(NAMES), are_bound=False)
    token = await journey.token("Trần An")
    await database.close()
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(running(sqlite_url))
        async with browser(app) as client:
            page = await opened(client, token)
            async with client.stream("GET", f"{page}/stream") as stream:
                lines = stream.aiter_lines()
                while "board" not in await anext(lines):
                    pass
                begun = time.monotonic()
                await stack.aclose()
                assert time.monotonic() - begun < 4
                with contextlib.suppress(httpx.RemoteProtocolError):
                    assert [line async for line in lines if line.startswith("event: ended")] == []


async def test_it_runs_until_it_is_stopped(sqlite_url: str) -> None:
    async with running(sqlite_url) as app:
        end = asyncio.create_task(app.run())
        await asyncio.sleep(0)
        assert not end.done()
        app.stop()
        async with asyncio.timeout(5):
            await end
    with pytest.raises(OSError, match="onnect"):
        socket.create_connection(("127.0.0.1", int(app.settings.public_url.rpartition(":")[2])), 1).close()


async def test_a_stop_that_comes_early_is_not_forgotten(sqlite_url: str) -> None:
    async with running(sqlite_url) as app:
        app.stop()
        async with asyncio.timeout(5):
            await app.run()


# What was missed


async def test_a_deadline_that_passed_while_it_was_down_pauses_the_vote(database_url: str) -> None:
    database = Database.open(database_url)
    try:
        journey = await Journey.opened(database, plan(NAMES))
        vote_id = await journey.open_vote(within=timedelta(minutes=5))
        journey.clock.advance(timedelta(hours=1))

        async def is_not_open() -> bool:
            return (await journey.vote(vote_id)).state is not VoteState.OPEN

        async with running(database_url, journey.clock.now) as app:
            await until(app, is_not_open)
            assert app.founder is None
        assert (await journey.vote(vote_id)).state is VoteState.PAUSED
    finally:
        await database.close()


async def test_marks_that_nobody_asks_for_any_more_are_forgotten(sqlite_url: str) -> None:
    clock = Clock()
    database = Database.open(sqlite_url)
    try:
        async with database.transaction() as tx:
            await put_marks(tx, [("web", "old")], clock.now() - MARKS_KEPT - timedelta(hours=1))
            await put_marks(tx, [("web", "new")], clock.now())
        path = sqlite_url.removeprefix("sqlite+aiosqlite:///")
        with contextlib.closing(sqlite3.connect(path)) as outside:

            async def is_tidy() -> bool:
                return outside.execute("SELECT event_id FROM event_mark").fetchall() == [("new",)]

            async with running(sqlite_url, clock.now) as app:
                await until(app, is_tidy)
    finally:
        await database.close()


# Beside Telegram


async def test_both_platforms_let_the_organiser_in(sqlite_url: str) -> None:
    async with FakeBotApi() as api:
        telegram = running(sqlite_url, telegram_token=SecretStr(TOKEN), telegram_api=api.url)
        async with telegram as app, browser(app) as client:
            username = await app.chats.find_name("telegram", 10)
            assert username is not None
            assert app.founder is not None
            link = app.addresses.telegram_link(app.founder.token)
            assert link == f"https://t.me/{username}?start={app.founder.token}"
            organiser = api.person("Bùi Thị Tổ Chức")
            await organiser.send(f"/start {app.founder.token}")
            await organiser.sees("Tên cơ quan")
            assert (await client.get("/health")).text == "database: ok\ntelegram: ok"


async def test_without_telegram_the_pages_work_all_the_same(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        api = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    telegram = running(sqlite_url, telegram_token=SecretStr(TOKEN), telegram_api=api)
    with capture_logs() as log:
        async with telegram as app, browser(app) as client:
            assert await app.chats.find_name("telegram", 0.2) is None
            health = await client.get("/health")
            assert (health.status_code, health.text) == (200, "database: ok\ntelegram: telegram_unreachable")
            assert app.addresses.telegram_link("x") is None
            async with asyncio.timeout(10):
                while not any(entry["event"] == "telegram_unreachable" for entry in log):
                    assert await app.chats.find_name("telegram", 0.05) is None
    assert TOKEN not in str(log)


@contextlib.asynccontextmanager
async def sharing(url: str, public_url: str, api: FakeBotApi) -> AsyncIterator[tuple[App, str]]:
    """One of several processes on a database that are brought updates, with the address of its own."""
    api.is_local_server = True
    with loopback_socket() as (listener, address):
        settings = settings_for(
            url,
            public_url or address,
            telegram_token=SecretStr(TOKEN),
            telegram_api=api.url,
            telegram_mode="webhook",
        )
        async with App(settings, listeners=[listener]) as app:
            await api.until(lambda: api.webhook is not None, what="the webhook to be set")
            yield app, address


async def test_several_processes_are_brought_updates_and_take_each_once(database_url: str) -> None:
    names = [f"Trần {number}" for number in range(1, 7)]
    database = Database.open(database_url)
    journey = await Journey.planned(database, plan(names), are_bound=False)
    tokens = [await journey.token(name) for name in names]
    async with (
        FakeBotApi() as api,
        sharing(database_url, "", api) as (_, first),
        sharing(database_url, first, api) as (_, second),
    ):
        people = [api.person(name) for name in names]
        taken = []
        for number, (person, token) in enumerate(zip(people, tokens, strict=True)):
            assert api.webhook is not None
            # As a proxy in front of both would spread them.
            api.webhook.url = f"{(first, second)[number % 2]}/telegram/{api.webhook.url.rpartition('/')[2]}"
            taken.append(await person.send(f"/start {token}"))
            await api.acknowledged(taken[-1])
        for update in taken:
            api.redeliver(update)
        await api.until(lambda: len(api.brought) >= 2 * len(names) and not api.again)
        async with database.snapshot() as tx:
            accounts = await tx.scalar(sa.select(sa.func.count()).select_from(AccountRow))
        assert api.webhook is not None
        hook = api.webhook.url.removeprefix(second)
        async with httpx.AsyncClient(base_url=second, trust_env=False) as client:
            statuses = [(await client.get(path)).status_code for path in ("/health", "/i/x", hook)]
        assert statuses == [200, 404, 405]
    assert accounts == len(names) + 1
    await database.close()


async def test_a_forged_update_or_page_does_not_get_past_the_door(sqlite_url: str) -> None:
    async with FakeBotApi() as api, sharing(sqlite_url, "", api) as (app, address):
        assert api.webhook is not None
        forged = {"Origin": "https://elsewhere.example"}
        with capture_logs() as log:
            async with httpx.AsyncClient(trust_env=False, headers=forged) as client:
                statuses = [
                    (await client.post(api.webhook.url, json={"update_id": 1})).status_code,
                    (await client.post(f"{api.webhook.url}/", json={"update_id": 1})).status_code,
                    (await client.post(f"{address}/", data={"code": "x"})).status_code,
                    (await client.get(f"{address}/", headers={"Host": "elsewhere.example"})).status_code,
                    (await client.post(f"{address}/health")).status_code,
                ]
        assert statuses == [403, 403, 403, 400, 405]
        assert [entry["event"] for entry in log] == ["telegram_webhook_forged"]
        assert app.settings.telegram_mode == "webhook"


async def is_idle(app: App) -> None:
    """Wait until no connection is in use: it would outlive the pool that is closed."""
    database = app.house.database
    pools = [engine.pool for engine in (database._writer, database._reader)]  # noqa: SLF001
    async with asyncio.timeout(10):
        while any(p.checkedout() for p in pools if isinstance(p, QueuePool)):  # noqa: ASYNC110 - tells nobody
            await asyncio.sleep(0.01)


async def test_health_is_bad_while_the_database_is_away(tmp_path: Path) -> None:
    async with running(f"sqlite:///{tmp_path}/new.db") as app, browser(app) as client:
        (tmp_path / "new.db").rename(tmp_path / "away.db")
        (tmp_path / "new.db").mkdir()
        await is_idle(app)
        await app.house.database.close()
        health = await client.get("/health")
        assert (health.status_code, health.text) == (503, "database: away")
        (tmp_path / "new.db").rmdir()
        (tmp_path / "away.db").rename(tmp_path / "new.db")
        assert (await client.get("/health")).text == "database: ok"


# What keeps it from starting


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = Address("127.0.0.1", other.getsockname()[1])
        with pytest.raises(StartError) as caught:
            listen_on(address)
    told = str(caught.value)
    assert told.startswith(f"LISTEN {address}: another program uses this port")
    assert "\n" not in told


async def test_nothing_is_left_open_by_a_start_that_failed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = settings_for(f"sqlite:///{tmp_path}/new.db", listen=f"127.0.0.1:{other.getsockname()[1]}")
        with pytest.raises(StartError):
            async with App(settings):
                pytest.fail("it can't run")
    assert not (tmp_path / "new.db").exists()


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseAwayError, match="unable to open"):
        async with running(f"sqlite:///{tmp_path}/nowhere/x.db"):
            pytest.fail("it can't run")


async def test_a_database_of_a_later_release_is_left_alone(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite+aiosqlite:///")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    with pytest.raises(NewerSchemaError, match="9999"):
        async with running(sqlite_url):
            pytest.fail("it can't run")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX")
async def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bieuquyet.key").write_text("x" * 40, encoding="ascii")
    (tmp_path / "bieuquyet.key").chmod(0o644)
    with pytest.raises(SettingsError, match="others can read this key"):
        async with running(f"sqlite:///{tmp_path}/new.db", secret_key=None):
            pytest.fail("it can't run")

"""The whole program beside the strict Zalo: whichever way messages come in, and while nothing does."""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.app import App, utc_now
from meeting.thrift import Usage
from meeting.voting import Option
from storage.database import Database
from tests.bot.test_app import browser, running, until
from tests.bot.zalo.test_files import Ticking
from tests.fakes.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.zalo_api import TOKEN, FakeZalo
from tests.handlers.journey import Journey, plan

AN, BINH = "Trần An", "Lê Bình"


@pytest.fixture
async def journey(sqlite_url: str) -> AsyncIterator[Journey]:
    """A meeting whose attendees have nothing but their codes."""
    database = Database.open(sqlite_url)
    yield await Journey.planned(database, plan((AN, BINH)), are_bound=False)
    await database.close()


def on_zalo(
    url: str, api: str, mode: str = "polling", now: Callable[[], datetime] = utc_now, **more: object
) -> contextlib.AbstractAsyncContextManager[App]:
    """The program with a bot on Zalo."""
    return running(url, now, zalo_token=SecretStr(TOKEN), zalo_api=api, zalo_mode=mode, **more)


async def counted(app: App) -> Usage:
    async with app.house.database.snapshot() as tx:
        return await app.chats.budgets["zalo"].find_usage(tx)


async def is_counted(app: App, usage: Usage) -> bool:
    return await counted(app) == usage


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_who_types_a_code_comes_in_and_every_message_is_counted(
    fake: FakeZalo, sqlite_url: str, journey: Journey, mode: str
) -> None:
    fake.takes_any_address = True
    codes = {name: await journey.code(name) for name in (AN, BINH)}
    with capture_logs() as logs:
        async with on_zalo(sqlite_url, fake.url, mode) as app, browser(app) as client:
            assert await app.chats.find_name("zalo", 10) == "bot.HoiNghi01"
            assert app.addresses.zalo_account == "bot.HoiNghi01"
            await fake.is_listened_to()
            updates = []
            for name in (AN, BINH):
                person = fake.person(name)
                updates.append(person.send(codes[name]))
                assert name in (await person.next_message()).text
            fake.redeliver(updates[0])
            stranger = fake.person("Người lạ")
            stranger.send("Xin chào")
            assert (await stranger.next_message()).text
            assert (await client.get("/health")).text == "database: ok\nzalo: ok"
            await fake.until(lambda: len(fake.brought) == (4 if mode == "webhook" else 0))
            await until(app, lambda: is_counted(app, Usage(3, 3)))
            assert len(fake.messages) == 3
            assert fake.spent == len(fake.messages) + 3
    assert not [log for log in logs if log["log_level"] == "error"]
    assert not [secret for secret in (TOKEN, *codes.values()) if secret in str(logs)]


async def test_a_forged_message_does_not_get_past_the_door(fake: FakeZalo, sqlite_url: str) -> None:
    fake.takes_any_address = True
    async with on_zalo(sqlite_url, fake.url, "webhook") as app:
        await fake.is_listened_to()
        assert fake.webhook is not None
        update = fake.person("An").send("51")
        await fake.until(lambda: len(fake.brought) == 1)
        forged = {"X-Bot-Api-Secret-Token": fake.webhook.secret[::-1]}
        async with httpx.AsyncClient(trust_env=False) as client:
            statuses = [
                (await client.post(fake.webhook.url, json=update)).status_code,
                (await client.post(fake.webhook.url, json=update, headers=forged)).status_code,
                (await client.get(fake.webhook.url)).status_code,
            ]
        assert statuses == [403, 403, 405]
        assert (await counted(app)).received == 1


async def test_without_zalo_the_pages_and_telegram_work_all_the_same(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        nowhere = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with capture_logs() as logs:
        async with FakeBotApi() as telegram:
            token = SecretStr(TELEGRAM_TOKEN)
            both = on_zalo(sqlite_url, nowhere, telegram_token=token, telegram_api=telegram.url)
            async with both as app, browser(app) as client:
                assert await app.chats.find_name("telegram", 10) == "hoi_nghi_bot"
                assert await app.chats.find_name("zalo", 0.05) is None
                health = await client.get("/health")
                assert health.text == "database: ok\ntelegram: ok\nzalo: zalo_unreachable"
                assert (await client.get("/")).status_code == 200
                await telegram.person("An").send("/start")
                await telegram.until(lambda: telegram.count("sendMessage") > 0)
    assert {log["event"] for log in logs if log["log_level"] == "warning"} == {"zalo_unreachable"}
    assert TOKEN not in str(logs)


async def test_a_vote_that_is_brought_again_after_a_restart_counts_once_and_changes_nothing(
    fake: FakeZalo, sqlite_url: str, journey: Journey
) -> None:
    fake.takes_any_address = True
    journey.clock = Ticking()
    code, an = await journey.code(AN), fake.person(AN)
    async with on_zalo(sqlite_url, fake.url, "webhook", now=journey.clock.now) as app:
        journey.database, journey.house = app.house.database, app.house
        an.send(code)
        await an.sees(AN)
        await journey.open_meeting()
        await journey.enter(AN, BINH)
        await journey.state()
        vote_id = await journey.open_vote()
        await an.sees("11. Tán thành")
        first = an.send("11")
        await an.sees("Đã ghi nhận: Tán thành.")
        an.send("12")
        await an.sees("Đã ghi nhận: Không tán thành.")
    async with on_zalo(sqlite_url, fake.url, "webhook", now=journey.clock.now) as app:
        journey.database, journey.house = app.house.database, app.house
        await fake.until(lambda: fake.count("setWebhook") == 2)
        brought = len(fake.brought)
        fake.redeliver(first)
        await fake.until(lambda: fake.brought[brought:] == [(first["message"]["message_id"], 200)])
        await an.sees("Đồng chí đã chọn: Không tán thành.")
        assert await journey.choices(vote_id) == {AN: Option.NO}

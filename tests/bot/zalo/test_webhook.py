"""What people did, brought by HTTP to the program's own server."""

import asyncio
import json
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.platforms.base import Text
from bot.platforms.zalo.webhook import Webhook
from tests.bot.telegram.line import Desk, Naps, OutOfOrderError, failing
from tests.bot.zalo.wire import KEY, SECRET_HEADER, a_text, hooked, polling
from tests.fakes.zalo_api import TOKEN, FakeZalo

FAST = timedelta(seconds=0.05)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def fake(fake: FakeZalo) -> FakeZalo:
    fake.takes_any_address = True
    return fake


# Set up by the program


def test_processes_that_share_a_key_agree_on_an_address_that_nobody_guesses() -> None:
    first, second = (Webhook.under("https://hop.example.vn", KEY, TOKEN, None) for _ in range(2))
    other = Webhook.under("https://hop.example.vn", KEY[::-1], TOKEN, None)
    assert (first.url, first.secret) == (second.url, second.secret)
    assert first.url.startswith("https://hop.example.vn/zalo/")
    assert len({first.path, other.path, first.secret, other.secret}) == 4
    assert min(len(first.path), len(first.secret)) >= 40
    assert len(first.secret) <= 256
    assert first.secret not in f"{first!r}{first}"
    assert Webhook.under("https://hop.example.vn", KEY, TOKEN, "cua-toi").secret == "cua-toi"


@pytest.mark.parametrize("brings_flat", [True, False], ids=["flat", "in-an-envelope"])
async def test_the_program_sets_its_webhook_up_and_leaves_it_when_it_stops(
    fake: FakeZalo, naps: Naps, *, brings_flat: bool
) -> None:
    fake.brings_flat = brings_flat
    desk, an = Desk(), fake.person("An")
    an.send("đã gửi từ trước")
    with capture_logs() as logs:
        async with hooked(fake, naps, desk) as bot:
            an.send("51")
            await desk.has_taken(2)
            await fake.until(lambda: [status for _, status in fake.brought] == [200, 200])
            assert bot.line.patience.trouble == ""
            assert bot.hook.verification is not None
            assert bot.hook.verification.is_ok
    assert desk.texts == ["đã gửi từ trước", "51"]
    assert fake.webhook is not None
    assert fake.count("deleteWebhook") == fake.count("getUpdates") == 0
    assert {"outcome": "delivered", "event": "zalo_webhook_verified", "log_level": "info"} in logs


async def test_an_address_that_zalo_cannot_reach_is_told_until_something_arrives(
    fake: FakeZalo, naps: Naps
) -> None:
    fake.takes_any_address = False
    desk = Desk()
    with capture_logs() as logs:
        async with hooked(fake, naps, desk, look=FAST) as bot:
            await fake.until(lambda: fake.count("getWebhookInfo") >= 2)
            assert bot.line.patience.trouble == "zalo_webhook_not_verified"
            fake.person("An").send("51")
            await desk.has_taken(1)
            looks = fake.count("getWebhookInfo")
            await fake.until(lambda: fake.count("getWebhookInfo") >= looks + 2)
            assert bot.line.patience.trouble == ""
    [told] = [log for log in logs if log["log_level"] == "error"]
    assert (told["event"], told["outcome"]) == ("zalo_webhook_not_verified", "unreachable")
    assert told["hint"] == "The webhook URL must use HTTPS"


async def test_an_address_that_zalo_does_not_take_is_told_to_the_operator(fake: FakeZalo, naps: Naps) -> None:
    fake.refuse("setWebhook", 400, "Bad Request: url is invalid")
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk()):
            assert (await naps.one()) >= 60
    assert "BIEUQUYET_PUBLIC_URL" in next(log["hint"] for log in logs if log["log_level"] == "error")


async def test_a_webhook_that_another_program_takes_away_is_told_to_the_operator(
    fake: FakeZalo, naps: Naps
) -> None:
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk(), look=FAST) as bot:
            await fake.bring_no_more()
            looks = fake.count("getWebhookInfo")
            await fake.until(lambda: fake.count("getWebhookInfo") >= looks + 2)
            assert bot.line.patience.trouble == "zalo_webhook_taken"
    assert "zalo_webhook_taken" in {log["event"] for log in logs if log["log_level"] == "error"}


async def test_switching_back_and_forth_loses_nothing(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    async with polling(fake, naps, desk):
        an.send("1")
        await desk.has_taken(1)
    # While Zalo thinks that somebody still asks, it gives what comes to nobody.
    await fake.until(lambda: not fake.is_polled)
    an.send("2")
    async with hooked(fake, naps, desk):
        an.send("3")
        await desk.has_taken(3)
        fake.hold()
    an.send("4")
    async with polling(fake, naps, desk):
        await desk.has_taken(4)
    assert desk.texts == ["1", "2", "3", "4"]


# Who may bring something


async def test_whoever_does_not_know_the_secret_is_turned_away_with_a_line_in_the_log(
    fake: FakeZalo, naps: Naps
) -> None:
    desk = Desk()
    with capture_logs() as logs:
        async with hooked(fake, naps, desk) as bot:
            body = json.dumps(a_text("giả")).encode()
            secret = bot.webhook.secret.encode()
            given = (None, b"", b"x", "ă".encode(), secret[:-1], secret + b"x", secret.swapcase())
            for one in given:
                headers = {} if one is None else {SECRET_HEADER.encode(): one}
                answer = await bot.client.post(bot.webhook.path, content=body, headers=headers)
                assert (answer.status_code, answer.content) == (403, b"")
            assert (await bot.client.get(bot.webhook.path)).status_code == 405
            assert (await bot.client.post("/zalo/guess", content=body)).status_code == 404
    forged = [log for log in logs if log["event"] == "zalo_webhook_forged"]
    assert [log["has_secret"] for log in forged] == [False, *[True] * 6]
    assert desk.begun == []
    assert bot.webhook.secret not in str(logs)


async def test_what_cannot_be_read_is_refused_and_what_is_unknown_is_let_be(
    fake: FakeZalo, naps: Naps
) -> None:
    desk = Desk()
    async with hooked(fake, naps, desk) as bot:
        contents: list[object] = [
            b"no JSON",
            b"[" * 100_000,
            b"x" * (1 << 20) + b"x",
            b"",
            {"event_name": "webhook.verified"},
            [],
            {"ok": True, "result": {"message": {"from": None}}},
        ]
        statuses = [(await bot.brings(content)).status_code for content in contents]
    assert statuses == [400, 400, 413, 400, 200, 200, 200]
    assert desk.begun == []


# What is brought


async def test_what_is_brought_twice_is_taken_once_also_while_it_is_in_hand(
    fake: FakeZalo, naps: Naps
) -> None:
    desk, an = Desk(), fake.person("An")
    desk.doors["u1"] = asyncio.Event()
    async with hooked(fake, naps, desk) as bot:
        bringing = [asyncio.create_task(bot.brings(a_text("51"))) for _ in range(3)]
        await desk.has_begun(1)
        desk.doors["u1"].set()
        assert [(await one).status_code for one in bringing] == [200, 200, 200]
        assert (await bot.brings({"ok": True, "result": a_text("51")})).status_code == 200
        fake.redeliver(an.send("52"))
        await fake.until(lambda: [status for _, status in fake.brought] == [200, 200])
    assert desk.texts == ["51", "52"]


async def test_what_takes_long_is_refused_but_goes_on_and_is_not_begun_anew(
    fake: FakeZalo, naps: Naps
) -> None:
    desk, an = Desk(), fake.person("An")
    desk.doors[an.id] = asyncio.Event()
    async with hooked(fake, naps, desk, patience=FAST):
        an.send("51")
        await fake.until(lambda: len(fake.brought) >= 2)
        assert {status for _, status in fake.brought} == {503}
        desk.doors[an.id].set()
        await fake.until(lambda: fake.brought[-1][1] == 200)
    assert [incoming.body for incoming in desk.begun] == [Text("51")]


async def test_more_than_can_be_held_is_refused_for_a_moment(fake: FakeZalo, naps: Naps) -> None:
    desk = Desk()
    desk.doors["u1"] = asyncio.Event()
    async with hooked(fake, naps, desk, most=1) as bot:
        first = asyncio.create_task(bot.brings(a_text("51")))
        await desk.has_begun(1)
        refused = await bot.brings(a_text("52", "m2", "u2"))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        desk.doors["u1"].set()
        assert (await first).status_code == 200
        assert (await bot.brings(a_text("52", "m2", "u2"))).status_code == 200
    assert desk.texts == ["51", "52"]


async def test_what_fails_is_set_aside_and_what_is_given_up_is_not_answered_well(
    fake: FakeZalo, naps: Naps
) -> None:
    desk = Desk(failing(1, OutOfOrderError()))
    desk.doors["u2"] = asyncio.Event()
    with capture_logs() as logs:
        async with hooked(fake, naps, desk, farewell=timedelta(0)) as bot:
            assert (await bot.brings(a_text("hỏng"))).status_code == 200
            stuck = asyncio.create_task(bot.brings(a_text("51", "m2", "u2")))
            await desk.has_begun(2)
            await bot.line.inbox.finish()
            assert (await stuck).status_code == 503
    assert [log["event"] for log in logs if log["log_level"] == "error"] == [
        "zalo_update_failed",
        "zalo_updates_given_up",
    ]

"""Updates brought by HTTP to the program's own server, as Telegram brings them."""

import asyncio
import contextlib
import dataclasses
import json
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.platforms.base import Answer, Joined, Text
from bot.platforms.telegram import TelegramPlatform, Webhook
from bot.web.doors import Doors
from bot.web.server import WebServer
from tests.bot.telegram.line import BALLOT, Desk, Naps, OutOfOrderError, connected, failing, listening
from tests.fakes.bot_api import TOKEN, FakeBotApi, Json, Person

KEY = b"a key that is long enough for this"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FAST = timedelta(seconds=0.05)


@dataclass
class Hooked:
    """A bot whose webhook is set."""

    webhook: Webhook
    platform: TelegramPlatform
    desk: Desk
    client: httpx.AsyncClient

    async def brings(self, content: object, secret: str | None = None) -> httpx.Response:
        """Call the webhook as whoever knows this secret, by default Telegram's own."""
        headers = {SECRET_HEADER: self.webhook.secret if secret is None else secret}
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return await self.client.post(self.webhook.path, content=body, headers=headers)


@contextlib.asynccontextmanager
async def hooked(
    fake: FakeBotApi, naps: Naps, desk: Desk, *, port: int = 0, secret: str | None = None, **limits: object
) -> AsyncIterator[Hooked]:
    """A bot that is brought its updates, on a port that may be one it had before."""
    fake.is_local_server = True
    listener = socket.create_server(("127.0.0.1", port))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    webhook = dataclasses.replace(Webhook.under(address, KEY, TOKEN, secret), **limits)  # type: ignore[arg-type]
    platform = TelegramPlatform(TOKEN, api=fake.url, sleep=naps, webhook=webhook)
    assert platform.hook is not None
    server = WebServer(Doors(Starlette(), {webhook.path: platform.hook}), "127.0.0.1", 0)
    served = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client, listening(platform, desk):
            await fake.until(lambda: fake.webhook is not None, what="the webhook to be set")
            yield Hooked(webhook, platform, desk, client)
    finally:
        server.should_exit = True
        await served
        await platform.close()


def a_text(an: Person, text: str, update_id: int = 5) -> Json:
    message = {"message_id": 3, "date": 1, "chat": an.as_chat(), "from": an.as_user(), "text": text}
    return {"update_id": update_id, "message": message}


# Set up by the program


async def test_the_program_sets_its_webhook_up_and_leaves_it_when_it_stops(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    waiting = await an.send("đã gửi từ trước")
    async with hooked(fake, naps, Desk()) as bot:
        await fake.acknowledged(waiting)
        assert bot.desk.texts == ["đã gửi từ trước"]
        assert bot.platform.trouble == ""
    asked = next(given for name, given in fake.calls if name == "setWebhook")
    assert asked["max_connections"] == 100
    assert asked["allowed_updates"][:3] == ["message", "callback_query", "my_chat_member"]
    assert asked["drop_pending_updates"] is False
    assert fake.webhook is not None
    assert fake.count("deleteWebhook") == fake.count("getUpdates") == 0


def test_processes_that_share_a_key_agree_on_an_address_that_nobody_guesses() -> None:
    first, second = (Webhook.under("https://hop.example.vn", KEY, TOKEN, None) for _ in range(2))
    other = Webhook.under("https://hop.example.vn", KEY[::-1], TOKEN, None)
    assert (first.url, first.secret) == (second.url, second.secret)
    assert first.url.startswith("https://hop.example.vn/telegram/")
    assert len({first.path, other.path, first.secret, other.secret}) == 4
    assert min(len(first.path), len(first.secret)) >= 40
    assert first.secret not in f"{first!r}{first}"
    assert Webhook.under("https://hop.example.vn", KEY, TOKEN, "cua-toi").secret == "cua-toi"


async def test_switching_back_and_forth_loses_nothing(fake: FakeBotApi, naps: Naps, an: Person) -> None:
    desk, updates = Desk(), []

    async def says(text: str) -> None:
        updates.append(await an.send(text))

    await says("1")
    async with connected(fake.url, naps) as polling, listening(polling, desk):
        await says("2")
        await desk.has_taken(2)
    await says("3")
    async with hooked(fake, naps, desk):
        await says("4")
        await desk.has_taken(4)
    await says("5")
    async with connected(fake.url, naps) as polling, listening(polling, desk):
        await says("6")
        await fake.acknowledged(*updates)
        assert fake.webhook is None
    # What was not acknowledged before a stop comes again, with the same mark.
    assert list(dict.fromkeys(desk.texts)) == ["1", "2", "3", "4", "5", "6"]


async def test_a_webhook_that_another_program_takes_away_is_told_to_the_operator(
    fake: FakeBotApi, naps: Naps
) -> None:
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk(), look=FAST) as bot:
            await fake.bring_no_more()
            looks = fake.count("getWebhookInfo")
            await fake.until(lambda: fake.count("getWebhookInfo") >= looks + 2)
            assert bot.platform.trouble == "telegram_webhook_taken"
    assert "telegram_webhook_taken" in {log["event"] for log in logs if log["log_level"] == "error"}


async def test_who_polls_is_told_that_another_process_has_set_a_webhook(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    pauses, desk = Naps(), Desk()
    with capture_logs() as logs:
        async with connected(fake.url, pauses) as polling, listening(polling, desk):
            await fake.until(lambda: fake.count("getUpdates") == 1)
            pauses.is_last = True
            async with hooked(fake, naps, desk):
                assert await pauses.one() == 60
                assert polling.trouble == "telegram_webhook_is_set"
                await fake.acknowledged(await an.send("vẫn tới"))
    assert desk.texts == ["vẫn tới"]
    [told] = [log for log in logs if log["event"] == "telegram_webhook_is_set"]
    assert "BIEUQUYET_TELEGRAM_MODE" in told["hint"]


async def test_what_telegram_says_about_failures_is_told_to_the_operator(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk(), look=FAST):
            fake.loses_responses = 1
            await fake.acknowledged(await an.send("có mặt"))
            looks = fake.count("getWebhookInfo")
            await fake.until(lambda: fake.count("getWebhookInfo") >= looks + 2)
    told = [log for log in logs if log["event"] == "telegram_webhook_failing"]
    assert [log["reason"] for log in told] == ["Connection closed"]


async def test_an_address_that_telegram_does_not_take_is_told_to_the_operator(
    fake: FakeBotApi, naps: Naps
) -> None:
    naps.is_last = True
    webhook = Webhook.under("http://hop.example.vn", KEY, TOKEN, None)
    platform = TelegramPlatform(TOKEN, api=fake.url, sleep=naps, webhook=webhook)
    with capture_logs() as logs:
        async with listening(platform, Desk()):
            assert await naps.one() >= 60
    await platform.close()
    [told] = [log for log in logs if log["log_level"] == "error"]
    assert told["event"] == "telegram_webhook_refused"
    assert "BIEUQUYET_PUBLIC_URL" in told["hint"]
    assert "https" in told["reason"]


# Who may bring something


async def test_whoever_does_not_know_the_secret_is_turned_away_with_a_line_in_the_log(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk()) as bot:
            update = json.dumps(a_text(an, "giả")).encode()
            secret = bot.webhook.secret.encode()
            given = (None, b"", b"x", "ă".encode(), secret[:-1], secret + b"x", secret.swapcase())
            for one in given:
                headers = {} if one is None else {SECRET_HEADER.encode(): one}
                answer = await bot.client.post(bot.webhook.path, content=update, headers=headers)
                assert (answer.status_code, answer.content) == (403, b"")
            assert bot.desk.begun == []
    assert [log["event"] for log in logs].count("telegram_webhook_forged") == len(given)
    assert bot.webhook.secret not in str(logs)
    assert bot.webhook.path not in str(logs)


async def test_what_is_no_update_is_refused_and_the_next_one_taken(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    async with hooked(fake, naps, Desk()) as bot:
        unreadable = [b"", b"{", b"[]", b"5", b'{"update_id": "7"}', b'{"update_id": true}', b"[" * 100_000]
        assert [(await bot.brings(body)).status_code for body in unreadable] == [400] * len(unreadable)
        assert (await bot.brings(b" " * 2_000_000)).status_code == 413
        assert (await bot.client.get(bot.webhook.path)).status_code == 405
        assert (await bot.client.post("/telegram/elsewhere", json={})).status_code == 404
        assert (await bot.brings(a_text(an, "thật"))).status_code == 200
    assert bot.desk.texts == ["thật"]


UNKNOWN: tuple[Json, ...] = (
    {},
    {"message": None},
    {"message": 5},
    {"message": {"chat": {"type": "private", "id": "x"}, "from": {"id": 1}, "text": "a"}},
    {"callback_query": {"id": 1, "data": {"a": 1}, "message": {}}},
    {"my_chat_member": {"chat": []}},
    {"something_new": {"chat": {"id": 1}}},
)


async def test_an_update_of_no_known_form_is_acknowledged_and_stops_nobody(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk()) as bot:
            for update_id, content in enumerate(UNKNOWN, 10):
                assert (await bot.brings({"update_id": update_id, **content})).status_code == 200
            assert (await bot.brings(a_text(an, "sau"))).status_code == 200
    assert bot.desk.texts == ["sau"]
    told = [log for log in logs if log["event"] == "telegram_update_not_understood"]
    assert {11, 12, 13, 14, 15} >= {log["update"] for log in told} >= {12, 13}


# Acknowledged only after the commit


async def test_an_update_is_answered_with_200_only_when_it_was_received(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk()
    desk.close_door(an)
    async with hooked(fake, naps, desk) as bot:
        bringing = asyncio.create_task(bot.brings(a_text(an, "có mặt")))
        await desk.has_begun(1)
        assert not bringing.done()
        desk.open_door(an)
        assert (await bringing).status_code == 200


async def test_the_answer_to_a_tap_stands_in_the_response(fake: FakeBotApi, naps: Naps, an: Person) -> None:
    desk = Desk(lambda _: Answer("Đã ghi nhận: Tán thành."))
    async with hooked(fake, naps, desk) as bot:
        await bot.platform.show(str(an.id), None, BALLOT)
        assert await an.tap("Tán thành") == "Đã ghi nhận: Tán thành."
    assert [name for name, _ in fake.replies] == ["answerCallbackQuery"]
    assert fake.count("answerCallbackQuery") == 0


async def test_what_does_not_fit_into_the_response_follows_as_messages(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    long = "Vì sao không được. " * 20
    desk = Desk(lambda _: Answer(long, BALLOT))
    async with hooked(fake, naps, desk) as bot:
        await bot.platform.show(str(an.id), None, BALLOT)
        toast = await an.tap("Tán thành")
        assert (len(toast), toast[-1]) == (200, "…")
        await an.sees(long.strip())
        await fake.until(lambda: len(an.messages) == 3)
    assert fake.count("answerCallbackQuery") == 0


async def test_taps_that_waited_with_telegram_are_answered_by_a_request_that_tells_whether_it_was_in_time(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Đã ghi nhận: Tán thành."))
    async with hooked(fake, naps, desk) as bot:
        await bot.platform.show(str(an.id), None, BALLOT)
    an.press("Tán thành", is_stale=True)
    async with hooked(fake, naps, desk):
        await an.sees("Đã ghi nhận: Tán thành.")
    assert fake.replies == []


async def test_an_update_whose_acknowledgement_got_lost_comes_again_with_the_same_mark(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    async with hooked(fake, naps, Desk()) as bot:
        fake.loses_responses = 1
        update = await an.send("một lần")
        await fake.acknowledged(update)
    assert fake.brought == [update["update_id"]] * 2
    assert [taken.event_id for taken in bot.desk.taken] == [str(update["update_id"])] * 2


async def test_an_update_that_is_brought_again_while_it_is_in_hand_runs_once(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk()
    desk.close_door(an)
    async with hooked(fake, naps, desk, patience=FAST) as bot:
        update = a_text(an, "chậm")
        answer = await bot.brings(update)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        twice = [asyncio.create_task(bot.brings(update)) for _ in range(2)]
        assert {answer.status_code for answer in await asyncio.gather(*twice)} == {503}
        assert len(desk.begun) == 1
        desk.open_door(an)
        await desk.has_taken(1)
        assert (await bot.brings(a_text(an, "tiếp", 6))).status_code == 200
    assert desk.texts == ["chậm", "tiếp"]


async def test_whoever_brings_goes_away_and_the_update_is_carried_out_all_the_same(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk()
    desk.close_door(an)
    async with hooked(fake, naps, desk) as bot:
        bringing = asyncio.create_task(bot.brings(a_text(an, "có mặt")))
        await desk.has_begun(1)
        bringing.cancel()
        desk.open_door(an)
        await desk.has_taken(1)


async def test_order_in_a_chat_is_kept_and_a_slow_chat_holds_up_no_other(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    binh, desk = fake.person("Bình"), Desk()
    desk.close_door(an)
    async with hooked(fake, naps, desk) as bot:
        slow = [asyncio.create_task(bot.brings(a_text(an, f"an {n}", n))) for n in (1, 2, 3)]
        await desk.has_begun(1)
        for n in (4, 5):
            assert (await bot.brings(a_text(binh, f"bình {n}", n))).status_code == 200
        desk.open_door(an)
        await asyncio.gather(*slow)
    assert [text for text in desk.texts if text.startswith("an")] == ["an 1", "an 2", "an 3"]
    assert desk.texts[:2] == ["bình 4", "bình 5"]


async def test_a_flood_is_kept_by_telegram_and_everything_is_received_once(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    people = [fake.person(f"Người {n}") for n in range(9)]
    desk = Desk()
    for person in people:
        desk.close_door(person)
    with capture_logs() as logs:
        async with hooked(fake, naps, desk, most=5) as bot:
            updates = [await person.send(person.name) for person in people]
            await fake.until(lambda: len(fake.brought) >= 9)
            await desk.has_begun(5)
            assert len(desk.begun) == 5
            assert (await bot.brings(a_text(an, "nữa", 1))).status_code == 503
            for person in people:
                desk.open_door(person)
            await fake.acknowledged(*updates)
    assert sorted(desk.texts) == sorted(person.name for person in people)
    assert [log["event"] for log in logs].count("telegram_webhook_full") <= 5


# What goes wrong while it is handled


async def test_an_update_that_always_fails_is_set_aside_after_three_tries_and_blocks_nothing(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk(failing(99, OutOfOrderError()))
    with capture_logs() as logs:
        async with hooked(fake, naps, desk):
            poison, next_one = await an.send("hỏng"), await an.send("tiếp")
            await fake.acknowledged(poison, next_one)
    assert desk.texts == ["tiếp"]
    assert len(desk.begun) == 4
    [aside] = [log for log in logs if log["event"] == "telegram_update_set_aside"]
    assert aside["update"] == poison["update_id"]
    assert "CHƯA ghi nhận được" in an.screen


async def test_while_the_database_is_away_updates_stay_with_telegram(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk(failing(4, ConnectionError()))
    async with hooked(fake, naps, desk):
        await fake.acknowledged(await an.send("hỏng rồi lại được"))
    assert desk.texts == ["hỏng rồi lại được"]


async def test_what_comes_before_the_program_listens_or_after_is_refused_and_kept(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk()
    desk.close_door(an)
    async with hooked(fake, naps, desk) as bot:
        port = int(bot.webhook.url.rsplit(":", 1)[1].partition("/")[0])
        first = await an.send("lần đầu")
        await desk.has_begun(1)
        fake.hold()
    second = await an.send("trong lúc nghỉ")
    desk.open_door(an)
    fake.release()
    async with hooked(fake, naps, desk, port=port):
        await fake.acknowledged(first, second)
    assert desk.texts == ["lần đầu", "trong lúc nghỉ"]


async def test_no_token_and_no_secret_is_in_any_log(
    fake: FakeBotApi, naps: Naps, an: Person, caplog: pytest.LogCaptureFixture
) -> None:
    for library in ("aiohttp", "httpx", "httpcore", "telegram"):
        caplog.set_level(logging.WARNING, logger=library)
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        async with hooked(fake, naps, Desk(failing(99, OutOfOrderError())), look=FAST, most=1) as bot:
            await bot.brings(b"{")
            await bot.brings(a_text(an, "x"), secret="sai")
            fake.refuse("getWebhookInfo", 400, f"Bad Request: {bot.webhook.url} {TOKEN}")
            await fake.acknowledged(await an.send("hỏng"))
            await fake.until(lambda: fake.count("getWebhookInfo") >= 3)
    said = f"{logs}{caplog.text}"
    assert "telegram_webhook_forged" in said
    assert not [secret for secret in (TOKEN, bot.webhook.secret) if secret in said]


async def test_a_start_link_works_as_it_does_when_polling(fake: FakeBotApi, naps: Naps, an: Person) -> None:
    async with hooked(fake, naps, Desk()) as bot:
        await fake.acknowledged(await an.send("/start abc"), await an.send("xin chào"))
    assert [taken.body for taken in bot.desk.taken] == [Joined("abc"), Text("xin chào")]

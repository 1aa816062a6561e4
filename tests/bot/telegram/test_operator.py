"""The operator is told why nothing is received, and never a token."""

import logging
import traceback
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.platforms.base import (
    DeliveryError,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import BALLOT, Desk, Naps, OutOfOrderError, connected, failing, listening
from tests.fakes.bot_api import (
    TOKEN,
    WEBHOOK_IS_SET,
    FakeBotApi,
    Person,
)


async def test_the_bot_introduces_itself_on_start(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    fake.hold()
    fake.bring_to("https://example.org/hook", None, 40)
    waiting = await fake.person("An").send("/start")
    desk = Desk()
    async with listening(platform, desk):
        await fake.acknowledged(waiting)
    assert fake.webhook is None
    assert [one["command"] for one in fake.commands[""]] == ["home", "agenda", "papers", "help", "vi", "en"]
    assert fake.commands["vi"] == fake.commands[""]
    assert fake.commands["en"][3]["description"] == "What can be done now"
    assert [one["command"] for one in fake.menus["all_group_chats"]["vi"]] == ["help"]


async def test_a_link_opens_the_bot_with_a_code(platform: TelegramPlatform) -> None:
    assert await platform.link("abc-DEF_1") == "https://t.me/hoi_nghi_bot?start=abc-DEF_1"


@pytest.mark.parametrize(
    ("code", "description", "event", "shortest"),
    [
        (401, "Unauthorized", "telegram_token_refused", 60),
        (404, "Not Found", "telegram_token_refused", 60),
        (409, WEBHOOK_IS_SET, "telegram_webhook_is_set", 60),
        (400, "Bad Request: whatever", "telegram_refused", 30),
        (429, "Too Many Requests: retry after 5", "telegram_slowed_down", 5),
        (502, "Bad Gateway", "telegram_unreachable", 1),
    ],
)
async def test_while_nothing_can_be_received_the_operator_is_told_why_and_nothing_spins(
    fake: FakeBotApi,
    platform: TelegramPlatform,
    naps: Naps,
    code: int,
    description: str,
    event: str,
    shortest: int,
) -> None:
    naps.is_last = True
    fake.refuse("getUpdates", code, description, **({"retry_after": 5} if code == 429 else {}))
    with capture_logs() as logs:
        async with listening(platform, Desk()):
            assert await naps.one() >= shortest
    assert [log["event"] for log in logs if log["event"] != "telegram_listening"] == [event]
    assert fake.count("getUpdates") == 1


async def test_a_second_poller_is_told_to_the_operator_and_listening_goes_on_when_it_is_gone(
    fake: FakeBotApi, platform: TelegramPlatform, naps: Naps, an: Person
) -> None:
    desk = Desk()
    with capture_logs() as logs:
        async with listening(platform, desk):
            await fake.until(lambda: fake.count("getUpdates") == 1)
            async with connected(fake.url, Naps()) as second, listening(second, Desk()):
                assert await naps.one() == 30
            await an.send("còn đây")
            await fake.until(lambda: fake.pending == [])
    assert "telegram_polled_elsewhere" in {log["event"] for log in logs}


async def test_a_wrong_token_is_told_and_never_shown(fake: FakeBotApi, naps: Naps) -> None:
    naps.is_last = True
    token = "700000001:AAHwrongWrongWRONGwrongWrong00001"
    with capture_logs() as logs:
        async with connected(fake.url, naps, token=token) as platform, listening(platform, Desk()):
            assert await naps.one() >= 60
    assert [log["event"] for log in logs] == ["telegram_token_refused"]
    assert "BIEUQUYET_TELEGRAM_TOKEN" in logs[0]["hint"]
    assert token not in str(logs)


async def test_a_server_that_is_away_is_asked_again_ever_more_seldom(naps: Naps, unused_url: str) -> None:
    async with connected(unused_url, naps) as platform, listening(platform, Desk()):
        pauses = await naps.some(8)
    doubled = [min(2.0**attempt, 30) for attempt in range(1, 9)]
    assert all(whole / 2 <= pause <= whole for pause, whole in zip(pauses, doubled, strict=True))


async def test_an_answer_that_is_not_telegrams_is_asked_again(fake: FakeBotApi, naps: Naps) -> None:
    async with connected(f"{fake.url}/wifi-login", naps) as platform:
        naps.is_last = True
        async with listening(platform, Desk()):
            assert await naps.one() > 0


async def test_no_token_is_in_any_log_or_exception(
    fake: FakeBotApi, naps: Naps, an: Person, unused_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    # As `bot.logs` sets them: the libraries tell of every request below this level.
    for library in ("aiohttp", "telegram"):
        caplog.set_level(logging.WARNING, logger=library)
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []
    desk = Desk(failing(99, OutOfOrderError()))
    with capture_logs() as logs:
        for url in (fake.url, unused_url, f"{fake.url}/somewhere-else"):
            async with connected(url, naps, request_timeout=timedelta(seconds=0.5)) as platform:
                for fault in (401, 404, 409, 500):
                    fake.refuse("sendMessage", fault, f"Somehow {TOKEN} is in the answer")
                for _ in range(5):
                    try:
                        await platform.show(str(an.id), None, BALLOT)
                    except DeliveryError as error:
                        errors.append(error)
                naps.taken.clear()
                async with listening(platform, desk):
                    await an.send("hỏng")
                    await naps.some(2)
    said = [str(logs), caplog.text, *(str(error) + repr(error) for error in errors)]
    assert len(errors) >= 10
    assert not [text for text in said if TOKEN in text or TOKEN.partition(":")[2] in text]


async def test_no_token_is_in_the_trace_of_an_exception(naps: Naps, an: Person, unused_url: str) -> None:
    async with connected(unused_url, naps) as platform:
        with pytest.raises(DeliveryError) as raised:
            await platform.show(str(an.id), None, BALLOT)
    trace = "".join(traceback.format_exception(raised.value))
    assert "Cannot connect to host" in trace
    assert TOKEN not in trace

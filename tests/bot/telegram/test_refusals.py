"""What Telegram's refusals mean."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.platforms.base import (
    Card,
    ChatGoneError,
    DeliveryError,
    Line,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import BALLOT, Naps, connected
from tests.fakes.bot_api import (
    NOT_MODIFIED,
    FakeBotApi,
    Person,
)

GONE = [
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: user not found"),
    (403, "Forbidden: bot was blocked by the user"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
    (403, "Forbidden: bot was kicked from the group chat"),
    (403, "Forbidden: bot can't send messages to bots"),
]
ANEW = [
    "Bad Request: message to edit not found",
    "Bad Request: message can't be edited",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: there is no text in the message to edit",
]
NOT_TAKEN = [
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
    (400, "Bad Request: message is too long"),
    (400, "Bad Request: BUTTON_DATA_INVALID"),
    (409, "Conflict: something else"),
    (413, "Request Entity Too Large"),
]


@pytest.mark.parametrize(("code", "description"), GONE)
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_a_chat_that_is_gone_is_told_as_such(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, code: int, description: str, method: str
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT) if method == "editMessageText" else None
    fake.refuse(method, code, description)
    with pytest.raises(ChatGoneError):
        await platform.show(str(an.id), ref, BALLOT)


@pytest.mark.parametrize("description", ANEW)
async def test_a_message_that_cannot_be_edited_is_sent_anew(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, description: str
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    fake.refuse("editMessageText", 400, description)
    assert await platform.show(str(an.id), ref, Card((Line("mới"),))) != ref
    assert [message.text for message in an.messages] == ["mới"]


async def test_what_is_not_modified_counts_as_shown(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    fake.refuse("editMessageText", 400, NOT_MODIFIED)
    assert await platform.show(str(an.id), ref, Card((Line("mới"),))) == ref


@pytest.mark.parametrize(("code", "description"), NOT_TAKEN)
async def test_a_card_that_telegram_does_not_take_is_certainly_not_delivered_and_logged_loud(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, code: int, description: str
) -> None:
    fake.refuse("sendMessage", code, description)
    with capture_logs() as logs, pytest.raises(DeliveryError, match="sendMessage") as raised:
        await platform.show(str(an.id), None, BALLOT)
    assert (raised.value.is_uncertain, raised.value.retry_after) == (False, None)
    assert [(log["event"], log["log_level"]) for log in logs] == [("telegram_refused", "error")]


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_too_many_requests_are_tried_again_when_telegram_says(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, method: str
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT) if method == "editMessageText" else None
    fake.flood(method, 11)
    with pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), ref, BALLOT)
    assert raised.value.retry_after == timedelta(seconds=11)
    assert not raised.value.is_uncertain


async def test_a_refused_token_is_tried_again_later_and_told_to_the_operator(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.refuse("sendMessage", 401, "Unauthorized")
    with capture_logs() as logs, pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), None, BALLOT)
    assert raised.value.retry_after == timedelta(minutes=1)
    assert [log["event"] for log in logs] == ["telegram_token_refused"]


@pytest.mark.parametrize("is_carried_out", [True, False])
async def test_a_send_that_was_cut_off_is_uncertain(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, *, is_carried_out: bool
) -> None:
    fake.cut("sendMessage", is_carried_out=is_carried_out)
    with pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), None, BALLOT)
    assert raised.value.is_uncertain
    assert len(an.messages) == is_carried_out


@pytest.mark.parametrize(("code", "description"), [(500, "Internal Server Error"), (502, "Bad Gateway")])
async def test_a_fault_of_the_server_is_uncertain(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, code: int, description: str
) -> None:
    fake.refuse("sendMessage", code, description)
    with pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), None, BALLOT)
    assert raised.value.is_uncertain


async def test_a_send_that_is_not_answered_is_uncertain_an_edit_is_not(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    async with connected(fake.url, naps, request_timeout=timedelta(seconds=0.5)) as platform:
        ref = await platform.show(str(an.id), None, BALLOT)
        for method, old, is_uncertain in (("sendMessage", None, True), ("editMessageText", ref, False)):
            fake.hang(method)
            with pytest.raises(DeliveryError) as raised:
                await platform.show(str(an.id), old, BALLOT)
            assert raised.value.is_uncertain is is_uncertain


async def test_what_never_left_is_certain(naps: Naps, unused_url: str) -> None:
    async with connected(unused_url, naps) as platform:
        with pytest.raises(DeliveryError) as raised:
            await platform.show("1", None, BALLOT)
    assert not raised.value.is_uncertain


async def test_the_real_refusals_of_people_mean_that_the_chat_is_gone(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    stranger, blocker, deactivated = (fake.person(name) for name in ("Lạ", "Chặn", "Nghỉ"))
    await blocker.send("/start")
    blocker.blocks()
    await deactivated.send("/start")
    deactivated.is_deactivated = True
    for chat in (stranger.id, blocker.id, deactivated.id, 4, "không phải số"):
        with pytest.raises(ChatGoneError):
            await platform.show(str(chat), None, BALLOT)

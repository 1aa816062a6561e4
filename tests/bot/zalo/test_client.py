"""The Zalo Bot API's two ways of saying no, its idle polls, and a token that nobody sees."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.platforms.base import ChatGoneError, DeliveryError
from bot.platforms.zalo.client import (
    LONGEST_TEXT,
    QuotaSpentError,
    RefusedError,
    TokenRefusedError,
    UnreachableError,
    Verification,
    ZaloApi,
)
from meeting.states import GoneReason
from tests.fakes.zalo_api import TOKEN, FakeZalo

AT_ONCE = timedelta(0)
SOON = timedelta(seconds=5)


@pytest.fixture
async def fake(*, refuses_by_status: bool) -> AsyncIterator[FakeZalo]:
    """Both ways of refusing: Zalo has either."""
    async with FakeZalo(refuses_by_status=refuses_by_status) as fake:
        yield fake


async def test_the_bot_knows_its_name_and_its_address(api: ZaloApi) -> None:
    me = await api.get_me()
    assert (me.account_name, me.display_name, me.can_join_groups) == ("bot.HoiNghi01", "Bot Hội nghị", True)


async def test_a_message_arrives_as_it_was_written(api: ZaloApi, fake: FakeZalo) -> None:
    an = fake.person("An")
    an.send("Xin chào")
    text = "Nội dung 5 <b>không</b> đánh dấu & giữ nguyên\n51. Tán thành 👍"
    message_id = await api.send_message(an.id, text)
    assert (await an.next_message()).text == text
    assert an.messages[0].id == message_id


async def test_what_somebody_did_is_given_once_and_nothing_is_no_error(api: ZaloApi, fake: FakeZalo) -> None:
    an = fake.person("An")
    assert await api.get_updates(AT_ONCE) is None
    update = an.send("51")
    assert await api.get_updates(SOON) == update
    assert await api.get_updates(AT_ONCE) is None


async def test_a_poll_waits_for_what_comes(api: ZaloApi, fake: FakeZalo) -> None:
    poll = asyncio.create_task(api.get_updates(SOON))
    await fake.is_listened_to()
    update = fake.person("An").send("51")
    assert await poll == update


async def test_texts_count_in_units_and_too_long_a_one_is_refused(api: ZaloApi, fake: FakeZalo) -> None:
    an = fake.person("An")
    an.send("Xin chào")
    await api.send_message(an.id, "👍" * (LONGEST_TEXT // 2))
    with pytest.raises(RefusedError) as raised:
        await api.send_message(an.id, "👍" * (LONGEST_TEXT // 2) + "!")
    assert (raised.value.code, raised.value.is_uncertain) == (400, False)
    assert len(an.messages) == 1


async def test_who_cannot_be_written_to_any_more_is_known_for_it(api: ZaloApi, fake: FakeZalo) -> None:
    an, stranger, group = fake.person("An"), fake.person("Bình"), fake.group("Cụm 3")
    an.send("Xin chào")
    an.blocks()
    group.removes_bot()
    reasons = []
    for chat in (an.id, stranger.id, group.id, "nobody"):
        with pytest.raises(ChatGoneError) as raised:
            await api.send_message(chat, "Chào")
        reasons.append(raised.value.reason)
    assert reasons == [GoneReason.BLOCKED, GoneReason.NOT_FOUND, GoneReason.REMOVED, GoneReason.NOT_FOUND]


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (400, "Bad Request: chat_id is invalid"),
        (404, "Not Found: recipient not found"),
        (400, "Invalid user_id"),
        (400, "Người nhận không tồn tại"),
    ],
)
async def test_a_chat_is_gone_whatever_code_says_so(
    api: ZaloApi, fake: FakeZalo, code: int, description: str
) -> None:
    fake.refuse("sendMessage", code, description)
    with pytest.raises(ChatGoneError) as raised:
        await api.send_message("1", "Chào")
    assert raised.value.reason is GoneReason.NOT_FOUND


@pytest.mark.parametrize("description", ["Internal server error", "the message is blocked", "Forbidden", ""])
async def test_what_is_no_more_than_a_fault_takes_no_chat_away(
    api: ZaloApi, fake: FakeZalo, description: str
) -> None:
    fake.refuse("sendMessage", 403, description)
    with pytest.raises(UnreachableError) as raised:
        await api.send_message("1", "Chào")
    assert raised.value.is_uncertain


async def test_a_plan_that_is_used_up_is_told_apart(api: ZaloApi, fake: FakeZalo) -> None:
    an, binh = fake.person("An"), fake.person("Bình")
    an.send("Xin chào")
    binh.send("Xin chào")
    fake.messages_in_plan = fake.spent + 1
    await api.send_message(an.id, "Tin cuối")
    with pytest.raises(QuotaSpentError) as raised:
        await api.send_message(an.id, "Một tin nữa")
    assert raised.value.retry_after is not None
    assert not raised.value.is_uncertain
    fake.messages_in_plan, fake.people_in_plan = 3000, 1
    with pytest.raises(QuotaSpentError):
        await api.send_message(binh.id, "Người thứ hai")


async def test_a_webhook_is_kept_even_where_it_cannot_be_reached(api: ZaloApi, fake: FakeZalo) -> None:
    assert await api.get_webhook() == ""
    found = await api.set_webhook("http://192.168.1.5/zalo/x", "a secret of its own")
    assert found == Verification(is_ok=False, outcome="unreachable", hint="The webhook URL must use HTTPS")
    assert await api.get_webhook() == "http://192.168.1.5/zalo/x"
    with pytest.raises(RefusedError, match="webhook is set"):
        await api.get_updates(AT_ONCE)
    await api.delete_webhook()
    assert await api.get_webhook() == ""
    fake.takes_any_address = True
    assert (await api.set_webhook("http://127.0.0.1:9/zalo/x", "a secret of its own")).is_ok
    with pytest.raises(RefusedError, match="secret_token"):
        await api.set_webhook("https://hop.example.vn/zalo/x", "short")


async def test_one_poller_a_token(api: ZaloApi, fake: FakeZalo) -> None:
    poll = asyncio.create_task(api.get_updates(SOON))
    await fake.is_listened_to()
    with pytest.raises(RefusedError) as raised:
        await api.get_updates(SOON)
    assert raised.value.code == 409
    poll.cancel()
    await fake.until(lambda: not fake.is_polled)
    assert await api.get_updates(AT_ONCE) is None


async def test_what_may_have_arrived_is_uncertain_and_the_rest_is_not(api: ZaloApi, fake: FakeZalo) -> None:
    an = fake.person("An")
    an.send("Xin chào")
    fake.cut("sendMessage", is_carried_out=True)
    fake.refuse("sendMessage", 500, "Internal server error")
    fake.say("sendMessage", 502, "<h1>Bad Gateway</h1>")
    fake.say("sendMessage", 200, '{"status": "login required"}')
    fake.refuse("sendMessage", 400, "Bad Request: whatever")
    certainty = []
    for _ in range(5):
        with pytest.raises(DeliveryError) as raised:
            await api.send_message(an.id, "Chào")
        certainty.append(raised.value.is_uncertain)
    assert certainty == [True, True, True, True, False]
    assert an.texts == ["Chào"]
    fake.say("getMe", 200, "<html>wifi</html>")
    with pytest.raises(UnreachableError) as raised_elsewhere:
        await api.get_me()
    assert not raised_elsewhere.value.is_uncertain


async def test_a_server_that_never_answers_is_not_waited_for(fake: FakeZalo) -> None:
    api = ZaloApi(TOKEN, api=fake.url, request_timeout=timedelta(seconds=0.1))
    fake.hang("getMe")
    with pytest.raises(UnreachableError, match="ReadTimeout"):
        await api.get_me()
    await api.close()


@pytest.mark.parametrize("token", ["1:wrong", f"{TOKEN}x", "no-token-at-all"])
async def test_a_wrong_token_is_refused_whatever_is_asked(fake: FakeZalo, token: str) -> None:
    api = ZaloApi(token, api=fake.url)
    with pytest.raises(TokenRefusedError) as raised:
        await api.get_me()
    assert raised.value.retry_after is not None
    with pytest.raises(TokenRefusedError):
        await api.send_message("1", "Chào")
    await api.close()


async def test_no_token_is_in_any_log_error_or_trace(
    fake: FakeZalo, caplog: pytest.LogCaptureFixture
) -> None:
    # As `bot.logs` sets them: the libraries tell of every request below this level.
    for library in ("httpx", "httpcore"):
        caplog.set_level(logging.WARNING, logger=library)
    caplog.set_level(logging.DEBUG)
    async with FakeZalo() as gone:
        nowhere = gone.url
    for status in (401, 404, 409, 429, 500):
        fake.refuse("sendMessage", status, f"Somehow {TOKEN} is in the answer")
    fake.say("sendMessage", 502, f"<h1>{TOKEN}</h1>")
    fake.cut("sendMessage", is_carried_out=False)
    fake.hang("sendMessage")
    said: list[str] = []
    for url, times in ((fake.url, 9), (nowhere, 1), (f"{fake.url}/somewhere-else", 1)):
        api = ZaloApi(TOKEN, api=url, request_timeout=timedelta(seconds=0.2))
        for _ in range(times):
            with pytest.raises((DeliveryError, ChatGoneError)) as raised:
                await api.send_message("nobody", "Chào")
            said += [str(raised.value), repr(raised.value), repr(api)]
            said += traceback.format_exception(raised.value)
        await api.close()
    assert len(said) > 33
    secret = TOKEN.partition(":")[2]
    assert not [text for text in (*said, caplog.text) if TOKEN in text or secret in text]

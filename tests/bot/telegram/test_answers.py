"""Taps and texts are answered at once."""

from structlog.testing import capture_logs

from bot.platforms.base import (
    Answer,
    Card,
    Do,
    Line,
    Tap,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import BALLOT, NO, YES, Desk, Naps, listening
from tests.fakes.bot_api import (
    FakeBotApi,
    Person,
)


async def test_a_tap_carries_its_action_and_is_answered_with_a_toast(
    platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Đã ghi nhận: Tán thành."))
    ref = await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, desk):
        assert await an.tap("Tán thành") == "Đã ghi nhận: Tán thành."
    assert desk.taken[0].body == Tap("v1:vote:7:yes")
    assert desk.taken[0].shown_at == ref
    assert [message.text for message in an.messages] == ["Biểu quyết 7"]


async def test_a_tap_without_a_notice_is_answered_all_the_same(
    platform: TelegramPlatform, an: Person
) -> None:
    await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, Desk()):
        assert await an.tap("Tán thành") == ""


async def test_a_notice_too_long_for_a_toast_is_a_message_too(platform: TelegramPlatform, an: Person) -> None:
    notice = "Biểu quyết đã kết thúc. " * 12
    await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, Desk(lambda _: Answer(notice))):
        toast = await an.tap("Tán thành")
        assert len(toast) == 200
        assert toast == notice[:199] + "…"
        await an.sees(notice.strip())


async def test_a_tap_that_waited_too_long_for_a_toast_is_answered_with_a_message(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, Desk(lambda _: Answer("Biểu quyết đã kết thúc lúc 15:42."))):
        update = an.press("Tán thành", is_stale=True)
        await an.sees("Biểu quyết đã kết thúc lúc 15:42.")
        await fake.acknowledged(update)
    assert fake.toasts == {}


async def test_the_tapped_card_is_replaced_in_place(platform: TelegramPlatform, an: Person) -> None:
    voted = Card(BALLOT.lines, ((Do(YES.label, YES.action, is_chosen=True), NO),))
    await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, Desk(lambda _: Answer("Đã ghi nhận.", voted, replaces=True))):
        await an.tap("Tán thành")
        await an.fake.until(lambda: "✓ Tán thành" in an.messages[0].labels)
        assert await an.tap("Tán thành") == "Đã ghi nhận."
    assert [message.labels for message in an.messages] == [["✓ Tán thành", "Không tán thành"]]


async def test_a_further_card_is_a_message_of_its_own(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(str(an.id), None, BALLOT)
    async with listening(platform, Desk(lambda _: Answer(card=Card((Line("Trợ giúp"),))))):
        await an.tap("Tán thành")
        await an.sees("Trợ giúp")
    assert len(an.messages) == 2


async def test_the_answer_to_a_tap_on_a_card_that_was_deleted_is_sent_anew(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    await platform.show(str(an.id), None, BALLOT)
    card = await an.next_message()
    async with listening(platform, Desk(lambda _: Answer("Được", Card((Line("mới"),)), replaces=True))):
        an.press("Tán thành")
        an.deletes(card)
        await an.sees("mới")
        # Too old to be told by Telegram: no content, only its place.
        gone = {"chat": an.as_chat(), "message_id": card.id, "date": 0}
        query = {"id": "9", "from": an.as_user(), "message": gone, "chat_instance": "1", "data": "v1:help"}
        await fake.acknowledged(fake.push(callback_query=query))
    assert [message.text for message in an.messages] == ["mới", "Được", "mới"]


async def test_a_forged_tap_is_passed_on_as_it_is(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(str(an.id), None, BALLOT)
    desk = Desk()
    async with listening(platform, desk):
        an.press_data(await an.next_message(), "v1:vote:7:tất cả")
        await desk.has_taken(1)
    assert desk.taken[0].body == Tap("v1:vote:7:tất cả")


async def test_an_answer_waits_as_long_as_telegram_asks(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, naps: Naps
) -> None:
    fake.flood("sendMessage", 7)
    async with listening(platform, Desk(lambda _: Answer("Đã ghi nhận"))):
        await an.send("có mặt")
        await an.sees("Đã ghi nhận")
    assert naps.taken == [7]


async def test_an_answer_that_never_arrives_is_given_up_and_logged(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.flood("sendMessage", 600)
    with capture_logs() as logs:
        async with listening(platform, Desk(lambda _: Answer("Đã ghi nhận"))):
            await fake.acknowledged(await an.send("có mặt"))
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["telegram_answer_lost"]

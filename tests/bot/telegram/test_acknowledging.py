"""An update is acknowledged only after its commit, and one that fails holds nobody up."""

import asyncio
import itertools
from datetime import timedelta

from structlog.testing import capture_logs

from bot.actions import ShowItem
from bot.platforms.base import (
    Answer,
    Card,
    Do,
    Line,
    Text,
)
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import (
    Desk,
    Naps,
    OutOfOrderError,
    connected,
    failing,
    listening,
)
from tests.fakes.bot_api import (
    FakeBotApi,
    Person,
)


async def test_an_update_is_acknowledged_only_when_it_was_received(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk()
    desk.close_door(an)
    async with listening(platform, desk):
        update = await an.send("có mặt")
        await desk.has_begun(1)
        polls = fake.count("getUpdates")
        await fake.until(lambda: fake.count("getUpdates") > polls)
        assert fake.pending == [update["update_id"]]
        desk.open_door(an)
        await fake.acknowledged(update)
    assert len(desk.begun) == 1


async def test_what_was_in_hand_at_a_crash_is_delivered_again(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk, later = Desk(), Desk()
    desk.close_door(an)
    async with connected(fake.url, naps) as platform, listening(platform, desk):
        update = await an.send("có mặt")
        await desk.has_begun(1)
    assert desk.taken == []
    async with connected(fake.url, naps) as platform, listening(platform, later):
        await later.has_taken(1)
        await fake.acknowledged(update)
    assert later.taken == desk.begun


async def test_order_in_a_chat_is_kept_and_a_slow_chat_holds_up_no_other(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    slow, *others = (fake.person(name) for name in ("An", "Bình", "Chi", "Dũng"))
    desk = Desk()
    desk.close_door(slow)
    async with listening(platform, desk):
        first = await slow.send("0")
        await desk.has_begun(1)
        for number in range(1, 6):
            for person in (slow, *others):
                await person.send(str(number))
        await desk.has_taken(15)
        assert {incoming.chat for incoming in desk.taken} == {str(person.id) for person in others}
        assert [incoming.body for incoming in desk.begun if incoming.chat == str(slow.id)] == [Text("0")]
        assert first["update_id"] in fake.pending
        desk.open_door(slow)
        await fake.until(lambda: fake.pending == [])
    for person in (slow, *others):
        texts = [incoming.body for incoming in desk.taken if incoming.chat == str(person.id)]
        assert texts == [Text(str(number)) for number in range(0 if person is slow else 1, 6)]
    assert len(desk.begun) == 21


async def test_so_many_chats_are_looked_after_at_a_time(fake: FakeBotApi, naps: Naps) -> None:
    people = [fake.person(f"Đại biểu {number}") for number in range(8)]
    desk = Desk()
    for person in people:
        desk.close_door(person)
    async with connected(fake.url, naps, parallel=3) as platform, listening(platform, desk):
        for person in people:
            await person.send("có mặt")
        await desk.has_begun(3)
        polls = fake.count("getUpdates")
        await fake.until(lambda: fake.count("getUpdates") > polls + 1)
        assert len(desk.begun) == 3
        for person in people:
            desk.open_door(person)
        await desk.has_taken(8)


async def test_more_updates_than_one_answer_holds_are_each_received_once(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    people = [fake.person(f"Đại biểu {number}") for number in range(50)]
    for number, person in itertools.product(range(5), people):
        await person.send(str(number))
    desk = Desk()
    async with listening(platform, desk):
        await fake.until(lambda: fake.pending == [])
    assert len({incoming.event_id for incoming in desk.taken}) == len(desk.taken) == 250


async def test_an_old_update_delivered_again_has_the_same_mark(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        old = await an.send("tán thành")
        await fake.acknowledged(old)
        new = await an.send("không tán thành")
        await fake.acknowledged(new)
        fake.redeliver(old)
        await desk.has_taken(3)
        last = await an.send("xong")
        await fake.acknowledged(last)
    assert desk.texts == ["tán thành", "không tán thành", "tán thành", "xong"]
    assert desk.taken[0] == desk.taken[2]


async def test_numbers_of_updates_may_start_lower_after_a_quiet_time(
    fake: FakeBotApi, naps: Naps, an: Person
) -> None:
    desk = Desk()
    poll_timeout = timedelta(0)
    async with connected(fake.url, naps, poll_timeout=poll_timeout) as platform, listening(platform, desk):
        await fake.acknowledged(await an.send("trước"))
        polls = fake.count("getUpdates")
        await fake.until(lambda: fake.count("getUpdates") > polls + 1)
        update = await an.send("sau")
        update["update_id"] = 17
        await fake.acknowledged(update)
    assert desk.texts == ["trước", "sau"]


# What goes wrong while it is handled


async def test_an_update_that_always_fails_is_tried_three_times_then_set_aside_and_the_person_told(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(failing(99, OutOfOrderError("Nguyễn Văn An")))
    with capture_logs() as logs:
        async with listening(platform, desk):
            poison = await an.send("hỏng")
            await an.send("lành")
            assert (await an.next_message()).text.startswith("CHƯA ghi nhận")
            assert (await an.next_message()).text == "Đã ghi nhận"
            await fake.acknowledged(poison)
    assert [text.body for text in desk.begun] == [Text("hỏng")] * 3 + [Text("lành")]
    aside = [log for log in logs if log["event"] == "telegram_update_set_aside"]
    assert [log["update"] for log in aside] == [poison["update_id"]]
    attempts = [log["attempt"] for log in logs if log["event"] == "telegram_update_failed"]
    assert attempts == [1, 2, 3]


async def test_an_update_that_fails_once_is_recorded_at_the_second_try(
    platform: TelegramPlatform, an: Person, naps: Naps
) -> None:
    desk = Desk(failing(1, OutOfOrderError()))
    async with listening(platform, desk):
        await an.send("hỏng")
        assert (await an.next_message()).text == "Đã ghi nhận"
    assert len(naps.taken) == 1


async def test_while_the_database_is_away_nothing_is_set_aside(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person, naps: Naps
) -> None:
    desk = Desk(failing(20, ConnectionRefusedError()))
    async with listening(platform, desk):
        update = await an.send("hỏng")
        assert (await an.next_message()).text == "Đã ghi nhận"
        await fake.acknowledged(update)
    assert len(naps.taken) == 20
    assert 5 < max(naps.taken) <= 30


async def test_a_cancelled_part_of_the_handling_is_a_failure_like_others(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(failing(1, asyncio.CancelledError()))
    async with listening(platform, desk):
        update = await an.send("hỏng")
        assert (await an.next_message()).text == "Đã ghi nhận"
        await fake.acknowledged(update)


async def test_an_answer_that_cannot_be_laid_out_stops_nobody(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    impossible = Card((Line("x"),), ((Do("x", ShowItem(10**70)),),))
    desk = Desk(lambda incoming: Answer(card=impossible) if incoming.body == Text("1") else Answer("được"))
    with capture_logs() as logs:
        async with listening(platform, desk):
            update = await an.send("1")
            await fake.acknowledged(update)
            await an.send("2")
            await an.sees("được")
    assert [log["update"] for log in logs if log["event"] == "telegram_answer_failed"] == [
        update["update_id"]
    ]

"""The Telegram platform over real HTTP, against the strict Bot API."""

import asyncio
import contextlib
import dataclasses
import itertools
import json
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.actions import CastVote, SetLanguage, ShowHelp, ShowItem, encode
from bot.platforms.base import (
    Answer,
    Ask,
    Attachment,
    Bar,
    Card,
    ChatGoneError,
    Choice,
    DeliveryError,
    Do,
    File,
    Incoming,
    Joined,
    Left,
    Line,
    Mark,
    Open,
    Tap,
    Text,
)
from bot.platforms.telegram import TelegramPlatform
from meeting.voting import Option
from tests.fakes.bot_api import (
    NOT_MODIFIED,
    TOKEN,
    WEBHOOK_IS_SET,
    FakeBotApi,
    Message,
    Person,
    utf16,
)

YES = Do("Tán thành", CastVote(7, Option.YES))
NO = Do("Không tán thành", CastVote(7, Option.NO))
BALLOT = Card((Line("Biểu quyết 7", Mark.STRONG),), ((YES, NO),))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Naps:
    """The pauses that were asked for; none is waited for, and with `is_last` none ends."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.is_last = False
        self._news = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._news.set()
        await (asyncio.Event().wait() if self.is_last else asyncio.sleep(0))

    async def some(self, count: int) -> list[float]:
        """The first pauses, as soon as there are so many."""
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                await self._news.wait()
                self._news.clear()
        return self.taken[:count]

    async def one(self) -> float:
        return (await self.some(1))[0]


class Desk:
    """Takes in what people do, as the dialogues would, and answers as the test says."""

    def __init__(self, answer: Callable[[Incoming], Answer] = lambda _: Answer()) -> None:
        self.taken: list[Incoming] = []
        self.begun: list[Incoming] = []
        self.answer = answer
        self.doors: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Condition()

    async def __call__(self, incoming: Incoming) -> Answer:
        async with self.changed:
            self.begun.append(incoming)
            self.changed.notify_all()
        if incoming.chat in self.doors:
            await self.doors[incoming.chat].wait()
        answer = self.answer(incoming)
        async with self.changed:
            self.taken.append(incoming)
            self.changed.notify_all()
        return answer

    def close_door(self, person: Person) -> None:
        """Let whatever this person does wait until the door is opened."""
        self.doors[str(person.id)] = asyncio.Event()

    def open_door(self, person: Person) -> None:
        self.doors[str(person.id)].set()

    async def has_begun(self, count: int) -> None:
        await self._until(lambda: len(self.begun) >= count)

    async def has_taken(self, count: int) -> list[Incoming]:
        await self._until(lambda: len(self.taken) >= count)
        return self.taken

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(condition)

    @property
    def texts(self) -> list[str]:
        return [incoming.body.text for incoming in self.taken if isinstance(incoming.body, Text)]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as fake:
        yield fake


@pytest.fixture
def naps() -> Naps:
    return Naps()


@contextlib.asynccontextmanager
async def connected(
    url: str,
    naps: Naps,
    *,
    token: str = TOKEN,
    parallel: int = 64,
    poll_timeout: timedelta = timedelta(seconds=30),
    request_timeout: timedelta = timedelta(seconds=20),
) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(
        token,
        api=url,
        parallel=parallel,
        poll_timeout=poll_timeout,
        request_timeout=request_timeout,
        sleep=naps,
    )
    try:
        yield platform
    finally:
        await platform.close()


@pytest.fixture
async def platform(fake: FakeBotApi, naps: Naps) -> AsyncIterator[TelegramPlatform]:
    async with connected(fake.url, naps) as platform:
        yield platform


@contextlib.asynccontextmanager
async def listening(platform: TelegramPlatform, desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(platform.listen(desk))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def an(fake: FakeBotApi) -> Person:
    """Somebody who may be written to."""
    person = fake.person("An", language="vi")
    person.has_written = True
    return person


# What comes in


async def test_a_start_link_is_somebody_joining_with_its_code(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    an, desk = fake.person("Nguyễn Văn An", language="vi-VN"), Desk()
    async with listening(platform, desk):
        update = await an.send("/start abc-DEF_123")
        await desk.has_taken(1)
    assert desk.taken == [
        Incoming(
            platform="telegram",
            chat=str(an.id),
            sender=str(an.id),
            event_id=str(update["update_id"]),
            body=Joined("abc-DEF_123"),
            display_name="Nguyễn Văn An",
            language="vi",
        )
    ]


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("/start", Joined("")),
        ("/START@hoi_nghi_bot  K7M2 ", Joined("K7M2")),
        ("K7M2-9XQA", Text("K7M2-9XQA")),
        ("/help", Tap(encode(ShowHelp()))),
        ("/tro_giup", Tap(encode(ShowHelp()))),
        ("/en", Tap(encode(SetLanguage("en")))),
        ("/vi@hoi_nghi_bot", Tap(encode(SetLanguage("vi")))),
        ("/unknown thing", Text("/unknown thing")),
        ("/starting", Text("/starting")),
        ("tán thành\nvà bổ sung", Text("tán thành\nvà bổ sung")),
    ],
)
async def test_what_is_typed_is_a_command_or_text(
    fake: FakeBotApi, platform: TelegramPlatform, typed: str, body: object
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").send(typed)
        await desk.has_taken(1)
    assert desk.taken[0].body == body


@pytest.mark.parametrize(
    ("code", "language"),
    [("vi", "vi"), ("en-GB", "en"), ("EN", "en"), ("fr", None), ("", None), (None, None)],
)
async def test_the_language_is_that_of_the_phone_where_it_is_known(
    fake: FakeBotApi, platform: TelegramPlatform, code: str | None, language: str | None
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An", language=code).send("xin chào")
        await desk.has_taken(1)
    assert desk.taken[0].language == language


async def test_a_document_comes_with_its_content(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk, content = Desk(), bytes(range(256)) * 40
    async with listening(platform, desk):
        await fake.person("An").sends_document("Hội nghị.xlsx", content)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("Hội nghị.xlsx", len(content), content, 20_000_000)


async def test_a_document_that_is_too_big_comes_without_content(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").sends_document("big.xlsx", size=50_000_000)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("big.xlsx", 50_000_000, None, 20_000_000)
    assert fake.count("getFile") == 0


async def test_a_document_whose_size_is_told_late_comes_without_content(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk, an = Desk(), fake.person("An")
    document = fake.add_file("big.xlsx", b"", 30_000_000).as_json()
    del document["file_size"]
    async with listening(platform, desk):
        an.send_anything(document=document)
        await desk.has_taken(1)
    assert desk.taken[0].body == File("big.xlsx", 0, None, 20_000_000)


async def test_a_download_that_breaks_is_tried_again(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk = Desk()
    fake.cut("getFile", is_carried_out=False)
    async with listening(platform, desk):
        await fake.person("An").sends_document("a.xlsx", b"PK")
        await desk.has_taken(1)
    assert desk.taken[0].body == File("a.xlsx", 2, b"PK", 20_000_000)


async def test_a_photo_is_a_file_in_its_biggest_size(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    desk = Desk()
    async with listening(platform, desk):
        await fake.person("An").sends_photo(b"the whole picture")
        await desk.has_taken(1)
    assert desk.taken[0].body == File("photo.jpg", 17, b"the whole picture", 20_000_000)


async def test_other_media_count_as_what_is_written_under_them(
    fake: FakeBotApi, platform: TelegramPlatform
) -> None:
    desk, an = Desk(), fake.person("An")
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}
    async with listening(platform, desk):
        an.send_anything(voice=voice)
        an.send_anything(voice=voice, caption="ý kiến của tôi")
        await desk.has_taken(2)
    assert desk.texts == ["", "ý kiến của tôi"]


async def test_what_is_no_business_of_the_bot_is_acknowledged_in_silence(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk()
    group = {"id": -100123, "type": "supergroup", "title": "Cơ quan"}
    message = {"message_id": 5, "date": 1, "from": an.as_user()}
    updates = [
        fake.push(message={**message, "chat": group, "text": "/start abc"}),
        fake.push(
            callback_query={
                "id": "1",
                "from": an.as_user(),
                "message": {**message, "chat": group, "text": "x"},
                "chat_instance": "1",
                "data": "v1:help",
            }
        ),
        fake.push(
            message={**message, "chat": an.as_chat(), "pinned_message": {**message, "chat": an.as_chat()}}
        ),
        an.unblocks(),
        fake.push(message="of a form that nobody knows"),
    ]
    with capture_logs() as logs:
        async with listening(platform, desk):
            await an.send("sau cùng")
            await fake.acknowledged(*updates)
            await desk.has_taken(1)
    assert desk.texts == ["sau cùng"]
    assert [log["update"] for log in logs if log["log_level"] == "error"] == [updates[-1]["update_id"]]


async def test_edited_messages_are_not_asked_for(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    async with listening(platform, Desk()):
        await fake.until(lambda: fake.count("getUpdates") > 0)
        fake.push(edited_message={"message_id": 1, "date": 1, "chat": an.as_chat(), "text": "khác"})
    assert fake.pending == []


async def test_somebody_who_blocks_the_bot_has_left(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(lambda _: Answer("Tạm biệt"))
    async with listening(platform, desk):
        update = an.blocks()
        await fake.acknowledged(update)
    assert desk.taken[0].body == Left()
    assert fake.count("sendMessage") == 0


# Acknowledged only after the commit


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


class _OutOfOrderError(Exception):
    """A bug."""


def failing(times: int, error: BaseException, word: str = "hỏng") -> Callable[[Incoming], Answer]:
    """An answer that fails so often at texts with this word."""
    left = itertools.count(times, -1)

    def answer(incoming: Incoming) -> Answer:
        if isinstance(incoming.body, Text) and word in incoming.body.text and next(left) > 0:
            raise error
        return Answer("Đã ghi nhận")

    return answer


async def test_an_update_that_always_fails_is_tried_three_times_then_set_aside_and_the_person_told(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    desk = Desk(failing(99, _OutOfOrderError("Nguyễn Văn An")))
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
    desk = Desk(failing(1, _OutOfOrderError()))
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


# Taps and their answers


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


# Cards


async def shown(platform: TelegramPlatform, person: Person, card: Card) -> Message:
    """The last message of a card."""
    await platform.show(str(person.id), None, card)
    return person.messages[-1]


async def test_a_card_is_text_with_marks_and_rows_of_buttons(platform: TelegramPlatform, an: Person) -> None:
    card = Card(
        (Line("Biểu quyết 5", Mark.STRONG), Line("Quy chế chi tiêu nội bộ"), Line("đến 15:30", Mark.SOFT)),
        ((YES, Do(NO.label, NO.action, is_chosen=True)), (Open("Xem", "https://example.org/i/abc"),)),
        ask=Ask(200, example="Bổ sung Điều 4 …"),
    )
    message = await shown(platform, an, card)
    assert message.text == "Biểu quyết 5\nQuy chế chi tiêu nội bộ\nđến 15:30\nBổ sung Điều 4 …"
    assert message.marked("bold") == ["Biểu quyết 5"]
    assert message.marked("italic") == ["đến 15:30", "Bổ sung Điều 4 …"]
    assert [[button["text"] for button in row] for row in message.keyboard] == [
        ["Tán thành", "✓ Không tán thành"],
        ["Xem"],
    ]
    assert message.links == {"Xem": "https://example.org/i/abc"}
    assert all("style" not in button for row in message.keyboard for button in row)


HOSTILE = [
    "<b>không</b> & <script>alert(1)</script>",
    "&lt;b&gt; &amp;amp; &#60;",
    "</b></i>",
    "a \"b\" 'c' {0} {} %s \\n `x` *y* _z_ [a](tg://user?id=1)",
    "1 < 2 > 1 <",
    "👩‍👩‍👧‍👦 𝒜 e\u0301 ử",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("mark", list(Mark))
async def test_hostile_text_is_shown_letter_by_letter(
    platform: TelegramPlatform, an: Person, text: str, mark: Mark
) -> None:
    message = await shown(
        platform, an, Card((Line(text, mark), Bar(text, 1, 2)), ((Do(text, ShowItem(1)),),))
    )
    assert message.text.split("\n")[:2] == [text, text]
    assert [entity["type"] for entity in message.entities] == {
        Mark.PLAIN: [],
        Mark.STRONG: ["bold"],
        Mark.SOFT: ["italic"],
    }[mark]
    assert message.labels == [text]


async def test_what_cannot_be_sent_is_made_harmless(platform: TelegramPlatform, an: Person) -> None:
    message = await shown(
        platform, an, Card((Line("a\x00b\ud800c\r\nd\x1b[31m"),), ((Do("x\n\ud83d", ShowItem(1)),),))
    )
    assert message.text == "a b\ufffdc\nd [31m"
    assert message.labels == ["x \ufffd"]


@pytest.mark.parametrize(
    ("count", "base", "drawn"),
    [
        (0, 48, "░░░░░░░░░░░░"),
        (1, 48, "█░░░░░░░░░░░"),
        (24, 48, "██████░░░░░░"),
        (47, 48, "███████████░"),
        (48, 48, "████████████"),
        (0, 0, "░░░░░░░░░░░░"),
    ],
)
async def test_a_bar_is_full_only_where_it_is_all(
    platform: TelegramPlatform, an: Person, count: int, base: int, drawn: str
) -> None:
    message = await shown(platform, an, Card((Bar("Tán thành: 47", count, base),)))
    assert message.text == f"Tán thành: 47\n{drawn}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/i/abc",
        "http://192.168.1.20:8080/i/abc",
        "http://localhost/i/abc",
        "http://hoinghi.local/i/abc",
        "http://[::1]:8080/",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "http://example.org:99999999/",
        "https://user@example.org/",
        "https://ví-dụ.vn/",
        "https://example.org/" + "a" * 600,
        "không phải địa chỉ",
    ],
)
async def test_an_address_that_telegram_refuses_as_a_button_is_a_line(
    platform: TelegramPlatform, an: Person, url: str
) -> None:
    message = await shown(platform, an, Card((Line("Mời"),), ((Open("Trang của tôi", url), YES),)))
    assert message.text == f"Mời\nTrang của tôi: {url}"
    assert message.labels == ["Tán thành"]


async def test_a_long_text_is_several_messages_with_the_buttons_under_the_last(
    platform: TelegramPlatform, an: Person
) -> None:
    lines = tuple(Line(f"{number}. " + "ý kiến 👍" * 30, Mark.STRONG) for number in range(60))
    await platform.show(str(an.id), None, Card(lines, ((YES,),)))
    texts = [message.text for message in an.messages]
    assert len(texts) > 3
    assert "\n".join(texts).split("\n") == [line.text for line in lines]
    assert all(3500 < utf16(text) <= 4096 for text in texts[:-1])
    assert [message.labels for message in an.messages] == [[]] * (len(texts) - 1) + [["Tán thành"]]


async def test_one_long_line_is_cut_between_words(platform: TelegramPlatform, an: Person) -> None:
    line = "đồng chí 🙂 " * 900
    await platform.show(str(an.id), None, Card((Line(line),)))
    assert " ".join(message.text for message in an.messages) == line.strip()


async def test_many_buttons_go_on_under_a_further_message(platform: TelegramPlatform, an: Person) -> None:
    rows = tuple(tuple(Do(f"{row}.{column}", ShowItem(row)) for column in range(12)) for row in range(20))
    await platform.show(str(an.id), None, Card((Line("Danh sách"),), rows))
    assert [label for message in an.messages for label in message.labels] == [
        choice.label for row in rows for choice in row
    ]


async def test_a_card_without_words_still_has_its_buttons(platform: TelegramPlatform, an: Person) -> None:
    message = await shown(platform, an, Card((Line(" \u200b\n"),), ((Do("\u3164", ShowItem(1)),),)))
    assert (message.text, message.labels) == ("…", ["…"])


async def test_a_card_is_changed_where_it_stands(platform: TelegramPlatform, an: Person) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    assert await platform.show(str(an.id), ref, Card((Line("Đã kết thúc"),))) == ref
    assert [(message.text, message.labels) for message in an.messages] == [("Đã kết thúc", [])]


async def test_showing_the_same_again_is_no_error(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, BALLOT)
    assert await platform.show(str(an.id), ref, BALLOT) == ref
    assert fake.count("editMessageText") == 1
    assert len(an.messages) == 1


async def test_a_card_may_grow_and_shrink(platform: TelegramPlatform, an: Person) -> None:
    def card(pages: int) -> Card:
        return Card(tuple(Line(f"{page} " + "x" * 4000) for page in range(pages)), ((YES,),))

    ref = await platform.show(str(an.id), None, card(2))
    ref = await platform.show(str(an.id), ref, card(4))
    assert [message.text[0] for message in an.messages] == ["0", "1", "2", "3"]
    assert [message.labels for message in an.messages] == [[], [], [], ["Tán thành"]]
    an.messages[3].is_old = True
    ref = await platform.show(str(an.id), ref, card(1))
    assert [message.text[0] for message in an.messages] == ["0", "…"]
    assert [message.labels for message in an.messages] == [["Tán thành"], []]
    assert len(json.loads(ref)["messages"]) == 1


async def test_a_card_with_a_message_that_was_deleted_is_sent_anew(
    platform: TelegramPlatform, an: Person
) -> None:
    long = Card((Line("a" * 4096), Line("b" * 4096)), ((YES,),))
    ref = await platform.show(str(an.id), None, long)
    an.deletes(an.messages[1])
    ref = await platform.show(str(an.id), ref, long)
    assert [message.text[0] for message in an.messages] == ["a", "b"]
    assert json.loads(ref)["messages"] == [message.id for message in an.messages]


async def test_parts_of_a_card_that_could_not_be_sent_whole_are_taken_back(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.refuse("sendDocument", 500, "Internal Server Error")
    long = Card((Line("a" * 4096), Line("b" * 4096)), attachments=(Attachment("a.xlsx", XLSX, b"PK"),))
    with pytest.raises(DeliveryError):
        await platform.show(str(an.id), None, long)
    assert an.messages == []
    await platform.show(str(an.id), None, long)
    assert len(an.messages) == 3


# Files that go with a card


def with_file(content: bytes, text: str = "Tệp mẫu") -> Card:
    return Card((Line(text),), attachments=(Attachment("Hội nghị.xlsx", XLSX, content),))


async def test_an_attachment_follows_the_text_as_a_file(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(str(an.id), None, with_file(b"PK\x03\x04"))
    text, file = an.messages
    assert text.text == "Tệp mẫu"
    assert file.document is not None
    assert (file.document.name, file.document.content) == ("Hội nghị.xlsx", b"PK\x03\x04")


async def test_an_attachment_that_stands_there_is_not_sent_again_and_a_new_one_takes_its_place(
    platform: TelegramPlatform, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, with_file(b"one"))
    assert await platform.show(str(an.id), ref, with_file(b"one", "khác")) == ref
    assert len(an.messages) == 2
    ref = await platform.show(str(an.id), ref, with_file(b"two"))
    assert [message.document and message.document.content for message in an.messages] == [None, b"two"]
    await platform.show(str(an.id), ref, Card((Line("hết"),)))
    assert [message.text for message in an.messages] == ["hết"]


async def test_a_card_may_be_a_file_only(platform: TelegramPlatform, an: Person) -> None:
    await platform.show(
        str(an.id), None, Card((), attachments=(Attachment("a\n\x00.pdf", "application/pdf", b"%PDF"),))
    )
    assert [message.document and message.document.name for message in an.messages] == ["a_ .pdf"]


async def test_a_file_over_the_limit_is_not_taken_and_logged(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    fake.refuse("sendDocument", 413, "Request Entity Too Large")
    with capture_logs() as logs, pytest.raises(DeliveryError) as raised:
        await platform.show(str(an.id), None, with_file(b"big"))
    assert not raised.value.is_uncertain
    assert [log["event"] for log in logs] == ["telegram_refused"]
    assert an.messages == []


# What Telegram's refusals mean

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


async def test_a_group_that_moved_is_no_crash(
    fake: FakeBotApi, platform: TelegramPlatform, an: Person
) -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    fake.refuse("sendMessage", 400, text, migrate_to_chat_id=-1001)
    with pytest.raises(DeliveryError):
        await platform.show(str(an.id), None, BALLOT)


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


@pytest.fixture
async def unused_url() -> str:
    """An address on which nothing listens."""
    async with FakeBotApi() as gone:
        return gone.url


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


# The operator


async def test_the_bot_introduces_itself_on_start(fake: FakeBotApi, platform: TelegramPlatform) -> None:
    fake.hold()
    fake.bring_to("https://example.org/hook", None, 40)
    waiting = await fake.person("An").send("/start")
    desk = Desk()
    async with listening(platform, desk):
        await fake.acknowledged(waiting)
    assert fake.webhook is None
    assert [command["command"] for command in fake.commands[""]] == ["start", "help", "vi", "en"]
    assert fake.commands["vi"] == fake.commands[""]
    assert fake.commands["en"][1]["description"] == "What can be done now"


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
    desk = Desk(failing(99, _OutOfOrderError()))
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


# Any card


_TEXT = st.text(max_size=40) | st.text(alphabet="<>&\"'\\/bi;#lt \n\u200b🙂", max_size=40)
_LINE = st.builds(Line, _TEXT, st.sampled_from(Mark)) | st.builds(
    Bar, _TEXT, st.integers(0, 50), st.integers(0, 50)
)
_URL = st.sampled_from(["https://example.org/i/x", "http://10.0.0.2/", "http://localhost"]) | _TEXT
_CHOICE = st.builds(
    Do, _TEXT, st.builds(ShowItem, st.integers(0, 2**63 - 1)), is_chosen=st.booleans()
) | st.builds(Open, _TEXT, _URL)
_FILE = st.builds(Attachment, _TEXT, st.just(XLSX), st.binary(min_size=1, max_size=9))


@dataclasses.dataclass
class Draft:
    """A card to be: texts of lines are repeated `longer` times, lines and rows `more` times."""

    lines: list[Line | Bar]
    rows: list[list[Choice]]
    files: list[Attachment]
    ask: Ask | None
    longer: int
    more: int

    def card(self) -> Card:
        lines = [
            Line(line.text * self.longer, line.mark) if isinstance(line, Line) else line
            for line in self.lines
        ]
        return Card(
            tuple(lines * self.more),
            tuple(tuple(row) for row in self.rows * self.more),
            tuple(self.files),
            self.ask,
        )


_DRAFT = st.builds(
    Draft,
    st.lists(_LINE, max_size=5),
    st.lists(st.lists(_CHOICE, max_size=10), max_size=4),
    st.lists(_FILE, max_size=2),
    st.none() | st.builds(Ask, st.integers(1, 4000), _TEXT),
    longer=st.sampled_from([1, 1, 1, 300]),
    more=st.sampled_from([1, 1, 12]),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.tuples(_DRAFT, _DRAFT))
async def test_telegram_takes_any_card_and_any_change_to_another(
    fake: FakeBotApi, platform: TelegramPlatform, drafts: tuple[Draft, Draft]
) -> None:
    person = fake.person("An")
    person.has_written = True
    ref = None
    for draft in drafts:
        card = draft.card()
        ref = await platform.show(str(person.id), ref, card)
        shown_labels = [label for message in person.messages for label in message.labels]
        wanted = [choice for row in card.choices for choice in row if isinstance(choice, Do)]
        assert len(wanted) <= len(shown_labels)
        files = {message.document.content for message in person.messages if message.document}
        assert files == {attachment.content for attachment in card.attachments}
        assert await platform.show(str(person.id), ref, card) == ref

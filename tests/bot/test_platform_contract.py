"""What every chat platform keeps, whichever wire it has and whichever way messages come in.

The web has no wire: its pages read the rows of the cards themselves.
"""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.actions import ShowItem, encode
from bot.chats import ChatPlatform
from bot.choices import StoredChoices
from bot.pace import PACES
from bot.platforms import telegram, zalo
from bot.platforms.base import (
    Answer,
    Bar,
    Card,
    ChatGoneError,
    DeliveryError,
    Do,
    Incoming,
    Line,
    Open,
    ShareContact,
    Tap,
    Text,
)
from bot.web.doors import Doors
from bot.web.server import WebServer
from storage.database import Database, Tx
from tests.bot.telegram.line import BALLOT, NO, YES, Desk, Naps, OutOfOrderError, failing, listening
from tests.fakes import bot_api, zalo_api

KEY = b"a key that is long enough for this"
WORDS = "Nội dung 5: <b>không</b> đánh dấu & giữ nguyên_*[x](y)* 👨‍👩‍👧 &amp; \\_"


class Somebody(Protocol):
    """A person at the fake of a platform, to whom the bot may write."""

    chat: str

    async def write(self, text: str) -> object:
        """Type something; gives the update."""

    def choose(self, label: str) -> object:
        """Take the newest choice with this label."""

    async def sees(self, text: str) -> None:
        """Wait for a message with this text."""

    def screen(self) -> str:
        """All that the bot said, as it is displayed now."""


class Wire(Protocol):
    """The fake of a platform, and the platform that is connected to it."""

    platform: ChatPlatform

    def person(self, name: str) -> Somebody:
        """Somebody to whom the bot may write."""

    def leave(self, who: Somebody) -> None:
        """Have somebody block the bot."""

    def cut(self) -> None:
        """Cut the next send off after it was carried out."""

    def redeliver(self, update: object) -> None:
        """Deliver something once more."""


@dataclass
class TelegramUser:
    person: bot_api.Person
    chat: str = field(init=False)

    def __post_init__(self) -> None:
        self.chat = str(self.person.id)

    async def write(self, text: str) -> bot_api.Json:
        return await self.person.send(text)

    def choose(self, label: str) -> bot_api.Json:
        return self.person.press(label)

    async def sees(self, text: str) -> None:
        await self.person.sees(text)

    def screen(self) -> str:
        return "\n".join(message.text for message in self.person.messages)


@dataclass
class OnTelegram:
    fake: bot_api.FakeBotApi
    platform: ChatPlatform

    def person(self, name: str) -> TelegramUser:
        person = self.fake.person(name)
        person.has_written = True
        return TelegramUser(person)

    def leave(self, who: Somebody) -> None:
        self.fake.people[int(who.chat)].blocks()

    def cut(self) -> None:
        self.fake.cut("sendMessage", is_carried_out=True)

    def redeliver(self, update: object) -> None:
        assert isinstance(update, dict)
        self.fake.redeliver(update)


@dataclass
class ZaloUser:
    person: zalo_api.Person
    chat: str = field(init=False)

    def __post_init__(self) -> None:
        self.chat = self.person.id

    async def write(self, text: str) -> zalo_api.Json:
        return self.person.send(text)

    def choose(self, label: str) -> zalo_api.Json:
        lines = self.screen().splitlines()
        numbers = [found[1] for line in lines if (found := re.fullmatch(rf"(\d+)\. {label}", line))]
        # With its word: a number alone may be meant for the card before, if it comes right after another.
        return self.person.send(f"{numbers[-1]} {label}")

    async def sees(self, text: str) -> None:
        await self.person.sees(text)

    def screen(self) -> str:
        return "\n".join(self.person.texts)


@dataclass
class OnZalo:
    fake: zalo_api.FakeZalo
    platform: ChatPlatform

    def person(self, name: str) -> ZaloUser:
        person = self.fake.person(name)
        person.has_written = True
        return ZaloUser(person)

    def leave(self, who: Somebody) -> None:
        self.fake.people[who.chat].blocks()

    def cut(self) -> None:
        self.fake.cut("sendMessage", is_carried_out=True)

    def redeliver(self, update: object) -> None:
        assert isinstance(update, dict)
        self.fake.redeliver(update)


async def nothing_pending(_tx: Tx, _accounts: object) -> Mapping[int, Card]:
    return {}


def telegram_at(url: str, own_url: str, naps: Naps, *, is_brought: bool) -> telegram.TelegramPlatform:
    webhook = telegram.Webhook.under(own_url, KEY, bot_api.TOKEN, None) if is_brought else None
    return telegram.TelegramPlatform(bot_api.TOKEN, api=url, sleep=naps, webhook=webhook)


def zalo_at(database: Database, url: str, own_url: str, naps: Naps, *, is_brought: bool) -> zalo.ZaloPlatform:
    choices = StoredChoices(database, "zalo", nothing_pending, lambda: datetime.now(UTC))
    webhook = zalo.Webhook.under(own_url, KEY, zalo_api.TOKEN, None) if is_brought else None
    return zalo.ZaloPlatform(zalo_api.TOKEN, choices, api=url, sleep=naps, webhook=webhook)


@contextlib.asynccontextmanager
async def reached(platform: ChatPlatform, listener: socket.socket) -> AsyncIterator[None]:
    """Serve the address that the platform brings things to, if it does; in the end close it."""
    doors = {} if platform.hook is None else {platform.hook.path: platform.hook}
    server = WebServer(Doors(Starlette(), doors), "127.0.0.1", 0)
    served = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await served
        await platform.close()
        await platform.close()


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture(params=["telegram-polling", "telegram-webhook", "zalo-polling", "zalo-webhook"])
async def wire(request: pytest.FixtureRequest, naps: Naps, sqlite_url: str) -> AsyncIterator[Wire]:
    name, _, way = str(request.param).partition("-")
    listener = socket.create_server(("127.0.0.1", 0))
    own_url, is_brought = f"http://127.0.0.1:{listener.getsockname()[1]}", way == "webhook"
    if name == "telegram":
        async with bot_api.FakeBotApi() as telegram_fake:
            telegram_fake.is_local_server = True
            on_telegram = telegram_at(telegram_fake.url, own_url, naps, is_brought=is_brought)
            async with reached(on_telegram, listener):
                yield OnTelegram(telegram_fake, on_telegram)
        return
    database = Database.open(sqlite_url)
    async with zalo_api.FakeZalo() as zalo_fake:
        zalo_fake.takes_any_address = True
        on_zalo = zalo_at(database, zalo_fake.url, own_url, naps, is_brought=is_brought)
        async with reached(on_zalo, listener):
            yield OnZalo(zalo_fake, on_zalo)
    await database.close()


# In


async def test_what_is_written_is_received_as_it_is_and_answered(wire: Wire) -> None:
    an, desk = wire.person("Trần An"), Desk(lambda _: Answer("Đã ghi nhận"))
    async with listening(wire.platform, desk):
        await an.write(WORDS)
        await an.sees("Đã ghi nhận")
        assert wire.platform.trouble == ""
    [incoming] = desk.taken
    assert (incoming.platform, incoming.chat, incoming.sender) == (wire.platform.name, an.chat, an.chat)
    assert (incoming.body, incoming.display_name, incoming.is_group) == (Text(WORDS), "Trần An", False)
    assert incoming.event_id


async def test_a_choice_comes_back_as_the_action_that_was_shown(wire: Wire) -> None:
    an, desk = wire.person("Trần An"), Desk(lambda _: Answer("Đã ghi nhận"))
    async with listening(wire.platform, desk):
        await wire.platform.show(an.chat, None, BALLOT)
        an.choose("Không tán thành")
        await desk.has_taken(1)
    assert [incoming.body for incoming in desk.taken] == [Tap(encode(NO.action))]


async def test_an_answer_may_be_a_card_whose_choices_can_be_taken(wire: Wire) -> None:
    card = Card((Line("Chương trình"),), ((Do("Nội dung 1", ShowItem(1)),), (Do("Nội dung 2", ShowItem(2)),)))
    an, desk = wire.person("Trần An"), Desk(lambda _: Answer("Chào đồng chí", card))
    async with listening(wire.platform, desk):
        await an.write("chương trình")
        await an.sees("Chương trình")
        an.choose("Nội dung 2")
        await desk.has_taken(2)
    assert "Chào đồng chí" in an.screen()
    assert desk.taken[1].body == Tap(encode(ShowItem(2)))


async def test_what_is_delivered_again_is_known_for_it(wire: Wire) -> None:
    an, desk = wire.person("Trần An"), Desk()
    async with listening(wire.platform, desk):
        update = await an.write("1")
        await desk.has_taken(1)
        wire.redeliver(update)
        await an.write("2")
        while "2" not in desk.texts:
            await desk.has_taken(len(desk.taken) + 1)
    events = {incoming.event_id: incoming.body for incoming in desk.taken}
    assert list(events.values()) == [Text("1"), Text("2")]


async def test_order_in_a_chat_is_kept_and_a_slow_chat_holds_up_no_other(wire: Wire) -> None:
    slow, other, desk = wire.person("Trần An"), wire.person("Lê Bình"), Desk()
    desk.doors[slow.chat] = asyncio.Event()
    async with listening(wire.platform, desk):
        for number in range(3):
            await slow.write(f"An {number}")
            await other.write(f"Bình {number}")
        await desk.has_taken(3)
        assert desk.texts == ["Bình 0", "Bình 1", "Bình 2"]
        desk.doors[slow.chat].set()
        await desk.has_taken(6)
    assert desk.texts[3:] == ["An 0", "An 1", "An 2"]


async def test_what_fails_for_good_is_told_and_the_next_is_done(wire: Wire) -> None:
    an, desk = wire.person("Trần An"), Desk(failing(99, OutOfOrderError()))
    with capture_logs() as logs:
        async with listening(wire.platform, desk):
            await an.write("hỏng")
            await an.sees("CHƯA ghi nhận được")
            await an.write("lành")
            await an.sees("Đã ghi nhận")
    assert len(desk.begun) == 4
    assert [log["event"] for log in logs if "set_aside" in log["event"]] == [
        f"{wire.platform.name}_update_set_aside"
    ]


async def test_while_the_database_is_away_nothing_is_given_up(wire: Wire, naps: Naps) -> None:
    left = [ConnectionError()] * 5

    def answer(_: Incoming) -> Answer:
        if left:
            raise left.pop()
        return Answer("Đã ghi nhận")

    an = wire.person("Trần An")
    async with listening(wire.platform, Desk(answer)):
        await an.write("có mặt")
        await an.sees("Đã ghi nhận")
    assert len(naps.taken) >= 5


# Out


async def test_words_are_shown_letter_by_letter(wire: Wire) -> None:
    an = wire.person("Trần An")
    await wire.platform.show(an.chat, None, Card((Line(WORDS), Bar(f"Tán thành {WORDS}", 1, 2))))
    assert an.screen().splitlines()[0] == WORDS
    assert f"Tán thành {WORDS}" in an.screen()


async def test_a_long_text_arrives_whole_and_its_choices_can_be_taken(wire: Wire) -> None:
    lines = [f"{number}) Quyết nghị {'🙂 nội dung ' * 20}hết {number}" for number in range(60)]
    an, desk = wire.person("Trần An"), Desk()
    async with listening(wire.platform, desk):
        await wire.platform.show(an.chat, None, Card(tuple(map(Line, lines)), ((YES,),)))
        shown = an.screen()
        assert [f"hết {number}" in shown for number in range(60)] == [True] * 60
        an.choose("Tán thành")
        await desk.has_taken(1)
    assert desk.taken[0].body == Tap(encode(YES.action))


async def test_what_nothing_can_be_sent_of_is_made_harmless(wire: Wire) -> None:
    an = wire.person("Trần An")
    for card in (
        Card(()),
        Card((Line(""),)),
        Card((Line("\u2800\u200b"),)),
        Card((Line("a\x00b\ud800c"),), ((Do("x\n\ud83d", ShowItem(1)), Do("", ShowItem(2))),)),
        Card((), ((ShareContact("Chia sẻ số"), Open("Trang", "không phải địa chỉ")),)),
    ):
        assert await wire.platform.show(an.chat, None, card)


async def test_the_same_again_is_no_error_and_what_is_new_can_be_taken(wire: Wire) -> None:
    an, desk = wire.person("Trần An"), Desk()
    new = Card((Line("Kết quả"),), ((Do("Phát biểu", ShowItem(9)),),))
    async with listening(wire.platform, desk):
        ref = await wire.platform.show(an.chat, None, BALLOT)
        assert await wire.platform.show(an.chat, ref, BALLOT) == ref
        again = await wire.platform.show(an.chat, ref, new)
        assert await wire.platform.show(an.chat, again, new) == again
        an.choose("Phát biểu")
        await desk.has_taken(1)
    assert desk.taken[0].body == Tap(encode(ShowItem(9)))


async def test_somebody_who_is_gone_is_told_apart_from_a_fault(wire: Wire) -> None:
    an, binh = wire.person("Trần An"), wire.person("Lê Bình")
    wire.leave(an)
    with pytest.raises(ChatGoneError):
        await wire.platform.show(an.chat, None, BALLOT)
    wire.cut()
    with pytest.raises(DeliveryError) as raised:
        await wire.platform.show(binh.chat, None, BALLOT)
    assert raised.value.is_uncertain
    assert await wire.platform.show(binh.chat, None, BALLOT)


@pytest.mark.parametrize("name", ["telegram", "zalo"])
async def test_what_never_left_is_certain_and_its_error_holds_no_secret(
    naps: Naps, name: str, sqlite_url: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        nowhere = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    database = Database.open(sqlite_url)
    platform: ChatPlatform = telegram_at(nowhere, "", naps, is_brought=False)
    if name == "zalo":
        await platform.close()
        platform = zalo_at(database, nowhere, "", naps, is_brought=False)
    with pytest.raises(DeliveryError) as raised:
        await platform.show("1", None, BALLOT)
    assert not raised.value.is_uncertain
    with pytest.raises(DeliveryError):
        await platform.account_name()
    await platform.close()
    await database.close()
    for token in (bot_api.TOKEN, zalo_api.TOKEN):
        assert token.partition(":")[2] not in str(raised.getrepr())
    assert platform.name in PACES

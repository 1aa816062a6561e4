"""What becomes of a message on Zalo: it is carried out once, and answered in one message."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.actions import CastVote
from bot.platforms.base import Answer, Card, File, Incoming, Line, Tap, Text
from bot.platforms.zalo import ZaloPlatform
from meeting.voting import Option
from tests.bot.zalo.cards import ballot, question
from tests.fakes.choices import KeptChoices
from tests.fakes.zalo_api import TOKEN, FakeZalo, Person

OUCH = "Nội dung tin nhắn"
"""What somebody typed, which no log may hold."""


@dataclass
class Desk:
    """Takes in what people do; it fails as often as `faults` say, and answers with `answers` in turn."""

    taken: list[Incoming] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def receive(self, incoming: Incoming) -> Answer:
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(incoming)
        return self.answers.pop(0) if self.answers else Answer("Đã nhận.")


@dataclass
class Bot:
    zalo: ZaloPlatform
    choices: KeptChoices
    desk: Desk
    pauses: list[float]


@pytest.fixture
async def bot(fake: FakeZalo) -> AsyncIterator[Bot]:
    """A bot that listens, and loses no time where it waits."""
    choices, desk, pauses = KeptChoices(), Desk(), list[float]()

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    zalo = ZaloPlatform(TOKEN, choices, api=fake.url, sleep=sleep, poll_timeout=timedelta(seconds=2))
    listening = asyncio.create_task(zalo.listen(desk.receive))
    await fake.is_listened_to()
    yield Bot(zalo, choices, desk, pauses)
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await zalo.close()


async def test_an_answer_is_one_message_with_what_is_recorded_and_asked(bot: Bot, an: Person) -> None:
    await bot.zalo.show(an.id, None, ballot(5))
    bot.desk.answers = [Answer("Đã ghi nhận: Ý kiến khác.", question(), records=CastVote(105, Option.OTHER))]
    told = await an.asks("53")

    assert told == (
        "Biểu quyết 5\nĐã ghi nhận: Ý kiến khác.\nĐể đổi, nhắn: 51 Tán thành; 52 Không tán thành.\n\n"
        "Có bao nhiêu người tán thành?\n\nNhắn câu trả lời, hoặc:\nchọn 1. Hủy"
    )
    assert [one.body for one in bot.desk.taken] == [Tap("v1:vote:105:other")]
    ref = '{"message": "1", "offered": ["v1:vote:105:other"], "chosen": []}'
    assert not await bot.zalo.is_news(an.id, ref, ballot(5, own=Option.OTHER))


async def test_what_is_unclear_is_asked_back_and_carried_out_by_nobody(bot: Bot, an: Person) -> None:
    await bot.zalo.show(an.id, None, ballot(5))

    assert "không phải là lựa chọn nào" in await an.asks("61")
    assert bot.desk.taken == []
    await an.asks("52")
    assert [one.body for one in bot.desk.taken] == [Tap("v1:vote:105:no")]


@pytest.mark.parametrize(
    "send",
    [lambda an: an.sends_picture(), lambda an: an.sends_protected("kín")],
    ids=["picture", "protected"],
)
async def test_what_may_be_a_file_is_one_that_did_not_come(
    bot: Bot, an: Person, send: Callable[[Person], object]
) -> None:
    send(an)
    await an.next_message()

    assert [type(one.body) for one in bot.desk.taken] == [File]


async def test_in_a_group_nothing_is_a_choice(bot: Bot, fake: FakeZalo, an: Person) -> None:
    group = fake.group("Công đoàn")
    bot.desk.answers = [Answer(card=Card((Line("Họp"),), ballot(5).choices))]
    an.says(group, "51")

    told = (await group.next_message()).text
    assert told.startswith("Họp\n")
    assert told.endswith("riêng với bot: https://zalo.me/bot.HoiNghi01")
    assert [(one.body, one.is_group) for one in bot.desk.taken] == [(Text("51"), True)]
    assert bot.choices.shown == {}


async def test_while_the_database_is_away_a_message_waits_to_be_understood(bot: Bot, an: Person) -> None:
    await bot.zalo.show(an.id, None, ballot(5))
    bot.choices.away = 4
    bot.desk.faults = [ConnectionError()]

    assert await an.asks("52") == "Biểu quyết 5\nĐã nhận."
    assert [one.body for one in bot.desk.taken] == [Tap("v1:vote:105:no")]


async def test_one_that_keeps_failing_is_set_aside_and_the_person_is_told(
    bot: Bot, an: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.desk.faults = [ArithmeticError()] * 3

    assert "CHƯA ghi nhận" in await an.asks(OUCH)
    assert await an.asks("Xin chào") == "Đã nhận."
    assert [one.body for one in bot.desk.taken] == [Text("Xin chào")]
    logged = capsys.readouterr().out
    assert "zalo_update_set_aside" in logged
    assert OUCH not in logged
    assert TOKEN not in logged

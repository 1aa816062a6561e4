"""Files on Telegram: papers uploaded once, Telegram's own names of them, what is too large or gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.platforms.base import Card, Handout, Line
from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import Naps, connected
from tests.fakes.bot_api import FakeBotApi, Person
from tests.papers import PDF

PAPER = Handout(7, "Báo cáo.pdf")
CARD = Card((Line("Tài liệu: Báo cáo.pdf"),), attachments=(PAPER,))


@dataclass
class Shelf:
    """The papers of a meeting, and what is known of copies."""

    contents: dict[int, bytes] = field(default_factory=lambda: {7: PDF})
    copies: dict[int, str] = field(default_factory=dict)
    loads: int = 0

    async def find_copy(self, paper_id: int) -> str | None:
        return self.copies.get(paper_id)

    async def load(self, paper_id: int) -> bytes | None:
        self.loads += 1
        return self.contents.get(paper_id)

    async def put_copy(self, paper_id: int, ref: str) -> None:
        self.copies[paper_id] = ref

    async def forget_copy(self, paper_id: int, ref: str) -> None:
        if self.copies.get(paper_id) == ref:
            del self.copies[paper_id]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def platform(fake: FakeBotApi, naps: Naps, shelf: Shelf) -> AsyncIterator[TelegramPlatform]:
    async with connected(fake.url, naps, papers=shelf) as platform:
        yield platform


def people(fake: FakeBotApi, count: int) -> list[Person]:
    found = [fake.person(f"Đại biểu {number}") for number in range(count)]
    for person in found:
        person.has_written = True
    return found


def uploads(fake: FakeBotApi) -> int:
    return sum(
        name == "sendDocument" and not isinstance(given["document"], str) for name, given in fake.calls
    )


def documents(person: Person) -> list[tuple[str, bytes]]:
    return [
        (message.document.name, message.document.content) for message in person.messages if message.document
    ]


async def test_a_paper_that_many_want_at_once_is_uploaded_once(
    platform: TelegramPlatform, fake: FakeBotApi, shelf: Shelf
) -> None:
    many = people(fake, 40)
    await asyncio.gather(*(platform.show(str(person.id), None, CARD) for person in many))
    assert all(documents(person) == [("Báo cáo.pdf", PDF)] for person in many)
    assert (uploads(fake), shelf.loads) == (1, 1)


async def test_a_copy_that_telegram_knows_no_more_is_uploaded_anew(
    platform: TelegramPlatform, fake: FakeBotApi, an: Person, shelf: Shelf
) -> None:
    shelf.copies[7] = "BQACAgUgone"
    await platform.show(str(an.id), None, CARD)
    assert documents(an) == [("Báo cáo.pdf", PDF)]
    assert shelf.copies[7] != "BQACAgUgone"
    await platform.show(str(an.id), None, CARD)
    assert uploads(fake) == 1


async def test_a_paper_withdrawn_meanwhile_is_not_sent(
    platform: TelegramPlatform, an: Person, shelf: Shelf
) -> None:
    shelf.contents.clear()
    ref = await platform.show(str(an.id), None, CARD)
    assert documents(an) == []
    assert await platform.show(str(an.id), ref, CARD) == ref


async def test_a_card_shown_again_sends_its_paper_once(
    platform: TelegramPlatform, fake: FakeBotApi, an: Person
) -> None:
    ref = await platform.show(str(an.id), None, CARD)
    changed = Card((Line("Tài liệu"),), attachments=(PAPER,))
    assert await platform.show(str(an.id), ref, changed) == ref
    assert len(documents(an)) == 1
    assert fake.count("sendDocument") == 1


async def test_an_upload_that_fails_keeps_nobody_else_waiting(
    platform: TelegramPlatform, fake: FakeBotApi, shelf: Shelf
) -> None:
    fake.refuse("sendDocument", 500, "Internal Server Error")
    first, second = people(fake, 2)
    results = await asyncio.gather(
        *(platform.show(str(person.id), None, CARD) for person in (first, second)), return_exceptions=True
    )
    assert [isinstance(result, str) for result in results].count(True) == 1
    assert sorted(len(documents(person)) for person in (first, second)) == [0, 1]
    assert len(shelf.copies) == 1

"""Files by address: what a chat without files is sent, opened over real HTTP by whoever holds the address."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func
from sqlmodel import select

from bot.desk import DatabaseDesk
from bot.dialogues.summaries import PNG
from bot.handing import HandedFiles
from bot.platforms.base import Attachment, Handout
from bot.platforms.web import WebPlatform
from bot.wording.voice import Voice
from handlers import papers
from meeting.papers import read_paper
from meeting.refusals import Refused
from storage import papers as stored
from storage.database import Database
from storage.handed import forget_expired_files
from storage.rows import HandedFileRow
from tests.bot.chatting import Hall
from tests.fakes.hall import serving
from tests.handlers.journey import KEY, ORGANISER, Journey, plan
from tests.papers import PDF

PICTURE = Attachment("Kết quả.png", PNG, b"\x89PNG" + bytes(range(256)) * 5000)
SLIPS = Attachment("Phiếu mời.pdf", "application/pdf", b"%PDF-1.7 " + b"x" * 100)
WORKBOOK = Attachment("Mẫu.xlsx", "application/vnd.ms-excel", b"PK")


class Shelf:
    """A meeting's paper, the addresses that are made, and a browser that opens them."""

    def __init__(self, journey: Journey, public_url: str, paper_id: int) -> None:
        self.journey = journey
        self.files = HandedFiles(journey.house, public_url)
        self.paper = Handout(paper_id, "Báo cáo.pdf")

    async def link(self, file: Attachment | Handout) -> str:
        address = await self.files.link(file)
        assert address is not None
        return address

    async def open(self, address: str) -> httpx.Response:
        """Open an address as a phone does that has no page."""
        async with httpx.AsyncClient(trust_env=False, headers={"Accept-Language": "vi"}) as phone:
            return await phone.get(address)

    async def kept(self) -> int:
        async with self.journey.database.snapshot() as tx:
            return (await tx.exec(select(func.count()).select_from(HandedFileRow))).one()


@pytest.fixture
async def shelf(database: Database) -> AsyncIterator[Shelf]:
    journey = await Journey.planned(database, plan(["Trần An"]))
    read = read_paper("Báo cáo.pdf", len(PDF), PDF, len(PDF))
    assert not isinstance(read, Refused)
    asked = journey.asked(ORGANISER)
    added = await papers.add_paper(journey.house, asked, journey.meeting_id, None, read, PDF)
    assert not isinstance(added, Refused)
    async with database.snapshot() as tx:
        [paper] = await stored.list_papers(tx, journey.meeting_id)
    hall = Hall(database)
    hall.journey = journey
    desk = DatabaseDesk(journey.house, hall.dialogues, Voice("vi"))
    platform = WebPlatform(desk, key=KEY, public_url="http://hop.example")
    async with serving(platform, hall.dialogues.receive) as address:
        yield Shelf(journey, address, paper.paper_id)
    await hall.close()


async def test_a_paper_opens_at_its_address_in_a_browser_that_has_no_page(shelf: Shelf) -> None:
    address = await shelf.link(shelf.paper)
    assert len(address.partition("/f/")[2]) <= 50, "a message has room for many"
    opened = await shelf.open(address)
    assert (opened.status_code, opened.content) == (200, PDF)
    assert opened.headers["Content-Type"] == "application/pdf"
    assert opened.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''B%C3%A1o")
    assert opened.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'none'" in opened.headers["Content-Security-Policy"]
    assert await shelf.kept() == 0, "a paper is not copied"
    async with httpx.AsyncClient(trust_env=False) as preview:
        looked = await preview.head(address)
        assert (looked.status_code, looked.content) == (200, b"")
        assert looked.headers["Content-Length"] == str(len(PDF))
        assert (await preview.get(address)).content == PDF, "the connection is as good as before"
        assert (await preview.post(address, headers={"Origin": address})).status_code == 405


async def test_files_made_for_a_card_are_kept_once_for_all_who_get_them(shelf: Shelf) -> None:
    addresses = set(await asyncio.gather(*(shelf.link(PICTURE) for _ in range(8))))
    assert len(addresses) == 1
    assert await shelf.kept() == 1
    picture = await shelf.open(addresses.pop())
    assert (picture.headers["Content-Type"], picture.content) == (PNG, PICTURE.content)
    workbook = await shelf.open(await shelf.link(WORKBOOK))
    assert workbook.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''M%E1%BA%ABu.xlsx")
    renamed = await shelf.link(replace(WORKBOOK, name="Mẫu 2.xlsx"))
    assert "2.xlsx" in (await shelf.open(renamed)).headers["Content-Disposition"]


async def test_an_address_that_was_changed_anywhere_opens_nothing(shelf: Shelf) -> None:
    await shelf.link(SLIPS)
    address = await shelf.link(PICTURE)
    base, _, token = address.rpartition("/")
    what, day, mark = token.split("-")
    kind, number, said = what[0], what[1:], f"{what}-{day}"
    forged = [
        f"{kind}{int(number) - 1}-{day}-{mark}",
        f"{kind}{number}-{int(day) + 30}-{mark}",
        f"p{number}-{day}-{mark}",
        f"{kind}0{number}-{day}-{mark}",
        f"{said}-{mark[:-1]}{'a' if mark[-1] != 'a' else 'b'}",
        f"{said}-{mark.upper()}",
        f"{said}-{mark[:-1]}",
        f"{said}-{mark}=",
        f"{token}/{token}",
        f"{kind}{'9' * 30}-{day}-{mark}",
        "f%C3%A9-1-" + "%C3%A9" * 32,
        "",
    ]
    for wrong in forged:
        answer = await shelf.open(f"{base}/{wrong}")
        assert answer.status_code == 404, wrong
        assert "tệp" in answer.text or "trang" in answer.text
        assert PICTURE.content not in answer.content
    assert "Không có tệp ở địa chỉ này" in (await shelf.open(f"{base}/{forged[0]}")).text


async def test_a_paper_that_was_withdrawn_is_gone_at_its_address_too_and_gets_no_other(shelf: Shelf) -> None:
    address = await shelf.link(shelf.paper)
    asked = shelf.journey.asked(ORGANISER)
    await papers.withdraw_paper(shelf.journey.house, asked, shelf.paper.paper_id)
    answer = await shelf.open(address)
    assert answer.status_code == 410
    assert "đã rút hoặc thay tài liệu này" in answer.text
    assert "TÀI LIỆU" in answer.text
    assert await shelf.files.link(shelf.paper) is None
    assert await shelf.files.link(Handout(999, "Không có.pdf")) is None


async def test_addresses_are_good_for_some_days_and_their_files_are_then_forgotten(shelf: Shelf) -> None:
    paper, slips = await shelf.link(shelf.paper), await shelf.link(SLIPS)
    shelf.journey.clock.advance(timedelta(days=2))
    assert (await shelf.open(slips)).status_code == 200
    assert (await shelf.open(paper)).status_code == 200
    again = await shelf.link(SLIPS)
    assert again != slips
    shelf.journey.clock.advance(timedelta(days=1))
    expired = await shelf.open(slips)
    assert expired.status_code == 410
    assert "chỉ dùng được trong một số ngày" in expired.text
    async with shelf.journey.database.transaction() as tx:
        await forget_expired_files(tx, shelf.journey.clock.now())
    assert (await shelf.open(again)).content == SLIPS.content
    shelf.journey.clock.advance(timedelta(days=5))
    assert (await shelf.open(paper)).status_code == 410
    async with shelf.journey.database.transaction() as tx:
        await forget_expired_files(tx, shelf.journey.clock.now())
    assert await shelf.kept() == 0

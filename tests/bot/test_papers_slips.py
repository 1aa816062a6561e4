"""Slips to be printed: whose they are, what is on them, and until when they are good."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from bot.actions import GetSlips, RenewInvitation, ShowInvitations, UnbindAccount
from bot.addresses import Addresses
from bot.papers.slips import print_slips
from bot.platforms.base import Attachment
from bot.wording.voice import Voice
from handlers.inviting import WayIn, invite_role, list_slips
from meeting.people import Role
from tests.bot.chatting import Hall, Stage, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

# Every vowel with every tone, in both cases.
LETTERS = "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ"
MARKUP = "#let x = 1 *đậm* _nghiêng_ $x$ \\ <a> @b"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    names = [f"Đại biểu {number}" for number in range(1, 8)]
    meeting = plan(
        [LETTERS, LETTERS.upper(), seat(MARKUP, "Phòng #1"), seat("Chủ tọa", role=Role.CHAIR), *names],
        units=["Phòng #1"],
    )
    return set_up_stage(lambda database: Hall.planned(database, meeting, are_bound=False))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    async with stage.copy(tmp_path) as hall:
        yield hall


def text_of(content: bytes) -> list[str]:
    """What stands on each page, without white space, which a PDF sets as it likes."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


async def test_the_organiser_prints_everybodys_slip(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Giấy mời")
    await organiser.taps("Phiếu mời (PDF)")
    assert organiser.answer.card is not None
    (file,) = organiser.answer.card.attachments
    assert isinstance(file, Attachment)
    assert (file.name, file.media_type) == ("phieu-moi.pdf", "application/pdf")
    assert "Phiếu mời của 11 đại biểu" in organiser.told
    pages = text_of(file.content)
    assert len(pages) == 2, "eight on a page"
    whole = "".join(pages)
    for page in pages:
        assert "Phiếumời–khôngchuyểnchongườikhác" in page
    for letters in (LETTERS, LETTERS.upper(), MARKUP):
        assert "".join(letters.split()) in whole, "text is never markup, and no letter is missing"
    for name in ("Chủ tọa", "Đại biểu 7"):
        assert "".join(name.split()) in whole
        assert await hall.journey.code(name) in whole
    assert "Sốthứtự11" in whole
    assert (await hall.journey.acts()).count("slips_issued") == 1


async def test_fonts_are_in_the_file_and_nothing_of_this_machine(hall: Hall) -> None:
    async with hall.database.snapshot() as tx:
        issued = await list_slips(tx, hall.house.key, hall.journey.meeting_id)
    content = print_slips(Voice("en"), Addresses("http://192.168.1.20:8080"), issued)
    reader = PdfReader(io.BytesIO(content))
    fonts = {
        str(descendant.get_object()["/BaseFont"])
        for page in reader.pages
        for font in cast("dict[str, Any]", page["/Resources"])["/Font"].values()
        for descendant in font["/DescendantFonts"]
        if {"/FontFile2", "/FontFile3"} & descendant.get_object()["/FontDescriptor"].keys()
    }
    assert {font.partition("+")[2].partition("-")[0] for font in fonts} == {
        "LibertinusSerif",
        "DejaVuSansMono",
    }
    assert str(Path.cwd()).encode() not in content
    assert str(Path.home()).encode() + b"/" not in content
    assert "donotpassitontoanybodyelse" in text_of(content)[0]


async def test_a_slip_leads_to_the_bot_on_zalo_where_the_code_is_typed(hall: Hall) -> None:
    async with hall.database.snapshot() as tx:
        issued = await list_slips(tx, hall.house.key, hall.journey.meeting_id)
    page = "http://192.168.1.20:8080"
    voice = Voice("vi")
    for names in ((None, "bot.hoinghi"), ("hoinghi_bot", "bot.hoinghi")):
        pages = text_of(await asyncio.to_thread(print_slips, voice, Addresses(page, *names), issued))
        assert len(pages) == 2, "as many on a page, however many ways in there are"
        whole = "".join(pages)
        assert whole.count("Zalo,rồinhắnmã") == len(issued.ways)
        assert "trênZalothìmởbotrồigửimãchữ" in whole
        for name in (LETTERS, "Đại biểu 7"):
            assert "".join(name.split()) in whole
        assert await hall.journey.code("Đại biểu 7") in whole


async def test_the_organiser_hands_out_the_bots_address_on_zalo_with_each_code(hall: Hall) -> None:
    hall.addresses = Addresses("http://192.168.1.20:8080", "hoinghi_bot", "bot.hoinghi")
    await hall.organiser.taps("Giấy mời")
    lines = hall.organiser.told.splitlines()
    places = [place for place, line in enumerate(lines) if line.startswith("Mã: ")]
    assert len(places) == 6, "the shared one, and a page of personal ones"
    for place in places:
        assert "Zalo (mở rồi nhắn mã): https://zalo.me/bot.hoinghi" in lines[place : place + 4]
    newcomer = hall.chat("Đại biểu 7", "zalo")
    await newcomer.says(f"mã: {await hall.journey.code('Đại biểu 7')}")
    assert "Đã liên kết: Đại biểu 7" in newcomer.answer.notice


async def test_a_slip_ends_with_the_link_that_is_on_it(hall: Hall) -> None:
    name = "Đại biểu 7"
    old = await hall.journey.code(name)
    await hall.organiser.taps("Đại biểu")
    await hall.organiser.taps("Trang 2 ›")
    await hall.organiser.taps("11. Đại biểu 7")
    await hall.organiser.taps("Cấp lại đường liên kết")
    async with hall.database.snapshot() as tx:
        issued = await list_slips(tx, hall.house.key, hall.journey.meeting_id)
    (way,) = [way for attendee, way in issued.ways if attendee.name == name]
    assert way.code != old
    late = hall.chat("Ai đó")
    await late.says(old)
    assert "Mã không đúng" in late.answer.notice
    await late.says(way.code)
    assert "Đã liên kết: Đại biểu 7" in late.answer.notice


async def test_nobody_else_gets_the_slips(hall: Hall) -> None:
    chair = hall.chat("Chủ tọa")
    await chair.opens(await hall.journey.token("Chủ tọa"))
    for person in (chair, hall.chat("Người lạ")):
        await person.forges(GetSlips(hall.journey.meeting_id))
        assert person.answer.card is None
    assert "slips_issued" not in await hall.journey.acts()


async def test_a_secretary_gets_no_organisers_link(hall: Hall) -> None:
    journey, chair = hall.journey, hall.chat("Chủ tọa")
    await journey.appoint("Thư ký", Role.SECRETARY)
    await chair.opens(await journey.token("Chủ tọa"))
    granted = await invite_role(hall.house, journey.asked(ORGANISER), journey.meeting_id, Role.ORGANISER)
    assert isinstance(granted, WayIn)
    await chair.opens(granted.token)
    secretary, code = hall.chat("Thư ký"), await journey.code("Chủ tọa")
    await secretary.forges(ShowInvitations(journey.meeting_id, 0))
    assert secretary.card is not None
    lines = texts(secretary.card)
    at = lines.index("Chủ tọa (đã liên kết)")
    assert lines[at + 1] == "Chỉ Ban Tổ chức có đường liên kết của người này."
    assert code not in "".join(lines)
    seat_id = journey.attendees["Chủ tọa"]
    for asks in (RenewInvitation(seat_id, 0), UnbindAccount(seat_id, "telegram", 0)):
        assert (await secretary.forges(asks)).notice.startswith("Người này thuộc Ban Tổ chức")
    await secretary.forges(GetSlips(journey.meeting_id))
    assert secretary.answer.card is not None
    (file,) = secretary.answer.card.attachments
    assert isinstance(file, Attachment)
    assert code not in "".join(text_of(file.content))
    assert "Tệp không có phiếu của người thuộc Ban Tổ chức" in secretary.told
    await chair.forges(ShowInvitations(journey.meeting_id, 0))
    assert chair.card is not None
    assert code in "".join(texts(chair.card))

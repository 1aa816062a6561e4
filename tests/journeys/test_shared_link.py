"""One link for all, posted where everybody reads it: who comes by it shares a number or writes a name."""

import io

import pytest
from pypdf import PdfReader

from tests.fakes.bot_api import FakeBotApi
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import Crowd, found, shared_link, store
from tests.journeys.program import StagedProgram

MEETING = plan(
    [seat("Trần Thị Hòa", "Kế toán", phone="+84912345678"), seat("Lê An", "Văn phòng")],
    units=["Kế toán", "Văn phòng"],
    title="Hội nghị tổng kết",
)


@pytest.mark.usefixtures("brisk_telegram")
async def test_people_come_by_the_shared_link_on_telegram(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.chat(ORGANISER)
        await found(organiser, await program.founder_link("Telegram"))
        await store(organiser, MEETING)
        link = await shared_link(organiser, "Telegram")

        hoa, an = crowd.chat("Hòa Kế toán"), crowd.chat("An")
        for person in (hoa, an):
            await person.open_link(link)
            await person.reads("họ và tên như trong danh sách")
        an.phone.sends_contact("84912345678", hoa.phone.id)
        await an.reads("số liên lạc của người khác")
        hoa.phone.shares_number("84912345678")
        await hoa.reads("Đã liên kết: Trần Thị Hòa, Kế toán.")
        await hoa.reads("Kính mời đồng chí Trần Thị Hòa")
        assert hoa.phone.reply_keyboard == []

        assert "Đã gửi Ban tổ chức: “le an”" in await an.write("le an")
        await organiser.reads("Có thể là: 2. Lê An, Văn phòng")
        assert await organiser.tap("1. Từ chối") == "Đã từ chối: “le an”. Người đó đã được thông báo."
        await an.reads("chưa tìm thấy tên này")
        await an.write("Lê An, văn phòng")
        await organiser.reads("“Lê An, văn phòng” (Telegram: An)")
        assert await organiser.tap("1. Xác nhận") == "Đã liên kết: Lê An."
        await an.reads("Đã liên kết: Lê An, Văn phòng.")
        await an.reads("Kính mời đồng chí Lê An")
        assert an.phone.reply_keyboard == []

        await organiser.tap("Phiếu mời (PDF)")
        await organiser.reads("Phiếu mời của 02 đại biểu")
        await fake.until(lambda: any(m.document for m in organiser.phone.messages), what="the slips")
        [slips] = [message.document for message in organiser.phone.messages if message.document]
        assert slips.name == "phieu-moi.pdf"
        assert len(PdfReader(io.BytesIO(slips.content)).pages) == 1

"""A text, its vote and a pledge in a real browser: an organiser and three attendees, one without network."""

import contextlib
import os
import re
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser

from bot.workbook.writing import write_workbook
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.pledges import PlannedParty, PlannedPledge
from tests.fakes.phone import Phone, phone
from tests.fakes.wire import wired
from tests.handlers.journey import ORGANISER, plan
from tests.journeys.program import ROOT, Program, running

MEETING = "Hội nghị tổng kết năm 2026"
TITLE = "Báo cáo tổng kết"
NAMES = ("Trần Văn Bình", "Lê Thị Cẩm", "Phạm Dũng")
TEXT = """Năm 2027, cơ quan phấn đấu hoàn thành các nhiệm vụ sau.
1. Giải quyết hồ sơ đúng hạn từ 98% trở lên.
2. Mỗi phòng có ít nhất một sáng kiến được áp dụng."""
ADDITION = "3. Công khai kết quả giải quyết hồ sơ hằng tháng."
PLEDGE = "Ký kết giao ước thi đua"
ITEMS = (
    PlannedItem(TITLE, ItemKind.REPORT, text=TEXT),
    PlannedItem(PLEDGE, ItemKind.PLEDGE, text="Lãnh đạo và Công đoàn cùng thực hiện các nhiệm vụ năm 2027."),
)
PARTIES = PlannedPledge(
    1,
    (
        PlannedParty("Lãnh đạo Sở", NAMES[0], attendee=0),
        PlannedParty("Ban Chấp hành Công đoàn", NAMES[1], attendee=1),
    ),
)


async def keep_picture(person: Phone, name: str) -> None:
    """Take a picture for the documentation: `make test SCREENSHOTS=1 ARGS=tests/journeys/test_browser.py`."""
    if os.environ.get("SCREENSHOTS"):
        path = ROOT / "docs" / "screenshots" / f"{name}.png"
        await person.page.screenshot(path=path, animations="disabled", scale="css")


async def set_up(organiser: Phone, token: str, directory: Path) -> dict[str, str]:
    """Found the organisation, store the meeting, and give the tokens of the personal links."""
    await organiser.open_link(token)
    await organiser.write("Sở Nội vụ")
    await organiser.write(ORGANISER)
    await organiser.tap("Nhập tệp")
    workbook = directory / "hoi-nghi.xlsx"
    planned = replace(plan(NAMES, ITEMS, title=MEETING), pledge=PARTIES)
    workbook.write_bytes(write_workbook(planned, "vi"))
    await organiser.send_file(workbook)
    await organiser.reads_answer(MEETING)
    await organiser.tap("Lưu hội nghị")
    await organiser.sees(MEETING)
    await organiser.tap("Giấy mời")
    invitations = await organiser.reads_answer("Giấy mời: ")
    await organiser.close_answer()
    return dict(zip(NAMES, re.findall(r"/i/(\S+)", invitations), strict=True))


async def propose_and_take_up(attendee: Phone, organiser: Phone) -> None:
    """Have an attendee propose an addition, which is taken into the text as it was proposed."""
    for label in ("Ý kiến", "Gửi ý kiến", f"1. {TITLE}"):
        await attendee.tap(label)
    await attendee.write(ADDITION)
    await attendee.tap("Đề nghị bổ sung")
    await attendee.reads_answer("Kết quả: chờ xem xét")
    await attendee.close_answer()
    for label in ("Ý kiến (1 chờ)", "1", "Tiếp thu", "Bổ sung nguyên văn"):
        await organiser.tap(label)
    await organiser.reads_answer("Kết quả: tiếp thu")
    await organiser.close_answer()
    await attendee.sees("Về ý kiến số 1 của đồng chí")


async def compare(attendee: Phone) -> None:
    """Have an attendee read from the ballot what changed in the text."""
    await attendee.tap("Văn bản", on="Biểu quyết 1")
    await attendee.tap("So với bản 1")
    await attendee.reads_answer(f"[+ {ADDITION} +]")
    await keep_picture(attendee, "difference")
    await attendee.close_answer()


async def confirm(organiser: Phone, first: Phone, second: Phone) -> None:
    """Have the text of the pledge fixed and confirmed by one party, then by the other."""
    for label in (f"Tiếp theo: {PLEDGE}", "Giao ước", "Lấy xác nhận của các bên", "Chốt và lấy xác nhận"):
        await organiser.tap(label)
    for label in ("Tôi đã đọc, xác nhận", "Có, tôi xác nhận"):
        await first.tap(label)
    await organiser.sees("1/2 bên đã xác nhận; còn thiếu: 01 bên.")
    await first.close_notice()
    await first.page.locator("article").filter(has_text="SHA-256").scroll_into_view_if_needed()
    await keep_picture(first, "pledge")
    for label in ("I have read it: confirm", "Yes, I confirm"):
        await second.tap(label)
    await organiser.sees("Giao ước: 2/2 bên đã xác nhận.")


async def test_an_organiser_and_three_attendees_hold_a_vote(
    browser: Browser, tmp_path: Path, sqlite_url: str
) -> None:
    async with contextlib.AsyncExitStack() as stack:
        enter = stack.enter_async_context
        program = await enter(running(Program(tmp_path, sqlite_url)))
        wire = await enter(wired(program.address))
        organiser = await enter(phone(browser, program.address))
        tokens = await set_up(organiser, await program.founder_token(), tmp_path)

        binh = await enter(phone(browser, program.address))
        cam = await enter(phone(browser, program.address, language="en-GB"))
        dung = await enter(phone(browser, wire.address))
        for person, name in zip((binh, cam, dung), NAMES, strict=True):
            await person.open_link(tokens[name])
            await person.sees(name)
        await keep_picture(binh, "invitation")
        await binh.tap("Dự họp")
        await binh.sees_notice("Đã ghi nhận")

        await propose_and_take_up(binh, organiser)
        await organiser.tap("Mở xác nhận có mặt")
        for person, label in (
            (binh, "Xác nhận có mặt"),
            (cam, "Confirm presence"),
            (dung, "Xác nhận có mặt"),
        ):
            await person.tap(label)
        for label in (
            "Khai mạc",
            "Xác nhận số lượng: 03 có mặt",
            f"Bắt đầu: {TITLE}",
            "Biểu quyết bằng điện thoại",
            "Mở biểu quyết",
        ):
            await organiser.tap(label)

        await compare(binh)
        for label in ("Tán thành", "Không tán thành", "Tán thành"):
            await binh.tap(label)
            await binh.sees_chosen(label)
        await binh.sees_notice("Đã ghi nhận: Tán thành.")
        await keep_picture(binh, "ballot")
        await cam.tap("In favour")
        await cam.sees_chosen("In favour")
        await organiser.sees("Đã biểu quyết: 2/3")
        await organiser.sees("Chưa biểu quyết: Phạm Dũng")

        await dung.sees("Biểu quyết 1")
        wire.cut()
        await dung.tap("Không tán thành")
        await dung.sees_pending("CHƯA ghi nhận: Không tán thành.")
        await dung.sees_connection("Mất kết nối")
        await keep_picture(dung, "not-recorded")
        await organiser.sees("Đã biểu quyết: 2/3")
        wire.mend()
        await dung.sees_notice("Đã ghi nhận: Không tán thành.")
        await dung.sees_pending("")
        await dung.sees_chosen("Không tán thành")
        await organiser.sees("Đã biểu quyết: 3/3")
        await organiser.page.keyboard.press("Home")
        await keep_picture(organiser, "panel")

        await organiser.tap("Kết thúc")
        await organiser.tap("Công bố kết quả")
        for person in (organiser, binh, dung):
            await person.sees("2/3 đại biểu có mặt tán thành (đạt 66,67%); không tán thành: 01;")
            await person.sees("Thông qua có bổ sung")
        await cam.sees("66.67%")
        await binh.close_notice()
        await (
            binh.page.locator("article").filter(has_text="Kết quả biểu quyết 1").scroll_into_view_if_needed()
        )
        await keep_picture(binh, "result")
        await confirm(organiser, binh, cam)

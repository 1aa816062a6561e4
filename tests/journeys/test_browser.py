"""A whole vote in a real browser: an organiser and three attendees, one of whom loses the network."""

import contextlib
import os
import re
from pathlib import Path

from playwright.async_api import Browser

from bot.workbook.writing import write_workbook
from tests.fakes.phone import Phone, phone
from tests.fakes.wire import wired
from tests.handlers.journey import ORGANISER, plan
from tests.journeys.program import ROOT, Program, running

MEETING = "Hội nghị tổng kết năm 2026"
TITLE = "Báo cáo tổng kết"
NAMES = ("Trần Văn Bình", "Lê Thị Cẩm", "Phạm Dũng")


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
    workbook.write_bytes(write_workbook(plan(NAMES, title=MEETING), "vi"))
    await organiser.send_file(workbook)
    await organiser.reads_answer(MEETING)
    await organiser.tap("Lưu hội nghị")
    await organiser.sees(MEETING)
    await organiser.tap("Giấy mời")
    invitations = await organiser.reads_answer("Giấy mời: ")
    await organiser.close_answer()
    return dict(zip(NAMES, re.findall(r"/i/(\S+)", invitations), strict=True))


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
        await cam.sees("66.67%")
        await binh.close_notice()
        await (
            binh.page.locator("article").filter(has_text="Kết quả biểu quyết 1").scroll_into_view_if_needed()
        )
        await keep_picture(binh, "result")

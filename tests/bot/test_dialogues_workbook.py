"""A workbook is handed out and comes back: as it is, filled in, broken, too large, from the wrong person."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest

from bot.platforms.base import Attachment
from meeting.regimes import Template
from storage.database import Database
from storage.reading import get_roll_view
from tests.bot.chatting import Chat, Hall, texts
from tests.bot.test_dialogues_setup import OTHER, OTHER_ANSWERS, REPEATED, meetings_of, only_meeting, set_up
from tests.bot.workbooks import edited, example, setting, sheet
from tests.handlers.journey import plan

STORE, CANCEL, IMPORT = "Lưu hội nghị", "Hủy", "Nhập tệp"
STAFF, CLUSTER = "Hội nghị CBCCVC, người lao động", "Ký kết giao ước thi đua của cụm"


async def take_workbook(person: Chat, kind: str = STAFF) -> Attachment:
    """Have the workbook of a kind of meeting handed out."""
    await person.taps(IMPORT)
    await person.taps(kind)
    assert person.answer.card is not None
    (file,) = person.answer.card.attachments
    assert isinstance(file, Attachment)
    return file


async def test_the_workbook_is_handed_out_and_comes_back_as_it_is(database: Database) -> None:
    hall = await Hall.founded(database)
    an = hall.organiser
    file = await take_workbook(an)
    assert file.name == "hoi-nghi-cbccvc.xlsx"
    assert zipfile.is_zipfile(io.BytesIO(file.content))
    assert an.asked.startswith("Tệp Excel có sẵn ví dụ")
    await an.sends(file.content)
    assert "Đề nghị kiểm tra trước khi lưu:" in an.told
    assert "ví dụ" in an.told, "people of the example are pointed out"
    assert await meetings_of(hall) == []
    await an.taps(STORE)
    meeting = await only_meeting(hall)
    assert meeting.template is Template.CBCCVC
    await hall.close()


@pytest.mark.parametrize("kind", [CLUSTER, "Hội nghị khác"])
async def test_each_kind_of_meeting_has_its_workbook(founded: Hall, kind: str) -> None:
    file = await take_workbook(founded.organiser, kind)
    await founded.organiser.sends(file.content)
    await founded.organiser.taps(STORE)
    assert len(await meetings_of(founded)) == 1


async def test_what_was_filled_in_is_stored(founded: Hall) -> None:
    an = founded.organiser
    await take_workbook(an)
    await an.sends(edited(setting({"Đại biểu!B2": "Trần Thị Bích Ngọc", "Hội nghị!B2": "Hội nghị năm 2027"})))
    await an.says("lưu")
    assert "bản xem trước đang chờ" in an.answer.notice
    await an.says("xác nhận")
    meeting = await only_meeting(founded)
    async with founded.database.snapshot() as tx:
        names = [one.name for one in (await get_roll_view(tx, meeting.meeting_id)).attendees]
    assert "Trần Thị Bích Ngọc" in names
    assert meeting.title == "Hội nghị năm 2027"


async def test_a_workbook_may_be_sent_without_being_asked_for(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({})))
    await an.taps(STORE)
    assert len(await meetings_of(founded)) == 1


async def test_a_corrected_workbook_takes_the_place_of_the_preview(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({"Hội nghị!B2": "Hội nghị cũ"})))
    old = an.card
    await an.sends(edited(setting({"Hội nghị!B2": "Hội nghị mới"})))
    await an.taps(STORE, on=old)
    assert "không còn hiệu lực" in an.answer.notice
    await an.taps(STORE)
    assert (await only_meeting(founded)).title == "Hội nghị mới"


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    return content.getvalue()


def _merged() -> bytes:
    return edited(lambda workbook: sheet(workbook, "Đại biểu").merge_cells("B2:B4"))


def _without_a_sheet() -> bytes:
    def remove(workbook: object) -> None:
        del workbook["Đại biểu"]  # type: ignore[attr-defined]

    return edited(remove)


BROKEN: dict[str, tuple[str, Callable[[], bytes | None], str]] = {
    "empty": ("hoi-nghi.xlsx", lambda: b"", "Tệp rỗng"),
    "too large": ("hoi-nghi.xlsx", lambda: None, "MB"),
    "an old workbook": ("hoi-nghi.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), ".xls"),
    "a renamed zip": ("hoi-nghi.xlsx", _zip, "không phải là bảng tính Excel"),
    "a text": ("danh-sach.csv", lambda: b"An;Binh", "văn bản"),
    "a picture": ("anh.png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "không phải là bảng tính Excel"),
    "cut off": ("hoi-nghi.xlsx", lambda: edited(setting({}))[:2000], "hỏng"),
    "without a sheet": ("hoi-nghi.xlsx", _without_a_sheet, "Đại biểu"),
    "merged cells": ("hoi-nghi.xlsx", _merged, "B2:B4"),
    "a formula": ("hoi-nghi.xlsx", lambda: edited(setting({"Đại biểu!B3": "=1+1"})), "hàng 3"),
    "a wrong date": ("hoi-nghi.xlsx", lambda: edited(setting({"Hội nghị!B6": "31/02/2027"})), "31/02/2027"),
    "an unknown unit": ("hoi-nghi.xlsx", lambda: edited(setting({"Đại biểu!C3": "Phòng Ma"})), "Phòng Ma"),
    "somebody twice": (
        "hoi-nghi.xlsx",
        lambda: edited(
            setting({f"Đại biểu!{cell}": value for row in (2, 3) for cell, value in _person(row).items()})
        ),
        "hàng 3",
    ),
}


def _person(row: int) -> dict[str, object]:
    return {f"B{row}": "Trần An", f"C{row}": "Văn phòng"}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_file_stores_nothing_and_says_what_to_do(founded: Hall, broken: str) -> None:
    name, content, expected = BROKEN[broken]
    an = founded.organiser
    await an.taps(IMPORT)
    await an.sends(content(), name, size=50 * 1024 * 1024)
    assert an.asked.startswith("Chưa lưu nội dung nào: cần sửa"), an.told
    assert expected in an.told
    assert "Đề nghị sửa tệp và gửi lại" in an.told
    assert STORE not in await an.labels()
    assert an.answer.card is not None
    assert an.answer.card.ask is not None, "a page has the field for the corrected file beside it"
    assert an.answer.card.ask.takes_file
    await an.sends(edited(setting({})))
    await an.taps(STORE)
    assert len(await meetings_of(founded)) == 1


async def test_a_meeting_in_the_past_is_a_warning(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({"Hội nghị!B6": datetime(2021, 12, 30)})))  # noqa: DTZ001 - a cell
    assert "Cần kiểm tra:" in an.told
    assert "đã qua" in an.told
    await an.taps(STORE)
    assert (await only_meeting(founded)).starts_at.year == 2021


async def test_a_problem_puts_an_earlier_preview_out_of_use(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({})))
    preview = an.card
    await an.sends(b"", "hoi-nghi.xlsx")
    await an.taps(STORE, on=preview)
    assert "không còn hiệu lực" in an.answer.notice
    assert await meetings_of(founded) == []


async def test_the_same_file_delivered_twice_is_one_preview(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({})))
    preview = an.answer.card
    await an.again()
    assert an.answer.notice == REPEATED
    assert an.answer.card == preview
    await an.taps(STORE)
    await an.again()
    assert len(await meetings_of(founded)) == 1


async def test_the_preview_of_a_file_waits_through_a_restart(founded: Hall) -> None:
    an = founded.organiser
    await an.sends(edited(setting({})))
    preview = an.answer.card
    founded.start()
    assert await an.question() == preview
    await an.taps(STORE)
    assert len(await meetings_of(founded)) == 1


async def test_a_file_that_could_be_meant_for_two_organisations_is_asked_about(founded: Hall) -> None:
    an = founded.organiser
    await an.opens(await founded.founder_code())
    await an.says("Công đoàn cơ sở")
    await an.says("Bùi Thị Tổ Chức")
    await an.sends(edited(setting({})))
    assert "nhiều cơ quan, đơn vị" in an.answer.notice
    agency = next(card for card in await an.live() if texts(card)[0] == "Sở Nội vụ")
    await an.taps(IMPORT, on=agency)
    await an.sends(b"", "hoi-nghi.xlsx")
    await an.sends(edited(setting({})))
    await an.taps(STORE)
    assert (await only_meeting(founded)).organisation == "Sở Nội vụ"


async def test_a_text_where_a_file_is_expected(founded: Hall) -> None:
    an = founded.organiser
    await an.taps(IMPORT)
    await an.says("Trần An; Văn phòng")
    assert "gửi tệp Excel" in an.answer.notice
    await an.sends(b"", "hoi-nghi.xlsx")
    await an.says("đã sửa")
    assert "gửi tệp Excel" in an.answer.notice
    await an.taps(CANCEL)
    assert an.answer.notice == "Đã hủy. Không có gì thay đổi."


async def test_a_file_where_a_text_is_expected(founded: Hall) -> None:
    an = founded.organiser
    await an.taps("Tạo hội nghị")
    await an.taps(OTHER)
    await an.sends(edited(setting({})))
    assert "bằng chữ" in an.answer.notice, an.answer.notice
    assert await meetings_of(founded) == []
    await an.says(OTHER_ANSWERS[0])
    assert an.asked.startswith("Hội nghị bắt đầu")


async def test_a_file_from_a_member_is_not_taken(sqlite: Database) -> None:
    hall = await Hall.planned(sqlite, plan(["Trần An"]))
    an = hall.chat("Trần An")
    await an.sends(edited(setting({})))
    assert "không được lưu" in an.answer.notice, an.answer.notice
    assert len(await meetings_of(hall)) == 1
    stranger = hall.chat("Người lạ")
    await stranger.sends(edited(setting({})))
    assert "Đề nghị nhập mã" in stranger.answer.notice


async def test_a_workbook_takes_the_place_of_a_typed_preview(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    await an.sends(edited(setting({})))
    assert example().title in an.told
    await an.taps(CANCEL)
    assert await an.question() is None
    assert await meetings_of(founded) == []

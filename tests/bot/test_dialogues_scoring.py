"""A cluster scores: criteria typed line by line, sheets by chat or workbook, a ranking that waits."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.actions import ChangeScore, EnterCriteria, GetRanking, ShowRanking, ShowScoring, ShowSheets
from bot.platforms.base import Attachment
from bot.templates import example_plan
from bot.workbook.cells import Wrong, read_points_cell
from bot.workbook.problems import ProblemKind
from bot.workbook.reading import read_workbook
from bot.workbook.writing import write_workbook
from handlers.agenda import adopt_item
from handlers.due import do_due_work
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.regimes import Template
from meeting.scoring import SheetKind
from meeting.states import MeetingState
from meeting.voting import BaseKind
from storage import scoring as stored
from storage.database import Database
from storage.views import ScoringView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, rules, seat

LEAD, OFFICE, STATION = UNITS = ("Sở Nội vụ", "Văn phòng UBND", "Đài PT-TH")
ITEMS = (
    PlannedItem("Tiêu chí chấm điểm thi đua", ItemKind.DOCUMENT),
    PlannedItem("Kết quả chấm điểm", ItemKind.VOTE),
)
CRITERIA = """I. Phong trào; Tổ chức phong trào; 60
Báo cáo đúng hạn; 40 điểm
II. Khác; =HYPERLINK("http://x") sáng kiến; thưởng 5
Chậm báo cáo; trừ 10"""


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat("Trưởng", LEAD, role=Role.CHAIR),
            seat("Minh", OFFICE),
            seat("Hoa", STATION),
        ]
        by_units = rules(QuorumKind.UNITS, BaseKind.UNITS)
        return await Hall.opened(database, plan(attendees, ITEMS, units=UNITS, rules=by_units))

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """The open signing conference of a cluster."""
    async with stage.copy(tmp_path) as hall:
        yield hall


def seen(chat: Chat) -> list[str]:
    assert chat.card is not None
    return texts(chat.card)


async def view(hall: Hall) -> ScoringView:
    async with hall.database.snapshot() as tx:
        return await stored.get_scoring(tx, 1)


async def enter_criteria(hall: Hall, *, cross: bool = False) -> Chat:
    organiser = hall.chat(ORGANISER)
    await organiser.forges(EnterCriteria(hall.journey.items[0]))
    await organiser.says("100")
    await organiser.says(CRITERIA)
    await organiser.taps(LEAD)
    await organiser.taps("Có" if cross else "Không")
    await organiser.taps("Lưu tiêu chí")
    return organiser


async def open_scoring(hall: Hall, *, cross: bool = False) -> None:
    organiser = await enter_criteria(hall, cross=cross)
    await adopt_item(hall.house, hall.journey.asked("Trưởng"), hall.journey.items[0], ())
    await organiser.forges(ShowScoring(1))
    await organiser.taps("Mở chấm điểm …")
    answer = await organiser.says("17:00 30/11/2027")
    assert answer.notice == "Đã mở chấm điểm. Đã thông báo đến 03 đại biểu."


async def get_sheet(chat: Chat, button: str = "Chấm bằng tệp Excel") -> Any:  # noqa: ANN401 - openpyxl's own
    await chat.taps(button)
    assert chat.card is not None
    (file,) = chat.card.attachments
    assert isinstance(file, Attachment)
    return load_workbook(BytesIO(file.content))


async def send_back(chat: Chat, workbook: Any, points: Mapping[int, object]) -> None:  # noqa: ANN401 - as above
    """Fill points into the rows of criteria (from 1), and send the file back."""
    for place, value in points.items():
        workbook.active.cell(5 + place, 6).value = value
    content = BytesIO()
    workbook.save(content)
    await chat.sends(content.getvalue(), "phieu.xlsx")


async def end_and_verify(hall: Hall, *units: str) -> None:
    hall.clock.advance(datetime(2027, 11, 30, 10, 0, 1, tzinfo=UTC) - hall.clock.now())
    while await do_due_work(hall.house, hall.clock.now()):
        pass
    for unit in units:
        await hall.chat(ORGANISER).forges(ShowSheets(1, SheetKind.VERIFIED, 0))
        await hall.chat(ORGANISER).taps(unit)
        await hall.chat(ORGANISER).taps("Đã thẩm định")


async def test_criteria_are_typed_and_must_come_to_the_scale(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.forges(EnterCriteria(hall.journey.items[0]))
    assert "9,5" in (await organiser.says("một trăm")).notice
    await organiser.says("100")
    assert "là 60, trong khi thang điểm là 100" in (await organiser.says("Tổ chức phong trào; 60")).notice
    assert (await organiser.says("Tổ chức phong trào")).notice.startswith("Dòng 1 chưa đọc được")
    await organiser.says(CRITERIA)
    assert (await organiser.says("Sở Lạ")).notice.startswith("Đơn vị này không có trong")
    await organiser.taps(LEAD)
    await organiser.says("có")
    assert seen(organiser)[:5] == [
        "Lưu các tiêu chí này?",
        "1. Tiêu chí chấm điểm thi đua",
        "Thang điểm: 100",
        "Cụm trưởng: Sở Nội vụ",
        "có chấm chéo",
    ]
    assert seen(organiser)[5:9] == [
        "I. Phong trào",
        "1. Tổ chức phong trào (tối đa 60)",
        "2. Báo cáo đúng hạn (tối đa 40)",
        "II. Khác",
    ]
    await organiser.says("đồng ý")
    assert (await view(hall)).has_cross_scores
    assert "Tiêu chí chưa được thông qua." in seen(organiser)
    member = hall.chat("Minh")
    await member.forges(ShowScoring(1))
    await member.taps("Tiêu chí")
    assert "4. Chậm báo cáo (trừ tối đa 10)" in seen(member), "members read them before they adopt them"
    assert (await member.forges(EnterCriteria(hall.journey.items[0]))).card is None


async def test_a_unit_scores_itself_by_chat_with_evidence(hall: Hall) -> None:
    await open_scoring(hall)
    member = hall.chat("Minh")
    opened = (await member.posts())[0]
    assert texts(opened)[:2] == [
        "Mở chấm điểm: Tiêu chí chấm điểm thi đua",
        "Các đơn vị chấm điểm đến 17:00 thứ Ba, ngày 30/11/2027.",
    ]
    await member.taps("Chấm điểm")
    await member.taps("Phiếu của đơn vị")
    await member.taps("1. Tổ chức phong trào")
    for wrong, said in (
        ("60,5", "tối đa 60 điểm"),
        ("1.000", "Đề nghị ghi 1000 hoặc 1.0000"),
        ("-3", "không được âm"),
        ("chín", "chưa đọc được"),
        ("9,00001", "4 chữ số thập phân"),
    ):
        assert said in (await member.says(wrong)).notice
    await member.says("55,5")
    answer = await member.says("Quyết định 12/QĐ")
    assert answer.notice == "Đã ghi nhận. Tổng điểm tạm tính: 55,5; còn 01 tiêu chí chưa chấm."
    await member.taps("2. Báo cáo đúng hạn")
    await member.says("40")
    await member.sends(b"%PDF-1.7 giay khen", "Giấy khen.pdf")
    assert member.answer.notice == "Đã ghi nhận. Tổng điểm: 95,5."
    await member.taps("4. Chậm báo cáo")
    await member.says("1")
    await member.taps("Không có")
    assert "4. Chậm báo cáo (trừ tối đa 10): −1" in seen(member)
    assert (await member.taps("Nộp phiếu")).notice.startswith("Đã nộp phiếu: 94,5 điểm.")
    panels = await hall.chat(ORGANISER).cards()
    assert any("Đã nộp phiếu: 1/3." in line for card in panels for line in texts(card))


async def test_a_sheet_comes_back_whole_or_not_at_all_with_every_cell_named(hall: Hall) -> None:
    await open_scoring(hall)
    member = hall.chat("Minh")
    await member.taps("Chấm điểm")
    await member.taps("Phiếu của đơn vị")
    workbook = await get_sheet(member)
    assert workbook.active["A2"].value == OFFICE
    assert workbook.active["C8"].value == '=HYPERLINK("http://x") sáng kiến'
    assert workbook.active["C8"].data_type == "s", "no formula"
    await send_back(member, workbook, {1: 61, 2: "=1+1", 4: -1})
    problems = seen(member)
    assert problems[0] == "Chưa nhận phiếu: có 3 chỗ cần sửa."
    assert "hàng 6, cột F (Điểm chấm)" in problems[1]
    assert "tối đa 60 điểm" in problems[1].lower()
    assert "công thức" in problems[2]
    assert "không được âm" in problems[3]
    assert (await view(hall)).sheets == ()
    workbook.active["H7"].value = "DV99-TC1"
    await send_back(member, workbook, {1: 59.5, 2: "39,5", 4: None})
    assert any("Mã này không thuộc phiếu này" in line for line in seen(member))
    workbook.active["H7"].value = workbook.active["H6"].value
    await send_back(member, workbook, {})
    assert any("Hàng 6 đã có tiêu chí này" in line for line in seen(member))
    assert ".xlsx" in (await member.says("đây")).notice
    criteria = (await view(hall)).criteria
    workbook.active["H7"].value = workbook.active["H6"].value.replace(
        f"TC{criteria[0].criterion_id}", f"TC{criteria[1].criterion_id}"
    )
    await send_back(member, workbook, {})
    assert member.answer.notice.startswith("Đã nộp phiếu: 99 điểm.")
    # Sent again without being asked for, it is the same sheet.
    await send_back(member, workbook, {3: 1.25})
    assert member.answer.notice.startswith("Đã nộp phiếu: 100,25 điểm.")
    assert (await view(hall)).total((await view(hall)).units[1].unit_id) == Decimal("100.25")


async def test_only_the_lead_and_the_secretary_see_the_ranking_before_it_is_put(hall: Hall) -> None:
    await open_scoring(hall, cross=True)
    for name, points in (("Minh", {1: 55.5, 2: 40}), ("Trưởng", {1: 60, 2: 35.5, 4: 0})):
        await hall.chat(name).taps("Chấm điểm")
        await hall.chat(name).taps("Phiếu của đơn vị")
        await send_back(hall.chat(name), await get_sheet(hall.chat(name)), points)
    other = hall.chat("Hoa")
    await other.taps("Chấm điểm")
    await other.taps("Chấm chéo")
    assert other.card is not None
    assert STATION not in buttons(other.card), "nobody scores the own unit crosswise"
    await other.taps(OFFICE)
    await send_back(other, await get_sheet(other), {1: 50, 2: 40})
    assert other.answer.notice.startswith("Đã nộp phiếu: 90 điểm.")
    await end_and_verify(hall, LEAD)
    lead = hall.chat("Trưởng")
    assert texts((await lead.posts())[0])[1] == "Đã nộp phiếu: 2/3."
    await lead.taps("Thẩm định phiếu")
    assert f"– {STATION}: chưa nộp phiếu" in seen(lead)
    await lead.taps(OFFICE)
    assert "Trung bình 1 đơn vị chấm chéo: 90" in seen(lead)
    await lead.taps("1. Tổ chức phong trào")
    await lead.says("55,25")
    await lead.says("Thiếu minh chứng")
    assert "→ 55,25: Thiếu minh chứng" in seen(lead)
    assert (await lead.taps("Đã thẩm định")).notice == "Đã thẩm định: 95,25 điểm."
    for name in ("Minh", "Hoa"):
        for action in (ShowRanking(1), GetRanking(1), ShowSheets(1, SheetKind.VERIFIED, 0)):
            answer = await hall.chat(name).forges(action)
            assert answer.card is None
            assert "Cụm trưởng" in answer.notice or "không có quyền" in answer.notice
    await lead.forges(ShowRanking(1))
    assert seen(lead)[-3:] == [
        "1. Sở Nội vụ: 95,5 điểm",
        "2. Văn phòng UBND: 95,25 điểm",
        "– Đài PT-TH: chưa nộp phiếu",
    ]
    await lead.taps("Trình hội nghị …")
    await lead.taps("2. Kết quả chấm điểm")
    post = (await other.posts())[0]
    assert texts(post)[1:4] == seen(lead)[-3:]
    await other.taps("Bảng điểm (Excel)", on=post)
    assert other.card is not None
    (file,) = other.card.attachments
    assert isinstance(file, Attachment)
    table = load_workbook(BytesIO(file.content))
    rows = [[cell.value for cell in row] for row in table["Xếp hạng"].iter_rows()]
    assert rows == [
        ["Xếp hạng", "Đơn vị", "Tự chấm", "Trung bình chấm chéo", "Tổng điểm"],
        [1, LEAD, 95.5, None, 95.5],
        [2, OFFICE, 95.5, "90", 95.25],
        [None, STATION, None, None, "chưa nộp phiếu"],
    ]
    assert [cell.data_type for cell in table["Điểm chi tiết"]["C"]] == ["s"] * 5, "no formula"
    assert table["Điểm đã sửa"]["E2"].value == "Thiếu minh chứng"
    await adopt_item(hall.house, hall.journey.asked("Trưởng"), hall.journey.items[1], ())
    await other.forges(ShowRanking(1))
    assert "Hội nghị đã quyết định bảng xếp hạng." in seen(other)
    await hall.journey.close_meeting()
    assert (await hall.journey.meeting()).state is MeetingState.CLOSED
    summary = next(texts(card) for card in await other.posts() if "Tổng hợp" in texts(card)[0])
    assert any("Xếp hạng: 1. Sở Nội vụ: 95,5 điểm; 2. Văn phòng" in line for line in summary)


async def test_whose_view_a_sheet_is_stands_in_it_and_nobody_looks_through_the_own_unit_s(hall: Hall) -> None:
    await open_scoring(hall, cross=True)
    await hall.journey.appoint("Hoa", Role.SECRETARY)
    member, secretary, lead = hall.chat("Minh"), hall.chat("Hoa"), hall.chat("Trưởng")
    await member.forges(ShowScoring(1))
    await member.taps("Phiếu của đơn vị")
    workbook = await get_sheet(member)
    # The secretary, a delegate of another unit, enters what the unit gave itself, without being asked for it.
    await send_back(secretary, workbook, {1: 50, 2: 40})
    assert seen(secretary)[0] == f"Phiếu chấm điểm: {OFFICE}"
    ((sheet,), office) = (await view(hall)).sheets, (await view(hall)).units[1]
    assert (sheet.kind, sheet.unit_id, sheet.by_unit_id) == (SheetKind.SELF, office.unit_id, office.unit_id)
    await lead.forges(ShowSheets(1, SheetKind.CROSS, 0))
    await lead.taps(OFFICE)
    crosswise = await get_sheet(lead)
    await send_back(lead, workbook, {})
    assert "Mã này không thuộc phiếu này" in seen(lead)[1], "the unit's own is not the lead's view of it"
    crosswise.active["C10"], crosswise.active["F10"] = "Cộng", 90
    await send_back(lead, crosswise, {1: 50, 2: 40})
    assert "không có mã" in seen(lead)[1]
    crosswise.active.delete_rows(10)
    await send_back(lead, crosswise, {})
    assert lead.answer.notice.startswith("Đã nộp phiếu: 90 điểm.")
    await lead.forges(ShowScoring(1))
    await lead.taps("Phiếu của đơn vị")
    await send_back(lead, await get_sheet(lead), {1: 60, 2: 40})
    await end_and_verify(hall)
    await lead.forges(ShowSheets(1, SheetKind.VERIFIED, 0))
    await lead.taps(LEAD)
    assert lead.card is not None
    assert list(buttons(lead.card)) == ["‹ Các phiếu"], "who leads leaves the own unit to the secretary"
    # What was entered since is looked at before it is verified.
    await secretary.forges(ShowSheets(1, SheetKind.VERIFIED, 0))
    await secretary.taps(OFFICE)
    looked_at = secretary.card
    await send_back(secretary, workbook, {2: 39})
    stale = await secretary.taps("Đã thẩm định", on=looked_at)
    assert stale.notice.startswith("Nội dung đã thay đổi")
    assert "Đơn vị tự chấm: 89" in seen(secretary)
    assert (await secretary.taps("Đã thẩm định")).notice == "Đã thẩm định: 89 điểm."
    first = (await view(hall)).criteria[0].criterion_id
    for unit, said in ((LEAD, "của chính mình"), (STATION, "chưa nộp phiếu")):
        unit_id = next(each.unit_id for each in (await view(hall)).units if each.name == unit)
        answer = await lead.forges(ChangeScore(1, unit_id, first))
        assert (answer.card, said in answer.notice) == (None, True)


@pytest.mark.parametrize(
    ("value", "points"),
    [(9, "9"), (9.5, "9.5"), ("9,5", "9.5"), (0.1, "0.1"), (0, "0"), (60.0, "60")],
)
def test_a_cell_with_a_number_says_what_it_shows(value: Any, points: str) -> None:  # noqa: ANN401 - a cell's
    assert read_points_cell(value, Decimal(60)) == Decimal(points)


@pytest.mark.parametrize(
    "value", [True, None, datetime(2026, 5, 9, tzinfo=UTC), 0.1 + 0.2, 60.5, -1, "1.000", "abc", float("inf")]
)
def test_a_cell_that_says_no_points_is_refused(value: Any) -> None:  # noqa: ANN401 - a cell's
    assert isinstance(read_points_cell(value, Decimal(60)), Wrong)


def test_the_meetings_workbook_brings_criteria_and_names_what_is_wrong_with_them() -> None:
    planned = example_plan(Template.GIAO_UOC, date(2026, 3, 2))
    (scoring,) = planned.scorings
    assert planned.items[scoring.item].title.startswith("Thông qua Tiêu chí chấm điểm")
    content = write_workbook(planned, "vi")
    reading = read_workbook(content, "hoi-nghi.xlsx", today=date(2026, 3, 2))
    assert reading.plan == planned
    workbook = load_workbook(BytesIO(content))
    sheet = workbook["Tiêu chí chấm điểm"]
    for cell, value in (("B2", 99), ("I3", "1.000"), ("H4", "Khác"), ("I5", 0)):
        sheet[cell].value = value
    changed = BytesIO()
    workbook.save(changed)
    reading = read_workbook(changed.getvalue(), "hoi-nghi.xlsx", today=date(2026, 3, 2))
    assert reading.plan is None
    assert [(one.kind, one.row) for one in reading.problems] == [
        (ProblemKind.ITEM_UNKNOWN, 2),
        (ProblemKind.POINTS_AMBIGUOUS, 3),
        (ProblemKind.CHOICE_UNKNOWN, 4),
        (ProblemKind.POINTS_ZERO, 5),
    ]
    sheet["B2"].value, sheet["I3"].value, sheet["H4"].value, sheet["I5"].value = 9, 31, "Điểm", 5
    changed = BytesIO()
    workbook.save(changed)
    reading = read_workbook(changed.getvalue(), "hoi-nghi.xlsx", today=date(2026, 3, 2))
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.CRITERIA_SUM
    assert dict(problem.facts) == {"sum": "101", "scale": "100"}
    workbook["Chương trình"]["D10"].value = "Có"
    for cell, value in (("I3", 30), ("B4", 8), ("C4", 30), ("B5", 9), ("C5", 5)):
        sheet[cell].value = value
    changed = BytesIO()
    workbook.save(changed)
    reading = read_workbook(changed.getvalue(), "hoi-nghi.xlsx", today=date(2026, 3, 2))
    told = [(one.kind, one.row) for one in reading.problems]
    assert (ProblemKind.CRITERIA_ADVISORY, 2) in told
    workbook["Chương trình"]["D10"].value = "Không"
    changed = BytesIO()
    workbook.save(changed)
    reading = read_workbook(changed.getvalue(), "hoi-nghi.xlsx", today=date(2026, 3, 2))
    (apart,) = [one for one in reading.problems if one.kind is ProblemKind.CRITERIA_APART]
    assert (apart.row, dict(apart.facts)) == (5, {"other": 2})

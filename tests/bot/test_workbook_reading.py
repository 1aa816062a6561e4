"""A workbook as an organiser sends it back: recognised where it can be, each mistake told with its place."""

import time as clock
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from bot.wording.catalogue import LANGUAGES
from bot.wording.workbook import column_note, guide_lines, problem_text
from bot.workbook.layout import SHEETS, Column, Sheet, SheetLayout
from bot.workbook.problems import Fact, Problem, ProblemKind, Reading
from bot.workbook.writing import write_workbook
from meeting.agenda import ItemKind
from meeting.attendance import Quorum, QuorumKind
from meeting.counting import Threshold
from meeting.names import fold
from meeting.people import Role, Standing
from meeting.plan import PlannedAttendee, PlannedItem, PlannedUnit
from meeting.regimes import Template, default_rules
from meeting.voting import BaseKind
from tests.bot.workbooks import (
    TODAY,
    edited,
    example,
    only_problem,
    place,
    read,
    reading_with,
    row_of,
    sheet,
    warned,
)


def field(label: str) -> str:
    return f"Hội nghị!B{row_of(label)}"


def kinds(reading: Reading) -> list[ProblemKind]:
    return [problem.kind for problem in reading.problems]


def with_attendees(*attendees: PlannedAttendee, template: Template = Template.CBCCVC) -> Reading:
    plan = replace(example(template), attendees=attendees, headcount=None)
    return read(write_workbook(plan, "vi"))


def person(name: str, unit: str | None = "Văn phòng", phone: str | None = None) -> PlannedAttendee:
    return PlannedAttendee(name, unit, None, Standing.VOTING, phone)


# What is handed out


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_can_be_handed_straight_back(template: Template, language: str) -> None:
    reading = read(write_workbook(example(template), language))
    assert reading.plan == example(template)
    assert [warning.kind for warning in reading.warnings] == [ProblemKind.EXAMPLE_LEFT]


def test_saving_it_in_another_program_changes_nothing() -> None:
    assert read(edited(lambda _workbook: None)).plan == example()


def test_it_offers_choices_in_every_row_that_may_be_filled() -> None:
    ranges: dict[str, dict[str, str]] = {}

    def look(workbook: Workbook) -> None:
        for layout in SHEETS.values():
            offers = sheet(workbook, layout.label).data_validations.dataValidation
            ranges[layout.label] = {str(offer.sqref): str(offer.formula1) for offer in offers}

    edited(look)
    units = "OFFSET('Đơn vị'!$B$2,0,0,MAX(1,COUNTA('Đơn vị'!$B$2:$B$1001)),1)"
    assert ranges["Đại biểu"]["C2:C2001"] == units
    assert {"E2:E2001", "F2:F2001"} <= set(ranges["Đại biểu"])
    assert {"C2:C2001", "D2:D2001"} <= set(ranges["Chương trình"])
    assert set(ranges["Hội nghị"].values()) == {
        "'Danh mục'!$A$2:$A$4",  # kinds of meetings
        "'Danh mục'!$E$2:$E$4",  # what the quorum is of
        "'Danh mục'!$F$2:$F$5",  # what a result is of
        "'Danh mục'!$G$2:$G$3",  # yes and no
    }


def test_headings_stay_in_sight_phones_stay_text_and_notes_explain() -> None:
    def look(workbook: Workbook) -> None:
        attendees = sheet(workbook, "Đại biểu")
        assert attendees.freeze_panes == "C2"
        assert attendees["G2"].number_format == attendees.column_dimensions["G"].number_format == "@"
        assert attendees["G2"].value == "0100000001"
        assert attendees["E1"].comment is not None
        meeting = sheet(workbook, "Hội nghị")
        assert meeting[f"B{row_of('Ngày')}"].number_format == "dd/mm/yyyy"
        assert meeting[f"B{row_of('Giờ bắt đầu')}"].number_format == "hh:mm"

    edited(look)


def test_a_thousand_attendees_are_read_within_seconds() -> None:
    units = tuple(PlannedUnit(f"Phòng {number}") for number in range(40))
    attendees = tuple(
        person(f"Nguyễn Văn Người {number}", units[number % 40].name, f"+849{number:08}")
        for number in range(1000)
    )
    plan = replace(example(), units=units, attendees=attendees, headcount=1200)
    content = write_workbook(plan, "vi")
    started = clock.perf_counter()
    assert read(content).plan == plan
    assert clock.perf_counter() - started < 5


# Sheets


@pytest.mark.parametrize("name", [layout.label for layout in SHEETS.values() if not layout.is_optional])
def test_a_missing_sheet_is_named(name: str) -> None:
    def remove(workbook: Workbook) -> None:
        del workbook[name]

    problems = read(edited(remove)).problems
    assert Problem(ProblemKind.SHEET_MISSING, facts={"expected": name}) in problems


@pytest.mark.parametrize(
    "name", ["DAI BIEU", "Danh sách đại biểu", "attendees", unicodedata.normalize("NFD", "Đại biểu")]
)
def test_a_sheet_may_be_spelt_otherwise(name: str) -> None:
    def rename(workbook: Workbook) -> None:
        workbook["Đại biểu"].title = name

    assert read(edited(rename)).plan == example()


def test_two_sheets_of_one_name_are_refused() -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("Dai bieu")

    assert only_problem(read(edited(add))) == Problem(ProblemKind.SHEET_TWICE, sheet="Dai bieu")


def test_a_sheet_that_is_not_read_is_said_so() -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("Sheet1")

    assert [w.sheet for w in warned(read(edited(add)), ProblemKind.SHEET_NOT_READ)] == ["Sheet1"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_with_a_warning(state: Literal["hidden", "veryHidden"]) -> None:
    def hide(workbook: Workbook) -> None:
        workbook["Đơn vị"].sheet_state = state

    reading = read(edited(hide))
    assert reading.plan == example()
    assert [w.sheet for w in warned(reading, ProblemKind.SHEET_HIDDEN)] == ["Đơn vị"]


def test_hidden_rows_are_read_with_a_warning() -> None:
    def hide(workbook: Workbook) -> None:
        for row in (3, 4, 6, 500):
            workbook["Đại biểu"].row_dimensions[row].hidden = True

    reading = read(edited(hide))
    assert reading.plan == example()
    hidden = warned(reading, ProblemKind.ROWS_HIDDEN)
    assert [(w.sheet, w.facts) for w in hidden] == [("Đại biểu", {"rows": "3-4, 6"})]


def test_more_than_five_thousand_attendees_are_refused() -> None:
    attendees = tuple(person(f"Nguyễn Văn Người {number}") for number in range(5_001))
    problem = only_problem(with_attendees(*attendees))
    assert (problem.kind, problem.sheet) == (ProblemKind.TOO_MANY_ROWS, "Đại biểu")
    assert "5.000" in problem_text(problem, "vi")
    far_more = (*attendees, *(person(f"Trần Văn Người {number}") for number in range(500)))
    assert only_problem(with_attendees(*far_more)) == problem


# Headings


def test_headings_are_recognised_in_any_order_case_spacing_and_spelling() -> None:
    def rearrange(workbook: Workbook) -> None:
        worksheet = sheet(workbook, "Đại biểu")
        rows = [[cell.value for cell in row] for row in worksheet.iter_rows()]
        worksheet.delete_rows(1, worksheet.max_row)
        headings = [
            "STT",
            "ho  VA ten",
            "DON VI CONG TAC",
            unicodedata.normalize("NFD", "Chức vụ"),
            "Standing",
        ]
        rows[0] = [*headings, "Vai trò (nếu có)", "SĐT", "ghi chú"]
        for row in rows:
            worksheet.append(row[::-1])

    assert read(edited(rearrange)).plan == example()


def test_english_headings_and_words_are_recognised() -> None:
    cells: dict[str, object] = {
        "Đại biểu!B1": "Full name",
        "Đại biểu!C1": "Unit",
        "Đại biểu!D1": "Position",
        "Đại biểu!E1": "Standing",
        "Đại biểu!F1": "Role",
        "Đại biểu!G1": "Phone number",
        "Đại biểu!E8": "guest",
        "Đại biểu!F2": "CHAIR",
        "Chương trình!B1": "Item",
        "Chương trình!C2": "Procedure",
        "Chương trình!D2": "no",
    }
    assert reading_with(cells).plan == example()


def test_a_letterhead_above_the_headings_is_passed_over() -> None:
    def insert(workbook: Workbook) -> None:
        worksheet = sheet(workbook, "Đại biểu")
        worksheet.insert_rows(1, 6)
        worksheet["A1"] = "TRUNG TÂM VÍ DỤ"
        worksheet["A3"] = "DANH SÁCH ĐẠI BIỂU"
        worksheet["A4"] = "Dự hội nghị năm 2026"
        worksheet.merge_cells("A1:C1")
        worksheet.merge_cells("A3:H3")

    assert read(edited(insert)).plan == example()


def test_a_missing_heading_is_named_and_hides_nothing_else() -> None:
    problems = reading_with({"Đại biểu!B1": "Người dự", "Chương trình!B2": 5}).problems
    assert problems == (
        Problem(ProblemKind.HEADING_MISSING, sheet="Đại biểu", row=1, facts={"expected": "Họ và tên"}),
        Problem(ProblemKind.NOT_TEXT, sheet="Chương trình", row=2, column="B", heading="Nội dung", found="5"),
    )


def test_an_empty_sheet_misses_its_heading() -> None:
    def clear(workbook: Workbook) -> None:
        sheet(workbook, "Đại biểu").delete_rows(1, 50)

    problem = only_problem(read(edited(clear)))
    assert (problem.kind, problem.row) == (ProblemKind.HEADING_MISSING, None)


def test_two_headings_of_one_meaning_are_refused() -> None:
    problem = only_problem(reading_with({"Đại biểu!H1": "Họ tên", "Đại biểu!H2": "Ai đó"}))
    assert (problem.kind, *place(problem)) == (ProblemKind.HEADING_TWICE, "Đại biểu", 1, "H")
    assert problem.facts == {"other": "B"}


def test_columns_that_are_not_read_are_said_so() -> None:
    reading = reading_with({"Đại biểu!I1": "Ngày sinh", "Đại biểu!I2": "1/1/1990", "Đại biểu!J3": "?"})
    assert [place(w) for w in warned(reading, ProblemKind.HEADING_NOT_READ)] == [("Đại biểu", 1, "I")]
    assert [place(w) for w in warned(reading, ProblemKind.HEADING_EMPTY)] == [("Đại biểu", 3, "J")]


def test_numbers_and_notes_of_the_organiser_are_left_alone() -> None:
    cells: dict[str, object] = {
        "Đại biểu!A2": "=ROW()-1",
        "Đại biểu!A3": "ba",
        "Đại biểu!H2": "=A2",
        "Đại biểu!H3": 7,
    }
    reading = reading_with(cells)
    assert reading.plan == example()
    assert [w.kind for w in reading.warnings] == [ProblemKind.EXAMPLE_LEFT]


def test_a_row_of_the_meeting_that_is_missing_twice_or_unknown_is_named() -> None:
    row = row_of("Địa điểm")
    missing = only_problem(reading_with({f"Hội nghị!A{row}": None}))
    assert missing == Problem(ProblemKind.LABEL_MISSING, sheet="Hội nghị", facts={"expected": "Địa điểm"})
    twice = only_problem(reading_with({"Hội nghị!A30": "dia diem", "Hội nghị!B30": "Nơi khác"}))
    assert (twice.kind, twice.row, twice.facts) == (ProblemKind.LABEL_TWICE, 30, {"other": row})
    unknown = warned(
        reading_with({"Hội nghị!A30": "Trang phục", "Hội nghị!B30": "Áo dài"}), ProblemKind.LABEL_NOT_READ
    )
    assert [(w.row, w.found) for w in unknown] == [(30, "Trang phục")]


def test_the_meeting_may_be_numbered_and_begin_lower() -> None:
    def shift(workbook: Workbook) -> None:
        worksheet = sheet(workbook, "Hội nghị")
        worksheet.insert_cols(1)
        worksheet.insert_rows(1, 3)
        worksheet["A1"] = "THÔNG TIN HỘI NGHỊ"
        for number, row in enumerate(range(5, worksheet.max_row + 1), start=1):
            worksheet[f"A{row}"] = f"{number}."

    assert read(edited(shift)).plan == example()


@pytest.mark.parametrize("layout", list(SHEETS.values()), ids=list(SHEETS))
def test_no_heading_means_two_things(layout: SheetLayout) -> None:
    names = [fold(name) for h in layout.headings for name in {fold(n): n for n in (h.label, *h.aliases)}]
    assert len(names) == len(set(names))
    assert "" not in names


# Rows


def test_blank_rows_are_passed_over_wherever_they_are() -> None:
    def insert(workbook: Workbook) -> None:
        worksheet = sheet(workbook, "Đại biểu")
        worksheet.insert_rows(3, 2)
        worksheet["A3"] = 2
        worksheet["B4"] = " \u200b "
        worksheet["A900"] = 900

    assert read(edited(insert)).plan == example()


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"Đại biểu!B3": "=B2"}, ("Đại biểu", 3, "B")),
        ({"Đại biểu!C3": "='Đơn vị'!B2"}, ("Đại biểu", 3, "C")),
        ({"Đơn vị!B2": '="Văn "&"phòng"'}, ("Đơn vị", 2, "B")),
        ({"Chương trình!B2": "=1+1"}, ("Chương trình", 2, "B")),
        ({"Hội nghị!B6": "=TODAY()"}, ("Hội nghị", 6, "B")),
    ],
)
def test_a_formula_is_an_error_that_names_its_cell(
    cells: dict[str, object], where: tuple[str, int, str]
) -> None:
    found = [p for p in reading_with(cells).problems if p.kind is ProblemKind.FORMULA]
    assert [place(problem) for problem in found] == [where]
    assert "công thức" in problem_text(found[0], "vi")


def test_a_text_that_begins_like_a_formula_is_a_text() -> None:
    items = (PlannedItem("=SUM(A1) là gì?", ItemKind.DISCUSSION), PlannedItem("+84 và @tên", ItemKind.OTHER))
    plan = replace(example(), items=items)
    assert read(write_workbook(plan, "vi")).plan == plan


def test_an_error_shown_by_excel_is_told() -> None:
    problem = only_problem(reading_with({"Đại biểu!D3": "#REF!"}))
    assert (problem.kind, problem.found) == (ProblemKind.ERROR_VALUE, "#REF!")


def test_merged_cells_among_the_data_are_told_once_for_each_range() -> None:
    def merge(workbook: Workbook) -> None:
        sheet(workbook, "Đại biểu").merge_cells("C2:C4")
        sheet(workbook, "Đại biểu").merge_cells("B6:D6")
        sheet(workbook, "Hội nghị").merge_cells("B2:B3")

    problems = read(edited(merge)).problems
    assert [(p.kind, p.sheet, p.row, p.facts["cells"]) for p in problems] == [
        (ProblemKind.MERGED, "Hội nghị", 2, "B2:B3"),
        (ProblemKind.MERGED, "Đại biểu", 2, "C2:C4"),
        (ProblemKind.MERGED, "Đại biểu", 6, "B6:D6"),
    ]


def test_cells_merged_beside_the_data_do_no_harm() -> None:
    def merge(workbook: Workbook) -> None:
        sheet(workbook, "Hội nghị").merge_cells("B2:C2")
        sheet(workbook, "Đại biểu").merge_cells("H2:H5")
        sheet(workbook, "Đại biểu").merge_cells("A20:H20")

    assert read(edited(merge)).plan == example()


# Cells


@pytest.mark.parametrize(
    ("cell", "value", "kind", "found"),
    [
        ("Đại biểu!B3", None, ProblemKind.EMPTY, ""),
        ("Đại biểu!B3", " \u200b ", ProblemKind.EMPTY, ""),
        ("Đại biểu!B3", 42, ProblemKind.NOT_TEXT, "42"),
        ("Đại biểu!B3", 42.0, ProblemKind.NOT_TEXT, "42"),
        ("Đại biểu!B3", True, ProblemKind.NOT_TEXT, "True"),
        ("Đại biểu!B3", date(2026, 3, 20), ProblemKind.NOT_TEXT, "20/03/2026"),
        ("Đại biểu!B3", "12345", ProblemKind.NO_LETTERS, "12345"),
        ("Đại biểu!B3", "🎉🎉", ProblemKind.NO_LETTERS, "🎉🎉"),
        ("Đại biểu!B3", "A" * 101, ProblemKind.TOO_LONG, "A" * 59 + "…"),
        ("Đại biểu!D3", 3, ProblemKind.NOT_TEXT, "3"),
        ("Đại biểu!E3", "Chính thứ", ProblemKind.CHOICE_UNKNOWN, "Chính thứ"),
        ("Đại biểu!F3", "Giám đốc", ProblemKind.CHOICE_UNKNOWN, "Giám đốc"),
        ("Đại biểu!F3", "Organiser", ProblemKind.CHOICE_UNKNOWN, "Organiser"),
        ("Đại biểu!G3", "không có", ProblemKind.PHONE_UNREADABLE, "không có"),
        ("Đại biểu!G3", "0912345678; 0987654321", ProblemKind.PHONE_UNREADABLE, "0912345678; 0987654321"),
        ("Đại biểu!G3", 1234, ProblemKind.PHONE_UNREADABLE, "1234"),
        ("Đại biểu!G3", 912345678.5, ProblemKind.PHONE_UNREADABLE, "912345678.5"),
        ("Đơn vị!B3", 113, ProblemKind.NOT_TEXT, "113"),
        ("Chương trình!B3", "-", ProblemKind.NO_LETTERS, "-"),
        ("Chương trình!C3", "Múa hát", ProblemKind.CHOICE_UNKNOWN, "Múa hát"),
        ("Chương trình!D3", "có thể", ProblemKind.CHOICE_UNKNOWN, "có thể"),
        ("Chương trình!F3", "x" * 20_001, ProblemKind.TOO_LONG, "x" * 59 + "…"),
        ("Chương trình!F3", 8, ProblemKind.NOT_TEXT, "8"),
    ],
)
def test_a_cell_of_a_list_that_cannot_be_taken_is_told_with_its_place(
    cell: str, value: object, kind: ProblemKind, found: str
) -> None:
    problems = [p for p in reading_with({cell: value}).problems if p.kind is not ProblemKind.UNIT_UNKNOWN]
    assert [(p.kind, f"{p.sheet}!{p.column}{p.row}", p.found) for p in problems] == [(kind, cell, found)]


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Tên hội nghị", None, ProblemKind.EMPTY),
        ("Tên hội nghị", "a" * 301, ProblemKind.TOO_LONG),
        ("Loại hội nghị", "Đại hội", ProblemKind.CHOICE_UNKNOWN),
        ("Đơn vị tổ chức", 7, ProblemKind.NOT_TEXT),
        ("Địa điểm", "", ProblemKind.EMPTY),
        ("Ngày", "30/02/2026", ProblemKind.DATE_UNREADABLE),
        ("Ngày", "12/30/2026", ProblemKind.DATE_UNREADABLE),
        ("Ngày", "3/4/26", ProblemKind.DATE_UNREADABLE),
        ("Ngày", "mai", ProblemKind.DATE_UNREADABLE),
        ("Ngày", 26, ProblemKind.DATE_UNREADABLE),
        ("Ngày", "30/12/2026 hoặc 31/12/2026", ProblemKind.DATE_UNREADABLE),
        ("Ngày", "2026-12-30T14:00:00+09:00", ProblemKind.DATE_UNREADABLE),
        ("Ngày", datetime(1901, 1, 1, 10, 0), ProblemKind.DATE_UNREADABLE),  # noqa: DTZ001 - as Excel has it
        ("Ngày", "x" * 5_000, ProblemKind.DATE_UNREADABLE),
        ("Giờ bắt đầu", "chiều", ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", "25:00", ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", "14:60", ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", "14h sáng", ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", "14h5", ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", 14, ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", timedelta(hours=30), ProblemKind.TIME_UNREADABLE),
        ("Giờ bắt đầu", None, ProblemKind.EMPTY),
        ("Múi giờ", "GMT+7", ProblemKind.TIMEZONE_UNKNOWN),
        ("Múi giờ", "../../etc/passwd", ProblemKind.TIMEZONE_UNKNOWN),
        ("Tổng số CBCCVC-NLĐ", "khoảng 60", ProblemKind.NUMBER_UNREADABLE),
        ("Tổng số CBCCVC-NLĐ", 60.5, ProblemKind.NUMBER_UNREADABLE),
        ("Tổng số CBCCVC-NLĐ", -3, ProblemKind.NUMBER_UNREADABLE),
        ("Tổng số CBCCVC-NLĐ", 10**12, ProblemKind.NUMBER_UNREADABLE),
        ("Tổng số CBCCVC-NLĐ", 5, ProblemKind.HEADCOUNT_TOO_SMALL),
        ("Có tổ chức công đoàn", None, ProblemKind.EMPTY),
        ("Có tổ chức công đoàn", "chưa rõ", ProblemKind.CHOICE_UNKNOWN),
        ("Tỷ lệ dự họp tối thiểu", "đa số", ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ dự họp tối thiểu", "3/2", ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ dự họp tối thiểu", date(2026, 3, 2), ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ dự họp tối thiểu", 0.6667, ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ thông qua", "trên 100%", ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ thông qua", "trên từ 2/3", ProblemKind.SHARE_UNREADABLE),
        ("Tỷ lệ thông qua", "1/2", ProblemKind.SHARE_AMBIGUOUS),
        ("Tỷ lệ thông qua", "50%", ProblemKind.SHARE_AMBIGUOUS),
        ("Tỷ lệ thông qua", 0.5, ProblemKind.SHARE_AMBIGUOUS),
        ("Điều kiện dự họp tính theo", "trời", ProblemKind.CHOICE_UNKNOWN),
    ],
)
def test_a_fact_of_the_meeting_that_cannot_be_taken_is_told_with_its_place(
    label: str, value: object, kind: ProblemKind
) -> None:
    problem = only_problem(reading_with({field(label): value}))
    assert (problem.kind, place(problem)) == (kind, ("Hội nghị", row_of(label), "B"))


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2026, 12, 30), time(14)),
        ("30/12/2026", "14:00"),
        ("30-12-2026", "14h"),
        ("30.12.2026", "14 giờ"),
        ("2026-12-30", "14h00"),
        ("30/12/2026 14:00", None),
        ("2026-12-30T14:00:00", None),
        ("14 giờ 00, thứ Tư, ngày 30/12/2026", None),
        ("Ngày 30 tháng 12 năm 2026", "2:00 PM"),
        ("Thứ Tư, 30 / 12 / 2026", "14 giờ 00 phút"),
        (datetime(2026, 12, 30, 14, 0), None),  # noqa: DTZ001 - as Excel has it
        (datetime(2026, 12, 30, 14, 0), "2 giờ chiều"),  # noqa: DTZ001 - as above
        (46386, 14 / 24),
        (46386 + 14 / 24, None),
        ("30/12/2026", timedelta(hours=14)),
        ("30/12/2026", datetime(1899, 12, 30, 14, 0)),  # noqa: DTZ001 - a time, as some programs keep it
    ],
)
def test_day_and_time_are_read_as_people_write_them(day: object, at: object) -> None:
    plan = reading_with({field("Ngày"): day, field("Giờ bắt đầu"): at}).plan
    assert plan is not None
    assert plan.starts_at.isoformat() == "2026-12-30T14:00:00"


def test_two_different_times_are_refused() -> None:
    problem = only_problem(reading_with({field("Ngày"): "30/12/2026 14:00", field("Giờ bắt đầu"): "15:00"}))
    assert (problem.kind, problem.facts) == (ProblemKind.TIME_TWICE, {"other": "14:00"})


def test_a_meeting_in_the_past_is_a_warning() -> None:
    past = warned(reading_with({field("Ngày"): "30/12/2021"}), ProblemKind.IN_THE_PAST)
    assert [(place(w), w.found) for w in past] == [(("Hội nghị", row_of("Ngày"), "B"), "30/12/2021")]
    assert not warned(reading_with({field("Ngày"): TODAY}), ProblemKind.IN_THE_PAST)


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (912345678, "+84912345678"),
        (912345678.0, "+84912345678"),
        (84912345678, "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("'0912345678", "+84912345678"),
        ("+81 90 1234 5678", "+819012345678"),
        ("０９１２３４５６７８", "+84912345678"),
        (None, None),
    ],
)
def test_phones_are_read_also_where_the_zero_was_lost(value: object, phone: str | None) -> None:
    plan = reading_with({"Đại biểu!G3": value}).plan
    assert plan is not None
    assert plan.attendees[1].phone == phone


@pytest.mark.parametrize(
    ("value", "threshold"),
    [
        ("2/3", Threshold(2, 3, is_strict=False)),
        ("từ 2/3 trở lên", Threshold(2, 3, is_strict=False)),
        ("≥ 2/3", Threshold(2, 3, is_strict=False)),
        (">= 75%", Threshold(3, 4, is_strict=False)),
        ("> 1/2", Threshold(1, 2, is_strict=True)),
        ("Trên 50 %", Threshold(1, 2, is_strict=True)),
        ("quá bán", Threshold(1, 2, is_strict=True)),
        ("ít nhất 1/2", Threshold(1, 2, is_strict=False)),
        (0.75, Threshold(3, 4, is_strict=False)),
        (1, Threshold(1, 1, is_strict=False)),
        ("100%", Threshold(1, 1, is_strict=False)),
    ],
)
def test_shares_are_read_as_people_write_them(value: object, threshold: Threshold) -> None:
    plan = reading_with({field("Tỷ lệ thông qua"): value}).plan
    assert plan is not None
    assert plan.rules.threshold == threshold


def test_names_are_cleaned_of_what_nobody_sees() -> None:
    name = unicodedata.normalize("NFD", "  Trần\u00a0\u202eVăn \u200bHòa\n")
    plan = reading_with({"Đại biểu!B3": name, "Đại biểu!D3": "Tổ trưởng 🎉"}).plan
    assert plan is not None
    assert (plan.attendees[1].name, plan.attendees[1].position) == ("Trần Văn Hòa", "Tổ trưởng 🎉")


def test_blank_cells_mean_the_usual() -> None:
    plan = reading_with(
        {"Đại biểu!E3": None, "Đại biểu!F3": None, "Chương trình!C2": None, "Chương trình!D2": None}
    ).plan
    assert plan is not None
    assert (plan.attendees[1].standing, plan.attendees[1].role) == (Standing.VOTING, None)
    assert (plan.items[0].kind, plan.items[0].is_advisory) == (ItemKind.OTHER, False)


# Rules


def test_rules_left_blank_are_the_defaults_of_kind_and_day() -> None:
    plan = reading_with({field("Ngày"): "30/12/2021"}).plan
    assert plan is not None
    assert plan.rules == default_rules(Template.CBCCVC, date(2021, 12, 30))
    cluster = reading_with({field("Loại hội nghị"): "Hội nghị ký kết giao ước thi đua"}).problems
    assert {p.kind for p in cluster} == set()


def test_rules_of_ones_own_are_unverified_unless_somebody_says_so() -> None:
    cells: dict[str, object] = {
        field("Ngày"): "30/12/2021",
        field("Điều kiện dự họp tính theo"): "Số đơn vị được triệu tập",
        field("Tỷ lệ dự họp tối thiểu"): "3/4",
        field("Tỷ lệ tán thành tính theo"): "Số đại biểu được triệu tập",
        field("Căn cứ"): "Quy chế số 1",
        "Đại biểu!C8": "Văn phòng",
    }
    plan = reading_with(cells).plan
    assert plan is not None
    assert plan.rules.quorum == Quorum(QuorumKind.UNITS, Threshold(3, 4, is_strict=False))
    assert (plan.rules.base_kind, plan.rules.source) == (BaseKind.SUMMONED, "Quy chế số 1")
    assert not plan.rules.is_verified
    checked = reading_with({**cells, field("Căn cứ đã được kiểm tra"): "Có"}).plan
    assert checked is not None
    assert checked.rules.is_verified


def test_a_delegates_conference_has_its_quorum_in_the_law_too() -> None:
    cells = {field("Ngày"): "30/12/2021", field("Điều kiện dự họp tính theo"): "Số đại biểu được triệu tập"}
    plan = reading_with(cells).plan
    assert plan is not None
    assert plan.rules == default_rules(Template.CBCCVC, date(2021, 12, 30), QuorumKind.SUMMONED)
    assert plan.rules.is_verified


# What the cells say together


def test_the_same_person_twice_is_refused_naming_both_rows() -> None:
    twice = only_problem(
        with_attendees(person("Nguyễn Văn Hòa"), person("Lê Thị Chi"), person("nguyễn văn hoà"))
    )
    assert (twice.kind, *place(twice)) == (ProblemKind.PERSON_TWICE, "Đại biểu", 4, "B")
    assert twice.facts == {"other": 2}
    assert "hàng 4" in problem_text(twice, "vi")
    assert "Hàng 2" in problem_text(twice, "vi")


def test_names_that_differ_by_a_mark_may_be_two_people() -> None:
    similar = warned(with_attendees(person("Trần Văn Tú"), person("Trần Văn Tư")), ProblemKind.PERSON_SIMILAR)
    assert [(w.row, w.facts) for w in similar] == [(3, {"other": 2, "name": "Trần Văn Tú"})]


def test_the_same_name_in_another_unit_may_be_somebody_else() -> None:
    shared = warned(
        with_attendees(person("Trần Văn Tú"), person("Trần Văn Tú", "Phòng Nghiệp vụ")),
        ProblemKind.NAME_SHARED,
    )
    assert [(w.row, w.facts) for w in shared] == [(3, {"other": 2})]


def test_one_phone_for_two_people_is_refused() -> None:
    twice = only_problem(
        with_attendees(person("An", phone="+84912345678"), person("Bình", phone="+84912345678"))
    )
    assert (twice.kind, *place(twice), twice.facts) == (
        ProblemKind.PHONE_TWICE,
        "Đại biểu",
        3,
        "G",
        {"other": 2},
    )


def test_an_unknown_unit_is_refused_with_the_nearest_one() -> None:
    problem = only_problem(reading_with({"Đại biểu!C4": "Phòng Kế hoạch Tài chíng"}))
    assert (problem.kind, *place(problem)) == (ProblemKind.UNIT_UNKNOWN, "Đại biểu", 4, "C")
    assert problem.facts == {"nearest": "Phòng Kế hoạch - Tài chính"}
    strange = only_problem(reading_with({"Đại biểu!C4": "Zzz"}))
    assert strange.facts == {"nearest": ""}
    assert problem_text(strange, "vi") != problem_text(problem, "vi")


def test_a_unit_is_recognised_however_it_is_typed_and_kept_as_it_is_listed() -> None:
    assert reading_with({"Đại biểu!C4": "phong ke hoach, tai chinh"}).plan == example()


def test_units_that_nobody_listed_are_told_once() -> None:
    problem = only_problem(reading_with({f"Đơn vị!B{row}": None for row in range(2, 6)}))
    assert (problem.kind, problem.sheet) == (ProblemKind.UNITS_MISSING, "Đơn vị")


def test_a_unit_listed_twice_is_refused() -> None:
    problem = only_problem(reading_with({"Đơn vị!B8": "VAN PHONG"}))
    assert (problem.kind, *place(problem), problem.facts) == (
        ProblemKind.UNIT_TWICE, "Đơn vị", 8, "B", {"other": 3},
    )  # fmt: skip


def test_where_units_vote_each_voting_attendee_speaks_for_one() -> None:
    first, *others = example(Template.GIAO_UOC).attendees
    reading = with_attendees(replace(first, unit=None), *others, template=Template.GIAO_UOC)
    problem = only_problem(reading)
    assert (problem.kind, *place(problem)) == (ProblemKind.UNIT_NEEDED, "Đại biểu", 2, "C")
    assert not with_attendees(replace(example().attendees[0], unit=None)).problems


def test_several_representatives_or_none_of_a_unit_are_a_warning() -> None:
    cluster = example(Template.GIAO_UOC)
    first, *others = cluster.attendees
    reading = with_attendees(replace(first, unit=cluster.units[1].name), *others, template=Template.GIAO_UOC)
    several = warned(reading, ProblemKind.SEVERAL_REPRESENTATIVES)
    assert [(w.row, w.found, w.facts) for w in several] == [(3, cluster.units[1].name, {"count": 2})]
    nobody = warned(reading, ProblemKind.UNIT_UNREPRESENTED)
    assert [place(w) for w in nobody] == [("Đơn vị", 2, "B")]


def test_without_anybody_who_votes_there_is_no_meeting() -> None:
    guest = replace(person("Khách"), standing=Standing.GUEST)
    assert only_problem(with_attendees(guest)).kind is ProblemKind.NO_VOTING_ATTENDEE
    assert only_problem(with_attendees()).kind is ProblemKind.NO_VOTING_ATTENDEE


def test_what_can_come_later_is_a_warning() -> None:
    plan = replace(example(), attendees=(person("Nguyễn Văn Hòa"),), headcount=None, items=())
    reading = read(write_workbook(plan, "vi"))
    assert reading.plan == plan
    assert [w.kind for w in reading.warnings] == [
        ProblemKind.HEADCOUNT_MISSING,
        ProblemKind.NO_CHAIR,
        ProblemKind.NO_ITEMS,
    ]
    chaired = replace(plan, attendees=(replace(plan.attendees[0], role=Role.CHAIR),), headcount=1)
    assert [w.kind for w in read(write_workbook(chaired, "vi")).warnings] == [ProblemKind.NO_ITEMS]


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    reading = reading_with(
        {
            "Chương trình!C2": "Múa",
            "Đại biểu!G3": "x",
            "Đại biểu!C3": "Phòng lạ",
            "Đại biểu!B2": None,
            "Đơn vị!B6": "Văn phòng",
            field("Ngày"): "hôm nay",
        }
    )
    assert kinds(reading) == [
        ProblemKind.DATE_UNREADABLE,
        ProblemKind.UNIT_TWICE,
        ProblemKind.EMPTY,
        ProblemKind.UNIT_UNKNOWN,
        ProblemKind.PHONE_UNREADABLE,
        ProblemKind.CHOICE_UNKNOWN,
    ]


_SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.times().map(lambda at: at.replace(fold=0)),
    st.sampled_from(["=1/0", "#N/A", "14h", "2/3", "0912345678", "Văn phòng", "Đơn vị", "(1)"]),
)


@settings(max_examples=60)
@given(st.data())
def test_whatever_a_cell_holds_the_workbook_gets_an_answer(data: st.DataObject) -> None:
    columns = {"Hội nghị": "AB", "Đơn vị": "AB", "Đại biểu": "ABCDEFGHI", "Chương trình": "ABCDEFG"}
    cells: dict[str, object] = {}
    for name in data.draw(st.lists(st.sampled_from(sorted(columns)), min_size=1, max_size=6)):
        cell = f"{data.draw(st.sampled_from(columns[name]))}{data.draw(st.integers(1, 16))}"
        cells[f"{name}!{cell}"] = data.draw(_SCALARS)
    reading = reading_with(cells)
    assert (reading.plan is None) == bool(reading.problems)
    for problem in (*reading.problems, *reading.warnings):
        assert problem_text(problem, "vi")


# Words


FACTS: dict[str, Fact] = {
    "limit": 10,
    "length": 11,
    "expected": ("Có", "Không"),
    "other": 3,
    "rows": "3-5",
    "cells": "A1:B2",
    "nearest": "Văn phòng",
    "count": 2,
    "name": "Trần Văn Tú",
    "individuals": 3,
    "base": 18,
    "quota": "15%",
    "allowed": "2,7",
    "most": "10",
    "sum": "99",
    "scale": "100",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_problem_has_words_in_every_language(kind: ProblemKind, language: str) -> None:
    for facts in (FACTS, {**FACTS, "nearest": ""}):
        text = problem_text(Problem(kind, "Đại biểu", 3, "B", "Họ và tên", "An", facts), language)
        assert "%(" not in text
        assert len(text) < 400
        assert ("hàng 3" in text) is (language == "vi")
    assert problem_text(Problem(kind, facts=FACTS), "vi") != problem_text(Problem(kind, facts=FACTS), "en")


def test_a_problem_is_told_with_place_finding_and_way_out() -> None:
    problem = only_problem(reading_with({"Đại biểu!C4": "Phòng Kế hoạch Tài chíng"}))
    assert problem_text(problem, "vi") == (
        "Trang “Đại biểu”, hàng 4, cột C (Đơn vị): hiện ghi “Phòng Kế hoạch Tài chíng”. Đơn vị này "
        "không có trong trang đơn vị; gần giống nhất là “Phòng Kế hoạch - Tài chính”. "
        "Đề nghị sửa lại hoặc bổ sung vào trang đó."
    )
    assert problem_text(problem, "en") == (
        "Sheet “Đại biểu”, row 4, column C (Đơn vị): found “Phòng Kế hoạch Tài chíng”. This unit is "
        "not on the sheet of units; the nearest there is “Phòng Kế hoạch - Tài chính”. "
        "Correct it or add it there."
    )


def test_guide_and_notes_are_in_both_languages() -> None:
    assert len(guide_lines("vi")) == len(guide_lines("en")) == 10
    assert not set(guide_lines("vi")) & set(guide_lines("en"))
    for column in Column:
        assert bool(column_note(column, "vi")) == bool(column_note(column, "en"))


def test_the_sheets_are_those_of_the_issue() -> None:
    labels = ["Hội nghị", "Đơn vị", "Đại biểu", "Chương trình", "Giao ước", "Danh hiệu", "Tiêu chí chấm điểm"]
    assert [SHEETS[name].label for name in Sheet] == labels

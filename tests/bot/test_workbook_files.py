"""What may be sent in place of a workbook: each gets an answer, none does harm."""

import io
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.wording.workbook import problem_text
from bot.workbook.layout import FILE_LIMIT
from bot.workbook.problems import ProblemKind
from bot.workbook.reading import read_workbook
from bot.workbook.writing import write_workbook
from tests.bot.workbooks import TODAY, example, only_problem, part_of, read, repacked

WORKBOOK = write_workbook(example(), "vi")
ATTENDEES_PART = "xl/worksheets/sheet4.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", ProblemKind.EMPTY_FILE),
        (b"\0" * 100, ProblemKind.EMPTY_FILE),
        (OLE + b"\0" * 500 + "Workbook".encode("utf-16-le") + b"\0" * 500, ProblemKind.OLD_XLS),
        (OLE + b"\0" * 500 + "Book".encode("utf-16-le") + b"\0" * 500, ProblemKind.OLD_XLS),
        (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), ProblemKind.PASSWORD),
        (OLE + b"\0" * 500 + "WordDocument".encode("utf-16-le"), ProblemKind.NOT_A_WORKBOOK),
        ("STT,Họ và tên\n1,Nguyễn Văn An\n".encode(), ProblemKind.TEXT_FILE),
        ("\ufeffSTT;Họ và tên\n".encode(), ProblemKind.TEXT_FILE),
        ("STT\tHọ và tên\n".encode("utf-16"), ProblemKind.TEXT_FILE),
        (b"\r\n<html><table><tr><td>1</td></tr></table></html>", ProblemKind.NOT_A_WORKBOOK),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', ProblemKind.NOT_A_WORKBOOK),
        (b"%PDF-1.7\n%abc", ProblemKind.NOT_A_WORKBOOK),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ProblemKind.NOT_A_WORKBOOK),
        (zipped({"danh-sach.csv": b"a,b"}), ProblemKind.NOT_A_WORKBOOK),
        (
            zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            ProblemKind.NOT_A_WORKBOOK,
        ),
        (zipped({"mimetype": b"application/vnd.oasis", "content.xml": b"<o/>"}), ProblemKind.OPEN_DOCUMENT),
        (
            zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"1"}),
            ProblemKind.BINARY_WORKBOOK,
        ),
        (repacked(WORKBOOK, {"xl/vbaProject.bin": b"1"}), ProblemKind.MACROS),
        (WORKBOOK[:-200], ProblemKind.DAMAGED),
        (WORKBOOK[: len(WORKBOOK) // 2], ProblemKind.DAMAGED),
        (b"PK\x03\x04", ProblemKind.DAMAGED),
        (repacked(WORKBOOK, {"xl/workbook.xml": b"<workbook"}), ProblemKind.DAMAGED),
        (repacked(WORKBOOK, {"xl/styles.xml": b"none"}), ProblemKind.DAMAGED),
        (repacked(WORKBOOK, {"xl/sharedStrings.xml": None}), ProblemKind.DAMAGED),
        (repacked(WORKBOOK, {ATTENDEES_PART: b"<worksheet><sheetData><row r='x'/>"}), ProblemKind.DAMAGED),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(content: bytes, kind: ProblemKind) -> None:
    assert only_problem(read(content)).kind is kind


def test_the_name_of_a_file_decides_nothing() -> None:
    assert read(WORKBOOK, "danh sach.xls").plan == example()
    renamed = only_problem(read(zipped({"a.txt": b"a"}), "hội nghị.xlsx"))
    assert "hội nghị.xlsx" in problem_text(renamed, "vi")


def test_a_file_over_the_limit_is_refused_whether_it_came_or_was_held_back() -> None:
    over = only_problem(read(b"PK" + b"0" * FILE_LIMIT))
    assert over.kind is ProblemKind.FILE_TOO_LARGE
    assert only_problem(read(None)) == over
    assert "10 MB" in problem_text(over, "vi")


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(WORKBOOK, {"xl/worksheets/sheet9.xml": b"0" * 60_000_000})
    assert len(bomb) < 200_000
    tracemalloc.start()
    assert only_problem(read(bomb)).kind is ProblemKind.UNPACKED_TOO_LARGE
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_part_that_is_larger_than_it_says_is_damaged() -> None:
    sheet = part_of(WORKBOOK, ATTENDEES_PART)
    content = bytearray(repacked(WORKBOOK, {ATTENDEES_PART: sheet + b" " * 1_000_000}))
    size = (len(sheet) + 1_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    lie = bytes(content).replace(size, (1_000).to_bytes(4, "little"))
    assert only_problem(read(lie)).kind is ProblemKind.DAMAGED


@pytest.mark.parametrize("part", [ATTENDEES_PART, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_xml_with_entities_is_refused(part: str) -> None:
    text = part_of(WORKBOOK, part).decode()
    bomb = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;">]>'
    head, _, rest = text.partition("?>")
    content = repacked(WORKBOOK, {part: f"{head}?>{bomb}{rest}".encode()})
    assert only_problem(read(content)).kind is ProblemKind.DAMAGED


def test_a_workbook_locked_as_an_archive_asks_for_the_password_to_be_taken_away() -> None:
    content = bytearray(zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert only_problem(read(bytes(content))).kind is ProblemKind.PASSWORD


def test_a_range_merged_over_the_whole_sheet_takes_no_time() -> None:
    sheet = part_of(WORKBOOK, ATTENDEES_PART).decode()
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    content = repacked(WORKBOOK, {ATTENDEES_PART: sheet.replace("</sheetData>", merged).encode()})
    started = time.perf_counter()
    assert {problem.kind for problem in read(content).problems} >= {ProblemKind.MERGED}
    assert time.perf_counter() - started < 5


def test_a_sheet_that_claims_to_be_enormous_is_read_as_far_as_it_is_filled() -> None:
    sheet = part_of(WORKBOOK, ATTENDEES_PART).decode()
    start = sheet.index('<dimension ref="') + len('<dimension ref="')
    claimed = sheet[:start] + "A1:XFD1048576" + sheet[sheet.index('"', start) :]
    last = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    content = repacked(WORKBOOK, {ATTENDEES_PART: claimed.replace("</sheetData>", last).encode()})
    started = time.perf_counter()
    assert read(content).plan == example()
    assert time.perf_counter() - started < 10


def test_a_row_below_the_last_one_is_damage() -> None:
    sheet = part_of(WORKBOOK, ATTENDEES_PART).decode()
    content = repacked(
        WORKBOOK,
        {ATTENDEES_PART: sheet.replace("</sheetData>", '<row r="4294967295"/></sheetData>').encode()},
    )
    assert only_problem(read(content)).kind is ProblemKind.DAMAGED


def test_tags_with_a_prefix_are_read_too() -> None:
    sheet = part_of(WORKBOOK, ATTENDEES_PART).decode()
    prefixed = sheet.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:x=", 1)
    assert read(repacked(WORKBOOK, {ATTENDEES_PART: prefixed.encode()})).plan == example()


@settings(max_examples=60)
@given(st.data())
def test_a_file_with_wrong_bytes_gives_an_answer(data: st.DataObject) -> None:
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reading = read(bytes(content))
    assert (reading.plan is None) == bool(reading.problems)


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_give_an_answer(content: bytes) -> None:
    assert only_problem(read(content)).row is None


def test_progress_is_told_while_rows_are_read_and_ends_with_all_of_them() -> None:
    told: list[tuple[int, int]] = []
    read_workbook(WORKBOOK, "a.xlsx", today=TODAY, report=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    assert told == sorted(told)


def test_whoever_is_told_can_stop_the_reading() -> None:
    def stop(done: int, total: int) -> None:
        raise TimeoutError(f"{done}/{total}")

    with pytest.raises(TimeoutError):
        read_workbook(WORKBOOK, "a.xlsx", today=TODAY, report=stop)

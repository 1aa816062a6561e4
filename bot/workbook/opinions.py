"""The table of opinions with what becomes of each (*bảng tổng hợp, tiếp thu, giải trình*), out and in."""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot.wording.opinion_tables import opinion_column_note
from bot.workbook.cells import CellValue, Wrong, read_choice, read_line, read_lines
from bot.workbook.layout import Column, Heading, SheetLayout, Vocabulary
from bot.workbook.opening import open_workbook
from bot.workbook.problems import Problem, ProblemKind
from bot.workbook.tables import Findings, Record, read_table
from meeting.names import fold, tidy
from meeting.opinions import (
    ANSWER_LIMIT,
    MOST_IN_A_TABLE,
    OPINION_LIMIT,
    OUTCOMES,
    OpinionKind,
    OpinionState,
    refuse_about,
)
from meeting.tally import Decision
from storage.views import ItemView, OpinionsView, OpinionView

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_SHEET = "opinions"
_TITLE = "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN"
_NAME_LIMIT = 300
_NUMBER_LIMIT = 20
_ROWS_READY = 100
_HEADING_ROW = 3
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

LAYOUT = SheetLayout(
    "Ý kiến",
    ("Bảng tổng hợp", "Tổng hợp ý kiến", "Bảng tổng hợp ý kiến", "Opinions"),
    (
        Heading(Column.NUMBER, "STT", ("TT", "Số thứ tự", "No"), width=6),
        Heading(Column.OPINION, "Số ý kiến", ("Ý kiến số", "Opinion number"), width=10),
        Heading(Column.OPINION_ITEM, "Nội dung", ("Nội dung chương trình", "Về nội dung", "Item"), width=30),
        Heading(
            Column.AUTHOR,
            "Đơn vị, người góp ý",
            ("Đơn vị", "Cơ quan, đơn vị", "Đơn vị góp ý", "Người góp ý", "Author", "Unit"),
            width=28,
            is_required=True,
        ),
        Heading(Column.OPINION_KIND, "Loại ý kiến", ("Loại", "Kind"), width=18),
        Heading(
            Column.OPINION_TEXT,
            "Nội dung góp ý",
            ("Ý kiến", "Nội dung ý kiến", "Ý kiến góp ý", "Opinion", "Text"),
            width=60,
            is_required=True,
        ),
        Heading(Column.OUTCOME, "Kết quả", ("Kết quả xử lý", "Outcome"), width=16),
        Heading(
            Column.ANSWER,
            "Nội dung tiếp thu, giải trình",
            ("Tiếp thu, giải trình", "Ý kiến tiếp thu, giải trình", "Giải trình", "Answer"),
            width=60,
        ),
        Heading(Column.NOTE, "Ghi chú", ("Note", "Remarks"), width=20),
    ),
    row_limit=MOST_IN_A_TABLE,
)

KINDS = Vocabulary(
    {
        OpinionKind.COMMENT: ("Ý kiến", "Góp ý", "Comment"),
        OpinionKind.QUESTION: ("Câu hỏi", "Hỏi", "Question"),
        OpinionKind.PETITION: ("Kiến nghị", "Đề xuất, kiến nghị", "Petition"),
        OpinionKind.ADDITION: ("Đề nghị bổ sung", "Bổ sung", "Addition"),
    }
)

STATES = Vocabulary(
    {
        OpinionState.TAKEN_UP: ("Tiếp thu", "Đã tiếp thu", "Taken up"),
        OpinionState.ANSWERED: ("Giải trình", "Giải đáp", "Giải trình, giải đáp", "Answered"),
        OpinionState.LEFT: ("Ghi nhận", "Noted"),
        OpinionState.WAITING: ("Chờ xem xét", "Waiting"),
        OpinionState.MERGED: ("Gộp", "Merged"),
    }
)


# In


@dataclass(frozen=True, slots=True)
class ReadOpinion:
    """A row: an opinion by its number, or a new one with its author (attendee and unit, one of them).

    `outcome` is None where nothing became of it yet.
    """

    number: int | None
    attendee_id: int | None
    unit_id: int | None
    item_id: int | None
    kind: OpinionKind
    text: str
    outcome: OpinionState | None
    answer: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """All rows of a table, or everything that is wrong with it."""

    rows: tuple[ReadOpinion, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Authors:
    """Who may have said something, by folded name: (attendee, unit), one of them None."""

    found: Mapping[str, list[tuple[int | None, int | None]]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, attendees: Sequence[tuple[int, str, str]], units: Mapping[int, str]) -> "Authors":
        """Give those of a meeting: attendees as (id, name, unit), units by id."""
        found: dict[str, list[tuple[int | None, int | None]]] = {}
        names: dict[str, str] = {}

        def put(name: str, author: tuple[int | None, int | None]) -> None:
            names.setdefault(fold(name), name)
            found.setdefault(fold(name), []).append(author)

        for unit_id, unit in units.items():
            put(unit, (None, unit_id))
        for attendee_id, name, unit in attendees:
            put(name, (attendee_id, None))
            if unit:
                put(f"{name} ({unit})", (attendee_id, None))
        return cls(found, names)


def read_opinion_table(content: bytes | None, name: str, view: OpinionsView, authors: Authors) -> ReadTable:
    """Read a table of a meeting's opinions, or say everything that is wrong with it; it may take seconds."""
    opened = open_workbook(content, name, None, {_SHEET: LAYOUT})
    if isinstance(opened, Problem):
        return ReadTable((), (opened,))
    findings = Findings(list(opened.problems), list(opened.warnings))
    grid = opened.grids.get(_SHEET)
    records = None if grid is None else read_table(grid, LAYOUT, findings)
    known = {opinion.number: opinion.text for opinion in view.opinions}
    rows: list[ReadOpinion] = []
    first: dict[object, int] = {}
    for record in records or ():
        row = _read(record, view.items, authors, known)
        rows.append(row)
        if record.unclear:
            continue
        same = row.number or (row.attendee_id, row.unit_id, row.item_id, row.text)
        other = first.setdefault(same, record.row)
        if other != record.row:
            column = Column.OPINION if row.number else Column.OPINION_TEXT
            findings.problems.append(record.problem(column, ProblemKind.OPINION_TWICE, other=other))
    if findings.problems:
        return ReadTable((), tuple(findings.problems), tuple(findings.warnings))
    return ReadTable(tuple(rows), (), tuple(findings.warnings))


def _read(
    record: Record, items: Sequence[ItemView], authors: Authors, known: Mapping[int, str]
) -> ReadOpinion:
    number = record.read(Column.OPINION, lambda value: _read_number(value, known))
    is_new = number is None and Column.OPINION not in record.unclear
    kind = record.read(Column.OPINION_KIND, lambda value: read_choice(value, KINDS)) or OpinionKind.COMMENT
    item_id = _read_item(record, items, kind) if is_new else None
    attendee_id, unit_id = _read_author(record, authors) if is_new else (None, None)
    text = record.read(Column.OPINION_TEXT, lambda value: read_lines(_as_text(value), OPINION_LIMIT))
    state = record.read(Column.OUTCOME, lambda value: read_choice(value, STATES))
    if number is not None and text is not None and text != known[number]:
        record.findings.problems.append(record.problem(Column.OPINION_TEXT, ProblemKind.OPINION_DIFFERS))
    answer = record.read(Column.ANSWER, lambda value: read_lines(_as_text(value), ANSWER_LIMIT)) or ""
    if state is OpinionState.ANSWERED and not answer and Column.ANSWER not in record.unclear:
        record.findings.problems.append(record.problem(Column.ANSWER, ProblemKind.ANSWER_MISSING))
    outcome = state if state in OUTCOMES else None
    return ReadOpinion(
        number,
        attendee_id,
        unit_id,
        item_id,
        kind,
        text or "",
        outcome,
        answer if outcome is not None else "",
    )


def _as_text(value: CellValue) -> CellValue:
    """Take a number for what it reads: somebody's whole opinion may be "100"."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _read_number(value: CellValue, known: Collection[int]) -> int | Wrong:
    text = tidy(value) if isinstance(value, str) else str(value).removesuffix(".0")
    if text.isascii() and text.isdigit() and len(text) < _NUMBER_LIMIT and int(text) in known:
        return int(text)
    return Wrong(ProblemKind.OPINION_UNKNOWN)


def _read_item(record: Record, items: Sequence[ItemView], kind: OpinionKind) -> int | None:
    named = record.read(Column.OPINION_ITEM, lambda value: read_line(_as_text(value), _NAME_LIMIT + 10))
    if not named or fold(named) in _WHOLE:
        return None
    wanted = fold(named.removesuffix(".0"))
    for item in items:
        if item.decision is not Decision.SKIPPED and wanted in {
            str(item.number),
            fold(item.title),
            fold(f"{item.number}. {item.title}"),
        }:
            if refuse_about(kind, item.decision, is_voted_on=False) is not None:
                record.findings.problems.append(
                    record.problem(Column.OPINION_KIND, ProblemKind.ADDITION_LATE)
                )
            return item.item_id
    record.findings.problems.append(record.problem(Column.OPINION_ITEM, ProblemKind.OPINION_ITEM_UNKNOWN))
    return None


_WHOLE = frozenset({fold("Chung cho hội nghị"), fold("Chung"), fold("The meeting as a whole")})


def _read_author(record: Record, authors: Authors) -> tuple[int | None, int | None]:
    name = record.read(Column.AUTHOR, lambda value: read_line(_as_text(value), _NAME_LIMIT))
    if name is None:
        return None, None
    found = authors.found.get(fold(name), [])
    if len(found) == 1:
        return found[0]
    if found:
        problem = record.problem(Column.AUTHOR, ProblemKind.AUTHOR_AMBIGUOUS)
    else:
        nearest = get_close_matches(fold(name), authors.found, n=1, cutoff=0.6)
        meant = authors.names[nearest[0]] if nearest else ""
        problem = record.problem(Column.AUTHOR, ProblemKind.AUTHOR_UNKNOWN, nearest=meant)
    record.findings.problems.append(problem)
    return None, None


# Out


def write_opinion_table(view: OpinionsView, language: str) -> bytes:
    """Give all opinions but the hidden ones as an .xlsx file that can be filled in and taken back.

    Headings and words are Vietnamese; notes beside them are in `language`. Not for the event loop.
    """
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        worksheet = workbook.add_worksheet(LAYOUT.label)
        shown = [one for one in view.opinions if one.state is not OpinionState.HIDDEN]
        _write_heads(workbook, worksheet, view.meeting.title, len(shown), language)
        plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        number = workbook.add_format({"valign": "top", "border": 1, "num_format": "0"})
        for row, opinion in enumerate(shown, start=1):
            cells = _cells(view, opinion)
            worksheet.write_number(_HEADING_ROW + row, 0, row, number)
            worksheet.write_number(_HEADING_ROW + row, 1, opinion.number, number)
            for place, text in enumerate(cells, start=2):
                if text:
                    # A text that begins with "=" stays a text.
                    worksheet.write_string(_HEADING_ROW + row, place, _UNWRITABLE.sub("", text), plain)
                else:
                    worksheet.write_blank(_HEADING_ROW + row, place, None, plain)
    return content.getvalue()


def _cells(view: OpinionsView, opinion: OpinionView) -> tuple[str, ...]:
    item = next((one for one in view.items if one.item_id == opinion.item_id), None)
    into = next((one for one in view.opinions if one.opinion_id == opinion.merged_into_id), None)
    return (
        "Chung cho hội nghị" if item is None else f"{item.number}. {item.title}",
        f"{opinion.author} ({opinion.unit})" if opinion.unit else opinion.author,
        KINDS.label(opinion.kind),
        opinion.text,
        "" if opinion.state is OpinionState.WAITING else STATES.label(opinion.state),
        opinion.answer if into is None else f"Xem xét cùng ý kiến số {into.number}",
    )


def _write_heads(workbook: "Workbook", worksheet: "Worksheet", title: str, count: int, language: str) -> None:
    strong = workbook.add_format({"bold": True, "font_size": 14})
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    worksheet.write_string(0, 0, _TITLE, strong)
    worksheet.write_string(1, 0, _UNWRITABLE.sub("", title))
    last = _HEADING_ROW + count + _ROWS_READY
    for place, head in enumerate(LAYOUT.headings):
        worksheet.set_column(place, place, head.width)
        label = f"{head.label} (*)" if head.is_required else head.label
        worksheet.write_string(_HEADING_ROW, place, label, heading)
        note = opinion_column_note(head.column, language)
        if note:
            worksheet.write_comment(_HEADING_ROW, place, note)
        words = {Column.OPINION_KIND: KINDS.labels, Column.OUTCOME: STATES.labels[: len(OUTCOMES)]}
        if head.column in words:
            offered = {"validate": "list", "source": list(words[head.column]), "error_type": "warning"}
            worksheet.data_validation(_HEADING_ROW + 1, place, last, place, offered)
    worksheet.freeze_panes(_HEADING_ROW + 1, 2)
    worksheet.repeat_rows(_HEADING_ROW)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)

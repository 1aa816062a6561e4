"""A unit's sheet as a workbook: handed out with its criteria, taken back whole or not at all."""

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.scores.cells import cell_text, write_points
from bot.wording.numbers import points_text
from bot.wording.workbook import column_note
from bot.workbook.cells import CellValue, Wrong, read_lines, read_points_cell
from bot.workbook.layout import CRITERION_KINDS, Column, Heading, SheetLayout
from bot.workbook.opening import open_workbook
from bot.workbook.problems import Problem, ProblemKind
from bot.workbook.tables import Findings, Record, read_table
from handlers.scores import ScoreDraft
from meeting.scoring import EVIDENCE_LIMIT, MOST_CRITERIA, Criterion, CriterionKind, SheetKind
from storage.views import ScoredUnit, ScoreView, ScoringView, SheetView

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_SHEET = "scores"
LAYOUT = SheetLayout(
    "Chấm điểm",
    ("Phiếu chấm điểm", "Scores"),
    (
        Heading(Column.NUMBER, "STT", ("TT", "No"), width=6),
        Heading(Column.SECTION, "Phần", ("Nhóm tiêu chí", "Section"), width=24),
        Heading(Column.CRITERION, "Tiêu chí", ("Nội dung", "Criterion"), width=56),
        Heading(Column.CRITERION_KIND, "Loại", ("Kind",), width=14),
        Heading(Column.MOST, "Điểm tối đa", ("Tối đa", "Most"), width=12),
        Heading(Column.POINTS, "Điểm chấm", ("Điểm", "Points"), width=12, is_required=True),
        Heading(Column.EVIDENCE, "Minh chứng", ("Evidence",), width=56),
        Heading(Column.CODE, "Mã", ("Code",), width=14, is_required=True),
    ),
    row_limit=MOST_CRITERIA * 2,
)
_NAMES = {SheetKind.SELF: "PHIẾU TỰ CHẤM ĐIỂM", SheetKind.CROSS: "PHIẾU CHẤM CHÉO"}
_HEADING_ROW = 4


_MARKS = {SheetKind.SELF: "DV", SheetKind.CROSS: "CC"}
_CODE = re.compile(r"(DV|CC)(\d{1,9})-TC(\d{1,9})", re.ASCII)


def code_of(kind: SheetKind, unit_id: int, criterion_id: int) -> str:
    """Give by what a row is known: no other unit's, criterion's or kind of sheet's can be taken for it."""
    return f"{_MARKS[kind]}{unit_id}-TC{criterion_id}"


def write_sheet(
    view: ScoringView, unit: ScoredUnit, kind: SheetKind, sheet: SheetView | None, language: str
) -> bytes:
    """Give a sheet as an .xlsx file, filled in as far as it is; Vietnamese, its notes in `language`.

    Only points and evidence can be typed into; texts of people stay texts. Not for the event loop.
    """
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        worksheet = workbook.add_worksheet(LAYOUT.label)
        styles = _styles(workbook)
        worksheet.write_string(0, 0, _NAMES.get(kind, LAYOUT.label), styles.title)
        worksheet.write_string(1, 0, cell_text(unit.name), styles.title)
        worksheet.write_string(2, 0, cell_text(view.title), styles.plain)
        for place, heading in enumerate(LAYOUT.headings):
            worksheet.set_column(place, place, heading.width)
            worksheet.write_string(_HEADING_ROW, place, heading.label, styles.heading)
            note = column_note(heading.column, language)
            if note:
                worksheet.write_comment(_HEADING_ROW, place, note, {"x_scale": 2.2})
        for row, criterion in enumerate(view.criteria, start=_HEADING_ROW + 1):
            code = code_of(kind, unit.unit_id, criterion.criterion_id)
            score = None if sheet is None else sheet.scores.get(criterion.criterion_id)
            _write_row(worksheet, row, criterion, score, code, styles)
        worksheet.freeze_panes(_HEADING_ROW + 1, 3)
        worksheet.repeat_rows(_HEADING_ROW)
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(1, 0)
        worksheet.protect()
    return content.getvalue()


@dataclass(frozen=True, slots=True)
class _Styles:
    title: "Format"
    heading: "Format"
    plain: "Format"
    points: "Format"
    evidence: "Format"


def _styles(workbook: "Workbook") -> _Styles:
    cell = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    framed = {**cell, "border": 1, "text_wrap": True}
    return _Styles(
        title=workbook.add_format({**cell, "bold": True}),
        heading=workbook.add_format({**framed, "bold": True, "align": "center"}),
        plain=workbook.add_format(framed),
        points=workbook.add_format({**framed, "locked": False, "bg_color": "#FFF2CC"}),
        evidence=workbook.add_format({**framed, "locked": False, "bg_color": "#FFF2CC", "num_format": "@"}),
    )


def _write_row(
    worksheet: "Worksheet",
    row: int,
    criterion: Criterion,
    score: ScoreView | None,
    code: str,
    styles: _Styles,
) -> None:
    worksheet.write_number(row, 0, criterion.place, styles.plain)
    worksheet.write_string(row, 1, cell_text(criterion.section), styles.plain)
    worksheet.write_string(row, 2, cell_text(criterion.text), styles.plain)
    worksheet.write_string(row, 3, CRITERION_KINDS.label(criterion.kind), styles.plain)
    write_points(worksheet, row, 4, criterion.most, styles.plain)
    write_points(worksheet, row, 5, None if score is None else score.points, styles.points)
    worksheet.write_string(row, 6, cell_text("" if score is None else score.evidence), styles.evidence)
    worksheet.write_string(row, 7, code, styles.plain)
    most = float(criterion.most)
    worksheet.data_validation(
        row,
        5,
        row,
        5,
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": most,
            "error_title": "Điểm",
            "error_message": f"Điểm từ 0 đến {points_text(criterion.most, 'vi')}.",
        },
    )


# Taken back


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a sheet says, by criterion id; nothing where there are problems, each with its cell."""

    drafts: dict[int, ScoreDraft]
    problems: tuple[Problem, ...] = ()


def read_sheet(
    content: bytes | None, name: str, view: ScoringView, kind: SheetKind, unit_id: int
) -> SheetReading:
    """Read a sheet about a unit that was handed out, or say everything that is wrong with it.

    A bonus or a penalty may be left empty; formulas are not taken. It may take seconds: run it in a thread.
    """
    opened = open_workbook(content, name, None, {_SHEET: LAYOUT})
    if isinstance(opened, Problem):
        return SheetReading({}, (opened,))
    findings = Findings(list(opened.problems))
    grid = opened.grids.get(_SHEET)
    records = None if grid is None else read_table(grid, LAYOUT, findings)
    codes = {code_of(kind, unit_id, each.criterion_id): each for each in view.criteria}
    drafts = _read_records(records or [], codes, findings)
    if records is not None and grid is not None:
        left_out = [
            each
            for each in view.criteria
            if each.kind is CriterionKind.POINTS and each.criterion_id not in drafts
        ]
        if not findings.problems:
            findings.problems += [
                Problem(ProblemKind.CRITERION_LEFT_OUT, sheet=grid.title, facts={"expected": each.text})
                for each in left_out
            ]
    problems = tuple(sorted(findings.problems, key=lambda p: (p.row or 0, p.column)))
    return SheetReading({} if problems else drafts, problems)


def _read_records(
    records: list[Record], criteria: dict[str, Criterion], findings: Findings
) -> dict[int, ScoreDraft]:
    first: dict[int, Record] = {}
    drafts: dict[int, ScoreDraft] = {}
    for record in records:
        code = record.cells.get(Column.CODE)
        if code is not None and code.is_blank:
            findings.problems.append(record.problem(Column.CODE, ProblemKind.CODE_MISSING))
            continue
        criterion = record.read(Column.CODE, lambda value: _read_code(value, criteria))
        if criterion is None:
            continue
        known = first.setdefault(criterion.criterion_id, record)
        if known is not record:
            twice = record.problem(Column.CODE, ProblemKind.CODE_TWICE, other=known.row)
            findings.problems.append(twice)
            continue
        draft = _read_score(record, criterion)
        if draft is not None:
            drafts[criterion.criterion_id] = draft
    return drafts


def _read_code(value: CellValue, criteria: dict[str, Criterion]) -> Criterion | Wrong:
    found = criteria.get(str(value).strip().upper())
    return Wrong(ProblemKind.CODE_UNKNOWN) if found is None else found


def _read_score(record: Record, criterion: Criterion) -> ScoreDraft | None:
    evidence = record.read(Column.EVIDENCE, lambda value: read_lines(_as_text(value), EVIDENCE_LIMIT))
    cell = record.cells.get(Column.POINTS)
    if criterion.kind is not CriterionKind.POINTS and (cell is None or cell.is_blank):
        return None
    points = record.read(Column.POINTS, lambda value: read_points_cell(value, criterion.most))
    return None if points is None else ScoreDraft(points, evidence or "")


def _as_text(value: CellValue) -> CellValue:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def find_subject(content: bytes, name: str) -> tuple[SheetKind, int, int] | None:
    """Give kind, unit and criterion that a file's first code names; None where it is no sheet of ours."""
    opened = open_workbook(content, name, None, {_SHEET: LAYOUT})
    if isinstance(opened, Problem) or _SHEET not in opened.grids:
        return None
    for row in opened.grids[_SHEET].rows:
        for cell in row:
            found = _CODE.fullmatch(str(cell.value).strip().upper())
            if found is not None:
                kind = next(kind for kind, mark in _MARKS.items() if mark == found[1])
                return kind, int(found[2]), int(found[3])
    return None

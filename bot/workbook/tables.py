"""From cells to records: which cell says what, wherever the headings stand and however they are spelt."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import product
from typing import TypeVar

from bot.workbook.cells import CellValue, Wrong
from bot.workbook.layout import FIELD_TITLES, UNREAD_COLUMNS, Column, SheetLayout
from bot.workbook.opening import Area, Cell, Grid
from bot.workbook.problems import Fact, Problem, ProblemKind
from meeting.names import fold, tidy

T = TypeVar("T")

_HEADING_ROWS = 10
"""Filled rows from the top among which the headings are looked for: above them may be a letterhead."""

_MERGED_SHOWN = 1_000
"""Merged ranges of a sheet that are gone into: whoever has more must undo them all together anyway."""

_SHOWN = 60
"""Characters of a cell that a problem quotes."""


@dataclass(slots=True)
class Findings:
    """What is collected while reading: everything that is wrong, not only the first."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """The cells of one attendee, unit or item, or of the meeting; blank ones too, if they have a heading."""

    sheet: str
    layout: SheetLayout
    cells: Mapping[Column, Cell]
    findings: Findings
    covered: frozenset[tuple[int, int]] = frozenset()
    number: int | None = None
    unclear: set[Column] = field(default_factory=set)

    @property
    def row(self) -> int:
        """The row of a record of a table; the meeting's own record has none, and gives 0."""
        return self.number or 0

    def read(self, column: Column, reader: Callable[[CellValue], T | Wrong]) -> T | None:
        """Give what a cell says, or None where it is blank, missing or wrong; the latter is taken down."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        if (cell.row, cell.column) in self.covered:
            self.unclear.add(column)
            return None
        if cell.is_blank:
            if self.layout.heading(column).is_required:
                self._take(column, Wrong(ProblemKind.EMPTY))
            return None
        if cell.is_formula or cell.is_error:
            self._take(column, Wrong(ProblemKind.FORMULA if cell.is_formula else ProblemKind.ERROR_VALUE))
            return None
        value = reader(cell.value)
        if isinstance(value, Wrong):
            self._take(column, value)
            return None
        return value

    def problem(self, column: Column, kind: ProblemKind, **facts: Fact) -> Problem:
        """Give a problem with one of the cells, where that stands."""
        cell = self.cells.get(column)
        if cell is None:
            return Problem(kind, sheet=self.sheet, row=self.number, facts=facts)
        return Problem(
            kind,
            sheet=self.sheet,
            row=cell.row,
            column=column_letter(cell.column),
            heading=self.layout.heading(column).label,
            found=shown(cell.value),
            facts=facts,
        )

    def _take(self, column: Column, wrong: Wrong) -> None:
        self.unclear.add(column)
        self.findings.problems.append(self.problem(column, wrong.kind, **wrong.facts))


def column_letter(column: int) -> str:
    """Give a column as the sheet names it: 1 is A, 28 is AB."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)


def shown(value: CellValue) -> str:
    """Give what a cell shows, on one line and shortened."""
    match value:
        case None:
            text = ""
        case datetime() if value.time() != time():
            text = f"{value:%d/%m/%Y %H:%M}"
        case date():
            text = f"{value:%d/%m/%Y}"
        case time():
            text = f"{value:%H:%M}"
        case float() if value.is_integer():
            text = str(int(value))
        case _:
            text = tidy(str(value))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def read_fields(grid: Grid, layout: SheetLayout, findings: Findings) -> Record:
    """Read a sheet whose rows are a label and, to its right, what is asked for."""
    _warn_of_hidden_rows(grid, 0, findings)
    cells: dict[Column, Cell] = {}
    for row in grid.rows:
        texts = [cell for cell in row[:3] if isinstance(cell.value, str) and not cell.is_blank]
        if not texts:
            continue
        label = next((cell for cell in texts if layout.find(str(cell.value))), texts[0])
        column = layout.find(str(label.value))
        value = next(
            (cell for cell in row if cell.column == label.column + 1), Cell(label.row, label.column + 1, None)
        )
        if column is None:
            if not value.is_blank and fold(str(label.value)) not in _FIELD_TITLES:
                findings.warnings.append(_at(grid, ProblemKind.LABEL_NOT_READ, label))
        elif column in cells:
            findings.problems.append(_at(grid, ProblemKind.LABEL_TWICE, label, other=cells[column].row))
        else:
            cells[column] = value
    findings.problems += [
        Problem(ProblemKind.LABEL_MISSING, sheet=grid.title, facts={"expected": heading.label})
        for heading in layout.headings
        if heading.is_required and heading.column not in cells
    ]
    places = {(cell.row, cell.column) for cell in cells.values()}
    # A value that spreads to the right is still one value.
    harmful = [
        area
        for area in grid.merged
        if area.top != area.bottom or any(area.left < column for row, column in places if row == area.top)
    ]
    covered = _covered(grid, harmful, places, findings)
    return Record(grid.title, layout, cells, findings, covered)


_FIELD_TITLES = {fold(title) for title in FIELD_TITLES} | {"item", "field", "value"}


def read_table(grid: Grid, layout: SheetLayout, findings: Findings) -> list[Record] | None:
    """Read a sheet that has headings and a row for each record; blank rows are passed over.

    Gives None where the records can't be told at all.
    """
    heading_row, columns = _find_headings(grid, layout, findings)
    if not columns:
        return None
    _warn_of_hidden_rows(grid, heading_row, findings)
    _warn_of_unread_columns(grid, heading_row, columns, findings)
    read = {place: column for column, place in columns.items() if column not in UNREAD_COLUMNS}
    rows = [
        (row[0].row, {cell.column: cell for cell in row})
        for row in grid.rows
        if row and row[0].row > heading_row and any(cell.column in read and not cell.is_blank for cell in row)
    ]
    if len(rows) > layout.row_limit:
        facts: dict[str, Fact] = {"limit": layout.row_limit}
        findings.problems.append(Problem(ProblemKind.TOO_MANY_ROWS, sheet=grid.title, facts=facts))
        return None
    places = {(number, column) for number, _ in rows for column in read}
    # What is merged between two records hides a blank row too.
    covered = _covered(grid, [area for area in grid.merged if area.bottom > heading_row], places, findings)
    return [
        Record(
            grid.title,
            layout,
            {name: cells.get(place, Cell(number, place, None)) for place, name in read.items()},
            findings,
            covered,
            number,
        )
        for number, cells in rows
    ]


def _find_headings(grid: Grid, layout: SheetLayout, findings: Findings) -> tuple[int, dict[Column, int]]:
    """Give the row of the headings and where each column stands; nothing where a required one is missing."""
    candidates = [
        [(cell, layout.find(str(cell.value))) for cell in row if isinstance(cell.value, str)]
        for row in grid.rows[:_HEADING_ROWS]
    ]
    best = max(candidates, key=lambda row: sum(column is not None for _, column in row), default=[])
    columns: dict[Column, int] = {}
    for cell, column in best:
        if column is None:
            continue
        if column not in columns:
            columns[column] = cell.column
        elif column not in UNREAD_COLUMNS:
            other = column_letter(columns[column])
            findings.problems.append(_at(grid, ProblemKind.HEADING_TWICE, cell, other=other))
    missing = [
        heading for heading in layout.headings if heading.is_required and heading.column not in columns
    ]
    row = best[0][0].row if columns else None
    findings.problems += [
        Problem(ProblemKind.HEADING_MISSING, sheet=grid.title, row=row, facts={"expected": heading.label})
        for heading in missing
    ]
    return (0, {}) if missing or row is None else (row, columns)


def _warn_of_unread_columns(
    grid: Grid, heading_row: int, columns: Mapping[Column, int], findings: Findings
) -> None:
    known = set(columns.values())
    headings = {cell.column: cell for row in grid.rows for cell in row if cell.row == heading_row}
    unread = {
        cell.column: cell
        for row in reversed(grid.rows)
        for cell in row
        if cell.row > heading_row and cell.column not in known and not cell.is_blank
    }
    for place, cell in sorted(unread.items()):
        heading = headings.get(place)
        if heading is not None and not heading.is_blank:
            findings.warnings.append(_at(grid, ProblemKind.HEADING_NOT_READ, heading))
        else:
            findings.warnings.append(_at(grid, ProblemKind.HEADING_EMPTY, cell))


def _warn_of_hidden_rows(grid: Grid, heading_row: int, findings: Findings) -> None:
    hidden = [row for row in grid.hidden_rows if row > heading_row]
    if hidden:
        facts: dict[str, Fact] = {"rows": spans_text(hidden)}
        findings.warnings.append(Problem(ProblemKind.ROWS_HIDDEN, sheet=grid.title, facts=facts))


def spans_text(numbers: list[int]) -> str:
    """Give ascending numbers as "3-5, 9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    texts = [str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans]
    return shown(", ".join(texts))


def _covered(
    grid: Grid, areas: list[Area], places: set[tuple[int, int]], findings: Findings
) -> frozenset[tuple[int, int]]:
    """Give the places that merged ranges lie over, each range taken down as a problem."""
    rows = sorted({row for row, _ in places})
    columns = {column for _, column in places}
    covered: set[tuple[int, int]] = set()
    count = 0
    for area in areas:
        within = rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]
        across = sorted(column for column in columns if area.left <= column <= area.right)
        inside = places.intersection(product(within, across))
        if not inside:
            continue
        row, column = min(inside)
        letter = column_letter(column)
        facts: dict[str, Fact] = {"cells": area.text}
        findings.problems.append(
            Problem(ProblemKind.MERGED, sheet=grid.title, row=row, column=letter, facts=facts)
        )
        covered |= inside
        count += 1
        if count == _MERGED_SHOWN:
            break
    return frozenset(covered)


def _at(grid: Grid, kind: ProblemKind, cell: Cell, **facts: Fact) -> Problem:
    return Problem(
        kind,
        sheet=grid.title,
        row=cell.row,
        column=column_letter(cell.column),
        found=shown(cell.value),
        facts=facts,
    )

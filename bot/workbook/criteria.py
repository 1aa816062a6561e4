"""The sheet of criteria: one in each row, for the agenda's item that adopts them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.wording.numbers import points_text
from bot.workbook.cells import (
    CellValue,
    Wrong,
    read_choice,
    read_lines,
    read_name,
    read_points_cell,
    read_yes_no,
)
from bot.workbook.checks import ReadUnit
from bot.workbook.layout import CRITERION_KINDS, DETAIL_LIMIT, SHEETS, YES_NO, Column, Sheet
from bot.workbook.opening import OpenedWorkbook
from bot.workbook.problems import ProblemKind
from bot.workbook.tables import Findings, Record, read_table
from meeting.names import fold
from meeting.plan import PlannedItem
from meeting.points import LARGEST
from meeting.scoring import (
    CRITERION_LIMIT,
    SECTION_LIMIT,
    CriterionKind,
    PlannedCriterion,
    PlannedScoring,
)


@dataclass(slots=True)
class _Group:
    """The criteria of one item, as they are read; `record` is the first row's."""

    record: Record
    item: int
    scale: Decimal | None
    lead: str
    has_cross_scores: bool
    criteria: list[PlannedCriterion] = field(default_factory=list)
    is_whole: bool = True


def read_criteria(
    opened: OpenedWorkbook,
    units: Sequence[ReadUnit] | None,
    items: Sequence[PlannedItem] | None,
    findings: Findings,
) -> tuple[PlannedScoring, ...]:
    """Give the scorings that the sheet plans, none where it is missing or empty; what is wrong is taken down.

    Item, scale, lead unit and cross-scores stand in the first row of an item's criteria.
    """
    grid = opened.grids.get(Sheet.CRITERIA)
    records = None if grid is None else read_table(grid, SHEETS[Sheet.CRITERIA], findings)
    groups: list[_Group] = []
    for record in records or ():
        _read_row(record, groups, units or (), items or ())
    for group in groups:
        _check_sum(group)
    return tuple(
        PlannedScoring(each.item, each.scale, tuple(each.criteria), each.lead, each.has_cross_scores)
        for each in groups
        if each.scale is not None
    )


def _read_row(
    record: Record, groups: list[_Group], units: Sequence[ReadUnit], items: Sequence[PlannedItem]
) -> None:
    number = record.read(Column.ITEM_NUMBER, lambda value: _read_item(value, items))
    scale = record.read(Column.SCALE, _read_most)
    lead = record.read(Column.LEAD_UNIT, lambda value: _read_unit(value, units)) or ""
    cross = record.read(Column.HAS_CROSS_SCORES, read_yes_no)
    is_new = not groups or (number is not None and number != groups[-1].item)
    if is_new and (number is None or scale is None):
        for column, value in ((Column.ITEM_NUMBER, number), (Column.SCALE, scale)):
            if value is None and column not in record.unclear:
                record.findings.problems.append(record.problem(column, ProblemKind.EMPTY))
        if not groups:
            groups.append(_Group(record, -1, None, "", has_cross_scores=False, is_whole=False))
    elif is_new and number is not None:
        apart = next((each.record.row for each in groups if each.item == number), None)
        if apart is not None:
            apart_from = record.problem(Column.ITEM_NUMBER, ProblemKind.CRITERIA_APART, other=apart)
            record.findings.problems.append(apart_from)
        groups.append(_Group(record, number, scale, lead, bool(cross)))
    group = groups[-1]
    section = record.read(Column.SECTION, lambda value: read_lines(value, SECTION_LIMIT))
    text = record.read(Column.CRITERION, lambda value: read_name(value, CRITERION_LIMIT))
    kind = record.read(Column.CRITERION_KIND, lambda value: read_choice(value, CRITERION_KINDS))
    most = record.read(Column.MOST, _read_most)
    if text is None or most is None or Column.CRITERION_KIND in record.unclear:
        group.is_whole = False
        return
    former = group.criteria[-1].section if group.criteria else ""
    group.criteria.append(PlannedCriterion(section or former, text, kind or CriterionKind.POINTS, most))


def _read_item(value: CellValue, items: Sequence[PlannedItem]) -> int | Wrong:
    """Give the place of an item, from 0, by its number on the agenda."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= len(items)):
        return Wrong(ProblemKind.ITEM_UNKNOWN, {"count": len(items)})
    place = int(text) - 1
    return Wrong(ProblemKind.CRITERIA_ADVISORY) if items[place].is_advisory else place


def _read_most(value: CellValue) -> Decimal | Wrong:
    most = read_points_cell(value, LARGEST)
    return Wrong(ProblemKind.POINTS_ZERO) if most == 0 else most


def _read_unit(value: CellValue, units: Sequence[ReadUnit]) -> str | Wrong:
    name = read_name(value, DETAIL_LIMIT)
    if isinstance(name, Wrong):
        return name
    known = next((unit.name for unit in units if fold(unit.name) == fold(name)), None)
    return Wrong(ProblemKind.UNIT_UNKNOWN, {"nearest": ""}) if known is None else known


def _check_sum(group: _Group) -> None:
    total = sum((each.most for each in group.criteria if each.kind is CriterionKind.POINTS), Decimal(0))
    if group.is_whole and group.scale is not None and total != group.scale:
        facts = {"sum": points_text(total, "vi"), "scale": points_text(group.scale, "vi")}
        problem = group.record.problem(Column.SCALE, ProblemKind.CRITERIA_SUM, **facts)
        group.record.findings.problems.append(problem)


def criteria_cells(scoring: PlannedScoring) -> list[dict[Column, str | int | None]]:
    """Give a row for each criterion, with what is said of the whole in the first."""
    rows: list[dict[Column, str | int | None]] = [
        {
            Column.SECTION: each.section,
            Column.CRITERION: each.text,
            Column.CRITERION_KIND: CRITERION_KINDS.label(each.kind),
            Column.MOST: points_text(each.most, "vi"),
        }
        for each in scoring.criteria
    ]
    rows[0] |= {
        Column.ITEM_NUMBER: scoring.item + 1,
        Column.SCALE: points_text(scoring.scale, "vi"),
        Column.LEAD_UNIT: scoring.lead_unit,
        Column.HAS_CROSS_SCORES: YES_NO.label(scoring.has_cross_scores),
    }
    return rows

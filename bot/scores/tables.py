"""The ranking as a workbook: totals and ranks, all points beside it, and what was changed why."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.scores.cells import cell_text, write_points
from bot.wording import score_table as heads
from bot.wording import scoring as wording
from bot.wording.voice import Voice
from meeting.scoring import Criterion, Ranked, SheetKind, mean_points, total_points
from storage.views import ScoredUnit, ScoringView

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_Cell = str | Decimal | int | None


def write_ranking(voice: Voice, view: ScoringView, ranking: Sequence[Ranked]) -> bytes:
    """Give the table as an .xlsx file, not in the event loop; a unit without a sheet has no points, not zero.

    Means of cross-scores are texts, as they are rounded and nothing is decided by them.
    """
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        names = heads.sheet_names(voice)
        _write(workbook, names[0], _ranking_rows(voice, view, ranking), (8, 50, 16, 22, 16))
        _write(workbook, names[1], _point_rows(voice, view), (6, 24, 50, 18, 10))
        changes = _change_rows(voice, view)
        if len(changes) > 1:
            _write(workbook, names[2], changes, (40, 50, 12, 12, 60))
    return content.getvalue()


def _ranking_rows(voice: Voice, view: ScoringView, ranking: Sequence[Ranked]) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = [[*heads.ranking_heads(voice)]]
    for each in ranking:
        own = view.find_sheet(SheetKind.SELF, each.unit_id)
        is_in = own is not None and own.submitted_at is not None
        mean = mean_points(view.cross_totals(each.unit_id))
        rows.append(
            [
                each.rank,
                each.unit,
                total_points(view.criteria, own.points) if own is not None and is_in else None,
                None if mean is None else wording.mean_text(mean, voice.language),
                wording.total_text(voice, None) if each.total is None else each.total,
            ]
        )
    return rows


def _point_rows(voice: Voice, view: ScoringView) -> list[list[_Cell]]:
    """Each criterion with two columns for each unit: its own points, and what counts."""
    rows: list[list[_Cell]] = [[*heads.point_heads(voice, (unit.name for unit in view.units))]]
    for each in view.criteria:
        cells: list[_Cell] = [
            each.place,
            each.section,
            each.text,
            wording.kind_text(voice, each.kind),
            each.most,
        ]
        for unit in view.units:
            cells += _points_of(view, unit, each)
        rows.append(cells)
    return rows


def _points_of(view: ScoringView, unit: ScoredUnit, criterion: Criterion) -> list[_Cell]:
    final = view.final_points(unit.unit_id)
    own = view.find_sheet(SheetKind.SELF, unit.unit_id)
    if final is None or own is None:
        return [None, None]
    return [own.points.get(criterion.criterion_id), final.get(criterion.criterion_id)]


def _change_rows(voice: Voice, view: ScoringView) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = [[*heads.change_heads(voice)]]
    for unit in view.units:
        checked = view.find_sheet(SheetKind.VERIFIED, unit.unit_id)
        if checked is None or view.final_points(unit.unit_id) is None:
            continue
        for each in view.criteria:
            change = checked.scores.get(each.criterion_id)
            if change is not None:
                own, final = _points_of(view, unit, each)
                rows.append([unit.name, each.text, own, final, change.evidence])
    return rows


def _write(workbook: "Workbook", name: str, table: Sequence[Sequence[_Cell]], widths: Sequence[int]) -> None:
    worksheet = workbook.add_worksheet(name)
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for place in range(len(table[0])):
        worksheet.set_column(place, place, widths[place] if place < len(widths) else 14)
    for row, cells in enumerate(table):
        for place, value in enumerate(cells):
            match value:
                case str():
                    # A text that begins with "=" stays a text.
                    worksheet.write_string(row, place, cell_text(value), plain if row else heading)
                case int():
                    worksheet.write_number(row, place, value, plain)
                case _:
                    write_points(worksheet, row, place, value, plain)
    worksheet.freeze_panes(1, 2)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)

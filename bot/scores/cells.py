"""Cells of workbooks with scores: points as numbers, texts of people as texts, whatever they begin with."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


def cell_text(text: str) -> str:
    """Give a text without what no workbook can hold."""
    return _UNWRITABLE.sub("", text)


def write_points(
    worksheet: "Worksheet", row: int, column: int, points: Decimal | None, style: "Format"
) -> None:
    """Write points as a number, which is exact with at most four places, or leave the cell empty."""
    if points is None:
        worksheet.write_blank(row, column, None, style)
    else:
        worksheet.write_number(row, column, float(points), style)

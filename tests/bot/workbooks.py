"""Workbooks for tests: written as the bot writes them, then changed as people and programs change them."""

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.templates import example_plan
from bot.workbook.layout import SHEETS, Sheet
from bot.workbook.problems import Problem, ProblemKind, Reading
from bot.workbook.reading import read_workbook
from bot.workbook.writing import write_workbook
from meeting.plan import MeetingPlan
from meeting.regimes import Template

TODAY = date(2026, 3, 2)

Edit = Callable[[Workbook], None]


def example(template: Template = Template.CBCCVC) -> MeetingPlan:
    return example_plan(template, TODAY)


@cache
def _example_workbook() -> bytes:
    return write_workbook(example(), "vi")


def edited(edit: Edit, plan: MeetingPlan | None = None) -> bytes:
    """The workbook of a plan, opened, changed and saved again by another program."""
    with warnings.catch_warnings():
        # What openpyxl drops on saving is nothing that is read.
        warnings.simplefilter("ignore", UserWarning)
        workbook = openpyxl.load_workbook(
            io.BytesIO(_example_workbook() if plan is None else write_workbook(plan, "vi"))
        )
    edit(workbook)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def sheet(workbook: Workbook, name: str) -> Worksheet:
    worksheet = workbook[name]
    assert isinstance(worksheet, Worksheet)
    return worksheet


def setting(cells: Mapping[str, object]) -> Edit:
    """Set cells, named as "Đại biểu!B2"."""

    def edit(workbook: Workbook) -> None:
        for place, value in cells.items():
            name, _, cell = place.partition("!")
            sheet(workbook, name)[cell].value = value

    return edit


def row_of(label: str) -> int:
    """The row of the meeting's sheet that has this label."""
    return [heading.label for heading in SHEETS[Sheet.MEETING].headings].index(label) + 2


def read(content: bytes | None, name: str = "hoi-nghi.xlsx") -> Reading:
    return read_workbook(content, name, today=TODAY)


def reading_with(cells: Mapping[str, object], plan: MeetingPlan | None = None) -> Reading:
    return read(edited(setting(cells), plan))


def only_problem(reading: Reading) -> Problem:
    assert reading.plan is None
    assert len(reading.problems) == 1, reading.problems
    return reading.problems[0]


def warned(reading: Reading, kind: ProblemKind) -> list[Problem]:
    """The warnings of a kind, in a workbook that is read all the same."""
    assert reading.plan is not None, reading.problems
    return [warning for warning in reading.warnings if warning.kind is kind]


def place(problem: Problem) -> tuple[str, int | None, str]:
    return problem.sheet, problem.row, problem.column


def repacked(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The same package with some parts replaced, added, or taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in changes:
                new.writestr(part, old.read(part))
        for part, data in changes.items():
            if data is not None:
                new.writestr(part, data)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)

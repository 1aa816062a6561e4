"""From the bytes of a file to the filled cells of its sheets, however the file was made and whoever sent it.

What a file unpacks to is known before anything is unpacked, XML with entities is refused, and only the cells
within the limits are kept: memory is bounded by the limits, not by what the file claims.
"""

import codecs
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import structlog

from bot.workbook.cells import CellValue
from bot.workbook.layout import FILE_LIMIT, SHEETS, UNPACKED_LIMIT, UNREAD_SHEETS, SheetLayout
from bot.workbook.problems import Problem, ProblemKind
from meeting.names import fold, tidy

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

Report = Callable[[int, int], None]
"""Told now and then how many of the filled rows are read, and of how many."""

COLUMN_LIMIT = 100
"""Columns of a sheet that are looked at."""

_MEGABYTE = 1024 * 1024
_ROWS_OF_EXCEL = 1_048_576
_ROWS_A_REPORT = 100
_FILES_LIMIT = 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IS_ENCRYPTED = 0x1

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sheet; rows and columns count from 1."""

    row: int
    column: int
    value: CellValue
    is_formula: bool = False
    is_error: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it that a person could see."""
        return self.value is None or (isinstance(self.value, str) and not tidy(self.value))


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range, its ends included."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The filled rows of a sheet, in order, with what is peculiar about it."""

    title: str
    is_hidden: bool
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Area, ...]
    hidden_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """The known sheets that could be read; for any other one there is a problem."""

    grids: dict[str, Grid]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    from_serial: Callable[[float], CellValue]


def open_workbook(
    content: bytes | None, name: str, report: Report | None, sheets: Mapping[str, SheetLayout] = SHEETS
) -> OpenedWorkbook | Problem:
    """Read the sheets of a file; where it is no workbook to be read, say what it is instead.

    `sheets` are those that it should have, by the names that `grids` go by. `content` is None where the
    platform already held the file back for its size. Exceptions of `report` pass through.
    """
    if content is None or len(content) > FILE_LIMIT:
        return Problem(ProblemKind.FILE_TOO_LARGE, facts={"limit": FILE_LIMIT // _MEGABYTE})
    refusal = _refusal(content, name)
    if refusal is not None:
        return refusal
    try:
        return _opened(_reader(content), report or _tell_nobody, sheets)
    except _ReportError as error:
        raise error.cause from None
    except Exception as error:  # noqa: BLE001 - a damaged part makes openpyxl raise nearly anything
        _log.info("workbook_unreadable", reason=type(error).__name__)
        return Problem(ProblemKind.DAMAGED)


class _ReportError(Exception):
    """Carries an exception of the caller's own past the net for damaged files."""

    def __init__(self, cause: Exception) -> None:
        super().__init__("the caller's report failed")
        self.cause = cause


def _tell_nobody(_done: int, _total: int) -> None:
    """Nobody waits for news."""


def _refusal(content: bytes, name: str) -> Problem | None:
    """Tell by its first bytes and its parts why a file is none that can be read."""
    if not content.strip(b"\0 \r\n\t"):
        return Problem(ProblemKind.EMPTY_FILE)
    if content.startswith(_OLE):
        return _refusal_of_ole(content, name)
    if not content.startswith(b"PK"):
        kind = ProblemKind.TEXT_FILE if _is_plain_text(content) else ProblemKind.NOT_A_WORKBOOK
        return Problem(kind, found=_shown(name))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _refusal_of_parts(archive.infolist(), name)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return Problem(ProblemKind.DAMAGED)


def _refusal_of_ole(content: bytes, name: str) -> Problem:
    def has(entry: str) -> bool:
        return entry.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return Problem(ProblemKind.PASSWORD)
    if has("Workbook") or has("Book"):
        return Problem(ProblemKind.OLD_XLS)
    return Problem(ProblemKind.NOT_A_WORKBOOK, found=_shown(name))


def _is_plain_text(content: bytes) -> bool:
    """Whether it looks like a table kept as text; web pages and PDF do not."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    start = content[:4096]
    return b"\0" not in start and not start.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b"<", b"%PDF"))


def _refusal_of_parts(parts: list[zipfile.ZipInfo], name: str) -> Problem | None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        return Problem(ProblemKind.PASSWORD)
    if "content.xml" in names:
        return Problem(ProblemKind.OPEN_DOCUMENT)
    if "xl/workbook.bin" in names:
        return Problem(ProblemKind.BINARY_WORKBOOK)
    if any(part.endswith("vbaProject.bin") for part in names):
        return Problem(ProblemKind.MACROS)
    if "[Content_Types].xml" not in names or not any(part.endswith("workbook.xml") for part in names):
        return Problem(ProblemKind.NOT_A_WORKBOOK, found=_shown(name))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > UNPACKED_LIMIT or len(parts) > _FILES_LIMIT:
        return Problem(ProblemKind.UNPACKED_TOO_LARGE, facts={"limit": UNPACKED_LIMIT // _MEGABYTE})
    return None


def _shown(name: str) -> str:
    return tidy(name)[-60:]


def _reader(content: bytes) -> "ExcelReader":
    from openpyxl.reader.excel import ExcelReader

    # It warns of what it would drop when saving: drop-downs, colours. Nothing is saved here.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    reader.read()
    return reader


def _opened(reader: "ExcelReader", report: Report, sheets: Mapping[str, SheetLayout]) -> OpenedWorkbook:
    from openpyxl.utils.datetime import from_excel

    chosen, problems, doubts = _choose(reader, sheets)
    for sheet, part in list(chosen.items()):
        part.scan = _scan(reader.archive, part.path)
        limit = sheets[sheet].row_limit
        if len(part.scan.filled) > limit + _ROWS_ABOVE:
            problems.append(Problem(ProblemKind.TOO_MANY_ROWS, sheet=part.title, facts={"limit": limit}))
            del chosen[sheet]
    total = sum(len(part.scan.filled) for part in chosen.values())
    counted = _Progress(report, total)
    grids = {sheet: _grid(reader, part, counted) for sheet, part in chosen.items()}
    counted.finish()
    epoch = reader.wb.epoch
    return OpenedWorkbook(
        grids=grids,
        problems=tuple(problems),
        warnings=tuple(doubts),
        from_serial=lambda serial: from_excel(serial, epoch),
    )


def _choose(
    reader: "ExcelReader", sheets: Mapping[str, SheetLayout]
) -> tuple[dict[str, "_Part"], list[Problem], list[Problem]]:
    """Give the sheets that are known, what is wrong with the others, and what is doubtful."""
    known = {
        fold(name): sheet for sheet, layout in sheets.items() for name in (layout.label, *layout.aliases)
    }
    chosen: dict[str, _Part] = {}
    problems: list[Problem] = []
    doubts: list[Problem] = []
    for declared, relation in reader.parser.find_sheets():
        part = _Part(declared.name, str(declared.state), relation.target)
        sheet = known.get(fold(part.title))
        if sheet is None:
            if fold(part.title) not in UNREAD_SHEETS:
                doubts.append(Problem(ProblemKind.SHEET_NOT_READ, sheet=_shown(part.title)))
        elif sheet in chosen:
            problems.append(Problem(ProblemKind.SHEET_TWICE, sheet=_shown(part.title)))
        else:
            chosen[sheet] = part
            if part.is_hidden:
                doubts.append(Problem(ProblemKind.SHEET_HIDDEN, sheet=_shown(part.title)))
    problems += [
        Problem(ProblemKind.SHEET_MISSING, facts={"expected": layout.label})
        for sheet, layout in sheets.items()
        if sheet not in chosen and not layout.is_optional
    ]
    return chosen, problems, doubts


_ROWS_ABOVE = 10
"""Filled rows that a sheet may have beside its data: a letterhead, the headings."""


class _Progress:
    """Counts rows and reports them now and then."""

    def __init__(self, report: Report, total: int) -> None:
        self._report = report
        self._total = total
        self._done = 0

    def step(self) -> None:
        self._done += 1
        if self._done % _ROWS_A_REPORT == 0 and self._done < self._total:
            self._tell()

    def finish(self) -> None:
        self._done = self._total
        self._tell()

    def _tell(self) -> None:
        try:
            self._report(self._done, self._total)
        except Exception as error:
            raise _ReportError(error) from error


class _Scan(ContentHandler):
    """Which rows of a sheet are filled or hidden, and what is merged; cells are not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.filled: set[int] = set()
        self.hidden: set[int] = set()
        self.merged: list[str] = []
        self._row = 0
        self._is_below = False

    def endElement(self, name: str) -> None:  # noqa: N802 - the name that SAX calls
        if name.rpartition(":")[2] == "sheetData":
            self._is_below = True

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - as above
        match name.rpartition(":")[2]:
            case "v" | "f" | "t" if not self._is_below:
                self.filled.add(self._row)
            case "row":
                self._row = int(attrs.get("r", str(self._row + 1)))
                if self._row > _ROWS_OF_EXCEL:
                    raise ValueError("a row below the last one")
                if attrs.get("hidden", "0") in {"1", "true"}:
                    self.hidden.add(self._row)
            case "mergeCell":
                self.merged.append(attrs["ref"])


@dataclass(slots=True)
class _Part:
    """A sheet of the file, before its cells are read."""

    title: str
    state: str
    path: str
    scan: _Scan = field(default_factory=_Scan)

    @property
    def is_hidden(self) -> bool:
        return self.state in {"hidden", "veryHidden"}


def _scan(archive: zipfile.ZipFile, path: str) -> _Scan:
    from defusedxml import sax

    scan = _Scan()
    with archive.open(path) as source:
        sax.parse(source, scan, forbid_dtd=True)
    return scan


def _grid(reader: "ExcelReader", part: _Part, counted: _Progress) -> Grid:
    from openpyxl.utils.cell import range_boundaries

    merged = []
    for text in part.scan.merged:
        left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(text))
        merged.append(Area(text, left, top, right, bottom))
    return Grid(
        title=part.title,
        is_hidden=part.is_hidden,
        rows=tuple(_rows(reader.wb[part.title], part.scan.filled, counted)),
        merged=tuple(merged),
        hidden_rows=tuple(sorted(part.scan.hidden & part.scan.filled)),
    )


def _rows(worksheet: Any, filled: set[int], counted: _Progress) -> Iterator[tuple[Cell, ...]]:  # noqa: ANN401 - openpyxl's types say Worksheet
    last = max(filled, default=0)
    if last == 0:
        return
    rows = worksheet.iter_rows(min_row=1, max_row=last, max_col=COLUMN_LIMIT)
    for number, row in enumerate(rows, start=1):
        if number in filled:
            counted.step()
            yield tuple(
                Cell(number, column, _value(cell), cell.data_type == "f", cell.data_type == "e")
                for column, cell in enumerate(row, start=1)
                if cell.value is not None
            )


def _value(cell: Any) -> CellValue:  # noqa: ANN401 - as above
    if isinstance(cell.value, str):
        # Excel's spelling of the carriage return before a line break.
        return cell.value.replace("_x000D_\n", "\n")
    return str(cell.value) if cell.data_type == "f" else cell.value

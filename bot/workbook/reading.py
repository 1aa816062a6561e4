"""A workbook that comes back, read into a plan: all of it or nothing, and every problem told at once."""

from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches

from bot.workbook.cells import (
    CellValue,
    Day,
    Wrong,
    read_choice,
    read_count,
    read_day,
    read_lines,
    read_name,
    read_phone,
    read_share,
    read_time,
    read_timezone,
    read_yes_no,
)
from bot.workbook.checks import ReadAttendee, ReadUnit, check_headcount, check_people, check_representation
from bot.workbook.criteria import read_criteria
from bot.workbook.layout import (
    BASE_KINDS,
    DEFAULT_TIMEZONE,
    DETAIL_LIMIT,
    KINDS,
    QUORUM_KINDS,
    ROLES,
    SHEETS,
    STANDINGS,
    TEMPLATES,
    Column,
    Sheet,
)
from bot.workbook.opening import OpenedWorkbook, Report, open_workbook
from bot.workbook.pledge import read_pledge
from bot.workbook.problems import Problem, ProblemKind, Reading
from bot.workbook.rules import OwnRules, rules_with
from bot.workbook.tables import Findings, Record, read_fields, read_table
from bot.workbook.titles import read_titles
from meeting.agenda import ItemKind
from meeting.names import fold
from meeting.people import Standing
from meeting.plan import (
    NAME_LIMIT,
    TITLE_LIMIT,
    MeetingPlan,
    PlannedAttendee,
    PlannedItem,
    PlannedUnit,
)
from meeting.regimes import Rules, Template
from meeting.versions import TEXT_LIMIT


def read_workbook(content: bytes | None, name: str, *, today: date, report: Report | None = None) -> Reading:
    """Read a workbook into a plan, or say everything that is wrong with it.

    `content` is None where the platform held the file back for its size; `name` is the file's. `report` is
    told (filled rows read, filled rows in all) now and then and at the end; what it raises stops the reading.
    Nothing is stored, and the same file gives the same reading. It may take seconds: run it in a thread.
    """
    opened = open_workbook(content, name, report)
    if isinstance(opened, Problem):
        return Reading(None, (opened,))
    findings = Findings(list(opened.problems), list(opened.warnings))
    general = _read_general(opened, findings, today)
    units = _read_units(opened, findings)
    attendees = _read_attendees(opened, units, findings)
    items = _read_items(opened, findings)
    pledge = read_pledge(opened, attendees, items, findings)
    scorings = read_criteria(opened, units, items, findings)
    titles = read_titles(opened, units, attendees, findings)
    if attendees is not None:
        check_people(attendees, opened.grids[Sheet.ATTENDEES].title, findings)
        if general is not None:
            check_headcount(general.record, general.rules, general.headcount, attendees, findings)
            check_representation(general.rules, units, attendees, findings)
    order = {grid.title: place for place, grid in enumerate(opened.grids.values())}
    problems = _in_order(findings.problems, order)
    warnings = _in_order(findings.warnings, order)
    if problems or general is None or units is None or attendees is None or items is None or titles is None:
        return Reading(None, problems, warnings)
    plan = MeetingPlan(
        title=general.title,
        template=general.template,
        host=general.host,
        place=general.place,
        starts_at=general.starts_at,
        timezone=general.timezone,
        rules=general.rules,
        headcount=general.headcount,
        has_union=general.has_union,
        units=tuple(PlannedUnit(unit.name) for unit in units),
        attendees=tuple(attendee.planned for attendee in attendees),
        items=tuple(items),
        titles=tuple(titles),
        pledge=pledge,
        scorings=scorings,
    )
    return Reading(plan, problems, warnings)


def _in_order(problems: list[Problem], order: dict[str, int]) -> tuple[Problem, ...]:
    """Give problems as one meets them going through the file; those of the file as a whole first."""
    return tuple(
        sorted(problems, key=lambda p: (order.get(p.sheet, -1), p.row or 0, len(p.column), p.column))
    )


@dataclass(frozen=True, slots=True)
class _General:
    """What the meeting's sheet says."""

    record: Record
    title: str
    template: Template
    host: str
    place: str
    starts_at: datetime
    timezone: str
    rules: Rules
    headcount: int | None
    has_union: bool


def _read_general(opened: OpenedWorkbook, findings: Findings, today: date) -> _General | None:
    grid = opened.grids.get(Sheet.MEETING)
    if grid is None:
        return None
    record = read_fields(grid, SHEETS[Sheet.MEETING], findings)
    title = record.read(Column.TITLE, lambda value: read_name(value, TITLE_LIMIT))
    template = record.read(Column.TEMPLATE, lambda value: read_choice(value, TEMPLATES))
    host = record.read(Column.HOST, lambda value: read_name(value, TITLE_LIMIT))
    place = record.read(Column.PLACE, lambda value: read_name(value, TITLE_LIMIT))
    starts_at = _read_start(record, opened)
    timezone = record.read(Column.TIMEZONE, read_timezone) or DEFAULT_TIMEZONE
    own = _read_rules(record)
    headcount = record.read(Column.HEADCOUNT, read_count)
    has_union = record.read(Column.HAS_UNION, read_yes_no)
    if has_union is None and template is Template.CBCCVC:
        _demand(record, Column.HAS_UNION)
    if starts_at is not None and starts_at.date() < today:
        findings.warnings.append(record.problem(Column.DATE, ProblemKind.IN_THE_PAST))
    if title is None or template is None or host is None or place is None or starts_at is None:
        return None
    rules = rules_with(template, starts_at.date(), own)
    return _General(
        record, title, template, host, place, starts_at, timezone, rules, headcount, bool(has_union)
    )


def _read_start(record: Record, opened: OpenedWorkbook) -> datetime | None:
    def day_in(value: CellValue) -> Day | Wrong:
        return read_day(value, opened.from_serial)

    day = record.read(Column.DATE, day_in)
    at = record.read(Column.TIME, read_time)
    if day is None:
        return None
    if at is None and day.at is None:
        _demand(record, Column.TIME)
        return None
    if at is not None and day.at is not None and at != day.at:
        twice = record.problem(Column.TIME, ProblemKind.TIME_TWICE, other=f"{day.at:%H:%M}")
        record.findings.problems.append(twice)
        return None
    start = day.at if at is None else at
    return None if start is None else datetime.combine(day.on, start)


def _read_rules(record: Record) -> OwnRules:
    return OwnRules(
        quorum_kind=record.read(Column.QUORUM_KIND, lambda value: read_choice(value, QUORUM_KINDS)),
        quorum=record.read(Column.QUORUM, lambda value: read_share(value, is_quorum=True)),
        base_kind=record.read(Column.BASE_KIND, lambda value: read_choice(value, BASE_KINDS)),
        threshold=record.read(Column.THRESHOLD, lambda value: read_share(value, is_quorum=False)),
        source=record.read(Column.RULE_SOURCE, lambda value: read_name(value, TITLE_LIMIT)),
        is_verified=record.read(Column.IS_VERIFIED, read_yes_no),
    )


def _demand(record: Record, column: Column) -> None:
    """Take down that something is missing which this meeting needs, though not every one."""
    if column in record.unclear:
        return
    if column in record.cells:
        missing = record.problem(column, ProblemKind.EMPTY)
    else:
        label = record.layout.heading(column).label
        missing = Problem(ProblemKind.LABEL_MISSING, sheet=record.sheet, facts={"expected": label})
    record.findings.problems.append(missing)


def _read_records(opened: OpenedWorkbook, sheet: Sheet, findings: Findings) -> list[Record] | None:
    grid = opened.grids.get(sheet)
    return None if grid is None else read_table(grid, SHEETS[sheet], findings)


def _read_units(opened: OpenedWorkbook, findings: Findings) -> list[ReadUnit] | None:
    """Give the units, or None where one can't be read: attendees' units can't be looked up then."""
    records = _read_records(opened, Sheet.UNITS, findings)
    if records is None:
        return None
    units: dict[str, ReadUnit] = {}
    for record in records:
        name = record.read(Column.UNIT_NAME, lambda value: read_name(value, DETAIL_LIMIT))
        if name is None:
            continue
        first = units.setdefault(fold(name), ReadUnit(record, name))
        if first.record is not record:
            twice = record.problem(Column.UNIT_NAME, ProblemKind.UNIT_TWICE, other=first.record.row)
            findings.problems.append(twice)
    return None if any(record.unclear for record in records) else list(units.values())


def _read_attendees(
    opened: OpenedWorkbook, units: list[ReadUnit] | None, findings: Findings
) -> list[ReadAttendee] | None:
    records = _read_records(opened, Sheet.ATTENDEES, findings)
    if records is None:
        return None
    names = None if units is None else {fold(unit.name): unit.name for unit in units}
    attendees = []
    for record in records:
        name = record.read(Column.NAME, lambda value: read_name(value, NAME_LIMIT))
        unit = _read_unit(record, names)
        position = record.read(Column.POSITION, lambda value: read_name(value, DETAIL_LIMIT))
        standing = record.read(Column.STANDING, lambda value: read_choice(value, STANDINGS))
        role = record.read(Column.ROLE, lambda value: read_choice(value, ROLES))
        phone = record.read(Column.PHONE, read_phone)
        planned = PlannedAttendee(name or "", unit, position, standing or Standing.VOTING, phone, role)
        attendees.append(ReadAttendee(record, planned))
    if names == {} and any(attendee.planned.unit for attendee in attendees):
        sheet = opened.grids[Sheet.UNITS].title
        findings.problems.append(Problem(ProblemKind.UNITS_MISSING, sheet=sheet))
    return attendees


def _read_unit(record: Record, names: dict[str, str] | None) -> str | None:
    """Give the attendee's unit as the units' sheet writes it; as typed where that has no unit at all."""
    unit = record.read(Column.UNIT, lambda value: read_name(value, DETAIL_LIMIT))
    if unit is None or not names:
        return unit
    known = names.get(fold(unit))
    if known is None:
        nearest = get_close_matches(fold(unit), names, n=1, cutoff=0.6)
        record.unclear.add(Column.UNIT)
        record.findings.problems.append(
            record.problem(
                Column.UNIT, ProblemKind.UNIT_UNKNOWN, nearest=names[nearest[0]] if nearest else ""
            )
        )
    return known


def _read_items(opened: OpenedWorkbook, findings: Findings) -> list[PlannedItem] | None:
    records = _read_records(opened, Sheet.AGENDA, findings)
    if records is None:
        return None
    if not records:
        sheet = opened.grids[Sheet.AGENDA].title
        findings.warnings.append(Problem(ProblemKind.NO_ITEMS, sheet=sheet))
    return [_read_item(record) for record in records]


def _read_item(record: Record) -> PlannedItem:
    title = record.read(Column.ITEM_TITLE, lambda value: read_name(value, TITLE_LIMIT))
    kind = record.read(Column.KIND, lambda value: read_choice(value, KINDS))
    is_advisory = record.read(Column.IS_ADVISORY, read_yes_no)
    presenter = record.read(Column.PRESENTER, lambda value: read_name(value, DETAIL_LIMIT))
    text = record.read(Column.TEXT, lambda value: read_lines(value, TEXT_LIMIT))
    if is_advisory and kind is not None and kind.is_procedural:
        record.findings.problems.append(record.problem(Column.IS_ADVISORY, ProblemKind.ADVISORY_PROCEDURE))
    return PlannedItem(title or "", kind or ItemKind.OTHER, bool(is_advisory), text or "", presenter or "")

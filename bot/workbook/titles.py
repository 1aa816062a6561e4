"""The sheet of titles: rows of one decision put together, each recipient found on the sheets before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from bot.wording.titles import exact_text, share_text
from bot.workbook.cells import CellValue, Wrong, read_choice, read_day, read_name, read_quota, read_yes_no
from bot.workbook.checks import ReadAttendee, ReadUnit
from bot.workbook.layout import RECIPIENT_KINDS, SHEETS, Column, Sheet
from bot.workbook.opening import OpenedWorkbook
from bot.workbook.problems import Fact, Problem, ProblemKind
from bot.workbook.tables import Findings, Record, read_table, spans_text
from meeting.names import fold
from meeting.refusals import Refused
from meeting.titles import (
    ISSUER_LIMIT,
    MOST_RECIPIENTS,
    MOST_TITLES,
    NUMBER_LIMIT,
    RECIPIENT_LIMIT,
    TITLE_NAME_LIMIT,
    Candidate,
    Matched,
    NameIndex,
    PlannedRecipient,
    PlannedTitle,
    Quota,
    RecipientKind,
    Unclear,
    check_quota,
    match_recipient,
    plan_title,
)

_ALIKE = 0.6


@dataclass(slots=True)
class _Decision:
    """What the rows of one decision say so far, and in which row each thing stands first."""

    record: Record
    title: str
    number: str
    values: dict[Column, Any] = field(default_factory=dict)
    records: dict[Column, Record] = field(default_factory=dict)
    unclear: set[Column] = field(default_factory=set)
    recipients: list[PlannedRecipient] = field(default_factory=list)
    rows: dict[tuple[object, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """Who is on the sheets of units and attendees."""

    units: Mapping[str, str]
    attendees: Sequence[ReadAttendee]
    names: NameIndex[int]


def read_titles(
    opened: OpenedWorkbook,
    units: Sequence[ReadUnit] | None,
    attendees: Sequence[ReadAttendee] | None,
    findings: Findings,
) -> list[PlannedTitle] | None:
    """Give the titles, none where the sheet is missing; None where one can't be told.

    A recipient is somebody on the sheet of attendees, a unit on that of units, or says to be on neither.
    """
    grid = opened.grids.get(Sheet.TITLES)
    if grid is None:
        return []
    records = read_table(grid, SHEETS[Sheet.TITLES], findings)
    if records is None:
        return None
    known = None if units is None or attendees is None else _known(units, attendees)
    decisions: dict[tuple[str, str], _Decision] = {}
    for record in records:
        decision = _read_decision(record, opened, decisions)
        recipient = _read_recipient(record, known)
        if decision is not None and recipient is not None:
            _add(decision, recipient, record)
    found = list(decisions.values())
    titles = [_planned(one) for one in found]
    _check_amounts(grid.title, found, findings)
    _check_quotas(found, findings)
    return None if None in titles else [title for title in titles if title is not None]


def _known(units: Sequence[ReadUnit], attendees: Sequence[ReadAttendee]) -> _Known:
    people = (
        Candidate(place, one.planned.name, (one.planned.unit,) if one.planned.unit else ())
        for place, one in enumerate(attendees)
        if one.planned.name
    )
    return _Known({fold(unit.name): unit.name for unit in units}, attendees, NameIndex(people))


def _read_decision(
    record: Record, opened: OpenedWorkbook, decisions: dict[tuple[str, str], _Decision]
) -> _Decision | None:
    """Give the decision that a row belongs to, by title and number; what it says must be the same in all."""

    def day(value: CellValue) -> date | Wrong:
        read = read_day(value, opened.from_serial)
        if isinstance(read, Wrong) or read.at is None:
            return read if isinstance(read, Wrong) else read.on
        return Wrong(ProblemKind.DATE_UNREADABLE)

    title = record.read(Column.TITLE_NAME, lambda value: read_name(value, TITLE_NAME_LIMIT))
    number = record.read(Column.DECISION_NUMBER, _read_number) or ""
    said: dict[Column, Any] = {
        Column.DECIDED_ON: record.read(Column.DECIDED_ON, day),
        Column.ISSUER: record.read(Column.ISSUER, lambda value: read_name(value, ISSUER_LIMIT)),
        Column.QUOTA: record.read(Column.QUOTA, read_quota),
        Column.QUOTA_OF: record.read(Column.QUOTA_OF, lambda value: read_name(value, TITLE_NAME_LIMIT)),
    }
    if title is None:
        return None
    decision = decisions.setdefault((fold(title), fold(number)), _Decision(record, title, number))
    decision.unclear |= record.unclear
    for column, value in said.items():
        if value is None:
            continue
        first = decision.records.setdefault(column, record)
        if decision.values.setdefault(column, value) != value:
            differs = record.problem(column, ProblemKind.DECISION_DIFFERS, other=first.row)
            record.findings.problems.append(differs)
    return decision


def _read_number(value: CellValue) -> str | Wrong:
    """Give a decision's number, which may be figures only."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        return Wrong(ProblemKind.NOT_TEXT)
    line = " ".join(text.split())
    if len(line) > NUMBER_LIMIT:
        return Wrong(ProblemKind.TOO_LONG, {"limit": NUMBER_LIMIT, "length": len(line)})
    return line


def _read_recipient(record: Record, known: _Known | None) -> PlannedRecipient | None:
    kind = record.read(Column.RECIPIENT_KIND, lambda value: read_choice(value, RECIPIENT_KINDS))
    name = record.read(Column.RECIPIENT, lambda value: read_name(value, RECIPIENT_LIMIT))
    unit = record.read(Column.UNIT, lambda value: read_name(value, RECIPIENT_LIMIT)) or ""
    is_unlisted = record.read(Column.IS_UNLISTED, read_yes_no)
    if kind is None or name is None or known is None or record.unclear & {Column.UNIT, Column.IS_UNLISTED}:
        return None
    if is_unlisted:
        return PlannedRecipient(kind, name, unit)
    if kind is RecipientKind.COLLECTIVE:
        listed = known.units.get(fold(name))
        if listed is None:
            nearest = get_close_matches(fold(name), known.units, n=1, cutoff=_ALIKE)
            _take(record, ProblemKind.COLLECTIVE_UNKNOWN, nearest=known.units[nearest[0]] if nearest else "")
            return None
        return PlannedRecipient(kind, listed)
    match match_recipient(name, unit, known.names):
        case Matched(place):
            person = known.attendees[place].planned
            return PlannedRecipient(kind, person.name, person.unit or "", place)
        case Unclear(places):
            _take_unclear(record, name, [known.attendees[place] for place in places])
            return None


def _take_unclear(record: Record, name: str, candidates: Sequence[ReadAttendee]) -> None:
    whole = [one for one in candidates if fold(one.planned.name) == fold(name)]
    if len(whole) > 1:
        rows = spans_text(sorted(one.record.row for one in whole))
        _take(record, ProblemKind.RECIPIENT_AMBIGUOUS, rows=rows)
        return
    nearest = (whole or list(candidates))[:1]
    told = [", ".join(filter(None, (one.planned.name, one.planned.unit))) for one in nearest]
    _take(record, ProblemKind.RECIPIENT_UNKNOWN, nearest=told[0] if told else "")


def _take(record: Record, kind: ProblemKind, **facts: Fact) -> None:
    record.unclear.add(Column.RECIPIENT)
    record.findings.problems.append(record.problem(Column.RECIPIENT, kind, **facts))


def _add(decision: _Decision, recipient: PlannedRecipient, record: Record) -> None:
    who: tuple[object, ...] = (recipient.kind, fold(recipient.name), fold(recipient.unit))
    if recipient.attendee is not None:
        who = (recipient.kind, recipient.attendee)
    first = decision.rows.setdefault(who, record.row)
    if first != record.row:
        _take(record, ProblemKind.RECIPIENT_TWICE, other=first)
        return
    decision.recipients.append(recipient)


def _planned(decision: _Decision) -> PlannedTitle | None:
    """Give a decision with its recipients; None where its quota makes no sense."""
    share, of = decision.values.get(Column.QUOTA), decision.values.get(Column.QUOTA_OF)
    quota = None
    if isinstance(share, Fraction) and of is not None:
        quota = Quota(share.numerator, share.denominator, of)
    elif (share is not None or of is not None) and not decision.unclear & {Column.QUOTA, Column.QUOTA_OF}:
        _take_quota(decision, Column.QUOTA if share is None else Column.QUOTA_OF)
        return None
    values = decision.values
    planned = plan_title(
        decision.title,
        decision.number,
        values.get(Column.DECIDED_ON),
        values.get(Column.ISSUER, ""),
        quota,
    )
    if isinstance(planned, Refused):
        _take_quota(decision, Column.QUOTA_OF)
        return None
    return PlannedTitle(
        planned.title,
        planned.number,
        planned.decided_on,
        planned.issuer,
        planned.quota,
        tuple(decision.recipients),
    )


def _take_quota(decision: _Decision, column: Column) -> None:
    other = Column.QUOTA_OF if column is Column.QUOTA else Column.QUOTA
    record = decision.records.get(column) or decision.records[other]
    record.findings.problems.append(record.problem(column, ProblemKind.QUOTA_UNREADABLE))


def _check_amounts(sheet: str, decisions: Sequence[_Decision], findings: Findings) -> None:
    if len(decisions) > MOST_TITLES:
        facts: dict[str, Fact] = {"limit": MOST_TITLES}
        findings.problems.append(Problem(ProblemKind.TITLES_TOO_MANY, sheet=sheet, facts=facts))
    for one in decisions:
        if len(one.recipients) > MOST_RECIPIENTS:
            many = one.record.problem(
                Column.TITLE_NAME, ProblemKind.RECIPIENTS_TOO_MANY, limit=MOST_RECIPIENTS
            )
            findings.problems.append(many)


def _check_quotas(decisions: Sequence[_Decision], findings: Findings) -> None:
    """Warn of quotas that are exceeded, or have nothing to be compared with."""
    counted = [
        (one.title, sum(recipient.kind is RecipientKind.INDIVIDUAL for recipient in one.recipients))
        for one in decisions
    ]
    for one, (_, individuals) in zip(decisions, counted, strict=True):
        share, of = one.values.get(Column.QUOTA), one.values.get(Column.QUOTA_OF)
        if share is None or of is None:
            continue
        check = check_quota(Quota(share.numerator, share.denominator, of), individuals, counted)
        record = one.records[Column.QUOTA]
        if check.base is None:
            findings.warnings.append(record.problem(Column.QUOTA_OF, ProblemKind.QUOTA_UNCHECKED))
        elif not check.is_kept:
            exceeded = record.problem(
                Column.QUOTA,
                ProblemKind.QUOTA_EXCEEDED,
                individuals=individuals,
                base=check.base,
                quota=share_text(share, "vi"),
                allowed=exact_text(check.allowed, "vi"),
            )
            findings.warnings.append(exceeded)

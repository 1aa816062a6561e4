"""The sheet of the pledge: a party and its signer in each row, for the agenda's item that is the pledge."""

from collections.abc import Sequence

from bot.workbook.cells import read_name
from bot.workbook.checks import ReadAttendee
from bot.workbook.layout import SHEETS, Column, Sheet
from bot.workbook.opening import OpenedWorkbook
from bot.workbook.problems import Problem, ProblemKind
from bot.workbook.tables import Findings, Record, read_table, spans_text
from meeting.agenda import ItemKind
from meeting.names import Closeness, closeness, fold, is_whole, tidy
from meeting.plan import PlannedItem
from meeting.pledges import (
    PARTY_LIMIT,
    POSITION_LIMIT,
    SIGNER_LIMIT,
    WITNESS_LIMIT,
    PlannedParty,
    PlannedPledge,
)


def read_pledge(
    opened: OpenedWorkbook,
    attendees: Sequence[ReadAttendee] | None,
    items: Sequence[PlannedItem] | None,
    findings: Findings,
) -> PlannedPledge | None:
    """Give the pledge, None where the sheet is missing or empty; what is wrong is taken down.

    A party stands once, with one signer; a signer who is on the sheet of attendees is that attendee, by the
    whole name and, among several of a name, by the unit that is the party. A name that only resembles is
    asked about; others sign on paper.
    """
    grid = opened.grids.get(Sheet.PLEDGE)
    records = None if grid is None else read_table(grid, SHEETS[Sheet.PLEDGE], findings)
    if grid is None or not records:
        return None
    parties: list[PlannedParty] = []
    rows: dict[str, int] = {}
    signers: dict[object, int] = {}
    witness, witness_row = "", 0
    for record in records:
        party = _read_party(record, attendees or ())
        said = record.read(Column.WITNESS, lambda value: read_name(value, WITNESS_LIMIT))
        if said and witness and said != witness:
            _take(record, Column.WITNESS, ProblemKind.WITNESS_DIFFERS, witness_row)
        if said and not witness:
            witness, witness_row = said, record.row
        if party is None:
            continue
        first = rows.setdefault(fold(party.name), record.row)
        if first != record.row:
            _take(record, Column.PARTY, ProblemKind.PARTY_TWICE, first)
        who = party.attendee if party.attendee is not None else tidy(party.signer).casefold()
        if party.signer and (signed := signers.setdefault(who, record.row)) != record.row:
            _take(record, Column.SIGNER, ProblemKind.SIGNER_TWICE, signed)
        parties.append(party)
    places = [place for place, item in enumerate(items or ()) if item.kind is ItemKind.PLEDGE]
    if not places:
        if items is not None:
            findings.problems.append(Problem(ProblemKind.PLEDGE_ITEM_MISSING, sheet=grid.title))
        return None
    return PlannedPledge(places[0], tuple(parties), witness)


def _read_party(record: Record, attendees: Sequence[ReadAttendee]) -> PlannedParty | None:
    name = record.read(Column.PARTY, lambda value: read_name(value, PARTY_LIMIT))
    signer = record.read(Column.SIGNER, lambda value: read_name(value, SIGNER_LIMIT)) or ""
    position = record.read(Column.POSITION, lambda value: read_name(value, POSITION_LIMIT)) or ""
    if name is None:
        return None
    near = [(closeness(signer, one.planned.name), place) for place, one in enumerate(attendees) if signer]
    namesakes = [place for how, place in near if is_whole(signer, how)]
    resembling = [place for how, place in near if how is Closeness.PLAIN]
    if resembling and not namesakes:
        nearest = attendees[resembling[0]].planned.name
        record.unclear.add(Column.SIGNER)
        problem = record.problem(Column.SIGNER, ProblemKind.SIGNER_RESEMBLES, nearest=nearest)
        record.findings.problems.append(problem)
        return None
    of_unit = [place for place in namesakes if fold(attendees[place].planned.unit or "") == fold(name)]
    meant = of_unit or namesakes
    if len(meant) > 1:
        rows = spans_text(sorted(attendees[place].record.row for place in meant))
        record.unclear.add(Column.SIGNER)
        problem = record.problem(Column.SIGNER, ProblemKind.SIGNER_AMBIGUOUS, rows=rows)
        record.findings.problems.append(problem)
        return None
    if not meant:
        return PlannedParty(name, signer, position)
    person = attendees[meant[0]].planned
    return PlannedParty(name, person.name, position or person.position or "", meant[0])


def _take(record: Record, column: Column, kind: ProblemKind, other: int) -> None:
    record.unclear.add(column)
    record.findings.problems.append(record.problem(column, kind, other=other))

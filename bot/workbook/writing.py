"""The workbook that is handed out, always Vietnamese: filled in, with drop-downs, notes and formats."""

import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from bot.wording import workbook as wording
from bot.wording.titles import share_text
from bot.workbook.criteria import criteria_cells
from bot.workbook.layout import (
    BASE_KINDS,
    CHOICES_SHEET,
    CRITERION_KINDS,
    FIELD_TITLES,
    GUIDE_SHEET,
    KINDS,
    QUORUM_KINDS,
    RECIPIENT_KINDS,
    ROLES,
    SHEETS,
    STANDINGS,
    TEMPLATES,
    YES_NO,
    Column,
    Heading,
    Sheet,
    Vocabulary,
)
from bot.workbook.rules import own_rules
from meeting.counting import Threshold
from meeting.names import fold
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem
from meeting.pledges import PlannedPledge
from meeting.titles import PlannedRecipient, PlannedTitle, RecipientKind

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_Value = str | int | date | time | None

_YES = YES_NO.labels[0]

_ROWS_READY = 2_000
"""Rows below the headings that have drop-downs and formats."""

_NATIONAL = re.compile(r"\+84(\d{9})")
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")

_CHOICES: Mapping[Column, Vocabulary[Any]] = {
    Column.TEMPLATE: TEMPLATES,
    Column.HAS_UNION: YES_NO,
    Column.QUORUM_KIND: QUORUM_KINDS,
    Column.BASE_KIND: BASE_KINDS,
    Column.IS_VERIFIED: YES_NO,
    Column.STANDING: STANDINGS,
    Column.ROLE: ROLES,
    Column.KIND: KINDS,
    Column.IS_ADVISORY: YES_NO,
    Column.RECIPIENT_KIND: RECIPIENT_KINDS,
    Column.IS_UNLISTED: YES_NO,
    Column.HAS_CROSS_SCORES: YES_NO,
    Column.CRITERION_KIND: CRITERION_KINDS,
}
_LISTS: tuple[tuple[str, Vocabulary[Any]], ...] = (
    ("Loại hội nghị", TEMPLATES),
    ("Tư cách", STANDINGS),
    ("Vai trò", ROLES),
    ("Loại nội dung", KINDS),
    ("Điều kiện dự họp tính theo", QUORUM_KINDS),
    ("Tỷ lệ tán thành tính theo", BASE_KINDS),
    ("Có hoặc không", YES_NO),
    ("Đối tượng", RECIPIENT_KINDS),
    ("Loại điểm", CRITERION_KINDS),
)
"""The lists on the sheet of lists, one in each column."""


def write_workbook(plan: MeetingPlan, language: str) -> bytes:
    """Give the workbook of a meeting as an .xlsx file that `read_workbook` reads into the same plan.

    `language` is that of the guide and the notes; sheets, headings and words are Vietnamese. Raises KeyError
    for a role that belongs to no meeting.
    """
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        writer = _Writer(workbook, _styles(workbook), language)
        writer.write_guide()
        writer.write_fields(_fields(plan))
        writer.write_table(Sheet.UNITS, [{Column.UNIT_NAME: unit.name} for unit in plan.units])
        writer.write_table(Sheet.ATTENDEES, [_attendee(attendee) for attendee in plan.attendees])
        writer.write_table(Sheet.AGENDA, [_item(item) for item in plan.items])
        writer.write_table(Sheet.PLEDGE, _pledge(plan.pledge))
        units = {fold(unit.name) for unit in plan.units}
        writer.write_table(Sheet.TITLES, [row for title in plan.titles for row in _title(title, units)])
        criteria = [row for scoring in plan.scorings for row in criteria_cells(scoring)]
        writer.write_table(Sheet.CRITERIA, criteria)
        writer.write_choices()
    return content.getvalue()


def _fields(plan: MeetingPlan) -> dict[Column, _Value]:
    own = own_rules(plan.template, plan.starts_at.date(), plan.rules)
    return {
        Column.TITLE: plan.title,
        Column.TEMPLATE: TEMPLATES.label(plan.template),
        Column.HOST: plan.host,
        Column.PLACE: plan.place,
        Column.DATE: plan.starts_at.date(),
        Column.TIME: plan.starts_at.time(),
        Column.TIMEZONE: plan.timezone,
        Column.HEADCOUNT: plan.headcount,
        Column.HAS_UNION: YES_NO.label(plan.has_union),
        Column.QUORUM_KIND: own.quorum_kind and QUORUM_KINDS.label(own.quorum_kind),
        Column.QUORUM: _share(own.quorum),
        Column.BASE_KIND: own.base_kind and BASE_KINDS.label(own.base_kind),
        Column.THRESHOLD: _share(own.threshold),
        Column.RULE_SOURCE: own.source,
        Column.IS_VERIFIED: None if own.is_verified is None else YES_NO.label(own.is_verified),
    }


def _share(threshold: Threshold | None) -> str | None:
    """Give a threshold as `read_share` takes it."""
    if threshold is None:
        return None
    return f"{'trên' if threshold.is_strict else 'ít nhất'} {threshold.numerator}/{threshold.denominator}"


def _attendee(attendee: PlannedAttendee) -> dict[Column, _Value]:
    national = _NATIONAL.sub(r"0\1", attendee.phone) if attendee.phone else None
    return {
        Column.NAME: attendee.name,
        Column.UNIT: attendee.unit,
        Column.POSITION: attendee.position,
        Column.STANDING: STANDINGS.label(attendee.standing),
        Column.ROLE: attendee.role and ROLES.label(attendee.role),
        Column.PHONE: national,
    }


def _item(item: PlannedItem) -> dict[Column, _Value]:
    return {
        Column.ITEM_TITLE: item.title,
        Column.KIND: KINDS.label(item.kind),
        Column.IS_ADVISORY: YES_NO.label(item.is_advisory),
        Column.PRESENTER: item.presenter,
        Column.TEXT: item.text,
    }


def _pledge(pledge: PlannedPledge | None) -> list[dict[Column, _Value]]:
    """Give a row for each party, with the witness in the first."""
    if pledge is None:
        return []
    return [
        {
            Column.PARTY: party.name,
            Column.SIGNER: party.signer,
            Column.POSITION: party.position,
            Column.WITNESS: pledge.witness if party is pledge.parties[0] else None,
        }
        for party in pledge.parties
    ]


def _title(title: PlannedTitle, units: Collection[str]) -> list[dict[Column, _Value]]:
    """Give a row for each recipient, with all that the decision says; `units` are the plan's, folded."""
    return [
        {
            Column.TITLE_NAME: title.title,
            Column.DECISION_NUMBER: title.number,
            Column.DECIDED_ON: title.decided_on,
            Column.ISSUER: title.issuer,
            Column.RECIPIENT_KIND: RECIPIENT_KINDS.label(one.kind),
            Column.RECIPIENT: one.name,
            Column.UNIT: one.unit,
            Column.IS_UNLISTED: _YES if _is_unlisted(one, units) else None,
            Column.QUOTA: None if title.quota is None else share_text(title.quota.share, "vi"),
            Column.QUOTA_OF: None if title.quota is None else title.quota.of,
        }
        for one in title.recipients
    ]


def _is_unlisted(one: PlannedRecipient, units: Collection[str]) -> bool:
    if one.kind is RecipientKind.COLLECTIVE:
        return fold(one.name) not in units
    return one.attendee is None


@dataclass(frozen=True, slots=True)
class _Styles:
    heading: "Format"
    label: "Format"
    text: "Format"
    day: "Format"
    time: "Format"
    number: "Format"
    note: "Format"
    title: "Format"
    plain: "Format"


def _styles(workbook: "Workbook") -> _Styles:
    cell = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    framed = {**cell, "border": 1, "border_color": "#A6A6A6"}
    strong = {**framed, "bold": True, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "vcenter"}
    return _Styles(
        heading=workbook.add_format({**strong, "align": "center"}),
        label=workbook.add_format(strong),
        # Text stays text: no lost zero before a phone number, no 2/3 turned into a day.
        text=workbook.add_format({**framed, "num_format": "@", "text_wrap": True}),
        day=workbook.add_format({**framed, "num_format": "dd/mm/yyyy", "align": "left"}),
        time=workbook.add_format({**framed, "num_format": "hh:mm", "align": "left"}),
        number=workbook.add_format({**framed, "num_format": "0", "align": "left"}),
        note=workbook.add_format({**cell, "italic": True, "text_wrap": True}),
        title=workbook.add_format({**cell, "bold": True, "font_size": 14}),
        plain=workbook.add_format({**cell, "text_wrap": True}),
    )


class _Writer:
    """Writes the sheets, one after the other."""

    def __init__(self, workbook: "Workbook", styles: _Styles, language: str) -> None:
        self._workbook = workbook
        self._styles = styles
        self._language = language

    def write_guide(self) -> None:
        """Write how the workbook is filled in."""
        worksheet = self._workbook.add_worksheet(GUIDE_SHEET)
        worksheet.set_column(0, 0, 110)
        title, *lines = wording.guide_lines(self._language)
        worksheet.write_string(0, 0, title, self._styles.title)
        for row, line in enumerate(lines, start=2):
            worksheet.write_string(row, 0, line, self._styles.plain)
        self._set_page(worksheet)

    def write_fields(self, values: Mapping[Column, _Value]) -> None:
        """Write the meeting's sheet: a row for each thing that is asked."""
        layout = SHEETS[Sheet.MEETING]
        worksheet = self._workbook.add_worksheet(layout.label)
        for column, (title, width) in enumerate(zip(FIELD_TITLES, (30, 60, 70), strict=True)):
            worksheet.set_column(column, column, width)
            worksheet.write_string(0, column, title, self._styles.heading)
        for row, heading in enumerate(layout.headings, start=1):
            worksheet.write_string(row, 0, _marked(heading), self._styles.label)
            self._write(worksheet, row, 1, values[heading.column], self._style_of(heading.column))
            note = wording.column_note(heading.column, self._language)
            worksheet.write_string(row, 2, note, self._styles.note)
            if heading.column in _CHOICES:
                self._offer(worksheet, heading.column, (row, 1), (row, 1))
        worksheet.freeze_panes(1, 1)
        self._set_page(worksheet)

    def write_table(self, sheet: Sheet, records: Sequence[Mapping[Column, _Value]]) -> None:
        """Write a sheet with a row for each record, ready to take more."""
        layout = SHEETS[sheet]
        worksheet = self._workbook.add_worksheet(layout.label)
        last = max(_ROWS_READY, len(records))
        for place, heading in enumerate(layout.headings):
            worksheet.set_column(place, place, heading.width, self._styles.text)
            worksheet.write_string(0, place, _marked(heading), self._styles.heading)
            note = wording.column_note(heading.column, self._language)
            if note:
                worksheet.write_comment(0, place, note, {"x_scale": 2.2, "y_scale": 1.4})
            if heading.column in _CHOICES or (heading.column is Column.UNIT and sheet is Sheet.ATTENDEES):
                self._offer(worksheet, heading.column, (1, place), (last, place))
        for row, record in enumerate(records, start=1):
            for place, heading in enumerate(layout.headings):
                value = row if heading.column is Column.NUMBER else record.get(heading.column)
                self._write(worksheet, row, place, value, self._style_of(heading.column))
        worksheet.freeze_panes(1, 2)
        worksheet.repeat_rows(0)
        self._set_page(worksheet)

    def write_choices(self) -> None:
        """Write the lists that the drop-downs offer."""
        worksheet = self._workbook.add_worksheet(CHOICES_SHEET)
        for place, (title, words) in enumerate(_LISTS):
            worksheet.set_column(place, place, 40)
            worksheet.write_string(0, place, title, self._styles.heading)
            for row, label in enumerate(words.labels, start=1):
                worksheet.write_string(row, place, label, self._styles.plain)
        worksheet.freeze_panes(1, 0)
        self._set_page(worksheet)

    def _style_of(self, column: Column) -> "Format":
        match column:
            case Column.DATE | Column.DECIDED_ON:
                return self._styles.day
            case Column.TIME:
                return self._styles.time
            case Column.HEADCOUNT | Column.NUMBER:
                return self._styles.number
            case _:
                return self._styles.text

    def _write(self, worksheet: "Worksheet", row: int, column: int, value: _Value, style: "Format") -> None:
        match value:
            case None | "":
                worksheet.write_blank(row, column, None, style)
            case str():
                # A text that begins with "=" stays a text.
                worksheet.write_string(row, column, _UNWRITABLE.sub("", value), style)
            case int():
                worksheet.write_number(row, column, value, style)
            case date() | time():
                worksheet.write_datetime(row, column, value, style)

    def _offer(
        self, worksheet: "Worksheet", column: Column, first: tuple[int, int], last: tuple[int, int]
    ) -> None:
        """Offer a list in a range of cells; what isn't on it is stopped."""
        if column is Column.UNIT:
            units = SHEETS[Sheet.UNITS]
            listed = _range(units.label, 1, units.row_limit)
            # Only as far as units are listed: on a blank cell Excel would open the list at its blank end.
            source = f"=OFFSET('{units.label}'!$B$2,0,0,MAX(1,COUNTA({listed})),1)"
        else:
            words = _CHOICES[column]
            place = next(place for place, (_, listed) in enumerate(_LISTS) if listed is words)
            source = f"={_range(CHOICES_SHEET, place, len(words.labels))}"
        worksheet.data_validation(*first, *last, {"validate": "list", "source": source})

    def _set_page(self, worksheet: "Worksheet") -> None:
        worksheet.set_paper(9)  # A4
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)


def _marked(heading: Heading) -> str:
    """Give a heading as it is written: what must be filled in has a star."""
    return f"{heading.label} (*)" if heading.is_required else heading.label


def _range(sheet: str, column: int, count: int) -> str:
    letter = chr(ord("A") + column)
    return f"'{sheet}'!${letter}$2:${letter}${count + 1}"

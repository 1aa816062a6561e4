"""A year of meetings as a workbook and as a picture."""

import io
import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.cards.layout import clipped
from bot.papers.typesetting import typeset_picture
from bot.wording import overview as wording
from bot.wording.labels import item_kind_text
from bot.wording.numbers import percent
from bot.wording.voice import Voice
from meeting.overview import ItemHistory, MeetingSummary, Occurrence, Outcome, Outcomes, Turnout
from meeting.voting import Option
from storage.views import OverviewView

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_MEETINGS_DRAWN, _ITEMS_DRAWN = 15, 20
_TITLE = 80

_SHADES = (
    frozenset({Outcome.UNANIMOUS}),
    frozenset({Outcome.ADOPTED}),
    frozenset({Outcome.REJECTED}),
    frozenset({Outcome.CONSULTED}),
    frozenset({Outcome.AGREED, Outcome.AGREED_WITH_ADDITIONS, Outcome.NOT_AGREED, Outcome.OPINIONS_GIVEN}),
)
"""Which outcomes share a shade of the picture: all that was not counted is one."""

_Cell = str | int


# As a picture


def draw_overview(voice: Voice, view: OverviewView) -> bytes:
    """Give the year as a PNG that a phone shows whole; takes a while: not for the event loop."""
    return typeset_picture("overview.typ", _drawn(voice, view))


def _drawn(voice: Voice, view: OverviewView) -> dict[str, Any]:
    overview = view.overview
    items = [each for each in overview.items if not each.kind.is_procedural]
    years = sorted({one.on.year for each in items for one in each.occurrences})
    remarks = [wording.no_share_text(voice)] if _has_uncounted(items, overview.outcomes) else []
    hidden = max(0, len(items) - _ITEMS_DRAWN) + max(0, len(overview.meetings) - _MEETINGS_DRAWN)
    if hidden:
        remarks.append(wording.shortened_text(voice))
    return {
        "language": voice.language,
        "title": wording.overview_title(voice, overview.year),
        "organisation": view.organisation,
        "lines": [
            wording.turnout_text(voice, each) for each in (overview.people, overview.units) if each.summoned
        ],
        "headings": {
            "attendance": wording.heading_attendance(voice),
            "results": wording.heading_results(voice),
            "items": wording.heading_over_years(voice),
            "item": wording.heading_item(voice),
        },
        "meetings": [_drawn_meeting(voice, each) for each in overview.meetings[:_MEETINGS_DRAWN]],
        "legend": [_shade_text(voice, outcomes) for outcomes in _SHADES],
        "years": [str(year) for year in years],
        "items": [_drawn_item(voice, each, years) for each in items[:_ITEMS_DRAWN]],
        "remarks": remarks,
    }


def _has_uncounted(items: Sequence[ItemHistory], outcomes: Outcomes) -> bool:
    return bool(outcomes.uncounted) or any(
        not one.outcome.is_counted for each in items for one in each.occurrences
    )


def _drawn_meeting(voice: Voice, summary: MeetingSummary) -> dict[str, Any]:
    meeting = summary.meeting
    return {
        "title": f"{wording.short_day(meeting.on)} – {clipped(meeting.title, _TITLE)}",
        "present": meeting.turnout.present,
        "summoned": meeting.turnout.summoned,
        "turnout": wording.short_turnout_text(voice, meeting.turnout),
        "outcomes": [sum(map(summary.outcomes.count, outcomes)) for outcomes in _SHADES],
    }


def _shade_text(voice: Voice, outcomes: frozenset[Outcome]) -> str:
    if len(outcomes) > 1:
        return wording.uncounted_text(voice)
    [outcome] = outcomes
    return wording.outcome_text(voice, outcome)


def _drawn_item(voice: Voice, history: ItemHistory, years: Sequence[int]) -> dict[str, Any]:
    found = {
        year: wording.occurrences_text(voice, occurrences)
        for year, occurrences in groupby(history.occurrences, key=lambda each: each.on.year)
    }
    return {"title": clipped(history.title, _TITLE), "cells": [found.get(year, "") for year in years]}


# As a workbook


def write_overview(voice: Voice, view: OverviewView) -> bytes:
    """Give the year as an .xlsx file: the meetings, and every item over the years. Not for the event loop.

    Shares are texts, as a spreadsheet would round 99,996% up to 100%.
    """
    from xlsxwriter import Workbook

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        meetings, items = _meeting_table(voice, view), _item_table(voice, view)
        _write_table(workbook, wording.sheet_meetings(voice), meetings, (12, 60, 14, 12, 12, 12))
        _write_table(workbook, wording.sheet_items(voice), items, (12, 45, 8, 60, 24, 40, 12, 12, 12))
    return content.getvalue()


def _meeting_table(voice: Voice, view: OverviewView) -> list[list[_Cell]]:
    heads: list[_Cell] = [
        wording.heading_date(voice),
        wording.heading_meeting(voice),
        wording.heading_counted_as(voice),
        wording.heading_summoned(voice),
        wording.heading_present(voice),
        wording.heading_share(voice),
        *(wording.outcome_text(voice, outcome) for outcome in Outcome),
    ]
    rows = [
        [
            wording.short_day(each.meeting.on),
            each.meeting.title,
            *_turnout_cells(voice, each.meeting.turnout),
            *(each.outcomes.count(outcome) for outcome in Outcome),
        ]
        for each in view.overview.meetings
    ]
    totals = [
        [
            str(view.overview.year),
            wording.heading_whole_year(voice),
            *_turnout_cells(voice, turnout),
            *outcomes,
        ]
        for turnout, outcomes in (
            (view.overview.people, [view.overview.outcomes.count(outcome) for outcome in Outcome]),
            (view.overview.units, [""] * len(Outcome)),
        )
        if turnout.summoned
    ]
    return [heads, *rows, *totals]


def _turnout_cells(voice: Voice, turnout: Turnout) -> list[_Cell]:
    reached = percent(turnout.present, turnout.summoned, voice.language) if turnout.summoned else ""
    counted_as = wording.counted_as_text(voice, is_by_units=turnout.is_by_units)
    return [counted_as, turnout.summoned, turnout.present, reached]


def _item_table(voice: Voice, view: OverviewView) -> list[list[_Cell]]:
    heads: list[_Cell] = [
        wording.heading_date(voice),
        wording.heading_meeting(voice),
        wording.heading_number(voice),
        wording.heading_item(voice),
        wording.heading_kind(voice),
        wording.heading_outcome(voice),
        wording.heading_in_favour(voice),
        wording.heading_base(voice),
        wording.heading_share(voice),
    ]
    rows = [_item_cells(voice, one) for each in view.overview.items for one in each.occurrences]
    return [heads, *rows]


def _item_cells(voice: Voice, occurrence: Occurrence) -> list[_Cell]:
    item = occurrence.item
    cells: list[_Cell] = [
        wording.short_day(occurrence.on),
        occurrence.meeting,
        item.number,
        item.title,
        item_kind_text(voice, item.kind, is_advisory=occurrence.outcome.is_advisory),
        wording.outcome_text(voice, occurrence.outcome),
    ]
    if item.tally is None or item.tally.base == 0:
        return [*cells, "", "", ""]
    yes, base = item.tally.count(Option.YES), item.tally.base
    return [*cells, yes, base, percent(yes, base, voice.language)]


def _write_table(
    workbook: "Workbook", name: str, table: Sequence[Sequence[_Cell]], widths: Sequence[int]
) -> None:
    worksheet = workbook.add_worksheet(name)
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    plain = workbook.add_format({"text_wrap": True, "valign": "top", "border": 1})
    number = workbook.add_format({"num_format": "0", "valign": "top", "border": 1})
    for place in range(len(table[0])):
        worksheet.set_column(place, place, widths[place] if place < len(widths) else 16)
    for row, cells in enumerate(table):
        for place, value in enumerate(cells):
            if isinstance(value, int):
                worksheet.write_number(row, place, value, number)
            else:
                # A text that begins with "=" stays a text.
                worksheet.write_string(row, place, _UNWRITABLE.sub("", value), plain if row else heading)
    worksheet.freeze_panes(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)

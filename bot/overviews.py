"""A year of an organisation's meetings for the operator: the JSON of `overview --json`, and a table."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from bot.wording.numbers import percent
from bot.wording.overview import short_day, short_turnout_text
from bot.wording.voice import Voice
from meeting.overview import Occurrence, Outcome, Outcomes, Turnout
from meeting.voting import Option
from storage.views import OverviewView


def overview_json(view: OverviewView) -> dict[str, Any]:
    """Give the year as JSON values; what was agreed without a count has no `vote`."""
    overview = view.overview
    return {
        "organisation": view.organisation,
        "year": overview.year,
        "years": list(view.years),
        "not_held": view.not_held,
        "cancelled": view.cancelled,
        "people": _turnout(overview.people),
        "units": _turnout(overview.units),
        "outcomes": _outcomes(overview.outcomes),
        "meetings": [
            {
                "meeting": each.meeting.meeting_id,
                "title": each.meeting.title,
                "on": each.meeting.on.isoformat(),
                "is_by_units": each.meeting.turnout.is_by_units,
                **_turnout(each.meeting.turnout),
                "outcomes": _outcomes(each.outcomes),
            }
            for each in overview.meetings
        ],
        "items": [
            {
                "title": history.title,
                "kind": history.kind.value,
                "occurrences": [_occurrence(each) for each in history.occurrences],
            }
            for history in overview.items
        ],
        "kinds": [
            {
                "kind": history.kind.value,
                "years": [{"year": year, "outcomes": _outcomes(found)} for year, found in history.years],
            }
            for history in overview.kinds
        ],
    }


def _turnout(turnout: Turnout) -> dict[str, Any]:
    share = turnout.share
    return {
        "present": turnout.present,
        "summoned": turnout.summoned,
        "share": None if share is None else str(share),
        # Always as the official papers have it.
        "percent": None if share is None else percent(turnout.present, turnout.summoned, "vi"),
    }


def _outcomes(outcomes: Outcomes) -> dict[str, int]:
    return {outcome.value: outcomes.count(outcome) for outcome in Outcome}


def _occurrence(occurrence: Occurrence) -> dict[str, Any]:
    tally = occurrence.item.tally
    vote = None
    if tally is not None:
        yes = tally.count(Option.YES)
        vote = {
            "yes": yes,
            "base": tally.base,
            "percent": percent(yes, tally.base, "vi") if tally.base else None,
        }
    return {
        "meeting": occurrence.meeting_id,
        "on": occurrence.on.isoformat(),
        "number": occurrence.item.number,
        "title": occurrence.item.title,
        "outcome": occurrence.outcome.value,
        "vote": vote,
    }


def overview_table(view: OverviewView, voice: Voice) -> Table:
    """Give the year's meetings with turnout and how many items were decided how. Fits 80 columns."""
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("Day", width=10)
    table.add_column("Meeting", ratio=1)
    table.add_column("Present", justify="right", max_width=16)
    for heading, width in (("By a count", 8), ("Of them 100%", 8), ("Uncounted", 9), ("Opinions", 8)):
        table.add_column(heading, justify="right", max_width=width)
    for each in view.overview.meetings:
        outcomes = each.outcomes
        table.add_row(
            short_day(each.meeting.on),
            Text(each.meeting.title),
            short_turnout_text(voice, each.meeting.turnout),
            str(outcomes.counted),
            str(outcomes.count(Outcome.UNANIMOUS)),
            str(outcomes.uncounted),
            str(outcomes.advised),
        )
    return table

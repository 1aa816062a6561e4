"""A meeting's results for machines: what `results --json` prints and the demo leaves as results.json."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.wording.numbers import percent
from meeting.attendance import Attendance
from meeting.counting import Threshold
from meeting.tally import Tally
from meeting.voting import Option
from storage.views import ItemResult, ResultsView, VoteView


def results_json(view: ResultsView) -> dict[str, Any]:
    """Give the results as JSON values: times in ISO 8601 with the offset of the meeting's zone.

    The attendance is that of the chair's statement; before it, as it is now, and `stated_at` is null. Items
    that are undecided, or counted and not announced yet, are left out.
    """
    zone = ZoneInfo(view.meeting.timezone)
    statement = view.statement
    return {
        "meeting": view.meeting.title,
        "attendance": _attendance(
            view.attendance if statement is None else statement.attendance,
            None if statement is None else _time(statement.stated_at, zone),
        ),
        "items": [_item(result, zone) for result in view.items],
    }


def _attendance(attendance: Attendance, stated_at: str | None) -> dict[str, Any]:
    return {
        "headcount": attendance.headcount,
        "summoned": attendance.summoned,
        "present": attendance.present,
        "excused": attendance.excused,
        "quorum": _fraction(attendance.quorum.threshold),
        "has_quorum": attendance.has_quorum,
        "stated_at": stated_at,
    }


def _item(result: ItemResult, zone: ZoneInfo) -> dict[str, Any]:
    item, vote = result.item, result.vote
    return {
        "number": item.number,
        "title": item.title,
        "kind": item.kind.value,
        "decision": None if item.decision is None else item.decision.value,
        "counted": item.is_counted,
        "vote": None if vote is None or vote.tally is None else _vote(vote, vote.tally, zone),
    }


def _vote(vote: VoteView, tally: Tally, zone: ZoneInfo) -> dict[str, Any]:
    sign = ">" if vote.threshold.is_strict else ">="
    yes = tally.count(Option.YES)
    return {
        "yes": yes,
        "no": tally.count(Option.NO),
        "other": tally.count(Option.OTHER),
        "abstain": tally.count(Option.ABSTAIN),
        "not_voted": tally.not_voted,
        "base": tally.base,
        "base_kind": vote.base_kind.value,
        "threshold": f"{sign}{_fraction(vote.threshold)}",
        "method": vote.method.value,
        # Always as the official papers have it.
        "percent": percent(yes, tally.base, "vi") if tally.base else None,
        "is_unanimous": tally.is_unanimous,
        "opened_at": _time(vote.opened_at, zone),
        "closed_at": _time(vote.closed_at, zone),
        "announced_at": _time(vote.announced_at, zone),
        "run": vote.run,
    }


def _fraction(threshold: Threshold) -> str:
    return f"{threshold.numerator}/{threshold.denominator}"


def _time(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")

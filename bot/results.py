"""A meeting's results for the operator: the JSON of `results --json` and results.json, and a table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from bot.wording.labels import decision_text
from bot.wording.numbers import percent
from bot.wording.voice import Voice
from meeting.attendance import Attendance
from meeting.counting import Threshold
from meeting.opinions import OUTCOMES, OpinionState
from meeting.pledges import Party, Pledge
from meeting.scoring import ScoringState
from meeting.tally import Tally
from meeting.voting import Option
from storage.views import (
    ItemResult,
    OpinionsView,
    RankingView,
    ResultsView,
    ScoringLine,
    SpeechView,
    TurnView,
    VersionView,
    VoteView,
)


def results_json(view: ResultsView) -> dict[str, Any]:
    """Give the results as JSON values: times in ISO 8601 with the offset of the meeting's zone.

    The attendance is that of the chair's statement; before it, as it is now, and `stated_at` is null. Items
    that are undecided, or counted and not announced yet, are left out.
    """
    zone = ZoneInfo(view.meeting.timezone)
    statement = view.statement
    numbers: dict[int | None, int] = {result.item.item_id: result.item.number for result in view.items}
    return {
        "meeting": view.meeting.title,
        "attendance": _attendance(
            view.attendance if statement is None else statement.attendance,
            None if statement is None else _time(statement.stated_at, zone),
        ),
        "items": [_item(result, view.text_of(result), zone) for result in view.items],
        "versions": [_version(version, view, zone) for version in view.versions if version.text],
        "opinions": [] if view.opinions is None else _opinions(view.opinions, zone),
        "pledge": None if view.pledge is None else _pledge(view.pledge, zone),
        "titles": [
            {
                "title": title.title,
                "collectives": title.counts.collectives,
                "individuals": title.counts.individuals,
            }
            for title in view.titles
        ],
        "scores": _scores(view, numbers, zone),
        "speakers": [_speaker(turn, numbers, zone) for turn in view.spoken],
        "speeches": [_speech(speech, numbers, zone) for speech in view.speeches],
    }


def _opinions(view: OpinionsView, zone: ZoneInfo) -> list[dict[str, Any]]:
    """All opinions by their numbers; of a hidden one neither what it says nor why it is hidden."""
    items: dict[int | None, int] = {item.item_id: item.number for item in view.items}
    numbers: dict[int | None, int] = {opinion.opinion_id: opinion.number for opinion in view.opinions}
    return [
        {
            "number": opinion.number,
            "item": items.get(opinion.item_id),
            "kind": opinion.kind.value,
            "name": opinion.author,
            "unit": opinion.unit,
            "text": None if opinion.state is OpinionState.HIDDEN else opinion.text,
            "state": opinion.state.value,
            "merged_into": numbers.get(opinion.merged_into_id),
            "answer": (opinion.answer or None) if opinion.state in OUTCOMES else None,
            "is_in_text": opinion.is_in_text,
            "sent_at": _time(opinion.sent_at, zone),
            "decided_at": _time(opinion.decided_at, zone),
        }
        for opinion in view.opinions
    ]


def _pledge(pledge: Pledge, zone: ZoneInfo) -> dict[str, Any]:
    """The pledge with all its parties; `state` is null for one that has not confirmed the fixed text."""
    frozen = pledge.frozen
    return {
        "kind": pledge.kind.value,
        "version": None if frozen is None else frozen.version,
        "sha256": None if frozen is None else frozen.sha256,
        "is_complete": pledge.is_complete,
        "witness": pledge.witness or None,
        "parties": [_party(party, zone, is_confirmed=party in pledge.confirmed) for party in pledge.parties],
    }


def _party(party: Party, zone: ZoneInfo, *, is_confirmed: bool) -> dict[str, Any]:
    done = party.confirmation if is_confirmed else None
    return {
        "name": party.name,
        "signer": party.signer or None,
        "state": None if done is None else done.state.value,
        "at": None if done is None else _time(done.at, zone),
        "evidence_sha256": None if done is None else done.evidence_sha256,
    }


def _scores(view: ResultsView, numbers: Mapping[int | None, int], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Rankings that were decided on here, then how far the scorings have come by criteria adopted here."""
    decided = [each for each in view.rankings if each.decided_at is not None]
    ranked = {each.scoring_id for each in decided}
    others = [each for each in view.scorings if each.is_adopted and each.scoring_id not in ranked]
    return [*(_ranking(each, numbers, zone) for each in decided), *map(_scoring, others)]


def _scoring(line: ScoringLine) -> dict[str, Any]:
    """A scoring whose ranking was not decided on in this meeting: nobody's points."""
    return {
        "criteria": line.title,
        "scale": f"{line.scale:f}",
        "state": line.state.value,
        "units": line.units,
        "handed_in": line.handed_in,
        "item": None,
        "decided_at": None,
        "ranking": [],
    }


def _ranking(view: RankingView, numbers: Mapping[int | None, int], zone: ZoneInfo) -> dict[str, Any]:
    """A ranking that was decided on: points as texts, as they are exact; null where a unit has no sheet."""
    return {
        "criteria": view.title,
        "scale": f"{view.scale:f}",
        "state": ScoringState.DECIDED.value,
        "units": len(view.ranking),
        "handed_in": sum(each.total is not None for each in view.ranking),
        "item": numbers.get(view.item_id),
        "decided_at": _time(view.decided_at, zone),
        "ranking": [
            {
                "unit": each.unit,
                "points": None if each.total is None else f"{each.total:f}",
                "rank": each.rank,
            }
            for each in view.ranking
        ],
    }


def _speaker(turn: TurnView, numbers: Mapping[int | None, int], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": turn.name,
        "unit": turn.unit,
        "topic": turn.topic,
        "item": numbers.get(turn.item_id),
        "began_at": _time(turn.began_at, zone),
        "ended_at": _time(turn.ended_at, zone),
    }


def _speech(speech: SpeechView, numbers: Mapping[int | None, int], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "kind": speech.kind.value,
        "speaker": speech.speaker,
        "position": speech.position,
        "text": speech.text,
        "item": numbers.get(speech.item_id),
        "recorded_at": _time(speech.made_at, zone),
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


def _version(version: VersionView, view: ResultsView, zone: ZoneInfo) -> dict[str, Any]:
    """A version of an item's text; `is_decided` tells whether it is the one that was decided on."""
    decided = [text for text in map(view.text_of, view.items) if text is not None]
    return {
        "item": version.number,
        "version": version.version,
        "sha256": version.sha256,
        "addition": version.addition or None,
        "opinion": version.opinion,
        "paper": version.paper,
        "made_at": _time(version.made_at, zone),
        "is_decided": version in decided,
    }


def _item(result: ItemResult, text: VersionView | None, zone: ZoneInfo) -> dict[str, Any]:
    item, vote = result.item, result.vote
    return {
        "number": item.number,
        "title": item.title,
        "kind": item.kind.value,
        "decision": None if item.decision is None else item.decision.value,
        "counted": item.is_counted,
        "version": None if text is None else text.version,
        "additions": list(item.additions),
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


def results_table(view: ResultsView, voice: Voice) -> Table:
    """Give each item with its decision; counts and share only where there was a count. Fits 80 columns."""
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column("No.", justify="right")
    table.add_column("Item", ratio=1)
    table.add_column("Decision", max_width=14)
    for heading, width in (("In favour", 7), ("Against", 7), ("Other", 5), ("Not voted", 5), ("%", 6)):
        table.add_column(heading, justify="right", max_width=width)
    for result in view.items:
        item = result.item
        decision = "" if item.decision is None else decision_text(voice, item.decision)
        table.add_row(str(item.number), Text(item.title), decision, *_counts(result, voice.language))
    return table


def _counts(result: ItemResult, language: str) -> tuple[str, ...]:
    tally = None if result.vote is None else result.vote.tally
    if tally is None:
        return ("–",)
    yes = tally.count(Option.YES)
    share = percent(yes, tally.base, language) if tally.base else ""
    others = (tally.count(Option.NO), tally.count(Option.OTHER), tally.not_voted)
    return (f"{yes}/{tally.base}", *map(str, others), share)

"""Why points, sheets, criteria or a ranking aren't taken, and what to do next."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.wording.dates import moment_text
from bot.wording.numbers import official_count, plain_count, points_text
from bot.wording.voice import Voice, say
from meeting.points import PLACES
from meeting.refusals import Refusal


def scoring_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    """Say why something about scores isn't done.

    Facts that make it more exact: `found`, `plain`, `exact` (texts), `most`, `sum`, `scale` (points),
    `limit`, `line`, `missing`, `count` (numbers), `deadline_at` (an instant).
    """
    if reason in _OF_POINTS:
        return _points_refused(voice, reason, facts)
    if reason in _OF_CRITERIA:
        return _criteria_refused(voice, reason, facts)
    if reason in _OF_ITEMS:
        return _item_refused(voice, reason)
    if reason in _OF_SHEETS:
        return _sheet_refused(voice, reason, facts)
    return _ranking_refused(voice, reason)


_OF_POINTS = frozenset(
    {
        Refusal.POINTS_UNREADABLE,
        Refusal.POINTS_AMBIGUOUS,
        Refusal.POINTS_NEGATIVE,
        Refusal.POINTS_TOO_FINE,
        Refusal.POINTS_BEYOND,
        Refusal.POINTS_ZERO,
    }
)
_OF_CRITERIA = frozenset(
    {
        Refusal.CRITERIA_MISSING,
        Refusal.CRITERIA_TOO_MANY,
        Refusal.CRITERIA_SUM,
        Refusal.CRITERION_UNREADABLE,
        Refusal.NO_UNITS,
    }
)
_OF_ITEMS = frozenset(
    {
        Refusal.CRITERIA_FIXED,
        Refusal.CRITERIA_ADVISORY,
        Refusal.CRITERIA_NOT_ADOPTED,
        Refusal.ITEM_SCORES,
    }
)
_OF_SHEETS = frozenset(
    {
        Refusal.SCORING_NOT_OPEN,
        Refusal.SCORING_STILL_OPEN,
        Refusal.SCORING_CLOSED,
        Refusal.NOT_REPRESENTATIVE,
        Refusal.OWN_SHEET,
        Refusal.NO_CROSS_SCORES,
        Refusal.SHEET_INCOMPLETE,
        Refusal.SHEET_MISSING,
    }
)


def _points_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    match reason:
        case Refusal.POINTS_AMBIGUOUS if "plain" in facts:
            return say(
                voice,
                "“%(found)s” may be a thousand or a fraction. Write %(plain)s or %(exact)s.",
                found=facts["found"],
                plain=facts["plain"],
                exact=facts["exact"],
            )
        case Refusal.POINTS_AMBIGUOUS:
            return say(voice, "These points can be read in two ways. Write thousands without a point.")
        case Refusal.POINTS_NEGATIVE:
            return say(voice, "Points are never negative. Write how much is taken off without a minus sign.")
        case Refusal.POINTS_TOO_FINE:
            return say(voice, "Points have at most %(places)s decimal places.", places=PLACES)
        case Refusal.POINTS_BEYOND:
            match facts.get("most"):
                case Decimal() as most:
                    text = points_text(most, voice.language)
                    return say(voice, "At most %(most)s points are possible here.", most=text)
                case _:
                    return say(voice, "These are more points than the criterion gives at most.")
        case Refusal.POINTS_ZERO:
            return say(voice, "A scale and a criterion need a most above 0.")
        case _:
            example = points_text(Decimal("9.5"), voice.language)
            return say(voice, "These are no points. Type a number, for example %(example)s.", example=example)


def _criteria_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    match reason:
        case Refusal.CRITERIA_SUM:
            match facts.get("sum"), facts.get("scale"):
                case Decimal() as total, Decimal() as scale:
                    return say(
                        voice,
                        "The points of the criteria come to %(sum)s, but the scale is %(scale)s. Correct "
                        "them; bonus and penalty don't count here.",
                        sum=points_text(total, voice.language),
                        scale=points_text(scale, voice.language),
                    )
                case _:
                    return say(voice, "The points of the criteria don't come to the scale. Correct them.")
        case Refusal.CRITERIA_TOO_MANY:
            return say(voice, "These are too many criteria. Put some together.")
        case Refusal.CRITERION_UNREADABLE:
            match facts.get("line"):
                case int() as line:
                    return say(
                        voice,
                        "Line %(line)s can't be read. Write: section; criterion; most. Before the most "
                        "“bonus” or “penalty” may stand.",
                        line=plain_count(line, voice.language),
                    )
                case _:
                    return say(voice, "A line can't be read. Write: section; criterion; most.")
        case Refusal.NO_UNITS:
            return say(voice, "No units with delegates take part in this meeting, so nobody can be scored.")
        case _:
            return say(voice, "There are no criteria yet. Whoever prepares the meeting enters them first.")


def _item_refused(voice: Voice, reason: Refusal) -> str:
    match reason:
        case Refusal.CRITERIA_FIXED:
            return say(voice, "The criteria are adopted or being voted on, and can't be changed any more.")
        case Refusal.CRITERIA_ADVISORY:
            return say(
                voice,
                "The meeting only gives its opinion on this item, so that it can't adopt criteria with it. "
                "Have the meeting decide on it first, or take another item.",
            )
        case Refusal.ITEM_SCORES:
            return say(
                voice,
                "Criteria or a ranking are put to this item, which the meeting itself decides on. "
                "It stays so.",
            )
        case _:
            return say(voice, "The criteria are not adopted yet. Units score once the meeting adopted them.")


def _sheet_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    match reason:
        case Refusal.SCORING_NOT_OPEN:
            return say(voice, "Scoring has not been opened yet. The units are told when it is.")
        case Refusal.SCORING_STILL_OPEN:
            return say(voice, "The units are still scoring. Wait for the deadline, or end the scoring first.")
        case Refusal.SCORING_CLOSED:
            match facts.get("deadline_at"):
                case datetime() as at:
                    return say(
                        voice,
                        "The units' scoring ended at %(moment)s. Tell the secretary what is still missing.",
                        moment=moment_text(voice, at),
                    )
                case _:
                    return say(voice, "The units' scoring has ended. Tell the secretary what is missing.")
        case Refusal.NOT_REPRESENTATIVE:
            return say(voice, "Only the unit's delegates fill its sheet. If you are one, tell the secretary.")
        case Refusal.OWN_SHEET:
            return say(
                voice, "Nobody cross-scores or verifies the own unit. Leave this sheet to somebody else."
            )
        case Refusal.NO_CROSS_SCORES:
            return say(voice, "In this cluster units don't score each other, only themselves.")
        case Refusal.SHEET_INCOMPLETE:
            match facts.get("missing"):
                case int() as missing:
                    count = official_count(missing, voice.language)
                    return say(
                        voice,
                        "Criteria without points: %(count)s. Fill them in first, with 0 if need be.",
                        count=count,
                    )
                case _:
                    return say(voice, "Some criteria have no points yet. Fill them in, with 0 if need be.")
        case _:
            return say(voice, "This unit has not handed in its sheet, so there is nothing to verify.")


def _ranking_refused(voice: Voice, reason: Refusal) -> str:
    match reason:
        case Refusal.SHEETS_NOT_VERIFIED:
            return say(voice, "Not all sheets that were handed in are verified. Verify them first.")
        case Refusal.NO_SHEETS:
            return say(voice, "No unit has handed in its sheet, so there is no ranking yet.")
        case Refusal.RANKING_NOT_PUT:
            return say(
                voice,
                "The ranking has not been put to the meeting yet; until then only the lead unit and the "
                "secretary see it.",
            )
        case Refusal.RANKING_PUT:
            return say(voice, "The ranking is before the meeting. Take it back first to change something.")
        case Refusal.RANKING_DECIDED:
            return say(voice, "The meeting has decided on this ranking; it can't be changed any more.")
        case _:
            return say(
                voice, "The ranking can't be put to this item: choose one that is to be decided on still."
            )

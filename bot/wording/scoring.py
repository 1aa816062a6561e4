"""What is said about scoring: criteria, sheets, the ranking, and what is asked for."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import assert_never

from bot.wording.dates import moment_text
from bot.wording.numbers import official_count, points_text, share
from bot.wording.voice import Voice, say
from meeting.scoring import Criterion, CriterionKind, Ranked, ScoringState
from storage.views import RankingView, ScoringLine


def state_text(voice: Voice, state: ScoringState, deadline_at: datetime | None, *, is_adopted: bool) -> str:
    """Give where a scoring stands, in one sentence."""
    match state:
        case ScoringState.PREPARING if is_adopted:
            return say(voice, "The criteria are adopted. Scoring has not been opened yet.")
        case ScoringState.PREPARING:
            return say(voice, "The criteria are not adopted yet.")
        case ScoringState.OPEN if deadline_at is not None:
            return say(voice, "The units score until %(moment)s.", moment=moment_text(voice, deadline_at))
        case ScoringState.OPEN:
            return say(voice, "The units are scoring.")
        case ScoringState.VERIFYING:
            return say(voice, "The units' scoring is over; their sheets are being verified.")
        case ScoringState.PUT:
            return say(voice, "The ranking is before the meeting.")
        case ScoringState.DECIDED:
            return say(voice, "The meeting has decided on the ranking.")
    assert_never(state)


def handed_in_text(voice: Voice, handed_in: int, units: int) -> str:
    """Give how many units have handed in their own sheet."""
    return say(voice, "Sheets handed in: %(count)s.", count=share(handed_in, units, voice.language))


def line_text(voice: Voice, line: ScoringLine) -> str:
    """Give how far a scoring has come, on one line."""
    state = state_text(voice, line.state, line.deadline_at, is_adopted=line.is_adopted)
    if line.state in {ScoringState.OPEN, ScoringState.VERIFYING}:
        return f"{state} {handed_in_text(voice, line.handed_in, line.units)}"
    return state


def most_text(voice: Voice, criterion: Criterion) -> str:
    """Give what a criterion gives at most: "tối đa 20", "thưởng tối đa 5", "trừ tối đa 10"."""
    most = points_text(criterion.most, voice.language)
    match criterion.kind:
        case CriterionKind.POINTS:
            return say(voice, "at most %(most)s", most=most)
        case CriterionKind.BONUS:
            return say(voice, "bonus of at most %(most)s", most=most)
        case CriterionKind.PENALTY:
            return say(voice, "at most %(most)s taken off", most=most)
    assert_never(criterion.kind)


def kind_text(voice: Voice, kind: CriterionKind) -> str:
    """Name a kind of criterion."""
    match kind:
        case CriterionKind.POINTS:
            return say(voice, "points")
        case CriterionKind.BONUS:
            return say(voice, "bonus")
        case CriterionKind.PENALTY:
            return say(voice, "penalty")
    assert_never(kind)


def given_text(voice: Voice, criterion: Criterion, points: Decimal | None) -> str:
    """Give the points for a criterion as they are on a sheet."""
    if points is None and criterion.kind is CriterionKind.POINTS:
        return say(voice, "no points yet")
    if points is None:
        return say(voice, "none")
    text = points_text(points, voice.language)
    return f"−{text}" if criterion.kind is CriterionKind.PENALTY and points else text


def mean_text(mean: Fraction, language: str) -> str:
    """Give a mean of points with two decimals, rounded half up: nothing is decided by it."""
    exact = Decimal(mean.numerator) / Decimal(mean.denominator)
    return points_text(exact.quantize(Decimal("0.01"), ROUND_HALF_UP), language)


def total_text(voice: Voice, total: Decimal | None) -> str:
    """Give a total, or that there is no sheet: missing is never zero."""
    if total is None:
        return say(voice, "no sheet")
    return say(voice, "%(points)s points", points=points_text(total, voice.language))


def ranked_text(voice: Voice, ranked: Ranked) -> str:
    """Give a line of the ranking: "1. Sở Nội vụ: 96,5 điểm"; without a sheet it has no rank."""
    rank = "–" if ranked.rank is None else f"{ranked.rank}."
    return f"{rank} {ranked.unit}: {total_text(voice, ranked.total)}"


def ranking_state_text(voice: Voice, view: RankingView) -> str:
    """Give whether the meeting has decided on a ranking that was put to it."""
    if view.decided_at is None:
        return say(voice, "The meeting decides on it with the item.")
    return say(
        voice, "The meeting has decided on it: %(moment)s.", moment=moment_text(voice, view.decided_at)
    )


# What is asked for


def scale_wanted(voice: Voice, item: str) -> str:
    """Ask for the scale."""
    return say(voice, "What do the points come to at most, bonus left out? For: %(item)s", item=item)


def criteria_wanted(voice: Voice, scale: str) -> str:
    """Ask for the criteria."""
    return say(
        voice,
        "Type the criteria, one on each line: section; criterion; most. The points come to %(scale)s. "
        "Before the most, “bonus” or “penalty” may stand.",
        scale=scale,
    )


def criteria_example(voice: Voice) -> str:
    """Give lines as they are typed."""
    return say(voice, "I. Movements; Held the yearly movement; 20")


def lead_wanted(voice: Voice) -> str:
    """Ask which unit leads."""
    return say(voice, "Which unit leads the cluster and verifies the sheets?")


def cross_wanted(voice: Voice) -> str:
    """Ask whether units score each other."""
    return say(voice, "Do the units score each other, too? The lead sees it beside their own points.")


def deadline_wanted(voice: Voice) -> str:
    """Ask until when the units score."""
    return say(voice, "Until when do the units score?")


def points_wanted(voice: Voice, criterion: Criterion) -> str:
    """Ask for points."""
    return say(
        voice,
        "Points for “%(criterion)s” (%(most)s):",
        criterion=criterion.text,
        most=most_text(voice, criterion),
    )


def evidence_wanted(voice: Voice) -> str:
    """Ask for evidence."""
    return say(voice, "What shows it? Type it, or send a file; it may be left out.")


def reason_wanted(voice: Voice) -> str:
    """Ask why points are changed."""
    return say(voice, "Why are the points changed? The reason goes into the table.")


def sheet_wanted(voice: Voice, unit: str) -> str:
    """Ask for a sheet that was handed out to be filled in."""
    return say(
        voice,
        "Fill in the column of points and send the file back here. It is taken whole or not at all. "
        "Sheet of: %(unit)s",
        unit=unit,
    )


def item_wanted(voice: Voice) -> str:
    """Ask with which item the meeting decides."""
    return say(voice, "With which item does the meeting decide on the ranking? All attendees see it then.")


def end_sure(voice: Voice, handed_in: int, units: int) -> str:
    """Ask once more whether the units' scoring ends."""
    text = handed_in_text(voice, handed_in, units)
    return say(voice, "End the units' scoring now? %(text)s", text=text)


def take_back_sure(voice: Voice) -> str:
    """Ask once more whether a ranking is taken back."""
    return say(voice, "Take the ranking back? The attendees no longer see it.")


# What became of it


def criteria_put(voice: Voice) -> str:
    """Say that criteria are stored."""
    return say(voice, "The criteria are stored. They hold once the meeting adopts the item.")


def scoring_opened(voice: Voice, told: int) -> str:
    """Say that scoring is open, and how many were told."""
    count = official_count(told, voice.language)
    return say(voice, "Scoring is open. Delegates told: %(count)s.", count=count)


def scoring_ended(voice: Voice) -> str:
    """Say that scoring is over."""
    return say(voice, "The units' scoring is over. The sheets can be verified now.")


def score_put(voice: Voice, total: Decimal, missing: int) -> str:
    """Say that points are recorded, and what is missing still."""
    points = points_text(total, voice.language)
    if not missing:
        return say(voice, "Recorded. Total: %(points)s.", points=points)
    count = official_count(missing, voice.language)
    return say(voice, "Recorded. Total so far: %(points)s; missing: %(count)s.", points=points, count=count)


def sheet_handed_in(voice: Voice, total: Decimal) -> str:
    """Say that a sheet is handed in."""
    points = points_text(total, voice.language)
    return say(voice, "Handed in: %(points)s points. It may be changed until the end.", points=points)


def sheet_verified(voice: Voice, total: Decimal) -> str:
    """Say that a sheet is verified."""
    return say(voice, "Verified: %(points)s points.", points=points_text(total, voice.language))


def ranking_put(voice: Voice) -> str:
    """Say that the ranking is before the meeting."""
    return say(voice, "The ranking is before the meeting; all attendees see it now.")


def ranking_taken_back(voice: Voice) -> str:
    """Say that the ranking is taken back."""
    return say(voice, "The ranking is taken back; sheets can be verified again.")

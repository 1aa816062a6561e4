"""A year of meetings in words: shares only of what was counted, agreement without a count apart."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from bot.wording.numbers import official_count, percent, share
from bot.wording.voice import Voice, say, say_plural
from meeting.overview import Occurrence, Outcome, Outcomes, Turnout
from meeting.voting import Option

_OCCURRENCES_SHOWN = 2


def overview_title(voice: Voice, year: int) -> str:
    """Give the heading."""
    return say(voice, "Overview of %(year)s", year=year)


def button_overview(voice: Voice, year: int) -> str:
    """Give the button to a year's overview."""
    return say(voice, "Overview of %(year)s", year=year)


def short_day(on: date) -> str:
    """Give a day for a table: "30/12/2021"."""
    return f"{on:%d/%m/%Y}"


def outcome_text(voice: Voice, outcome: Outcome) -> str:
    """Give how an item ended; without a count it says so."""
    match outcome:
        case Outcome.UNANIMOUS:
            return say(voice, "adopted by 100%%")
        case Outcome.ADOPTED:
            return say(voice, "adopted, not by 100%%")
        case Outcome.REJECTED:
            return say(voice, "not adopted")
        case Outcome.CONSULTED:
            return say(voice, "opinions given, counted")
        case Outcome.AGREED:
            return say(voice, "agreed (not counted)")
        case Outcome.AGREED_WITH_ADDITIONS:
            return say(voice, "agreed in principle, with additions (not counted)")
        case Outcome.NOT_AGREED:
            return say(voice, "not agreed (not counted)")
        case Outcome.OPINIONS_GIVEN:
            return say(voice, "opinions given (not counted)")
        case Outcome.HEARD:
            return say(voice, "heard")
    assert_never(outcome)


def turnout_text(voice: Voice, turnout: Turnout) -> str:
    """Give who was present of those summoned: "46/48 đại biểu được triệu tập (đạt 95,83%)"."""
    who = say(voice, "units summoned") if turnout.is_by_units else say(voice, "delegates summoned")
    counted = share(turnout.present, turnout.summoned, voice.language)
    if turnout.summoned == 0:
        return f"{counted} {who}"
    reached = percent(turnout.present, turnout.summoned, voice.language)
    return say(voice, "%(counted)s %(who)s (%(percent)s)", counted=counted, who=who, percent=reached)


def short_turnout_text(voice: Voice, turnout: Turnout) -> str:
    """Give the same for a line among others: "46/48 (95,83%)", "7/7 đơn vị (100%)"."""
    counted = share(turnout.present, turnout.summoned, voice.language)
    if turnout.is_by_units:
        counted = f"{counted} {say(voice, 'units')}"
    if turnout.summoned == 0:
        return counted
    return f"{counted} ({percent(turnout.present, turnout.summoned, voice.language)})"


def outcomes_text(voice: Voice, outcomes: Outcomes) -> str:
    """Give how many items ended in which way, those decided by a count first."""
    parts = [
        f"{outcome_text(voice, outcome)}: {official_count(outcomes.count(outcome), voice.language)}"
        for outcome in Outcome
        if outcomes.count(outcome)
    ]
    return "; ".join(parts) if parts else say(voice, "nothing decided")


def decided_text(voice: Voice, outcomes: Outcomes) -> str:
    """Give how many items were decided by a count, how many of these by all, and how many without one.

    Those that the meeting only gave its opinion on stand apart.
    """
    parts = []
    if outcomes.counted:
        parts.append(
            say(
                voice,
                "decided by a count: %(counted)s, of them by 100%%: %(unanimous)s",
                counted=official_count(outcomes.counted, voice.language),
                unanimous=official_count(outcomes.count(Outcome.UNANIMOUS), voice.language),
            )
        )
    if outcomes.uncounted:
        parts.append(uncounted_outcomes_text(voice, outcomes))
    if outcomes.advised:
        parts.append(advised_text(voice, outcomes))
    return "; ".join(parts) or say(voice, "nothing decided")


def uncounted_outcomes_text(voice: Voice, outcomes: Outcomes) -> str:
    """Give how many items were agreed or decided otherwise without a count."""
    return say(voice, "without a count: %(count)s", count=official_count(outcomes.uncounted, voice.language))


def advised_text(voice: Voice, outcomes: Outcomes) -> str:
    """Give on how many items the meeting gave its opinion, for the head of the agency to decide."""
    return say(voice, "opinions given on: %(count)s", count=official_count(outcomes.advised, voice.language))


def occurrence_text(voice: Voice, occurrence: Occurrence) -> str:
    """Give how an item ended: "45/46 (97,83%)" of what was counted, words alone of what was not."""
    tally, outcome = occurrence.item.tally, occurrence.outcome
    if tally is None:
        return outcome_text(voice, outcome)
    yes = tally.count(Option.YES)
    counted = share(yes, tally.base, voice.language)
    if tally.base:
        counted = f"{counted} ({percent(yes, tally.base, voice.language)})"
    if outcome in {Outcome.UNANIMOUS, Outcome.ADOPTED}:
        return counted
    return f"{counted}, {outcome_text(voice, outcome)}"


def occurrences_text(voice: Voice, occurrences: Iterable[Occurrence]) -> str:
    """Give how an item ended each time in a year; of many the last ones."""
    texts = [occurrence_text(voice, each) for each in occurrences]
    before = len(texts) - _OCCURRENCES_SHOWN
    shown = "; ".join(texts[-_OCCURRENCES_SHOWN:])
    if before <= 0:
        return shown
    more = say_plural(voice, "%(n)s time before", "%(n)s times before", before)
    return f"{shown} ({more})"


def no_share_text(voice: Voice) -> str:
    """Give why some results have no percentage."""
    return say(voice, "What was agreed without a count has no percentage.")


def uncounted_text(voice: Voice) -> str:
    """Give what is said of all that was decided without a count."""
    return say(voice, "decided without a count")


def shortened_text(voice: Voice) -> str:
    """Give that a picture does not show everything."""
    return say(voice, "Shortened: the workbook has everything.")


# Headings of tables


def sheet_meetings(voice: Voice) -> str:
    """Name the sheet of meetings."""
    return say(voice, "Meetings")


def sheet_items(voice: Voice) -> str:
    """Name the sheet of items."""
    return say(voice, "Items")


def heading_whole_year(voice: Voice) -> str:
    """Head the sums."""
    return say(voice, "Whole year")


def heading_results(voice: Voice) -> str:
    """Head the results."""
    return say(voice, "Results")


def heading_date(voice: Voice) -> str:
    """Head the days."""
    return say(voice, "Date")


def heading_meeting(voice: Voice) -> str:
    """Head the meetings."""
    return say(voice, "Meeting")


def heading_summoned(voice: Voice) -> str:
    """Head how many were summoned."""
    return say(voice, "Summoned")


def heading_present(voice: Voice) -> str:
    """Head how many were present."""
    return say(voice, "Present")


def heading_counted_as(voice: Voice) -> str:
    """Head what is counted, people or units."""
    return say(voice, "Counted by")


def counted_as_text(voice: Voice, *, is_by_units: bool) -> str:
    """Give what is counted."""
    return say(voice, "unit") if is_by_units else say(voice, "delegate")


def heading_share(voice: Voice) -> str:
    """Head a share."""
    return say(voice, "Share")


def heading_number(voice: Voice) -> str:
    """Head the items' numbers."""
    return say(voice, "No.")


def heading_item(voice: Voice) -> str:
    """Head the items."""
    return say(voice, "Item")


def heading_kind(voice: Voice) -> str:
    """Head the kinds of items."""
    return say(voice, "Kind")


def heading_outcome(voice: Voice) -> str:
    """Head what became of the items."""
    return say(voice, "Result")


def heading_in_favour(voice: Voice) -> str:
    """Head the votes in favour."""
    return say(voice, "In favour")


def heading_base(voice: Voice) -> str:
    """Head the base of a vote."""
    return say(voice, "Base of the vote")


def heading_attendance(voice: Voice) -> str:
    """Head the attendance."""
    return say(voice, "Attendance")


def heading_meetings(voice: Voice) -> str:
    """Head the meetings of the year."""
    return say(voice, "Meetings of the year")


def heading_over_years(voice: Voice) -> str:
    """Head the same items over the years."""
    return say(voice, "The same items over the years")


def heading_kinds(voice: Voice) -> str:
    """Head the kinds of items over the years."""
    return say(voice, "By kind: adopted by 100%%, of all decided by a count")


def kind_year_text(voice: Voice, outcomes: Outcomes) -> str:
    """Give one year of a kind: "3/4", with how many without a count and of opinions only beside it."""
    counted = share(outcomes.count(Outcome.UNANIMOUS), outcomes.counted, voice.language)
    beside = []
    if outcomes.uncounted:
        beside.append(uncounted_outcomes_text(voice, outcomes))
    if outcomes.advised:
        beside.append(advised_text(voice, outcomes))
    if not beside:
        return counted
    return f"{counted} ({'; '.join(beside)})" if outcomes.counted else "; ".join(beside)

"""A year in figures: exact, whatever the order, and never a share of what nobody counted."""

import random
from collections import Counter
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from meeting.agenda import ItemKind
from meeting.overview import (
    HISTORY_YEARS,
    EndedItem,
    HeldMeeting,
    Outcome,
    Turnout,
    outcome_of,
    overview_of,
    subject_of,
)
from meeting.tally import Decision, Tally
from meeting.voting import Option

YEAR = 2026


@st.composite
def tallies(draw: st.DrawFn) -> Tally | None:
    base = draw(st.integers(0, 30))
    if base == 0:
        return None
    yes = draw(st.integers(0, base))
    return Tally(base, {Option.YES: yes, Option.NO: draw(st.integers(0, base - yes))})


ITEMS = st.builds(
    EndedItem,
    number=st.integers(1, 20),
    title=st.sampled_from(
        ["Chỉ tiêu năm 2025", "CHỈ TIÊU năm 2026", "Quy chế", "Giao ước 2024", "Phát biểu"]
    ),
    kind=st.sampled_from([ItemKind.REPORT, ItemKind.DOCUMENT, ItemKind.VOTE]),
    decision=st.sampled_from(Decision),
    tally=tallies(),
)


@st.composite
def meetings(draw: st.DrawFn) -> list[HeldMeeting]:
    held = []
    for meeting_id in range(draw(st.integers(0, 6))):
        summoned = draw(st.integers(0, 40))
        turnout = Turnout(draw(st.integers(0, summoned)), summoned, draw(st.booleans()))
        items = draw(st.lists(ITEMS, max_size=6, unique_by=lambda item: item.number))
        on = date(draw(st.integers(YEAR - HISTORY_YEARS - 1, YEAR + 1)), draw(st.integers(1, 12)), 5)
        held.append(HeldMeeting(meeting_id, f"Hội nghị {meeting_id}", on, turnout, tuple(items)))
    return held


@given(meetings(), st.randoms())
def test_the_order_in_which_meetings_and_items_come_does_not_matter(
    held: list[HeldMeeting], chance: random.Random
) -> None:
    shuffled = [
        HeldMeeting(each.meeting_id, each.title, each.on, each.turnout, tuple(chance.sample(each.items, k)))
        for each in chance.sample(held, len(held))
        if (k := len(each.items)) >= 0
    ]
    ours, theirs = overview_of(YEAR, held), overview_of(YEAR, shuffled)
    assert (ours.people, ours.units, ours.outcomes) == (theirs.people, theirs.units, theirs.outcomes)
    assert (ours.items, ours.kinds) == (theirs.items, theirs.kinds)
    assert [each.outcomes for each in ours.meetings] == [each.outcomes for each in theirs.meetings]
    assert [each.meeting.meeting_id for each in ours.meetings] == [
        each.meeting.meeting_id for each in theirs.meetings
    ]


@given(meetings())
def test_every_item_of_the_year_is_counted_once_and_in_one_way(held: list[HeldMeeting]) -> None:
    overview = overview_of(YEAR, held)
    of_year = [each for each in held if each.on.year == YEAR]
    items = [item for each in of_year for item in each.items if item.outcome is not None]
    assert sum(overview.outcomes.counts.values()) == len(items)
    assert overview.outcomes.counts == dict(Counter(item.outcome for item in items))
    advised = [item for item in items if item.decision is Decision.CONSULTED]
    deciding = [item for item in items if item.decision not in {Decision.CONSULTED, Decision.NOTED}]
    assert overview.outcomes.advised == len(advised)
    assert overview.outcomes.decided == len(deciding)
    assert overview.outcomes.counted == sum(item.tally is not None for item in deciding)
    unanimous = [
        item
        for item in items
        if item.tally is not None
        and item.tally.count(Option.YES) == item.tally.base
        and item.decision in {Decision.ADOPTED, Decision.ADOPTED_WITH_ADDITIONS}
    ]
    assert overview.outcomes.count(Outcome.UNANIMOUS) == len(unanimous)
    for turnout, by_units in ((overview.people, False), (overview.units, True)):
        alike = [each.turnout for each in of_year if each.turnout.is_by_units is by_units]
        assert turnout.present == sum(each.present for each in alike)
        assert turnout.summoned == sum(each.summoned for each in alike)
        if turnout.summoned:
            assert turnout.share == Fraction(turnout.present, turnout.summoned)
        else:
            assert turnout.share is None


@given(meetings())
def test_what_was_decided_this_year_is_followed_back_over_the_years(held: list[HeldMeeting]) -> None:
    overview = overview_of(YEAR, held)
    told = [(one.meeting_id, one.item.number) for history in overview.items for one in history.occurrences]
    assert len(told) == len(set(told))
    for history in overview.items:
        days = [one.on for one in history.occurrences]
        assert days == sorted(days)
        assert days[-1].year == YEAR
        assert days[0].year > YEAR - HISTORY_YEARS
        assert len({subject_of(one.item.title) for one in history.occurrences}) == 1
    decided = {
        (each.meeting_id, item.number)
        for each in held
        for item in each.items
        if each.on.year == YEAR and item.outcome not in {None, Outcome.HEARD}
    }
    assert decided <= set(told)
    assert all(year <= YEAR for kind in overview.kinds for year, _ in kind.years)
    this_year = [dict(kind.years)[YEAR] for kind in overview.kinds]
    assert sum(one.decided + one.advised for one in this_year) == len(decided)


def test_agreement_without_a_count_is_never_unanimous() -> None:
    for decision in Decision:
        uncounted, by_all = outcome_of(decision, None), outcome_of(decision, Tally(3, {Option.YES: 3}))
        assert uncounted is None or not uncounted.is_counted
        assert by_all is None or by_all.is_counted
    assert outcome_of(Decision.ADOPTED, None) is Outcome.AGREED
    assert outcome_of(Decision.ADOPTED_WITH_ADDITIONS, None) is Outcome.AGREED_WITH_ADDITIONS
    assert outcome_of(Decision.CONSULTED, Tally(3, {Option.YES: 3})) is Outcome.CONSULTED
    assert outcome_of(Decision.SKIPPED, None) is None


def test_all_but_one_in_twenty_thousand_is_not_unanimous() -> None:
    almost = Tally(20_000, {Option.YES: 19_999})
    assert outcome_of(Decision.ADOPTED, almost) is Outcome.ADOPTED


def test_a_title_is_known_again_without_its_year_or_its_marks() -> None:
    assert subject_of("Các chỉ tiêu trọng tâm năm 2025") == subject_of("CÁC CHỈ TIÊU TRỌNG TÂM, năm 2026.")
    assert subject_of("Quy chế số 12026") != subject_of("Quy chế số")

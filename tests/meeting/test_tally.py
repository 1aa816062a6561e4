import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.counting import MAJORITY, TWO_THIRDS, Threshold
from meeting.refusals import Refusal, Refused
from meeting.tally import Decision, Tally, decide_verdict, tally_ballots, tally_hands
from meeting.voting import Option

ballots = st.lists(st.sampled_from(Option), max_size=300)
thresholds = st.sampled_from(
    [MAJORITY, TWO_THIRDS, Threshold(9, 10, is_strict=False), Threshold(1, 1, is_strict=False)]
)


@given(ballots, st.integers(0, 100))
def test_no_ballot_is_lost_or_made(options: list[Option], away: int) -> None:
    tally = tally_ballots(options, len(options) + away)
    assert sum(tally.count(option) for option in Option) == tally.cast == len(options)
    assert tally.not_voted == away
    assert tally.cast + tally.not_voted == tally.base
    assert all(tally.count(option) == options.count(option) for option in Option)


def test_more_ballots_than_the_base_are_a_bug() -> None:
    with pytest.raises(ValueError, match="2 ballots over a base of 1"):
        tally_ballots([Option.YES, Option.NO], 1)


@given(ballots, st.integers(0, 5))
def test_unanimous_is_every_vote_of_the_base_in_favour(options: list[Option], away: int) -> None:
    tally = tally_ballots(options, len(options) + away)
    assert tally.is_unanimous == (away == 0 and len(options) > 0 and set(options) == {Option.YES})


def test_an_empty_base_is_never_unanimous() -> None:
    assert not Tally(0).is_unanimous
    assert decide_verdict(Tally(0), MAJORITY, is_advisory=False).decision is Decision.REJECTED


@given(base=st.integers(1, 2_000), threshold=thresholds, data=st.data())
def test_more_votes_in_favour_never_turn_adopted_into_rejected(
    base: int, threshold: Threshold, data: st.DataObject
) -> None:
    fewer = data.draw(st.integers(0, base))
    more = data.draw(st.integers(fewer, base))
    before = decide_verdict(Tally(base, {Option.YES: fewer}), threshold, is_advisory=False)
    after = decide_verdict(Tally(base, {Option.YES: more}), threshold, is_advisory=False)
    assert before.decision is not Decision.ADOPTED or after.decision is Decision.ADOPTED


@given(base=st.integers(1, 2_000), threshold=thresholds, data=st.data())
def test_those_who_stay_silent_weigh_as_much_as_those_against(
    base: int, threshold: Threshold, data: st.DataObject
) -> None:
    yes = data.draw(st.integers(0, base))
    silent = decide_verdict(Tally(base, {Option.YES: yes}), threshold, is_advisory=False)
    against = decide_verdict(
        Tally(base, {Option.YES: yes, Option.NO: base - yes}), threshold, is_advisory=False
    )
    assert silent == against


@given(base=st.integers(0, 2_000), data=st.data(), has_additions=st.booleans())
def test_an_advisory_vote_adopts_nothing_whatever_its_count(
    base: int, data: st.DataObject, *, has_additions: bool
) -> None:
    yes = data.draw(st.integers(0, base))
    verdict = decide_verdict(
        Tally(base, {Option.YES: yes}), MAJORITY, is_advisory=True, has_additions=has_additions
    )
    assert verdict.decision is Decision.CONSULTED


@pytest.mark.parametrize(
    ("yes", "base", "decision", "is_unanimous"),
    [
        (20, 40, Decision.REJECTED, False),
        (21, 41, Decision.ADOPTED, False),
        (15, 30, Decision.REJECTED, False),
        (7, 7, Decision.ADOPTED, True),
        (19_999, 20_000, Decision.ADOPTED, False),
    ],
)
def test_verdicts(yes: int, base: int, decision: Decision, is_unanimous: bool) -> None:  # noqa: FBT001 - a table
    verdict = decide_verdict(Tally(base, {Option.YES: yes}), MAJORITY, is_advisory=False)
    assert (verdict.decision, verdict.is_unanimous) == (decision, is_unanimous)


def test_additions_are_adopted_with_the_text_and_rejected_with_it() -> None:
    adopted = decide_verdict(Tally(10, {Option.YES: 10}), MAJORITY, is_advisory=False, has_additions=True)
    assert (adopted.decision, adopted.is_unanimous) == (Decision.ADOPTED_WITH_ADDITIONS, True)
    rejected = decide_verdict(Tally(10, {Option.YES: 5}), MAJORITY, is_advisory=False, has_additions=True)
    assert rejected.decision is Decision.REJECTED


class TestHands:
    def test_the_rest_did_not_vote(self) -> None:
        tally = tally_hands({Option.YES: 40, Option.NO: 2, Option.OTHER: 1}, 46)
        assert isinstance(tally, Tally)
        assert tally.not_voted == 3

    @given(st.dictionaries(st.sampled_from(Option), st.integers(-5, 60)), st.integers(0, 100))
    def test_a_count_is_taken_only_where_it_fits_the_base(self, counts: dict[Option, int], base: int) -> None:
        fits = all(count >= 0 for count in counts.values()) and sum(counts.values()) <= base
        assert isinstance(tally_hands(counts, base), Tally) == fits

    def test_too_many_hands_are_refused_with_both_numbers(self) -> None:
        refused = tally_hands({Option.YES: 40, Option.NO: 7}, 46)
        assert refused == Refused(Refusal.HANDS_EXCEED_BASE, {"sum": 47, "base": 46})

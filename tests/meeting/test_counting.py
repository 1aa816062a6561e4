from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.counting import MAJORITY, ONE_THIRD, TWO_THIRDS, Threshold, hundredths_of_percent

bases = st.integers(1, 200_000)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    denominator = draw(st.integers(1, 100))
    numerator = draw(st.integers(1, denominator))
    is_strict = draw(st.booleans()) and numerator < denominator
    return Threshold(numerator, denominator, is_strict=is_strict)


@pytest.mark.parametrize(
    ("present", "staff", "is_enough"),
    [
        (41, 61, True),
        (40, 61, False),
        (5, 7, True),
        (4, 7, False),
        (46, 48, True),
        (32, 48, True),
        (31, 48, False),
    ],
)
def test_two_thirds_are_a_quorum_by_integers(present: int, staff: int, is_enough: bool) -> None:  # noqa: FBT001 - a table
    assert TWO_THIRDS.is_met(present, staff) == is_enough == (3 * present >= 2 * staff)


@pytest.mark.parametrize(
    ("yes", "attendees", "is_adopted"),
    [(20, 40, False), (21, 41, True), (15, 30, False), (16, 30, True), (4, 7, True)],
)
def test_adopting_takes_more_than_half(yes: int, attendees: int, is_adopted: bool) -> None:  # noqa: FBT001 - a table
    assert MAJORITY.is_met(yes, attendees) == is_adopted == (2 * yes > attendees)


def test_an_extraordinary_meeting_of_61_takes_21_signatures() -> None:
    assert ONE_THIRD.is_met(21, 61)
    assert not ONE_THIRD.is_met(20, 61)
    assert ONE_THIRD.least(61) == 21


@given(thresholds(), bases, st.data())
def test_the_least_count_that_is_enough_is_the_least(
    threshold: Threshold, base: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, base))
    assert threshold.is_met(count, base) == (count >= threshold.least(base))
    assert 0 < threshold.least(base) <= base


@given(thresholds(), bases, st.data())
def test_the_decision_is_that_of_exact_fractions(
    threshold: Threshold, base: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, base))
    reached, needed = Fraction(count, base), Fraction(threshold.numerator, threshold.denominator)
    assert threshold.is_met(count, base) == (reached > needed if threshold.is_strict else reached >= needed)


def test_nothing_is_ever_a_share_of_an_empty_base() -> None:
    assert not MAJORITY.is_met(0, 0)
    assert not TWO_THIRDS.is_met(0, 0)
    with pytest.raises(ValueError, match="no share"):
        hundredths_of_percent(0, 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_strict"), [(0, 2, False), (3, 2, False), (-1, 2, True), (1, 1, True)]
)
def test_a_threshold_that_nothing_or_everything_meets_is_none(
    numerator: int,
    denominator: int,
    is_strict: bool,  # noqa: FBT001 - a table
) -> None:
    with pytest.raises(ValueError, match="threshold"):
        Threshold(numerator, denominator, is_strict=is_strict)


@pytest.mark.parametrize(("count", "base"), [(-1, 3), (4, 3), (1, -3), (1, 0)])
def test_there_is_no_share_above_all_or_below_none(count: int, base: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        hundredths_of_percent(count, base)


@pytest.mark.parametrize(
    ("count", "base", "hundredths"),
    [
        (443, 455, 9736),
        (443, 498, 8896),
        (440, 447, 9843),
        (41, 61, 6721),
        (40, 41, 9756),
        (1, 41, 244),
        (6, 7, 8571),
        (1, 3, 3333),
        (1, 8, 1250),
        (1, 16, 625),
        (1, 32, 313),  # 3,125 is rounded half up
        (19_999, 20_000, 9999),
        (1, 100_000, 1),
    ],
)
def test_shares_are_rounded_half_up_to_hundredths(count: int, base: int, hundredths: int) -> None:
    assert hundredths_of_percent(count, base) == hundredths


def test_three_thirds_are_not_forced_to_a_hundred() -> None:
    assert sum(hundredths_of_percent(1, 3) for _ in range(3)) == 9_999


@given(bases, st.data())
def test_a_hundred_is_all_and_nought_is_none(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    shown = hundredths_of_percent(count, base)
    assert (shown == 10_000) == (count == base)
    assert (shown == 0) == (count == 0)
    assert abs(Fraction(shown) - Fraction(count * 10_000, base)) <= Fraction(1, 2) or shown in {1, 9_999}


@given(bases, st.data())
def test_more_votes_never_show_as_a_smaller_share(base: int, data: st.DataObject) -> None:
    fewer = data.draw(st.integers(0, base))
    more = data.draw(st.integers(fewer, base))
    assert hundredths_of_percent(fewer, base) <= hundredths_of_percent(more, base)

"""Points are read exactly or refused; the ranking is the same whoever entered what first."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.points import LARGEST, read_points, refuse_points
from meeting.refusals import Refusal, Refused
from meeting.scoring import (
    CriteriaPlan,
    Criterion,
    CriterionKind,
    PlannedCriterion,
    list_unscored,
    mean_points,
    plan_criteria,
    rank_units,
    total_points,
)

POINTS = st.decimals(0, LARGEST, places=4, allow_nan=False)
NAMES = ["Sở Nội vụ", "sở nội vụ", "Đài PT-TH", "Văn phòng UBND"]
TOTALS = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(NAMES), st.none() | st.integers(-3, 9).map(Decimal)),
    unique_by=lambda each: each[0],
    max_size=12,
)


def criterion(number: int, kind: CriterionKind, most: int | str = 10) -> Criterion:
    return Criterion(number, number, "I", f"Tiêu chí {number}", kind, Decimal(most))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("9,5", "9.5"),
        ("9.5", "9.5"),
        (" 09,50 điểm ", "9.5"),
        ("12đ", "12"),
        ("1000", "1000"),
        ("1 000", "1000"),
        ("1.000,25", "1000.25"),
        ("1,000.25", "1000.25"),
        ("1.000.000", "1000000"),
        ("0,125", "0.125"),
        ("12,3456", "12.3456"),
        ("9,50000", "9.5"),
        ("0", "0"),
    ],
)
def test_points_are_read_with_a_comma_or_a_point(text: str, points: str) -> None:
    assert read_points(text) == Decimal(points)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, Refusal.POINTS_AMBIGUOUS) for text in ("1.000", "1,000", "12.345", "965,125")),
        *((text, Refusal.POINTS_NEGATIVE) for text in ("-5", "− 2,5", "-0")),
        *((text, Refusal.POINTS_TOO_FINE) for text in ("9,50001", "0.00001")),
        *(
            (text, Refusal.POINTS_UNREADABLE)
            for text in ("", "chín", "9/10", "9,5,5", "1e3", "NaN", "Infinity", "٩", "9..5", "5 6", "9" * 41)
        ),
    ],
)
def test_what_is_unclear_or_no_number_is_refused(text: str, reason: Refusal) -> None:
    refused = read_points(text)
    assert isinstance(refused, Refused)
    assert refused.reason is reason


@pytest.mark.parametrize("text", ["9" * 37, "1" + ".000" * 9, "9" * 35 + ",5"])
def test_a_number_however_long_is_beyond_every_scale(text: str) -> None:
    points = read_points(text)
    assert isinstance(points, Decimal)
    refused = refuse_points(points, LARGEST)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.POINTS_BEYOND


@given(points=POINTS, most=POINTS)
def test_points_written_either_way_are_kept_exactly_or_refused(points: Decimal, most: Decimal) -> None:
    for text in (f"{points:f}", f"{points:f}".replace(".", ",")):
        assert read_points(text) == points
    refused = refuse_points(points, most)
    assert (refused is None) == (points <= most)


def test_criteria_come_to_the_scale_exactly_and_bonus_beside_it() -> None:
    planned = [
        PlannedCriterion("I", "Tổ chức phong trào", CriterionKind.POINTS, Decimal("60.5")),
        PlannedCriterion("I", "Báo cáo đúng hạn", CriterionKind.POINTS, Decimal("39.5")),
        PlannedCriterion("II", "Sáng kiến", CriterionKind.BONUS, Decimal(5)),
    ]
    assert plan_criteria(Decimal(100), planned) == CriteriaPlan(Decimal(100), tuple(planned))
    refused = plan_criteria(Decimal(1000), planned)
    assert refused == Refused(Refusal.CRITERIA_SUM, {"sum": Decimal(100), "scale": Decimal(1000)})
    for wrong, reason in (
        ([], Refusal.CRITERIA_MISSING),
        (planned * 40, Refusal.CRITERIA_TOO_MANY),
        ([PlannedCriterion("", "x" * 501, CriterionKind.POINTS, Decimal(100))], Refusal.TEXT_TOO_LONG),
        ([PlannedCriterion("", "Trừ", CriterionKind.PENALTY, Decimal(0))], Refusal.POINTS_ZERO),
    ):
        refused = plan_criteria(Decimal(100), wrong)
        assert isinstance(refused, Refused)
        assert refused.reason is reason


def test_a_penalty_is_taken_off_and_only_points_have_to_be_filled_in() -> None:
    criteria = [
        criterion(1, CriterionKind.POINTS),
        criterion(2, CriterionKind.BONUS),
        criterion(3, CriterionKind.PENALTY),
    ]
    assert [each.criterion_id for each in list_unscored(criteria, {3})] == [1]
    assert list_unscored(criteria, {1}) == []
    points = {1: Decimal("0.1"), 2: Decimal("0.2"), 3: Decimal("0.3")}
    assert total_points(criteria, points) == Decimal(0)
    assert total_points(criteria, {1: Decimal(9)}) == Decimal(9)
    assert mean_points([Decimal(1), Decimal(1), Decimal(2)]) == Fraction(4, 3)
    assert mean_points([]) is None


@given(totals=TOTALS, order=st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_of_entry(
    totals: list[tuple[int, str, Decimal | None]], order: Random
) -> None:
    ranked = rank_units(totals)
    order.shuffle(totals)
    assert rank_units(totals) == ranked


@given(totals=TOTALS)
def test_equal_totals_share_a_rank_and_a_missing_sheet_has_none(
    totals: list[tuple[int, str, Decimal | None]],
) -> None:
    ranked = rank_units(totals)
    assert {(each.unit_id, each.unit, each.total) for each in ranked} == set(totals)
    scored = [total for _, _, total in totals if total is not None]
    for each in ranked:
        if each.total is None:
            assert each.rank is None
        else:
            assert each.rank == 1 + sum(total > each.total for total in scored)
    assert [each.total is None for each in ranked] == sorted(each.total is None for each in ranked)
    ranks = [each.rank for each in ranked if each.rank is not None]
    assert ranks == sorted(ranks)


def test_two_first_places_leave_no_second() -> None:
    totals = [(1, "A", Decimal("96.5")), (2, "B", Decimal("96.50")), (3, "C", Decimal(96)), (4, "D", None)]
    assert [(each.unit, each.rank) for each in rank_units(totals)] == [
        ("A", 1),
        ("B", 1),
        ("C", 3),
        ("D", None),
    ]

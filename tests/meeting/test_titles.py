"""Titles: who is meant is never guessed, how many they are, and quotas that warn exactly."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.names import Closeness, closeness, fold
from meeting.refusals import Refusal, Refused
from meeting.titles import (
    Candidate,
    Matched,
    NameIndex,
    Quota,
    RecipientKind,
    TitleCounts,
    Unclear,
    check_quota,
    count_recipients,
    match_recipient,
    plan_title,
)

PEOPLE = (
    Candidate(1, "Nguyễn Văn An", ("Văn phòng",)),
    Candidate(2, "Nguyễn Văn Ân", ("Ban Tổ chức",)),
    Candidate(3, "Trần Thị Hòa", ("Văn phòng",)),
    Candidate(4, "Lê Minh", ("Văn phòng",)),
    Candidate(5, "Lê Minh", ("Ban Tổ chức",)),
    Candidate(6, "Lê Minh", ("Ban Tổ chức",)),
)


@pytest.mark.parametrize(
    ("name", "unit", "meant"),
    [
        ("Nguyễn Văn An", "", Matched(1)),
        ("nguyễn văn an", "van phong", Matched(1)),
        ("Đồng chí Trần Thị Hoà", "", Matched(3)),
        ("Tran Thi Hoa", "", Matched(3)),
        ("Lê Minh", "Văn phòng", Matched(4)),
    ],
)
def test_a_whole_name_that_one_alone_has_is_taken(name: str, unit: str, meant: Matched[int]) -> None:
    assert match_recipient(name, unit, NameIndex(PEOPLE)) == meant


@pytest.mark.parametrize(
    ("name", "unit", "candidates"),
    [
        ("Nguyen Van An", "", (1, 2)),  # typed without marks: either
        ("Nguyễn Văn Ấn", "", (1, 2)),  # other marks than anybody's
        ("Trần Thị Hoa", "", (3,)),  # resembles one, and is not the same
        ("Nguyễn Văn An", "Ban Tổ chức", (1, 2)),  # the name is right, the unit isn't
        ("Lê Minh", "", (4, 5, 6)),
        ("Lê Minh", "Ban Tổ chức", (4, 5, 6)),
        ("Hòa", "", (3,)),  # a given name alone
        ("Phạm Văn Lạ", "", ()),
        ("", "", ()),
    ],
)
def test_a_name_that_leaves_a_doubt_is_asked_about(name: str, unit: str, candidates: tuple[int, ...]) -> None:
    assert match_recipient(name, unit, NameIndex(PEOPLE)) == Unclear(candidates)


_NAMES = st.sampled_from(
    ["An", "Ân", "an", "Nguyễn An", "Nguyen An", "Nguyễn Ân", "Hòa", "Hoà", "Hoa", "Lê Hòa"]
)
_UNITS = st.sampled_from(["", "Văn phòng", "Ban Tổ chức"])


@given(_NAMES, _UNITS, st.lists(st.tuples(_NAMES, _UNITS), max_size=6))
def test_nobody_is_taken_where_another_fits_as_well(
    name: str, unit: str, roll: list[tuple[str, str]]
) -> None:
    people = [Candidate(key, one, (place,) if place else ()) for key, (one, place) in enumerate(roll)]
    match match_recipient(name, unit, NameIndex(people)):
        case Matched(key):
            here = [one for one in people if not unit or unit in one.units]
            rivals = [one for one in here if one.key != key and closeness(name, one.name) is Closeness.SAME]
            assert people[key] in here
            assert fold(people[key].name) == fold(name)
            assert not rivals
        case Unclear(candidates):
            assert set(candidates) <= {one.key for one in people}


def test_recipients_are_counted_by_kind() -> None:
    kinds = [RecipientKind.COLLECTIVE] * 6 + [RecipientKind.INDIVIDUAL] * 18
    assert count_recipients(kinds) == TitleCounts(6, 18)
    assert (TitleCounts(6, 18) + TitleCounts(0, 37)).total == 61


# Quotas

FIGHTERS = Quota(15, 100, "Lao động tiên tiến")


def test_three_of_eighteen_are_more_than_fifteen_percent() -> None:
    """Seed 1: 15 % of 18 is 2,7, which is 3 only if rounded up."""
    check = check_quota(FIGHTERS, 3, [("“Lao động Tiên tiến”", 18), ("Chiến sĩ thi đua cơ sở", 3)])
    assert (check.base, check.allowed, check.is_kept) == (18, Fraction(27, 10), False)
    assert check_quota(FIGHTERS, 2, [("Lao động tiên tiến", 18)]).is_kept
    assert check_quota(FIGHTERS, 3, [("Lao động tiên tiến", 20)]).is_kept, "exactly the share"


def test_a_title_of_several_decisions_is_one_base_and_an_unknown_one_is_none() -> None:
    assert check_quota(FIGHTERS, 3, [("Lao động tiên tiến", 10), ("lao dong tien tien", 10)]).is_kept
    missing = check_quota(FIGHTERS, 0, [("Hai giỏi", 7)])
    assert (missing.base, missing.is_kept) == (None, False)
    assert not check_quota(FIGHTERS, 1, [("Lao động tiên tiến", 0)]).is_kept


@given(
    st.integers(1, 100),
    st.integers(1, 100),
    st.integers(0, 2_000),
    st.integers(0, 2_000),
)
def test_a_quota_is_compared_with_whole_numbers(
    numerator: int, denominator: int, individuals: int, base: int
) -> None:
    check = check_quota(Quota(numerator, denominator, "A"), individuals, [("A", base)])
    assert check.is_kept == (individuals * denominator <= numerator * base)


# Decisions


def test_a_decision_is_taken_down_tidily() -> None:
    planned = plan_title("  Lao động   tiên tiến ", " 12/QĐ ", date(2021, 12, 28), "Tỉnh đoàn ")
    assert not isinstance(planned, Refused)
    assert (planned.title, planned.number, planned.issuer) == ("Lao động tiên tiến", "12/QĐ", "Tỉnh đoàn")
    limited = plan_title("Chiến sĩ thi đua cơ sở", quota=FIGHTERS)
    assert not isinstance(limited, Refused)
    assert limited.quota == Quota(3, 20, "Lao động tiên tiến")


@pytest.mark.parametrize(
    ("title", "quota", "reason"),
    [
        ("", None, Refusal.NAME_UNREADABLE),
        ("2021", None, Refusal.NAME_UNREADABLE),
        ("A" * 301, None, Refusal.TEXT_TOO_LONG),
        ("Hai giỏi", Quota(3, 2, "Lao động tiên tiến"), Refusal.QUOTA_UNREADABLE),
        ("Hai giỏi", Quota(0, 2, "Lao động tiên tiến"), Refusal.QUOTA_UNREADABLE),
        ("Hai giỏi", Quota(1, 2, " "), Refusal.QUOTA_UNREADABLE),
        ("Hai giỏi", Quota(1, 2, "hai gioi"), Refusal.QUOTA_UNREADABLE),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(title: str, quota: Quota | None, reason: Refusal) -> None:
    planned = plan_title(title, quota=quota)
    assert isinstance(planned, Refused)
    assert planned.reason is reason

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.states import Priority
from meeting.thrift import (
    Load,
    Plan,
    Usage,
    forecast,
    is_nearly_full,
    least_urgent,
    left,
    messages_needed,
    month_of,
    warning_due,
)

FREE = Plan(3000, 50)


def test_a_month_ends_at_midnight_in_vietnam() -> None:
    assert month_of(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)) == "2026-11"
    assert month_of(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == "2026-12"


def test_incoming_messages_count_or_not_as_the_plan_says() -> None:
    usage = Usage(sent=1000, received=500)
    assert left(FREE, usage) == 1500
    assert left(Plan(3000, 50, counts_incoming=False), usage) == 2000
    assert left(FREE, Usage(sent=3100)) == 0


@pytest.mark.parametrize(
    ("sent", "priority"),
    [
        (0, Priority.REFRESH),
        (2399, Priority.REFRESH),
        (2400, Priority.REMINDER),
        (2849, Priority.REMINDER),
        (2850, Priority.RESULT),
        (3000, Priority.RESULT),
        (9999, Priority.RESULT),
    ],
)
def test_refreshes_are_dropped_first_and_the_last_messages_kept_for_votes(
    sent: int, priority: Priority
) -> None:
    assert least_urgent(FREE, Usage(sent)) is priority


def test_the_organisers_are_warned_once_at_each_share() -> None:
    assert warning_due(FREE, Usage(2399), 0) is None
    assert warning_due(FREE, Usage(2400), 0) == 80
    assert warning_due(FREE, Usage(2700), 80) is None
    assert warning_due(FREE, Usage(2850), 80) == 95
    assert warning_due(FREE, Usage(3500), 95) is None
    assert warning_due(FREE, Usage(2990), 0) == 95


def test_a_bot_is_nearly_full_with_the_last_tenth_of_its_people() -> None:
    assert not is_nearly_full(FREE, 44)
    assert is_nearly_full(FREE, 45)
    assert is_nearly_full(FREE, 51)


def test_seven_votes_of_48_people_take_four_messages_each() -> None:
    load = Load(48, tuple(range(2, 9)), frozenset(range(2, 7)))
    found = forecast(FREE, Usage(sent=2938), load)
    assert found.left == 62
    assert found.need == 48 * 7 * 4
    assert not found.is_enough
    assert found.joined == (2, 6)
    assert found.need_joined == 48 * 3 * 4
    assert found.to_pages == 46  # the other two take 56


def test_incoming_messages_make_a_meeting_dearer_only_where_they_count() -> None:
    load = Load(10, (1, 2), groups=1, notices=3, replies=1)
    assert messages_needed(FREE, load) == 10 * (2 * 4 + 3 + 3) + 5
    assert messages_needed(Plan(3000, 50, counts_incoming=False), load) == 10 * (2 * 3 + 3 + 2) + 5


def test_a_rehearsal_takes_as_much_again() -> None:
    load = Load(10, (1, 2, 3))
    assert forecast(FREE, Usage(sent=3000 - 240), load).is_enough_rehearsed
    found = forecast(FREE, Usage(sent=3000 - 239), load)
    assert found.is_enough
    assert not found.is_enough_rehearsed


def test_only_votes_that_follow_one_another_are_put_into_one() -> None:
    load = Load(5, (1, 2, 4, 6, 8), frozenset({1, 4, 6, 8}))
    assert forecast(FREE, Usage(), load).joined == (4, 8)
    assert forecast(FREE, Usage(), Load(5, (1, 2), frozenset({1}))).joined is None


def test_a_meeting_without_anybody_there_takes_nothing() -> None:
    found = forecast(FREE, Usage(sent=3000), Load(0, (1, 2, 3)))
    assert found.need == found.to_pages == 0
    assert found.is_enough


loads = st.builds(
    Load,
    people=st.integers(0, 60),
    votes=st.lists(st.integers(1, 30), unique=True).map(lambda numbers: tuple(sorted(numbers))),
    can_join=st.frozensets(st.integers(1, 30)),
    groups=st.integers(0, 3),
    notices=st.integers(0, 10),
    replies=st.integers(0, 2),
)


@given(loads, st.integers(0, 4000), st.booleans())
def test_what_is_advised_never_takes_more(
    load: Load,
    sent: int,
    counts_incoming: bool,  # noqa: FBT001 - given in their order
) -> None:
    plan = Plan(3000, 50, counts_incoming)
    found = forecast(plan, Usage(sent), load)
    assert found.need_joined <= found.need
    assert found.to_pages == 0 or not found.is_enough
    if found.joined is not None:
        first, last = found.joined
        between = [number for number in load.votes if first <= number <= last]
        assert len(between) > 1
        assert load.can_join.issuperset(between)
    for_groups = messages_needed(plan, dataclasses.replace(load, people=0))
    others = dataclasses.replace(load, people=load.people - found.to_pages)
    assert messages_needed(plan, others) <= max(found.left, for_groups)

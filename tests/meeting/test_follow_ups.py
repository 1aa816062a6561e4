"""Statutory dates after a conference, in working days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from meeting.follow_ups import SOURCES, FollowUp, add_working_days, statutory_dates, working_day_rule

TET_2027 = {date(2027, 2, day): False for day in range(4, 11)}
days = st.dates(date(2023, 7, 1), date(2099, 12, 31))


def plain(day: date) -> bool:
    return working_day_rule({})(day)


def test_five_working_days_leave_out_weekends_and_holidays() -> None:
    friday = date(2027, 1, 29)
    assert add_working_days(friday, 5, plain) == date(2027, 2, 5)
    assert add_working_days(friday, 5, working_day_rule(TET_2027)) == date(2027, 2, 12)


def test_a_saturday_that_is_worked_instead_counts() -> None:
    rule = working_day_rule({date(2026, 8, 22): True, date(2026, 8, 31): False})
    assert add_working_days(date(2026, 8, 21), 1, rule) == date(2026, 8, 22)
    assert add_working_days(date(2026, 8, 28), 1, rule) == date(2026, 9, 1)


@given(day=days, count=st.integers(1, 60), special=st.dictionaries(days, st.booleans()))
def test_so_many_working_days_lie_between(day: date, count: int, special: dict[date, bool]) -> None:
    rule = working_day_rule(special)
    end = add_working_days(day, count, rule)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert rule(end)
    assert sum(map(rule, between)) == count
    start = add_working_days(end, -count, rule)
    assert rule(start)
    assert start <= day or not rule(day)


def test_a_conference_of_december_is_followed_up_through_the_next_year() -> None:
    found = {
        each.follow_up: each.due_on
        for each in statutory_dates("LAW_2022", date(2024, 12, 27), plain, has_elected=True)
    }
    assert found == {
        FollowUp.PUBLISH: date(2025, 1, 3),
        FollowUp.RECOGNISE_INSPECTORS: date(2025, 1, 3),
        FollowUp.REVIEW: date(2025, 6, 27),
        FollowUp.REVIEW_AGAIN: date(2025, 12, 27),
        FollowUp.ARCHIVE: date(2025, 12, 27),
        FollowUp.NEXT_CONFERENCE: date(2026, 3, 31),
    }
    assert found.keys() == SOURCES.keys()


def test_a_late_conference_is_followed_by_the_next_a_year_on() -> None:
    [found] = [
        each.due_on
        for each in statutory_dates("LAW_2022_AMENDED_2025", date(2026, 2, 27), plain, has_elected=False)
        if each.follow_up is FollowUp.NEXT_CONFERENCE
    ]
    assert found == date(2027, 3, 31)


def test_rules_that_are_not_of_that_law_have_no_statutory_dates() -> None:
    for regime in ("ND04_2015", "CLUSTER", "OWN"):
        assert statutory_dates(regime, date(2021, 12, 30), plain, has_elected=True) == []


@given(closed_on=days, has_elected=st.booleans())
def test_each_is_reminded_of_on_a_working_day_before_its_last(closed_on: date, *, has_elected: bool) -> None:
    dates = statutory_dates("LAW_2022", closed_on, plain, has_elected=has_elected)
    assert (FollowUp.RECOGNISE_INSPECTORS in {each.follow_up for each in dates}) == has_elected
    for each in dates:
        assert closed_on < each.remind_on < each.due_on
        assert plain(each.remind_on)

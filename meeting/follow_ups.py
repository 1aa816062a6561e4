"""What the law asks for after a staff conference, by which day, and when to remind of it (domain.md §1.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

IsWorkingDay = Callable[[date], bool]

_SATURDAY = 5
_LAST_MONTH_OF_LATE_CONFERENCES = 3


class FollowUp(IntEnum):
    """A statutory date; kept as a number with what is due."""

    PUBLISH = 1
    RECOGNISE_INSPECTORS = 2
    REVIEW = 3
    REVIEW_AGAIN = 4
    ARCHIVE = 5
    NEXT_CONFERENCE = 6


@dataclass(frozen=True, slots=True)
class StatutoryDate:
    """The last day for something, and the working day on which to remind of it."""

    follow_up: FollowUp
    due_on: date
    remind_on: date


SOURCES: Mapping[FollowUp, str] = {
    FollowUp.PUBLISH: "khoản 2 Điều 47, Điều 48 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15",
    FollowUp.RECOGNISE_INSPECTORS: "khoản 1 Điều 21 Nghị định số 59/2023/NĐ-CP",
    FollowUp.REVIEW: "khoản 3 Điều 52 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15",
    FollowUp.REVIEW_AGAIN: "khoản 3 Điều 52 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15",
    FollowUp.ARCHIVE: "điểm b khoản 2 Điều 30 Nghị định số 30/2020/NĐ-CP",
    FollowUp.NEXT_CONFERENCE: "khoản 1 Điều 51 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15",
}
"""Where each date comes from."""


def working_day_rule(special: Mapping[date, bool]) -> IsWorkingDay:
    """Give which days are worked: Monday to Friday, but for special days, which are worked or not."""

    def is_working_day(day: date) -> bool:
        return special.get(day, day.weekday() < _SATURDAY)

    return is_working_day


def add_working_days(day: date, count: int, is_working_day: IsWorkingDay) -> date:
    """Give the `count`-th working day after a day, which isn't counted itself; before it where negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def statutory_dates(
    regime: str, closed_on: date, is_working_day: IsWorkingDay, *, has_elected: bool
) -> list[StatutoryDate]:
    """Give the dates after a conference under the law of 2022, in their order; none under other rules.

    `has_elected`: the conference elected, so that the union's committee has a result to recognise.
    """
    if not regime.startswith("LAW_2022"):
        return []
    in_five_days = add_working_days(closed_on, 5, is_working_day)
    due: dict[FollowUp, tuple[date, int]] = {FollowUp.PUBLISH: (in_five_days, 2)}
    if has_elected:
        due[FollowUp.RECOGNISE_INSPECTORS] = (in_five_days, 2)
    due[FollowUp.REVIEW] = (_months_later(closed_on, 6), 10)
    due[FollowUp.ARCHIVE] = (_months_later(closed_on, 12), 20)
    due[FollowUp.REVIEW_AGAIN] = (_months_later(closed_on, 12), 10)
    due[FollowUp.NEXT_CONFERENCE] = (_next_conference(closed_on), 40)
    dates = [
        StatutoryDate(follow_up, due_on, add_working_days(due_on, -days, is_working_day))
        for follow_up, (due_on, days) in due.items()
    ]
    return sorted(dates, key=lambda each: (each.remind_on, each.follow_up))


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_month = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), next_month - timedelta(days=1))


def _next_conference(closed_on: date) -> date:
    """The last day for the next: three months into the year after the next working year."""
    is_late = closed_on.month <= _LAST_MONTH_OF_LATE_CONFERENCES
    return date(closed_on.year + (1 if is_late else 2), 3, 31)

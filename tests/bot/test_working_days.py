"""Working days as the calendar of Vietnam has them, with what the operator adds."""

from datetime import date

from bot.working_days import special_days
from meeting.follow_ups import add_working_days, working_day_rule


async def test_tet_and_the_days_in_its_place_are_known() -> None:
    rule = working_day_rule(await special_days([2025, 2026]))
    assert not rule(date(2025, 1, 29))
    assert not rule(date(2025, 5, 2))
    assert rule(date(2025, 4, 26))  # a Saturday, worked for it
    assert add_working_days(date(2026, 8, 28), 1, rule) == date(2026, 9, 3)


async def test_what_was_decided_since_goes_before_what_is_known() -> None:
    special = await special_days([2026], days_off={date(2026, 4, 20)}, days_worked={date(2026, 4, 30)})
    rule = working_day_rule(special)
    assert (rule(date(2026, 4, 20)), rule(date(2026, 4, 30))) == (False, True)

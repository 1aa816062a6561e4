"""Which days are worked in Vietnam unlike others of their name: public holidays, and days in their place."""

from collections.abc import Collection, Iterable
from datetime import date


def special_days(
    years: Iterable[int], days_off: Collection[date] = (), days_worked: Collection[date] = ()
) -> dict[date, bool]:
    """Give the special days of these years, and whether each is worked.

    Days in lieu are decided from year to year, often late: what the library doesn't know yet is given by
    `days_off` and `days_worked`, which go before it. Takes a while: not for the event loop.
    """
    from holidays import Vietnam  # type: ignore[attr-defined]  # its countries are loaded when asked for

    asked_for = frozenset(years)
    known = Vietnam(years=asked_for)
    return {
        **dict.fromkeys(known, False),
        **dict.fromkeys((day for day in known.weekend_workdays if day.year in asked_for), True),
        **dict.fromkeys(days_off, False),
        **dict.fromkeys(days_worked, True),
    }

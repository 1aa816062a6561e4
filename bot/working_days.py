"""Which days are worked in Vietnam unlike others of their name: public holidays, and days in their place."""

import asyncio
import json
import sys
from collections.abc import Collection, Iterable
from datetime import date


async def special_days(
    years: Iterable[int], days_off: Collection[date] = (), days_worked: Collection[date] = ()
) -> dict[date, bool]:
    """Give the special days of these years, and whether each is worked; raises OSError.

    Days in lieu are decided from year to year, often late: what the library doesn't know yet is given by
    `days_off` and `days_worked`, which go before it.
    """
    # In a process of its own: the lunar calendar would keep a tenth of this one's memory.
    asked = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        *map(str, years),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await asked.communicate()
    if asked.returncode:
        raise OSError("the public holidays can't be found out")
    known = {date.fromisoformat(day): is_worked for day, is_worked in json.loads(told).items()}
    return {**known, **dict.fromkeys(days_off, False), **dict.fromkeys(days_worked, True)}


def known_days(years: Collection[int]) -> dict[date, bool]:
    """Give the special days of these years as far as the library knows them."""
    from holidays import Vietnam  # type: ignore[attr-defined]  # its countries are loaded when asked for

    known = Vietnam(years=years)
    worked = {day for day in known.weekend_workdays if day.year in years}
    return {**dict.fromkeys(known, False), **dict.fromkeys(worked, True)}


if __name__ == "__main__":
    days = known_days([int(year) for year in sys.argv[1:]])
    sys.stdout.write(json.dumps({day.isoformat(): is_worked for day, is_worked in days.items()}))

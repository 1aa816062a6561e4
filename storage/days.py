"""Days that are worked, or aren't, unlike their day of the week."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import select

from storage.database import Tx
from storage.rows import SpecialDayRow


async def put_special_days(tx: Tx, days: Mapping[date, bool]) -> bool:
    """Keep these days (whether each is worked) in place of those kept, and tell whether they differ."""
    if await list_special_days(tx) == days:
        return False
    await tx.exec(sa.delete(SpecialDayRow))
    tx.add_all(SpecialDayRow(day=day, is_working=is_working) for day, is_working in days.items())
    await tx.flush()
    return True


async def list_special_days(tx: Tx) -> dict[date, bool]:
    """Give the special days, and whether each is worked."""
    return {row.day: row.is_working for row in await tx.exec(select(SpecialDayRow))}

"""A program that does due work until it is killed: `python -m tests.handlers.dying_clock URL NOW`."""

import asyncio
import sys
from datetime import datetime

from handlers.asking import House
from handlers.due import do_due_work
from storage.database import Database
from tests.handlers.journey import KEY


async def main(url: str, now: datetime) -> None:
    """Do what is due by an instant, and tell of each piece that is committed."""
    house = House(Database.open(url), lambda: now, KEY)
    while await do_due_work(house, now):
        print("done", flush=True)  # noqa: T201 - read by the one who kills this
    await house.database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))

"""Delivery: what the outbox holds goes out to the platforms, at each platform's pace.

All that decides is in the database: killed at any time, delivery goes on after the next start, nothing lost.
Sending exactly once is impossible: a post whose send was cut off before its outcome was recorded is sent
again, so it may arrive twice; a reminder is not, it is recorded as uncertain. An embedded database is taken
up at once, a shared one when the leases of the process that was killed are over (`LEASE`).

Who goes first: the more urgent, then what waits longest; each tenth turn goes to what waits longest of all,
so that nothing waits for ever. In a chat one parcel is under way at a time, over all processes; one that
failed keeps the chat's others back for `LONGEST_REST` at most.

What a platform asks for by `retry_after` is kept by what it covers: a group's holds for the group; a private
chat's for that chat, unless another one is refused too before anything gets through (`bot.pace.Doubt`): then
everything rests, in all processes, until the longest of them is over. Where somebody was just answered,
it is that chat's in any case (`bot.pace.Crowds`).

On a platform that counts messages, what waits for a chat goes out as one (`bot.delivery.thrift`).
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.budget import Budget
from bot.delivery.courier import LONGEST_SEND, Courier, Render
from bot.delivery.outcomes import LONGEST_REST, PATIENCE
from bot.delivery.parcels import LEASE
from bot.delivery.thrift import Thrift
from bot.pace import CAREFUL_PACE, PACES, Gate, Pace
from bot.platforms.base import Platform, Thrifty
from storage.database import Database
from storage.platforms import ON_PAGES

__all__ = ["LEASE", "LONGEST_REST", "LONGEST_SEND", "PATIENCE", "Delivery", "Render"]


class Delivery:
    """Takes the outbox to the platforms, each at its own pace.

    Pages read the database themselves: platforms of `ON_PAGES` are left out. `gates` are those that what goes
    out past the outbox passes too (`bot.admission`); on a platform with one of `budgets` messages are saved.
    """

    def __init__(  # noqa: PLR0913 - most have the value that is meant for use
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        render: Render,
        now: Callable[[], datetime],
        paces: Mapping[str, Pace] = PACES,
        *,
        longest_send: timedelta = LONGEST_SEND,
        gates: Mapping[str, Gate] | None = None,
        budgets: Mapping[str, Budget] | None = None,
    ) -> None:
        gates, budgets = gates or {}, budgets or {}
        self._couriers = [
            Courier(
                database,
                platform,
                render,
                now,
                paces.get(name, CAREFUL_PACE),
                longest_send,
                gate=gates.get(name),
                thrift=_thrift(database, platform, budgets.get(name)),
            )
            for name, platform in platforms.items()
            if name not in ON_PAGES
        ]
        database.on_commit(self._wake)

    def _wake(self) -> None:
        for courier in self._couriers:
            courier.wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; sends under way then get a few seconds to end."""
        async with asyncio.TaskGroup() as group:
            for courier in self._couriers:
                group.create_task(courier.run())
            await asyncio.Event().wait()


def _thrift(database: Database, platform: Platform, budget: Budget | None) -> Thrift | None:
    if budget is None or not isinstance(platform, Thrifty):
        return None
    return Thrift(database, platform, budget)

"""Admission: answers and pins, which pass no outbox, take turns of the platform's pace as well."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.batching import Batches
from bot.pace import Gate, Pace
from storage.database import Database
from storage.pace import lengthen_rests, lock_pacing, put_next_turn

LONGEST_WAIT = 5.0
"""Seconds after which an answer goes out in any case: somebody waits, and a refusal is obeyed then."""

_AGAIN = 0.1  # seconds: a crowd asks for turns together

_log = structlog.get_logger(__name__)


class Admission:
    """Lets answers to people, and pins, out to a platform within the pace that processes share.

    Each takes a turn, and none waits for what delivery claimed before: `gate` lets it go first. On a shared
    database, where other processes send too, it begins at its turn, within a second. Only behind a crowd of
    answers, or where the platform wants a rest, it is longer, `LONGEST_WAIT` at most. The chat's next parcel
    rests after it.
    """

    def __init__(self, database: Database, platform: str, pace: Pace, now: Callable[[], datetime]) -> None:
        self.gate = Gate(pace.in_all)
        self._database = database
        self._platform = platform
        self._pace = pace
        self._now = now
        self._turns = Batches[str, datetime | None](self._reserve)

    async def admit(self, chat: str) -> None:
        """Return when something may go out to a chat; raises nothing but a cancellation."""
        clock = asyncio.get_running_loop().time
        at = clock()
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                turn = await self._turn(chat)
            if not self._database.is_sqlite:
                at = clock() + (turn - self._now()).total_seconds()
        except TimeoutError:
            _log.warning("answer_without_a_turn", platform=self._platform)
        except Exception:  # noqa: BLE001 - the database away, or a bug: the answer is there, and somebody waits
            _log.exception("answer_without_a_turn", platform=self._platform)
        await self.gate.wait(at, is_urgent=True)
        self.gate.crowds.note(chat, clock())

    async def close(self) -> None:
        """Wait until what was asked of the database is done."""
        await self._turns.close()

    async def _turn(self, chat: str) -> datetime:
        while (turn := await self._turns.put(chat)) is None:  # noqa: ASYNC110 - others give turns out too
            await asyncio.sleep(_AGAIN)
        return turn

    async def _reserve(self, chats: Sequence[str]) -> list[datetime | None]:
        """Give a turn for each of the chats, as far as they are given out; to the rest None."""
        now = self._now()
        async with self._database.transaction() as tx:
            pacing = await lock_pacing(tx, self._platform, now)
            if pacing.rests_until is not None and pacing.rests_until > now:
                return [None] * len(chats)
            turns = self._pace.turns(pacing.next_turn_at, now, len(chats))
            served = chats[: len(turns.given)]
            if served:
                await put_next_turn(tx, self._platform, turns.next_at)
                private, group = (now + self._pace.rest(is_group=is_group) for is_group in (False, True))
                await lengthen_rests(tx, self._platform, served, private=private, group=group)
        return [*turns.given, *[None] * (len(chats) - len(served))]

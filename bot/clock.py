"""The clock: APScheduler wakes the program for due work, which is kept and claimed in the database.

APScheduler remembers nothing that matters: it holds one alarm for the next due instant, and a regular sweep
for what it can't know of (another process, a wall clock that jumped). It reckons by the wall clock, so that
one that is set back would leave it asleep until the old time comes again: that is watched by a time that only
goes forward.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from storage import due
from storage.database import Database

SWEEP = timedelta(seconds=15)
"""The longest time between two looks at what is due."""

PAUSE = timedelta(seconds=1)
"""The time before work that stayed undone is tried again."""

DoDue = Callable[[datetime], Awaitable[None]]
"""Does all that is due by an instant; what it leaves is tried again after `PAUSE`."""

_GATHERING = 0.05  # seconds: one look for what is put together

_log = structlog.get_logger(__name__)


class Clock:
    """Has due work done on time, until cancelled."""

    def __init__(
        self,
        database: Database,
        do_due: DoDue,
        now: Callable[[], datetime],
        *,
        sweep: timedelta = SWEEP,
    ) -> None:
        self._database = database
        self._do_due = do_due
        self._now = now
        self._sweep = sweep
        self._wake = asyncio.Event()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        self._alarm_at: datetime | None = None
        self._pause_until: datetime | None = None
        database.on_commit(self._wake.set, due.PUT)

    async def run(self) -> None:
        """Wake for what is due until cancelled, once in the life of a clock; begins with what is overdue."""
        self._set_sweep()
        self._scheduler.start()
        try:
            while True:
                self._wake.clear()
                try:
                    self._set_alarm(await self.look())
                except Exception:  # noqa: BLE001 - the database away, or a bug: neither may stop the clock
                    _log.exception("clock_interrupted")
                    self._set_alarm(self._now() + PAUSE)
                await self._wait()
                await asyncio.sleep(_GATHERING)
        finally:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # AsyncIOScheduler shuts down in the loop's next round

    async def _wait(self) -> None:
        """Wait to be woken; after two sweeps without it the wall clock was set back."""
        try:
            async with asyncio.timeout(2 * self._sweep.total_seconds()):
                await self._wake.wait()
        except TimeoutError:
            _log.warning("clock_overslept")
            self._alarm_at = None
            self._set_sweep()

    def _set_sweep(self) -> None:
        self._scheduler.add_job(
            self._ring,
            "interval",
            seconds=self._sweep.total_seconds(),
            id="sweep",
            replace_existing=True,
        )

    async def look(self) -> datetime | None:
        """Have done what is due, and give when to look again; None: when something is put."""
        now = self._now()
        next_at = await self._find_next_at()
        if next_at is None or next_at > now:
            return next_at
        # A pause that lies further ahead was set before the wall clock was set back.
        if self._pause_until is not None and now < self._pause_until <= now + PAUSE:
            return self._pause_until
        try:
            await self._do_due(now)
        except Exception:  # noqa: BLE001 - one piece of work may fail, the clock goes on
            _log.exception("due_work_failed")
        next_at = await self._find_next_at()
        if next_at is not None and next_at <= now:
            next_at = self._pause_until = now + PAUSE
        return next_at

    async def _find_next_at(self) -> datetime | None:
        async with self._database.snapshot() as tx:
            return await due.find_next_due_at(tx)

    async def _ring(self) -> None:
        self._alarm_at = None
        self._wake.set()

    def _set_alarm(self, at: datetime | None) -> None:
        if at is None or at == self._alarm_at:
            return
        self._alarm_at = at
        self._scheduler.add_job(self._ring, "date", run_date=at, id="alarm", replace_existing=True)

"""The budget: what a bot sends and gets is counted by month, and its plan says what still goes out."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.batching import Batches
from handlers.thrift import MessageForecast, count_messages, find_forecast, warn_refused
from meeting.states import Priority
from meeting.thrift import Plan, Usage, least_urgent, month_of
from storage.counts import find_usage
from storage.database import Database, Tx
from storage.views import MeetingView

LONG_REFUSED = timedelta(minutes=10)
"""After this it is no crowd that messages are refused for, but the month."""

_log = structlog.get_logger(__name__)


class Budget:
    """A bot's messages on a platform with a plan for so many a month; `bot` tells its bots apart."""

    def __init__(
        self, database: Database, platform: str, bot: str, plan: Plan, now: Callable[[], datetime]
    ) -> None:
        self.platform = platform
        self.plan = plan
        self._bot = bot
        self._database = database
        self._now = now
        self._refused_since: datetime | None = None
        self._refused_in = ""
        self._counting = Batches[tuple[int, int], None](self._count)

    async def note_sent(self) -> None:
        """As `Meter.note_sent`; raises nothing, as the message is out."""
        self._refused_since = None
        await self._note(1, 0)

    async def note_received(self) -> None:
        """As `Meter.note_received`; raises nothing, as the message is here."""
        await self._note(0, 1)

    @property
    def month(self) -> str:
        """The month it is: "2026-11"."""
        return month_of(self._now())

    async def note_refused(self) -> None:
        """As `Meter.note_refused`; refused for `LONG_REFUSED`, the organisers are told, once a month."""
        now = self._now()
        if self._refused_since is None or now < self._refused_since:
            self._refused_since = now
        if now - self._refused_since < LONG_REFUSED or self._refused_in == self.month:
            return
        try:
            async with self._database.transaction() as tx:
                await warn_refused(tx, self.platform, self._bot, now)
            self._refused_in = self.month
        except Exception:  # noqa: BLE001 - the database away, or a bug: it is refused again in a minute
            _log.exception("refusal_not_told", platform=self.platform)

    async def find_usage(self, tx: Tx, month: str | None = None) -> Usage:
        """Give what was sent and received in a month, this one by default."""
        return await find_usage(tx, self.platform, self._bot, month or self.month)

    async def forecast(self, tx: Tx, meeting: MeetingView) -> MessageForecast:
        """Give what a meeting will take, of the messages of the month that it is held in."""
        month = month_of(max(self._now(), meeting.starts_at))
        usage = await self.find_usage(tx, month)
        return await find_forecast(tx, meeting, self.platform, self.plan, month, usage)

    async def find_least_urgent(self) -> Priority:
        """Give the least urgent that still goes out."""
        async with self._database.snapshot() as tx:
            return least_urgent(self.plan, await self.find_usage(tx))

    async def close(self) -> None:
        """Wait until everything is counted."""
        await self._counting.close()

    async def _note(self, sent: int, received: int) -> None:
        try:
            await self._counting.put((sent, received))
        except Exception:  # noqa: BLE001 - the database away, or a bug: what was said was said
            _log.exception("message_not_counted", platform=self.platform)

    async def _count(self, messages: Sequence[tuple[int, int]]) -> list[None]:
        sent, received = (sum(counts) for counts in zip(*messages, strict=True))
        async with self._database.transaction() as tx:
            await count_messages(
                tx, self.platform, self._bot, self.plan, self._now(), sent=sent, received=received
            )
        return [None] * len(messages)

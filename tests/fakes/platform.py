"""A platform on which nobody is: it keeps what it was asked to show, and refuses as it is told."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.platforms.base import Card, Line, MessageRef, Receive


@dataclass(frozen=True, slots=True)
class Shown:
    """That a card was shown in a chat, in place of the one at `instead_of`."""

    chat: str
    text: str
    instead_of: MessageRef | None


@dataclass
class RecordingPlatform:
    """Keeps what arrived in `shown` and what was asked of it in `asked`, both in order, and when in `begun`.

    `refusals[chat]` are raised one after another; while `gates[chat]` is there and not set, sends to it
    are under way.
    """

    name: str = "telegram"
    asked: list[str] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    refusals: defaultdict[str, deque[Exception]] = field(default_factory=lambda: defaultdict(deque))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self, receive: Receive) -> None:
        raise NotImplementedError("nobody is here to do anything")

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        self.asked.append(chat)
        self.begun.append(asyncio.get_running_loop().time())
        await self._tell()
        if chat in self.gates:
            await self.gates[chat].wait()
        if self.refusals[chat]:
            raise self.refusals[chat].popleft()
        text = "\n".join(line.text for line in card.lines if isinstance(line, Line))
        self.shown.append(Shown(chat, text, ref))
        await self._tell()
        return ref or f"message {len(self.shown)}"

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until_asked(self, times: int) -> None:
        """Wait until `show` was called so many times in all."""
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: len(self.asked) >= times)

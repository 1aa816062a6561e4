"""A platform that counts messages and changes none."""

from dataclasses import dataclass, field

from bot.platforms.base import Card, MessageRef, Meter
from tests.fakes.platform import RecordingPlatform


@dataclass
class CountingPlatform(RecordingPlatform):
    """Sends each card as a new message; one that was shown before only if `news` is in one of its lines."""

    name: str = "zalo"
    meter: Meter | None = None
    looked_at: list[str] = field(default_factory=list)

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        await super().show(chat, ref, card)
        if self.meter is not None:
            await self.meter.note_sent()
        return f"message {len(self.shown)}"

    async def is_news(self, chat: str, ref: MessageRef, card: Card) -> bool:
        del ref
        self.looked_at.append(chat)
        return any("news" in getattr(line, "text", "") for line in card.lines)

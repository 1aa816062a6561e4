"""What numbers mean in chats, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.platforms.base import ShownChoices


@dataclass
class KeptChoices:
    """`groups` are chats of groups; `questions` and `languages` what is so in others now.

    The next `away` times that it is asked it can't be reached.
    """

    shown: dict[str, ShownChoices] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    questions: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    away: int = 0

    async def find(self, chat: str) -> ShownChoices:
        if self.away:
            self.away -= 1
            raise ConnectionError
        return replace(
            self.shown.get(chat, ShownChoices()),
            question=self.questions.get(chat, ""),
            language=self.languages.get(chat),
            is_group=chat in self.groups,
        )

    async def change(self, chat: str, change: Callable[[ShownChoices], ShownChoices]) -> None:
        self.shown[chat] = change(self.shown.get(chat, ShownChoices()))

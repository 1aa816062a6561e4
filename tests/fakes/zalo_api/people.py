"""Who writes to the bot on Zalo, and what they see: words, and nothing to tap."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.zalo_api.protocol import PATIENCE, Json

if TYPE_CHECKING:
    from tests.fakes.zalo_api.server import FakeZalo


@dataclass(frozen=True)
class Message:
    """A message of the bot; nothing changes it any more."""

    id: str
    chat: str
    text: str


@dataclass(eq=False)
class _Place:
    """A chat with the bot, as those in it see it."""

    fake: "FakeZalo" = field(repr=False)
    id: str
    name: str
    _seen: int = 0

    @property
    def messages(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [message for message in self.fake.messages if message.chat == self.id]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def screen(self) -> str:
        """All of it as text, for the message of a failing assertion."""
        return "\n---\n".join(self.texts)

    async def next_message(self, *, wait: float = PATIENCE) -> Message:
        """The bot's next message that was not given yet, in the order of arrival."""
        await self.fake.until(
            lambda: len(self.messages) > self._seen, wait=wait, what=f"a message to {self.name}"
        )
        self._seen += 1
        return self.messages[self._seen - 1]

    async def sees(self, text: str, *, wait: float = PATIENCE) -> Message:
        """The newest message that has this text, as soon as there is one."""
        await self.fake.until(
            lambda: any(text in seen for seen in self.texts), wait=wait, what=f"{self.name} to see {text!r}"
        )
        return next(message for message in reversed(self.messages) if text in message.text)

    def skip(self) -> None:
        """Take all that is there as given by `next_message`."""
        self._seen = len(self.messages)


@dataclass(eq=False)
class Person(_Place):
    """Somebody with Zalo on the phone, and the private chat with the bot, which has the same id."""

    has_written: bool = False
    has_blocked: bool = False

    def send(self, text: str) -> Json:
        """Type something; gives the update as the bot will get it, or as it would have."""
        return self.send_anything("text", {"text": text})

    async def asks(self, text: str, *, wait: float = PATIENCE) -> str:
        """Type something, and give what the bot says to it."""
        self.skip()
        self.send(text)
        return (await self.next_message(wait=wait)).text

    def sends_picture(self, url: str = "https://photo.example/a.jpg", caption: str = "") -> Json:
        """Send a picture; its field has either of two names."""
        name = "photo_url" if self.fake.has_other_names else "photo"
        return self.send_anything("image", {name: url} | ({"caption": caption} if caption else {}))

    def sends_sticker(self) -> Json:
        return self.send_anything(
            "sticker", {"sticker": "bfe458bf64fa8da4d4eb", "url": "https://sticker.example/a.webp"}
        )

    def sends_voice(self) -> Json:
        return self.send_anything("voice", {"voice_url": "https://voice.example/a.aac"})

    def sends_protected(self, text: str) -> Json:
        """Type something as somebody whose words are kept from bots."""
        assert text
        return self.send_anything("unsupported", {})

    def says(self, group: "Group", text: str, *, is_called: bool = True) -> Json | None:
        """Write in a group; the bot gets only what calls it by its name."""
        if not is_called:
            return None
        called = f"@{self.fake.me['display_name']} {text}"
        return self.send_anything("text", {"text": called}, in_chat=group.as_chat())

    def send_anything(self, kind: str, content: Json, *, in_chat: Json | None = None) -> Json:
        """Send a message of whatever kind, given as the fields of the message."""
        if in_chat is None:
            self.has_written, self.has_blocked = True, False
        message = {
            "from": self.as_user(),
            "chat": in_chat or {"id": self.id, "chat_type": "PRIVATE"},
            "message_id": self.fake.new_id(),
            "date": 1_750_316_131_602,
            **content,
        }
        return self.fake.push({"event_name": f"message.{kind}.received", "message": message}, self)

    def blocks(self) -> None:
        """Block the bot, which is not told."""
        self.has_blocked = True

    def as_user(self) -> Json:
        return {"id": self.id, "display_name": self.name, "is_bot": False}


@dataclass(eq=False)
class Group(_Place):
    """A group with the bot in it, which is told of nothing but what calls it."""

    has_removed: bool = False

    def removes_bot(self) -> None:
        """Remove the bot, which is not told."""
        self.has_removed = True

    def as_chat(self) -> Json:
        return {"id": self.id, "chat_type": "GROUP"}

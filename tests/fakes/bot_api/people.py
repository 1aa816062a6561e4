"""Who writes to the bot, and what they see."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.bot_api.protocol import PATIENCE, Json

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi


@dataclass
class Document:
    """A file in a chat; `content` is empty where only its size matters."""

    file_id: str
    name: str
    content: bytes = field(repr=False)
    size: int
    media_type: str

    def as_json(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_name": self.name,
            "mime_type": self.media_type,
            "file_size": self.size,
        }


@dataclass
class Message:
    """A message as it is displayed now: edits change it in place."""

    id: int
    chat_id: int
    is_from_bot: bool
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    document: Document | None = None
    is_deleted: bool = False
    is_old: bool = False
    """Over 48 hours old: it can't be deleted any more."""
    is_fixed: bool = False
    """Sent with a keyboard of the chat's own, or its removal: it can't be edited."""

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, row after row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def links(self) -> dict[str, str]:
        """The addresses behind its buttons."""
        return {button["text"]: button["url"] for row in self.keyboard for button in row if "url" in button}

    def marked(self, kind: str) -> list[str]:
        """The pieces of the text that are "bold", "italic" …."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]

    def find_button(self, label: str) -> Json | None:
        """The button with this label, chosen (✓) or not."""
        for row in self.keyboard:
            for button in row:
                if button["text"].removeprefix("✓ ") == label.removeprefix("✓ "):
                    return dict(button)
        return None


@dataclass(eq=False)
class Person:
    """Somebody with Telegram on the phone, and the private chat with the bot."""

    fake: "FakeBotApi" = field(repr=False)
    id: int
    name: str
    language: str | None
    has_written: bool = False
    has_blocked: bool = False
    is_deactivated: bool = False
    reply_keyboard: list[list[Json]] = field(default_factory=list)
    """What stands in the place of the phone's own keyboard."""
    _seen: int = 0

    # What the person does: each gives the update as the bot will get it, or as it would have.

    async def send(self, text: str) -> Json:
        """Type something."""
        entities = []
        command = re.match(r"/[A-Za-z0-9_]+(@\w+)?", text)
        if command:
            entities = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return self.send_anything(text=text, **({"entities": entities} if entities else {}))

    async def sends_document(
        self, name: str, content: bytes = b"", *, size: int | None = None, caption: str | None = None
    ) -> Json:
        """Send a file; with `size` it only claims to be that big."""
        document = self.fake.add_file(name, content, size)
        return self.send_anything(
            document=document.as_json(), **({} if caption is None else {"caption": caption})
        )

    async def sends_photo(self, content: bytes) -> Json:
        """Send a photo, which comes in two sizes."""
        sizes = [
            {**self.fake.add_file("photo.jpg", part).as_json(), "width": side, "height": side}
            for side, part in ((90, content[:10]), (800, content))
        ]
        return self.send_anything(photo=sizes)

    def shares_number(self, number: str) -> Json:
        """Tap the button that asks for one's number, and confirm."""
        buttons = [button for row in self.reply_keyboard for button in row]
        assert any(button.get("request_contact") for button in buttons), (
            f"{self.name} is not asked:\n{self.screen}"
        )
        return self.sends_contact(number, self.id)

    def sends_contact(self, number: str, user_id: int | None = None, *, is_forwarded: bool = False) -> Json:
        """Send a contact from the address book; Telegram names the account that has this number, if any."""
        contact: Json = {"phone_number": number, "first_name": "Liên hệ"}
        if user_id is not None:
            contact["user_id"] = user_id
        origin: Json = {"type": "hidden_user", "sender_user_name": "Ai đó", "date": 1_700_000_000}
        return self.send_anything(contact=contact, **({"forward_origin": origin} if is_forwarded else {}))

    def send_anything(self, **content: object) -> Json:
        """Send a message of whatever kind, given as the fields of a Bot API message."""
        self.has_written = True
        self.has_blocked = False
        message = self.fake.add_message(Message(self.fake.new_id(), self.id, is_from_bot=False))
        return self.fake.push(message={**self.fake.head_of(message), "from": self.as_user(), **content})

    def press(self, label: str, *, is_stale: bool = False) -> Json:
        """Tap the newest button with this label, without waiting; `is_stale`: too old to be answered."""
        message = self._newest_with(label)
        button = message.find_button(label)
        assert button is not None
        assert "callback_data" in button, f"{label!r} opens {button.get('url')!r}"
        return self.press_data(message, button["callback_data"], is_stale=is_stale)

    def press_data(self, message: Message, data: str, *, is_stale: bool = False) -> Json:
        """Tap with whatever data, as a forged client could."""
        query_id = str(self.fake.new_id() + 4_000_000_000)
        if not is_stale:
            self.fake.open_queries.add(query_id)
        return self.fake.push(
            callback_query={
                "id": query_id,
                "from": self.as_user(),
                "message": self.fake.message_as_json(message),
                "chat_instance": f"-{self.id}",
                "data": data,
            }
        )

    async def tap(self, label: str, *, wait: float = PATIENCE) -> str:
        """Tap the newest button with this label; gives the toast, "" if it was answered without one."""
        query_id = self.press(label)["callback_query"]["id"]
        await self.fake.until(lambda: query_id in self.fake.toasts, wait=wait, what=f"an answer to {label!r}")
        return self.fake.toasts[query_id]

    def blocks(self) -> Json:
        """Stop and block the bot."""
        self.has_blocked = True
        return self._changes_membership("member", "kicked")

    def unblocks(self) -> Json:
        """Let the bot write again."""
        self.has_blocked = False
        return self._changes_membership("kicked", "member")

    def deletes(self, message: Message) -> None:
        """Delete a message for both sides; the bot is not told."""
        message.is_deleted = True
        self.fake.tell()

    # What the person sees

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as displayed now, oldest first."""
        return [
            message
            for message in self.fake.messages.values()
            if message.chat_id == self.id and message.is_from_bot and not message.is_deleted
        ]

    @property
    def screen(self) -> str:
        """All of it as text, for the message of a failing assertion."""
        return "\n".join(f"{message.text} {message.labels}" for message in self.messages)

    async def next_message(self, *, wait: float = PATIENCE) -> Message:
        """The bot's next message that was not given yet, in the order of arrival."""
        await self.fake.until(lambda: self._next() is not None, wait=wait, what=f"a message to {self.name}")
        message = self._next()
        assert message is not None
        self._seen = message.id
        return message

    async def sees(self, text: str, *, wait: float = PATIENCE) -> Message:
        """The newest message that has this text, as soon as there is one."""
        await self.fake.until(
            lambda: any(text in message.text for message in self.messages),
            wait=wait,
            what=f"{self.name} to see {text!r}",
        )
        return next(message for message in reversed(self.messages) if text in message.text)

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user if self.language is None else {**user, "language_code": self.language}

    def as_chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def _next(self) -> Message | None:
        return next((message for message in self.messages if message.id > self._seen), None)

    def _newest_with(self, label: str) -> Message:
        for message in reversed(self.messages):
            if message.find_button(label):
                return message
        raise AssertionError(f"{self.name} sees no button {label!r} but:\n{self.screen}")

    def _changes_membership(self, before: str, after: str) -> Json:
        bot = self.fake.bot

        def member(status: str) -> Json:
            return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

        return self.fake.push(
            my_chat_member={
                "chat": self.as_chat(),
                "from": self.as_user(),
                "date": 1_700_000_000,
                "old_chat_member": member(before),
                "new_chat_member": member(after),
            }
        )

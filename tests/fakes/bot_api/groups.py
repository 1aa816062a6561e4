"""Groups and supergroups: who is in them, what the bot may do there, and what everybody in them sees."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.bot_api.methods import method
from tests.fakes.bot_api.people import Message, Person
from tests.fakes.bot_api.protocol import PATIENCE, Json, RefusedError, bad

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
_AT = 1_700_000_000


@dataclass(eq=False)
class Group:
    """A group, or a supergroup with `is_super`; what the bot is in it, is `status` and `rights`."""

    fake: "FakeBotApi" = field(repr=False)
    id: int
    title: str
    is_super: bool = False
    status: str = "left"
    rights: dict[str, bool] = field(default_factory=dict)
    do_members_pin: bool = False
    """Whether the group lets plain members pin."""
    pinned: list[int] = field(default_factory=list)
    moved_to: "Group | None" = None

    # What people do in it: each gives the update as the bot will get it, or as it would have.

    def adds_bot(self, by: Person, code: str = "", *, is_anonymous: bool = False) -> Json:
        """Add the bot; with a code as the link does that chooses the group."""
        added = self._changes(by, "member", is_anonymous=is_anonymous)
        return self.sends(by, f"/start@{self.fake.bot['username']} {code}") if code else added

    def removes_bot(self, by: Person) -> Json:
        """Take the bot out, so that it can't come back by itself."""
        return self._changes(by, "kicked")

    def promotes_bot(self, by: Person, *, can_pin: bool) -> Json:
        """Make the bot an administrator."""
        return self._changes(by, "administrator", can_pin_messages=can_pin)

    def restricts_bot(self, by: Person, *, can_send: bool) -> Json:
        """Let the bot send messages or not; it may not pin."""
        return self._changes(by, "restricted", can_send_messages=can_send, can_pin_messages=False)

    def sends(self, by: Person, text: str, *, is_anonymous: bool = False) -> Json:
        """Write something; privacy mode keeps from a plain member what isn't for it."""
        username: str = self.fake.bot["username"]
        command = re.match(r"/[A-Za-z0-9_]+(@(?P<bot>\w+))?", text)
        is_for_bot = command is not None and (command["bot"] or username).lower() == username
        message: Json = {
            "message_id": self.fake.new_id(),
            "chat": self.as_chat(),
            "date": _AT,
            "from": _ANONYMOUS if is_anonymous else by.as_user(),
            "text": text,
            **({"sender_chat": self.as_chat()} if is_anonymous else {}),
        }
        if command is not None:
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        if self.is_bot_in and (is_for_bot or self.status == "administrator"):
            return self.fake.push(message=message)
        return {"message": message}

    def upgrades(self, *, is_told: bool = True) -> "Group":
        """Become a supergroup; unless `is_told`, the bot learns of it by a refusal."""
        new = Group(self.fake, int(f"-100{self.fake.new_id()}"), self.title, is_super=True)
        new.status, new.rights, new.do_members_pin = self.status, self.rights, self.do_members_pin
        self.fake.groups[new.id] = new
        self.moved_to = new
        if is_told:
            for group, told in (
                (self, {"migrate_to_chat_id": new.id}),
                (new, {"migrate_from_chat_id": self.id}),
            ):
                head = {"message_id": self.fake.new_id(), "chat": group.as_chat(), "date": _AT}
                self.fake.push(message={**head, "from": _ANONYMOUS, "sender_chat": group.as_chat(), **told})
        return new

    def press(self, by: Person, label: str) -> Json:
        """Tap the newest button with this label, without waiting."""
        for message in reversed(self.messages):
            button = message.find_button(label)
            if button is not None:
                assert "callback_data" in button, f"{label!r} opens {button.get('url')!r}"
                return by.press_data(message, button["callback_data"])
        raise AssertionError(f"{self.title} shows no button {label!r} but:\n{self.screen}")

    async def tap(self, by: Person, label: str, *, wait: float = PATIENCE) -> str:
        """Tap the newest button with this label; gives the toast, or the address that opens instead."""
        query_id = self.press(by, label)["callback_query"]["id"]
        await self.fake.until(lambda: query_id in self.fake.toasts, wait=wait, what=f"an answer to {label!r}")
        return self.fake.opened.get(query_id) or self.fake.toasts[query_id]

    # What is seen in it

    @property
    def is_bot_in(self) -> bool:
        return self.status not in {"left", "kicked"}

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as displayed now, oldest first."""
        return [
            message
            for message in self.fake.messages.values()
            if message.chat_id == self.id and not message.is_deleted
        ]

    @property
    def screen(self) -> str:
        """All of it as text."""
        return "\n".join(f"{message.text} {message.labels}" for message in self.messages)

    async def sees(self, text: str, *, wait: float = PATIENCE) -> Message:
        """The newest message that has this text, as soon as there is one."""
        await self.fake.until(
            lambda: any(text in message.text for message in self.messages),
            wait=wait,
            what=f"{self.title} to see {text!r} in\n{self.screen}",
        )
        return next(message for message in reversed(self.messages) if text in message.text)

    async def pins(self, text: str, *, wait: float = PATIENCE) -> None:
        """Wait until nothing is pinned but one message that has this text."""

        def is_so() -> bool:
            return len(self.pinned) == 1 and text in self.fake.messages[self.pinned[0]].text

        await self.fake.until(is_so, wait=wait, what=f"{text!r} to be pinned, but {self.pinned}")

    def as_chat(self) -> Json:
        return {"id": self.id, "type": "supergroup" if self.is_super else "group", "title": self.title}

    # What the server says

    def check_reachable(self) -> None:
        """Refuse what is sent to it while the bot isn't in it, or when it goes on as a supergroup."""
        kind = "supergroup chat" if self.is_super else "group chat"
        if self.moved_to is not None:
            raise RefusedError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved_to.id,
            )
        if self.status == "kicked":
            raise RefusedError(403, f"Forbidden: bot was kicked from the {kind}")
        if self.status == "left":
            raise RefusedError(403, f"Forbidden: bot is not a member of the {kind}")

    def check_sending(self) -> None:
        if self.status == "restricted" and not self.rights["can_send_messages"]:
            raise bad("not enough rights to send text messages to the chat")

    def check_pinning(self) -> None:
        may = self.rights.get("can_pin_messages") if self.status != "member" else self.do_members_pin
        if not may:
            raise bad("not enough rights to manage pinned messages in the chat")

    def leave(self) -> None:
        """The bot goes by itself."""
        self._changes(None, "left")

    def _changes(self, by: Person | None, status: str, *, is_anonymous: bool = False, **rights: bool) -> Json:
        old, self.status, self.rights = self._member(), status, rights
        actor = self.fake.bot if by is None else _ANONYMOUS if is_anonymous else by.as_user()
        return self.fake.push(
            my_chat_member={
                "chat": self.as_chat(),
                "from": actor,
                "date": _AT,
                "old_chat_member": old,
                "new_chat_member": self._member(),
            }
        )

    def _member(self) -> Json:
        is_member = {"is_member": True} if self.status == "restricted" else {}
        return {"user": self.fake.bot, "status": self.status, **is_member, **self.rights}


@method("pinChatMessage", "chat_id:chat message_id:integer", boolean="disable_notification")
async def pin_chat_message(
    fake: "FakeBotApi", chat_id: str, message_id: int, *, disable_notification: bool = False
) -> bool:
    group = _group(fake, chat_id)
    group.check_pinning()
    if message_id not in {message.id for message in group.messages}:
        raise bad("message to pin not found")
    assert disable_notification, "a pin that rings everybody's phone"
    if message_id not in group.pinned:
        group.pinned.append(message_id)
    return True


@method("unpinChatMessage", "chat_id:chat", integer="message_id")
async def unpin_chat_message(fake: "FakeBotApi", chat_id: str, message_id: int = 0) -> bool:
    group = _group(fake, chat_id)
    group.check_pinning()
    if message_id not in group.pinned:
        raise bad("message to unpin not found")
    group.pinned.remove(message_id)
    return True


@method("leaveChat", "chat_id:chat")
async def leave_chat(fake: "FakeBotApi", chat_id: str) -> bool:
    _group(fake, chat_id).leave()
    return True


def _group(fake: "FakeBotApi", chat_id: str) -> Group:
    group = fake.groups.get(int(chat_id)) if re.fullmatch(r"-[0-9]{1,15}", chat_id) else None
    if group is None:
        raise bad("chat not found")
    group.check_reachable()
    return group

"""What happens in groups and concerns the bot: commands that name it, its coming and going, moves."""

import re
from collections.abc import Mapping
from typing import Any

from telegram.constants import ChatMemberStatus, ChatType

from bot.actions import Action, encode
from bot.platforms.base import Admitted, Body, Joined, Left, Moved, Tap
from meeting.states import GroupRight

Raw = Mapping[str, Any]

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)@(?P<bot>\w+)(?:\s+(?P<rest>.*))?", re.DOTALL)
_OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


def group_message(message: Raw, username: str, commands: Mapping[str, Action]) -> Body | None:
    """Give what a message in a group asks of the bot: nothing but a command that names it."""
    match message:
        case {"migrate_to_chat_id": chat}:
            return Moved(str(int(chat)))
        case {"migrate_from_chat_id": _, "chat": {"id": chat}}:
            return Moved(str(int(chat)))
        case {"text": str(text)}:
            command = _COMMAND.fullmatch(text)
            if command is None or command["bot"].lower() != username.lower():
                return None
            name = command["name"].lower()
            if name == "start":
                return Joined((command["rest"] or "").strip())
            return Tap(encode(commands[name])) if name in commands else None
        case _:
            return None


def left_chat_of(message: Raw) -> Raw:
    """Give the chat that a message in a group is about: of a move, the one that was left."""
    chat: Raw = message["chat"]
    former = message.get("migrate_from_chat_id")
    return chat if former is None else {**chat, "id": former}


def change_in_group(change: Raw) -> Body:
    """Give what became of the bot in a group."""
    was, now = change["old_chat_member"], change["new_chat_member"]
    if not _is_in(now):
        return Left()
    return Admitted(is_new=not _is_in(was), lacks=frozenset(_lacks(now)))


def _is_in(member: Raw) -> bool:
    is_member: bool = member.get("is_member", True)
    return member["status"] not in _OUT and (member["status"] != ChatMemberStatus.RESTRICTED or is_member)


def _lacks(member: Raw) -> list[GroupRight]:
    """Give the rights that are known to be missing; what a plain member may do, the group's settings say."""
    match member["status"]:
        case ChatMemberStatus.ADMINISTRATOR:
            return [] if member.get("can_pin_messages") else [GroupRight.PIN]
        case ChatMemberStatus.RESTRICTED:
            rights = {GroupRight.WRITE: "can_send_messages", GroupRight.PIN: "can_pin_messages"}
            return [right for right, key in rights.items() if not member.get(key)]
        case _:
            return []

"""The bot's own account: its name, its commands, its files."""

import re
from typing import TYPE_CHECKING

from tests.fakes.bot_api.methods import method
from tests.fakes.bot_api.protocol import Json, bad
from tests.fakes.bot_api.showing import reach
from tests.fakes.bot_api.text import utf16

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_BIGGEST_DOWNLOAD = 20_000_000
_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_SCOPES_OF_MANY = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


@method("getMe")
async def get_me(fake: "FakeBotApi") -> Json:
    return fake.bot


@method("getFile", "file_id:string")
async def get_file(fake: "FakeBotApi", file_id: str) -> Json:
    document = fake.files.get(file_id)
    if document is None:
        raise bad("invalid file_id")
    if document.size > _BIGGEST_DOWNLOAD:
        raise bad("file is too big")
    path = f"documents/{document.file_id}.{document.name.rpartition('.')[2]}"
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_size": document.size,
        "file_path": path,
    }


@method("setMyCommands", "commands:array", object="scope", string="language_code")
async def set_my_commands(
    fake: "FakeBotApi", commands: list[Json], scope: Json | None = None, language_code: str = ""
) -> bool:
    place = _scope_of(fake, scope or {"type": "default"})
    if len(commands) > _COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= _LONGEST_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if language_code and not re.fullmatch(r"[a-z]{2}", language_code):
        raise bad("invalid language code specified")
    (fake.commands if place == "default" else fake.menus.setdefault(place, {}))[language_code] = commands
    return True


def _scope_of(fake: "FakeBotApi", scope: Json) -> str:
    """Give what commands are set for: a kind of chats, or one chat by its id, which the bot must know."""
    kind, fields = scope.get("type"), scope.keys() - {"type"}
    if kind in _SCOPES_OF_MANY and not fields:
        return str(kind)
    if kind != "chat" or fields != {"chat_id"}:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    chat = str(scope["chat_id"])
    return str(reach(fake, chat).id)

"""The bot's own account: its name, its commands, its files."""

import re
from typing import TYPE_CHECKING

from tests.fakes.bot_api.methods import method
from tests.fakes.bot_api.protocol import Json, bad
from tests.fakes.bot_api.text import utf16

if TYPE_CHECKING:
    from tests.fakes.bot_api.server import FakeBotApi

_BIGGEST_DOWNLOAD = 20_000_000
_COMMANDS = 100
_LONGEST_DESCRIPTION = 256


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
    if scope not in (None, {"type": "default"}, {"type": "all_private_chats"}):
        raise bad("can't parse BotCommandScope")
    if len(commands) > _COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= _LONGEST_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if language_code and not re.fullmatch(r"[a-z]{2}", language_code):
        raise bad("invalid language code specified")
    fake.commands[language_code] = commands
    return True

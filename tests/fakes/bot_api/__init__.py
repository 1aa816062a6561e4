"""A strict Bot API on loopback, and the people who write to the bot through it.

Real HTTP, the real envelope, the refusals and the texts of the real server. Where it differs it refuses more:
unknown parameters, 4096 UTF-16 units of text, 8 buttons in a row, addresses in buttons that no phone outside
this machine's network would reach.

    async with FakeBotApi() as fake:
        an = fake.person("An", language="vi")
        await an.send("/start abc")
        card = await an.next_message()
        assert await an.tap("Tán thành") == "Đã ghi nhận: Tán thành."
"""

from tests.fakes.bot_api.groups import Group
from tests.fakes.bot_api.people import Document, Message, Person
from tests.fakes.bot_api.protocol import (
    NOT_MODIFIED,
    PATIENCE,
    TERMINATED,
    TERMINATED_BY_WEBHOOK,
    TOKEN,
    TOO_OLD,
    WEBHOOK_IS_SET,
    Json,
    RefusedError,
)
from tests.fakes.bot_api.server import FakeBotApi
from tests.fakes.bot_api.text import parse_html, utf16

__all__ = [
    "NOT_MODIFIED",
    "PATIENCE",
    "TERMINATED",
    "TERMINATED_BY_WEBHOOK",
    "TOKEN",
    "TOO_OLD",
    "WEBHOOK_IS_SET",
    "Document",
    "FakeBotApi",
    "Group",
    "Json",
    "Message",
    "Person",
    "RefusedError",
    "parse_html",
    "utf16",
]

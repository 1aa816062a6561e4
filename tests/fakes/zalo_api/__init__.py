"""A strict Zalo Bot API on loopback, and the people who write to the bot through it.

Real HTTP, the real envelope, one update a poll that is given once, a plan that runs out. Where it differs it
refuses more: unknown parameters, texts over 2,000 UTF-16 units, a second poll while one waits.

    async with FakeZalo() as fake:
        an = fake.person("An")
        an.send("Xin chào")
        card = await an.next_message()
        assert "Đã ghi nhận" in await an.asks("51")
"""

from tests.fakes.zalo_api.people import Group, Message, Person
from tests.fakes.zalo_api.protocol import (
    IDLE,
    LONGEST_TEXT,
    NO_CHAT,
    PATIENCE,
    POLLED_TWICE,
    QUOTA,
    TOKEN,
    WEBHOOK_IS_SET,
    Json,
    RefusedError,
)
from tests.fakes.zalo_api.server import FakeZalo

__all__ = [
    "IDLE",
    "LONGEST_TEXT",
    "NO_CHAT",
    "PATIENCE",
    "POLLED_TWICE",
    "QUOTA",
    "TOKEN",
    "WEBHOOK_IS_SET",
    "FakeZalo",
    "Group",
    "Json",
    "Message",
    "Person",
    "RefusedError",
]

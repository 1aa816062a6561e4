"""What the real server says, and how it says no."""

from typing import Any

Json = dict[str, Any]

TOKEN = "3214567890123456789:fakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKE"

PATIENCE = 10.0
"""Seconds that a test waits for something that should happen at once."""

LONGEST_TEXT = 2000
"""In UTF-16 units."""

PEOPLE = 50
MESSAGES = 3000
"""What the free plan holds: people a bot, messages a month."""

IDLE = "Request timeout"
QUOTA = "Quota exceeded"
WEBHOOK_IS_SET = "Bad Request: getUpdates is not available while a webhook is set"
POLLED_TWICE = "Conflict: another getUpdates request of this bot is waiting"
NO_CHAT = "Bad Request: chat not found"


class RefusedError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def bad(text: str) -> RefusedError:
    return RefusedError(400, f"Bad Request: {text}")

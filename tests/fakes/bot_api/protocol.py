"""What the real server says, and how it says no."""

from typing import Any

Json = dict[str, Any]

TOKEN = "700000001:AAHfakeFakeFAKEfakeFakeFAKEfake0001"

PATIENCE = 10.0
"""Seconds that a test waits for something that should happen at once."""

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup"
    " are exactly the same as a current content and reply markup of the message"
)
TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"

BIGGEST_UPLOAD = 50_000_000


class RefusedError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(text: str) -> RefusedError:
    return RefusedError(400, f"Bad Request: {text}")

"""What Telegram's refusals mean."""

import os
from datetime import timedelta

import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.arrivals import LONGEST_PAUSE, backoff
from bot.platforms.base import ChatGoneError, ChatMovedError, DeliveryError, RightMissingError
from bot.platforms.telegram.transport import NotSentError
from meeting.states import GoneReason, GroupRight

# The library reads it whenever it gives a time span; without it that warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")

PAUSE_AFTER_REFUSAL = 60.0
"""Seconds between tries where only the operator can help."""

_log = structlog.get_logger()


class UnchangedError(Exception):
    """The message shows this already."""


class MessageGoneError(Exception):
    """The message can't be edited, or not be deleted, any more."""


class TooLateError(Exception):
    """The tap can't be answered any more."""


class PinRefusedError(RightMissingError):
    """The bot may not pin there."""

    def __init__(self, message: str) -> None:
        super().__init__(message, GroupRight.PIN)


class WriteRefusedError(RightMissingError):
    """The bot may not write there."""

    def __init__(self, message: str) -> None:
        super().__init__(message, GroupRight.WRITE)


class FileTooBigError(Exception):
    """The file can't be fetched."""


class CopyForgottenError(Exception):
    """Telegram knows a file by this name no more."""


class NotTakenError(DeliveryError):
    """Telegram doesn't take this as it is: a fault of ours, and no use to try again at once."""


MEANINGS: tuple[tuple[type[TelegramError], str, type[Exception]], ...] = (
    (BadRequest, "message is not modified", UnchangedError),
    (BadRequest, "message to edit not found", MessageGoneError),
    (BadRequest, "message can't be edited", MessageGoneError),
    (BadRequest, "there is no text in the message to edit", MessageGoneError),
    (BadRequest, "message_id_invalid", MessageGoneError),
    (BadRequest, "message to delete not found", MessageGoneError),
    (BadRequest, "message can't be deleted", MessageGoneError),
    (BadRequest, "message to pin not found", MessageGoneError),
    (BadRequest, "message to unpin not found", MessageGoneError),
    (BadRequest, "manage pinned messages", PinRefusedError),
    (BadRequest, "rights to pin", PinRefusedError),
    (BadRequest, "rights to unpin", PinRefusedError),
    (BadRequest, "enough rights to send", WriteRefusedError),
    (BadRequest, "no rights to send", WriteRefusedError),
    (BadRequest, "chat_write_forbidden", WriteRefusedError),
    (BadRequest, "topic_closed", WriteRefusedError),
    (BadRequest, "query is too old", TooLateError),
    (BadRequest, "file is too big", FileTooBigError),
    (BadRequest, "wrong file identifier", CopyForgottenError),
    (BadRequest, "wrong remote file identifier", CopyForgottenError),
    (BadRequest, "invalid file_id", CopyForgottenError),
    (BadRequest, "file reference", CopyForgottenError),
    (BadRequest, "chat not found", ChatGoneError),
    (BadRequest, "user not found", ChatGoneError),
    (BadRequest, "", NotTakenError),
    # Blocked, deactivated, kicked, never written to: nothing else is forbidden to what this bot does.
    (Forbidden, "", ChatGoneError),
    (Conflict, "", NotTakenError),
    # A file over 50 MB, which the library counts among the network's errors.
    (NetworkError, "request entity too large", NotTakenError),
)
"""Kind, words in the lower-case text, what is raised instead; the first that fits, else DeliveryError."""


def meaning_of(error: TelegramError, method: str, token: str, *, is_repeatable: bool) -> Exception:
    """Give what to raise for an error; its text is without the token.

    `is_repeatable`: doing it twice is no different from once, so that nothing is uncertain.
    """
    text = f"{method}: {error.message}".replace(token, "[hidden]")
    said = error.message.lower()
    if isinstance(error, ChatMigrated):
        return ChatMovedError(text, str(error.new_chat_id))
    for kind, words, meaning in MEANINGS:
        if isinstance(error, kind) and words in said:
            if meaning is ChatGoneError:
                return ChatGoneError(text, _reason_of(said))
            if meaning is NotTakenError:
                _log.error("telegram_refused", method=method, reason=text)
            return meaning(text)
    if isinstance(error, RetryAfter):
        return DeliveryError(text, retry_after=span_of(error))
    if isinstance(error, InvalidToken):
        _log.error("telegram_token_refused", method=method)
        return DeliveryError(text, retry_after=timedelta(seconds=PAUSE_AFTER_REFUSAL))
    return DeliveryError(text, is_uncertain=not (is_repeatable or isinstance(error, NotSentError)))


GONE_REASONS: tuple[tuple[str, GoneReason], ...] = (
    ("blocked by the user", GoneReason.BLOCKED),
    ("user is deactivated", GoneReason.DEACTIVATED),
    ("kicked", GoneReason.REMOVED),
    ("not a member", GoneReason.REMOVED),
    ("group chat was deleted", GoneReason.REMOVED),
)
"""Words in the lower-case text, why the chat is gone; without any it was not found."""


def _reason_of(said: str) -> GoneReason:
    return next((reason for words, reason in GONE_REASONS if words in said), GoneReason.NOT_FOUND)


def explain(error: Exception, method: str, failures: int, token: str) -> tuple[str, float]:
    """Tell the operator why nothing is received; give it as a word, and the seconds to the next try."""
    reason = str(error).replace(token, "[hidden]")
    match error:
        case InvalidToken():
            hint = "Telegram refuses the token: check BIEUQUYET_TELEGRAM_TOKEN"
            return _told("telegram_token_refused", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case Conflict() if "webhook" in reason.lower():
            hint = (
                "updates of this bot go to a webhook: another program has set it, or another process with"
                " BIEUQUYET_TELEGRAM_MODE=webhook; stop it, or set the same mode here, and start again"
            )
            return _told("telegram_webhook_is_set", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case Conflict():
            hint = (
                "another program polls with the same token: only one may; several processes on one database"
                " need BIEUQUYET_TELEGRAM_MODE=webhook"
            )
            return _told("telegram_polled_elsewhere", LONGEST_PAUSE, reason=reason, hint=hint)
        case RetryAfter():
            _log.warning("telegram_slowed_down", reason=reason)
            return "telegram_slowed_down", span_of(error).total_seconds()
        case BadRequest() if method == "setWebhook":
            hint = "Telegram doesn't take the address: it is made of BIEUQUYET_PUBLIC_URL"
            return _told("telegram_webhook_refused", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case BadRequest():
            return _told("telegram_refused", LONGEST_PAUSE, method=method, reason=reason)
        case TelegramError():
            _log.warning("telegram_unreachable", failures=failures, reason=reason)
            return "telegram_unreachable", backoff(failures)
    _log.error("telegram_call_failed", method=method, exc_info=error)
    return "telegram_call_failed", LONGEST_PAUSE


def _told(event: str, pause: float, **said: str) -> tuple[str, float]:
    _log.error(event, **said)
    return event, pause


def span_of(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)

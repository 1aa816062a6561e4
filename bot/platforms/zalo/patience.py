"""Asking Zalo until it answers, and telling the operator what is wrong meanwhile."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

import structlog

from bot.arrivals import LONGEST_PAUSE, backoff
from bot.platforms.base import ChatGoneError, DeliveryError
from bot.platforms.zalo.client import QuotaSpentError, RefusedError, TokenRefusedError

TRIES = 3
PAUSE_AFTER_REFUSAL = 60.0
"""Seconds between tries where only the operator can help."""

_log = structlog.get_logger()
T = TypeVar("T")


class Patience:
    """Tries calls again, pausing by `sleep`."""

    def __init__(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.sleep = sleep
        self.trouble = "starting"
        """Why nothing is received just now, as a word; empty where all is well."""

    async def insist(self, method: str, call: Callable[[], Awaitable[T]]) -> T:
        """Call until it succeeds, telling the operator what is wrong."""
        for failures in itertools.count(1):
            try:
                result = await call()
            except Exception as error:  # noqa: BLE001  # without it nothing is received
                self.trouble, pause = explain(error, method, failures)
            else:
                self.trouble = ""
                return result
            await self.sleep(pause)
        raise AssertionError

    async def persist(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Show an answer, trying again for a while as nobody else will; gives None where it can't be."""
        for attempt in itertools.count(1):
            try:
                return await call()
            except ChatGoneError:
                return None
            except DeliveryError as error:
                pause = error.retry_after.total_seconds() if error.retry_after else backoff(attempt)
                if attempt == TRIES or pause > LONGEST_PAUSE or isinstance(error, RefusedError):
                    _log.error("zalo_answer_lost", reason=str(error))
                    return None
            await self.sleep(pause)
        return None


def explain(error: Exception, method: str, failures: int) -> tuple[str, float]:
    """Tell the operator why nothing is received; give it as a word, and the seconds to the next try."""
    reason = str(error)
    match error:
        case TokenRefusedError():
            hint = "Zalo refuses the token: check BIEUQUYET_ZALO_TOKEN with Zalo Bot Manager"
            return _told("zalo_token_refused", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case QuotaSpentError():
            hint = "the plan of this bot is used up, or too much was asked at a time; see its plan at Zalo"
            return _told("zalo_quota_spent", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case RefusedError(code=HTTPStatus.CONFLICT):
            hint = (
                "another program polls with the same token: only one may; several processes on one database"
                " need BIEUQUYET_ZALO_MODE=webhook"
            )
            return _told("zalo_polled_elsewhere", LONGEST_PAUSE, reason=reason, hint=hint)
        case RefusedError() if method == "setWebhook":
            hint = "Zalo doesn't take the address: it is made of BIEUQUYET_PUBLIC_URL"
            return _told("zalo_webhook_refused", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case RefusedError() if "webhook" in reason.lower():
            hint = (
                "updates of this bot go to a webhook: another program has set it, or another process with"
                " BIEUQUYET_ZALO_MODE=webhook; stop it, or set the same mode here, and start again"
            )
            return _told("zalo_webhook_is_set", PAUSE_AFTER_REFUSAL, reason=reason, hint=hint)
        case RefusedError():
            return _told("zalo_refused", LONGEST_PAUSE, method=method, reason=reason)
        case DeliveryError():
            _log.warning("zalo_unreachable", failures=failures, reason=reason)
            return "zalo_unreachable", backoff(failures)
    _log.error("zalo_call_failed", method=method, exc_info=error)
    return "zalo_call_failed", LONGEST_PAUSE


def _told(event: str, pause: float, **said: str) -> tuple[str, float]:
    _log.error(event, **said)
    return event, pause

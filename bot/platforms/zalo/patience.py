"""Asking Zalo until it answers, and telling the operator what is wrong meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog

from bot import patience
from bot.arrivals import LONGEST_PAUSE, backoff
from bot.platforms.base import DeliveryError
from bot.platforms.zalo.client import QuotaSpentError, RefusedError, TokenRefusedError

PAUSE_AFTER_REFUSAL = 60.0
"""Seconds between tries where only the operator can help."""

_log = structlog.get_logger()


class Patience(patience.Patience):
    """Zalo's: what it refuses once is refused."""

    def __init__(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        super().__init__("zalo", explain, RefusedError, sleep)


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

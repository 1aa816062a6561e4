"""One server for all that comes in by HTTP: a few addresses have an application of their own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEALTH_PATH = "/health"
_PATIENCE = 3.0
"""Seconds after which a database that does not answer counts as away."""

_log = structlog.get_logger(__name__)


class Doors:
    """Leads to the application at exactly this path in `others`, else to the pages with all their checks."""

    def __init__(self, pages: ASGIApp, others: Mapping[str, ASGIApp]) -> None:
        self._pages = pages
        self._others = dict(others)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        await self._others.get(scope.get("path", ""), self._pages)(scope, receive, send)


class Health:
    """Tells anybody, in a few words that are no secret, whether the program can be used.

    `read` reads something from the database and raises where it can't; `troubles` gives for each platform why
    nothing is received from there, or "". Status 200 while the database answers, else 503: without a platform
    the pages still work.
    """

    def __init__(
        self, read: Callable[[], Awaitable[None]], troubles: Callable[[], Mapping[str, str]]
    ) -> None:
        self._read = read
        self._troubles = troubles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["method"] not in {"GET", "HEAD"}:
            await PlainTextResponse("", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET"})(scope, receive, send)
            return
        is_well = await self._can_read()
        lines = [f"database: {'ok' if is_well else 'away'}"]
        lines += [f"{platform}: {trouble or 'ok'}" for platform, trouble in self._troubles().items()]
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        await PlainTextResponse("\n".join(lines), status, headers)(scope, receive, send)

    async def _can_read(self) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._read()
        except (ConnectionError, TimeoutError) as error:
            _log.warning("health_database_away", reason=type(error).__name__)
            return False
        return True

"""How requests travel to the Bot API: the library's own HTTP client gets slower with each one that waits."""

import functools
import json
import ssl
import urllib.request
from typing import NoReturn
from urllib.parse import urlsplit

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_SLOWEST = 50_000
"""Bytes a second; a link that carries less is not waited for."""
_LONGEST_DOWNLOAD = 20_000_000 / _SLOWEST
_DNS_KEPT = 300
_JSON = {"Content-Type": "application/json"}


class NotSentError(NetworkError):
    """The request never left this machine."""


class Transport(BaseRequest):
    """Up to `connections` requests at a time; `seconds` is the wait for a connection, and for an answer.

    It is opened by the first request. No error has the address in its text or its trace: the token is in it.
    """

    def __init__(self, connections: int, seconds: float) -> None:
        self._connections = connections
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None
        self._limits = self._limits_for(seconds)

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer is waited for, unless a request says another number."""
        return self._seconds

    async def initialize(self) -> None:
        """Do nothing yet."""

    async def shutdown(self) -> None:
        """Close all connections; a repeat does nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  # the library's signature
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Give status and body of the answer; raises NotSentError, TimedOut or NetworkError."""
        session = self._session or self._open(url)
        body: aiohttp.FormData | bytes | None = None
        limits, headers = self._limits, None
        if isinstance(read_timeout, int | float):
            limits = self._limits_for(read_timeout)
        if request_data is not None and request_data.contains_files:
            body, size = _form(request_data)
            limits = self._limits_for(self._seconds, size / _SLOWEST)
        elif request_data is not None:
            body, headers = json.dumps(request_data.parameters).encode(), _JSON
        else:
            limits = self._limits_for(self._seconds, _LONGEST_DOWNLOAD)
        try:
            async with session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            _explain(error)

    def _limits_for(self, seconds: float, transfer: float = 0) -> aiohttp.ClientTimeout:
        # Writing has no limit of its own there, so that the whole must have one.
        return aiohttp.ClientTimeout(
            total=2 * self._seconds + seconds + transfer, connect=self._seconds, sock_read=seconds
        )

    def _open(self, url: str) -> aiohttp.ClientSession:
        trusted = _trusted() if url.startswith("https:") else True
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=_DNS_KEPT, ssl=trusted),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept-Encoding",),
            proxy=_proxy_for(url),
        )
        return self._session


@functools.cache
def _trusted() -> ssl.SSLContext:
    trusted = ssl.create_default_context()
    # Some systems keep no authorities where Python looks for them.
    trusted.load_verify_locations(certifi.where())
    return trusted


def _proxy_for(url: str) -> str | None:
    """Give the proxy that the system names for an address: asked once, as it is slow."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _form(request_data: RequestData) -> tuple[aiohttp.FormData, int]:
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    size = 0
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
        size += len(content) if isinstance(content, bytes) else 0
    return form, size


def _explain(error: Exception) -> NoReturn:
    match error:
        case aiohttp.ClientHttpProxyError(status=status):
            raise NotSentError(f"the proxy answers {status}") from None
        case aiohttp.ConnectionTimeoutError():
            raise NotSentError("no connection in time") from None
        case aiohttp.ClientConnectorError():
            raise NotSentError(str(error)) from None
        case TimeoutError():
            raise TimedOut from None
        case _:
            raise NetworkError(f"{type(error).__name__} on the way") from None

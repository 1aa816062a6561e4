"""What stands before every page: safe headers, the right host, requests from our own pages only."""

import hmac
import ipaddress
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.wording.pages import Fault

STATUS = {
    Fault.NOT_FOUND: 404,
    Fault.FILE_UNKNOWN: 404,
    Fault.FILE_EXPIRED: 410,
    Fault.FILE_WITHDRAWN: 410,
    Fault.NOT_YOUR_PAGE: 403,
    Fault.PAGE_ENDED: 410,
    Fault.WRONG_HOST: 400,
    Fault.WRONG_ORIGIN: 403,
    Fault.WRONG_METHOD: 405,
    Fault.TOO_LARGE: 413,
    Fault.TOO_MANY_CODES: 429,
    Fault.TOO_MANY_STREAMS: 429,
    Fault.UNREADABLE: 400,
    Fault.STARTING: 503,
    Fault.BROKEN: 500,
}

_OWN_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": _OWN_ONLY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it browsers send "Origin: null" from our own forms, which could not be checked.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


class FaultError(HTTPException):
    """Ends a request with an error page in words."""

    def __init__(self, fault: Fault, *, seconds: int = 0) -> None:
        super().__init__(STATUS[fault], fault.value, {"Retry-After": str(seconds)} if seconds else None)
        self.fault = fault
        self.seconds = seconds


class Gate:
    """An application whose answers have safe headers; `refuse` answers what does not come in.

    A request must name this server by an address, as localhost, by the public URL's name, by one of `hosts`
    or by a name ending in `.local`: a page elsewhere could have its own name point here. One that is no GET
    must come from a page of this server, as the browser tells.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Callable[[Scope, Fault], ASGIApp],
        public_url: str,
        hosts: Collection[str] = (),
    ) -> None:
        self._app = app
        self._refuse = refuse
        public = urlsplit(public_url)
        self._public = public.netloc.lower()
        self._hosts = {host.lower() for host in (public.hostname or "", "localhost", *hosts)}
        self._is_secure = public.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        app = self._app
        if not self._is_known(headers.get("host", "")):
            app = self._refuse(scope, Fault.WRONG_HOST)
        elif scope["method"] not in {"GET", "HEAD"} and not self._is_own(headers):
            app = self._refuse(scope, Fault.WRONG_ORIGIN)
        await app(scope, receive, self._with_headers(scope, send))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            await send(message)

        return send_safely

    def _is_known(self, host_header: str) -> bool:
        host = _host_of(host_header)
        if host is None:
            return False
        if host in self._hosts or host.endswith(".local"):
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True

    def _is_own(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        # Browsers leave Sec-Fetch-Site out on plain HTTP, as in the hall; they all send Origin with a POST.
        origin = headers.get("origin") or headers.get("referer") or ""
        return urlsplit(origin).netloc.lower() in {headers.get("host", "").lower(), self._public} - {""}

    def is_secure(self, headers: Headers) -> bool:
        """Whether a cookie may be marked Secure: on HTTPS, but not on the hall's plain HTTP."""
        return self._is_secure and headers.get("host", "").lower() == self._public


def _host_of(header: str) -> str | None:
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?", header)
    return None if found is None else (found[1] or found[2]).lower()


PAGE_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def new_page_id() -> str:
    """Give a page's id: 128 random bits, in the form of `PAGE_ID`."""
    return secrets.token_urlsafe(16)


class Seals:
    """Makes and reads the cookies by which a browser shows that a page is its own."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, page: str) -> str:
        """Give the cookie's value for a page."""
        mac = hmac.digest(self._key, f"web:{page}".encode(), "sha256")
        return f"{page}.{urlsafe_b64encode(mac).decode().rstrip('=')}"

    def page_of(self, cookie: str | None) -> str | None:
        """Give the page that a cookie is for, or None where it is no cookie of ours."""
        page = (cookie or "").partition(".")[0]
        if cookie is None or PAGE_ID.fullmatch(page) is None:
            return None
        # Compared as bytes: a cookie may hold anything, and compare_digest takes ASCII text only.
        is_ours = hmac.compare_digest(cookie.encode(errors="replace"), self.seal(page).encode())
        return page if is_ours else None


class CodeTries:
    """Counts wrong codes for each network address: `burst` at once, then one in each `seconds`."""

    def __init__(
        self,
        *,
        burst: int = 20,
        seconds: float = 3,
        now: Callable[[], float] = time.monotonic,
        most_addresses: int = 10_000,
    ) -> None:
        self._burst = burst
        self._seconds = seconds
        self._now = now
        self._most = most_addresses
        # The moment at which an address will have all its tries again.
        self._full_at: dict[str, float] = {}

    def seconds_left(self, address: str) -> int:
        """Give the seconds until this address may try again, 0 where it may now."""
        excess = self._full_at.get(_network(address), 0) - self._now() - (self._burst - 1) * self._seconds
        return max(0, int(-(-excess // 1)))

    def add_wrong(self, address: str) -> None:
        """Count a wrong code."""
        now, network = self._now(), _network(address)
        if len(self._full_at) >= self._most:
            self._full_at = {known: full_at for known, full_at in self._full_at.items() if full_at > now}
        if len(self._full_at) < self._most or network in self._full_at:
            self._full_at[network] = max(self._full_at.get(network, 0), now) + self._seconds


def _network(address: str) -> str:
    """An IPv6 host has a whole /64 to try from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address  # noqa: PLR2004

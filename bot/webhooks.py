"""What platforms share that bring things by HTTP: where to, what keeps others out, how it is answered."""

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Self
from urllib.parse import urlsplit

import structlog
from starlette.types import Receive, Scope, Send

TAKEN_HINT = (
    "another program took this bot over: it polls, or has set a webhook elsewhere;"
    " stop it, and start this one again"
)
_LONGEST_BODY = 1 << 20


@dataclass(frozen=True, slots=True, repr=False)
class SecretAddress:
    """Where a platform brings things: an address that nobody can guess, and a secret that comes along."""

    platform: ClassVar[str]
    header: ClassVar[bytes]
    """What the secret comes in, in lower case."""

    url: str
    secret: str

    @classmethod
    def under(cls, public_url: str, key: bytes, token: str, secret: str | None) -> Self:
        """Give the same for all processes that share the key; `secret` goes before the one made of it."""
        bot_id = token.partition(":")[0]

        def made(purpose: str) -> str:
            mac = hmac.digest(key, f"{cls.platform}:{purpose}:{bot_id}".encode(), "sha256")
            return urlsafe_b64encode(mac).decode().rstrip("=")

        return cls(f"{public_url}/{cls.platform}/{made('path')}", secret or made("secret"))

    @property
    def path(self) -> str:
        """The address without scheme and host."""
        return urlsplit(self.url).path

    async def body_of(self, scope: Scope, receive: Receive) -> bytes | HTTPStatus:
        """Give a request's body, or the status that refuses it; that of a broken connection is empty."""
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        headers = dict(scope["headers"])
        if not hmac.compare_digest(headers.get(self.header, b""), self.secret.encode()):
            client = scope.get("client") or ("",)
            # Logged under the platform's own name, as all else about its webhook is.
            structlog.get_logger(type(self).__module__).warning(
                f"{self.platform}_webhook_forged", client=client[0], has_secret=self.header in headers
            )
            return HTTPStatus.FORBIDDEN
        parts: list[bytes] = []
        size, is_more = 0, True
        while is_more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > _LONGEST_BODY:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            is_more = message.get("more_body", False)
        return b"".join(parts)


async def answer(send: Send, status: HTTPStatus, reply: object = None) -> None:
    """Answer a request, with the reply as JSON if there is one; 503 asks to come again in a second."""
    body = b"" if reply is None else json.dumps(reply).encode()
    headers = [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    if reply is not None:
        headers.append((b"content-type", b"application/json"))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})

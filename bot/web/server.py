"""The HTTP server of the pages, inside the program."""

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LONGEST_HEAD = 1 << 16


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request has more than 64 KiB of headers: the parser itself would keep all."""

    _is_in_head = False
    _head = 0

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        super().data_received(data)
        if self._is_in_head:
            self._head += len(data)
            if self._head > _LONGEST_HEAD:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._is_in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin its body."""
        self._is_in_head = False
        super().on_headers_complete()


class WebServer(uvicorn.Server):
    """Serves the pages until `should_exit` is set; the program handles the signals itself.

    `WebPlatform.listen` is to be cancelled before: it lets the live pages go, which would hold up the end.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host,
                port,
                http=BoundedProtocol,
                # Its log would hold the addresses of personal pages and links.
                access_log=False,
                log_config=None,
                lifespan="off",
                ws="none",
                server_header=False,
                # A phone that votes every few minutes need not connect anew within one item.
                timeout_keep_alive=30,
                timeout_graceful_shutdown=5,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

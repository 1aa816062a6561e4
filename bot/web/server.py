"""The HTTP server of the pages, inside the program."""

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


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

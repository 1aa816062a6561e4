"""A socket on loopback that takes connections at once, before its server has even started."""

import contextlib
import socket
from collections.abc import Iterator


@contextlib.contextmanager
def loopback_socket() -> Iterator[tuple[socket.socket, str]]:
    """Give the socket and its http address."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        host, port = sock.getsockname()
        yield sock, f"http://{host}:{port}"

"""Tests reach this machine only: anything that would leave it is an error, whichever library tries."""

import ipaddress
import socket
import sys

# Never routed (RFC 5737): connecting a datagram socket there asks the routing table and sends nothing.
_NOWHERE = ipaddress.IPv4Network("192.0.2.0/24")


class OutsideNetworkError(RuntimeError):
    """A test tried to reach another machine. It is no OSError, so that no retry swallows it."""


def forbid_outside_network() -> None:
    """Forbid it for the rest of this process."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        sock, address = arguments
        if not isinstance(sock, socket.socket) or sock.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0] if isinstance(address, tuple) else None
        asks_only = event == "socket.connect" and sock.type == socket.SOCK_DGRAM and _is_in(host, _NOWHERE)
        if host is not None and not asks_only:
            _refuse_outside(host)
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and arguments[0] is not None:
        _refuse_outside(arguments[0])


def _refuse_outside(host: object) -> None:
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        is_here = text in {"", "localhost"}
    else:
        is_here = address.is_loopback or address.is_unspecified
    if not is_here:
        raise OutsideNetworkError(f"a test tried to reach {text}")


def _is_in(host: object, network: ipaddress.IPv4Network) -> bool:
    try:
        return ipaddress.ip_address(str(host)) in network
    except ValueError:
        return False

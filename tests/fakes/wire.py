"""The network between a phone and the server: it can be cut, it can stall, and it comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from tests.fakes.sockets import loopback_socket


class Wire:
    """Passes bytes on; `cut` breaks what is connected and refuses the rest, `stall` holds everything back."""

    def __init__(self, target: str, address: str) -> None:
        self.address = address
        self._host, self._port = urlsplit(target).hostname, urlsplit(target).port
        self._is_cut = False
        self._flows = asyncio.Event()
        self._flows.set()
        self._writers: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection, and every new one, until `mend`."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def stall(self) -> None:
        """Hold everything back until `mend`."""
        self._flows.clear()

    def mend(self) -> None:
        """Work again."""
        self._is_cut = False
        self._flows.set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on."""
        if self._is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        ends = {writer, far_writer}
        self._writers |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, far_writer))
                group.create_task(self._pass(far_reader, writer))
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
            writer.close()


@contextlib.asynccontextmanager
async def wired(target: str) -> AsyncIterator[Wire]:
    """Give a wire to a server's address."""
    with loopback_socket() as (sock, address):
        wire = Wire(target, address)
        joined: set[asyncio.Task[None]] = set()

        def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(wire.join(reader, writer))
            joined.add(task)
            task.add_done_callback(joined.discard)

        server = await asyncio.start_server(join, sock=sock)
        try:
            yield wire
        finally:
            server.close()
            wire.mend()
            wire.cut()
            if joined:
                await asyncio.wait(joined)

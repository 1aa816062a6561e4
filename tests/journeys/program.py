"""The program as a process of its own, which can be killed and started again on what it left behind."""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr

from bot.app import App, utc_now
from bot.settings import Address, Settings
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.zalo_api import FakeZalo
from tests.handlers.journey import KEY

ROOT = Path(__file__).parent.parent.parent

PATIENCE = 30.0
"""Seconds in which the program must have started or ended."""

# Below the ports that clients are given: else one of them could sit on the port while nobody listens there.
_PORTS = range(20_000, 32_000)


class Program:
    """`bieuquyet run` in a directory, on a port and a database that stay the same from start to start.

    In `mode` "webhook" Telegram brings what people do; it may be changed between two starts.
    """

    def __init__(
        self, directory: Path, database_url: str, fake: FakeBotApi | None = None, *, mode: str = "polling"
    ) -> None:
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.database_url = database_url
        self.is_up = asyncio.Event()
        self._directory = directory
        self._log = directory / "program.log"
        self._settings = {
            "DATABASE_URL": database_url,
            "SECRET_KEY": KEY.decode(),
            "LISTEN": f"127.0.0.1:{port}",
            "LOG_FORMAT": "json",
            "PUBLIC_URL": self.address,
            **({} if fake is None else {"TELEGRAM_API": fake.url, "TELEGRAM_TOKEN": fake.token}),
        }
        if fake is not None:
            fake.is_local_server = True
        self.mode = mode
        self._process: asyncio.subprocess.Process | None = None
        self._lines: list[str] = []
        self._said = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and return when it has said that it is running."""
        await self._launch()
        await self._says("Biểu Quyết is running")
        self.is_up.set()

    async def kill_while_it_starts(self, seconds: float) -> None:
        """Start it, and end it as a power cut would after these seconds."""
        await self._launch()
        await asyncio.sleep(seconds)
        await self.kill()

    async def _launch(self) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("BIEUQUYET_")}
        environment |= {f"BIEUQUYET_{name}": value for name, value in self._settings.items()}
        environment |= {
            "BIEUQUYET_TELEGRAM_MODE": self.mode,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "default",
        }
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self._directory,
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        self._lines = []
        self._reading = asyncio.create_task(self._read(self._process))

    async def kill(self) -> None:
        """End it at this instant, as a power cut would."""
        assert self._process is not None
        self.is_up.clear()
        self._process.kill()
        await self._ended()

    async def stop(self) -> None:
        """End it as an operator does; it must end well."""
        if self._process is None:
            return
        self.is_up.clear()
        self._process.send_signal(signal.SIGTERM)
        assert await self._ended() == 0, self._log.read_text(encoding="utf-8")

    async def _ended(self) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        async with asyncio.timeout(PATIENCE):
            code = await process.wait()
            if self._reading is not None:
                await self._reading
                self._reading = None
        return code

    async def founder_token(self) -> str:
        """What the link for the first organiser ends with."""
        return (await self.founder_link()).rpartition("/")[2]

    async def founder_link(self, platform: str = "Web") -> str:
        """The link for the first organiser, as the terminal shows it."""
        return await self._says(
            r"(https://t\.me/\S+start=\S+)" if platform == "Telegram" else r"(http\S+/i/\S+)"
        )

    async def _says(self, pattern: str) -> str:
        """What the terminal shows of this pattern or its group since the start, as soon as it is there."""
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(pattern, "".join(self._lines))):
                self._said.clear()
                await self._said.wait()
                assert self._lines[-1], f"the program ended:\n{self._log.read_text(encoding='utf-8')}"
        return found[found.re.groups]

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while not self._lines or self._lines[-1]:
            self._lines.append((await process.stdout.readline()).decode())
            self._said.set()

    def failures(self, expected: Collection[str] = ()) -> list[str]:
        """What the log has of errors and warnings over all starts, but for the `expected` events."""
        found = []
        for line in self._log.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                found.append(line)
                continue
            is_complaint = entry.get("level") in {"warning", "error", "critical"}
            if is_complaint and entry.get("event") not in {*expected, *_SLOW}:
                found.append(line)
        return found


_SLOW = frozenset({"answer_without_a_turn"})
"""What is said on a machine that has too much to do: an answer waited for its turn for long, and went out."""


def _free_port() -> int:
    ports = random.sample(_PORTS, 100)
    for port in ports:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError(f"none of these ports is free: {ports}")


@contextlib.asynccontextmanager
async def running(program: Program, *, expected: Collection[str] = ()) -> AsyncIterator[Program]:
    """Give the program, started; at the end it is stopped, and has complained of the `expected` at most."""
    await program.start()
    try:
        yield program
    except BaseException:
        if program.is_up.is_set():
            await program.kill()
        raise
    await program.stop()
    failures = program.failures(expected)
    assert not failures, "\n".join(failures)


def _zalo_settings(zalo: FakeZalo, mode: str) -> dict[str, Any]:
    return {
        "zalo_token": SecretStr(zalo.token),
        "zalo_api": zalo.url,
        "zalo_mode": mode,
        "zalo_messages": zalo.messages_in_plan,
        "zalo_people": zalo.people_in_plan,
        "zalo_count_incoming": zalo.counts_incoming,
    }


class StagedProgram:
    """The program inside the test: its clock goes on while it is down, by as much as the test says.

    Where a `Program` can be killed, this one ends well; it starts again on the same port and database. `mode`
    is how Telegram and Zalo bring what people do; the settings know Zalo's plan as it is.
    """

    def __init__(
        self,
        database_url: str,
        fake: FakeBotApi | None = None,
        zalo: FakeZalo | None = None,
        *,
        mode: str = "polling",
    ) -> None:
        self._port = _free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self.database_url = database_url
        self.is_up = asyncio.Event()
        self._offset = timedelta(0)
        self._settings = Settings(
            _env_file=None,
            database_url=SecretStr(database_url),
            secret_key=SecretStr(KEY.decode()),
            listen=Address("127.0.0.1", self._port),
            public_url=self.address,
            telegram_token=None if fake is None else SecretStr(fake.token),
            telegram_api="http://127.0.0.1:9" if fake is None else fake.url,
            telegram_mode=mode,
            **({} if zalo is None else _zalo_settings(zalo, mode)),
            log_level="WARNING",
        )
        if fake is not None:
            fake.is_local_server = True
        if zalo is not None:
            zalo.takes_any_address = True
        self._app: App | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._app is not None:
            await self.stop()

    async def start(self) -> None:
        """Start it; it runs when this returns."""
        app = App(self._settings, now=self._now)
        await app.__aenter__()
        self._app = app
        self.is_up.set()

    async def stop(self) -> None:
        """End it."""
        assert self._app is not None
        self.is_up.clear()
        app, self._app = self._app, None
        await app.__aexit__(None, None, None)

    def sleep(self, span: timedelta) -> None:
        """Let time pass at once: only while it is down, as a clock that jumps is another matter."""
        assert self._app is None
        self._offset += span

    def _now(self) -> datetime:
        return utc_now() + self._offset

    async def founder_token(self) -> str:
        """What the link for the first organiser ends with."""
        return (await self.founder_link()).rpartition("/")[2]

    async def founder_link(self, platform: str = "Web") -> str:
        """The link for the first organiser."""
        assert self._app is not None
        assert self._app.founder is not None
        if platform == "Web":
            return self._app.addresses.web_link(self._app.founder.token)
        await self._app.chats.find_name("telegram", PATIENCE)
        link = self._app.addresses.telegram_link(self._app.founder.token)
        assert link is not None
        return link

"""The processes of a measurement: the stub, the program, the floor."""

import asyncio
import contextlib
import dataclasses
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.stub import Manner

ROOT = Path(__file__).parent.parent
KEY = "a key for measurements, of nobody's meeting"
TOKEN = "1234567890:AAbenchmarkbenchmarkbenchmarkbenchm"  # noqa: S105 - of no bot

_PATIENCE = 60.0
_MIB = 1024


class BenchmarkError(Exception):
    """A measurement could not be made; the text says why."""


class StubProcess:
    """The stub, from outside."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.url = f"http://127.0.0.1:{port}"

    async def ask(self, **command: object) -> dict[str, Any]:
        """Give a command and return what came of it."""
        reader, writer = self._process.stdout, self._process.stdin
        if reader is None or writer is None:
            raise BenchmarkError("the stub has no pipes")
        writer.write(json.dumps(command).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
        if not line:
            raise BenchmarkError("the stub has ended")
        answer: dict[str, Any] = json.loads(line)
        if answer.get("missing"):
            raise BenchmarkError(f"{answer['missing']} are missing after {command['seconds']} s")
        return answer

    async def wait_for_bot(self) -> None:
        """Return when the bot has asked for updates."""
        async with asyncio.timeout(_PATIENCE):
            await self.ask(do="wait_for_bot")


@contextlib.asynccontextmanager
async def stub(manner: Manner | None = None) -> AsyncIterator[StubProcess]:
    """Run a stub."""
    said = json.dumps(dataclasses.asdict(manner or Manner()))
    async with _running([sys.executable, "-m", "benchmarks.stub", said], ROOT, {}, is_asked=True) as process:
        if process.stdout is None:
            raise BenchmarkError("the stub says no port")
        yield StubProcess(process, int(await process.stdout.readline()))


class Program:
    """`bieuquyet run`, from outside."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, started: float, log: Path) -> None:
        self._process = process
        self._log = log
        self.address = address
        self._started = started

    async def ready(self) -> float:
        """Return when the web pages answer, with the seconds since its process was started."""
        async with asyncio.timeout(_PATIENCE):
            while not await asyncio.to_thread(_is_healthy, self.address):
                if self._process.returncode is not None:
                    raise BenchmarkError(
                        f"the program has ended: {self._log.read_text(encoding='utf-8')[-2000:]}"
                    )
                await asyncio.sleep(0.005)
        return perf_counter() - self._started

    def memory(self, line: str = "VmRSS") -> float:
        """Give what it holds in memory, in MiB: now, or at most so far with VmHWM."""
        text = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(next(one for one in text.splitlines() if one.startswith(line)).split()[1]) / _MIB


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.asynccontextmanager
async def program(
    directory: Path, database_url: str, api: str | None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Program]:
    """Run the program on a database, with Telegram where there is an address of the Bot API."""
    address = f"127.0.0.1:{_free_port()}"
    telegram = {} if api is None else {"TELEGRAM_API": api, "TELEGRAM_TOKEN": TOKEN}
    named = {
        "DATABASE_URL": database_url,
        "SECRET_KEY": KEY,
        "LISTEN": address,
        **telegram,
        **(settings or {}),
    }
    environment = {f"BIEUQUYET_{name}": value for name, value in named.items()}
    started = perf_counter()
    command, log = [sys.executable, "-m", "bot", "run"], directory / "program.log"
    async with _running(command, directory, environment, log=log) as process:
        yield Program(process, f"http://{address}", started, log)


@contextlib.asynccontextmanager
async def floor(api: str) -> AsyncIterator[None]:
    """Run the bot that only answers."""
    async with _running([sys.executable, "-m", "benchmarks.floor", api, TOKEN], ROOT, {}):
        yield


@contextlib.asynccontextmanager
async def _running(
    command: Sequence[str],
    directory: Path,
    settings: Mapping[str, str],
    *,
    is_asked: bool = False,
    log: Path | None = None,
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BIEUQUYET_")}
    pipe = asyncio.subprocess.PIPE if is_asked else asyncio.subprocess.DEVNULL
    with (log or Path(os.devnull)).open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=directory,
            env=environment | dict(settings) | {"PYTHONPATH": str(ROOT)},
            stdin=pipe,
            stdout=pipe,
            stderr=None if is_asked else errors,
            limit=2**26,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(_PATIENCE):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

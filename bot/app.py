"""The one place where everything is built, started and stopped."""

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from starlette.types import ASGIApp

from bot.addresses import Addresses, PrivateChat
from bot.batching import Batches
from bot.chats import Chats
from bot.clock import Clock
from bot.delivery import Delivery
from bot.desk import DatabaseDesk
from bot.dialogues import Dialogues, Office
from bot.dialogues.groups import find_private_chat
from bot.platforms.base import Platform
from bot.platforms.web import WebPlatform
from bot.rendering import Rendering
from bot.settings import Address, Settings, secret_key
from bot.tending import Tending
from bot.web.doors import HEALTH_PATH, Doors, Health
from bot.web.server import WebServer
from bot.wording.voice import Voice
from bot.working_days import special_days
from handlers.asking import House
from handlers.attendance import CheckedIn, CheckIn, check_in
from handlers.balloting import CastVote, cast_votes
from handlers.due import do_due_work
from handlers.inviting import WayIn, offer_founder_code
from handlers.working_days import put_special_days
from meeting.refusals import Refused
from meeting.voting import BallotResult
from storage.database import Database, Tx
from storage.handed import forget_expired_files
from storage.marks import forget_failures, forget_marks
from storage.migrations import migrate
from storage.papers import forget_old_sent_files

MARKS_KEPT = timedelta(days=7)
"""How long an event is known again: longer than any platform or page delivers it once more."""

FILES_KEPT = timedelta(days=1)
"""How long a file waits until its sender has said what it is for."""

_TIDYING = timedelta(hours=12)
_SETTLING = 20.0
_RETRY_PAUSES = (1.0, 60.0)
_FAREWELL = 10.0
"""Seconds in which everything has to have ended."""

_log = structlog.get_logger(__name__)


class StartError(Exception):
    """The program can't run as it is set up; the text says in one line what to do."""


def utc_now() -> datetime:
    """Give the instant it is."""
    return datetime.now(UTC)


class App:
    """The program, running from `async with` to its end.

    `listeners` are sockets that listen already, instead of the one that LISTEN names. Entering it raises
    StartError, SettingsError, DatabaseAwayError or NewerSchemaError.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        listeners: Sequence[socket.socket] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.settings = settings
        self._listeners = listeners
        self._now = now
        self._stack = contextlib.AsyncExitStack()
        self._stopping = asyncio.Event()
        self.chats: Chats
        self.house: House
        self.dialogues: Dialogues
        self.founder: WayIn | None = None
        """The way in for the first organiser, until an organisation has been founded."""

    @property
    def addresses(self) -> Addresses:
        """Where people come in, as far as it is known by now."""
        return self.chats.addresses

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        await self._stack.aclose()
        _log.info("stopped")

    def stop(self) -> None:
        """Have `run` end."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop` is called; raises StartError where the web server ends by itself."""
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({stopping, self._served}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        if not self._stopping.is_set():
            raise StartError("The web server has stopped by itself; the log says why.")

    # Starting: what is started first is stopped last

    async def _start(self) -> None:
        settings, started_at = self.settings, self._now()
        key = secret_key(settings)
        listeners = self._listeners or listen_on(settings.listen)
        for listener in listeners:
            self._stack.callback(listener.close)
        database = Database.open(settings.database_url.get_secret_value())
        self._stack.push_async_callback(database.close)
        if await migrate(database):
            _log.info("database_migrated")
        self.house = house = House(database, self._now, key)
        self.founder = await offer_founder_code(house)

        ballots = Batches[CastVote, BallotResult](lambda batch: cast_votes(house, batch))
        check_ins = Batches[CheckIn, CheckedIn | Refused](lambda batch: check_in(house, batch))
        self._stack.push_async_callback(ballots.close)
        self._stack.push_async_callback(check_ins.close)
        default = Voice(settings.language, settings.timezone)
        self.dialogues = Dialogues(
            Office(
                house,
                lambda: self.addresses,
                ballots,
                check_ins,
                default,
                budgets=lambda: self.chats.budgets,
            )
        )

        self.chats = chats = Chats(settings, house, self.dialogues.pending_cards, self._now)
        self._stack.push_async_callback(chats.close)
        platforms: dict[str, Platform] = dict(chats.platforms)
        for name in platforms:
            self._keep(f"{name}_name", partial(chats.learn_name, name))
        rendering = Rendering(database, default, self._private_chat)
        gates = {name: admission.gate for name, admission in chats.admissions.items()}
        delivery = Delivery(database, platforms, rendering, self._now, gates=gates, budgets=chats.budgets)
        clock = Clock(database, partial(_do_due, house, Watch(started_at)), self._now)
        self._keep("delivery", delivery.run)
        self._keep("clock", clock.run)
        admit = {name: admission.admit for name, admission in chats.admissions.items()}
        self._keep("groups", Tending(house, platforms, admit).run)
        self._keep("tidying", self._tidy)
        self._keep("working_days", self._keep_working_days)
        for name, platform in platforms.items():
            self._keep(name, partial(platform.listen, self.dialogues.receive))
        await self._serve(default, listeners)
        ports = [listener.getsockname()[1] for listener in listeners]
        _log.info("started", host=settings.listen.host, ports=ports, platforms=["web", *platforms])

    def _doors(self, pages: ASGIApp) -> Doors:
        health = Health(self.house.database.probe, self.chats.troubles)
        return Doors(pages, {**self.chats.hooks, HEALTH_PATH: health})

    async def _private_chat(self, tx: Tx, platform: str, meeting_id: int | None) -> PrivateChat | None:
        return await find_private_chat(tx, self.addresses, self.house.key, platform, meeting_id)

    async def _serve(self, default: Voice, listeners: Sequence[socket.socket]) -> None:
        settings = self.settings
        web = WebPlatform(
            DatabaseDesk(self.house, self.dialogues, default),
            key=self.house.key,
            public_url=settings.public_url,
            language=settings.language,
            hosts=(settings.listen.host, socket.gethostname()),
            is_playground=settings.playground,
        )
        server = WebServer(self._doors(web.app), settings.listen.host, settings.listen.port)
        self._served = asyncio.create_task(server.serve(sockets=list(listeners)))
        self._stack.push_async_callback(_end_server, server, self._served)
        # Stopped before the server: open pages would hold it up.
        self._keep("web", partial(web.listen, self.dialogues.receive))
        while not server.started:
            if self._served.done():
                await self._served
                raise StartError("The web server could not start; the log says why.")
            await asyncio.sleep(0.01)

    def _keep(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Keep a part of the program running: one that fails is begun again, and takes no other down."""

        async def keep() -> None:
            clock = asyncio.get_running_loop().time
            pause, longest = _RETRY_PAUSES
            while True:
                begun = clock()
                try:
                    await part()
                except Exception:  # noqa: BLE001 - whatever it is, the other parts go on
                    if clock() - begun > longest:
                        pause = _RETRY_PAUSES[0]
                    _log.exception("part_failed", part=name, retry_after=pause)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, longest)
                else:
                    return

        self._stack.push_async_callback(_end_task, asyncio.create_task(keep(), name=name))

    async def _tidy(self) -> None:
        """Forget from time to time what nobody asks for any more."""
        while True:
            async with self.house.database.transaction() as tx:
                before = self._now() - MARKS_KEPT
                await forget_marks(tx, before)
                await forget_failures(tx, before)
                await forget_old_sent_files(tx, self._now() - FILES_KEPT)
                await forget_expired_files(tx, self._now())
            await asyncio.sleep(_TIDYING.total_seconds())

    async def _keep_working_days(self) -> None:
        """Know the public holidays of the years that statutory dates lie in, as these go by."""
        settings = self.settings
        await asyncio.sleep(_SETTLING)  # nobody waits for them, but for what is starting
        while True:
            year = self._now().year
            special = await special_days(range(year - 1, year + 3), settings.days_off, settings.days_worked)
            await put_special_days(self.house, special)
            await asyncio.sleep(_TIDYING.total_seconds())


@dataclass
class Watch:
    """Since when the program runs, by the wall clock as it is now: set back, it runs since then at least."""

    running_since: datetime


async def _do_due(house: House, watch: Watch, now: datetime) -> None:
    watch.running_since = min(watch.running_since, now)
    while await do_due_work(house, watch.running_since):
        pass


async def _end_task(task: asyncio.Task[None]) -> None:
    task.cancel()
    _, late = await asyncio.wait({task}, timeout=_FAREWELL)
    if late:
        _log.error("part_did_not_end", part=task.get_name())


async def _end_server(server: WebServer, served: asyncio.Task[None]) -> None:
    server.should_exit = True
    _, late = await asyncio.wait({served}, timeout=_FAREWELL)
    if late:
        served.cancel()
        _log.error("part_did_not_end", part="server")


def listen_on(address: Address) -> list[socket.socket]:
    """Give sockets that listen on an address; raises StartError in words."""
    try:
        found = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError as error:
        raise StartError(f"LISTEN {address}: this machine knows no such host ({error.strerror}).") from error
    listeners: list[socket.socket] = []
    try:
        for family, kind, protocol, _, where in dict.fromkeys(found):
            listener = socket.socket(family, kind, protocol)
            listeners.append(listener)
            if sys.platform != "win32":
                # There it would let two programs share the port.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
            listener.listen(socket.SOMAXCONN)
            listener.setblocking(False)  # noqa: FBT003 - the standard library's signature
    except OSError as error:
        for listener in listeners:
            listener.close()
        raise StartError(_unbound_text(address, error)) from error
    return listeners


def _unbound_text(address: Address, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"LISTEN {address}: another program uses this port, perhaps this one started twice;"
                " stop it, or set another port in BIEUQUYET_LISTEN."
            )
        case errno.EACCES:
            return (
                f"LISTEN {address}: this user may not use that port; take one above 1023 in BIEUQUYET_LISTEN."
            )
        case errno.EADDRNOTAVAIL:
            return (
                f"LISTEN {address}: this machine has no such address;"
                " 0.0.0.0 stands for all that it has, 127.0.0.1 for itself alone."
            )
        case _:
            return f"LISTEN {address}: {error.strerror}."

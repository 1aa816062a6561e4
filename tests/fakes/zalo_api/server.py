"""The server itself: its state, its plan, its faults, its HTTP."""

import asyncio
import itertools
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.zalo_api.bringing import Webhook
from tests.fakes.zalo_api.methods import METHODS, checked, read_parameters
from tests.fakes.zalo_api.people import Group, Message, Person
from tests.fakes.zalo_api.protocol import MESSAGES, PATIENCE, PEOPLE, QUOTA, TOKEN, Json, RefusedError


@dataclass(frozen=True)
class _Cut:
    is_carried_out: bool


@dataclass(frozen=True)
class _Hang:
    pass


@dataclass(frozen=True)
class _Say:
    """What no Zalo server says: a proxy's page, a login page of the hall's network."""

    status: int
    body: str


_Fault = RefusedError | _Cut | _Hang | _Say


class _CutError(Exception):
    """The connection is to be cut."""


class FakeZalo:
    """The server and the bot's account; its attributes are what the bot has told Zalo, and how Zalo behaves.

    With `refuses_by_status` a refusal has its code as HTTP status too, else it comes with 200; with
    `brings_flat` and `has_other_names` updates have the forms that the documentation doesn't have.
    """

    def __init__(self, token: str = TOKEN, *, refuses_by_status: bool = False) -> None:
        self.token = token
        self.url = ""
        self.me: Json = {
            "id": token.partition(":")[0],
            "account_name": "bot.HoiNghi01",
            "account_type": "BASIC",
            "can_join_groups": True,
            "display_name": "Bot Hội nghị",
        }
        self.refuses_by_status = refuses_by_status
        self.brings_flat = False
        self.has_other_names = False
        self.takes_any_address = False
        """Whether a webhook may be where nobody else reaches it."""
        self.webhook_patience = 5.0
        """Seconds after which a request to the webhook is given up."""
        self.tries = 5
        """How often an update is brought before it is given up."""
        self.is_holding = False
        """Whether updates are kept back instead of being brought."""
        self.people_in_plan = PEOPLE
        self.messages_in_plan = MESSAGES
        self.counts_incoming = True
        self.spent = 0
        """Messages of this month."""
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.messages: list[Message] = []
        self.updates: list[Json] = []
        """What the bot hasn't been given."""
        self.webhook: Webhook | None = None
        self.has_had_webhook = False
        self.brought: list[tuple[str, int]] = []
        """Each attempt to bring a message, by its id, with the status of the answer, 0 for none."""
        self.given_up: list[Json] = []
        self.is_polled = False
        self.calls: list[tuple[str, Json]] = []
        self.refusals: list[tuple[str, int, str]] = []
        """What was refused: method, code, description."""
        self.news = asyncio.Event()
        self._faults: dict[str, deque[_Fault]] = {}
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._bringing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self.bring_no_more()
        await self._runner.cleanup()

    # People and what they do

    def person(self, name: str) -> Person:
        """Somebody who has not written to the bot yet."""
        person = Person(self, self.new_id(), name)
        self.people[person.id] = person
        return person

    def group(self, title: str) -> Group:
        """A group that somebody has added the bot to, which is not told."""
        group = Group(self, f"g{self.new_id()}", title)
        self.groups[group.id] = group
        return group

    def push(self, update: Json, person: Person) -> Json:
        """Queue an update; that of one person too many never reaches the bot."""
        if self.is_within_plan(person):
            self.spent += self.counts_incoming
            self.updates.append(update)
        self.tell()
        return update

    def redeliver(self, update: Json) -> None:
        """Deliver an update once more."""
        self.updates.append(update)
        self.tell()

    def is_within_plan(self, person: Person) -> bool:
        """Whether somebody is among the first so many who wrote."""
        written = [one for one in self.people.values() if one.has_written]
        return person not in written[self.people_in_plan :]

    def spend(self) -> None:
        """Take one message off the month's, or refuse it."""
        if self.spent >= self.messages_in_plan:
            raise self.quota()
        self.spent += 1

    def quota(self) -> RefusedError:
        return RefusedError(429, QUOTA)

    # The webhook

    def bring_to(self, url: str, secret: str) -> None:
        """Bring updates there from now on."""
        if self._bringing is not None:
            self._bringing.cancel()
        self.has_had_webhook = True
        self.webhook = Webhook(self, url, secret)
        self._bringing = asyncio.create_task(self.webhook.run())
        self.tell()

    async def bring_no_more(self) -> None:
        """Keep updates for whoever asks."""
        bringing, self._bringing, self.webhook = self._bringing, None, None
        if bringing is not None:
            bringing.cancel()
            await asyncio.wait({bringing})

    def hold(self) -> None:
        """Bring nothing until `release`."""
        self.is_holding = True

    def release(self) -> None:
        """Bring what was held."""
        self.is_holding = False
        self.tell()

    # Waiting

    async def until(self, condition: Callable[[], bool], *, wait: float = PATIENCE, what: str = "it") -> None:
        """Wait until something has become true; it is looked at after each call and each update."""
        try:
            async with asyncio.timeout(wait):
                while not condition():
                    await self.news.wait()
        except TimeoutError:
            places = [*self.people.values(), *self.groups.values()]
            seen = "\n".join(f"{place.name}: {place.screen}" for place in places)
            raise AssertionError(f"waited {wait} s for {what}; on the screens:\n{seen}") from None

    async def is_listened_to(self) -> None:
        """Wait until somebody asks for updates, or has them brought."""
        await self.until(lambda: self.is_polled or self.webhook is not None, what="somebody who listens")

    def tell(self) -> None:
        """Wake whoever waits for something to become true."""
        self.news.set()
        self.news = asyncio.Event()

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(name == method for name, _ in self.calls)

    # Faults, each for the next calls of a method

    def refuse(self, method: str, code: int, description: str, *, times: int = 1) -> None:
        """Refuse the next calls."""
        self._faults.setdefault(method, deque()).extend([RefusedError(code, description)] * times)

    def cut(self, method: str, *, is_carried_out: bool, times: int = 1) -> None:
        """Cut the connection instead of answering, before or after the call was carried out."""
        self._faults.setdefault(method, deque()).extend([_Cut(is_carried_out)] * times)

    def hang(self, method: str, *, times: int = 1) -> None:
        """Never answer."""
        self._faults.setdefault(method, deque()).extend([_Hang()] * times)

    def say(self, method: str, status: int, body: str, *, times: int = 1) -> None:
        """Answer what no Zalo server does."""
        self._faults.setdefault(method, deque()).extend([_Say(status, body)] * times)

    def new_id(self) -> str:
        return f"{next(self._ids):08x}{0xBEEF:012x}"

    # HTTP

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        prefix, _, name = request.match_info["path"].partition("/")
        has_status = True
        try:
            self._check_door(request.method, prefix, name)
            has_status = self.refuses_by_status
            return await self._carry_out(request, name)
        except RefusedError as refusal:
            self.refusals.append((name, refusal.code, refusal.description))
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return web.json_response(answer, status=refusal.code if has_status else 200)
        except _CutError:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        finally:
            self.tell()

    def _check_door(self, method: str, prefix: str, name: str) -> None:
        if method not in {"GET", "POST"}:
            raise RefusedError(405, "Method not allowed")
        if not re.fullmatch(r"bot[0-9]+:[^/]+", prefix):
            raise RefusedError(404, "Not Found")
        if prefix != f"bot{self.token}":
            raise RefusedError(401, "Unauthorized")
        if name not in METHODS:
            raise RefusedError(404, "Not Found")

    async def _carry_out(self, request: web.Request, name: str) -> web.Response:
        method, required, optional = METHODS[name]
        given = checked(await read_parameters(request), required, optional)
        self.calls.append((name, given))
        faults = self._faults.get(name)
        fault = faults.popleft() if faults else None
        match fault:
            case RefusedError():
                raise fault
            case _Hang():
                self.tell()
                await asyncio.Event().wait()
            case _Say(status, body):
                return web.Response(status=status, text=body, content_type="text/html")
            case _Cut(is_carried_out=False):
                raise _CutError
        result = await method(self, **given)
        if fault is not None:
            raise _CutError
        return web.json_response({"ok": True} if result is None else {"ok": True, "result": result})

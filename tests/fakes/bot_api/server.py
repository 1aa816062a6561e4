"""The server itself: its state, its faults, its HTTP."""

import asyncio
import itertools
import math
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.bot_api import account, receiving, showing  # noqa: F401  # they enter their methods
from tests.fakes.bot_api.bringing import Webhook
from tests.fakes.bot_api.groups import Group
from tests.fakes.bot_api.methods import METHODS, checked, read_parameters
from tests.fakes.bot_api.people import Document, Message, Person
from tests.fakes.bot_api.protocol import BIGGEST_UPLOAD, PATIENCE, TOKEN, Json, RefusedError

_SENDS_A_SECOND = 30
_SENDS_A_MINUTE_IN_GROUP = 20

# Not sent unless asked for by name.
_UNUSUAL_UPDATES = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class _Cut:
    is_carried_out: bool


@dataclass(frozen=True)
class _Hang:
    pass


_Fault = RefusedError | _Cut | _Hang


class _CutError(Exception):
    """The connection is to be cut."""


class FakeBotApi:
    """The server and the bot's account; its attributes are what the bot has told Telegram."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Bot Hội nghị",
            "username": "hoi_nghi_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.opened: dict[str, str] = {}
        """By tap, the address that opened instead of a toast."""
        self.messages: dict[int, Message] = {}
        self.commands: dict[str, list[Json]] = {}
        """The default menu, by language."""
        self.menus: dict[str, dict[str, list[Json]]] = {}
        """Other menus, by scope or chat, then by language."""
        self.webhook: Webhook | None = None
        self.is_local_server = False
        """Whether webhooks may be anywhere, as with a Bot API server of one's own."""
        self.is_holding = False
        """Whether updates are kept back instead of being brought."""
        self.webhook_patience = 5.0
        """Seconds after which a request to the webhook is given up."""
        self.loses_responses = 0
        """So many responses of the webhook get lost on their way."""
        self.brought: list[int] = []
        """Each attempt to bring an update, by its id."""
        self.replies: list[tuple[str, Json]] = []
        """The methods that stood in responses of the webhook."""
        self.toasts: dict[str, str] = {}
        self.open_queries: set[str] = set()
        self.calls: list[tuple[str, Json]] = []
        self.refusals: list[tuple[str, int, str]] = []
        """What was refused: method, code, description."""
        self.has_limits = False
        """Whether 1 message a second and chat, 20 a minute and group, 30 a second in all are enforced."""
        self.exceeded: list[int | None] = []
        """The chats whose limit was exceeded; None for the one over all."""
        self.files: dict[str, Document] = {}
        self.updates: list[Json] = []
        self.again: list[Json] = []
        self.allowed: list[str] = []
        self._faults: dict[str, deque[_Fault]] = {}
        self._sends: dict[int | None, deque[float]] = {}
        self.polls = 0
        self._ids = itertools.count(1000)
        self.news = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._bringing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=BIGGEST_UPLOAD + 1_000_000)
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

    # People and their updates

    def person(self, name: str, *, language: str | None = "vi") -> Person:
        """Somebody who has not written to the bot yet."""
        person = Person(self, self.new_id() + 90_000, name, language)
        self.people[person.id] = person
        return person

    def group(self, title: str) -> Group:
        """A group in which the bot is not yet."""
        group = Group(self, -self.new_id(), title)
        self.groups[group.id] = group
        return group

    def push(self, **content: object) -> Json:
        """Queue an update, given as its field: `message={…}`; one that the bot did not ask for is dropped."""
        update = {"update_id": self.new_id() + 500_000, **content}
        kind = next(iter(content))
        if kind in self.allowed if self.allowed else kind not in _UNUSUAL_UPDATES:
            self.updates.append(update)
        self.tell()
        return update

    def redeliver(self, update: Json) -> None:
        """Deliver an update once more, though it was acknowledged."""
        self.again.append(update)
        self.tell()

    def hold(self) -> None:
        """Bring nothing until `release`."""
        self.is_holding = True

    def release(self) -> None:
        """Bring what was held."""
        self.is_holding = False
        self.tell()

    def bring_to(self, url: str, secret: str | None, connections: int) -> None:
        """Bring updates there from now on; one that is on its way to another address is brought again."""
        if self._bringing is not None:
            self._bringing.cancel()
        self.webhook = Webhook(self, url, secret, connections)
        self._bringing = asyncio.create_task(self.webhook.run())
        self.tell()

    async def bring_no_more(self) -> None:
        """Keep updates for whoever asks."""
        bringing, self._bringing, self.webhook = self._bringing, None, None
        if bringing is not None:
            bringing.cancel()
            await asyncio.wait({bringing})

    @property
    def pending(self) -> list[int]:
        """The updates that are not acknowledged, by id."""
        return [update["update_id"] for update in self.updates]

    async def acknowledged(self, *updates: Json, wait: float = PATIENCE) -> None:
        """Wait until the bot has acknowledged these."""
        ids = {update["update_id"] for update in updates}
        await self.until(lambda: ids.isdisjoint(self.pending), wait=wait, what=f"{ids} to be acknowledged")

    async def until(self, condition: Callable[[], bool], *, wait: float = PATIENCE, what: str = "it") -> None:
        """Wait until something has become true; it is looked at after each call and each update."""
        try:
            async with asyncio.timeout(wait):
                while not condition():
                    await self.news.wait()
        except TimeoutError:
            screens = {person.name: person.screen for person in self.people.values()}
            screens |= {group.title: group.screen for group in self.groups.values()}
            seen = "\n".join(f"{name}: {screen}" for name, screen in screens.items())
            raise AssertionError(f"waited {wait} s for {what}; on the screens:\n{seen}") from None

    def tell(self) -> None:
        """Wake whoever waits for something to become true."""
        self.news.set()
        self.news = asyncio.Event()

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(name == method for name, _ in self.calls)

    # Faults, each for the next calls of a method

    def refuse(self, method: str, code: int, description: str, *, times: int = 1, **parameters: int) -> None:
        """Refuse the next calls."""
        refusal = RefusedError(code, description, **parameters)
        self._faults.setdefault(method, deque()).extend([refusal] * times)

    def flood(self, method: str, retry_after: int, *, times: int = 1) -> None:
        """Refuse the next calls with 429."""
        text = f"Too Many Requests: retry after {retry_after}"
        self.refuse(method, 429, text, times=times, retry_after=retry_after)

    def cut(self, method: str, *, is_carried_out: bool, times: int = 1) -> None:
        """Cut the connection instead of answering, before or after the call was carried out."""
        self._faults.setdefault(method, deque()).extend([_Cut(is_carried_out)] * times)

    def hang(self, method: str, *, times: int = 1) -> None:
        """Never answer."""
        self._faults.setdefault(method, deque()).extend([_Hang()] * times)

    # Building blocks

    def new_id(self) -> int:
        return next(self._ids)

    def add_file(
        self, name: str, content: bytes, size: int | None = None, media_type: str = "application/octet-stream"
    ) -> Document:
        """Store a file that can then be asked for by its id."""
        document = Document(
            f"BQACAgU{self.new_id()}", name, content, len(content) if size is None else size, media_type
        )
        self.files[document.file_id] = document
        return document

    def add_message(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def chat(self, chat_id: int) -> Person | Group:
        return self.people[chat_id] if chat_id > 0 else self.groups[chat_id]

    def head_of(self, message: Message) -> Json:
        return {
            "message_id": message.id,
            "chat": self.chat(message.chat_id).as_chat(),
            "date": 1_700_000_000,
        }

    def message_as_json(self, message: Message) -> Json:
        shown = self.head_of(message)
        shown["from"] = self.bot if message.is_from_bot else self.people[message.chat_id].as_user()
        text_key, entities_key = ("caption", "caption_entities") if message.document else ("text", "entities")
        if message.text:
            shown[text_key] = message.text
        if message.entities:
            shown[entities_key] = message.entities
        if message.document:
            shown["document"] = message.document.as_json()
        if message.keyboard:
            shown["reply_markup"] = {"inline_keyboard": message.keyboard}
        return shown

    # HTTP

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        prefix, _, rest = path.partition("/")
        if prefix == "file":
            return self._download(rest)
        try:
            if not re.fullmatch(r"bot[0-9]+:[A-Za-z0-9_-]+", prefix):
                raise RefusedError(404, "Not Found")
            if prefix != f"bot{self.token}":
                raise RefusedError(401, "Unauthorized")
            result = await self._carry_out(request, rest)
        except RefusedError as refusal:
            self.refusals.append((rest, refusal.code, refusal.description))
            answer: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                answer["parameters"] = refusal.parameters
            return web.json_response(answer, status=refusal.code)
        except _CutError:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        finally:
            self.tell()
        return web.json_response({"ok": True, "result": result})

    async def _carry_out(self, request: web.Request, name: str) -> object:
        name = next((known for known in METHODS if known.lower() == name.lower()), name)
        if name not in METHODS:
            raise RefusedError(404, "Not Found: method not found")
        method, parameters = METHODS[name]
        try:
            given = checked(await read_parameters(request), parameters)
        except web.HTTPRequestEntityTooLarge:
            raise RefusedError(413, "Request Entity Too Large") from None
        self.calls.append((name, given))
        faults = self._faults.get(name)
        fault = faults.popleft() if faults else None
        match fault:
            case RefusedError():
                raise fault
            case _Hang():
                self.tell()
                await asyncio.Event().wait()
            case _Cut(is_carried_out=False):
                raise _CutError
        result = await method(self, **given)
        if fault is not None:
            raise _CutError
        return result

    def _download(self, path: str) -> web.Response:
        prefix, _, file_path = path.partition("/")
        document = self.files.get(file_path.removeprefix("documents/").partition(".")[0])
        if prefix != f"bot{self.token}" or document is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=document.content)

    def spend(self, chat_id: int) -> None:
        if not self.has_limits:
            return
        now = asyncio.get_running_loop().time()
        in_chat = (1, 1) if chat_id > 0 else (_SENDS_A_MINUTE_IN_GROUP, 60)
        for key, (limit, span) in ((chat_id, in_chat), (None, (_SENDS_A_SECOND, 1))):
            recent = self._sends.setdefault(key, deque())
            while recent and recent[0] <= now - span:
                recent.popleft()
            if len(recent) >= limit:
                wait = math.ceil(recent[0] + span - now)
                self.exceeded.append(key)
                raise RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for key in (chat_id, None):
            self._sends[key].append(now)

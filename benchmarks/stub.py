"""A fast Bot API on loopback, a process of its own: hands out updates, and notes when each was answered.

Bare asyncio, so that it takes little of what is measured. Started with one JSON argument (`Manner`), it says
its port on the first line of standard output; then each line of standard input is a command, answered with a
line of JSON.
"""

import asyncio
import dataclasses
import json
import math
import sys
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]

ME = {"id": 1, "is_bot": True, "first_name": "Biểu Quyết", "username": "bench_bot", "can_join_groups": True}
TEXT = "Biểu quyết 1: Báo cáo tổng kết\n\nĐề nghị đồng chí chọn một phương án. Được đổi trước khi kết thúc."
CONNECTIONS, MOST_CONNECTIONS = 40, 100
"""As many as Telegram opens to a webhook when nothing is asked for, and when it is asked for the most."""

_BATCH = 100
_MARKUP = {"inline_keyboard": [[{"text": text, "callback_data": text}] for text in ("Tán thành", "Không")]}
_SENDS = ("send", "edit", "copy", "forward")
_RETRY = 0.2  # seconds before an update that the webhook did not take is sent once more


@dataclass(frozen=True)
class Manner:
    """How the stub behaves.

    `round_trip` in seconds; `per_second` and `per_chat` are the limits that it enforces (0: none), sends and
    edits in any second over all, and seconds between two in a chat. `floods` are (sends before it, seconds
    that it lasts), `hanging` the numbers of the sends that are delivered and never answered, `blocked` the
    chats that have blocked the bot.
    """

    round_trip: float = 0
    per_second: int = 0
    per_chat: float = 0
    floods: tuple[tuple[int, int], ...] = ()
    hanging: tuple[int, ...] = ()
    blocked: tuple[int, ...] = ()


@dataclass
class Send:
    """A message or an edit that arrived: when, where, and what the stub answered."""

    at: float
    chat: str
    is_edit: bool
    status: int


@dataclass
class Load:
    """Taps that are handed out, and when each was, and when it was answered for the first time."""

    events: dict[str, int]
    handed: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Stub:
    """The state of one bot."""

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.updates: deque[Json] = deque()
        self.arrived = asyncio.Event()
        self.reached = asyncio.Event()
        self.webhook: Json = {"url": ""}
        self.load = Load({})
        self.sends: list[Send] = []
        self.calls: Counter[str] = Counter()
        self._sent = asyncio.Event()
        self._update_id = 0
        self._message_id = 1_000_000
        self._floods = deque(manner.floods)
        self._flooded_until = 0.0
        self._hanging = set(manner.hanging)
        self._blocked = {str(chat) for chat in manner.blocked}
        self._window: deque[float] = deque()
        self._last_in_chat: dict[str, float] = {}

    # Commands of the one who measures

    async def obey(self, command: Json) -> Json:
        """Carry a command out and give what came of it."""
        match command["do"]:
            case "wait_for_bot":
                await self.reached.wait()
                return {}
            case "tap":
                return await self._tap(command)
            case "wait_for_sends":
                return await self._wait_for_sends(command["count"], command["seconds"])
            case "report":
                return {"calls": dict(self.calls), "sends": [dataclasses.astuple(one) for one in self.sends]}
        raise ValueError(command["do"])

    async def _tap(self, command: Json) -> Json:
        """Have people tap: at once, or so many a second; with `is_twice` each update comes once more."""
        updates = [self._update(user, data) for user, data in command["taps"]]
        self.load = load = Load({one["callback_query"]["id"]: one["update_id"] for one in updates})
        rate = command.get("rate") or 0
        begun = perf_counter()
        if self.webhook["url"]:
            hand_out: Callable[[Json], None] = _Poster(
                self, command["address"], is_twice=command["is_twice"]
            ).put
        else:
            hand_out = self._hand_out
        for number, update in enumerate(updates):
            if rate:
                await asyncio.sleep(begun + number / rate - perf_counter())
            hand_out(update)
        try:
            async with asyncio.timeout(command["seconds"]):
                await load.done.wait()
        except TimeoutError:
            return {"missing": len(updates) - len(load.answered)}
        return {
            "handed": [load.handed[one["update_id"]] for one in updates],
            "answered": [load.answered[one["update_id"]] for one in updates],
        }

    async def _wait_for_sends(self, count: int, seconds: float) -> Json:
        """Wait until so many chats had a message that is settled: delivered, or refused for good."""
        settled: set[str] = set()
        seen = 0
        try:
            async with asyncio.timeout(seconds):
                while len(settled) < count:
                    self._sent.clear()
                    settled |= {
                        one.chat for one in self.sends[seen:] if one.status != 429 and not one.is_edit
                    }
                    seen = len(self.sends)
                    if len(settled) < count:
                        await self._sent.wait()
        except TimeoutError:
            return {"missing": count - len(settled)}
        return {}

    def _update(self, user: int, data: str) -> Json:
        self._update_id += 1
        message = self._message(str(user), user)
        return {
            "update_id": self._update_id,
            "callback_query": {
                "id": f"query-{self._update_id}",
                "from": {
                    "id": user,
                    "is_bot": False,
                    "first_name": "Nguyễn",
                    "last_name": "Văn",
                    "language_code": "vi",
                },
                "message": message,
                "chat_instance": str(user),
                "data": data,
            },
        }

    def _message(self, chat: str, message_id: int) -> Json:
        return {
            "message_id": message_id,
            "from": ME,
            "chat": {"id": int(chat), "first_name": "Nguyễn", "last_name": "Văn", "type": "private"},
            "date": 1_780_000_000,
            "text": TEXT,
            "reply_markup": _MARKUP,
        }

    # Updates go out

    def _hand_out(self, update: Json) -> None:
        self.updates.append(update)
        self.arrived.set()

    async def get_updates(self, arguments: Json) -> list[Json]:
        """Give what waits from the offset on; what is before it is acknowledged."""
        self.reached.set()
        offset = int(arguments.get("offset") or 0)
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        if not self.updates:
            self.arrived.clear()
            try:
                async with asyncio.timeout(float(arguments.get("timeout") or 0)):
                    await self.arrived.wait()
            except TimeoutError:
                return []
        found = [self.updates[at] for at in range(min(_BATCH, len(self.updates)))]
        for update in found:
            self.handed(update["update_id"])
        return found

    def handed(self, update_id: int) -> None:
        """Note that an update is on its way."""
        self.load.handed.setdefault(update_id, perf_counter())

    def answered(self, query_id: str) -> None:
        """Note that a tap is answered."""
        load = self.load
        update_id = load.events.get(query_id)
        if update_id is None:
            return
        load.answered.setdefault(update_id, perf_counter())
        if len(load.answered) == len(load.events):
            load.done.set()

    # Calls come in

    async def call(self, method: str, arguments: Json) -> tuple[int, Json] | None:
        """Carry out a call of the Bot API; None is never answered."""
        self.calls[method] += 1
        match method:
            case "answerCallbackQuery":
                self.answered(arguments["callback_query_id"])
                return _ok(result=True)
            case "getUpdates":
                return _ok(await self.get_updates(arguments))
            case "getMe":
                return _ok(ME)
            case "setWebhook":
                self.webhook = arguments
                self.reached.set()
                return _ok(result=True)
            case "deleteWebhook":
                self.webhook = {"url": ""}
                return _ok(result=True)
            case "getWebhookInfo":
                waiting = {"has_custom_certificate": False, "pending_update_count": 0}
                return _ok({"url": self.webhook["url"], **waiting})
        return self._send(method, arguments) if method.startswith(_SENDS) else _ok(result=True)

    def _send(self, method: str, arguments: Json) -> tuple[int, Json] | None:
        chat, now = str(arguments.get("chat_id", "")), perf_counter()
        if method == "sendChatAction":
            return _ok(result=True)
        number = len(self.sends)
        wait = self._refuse(chat, now, number)
        status = 429 if wait else 403 if chat in self._blocked else 200
        self.sends.append(Send(now, chat, method.startswith("edit"), status))
        self._sent.set()
        if status == 429:
            text = f"Too Many Requests: retry after {wait}"
            return 429, {
                "ok": False,
                "error_code": 429,
                "description": text,
                "parameters": {"retry_after": wait},
            }
        if status == 403:
            text = "Forbidden: bot was blocked by the user"
            return 403, {"ok": False, "error_code": 403, "description": text}
        if number in self._hanging:
            return None
        self._message_id += 1
        return _ok(self._message(chat, int(arguments.get("message_id") or self._message_id)))

    def _refuse(self, chat: str, now: float, number: int) -> int:
        """Give the seconds to wait where a limit is reached, else 0."""
        if self._floods and number >= self._floods[0][0]:
            self._flooded_until = now + self._floods.popleft()[1]
        if now < self._flooded_until:
            return math.ceil(round(self._flooded_until - now, 3))  # a flood asks for no more than it lasts
        while self._window and self._window[0] <= now - 1:
            self._window.popleft()
        too_soon = now - self._last_in_chat.get(chat, -1e9) < self.manner.per_chat
        too_many = self.manner.per_second and len(self._window) >= self.manner.per_second
        if too_soon or too_many:
            return 1
        self._window.append(now)
        self._last_in_chat[chat] = now
        return 0


def _ok(result: object) -> tuple[int, Json]:
    return 200, {"ok": True, "result": result}


def _arguments(kind: str, query: str, body: bytes) -> Json:
    if "json" in kind and body:
        found: Json = json.loads(body)
        return found
    if "multipart" in kind:
        return dict(_parts(body, kind.partition("boundary=")[2].strip('"')))
    return dict(parse_qsl(body.decode() if body else query))


def _parts(body: bytes, boundary: str) -> Iterator[tuple[str, str]]:
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        yield head.decode().partition('name="')[2].partition('"')[0], value[:-2].decode(errors="replace")


class _Server(asyncio.Protocol):
    """One connection of the bot's; its requests come one after the other."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.Transport
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            length, kind = _length_and_kind(head)
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            target = urlsplit(head.split(" ", 2)[1])
            method = target.path.rpartition("/")[2]
            task = asyncio.create_task(self._answer(method, _arguments(kind, target.query, body)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, method: str, arguments: Json) -> None:
        half = self._stub.manner.round_trip / 2
        if half:
            await asyncio.sleep(half)
        outcome = await self._stub.call(method, arguments)
        if outcome is None:
            return
        if half:
            await asyncio.sleep(half)
        status, answer = outcome
        body = json.dumps(answer, ensure_ascii=False).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _length_and_kind(head: str) -> tuple[int, str]:
    length, kind = 0, ""
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        match name.lower():
            case "content-length":
                length = int(value)
            case "content-type":
                kind = value.strip()
            case "transfer-encoding":
                raise ValueError("the stub takes no chunks")
    return length, kind


class _Poster:
    """Posts updates to the webhook over as many connections as it was set up for."""

    def __init__(self, stub: Stub, address: str, *, is_twice: bool) -> None:
        self._stub = stub
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._path = urlsplit(stub.webhook["url"]).path
        self._secret = stub.webhook.get("secret_token", "")
        self._times = 2 if is_twice else 1
        self._waiting: deque[Json] = deque()
        self._most = min(int(stub.webhook.get("max_connections", CONNECTIONS)), MOST_CONNECTIONS)
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, update: Json) -> None:
        """Post an update as soon as a connection is free."""
        self._waiting.append(update)
        if self._connections < self._most:
            self._connections += 1
            task = asyncio.create_task(self._post())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self) -> None:
        half = self._stub.manner.round_trip / 2
        reader, writer = await asyncio.open_connection(self._host, self._port)
        while self._waiting:
            update = self._waiting.popleft()
            body = json.dumps(update, ensure_ascii=False).encode()
            head = (
                f"POST {self._path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
                f"X-Telegram-Bot-Api-Secret-Token: {self._secret}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            for _ in range(self._times):
                self._stub.handed(update["update_id"])
                await asyncio.sleep(half)
                writer.write(head.encode() + body)
                status, answer = await _response(reader)
                await asyncio.sleep(half)
                if status != 200:
                    await asyncio.sleep(_RETRY)
                    self._waiting.append(update)
                elif answer.get("method") == "answerCallbackQuery":
                    self._stub.answered(answer["callback_query_id"])
        self._connections -= 1
        writer.close()


async def _response(reader: asyncio.StreamReader) -> tuple[int, Json]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length, _ = _length_and_kind(head)
    body = await reader.readexactly(length) if length else b""
    return int(head.split(" ", 2)[1]), json.loads(body) if body.startswith(b"{") else {}


async def _commands(obey: Callable[[Json], Awaitable[Json]]) -> None:
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        sys.stdout.write(json.dumps(await obey(json.loads(line))) + "\n")
        sys.stdout.flush()


async def main() -> None:
    """Serve until standard input ends."""
    stub = Stub(Manner(**json.loads(sys.argv[1])))
    server = await asyncio.get_running_loop().create_server(lambda: _Server(stub), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await _commands(stub.obey)


if __name__ == "__main__":
    asyncio.run(main())

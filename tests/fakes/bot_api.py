"""A strict Bot API on loopback, and the people who write to the bot through it.

Real HTTP, the real envelope, the refusals and the texts of the real server. Where it differs it refuses more:
unknown parameters, 4096 UTF-16 units of text, 8 buttons in a row, addresses in buttons that no phone outside
this machine's network would reach.

    async with FakeBotApi() as fake:
        an = fake.person("An", language="vi")
        await an.send("/start abc")
        card = await an.next_message()
        assert await an.tap("Tán thành") == "Đã ghi nhận: Tán thành."
"""

import asyncio
import itertools
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import web

Json = dict[str, Any]

TOKEN = "700000001:AAHfakeFakeFAKEfakeFakeFAKEfake0001"

PATIENCE = 10.0
"""Seconds that a test waits for something that should happen at once."""

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup"
    " are exactly the same as a current content and reply markup of the message"
)
TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"

_LONGEST_TEXT = 4096
_LONGEST_RAW_TEXT = 1 << 15
_LONGEST_CAPTION = 1024
_LONGEST_TOAST = 200
_LONGEST_DATA = 64
_BUTTONS_IN_ROW = 8
_BUTTONS = 100
_BIGGEST_MARKUP = 10_000
_BIGGEST_UPLOAD = 50_000_000
_BIGGEST_DOWNLOAD = 20_000_000
_UPDATES_AT_ONCE = 100
_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_SENDS_A_SECOND = 30

# Not sent unless asked for by name.
_UNUSUAL_UPDATES = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class RefusedError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def _bad(text: str) -> RefusedError:
    return RefusedError(400, f"Bad Request: {text}")


# Text


def utf16(text: str) -> int:
    """The length in the units that Telegram counts in."""
    return len(text.encode("utf-16-le")) // 2


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[^\s>/]*)(?P<attributes>[^>]*)>")
# The only named ones; any other is left as it stands.
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Give the plain text and the entities of Telegram's HTML; refuses as the server does."""
    text = ""
    entities: list[Json] = []
    is_open: list[tuple[str, int, str]] = []
    at = 0
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            text += _REFERENCE.sub(lambda found: unescape(found[0]), source[at:end])
            at = end
            continue
        offset = len(source[:at].encode())
        tag = _TAG.match(source, at)
        if tag is None:
            raise _bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        name = tag["name"].lower()
        if tag["end"]:
            if not is_open:
                raise _bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
            started, start, attributes = is_open.pop()
            if name not in {"", started}:
                raise _bad(
                    f"can't parse entities: Unmatched end tag at byte offset {offset},"
                    f' expected "</{started}>", found "</{name}>"'
                )
            if utf16(text) > start:
                entities.append(_entity(started, start, utf16(text) - start, attributes))
        elif name not in _TAGS or (name == "span" and "tg-spoiler" not in tag["attributes"]):
            raise _bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        else:
            is_open.append((name, utf16(text), tag["attributes"]))
        at = tag.end()
    if is_open:
        raise _bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{is_open[-1][0]}\""
        )
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _entity(tag: str, offset: int, length: int, attributes: str) -> Json:
    entity: Json = {"type": _TAGS[tag], "offset": offset, "length": length}
    address = re.search(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", attributes)
    if tag == "a" and address:
        entity["url"] = unescape(next(group for group in address.groups() if group is not None))
    return entity


def _clean(text: str) -> str:
    """As the server stores it: no carriage returns, other control characters as spaces."""
    return re.sub(r"[\x00-\x09\x0b-\x1f]", " ", text.replace("\r", ""))


# What stands for nothing on a screen, so that a text of these alone is refused as empty.
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u205f-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


def _formatted(source: str, parse_mode: str | None, limit: int) -> tuple[str, list[Json]]:
    try:
        source.encode()
    except UnicodeEncodeError:
        raise _bad("strings must be encoded in UTF-8") from None
    if len(source.encode()) > _LONGEST_RAW_TEXT:
        raise _bad("text is too long")
    if parse_mode not in {None, "", "HTML", "html"}:
        raise _bad(f"unsupported parse_mode {parse_mode}")
    text, entities = parse_html(source) if parse_mode else (source, [])
    text = _clean(text)
    shown = text.strip()
    cut = utf16(text[: len(text) - len(text.lstrip())])
    for entity in entities:
        end = min(entity["offset"] + entity["length"] - cut, utf16(shown))
        entity["offset"] = max(entity["offset"] - cut, 0)
        entity["length"] = end - entity["offset"]
    if utf16(shown) > limit:
        raise _bad("message is too long" if limit == _LONGEST_TEXT else "message caption is too long")
    return shown, [entity for entity in entities if entity["length"] > 0]


def _message_text(source: str | None, parse_mode: str | None) -> tuple[str, list[Json]]:
    if not source:
        raise _bad("message text is empty")
    text, entities = _formatted(source, parse_mode, _LONGEST_TEXT)
    if _INVISIBLE.fullmatch(text):
        raise _bad("text must be non-empty")
    return text, entities


# Keyboards


def _keyboard(markup: Json | None) -> list[list[Json]]:
    if not markup:
        return []
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise _bad("object expected as reply markup with an array of arrays as inline_keyboard")
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > _BUTTONS or len(json.dumps(markup, ensure_ascii=False).encode()) > _BIGGEST_MARKUP:
        raise _bad("REPLY_MARKUP_TOO_LONG")
    if any(len(row) > _BUTTONS_IN_ROW for row in rows):
        raise _bad("REPLY_MARKUP_INVALID")
    return [row for row in rows if row]


def _check_button(button: object) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise _bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if _INVISIBLE.fullmatch(button["text"]):
        raise _bad("inline keyboard button text must be non-empty")
    kinds = button.keys() - {"text", "style", "icon_custom_emoji_id"}
    if kinds == {"callback_data"}:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= _LONGEST_DATA:
            raise _bad("BUTTON_DATA_INVALID")
    elif kinds == {"url"}:
        _check_url(button["url"])
    else:
        raise _bad("text buttons are unallowed in the inline keyboard")


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"}:
        raise _bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    host = parts.hostname or ""
    if "." not in host or re.search(r"\s", url):
        raise _bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    try:
        is_far = ip_address(host).is_global
    except ValueError:
        is_far = True
    if not is_far:
        raise _bad("BUTTON_URL_INVALID")


# What people see


@dataclass
class Document:
    """A file in a chat; `content` is empty where only its size matters."""

    file_id: str
    name: str
    content: bytes = field(repr=False)
    size: int
    media_type: str

    def as_json(self) -> Json:
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_name": self.name,
            "mime_type": self.media_type,
            "file_size": self.size,
        }


@dataclass
class Message:
    """A message as it is displayed now: edits change it in place."""

    id: int
    chat_id: int
    is_from_bot: bool
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    document: Document | None = None
    is_deleted: bool = False
    is_old: bool = False
    """Over 48 hours old: it can't be deleted any more."""

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons, row after row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def links(self) -> dict[str, str]:
        """The addresses behind its buttons."""
        return {button["text"]: button["url"] for row in self.keyboard for button in row if "url" in button}

    def marked(self, kind: str) -> list[str]:
        """The pieces of the text that are "bold", "italic" …."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]

    def find_button(self, label: str) -> Json | None:
        """The button with this label, chosen (✓) or not."""
        for row in self.keyboard:
            for button in row:
                if button["text"].removeprefix("✓ ") == label.removeprefix("✓ "):
                    return dict(button)
        return None


@dataclass(eq=False)
class Person:
    """Somebody with Telegram on the phone, and the private chat with the bot."""

    fake: "FakeBotApi" = field(repr=False)
    id: int
    name: str
    language: str | None
    has_written: bool = False
    has_blocked: bool = False
    is_deactivated: bool = False
    _seen: int = 0

    # What the person does: each gives the update as the bot will get it, or as it would have.

    async def send(self, text: str) -> Json:
        """Type something."""
        entities = []
        command = re.match(r"/[A-Za-z0-9_]+(@\w+)?", text)
        if command:
            entities = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return self.send_anything(text=text, **({"entities": entities} if entities else {}))

    async def sends_document(
        self, name: str, content: bytes = b"", *, size: int | None = None, caption: str | None = None
    ) -> Json:
        """Send a file; with `size` it only claims to be that big."""
        document = self.fake.add_file(name, content, size)
        return self.send_anything(
            document=document.as_json(), **({} if caption is None else {"caption": caption})
        )

    async def sends_photo(self, content: bytes) -> Json:
        """Send a photo, which comes in two sizes."""
        sizes = [
            {**self.fake.add_file("photo.jpg", part).as_json(), "width": side, "height": side}
            for side, part in ((90, content[:10]), (800, content))
        ]
        return self.send_anything(photo=sizes)

    def send_anything(self, **content: object) -> Json:
        """Send a message of whatever kind, given as the fields of a Bot API message."""
        self.has_written = True
        self.has_blocked = False
        message = self.fake.add_message(Message(self.fake.new_id(), self.id, is_from_bot=False))
        return self.fake.push(message={**self.fake.head_of(message), "from": self.as_user(), **content})

    def press(self, label: str, *, is_stale: bool = False) -> Json:
        """Tap the newest button with this label, without waiting; `is_stale`: too old to be answered."""
        message = self._newest_with(label)
        button = message.find_button(label)
        assert button is not None
        assert "callback_data" in button, f"{label!r} opens {button.get('url')!r}"
        return self.press_data(message, button["callback_data"], is_stale=is_stale)

    def press_data(self, message: Message, data: str, *, is_stale: bool = False) -> Json:
        """Tap with whatever data, as a forged client could."""
        query_id = str(self.fake.new_id() + 4_000_000_000)
        if not is_stale:
            self.fake.open_queries.add(query_id)
        return self.fake.push(
            callback_query={
                "id": query_id,
                "from": self.as_user(),
                "message": self.fake.message_as_json(message),
                "chat_instance": f"-{self.id}",
                "data": data,
            }
        )

    async def tap(self, label: str, *, wait: float = PATIENCE) -> str:
        """Tap the newest button with this label; gives the toast, "" if it was answered without one."""
        query_id = self.press(label)["callback_query"]["id"]
        await self.fake.until(lambda: query_id in self.fake.toasts, wait=wait, what=f"an answer to {label!r}")
        return self.fake.toasts[query_id]

    def blocks(self) -> Json:
        """Stop and block the bot."""
        self.has_blocked = True
        return self._changes_membership("member", "kicked")

    def unblocks(self) -> Json:
        """Let the bot write again."""
        self.has_blocked = False
        return self._changes_membership("kicked", "member")

    def deletes(self, message: Message) -> None:
        """Delete a message for both sides; the bot is not told."""
        message.is_deleted = True
        self.fake.tell()

    # What the person sees

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as displayed now, oldest first."""
        return [
            message
            for message in self.fake.messages.values()
            if message.chat_id == self.id and message.is_from_bot and not message.is_deleted
        ]

    @property
    def screen(self) -> str:
        """All of it as text, for the message of a failing assertion."""
        return "\n".join(f"{message.text} {message.labels}" for message in self.messages)

    async def next_message(self, *, wait: float = PATIENCE) -> Message:
        """The bot's next message that was not given yet, in the order of arrival."""
        await self.fake.until(lambda: self._next() is not None, wait=wait, what=f"a message to {self.name}")
        message = self._next()
        assert message is not None
        self._seen = message.id
        return message

    async def sees(self, text: str, *, wait: float = PATIENCE) -> Message:
        """The newest message that has this text, as soon as there is one."""
        await self.fake.until(
            lambda: any(text in message.text for message in self.messages),
            wait=wait,
            what=f"{self.name} to see {text!r}",
        )
        return next(message for message in reversed(self.messages) if text in message.text)

    def as_user(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user if self.language is None else {**user, "language_code": self.language}

    def as_chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}

    def _next(self) -> Message | None:
        return next((message for message in self.messages if message.id > self._seen), None)

    def _newest_with(self, label: str) -> Message:
        for message in reversed(self.messages):
            if message.find_button(label):
                return message
        raise AssertionError(f"{self.name} sees no button {label!r} but:\n{self.screen}")

    def _changes_membership(self, before: str, after: str) -> Json:
        bot = self.fake.bot

        def member(status: str) -> Json:
            return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

        return self.fake.push(
            my_chat_member={
                "chat": self.as_chat(),
                "from": self.as_user(),
                "date": 1_700_000_000,
                "old_chat_member": member(before),
                "new_chat_member": member(after),
            }
        )


# Faults


@dataclass(frozen=True)
class _Cut:
    is_carried_out: bool


@dataclass(frozen=True)
class _Hang:
    pass


_Fault = RefusedError | _Cut | _Hang


# Parameters


@dataclass(frozen=True)
class _Parameter:
    kind: str
    is_required: bool = False


_Function = Callable[..., Awaitable[object]]
_METHODS: dict[str, tuple[_Function, dict[str, _Parameter]]] = {}


def _method(name: str, required: str = "", **optional: str) -> Callable[[_Function], _Function]:
    """Let a function answer a method; parameters are `name:kind …`, and `kind="name name …"` if optional."""
    named = (pair.split(":") for pair in required.split())
    parameters = {
        **{parameter: _Parameter(kind, is_required=True) for parameter, kind in named},
        **{parameter: _Parameter(kind) for kind, names in optional.items() for parameter in names.split()},
    }

    def put(function: _Function) -> _Function:
        _METHODS[name] = (function, parameters)
        return function

    return put


def _with(options: dict[str, str], **more: str) -> dict[str, str]:
    return {kind: f"{options.get(kind, '')} {more.get(kind, '')}" for kind in options | more}


_SEND_OPTIONS = {
    "string": "business_connection_id parse_mode message_effect_id",
    "integer": "message_thread_id direct_messages_topic_id",
    "boolean": "disable_notification protect_content allow_paid_broadcast",
    "object": "suggested_post_parameters reply_parameters reply_markup",
}
_EDIT_OPTIONS = {
    "chat": "chat_id",
    "integer": "message_id",
    "string": "business_connection_id inline_message_id",
    "object": "reply_markup",
}


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
        self.messages: dict[int, Message] = {}
        self.commands: dict[str, list[Json]] = {}
        self.webhook = ""
        self.toasts: dict[str, str] = {}
        self.open_queries: set[str] = set()
        self.calls: list[tuple[str, Json]] = []
        self.refusals: list[tuple[str, int, str]] = []
        """What was refused: method, code, description."""
        self.has_limits = False
        """Whether one message a second and chat, and 30 over all chats, are enforced."""
        self._files: dict[str, Document] = {}
        self._updates: list[Json] = []
        self._again: list[Json] = []
        self._allowed: list[str] = []
        self._faults: dict[str, deque[_Fault]] = {}
        self._sends: dict[int | None, deque[float]] = {}
        self._polls = 0
        self._ids = itertools.count(1000)
        self._news = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=_BIGGEST_UPLOAD + 1_000_000)
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
        await self._runner.cleanup()

    # People and their updates

    def person(self, name: str, *, language: str | None = "vi") -> Person:
        """Somebody who has not written to the bot yet."""
        person = Person(self, self.new_id() + 90_000, name, language)
        self.people[person.id] = person
        return person

    def push(self, **content: object) -> Json:
        """Queue an update, given as its field: `message={…}`; one that the bot did not ask for is dropped."""
        update = {"update_id": self.new_id() + 500_000, **content}
        kind = next(iter(content))
        if kind in self._allowed if self._allowed else kind not in _UNUSUAL_UPDATES:
            self._updates.append(update)
        self.tell()
        return update

    def redeliver(self, update: Json) -> None:
        """Deliver an update once more, though it was acknowledged."""
        self._again.append(update)
        self.tell()

    @property
    def pending(self) -> list[int]:
        """The updates that are not acknowledged, by id."""
        return [update["update_id"] for update in self._updates]

    async def acknowledged(self, *updates: Json, wait: float = PATIENCE) -> None:
        """Wait until the bot has acknowledged these."""
        ids = {update["update_id"] for update in updates}
        await self.until(lambda: ids.isdisjoint(self.pending), wait=wait, what=f"{ids} to be acknowledged")

    async def until(self, condition: Callable[[], bool], *, wait: float = PATIENCE, what: str = "it") -> None:
        """Wait until something has become true; it is looked at after each call and each update."""
        try:
            async with asyncio.timeout(wait):
                while not condition():
                    await self._news.wait()
        except TimeoutError:
            seen = "\n".join(f"{person.name}: {person.screen}" for person in self.people.values())
            raise AssertionError(f"waited {wait} s for {what}; on the screens:\n{seen}") from None

    def tell(self) -> None:
        """Wake whoever waits for something to become true."""
        self._news.set()
        self._news = asyncio.Event()

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
        self._files[document.file_id] = document
        return document

    def add_message(self, message: Message) -> Message:
        self.messages[message.id] = message
        return message

    def head_of(self, message: Message) -> Json:
        return {
            "message_id": message.id,
            "chat": self.people[message.chat_id].as_chat(),
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
        name = next((known for known in _METHODS if known.lower() == name.lower()), name)
        if name not in _METHODS:
            raise RefusedError(404, "Not Found: method not found")
        method, parameters = _METHODS[name]
        try:
            given = _checked(await _read_parameters(request), parameters)
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
        document = self._files.get(file_path.removeprefix("documents/").partition(".")[0])
        if prefix != f"bot{self.token}" or document is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=document.content)

    # What it can be asked: to be given updates

    @_method("getMe")
    async def _get_me(self) -> Json:
        return self.bot

    @_method("getUpdates", integer="offset limit timeout", array="allowed_updates")
    async def _get_updates(
        self,
        offset: int = 0,
        limit: int = _UPDATES_AT_ONCE,
        timeout: int = 0,  # noqa: ASYNC109  # the method's own parameter
        allowed_updates: list[str] | None = None,
    ) -> list[Json]:
        if self.webhook:
            raise RefusedError(409, WEBHOOK_IS_SET)
        if allowed_updates is not None:
            self._allowed = allowed_updates
        if offset < 0:
            self._updates = self._updates[offset:]
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._polls += 1
        poll = self._polls
        self.tell()
        try:
            async with asyncio.timeout(timeout):
                while poll == self._polls and not (self._updates or self._again):
                    await self._news.wait()
        except TimeoutError:
            return []
        if poll != self._polls:
            raise RefusedError(409, TERMINATED)
        again, self._again = self._again, []
        limit = limit if 1 <= limit <= _UPDATES_AT_ONCE else _UPDATES_AT_ONCE
        return [*again, *self._updates][:limit]

    @_method(
        "setWebhook",
        "url:string",
        string="ip_address secret_token",
        integer="max_connections",
        array="allowed_updates",
        boolean="drop_pending_updates",
    )
    async def _set_webhook(self, url: str = "", **_options: object) -> bool:
        self.webhook = url
        return True

    @_method("deleteWebhook", boolean="drop_pending_updates")
    async def _delete_webhook(self, *, drop_pending_updates: bool = False) -> bool:
        self.webhook = ""
        if drop_pending_updates:
            self._updates = []
        return True

    @_method("getWebhookInfo")
    async def _get_webhook_info(self) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    @_method("getFile", "file_id:string")
    async def _get_file(self, file_id: str) -> Json:
        document = self._files.get(file_id)
        if document is None:
            raise _bad("invalid file_id")
        if document.size > _BIGGEST_DOWNLOAD:
            raise _bad("file is too big")
        path = f"documents/{document.file_id}.{document.name.rpartition('.')[2]}"
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": document.size,
            "file_path": path,
        }

    # To show something

    @_method("sendMessage", "chat_id:chat text:string", **_with(_SEND_OPTIONS, object="link_preview_options"))
    async def _send_message(
        self,
        chat_id: str,
        text: str,
        parse_mode: str | None = None,
        reply_markup: Json | None = None,
        **_options: object,
    ) -> Json:
        person = self._reach(chat_id)
        shown, entities = _message_text(text, parse_mode)
        keyboard = _keyboard(reply_markup)
        self._spend(person.id)
        message = Message(
            self.new_id(), person.id, is_from_bot=True, text=shown, entities=entities, keyboard=keyboard
        )
        return self.message_as_json(self.add_message(message))

    @_method(
        "sendDocument",
        "chat_id:chat document:file",
        **_with(_SEND_OPTIONS, string="caption", boolean="disable_content_type_detection"),
    )
    async def _send_document(
        self,
        chat_id: str,
        document: web.FileField,
        caption: str | None = None,
        parse_mode: str | None = None,
        reply_markup: Json | None = None,
        **_options: object,
    ) -> Json:
        person = self._reach(chat_id)
        content = document.file.read()
        if not content:
            raise _bad("file must be non-empty")
        if len(content) > _BIGGEST_UPLOAD:
            raise RefusedError(413, "Request Entity Too Large")
        text, entities = _formatted(caption or "", parse_mode, _LONGEST_CAPTION)
        keyboard = _keyboard(reply_markup)
        self._spend(person.id)
        stored = self.add_file(document.filename, content, media_type=document.content_type)
        message = Message(self.new_id(), person.id, is_from_bot=True, text=text, entities=entities)
        message.keyboard, message.document = keyboard, stored
        return self.message_as_json(self.add_message(message))

    @_method(
        "editMessageText", **_with(_EDIT_OPTIONS, string="text parse_mode", object="link_preview_options")
    )
    async def _edit_message_text(
        self,
        chat_id: str = "",
        message_id: int = 0,
        text: str = "",
        parse_mode: str | None = None,
        reply_markup: Json | None = None,
        **_options: object,
    ) -> Json:
        message = self._own_message(chat_id, message_id)
        if message.document:
            raise _bad("there is no text in the message to edit")
        shown, entities = _message_text(text, parse_mode)
        keyboard = _keyboard(reply_markup)
        if (shown, entities, keyboard) == (message.text, message.entities, message.keyboard):
            raise _bad(NOT_MODIFIED.removeprefix("Bad Request: "))
        self._spend(message.chat_id)
        message.text, message.entities, message.keyboard = shown, entities, keyboard
        return self.message_as_json(message)

    @_method("editMessageReplyMarkup", **_EDIT_OPTIONS)
    async def _edit_message_reply_markup(
        self,
        chat_id: str = "",
        message_id: int = 0,
        reply_markup: Json | None = None,
        **_options: object,
    ) -> Json:
        message = self._own_message(chat_id, message_id)
        keyboard = _keyboard(reply_markup)
        if keyboard == message.keyboard:
            raise _bad(NOT_MODIFIED.removeprefix("Bad Request: "))
        self._spend(message.chat_id)
        message.keyboard = keyboard
        return self.message_as_json(message)

    @_method("deleteMessage", "chat_id:chat message_id:integer")
    async def _delete_message(self, chat_id: str, message_id: int) -> bool:
        person = self._reach(chat_id)
        message = self.messages.get(message_id)
        if message is None or message.is_deleted or message.chat_id != person.id:
            raise _bad("message to delete not found")
        if message.is_old:
            raise _bad("message can't be deleted for everyone")
        message.is_deleted = True
        return True

    @_method(
        "answerCallbackQuery",
        "callback_query_id:string",
        string="text url",
        boolean="show_alert",
        integer="cache_time",
    )
    async def _answer_callback_query(
        self, callback_query_id: str, text: str = "", **_options: object
    ) -> bool:
        if callback_query_id not in self.open_queries:
            raise _bad(TOO_OLD.removeprefix("Bad Request: "))
        if utf16(text) > _LONGEST_TOAST:
            raise _bad("MESSAGE_TOO_LONG")
        self.open_queries.discard(callback_query_id)
        self.toasts[callback_query_id] = text
        return True

    @_method("sendChatAction", "chat_id:chat action:string", integer="message_thread_id")
    async def _send_chat_action(self, chat_id: str, action: str, **_options: object) -> bool:
        self._reach(chat_id)
        if action not in {"typing", "upload_document", "upload_photo"}:
            raise _bad("wrong parameter action in request")
        return True

    # To change the bot's own page

    @_method("setMyCommands", "commands:array", object="scope", string="language_code")
    async def _set_my_commands(
        self, commands: list[Json], scope: Json | None = None, language_code: str = ""
    ) -> bool:
        if scope not in (None, {"type": "default"}, {"type": "all_private_chats"}):
            raise _bad("can't parse BotCommandScope")
        if len(commands) > _COMMANDS:
            raise _bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise _bad("BOT_COMMAND_INVALID")
            if not 1 <= utf16(command["description"]) <= _LONGEST_DESCRIPTION:
                raise _bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if language_code and not re.fullmatch(r"[a-z]{2}", language_code):
            raise _bad("invalid language code specified")
        self.commands[language_code] = commands
        return True

    # What every showing method checks

    def _reach(self, chat_id: str) -> Person:
        person = self.people.get(int(chat_id)) if re.fullmatch(r"[0-9]{1,15}", chat_id) else None
        if person is None:
            raise _bad("chat not found")
        if person.is_deactivated:
            raise RefusedError(403, "Forbidden: user is deactivated")
        if not person.has_written:
            raise RefusedError(403, "Forbidden: bot can't initiate conversation with a user")
        if person.has_blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return person

    def _own_message(self, chat_id: str, message_id: int) -> Message:
        person = self._reach(chat_id)
        message = self.messages.get(message_id)
        if message is None or message.is_deleted or message.chat_id != person.id:
            raise _bad("message to edit not found")
        if not message.is_from_bot:
            raise _bad("message can't be edited")
        return message

    def _spend(self, chat_id: int) -> None:
        if not self.has_limits:
            return
        now = asyncio.get_running_loop().time()
        for key, limit in ((chat_id, 1), (None, _SENDS_A_SECOND)):
            recent = self._sends.setdefault(key, deque())
            while recent and recent[0] <= now - 1:
                recent.popleft()
            if len(recent) >= limit:
                raise RefusedError(429, "Too Many Requests: retry after 1", retry_after=1)
        for key in (chat_id, None):
            self._sends[key].append(now)


async def _read_parameters(request: web.Request) -> Json:
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise _bad("can't parse request JSON object") from None
        if not isinstance(body, dict):
            raise _bad("request JSON must be an object")
        return {**given, **body}
    try:
        return {**given, **await request.post()}
    except (ValueError, RuntimeWarning) as error:
        raise _bad(f"can't parse the request: {error}") from None


def _checked(given: Json, parameters: dict[str, _Parameter]) -> Json:
    unknown = given.keys() - parameters.keys()
    if unknown:
        raise _bad(f"unknown parameters {sorted(unknown)}")
    for name, parameter in parameters.items():
        if parameter.is_required and name not in given:
            # An absent text is told as an empty one, an absent chat as an empty id.
            raise _bad(
                {"text": "message text is empty", "chat_id": "chat_id is empty"}.get(name, f"no {name}")
            )
    return {name: _parsed(name, value, parameters[name].kind) for name, value in given.items()}


def _parsed(name: str, value: object, kind: str) -> object:
    if kind in {"object", "array", "boolean"} and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _bad(f"can't parse {name} JSON {kind}") from None
    match kind, value:
        case "integer", int() if not isinstance(value, bool):
            return value
        case "integer", str() if re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        case "chat", str() | int() if not isinstance(value, bool):
            return str(value)
        case ("string", str()) | ("boolean", bool()) | ("object", dict()) | ("array", list()):
            return value
        case "file", web.FileField():
            return value
    raise _bad(f"wrong type of parameter {name}: {kind} expected")

"""People of a journey: before a web page or with Telegram, they read what is shown and tap what it says."""

import asyncio
import contextlib
import itertools
import secrets
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, Self
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import httpx

from bot.demo import reading
from bot.demo.reading import Button, ShownCard, read_card, read_page
from bot.demo.transcript import Transcript
from bot.demo.visitor import Visitor
from bot.workbook.writing import write_workbook
from meeting.plan import MeetingPlan
from tests.fakes.bot_api import FakeBotApi, Group, Json, Message, Person
from tests.handlers.journey import ORGANISER

HOST = "Sở Nội vụ"

PATIENCE = 30.0
"""Seconds that somebody waits for an answer: the program may be starting meanwhile."""

_JSON = {"Accept": "application/json"}
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Never used: to load the certificates for each of a hundred people takes seconds."""
_TRANSCRIPT = Transcript("", ZoneInfo("Asia/Ho_Chi_Minh"))


class Tapping(Protocol):
    """Anybody with a button before them."""

    async def open_link(self, url: str) -> None:
        """Open a personal or one-time link."""

    async def tap(self, label: str) -> str:
        """Tap the button that says this, and give the sentence that answers."""

    async def write(self, text: str) -> str:
        """Type something, and give the sentence that answers."""

    async def send_file(self, name: str, content: bytes) -> str:
        """Send a file, and give what answers."""


class Somebody(Tapping, Protocol):
    """Anybody who takes part, on whatever platform, and looks for what is to come."""

    async def tap(self, label: str, *, on: str = "", answer: str = "") -> str:
        """Wait for a button that says this, on a card that says `on`; tap it, and give what answers.

        "…" at the end of `label` stands for any rest of it. What answers holds `answer`.
        """

    async def reads(self, text: str) -> Sequence[str]:
        """Wait for what holds this text, and give its lines."""

    async def finds(self, label: str, *, on: str = "") -> object:
        """Wait for a button as `tap` does, and leave it alone."""

    def offers(self, label: str) -> bool:
        """Whether a button that says this is there now."""


class PersistentTransport(httpx.AsyncBaseTransport):
    """Sends whatever got no answer again, the same, once the program is up: as the page's script does."""

    def __init__(self, is_up: asyncio.Event) -> None:
        self._is_up = is_up
        self._transport = httpx.AsyncHTTPTransport(verify=_NO_TLS)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        while True:
            await self._is_up.wait()
            with contextlib.suppress(httpx.TransportError):
                response = await self._transport.handle_async_request(request)
                if request.url.path.endswith("/stream"):
                    return response
                body = httpx.ByteStream(b"".join([part async for part in _parts_of(response)]))
                return httpx.Response(response.status_code, headers=response.headers, stream=body)

    async def aclose(self) -> None:
        await self._transport.aclose()


async def _parts_of(response: httpx.Response) -> AsyncIterator[bytes]:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    async for part in response.stream:
        yield part
    await response.aclose()


def chosen(cards: Iterable[ShownCard]) -> list[str]:
    """The choices that are marked as the own ones."""
    return [button.label for card in cards for button in card.buttons if button.is_chosen]


class Page:
    """A personal page as its script handles it, to send exactly what a test wants."""

    def __init__(self, address: str, transport: httpx.AsyncBaseTransport, language: str = "vi") -> None:
        self.client = httpx.AsyncClient(
            base_url=address,
            headers={"Accept-Language": language, "Origin": address},
            transport=transport,
            trust_env=False,
            timeout=PATIENCE,
        )
        self.path = ""
        self.answer: ShownCard | None = None

    async def open_link(self, url: str) -> None:
        response = await self.client.post(url, data={"open": "1"})
        assert response.status_code == HTTPStatus.SEE_OTHER, read_page(response.text).lines
        self.path = urlsplit(response.headers["Location"]).path

    async def open_code(self, code: str) -> None:
        """Type a code where the pages begin, and press the button."""
        welcome = read_page((await self.client.post("/", data={"code": code})).text)
        assert welcome.form is not None
        response = await self.client.post("/", data=dict(welcome.form.hidden))
        assert response.status_code == HTTPStatus.SEE_OTHER, read_page(response.text).lines
        self.path = urlsplit(response.headers["Location"]).path

    async def opened(self, path: str, **fields: str) -> str:
        """What is said where a link's button is pressed, or a code typed, that opens nothing."""
        response = await self.client.post(path, data=fields)
        assert response.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}, response.headers
        page = read_page(response.text)
        return "\n".join([page.notice, *page.lines])

    async def board(self) -> dict[str, ShownCard]:
        """The cards that stand on the page now, by key."""
        response = await self.client.get(f"{self.path}/board", headers=_JSON)
        assert response.status_code == HTTPStatus.OK, response.text
        return {card["key"]: read_card(card["html"]) for card in response.json()["cards"]}

    async def load(self) -> reading.Page:
        """The whole page, loaded anew."""
        response = await self.client.get(self.path)
        assert response.status_code == HTTPStatus.OK, response.text
        return read_page(response.text)

    async def question(self) -> str:
        """What the page asks, loaded anew; "" where it asks nothing."""
        self.answer = (await self.load()).answer
        return "" if self.answer is None else self.answer.heading

    async def cards(self) -> list[ShownCard]:
        """What stands on the page now: the answer to what was done last, then the board."""
        return [*([self.answer] if self.answer else ()), *(await self.board()).values()]

    async def finds(self, label: str, *, on: str = "") -> tuple[ShownCard, Button]:
        """A button that stands on the page now; "…" at the end of the label stands for any rest of it."""
        cards = await self.cards()
        for card in cards:
            button = card.button(label)
            if button is not None and any(on in line for line in card.lines):
                return card, button
        raise AssertionError(f"no button [{label}] on {cards}")

    async def tap(self, label: str, *, on: str = "", answer: str = "") -> str:
        """Tap a button that stands on the page now, and give the sentence that answers."""
        card, button = await self.finds(label, on=on)
        told = str((await self.send({**dict(card.hidden), button.name: button.value}))["notice"])
        assert answer in told, told
        return told

    async def send(self, fields: Mapping[str, str], event: str = "") -> Json:
        """Send a form and give what the page's script gets; the mark is a new one unless given."""
        return await self._post({**fields, "event": event or secrets.token_hex(16)}, None)

    async def _post(self, form: Mapping[str, str], files: Mapping[str, tuple[str, bytes]] | None) -> Json:
        response = await self.client.post(self.path, data=form, files=files, headers=_JSON)
        answer: Json = response.json()
        if answer.get("card"):
            self.answer = read_card(answer["card"])
        elif not answer.get("keep"):
            self.answer = None
        return answer

    async def reads(self, text: str) -> Sequence[str]:
        """The lines of the card that holds this text now."""
        cards = await self.cards()
        return next(card.lines for card in cards if any(text in line for line in card.lines))

    def offers(self, label: str) -> bool:
        """Whether the answer to what was done last has a button that says this."""
        return self.answer is not None and self.answer.button(label) is not None

    async def write(self, text: str) -> str:
        """Type something, and give the sentence that answers."""
        return str((await self.send({"text": text, "send": "1", "asked": "1"}))["notice"])

    async def send_file(self, name: str, content: bytes) -> str:
        """Send a file, and give what answers: the sentence, then the lines of the card."""
        form = {"send": "1", "asked": "1", "event": secrets.token_hex(16)}
        answer = await self._post(form, {"file": (name, content)})
        return "\n".join([str(answer["notice"]), *(self.answer.lines if self.answer else ())])


class WebPerson(Visitor):
    """Somebody with a personal page open, on the transport that the journey has for all."""

    def __init__(self, address: str, name: str, transport: httpx.AsyncBaseTransport) -> None:
        super().__init__(
            address, Transcript("", _TRANSCRIPT.timezone).add_part(name, ""), _TRANSCRIPT, transport
        )

    async def tap(self, label: str, *, on: str = "", answer: str = "") -> str:
        """As `Somebody.tap`."""
        told = await super().tap(label, on=on)
        assert answer in told, told
        return told

    async def reads(self, text: str) -> Sequence[str]:
        return (await self.sees(text)).lines

    async def sees_chosen(self, label: str) -> None:
        """Wait until this is the only choice that is marked as the own one."""
        await self._until(lambda: True if chosen(self.cards) == [label] else None, f"the choice {label}")


class ChatPerson:
    """Somebody with Telegram; "…" at the end of a label stands for any rest of it."""

    def __init__(self, phone: Person) -> None:
        self.phone = phone
        self.last: Json = {}
        """The last update that this person caused."""

    @property
    def name(self) -> str:
        return self.phone.name

    async def open_link(self, url: str) -> None:
        [code] = parse_qs(urlsplit(url).query)["start"]
        await self.write(f"/start {code}")

    async def tap(self, label: str, *, on: str = "", answer: str = "") -> str:
        told = await self._press(*await self.finds(label, on=on))
        assert answer in told, told
        return told

    async def finds(self, label: str, *, on: str = "") -> tuple[Message, str]:
        """Wait for a button, and give its message and what it sends."""
        what = f"{self.name} to see the button [{label}] on {on!r}"
        await self.phone.fake.until(lambda: self._find(label, on) is not None, wait=PATIENCE, what=what)
        found = self._find(label, on)
        assert found is not None
        return found

    async def tap_of(self, other: "ChatPerson", label: str, *, on: str = "") -> str:
        """Tap a button that was forwarded from somebody else's chat."""
        return await self._press(*await other.finds(label, on=on))

    async def tap_again(self, tap: Json) -> str:
        """Tap the same button of the same message as then, whatever that message shows now."""
        message = self.phone.fake.messages[tap["callback_query"]["message"]["message_id"]]
        return await self._press(message, tap["callback_query"]["data"])

    async def _press(self, message: Message, data: str) -> str:
        fake = self.phone.fake
        self.last = self.phone.press_data(message, data)
        query_id = self.last["callback_query"]["id"]
        what = f"an answer to {self.name}'s {data}"
        await fake.until(lambda: query_id in fake.toasts, wait=PATIENCE, what=what)
        await fake.acknowledged(self.last, wait=PATIENCE)
        return fake.toasts[query_id]

    async def write(self, text: str) -> str:
        return await self._say(await self.phone.send(text))

    async def send_file(self, name: str, content: bytes) -> str:
        return await self._say(await self.phone.sends_document(name, content))

    async def _say(self, update: Json) -> str:
        self.last = update
        sent_at = update["message"]["message_id"]
        await self.phone.fake.acknowledged(update, wait=PATIENCE)
        return "\n".join(message.text for message in self.phone.messages if message.id > sent_at)

    async def reads(self, text: str) -> Sequence[str]:
        return (await self.phone.sees(text, wait=PATIENCE)).text.splitlines()

    def offers(self, label: str) -> bool:
        """Whether a button that says this is there now."""
        return self._find(label, "") is not None

    async def sees_chosen(self, label: str) -> None:
        """Wait until this is the only choice that is marked as the own one."""
        what = f"{self.name} to see the choice {label!r}"
        await self.phone.fake.until(lambda: self._chosen() == [f"✓ {label}"], wait=PATIENCE, what=what)

    def _chosen(self) -> list[str]:
        marked = [
            [text for text in message.labels if text.startswith("✓")] for message in self.phone.messages
        ]
        return next((labels for labels in reversed(marked) if labels), [])

    def _find(self, label: str, on: str) -> tuple[Message, str] | None:
        for message in reversed(self.phone.messages):
            for row in message.keyboard:
                for button in row:
                    text = str(button["text"]).removeprefix("✓ ")
                    is_it = text == label or (
                        label.endswith("…") and text.startswith(label.removesuffix("…"))
                    )
                    if is_it and on in message.text and "callback_data" in button:
                        return message, str(button["callback_data"])
        return None


class Running(Protocol):
    """The program, as far as people need it."""

    @property
    def address(self) -> str:
        """Where its pages are."""

    @property
    def is_up(self) -> asyncio.Event:
        """Whether it can be reached."""


class Crowd:
    """All people of a journey: they leave at its end, however it ends."""

    def __init__(self, program: Running, fake: FakeBotApi | None = None) -> None:
        self._program = program
        self._fake = fake
        self._stack = contextlib.AsyncExitStack()

    def person(self, name: str) -> WebPerson:
        """Somebody with a page that stays live."""
        person = WebPerson(self._program.address, name, self._transport())
        self._stack.push_async_callback(person.leave)
        return person

    def page(self, language: str = "vi") -> Page:
        """A page that is only looked at when somebody acts on it."""
        page = Page(self._program.address, self._transport(), language)
        self._stack.push_async_callback(page.client.aclose)
        return page

    def chat(self, name: str, language: str | None = "vi") -> ChatPerson:
        """Somebody with Telegram."""
        assert self._fake is not None
        return ChatPerson(self._fake.person(name, language=language))

    def _transport(self) -> PersistentTransport:
        # To each their own: one pool for a hundred people spends more time on itself than on them.
        transport = PersistentTransport(self._program.is_up)
        self._stack.push_async_callback(transport.aclose)
        return transport

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()


# What is done together


async def found(organiser: Tapping, link: str, *, host: str = HOST, name: str = ORGANISER) -> None:
    """Have an organisation founded with the operator's one-time link."""
    await organiser.open_link(link)
    await organiser.write(host)
    await organiser.write(name)


async def store(organiser: Somebody, plan: MeetingPlan) -> None:
    """Have a meeting stored from a workbook."""
    await organiser.tap("Nhập tệp")
    await organiser.send_file("hoi-nghi.xlsx", write_workbook(plan, "vi"))
    await organiser.tap("Lưu hội nghị")
    await organiser.reads(plan.title)


@dataclass(frozen=True)
class WayIn:
    """What is handed out to an attendee."""

    code: str
    links: dict[str, str]


SHARED = "Liên kết chung"


async def shared_link(organiser: Somebody, platform: str) -> str:
    """Read the link for all where the organiser sees it."""
    await organiser.tap("Giấy mời")
    lines = list(await organiser.reads(SHARED))
    after = itertools.dropwhile(lambda line: not line.startswith(SHARED), lines)
    return next(line.partition(": ")[2] for line in after if line.startswith(f"{platform}: http"))


async def hand_out(organiser: Somebody) -> dict[str, WayIn]:
    """Read everybody's ways in where the organiser sees them, a page after the other."""
    await organiser.tap("Giấy mời")
    ways: dict[str, WayIn] = {}
    page = 1
    while True:
        ways |= _ways_in(await organiser.reads("Giấy mời: "))
        page += 1
        if not organiser.offers(f"Trang {page} ›"):
            return ways
        await organiser.tap(f"Trang {page} ›")
        await organiser.finds(f"‹ Trang {page - 1}")


def _ways_in(lines: Sequence[str]) -> dict[str, WayIn]:
    ways: dict[str, WayIn] = {}
    links: dict[str, str] = {}
    for before, line in itertools.pairwise(lines):
        kind, _, value = line.partition(": ")
        if kind == "Mã":
            links = {}
            if before.startswith(SHARED):
                continue
            ways[before.partition(", ")[0].partition(" (")[0]] = WayIn(value, links)
        elif value.startswith("http"):
            links[kind] = value
    return ways


GROUP_LINK = "Gắn vào nhóm Telegram"


async def bind_group(organiser: ChatPerson, title: str, *, meeting: str) -> Group:
    """Have the organiser add the bot to a group by the link; members may pin there."""
    fake = organiser.phone.fake
    await organiser.tap(f"{GROUP_LINK}…")
    message = await organiser.phone.sees(GROUP_LINK, wait=PATIENCE)
    token = message.links["Chọn nhóm"].partition("startgroup=")[2]
    group = fake.group(title)
    group.do_members_pin = True
    group.adds_bot(organiser.phone, token)
    await group.sees(meeting, wait=PATIENCE)
    return group


async def assemble(secretary: Somebody, chair: Somebody, present: Iterable[Tapping]) -> None:
    """Have everybody's presence confirmed, the meeting opened and the attendance stated."""
    await secretary.tap("Mở xác nhận có mặt")
    await asyncio.gather(*(somebody.tap("Xác nhận có mặt") for somebody in present))
    await chair.tap("Khai mạc")
    await chair.tap("Xác nhận số lượng: …")


async def open_vote(
    secretary: Somebody, chair: Somebody, title: str, *, step: str = "Bắt đầu", label: str = "Mở biểu quyết"
) -> None:
    """Have the chair go to an item, and a vote by phone opened on it."""
    await chair.tap(f"{step}: {title}")
    await secretary.tap("Biểu quyết bằng điện thoại", on=title)
    await chair.tap(label, on=title)


async def announce(chair: Somebody, title: str) -> None:
    """Have a vote ended, in which nobody is missing, and its result announced."""
    await chair.tap("Kết thúc", on=title)
    await chair.tap("Công bố kết quả", on=title)

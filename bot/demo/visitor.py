"""A simulated person before a web page: reads what stands there, taps buttons by their labels, types."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from bot.demo.reading import Button, Page, ShownCard, read_card, read_page
from bot.demo.transcript import Part, Transcript

PATIENCE = 30.0
"""Seconds that somebody waits for something to come up on the page."""
_SETTLED = 0.3
"""Seconds that a card must stand before it counts as seen: nobody reads what is overtaken at once."""
_TIME_LIMIT = 60.0
_TRIES = 5
_JSON = {"Accept": "application/json"}

T = TypeVar("T")


class VisitError(Exception):
    """The page refused something, or what somebody waited for did not come up."""


class Visitor:
    """One person with one browser: opens a personal link, then follows the page live until `leave`.

    `transport` may be shared by many; cookies are each visitor's own. `patience` is in seconds.
    """

    def __init__(
        self,
        address: str,
        part: Part,
        transcript: Transcript,
        transport: httpx.AsyncBaseTransport,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self.part = part
        self._patience = patience
        self.answer: ShownCard | None = None
        self._transcript = transcript
        self._client = httpx.AsyncClient(
            base_url=address,
            headers={"Accept-Language": "vi-VN,vi;q=0.9,en;q=0.5", "Origin": address},
            transport=transport,
            trust_env=False,
            timeout=_TIME_LIMIT,
        )
        self._path = ""
        self._board: dict[str, ShownCard] = {}
        self._seen: dict[str, tuple[str, ...]] = {}
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """Whose browser it is."""
        return self.part.name

    @property
    def cards(self) -> tuple[ShownCard, ...]:
        """What can be tapped now: the answer to what was done last, then the live cards in their order."""
        return (*([self.answer] if self.answer else ()), *self._board.values())

    async def open_link(self, url: str) -> None:
        """Open a personal or one-time link and press the button there; the page is then followed live."""
        page = await self._get(url)
        self._transcript.add_deed(self.part, "mở đường liên kết của mình")
        if page.form is None or not page.form.buttons:
            raise VisitError(f"{self.name}: nothing to press at the link; it says {page.lines}")
        self._transcript.add_sight(self.part, (page.title, *page.form.shown))
        try:
            response = await self._client.post(page.form.action or url, data=dict(page.form.hidden))
        except httpx.TransportError as error:
            raise VisitError(f"{self.name}: {_unreached(error)}") from error
        if response.status_code != HTTPStatus.SEE_OTHER:
            raise VisitError(f"{self.name}: not let in; it says {read_page(response.text).lines}")
        self._path = urlsplit(response.headers["Location"]).path
        opened = await self._get(self._path)
        self._tell_deed(f"chạm [{page.form.buttons[0].label}]", opened.notice)
        self._board = {card.key: card for card in opened.board}
        self._show_answer(opened.answer)
        self._look_at_all()
        self._following = asyncio.create_task(self._follow())

    async def leave(self) -> None:
        """Close the browser's page; what stood there last counts as seen."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
        self._look_at_all()

    # What is done

    async def tap(self, label: str, *, on: str = "") -> str:
        """Wait for a button that says this, tap it, and give the sentence that answers.

        "…" at the end of `label` stands for any rest of it; with `on` it must stand on a card with that text.
        """
        card, button = await self.finds(label, on=on)
        return await self._send(f"chạm [{button.label}]", card, {button.name: button.value})

    async def tap_of(self, other: "Visitor", label: str) -> str:
        """Send a button of somebody else's page from the own one, as if it had been passed on."""
        card, button = await other.finds(label)
        deed = f"gửi từ trang của mình nút [{button.label}] lấy trên trang của {other.name}"
        return await self._send(deed, card, {button.name: button.value})

    async def write(self, text: str) -> str:
        """Wait for a field, type into it, send it, and give the sentence that answers."""
        card = await self._until(lambda: self._taking("text"), "a field to type in")
        label = _send_label(card)
        return await self._send(f"nhập “{text}” và chạm [{label}]", card, {"text": text, "send": "1"})

    async def send_file(self, name: str, content: bytes) -> str:
        """Wait for a field that takes a file, send one, and give the sentence that answers."""
        card = await self._until(lambda: self._taking("file"), "a field for a file")
        label = _send_label(card)
        return await self._send(
            f"chọn tệp “{name}” và chạm [{label}]", card, {"send": "1"}, {"file": (name, content)}
        )

    async def sees(self, text: str) -> ShownCard:
        """Wait until a card holds this text, and give that card."""
        return await self._until(
            lambda: next((card for card in self.cards if _holds(card, text)), None), f"the words “{text}”"
        )

    async def finds(self, label: str, *, on: str = "") -> tuple[ShownCard, Button]:
        """Wait for a button that says this, and give it with its card; `label` and `on` as for `tap`."""
        return await self._until(lambda: self._find(label, on), f"the button [{label}]")

    def offers(self, label: str) -> bool:
        """Whether a button that says this is there now."""
        return self._find(label, "") is not None

    def _find(self, label: str, on: str) -> tuple[ShownCard, Button] | None:
        for card in self.cards:
            button = card.button(label)
            if button is not None and _holds(card, on):
                return card, button
        return None

    def _taking(self, kind: str) -> ShownCard | None:
        return next((card for card in self.cards if kind in card.takes), None)

    async def _until(self, found: Callable[[], T | None], what: str) -> T:
        try:
            async with asyncio.timeout(self._patience):
                while (result := found()) is None:
                    self._changed.clear()
                    await self._changed.wait()
                return result
        except TimeoutError:
            shown = "\n".join("\n".join(card.shown) + "\n" for card in self.cards)
            message = f"{self.name} waited {self._patience:g} seconds for {what}. The page shows:\n{shown}"
            raise VisitError(message) from None

    # How it is sent, as the page's own script does

    async def _send(
        self,
        deed: str,
        card: ShownCard,
        fields: Mapping[str, str],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> str:
        self._look_at(card)
        form = dict(card.hidden) | dict(fields) | {"event": secrets.token_hex(16)}
        answer = await self._post(form, files)
        notice = str(answer["notice"])
        self._tell_deed(deed, notice)
        if answer["card"]:
            self._show_answer(read_card(str(answer["card"])))
        elif not answer["keep"]:
            self._show_answer(None)
        if answer.get("board"):
            self._merge(answer["board"])
        return notice

    async def _post(
        self, form: Mapping[str, str], files: Mapping[str, tuple[str, bytes]] | None
    ) -> Mapping[str, Any]:
        """Send until the server has answered; the mark of the tap keeps a repeat from counting twice."""
        for attempt in range(_TRIES):
            with contextlib.suppress(httpx.TransportError):
                response = await self._client.post(self._path, data=form, files=files, headers=_JSON)
                if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    answer: Mapping[str, Any] = response.json()
                    if "fault" in answer:
                        raise VisitError(f"{self.name}: {answer['notice']}")
                    return answer
            await asyncio.sleep(0.5 * 2**attempt)
        raise VisitError(f"{self.name}: the server did not confirm what was sent")

    async def _get(self, url: str) -> Page:
        try:
            response = await self._client.get(url)
        except httpx.TransportError as error:
            raise VisitError(f"{self.name}: {_unreached(error)}") from error
        page = read_page(response.text)
        if response.status_code != HTTPStatus.OK:
            raise VisitError(f"{self.name}: {page.title}. {' '.join(page.lines)}")
        return page

    # How the page stays live

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(httpx.TransportError):
                async for update in self._updates():
                    self._merge(update)
            await asyncio.sleep(1)

    async def _updates(self) -> AsyncIterator[Mapping[str, Any]]:
        """Give the updates of one stream of server-sent events."""
        async with self._client.stream("GET", f"{self._path}/stream") as response:
            event = ""
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == "board":
                    yield json.loads(value)
                elif not line:
                    event = ""

    def _merge(self, update: Mapping[str, Any]) -> None:
        """Take in what has changed; without keys, no card comes or goes."""
        fresh = {each["key"]: each for each in update["cards"]}
        board = {}
        for key in update["keys"] or self._board:
            known = self._board.get(key)
            if key in fresh and (known is None or known.version <= fresh[key]["version"]):
                board[key] = read_card(fresh[key]["html"])
            elif known is not None:
                board[key] = known
        self._board = board
        self._changed.set()
        asyncio.get_running_loop().call_later(_SETTLED, self._look_at_settled, dict(board))

    # What is seen

    def _show_answer(self, card: ShownCard | None) -> None:
        self.answer = card
        self._changed.set()
        if card is not None:
            self._transcript.add_sight(self.part, card.shown)

    def _look_at_settled(self, board: Mapping[str, ShownCard]) -> None:
        for key, card in board.items():
            if self._board.get(key) == card:
                self._look_at(card)

    def _look_at_all(self) -> None:
        for card in self._board.values():
            self._look_at(card)

    def _look_at(self, card: ShownCard) -> None:
        if card.key and self._seen.get(card.key) != card.shown:
            self._seen[card.key] = card.shown
            self._transcript.add_sight(self.part, card.shown)

    def _tell_deed(self, deed: str, notice: str) -> None:
        self._transcript.add_deed(self.part, f"{deed}: “{notice}”" if notice else deed)


def _holds(card: ShownCard, text: str) -> bool:
    return not text or any(text in line for line in card.lines)


def _unreached(error: httpx.TransportError) -> str:
    return f"the page could not be reached ({type(error).__name__})"


def _send_label(card: ShownCard) -> str:
    return next((button.label for button in card.buttons if button.name == "send"), "")

"""A little meeting in memory behind the web pages: a vote, a dialogue of one question, a file, help."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.actions import CastVote, GetWorkbook, ImportWorkbook, NewMeeting, ShowHelp, SkipQuestion, decode
from bot.platforms.base import (
    Answer,
    Ask,
    Attachment,
    Bar,
    Card,
    Do,
    File,
    Incoming,
    Joined,
    Line,
    Mark,
    Receive,
    Tap,
    Text,
)
from bot.platforms.web import WebPlatform
from bot.web.desk import Board, BoardCard, PaperFile, PlaygroundEntry, Unwelcome, Welcome
from bot.web.server import WebServer
from bot.wording.pages import Fault
from meeting.papers import PaperKind
from meeting.regimes import Template
from meeting.voting import Option
from tests.fakes.sockets import loopback_socket

KEY = b"a key that is long enough for tests"
TITLE = "Hội nghị cán bộ, công chức năm 2026"
WORDS = {Option.YES: "Tán thành", Option.NO: "Không tán thành", Option.OTHER: "Ý kiến khác"}
HELP = Card((Line("Trợ giúp", Mark.STRONG), Line("Chọn một nút để thực hiện.")))
QUESTION = Card(
    (Line("Lập hội nghị", Mark.STRONG), Line("Tên hội nghị?")),
    choices=((Do("Thôi", SkipQuestion(1)),),),
    ask=Ask(limit=20, example=TITLE),
)
FILE_QUESTION = Card((Line("Gửi tệp Excel", Mark.STRONG),), ask=Ask(limit=0, takes_file=True))
WORKBOOK = Attachment("Mẫu hội nghị.xlsx", "application/octet-stream", b"PK\x03\x04 a workbook")


@dataclass
class Person:
    name: str
    token: str
    code: str
    language: str = "vi"
    page: str | None = None
    option: Option | None = None
    question: Card | None = None
    cards: dict[str, tuple[int, Card]] = field(default_factory=dict)


def person(number: int, name: str, language: str = "vi") -> Person:
    return Person(name, f"{number}-{number:022d}", f"K7QF-2M9{number}", language)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


class Hall:
    """Implements `Desk` and what `receive` does, without a database."""

    def __init__(self, *people: Person) -> None:
        self.people = people
        self.events: list[Incoming] = []
        self.looks = 0
        self.is_broken = False
        self.papers: dict[int, tuple[str, PaperKind, bytes]] = {}
        self._committed = asyncio.Event()
        self._looked = asyncio.Event()
        self._version = 0
        self._answered: dict[str, Answer] = {}
        self._gate = asyncio.Event()
        self._gate.set()
        for someone in people:
            self._put_ballot(someone)

    # What a test does

    def put(self, someone: Person, key: str, card: Card) -> None:
        """Put or change a live card."""
        self._version += 1
        someone.cards[key] = (self._version, card)
        self._committed.set()

    def take_away(self, someone: Person, key: str) -> None:
        """Take a live card away."""
        del someone.cards[key]
        self._committed.set()

    def unbind(self, someone: Person) -> None:
        """Take somebody's page away."""
        someone.page = None
        self._committed.set()

    def hold(self) -> Callable[[], None]:
        """Hold back whatever is received until the function that is given is called."""
        self._gate.clear()
        return self._gate.set

    async def next_look(self) -> None:
        """Return when the pages are looked up the next time."""
        self._looked.clear()
        await self._looked.wait()

    # Desk

    async def find_welcome(self, code: str, language: str | None) -> Welcome | Unwelcome:
        someone = self._with_code(code)
        if someone is None:
            return Unwelcome("Mã không đúng. Đề nghị xem lại giấy mời.", language or "vi")
        return Welcome(TITLE, someone.name, "14:00 thứ Năm", someone.language, someone.page is not None)

    async def is_in_use(self, chat: str) -> bool:
        if self.is_broken:
            raise ConnectionError
        return self._on_page(chat) is not None

    async def find_board(self, chat: str) -> Board | None:
        if self.is_broken:
            raise ConnectionError
        someone = self._on_page(chat)
        if someone is None:
            return None
        cards = tuple(BoardCard(key, version, card) for key, (version, card) in someone.cards.items())
        return Board(TITLE, someone.name, someone.language, cards, someone.question)

    async def find_paper(self, chat: str, paper_id: int) -> PaperFile | Unwelcome:
        if self._on_page(chat) is None or paper_id not in self.papers:
            return Unwelcome("Không có tài liệu này.", "vi")
        name, kind, content = self.papers[paper_id]
        return PaperFile(name, kind.media_type, len(content), kind.is_shown_in_browsers, _pieces(content))

    async def find_handed(self, token: str) -> PaperFile | Fault:
        del token
        return Fault.FILE_UNKNOWN

    async def changed_boards(
        self, known: Mapping[str, Mapping[str, int] | None]
    ) -> Mapping[str, Board | None]:
        self.looks += 1
        self._looked.set()
        boards = {page: await self.find_board(page) for page in known}
        return {
            page: board
            for page, board in boards.items()
            if board is None or known[page] is None or board.versions != known[page]
        }

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._committed.wait()
        self._committed.clear()

    async def list_playground(self) -> Sequence[PlaygroundEntry]:
        return [
            PlaygroundEntry(TITLE, someone.name, "Phòng Tổ chức", "đại biểu", someone.token)
            for someone in self.people
        ]

    # Receive

    async def receive(self, incoming: Incoming) -> Answer:
        await self._gate.wait()
        if self.is_broken:
            raise ConnectionError
        if incoming.event_id not in self._answered:
            self.events.append(incoming)
            self._answered[incoming.event_id] = self._answer(incoming)
            self._committed.set()
        return self._answered[incoming.event_id]

    def _answer(self, incoming: Incoming) -> Answer:
        match incoming.body:
            case Joined(code=code):
                return self._join(incoming.chat, code)
            case Tap(action=action):
                return self._tap(incoming.chat, action)
            case Text(text=text):
                return self._type(incoming.chat, text)
            case File(name=name, content=content):
                size = "quá lớn" if content is None else f"{len(content)} byte"
                return Answer(f"Đã nhận tệp {name}: {size}")
            case _:
                raise AssertionError(incoming.body)

    def _join(self, page: str, code: str) -> Answer:
        someone = self._with_code(code)
        if someone is None:
            return Answer("Mã không đúng. Đề nghị xem lại giấy mời.")
        someone.page = page
        return Answer(f"Đã liên kết: {someone.name}.")

    def _tap(self, page: str, text: str) -> Answer:
        someone = self._on_page(page)
        if someone is None:
            return Answer("Trang chưa gắn với ai.")
        match decode(text):
            case CastVote(option=option):
                someone.option = option
                card = self._put_ballot(someone)
                return Answer(f"Đã ghi nhận: {WORDS[option]}.", card, replaces=True)
            case NewMeeting():
                someone.question = QUESTION
                return Answer(card=QUESTION)
            case ImportWorkbook():
                someone.question = FILE_QUESTION
                return Answer(card=FILE_QUESTION)
            case SkipQuestion():
                someone.question = None
                return Answer("Đã thôi.")
            case GetWorkbook():
                return Answer("Tệp mẫu đây.", Card((Line("Tệp mẫu"),), attachments=(WORKBOOK,)))
            case ShowHelp():
                return Answer(card=HELP)
            case _:
                return Answer("Nút này không còn dùng.")

    def _type(self, page: str, text: str) -> Answer:
        someone = self._on_page(page)
        if someone is None or someone.question is None:
            return Answer("Hiện không chờ nội dung nào.")
        if len(text) < 3:
            return Answer("Tên quá ngắn.")
        someone.question = None
        return Answer(f"Đã lập: {text}.")

    def _put_ballot(self, someone: Person) -> Card:
        card = Card(
            (Line("Biểu quyết 5: Báo cáo tài chính", Mark.STRONG), Line("Công khai.", Mark.SOFT)),
            tuple(
                (Do(word, CastVote(7, option), is_chosen=option == someone.option),)
                for option, word in WORDS.items()
            ),
        )
        self.put(someone, "ballot-7", card)
        return card

    def _with_code(self, code: str) -> Person | None:
        return next((someone for someone in self.people if code in {someone.token, someone.code}), None)

    def _on_page(self, page: str) -> Person | None:
        return next((someone for someone in self.people if someone.page == page), None)


def result_card() -> Card:
    return Card(
        (
            Line("Biểu quyết 5: Báo cáo tài chính", Mark.STRONG),
            Bar("Tán thành: 45", 45, 46),
            Bar("Không tán thành: 0", 0, 46),
            Bar("Ý kiến khác: 01", 1, 46),
            Line("45/46 đại biểu dự hội nghị tán thành (đạt 97,83%). Thông qua.", Mark.STRONG),
        )
    )


def home_card() -> Card:
    return Card(
        (Line("Việc của ban tổ chức", Mark.STRONG),),
        (
            (Do("Lập hội nghị", NewMeeting(1)), Do("Gửi tệp", ImportWorkbook(1))),
            (Do("Lấy tệp mẫu", GetWorkbook(1, Template.CBCCVC)),),
        ),
    )


@contextlib.asynccontextmanager
async def served(
    hall: Hall, *, is_playground: bool = False, public_url: str = "http://hop.example"
) -> AsyncIterator[str]:
    """Serve a hall's pages on loopback; gives their address."""
    platform = WebPlatform(hall, key=KEY, public_url=public_url, is_playground=is_playground)
    async with serving(platform, hall.receive) as address:
        yield address


@contextlib.asynccontextmanager
async def serving(platform: WebPlatform, receive: Receive) -> AsyncIterator[str]:
    """Serve a platform's pages on loopback, and give what is done there to `receive`; gives their address."""
    with loopback_socket() as (sock, address):
        server = WebServer(platform.app, "127.0.0.1", 0)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        listening = asyncio.create_task(platform.listen(receive))
        try:
            yield address
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            server.should_exit = True
            await serving

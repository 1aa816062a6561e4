"""What the web pages ask the rest of the program for."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.platforms.base import Card
from bot.wording.pages import Fault


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a link or code opens, before anything is used up.

    `title` is the meeting's, or says what the code founds; `person` whom it is for ("" where it is not
    personal); `detail` when, where and for which unit, a line each; `is_taken`: it is in use on another page,
    which stops working when this one takes over; `asks_name`: it is everybody's, so who comes says who it is.
    """

    title: str
    person: str
    detail: str
    language: str
    is_taken: bool
    asks_name: bool = False


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """A link or code that opens nothing: `sentence` says why and what to do."""

    sentence: str
    language: str


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A live card: `key` stays as long as it lives, of [A-Za-z0-9_-]; `version` grows when it changes."""

    key: str
    version: int
    card: Card


@dataclass(frozen=True, slots=True)
class Board:
    """What one personal page shows, cards in their order.

    `question` is what the page's dialogue waits for, so that it goes on after a reload or another start.
    """

    title: str
    person: str
    language: str
    cards: tuple[BoardCard, ...]
    question: Card | None = None

    @property
    def versions(self) -> dict[str, int]:
        """The version of each card, in their order."""
        return {card.key: card.version for card in self.cards}


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A file that may be loaded: `pieces` are its `size` bytes; browsers may show it with `is_shown`."""

    name: str
    media_type: str
    size: int
    is_shown: bool
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class PlaygroundEntry:
    """Somebody whose page can be opened in the playground: `roles` in words, `token` of the personal link."""

    meeting: str
    person: str
    unit: str
    roles: str
    token: str


class Desk(Protocol):
    """What the pages read. A page is known by its id: the `chat` of its `Incoming`."""

    async def find_welcome(self, code: str, language: str | None) -> Welcome | Unwelcome:
        """Give what a link's token or a typed code opens; uses nothing up.

        `language` is what the browser prefers ("vi", "en"), for where the code does not tell.
        """

    async def is_in_use(self, chat: str) -> bool:
        """Tell whether a page is bound to somebody: whether `find_board` has something to give."""

    async def find_board(self, chat: str) -> Board | None:
        """Give what a page shows now, or None where it is bound to nobody (any more)."""

    async def find_paper(self, chat: str, paper_id: int) -> PaperFile | Unwelcome:
        """Give a paper to a page that it is for, or say why not."""

    async def find_handed(self, token: str) -> PaperFile | Fault:
        """Give the file that a signed address hands out, or why it doesn't; asked by anybody."""

    async def changed_boards(
        self, known: Mapping[str, Mapping[str, int] | None]
    ) -> Mapping[str, Board | None]:
        """Give those pages' boards whose cards are other than the known versions, read as one batch.

        A page whose known versions are None is given in any case; None is given for one that is bound to
        nobody any more.
        """

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - it ends early, it does not fail
        """Return when this process has committed something since the last call, or after `timeout` seconds.

        Only one task calls it.
        """

    async def list_playground(self) -> Sequence[PlaygroundEntry]:
        """List the people of all meetings; asked only where the playground is on."""

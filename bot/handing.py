"""Files by address, for platforms that carry none: signed, good for some days, served with the web pages."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.handouts import pieces
from bot.platforms.base import Attachment, Handout
from bot.web.desk import PaperFile
from bot.wording.pages import Fault
from handlers.asking import House
from meeting.papers import Paper, PaperKind
from storage import handed, papers
from storage.database import Database, Tx
from storage.errors import PaperNotFoundError

_NAME_LIMIT = 200
_TOKEN = re.compile(r"(?P<kind>[pf])(?P<id>[0-9]{1,10})-(?P<day>[0-9]{1,6})-[0-9a-f]{32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class _Kind(StrEnum):
    """What an address hands out: a meeting's paper, or a file that was made for a card."""

    PAPER = "p"
    FILE = "f"


_GOOD_FOR = {_Kind.PAPER: 7, _Kind.FILE: 2}
"""For how many days an address is good at least. What is made for somebody can be made again at once."""


@dataclass(frozen=True, slots=True)
class _Handed:
    """What an address says, once its mark has been found to be right: until when it hands out what."""

    kind: _Kind
    file_id: int
    day: int

    @property
    def until(self) -> datetime:
        """From when on the address is good no more."""
        return _EPOCH + self.day * _DAY


class HandedFiles:
    """Implements `bot.platforms.base.Links`; `public_url` is where people reach the web pages.

    Whoever has an address has the file: that lies in the nature of chats whose bots can't send files. So an
    address can't be guessed, stops after some days, and of a paper also when that is withdrawn.
    """

    def __init__(self, house: House, public_url: str) -> None:
        self._house = house
        self._public_url = public_url

    async def link(self, attachment: Attachment | Handout) -> str | None:
        """As `Links.link`; the same file has the same address all day, and is kept once."""
        match attachment:
            case Handout(paper_id):
                async with self._house.database.snapshot() as tx:
                    if await _find_paper(tx, paper_id) is None:
                        return None
                return self._address(_Handed(_Kind.PAPER, paper_id, self._last_day(_Kind.PAPER)))
            case Attachment():
                day = self._last_day(_Kind.FILE)
                file_id = await self._keep(attachment, _EPOCH + day * _DAY)
                return self._address(_Handed(_Kind.FILE, file_id, day))

    async def _keep(self, attachment: Attachment, until: datetime) -> int:
        name, content = _short(attachment.name), attachment.content
        digest = hashlib.sha256(f"{name}\n{attachment.media_type}\n".encode() + content).hexdigest()
        # Most often many are handed the same: only the first writes.
        async with self._house.database.snapshot() as tx:
            file_id = await handed.find_handed(tx, digest, until)
        if file_id is not None:
            return file_id
        async with self._house.database.transaction() as tx:
            return await handed.put_handed(tx, digest, name, attachment.media_type, content, until)

    def _last_day(self, kind: _Kind) -> int:
        return (self._house.now() - _EPOCH) // _DAY + 1 + _GOOD_FOR[kind]

    def _address(self, what: _Handed) -> str:
        return f"{self._public_url}/f/{_token(self._house.key, what)}"


async def find_handed(house: House, token: str) -> PaperFile | Fault:
    """Give what an address hands out, or why it doesn't (any more)."""
    what = _read(house.key, token)
    if what is None:
        return Fault.FILE_UNKNOWN
    if house.now() >= what.until:
        return Fault.FILE_EXPIRED
    if what.kind is _Kind.PAPER:
        async with house.database.snapshot() as tx:
            paper = await _find_paper(tx, what.file_id)
        if paper is None:
            return Fault.FILE_WITHDRAWN
        return paper_file(house.database, what.file_id, paper)
    async with house.database.snapshot() as tx:
        file = await handed.find_handed_view(tx, what.file_id)
    if file is None:
        return Fault.FILE_EXPIRED
    content = pieces(house.database, handed.find_handed_piece, what.file_id)
    is_shown = file.media_type in _SHOWN_IN_BROWSERS
    return PaperFile(file.name, file.media_type, file.size, is_shown, content)


def paper_file(database: Database, paper_id: int, paper: Paper) -> PaperFile:
    """Give a paper as browsers load it."""
    content = pieces(database, papers.find_piece, paper_id)
    return PaperFile(paper.name, paper.kind.media_type, paper.size, paper.kind.is_shown_in_browsers, content)


async def _find_paper(tx: Tx, paper_id: int) -> Paper | None:
    """Give a paper unless it was withdrawn."""
    try:
        view = await papers.get_paper(tx, paper_id)
    except PaperNotFoundError:
        return None
    return view.paper if view.withdrawn_at is None else None


_SHOWN_IN_BROWSERS = frozenset(kind.media_type for kind in PaperKind if kind.is_shown_in_browsers)


# Addresses


def _token(key: bytes, what: _Handed) -> str:
    said = f"{what.kind}{what.file_id}-{what.day}"
    # Letters and digits: chats that find addresses by themselves may leave out what else stands at the end.
    return f"{said}-{hmac.digest(key, f'handed:{said}'.encode(), 'sha256')[:16].hex()}"


def _read(key: bytes, token: str) -> _Handed | None:
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    what = _Handed(_Kind(found["kind"]), int(found["id"]), int(found["day"]))
    return what if hmac.compare_digest(token.encode(), _token(key, what).encode()) else None


def _short(name: str) -> str:
    """Give a name that fits the table, with its extension."""
    stem, dot, extension = name.rpartition(".")
    return name if len(name) <= _NAME_LIMIT else f"{stem[: _NAME_LIMIT - len(extension) - 1]}{dot}{extension}"

"""Meetings' papers for the platforms: their bytes from the database, and each platform's own name of them."""

from collections.abc import AsyncIterator, Awaitable, Callable

from meeting.papers import SIZE_LIMIT
from storage import papers
from storage.database import Database, Tx
from storage.errors import PaperNotFoundError

_PIECE = 1024 * 1024


class StoredPapers:
    """Implements `bot.platforms.base.Papers` for one platform."""

    def __init__(self, database: Database, platform: str) -> None:
        self._database = database
        self._platform = platform

    async def find_copy(self, paper_id: int) -> str | None:
        """As `Papers.find_copy`."""
        async with self._database.snapshot() as tx:
            return await papers.find_copy(tx, paper_id, self._platform)

    async def load(self, paper_id: int) -> bytes | None:
        """As `Papers.load`."""
        async with self._database.snapshot() as tx:
            return await papers.find_piece(tx, paper_id, 0, SIZE_LIMIT)

    async def put_copy(self, paper_id: int, ref: str) -> None:
        """As `Papers.put_copy`; a paper that is gone is none to keep a name of."""
        try:
            async with self._database.transaction() as tx:
                await papers.put_copy(tx, paper_id, self._platform, ref)
        except PaperNotFoundError:
            return

    async def forget_copy(self, paper_id: int, ref: str) -> None:
        """As `Papers.forget_copy`."""
        async with self._database.transaction() as tx:
            await papers.forget_copy(tx, paper_id, self._platform, ref)


async def pieces(
    database: Database, find_piece: Callable[[Tx, int, int, int], Awaitable[bytes | None]], file_id: int
) -> AsyncIterator[bytes]:
    """Give a file's bytes a piece at a time, so that many may load it at once.

    `find_piece` gives so many of them from a place on, as `storage.papers.find_piece` does.
    """
    start = 0
    while True:
        async with database.snapshot() as tx:
            piece = await find_piece(tx, file_id, start, _PIECE)
        if not piece:
            return
        yield piece
        start += len(piece)

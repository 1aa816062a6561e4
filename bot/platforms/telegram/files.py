"""Files in chats: a meeting's paper is uploaded once, and sent by Telegram's own name of it from then on."""

import asyncio
from collections import defaultdict

from bot.platforms.base import Attachment, Handout, Papers
from bot.platforms.telegram.api import BotApi
from bot.platforms.telegram.errors import CopyForgottenError
from bot.platforms.telegram.layout import file_name

_UPLOADS = 2
"""At a time, as each holds a whole file in memory."""


class Files:
    """Sends files; `papers` is where those of meetings come from."""

    def __init__(self, api: BotApi, papers: Papers | None) -> None:
        self._api = api
        self._papers = papers
        self._uploading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slots = asyncio.Semaphore(_UPLOADS)

    async def send(self, chat: str, file: Attachment | Handout) -> int | None:
        """Send a file and give its message; None for a paper that was withdrawn. Raises as `BotApi.call`."""
        if isinstance(file, Attachment):
            return (await self._send(chat, file.content, file_name(file)))[0]
        return await self._send_paper(chat, file)

    async def _send_paper(self, chat: str, paper: Handout) -> int | None:
        if self._papers is None:
            return None
        message = await self._send_copy(chat, paper)
        if message is not None:
            return message
        # Who wants it meanwhile waits, and is sent what the first has uploaded.
        async with self._uploading[paper.paper_id]:
            message = await self._send_copy(chat, paper)
            return await self._upload(chat, paper, self._papers) if message is None else message

    async def _upload(self, chat: str, paper: Handout, papers: Papers) -> int | None:
        async with self._slots:
            content = await papers.load(paper.paper_id)
            if content is None:
                return None
            message, ref = await self._send(chat, content, file_name(paper))
        if ref:
            await papers.put_copy(paper.paper_id, ref)
        return message

    async def _send_copy(self, chat: str, paper: Handout) -> int | None:
        """Send what Telegram has, or give None where it has nothing (any more)."""
        ref = None if self._papers is None else await self._papers.find_copy(paper.paper_id)
        if self._papers is None or ref is None:
            return None
        try:
            return (await self._send(chat, ref))[0]
        except CopyForgottenError:
            await self._papers.forget_copy(paper.paper_id, ref)
            return None

    async def _send(self, chat: str, file: bytes | str, name: str | None = None) -> tuple[int, str]:
        """Send bytes, or what Telegram knows by a name; give the message and Telegram's name of the file."""
        sending = self._api.bot.send_document(
            chat, file, filename=name, disable_content_type_detection=None if name is None else True
        )
        message = await self._api.call("sendDocument", sending)
        return message.message_id, "" if message.document is None else message.document.file_id

"""Reading what a page's form sends, within limits that hold while it comes in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from bot.platforms.base import File
from bot.web.gate import FaultError
from bot.wording.pages import Fault

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes that a file may have; a larger one is read to its end and given without content."""
FIELDS_LIMIT = 1024 * 1024
"""Bytes that all other fields may have together: room for the longest text, percent-encoded."""
BODY_LIMIT = 64 * 1024 * 1024
"""Bytes after which nothing more is read."""
_MOST_FIELDS = 20
_LONGEST_NAME = 150


@dataclass(slots=True)
class Form:
    """What a form sent: text fields by name, and at most one file."""

    fields: dict[str, str] = field(default_factory=dict)
    file: File | None = None

    def text(self, name: str) -> str:
        """Give a field's text, "" where it is missing; line ends as one newline, no zero characters."""
        return self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


async def read_form(request: Request) -> Form:
    """Read a form of either encoding; raises FaultError where it is too large or no form."""
    media_type, options = parse_options_header(request.headers.get("content-type"))
    if media_type == b"application/x-www-form-urlencoded":
        body = b"".join([chunk async for chunk in _within(request.stream(), FIELDS_LIMIT)])
        try:
            pairs = parse_qsl(
                body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
            )
        except ValueError as error:
            raise FaultError(Fault.UNREADABLE) from error
        return Form(dict(pairs))
    if media_type != b"multipart/form-data" or b"boundary" not in options:
        raise FaultError(Fault.UNREADABLE)
    parts = _Parts(options[b"boundary"])
    try:
        async for chunk in _within(request.stream(), BODY_LIMIT):
            parts.write(chunk)
    except FormParserError as error:
        raise FaultError(Fault.UNREADABLE) from error
    return parts.form()


async def _within(stream: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > limit:
            raise FaultError(Fault.TOO_LARGE)
        yield chunk


class _Parts:
    """The parts of a multipart body, as they come in."""

    def __init__(self, boundary: bytes) -> None:
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._add_header_name,
                "on_header_value": self._add_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin_content,
                "on_part_data": self._add_content,
                "on_part_end": self._end,
                "on_end": self._finish,
            },
        )
        self._fields: dict[str, str] = {}
        self._fields_size = 0
        self._count = 0
        self._file: File | None = None
        self._is_finished = False
        self._begin()

    def write(self, chunk: bytes) -> None:
        self._parser.write(chunk)

    def form(self) -> Form:
        if not self._is_finished:
            raise FaultError(Fault.UNREADABLE)
        return Form(self._fields, self._file or _file_left_behind(self._fields))

    def _begin(self) -> None:
        self._header_name = self._header_value = self._disposition = b""
        self._name: str = ""
        self._file_name: str | None = None
        self._content = bytearray()
        self._size = 0

    def _add_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _add_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = self._header_value
        self._header_name = self._header_value = b""

    def _begin_content(self) -> None:
        self._count += 1
        if self._count > _MOST_FIELDS:
            raise FaultError(Fault.TOO_LARGE)
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode(errors="replace")
        if b"filename" in options:
            self._file_name = _bare_name(options[b"filename"].decode(errors="replace"))

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._file_name is None:
            self._fields_size += end - start
            if self._fields_size > FIELDS_LIMIT:
                raise FaultError(Fault.TOO_LARGE)
        if self._size <= FILE_LIMIT:
            self._content += data[start:end]
        else:
            self._content.clear()

    def _end(self) -> None:
        if self._file_name is None:
            self._fields[self._name] = self._content.decode(errors="replace")
        elif self._file_name and self._file is None:
            content = bytes(self._content) if self._size <= FILE_LIMIT else None
            self._file = File(self._file_name, self._size, content, FILE_LIMIT)

    def _finish(self) -> None:
        self._is_finished = True


def _file_left_behind(fields: dict[str, str]) -> File | None:
    """A file that the browser did not send at all as it is too large: its name and size as fields."""
    name, size = _bare_name(fields.get("file_name", "")), fields.get("file_size", "")
    if not name or not (size.isascii() and size.isdigit() and len(size) < len(str(2**63))):
        return None
    return File(name, max(int(size), FILE_LIMIT + 1), None, FILE_LIMIT)


def _bare_name(name: str) -> str:
    printable = "".join(letter for letter in name if letter.isprintable())
    return printable.replace("\\", "/").rpartition("/")[2].strip()[-_LONGEST_NAME:]

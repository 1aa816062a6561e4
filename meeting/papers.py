"""Papers of a meeting: which files are taken, under which name, how many and how large."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from meeting.names import tidy
from meeting.refusals import Refusal, Refused

MOST_PAPERS = 100
"""Of one meeting, without those that were withdrawn."""

SIZE_LIMIT = 20_000_000
"""Bytes: what a phone in a hall can load, and what every platform hands on."""

NAME_LIMIT = 120
_LONGEST_EXTENSION = 5
_MOST_ENTRIES = 20_000
_MIMETYPE = "mimetype"


class PaperKind(StrEnum):
    """A kind of file that is taken, by its extension."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    JPEG = "jpg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """Give its media type."""
        return _MEDIA_TYPES[self]

    @property
    def is_shown_in_browsers(self) -> bool:
        """Whether a browser may show it by itself: of these none runs scripts in a page's name."""
        return self in {PaperKind.PDF, PaperKind.JPEG, PaperKind.PNG}


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_MEDIA_TYPES = {
    PaperKind.PDF: "application/pdf",
    PaperKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    PaperKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    PaperKind.PPTX: f"{_OFFICE}presentationml.presentation",
    PaperKind.ODT: f"{_OPEN}text",
    PaperKind.ODS: f"{_OPEN}spreadsheet",
    PaperKind.JPEG: "image/jpeg",
    PaperKind.PNG: "image/png",
}
_KIND_OF = {kind.value: kind for kind in PaperKind} | {"jpeg": PaperKind.JPEG, "jpe": PaperKind.JPEG}
_MAIN_PARTS = {
    PaperKind.DOCX: "word/document.xml",
    PaperKind.XLSX: "xl/workbook.xml",
    PaperKind.PPTX: "ppt/presentation.xml",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is taken: its clean name, what it is, its bytes' number and SHA-256."""

    name: str
    kind: PaperKind
    size: int
    sha256: str


def read_paper(name: str, size: int, content: bytes | None, size_limit: int) -> Paper | Refused:
    """Say what a file is, by its extension and by its content, which must agree.

    `content` is None where the platform held it back as over its `size_limit`. Nothing in it is executed or
    unpacked: of a packed document only the list of its parts is read.
    """
    limit = min(size_limit, SIZE_LIMIT)
    if content is None or len(content) > limit:
        return Refused(Refusal.PAPER_TOO_LARGE, {"size": max(size, limit + 1), "limit": limit})
    cleaned = clean_name(name)
    _, dot, extension = cleaned.rpartition(".")
    kind = _KIND_OF.get(extension.lower()) if dot else None
    if kind is None:
        return Refused(Refusal.PAPER_KIND_UNKNOWN, {"name": cleaned})
    if not content:
        return Refused(Refusal.PAPER_EMPTY, {"name": cleaned})
    if not _is_kind(content, kind):
        return Refused(Refusal.PAPER_NOT_AS_NAMED, {"name": cleaned})
    return Paper(cleaned, kind, len(content), hashlib.sha256(content).hexdigest())


def clean_name(name: str) -> str:
    """Give a name that every computer can store and every header carry; the extension stays.

    No folders, control or direction marks, no characters that some system forbids.
    """
    bare = tidy(name.replace("\\", "/").rpartition("/")[2])
    bare = re.sub(r'[:*?"<>|;%]', "_", bare).rstrip(". ")
    stem, dot, extension = bare.rpartition(".")
    if not dot or not 0 < len(extension.strip()) <= _LONGEST_EXTENSION:
        stem, dot, extension = bare, "", ""
    end = f"{dot}{extension.strip()}"
    return (stem.lstrip(". ")[: NAME_LIMIT - len(end)].rstrip(". ") or "_") + end


def _is_kind(content: bytes, kind: PaperKind) -> bool:
    match kind:
        case PaperKind.PDF:
            # Readers take some bytes before it.
            return b"%PDF-" in content[:1024]
        case PaperKind.JPEG:
            return content.startswith(b"\xff\xd8\xff")
        case PaperKind.PNG:
            return content.startswith(b"\x89PNG\r\n\x1a\n")
        case _:
            return _is_packed(content, kind)


def _is_packed(content: bytes, kind: PaperKind) -> bool:
    """Whether it is a packed document of this kind, without macros."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if len(parts) > _MOST_ENTRIES or any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if kind in _MAIN_PARTS:
                return "[Content_Types].xml" in names and _MAIN_PARTS[kind] in names
            first = parts[0]
            is_named = first.filename == _MIMETYPE and first.compress_type == zipfile.ZIP_STORED
            said = kind.media_type.encode()
            return is_named and first.file_size == len(said) and packed.read(first) == said
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return False

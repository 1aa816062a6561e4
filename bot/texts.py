"""Texts as chats take them: cleaned, measured in UTF-16 units, and cut where they are too long."""

import re
import unicodedata
from collections.abc import Iterator

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Letters and symbols that show nothing.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_SENTENCE_END = re.compile(r"[.!?…;][\"')\]”’»]*\s+")
_WORD_END = re.compile(r"\s+")
_JOINER = "\u200d"
_JOINERS = frozenset({_JOINER, "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})
"""What makes one sign of several characters, beside combining marks: joiners, variants, skin tones."""


def clean(text: str) -> str:
    """Give a text that can be sent: no control characters but line feeds, no halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", text))


def is_visible(text: str) -> bool:
    """Whether anything of a text shows."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _FILLERS for char in text)


def units(text: str) -> int:
    """Give the length as chats count it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """Give a text of at most `limit` UTF-16 units, with … where something is missing."""
    return text if units(text) <= limit else _fit(text, limit - 1) + "…"


def chop(text: str, limit: int) -> Iterator[str]:
    """Split a paragraph into pieces of `limit` units: after a sentence, else a word, else anywhere."""
    while units(text) > limit:
        fitting = _fit(text, limit)
        place = _last_end(_SENTENCE_END, fitting) or _last_end(_WORD_END, fitting) or _whole(text, fitting)
        yield text[:place]
        text = text[place:]
    yield text


def _fit(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match in the second half ends, 0 without one: pieces shorter than that are no use."""
    ends = [found.end() for found in pattern.finditer(text, len(text) // 2)]
    return ends[-1] if ends else 0


def _whole(text: str, fitting: str) -> int:
    """The length of `fitting` without a last letter whose marks would stand in the next message."""
    place = len(fitting)
    while place > 1 and place < len(text) and _is_joined(text[place - 1], text[place]):
        place -= 1
    return place if place > 1 else len(fitting)


def _is_joined(before: str, after: str) -> bool:
    return bool(unicodedata.combining(after)) or after in _JOINERS or before == _JOINER

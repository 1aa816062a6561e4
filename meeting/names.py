"""Vietnamese text as people type it: any Unicode form, old or new tone marks, with or without diacritics."""

import re
import unicodedata
from collections.abc import Hashable, Iterable
from enum import IntEnum
from typing import TypeVar

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

K = TypeVar("K", bound=Hashable)


def tidy(text: str) -> str:
    """Give one line as typed: NFC, without control and direction marks, runs of white space as one space.

    Lone surrogates, which no database stores, and what no workbook holds are dropped too.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _CONTROL.sub("", text))).strip()


def tidy_lines(text: str) -> str:
    """Give several lines, each tidied; blank lines at either end are dropped."""
    lines = (tidy(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """Give the form that texts are compared by: lower case, no diacritics, words parted by single spaces.

    Both Unicode forms, old and new tone marks (hoà, hòa) and "đ" against "d" fold to the same; punctuation
    counts as a space. An empty string is possible.
    """
    lower = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", _CONTROL.sub("", plain).replace("_", " ")).strip()


# Who may be meant


class Closeness(IntEnum):
    """How well a typed name fits one on the roll; the lower fits better."""

    SAME = 0
    """Every letter with its marks, wherever the tone mark is set."""
    PLAIN = 1
    """The whole name, with other marks or without."""
    PART = 2
    """The given name, with some of what stands before it or words of the unit after it, or without."""


def closeness(typed: str, name: str, unit: str = "") -> Closeness | None:
    """Give how well a typed name may mean somebody of a unit, None where it can't.

    Words of courtesy before it ("anh An", "tôi là Nguyễn Văn An") are left out where they are no name.
    """
    words, parts, places = fold(typed).split(), fold(name).split(), fold(unit).split()
    if not parts:
        return None
    while words:
        if words == parts:
            is_same = _spelt(typed).split()[-len(parts) :] == _spelt(name).split()
            return Closeness.SAME if is_same else Closeness.PLAIN
        if _is_part(words, parts, places):
            return Closeness.PART
        courtesy = next((one for one in _COURTESY if tuple(words[: len(one)]) == one), ())
        if not courtesy:
            return None
        words = words[len(courtesy) :]
    return None


def is_plain(name: str) -> bool:
    """Whether a name was typed without any diacritics."""
    kept = "".join(letter if letter.isalnum() else " " for letter in tidy(name).casefold())
    return fold(name).split() == kept.split()


def is_whole(typed: str, how: Closeness | None) -> bool:
    """Whether a typed name is somebody's own: with the same marks, or typed without any.

    One that only resembles, as "Lê Mình" does "Lê Minh", may be another person's.
    """
    return how is Closeness.SAME or (how is Closeness.PLAIN and is_plain(typed))


def find_namesakes(typed: str, people: Iterable[tuple[K, str, str]]) -> list[tuple[Closeness, K]]:
    """Give whom of (key, name, unit) a typed name may mean, who fits best first; else as they come."""
    found = [(closeness(typed, name, unit), key) for key, name, unit in people]
    return sorted(
        ((how, key) for how, key in found if how is not None),
        key=lambda fitting: fitting[0],
    )


_COURTESY = tuple(
    tuple(words.split())
    for words in (
        "toi ten la",
        "toi la",
        "minh la",
        "em la",
        "ten toi la",
        "ten la",
        "dong chi",
        "d c",
        "dc",
        "anh",
        "chi",
        "ong",
        "ba",
        "co",
        "chu",
        "bac",
        "em",
    )
)


def _is_part(words: list[str], parts: list[str], places: list[str]) -> bool:
    """Whether words of the name in its order, the given name last, are followed by words of the unit."""
    for end in range(len(words), 0, -1):
        if words[end - 1] != parts[-1]:
            continue
        before = iter(parts[:-1])
        is_name = all(word in before for word in words[: end - 1])
        if is_name and all(any(place.startswith(word) for place in places) for word in words[end:]):
            return True
    return False


def _spelt(text: str) -> str:
    """Give the folded words with their marks, each word's tone at its end: hoà and hòa are the same."""
    lower = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    words = []
    for word in _NOT_WORD_OR_MARK.sub(" ", _CONTROL.sub("", lower)).split():
        tones = "".join(letter for letter in word if letter in _TONES)
        words.append("".join(letter for letter in word if letter not in _TONES) + tones)
    return " ".join(words)


_NOT_WORD_OR_MARK = re.compile(r"[^\w\u0300-\u036f]+", re.UNICODE)

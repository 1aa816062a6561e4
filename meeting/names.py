"""Vietnamese text as people type it: any Unicode form, old or new tone marks, with or without diacritics."""

import re
import unicodedata

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def tidy(text: str) -> str:
    """Give one line as typed: NFC, without control and direction marks, runs of white space as one space.

    Lone surrogates, which no database stores, are dropped too.
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


_VIETNAMESE_PHONE = re.compile(r"(?:(?:\+|00)84|84(?=[0-9]{9,10}$))?0?([1-9][0-9]{7,9})")
_OTHER_PHONE = re.compile(r"(?:\+|00)([1-9][0-9]{7,14})")


def phone_digits(text: str) -> str | None:
    """Give a phone number as +digits in international form, or None where it is none.

    The usual Vietnamese spellings agree: 0912 345 678, +84 912.345.678, 84912345678, 0084912345678, and
    912345678, which is what a spreadsheet leaves of it.
    """
    digits = re.sub(r"[\s.()\-]", "", unicodedata.normalize("NFKC", text))
    if vietnamese := _VIETNAMESE_PHONE.fullmatch(digits):
        return f"+84{vietnamese[1]}"
    if other := _OTHER_PHONE.fullmatch(digits):
        return f"+{other[1]}"
    return None

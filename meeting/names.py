"""Vietnamese text as people type it: any Unicode form, old or new tone marks, with or without diacritics."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


def tidy(text: str) -> str:
    """Give one line as typed: NFC, without control and direction marks, runs of white space as one space."""
    return _SPACES.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", text))).strip()


def tidy_lines(text: str) -> str:
    """Give several lines, each tidied; blank lines at either end are dropped."""
    lines = (tidy(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """Give the form that texts are compared by: lower case, no diacritics, words parted by single spaces.

    Both Unicode forms, old and new tone marks (hoà, hòa) and "đ" against "d" fold to the same; punctuation
    counts as a space. An empty string is possible.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", _CONTROL.sub("", plain).replace("_", " ")).strip()


def phone_digits(text: str) -> str | None:
    """Give a phone number as +digits in international form, or None where it is none.

    The usual Vietnamese spellings agree: 0912 345 678, +84 912.345.678, 84912345678, 0084912345678.
    """
    digits = re.sub(r"[\s.()\-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\+?[0-9]{8,15}", digits):
        return None
    if digits.startswith("+"):
        return digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0"):
        return "+84" + digits[1:]
    if digits.startswith("84") and len(digits) in {11, 12}:
        return "+" + digits
    return "+84" + digits

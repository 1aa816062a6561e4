"""Codes and pasted links among what people type."""

import re
import unicodedata

from bot.wording.matching import typed_choice, typed_command
from meeting.codes import invitation_of, typed_code

_CALLED = re.compile(r"^(?:mã(?: số)?|ma(?: so)?|code)[\s:]+", re.IGNORECASE)
"""What people write before a code."""


def code_of(text: str) -> str | None:
    """Give the code or the link's token that a message is: alone, or as the end of a pasted address.

    A typed choice is none, though "tan thanh" has the letters of a code, and so has "trang chu".
    """
    if typed_choice(text) is not None or typed_command(text) is not None:
        return None
    return token_of(text) or typed_code(_CALLED.sub("", unicodedata.normalize("NFC", text).strip(), count=1))


def is_no_name(text: str) -> bool:
    """Whether a code is meant for certain: names have its letters, too, but neither digits nor a dash."""
    return code_of(text) is not None and any(letter.isdecimal() or letter in "-–—" for letter in text)


def token_of(text: str) -> str | None:
    """Give the link's token that a message is, or that the address ends with which it is."""
    last = text.strip().rsplit("/", 1)[-1].rsplit("start=", 1)[-1]
    return None if invitation_of(last) is None else last

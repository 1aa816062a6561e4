"""Invitation codes and links: made from the secret key, so that they can be printed again, never stored."""

import base64
import hmac
import re
import unicodedata
from dataclasses import dataclass

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_CODE_LENGTH = 8
_LINK = re.compile(r"([0-9a-z]{1,12})-([A-Za-z0-9_-]{22})")
_PAGE = re.compile(r"o([0-9]{1,10})-([0-9]{1,10})-([0-9]{1,6})-[0-9a-f]{32}")


def _mac(key: bytes, purpose: str, invitation_id: int, generation: int) -> bytes:
    return hmac.digest(key, f"{purpose}:{invitation_id}:{generation}".encode(), "sha256")


def link_token(key: bytes, invitation_id: int, generation: int) -> str:
    """Give the token of a personal link: at most 35 characters of [A-Za-z0-9_-], 128 bits beyond guessing."""
    tail = base64.urlsafe_b64encode(_mac(key, "link", invitation_id, generation)[:16]).decode().rstrip("=")
    return f"{_base36(invitation_id)}-{tail}"


def invitation_of(token: str) -> int | None:
    """Give the invitation id that a link token names, or None where it has another form; proves nothing."""
    match = _LINK.fullmatch(token)
    return None if match is None else int(match[1], 36)


def is_link_token(key: bytes, token: str, invitation_id: int, generation: int) -> bool:
    """Whether the token is this invitation's, in constant time."""
    return hmac.compare_digest(token.encode(), link_token(key, invitation_id, generation).encode())


@dataclass(frozen=True, slots=True)
class PageWay:
    """What the token of one's own page says: who asked, for whom it opens, its last day (1 is 2.1.1970, UTC).

    It proves nothing by itself.
    """

    account_id: int
    person_id: int
    day: int


def page_token(key: bytes, way: PageWay) -> str:
    """Give the token by which somebody who is known in a chat opens their own page, 128 bits beyond guessing.

    It ends in a letter or digit: chats that look for addresses may leave out what else stands there.
    """
    said = f"{way.account_id}-{way.person_id}-{way.day}"
    return f"o{said}-{hmac.digest(key, f'page:{said}'.encode(), 'sha256')[:16].hex()}"


def page_way(token: str) -> PageWay | None:
    """Give what the token of a page says, or None where it has another form; proves nothing."""
    match = _PAGE.fullmatch(token)
    return None if match is None else PageWay(int(match[1]), int(match[2]), int(match[3]))


def is_page_token(key: bytes, token: str, way: PageWay) -> bool:
    """Whether the token was made for this, in constant time."""
    return hmac.compare_digest(token.encode(), page_token(key, way).encode())


def short_code(key: bytes, invitation_id: int, generation: int) -> str:
    """Give the code that is typed: eight characters without look-alikes, as "K7QF-2M9X" (40 bits)."""
    bits = int.from_bytes(_mac(key, "code", invitation_id, generation)[:5], "big")
    text = "".join(_ALPHABET[(bits >> (5 * place)) & 31] for place in reversed(range(_CODE_LENGTH)))
    return f"{text[:4]}-{text[4:]}"


def typed_code(text: str) -> str | None:
    """Give what was typed in the form of `short_code`, or None where it can't be one."""
    plain = re.sub(r"[\s\-–—.]", "", unicodedata.normalize("NFKC", text)).upper().translate(_LOOKALIKES)
    if len(plain) != _CODE_LENGTH or not set(plain) <= set(_ALPHABET):
        return None
    return f"{plain[:4]}-{plain[4:]}"


def code_digest(key: bytes, code: str) -> str:
    """Give what a code is looked up by, so that the code itself is not in the database."""
    return hmac.digest(key, f"lookup:{code}".encode(), "sha256").hex()


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if number == 0:
            return digits

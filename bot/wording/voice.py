"""How a person is spoken to: language, time zone and form of address."""

from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.wording.catalogue import translate, translate_plural
from meeting.people import Standing

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Address(StrEnum):
    """The Vietnamese form of address: by setting, *đồng chí* in these meetings, *ông/bà* for guests."""

    DONG_CHI = "dong_chi"
    ANH_CHI = "anh_chi"
    ONG_BA = "ong_ba"


_WORDS = {Address.DONG_CHI: "đồng chí", Address.ANH_CHI: "anh/chị", Address.ONG_BA: "ông/bà"}


@dataclass(frozen=True, slots=True)
class Voice:
    """What a sentence needs to know of the one who reads it; `is_typed` where there are no buttons."""

    language: str = "vi"
    timezone: ZoneInfo = VIETNAM
    address: Address = Address.DONG_CHI
    is_typed: bool = False


def to_standing(voice: Voice, standing: Standing | None) -> Voice:
    """Give the voice in which an attendee is addressed: guests as *ông/bà* (`product.md` §4)."""
    return replace(voice, address=Address.ONG_BA) if standing is Standing.GUEST else voice


def say(voice: Voice, msgid: str, /, **values: object) -> str:
    """Give a sentence to a person, as `translate`.

    A translation may use `%(you)s`, the form of address, and `%(You)s` where a sentence begins with it.
    """
    return translate(voice.language, msgid, **_address(voice), **values)


def say_plural(voice: Voice, singular: str, plural: str, n: int, /, **values: object) -> str:
    """Give the sentence that fits the number, as `say` and `translate_plural`."""
    return translate_plural(voice.language, singular, plural, n, **_address(voice), **values)


def _address(voice: Voice) -> dict[str, str]:
    you = _WORDS[voice.address]
    return {"you": you, "You": you[0].upper() + you[1:]}

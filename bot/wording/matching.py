"""What was typed, as it was meant: with or without diacritics, in any Unicode form, old or new tone marks.

Whole messages only: a word inside a longer sentence is never taken for a choice.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from meeting.names import Closeness, closeness, fold, tidy_lines
from meeting.voting import Option


class Command(StrEnum):
    """A word that is understood wherever one is."""

    START = "start"
    HELP = "help"
    NOW = "now"
    HOME = "home"
    MEETING = "meeting"
    AGENDA = "agenda"
    PAPERS = "papers"
    OWN_PAGE = "own_page"
    ROLL = "roll"
    PRESENT = "present"
    NEW_MEETING = "new"
    IMPORT = "import"
    CANCEL = "cancel"
    SKIP = "skip"
    WRONG_PERSON = "wrong_person"
    VIETNAMESE = "vietnamese"
    ENGLISH = "english"


OPTION_WORDS = {
    Option.YES: (
        "tán thành",
        "đồng ý",
        "nhất trí",
        "thống nhất",
        "tôi tán thành",
        "tôi đồng ý",
        "em tán thành",
        "em đồng ý",
        "hoàn toàn tán thành",
        "hoàn toàn đồng ý",
        "hoàn toàn nhất trí",
        "in favour",
        "in favor",
        "agree",
        "i agree",
    ),
    Option.NO: (
        "không tán thành",
        "không đồng ý",
        "không nhất trí",
        "không thống nhất",
        "tôi không tán thành",
        "tôi không đồng ý",
        "em không tán thành",
        "em không đồng ý",
        "not in favour",
        "not in favor",
        "against",
        "disagree",
        "i disagree",
    ),
    Option.OTHER: ("ý kiến khác", "có ý kiến khác", "tôi có ý kiến khác", "other opinion", "other"),
    Option.ABSTAIN: ("không có ý kiến", "không ý kiến", "phiếu trắng", "no opinion", "abstain", "abstention"),
}
_YES = ("có", "vâng", "dạ", "ừ", "đúng", "đúng vậy", "phải", "ok", "oke", "đồng ý", "xác nhận", "yes", "y")
_NO = ("không", "không phải", "chưa", "thôi", "không đồng ý", "no", "n")
_COMMANDS = {
    Command.START: ("start", "bắt đầu"),
    Command.HELP: ("help", "trợ giúp", "giúp", "giúp đỡ", "hướng dẫn"),
    Command.NOW: ("?",),
    Command.HOME: ("home", "trang chủ", "menu", "về đầu"),
    Command.MEETING: ("meeting", "hội nghị", "điều hành"),
    Command.AGENDA: ("agenda", "chương trình", "chương trình nghị sự"),
    Command.PAPERS: ("papers", "tài liệu"),
    Command.OWN_PAGE: ("my page", "open my page", "page", "trang cá nhân", "mở trang cá nhân", "mở trang"),
    Command.ROLL: ("roll", "attendees", "đại biểu", "danh sách đại biểu"),
    Command.PRESENT: ("present", "confirm presence", "có mặt", "tôi có mặt", "đã có mặt", "xác nhận có mặt"),
    Command.NEW_MEETING: ("new", "tạo hội nghị", "lập hội nghị"),
    Command.IMPORT: ("import", "nhập tệp", "nhập từ excel"),
    Command.CANCEL: ("cancel", "hủy", "hủy bỏ", "dừng", "stop"),
    Command.SKIP: ("skip", "bỏ qua"),
    Command.WRONG_PERSON: ("sai", "sai người", "nhầm", "nhầm người", "wrong", "wrong person"),
    Command.VIETNAMESE: ("tiếng việt", "vietnamese"),
    Command.ENGLISH: ("tiếng anh", "english"),
}
_OTHERWISE_MARKED = {"huy": "hủy", "dung": "dừng"}
"""Commands that are other words with other marks: "Dũng" is a name, and "đúng" a yes."""
_COURTESY_BEFORE, _COURTESY_AFTER = frozenset({"dạ", "da"}), frozenset({"ạ", "nhé", "nhe", "nha"})
_SHORT_FOR_NOT = frozenset({"k", "ko", "kg", "kh", "khg", "hok"})


def plain(text: str) -> str:
    """Fold, with the usual short forms of "không" written out; "?" alone stays what it is."""
    words = fold(text).split()
    return " ".join("khong" if word in _SHORT_FOR_NOT else word for word in words) or text.strip()


def without_courtesy(text: str) -> str:
    """Give a message in lower case without the words that only make it polite: "dạ" before, "ạ" after it.

    "A" and "đã" are none of them: they mean something.
    """
    words = unicodedata.normalize("NFC", text).casefold().split()
    if len(words) > 1 and words[0].strip(",") in _COURTESY_BEFORE:
        del words[0]
    if len(words) > 1 and words[-1].strip(",.!") in _COURTESY_AFTER:
        del words[-1]
    return " ".join(words)


_OPTION_OF = {plain(words): option for option, texts in OPTION_WORDS.items() for words in texts}
_COMMAND_OF = {plain(words): command for command, texts in _COMMANDS.items() for words in texts}
_IS_YES = {plain(words): True for words in _YES} | {plain(words): False for words in _NO}


@dataclass(frozen=True, slots=True)
class TypedChoice:
    """An option that was typed, with the text of *ý kiến khác* where one followed."""

    option: Option
    opinion: str = ""


def typed_choice(text: str) -> TypedChoice | None:
    """Give the option that a message is, or None; "Ý kiến khác: giảm mức chi" brings its text with it.

    Numbers are none of this module's: they belong to the vote that a chat showed last.
    """
    option = _OPTION_OF.get(plain(without_courtesy(text)))
    if option is not None:
        return TypedChoice(option)
    before, colon, after = text.partition(":")
    if colon and _OPTION_OF.get(plain(before)) is Option.OTHER:
        return TypedChoice(Option.OTHER, tidy_lines(after))
    return None


def typed_yes_no(text: str) -> bool | None:
    """Give the answer that a message is to a yes-or-no question, or None."""
    return _IS_YES.get(plain(without_courtesy(text)))


def typed_command(text: str) -> Command | None:
    """Give the command that a message is, with or without a slash before it, or None."""
    words = plain(text)
    meant = _OTHERWISE_MARKED.get(words)
    if meant is not None and not text.isascii() and closeness(text, meant) is not Closeness.SAME:
        return None
    return _COMMAND_OF.get(words)


def is_name_too(text: str) -> bool:
    """Whether a word is as good a name as it is a command: "Huy" and "Dung", but not "hủy" and "dừng"."""
    return text.lower() in _OTHERWISE_MARKED

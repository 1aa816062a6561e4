import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import matching
from bot.wording.labels import option_text
from bot.wording.matching import Command, TypedChoice, typed_choice, typed_command, typed_yes_no
from bot.wording.voice import Voice
from meeting.voting import Option


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("Tán thành", Option.YES),
        ("tan thanh", Option.YES),
        ("TÁN THÀNH.", Option.YES),
        ("  đồng   ý ! ", Option.YES),
        ("dong y", Option.YES),
        ("Đồng ý", Option.YES),
        ("nhất trí", Option.YES),
        ("thống nhất", Option.YES),
        ("không tán thành", Option.NO),
        ("ko tan thanh", Option.NO),
        ("k đồng ý", Option.NO),
        ("Ý kiến khác", Option.OTHER),
        ("y kien khac", Option.OTHER),
        ("không có ý kiến", Option.ABSTAIN),
        ("phieu trang", Option.ABSTAIN),
        ("Not in favour", Option.NO),
        ("Agree", Option.YES),
        ("Dạ, em đồng ý ạ!", Option.YES),
        ("da dong y nhe", Option.YES),
        ("không tán thành ạ.", Option.NO),
    ],
)
def test_options_are_understood_as_people_type_them(text: str, option: Option) -> None:
    assert typed_choice(text) == TypedChoice(option)
    assert typed_choice(unicodedata.normalize("NFD", text)) == TypedChoice(option)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("option", Option)
def test_what_stands_on_the_button_can_be_typed(language: str, option: Option) -> None:
    assert typed_choice(option_text(Voice(language), option)) == TypedChoice(option)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "2",
        "51",
        "có",
        "không",
        "👍",
        "tán thành hay không tán thành",
        "tôi chưa tán thành",
        "tán thành điều 1",
        "đã tán thành",
        "tán thành à",
        "dạ",
    ],
)
def test_nothing_else_is_taken_for_a_choice(text: str) -> None:
    assert typed_choice(text) is None


def test_another_opinion_brings_its_text_with_it() -> None:
    assert typed_choice("Ý kiến khác: giảm mức chi\nthêm điều 5") == TypedChoice(
        Option.OTHER, "giảm mức chi\nthêm điều 5"
    )
    assert typed_choice("y kien khac :") == TypedChoice(Option.OTHER)
    assert typed_choice("Tán thành: nhưng sửa điều 5") is None


@given(st.text())
def test_no_text_breaks_the_matching(text: str) -> None:
    typed_choice(text)
    typed_yes_no(text)
    typed_command(text)


def test_no_word_means_two_options() -> None:
    words = [matching.plain(text) for texts in matching.OPTION_WORDS.values() for text in texts]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("text", ["có", "Co", "vâng", "OK", "đúng", "yes", "dạ", "dạ có ạ"])
def test_yes(text: str) -> None:
    assert typed_yes_no(text) is True


@pytest.mark.parametrize("text", ["không", "Khong", "ko", "thôi", "no"])
def test_no(text: str) -> None:
    assert typed_yes_no(text) is False


@pytest.mark.parametrize("text", ["có lẽ", "không biết", "", "1"])
def test_neither(text: str) -> None:
    assert typed_yes_no(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("SAI", Command.WRONG_PERSON),
        ("sai.", Command.WRONG_PERSON),
        ("hủy", Command.CANCEL),
        ("huỷ", Command.CANCEL),
        ("HUY", Command.CANCEL),
        ("dừng", Command.CANCEL),
        ("d\u01b0\u0300ng", Command.CANCEL),
        ("Dung.", Command.CANCEL),
        ("/cancel", Command.CANCEL),
        ("bỏ qua", Command.SKIP),
        ("/help", Command.HELP),
        ("trợ giúp", Command.HELP),
        ("?", Command.NOW),
        ("HOME", Command.HOME),
        ("co mat", Command.PRESENT),
        ("Có mặt.", Command.PRESENT),
        ("trang chu", Command.HOME),
        ("/start", Command.START),
        ("English", Command.ENGLISH),
        ("tiếng Việt", Command.VIETNAMESE),
    ],
)
def test_commands(text: str, command: Command) -> None:
    assert typed_command(text) is command


@pytest.mark.parametrize("text", ["Dũng", "DŨNG", "đúng", "Dụng", "Huỳ"])
def test_what_other_marks_make_another_word_of_is_no_command(text: str) -> None:
    assert typed_command(text) is None


def test_a_sentence_is_no_command() -> None:
    assert typed_command("sai số điện thoại") is None
    assert typed_command("help me please") is None

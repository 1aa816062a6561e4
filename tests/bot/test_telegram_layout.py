"""Long texts as messages: what Telegram takes, split where a reader would pause."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import CastVote, ShowHelp
from bot.platforms.base import Bar, Card, Do, Line, Mark
from bot.platforms.telegram.layout import lay_out
from meeting.voting import Option
from tests.fakes.bot_api.keyboards import keyboard_of
from tests.fakes.bot_api.text import message_text, utf16

LONGEST = 4096
SENTENCE = "Hội nghị thống nhất 100% các chỉ tiêu được giao. "
OPTIONS = tuple((Do(option.value, CastVote(7, option)),) for option in (Option.YES, Option.NO, Option.OTHER))


def shown(card: Card) -> list[str]:
    """What the server would display, message by message; it refuses what it can't read."""
    return [message_text(part.html, "HTML")[0] for part in lay_out(card)]


def test_a_long_paragraph_is_split_after_a_sentence() -> None:
    messages = shown(Card((Line(SENTENCE * 200),)))
    assert len(messages) == 3
    assert all(message.endswith("được giao.") and message.startswith("Hội nghị") for message in messages)
    assert " ".join(messages) == (SENTENCE * 200).strip()


def test_a_sentence_that_fits_no_message_is_split_after_a_word() -> None:
    messages = shown(Card((Line("quyết định " * 1000),)))
    assert all(message.split()[0] == "quyết" for message in messages[1:2])
    assert " ".join(messages).split() == ["quyết", "định"] * 1000
    assert all(not message.endswith(("quyế", "đị")) for message in messages)


def test_paragraphs_that_fit_are_not_split() -> None:
    paragraphs = [f"{number}. {SENTENCE * 30}".strip() for number in range(1, 8)]
    messages = shown(Card(tuple(map(Line, paragraphs))))
    assert len(messages) > 1
    assert [paragraph for message in messages for paragraph in message.split("\n")] == paragraphs


@pytest.mark.parametrize(
    "sign",
    ["👩\u200d👩\u200d👧", "👍🏽", "e\u0323\u0302", "🏳\ufe0f"],
    ids=["family", "tone", "marks", "variant"],
)
@pytest.mark.parametrize("shift", range(4))
def test_what_is_one_sign_to_a_reader_is_not_split(sign: str, shift: int) -> None:
    messages = shown(Card((Line("a" * shift + sign * 2000),)))
    assert len(messages) > 1
    assert "".join(messages) == "a" * shift + sign * 2000
    assert all(message.startswith(sign) for message in messages[1:])


def test_what_stands_out_does_so_in_each_message() -> None:
    for part in lay_out(Card((Line(SENTENCE * 200, Mark.STRONG),))):
        text, entities = message_text(part.html, "HTML")
        assert [(entity["type"], entity["offset"]) for entity in entities] == [("bold", 0)]
        assert entities[0]["length"] >= utf16(text)


PIECES = st.one_of(
    st.sampled_from(
        ["<b>", "&amp;", "&", "</i>", "\n", ". ", "; ", "🇻🇳", "👩‍👩‍👧", "quyết định ", "\u202e", "́"]
    ),
    st.text(max_size=30),
)
BARS = st.builds(Bar, st.text(max_size=60), st.integers(0, 9), st.integers(0, 9))
LINES = st.builds(
    lambda pieces, times, mark: Line("".join(pieces) * times, mark),
    st.lists(PIECES, max_size=8),
    st.sampled_from([1, 1, 3, 400]),
    st.sampled_from(Mark),
)


@settings(max_examples=150)
@given(
    lines=st.lists(
        LINES | st.builds(Bar, st.text(max_size=60), st.integers(0, 9), st.integers(0, 9)), max_size=6
    ),
    has_choices=st.booleans(),
)
def test_whatever_is_said_comes_whole_and_in_order_with_the_buttons_under_the_last(
    lines: list[Line | Bar], *, has_choices: bool
) -> None:
    parts = lay_out(Card(tuple(lines), (*OPTIONS, (Do("?", ShowHelp()),)) if has_choices else ()))
    texts = [message_text(part.html, "HTML")[0] for part in parts]
    assert all(utf16(text) <= LONGEST for text in texts)
    assert [part.keyboard is not None for part in parts] == [False] * (len(parts) - 1) + [has_choices]
    if has_choices:
        keyboard = parts[-1].keyboard
        assert keyboard is not None
        assert len(keyboard_of(keyboard)) == len(OPTIONS) + 1
    said = [letter for line in lines if isinstance(line, Line) for letter in line.text if letter.isalnum()]
    heard = iter("".join(texts))
    assert all(letter in heard for letter in said), "every letter comes, in order"


def test_choices_are_all_of_one_style() -> None:
    (part,) = lay_out(Card((Line("Biểu quyết 1"),), OPTIONS))
    assert part.keyboard is not None
    assert {frozenset(button) for row in part.keyboard["inline_keyboard"] for button in row} == {
        frozenset({"text", "callback_data"})
    }

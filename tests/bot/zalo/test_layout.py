"""Cards without buttons: plain text, numbered lines, 2,000 units a message."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.actions import CastVote, ShowAgenda
from bot.platforms.base import (
    Attachment,
    Bar,
    Card,
    Do,
    Handout,
    Line,
    Mark,
    Open,
    ShareContact,
    ShownChoices,
)
from bot.platforms.zalo.client import LONGEST_TEXT
from bot.platforms.zalo.layout import NOTHING, Addresses, lay_out, lay_out_for_group
from bot.platforms.zalo.numbering import number_choices
from bot.wording.voice import Voice
from meeting.voting import Option
from tests.bot.zalo.cards import ballot, question

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
VIETNAMESE, ENGLISH = Voice("vi"), Voice("en")
PICTURE = Attachment("Mã QR.png", "image/png", b"png")
PAPER = Handout(7, "Báo cáo.pdf")


def laid_out(card: Card, voice: Voice = VIETNAMESE) -> list[str]:
    return lay_out(voice, card, number_choices(card, ShownChoices(), NOW), {})


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_ballot_is_numbered_lines_with_the_own_choice_marked() -> None:
    assert laid_out(ballot(5, own=Option.NO)) == [
        "Biểu quyết 5\n\nNhắn số để chọn:\n51. Tán thành\n✓ 52. Không tán thành\n53. Ý kiến khác"
    ]


def test_what_can_be_done_instead_of_answering_a_question_is_not_a_number_alone() -> None:
    assert laid_out(question("Mấy phút?")) == ["Mấy phút?\n\nNhắn câu trả lời, hoặc:\nchọn 1. Hủy"]
    assert laid_out(question("How long?"), ENGLISH) == ["How long?\n\nType the answer, or:\npick 1. Hủy"]


def test_marks_and_bars_are_words_and_what_needs_a_button_is_an_address_or_left_out() -> None:
    card = Card(
        (Line("Kết quả", Mark.STRONG), Bar("Tán thành: 45 (97,83%)", 45, 46), Line("<b>*x*</b>", Mark.SOFT)),
        ((Open("Trang của tôi", "http://192.168.1.20:8080/p/1"), ShareContact("Gửi số điện thoại")),),
    )

    assert laid_out(card) == [
        "Kết quả\nTán thành: 45 (97,83%)\n<b>*x*</b>\nTrang của tôi: http://192.168.1.20:8080/p/1"
    ]


def test_files_are_names_with_addresses() -> None:
    card = Card((Line("Tài liệu"),), attachments=(PICTURE, PAPER))
    addresses: Addresses = {PICTURE: "http://192.168.1.20:8080/f/1", PAPER: None}

    texts = lay_out(VIETNAMESE, card, number_choices(card, ShownChoices(), NOW), addresses)
    assert texts == ["Tài liệu\nMã QR.png: http://192.168.1.20:8080/f/1\nBáo cáo.pdf (đã rút)"]


def test_in_a_group_nothing_is_offered_but_the_way_to_the_private_chat() -> None:
    way_in = "https://zalo.me/bot.HoiNghi01"

    (text,) = lay_out_for_group(VIETNAMESE, ballot(5), {}, way_in)
    assert "51" not in text
    assert text.endswith(f": {way_in}")
    (known,) = lay_out_for_group(
        VIETNAMESE, Card((Line("Họp"),), (*ballot(5).choices, (Open("Vào", way_in),))), {}, way_in
    )
    assert known == f"Họp\nVào: {way_in}"
    assert lay_out_for_group(VIETNAMESE, Card((Line("Kết quả"),)), {}, way_in) == ["Kết quả"]


def test_a_card_without_a_text_says_that_there_is_one() -> None:
    assert laid_out(Card(())) == [NOTHING]
    assert laid_out(Card((Line(" \u2060"), Line("")))) == [NOTHING]


TEXTS = st.one_of(st.text(max_size=40), st.integers(900, 2100).map(lambda size: "Mười chữ. " * (size // 10)))


@st.composite
def cards(draw: st.DrawFn) -> Card:
    number = draw(st.integers(0, 30))
    rows = [
        (Do(label, CastVote(place, Option.YES) if number else ShowAgenda(place, 0)),)
        for place, label in enumerate(draw(st.lists(st.text(min_size=1, max_size=60), max_size=25)))
    ]
    lines = tuple(Line(text) for text in draw(st.lists(TEXTS, max_size=4)))
    return Card(lines, tuple(rows), number=number)


@given(cards())
def test_every_message_fits_and_the_choices_stand_together_at_the_end(card: Card) -> None:
    parts = laid_out(card)

    assert all(0 < units(part) <= LONGEST_TEXT for part in parts)
    numbered = number_choices(card, ShownChoices(), NOW)
    if numbered.choices:
        lines = "\n".join(parts).split("\n")
        at = len(lines) - len(numbered.choices)
        assert [line.split(".")[0] for line in lines[at:]] == [str(one.number) for one in numbered.choices]
        if sum(units(line) + 1 for line in lines[at - 1 :]) <= LONGEST_TEXT:
            assert "\n".join(lines[at - 1 :]) in parts[-1]


@given(st.lists(st.text("chữ📋.", min_size=1, max_size=3000), min_size=1, max_size=4))
def test_nothing_of_a_long_text_is_lost(texts: list[str]) -> None:
    parts = laid_out(Card(tuple(Line(text) for text in texts)))

    assert "".join("".join(parts).split("\n")) == "".join(texts)


@given(st.lists(st.from_regex(r"([0-9]{1,3}\. )?[a-cđ]{1,4}", fullmatch=True), max_size=20))
def test_no_two_choices_of_a_card_have_the_same_number(labels: list[str]) -> None:
    rows = tuple((Do(label, ShowAgenda(place, 0)),) for place, label in enumerate(labels))
    numbers = [one.number for one in number_choices(Card((), rows), ShownChoices(), NOW).choices]

    assert len(set(numbers)) == len(labels)
    assert 0 not in numbers

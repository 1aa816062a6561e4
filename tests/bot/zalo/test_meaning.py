import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import CancelDialogue, CastVote, ShowAgenda, encode
from bot.platforms.base import Card, Do, Line, ShownChoices, Tap, Text
from bot.platforms.zalo.asking import asked_back
from bot.platforms.zalo.meaning import Unclear, Why
from bot.platforms.zalo.meaning import meant as meant_at
from bot.platforms.zalo.numbering import VOTES_KEPT, number_choices, with_card, with_ended
from bot.wording.voice import Voice
from meeting.names import fold
from meeting.voting import Option
from tests.bot.zalo.cards import OPTIONS, ballot, menu, question

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
YES, NO, OTHER = (option for _, option in OPTIONS)


def after(*cards: Card, asked: str = "", start: datetime = NOW) -> ShownChoices:
    """What a chat knows after these cards; `asked` still waits for something typed."""
    shown = ShownChoices()
    for minute, card in enumerate(cards):
        now = start + timedelta(minutes=minute)
        shown = with_card(shown, number_choices(card, shown, now))
    return replace(shown, question=asked)


def vote(number: int, option: Option) -> Tap:
    return Tap(encode(CastVote(number + 100, option)))


def picked(place: int) -> Tap:
    return Tap(encode(ShowAgenda(place, 0)))


LATER = NOW + timedelta(hours=1)
ASKED = "Có bao nhiêu người tán thành?"


def meant(text: str, shown: ShownChoices) -> Tap | Text | Unclear:
    """What is meant when all that was shown has been read."""
    return meant_at(text, shown, LATER)


# Numbers


@pytest.mark.parametrize(
    "text",
    [
        "51",
        " 51 ",
        "51.",
        "51)",
        "(51)",
        "số 51",
        "so 51",
        "Số 51.",
        "SO51",
        "mục 51",
        "chọn 51",
        "５１",
        "٥١",
        "5️⃣1️⃣",
        "#51",
        "51 tán thành",
        "51. Tán thành",
        "51 - tan thanh",
        "51: TÁN THÀNH!",
        "51 đồng ý",
        "51tan thanh",
        "✓ 51. Tán thành",
        "1",
        "1.",
        "①",
        "1. Tán thành",
        "chọn tán thành",
        "dạ 51 ạ",
        "51 nhé",
        "em chọn 51",
        "51. tán thành ạ",
        "tán thành 51",
        "Đồng ý: 51",
    ],
)
def test_a_choice_is_understood_as_people_type_it(text: str) -> None:
    shown = after(ballot(4), ballot(5))

    assert meant(text, shown) == vote(5, YES)
    assert meant(unicodedata.normalize("NFD", text), shown) == vote(5, YES)


def test_a_number_stays_its_votes_when_another_is_newer() -> None:
    shown = after(ballot(4), ballot(5), menu("Chương trình"))

    assert meant("42", shown) == vote(4, NO)
    assert meant("53", shown) == vote(5, OTHER)
    assert meant("1", shown) == picked(0)


def test_an_opinion_goes_along_with_number_and_words() -> None:
    tap = meant("53 Ý kiến khác: giảm mức chi 10%", after(ballot(5)))

    assert tap == Tap(encode(CastVote(105, OTHER)), "giảm mức chi 10%")


def test_number_and_words_that_disagree_are_asked_back() -> None:
    unclear = meant("51 không tán thành", after(ballot(5)))

    assert isinstance(unclear, Unclear)
    assert unclear.why is Why.MISMATCHED
    assert [one.choice.number for one in unclear.readings] == [51, 52]


@pytest.mark.parametrize(
    "text",
    ["51 giảm chi", "51 hoặc 52", "51a", "52 thay cho 51", "phiếu 51", "đổi sang 52", "đồng ý 99", "ok 51"],
)
def test_where_nothing_fits_all_choices_of_the_vote_are_proposed(text: str) -> None:
    unclear = meant(text, after(ballot(4), ballot(5)))

    assert isinstance(unclear, Unclear)
    assert [one.choice.number for one in unclear.readings] == [51, 52, 53]


def test_words_before_a_number_that_disagree_are_asked_back() -> None:
    unclear = meant("không tán thành 51", after(ballot(5)))

    assert isinstance(unclear, Unclear)
    assert [one.choice.number for one in unclear.readings] == [51, 52]
    assert meant("tán thành 51", after(ballot(5), question(), asked=ASKED)) == Text("tán thành 51")
    assert meant("Nghị quyết 2026", after(ballot(5))) == Text("Nghị quyết 2026")


@pytest.mark.parametrize("text", ["51?", "51 ?", "1\uff1f"])
def test_a_number_with_a_question_mark_is_no_choice(text: str) -> None:
    unclear = meant(text, after(ballot(5)))

    assert isinstance(unclear, Unclear)
    assert [one.choice.number for one in unclear.readings] == [51]


def test_several_numbers_are_none() -> None:
    assert isinstance(meant("51, 52", after(ballot(5))), Unclear)


def test_a_number_that_is_nobodys_is_told_with_the_choices_there_are() -> None:
    unclear = meant("61", after(ballot(4), ballot(5)))

    assert isinstance(unclear, Unclear)
    assert unclear.why is Why.UNKNOWN
    assert [one.choice.number for one in unclear.readings] == [51, 52, 53]


def test_the_choices_of_a_vote_that_has_ended_are_not_proposed() -> None:
    shown = after(ballot(4), ballot(5))
    ended = with_ended(shown, [one.action for one in shown.votes[-1].choices], [])

    unclear = meant("61", ended)
    assert isinstance(unclear, Unclear)
    assert unclear.readings == ()
    assert asked_back(Voice("vi"), unclear) == (
        "CHƯA ghi nhận: “61” không phải là lựa chọn nào. Nhắn ? để xem việc đang làm được."
    )
    assert meant("51", ended) == vote(5, YES), "who is told that it is over"


def test_words_are_left_to_those_who_know_them() -> None:
    shown = after(ballot(4), ballot(5))

    for text in ("đồng ý", "dong y", "Tán thành", "ý kiến khác: giảm", "hủy", "?", "K7QF-2M9X", "2M9X-K7QF"):
        assert meant(text, shown) == Text(text)


def test_the_words_of_a_choice_on_the_newest_card_are_that_choice() -> None:
    shown = after(menu("Xác nhận có mặt", "Xin vắng"))

    assert meant("xac nhan co mat", shown) == picked(0)
    assert meant("xin vắng mặt", shown) == Text("xin vắng mặt")
    assert meant("có mặt", after(menu("Vắng", "Có mặt"))) == picked(1)
    assert meant("hủy", after(question(), asked=ASKED)) == Text("hủy")


def test_entries_of_a_list_keep_the_numbers_that_they_have() -> None:
    shown = after(menu("9. Trần Bình", "10. Lê Chi", "30 phút", "‹ Trang 1"))

    assert shown.newest is not None
    assert [(one.number, one.label) for one in shown.newest.choices] == [
        (9, "Trần Bình"),
        (10, "Lê Chi"),
        (11, "30 phút"),
        (12, "‹ Trang 1"),
    ]
    assert meant("9. trần bình", shown) == meant("9", shown) == meant("trần bình", shown) == picked(0)
    assert meant("30 phút", shown) == meant("11 30 phút", shown) == picked(2)
    twice = after(menu("1. Dự họp", "1. Xin vắng", "2. Dự họp"))
    assert meant("2", twice) == picked(1)
    assert meant("3 2. Dự họp", twice) == picked(2)


# In a hurry


def test_a_place_typed_while_another_ballot_comes_is_asked_back() -> None:
    shown = after(ballot(4), ballot(5))
    came = NOW + timedelta(minutes=1)

    unclear = meant_at("1", shown, came + timedelta(seconds=3))
    assert isinstance(unclear, Unclear)
    assert [one.choice.number for one in unclear.readings] == [51, 41]
    assert meant_at("51", shown, came + timedelta(seconds=1)) == vote(5, YES)
    assert meant_at("1", shown, came + timedelta(seconds=6)) == vote(5, YES)


def test_a_number_typed_while_another_card_comes_is_asked_back_and_its_words_are_not() -> None:
    shown = after(menu("Khai mạc", "Chương trình"), menu("Bế mạc", heading="Điều hành", first=7))
    came = NOW + timedelta(minutes=1)

    assert isinstance(meant_at("1", shown, came), Unclear)
    assert meant_at("1 khai mạc", shown, came) == picked(0)
    assert meant_at("1. Bế mạc", shown, came) == picked(7)
    answered = with_card(after(menu("Khai mạc")), number_choices(menu("A", "B"), shown, came, is_answer=True))
    assert meant_at("2", answered, came) == picked(1)


# Questions


def test_a_number_answers_the_question_that_waits() -> None:
    shown = after(ballot(5), question(), asked=ASKED)

    assert meant("1", shown) == Text("1")
    assert meant("48", shown) == Text("48")
    assert meant("14:00", shown) == Text("14:00")
    assert meant("30/12/2026", shown) == Text("30/12/2026")
    assert meant("chọn 1", shown) == Tap(encode(CancelDialogue(3)))
    assert meant("1. Hủy", shown) == Tap(encode(CancelDialogue(3)))


def test_a_votes_number_while_a_question_waits_is_asked_back() -> None:
    shown = after(ballot(5), question(), asked=ASKED)
    unclear = meant("51", shown)

    assert isinstance(unclear, Unclear)
    assert unclear.answers == ASKED
    assert meant("51 tán thành", shown) == vote(5, YES)
    assert meant("trả lời: 51", shown) == Text("51")
    assert meant("tra loi 51", shown) == Text("51")


def test_a_number_of_a_card_that_is_newer_than_a_question_that_waits_is_asked_back() -> None:
    shown = after(question(), ballot(5), asked=ASKED)

    assert isinstance(meant("1", shown), Unclear)
    assert meant("51", shown) == vote(5, YES)
    assert meant("chọn 1", shown) == vote(5, YES)
    assert meant("48", shown) == Text("48")


def test_after_a_question_is_over_a_number_picks_nothing_of_it() -> None:
    unclear = meant("1", after(ballot(5), question()))

    assert isinstance(unclear, Unclear)
    assert [one.choice.number for one in unclear.readings] == [51, 52, 53]
    assert meant("51", after(ballot(5), question())) == vote(5, YES)


# Runs and meetings


def test_another_run_of_a_vote_has_numbers_of_its_own() -> None:
    shown = after(ballot(5), ballot(5, vote_id=900))

    assert meant("51", shown) == vote(5, YES)
    assert meant("501", shown) == Tap(encode(CastVote(900, YES)))
    assert meant("1", shown) == Tap(encode(CastVote(900, YES)))


def test_the_numbers_of_another_day_are_used_again() -> None:
    before = after(ballot(5), start=NOW - timedelta(days=1))
    numbered = number_choices(ballot(5, vote_id=900), before, NOW)
    shown = with_card(before, numbered)

    assert [one.number for one in numbered.choices] == [51, 52, 53]
    assert meant("51", shown) == Tap(encode(CastVote(900, YES)))


def test_a_card_of_the_same_vote_shown_again_has_the_same_numbers() -> None:
    shown = after(ballot(5), menu("Chương trình"), ballot(5))

    assert shown.newest is not None
    assert [one.number for one in shown.newest.choices] == [51, 52, 53]
    assert len(shown.votes) == 1


def test_more_than_nine_choices_have_two_digits_each() -> None:
    many = Card((), tuple((Do(f"Người {n}", ShowAgenda(n, 0)),) for n in range(12)), number=5)

    assert [one.number for one in number_choices(many, ShownChoices(), NOW).choices] == list(range(501, 513))


def test_a_number_of_the_newest_card_and_of_an_older_vote_is_asked_back() -> None:
    shown = after(ballot(1), menu(*(f"Người thứ {n}" for n in "abcdefghijkl")))
    unclear = meant("11", shown)

    assert isinstance(unclear, Unclear)
    assert {one.heading for one in unclear.readings} == {"Biểu quyết 1", "Trợ giúp"}
    assert meant("11 tán thành", shown) == vote(1, YES)
    assert meant("chọn 11", shown) == picked(10)


# Whatever is shown, and whatever is typed

LABELS = st.sampled_from(
    ["Tán thành", "Hủy", "Xin vắng", "2. Báo cáo", "30 phút", "Nguyễn Văn An", "Có", "Không", "Lê Thị…"]
)
CARDS = st.one_of(
    st.builds(ballot, st.integers(1, 12), st.sampled_from([None, 900, 901])),
    st.lists(LABELS, min_size=1, max_size=14, unique=True).map(lambda labels: menu(*labels)),
    st.just(question()),
)


@st.composite
def chats(draw: st.DrawFn) -> ShownChoices:
    cards = draw(st.lists(CARDS, max_size=8))
    has_question = any(card.ask is not None for card in cards) and draw(st.booleans())
    return after(*cards, asked=ASKED if has_question else "")


TYPED = st.one_of(
    st.text(max_size=30),
    st.integers(0, 1300).map(str),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "số ", "chọn ", "trả lời ", "#", "("]),
        st.integers(0, 130),
        st.sampled_from(["", ".", ")", " ", ": "]),
        st.one_of(st.just(""), LABELS, st.sampled_from([label for label, _ in OPTIONS])),
    ),
    st.builds("{} {}".format, st.sampled_from([label for label, _ in OPTIONS]), st.integers(0, 130)),
)


TIMES = st.integers(0, 600).map(lambda seconds: NOW + timedelta(seconds=seconds))


def actions_of(shown: ShownChoices) -> dict[str, set[int]]:
    """The numbers of each action, also by its place on a ballot that is newest."""
    numbers: dict[str, set[int]] = {}
    cards = [*shown.votes, *(card for card in (shown.newest, shown.former) if card is not None)]
    for card in cards:
        for place, one in enumerate(card.choices, 1):
            numbers.setdefault(one.action, set()).add(one.number)
            if card in {shown.newest, shown.former} and card.vote:
                numbers[one.action].add(place)
    return numbers


@given(TYPED, chats(), TIMES)
def test_nothing_is_chosen_that_was_not_typed_by_its_number_or_its_words(
    text: str, shown: ShownChoices, now: datetime
) -> None:
    result = meant_at(text, shown, now)

    if isinstance(result, Tap):
        numbers = actions_of(shown)[result.action]
        digits = "".join(char if char.isdecimal() else " " for char in fold(text)).split()
        labels = {} if shown.newest is None else {fold(one.label) for one in shown.newest.choices}
        assert (digits and int(digits[0]) in numbers) or any(label in fold(text) for label in labels)


@given(st.integers(0, 1300), chats())
def test_a_bare_number_casts_no_vote_while_a_question_waits_unless_it_is_the_newest_ballots(
    number: int, shown: ShownChoices
) -> None:
    result = meant(str(number), shown)

    if shown.question and isinstance(result, Tap):
        assert shown.newest is not None
        assert shown.newest.vote
        assert number in {one.number for one in shown.newest.choices}


@given(st.lists(CARDS, min_size=1, max_size=VOTES_KEPT))
def test_a_late_number_never_falls_on_another_vote(cards: list[Card]) -> None:
    shown = ShownChoices()
    given: dict[int, set[str]] = {}
    for minute, card in enumerate(cards):
        numbered = number_choices(card, shown, NOW + timedelta(minutes=minute))
        shown = with_card(shown, numbered)
        for one in numbered.choices if card.number else ():
            given.setdefault(one.number, set()).add(one.action)

    assert all(len(actions) == 1 for actions in given.values())
    for number, actions in given.items():
        result = meant(str(number), shown)
        assert not isinstance(result, Tap) or {result.action} == actions


@given(TYPED, chats(), TIMES)
def test_whatever_is_asked_back_can_be_said_as_it_is_proposed(
    text: str, shown: ShownChoices, now: datetime
) -> None:
    unclear = meant_at(text, shown, now)

    if isinstance(unclear, Unclear):
        for one in unclear.readings:
            proposed = f"{one.choice.number} {one.choice.label}"
            result = meant_at(proposed, shown, now)
            assert isinstance(result, Tap), proposed
            assert result.action == one.choice.action
        if unclear.answers:
            assert meant_at(f"trả lời: {unclear.typed}", shown, now) == Text(unclear.typed)


@given(st.text(max_size=40))
def test_where_nothing_was_shown_everything_goes_on_as_it_was_typed(text: str) -> None:
    assert meant(text, ShownChoices()) == Text(text)


@given(chats())
def test_what_neither_offers_nor_asks_changes_no_meaning(shown: ShownChoices) -> None:
    said = Card((Line("Biểu quyết 5 đã kết thúc."),))

    assert with_card(shown, number_choices(said, shown, NOW)) == shown

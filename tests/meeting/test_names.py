import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.names import Closeness, closeness, find_namesakes, fold, tidy, tidy_lines

vietnamese = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ",
    max_size=40,
)


@given(vietnamese)
def test_both_unicode_forms_and_capitals_fold_to_the_same(text: str) -> None:
    assert (
        fold(unicodedata.normalize("NFD", text))
        == fold(unicodedata.normalize("NFC", text))
        == fold(text.upper())
    )


@given(vietnamese)
def test_the_folded_form_is_what_a_keyboard_without_diacritics_types(text: str) -> None:
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("Khoá", "khóa"),
        ("uỷ", "ủy"),
        ("Nguyễn Thị Hoà", "nguyen thi hoa"),
        ("Đỗ Đức", "do duc"),
        ("ĐỖ", "đỗ"),
        ("Tán-thành!", "tan thanh"),
        ("№ 5", "no 5"),
        ("a_b", "a b"),
    ],
)
def test_spellings_of_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "  " not in fold(text)


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n" not in once


def test_what_can_be_neither_stored_nor_seen_is_dropped() -> None:
    assert tidy("  Trần\u202e \x00Văn\t\nLịch\ufeff ") == "Trần Văn Lịch"
    assert tidy("lone \ud800 surrogate") == "lone surrogate"
    assert tidy("no character\uffff \ufffeat all") == "no character at all"
    assert tidy("e\u200b\u0301") == "é"
    assert tidy("👩\u200d💼") == "👩\u200d💼"


def test_lines_stay_lines() -> None:
    assert tidy_lines("\r\n Một  hai \r\n\r\n ba\r\n\n") == "Một hai\n\nba"


@given(st.text())
def test_tidy_lines_can_be_stored(text: str) -> None:
    once = tidy_lines(text)
    assert tidy_lines(once) == once
    once.encode()


# Who may be meant

FAMILY = ["Nguyễn", "Trần", "Lê", "Đỗ", "Hoàng", "Võ"]
MIDDLE = ["Văn", "Thị", "Đức", "Ngọc", "Quý", ""]
GIVEN = ["An", "Hòa", "Thúy", "Đào", "Hiếu", "Khoẻ", "Quỳnh"]
NAMES = st.builds(
    lambda *words: " ".join(filter(None, words)),
    st.sampled_from(FAMILY),
    st.sampled_from(MIDDLE),
    st.sampled_from(GIVEN),
)
SPELLINGS = st.sampled_from(
    [
        lambda name: unicodedata.normalize("NFD", name),
        str.upper,
        str.lower,
        lambda name: name.replace(" ", "   "),
        lambda name: f" {name}.",
        lambda name: name.replace("òa", "oà").replace("úy", "uý").replace("oẻ", "ỏe"),
    ]
)


@given(NAMES, st.lists(SPELLINGS, max_size=4))
def test_a_name_is_itself_however_it_is_spelt(name: str, spellings: list[Callable[[str], str]]) -> None:
    typed = name
    for spell in spellings:
        typed = spell(typed)
    assert closeness(typed, name) is Closeness.SAME
    assert closeness(fold(typed), name) in {Closeness.SAME, Closeness.PLAIN}


@given(NAMES, NAMES)
def test_a_whole_name_means_nobody_of_another_name(typed: str, name: str) -> None:
    how = closeness(typed, name)
    if how is not None and how is not Closeness.PART:
        assert fold(typed) == fold(name)
    if fold(typed).split()[-1] != fold(name).split()[-1]:
        assert how is None


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_fits_or_does_not(typed: str, name: str, unit: str) -> None:
    how = closeness(typed, name, unit)
    assert how is None or fold(name).split()[-1] in fold(typed).split()


@pytest.mark.parametrize(
    ("typed", "how"),
    [
        ("Trần Thị Hoà", Closeness.SAME),
        ("tran thi hoa", Closeness.PLAIN),
        ("Trần Thị Hoa", Closeness.PLAIN),
        ("hòa", Closeness.PART),
        ("Thị Hòa", Closeness.PART),
        ("Trần Hoà", Closeness.PART),
        ("chị Hòa", Closeness.PART),
        ("Hoà - phòng kế toán", Closeness.PART),
        ("Trần Thị Hòa, Kế toán", Closeness.PART),
        ("đ/c Trần Thị Hòa", Closeness.SAME),
        ("Tôi là Trần Thị Hoà", Closeness.SAME),
        ("Hòa phòng nhân sự", None),
        ("Thị Trần Hòa", None),
        ("Trần Thị", None),
        ("Hòa Bình", None),
        ("chị", None),
        ("", None),
    ],
)
def test_parts_of_a_name_may_mean_somebody(typed: str, how: Closeness | None) -> None:
    assert closeness(typed, "Trần Thị Hòa", "Phòng Kế toán") is how


def test_who_fits_best_comes_first() -> None:
    roll = [(1, "Lê Anh", ""), (2, "Trần Anh", ""), (3, "Trần Ánh", "Văn phòng"), (4, "Trần Thị Anh", "")]
    assert find_namesakes("trần ánh", roll) == [
        (Closeness.SAME, 3),
        (Closeness.PLAIN, 2),
        (Closeness.PART, 4),
    ]
    assert [key for _, key in find_namesakes("Anh", roll)] == [1, 2, 3, 4]
    assert [key for _, key in find_namesakes("anh Ánh văn phòng", roll)] == [3]
    assert find_namesakes("Bình", roll) == []

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.names import fold, phone_digits, tidy, tidy_lines

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
    assert tidy("e\u200b\u0301") == "é"
    assert tidy("👩\u200d💼") == "👩\u200d💼"


def test_lines_stay_lines() -> None:
    assert tidy_lines("\r\n Một  hai \r\n\r\n ba\r\n\n") == "Một hai\n\nba"


@given(st.text())
def test_tidy_lines_can_be_stored(text: str) -> None:
    once = tidy_lines(text)
    assert tidy_lines(once) == once
    once.encode()


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "(0912) 345-678",
        "+84 912 345 678",
        "+84 (0)912 345 678",
        "84912345678",
        "0084912345678",
        "912345678",
        "０９１２３４５６７８",
    ],
)
def test_a_phone_is_the_same_however_it_is_written(text: str) -> None:
    assert phone_digits(text) == "+84912345678"


@pytest.mark.parametrize(
    "text", ["", "An", "12345", "0912345678/0987654321", "+0912345678", "1" * 16, "٠٩١٢٣٤٥٦٧٨"]
)
def test_other_things_are_no_phone(text: str) -> None:
    assert phone_digits(text) is None


def test_a_foreign_number_keeps_its_country() -> None:
    assert phone_digits("+49 30 123456") == "+4930123456"
    assert phone_digits("0049 30 123456") == "+4930123456"


@given(st.text() | st.from_regex(r"\+?[0-9]{0,17}", fullmatch=True))
def test_a_phone_stays_what_it_is(text: str) -> None:
    digits = phone_digits(text)
    assert digits is None or phone_digits(digits) == digits

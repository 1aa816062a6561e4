"""Phone numbers as people, spreadsheets and platforms write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phones import masked_phone, read_phone_number


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
    assert read_phone_number(text) == "+84912345678"


@pytest.mark.parametrize(
    "text", ["", "An", "12345", "0912345678/0987654321", "+0912345678", "0" * 7, "1" * 16, "٠٩١٢٣٤٥٦٧٨"]
)
def test_other_things_are_no_phone(text: str) -> None:
    assert read_phone_number(text) is None


def test_a_foreign_number_keeps_its_country() -> None:
    assert read_phone_number("+49 30 123456") == "+4930123456"
    assert read_phone_number("0049 30 123456") == "+4930123456"


@given(st.text() | st.from_regex(r"\+?[0-9]{0,17}", fullmatch=True))
def test_a_phone_stays_what_it_is(text: str) -> None:
    digits = read_phone_number(text)
    assert digits is None or read_phone_number(digits) == digits


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("0120 345 6789", "+84703456789"),
        ("+84 168 345 6789", "+84383456789"),
        ("01993456789", "+84593456789"),
        ("024 3825 1234", "+842438251234"),
        ("(028) 3829.1234", "+842838291234"),
    ],
)
def test_old_mobile_numbers_and_landlines_are_understood(written: str, phone: str) -> None:
    assert read_phone_number(written) == phone


def test_only_the_end_of_a_number_is_shown() -> None:
    assert masked_phone("+84912345678") == "•••678"

import pytest

from bot.dialogues.codes import code_of, is_no_name
from meeting.codes import link_token, short_code, typed_code

KEY = b"k" * 32
TOKEN = link_token(KEY, 7, 1)


@pytest.mark.parametrize(
    "text", [TOKEN, f"http://192.168.1.20:8080/i/{TOKEN}", f"https://t.me/hoinghi_bot?start={TOKEN}"]
)
def test_a_link_is_understood_alone_and_in_an_address(text: str) -> None:
    assert code_of(text) == TOKEN


def test_a_code_is_understood_as_it_is_typed() -> None:
    code = short_code(KEY, 7, 1)
    assert code_of(code.lower().replace("-", " ")) == code


@pytest.mark.parametrize("called", ["Mã: ", "mã số ", "ma ", "MÃ ", "Code "])
def test_a_code_may_be_called_one(called: str) -> None:
    code = short_code(KEY, 7, 1)
    assert code_of(f"{called}{code}") == code


@pytest.mark.parametrize("text", ["tan thanh", "TAN THANH", "Tan thanh."])
def test_a_choice_without_diacritics_is_no_code_though_it_looks_like_one(text: str) -> None:
    assert typed_code(text) is not None
    assert code_of(text) is None


@pytest.mark.parametrize("text", ["", "Nguyễn Văn An", "51", "hôm nay", "https://example.vn/"])
def test_other_texts_are_no_code(text: str) -> None:
    assert code_of(text) is None


@pytest.mark.parametrize("text", ["K7QF-2M9X", "k7qf 2m9x", "ABCD–EFGH", "mã ABCD-EFGH"])
def test_what_can_be_no_name_is_a_code(text: str) -> None:
    assert is_no_name(text)


@pytest.mark.parametrize("text", ["Tran Binh", "Nguyễn Văn An", "Trần Bình - Phòng 1", ""])
def test_what_may_be_a_name_is_not_taken_for_a_code(text: str) -> None:
    assert not is_no_name(text)

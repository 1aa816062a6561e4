import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.codes import (
    PageWay,
    code_digest,
    invitation_of,
    is_link_token,
    is_page_token,
    link_token,
    page_token,
    page_way,
    short_code,
    typed_code,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ids = st.integers(0, 2**60)
generations = st.integers(0, 1_000)


@given(ids, generations)
def test_a_link_names_its_invitation_and_proves_itself(invitation_id: int, generation: int) -> None:
    token = link_token(KEY, invitation_id, generation)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token)  # what Telegram's start links carry
    assert invitation_of(token) == invitation_id
    assert is_link_token(KEY, token, invitation_id, generation)


@given(ids, generations)
def test_another_generation_person_or_key_makes_another_link_and_code(
    invitation_id: int, generation: int
) -> None:
    token = link_token(KEY, invitation_id, generation)
    assert not is_link_token(KEY, token, invitation_id, generation + 1)
    assert not is_link_token(KEY, token, invitation_id + 1, generation)
    assert not is_link_token(OTHER_KEY, token, invitation_id, generation)
    assert short_code(KEY, invitation_id, generation) != short_code(OTHER_KEY, invitation_id, generation)


@pytest.mark.parametrize(
    "token", ["", "1", "1-", "1-" + "a" * 21, "1-" + "a" * 23, "Ă-" + "a" * 22, "-" + "a" * 22, "z" * 500]
)
def test_other_texts_name_no_invitation(token: str) -> None:
    assert invitation_of(token) is None


def test_the_largest_number_that_a_token_names_fits_the_database() -> None:
    number = invitation_of("z" * 12 + "-" + "a" * 22)
    assert number is not None
    assert number < 2**63


@given(ids, generations, st.sampled_from(["{}", "{}\n", " {} ", "{}."]))
def test_a_code_can_be_typed_as_it_is_read(invitation_id: int, generation: int, frame: str) -> None:
    code = short_code(KEY, invitation_id, generation)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)
    assert typed_code(frame.format(code)) == code
    assert typed_code(frame.format(code.lower().replace("-", ""))) == code
    assert typed_code(code.replace("-", " – ")) == code


def test_look_alikes_are_taken_for_what_they_look_like() -> None:
    assert typed_code("oIlU-0000") == "011V-0000"


@pytest.mark.parametrize(
    "text", ["", "K7QF", "K7QF-2M9", "K7QF-2M9XX", "K7QF-2M9!", "Đồng chí An", "K7QF 2M9Ă"]
)
def test_other_texts_are_no_code(text: str) -> None:
    assert typed_code(text) is None


def test_a_code_is_looked_up_without_being_stored() -> None:
    digest = code_digest(KEY, "K7QF-2M9X")
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert digest != code_digest(OTHER_KEY, "K7QF-2M9X")


pages = st.builds(PageWay, st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1), st.integers(0, 999_999))


@given(pages, st.data())
def test_the_way_to_a_page_proves_itself_and_nothing_near_it_does(way: PageWay, data: st.DataObject) -> None:
    token = page_token(KEY, way)
    assert page_way(token) == way
    assert is_page_token(KEY, token, way)
    assert invitation_of(token) is None
    assert typed_code(token) is None
    assert not is_page_token(OTHER_KEY, token, way)
    place = data.draw(st.integers(0, len(token) - 1))
    other = token[:place] + data.draw(st.characters()) + token[place + 1 :]
    said = page_way(other)
    assert other == token or said is None or not is_page_token(KEY, other, said)

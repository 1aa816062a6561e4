"""A difference on a phone: nothing that changed is missing, and what stayed doesn't hide it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.wording.versions import marked_text
from meeting.versions import Change, differences

texts = st.lists(
    st.sampled_from(["Điều 1.", "90%", "95%", "đoàn viên", "\n", "cụm trưởng"]), max_size=60
).map(" ".join)
ARTICLES = "".join(
    f"Điều {number}. Các đơn vị trong cụm phấn đấu hoàn thành nhiệm vụ năm {2000 + number}.\n"
    for number in range(1, 40)
)


@given(texts, texts)
def test_every_word_that_changed_is_shown_with_its_sign(old: str, new: str) -> None:
    passages = differences(old, new)
    marked = marked_text(passages)
    for passage in passages:
        words = "\n".join(line.strip() for line in passage.text.strip().split("\n"))
        if passage.change is Change.ADDED:
            assert f"[+ {words or '¶'} +]" in marked
        elif passage.change is Change.REMOVED:
            assert f"[− {words or '¶'} −]" in marked


def test_long_passages_that_stayed_are_left_out_and_what_stands_beside_a_change_is_not() -> None:
    amended = ARTICLES.replace("năm 2020", "năm 2021").replace("Điều 39.", "Điều 39 (mới).")
    marked = marked_text(differences(ARTICLES, amended))
    assert "nhiệm vụ năm [− 2020. −] [+ 2021. +]" in marked
    assert "[− 39. −] [+ 39 (mới). +] Các đơn vị" in marked
    assert len(marked) < 500 < len(ARTICLES)
    assert marked.startswith("…")


def test_a_short_text_is_shown_whole() -> None:
    assert marked_text(differences("Điều 1. Cũ.", "Điều 1. Mới.")) == "Điều 1. [− Cũ. −] [+ Mới. +]"


def test_the_line_beside_a_change_is_shown_from_its_beginning() -> None:
    marked = marked_text(differences(ARTICLES, f"{ARTICLES}Điều 40. Cụm họp mỗi năm hai lần.\n"))
    before = "… Điều 39. Các đơn vị trong cụm phấn đấu hoàn thành nhiệm vụ năm 2039."
    assert marked == f"{before}\n[+ Điều 40. Cụm họp mỗi năm hai lần. +]"

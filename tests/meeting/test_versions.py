"""Versions of a text: when one may follow, what a line of them has gained, how two differ."""

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from meeting.refusals import Refusal
from meeting.tally import Decision
from meeting.versions import (
    TEXT_LIMIT,
    Change,
    Passage,
    Wording,
    differences,
    gained_by,
    refuse_version,
    text_digest,
    with_addition,
)

words = st.sampled_from(["đoàn viên", "95%", "90%", "Điều 1.", "\n", " ", "phấn đấu", "\t", "\u00a0"])
texts = st.lists(words, max_size=40).map("".join) | st.text(max_size=60)


def reason(text: str, newest: str, decision: Decision | None = None, *, is_voted_on: bool = False) -> object:
    refused = refuse_version(text, newest, decision=decision, is_voted_on=is_voted_on)
    return None if refused is None else refused.reason


def test_a_version_never_follows_under_a_vote_or_after_what_was_adopted() -> None:
    assert reason("mới", "cũ") is None
    assert reason("mới", "cũ", is_voted_on=True) is Refusal.ITEM_HAS_VOTE
    for decision in Decision:
        expected = None if decision is Decision.REJECTED else Refusal.ITEM_DECIDED
        assert reason("mới", "cũ", decision) is expected


def test_a_version_says_something_else_and_fits() -> None:
    assert reason("", "cũ") is Refusal.TEXT_EMPTY
    assert reason("cũ", "cũ") is Refusal.TEXT_UNCHANGED
    assert reason("x" * TEXT_LIMIT, "cũ") is None
    assert reason("x" * (TEXT_LIMIT + 1), "cũ") is Refusal.TEXT_TOO_LONG


def test_an_addition_ends_the_text_that_it_is_added_to() -> None:
    assert with_addition("Điều 1.", "Điều 2.") == "Điều 1.\nĐiều 2."
    assert with_addition("", "Điều 2.") == "Điều 2."


@given(texts, texts)
def test_one_text_has_one_digest(one: str, other: str) -> None:
    assert (text_digest(one) == text_digest(other)) is (one == other)


# What was gained


@given(st.lists(st.text(min_size=1, max_size=5), max_size=6))
def test_additions_are_gained_in_the_order_in_which_they_came(additions: list[str]) -> None:
    line = [Wording("Điều 1.")]
    for addition in additions:
        line.append(Wording(with_addition(line[-1].text, addition), addition))
    assert gained_by(line) == additions


@given(st.lists(st.builds(Wording, st.sampled_from("abcd"), st.sampled_from(["", "x", "y"])), max_size=8))
def test_what_says_again_what_an_earlier_version_said_has_gained_what_that_had(line: list[Wording]) -> None:
    for place, version in enumerate(line):
        earlier = next(at for at, one in enumerate(line) if one.text == version.text)
        assert gained_by(line[: place + 1]) == gained_by(line[: earlier + 1])


def test_a_text_that_was_only_worded_anew_has_gained_nothing() -> None:
    assert gained_by([]) == []
    assert gained_by([Wording("Điều 1"), Wording("Điều 1.")]) == []


# How they differ


@given(texts, texts)
@example("một " * 3_000, "hai " * 3_000)
@example("một hai " * 2_000, "hai một " * 2_000)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    passages = differences(old, new)
    without = {Change.ADDED: old, Change.REMOVED: new}
    for left_out, whole in without.items():
        assert "".join(one.text for one in passages if one.change is not left_out) == whole
    changes = [one.change for one in passages]
    assert all(one is not following for one, following in itertools.pairwise(changes))
    assert all(one.text for one in passages)


def test_a_difference_is_told_by_words() -> None:
    assert differences("Phấn đấu đạt 90% đoàn viên.", "Phấn đấu đạt 95% đoàn viên.") == (
        Passage(Change.SAME, "Phấn đấu đạt "),
        Passage(Change.REMOVED, "90% "),
        Passage(Change.ADDED, "95% "),
        Passage(Change.SAME, "đoàn viên."),
    )
    assert differences("Như cũ.", "Như cũ.") == (Passage(Change.SAME, "Như cũ."),)
    assert differences("", "") == ()


def test_paragraphs_far_apart_are_compared_by_words_each() -> None:
    paragraphs = [
        f"Điều {number}. Đoàn viên của cụm phấn đấu đạt {number}% các chỉ tiêu của cụm."
        for number in range(200)
    ]
    amended = [text.replace(" 3%", " 5%").replace(" 190%", " 100%") for text in paragraphs]
    changed = [
        one for one in differences("\n".join(paragraphs), "\n".join(amended)) if one.change is not Change.SAME
    ]
    assert [one.text for one in changed] == ["3% ", "5% ", "190% ", "100% "]

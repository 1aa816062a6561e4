import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.wording.refusals import refusal_text
from bot.wording.voice import Address, Voice
from meeting.refusals import Refusal, Refused

AT = datetime(2026, 1, 8, 8, 42, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "closed_at": AT,
    "opens_at": AT,
    "retry_after": timedelta(minutes=15),
    "limit": 2_000,
    "sum": 52,
    "base": 48,
    "missing": 3,
}
VOICES = [Voice(language, address=address) for language in ("vi", "en") for address in Address]


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_says_in_a_sentence_or_two_what_is_the_matter(reason: Refusal) -> None:
    """In every language and form of address, with the facts and without."""
    for voice, facts in itertools.product(VOICES, ({}, FACTS)):
        text = refusal_text(voice, Refused(reason, facts))
        assert text.endswith("."), voice
        assert not re.search(r"%\(|%s|\{|\bNone\b|datetime|_", text), voice
        assert text[0].isupper() or text[0].isdigit(), voice
        assert len(text) <= 200, voice  # a Telegram toast


@pytest.mark.parametrize("reason", Refusal)
def test_no_refusal_blames_with_the_word_error_alone(reason: Refusal) -> None:
    vietnamese, english = refusal_text(Voice(), Refused(reason)), refusal_text(Voice("en"), Refused(reason))
    assert vietnamese != english
    assert "lỗi" not in vietnamese.lower() or reason is Refusal.IMPORT_HAS_ERRORS


def test_a_late_tap_is_told_when_the_vote_ended() -> None:
    assert refusal_text(Voice(), Refused(Refusal.VOTE_CLOSED, FACTS)) == "Biểu quyết đã kết thúc lúc 15:42."


def test_a_count_that_exceeds_the_base_names_both_numbers() -> None:
    text = refusal_text(Voice(), Refused(Refusal.HANDS_EXCEED_BASE, FACTS))
    assert "52" in text
    assert "48" in text


def test_limits_and_waits_are_named() -> None:
    assert "2.000 ký tự" in refusal_text(Voice(), Refused(Refusal.TEXT_TOO_LONG, FACTS))
    assert "15 phút" in refusal_text(Voice(), Refused(Refusal.TOO_MANY_TRIES, FACTS))
    assert "15:42" in refusal_text(Voice(), Refused(Refusal.CHECK_IN_NOT_OPEN, FACTS))
    assert "còn thiếu 3" in refusal_text(Voice(), Refused(Refusal.NO_QUORUM, FACTS))

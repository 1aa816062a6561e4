import hashlib

import pytest

from bot.wording.consent import CONSENT_VERSION, consent_given_text, consent_text
from bot.wording.voice import Address, Voice
from meeting.people import Purpose


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_question_names_controller_rights_and_version_and_asks_one_thing(
    purpose: Purpose, language: str
) -> None:
    text = consent_text(Voice(language), purpose, "Tỉnh đoàn Hậu Giang")
    assert text.count("Tỉnh đoàn Hậu Giang") == 2
    assert text.count("?") == 1
    assert ("rút lại" if language == "vi" else "withdraw") in text
    assert CONSENT_VERSION in text
    assert len(text) < 1_000


def test_contact_data_are_listed_and_reminders_are_asked_about_apart() -> None:
    contact = consent_text(Voice(), Purpose.CONTACT, "Cụm 2")
    reminders = consent_text(Voice(), Purpose.REMINDERS, "Cụm 2")
    assert "số điện thoại" in contact
    assert "nhắc" not in contact
    assert "số điện thoại" not in reminders


def test_each_answer_is_repeated_in_words() -> None:
    answers = {
        consent_given_text(Voice(), purpose, is_given=is_given)
        for purpose in Purpose
        for is_given in (True, False)
    }
    assert len(answers) == 4
    assert "Đã ghi nhận: đồng chí không đồng ý cho sử dụng thông tin liên hệ." in answers


def test_a_changed_wording_needs_a_new_version() -> None:
    texts = "\n".join(
        consent_text(Voice(language, address=address), purpose, "X")
        for language in ("vi", "en")
        for address in Address
        for purpose in Purpose
    )
    frozen = {"1": "9c01688dcbd290ec191679cd4d453cbbe4ccc87c0d26e635b502c24a72b4abbb"}
    assert hashlib.sha256(texts.encode()).hexdigest() == frozen[CONSENT_VERSION]

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.wording.dates import day_text, moment_text, span_text, time_text
from bot.wording.voice import Voice

VI, EN = Voice(), Voice("en")
OPENING = datetime(2021, 12, 30, 7, 0, tzinfo=UTC)


def test_an_instant_is_told_in_the_time_of_the_place() -> None:
    assert moment_text(VI, OPENING) == "14:00 thứ Năm, ngày 30/12/2021"
    assert moment_text(EN, OPENING) == "14:00 on Thursday 30 December 2021"
    assert moment_text(Voice(timezone=ZoneInfo("Asia/Tokyo")), OPENING) == "16:00 thứ Năm, ngày 30/12/2021"
    assert time_text(VI, OPENING) == "14:00"


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (date(2026, 1, 5), "thứ Hai, ngày 05/01/2026"),
        (date(2026, 1, 6), "thứ Ba, ngày 06/01/2026"),
        (date(2026, 1, 7), "thứ Tư, ngày 07/01/2026"),
        (date(2026, 1, 8), "thứ Năm, ngày 08/01/2026"),
        (date(2026, 1, 9), "thứ Sáu, ngày 09/01/2026"),
        (date(2026, 1, 10), "thứ Bảy, ngày 10/01/2026"),
        (date(2026, 1, 11), "Chủ nhật, ngày 11/01/2026"),
    ],
)
def test_weekdays_have_the_capitals_of_official_writing(on: date, text: str) -> None:
    assert day_text(VI, on) == text


@pytest.mark.parametrize(
    ("span", "vietnamese", "english"),
    [
        (timedelta(seconds=1), "1 giây", "1 second"),
        (timedelta(seconds=45), "45 giây", "45 seconds"),
        (timedelta(minutes=1, seconds=30), "1 phút", "1 minute"),
        (timedelta(minutes=90), "1 giờ 30 phút", "1 hour 30 minutes"),
        (timedelta(hours=3), "3 giờ", "3 hours"),
        (timedelta(days=1, hours=2, minutes=5), "1 ngày 2 giờ 5 phút", "1 day 2 hours 5 minutes"),
        (timedelta(seconds=-5), "0 giây", "0 seconds"),
    ],
)
def test_spans_are_told_in_whole_units(span: timedelta, vietnamese: str, english: str) -> None:
    assert span_text(VI, span) == vietnamese
    assert span_text(EN, span) == english

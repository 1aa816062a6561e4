"""Days, times and spans, in the reader's time zone."""

from datetime import date, datetime, timedelta

from bot.wording.voice import Voice, say, say_plural


def time_text(voice: Voice, at: datetime) -> str:
    """Give the time of an instant: "13:52"."""
    return f"{at.astimezone(voice.timezone):%H:%M}"


def day_text(voice: Voice, on: date) -> str:
    """Give a day: "thứ Năm, ngày 30/12/2021", in English "Thursday 30 December 2021"."""
    from babel.dates import format_date

    if voice.language == "en":
        return format_date(on, "EEEE d MMMM y", locale="en")
    return f"{_WEEKDAYS[on.weekday()]}, ngày {on:%d/%m/%Y}"


_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
"""Capitals as NĐ 30/2020 Phụ lục II has them; Babel's differ."""


def moment_text(voice: Voice, at: datetime) -> str:
    """Give an instant with its day: "14:00 thứ Năm, ngày 30/12/2021"."""
    day = day_text(voice, at.astimezone(voice.timezone).date())
    return say(voice, "%(time)s on %(day)s", time=time_text(voice, at), day=day)


def span_text(voice: Voice, span: timedelta) -> str:
    """Give a span: "2 ngày", "1 giờ 30 phút", "45 giây"; below a minute in seconds, else in whole minutes."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 - a minute
        return say_plural(voice, "%(n)s second", "%(n)s seconds", seconds)
    hours, minutes = divmod(seconds // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [
        say_plural(voice, "%(n)s day", "%(n)s days", days) if days else "",
        say_plural(voice, "%(n)s hour", "%(n)s hours", hours) if hours else "",
        say_plural(voice, "%(n)s minute", "%(n)s minutes", minutes) if minutes else "",
    ]
    return " ".join(part for part in parts if part)

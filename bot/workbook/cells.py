"""What one cell says: each function gives a value, or what is wrong with it."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar
from zoneinfo import available_timezones

from bot.phones import read_phone_number
from bot.wording.numbers import points_text
from bot.workbook.layout import DEFAULT_TIMEZONE, YES_NO, Vocabulary
from bot.workbook.problems import Fact, ProblemKind
from meeting.counting import Threshold
from meeting.names import fold, tidy, tidy_lines
from meeting.points import read_points, refuse_points
from meeting.refusals import Refusal, Refused

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that can't be taken as it is."""

    kind: ProblemKind
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the time where the cell has one too."""

    on: date
    at: time | None


# A serial number of Excel's is a day from 1954 to 2119: what else looks like one is a mistake.
_SERIALS = range(20_000, 80_000)
_YEARS = range(2000, 2101)
_HOURS_A_DAY = 24
_NOON = 12
_PERCENT = 100
_TYPED_LIMIT = 100
_DENOMINATOR_LIMIT = 1_000
_HEADCOUNT_LIMIT = 1_000_000

_ISO_DAY = re.compile(r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_DAY = re.compile(r"\b(?P<day>\d{1,2})\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})(?!\d)")
_WORDED_DAY = re.compile(r"\b(?P<day>\d{1,2}) thang (?P<month>\d{1,2}),? nam (?P<year>\d{4})(?!\d)")
_AROUND_DAY = re.compile(
    r"\b(?:ngay|luc|vao|hoi|thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\b|\bt(?=\d)|[,;()]|(?<=\s)-(?=\s)"
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}) ?"
    r"(?:(?:h|g|gio)(?: ?(?P<minute>\d{2}|\d(?= ?p)) ?(?:p|ph|phut)?)?|:(?P<minutes>\d{2})(?::00)?)"
    r" ?(?P<half>am|sa|sang|pm|ch|chieu|toi)?"
)
_SHARE = re.compile(
    r"(?P<more>>|tren|qua|hon|more than|over)?(?P<least>>=|≥|it nhat|toi thieu|tu|at least)? ?"
    r"(?:(?P<numerator>\d{1,4}) ?/ ?(?P<denominator>\d{1,4})|(?P<percent>\d{1,3}) ?%)"
    r"(?P<upwards> tro len)?"
)
_QUOTA = re.compile(
    r"(?:toi da|khong qua|nhieu nhat|at most|<=|≤)? ?"
    r"(?:(?P<numerator>\d{1,4}) ?/ ?(?P<denominator>\d{1,4})|(?P<percent>\d{1,3}(?:[.,]\d{1,4})?) ?%)"
)
_HALF = {"qua ban": "qua 1/2", "qua nua": "qua 1/2", "hon mot nua": "qua 1/2", "majority": "qua 1/2"}


def read_line(value: CellValue, limit: int) -> str | Wrong:
    """Give one line of text, tidied."""
    if not isinstance(value, str):
        return Wrong(ProblemKind.NOT_TEXT)
    line = tidy(value)
    return Wrong(ProblemKind.TOO_LONG, {"limit": limit, "length": len(line)}) if len(line) > limit else line


def read_name(value: CellValue, limit: int) -> str | Wrong:
    """Give the name of somebody or something: a line that has a letter in it."""
    line = read_line(value, limit)
    if isinstance(line, Wrong) or any(letter.isalpha() for letter in line):
        return line
    return Wrong(ProblemKind.NO_LETTERS)


def read_lines(value: CellValue, limit: int) -> str | Wrong:
    """Give a text of several lines, each tidied."""
    if not isinstance(value, str):
        return Wrong(ProblemKind.NOT_TEXT)
    lines = tidy_lines(value)
    return (
        Wrong(ProblemKind.TOO_LONG, {"limit": limit, "length": len(lines)}) if len(lines) > limit else lines
    )


def read_choice(value: CellValue, words: Vocabulary[T]) -> T | Wrong:
    """Give the value that a word from a list stands for."""
    choice = words.find(tidy(value)) if isinstance(value, str) else None
    return Wrong(ProblemKind.CHOICE_UNKNOWN, {"expected": words.labels}) if choice is None else choice


def read_yes_no(value: CellValue) -> bool | Wrong:
    """Give yes or no; a ticked cell is yes."""
    if isinstance(value, bool):
        return value
    return read_choice(str(value) if value in {0, 1} else value, YES_NO)


def read_count(value: CellValue) -> int | Wrong:
    """Give a whole number of people from 1 on."""
    text = tidy(value) if isinstance(value, str) else str(_whole(value))
    if re.fullmatch(r"\d{1,3}(?:[. ]\d{3})+|\d{1,9}", text):
        count = int(re.sub(r"\D", "", text))
        if 1 <= count <= _HEADCOUNT_LIMIT:
            return count
    return Wrong(ProblemKind.NUMBER_UNREADABLE)


def read_phone(value: CellValue) -> str | Wrong:
    """Give a phone number in international form; a number cell has lost its leading zero."""
    text = tidy(value).removeprefix("'") if isinstance(value, str) else str(_whole(value))
    return read_phone_number(text) or Wrong(ProblemKind.PHONE_UNREADABLE)


def read_timezone(value: CellValue) -> str | Wrong:
    """Give the name of a time zone as the IANA database has it."""
    if isinstance(value, str):
        wanted = tidy(value).replace(" ", "_").casefold()
        if wanted == DEFAULT_TIMEZONE.casefold():
            return DEFAULT_TIMEZONE
        for name in available_timezones():
            if name.casefold() == wanted:
                return name
    return Wrong(ProblemKind.TIMEZONE_UNKNOWN)


def read_day(value: CellValue, from_serial: Callable[[float], CellValue]) -> Day | Wrong:
    """Give a day: a date cell, Excel's number of a day, or text as dd/mm/yyyy, ISO or in words.

    The time is given too where the cell has one that isn't midnight. Two figures for the year are refused.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in _SERIALS:
        value = from_serial(value)
    match value:
        case datetime():
            moment = _to_minute(value)
            day: Day | None = Day(moment.date(), moment.time() if moment.time() != time() else None)
        case date():
            day = Day(value, None)
        case str():
            day = _typed_day(_plain(value))
        case _:
            day = None
    return Wrong(ProblemKind.DATE_UNREADABLE) if day is None or day.on.year not in _YEARS else day


def read_time(value: CellValue) -> time | Wrong:
    """Give a time of day: a time cell, Excel's share of a day, or text such as 14:00, 14h, 14 giờ 30."""
    at: time | None = None
    match value:
        case time():
            at = _to_minute(datetime.combine(date(2000, 1, 1), value)).time()
        case timedelta():
            at = _since_midnight(value)
        case float() if 0 <= value < 1:
            at = _since_midnight(timedelta(days=value))
        case str():
            at = _typed_time(_plain(value))
    return Wrong(ProblemKind.TIME_UNREADABLE) if at is None else at


def read_share(value: CellValue, *, is_quorum: bool) -> Threshold | Wrong:
    """Give a share that must be reached: "2/3", "> 1/2", "trên 50%", "từ 2/3 trở lên", or a whole percentage.

    Without a word, at least the share is meant. Only "1/2" for adopting is refused, where "quá 1/2" is usual
    and the difference decides.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _percentage(value)
    if not isinstance(value, str):
        return Wrong(ProblemKind.SHARE_UNREADABLE)
    plain = _plain(value)
    parts = _SHARE.fullmatch(_HALF.get(plain, plain).replace("> ", ">").replace(">=", "≥"))
    if parts is None or (parts["more"] and (parts["least"] or parts["upwards"])):
        return Wrong(ProblemKind.SHARE_UNREADABLE)
    if parts["percent"]:
        share = Fraction(int(parts["percent"]), _PERCENT)
        numerator, denominator = share.numerator, share.denominator
    else:
        numerator, denominator = int(parts["numerator"]), int(parts["denominator"])
    if not 0 < numerator <= denominator <= _DENOMINATOR_LIMIT or (parts["more"] and numerator == denominator):
        return Wrong(ProblemKind.SHARE_UNREADABLE)
    if (
        not is_quorum
        and 2 * numerator == denominator
        and not any(parts[w] for w in ("more", "least", "upwards"))
    ):
        return Wrong(ProblemKind.SHARE_AMBIGUOUS)
    return Threshold(numerator, denominator, is_strict=bool(parts["more"]))


def read_quota(value: CellValue) -> Fraction | Wrong:
    """Give the share of a quota: "15%", "tối đa 12,5%", "1/3", or a percentage as a number cell."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _percentage(value)
    found = _QUOTA.fullmatch(_plain(value)) if isinstance(value, str) else None
    if found is None:
        return Wrong(ProblemKind.QUOTA_UNREADABLE)
    if found["percent"]:
        share = Fraction(found["percent"].replace(",", ".")) / _PERCENT
    elif int(found["denominator"]):
        share = Fraction(int(found["numerator"]), int(found["denominator"]))
    else:
        return Wrong(ProblemKind.QUOTA_UNREADABLE)
    return share if 0 < share <= 1 else Wrong(ProblemKind.QUOTA_UNREADABLE)


_WRONG_POINTS = {
    Refusal.POINTS_AMBIGUOUS: ProblemKind.POINTS_AMBIGUOUS,
    Refusal.POINTS_NEGATIVE: ProblemKind.POINTS_NEGATIVE,
    Refusal.POINTS_TOO_FINE: ProblemKind.POINTS_TOO_FINE,
    Refusal.POINTS_BEYOND: ProblemKind.POINTS_BEYOND,
}


def read_points_cell(value: CellValue, most: Decimal) -> Decimal | Wrong:
    """Give the points that a cell says, a number or a text, up to a most; a day is none."""
    points: Decimal | Refused
    match value:
        case bool():
            points = Refused(Refusal.POINTS_UNREADABLE)
        case int():
            points = Decimal(value)
        case float() if math.isfinite(value):
            # As the sheet shows it: the shortest decimal that is this number.
            points = Decimal(repr(value))
        case str():
            points = read_points(value)
        case _:
            points = Refused(Refusal.POINTS_UNREADABLE)
    refused = points if isinstance(points, Refused) else refuse_points(points, most)
    if refused is None and isinstance(points, Decimal):
        return points
    kind = _WRONG_POINTS.get(refused.reason) if refused is not None else None
    return Wrong(kind or ProblemKind.POINTS_UNREADABLE, {"most": points_text(most, "vi")})


def _plain(text: str) -> str:
    """Give one line without case and diacritics, its punctuation kept; "" for what is far too long."""
    line = tidy(text)
    return "".join(fold(letter) or letter for letter in line) if len(line) <= _TYPED_LIMIT else ""


def _whole(value: CellValue) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value)


def _typed_day(text: str) -> Day | None:
    found = _ISO_DAY.search(text) or _DAY.search(text) or _WORDED_DAY.search(text)
    if found is None:
        return None
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    rest = tidy(_AROUND_DAY.sub(" ", f"{text[: found.start()]} {text[found.end() :]}"))
    if not rest:
        return Day(on, None)
    at = _typed_time(rest)
    return None if at is None else Day(on, at)


def _typed_time(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or found["minutes"] or 0)
    match found["half"]:
        case "pm" | "ch" | "chieu" | "toi" if hour < _NOON:
            hour += _NOON
        case "am" if hour == _NOON:
            hour = 0
        case "am" | "sa" | "sang" if hour >= _NOON:
            return None
    return time(hour, minute) if hour < _HOURS_A_DAY and minute < 60 else None  # noqa: PLR2004 - an hour


def _to_minute(moment: datetime) -> datetime:
    """Give the nearest minute: a time cell is a fraction of a day and may lie a little beside it."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _since_midnight(span: timedelta) -> time | None:
    moment = _to_minute(datetime(2000, 1, 1) + span)  # noqa: DTZ001 - a wall time
    return moment.time() if moment.date() == date(2000, 1, 1) else None


def _percentage(share: float) -> str | None:
    """Give a number cell as a whole percentage; 0,6667 is not 2/3, and the difference may decide."""
    percent = round(share * _PERCENT)
    return f"{percent}%" if abs(share * _PERCENT - percent) < 1e-9 else None  # noqa: PLR2004 - a float's noise

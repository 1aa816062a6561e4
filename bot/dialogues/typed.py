"""Moments, numbers and lists as people type them."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.wording import prompts
from bot.wording.voice import Voice
from meeting.names import fold, tidy
from meeting.people import Standing
from meeting.plan import NAME_LIMIT, PlannedAttendee, PlannedUnit

_TIME = re.compile(r"(?<!\d)(\d{1,2})\s*(?::|h|g|giờ|gio)\s*(\d{2})?(?:\s*(?:phút|phut|p)\b)?", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
LINES_LIMIT = 200


def typed_moment(text: str) -> datetime | None:
    """Give a wall time, as in "14:00 30/12/2026", "14h ngày 30/12/2026" or "2026-12-30 14:00"; None where unclear."""
    plain = tidy(text)
    iso, day = _ISO_DAY.search(plain), _DAY.search(plain)
    if iso is not None:
        year, month, day_of_month = (int(part) for part in iso.groups())
        rest = plain.replace(iso[0], " ")
    elif day is not None:
        day_of_month, month, year = (int(part) for part in day.groups())
        rest = plain.replace(day[0], " ")
    else:
        return None
    times = _TIME.findall(rest)
    if len(times) != 1:
        return None
    hour, minute = times[0]
    try:
        return datetime(year, month, day_of_month, int(hour), int(minute or 0))  # noqa: DTZ001 - a wall time
    except ValueError:
        return None


def typed_count(text: str) -> int | None:
    """Give a whole number from 0 to 100,000, as in "48", "048" or "1.200"; None where it is none."""
    plain = re.sub(r"(?<=\d)[.,\s](?=\d{3}\b)", "", tidy(text))
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 6:  # noqa: PLR2004 - digits of the largest
        return None
    return int(plain) if int(plain) <= 100_000 else None  # noqa: PLR2004 - the largest


_STANDINGS = {
    "guest": Standing.GUEST,
    "khach": Standing.GUEST,
    "khach moi": Standing.GUEST,
    "observer": Standing.OBSERVER,
    "du thinh": Standing.OBSERVER,
    "voting": Standing.VOTING,
    "dai bieu": Standing.VOTING,
    "dai bieu chinh thuc": Standing.VOTING,
}


def typed_standing(text: str) -> Standing | None:
    """Give the standing that a word names, or None."""
    return _STANDINGS.get(fold(text))


@dataclass(frozen=True, slots=True)
class Unread:
    """A list that can't be taken, with what to correct."""

    sentence: str


def typed_units(voice: Voice, text: str) -> tuple[PlannedUnit, ...] | Unread:
    """Give the units of a list, one on each line; one that stands twice is one."""
    lines = [tidy(line) for line in text.splitlines() if tidy(line)]
    if len(lines) > LINES_LIMIT:
        return Unread(prompts.too_many_lines(voice, LINES_LIMIT))
    for number, line in enumerate(lines, start=1):
        if len(line) > NAME_LIMIT or not fold(line):
            return Unread(prompts.line_not_read(voice, number, line))
    return tuple(PlannedUnit(line) for line in {fold(line): line for line in reversed(lines)}.values())[::-1]


def typed_attendees(
    voice: Voice, text: str, units: tuple[str, ...]
) -> tuple[PlannedAttendee, ...] | Unread:
    """Give the attendees of a list: name; unit; position; standing, the last three where there are any."""
    lines = [line for line in text.splitlines() if tidy(line)]
    if len(lines) > LINES_LIMIT:
        return Unread(prompts.too_many_lines(voice, LINES_LIMIT))
    known = {fold(unit): unit for unit in units}
    found: dict[tuple[str, str | None], PlannedAttendee] = {}
    for number, line in enumerate(lines, start=1):
        attendee = _typed_attendee(voice, number, line, known)
        if isinstance(attendee, Unread):
            return attendee
        key = (fold(attendee.name), attendee.unit)
        if key in found:
            return Unread(prompts.name_twice(voice, number, attendee.name))
        found[key] = attendee
    return tuple(found.values())


def _typed_attendee(
    voice: Voice, number: int, line: str, known: dict[str, str]
) -> PlannedAttendee | Unread:
    name, *rest = (tidy(part) for part in line.split(";"))
    if not fold(name) or len(name) > NAME_LIMIT or len(rest) > 3 or any(len(part) > NAME_LIMIT for part in rest):  # noqa: PLR2004 - parts of a line
        return Unread(prompts.line_not_read(voice, number, tidy(line)))
    standing = Standing.VOTING
    parts = []
    for part in rest:
        named = typed_standing(part)
        if named is None:
            parts.append(part)
        else:
            standing = named
    unit, position = [*parts, "", ""][:2]
    if unit and known and fold(unit) not in known:
        return Unread(prompts.unit_not_listed(voice, number, unit))
    if unit and not known:
        # Without units the second part can only be the position.
        unit, position = "", position or unit
    return PlannedAttendee(name, known.get(fold(unit)), position or None, standing)

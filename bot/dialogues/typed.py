"""Names, moments, numbers and lists as people type them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from bot.wording import prompts
from bot.wording.voice import Voice
from meeting.names import fold, tidy
from meeting.people import Standing
from meeting.plan import NAME_LIMIT, PlannedAttendee, PlannedUnit
from meeting.refusals import Refusal, Refused

LINES_LIMIT = 200
_LARGEST_COUNT = 100_000
_PARTS = 4


def typed_name(text: str, limit: int) -> str | Refused:
    """Give a name or title on one line, or say that it has no letters or too many characters."""
    line = tidy(text)
    if not any(letter.isalpha() for letter in line):
        return Refused(Refusal.NAME_UNREADABLE)
    if len(line) > limit:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(line)})
    return line


def typed_moment(text: str) -> datetime | None:
    """Give a wall time ("14:00 30/12/2026", "14h ngày 30/12/2026"), read as in workbooks; else None."""
    # Reading workbooks takes libraries that not every start needs.
    from bot.workbook.cells import Day, read_day

    day = read_day(tidy(text), lambda _: None)
    return datetime.combine(day.on, day.at) if isinstance(day, Day) and day.at is not None else None


def typed_day(text: str) -> date | None:
    """Give a day ("30/06/2027", "ngày 30 tháng 6 năm 2027"), read as in workbooks; with a time it is none."""
    from bot.workbook.cells import Day, read_day

    day = read_day(tidy(text), lambda _: None)
    return day.on if isinstance(day, Day) and day.at is None else None


def typed_count(text: str) -> int | None:
    """Give a whole number from 0 to 100,000, as in "48", "048" or "1.200"; None where it is none."""
    plain = re.sub(r"(?<=\d)[.,\s](?=\d{3}\b)", "", tidy(text))
    if not (plain.isascii() and plain.isdigit()) or len(plain) > len(str(_LARGEST_COUNT)):
        return None
    return int(plain) if int(plain) <= _LARGEST_COUNT else None


_MINUTES_IN = {
    **dict.fromkeys(("tuan", "week", "weeks", "w"), 10080),
    **dict.fromkeys(("ngay", "day", "days", "d"), 1440),
    **dict.fromkeys(("gio", "tieng", "hour", "hours", "h"), 60),
    **dict.fromkeys(("phut", "minute", "minutes", "min", "p", "m"), 1),
}
_SPAN = re.compile(r"(\d{1,6})\s*([a-z]+)")


def typed_spans(text: str) -> tuple[int, ...] | None:
    """Give minutes, the most first: "3 ngày, 2 giờ", "1 giờ 30 phút; 1 ngày"; None where one is unclear."""
    spans = set()
    for part in re.split(r"[,;\n]|\bvà\b|\band\b", text.lower()):
        words = fold(part)
        if not words:
            continue
        found = _SPAN.findall(words)
        is_clear = found and not _SPAN.sub("", words).strip()
        if not is_clear or any(unit not in _MINUTES_IN for _, unit in found):
            return None
        spans.add(sum(int(count) * _MINUTES_IN[unit] for count, unit in found))
    return tuple(sorted(spans, reverse=True)) or None


def typed_timezone(text: str) -> str | None:
    """Give the time zone whose IANA name this is, or the end of it ("Tokyo"), however it is written."""
    wanted = tidy(text).replace(" ", "_").casefold()
    names = {name.casefold(): name for name in available_timezones()}
    if wanted in names:
        return names[wanted]
    ends = [name for plain, name in names.items() if plain.rsplit("/", 1)[-1] == wanted]
    return ends[0] if len(ends) == 1 else None


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
        if isinstance(typed_name(line, NAME_LIMIT), Refused):
            return Unread(prompts.line_not_read(voice, number, line))
    units: dict[str, PlannedUnit] = {}
    for line in lines:
        units.setdefault(fold(line), PlannedUnit(line))
    return tuple(units.values())


def typed_attendees(
    voice: Voice, text: str, units: tuple[str, ...] | None, *, must_speak_for_unit: bool
) -> tuple[PlannedAttendee, ...] | Unread:
    """Give the attendees of a list: name; unit; position; standing, the last three where there are any.

    Of `units` each unit is one; with None they are those that the list names.
    """
    lines = [line for line in text.splitlines() if tidy(line)]
    if len(lines) > LINES_LIMIT:
        return Unread(prompts.too_many_lines(voice, LINES_LIMIT))
    known = {fold(unit): unit for unit in units or ()}
    found: dict[tuple[str, str | None], PlannedAttendee] = {}
    for number, line in enumerate(lines, start=1):
        attendee = typed_attendee(line)
        if attendee is None:
            return Unread(prompts.line_not_read(voice, number, tidy(line)))
        if attendee.unit is not None:
            unit = known.get(fold(attendee.unit))
            if unit is None and units is not None:
                return Unread(prompts.unit_not_listed(voice, number, attendee.unit))
            unit = known.setdefault(fold(attendee.unit), unit or attendee.unit)
            attendee = PlannedAttendee(attendee.name, unit, attendee.position, attendee.standing)
        elif must_speak_for_unit and attendee.standing is Standing.VOTING:
            return Unread(prompts.unit_needed(voice, number, attendee.name))
        key = (attendee.name.casefold(), attendee.unit)
        if key in found:
            return Unread(prompts.name_twice(voice, number, attendee.name))
        found[key] = attendee
    if not any(attendee.standing is Standing.VOTING for attendee in found.values()):
        return Unread(prompts.nobody_votes(voice))
    return tuple(found.values())


def typed_attendee(line: str) -> PlannedAttendee | None:
    """Give who a line names: name; unit; position, the standing among them anywhere; None where unclear."""
    name, *rest = (tidy(part) for part in line.split(";"))
    standings = [standing for part in rest if (standing := typed_standing(part)) is not None]
    parts = [part for part in rest if typed_standing(part) is None]
    is_clear = (
        not isinstance(typed_name(name, NAME_LIMIT), Refused)
        and len(rest) < _PARTS
        and len(standings) <= 1
        and (len(parts) < _PARTS - 1 or not parts[-1])
        and all(len(part) <= NAME_LIMIT for part in parts)
        and (not parts or not parts[0] or bool(fold(parts[0])))
    )
    if not is_clear:
        return None
    unit, position = [*parts, "", ""][:2]
    return PlannedAttendee(name, unit or None, position or None, [*standings, Standing.VOTING][0])

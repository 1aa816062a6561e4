"""A year of an organisation's meetings, for its organisers."""

from collections.abc import Sequence
from itertools import groupby

from bot.actions import ShowHome, ShowOverview
from bot.cards.layout import button, clipped, in_rows, soft, strong
from bot.platforms.base import Attachment, Bar, Card, Choice, Line
from bot.wording import overview as wording
from bot.wording.labels import item_kind_text
from bot.wording.numbers import official_count
from bot.wording.voice import Voice, say
from meeting.overview import ItemHistory, KindHistory, MeetingSummary
from storage.views import OverviewView

_MEETINGS_SHOWN, _ITEMS_SHOWN = 12, 15
_TITLE = 90


def overview_card(voice: Voice, view: OverviewView, attachments: tuple[Attachment, ...] = ()) -> Card:
    """Give the year in figures: attendance, decisions by a count and without one, items over the years.

    `attachments` hold all of it where the card has not the room.
    """
    overview = view.overview
    lines: list[Line | Bar] = [
        strong(f"{wording.overview_title(voice, overview.year)}: {clipped(view.organisation)}"),
        Line(_held_text(voice, view)),
    ]
    if overview.meetings:
        lines += [Line(text) for text in _year_texts(voice, view)]
        lines += [strong(wording.heading_meetings(voice)), *_meeting_lines(voice, overview.meetings)]
    items = [history for history in overview.items if not history.kind.is_procedural]
    if items:
        lines += [strong(wording.heading_over_years(voice)), *_item_lines(voice, items)]
    kinds = [history for history in overview.kinds if not history.kind.is_procedural]
    if kinds:
        lines += [strong(wording.heading_kinds(voice)), *(Line(_kind_text(voice, each)) for each in kinds)]
    if overview.outcomes.uncounted:
        lines.append(soft(wording.no_share_text(voice)))
    return Card(tuple(lines), _rows(voice, view), attachments)


def _held_text(voice: Voice, view: OverviewView) -> str:
    return say(
        voice,
        "Meetings held: %(held)s; not held yet: %(waiting)s; cancelled: %(cancelled)s.",
        held=official_count(len(view.overview.meetings), voice.language),
        waiting=official_count(view.not_held, voice.language),
        cancelled=official_count(view.cancelled, voice.language),
    )


def _year_texts(voice: Voice, view: OverviewView) -> list[str]:
    overview = view.overview
    texts = [
        say(voice, "Present over the year: %(turnout)s.", turnout=wording.turnout_text(voice, turnout))
        for turnout in (overview.people, overview.units)
        if turnout.summoned
    ]
    decided = wording.outcomes_text(voice, overview.outcomes)
    return [*texts, say(voice, "Items: %(outcomes)s.", outcomes=decided)]


def _meeting_lines(voice: Voice, meetings: Sequence[MeetingSummary]) -> list[Line]:
    shown = [Line(_meeting_text(voice, place, each)) for place, each in enumerate(meetings, 1)]
    return _cut(voice, shown, _MEETINGS_SHOWN)


def _meeting_text(voice: Voice, place: int, summary: MeetingSummary) -> str:
    meeting = summary.meeting
    return say(
        voice,
        "%(place)s. %(day)s, %(title)s: present %(turnout)s; %(decided)s.",
        place=place,
        day=wording.short_day(meeting.on),
        title=clipped(meeting.title, _TITLE),
        turnout=wording.short_turnout_text(voice, meeting.turnout),
        decided=wording.decided_text(voice, summary.outcomes),
    )


def _item_lines(voice: Voice, items: Sequence[ItemHistory]) -> list[Line]:
    return _cut(voice, [Line(_item_text(voice, each)) for each in items], _ITEMS_SHOWN)


def _item_text(voice: Voice, history: ItemHistory) -> str:
    years = [
        f"{year}: {wording.occurrences_text(voice, found)}"
        for year, found in groupby(history.occurrences, key=lambda each: each.on.year)
    ]
    return f"– {clipped(history.title, _TITLE)} – {'. '.join(years)}."


def _kind_text(voice: Voice, history: KindHistory) -> str:
    years = [f"{year}: {wording.kind_year_text(voice, outcomes)}" for year, outcomes in history.years]
    is_advisory = not any(outcomes.decided for _, outcomes in history.years)
    return f"– {item_kind_text(voice, history.kind, is_advisory=is_advisory)} – {'; '.join(years)}."


def _cut(voice: Voice, lines: list[Line], limit: int) -> list[Line]:
    rest = len(lines) - limit
    return [*lines[:limit], Line(say(voice, "and %(n)s more", n=rest))] if rest > 0 else lines


def _rows(voice: Voice, view: OverviewView) -> tuple[tuple[Choice, ...], ...]:
    """The years beside this one that have meetings, and the way back."""
    year = view.overview.year
    before, after = [one for one in view.years if one < year], [one for one in view.years if one > year]
    years = [
        button(wording.button_overview(voice, one), ShowOverview(view.organisation_id, one))
        for one in (*before[-1:], *after[:1])
    ]
    return (*in_rows(years), (button(say(voice, "Home"), ShowHome()),))

"""An organiser's home: the meetings, and what can be started."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.actions import ImportWorkbook, NewMeeting, SetApproval, SetLanguage, ShowMeeting, ShowOverview
from bot.cards.layout import button, clipped, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording.dates import moment_text
from bot.wording.labels import language_text
from bot.wording.overview import button_overview
from bot.wording.voice import Voice, say
from meeting.states import MeetingState
from storage.views import HomeView, MeetingLine

_SHOWN = 8


def home_card(voice: Voice, view: HomeView) -> Card:
    """Give the organisation's newest meetings, each with a button, and the two ways to set one up."""
    lines = [strong(clipped(view.organisation)), Line(say(voice, "Organiser: %(name)s", name=view.person))]
    if view.needs_approval:
        lines.append(Line(say(voice, "The head approves each summons before it is sent.")))
    if not view.meetings:
        lines.append(Line(say(voice, "No meeting yet. Create one by a short dialogue, or send a workbook.")))
    meetings = view.meetings[:_SHOWN]
    lines += [Line(_meeting_text(voice, place, meeting)) for place, meeting in enumerate(meetings, 1)]
    rows: list[tuple[Choice, ...]] = [
        (button(f"{place}. {meeting.title}", ShowMeeting(meeting.meeting_id)),)
        for place, meeting in enumerate(meetings, 1)
    ]
    rows.append(
        (
            button(say(voice, "Create a meeting"), NewMeeting(view.organisation_id)),
            button(say(voice, "Import"), ImportWorkbook(view.organisation_id)),
        )
    )
    year = newest_year(view.meetings)
    if year is not None:
        rows.append((button(button_overview(voice, year), ShowOverview(view.organisation_id, year)),))
    rows.append((_approval_button(voice, view),))
    other = "en" if voice.language == "vi" else "vi"
    rows.append((button(language_text(other), SetLanguage(other)),))
    return Card(tuple(lines), tuple(rows))


def _approval_button(voice: Voice, view: HomeView) -> Choice:
    if view.needs_approval:
        label = say(voice, "Summons without approval")
        return button(label, SetApproval(view.organisation_id, 0))
    return button(say(voice, "Summons only when approved"), SetApproval(view.organisation_id, 1))


def newest_year(meetings: Sequence[MeetingLine]) -> int | None:
    """Give the year of the newest meeting that is over; None where none is."""
    years = [
        each.starts_at.astimezone(ZoneInfo(each.timezone)).year
        for each in meetings
        if each.state is MeetingState.CLOSED
    ]
    return max(years, default=None)


def _meeting_text(voice: Voice, place: int, meeting: MeetingLine) -> str:
    there = replace(voice, timezone=ZoneInfo(meeting.timezone))
    return say(
        voice,
        "%(place)s. %(title)s: %(moment)s, %(state)s",
        place=place,
        title=clipped(meeting.title),
        moment=moment_text(there, meeting.starts_at),
        state=say(voice, "cancelled") if meeting.is_cancelled else meeting_state_text(voice, meeting.state),
    )


def meeting_state_text(voice: Voice, state: MeetingState) -> str:
    """Give where a meeting stands."""
    match state:
        case MeetingState.PLANNED:
            return say(voice, "in preparation")
        case MeetingState.OPEN:
            return say(voice, "under way")
        case MeetingState.CLOSED:
            return say(voice, "closed")
    assert_never(state)

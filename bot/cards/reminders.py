"""What attendees are told beforehand: the summons, reminders, a move, a cancellation."""

from dataclasses import replace
from datetime import date, datetime

from bot.actions import ShowMeeting
from bot.cards.attendance import (
    cancelled_lines,
    invitation_text,
    place_text,
    reply_lines,
    reply_rows,
)
from bot.cards.layout import button, clipped, soft, strong
from bot.platforms.base import Bar, Card, Line
from bot.wording.dates import day_text, moment_text
from bot.wording.reminders import due_text, follow_up_text
from bot.wording.voice import Voice, say
from meeting.follow_ups import SOURCES, FollowUp
from meeting.states import DueKind
from storage.views import AttendanceView, MeetingView


def summons_card(voice: Voice, view: AttendanceView) -> Card:
    """Summon an attendee, and ask for the reply."""
    meeting = view.meeting
    lines = [
        strong(clipped(meeting.title)),
        Line(invitation_text(voice, meeting, view.attendee.name)),
        *reply_lines(voice, view.attendee),
    ]
    return Card(tuple(lines), tuple(reply_rows(voice, view)))


def reminder_card(voice: Voice, view: AttendanceView) -> Card:
    """Remind an attendee of the meeting; who hasn't replied is asked for the reply."""
    meeting = view.meeting
    lines = [
        strong(say(voice, "Reminder: %(title)s", title=clipped(meeting.title))),
        Line(held_text(voice, meeting)),
        *reply_lines(voice, view.attendee),
    ]
    return Card(tuple(lines), tuple(reply_rows(voice, view)))


def reply_wanted_card(voice: Voice, view: AttendanceView) -> Card:
    """Ask an attendee for the reply that is missing."""
    meeting = view.meeting
    lines = (
        strong(clipped(meeting.title)),
        Line(held_text(voice, meeting)),
        Line(say(voice, "Your reply to the invitation is still missing. Please tell whether you will come.")),
    )
    return Card(lines, tuple(reply_rows(voice, view)))


def moved_card(
    voice: Voice, meeting: MeetingView, view: AttendanceView | None, was_at: datetime, was_place: str
) -> Card:
    """Tell that the meeting is held at another time or place; `view` is None for a group."""
    lines = [
        strong(say(voice, "Changed time or place: %(title)s", title=clipped(meeting.title))),
        Line(held_text(voice, meeting)),
        soft(
            say(
                voice,
                "Before it was %(moment)s, at %(place)s.",
                moment=moment_text(voice, was_at),
                place=place_text(voice, was_place),
            )
        ),
    ]
    if view is None:
        return Card(tuple(lines))
    lines += reply_lines(voice, view.attendee)
    return Card(tuple(lines), tuple(reply_rows(voice, view)))


def cancelled_card(voice: Voice, meeting: MeetingView) -> Card:
    """Tell that the meeting isn't held."""
    return Card((strong(clipped(meeting.title)), *cancelled_lines(voice, meeting)))


def missed_card(voice: Voice, meeting: MeetingView, kind: DueKind, part: int, planned_at: datetime) -> Card:
    """Tell those who prepare the meeting what was due and not done in time."""
    what = due_text(voice, kind, part)
    lines = (
        strong(say(voice, "Not sent in time: %(what)s", what=what)),
        Line(clipped(meeting.title)),
        Line(say(voice, "It was due %(moment)s.", moment=moment_text(voice, planned_at))),
        soft(
            say(
                voice,
                "It would make no sense any more and is left out. Tell those concerned yourself if needed.",
            )
        ),
    )
    return Card(lines, ((button(say(voice, "To the meeting"), ShowMeeting(meeting.meeting_id)),),))


def follow_up_card(voice: Voice, meeting: MeetingView, follow_up: FollowUp, due_on: date) -> Card:
    """Remind those who prepared a meeting of a statutory date, with its source."""
    lines = [
        strong(follow_up_text(voice, follow_up)),
        Line(clipped(meeting.title)),
        Line(say(voice, "Last day: %(day)s.", day=day_text(voice, due_on))),
        soft(say(voice, "Source: %(source)s.", source=SOURCES[follow_up])),
    ]
    if not meeting.rules.is_verified:
        lines.append(soft(say(voice, "The law was amended since; please check the source again.")))
    return Card(tuple(lines), ((button(say(voice, "To the meeting"), ShowMeeting(meeting.meeting_id)),),))


def trial_card(voice: Voice, card: Card) -> Card:
    """Mark a card as a test that somebody sent to oneself."""
    first, *rest = card.lines
    text = first.caption if isinstance(first, Bar) else first.text
    return replace(card, lines=(strong(say(voice, "[Test] %(text)s", text=text)), *rest))


def held_text(voice: Voice, meeting: MeetingView) -> str:
    """Say when and where the meeting is held."""
    return say(
        voice,
        "It is held %(moment)s, at %(place)s.",
        moment=moment_text(voice, meeting.starts_at),
        place=place_text(voice, meeting.place),
    )

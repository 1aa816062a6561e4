"""A meeting as one attendee sees it: invitation, reply, presence, what is on now, consent."""

from collections.abc import Sequence
from typing import assert_never

from bot.actions import (
    CheckIn,
    GiveConsent,
    LeaveMeeting,
    ReplyAbsent,
    ReplyComing,
    ReplySubstitute,
    ShowAgenda,
)
from bot.cards.floor import own_floor_buttons, own_floor_lines
from bot.cards.layout import button, clipped, in_rows, soft, strong
from bot.cards.opinions import opinions_button
from bot.cards.papers import papers_button
from bot.cards.pledges import pledge_button, pledge_lines
from bot.cards.score_lines import own_scoring_buttons, own_scoring_lines
from bot.cards.versions import text_button
from bot.platforms.base import Card, Choice, Line
from bot.wording.consent import consent_text
from bot.wording.dates import moment_text, time_text
from bot.wording.labels import standing_text
from bot.wording.moving import cancelled_meeting_text
from bot.wording.versions import newest_text
from bot.wording.voice import Voice, say, to_standing
from meeting.people import Presence, Purpose, Reply, Source, Standing
from meeting.states import MeetingState
from storage.views import AttendanceView, AttendeeView, MeetingView

Row = tuple[Choice, ...]
_ROWS = 3
_WIDEST = 3


def attendance_card(voice: Voice, view: AttendanceView) -> Card:
    """Give the attendee's card: at most three rows of buttons, those that make sense now."""
    voice = to_standing(voice, view.attendee.standing)
    meeting, attendee = view.meeting, view.attendee
    lines = [strong(clipped(meeting.title))]
    rows: list[Row] = []
    match meeting.state:
        case MeetingState.PLANNED:
            lines += _invitation_lines(voice, meeting, attendee)
            rows = _presence_rows(voice, view) + reply_rows(voice, view)
        case MeetingState.OPEN:
            lines += [*_presence_lines(voice, meeting, attendee), *_now_lines(voice, view)]
            lines += [*own_floor_lines(voice, view), *pledge_lines(voice, meeting, view.pledge)]
            lines += own_scoring_lines(voice, view)
            rows = _speaking_rows(voice, view) + _presence_rows(voice, view)
            if attendee.presence is Presence.AWAY:
                rows += reply_rows(voice, view)
        case MeetingState.CLOSED:
            lines += [*closed_lines(voice, meeting), *pledge_lines(voice, meeting, view.pledge)]
            lines += own_scoring_lines(voice, view)
        case _:
            assert_never(meeting.state)
    if view.consents_asked and meeting.state is not MeetingState.CLOSED:
        purpose = view.consents_asked[0]
        lines.append(soft(consent_text(voice, purpose, meeting.organisation)))
        rows.append(_consent_row(voice, meeting.meeting_id, purpose))
    reading = [
        *_text_button(voice, view),
        *pledge_button(voice, meeting, view.pledge),
        *own_scoring_buttons(voice, view),
        *papers_button(voice, meeting),
        *opinions_button(voice, meeting),
        *_agenda_button(voice, meeting),
    ]
    return Card(tuple(lines), _with_reading(rows, reading))


def _with_reading(rows: Sequence[Row], reading: Sequence[Choice]) -> tuple[Row, ...]:
    """Add the buttons to what can be read: on rows of their own while there is room, else beside others.

    The last of them are left out where there is no room at all; they are reached through the meeting, too.
    """
    own = max(0, _ROWS - len(rows))
    filled = [*rows, *in_rows(reading[: own * _WIDEST], _WIDEST)]
    for choice in reading[own * _WIDEST :]:
        shortest = min(range(len(filled)), key=lambda place: len(filled[place]))
        if len(filled[shortest]) < _WIDEST:
            filled[shortest] = (*filled[shortest], choice)
    return tuple(filled)


def _invitation_lines(voice: Voice, meeting: MeetingView, attendee: AttendeeView) -> list[Line]:
    lines = [Line(invitation_text(voice, meeting, attendee.name))]
    if attendee.standing is not Standing.VOTING:
        standing = standing_text(voice, attendee.standing)
        lines.append(Line(say(voice, "You take part as: %(standing)s.", standing=standing)))
    return [*lines, *reply_lines(voice, attendee), *_presence_lines(voice, meeting, attendee)]


def invitation_text(voice: Voice, meeting: MeetingView, name: str) -> str:
    """Invite somebody, in the words of a summons."""
    return say(
        voice,
        "%(name)s, you are invited to %(title)s, %(moment)s, at %(place)s.",
        name=name,
        title=clipped(meeting.title),
        moment=moment_text(voice, meeting.starts_at),
        place=place_text(voice, meeting.place),
    )


def place_text(voice: Voice, place: str) -> str:
    """Give where a meeting is held, or that it is not known yet."""
    return clipped(place) or say(voice, "a place still to be announced")


def reply_lines(voice: Voice, attendee: AttendeeView) -> list[Line]:
    """Give the reply as it stands, or ask for one from whoever isn't there yet."""
    match attendee.reply:
        case Reply.NONE if attendee.presence is not Presence.AWAY:
            return []
        case Reply.NONE:
            return [Line(say(voice, "Please reply."))]
        case Reply.COMING:
            return [Line(say(voice, "Your reply: you will attend."))]
        case Reply.ABSENT:
            reason = clipped(attendee.reply_reason, 300)
            return [Line(say(voice, "Your reply: absent, %(reason)s", reason=reason))]
        case Reply.SUBSTITUTED:
            return [Line(say(voice, "Your reply: somebody else attends for the unit."))]


def reply_rows(voice: Voice, view: AttendanceView) -> list[Row]:
    """Give the buttons by which an attendee replies to the invitation, or changes the reply."""
    attendee, meeting_id = view.attendee, view.meeting.meeting_id
    if attendee.presence is not Presence.AWAY:
        return []
    row: list[Choice] = []
    # Whoever can confirm being there needs no promise to come, but to take a substitution back.
    if attendee.reply is Reply.SUBSTITUTED or (
        attendee.reply is not Reply.COMING and not view.meeting.is_check_in_open
    ):
        row.append(button(say(voice, "Attend"), ReplyComing(meeting_id)))
    if attendee.reply is not Reply.ABSENT:
        row.append(button(say(voice, "Be absent"), ReplyAbsent(meeting_id)))
    rows = [tuple(row)] if row else []
    if not view.can_substitute:
        return rows
    send = button(say(voice, "Send somebody else"), ReplySubstitute(meeting_id))
    return [(*row, send)] if view.meeting.is_check_in_open else [*rows, (send,)]


def _presence_lines(voice: Voice, meeting: MeetingView, attendee: AttendeeView) -> list[Line]:
    match attendee.presence:
        case Presence.PRESENT if attendee.checked_in_at is not None:
            return [Line(_present_text(voice, attendee, time_text(voice, attendee.checked_in_at)))]
        case Presence.PRESENT:
            return [Line(say(voice, "You are recorded as present."))]
        case Presence.LEFT if attendee.left_at is not None:
            left = time_text(voice, attendee.left_at)
            return [Line(say(voice, "You are recorded as having left at %(time)s.", time=left))]
        case Presence.LEFT:
            return [Line(say(voice, "You are recorded as having left."))]
        case Presence.AWAY if attendee.reply is Reply.SUBSTITUTED:
            return [Line(say(voice, "Somebody else represents your unit."))] if _is_on(meeting) else []
        case Presence.AWAY if meeting.is_check_in_open:
            return [Line(say(voice, "You can confirm your presence now."))]
        case Presence.AWAY if _is_on(meeting):
            return [Line(say(voice, "Confirming presence is closed; please report to the secretary."))]
        case Presence.AWAY if meeting.check_in_opens_at is not None:
            opens = moment_text(voice, meeting.check_in_opens_at)
            return [Line(say(voice, "Presence can be confirmed from %(moment)s.", moment=opens))]
        case Presence.AWAY:
            return []


def _is_on(meeting: MeetingView) -> bool:
    return meeting.state is MeetingState.OPEN


def _present_text(voice: Voice, attendee: AttendeeView, time: str) -> str:
    if attendee.presence_source is Source.SECRETARY:
        return say(voice, "The secretary recorded you as present at %(time)s.", time=time)
    return say(voice, "Recorded: you are present since %(time)s.", time=time)


def _presence_rows(voice: Voice, view: AttendanceView) -> list[Row]:
    meeting, attendee = view.meeting, view.attendee
    can_confirm = meeting.is_check_in_open and attendee.reply is not Reply.SUBSTITUTED
    if attendee.presence is not Presence.PRESENT:
        if not can_confirm:
            return []
        return [(button(say(voice, "Confirm presence"), CheckIn(meeting.meeting_id)),)]
    if meeting.state is MeetingState.OPEN:
        return [(button(say(voice, "Leave early"), LeaveMeeting(meeting.meeting_id, 0)),)]
    return []


def _speaking_rows(voice: Voice, view: AttendanceView) -> list[Row]:
    """Give the ways to be heard, on one row."""
    buttons = own_floor_buttons(voice, view)
    return [tuple(buttons)] if buttons else []


def _now_lines(voice: Voice, view: AttendanceView) -> list[Line]:
    item = view.current_item
    if item is None:
        return [Line(say(voice, "The meeting is open."))]
    title = f"{item.number}. {clipped(item.title)}"
    lines = [Line(say(voice, "Now: %(item)s", item=title))]
    if item.text and item.text_version > 1:
        lines.append(soft(newest_text(voice, item.text_version)))
    return lines


def _text_button(voice: Voice, view: AttendanceView) -> list[Choice]:
    is_on = view.meeting.state is MeetingState.OPEN and view.current_item is not None
    return text_button(voice, view.current_item) if is_on and view.current_item else []


def _agenda_button(voice: Voice, meeting: MeetingView) -> list[Choice]:
    """Lead to the agenda with the texts of its items, which can be read before the meeting, too."""
    if meeting.state is MeetingState.CLOSED:
        return []
    return [button(say(voice, "Agenda"), ShowAgenda(meeting.meeting_id, 0))]


def closed_lines(voice: Voice, meeting: MeetingView) -> list[Line]:
    """Say how the meeting ended: closed, or cancelled and why."""
    if meeting.cancelled_at is not None:
        return cancelled_lines(voice, meeting)
    if meeting.closed_at is None:
        return [Line(say(voice, "The meeting is closed."))]
    return [
        Line(
            say(voice, "The meeting was closed at %(moment)s.", moment=moment_text(voice, meeting.closed_at))
        )
    ]


def cancelled_lines(voice: Voice, meeting: MeetingView) -> list[Line]:
    """Say that the meeting is cancelled, and why."""
    return [
        strong(cancelled_meeting_text(voice, meeting)),
        Line(say(voice, "Reason: %(reason)s", reason=clipped(meeting.cancel_reason, 500))),
    ]


def _consent_row(voice: Voice, meeting_id: int, purpose: Purpose) -> Row:
    match purpose:
        case Purpose.CONTACT:
            yes, no = say(voice, "Keep contact data"), say(voice, "Do not keep them")
        case Purpose.REMINDERS:
            yes, no = say(voice, "Remind me"), say(voice, "Do not remind me")
        case _:
            assert_never(purpose)
    return (button(yes, GiveConsent(meeting_id, purpose, 1)), button(no, GiveConsent(meeting_id, purpose, 0)))

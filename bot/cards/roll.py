"""Attendees, and the electors of a vote, as the secretary keeps them."""

from collections.abc import Sequence
from typing import assert_never

from bot.actions import (
    AddAttendee,
    AdmitElector,
    CastFor,
    CheckInFor,
    FindAttendee,
    FindElector,
    MarkExcused,
    MarkLeft,
    RenewInvitation,
    ShowAttendee,
    ShowElector,
    ShowMeeting,
    ShowMissing,
    ShowRoll,
    ShowUnreachable,
    UnbindAccount,
)
from bot.cards.ballot import vote_title
from bot.cards.layout import PAGE_SIZE, button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording.claims import button_unbind
from bot.wording.dates import time_text
from bot.wording.labels import option_text, presence_text, reply_text, source_text, standing_text
from bot.wording.numbers import official_count, share
from bot.wording.reach import platform_text
from bot.wording.results import attendance_text, counted_of_text
from bot.wording.voice import Voice, say
from meeting.people import Presence, Reply, Source, Standing
from meeting.states import MeetingState
from meeting.voting import Method, VoteState
from storage.platforms import LOSING
from storage.views import AttendeeView, ElectorView, MeetingView, RollView, VoteRollView, VoteView

_RUNNING = frozenset({VoteState.OPEN, VoteState.PAUSED})
_LATECOMERS_SHOWN = 30


def roll_card(voice: Voice, view: RollView, page: int) -> Card:
    """Give a page of the attendees, each with a button."""
    meeting_id = view.meeting.meeting_id
    shown = page_of(view.attendees, page)
    lines = [strong(say(voice, "Attendees")), Line(attendance_text(voice, view.attendance))]
    if not view.attendees:
        lines.append(Line(say(voice, "Nobody is on the list yet.")))
    lines += [Line(_attendee_line(voice, attendee)) for attendee in shown]
    rows: list[tuple[Choice, ...]] = [
        (button(f"{attendee.number}. {attendee.name}", ShowAttendee(attendee.attendee_id)),)
        for attendee in shown
    ]
    rows += page_rows(voice, view.attendees, page, lambda number: ShowRoll(meeting_id, number))
    last: list[Choice] = []
    if len(view.attendees) > PAGE_SIZE:
        last.append(button(say(voice, "Find by name"), FindAttendee(meeting_id)))
    if view.meeting.state is not MeetingState.CLOSED:
        last.append(button(say(voice, "Add an attendee"), AddAttendee(meeting_id)))
        last.append(button(say(voice, "Who is not reached"), ShowUnreachable(meeting_id)))
    last.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id)))
    return Card(tuple(lines), (*rows, *in_rows(last)))


def found_attendees_card(voice: Voice, view: RollView, found: Sequence[AttendeeView]) -> Card:
    """Give the attendees whom a part of the name fits, each with a button, as far as they fit on a page."""
    shown = found[:PAGE_SIZE]
    rows: list[tuple[Choice, ...]] = [
        (button(f"{attendee.number}. {attendee.name}", ShowAttendee(attendee.attendee_id)),)
        for attendee in shown
    ]
    again = button(say(voice, "Find by name"), FindAttendee(view.meeting.meeting_id))
    back = button(say(voice, "‹ Attendees"), ShowRoll(view.meeting.meeting_id, 0))
    lines = [strong(_found_text(voice, len(found))), *(Line(_attendee_line(voice, one)) for one in shown)]
    return Card(tuple(lines), (*rows, (again, back)))


def found_electors_card(voice: Voice, view: VoteRollView, found: Sequence[ElectorView]) -> Card:
    """Give the electors whom a part of the name fits, as `found_attendees_card`."""
    vote_id, shown = view.vote.vote_id, found[:PAGE_SIZE]
    rows: list[tuple[Choice, ...]] = [
        (button(elector.name, ShowElector(vote_id, elector.elector_id)),) for elector in shown
    ]
    again = button(say(voice, "Find by name"), FindElector(vote_id))
    back = button(say(voice, "‹ Who has voted"), ShowMissing(vote_id, 0))
    lines = [strong(_found_text(voice, len(found))), *(Line(_elector_line(voice, one)) for one in shown)]
    return Card(tuple(lines), (*rows, (again, back)))


def _found_text(voice: Voice, count: int) -> str:
    text = say(voice, "Found: %(count)s.", count=official_count(count, voice.language))
    if count <= PAGE_SIZE:
        return text
    return say(voice, "%(text)s Only the first are shown; write more of the name.", text=text)


def _who(attendee: AttendeeView) -> str:
    return f"{attendee.name}, {attendee.unit}" if attendee.unit else attendee.name


def _attendee_line(voice: Voice, attendee: AttendeeView) -> str:
    who = clipped(f"{attendee.number}. {_who(attendee)}")
    if attendee.standing is not Standing.VOTING:
        who = f"{who} ({standing_text(voice, attendee.standing)})"
    return f"{who}: {_state_text(voice, attendee)}"


def _state_text(voice: Voice, attendee: AttendeeView) -> str:
    if attendee.presence is Presence.AWAY and attendee.reply is not Reply.NONE:
        return reply_text(voice, attendee.reply)
    return presence_text(voice, attendee.presence)


def attendee_card(
    voice: Voice, meeting: MeetingView, attendee: AttendeeView, platforms: Sequence[str] = ()
) -> Card:
    """Give one attendee, linked on these platforms, with what the secretary may enter."""
    lines = [
        strong(f"{attendee.number}. {attendee.name}"),
        Line(
            "; ".join(part for part in (attendee.position, attendee.unit) if part)
            or standing_text(voice, attendee.standing)
        ),
        Line(say(voice, "Part: %(standing)s", standing=standing_text(voice, attendee.standing))),
        Line(say(voice, "Reply: %(reply)s", reply=reply_text(voice, attendee.reply))),
    ]
    if attendee.reply_reason:
        lines.append(Line(say(voice, "Reason: %(reason)s", reason=clipped(attendee.reply_reason, 500))))
    lines.append(Line(_presence_line(voice, attendee)))
    linked = say(voice, "linked") if attendee.is_bound else say(voice, "not linked yet")
    lines.append(Line(say(voice, "Personal link: %(state)s", state=linked)))
    buttons = [] if meeting.state is MeetingState.CLOSED else _attendee_buttons(voice, attendee)
    buttons += [
        button(button_unbind(voice, platform), UnbindAccount(attendee.attendee_id, platform, 0))
        for platform in platforms
    ]
    back = button(say(voice, "‹ Attendees"), ShowRoll(meeting.meeting_id, (attendee.number - 1) // PAGE_SIZE))
    return Card(tuple(lines), in_rows([*buttons, back]))


def _presence_line(voice: Voice, attendee: AttendeeView) -> str:
    presence = presence_text(voice, attendee.presence)
    match attendee.presence:
        case Presence.PRESENT if attendee.checked_in_at is not None:
            at, source = time_text(voice, attendee.checked_in_at), attendee.presence_source or Source.SELF
            return say(
                voice,
                "Presence: %(presence)s, %(time)s (%(source)s)",
                presence=presence,
                time=at,
                source=source_text(voice, source),
            )
        case Presence.LEFT if attendee.left_at is not None:
            at = time_text(voice, attendee.left_at)
            return say(voice, "Presence: %(presence)s, %(time)s", presence=presence, time=at)
        case Presence.AWAY | Presence.PRESENT | Presence.LEFT:
            return say(voice, "Presence: %(presence)s", presence=presence)
    assert_never(attendee.presence)


def _attendee_buttons(voice: Voice, attendee: AttendeeView) -> list[Choice]:
    attendee_id = attendee.attendee_id
    buttons: list[Choice] = []
    if attendee.presence is Presence.PRESENT:
        buttons.append(button(say(voice, "Record: left early"), MarkLeft(attendee_id)))
    elif attendee.reply is not Reply.SUBSTITUTED:
        buttons.append(button(say(voice, "Record: present"), CheckInFor(attendee_id)))
    if attendee.presence is Presence.AWAY and attendee.reply not in {Reply.ABSENT, Reply.SUBSTITUTED}:
        buttons.append(button(say(voice, "Record: excused"), MarkExcused(attendee_id)))
    buttons.append(button(say(voice, "New personal link"), RenewInvitation(attendee_id, 0)))
    return buttons


# The electors of a vote


def vote_roll_card(voice: Voice, view: VoteRollView, page: int) -> Card:
    """Give the secretary a page of a vote's electors, those who have not voted first."""
    vote = view.vote
    electors = sorted(view.electors, key=lambda elector: elector.option is not None)
    shown = page_of(electors, page)
    turnout = share(vote.turnout, vote.electors, voice.language)
    lines = [
        strong(vote_title(voice, vote)),
        Line(say(voice, "Voted: %(turnout)s", turnout=turnout)),
        soft(say(voice, "For the secretary only; do not show the choices to others.")),
    ]
    lines += [Line(_elector_line(voice, elector)) for elector in shown]
    rows: list[tuple[Choice, ...]] = []
    if vote.state in _RUNNING and vote.method is Method.CHAT:
        rows += [(button(elector.name, ShowElector(vote.vote_id, elector.elector_id)),) for elector in shown]
    rows += page_rows(voice, electors, page, lambda number: ShowMissing(vote.vote_id, number))
    last: list[Choice] = [button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting.meeting_id))]
    if vote.state in _RUNNING and vote.method is Method.CHAT and len(electors) > PAGE_SIZE:
        last.insert(0, button(say(voice, "Find by name"), FindElector(vote.vote_id)))
    rows.append(tuple(last))
    return Card(tuple(lines), tuple(rows))


def _elector_line(voice: Voice, elector: ElectorView) -> str:
    who = clipped(f"{elector.name}, {elector.unit}" if elector.unit else elector.name)
    if elector.option is None and elector.chat in LOSING:
        platform = platform_text(voice, elector.chat)
        return say(voice, "%(who)s: not voted yet (%(platform)s)", who=who, platform=platform)
    if elector.option is None:
        return say(voice, "%(who)s: not voted yet", who=who)
    text = f"{who}: {option_text(voice, elector.option)}"
    if elector.source is Source.SECRETARY:
        text = f"{text} ({source_text(voice, elector.source)})"
    return f"{text}: {clipped(elector.opinion, 150)}" if elector.opinion else text


def elector_card(voice: Voice, view: VoteRollView, elector: ElectorView) -> Card:
    """Give one elector, whose choice the secretary can enter."""
    vote = view.vote
    lines = [
        strong(clipped(elector.name)),
        Line(_elector_line(voice, elector)),
        soft(say(voice, "Enter only what this elector tells you; that it was entered goes into the record.")),
    ]
    options: list[Choice] = [
        button(
            option_text(voice, option),
            CastFor(vote.vote_id, elector.elector_id, option),
            is_chosen=option is elector.option,
        )
        for option in vote.options
    ]
    back = button(say(voice, "‹ Who has voted"), ShowMissing(vote.vote_id, 0))
    rows = in_rows(options, 1) if vote.state is VoteState.OPEN else ()
    return Card(tuple(lines), (*rows, (back,)))


def latecomers_card(voice: Voice, view: VoteRollView) -> Card:
    """Give who is present and entitled, but came after the vote opened."""
    vote = view.vote
    lines = [strong(say(voice, "Latecomers: %(vote)s", vote=vote_title(voice, vote)))]
    if view.latecomers:
        lines.append(Line(_base_grows_text(voice, vote)))
    else:
        lines.append(Line(say(voice, "Nobody who is present and may vote is left out of this vote.")))
    rows: list[tuple[Choice, ...]] = [
        (button(_who(attendee), AdmitElector(vote.vote_id, attendee.attendee_id)),)
        for attendee in view.latecomers[:_LATECOMERS_SHOWN]
    ]
    rows.append((button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting.meeting_id)),))
    return Card(tuple(lines), tuple(rows))


def _base_grows_text(voice: Voice, vote: VoteView) -> str:
    if vote.base is None:
        return say(voice, "Whoever is admitted votes in this run; it goes into the record.")
    base = counted_of_text(voice, vote.base, vote.base_kind)
    return say(
        voice,
        "The base is %(base)s. Whoever is admitted is added to it; it goes into the record.",
        base=base,
    )

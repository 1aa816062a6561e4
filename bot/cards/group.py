"""What a group that follows a meeting is shown, and what those who look after it are told of groups."""

from typing import assert_never

from bot.actions import CastVote, CheckIn, InviteGroup, ShowInvitations
from bot.addresses import Addresses, PrivateChat
from bot.cards.ballot import cancel_reason_text, ended_text, option_rows, question_lines, vote_title
from bot.cards.floor import floor_lines
from bot.cards.layout import button, clipped, soft, strong
from bot.cards.pledges import pledge_lines
from bot.cards.result import result_lines
from bot.cards.score_lines import put_ranking_lines
from bot.platforms.base import Bar, Card, Choice, Line, Open
from bot.wording import groups as wording
from bot.wording.dates import moment_text, time_text
from bot.wording.labels import option_text
from bot.wording.moving import cancelled_meeting_text
from bot.wording.numbers import share
from bot.wording.results import attendance_text, cancelled_text, counted_of_text
from bot.wording.voice import Voice, say
from handlers.inviting import WayIn
from meeting.states import GroupRight, MeetingState
from meeting.voting import Method, VoteState
from storage.views import GroupBallotView, GroupView, MeetingView, VoteView

Rows = tuple[tuple[Choice, ...], ...]


def group_card(voice: Voice, view: GroupView, private_chat: PrivateChat | None) -> Card:
    """Give the meeting for a group: when and where, who is there, what is on now."""
    meeting = view.meeting
    moment = moment_text(voice, meeting.starts_at)
    lines = [
        strong(clipped(meeting.title)),
        Line(say(voice, "%(moment)s, at %(place)s", moment=moment, place=clipped(meeting.place))),
    ]
    match meeting.state:
        case MeetingState.PLANNED:
            lines += _presence_lines(voice, view)
        case MeetingState.OPEN:
            lines += _presence_lines(voice, view)
            lines.append(Line(_now_text(voice, view)))
            lines += put_ranking_lines(voice, view.rankings, meeting.current_item_id)
            lines += floor_lines(voice, view.floor)
        case MeetingState.CLOSED:
            lines.append(Line(_closed_text(voice, meeting)))
        case _:
            assert_never(meeting.state)
    lines += pledge_lines(voice, meeting, view.pledge)
    rows: Rows = ()
    if meeting.is_check_in_open and meeting.state is not MeetingState.CLOSED:
        rows = ((button(say(voice, "Confirm presence"), CheckIn(meeting.meeting_id)),),)
    lines += _code_lines(voice, private_chat)
    return Card(tuple(lines), rows + _way_in(voice, private_chat))


def _presence_lines(voice: Voice, view: GroupView) -> list[Line]:
    meeting = view.meeting
    if meeting.is_check_in_open:
        return [Line(attendance_text(voice, view.attendance))]
    if meeting.check_in_opened_at is not None:
        return [
            Line(attendance_text(voice, view.attendance)),
            soft(say(voice, "Confirming presence is closed; please report to the secretary.")),
        ]
    if meeting.check_in_opens_at is not None:
        opens = moment_text(voice, meeting.check_in_opens_at)
        return [Line(say(voice, "Presence can be confirmed from %(moment)s.", moment=opens))]
    return []


def _now_text(voice: Voice, view: GroupView) -> str:
    item = view.current_item
    if item is None:
        return say(voice, "The meeting is open.")
    return say(voice, "Now: %(item)s", item=f"{item.number}. {clipped(item.title)}")


def _closed_text(voice: Voice, meeting: MeetingView) -> str:
    if meeting.cancelled_at is not None:
        return cancelled_meeting_text(voice, meeting)
    if meeting.closed_at is None:
        return say(voice, "The meeting is closed.")
    return say(voice, "The meeting was closed at %(moment)s.", moment=moment_text(voice, meeting.closed_at))


def _way_in(voice: Voice, private_chat: PrivateChat | None) -> Rows:
    if private_chat is None:
        return ()
    return ((Open(say(voice, "Open the private chat"), private_chat.address),),)


def _code_lines(voice: Voice, private_chat: PrivateChat | None) -> list[Line]:
    """Say what is typed in the private chat by who isn't known there yet, where its address can't say it."""
    if private_chat is None or not private_chat.code:
        return []
    return [soft(wording.type_code_there(voice, private_chat.code))]


def group_ballot_card(voice: Voice, view: GroupBallotView, private_chat: PrivateChat | None) -> Card:
    """Give a vote for a group: the question and the turnout; no count before the announcement.

    Options are offered while it is open, but never of a secret vote: who taps in a group can be watched.
    """
    vote = view.vote
    lines: list[Line | Bar] = [strong(vote_title(voice, vote)), *question_lines(voice, vote)]
    rows: Rows = ()
    match vote.state:
        case VoteState.DRAFT:
            lines.append(Line(say(voice, "The vote has not been opened yet.")))
        case VoteState.OPEN:
            lines += _open_lines(voice, vote)
            rows = _choices(voice, vote, private_chat)
        case VoteState.PAUSED:
            lines += [
                *_turnout_lines(voice, vote),
                Line(say(voice, "The vote is paused; please wait for the chair.")),
            ]
        case VoteState.CLOSED:
            lines += [*_turnout_lines(voice, vote), Line(ended_text(voice, vote))]
        case VoteState.ANNOUNCED:
            lines = result_lines(voice, vote)
        case VoteState.CANCELLED:
            lines.append(Line(cancelled_text(voice, vote.number, cancel_reason_text(voice, vote))))
        case _:
            assert_never(vote.state)
    return Card(tuple(lines), rows)


def _open_lines(voice: Voice, vote: VoteView) -> list[Line]:
    lines = []
    if vote.is_advisory:
        lines.append(soft(say(voice, "The meeting gives its opinion; the head of the agency decides.")))
    if vote.base is not None:
        base = counted_of_text(voice, vote.base, vote.base_kind)
        lines.append(Line(say(voice, "Base: %(base)s.", base=base)))
    if vote.method is Method.HANDS:
        return [*lines, Line(say(voice, "By hands in the hall: raise your hand when the chair asks."))]
    if vote.is_secret:
        lines.append(soft(say(voice, "Secret vote: in the private chat with the bot only.")))
    else:
        lines.append(soft(say(voice, "Open vote; the secretary can see the choices.")))
    lines += _turnout_lines(voice, vote)
    if vote.deadline_at is not None:
        lines.append(Line(say(voice, "Ends at %(time)s.", time=time_text(voice, vote.deadline_at))))
    return lines


def _turnout_lines(voice: Voice, vote: VoteView) -> list[Line]:
    if vote.method is Method.HANDS:
        return []
    turnout = share(vote.turnout, vote.electors, voice.language)
    return [strong(say(voice, "Voted: %(turnout)s", turnout=turnout))]


def _choices(voice: Voice, vote: VoteView, private_chat: PrivateChat | None) -> Rows:
    if vote.method is Method.HANDS:
        return ()
    if vote.is_secret:
        return _way_in(voice, private_chat)
    options: list[Choice] = [
        button(option_text(voice, option), CastVote(vote.vote_id, option)) for option in vote.options
    ]
    return option_rows(options) + _way_in(voice, private_chat)


# Told in the group, and of it


def group_added_card(voice: Voice, private_chat: PrivateChat | None) -> Card:
    """Tell whoever organises and has added the bot how to bind the group."""
    text = say(
        voice,
        "To link this group to a meeting, the organiser opens the private chat with the bot: Invitations, "
        "then “Link a … group”.",
    )
    return Card((Line(text),), _way_in(voice, private_chat))


def group_command_card(voice: Voice, text: str, private_chat: PrivateChat | None) -> Card:
    """Answer a command in a group, with the way to the private chat."""
    return Card((Line(text), *_code_lines(voice, private_chat)), _way_in(voice, private_chat))


def group_trouble_card(voice: Voice, meeting: MeetingView, group: str, right: str | None) -> Card:
    """Tell those who look after a meeting which right the bot misses in a group; None: it was removed."""
    title = clipped(group)
    if right is None:
        text = wording.left_text(voice, title)
    else:
        text = wording.missing_right_text(voice, GroupRight(right), title)
    return Card((strong(text), Line(clipped(meeting.title))))


def group_link_card(voice: Voice, meeting: MeetingView, addresses: Addresses, way: WayIn) -> Card:
    """Give the ways to link a group: the link that adds the bot to it, or the code that is typed there."""
    lines = [strong(wording.link_heading(voice, addresses.group_platforms, clipped(meeting.title)))]
    rows: list[tuple[Choice, ...]] = []
    address, zalo = addresses.telegram_group_link(way.token), addresses.zalo_link()
    if address is not None:
        lines += _link_lines(voice, address, f"/start@{addresses.telegram_username} {way.token}")
        rows.append((Open(say(voice, "Choose the group"), address),))
    if zalo is not None:
        lines.append(Line(wording.link_by_code(voice, zalo, way.code)))
        lines.append(soft(wording.link_by_code_manner(voice)))
    if address is None and zalo is None:
        lines.append(Line(say(voice, "The bot is not reachable on Telegram now. Try again in a minute.")))
    if way.expires_at is not None:
        lines.append(soft(say(voice, "Valid until %(moment)s.", moment=moment_text(voice, way.expires_at))))
    rows.append(
        (
            button(say(voice, "Make the link anew"), InviteGroup(meeting.meeting_id, 1)),
            button(say(voice, "‹ Invitations"), ShowInvitations(meeting.meeting_id, 0)),
        )
    )
    return Card(tuple(lines), tuple(rows))


def _link_lines(voice: Voice, address: str, command: str) -> list[Line]:
    return [
        Line(
            say(
                voice,
                "Open this link on your phone and choose the group. You must be allowed to add members "
                "to it.",
            )
        ),
        Line(address),
        soft(
            say(
                voice,
                "The bot may stay a plain member. To pin what is current it needs the right to pin messages.",
            )
        ),
        soft(say(voice, "If the bot is in the group already, send there: %(command)s", command=command)),
    ]

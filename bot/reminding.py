"""What reminders, summonses and changes of a meeting say, and whether they still have something to say."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.calling import render_calls, render_not_opened
from bot.cards.reminders import (
    cancelled_card,
    follow_up_card,
    missed_card,
    moved_card,
    reminder_card,
    reply_wanted_card,
    summons_card,
)
from bot.papers.calendar import calendar_entry
from bot.platforms.base import Card
from bot.wording.voice import Voice, to_standing
from meeting.follow_ups import FollowUp
from meeting.people import Presence, Reply
from meeting.states import DueKind, MeetingState, PostKind
from storage.database import Tx
from storage.reading import attendance_views
from storage.views import AttendanceView, MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post

Render = Callable[[Tx, MeetingView, "Sequence[Post]", Mapping[int, Voice]], Awaitable[Mapping[int, Card]]]
"""Gives the cards of posts of one kind about one subject, by `post_id`; left out is what is idle by now."""


async def render_reminders(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Give what is still worth saying of posts of one kind about one subject, by `post_id`."""
    return await _RENDERS[posts[0].kind](tx, meeting, posts, voices)


async def _seats(tx: Tx, meeting: MeetingView, posts: "Sequence[Post]") -> dict[int, AttendanceView]:
    """The attendees whom posts are for, by `post_id`."""
    views = await attendance_views(tx, meeting.meeting_id, {post.account_id for post in posts})
    return {post.post_id: views[post.account_id] for post in posts if post.account_id in views}


async def _with_calendar(
    meeting: MeetingView, posts: "Sequence[Post]", cards: Mapping[int, Card]
) -> dict[int, Card]:
    """Put the meeting's entry for calendars beside each card."""
    shown = {post.post_id: post.made_at for post in posts if post.post_id in cards}
    entries = {at: await asyncio.to_thread(calendar_entry, meeting, at) for at in set(shown.values())}
    return {
        post_id: replace(cards[post_id], attachments=(*cards[post_id].attachments, entries[at]))
        for post_id, at in shown.items()
    }


async def _render_summons(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    if meeting.state is not MeetingState.PLANNED:
        return {}
    cards = {
        post_id: summons_card(to_standing(voices[post_id], seat.attendee.standing), seat)
        for post_id, seat in (await _seats(tx, meeting, posts)).items()
    }
    return await _with_calendar(meeting, posts, cards)


async def _render_reminder(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Only while the meeting is ahead as it was, to who is neither there nor excused; a reply only once."""
    if meeting.state is not MeetingState.PLANNED:
        return {}
    is_reply = posts[0].kind is PostKind.REPLY_WANTED
    replies = {Reply.NONE} if is_reply else {Reply.NONE, Reply.COMING}
    current = {p.post_id for p in posts if p.facts["starts_at"] == meeting.starts_at.isoformat()}
    card = reply_wanted_card if is_reply else reminder_card
    return {
        post_id: card(to_standing(voices[post_id], seat.attendee.standing), seat)
        for post_id, seat in (await _seats(tx, meeting, posts)).items()
        if post_id in current and seat.attendee.reply in replies and seat.attendee.presence is Presence.AWAY
    }


async def _render_moved(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Only the newest move, and none of a meeting that isn't ahead any more."""
    if meeting.state is not MeetingState.PLANNED:
        return {}
    seats = await _seats(tx, meeting, posts)
    cards = {}
    for post in posts:
        if post.facts["moves"] == meeting.moves:
            seat, voice = seats.get(post.post_id), voices[post.post_id]
            if seat is not None:
                voice = to_standing(voice, seat.attendee.standing)
            was_at = datetime.fromisoformat(post.facts["was_at"])
            cards[post.post_id] = moved_card(voice, meeting, seat, was_at, post.facts["was_place"])
    return await _with_calendar(meeting, posts, cards)


async def _render_cancelled(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    del tx
    if meeting.cancelled_at is None:
        return {}
    cards = {post_id: cancelled_card(voice, meeting) for post_id, voice in voices.items()}
    return await _with_calendar(meeting, posts, cards)


async def _render_missed(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    openings = [post for post in posts if post.facts["kind"] == DueKind.VOTE_OPENS]
    cards = {
        post.post_id: missed_card(
            voices[post.post_id],
            meeting,
            DueKind(post.facts["kind"]),
            post.facts["part"],
            datetime.fromisoformat(post.facts["planned_at"]),
        )
        for post in posts
        if post not in openings
    }
    return {**cards, **await render_not_opened(tx, meeting, openings, voices)}


async def _render_follow_up(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    del tx
    return {
        post.post_id: follow_up_card(
            voices[post.post_id],
            meeting,
            FollowUp(post.facts["follow_up"]),
            date.fromisoformat(post.facts["due_on"]),
        )
        for post in posts
    }


_RENDERS: Mapping[PostKind, Render] = {
    PostKind.SUMMONS: _render_summons,
    PostKind.MEETING_REMINDER: _render_reminder,
    PostKind.REPLY_WANTED: _render_reminder,
    PostKind.MEETING_MOVED: _render_moved,
    PostKind.MEETING_CANCELLED: _render_cancelled,
    PostKind.NON_VOTER: render_calls,
    PostKind.MISSED: _render_missed,
    PostKind.FOLLOW_UP: _render_follow_up,
}

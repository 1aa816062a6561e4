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
    trial_card,
)
from bot.cards.tasks import task_done_card, task_due_card, task_given_card, task_withdrawn_card
from bot.papers.calendar import calendar_entry
from bot.platforms.base import Card
from bot.pledging import render_pledge_news
from bot.wording.voice import Voice, to_standing
from meeting.follow_ups import FollowUp
from meeting.people import Presence, Reply
from meeting.states import DueKind, MeetingState, PostKind
from meeting.tasks import TaskState
from storage import tasks
from storage.database import Tx
from storage.reading import attendance_views, get_roll_view
from storage.reading.reminding import list_refusing_accounts
from storage.views import AttendanceView, MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post

Render = Callable[[Tx, MeetingView, "Sequence[Post]", Mapping[int, Voice]], Awaitable[Mapping[int, Card]]]
"""Gives the cards of posts of one kind about one subject, by `post_id`; left out is what is idle by now."""


async def render_reminders(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Give what is still worth saying of posts of one kind about one subject, by `post_id`.

    Who doesn't want to be reminded by now isn't; a test that somebody sent to oneself is marked as one.
    """
    kind = posts[0].kind
    if kind in _OPTIONAL:
        accounts = {post.account_id for post in posts if not _is_trial(post)}
        refusing = await list_refusing_accounts(tx, meeting.organisation_id, accounts)
        posts = [post for post in posts if _is_trial(post) or post.account_id not in refusing]
    if not posts:
        return {}
    cards = await _RENDERS[kind](tx, meeting, posts, voices)
    trials = {post.post_id for post in posts if _is_trial(post)}
    return {
        post_id: trial_card(voices[post_id], card) if post_id in trials else card
        for post_id, card in cards.items()
    }


_OPTIONAL = frozenset(
    {
        PostKind.MEETING_REMINDER,
        PostKind.REPLY_WANTED,
        PostKind.NON_VOTER,
        PostKind.FOLLOW_UP,
        PostKind.TASK_DUE,
        PostKind.PLEDGE_REMINDER,
    }
)
"""What isn't sent to who doesn't want to be reminded."""


def _is_trial(post: "Post") -> bool:
    return bool(post.facts.get("is_trial"))


async def _seats(tx: Tx, meeting: MeetingView, posts: "Sequence[Post]") -> dict[int, AttendanceView]:
    """The attendees whom posts are for, by `post_id`.

    A test shows what one who hasn't replied gets: who sent it, else, having no seat, the first on the roll.
    """
    views = await attendance_views(tx, meeting.meeting_id, {post.account_id for post in posts})
    seats = {post.post_id: views[post.account_id] for post in posts if post.account_id in views}
    for post in filter(_is_trial, posts):
        seat = seats.get(post.post_id) or await _sample(tx, meeting)
        if seat is not None:
            unreplied = replace(seat.attendee, reply=Reply.NONE, presence=Presence.AWAY)
            seats[post.post_id] = replace(seat, attendee=unreplied)
    return seats


async def _sample(tx: Tx, meeting: MeetingView) -> AttendanceView | None:
    attendees = (await get_roll_view(tx, meeting.meeting_id)).attendees
    if not attendees:
        return None
    return AttendanceView(meeting, attendees[0], None, consents_asked=(), can_substitute=False)


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


async def _render_task(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Only what is still so: a task that is to be done, one that is done, one that was withdrawn."""
    kind, task = posts[0].kind, await tasks.get_task(tx, posts[0].subject_id)
    if task.state is not _TASK_STATES[kind]:
        return {}
    if kind is PostKind.TASK_DUE:
        reached = await tasks.find_owner_reached(tx, task.owner_id)
        owner = None if reached is None else reached.account_id
        return {
            post.post_id: task_due_card(
                voices[post.post_id], meeting, task, post.facts["part"], is_own=post.account_id == owner
            )
            for post in posts
        }
    card = _TASK_CARDS[kind]
    return {post_id: card(voice, meeting, task) for post_id, voice in voices.items()}


_TASK_STATES = {
    PostKind.TASK_GIVEN: TaskState.OPEN,
    PostKind.TASK_DUE: TaskState.OPEN,
    PostKind.TASK_DONE: TaskState.DONE,
    PostKind.TASK_WITHDRAWN: TaskState.WITHDRAWN,
}
"""Where a task must stand for each to be worth saying."""

_TASK_CARDS = {
    PostKind.TASK_GIVEN: task_given_card,
    PostKind.TASK_DONE: task_done_card,
    PostKind.TASK_WITHDRAWN: task_withdrawn_card,
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
    **dict.fromkeys(_TASK_STATES, _render_task),
    PostKind.PLEDGE_VOIDED: render_pledge_news,
    PostKind.PLEDGE_REMINDER: render_pledge_news,
}

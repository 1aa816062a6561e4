"""A meeting that is put to another time or place, or cancelled; everybody summoned is told."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.closing import cancel
from handlers.floor_queue import clear_floor
from handlers.meetings import ALL_CARDS, Unchanged
from handlers.planning import plan_meeting
from handlers.summoning import summons_cause
from handlers.telling import tell_attendees, tell_others
from meeting import names
from meeting.people import Right
from meeting.plan import TEXT_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind
from meeting.voting import VoteState
from storage import cards, due, meetings, posts, record, votes
from storage.database import Tx
from storage.reading import get_meeting_view
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class MeetingMoved:
    """The meeting is held at its new time and place, and so many attendees are told.

    `is_window_left`: the presence window was to open by itself at an instant that would have passed by now.
    """

    told: int
    is_window_left: bool


@dataclass(frozen=True, slots=True)
class MeetingCancelled:
    """The meeting isn't held, and so many attendees are told."""

    told: int


@request
async def move_meeting(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, wall: datetime | None, place: str | None
) -> MeetingMoved | Unchanged | Refused:
    """Put a meeting that isn't open yet to another wall time of its zone, another place, or both; None stays.

    Its reminders move along, and so does the instant at which the presence window opens. Where nobody was
    summoned yet, an approval of the summons has to be given anew.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, meeting_id)
    if state is not MeetingState.PLANNED:
        is_open = state is MeetingState.OPEN
        return Refused(Refusal.MEETING_OPEN) if is_open else await refuse_closed(tx, meeting_id)
    before = await get_meeting_view(tx, meeting_id)
    starts_at = before.starts_at if wall is None else _instant(wall, before.timezone)
    place = before.place if place is None else names.tidy(place)
    if len(place) > TITLE_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TITLE_LIMIT, "length": len(place)})
    if (starts_at, place) == (before.starts_at, before.place):
        return Unchanged()
    if starts_at <= now:
        return Refused(Refusal.DEADLINE_PAST)
    opens_at = _moved_along(before, starts_at - before.starts_at, now)
    is_summoned = await posts.is_told(tx, summons_cause(meeting_id))
    await meetings.put_meeting(
        tx,
        meeting_id,
        starts_at=starts_at,
        starts_wall=_wall(starts_at, before.timezone).isoformat(timespec="minutes"),
        place=place,
        moves=before.moves + 1,
        check_in_opens_at=opens_at,
        summons_approved_at=before.summons_approved_at if is_summoned else None,
    )
    await plan_meeting(tx, meeting_id, now)
    told = await _tell_moved(tx, before, await get_meeting_view(tx, meeting_id), now)
    await cards.touch_meeting_cards(tx, meeting_id, ALL_CARDS)
    await cards.touch_cards(tx, CardKind.HOME, before.organisation_id)
    facts = {
        "from": before.starts_at.isoformat(),
        "to": starts_at.isoformat(),
        "place": record.digest(place),
        "told": told,
    }
    await record.append(tx, before.organisation_id, meeting_id, now, "meeting_moved", facts, actor=actor)
    return MeetingMoved(told, is_window_left=opens_at is None and before.check_in_opens_at is not None)


def _instant(wall: datetime, timezone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def _wall(at: datetime, timezone: str) -> datetime:
    return at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def _moved_along(before: MeetingView, span: timedelta, now: datetime) -> datetime | None:
    """When the presence window opens by itself; by hand where that would have passed."""
    opens_at = before.check_in_opens_at
    if opens_at is None or before.check_in_opened_at is not None:
        return opens_at
    return opens_at + span if opens_at + span > now else None


async def _tell_moved(tx: Tx, before: MeetingView, after: MeetingView, now: datetime) -> int:
    """Tell those who know of the meeting; where it waits for approval nobody does."""
    if not before.may_summon:
        return 0
    cause = f"moved:{after.meeting_id}:{after.moves}"
    facts = {
        "moves": after.moves,
        "was_at": before.starts_at.isoformat(),
        "was_place": before.place,
    }
    first = min(before.starts_at, after.starts_at)
    told = await tell_attendees(tx, PostKind.MEETING_MOVED, cause, after, now, starts_at=first, facts=facts)
    await tell_others(tx, PostKind.MEETING_MOVED, cause, after, now, facts=facts)
    return told


@request
async def cancel_meeting(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, reason: str
) -> MeetingCancelled | Unchanged | Refused:
    """Cancel a meeting with a reason, which everybody is told: it is closed, without a summary.

    Votes that weren't announced are cancelled and nothing more is due. Once it is open, who presides decides.
    """
    text = names.tidy_lines(reason)
    if not text:
        return Refused(Refusal.REASON_MISSING)
    if len(text) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, meeting_id)
    before = await get_meeting_view(tx, meeting_id)
    if state is MeetingState.CLOSED:
        return Unchanged() if before.cancelled_at is not None else await refuse_closed(tx, meeting_id)
    if state is MeetingState.OPEN and not actor.may(Right.PRESIDE):
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.PRESIDE})
    unfinished = {VoteState.DRAFT, VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED}
    for vote_id in await votes.list_votes(tx, meeting_id, unfinished):
        await cancel(tx, await votes.get_question(tx, vote_id), now, text, actor)
    await meetings.put_meeting(
        tx,
        meeting_id,
        state=MeetingState.CLOSED,
        closed_at=now,
        cancelled_at=now,
        cancel_reason=text,
        check_in_closed_at=before.check_in_closed_at or now,
    )
    await clear_floor(tx, meeting_id, now, actor)
    await due.withdraw_all(tx, meeting_id)
    told = 0
    if before.may_summon:
        cause = f"cancelled:{meeting_id}"
        kind, starts_at = PostKind.MEETING_CANCELLED, before.starts_at
        told = await tell_attendees(tx, kind, cause, before, now, starts_at=starts_at)
        await tell_others(tx, kind, cause, before, now)
    await cards.touch_meeting_cards(tx, meeting_id, ALL_CARDS)
    await cards.touch_cards(tx, CardKind.HOME, before.organisation_id)
    facts = {"reason": record.digest(text), "told": told}
    await record.append(
        tx,
        before.organisation_id,
        meeting_id,
        now,
        "meeting_cancelled",
        facts,
        actor=actor,
        is_presiding=state is MeetingState.OPEN,
    )
    return MeetingCancelled(told)

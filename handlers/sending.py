"""Reminders by hand: tried on oneself, sent at once, left out and taken up again; and which there are."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.acts import record_act
from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.deeds import Moment
from handlers.due import DEEDS
from handlers.meetings import Unchanged
from handlers.outlook import BY_HAND
from handlers.planning import plan_meeting
from handlers.reminders import KINDS, POSTS, add_reminders, list_reminded
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.reminders import LEAD, are_spans, last_at, quiet_until
from meeting.states import MeetingState, PostKind, Priority, WorkState
from storage import due, meetings, posts
from storage.database import Tx
from storage.due import DueWork
from storage.errors import NotFoundError
from storage.reading import get_meeting_view, get_roll
from storage.views import MeetingView

_TAKEN_UP_FOR = timedelta(minutes=1)
"""How much later than now something must be due that is taken up again."""


@dataclass(frozen=True, slots=True)
class TrialSent:
    """The message goes to who asked, and to nobody else."""


@dataclass(frozen=True, slots=True)
class ReminderSent:
    """So many people are reminded now, and `later` ones when their quiet hours are over."""

    told: int
    later: int


@dataclass(frozen=True, slots=True)
class ReminderSkipped:
    """It isn't sent."""


@dataclass(frozen=True, slots=True)
class ReminderTakenUp:
    """It is sent on time again."""


@dataclass(frozen=True, slots=True)
class RemindersSet:
    """People are reminded so many minutes before the meeting, the longest first."""

    minutes: tuple[int, ...]


async def _asked_about(tx: Tx, asked: Asked, due_id: int) -> tuple[Actor, MeetingView, DueWork] | Refused:
    """Give what somebody who prepares the meeting asks about, with the meeting held."""
    found = await due.find_work(tx, due_id)
    if found is None:
        raise NotFoundError(due_id)
    actor = await permitted(tx, asked, found.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, found.meeting_id)
    work = await due.find_work(tx, due_id)
    if work is None or work.kind not in BY_HAND:
        return Refused(Refusal.NOT_FOUND)
    meeting = await get_meeting_view(tx, work.meeting_id)
    if work.kind in KINDS and meeting.state is not MeetingState.PLANNED:
        return await _refuse_not_ahead(tx, meeting)
    return actor, meeting, work


async def _refuse_not_ahead(tx: Tx, meeting: MeetingView) -> Refused:
    is_open = meeting.state is MeetingState.OPEN
    return Refused(Refusal.MEETING_OPEN) if is_open else await refuse_closed(tx, meeting.meeting_id)


# Tried on oneself


@request
async def send_trial(tx: Tx, asked: Asked, now: datetime, due_id: int) -> TrialSent | Refused:
    """Send a reminder to who asks, as its recipients will get it and marked as a test; each time anew."""
    about = await _asked_about(tx, asked, due_id)
    if isinstance(about, Refused):
        return about
    _, meeting, work = about
    if work.kind not in POSTS:
        return Refused(Refusal.NOT_FOUND)
    return await _add_trial(tx, asked, meeting, POSTS[work.kind], work.part, now)


@request
async def send_trial_summons(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> TrialSent | Refused:
    """Send the summons to who asks, as attendees will get it and marked as a test; each time anew."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.state is not MeetingState.PLANNED:
        return await _refuse_not_ahead(tx, meeting)
    return await _add_trial(tx, asked, meeting, PostKind.SUMMONS, 0, now)


async def _add_trial(
    tx: Tx, asked: Asked, meeting: MeetingView, kind: PostKind, part: int, now: datetime
) -> TrialSent | Refused:
    if not await get_roll(tx, meeting.meeting_id):
        return Refused(Refusal.MEETING_HAS_NO_ATTENDEES)
    event = hashlib.sha256(f"{asked.platform}:{asked.event_id}".encode()).hexdigest()
    await posts.add_posts(
        tx,
        kind,
        f"trial:{event[:48]}",
        meeting.meeting_id,
        {asked.account_id},
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.ANSWER,
        facts={"part": part, "starts_at": meeting.starts_at.isoformat(), "is_trial": True},
        now=now,
    )
    return TrialSent()


# At once


@request
async def send_reminder(
    tx: Tx, asked: Asked, now: datetime, due_id: int
) -> ReminderSent | Unchanged | Refused:
    """Send a reminder now in place of when it is due, a missed one too.

    Who is in quiet hours gets it after them. Once only: a repeat changes nothing, and it isn't sent again
    when it would have been due.
    """
    about = await _asked_about(tx, asked, due_id)
    if isinstance(about, Refused):
        return about
    actor, meeting, work = about
    if work.state is WorkState.DONE:
        return Unchanged()
    if work.state not in {WorkState.WAITING, WorkState.MISSED}:
        return Refused(Refusal.REMINDER_OVER)
    if work.kind in KINDS:
        if not meeting.may_summon:
            return Refused(Refusal.SUMMONS_NOT_APPROVED)
        sent = await _remind_now(tx, meeting, work, now)
    else:
        outcome = await DEEDS[work.kind](tx, work, Moment(now, now))
        if outcome is not WorkState.DONE:
            return Refused(Refusal.REMINDER_OVER)
        sent = ReminderSent(0, 0)
    await due.put_due_done(tx, due_id, WorkState.DONE, now)
    facts = {**_facts(work), "told": sent.told + sent.later}
    await record_act(tx, meeting, now, "reminder_sent", facts, actor)
    return sent


async def _remind_now(tx: Tx, meeting: MeetingView, work: DueWork, now: datetime) -> ReminderSent:
    waits: dict[datetime | None, list[int]] = defaultdict(list)
    concerned = await list_reminded(tx, meeting, work.kind, work.part)
    for place, one in enumerate(concerned):
        zone = ZoneInfo(one.timezone or meeting.timezone)
        waits[quiet_until(now, zone, meeting.starts_at)].append(place)
    for not_before, places in waits.items():
        those = [concerned[place] for place in places]
        await add_reminders(tx, meeting, work, those, now, not_before=not_before)
    told = len(waits.get(None, ()))
    return ReminderSent(told, len(concerned) - told)


# Left out


@request
async def skip_reminder(
    tx: Tx, asked: Asked, now: datetime, due_id: int, *, is_skipped: bool
) -> ReminderSkipped | ReminderTakenUp | Unchanged | Refused:
    """Leave a reminder out for the time it is planned for, or take it up again; a repeat changes nothing.

    Put to another time, the meeting is reminded of anew. What was sent can't be left out, nor can be taken up
    what would be late by now.
    """
    about = await _asked_about(tx, asked, due_id)
    if isinstance(about, Refused):
        return about
    actor, meeting, work = about
    is_out = work.state is WorkState.WITHDRAWN and work.settled_at is not None
    if is_out is is_skipped and work.state in {WorkState.WAITING, WorkState.WITHDRAWN}:
        return Unchanged()
    if is_skipped:
        if work.state is not WorkState.WAITING:
            return Refused(Refusal.REMINDER_OVER)
        await due.put_due_done(tx, due_id, WorkState.WITHDRAWN, now)
        await record_act(tx, meeting, now, "reminder_skipped", _facts(work), actor)
        return ReminderSkipped()
    if not is_out or _would_be_late(meeting, work, now):
        return Refused(Refusal.REMINDER_OVER)
    await due.put_due(
        tx,
        work.kind,
        work.subject_id,
        max(work.planned_at - (LEAD if work.kind in KINDS else timedelta()), now),
        organisation_id=work.organisation_id,
        meeting_id=work.meeting_id,
        part=work.part,
        planned_at=work.planned_at,
    )
    await record_act(tx, meeting, now, "reminder_taken_up", _facts(work), actor)
    return ReminderTakenUp()


def _would_be_late(meeting: MeetingView, work: DueWork, now: datetime) -> bool:
    latest = work.planned_at
    if work.kind in KINDS:
        latest = last_at(work.part, meeting.reminders, meeting.starts_at)
    return latest < now + _TAKEN_UP_FOR


def _facts(work: DueWork) -> dict[str, object]:
    return {"kind": work.kind, "subject": work.subject_id, "part": work.part}


# Which there are


@request
async def set_reminder(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, minutes: int, *, is_on: bool
) -> RemindersSet | Unchanged | Refused:
    """Have people reminded so many minutes before the meeting, or not; a repeat changes nothing."""
    meeting = await _prepared(tx, asked, meeting_id)
    if isinstance(meeting, Refused):
        return meeting
    others = {each for each in meeting[1].reminders if each != minutes}
    return await _put_reminders(tx, *meeting, others | {minutes} if is_on else others, now)


@request
async def set_reminders(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, minutes: Collection[int]
) -> RemindersSet | Unchanged | Refused:
    """Have people reminded at these spans before the meeting and at no others; a repeat changes nothing.

    Those of them that have passed by now aren't sent any more.
    """
    meeting = await _prepared(tx, asked, meeting_id)
    if isinstance(meeting, Refused):
        return meeting
    return await _put_reminders(tx, *meeting, set(minutes), now)


async def _prepared(tx: Tx, asked: Asked, meeting_id: int) -> tuple[Actor, MeetingView] | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.state is not MeetingState.PLANNED:
        return await _refuse_not_ahead(tx, meeting)
    return actor, meeting


async def _put_reminders(
    tx: Tx, actor: Actor, meeting: MeetingView, minutes: Collection[int], now: datetime
) -> RemindersSet | Unchanged | Refused:
    if not are_spans(minutes):
        return Refused(Refusal.SPANS_UNREADABLE)
    wanted = tuple(sorted(minutes, reverse=True))
    if wanted == tuple(sorted(set(meeting.reminders), reverse=True)):
        return Unchanged()
    await meetings.put_meeting(tx, meeting.meeting_id, reminders=list(wanted))
    await plan_meeting(tx, meeting.meeting_id, now)
    facts = {"minutes": list(wanted)}
    await record_act(tx, meeting, now, "reminders_set", facts, actor)
    return RemindersSet(wanted)

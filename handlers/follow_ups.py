"""Statutory dates after a conference: those who prepare it are reminded in time."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from meeting.agenda import ItemKind
from meeting.follow_ups import FollowUp, StatutoryDate, statutory_dates, working_day_rule
from meeting.reminders import Planned
from meeting.states import DueKind, PostKind, Priority, WorkState
from meeting.tally import Decision
from storage import days, meetings, people, posts
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view, list_items
from storage.views import MeetingView

_MORNING = time(8)
"""When those concerned are reminded, by the meeting's wall clock."""


async def plan_follow_ups(tx: Tx, meeting: MeetingView) -> list[Planned]:
    """Plan a reminder of each statutory date after the meeting."""
    zone = ZoneInfo(meeting.timezone)
    return [
        Planned(DueKind.FOLLOW_UP, meeting.meeting_id, each.follow_up, at, at)
        for each in await _dates(tx, meeting)
        for at in [datetime.combine(each.remind_on, _MORNING, zone)]
    ]


async def _dates(tx: Tx, meeting: MeetingView) -> list[StatutoryDate]:
    if meeting.closed_at is None or meeting.cancelled_at is not None:
        return []
    return statutory_dates(
        meeting.rules.regime,
        meeting.closed_at.astimezone(ZoneInfo(meeting.timezone)).date(),
        working_day_rule(await days.list_special_days(tx)),
        has_elected=any(
            item.kind is ItemKind.ELECTION and item.decision is Decision.ADOPTED
            for item in await list_items(tx, meeting.meeting_id)
        ),
    )


async def remind_of_follow_up(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind those who prepared the meeting; missed once the last day is over."""
    meeting = await get_meeting_view(tx, work.meeting_id)
    due_on = {each.follow_up: each.due_on for each in await _dates(tx, meeting)}.get(FollowUp(work.part))
    if due_on is None:
        return WorkState.WITHDRAWN
    if moment.now.astimezone(ZoneInfo(meeting.timezone)).date() > due_on:
        return WorkState.MISSED
    recipients = {
        *await meetings.list_presiding_accounts(tx, meeting.meeting_id),
        *await people.list_organiser_accounts(tx, meeting.organisation_id),
    }
    await posts.add_posts(
        tx,
        PostKind.FOLLOW_UP,
        f"follow_up:{meeting.meeting_id}:{work.part}:{due_on}",
        meeting.meeting_id,
        recipients,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.REMINDER,
        facts={"follow_up": work.part, "due_on": due_on.isoformat()},
        now=moment.now,
    )
    return WorkState.DONE

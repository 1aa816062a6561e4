"""Official notices: what everybody summoned is told whether they want reminders or not, each once."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.reach import follow_posts
from meeting.people import Role
from meeting.reminders import quiet_until
from meeting.states import PostKind, Priority
from storage import attendees, groups, people, posts
from storage.database import Tx
from storage.reminding import list_concerned
from storage.views import MeetingView

_URGENT = timedelta(hours=24)
"""What begins within this is told at once, whatever the hour; else the quiet hours are waited out."""


async def tell_attendees(
    tx: Tx,
    kind: PostKind,
    cause: str,
    meeting: MeetingView,
    now: datetime,
    *,
    starts_at: datetime,
    facts: dict[str, Any] | None = None,
) -> int:
    """Tell each attendee who can be reached and isn't replaced, and give how many that are.

    A repeat tells only those who weren't told yet. `starts_at` is the first instant at which somebody would
    come for nothing or too late.
    """
    waits: dict[datetime | None, set[int]] = defaultdict(set)
    concerned = await list_concerned(tx, meeting.meeting_id, not_told=cause, is_official=True)
    for one in concerned:
        waits[_not_before(now, starts_at, one.timezone or meeting.timezone)].add(one.account_id)
    for not_before, account_ids in waits.items():
        await posts.add_posts(
            tx,
            kind,
            cause,
            meeting.meeting_id,
            account_ids,
            organisation_id=meeting.organisation_id,
            meeting_id=meeting.meeting_id,
            priority=Priority.RESULT,
            facts=facts,
            now=now,
            not_before=not_before,
        )
    await follow_posts(
        tx,
        kind,
        cause,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        now=now,
    )
    return len(concerned)


def _not_before(now: datetime, starts_at: datetime, timezone: str) -> datetime | None:
    return None if starts_at - now < _URGENT else quiet_until(now, ZoneInfo(timezone))


async def tell_others(
    tx: Tx,
    kind: PostKind,
    cause: str,
    meeting: MeetingView,
    now: datetime,
    *,
    facts: dict[str, Any] | None = None,
) -> None:
    """Tell the groups that follow the meeting, and those who have a role in it and no seat."""
    staff = await people.list_role_accounts(tx, meeting.meeting_id, set(Role))
    seated = await attendees.list_meeting_accounts(tx, meeting.meeting_id)
    await posts.add_posts(
        tx,
        kind,
        cause,
        meeting.meeting_id,
        (set(staff) - set(seated)) | set(await groups.list_group_accounts(tx, meeting.meeting_id)),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.RESULT,
        facts=facts,
        now=now,
    )

"""Reminders of a pledge: to its signers who haven't confirmed, and to the secretary of those out of reach."""

from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from handlers.task_reminders import list_keepers
from meeting.pledge_reminders import next_reminder_at, plan_pledge_reminders, remind_of_pledge_at
from meeting.pledges import Pledge
from meeting.reminders import Planned
from meeting.states import PostKind, Priority, WorkState
from storage import pledges, posts, tasks
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view
from storage.views import MeetingView


async def plan_pledge(tx: Tx, meeting: MeetingView) -> list[Planned]:
    """Plan the reminders of the meeting's pledge while a party is missing."""
    pledge = await pledges.find_pledge(tx, meeting.meeting_id)
    if meeting.cancelled_at is not None or pledge is None or pledge.frozen is None or pledge.is_complete:
        return []
    return plan_pledge_reminders(pledge.pledge_id, pledge.frozen.frozen_at, ZoneInfo(meeting.timezone))


async def remind_of_pledge(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind the signers whose turn it is, and those who keep the roll of parties that can't be reached.

    Each in the civil hours of their own. In a pledge on paper those who keep the roll alone are reminded, as
    nobody confirms by phone.
    """
    pledge = await pledges.find_pledge(tx, work.meeting_id)
    if pledge is None or pledge.pledge_id != work.subject_id or pledge.frozen is None or pledge.is_complete:
        return WorkState.WITHDRAWN
    meeting = await get_meeting_view(tx, work.meeting_id)
    next_at = next_reminder_at(pledge.frozen.frozen_at, work.part, ZoneInfo(meeting.timezone))
    # Not by the kind of work, by which lists of what was sent name everybody: they would tell who is missing.
    cause = f"{PostKind.PLEDGE_REMINDER}:{pledge.pledge_id}:{work.part}:{work.planned_at.timestamp():.0f}"
    told = await posts.list_told(tx, cause)
    ready, later, is_missed = [], set(), False
    for account_id, zone in (await _recipients(tx, pledge, meeting)).items():
        at = remind_of_pledge_at(work.planned_at, next_at, zone, moment.now)
        if account_id in told:
            continue
        if at is None:
            is_missed = True
        elif at <= moment.now:
            ready.append(account_id)
        else:
            later.add(at)
    await posts.add_posts(
        tx,
        PostKind.PLEDGE_REMINDER,
        cause,
        pledge.pledge_id,
        ready,
        organisation_id=pledge.organisation_id,
        meeting_id=pledge.meeting_id,
        priority=Priority.REMINDER,
        facts={"part": work.part},
        now=moment.now,
    )
    if later:
        return min(later)
    return WorkState.MISSED if is_missed else WorkState.DONE


async def _recipients(tx: Tx, pledge: Pledge, meeting: MeetingView) -> dict[int, ZoneInfo]:
    """Give who is reminded, with the zone of each; who doesn't want reminders isn't."""
    here = ZoneInfo(meeting.timezone)
    recipients: dict[int, ZoneInfo] = {}
    is_out_of_reach = pledge.is_on_paper
    for party in () if pledge.is_on_paper else pledge.awaited:
        reached = await tasks.find_owner_reached(tx, party.signer_id)
        if reached is None:
            is_out_of_reach = True
        elif reached.is_reminded:
            recipients[reached.account_id] = ZoneInfo(reached.timezone or meeting.timezone)
    if is_out_of_reach:
        for account_id in await list_keepers(tx, meeting):
            recipients.setdefault(account_id, here)
    return recipients

"""A vote's deadline, and the calls before it: to the electors who haven't voted, or to the hall."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from meeting.people import Presence
from meeting.reminders import Planned
from meeting.states import CardKind, DueKind, PostKind, Priority, WorkState
from meeting.vote_times import Audience, call_at, is_call_late, plan_calls
from meeting.voting import VoteState
from storage import cards, due, groups, posts, votes
from storage.database import Tx
from storage.due import DueWork
from storage.platforms import SPARING
from storage.reading import get_meeting_view
from storage.reminding import list_concerned
from storage.votes import Question

CALLS = frozenset({DueKind.VOTE_HALF_TIME, DueKind.VOTE_LAST_MINUTE})


async def put_deadline(tx: Tx, question: Question, now: datetime, deadline_at: datetime | None) -> None:
    """Have a vote end at an instant, with calls before it; without one nothing is due for it any more."""
    vote = question.vote
    for kind in CALLS:
        await due.withdraw_due(tx, kind, vote.vote_id)
    if deadline_at is None:
        await due.withdraw_due(tx, DueKind.VOTE_DEADLINE, vote.vote_id)
        return
    zone = ZoneInfo((await get_meeting_view(tx, vote.meeting_id)).timezone)
    end = Planned(DueKind.VOTE_DEADLINE, vote.vote_id, 0, deadline_at, deadline_at)
    for planned in (*plan_calls(vote.vote_id, now, deadline_at, zone), end):
        await due.put_due(
            tx,
            planned.kind,
            vote.vote_id,
            planned.due_at,
            organisation_id=question.organisation_id,
            meeting_id=vote.meeting_id,
            part=planned.part,
            planned_at=planned.planned_at,
        )


async def call_missing(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind the electors who haven't voted, or tell the hall how many they are; once for each deadline.

    Missed where the next call or the end is too near. Who has left or wants no reminders is not called.
    """
    question = await votes.get_question(tx, work.subject_id)
    vote, now = question.vote, moment.now
    if vote.state is not VoteState.OPEN or vote.deadline_at is None:
        return WorkState.WITHDRAWN
    if is_call_late(work.kind, vote.deadline_at, now):
        return WorkState.MISSED
    turnout = await votes.get_turnout(tx, vote.vote_id)
    if turnout.voted == turnout.electors:
        return WorkState.DONE
    told: dict[datetime | None, set[int]] = {}
    if work.part == Audience.HALL:
        told[None] = set(await groups.list_group_accounts(tx, vote.meeting_id, but=SPARING))
    else:
        told = await _missing(tx, work, vote.deadline_at, now)
    for not_before, account_ids in told.items():
        await posts.add_posts(
            tx,
            PostKind.NON_VOTER,
            _cause(work, vote.deadline_at),
            vote.vote_id,
            account_ids,
            organisation_id=question.organisation_id,
            meeting_id=vote.meeting_id,
            priority=Priority.BALLOT,
            facts={"call": work.kind, "deadline_at": vote.deadline_at.isoformat()},
            now=now,
            not_before=not_before,
        )
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)
    return WorkState.DONE


def _cause(work: DueWork, deadline_at: datetime) -> str:
    """Give what makes a call one: with another deadline, electors are called anew."""
    return f"{work.kind}:{work.subject_id}:{deadline_at.timestamp():.0f}"


async def _missing(
    tx: Tx, work: DueWork, deadline_at: datetime, now: datetime
) -> dict[datetime | None, set[int]]:
    """The accounts of those to be called, by the instant before which they are left in peace."""
    missing = await votes.list_missing(tx, work.subject_id)
    timezone = (await get_meeting_view(tx, work.meeting_id)).timezone
    told: dict[datetime | None, set[int]] = {}
    for one in await list_concerned(
        tx, work.meeting_id, presences={Presence.PRESENT}, not_told=_cause(work, deadline_at)
    ):
        at = call_at(Audience(work.part), deadline_at, now, ZoneInfo(one.timezone or timezone))
        if one.attendee_id in missing and at is not None:
            told.setdefault(at if at > now else None, set()).add(one.account_id)
    return told

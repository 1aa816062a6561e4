"""What changes in the hall, whoever causes it: the presence window opens, the quorum is lost or regained."""

from collections.abc import Collection
from datetime import datetime

from handlers.planning import plan_meeting
from handlers.reach import follow_posts
from meeting.people import Presence, Reply
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.voting import VoteState
from storage import attendees, cards, groups, meetings, posts, record, votes
from storage.database import Tx
from storage.platforms import SPARING
from storage.reading import get_attendance
from storage.reminding import list_concerned
from storage.views import MeetingView


async def open_window(tx: Tx, view: MeetingView, now: datetime) -> None:
    """Open the presence window and tell groups and who is expected and not there yet.

    Each is told once, however often it opens.
    """
    await meetings.put_meeting(
        tx, view.meeting_id, check_in_opened_at=view.check_in_opened_at or now, check_in_closed_at=None
    )
    cause = f"checkin:{view.meeting_id}"
    expected = await list_concerned(
        tx,
        view.meeting_id,
        replies={Reply.NONE, Reply.COMING},
        presences={Presence.AWAY},
        not_told=cause,
    )
    await posts.add_posts(
        tx,
        PostKind.CHECK_IN_OPENED,
        cause,
        view.meeting_id,
        {
            *(one.account_id for one in expected),
            *await groups.list_group_accounts(tx, view.meeting_id, but=SPARING),
        },
        organisation_id=view.organisation_id,
        meeting_id=view.meeting_id,
        priority=Priority.REMINDER,
        now=now,
    )
    await follow_posts(
        tx,
        PostKind.CHECK_IN_OPENED,
        cause,
        organisation_id=view.organisation_id,
        meeting_id=view.meeting_id,
        now=now,
    )
    await plan_meeting(tx, view.meeting_id, now)


async def show_presence(tx: Tx, view: MeetingView, attendee_ids: Collection[int], now: datetime) -> None:
    """Show a changed presence on the phones of those it is about and on the panels, and watch the quorum."""
    accounts = await attendees.list_meeting_accounts(tx, view.meeting_id, attendee_ids)
    # Ballots before panels, as where ballots are cast: two transactions must not wait for each other.
    for vote_id in await votes.list_votes(tx, view.meeting_id, {VoteState.OPEN, VoteState.PAUSED}):
        await cards.touch_cards(tx, CardKind.BALLOT, vote_id, accounts)
    await cards.touch_cards(tx, CardKind.ATTENDANCE, view.meeting_id, accounts)
    await watch_quorum(tx, view, now)


async def watch_quorum(tx: Tx, view: MeetingView, now: datetime) -> None:
    """Show the count on panels and in groups; record and tell a quorum lost or regained."""
    await cards.touch_cards(tx, CardKind.GROUP, view.meeting_id)
    await cards.touch_cards(tx, CardKind.PANEL, view.meeting_id)
    had_quorum = await meetings.find_had_quorum(tx, view.meeting_id)
    if view.state is not MeetingState.OPEN or had_quorum is None:
        return
    attendance = await get_attendance(tx, view.meeting_id)
    if attendance.has_quorum == had_quorum:
        return
    await meetings.put_meeting(tx, view.meeting_id, had_quorum=attendance.has_quorum)
    act = "quorum_regained" if attendance.has_quorum else "quorum_lost"
    facts = {"present": attendance.present, "units_present": attendance.units_present}
    entry = await record.append(tx, view.organisation_id, view.meeting_id, now, act, facts)
    if attendance.has_quorum:
        return
    await posts.add_posts(
        tx,
        PostKind.QUORUM_LOST,
        f"quorum:{view.meeting_id}:{entry.number}",
        view.meeting_id,
        await meetings.list_presiding_accounts(tx, view.meeting_id),
        organisation_id=view.organisation_id,
        meeting_id=view.meeting_id,
        priority=Priority.PANEL,
        facts={"counted": attendance.counted, "base": attendance.base},
        now=now,
    )

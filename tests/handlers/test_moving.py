"""A meeting that is put off, held elsewhere, cancelled or summoned to: everybody is told, each once."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from handlers import attendance, meetings, moving, summoning
from handlers.due import do_due_work
from handlers.meetings import Unchanged
from handlers.moving import MeetingCancelled, MeetingMoved
from handlers.summoning import ApprovalSet, SummonsApproved, SummonsHeld, SummonsSent
from meeting.people import Role
from meeting.refusals import Refusal
from meeting.states import DueKind, MeetingState, PostKind, WorkState
from meeting.voting import VoteState
from storage.database import Database
from storage.due import DueWork, list_work
from storage.reading import get_meeting_view
from storage.rows import OrganisationRow
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, seat

DAY = timedelta(days=1)
WALL = datetime(2027, 1, 12, 8, 0)  # noqa: DTZ001 - wall time, as it is typed
AT = datetime(2027, 1, 12, 1, 0, tzinfo=UTC)


async def ahead(database: Database, *names: str, bind: bool = True) -> Journey:
    """A meeting ten days from now."""
    journey = await Journey.founded(database)
    journey.clock.advance(-10 * DAY)
    await journey.add_meeting(plan([*names, seat("Chủ tọa", role=Role.CHAIR)], ITEMS))
    if bind:
        await journey.join_all()
    return journey


async def work_of(journey: Journey) -> dict[tuple[DueKind, int], DueWork]:
    async with journey.database.snapshot() as tx:
        return {(work.kind, work.part): work for work in await list_work(tx, journey.meeting_id)}


async def waiting(journey: Journey) -> dict[tuple[DueKind, int], datetime]:
    """What is still to be done, and the instant that it is planned for."""
    work = await work_of(journey)
    return {key: one.planned_at for key, one in work.items() if one.state is WorkState.WAITING}


async def test_reminders_move_with_the_meeting_and_everybody_is_told(database: Database) -> None:
    journey = await ahead(database, "An", "Bình")
    asked, starts_at = journey.asked, (await journey.meeting()).starts_at
    opens_at = starts_at - timedelta(minutes=30)
    await attendance.schedule_check_in(journey.house, asked(ORGANISER), journey.meeting_id, opens_at)
    assert await waiting(journey) == {
        (DueKind.MEETING_REMINDER, 10080): starts_at - 7 * DAY,
        (DueKind.REPLY_WANTED, 4320): starts_at - 3 * DAY,
        (DueKind.MEETING_REMINDER, 1440): starts_at - DAY,
        (DueKind.MEETING_REMINDER, 60): starts_at - timedelta(hours=1),
        (DueKind.CHECK_IN_OPENS, 0): opens_at,
    }
    moved = await moving.move_meeting(
        journey.house, asked(ORGANISER), journey.meeting_id, WALL, "Hội trường B"
    )
    assert moved == MeetingMoved(3, is_window_left=False)
    meeting = await journey.meeting()
    assert (meeting.starts_at, meeting.place, meeting.moves) == (AT, "Hội trường B", 1)
    assert {at - AT for at in (await waiting(journey)).values()} == {
        -7 * DAY,
        -3 * DAY,
        -DAY,
        -timedelta(hours=1),
        -timedelta(minutes=30),
    }
    assert await journey.posts_to("An") == [PostKind.MEETING_MOVED]
    assert (await journey.acts())[-1] == "meeting_moved"
    again = await moving.move_meeting(journey.house, asked(ORGANISER), journey.meeting_id, WALL, None)
    assert isinstance(again, Unchanged)
    assert await journey.posts_to("An") == [PostKind.MEETING_MOVED]


async def test_a_meeting_is_not_put_into_the_past_nor_moved_once_it_is_open(database: Database) -> None:
    journey = await ahead(database, "An")
    yesterday = datetime(2026, 12, 19, 8, 0)  # noqa: DTZ001 - wall time, as it is typed
    move = moving.move_meeting
    assert (
        refused(await move(journey.house, journey.asked(ORGANISER), journey.meeting_id, yesterday, None))
        is Refusal.DEADLINE_PAST
    )
    assert (
        refused(await move(journey.house, journey.asked("An"), journey.meeting_id, WALL, None))
        is Refusal.NOT_PERMITTED
    )
    await journey.open_meeting()
    assert await waiting(journey) == {}, "who is in the meeting needs no reminder of it"
    assert (
        refused(await move(journey.house, journey.asked(ORGANISER), journey.meeting_id, WALL, None))
        is Refusal.MEETING_OPEN
    )


async def test_what_was_sent_for_the_old_time_is_sent_anew_for_the_new_one(database: Database) -> None:
    journey = await ahead(database, "An")
    starts_at = (await journey.meeting()).starts_at
    journey.clock.advance(starts_at - 7 * DAY - journey.clock.now())
    assert await do_due_work(journey.house, START - 30 * DAY) == 1
    move = moving.move_meeting
    await move(journey.house, journey.asked(ORGANISER), journey.meeting_id, WALL, None)
    journey.clock.advance(AT - 7 * DAY - journey.clock.now())
    assert await do_due_work(journey.house, START - 30 * DAY) == 1
    assert await journey.posts_to("An") == [
        PostKind.MEETING_REMINDER,
        PostKind.MEETING_MOVED,
        PostKind.MEETING_REMINDER,
    ]


async def test_a_cancelled_meeting_reminds_of_nothing_and_has_no_summary(database: Database) -> None:
    journey = await ahead(database, "An")
    cancel = moving.cancel_meeting
    house, meeting_id = journey.house, journey.meeting_id
    assert refused(await cancel(house, journey.asked(ORGANISER), meeting_id, " ")) is Refusal.REASON_MISSING
    assert refused(await cancel(house, journey.asked("An"), meeting_id, "Bão")) is Refusal.NOT_PERMITTED
    assert await cancel(house, journey.asked(ORGANISER), meeting_id, "Bão số 9") == MeetingCancelled(2)
    meeting = await journey.meeting()
    assert (meeting.state, meeting.cancel_reason) == (MeetingState.CLOSED, "Bão số 9")
    assert await waiting(journey) == {}
    assert await journey.posts_to("An") == [PostKind.MEETING_CANCELLED]
    assert isinstance(await cancel(house, journey.asked(ORGANISER), meeting_id, "Bão"), Unchanged)
    for late in (
        await meetings.open_meeting(house, journey.asked(ORGANISER), meeting_id),
        await moving.move_meeting(house, journey.asked(ORGANISER), meeting_id, WALL, None),
        await journey.come_in("An"),
    ):
        assert refused(late) is Refusal.MEETING_CANCELLED
    await journey.bind("An", platform="web")
    assert await journey.posts_to("An (web)") == []


async def test_an_open_meeting_is_cancelled_by_who_presides_with_its_votes(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    running = await journey.open_vote(within=timedelta(minutes=5))
    drafted = await journey.draft(1)
    cancelled = await moving.cancel_meeting(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, "Mất điện"
    )
    assert isinstance(cancelled, MeetingCancelled)
    assert [(await journey.vote(each)).state for each in (running, drafted)] == [VoteState.CANCELLED] * 2
    assert await waiting(journey) == {}
    assert PostKind.SUMMARY not in await journey.posts_to("An")
    assert (await journey.acts())[-1] == "meeting_cancelled"


async def test_a_summons_reaches_each_once_and_later_ones_when_sent_again(database: Database) -> None:
    journey = await ahead(database, "An", "Bình", bind=False)
    send = summoning.send_summons
    house, meeting_id = journey.house, journey.meeting_id
    assert refused(await send(house, journey.asked(ORGANISER), meeting_id)) is Refusal.NOBODY_REACHED
    await journey.bind("An")
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsSent(1, 2)
    await journey.bind("An", platform="web")
    await journey.bind("Bình")
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsSent(1, 1)
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsSent(0, 1)
    assert (await journey.posts_to("An")).count(PostKind.SUMMONS) == 1
    assert PostKind.SUMMONS not in await journey.posts_to("An (web)")
    assert await journey.posts_to("Bình") == [PostKind.SUMMONS]


async def test_where_the_head_approves_nobody_is_summoned_or_reminded_before(database: Database) -> None:
    journey = await Journey.founded(database)
    journey.clock.advance(-10 * DAY)
    async with database.transaction() as tx:
        await tx.exec(sa.update(OrganisationRow).values(needs_approval=True))
    await journey.add_meeting(plan(["An", seat("Chủ tọa", role=Role.CHAIR)]))
    await journey.join_all()
    house, meeting_id = journey.house, journey.meeting_id
    send, approve = summoning.send_summons, summoning.approve_summons
    assert refused(await approve(house, journey.asked(ORGANISER), meeting_id)) is Refusal.NOT_PERMITTED
    starts_at = (await journey.meeting()).starts_at
    journey.clock.advance(starts_at - 7 * DAY - journey.clock.now())
    await do_due_work(house, START - 30 * DAY)
    assert await journey.posts_to("An") == []
    assert isinstance(await approve(house, journey.asked("Chủ tọa"), meeting_id), SummonsApproved)
    assert isinstance(await approve(house, journey.asked("Chủ tọa"), meeting_id), Unchanged)
    await do_due_work(house, START - 30 * DAY)
    assert await journey.posts_to("An") == [PostKind.MEETING_REMINDER], "the one that waited"
    await moving.move_meeting(house, journey.asked(ORGANISER), meeting_id, WALL, None)
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsHeld()
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsHeld(), "asked for once"
    assert (await journey.posts_to("Chủ tọa")).count(PostKind.APPROVAL_WANTED) == 1
    assert PostKind.SUMMONS not in await journey.posts_to("An")
    outdated = await approve(house, journey.asked("Chủ tọa"), meeting_id, 0)
    assert refused(outdated) is Refusal.OUT_OF_DATE, "what was shown was another time"
    approved = await approve(house, journey.asked("Chủ tọa"), meeting_id, 1)
    assert approved == SummonsApproved(SummonsSent(2, 0))
    assert (await journey.posts_to("An"))[-1] is PostKind.SUMMONS
    assert await send(house, journey.asked(ORGANISER), meeting_id) == SummonsSent(0, 0)
    assert (await journey.acts())[-4:] == [
        "approval_asked",
        "summons_approved",
        "summons_sent",
        "summons_sent",
    ]


async def test_the_organisers_say_whether_the_head_approves(database: Database) -> None:
    journey = await ahead(database, "An")
    house, organisation_id = journey.house, journey.organisation_id
    set_approval = summoning.set_approval
    await summoning.send_summons(house, journey.asked(ORGANISER), journey.meeting_id)
    summoned = journey.meeting_id
    new = await journey.add_meeting(plan(["An", seat("Bình", role=Role.CHAIR)], title="Hội nghị khác"))
    refusal = await set_approval(house, journey.asked("An"), organisation_id, is_wanted=True)
    assert refused(refusal) is Refusal.NOT_PERMITTED
    wanted = await set_approval(house, journey.asked(ORGANISER), organisation_id, is_wanted=True)
    assert wanted == ApprovalSet(is_wanted=True)
    again = await set_approval(house, journey.asked(ORGANISER), organisation_id, is_wanted=True)
    assert isinstance(again, Unchanged)
    async with database.snapshot() as tx:
        assert not (await get_meeting_view(tx, new)).may_summon
        assert (await get_meeting_view(tx, summoned)).may_summon, "people are summoned already"
    nobody = await summoning.send_summons(house, journey.asked(ORGANISER), new)
    assert refused(nobody) is Refusal.NO_APPROVER, "the chair of this one isn't linked"
    await set_approval(house, journey.asked(ORGANISER), organisation_id, is_wanted=False)
    assert await summoning.send_summons(house, journey.asked(ORGANISER), new) == SummonsSent(1, 1)
    assert (await journey.acts()).count("approval_set") == 2

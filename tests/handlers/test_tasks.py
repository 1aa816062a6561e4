"""What a meeting gives people to do: they are told at once and reminded until it is done."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers import sending, tasks
from handlers.due import do_due_work
from handlers.joining import give_consent
from handlers.meetings import Unchanged
from handlers.outlook import Fate, get_outlook
from handlers.tasks import TaskDraft, TaskGiven, TaskSettled
from meeting.people import Purpose, Role
from meeting.refusals import Refusal, Refused
from meeting.states import DueKind, PostKind, WorkState
from meeting.tasks import MOST_TASKS, PlannedTask
from storage import due
from storage import tasks as stored
from storage.database import Database
from storage.reading import get_meeting_view
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat

DUE_ON = date(2027, 1, 15)
DAYS = {3: datetime(2027, 1, 12, 1, tzinfo=UTC), 0: datetime(2027, 1, 15, 1, tzinfo=UTC)}


async def held(database: Database) -> Journey:
    """A meeting that is closed, with a secretary who has no seat."""
    journey = await Journey.opened(database, plan([seat("Trần Chủ", role=Role.CHAIR), "An", "Bình"]))
    await journey.appoint("Thư ký", Role.SECRETARY)
    await journey.close_meeting()
    return journey


async def give(
    journey: Journey, owner: str = "An", due_on: date = DUE_ON, *, item: bool = False, by: str = ORGANISER
) -> TaskGiven | Refused:
    draft = TaskDraft(" Trình kế hoạch ", owner, journey.attendees.get(owner), due_on)
    item_id = journey.items[0] if item else None
    return await tasks.give_task(journey.house, journey.asked(by), journey.meeting_id, item_id, draft)


async def given(journey: Journey, owner: str = "An") -> int:
    task = await give(journey, owner)
    assert isinstance(task, TaskGiven), task
    return task.task_id


async def until(journey: Journey, at: datetime) -> None:
    """Let the clock run to an instant, doing what comes due on the way."""
    while True:
        async with journey.database.snapshot() as tx:
            next_at = await due.find_next_due_at(tx)
        now = journey.clock.now()
        journey.clock.advance(max(now, min(at, next_at or at)) - now)
        if not await do_due_work(journey.house, journey.clock.now()) and journey.clock.now() == at:
            return


async def reminders_to(journey: Journey, name: str) -> int:
    return (await journey.posts_to(name)).count(PostKind.TASK_DUE)


async def test_the_owner_is_told_reminded_twice_and_the_secretary_hears_what_is_overdue(
    database: Database,
) -> None:
    journey = await held(database)
    task = await give(journey, item=True, by="Trần Chủ")
    assert task == TaskGiven(journey.meeting_id, 1, is_owner_told=True)
    assert PostKind.TASK_GIVEN in await journey.posts_to("An")
    assert PostKind.TASK_GIVEN not in await journey.posts_to("Bình")
    for count, at in enumerate(DAYS.values()):
        await until(journey, at - timedelta(seconds=1))
        assert await reminders_to(journey, "An") == count
        await until(journey, at)
        assert await reminders_to(journey, "An") == count + 1
    assert await reminders_to(journey, "Thư ký") == 0
    await until(journey, DAYS[0] + timedelta(days=1))
    assert [await reminders_to(journey, name) for name in ("An", "Thư ký", ORGANISER)] == [2, 1, 1]
    await until(journey, DAYS[0] + timedelta(days=40))
    assert [await reminders_to(journey, name) for name in ("An", "Thư ký", "Trần Chủ")] == [2, 1, 0]
    entry = next(each for each in await journey.entries() if each.act == "task_given")
    assert entry.facts["item"] == journey.items[0]
    assert "Trình" not in str(entry.facts)


async def test_who_has_done_it_reports_it_once_and_hears_no_more_of_it(database: Database) -> None:
    journey = await held(database)
    task_id = await given(journey)
    assert refused(await tasks.finish_task(journey.house, journey.asked("Bình"), task_id)) is (
        Refusal.NOT_PERMITTED
    )
    done = await tasks.finish_task(journey.house, journey.asked("An"), task_id)
    assert done == TaskSettled(journey.meeting_id, task_id)
    assert await tasks.finish_task(journey.house, journey.asked("An"), task_id) == Unchanged()
    assert PostKind.TASK_DONE in await journey.posts_to("Thư ký")
    assert refused(await tasks.withdraw_task(journey.house, journey.asked(ORGANISER), task_id)) is (
        Refusal.TASK_DONE
    )
    await until(journey, DAYS[0] + timedelta(days=2))
    assert await reminders_to(journey, "An") == await reminders_to(journey, "Thư ký") == 0
    assert (await journey.acts())[-2:] == ["task_given", "task_done"]


async def test_a_withdrawn_task_is_no_more_and_its_owner_hears_of_it(database: Database) -> None:
    journey = await held(database)
    task_id = await given(journey)
    asked = journey.asked(ORGANISER)
    assert isinstance(await tasks.withdraw_task(journey.house, asked, task_id), TaskSettled)
    assert await tasks.withdraw_task(journey.house, journey.asked(ORGANISER), task_id) == Unchanged()
    assert PostKind.TASK_WITHDRAWN in await journey.posts_to("An")
    assert refused(await tasks.finish_task(journey.house, journey.asked("An"), task_id)) is (
        Refusal.TASK_WITHDRAWN
    )
    async with database.snapshot() as tx:
        work = await due.list_work(tx, journey.meeting_id, {DueKind.TASK_DUE})
        assert await stored.list_own_tasks(tx, journey.account("An")) == []
    assert {each.state for each in work} == {WorkState.WITHDRAWN}


async def test_who_wants_no_reminders_is_told_of_the_task_and_not_reminded(database: Database) -> None:
    journey = await held(database)
    await give_consent(
        journey.house, journey.asked("An"), journey.meeting_id, Purpose.REMINDERS, "1", "vi", is_given=False
    )
    await given(journey)
    assert PostKind.TASK_GIVEN in await journey.posts_to("An")
    await until(journey, DAYS[0] + timedelta(days=1))
    assert [await reminders_to(journey, name) for name in ("An", "Thư ký")] == [0, 1]


async def test_for_an_owner_whom_nothing_reaches_the_secretary_is_reminded(database: Database) -> None:
    journey = await held(database)
    task = await give(journey, "Văn phòng Sở")
    assert isinstance(task, TaskGiven)
    assert not task.is_owner_told
    await until(journey, DAYS[0])
    assert [await reminders_to(journey, name) for name in ("An", "Thư ký")] == [0, 2]


async def test_after_a_stop_only_what_still_makes_sense_is_said(database: Database) -> None:
    journey = await held(database)
    await given(journey)
    journey.clock.advance(DAYS[0] + timedelta(hours=3) - journey.clock.now())
    await until(journey, journey.clock.now())
    async with database.snapshot() as tx:
        work = await due.list_work(tx, journey.meeting_id, {DueKind.TASK_DUE})
    assert [each.state for each in work] == [WorkState.MISSED, WorkState.DONE, WorkState.WAITING]
    assert await reminders_to(journey, "An") == 1
    assert PostKind.MISSED in await journey.posts_to(ORGANISER)


async def test_a_reminder_that_is_sent_by_hand_is_not_sent_again(database: Database) -> None:
    journey = await held(database)
    await given(journey)
    async with database.snapshot() as tx:
        first = (await due.list_work(tx, journey.meeting_id, {DueKind.TASK_DUE}))[0]
    sent = await sending.send_reminder(journey.house, journey.asked(ORGANISER), first.due_id)
    assert isinstance(sent, sending.ReminderSent)
    assert await reminders_to(journey, "An") == 1
    await until(journey, DAYS[3] + timedelta(hours=1))
    assert await reminders_to(journey, "An") == 1
    async with database.snapshot() as tx:
        outlook = await get_outlook(tx, await get_meeting_view(tx, journey.meeting_id))
    done = next(each for each in outlook.sendings if each.work and each.work.due_id == first.due_id)
    assert [(one.name, one.fate) for one in done.recipients] == [("An", Fate.WAITING)]


@pytest.mark.parametrize(
    ("owner", "due_on", "refusal"),
    [
        ("An", date(2026, 12, 29), Refusal.DEADLINE_PAST),
        ("123", DUE_ON, Refusal.NAME_UNREADABLE),
        ("A" * 201, DUE_ON, Refusal.TEXT_TOO_LONG),
    ],
)
async def test_a_task_needs_a_name_and_a_day_to_come(
    database: Database, owner: str, due_on: date, refusal: Refusal
) -> None:
    journey = await held(database)
    assert refused(await give(journey, owner, due_on)) is refusal


async def test_today_is_early_enough_and_so_many_tasks_are_enough(database: Database) -> None:
    journey = await held(database)
    today = journey.clock.now().astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    assert isinstance(await give(journey, due_on=today), TaskGiven)
    planned = PlannedTask("Việc", "An", DUE_ON)
    async with database.transaction() as tx:
        for _ in range(MOST_TASKS - 1):
            await stored.add_task(
                tx,
                journey.organisation_id,
                journey.meeting_id,
                None,
                planned,
                owner_id=None,
                made_by=1,
                now=journey.clock.now(),
            )
    assert refused(await give(journey)) is Refusal.TASKS_TOO_MANY


async def test_before_its_opening_a_meeting_gives_no_tasks(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    assert refused(await give(journey)) is Refusal.MEETING_NOT_OPEN

"""What will be sent is seen beforehand; it is tried, sent at once, left out and set by who prepares."""

from datetime import timedelta

from handlers import joining, sending
from handlers.due import do_due_work
from handlers.meetings import Unchanged
from handlers.outlook import Fate, Outlook, Sending, get_outlook
from handlers.planning import plan_meeting
from handlers.sending import ReminderSent, ReminderSkipped, RemindersSet, ReminderTakenUp, TrialSent
from meeting.people import Purpose
from meeting.refusals import Refusal
from meeting.reminders import MEETING_REMINDERS
from meeting.states import DueKind, PostKind, WorkState
from storage import posts
from storage.database import Database
from storage.due import DueWork, list_work
from storage.reading import get_meeting_view
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused

DAY = timedelta(days=1)
WEEK = (DueKind.MEETING_REMINDER, 10080)
LAST_DAY = (DueKind.MEETING_REMINDER, 1440)


async def ahead(database: Database) -> Journey:
    """A meeting ten days from now; An and Bình are linked, Cúc isn't, and Bình wants no reminders."""
    journey = await Journey.founded(database)
    journey.clock.advance(-10 * DAY)
    await journey.add_meeting(plan(["An", "Bình", "Cúc"], ITEMS))
    await journey.bind("An")
    await journey.bind("Bình")
    await joining.give_consent(
        journey.house,
        journey.asked("Bình"),
        journey.meeting_id,
        Purpose.REMINDERS,
        "1",
        "vi",
        is_given=False,
    )
    return journey


async def work_of(journey: Journey) -> dict[tuple[DueKind, int], DueWork]:
    async with journey.database.snapshot() as tx:
        return {(work.kind, work.part): work for work in await list_work(tx, journey.meeting_id)}


async def look(journey: Journey) -> Outlook:
    async with journey.database.snapshot() as tx:
        return await get_outlook(tx, await get_meeting_view(tx, journey.meeting_id))


def fates(one: Sending) -> dict[str, Fate]:
    return {recipient.name: recipient.fate for recipient in one.recipients}


async def seen(journey: Journey, key: tuple[DueKind, int]) -> Sending:
    works = {(one.work.kind, one.work.part): one for one in (await look(journey)).sendings if one.work}
    return works[key]


async def test_it_is_seen_beforehand_who_is_reminded_and_afterwards_who_was(database: Database) -> None:
    journey = await ahead(database)
    outlook = await look(journey)
    assert fates(outlook.summons) == {"An": Fate.PLANNED, "Bình": Fate.PLANNED, "Cúc": Fate.NO_ACCOUNT}
    assert [one.work and one.work.part for one in outlook.sendings] == [10080, 4320, 1440, 60]
    expected = {"An": Fate.PLANNED, "Bình": Fate.OPTED_OUT, "Cúc": Fate.NO_ACCOUNT}
    assert fates(outlook.sendings[0]) == expected
    starts_at = (await journey.meeting()).starts_at
    journey.clock.advance(starts_at - 7 * DAY - journey.clock.now())
    await do_due_work(journey.house, START - 30 * DAY)
    assert fates(await seen(journey, WEEK))["An"] is Fate.WAITING
    async with database.transaction() as tx:
        [post] = (await posts.list_posts(tx, [journey.account("An")], 1))[journey.account("An")]
        await posts.put_post_uncertain(tx, post.post_id)
    done = await seen(journey, WEEK)
    assert fates(done) == {**expected, "An": Fate.UNCERTAIN}
    assert (done.is_open, done.is_left_out) == (False, False)
    assert (await look(journey)).sendings[-1] == done, "what is over comes last"


async def test_a_test_goes_to_who_asks_and_to_nobody_else(database: Database) -> None:
    journey = await ahead(database)
    due_id = (await work_of(journey))[LAST_DAY].due_id
    for _ in range(2):
        sent = await sending.send_trial(journey.house, journey.asked(ORGANISER), due_id)
        assert isinstance(sent, TrialSent)
    assert isinstance(
        await sending.send_trial_summons(journey.house, journey.asked(ORGANISER), journey.meeting_id),
        TrialSent,
    )
    assert await journey.posts_to(ORGANISER) == [*[PostKind.MEETING_REMINDER] * 2, PostKind.SUMMONS]
    assert await journey.posts_to("An") == []
    assert fates(await seen(journey, LAST_DAY))["An"] is Fate.PLANNED, "a test is no sending"
    by_member = await sending.send_trial(journey.house, journey.asked("An"), due_id)
    assert refused(by_member) is Refusal.NOT_PERMITTED


async def test_what_is_sent_at_once_is_not_sent_again_when_it_would_be_due(database: Database) -> None:
    journey = await ahead(database)
    house, due_id = journey.house, (await work_of(journey))[WEEK].due_id
    assert await sending.send_reminder(house, journey.asked(ORGANISER), due_id) == ReminderSent(1, 0)
    assert isinstance(await sending.send_reminder(house, journey.asked(ORGANISER), due_id), Unchanged)
    assert await journey.posts_to("An") == [PostKind.MEETING_REMINDER]
    assert (await journey.acts())[-1] == "reminder_sent"
    journey.clock.advance((await journey.meeting()).starts_at - 7 * DAY - journey.clock.now())
    await do_due_work(house, START - 30 * DAY)
    assert await journey.posts_to("An") == [PostKind.MEETING_REMINDER]
    late = await sending.skip_reminder(house, journey.asked(ORGANISER), due_id, is_skipped=True)
    assert refused(late) is Refusal.REMINDER_OVER


async def test_at_night_what_is_sent_at_once_waits_for_the_morning(database: Database) -> None:
    journey = await ahead(database)
    await joining.set_timezone(journey.house, journey.asked("An"), "America/Los_Angeles")
    due_id = (await work_of(journey))[WEEK].due_id
    sent = await sending.send_reminder(journey.house, journey.asked(ORGANISER), due_id)
    assert sent == ReminderSent(0, 1), "13:00 in Hà Nội is 22:00 there"
    assert fates(await seen(journey, WEEK))["An"] is Fate.WAITING


async def test_what_is_left_out_stays_out_until_it_is_taken_up(database: Database) -> None:
    journey = await ahead(database)
    house, due_id = journey.house, (await work_of(journey))[LAST_DAY].due_id
    skip = sending.skip_reminder
    assert isinstance(await skip(house, journey.asked(ORGANISER), due_id, is_skipped=True), ReminderSkipped)
    assert isinstance(await skip(house, journey.asked(ORGANISER), due_id, is_skipped=True), Unchanged)
    async with database.transaction() as tx:
        await plan_meeting(tx, journey.meeting_id, journey.clock.now())
    assert (await work_of(journey))[LAST_DAY].state is WorkState.WITHDRAWN
    assert (await seen(journey, LAST_DAY)).is_left_out
    out = await sending.send_reminder(house, journey.asked(ORGANISER), due_id)
    assert refused(out) is Refusal.REMINDER_OVER
    assert isinstance(await skip(house, journey.asked(ORGANISER), due_id, is_skipped=False), ReminderTakenUp)
    assert isinstance(await skip(house, journey.asked(ORGANISER), due_id, is_skipped=False), Unchanged)
    assert (await work_of(journey))[LAST_DAY].state is WorkState.WAITING
    assert (await journey.acts())[-2:] == ["reminder_skipped", "reminder_taken_up"]
    await skip(house, journey.asked(ORGANISER), due_id, is_skipped=True)
    journey.clock.advance((await journey.meeting()).starts_at - timedelta(hours=1) - journey.clock.now())
    late = await skip(house, journey.asked(ORGANISER), due_id, is_skipped=False)
    assert refused(late) is Refusal.REMINDER_OVER, "its time has passed"


async def test_when_people_are_reminded_is_set_for_each_meeting(database: Database) -> None:
    journey = await ahead(database)
    house, meeting_id = journey.house, journey.meeting_id
    asked = journey.asked
    off = await sending.set_reminder(house, asked(ORGANISER), meeting_id, 10080, is_on=False)
    assert off == RemindersSet((1440, 60))
    assert isinstance(
        await sending.set_reminder(house, asked(ORGANISER), meeting_id, 10080, is_on=False), Unchanged
    )
    typed = await sending.set_reminders(house, asked(ORGANISER), meeting_id, (120, 4320))
    assert typed == RemindersSet((4320, 120))
    starts_at = (await journey.meeting()).starts_at
    waiting = {
        key: starts_at - work.planned_at
        for key, work in (await work_of(journey)).items()
        if work.state is WorkState.WAITING
    }
    assert waiting == {
        (DueKind.MEETING_REMINDER, 4320): 3 * DAY,
        (DueKind.MEETING_REMINDER, 120): timedelta(hours=2),
    }
    for spans in ((4,), (60 * 24 * 61,), tuple(range(10, 21))):
        result = await sending.set_reminders(house, asked(ORGANISER), meeting_id, spans)
        assert refused(result) is Refusal.SPANS_UNREADABLE
    assert await sending.set_reminders(house, asked(ORGANISER), meeting_id, ()) == RemindersSet(())
    await sending.set_reminders(house, asked(ORGANISER), meeting_id, MEETING_REMINDERS)
    assert (await journey.acts()).count("reminders_set") == 4
    await journey.open_meeting()
    late = await sending.set_reminders(house, asked(ORGANISER), meeting_id, (60,))
    assert refused(late) is Refusal.MEETING_OPEN


async def test_a_time_zone_is_one_that_there_is(database: Database) -> None:
    journey = await ahead(database)
    wrong = await joining.set_timezone(journey.house, journey.asked("An"), "Hà Nội")
    assert refused(wrong) is Refusal.TIMEZONE_UNKNOWN
    for timezone in ("Asia/Tokyo", ""):
        done = await joining.set_timezone(journey.house, journey.asked("An"), timezone)
        assert isinstance(done, Unchanged)

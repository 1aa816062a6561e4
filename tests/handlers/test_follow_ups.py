"""After a conference those who prepared it are reminded of what the law asks for, in working days."""

from datetime import UTC, date, datetime, timedelta

from handlers.due import do_due_work
from handlers.working_days import put_special_days
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.regimes import Template, default_rules
from meeting.states import DueKind, PostKind, WorkState
from storage import due
from storage.database import Database
from storage.due import DueWork
from tests.handlers.journey import ORGANISER, Journey, plan

LAW = default_rules(Template.CBCCVC, date(2026, 12, 30))
NEW_YEAR = {date(2027, 1, 1): False}


async def closed(database: Database) -> Journey:
    """A conference of one document under the law of 2022, closed on Wednesday 30 December 2026."""
    meeting = plan(["An"], [PlannedItem("Báo cáo", ItemKind.REPORT)], rules=LAW)
    journey = await Journey.opened(database, meeting)
    await put_special_days(journey.house, NEW_YEAR)
    await journey.close_meeting()
    return journey


async def follow_ups(journey: Journey) -> list[DueWork]:
    async with journey.database.snapshot() as tx:
        return await due.list_work(tx, journey.meeting_id, {DueKind.FOLLOW_UP})


async def test_each_statutory_date_is_reminded_of_once_and_in_time(database: Database) -> None:
    journey = await closed(database)
    planned = await follow_ups(journey)
    # The fifth working day is 7 January, as New Year is none; at eight o'clock two working days before it.
    assert planned[0].planned_at == datetime(2027, 1, 5, 1, tzinfo=UTC)
    for work in planned:
        journey.clock.advance(work.planned_at - journey.clock.now() - timedelta(seconds=1))
        assert await do_due_work(journey.house, journey.clock.now()) == 0
        journey.clock.advance()
        assert await do_due_work(journey.house, journey.clock.now()) == 1
    assert (await journey.posts_to(ORGANISER)).count(PostKind.FOLLOW_UP) == len(planned)
    assert PostKind.FOLLOW_UP not in await journey.posts_to("An")
    assert {work.state for work in await follow_ups(journey)} == {WorkState.DONE}


async def test_a_holiday_that_is_decided_later_moves_what_is_ahead(database: Database) -> None:
    journey = await closed(database)
    await put_special_days(journey.house, {**NEW_YEAR, date(2027, 1, 4): False})
    assert (await follow_ups(journey))[0].planned_at == datetime(2027, 1, 6, 1, tzinfo=UTC)
    before = await follow_ups(journey)
    await put_special_days(journey.house, {**NEW_YEAR, date(2027, 1, 4): False})
    assert await follow_ups(journey) == before


async def test_what_passed_while_nothing_ran_is_late_until_the_last_day_and_then_missed(
    database: Database,
) -> None:
    journey = await closed(database)
    journey.clock.advance(datetime(2027, 1, 7, 9, tzinfo=UTC) - journey.clock.now())
    assert await do_due_work(journey.house, journey.clock.now()) == 1
    assert PostKind.FOLLOW_UP in await journey.posts_to(ORGANISER)
    other = (await follow_ups(journey))[1]
    journey.clock.advance(other.planned_at + timedelta(days=60) - journey.clock.now())
    assert await do_due_work(journey.house, journey.clock.now()) == 1
    assert (await follow_ups(journey))[1].state is WorkState.MISSED
    assert PostKind.MISSED in await journey.posts_to(ORGANISER)


async def test_other_meetings_have_no_statutory_dates(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"]))
    await journey.close_meeting()
    assert await follow_ups(journey) == []

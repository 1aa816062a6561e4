"""What the clock does: votes end on time or are paused, windows open, each thing is done once."""

import asyncio
from datetime import datetime, timedelta

from handlers import attendance, closing, meetings, steps
from handlers.asking import House
from handlers.due import DEEDS, do_due_work
from meeting.refusals import Refusal
from meeting.states import DueKind, PostKind
from meeting.voting import DEADLINE_GRACE, Option, VoteState
from storage.database import Database
from storage.due import find_next_due_at
from tests.handlers.journey import ITEMS, KEY, ORGANISER, START, Journey, plan, refused

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def at_vote(database: Database, within: timedelta = MINUTE) -> tuple[Journey, int]:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    return journey, await journey.open_vote(within=within)


async def next_due(journey: Journey) -> datetime | None:
    async with journey.database.snapshot() as tx:
        return await find_next_due_at(tx)


async def test_a_vote_ends_at_its_deadline_by_itself(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES)
    assert await next_due(journey) == START + MINUTE
    assert await do_due_work(journey.house, START) == 0
    journey.clock.advance(MINUTE)
    assert await do_due_work(journey.house, START) == 1
    vote = await journey.vote(vote_id)
    assert (vote.state, vote.closed_at) == (VoteState.CLOSED, START + MINUTE)
    assert vote.tally is not None
    assert (vote.tally.cast, vote.tally.not_voted) == (1, 1)
    assert await do_due_work(journey.house, START) == 0
    closed = (await journey.entries())[-1]
    assert closed.act == "vote_closed"
    assert "by" not in closed.facts


async def test_a_deadline_that_passed_while_nobody_watched_pauses_the_vote(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    await journey.cast(vote_id, "An", Option.YES)
    journey.clock.advance(MINUTE + SECOND)
    started_again = journey.clock.now()
    assert await do_due_work(journey.house, started_again) == 1
    vote = await journey.vote(vote_id)
    assert (vote.state, vote.deadline_at) == (VoteState.PAUSED, None)
    assert (await journey.posts_to(ORGANISER)) == [PostKind.VOTE_PAUSED]
    assert refused(await journey.cast(vote_id, "Bình", Option.YES)) is Refusal.VOTE_PAUSED
    await steps.extend_vote(journey.house, journey.asked(ORGANISER), vote_id, MINUTE)
    await journey.cast(vote_id, "Bình", Option.YES)
    journey.clock.advance(MINUTE)
    assert await do_due_work(journey.house, started_again) == 1
    assert (await journey.vote(vote_id)).state is VoteState.CLOSED


async def test_a_clock_that_wakes_late_pauses_rather_than_closes(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    journey.clock.advance(MINUTE + DEADLINE_GRACE + SECOND)
    await do_due_work(journey.house, START)
    assert (await journey.vote(vote_id)).state is VoteState.PAUSED


async def test_a_deadline_moves_with_the_vote_and_ends_with_it(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    asked = journey.asked
    await steps.extend_vote(journey.house, asked(ORGANISER), vote_id, timedelta(minutes=5))
    assert (await journey.vote(vote_id)).deadline_at == START + timedelta(minutes=5)
    journey.clock.advance(MINUTE)
    assert await do_due_work(journey.house, START) == 0
    await steps.pause_vote(journey.house, asked(ORGANISER), vote_id)
    assert await next_due(journey) is None
    await steps.resume_vote(journey.house, asked(ORGANISER), vote_id)
    assert await next_due(journey) is None, "it goes on without one"
    await steps.extend_vote(journey.house, asked(ORGANISER), vote_id, MINUTE)
    await journey.close_vote(vote_id)
    assert await next_due(journey) is None
    await steps.reopen_vote(journey.house, asked(ORGANISER), vote_id)
    assert await next_due(journey) is None
    await steps.extend_vote(journey.house, asked(ORGANISER), vote_id, MINUTE)
    await closing.cancel_vote(journey.house, asked(ORGANISER), vote_id, "nhầm")
    journey.clock.advance(timedelta(hours=1))
    assert await do_due_work(journey.house, START) == 0


async def test_a_longer_deadline_is_no_deadline_of_the_past(database: Database) -> None:
    journey, vote_id = await at_vote(database)
    for within in (timedelta(0), -MINUTE, timedelta(days=8)):
        extended = await steps.extend_vote(journey.house, journey.asked(ORGANISER), vote_id, within)
        assert refused(extended) is Refusal.DEADLINE_PAST


async def test_a_window_that_is_due_after_the_meeting_stays_shut(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    await attendance.schedule_check_in(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, START + MINUTE
    )
    await journey.open_meeting()
    await journey.close_meeting()
    journey.clock.advance(MINUTE)
    assert await do_due_work(journey.house, START) == 0
    opened = await meetings.open_meeting(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert refused(opened) is Refusal.MEETING_CLOSED


async def test_two_processes_do_each_thing_once(database_url: str) -> None:
    first, second = Database.open(database_url), Database.open(database_url)
    journey, vote_id = await at_vote(first)
    elsewhere = await Journey.founded(second, name="Sở Tài chính", organiser="Người khác")
    await elsewhere.add_meeting(plan(["Xuân"], ITEMS), by="Người khác")
    await attendance.schedule_check_in(
        elsewhere.house, elsewhere.asked("Người khác"), elsewhere.meeting_id, START + MINUTE
    )
    journey.clock.advance(MINUTE)
    elsewhere.clock.advance(MINUTE)
    done = await asyncio.gather(
        *(do_due_work(each.house, START) for each in (journey, elsewhere) for _ in range(3))
    )
    assert sum(done) == 2
    assert (await journey.acts()).count("vote_closed") == 1
    assert (await elsewhere.acts()).count("check_in_opened") == 1
    assert (await journey.vote(vote_id)).state is VoteState.CLOSED
    await first.close()
    await second.close()


async def test_a_hand_and_the_clock_that_end_a_vote_at_once_end_it_once(database_url: str) -> None:
    first, second = Database.open(database_url), Database.open(database_url)
    journey, vote_id = await at_vote(first)
    elsewhere = House(second, journey.clock.now, KEY)
    journey.clock.advance(MINUTE)
    await asyncio.gather(
        do_due_work(elsewhere, START),
        closing.close_vote(journey.house, journey.asked(ORGANISER), vote_id, is_sure=True),
        steps.extend_vote(journey.house, journey.asked(ORGANISER), vote_id, MINUTE),
        do_due_work(journey.house, START),
    )
    state = (await journey.vote(vote_id)).state
    acts = await journey.acts()
    assert acts.count("vote_closed") == (1 if state is VoteState.CLOSED else 0)
    await first.close()
    await second.close()


def test_whatever_can_be_due_is_done() -> None:
    assert set(DEEDS) == set(DueKind)

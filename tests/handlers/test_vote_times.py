"""Votes and the clock: opened when due, called out before their end, ended whatever the wall clock does."""

import asyncio
from datetime import datetime, timedelta

import pytest

from handlers import agenda, balloting, closing, drafting, joining, meetings, opening, scheduling, steps
from handlers.asking import House
from handlers.due import do_due_work
from handlers.meetings import Unchanged
from handlers.scheduling import VoteScheduled, VoteUnscheduled
from meeting.people import Purpose
from meeting.refusals import Refusal
from meeting.states import CardKind, DueKind, PostKind, WorkState
from meeting.vote_times import OPENING_GRACE, Hindrance
from meeting.voting import BaseKind, Method, Option, VoteState
from storage import due, groups, posts, votes
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, rules, seat
from tests.handlers.test_groups import bind as bind_group

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PEOPLE = ("An", "Bình", "Cúc", "Dũng")
CALLS = (DueKind.VOTE_HALF_TIME, DueKind.VOTE_LAST_MINUTE)


async def in_hall(database: Database) -> Journey:
    return await Journey.opened(database, plan(PEOPLE, ITEMS))


async def pass_time(journey: Journey, span: timedelta) -> int:
    """Let time pass to an instant at which the clock of a program that runs looks at what is due."""
    journey.clock.advance(span)
    return await do_due_work(journey.house, START)


async def waiting(journey: Journey, *kinds: DueKind) -> dict[DueKind, timedelta]:
    """What waits for its instant, from now on."""
    async with journey.database.snapshot() as tx:
        works = await due.list_work(tx, journey.meeting_id, kinds)
    return {
        work.kind: work.planned_at - journey.clock.now() for work in works if work.state is WorkState.WAITING
    }


async def state_of(journey: Journey, kind: DueKind) -> WorkState:
    async with journey.database.snapshot() as tx:
        (work,) = await due.list_work(tx, journey.meeting_id, [kind])
    return work.state


async def called(journey: Journey, *names: str) -> dict[str, int]:
    """How often each was called to vote; who wasn't is left out."""
    counts = {name: (await journey.posts_to(name)).count(PostKind.NON_VOTER) for name in names or PEOPLE}
    return {name: count for name, count in counts.items() if count}


async def group_calls(journey: Journey) -> int:
    async with journey.database.snapshot() as tx:
        (account_id,) = await groups.list_group_accounts(tx, journey.meeting_id)
        told = await posts.list_posts(tx, [account_id], 100)
    return [post.kind for post in told[account_id]].count(PostKind.NON_VOTER)


async def schedule(
    journey: Journey, vote_id: int, span: timedelta = 10 * MINUTE, within: timedelta | None = 5 * MINUTE
) -> None:
    opens_at = journey.clock.now() + span
    scheduled = await scheduling.schedule_vote(
        journey.house, journey.asked(ORGANISER), vote_id, opens_at, within=within
    )
    assert isinstance(scheduled, VoteScheduled), scheduled


async def why_not(journey: Journey) -> list[str]:
    """What the chair was told of votes that didn't open."""
    account_id = journey.account(ORGANISER)
    async with journey.database.snapshot() as tx:
        told = (await posts.list_posts(tx, [account_id], 100))[account_id]
    return [post.facts["cause"] for post in reversed(told) if post.kind is PostKind.MISSED]


# Calls


async def test_who_has_not_voted_is_called_at_half_time_and_in_the_last_minute(database: Database) -> None:
    journey = await in_hall(database)
    await journey.bind("Bình", platform="web")
    await joining.give_consent(
        journey.house,
        journey.asked("Cúc"),
        journey.meeting_id,
        Purpose.REMINDERS,
        "1",
        "vi",
        is_given=False,
    )
    vote_id = await journey.open_vote(within=20 * MINUTE)
    await journey.cast(vote_id, "An", Option.NO)
    assert await pass_time(journey, 10 * MINUTE - SECOND) == 0
    assert await pass_time(journey, SECOND) == 1
    assert await called(journey) == {"Bình": 1, "Dũng": 1}, "not who voted, nor who wants no reminders"
    assert await called(journey, "Bình (web)") == {}, "a page is told of nothing that a chat is sent"
    await journey.cast(vote_id, "Dũng", Option.YES)
    assert await pass_time(journey, 9 * MINUTE) == 1
    assert await called(journey) == {"Bình": 2, "Dũng": 1}
    assert await pass_time(journey, MINUTE) == 1
    assert (await journey.vote(vote_id)).state is VoteState.CLOSED
    assert await called(journey) == {"Bình": 2, "Dũng": 1}


async def test_who_has_left_or_was_entered_is_not_called(database: Database) -> None:
    journey = await in_hall(database)
    vote_id = await journey.open_vote(within=10 * MINUTE)
    await journey.leave("An")
    elector = (await journey.electors(vote_id))["Bình"]
    await balloting.cast_for(journey.house, journey.asked(ORGANISER), vote_id, elector.elector_id, Option.YES)
    await pass_time(journey, 5 * MINUTE)
    assert await called(journey) == {"Cúc": 1, "Dũng": 1}


async def test_those_present_of_a_unit_that_has_not_voted_are_called(database: Database) -> None:
    people = [seat("An", "Y tế"), seat("Bình", "Y tế"), seat("Cúc", "Thuế"), seat("Dũng", "Thuế")]
    journey = await Journey.opened(
        database,
        plan(people, ITEMS, rules=rules(base=BaseKind.UNITS), units=["Y tế", "Thuế"]),
        absent=["Bình"],
    )
    vote_id = await journey.open_vote(within=10 * MINUTE)
    await journey.cast(vote_id, "Cúc", Option.YES)
    await pass_time(journey, 5 * MINUTE)
    assert await called(journey) == {"An": 1}


@pytest.mark.parametrize(
    ("minutes", "electors", "hall"), [(10, 2, 0), (5, 1, 1), (3, 1, 0), (2, 0, 1), (1, 0, 0)]
)
async def test_in_a_short_vote_the_hall_is_told_instead(
    database: Database, minutes: int, electors: int, hall: int
) -> None:
    journey = await in_hall(database)
    await bind_group(journey)
    panel = (CardKind.PANEL, journey.meeting_id)
    vote_id = await journey.open_vote(within=minutes * MINUTE)
    before = (await journey.cards_of(ORGANISER))[panel]
    for _ in range(minutes * 2 - 1):
        await pass_time(journey, 30 * SECOND)
    assert (await journey.vote(vote_id)).state is VoteState.OPEN
    assert await called(journey, "An") == ({"An": electors} if electors else {})
    assert await group_calls(journey) == hall
    assert (await journey.cards_of(ORGANISER))[panel] == before + electors + hall


async def test_nobody_is_called_once_all_have_voted(database: Database) -> None:
    journey = await in_hall(database)
    await bind_group(journey)
    vote_id = await journey.open_vote(within=5 * MINUTE)
    await journey.cast_all(vote_id, dict.fromkeys(PEOPLE, Option.YES))
    await pass_time(journey, 4 * MINUTE)
    assert await called(journey) == {}
    assert await group_calls(journey) == 0


async def test_calls_move_with_the_deadline_and_go_with_it(database: Database) -> None:
    journey = await in_hall(database)
    asked, house = journey.asked, journey.house
    vote_id = await journey.open_vote(within=20 * MINUTE)
    await pass_time(journey, 10 * MINUTE)
    await steps.extend_vote(house, asked(ORGANISER), vote_id, 30 * MINUTE)
    half, last = CALLS
    assert await waiting(journey, *CALLS) == {half: 15 * MINUTE, last: 29 * MINUTE}
    await pass_time(journey, 15 * MINUTE)
    assert await called(journey, "An") == {"An": 2}, "once for each deadline"
    await steps.pause_vote(house, asked(ORGANISER), vote_id)
    assert await waiting(journey, *CALLS) == {}
    await steps.resume_vote(house, asked(ORGANISER), vote_id)
    assert await waiting(journey, *CALLS) == {}, "it goes on without a deadline"
    for end in (
        lambda: journey.close_vote(vote_id),
        lambda: closing.cancel_vote(house, asked(ORGANISER), vote_id, "nhầm"),
    ):
        if (await journey.vote(vote_id)).state is VoteState.CLOSED:
            await steps.reopen_vote(house, asked(ORGANISER), vote_id)
        await steps.extend_vote(house, asked(ORGANISER), vote_id, 10 * MINUTE)
        assert await waiting(journey, *CALLS) == {half: 5 * MINUTE, last: 9 * MINUTE}
        await end()
        assert await waiting(journey, *CALLS) == {}
    repeated = await drafting.repeat_vote(house, asked(ORGANISER), vote_id)
    assert isinstance(repeated, drafting.VotePrepared)
    await journey.open_draft(repeated.vote_id, within=10 * MINUTE)
    await pass_time(journey, 5 * MINUTE)
    assert await called(journey, "An") == {"An": 3}, "each run calls for itself"


async def test_a_call_that_is_late_is_made_while_it_leaves_time_to_vote(database: Database) -> None:
    journey = await in_hall(database)
    vote_id = await journey.open_vote(within=20 * MINUTE)
    await pass_time(journey, 18 * MINUTE)
    assert await called(journey, "An") == {"An": 1}, "half-time, late"
    await pass_time(journey, 2 * MINUTE - 10 * SECOND)
    assert await called(journey, "An") == {"An": 1}
    assert await state_of(journey, DueKind.VOTE_LAST_MINUTE) is WorkState.MISSED
    assert (await journey.vote(vote_id)).state is VoteState.OPEN


async def test_after_a_stop_past_the_deadline_the_vote_is_paused_and_nobody_is_called(
    database: Database,
) -> None:
    journey = await in_hall(database)
    vote_id = await journey.open_vote(within=20 * MINUTE)
    journey.clock.advance(timedelta(hours=1))
    await do_due_work(journey.house, journey.clock.now())
    assert (await journey.vote(vote_id)).state is VoteState.PAUSED
    assert await called(journey) == {}
    assert await journey.posts_to(ORGANISER) == [PostKind.VOTE_PAUSED]


async def test_a_wall_clock_that_jumps_calls_nobody_twice_and_ends_no_vote_unseen(database: Database) -> None:
    journey = await in_hall(database)
    vote_id = await journey.open_vote(within=20 * MINUTE)
    await pass_time(journey, 10 * MINUTE)
    await pass_time(journey, timedelta(hours=-1))
    await pass_time(journey, timedelta(hours=1))
    assert await called(journey, "An") == {"An": 1}
    await pass_time(journey, timedelta(hours=-2))
    assert (await journey.vote(vote_id)).state is VoteState.OPEN, "its instant hasn't come again"
    await pass_time(journey, timedelta(hours=5))
    assert (await journey.vote(vote_id)).state is VoteState.PAUSED, "the chair decides"
    assert await called(journey, "An") == {"An": 1}


# Openings


async def test_a_scheduled_vote_opens_when_due_and_ends_by_itself(database: Database) -> None:
    journey = await in_hall(database)
    vote_id = await journey.draft(1)
    await schedule(journey, vote_id)
    assert await pass_time(journey, 10 * MINUTE - SECOND) == 0
    assert await pass_time(journey, SECOND) == 1
    vote = await journey.vote(vote_id)
    now = journey.clock.now()
    assert (vote.state, vote.opened_at, vote.deadline_at) == (VoteState.OPEN, now, now + 5 * MINUTE)
    assert (vote.base, vote.electors) == (4, 4)
    assert (await journey.meeting()).current_item_id == journey.items[1]
    assert (CardKind.BALLOT, vote_id) in await journey.cards_of("An")
    scheduled, opened = (await journey.entries())[-2:]
    assert (scheduled.act, opened.act) == ("vote_scheduled", "vote_opened")
    assert scheduled.facts["minutes"] == 5
    assert "by" in scheduled.facts
    assert "by" not in opened.facts
    assert await pass_time(journey, 5 * MINUTE) >= 1
    assert (await journey.vote(vote_id)).state is VoteState.CLOSED


async def test_a_vote_that_can_not_open_says_why_and_may_be_opened_by_hand(database: Database) -> None:
    journey = await Journey.planned(database, plan(PEOPLE, ITEMS))
    await journey.open_meeting()
    await journey.check_in(*PEOPLE)
    vote_id = await journey.draft()
    await schedule(journey, vote_id)
    await pass_time(journey, 10 * MINUTE)
    assert await why_not(journey) == [Refusal.NO_STATEMENT]
    assert await state_of(journey, DueKind.VOTE_OPENS) is WorkState.MISSED
    assert (await journey.entries())[-1].act == "vote_not_opened"
    vote = await journey.vote(vote_id)
    assert (vote.state, vote.opening) == (VoteState.DRAFT, None)
    await journey.state()
    await schedule(journey, vote_id)
    other = await journey.open_vote(1)
    await pass_time(journey, 10 * MINUTE)
    assert await why_not(journey) == [Refusal.NO_STATEMENT, Refusal.OTHER_VOTE_OPEN]
    await journey.close_vote(other)
    await journey.announce(other)
    await journey.open_draft(vote_id)
    assert (await journey.vote(vote_id)).state is VoteState.OPEN


@pytest.mark.parametrize("late", [OPENING_GRACE, OPENING_GRACE + SECOND])
async def test_after_a_stop_a_vote_opens_late_within_its_grace_only(
    database: Database, late: timedelta
) -> None:
    journey = await in_hall(database)
    vote_id = await journey.draft()
    await schedule(journey, vote_id)
    journey.clock.advance(10 * MINUTE + late)
    await do_due_work(journey.house, journey.clock.now())
    vote = await journey.vote(vote_id)
    if late <= OPENING_GRACE:
        assert vote.deadline_at == journey.clock.now() + 5 * MINUTE, "for as long as it was to be open"
        assert await why_not(journey) == []
    else:
        assert vote.state is VoteState.DRAFT
        assert await why_not(journey) == [Hindrance.LATE]


async def test_an_opening_is_taken_back_by_hand_and_by_what_changes_the_question(database: Database) -> None:
    journey = await in_hall(database)
    house, asked = journey.house, journey.asked
    vote_id = await journey.draft()
    await schedule(journey, vote_id)
    await schedule(journey, vote_id, 20 * MINUTE)
    assert await waiting(journey, DueKind.VOTE_OPENS) == {DueKind.VOTE_OPENS: 20 * MINUTE}, "the newest holds"
    taken_back = await scheduling.unschedule_vote(house, asked(ORGANISER), vote_id)
    assert taken_back == VoteUnscheduled()
    assert await scheduling.unschedule_vote(house, asked(ORGANISER), vote_id) == Unchanged()
    changes = (
        lambda: drafting.join_vote(house, asked(ORGANISER), vote_id, journey.items[1]),
        lambda: agenda.rename_item(house, asked(ORGANISER), journey.items[0], "Báo cáo khác"),
        lambda: drafting.prepare_vote(house, asked(ORGANISER), journey.items[0], Method.HANDS),
    )
    for change in changes:
        await schedule(journey, vote_id)
        await change()
        assert (await journey.vote(vote_id)).opening is None
        assert await waiting(journey, DueKind.VOTE_OPENS) == {}
    assert (await journey.acts()).count("vote_unscheduled") == 4
    await drafting.prepare_vote(house, asked(ORGANISER), journey.items[0], Method.CHAT)
    await schedule(journey, vote_id)
    await journey.open_draft(vote_id)
    assert await pass_time(journey, 10 * MINUTE) == 0, "opened by hand before"
    assert await why_not(journey) == []


async def test_a_text_that_is_another_by_then_is_not_voted_on(database: Database) -> None:
    journey = await in_hall(database)
    vote_id = await journey.draft(1)
    await schedule(journey, vote_id)
    async with database.transaction() as tx:
        question = await votes.get_question(tx, vote_id)
        await votes.put_vote_items(tx, question, {journey.items[1]: 7}, question.question)
    await pass_time(journey, 10 * MINUTE)
    assert await why_not(journey) == [Hindrance.TEXT_CHANGED]
    assert (await journey.vote(vote_id)).state is VoteState.DRAFT


async def test_nothing_opens_after_its_meeting_or_once_it_was_cancelled(database: Database) -> None:
    journey = await in_hall(database)
    cancelled, dropped = await journey.draft(), await journey.draft(1)
    await schedule(journey, cancelled)
    await schedule(journey, dropped)
    await closing.cancel_vote(journey.house, journey.asked(ORGANISER), cancelled, "thôi")
    await meetings.close_meeting(journey.house, journey.asked(ORGANISER), journey.meeting_id, is_sure=True)
    assert await pass_time(journey, 10 * MINUTE) == 0
    assert await why_not(journey) == []


async def test_what_can_not_be_scheduled_is_refused(database: Database) -> None:
    journey = await Journey.planned(database, plan(PEOPLE, ITEMS))
    now = journey.clock.now()

    async def ask(vote_id: int, at: datetime, within: timedelta | None = MINUTE) -> Refusal:
        return refused(
            await scheduling.schedule_vote(
                journey.house, journey.asked(ORGANISER), vote_id, at, within=within
            )
        )

    vote_id = await journey.draft()
    assert await ask(vote_id, now + MINUTE) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    for at in (now, now - MINUTE):
        assert await ask(vote_id, at) is Refusal.DEADLINE_PAST
    assert await ask(vote_id, now + MINUTE, timedelta(0)) is Refusal.DEADLINE_PAST
    await journey.check_in(*PEOPLE)
    await journey.state()
    await journey.open_draft(vote_id)
    assert await ask(vote_id, now + MINUTE) is Refusal.VOTE_ALREADY_OPENED
    assert await ask(await journey.draft(1, Method.HANDS), now + MINUTE) is Refusal.VOTE_BY_HANDS
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    await journey.close_meeting()
    assert await ask(vote_id, now + MINUTE) is Refusal.MEETING_CLOSED


async def test_a_hand_and_two_clocks_that_open_a_vote_at_once_open_it_once(database_url: str) -> None:
    first, second = Database.open(database_url), Database.open(database_url)
    journey = await in_hall(first)
    elsewhere = House(second, journey.clock.now, journey.house.key)
    vote_id = await journey.draft()
    await schedule(journey, vote_id)
    journey.clock.advance(10 * MINUTE)
    await asyncio.gather(
        do_due_work(elsewhere, START),
        do_due_work(journey.house, START),
        opening.open_vote(journey.house, journey.asked(ORGANISER), vote_id, within=MINUTE),
    )
    assert (await journey.vote(vote_id)).state is VoteState.OPEN
    assert (await journey.acts()).count("vote_opened") == 1
    assert await why_not(journey) == []
    await first.close()
    await second.close()

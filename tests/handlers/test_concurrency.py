"""Many at once, from several processes: what was answered is what is stored, and nobody waits for ever."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest

from handlers import (
    agenda,
    attendance,
    balloting,
    closing,
    drafting,
    inviting,
    joining,
    meetings,
    opening,
    questions,
    steps,
)
from handlers.asking import House
from handlers.attendance import CheckIn
from handlers.balloting import CastVote
from handlers.closing import VoteClosed
from handlers.due import do_due_work
from meeting.agenda import Direction, ItemKind
from meeting.people import Purpose, Reply, Standing
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind
from meeting.voting import BallotCounted, BallotUnchanged, Method, Option, VoteState
from storage import reading
from storage.database import Database
from tests.handlers.journey import ITEMS, KEY, ORGANISER, START, Journey, plan, refused, seat

NAMES = [f"Đại biểu {number}" for number in range(20)]
CHOICES = (Option.YES, Option.NO, Option.OTHER)


@pytest.fixture
async def databases(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two doors to one database, as two processes have them."""
    pair = Database.open(database_url), Database.open(database_url)
    yield pair
    for database in pair:
        await database.close()


async def test_every_ballot_that_was_counted_is_in_the_tally(databases: tuple[Database, Database]) -> None:
    journey = await Journey.opened(databases[0], plan(NAMES, ITEMS))
    vote_id = await journey.open_vote()
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    chance = random.Random(7)
    batches = [
        [
            CastVote(journey.asked(name), vote_id, chance.choice(CHOICES))
            for name in chance.sample(NAMES, chance.randint(1, 4))
        ]
        for _ in range(100)
    ]
    # Half of them before the close, half after it; who comes first is up to the databases.
    casts = [balloting.cast_votes(houses[number % 2], batch) for number, batch in enumerate(batches)]
    ending = closing.close_vote(houses[1], journey.asked(ORGANISER), vote_id, is_sure=True)
    early, closed, late = await asyncio.gather(
        asyncio.gather(*casts[:50]), ending, asyncio.gather(*casts[50:])
    )
    assert isinstance(closed, VoteClosed)
    choices = await journey.choices(vote_id)
    counted: dict[str, set[Option]] = {}
    names = {journey.account(name): name for name in NAMES}
    for batch, results in zip(batches, [*early, *late], strict=True):
        for one, result in zip(batch, results, strict=True):
            if isinstance(result, BallotCounted | BallotUnchanged):
                counted.setdefault(names[one.asked.account_id], set()).add(result.option)
            else:
                assert refused(result) is Refusal.VOTE_CLOSED
    assert counted.keys() == choices.keys()
    assert all(choices[name] in options for name, options in counted.items())
    assert closed.tally.cast == len(choices)
    stored = list(choices.values())
    assert closed.tally.counts == {option: stored.count(option) for option in set(stored)}
    vote = await journey.vote(vote_id)
    assert vote.tally is not None
    assert vote.tally.counts == closed.tally.counts
    await journey.entries()


async def test_the_last_two_ballots_at_once_still_tell_that_all_have_voted(
    databases: tuple[Database, Database],
) -> None:
    journey = await Journey.opened(databases[0], plan(NAMES[:6], ITEMS))
    vote_id = await journey.open_vote()
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    await asyncio.gather(
        *(
            balloting.cast_votes(houses[number % 2], [CastVote(journey.asked(name), vote_id, Option.YES)])
            for number, name in enumerate(NAMES[:6])
        )
    )
    assert (await journey.posts_to(ORGANISER)).count(PostKind.ALL_VOTED) == 1


async def test_one_tap_delivered_to_two_processes_counts_once(databases: tuple[Database, Database]) -> None:
    journey = await Journey.opened(databases[0], plan(["An", "Bình"], ITEMS))
    vote_id = await journey.open_vote()
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    asked = journey.asked("An")
    results = await asyncio.gather(
        *(balloting.cast_votes(house, [CastVote(asked, vote_id, Option.YES)]) for house in houses * 3)
    )
    flat = [result for each in results for result in each]
    assert sorted(type(result).__name__ for result in flat) == ["BallotCounted"] + ["BallotUnchanged"] * 5


async def test_two_steps_at_once_are_taken_one_after_the_other(databases: tuple[Database, Database]) -> None:
    journey = await Journey.opened(databases[0], plan(["An"], ITEMS))
    vote_id = await journey.draft()
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    await asyncio.gather(
        *(opening.open_vote(house, journey.asked(ORGANISER), vote_id, within=None) for house in houses * 2)
    )
    acts = await journey.acts()
    assert acts.count("vote_opened") == 1
    assert set(await journey.electors(vote_id)) == {"An"}
    await asyncio.gather(
        *(closing.close_vote(house, journey.asked(ORGANISER), vote_id, is_sure=True) for house in houses * 2)
    )
    await asyncio.gather(
        *(closing.announce_vote(house, journey.asked(ORGANISER), vote_id) for house in houses * 2)
    )
    acts = await journey.acts()
    assert (acts.count("vote_closed"), acts.count("vote_announced")) == (1, 1)
    assert (await journey.posts_to("An")).count(PostKind.RESULT) == 1


async def test_one_item_gets_one_draft_from_two_who_ask_at_once(databases: tuple[Database, Database]) -> None:
    journey = await Journey.opened(databases[0], plan(["An"], ITEMS))
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    prepared = await asyncio.gather(
        *(
            drafting.prepare_vote(house, journey.asked(ORGANISER), journey.items[0], Method.CHAT)
            for house in houses * 2
        )
    )
    assert len({each.vote_id for each in prepared if isinstance(each, drafting.VotePrepared)}) == 1


async def test_one_question_takes_one_of_two_answers(databases: tuple[Database, Database]) -> None:
    journey = await Journey.planned(databases[0], plan(["An"]))
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    version = await questions.ask(journey.house, journey.asked(ORGANISER), "attendee_name", {})
    asked = [journey.asked(ORGANISER, dialogue_version=version) for _ in range(4)]
    added = await asyncio.gather(
        *(
            attendance.add_attendee(
                houses[number % 2], each, journey.meeting_id, f"Người {number}", Standing.VOTING
            )
            for number, each in enumerate(asked)
        )
    )
    assert sum(isinstance(each, attendance.AttendeeAdded) for each in added) == 1
    assert [refused(each) for each in added if isinstance(each, Refused)] == [Refusal.OUT_OF_DATE] * 3


async def test_two_questions_at_once_leave_one_with_a_version_of_its_own(
    databases: tuple[Database, Database],
) -> None:
    journey = await Journey.planned(databases[0], plan(["An"]))
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    versions = await asyncio.gather(
        *(questions.ask(house, journey.asked("An"), "absence_reason", {}) for house in houses * 2)
    )
    assert len(set(versions)) == 4


async def test_two_imports_at_once_know_each_others_people(databases: tuple[Database, Database]) -> None:
    journey = await Journey.founded(databases[0])
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    roster = plan([seat("An", "Sở A"), seat("Bình", "Sở B")], units=("Sở A", "Sở B"))
    added = await asyncio.gather(
        *(
            meetings.add_meeting(
                house, journey.asked(ORGANISER), journey.organisation_id, roster, address="comrade"
            )
            for house in houses
        )
    )
    people = set()
    for each in added:
        assert isinstance(each, meetings.MeetingAdded)
        async with databases[0].snapshot() as tx:
            roll = await reading.get_roll_view(tx, each.meeting_id)
        people |= {attendee.person_id for attendee in roll.attendees}
    assert len(people) == 2


async def test_whatever_happens_in_a_hall_at_once_nobody_waits_for_ever(
    databases: tuple[Database, Database],
) -> None:
    attendees = [seat(name, "Sở A" if number % 2 else "Sở B") for number, name in enumerate(NAMES)]
    meeting = plan(attendees, ITEMS, units=("Sở A", "Sở B"))
    journey = await Journey.opened(databases[0], meeting, absent=NAMES[15:])
    vote_id = await journey.open_vote(within=timedelta(minutes=5))
    houses = [House(database, journey.clock.now, KEY) for database in databases]
    asked, meeting_id = journey.asked, journey.meeting_id
    tokens = [await journey.token(name) for name in NAMES[:4]]

    def acts(house: House) -> list[Awaitable[object]]:
        here = [journey.attendees[name] for name in NAMES]
        return [
            *(
                balloting.cast_votes(house, [CastVote(asked(name), vote_id, Option.YES)])
                for name in NAMES[:8]
            ),
            *(attendance.check_in(house, [CheckIn(asked(name), meeting_id)]) for name in NAMES[12:]),
            *(attendance.mark_left(house, asked(ORGANISER), each) for each in here[8:12]),
            *(attendance.check_in_for(house, asked(ORGANISER), each) for each in here[10:16]),
            *(opening.admit_elector(house, asked(ORGANISER), vote_id, each) for each in here[15:]),
            *(
                attendance.reply_to_invitation(
                    house, asked(name), meeting_id, Reply.SUBSTITUTED, substitute=f"Người thay {name}"
                )
                for name in NAMES[16:]
            ),
            *(
                joining.join(house, journey.sender(f"{name} mới", "web"), journey.event(), token)
                for name, token in zip(NAMES, tokens, strict=False)
            ),
            *(
                inviting.renew_invitation(house, asked(ORGANISER), journey.attendees[name])
                for name in NAMES[2:4]
            ),
            *(
                joining.give_consent(
                    house, asked(name), meeting_id, Purpose.REMINDERS, "1", "vi", is_given=True
                )
                for name in NAMES[4:8]
            ),
            balloting.add_opinion(house, asked(NAMES[0]), vote_id, "ý kiến"),
            steps.pause_vote(house, asked(ORGANISER), vote_id),
            steps.extend_vote(house, asked(ORGANISER), vote_id, timedelta(minutes=1)),
            drafting.prepare_vote(house, asked(ORGANISER), journey.items[1], Method.CHAT),
            agenda.add_item(house, asked(ORGANISER), meeting_id, "Mới", ItemKind.OTHER),
            agenda.move_item(house, asked(ORGANISER), journey.items[2], Direction.UP),
            agenda.adopt_item(house, asked(ORGANISER), journey.items[2], ()),
            attendance.add_attendee(house, asked(ORGANISER), meeting_id, "Thêm", Standing.VOTING),
            attendance.close_check_in(house, asked(ORGANISER), meeting_id),
            attendance.open_check_in(house, asked(ORGANISER), meeting_id),
            meetings.close_meeting(house, asked(ORGANISER), meeting_id, is_sure=True),
            do_due_work(house, START),
            closing.close_vote(house, asked(ORGANISER), vote_id, is_sure=True),
        ]

    waiting = [act for house in houses for act in acts(house)]
    random.Random(3).shuffle(waiting)
    async with asyncio.timeout(60):
        results = await asyncio.gather(*waiting)
    assert len(results) == len(waiting)
    assert any(isinstance(result, Refused) for result in results)
    assert (await journey.vote(vote_id)).state in {VoteState.CLOSED, VoteState.OPEN}
    await journey.entries()

"""Who wants to speak waits in an order that all can rely on, and hears what becomes of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from handlers import agenda, floor, moving
from handlers.asking import RepeatedEventError
from handlers.floor import FloorAsked, FloorGiven, FloorMinutesSet, TurnChanged, TurnEnded
from handlers.meetings import Unchanged
from meeting.agenda import Direction
from meeting.people import Role, Standing
from meeting.refusals import Refusal, Refused
from meeting.speaking import MOST_TURNS, FloorState
from meeting.states import CardKind, PostKind
from meeting.voting import Option
from storage.database import Database
from storage.reading import get_floor, get_results_view
from storage.views import FloorView
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, refused, seat

CHAIR = "Trần Chủ"


async def discussing(database: Database, *, is_begun: bool = True) -> Journey:
    """An open meeting that is at its first item, with everybody there."""
    members = map(seat, ("An", "Bình", "Chi"))
    people = [seat(CHAIR, role=Role.CHAIR), *members, seat("Khách", standing=Standing.GUEST)]
    journey = await Journey.opened(database, plan(people, ITEMS))
    if is_begun:
        await go_to(journey, 0)
    return journey


async def go_to(journey: Journey, place: int) -> None:
    reached = await agenda.go_to_item(journey.house, journey.asked(CHAIR), journey.items[place])
    assert not isinstance(reached, Refused)


async def ask(journey: Journey, name: str, place: int = 0) -> FloorAsked | Refused:
    return await floor.ask_floor(journey.house, journey.asked(name), journey.meeting_id, journey.items[place])


async def asks(journey: Journey, *names: str) -> list[int]:
    turns = []
    for name in names:
        asked = await ask(journey, name)
        assert isinstance(asked, FloorAsked), asked
        turns.append(asked.turn_id)
    return turns


async def call(journey: Journey, turn_id: int, by: str = CHAIR) -> object:
    return await floor.call_speaker(journey.house, journey.asked(by), turn_id)


async def queue(journey: Journey) -> FloorView:
    async with journey.database.snapshot() as tx:
        return await get_floor(tx, journey.meeting_id)


async def waiting(journey: Journey) -> list[str]:
    return [turn.name for turn in (await queue(journey)).waiting]


async def speaking(journey: Journey) -> str | None:
    turn = (await queue(journey)).speaking
    return None if turn is None else turn.name


async def test_they_speak_in_the_order_in_which_they_asked(database: Database) -> None:
    journey = await discussing(database)
    house = journey.house
    an, binh, _ = await asks(journey, "An", "Bình", "Khách")
    assert await ask(journey, "Bình") == FloorAsked(binh, 2, is_repeat=True)
    before = await journey.cards_of("Khách")
    assert await call(journey, an) == FloorGiven(an)
    assert await call(journey, an) == Unchanged()
    assert (await speaking(journey), await waiting(journey)) == ("An", ["Bình", "Khách"])
    after = await journey.cards_of("Khách")
    seat_card = (CardKind.ATTENDANCE, journey.meeting_id)
    assert after[seat_card] > before[seat_card], "the own place is another now"
    assert PostKind.FLOOR_GIVEN in await journey.posts_to("An")
    assert PostKind.FLOOR_GIVEN not in await journey.posts_to("Bình")
    assert await ask(journey, "An") == FloorAsked(an, 0, is_repeat=True)
    minutes = await floor.set_floor_minutes(house, journey.asked(CHAIR), journey.meeting_id, 5)
    assert minutes == FloorMinutesSet(5)
    journey.clock.advance(timedelta(minutes=3))
    assert await call(journey, binh) == FloorGiven(binh), "who spoke until now has spoken"
    turn = (await queue(journey)).speaking
    assert turn is not None
    assert turn.speaks_until == journey.clock.now() + timedelta(minutes=5)
    ended = await floor.finish_speaking(house, journey.asked(ORGANISER), binh)
    assert ended == TurnEnded(journey.meeting_id, FloorState.DONE)
    assert await floor.finish_speaking(house, journey.asked(CHAIR), binh) == Unchanged()
    async with database.snapshot() as tx:
        results = await get_results_view(tx, journey.meeting_id)
    assert [(turn.name, turn.item_id) for turn in results.spoken] == [
        ("An", journey.items[0]),
        ("Bình", journey.items[0]),
    ]
    acts = [act for act in await journey.acts() if act.startswith("floor")]
    assert acts == [
        *["floor_asked"] * 3,
        "floor_given",
        "floor_minutes_set",
        "floor_given_back",
        "floor_given",
        "floor_given_back",
    ]


async def test_one_speaks_at_a_time_and_nobody_waits_twice_whoever_writes(database: Database) -> None:
    journey = await discussing(database)
    an, _ = await asks(journey, "An", "Bình")
    await call(journey, an)
    for change in ("state = 'speaking'", f"attendee_id = {journey.attendees['An']}"):
        with pytest.raises(IntegrityError):
            async with database.engine.begin() as connection:
                await connection.execute(
                    sa.text(f"UPDATE floor_request SET {change} WHERE state = 'waiting'")  # noqa: S608 - ours
                )


async def test_the_secretary_enters_orders_and_passes_over(database: Database) -> None:
    journey = await discussing(database)
    house, secretary = journey.house, journey.asked
    [an] = await asks(journey, "An")
    entered = await floor.enter_turn(
        house, secretary(ORGANISER), journey.meeting_id, journey.attendees["Chi"], " Về\nchi tiêu "
    )
    assert isinstance(entered, FloorAsked)
    assert (entered.place, (await queue(journey)).waiting[1].topic) == (2, "Về chi tiêu")
    move = await floor.move_turn(house, secretary(CHAIR), entered.turn_id, Direction.UP)
    assert move == TurnChanged(journey.meeting_id)
    assert await waiting(journey) == ["Chi", "An"]
    assert await floor.move_turn(house, secretary(CHAIR), entered.turn_id, Direction.UP) == Unchanged()
    stated = await floor.state_topic(house, secretary("An"), an, "Nhân sự")
    assert stated == TurnChanged(journey.meeting_id)
    passed = await floor.pass_over(house, secretary(CHAIR), entered.turn_id)
    assert passed == TurnEnded(journey.meeting_id, FloorState.PASSED_OVER)
    assert PostKind.FLOOR_ENDED in await journey.posts_to("Chi")
    assert refused(await call(journey, entered.turn_id)) is Refusal.FLOOR_SETTLED
    late = await floor.state_topic(house, secretary(ORGANISER), entered.turn_id, "Khác")
    assert refused(late) is Refusal.FLOOR_SETTLED
    assert isinstance(await ask(journey, "Chi"), FloorAsked), "they may ask anew"
    assert await waiting(journey) == ["An", "Chi"]
    entry = next(each for each in await journey.entries() if each.act == "floor_topic_stated")
    assert "Nhân" not in str(entry.facts)


async def test_the_own_request_is_withdrawn_until_one_is_called(database: Database) -> None:
    journey = await discussing(database)
    house = journey.house
    an, binh = await asks(journey, "An", "Bình")
    foreign = await floor.withdraw_turn(house, journey.asked("Bình"), an)
    assert refused(foreign) is Refusal.NOT_PERMITTED
    event = journey.asked("An")
    assert await floor.withdraw_turn(house, event, an) == TurnEnded(journey.meeting_id, FloorState.WITHDRAWN)
    with pytest.raises(RepeatedEventError):
        await floor.withdraw_turn(house, event, an)
    assert await floor.withdraw_turn(house, journey.asked("An"), an) == Unchanged()
    await call(journey, binh)
    late = await floor.withdraw_turn(house, journey.asked("Bình"), binh)
    moved = await floor.move_turn(house, journey.asked(CHAIR), binh, Direction.UP)
    assert refused(late) is refused(moved) is Refusal.FLOOR_GIVEN
    assert await journey.posts_to("An") == await journey.posts_to("Chi"), "who withdraws knows it"


async def test_what_ends_takes_the_queue_with_it_and_tells_them(database: Database) -> None:
    journey = await discussing(database)
    an, binh, _ = await asks(journey, "An", "Bình", "Chi")
    await journey.leave("Bình")
    assert await waiting(journey) == ["An", "Chi"]
    assert PostKind.FLOOR_ENDED in await journey.posts_to("Bình")
    await call(journey, an)
    await go_to(journey, 1)
    assert (await queue(journey)) == FloorView()
    told = {name: (await journey.posts_to(name)).count(PostKind.FLOOR_ENDED) for name in ("An", "Chi")}
    assert told == {"An": 0, "Chi": 1}, "who spoke has spoken"
    assert refused(await ask(journey, "Chi")) is Refusal.OUT_OF_DATE, "the button is of another item"
    assert isinstance(await ask(journey, "Chi", 1), FloorAsked)
    vote_id = await journey.open_vote(1)
    [turn] = (await queue(journey)).waiting
    assert refused(await call(journey, turn.turn_id)) is Refusal.FLOOR_DURING_VOTE
    await journey.cast_all(vote_id, dict.fromkeys(("An", "Chi", CHAIR), Option.YES))
    await journey.close_vote(vote_id)
    assert await waiting(journey) == ["Chi"]
    await journey.announce(vote_id)
    assert await waiting(journey) == [], "the item is decided"
    assert refused(await ask(journey, "Chi", 1)) is Refusal.FLOOR_NOTHING_ON
    await go_to(journey, 2)
    assert isinstance(await ask(journey, "Chi", 2), FloorAsked)
    await agenda.skip_item(journey.house, journey.asked(CHAIR), journey.items[2])
    assert (await journey.posts_to("Chi")).count(PostKind.FLOOR_ENDED) == 3
    await journey.close_meeting()
    assert refused(await ask(journey, "Chi", 2)) is Refusal.MEETING_CLOSED
    cleared = [each.facts for each in await journey.entries() if each.act == "floor_cleared"]
    assert [facts["why"] for facts in cleared] == ["left", *["item_over"] * 3]
    assert (cleared[0]["withdrawn"], cleared[1]["done"]) == ([binh], [an])


async def test_a_close_or_a_cancellation_leaves_nobody_waiting(database: Database) -> None:
    journey = await discussing(database)
    await asks(journey, "An")
    await moving.cancel_meeting(journey.house, journey.asked(CHAIR), journey.meeting_id, "Bão")
    assert await waiting(journey) == []
    assert PostKind.FLOOR_ENDED in await journey.posts_to("An")


async def test_who_is_not_there_or_asks_too_early_or_too_often_is_told_so(database: Database) -> None:
    journey = await discussing(database, is_begun=False)
    house = journey.house
    await journey.appoint("Thư ký", Role.SECRETARY)
    assert refused(await ask(journey, "An")) is Refusal.FLOOR_NOTHING_ON
    await go_to(journey, 0)
    assert refused(await ask(journey, "Thư ký")) is Refusal.NOT_ATTENDEE
    await journey.leave("Bình")
    assert refused(await ask(journey, "Bình")) is Refusal.FLOOR_ABSENT
    absent = await floor.enter_turn(
        house, journey.asked(ORGANISER), journey.meeting_id, journey.attendees["Bình"], ""
    )
    assert refused(absent) is Refusal.FLOOR_ABSENT
    long = await floor.enter_turn(
        house, journey.asked(ORGANISER), journey.meeting_id, journey.attendees["Chi"], "x" * 201
    )
    assert refused(long) is Refusal.TEXT_TOO_LONG
    for _ in range(MOST_TURNS):
        [turn] = await asks(journey, "An")
        await floor.withdraw_turn(house, journey.asked("An"), turn)
    entries = len(await journey.entries())
    assert refused(await ask(journey, "An")) is Refusal.FLOOR_TOO_OFTEN
    for minutes in (-1, 61):
        odd = await floor.set_floor_minutes(house, journey.asked(CHAIR), journey.meeting_id, minutes)
        assert refused(odd) is Refusal.NUMBER_UNREADABLE
    assert await floor.set_floor_minutes(house, journey.asked(CHAIR), journey.meeting_id, 0) == Unchanged()
    assert len(await journey.entries()) == entries, "what is refused leaves nothing"

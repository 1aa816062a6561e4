"""Meetings are set up, opened and closed."""

import time

import pytest

from handlers import agenda, closing, drafting, meetings, steps
from handlers.asking import RepeatedEventError
from handlers.meetings import CloseUnsure, MeetingAdded, MeetingClosed, Unchanged
from meeting.agenda import Direction
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind
from meeting.tally import Decision
from meeting.voting import Method, Option, VoteState
from storage import people, reading
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, seat


async def close(
    journey: Journey, *, is_sure: bool, event: str | None = None
) -> MeetingClosed | CloseUnsure | Unchanged | Refused:
    return await meetings.close_meeting(
        journey.house, journey.asked(ORGANISER, event=event), journey.meeting_id, is_sure=is_sure
    )


# Setting up


async def test_a_planned_meeting_is_stored_with_everything_in_it(database: Database) -> None:
    text = PlannedItem("Nghị quyết", ITEMS[1].kind, text="Điều 1. …", presenter="Bình")
    attendees = [seat("An", "Sở A", role=Role.CHAIR), seat("Bình")]
    journey = await Journey.founded(database)
    await journey.add_meeting(plan(attendees, [text], units=("Sở A",), headcount=61))
    meeting = await journey.meeting()
    assert (meeting.state, meeting.headcount, meeting.language) == (MeetingState.PLANNED, 61, "vi")
    assert meeting.starts_at.isoformat() == "2026-12-30T07:00:00+00:00"
    assert (await journey.item()).text == "Điều 1. …"
    async with database.snapshot() as tx:
        roll = await reading.get_roll_view(tx, journey.meeting_id)
        actor = await people.find_actor(tx, journey.account(ORGANISER), journey.meeting_id)
        account = await people.get_account(tx, journey.account(ORGANISER))
    assert [(each.number, each.name, each.unit) for each in roll.attendees] == [
        (1, "An", "Sở A"),
        (2, "Bình", None),
    ]
    assert actor is not None
    assert actor.roles == {Role.ORGANISER, Role.SECRETARY}
    assert account.current_meeting_id == journey.meeting_id
    assert set(await journey.cards_of(ORGANISER)) == {
        (CardKind.HOME, journey.organisation_id),
        (CardKind.PANEL, journey.meeting_id),
    }


async def test_an_import_confirmed_twice_by_one_tap_adds_one_meeting(database: Database) -> None:
    journey = await Journey.founded(database)
    asked = journey.asked(ORGANISER)
    for is_repeat in (False, True):
        adding = meetings.add_meeting(
            journey.house, asked, journey.organisation_id, plan(["An"]), address="comrade"
        )
        if is_repeat:
            with pytest.raises(RepeatedEventError):
                await adding
        else:
            await adding
    async with database.snapshot() as tx:
        home = await reading.home_view(tx, journey.account(ORGANISER), journey.organisation_id)
    assert len(home.meetings) == 1


async def test_people_of_earlier_meetings_are_recognised_with_their_phones(database: Database) -> None:
    roster = [seat("An", "Sở A"), seat("An", "Sở B"), seat("Chi")]
    journey = await Journey.planned(database, plan(roster, units=("Sở A", "Sở B")), are_bound=False)
    await journey.bind("Chi")
    await journey.add_meeting(plan([*roster, seat(ORGANISER)], units=("sở a", "SỞ B")))
    async with database.snapshot() as tx:
        roll = await reading.get_roll_view(tx, journey.meeting_id)
    assert [attendee.is_bound for attendee in roll.attendees] == [False, False, True, True]
    assert [attendee.unit for attendee in roll.attendees][:2] == ["Sở A", "Sở B"]
    assert len({attendee.person_id for attendee in roll.attendees}) == 4
    assert (CardKind.ATTENDANCE, journey.meeting_id) in await journey.cards_of("Chi")
    assert (CardKind.ATTENDANCE, journey.meeting_id) in await journey.cards_of(ORGANISER)


async def test_the_operator_imports_a_meeting_for_the_organisers(database: Database) -> None:
    journey = await Journey.founded(database)
    for unknown in (0, -1, 2**40):
        nowhere = await meetings.import_meeting(journey.house, unknown, plan(["An"]), address="comrade")
        assert refused(nowhere) is Refusal.NOT_FOUND
    imported = await meetings.import_meeting(
        journey.house, journey.organisation_id, plan(["An"]), address="comrade"
    )
    assert isinstance(imported, MeetingAdded)
    journey.meeting_id = imported.meeting_id
    assert (await journey.entries())[0].facts["by"] == "operator"
    assert (CardKind.PANEL, imported.meeting_id) in await journey.cards_of(ORGANISER)
    preside = await meetings.open_meeting(journey.house, journey.asked(ORGANISER), imported.meeting_id)
    assert refused(preside) is Refusal.NOT_PERMITTED, "nobody became its secretary"
    await journey.appoint("Thư ký", Role.SECRETARY)
    await journey.open_meeting(by="Thư ký")


async def test_a_thousand_attendees_are_stored_in_a_moment(sqlite_url: str) -> None:
    database = Database.open(sqlite_url)
    journey = await Journey.founded(database)
    units = [f"Đơn vị {number}" for number in range(50)]
    roster = [
        seat(f"Đại biểu {number}", units[number % 50], phone=f"+84912{number:06}") for number in range(1_000)
    ]
    began = time.process_time()
    await journey.add_meeting(plan(roster, ITEMS, units=units))
    assert time.process_time() - began < 3
    assert (await journey.count()).summoned == 1_000
    assert (await journey.count()).units == 50
    await database.close()


# Opening and closing


async def test_a_meeting_is_opened_once(database: Database) -> None:
    journey = await Journey.planned(database, plan([seat("An", role=Role.CHAIR)]))
    await journey.open_meeting(by="An")
    opened_again = await meetings.open_meeting(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert opened_again == Unchanged()
    assert (await journey.meeting()).opened_at == START
    assert (await journey.acts()).count("meeting_opened") == 1


async def test_a_meeting_that_never_opened_is_not_closed(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    assert refused(await close(journey, is_sure=True)) is Refusal.MEETING_NOT_OPEN


async def test_a_meeting_is_not_closed_over_a_vote(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.open_vote()
    assert refused(await close(journey, is_sure=True)) is Refusal.MEETING_HAS_OPEN_VOTE
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert refused(await close(journey, is_sure=True)) is Refusal.MEETING_HAS_OPEN_VOTE
    await journey.close_vote(vote_id)
    assert refused(await close(journey, is_sure=True)) is Refusal.MEETING_HAS_OPEN_VOTE
    await journey.announce(vote_id)
    assert await close(journey, is_sure=True) == MeetingClosed()


async def test_closing_asks_about_what_is_undecided_and_skips_it(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    await agenda.note_item(journey.house, journey.asked(ORGANISER), journey.items[0])
    draft = await journey.draft(1, Method.HANDS)
    assert await close(journey, is_sure=False) == CloseUnsure(2)
    assert (await journey.meeting()).state is MeetingState.OPEN
    assert await close(journey, is_sure=True) == MeetingClosed()
    assert await close(journey, is_sure=True) == Unchanged()
    assert [item.decision for item in await journey.agenda()] == [
        Decision.NOTED,
        Decision.SKIPPED,
        Decision.SKIPPED,
    ]
    assert (await journey.vote(draft)).state is VoteState.CANCELLED
    assert (await journey.entries())[-1].facts["skipped"] == journey.items[1:]


async def test_the_summary_goes_once_to_everybody(database: Database) -> None:
    journey = await Journey.opened(database, plan([seat("An", role=Role.CHAIR), seat("Bình")], ITEMS))
    await journey.bind("An", platform="web")
    await close(journey, is_sure=True, event="tap")
    with pytest.raises(RepeatedEventError):
        await close(journey, is_sure=True, event="tap")
    await close(journey, is_sure=True)
    for name in ("An", "An (web)", "Bình", ORGANISER):
        assert (await journey.posts_to(name)).count(PostKind.SUMMARY) == 1


async def test_after_the_close_everything_stays_as_it_is(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.decide(0, {"An": Option.YES})
    await journey.close_meeting()
    before = await journey.entries()
    late = [
        await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), vote_id),
        await agenda.move_item(journey.house, journey.asked(ORGANISER), journey.items[0], Direction.DOWN),
        await agenda.next_item(journey.house, journey.asked(ORGANISER), journey.meeting_id, 0),
        await closing.cancel_vote(journey.house, journey.asked(ORGANISER), vote_id, "nhầm"),
        await steps.reopen_vote(journey.house, journey.asked(ORGANISER), vote_id),
    ]
    assert {refused(each) for each in late} == {Refusal.MEETING_CLOSED, Refusal.VOTE_ANNOUNCED}
    assert await journey.entries() == before

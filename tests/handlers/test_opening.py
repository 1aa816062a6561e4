"""Votes are drafted and opened: what must hold first, who may vote, what the base is."""

from datetime import timedelta

import pytest

from handlers import agenda, attendance, balloting, drafting, meetings, opening, steps
from handlers.drafting import VotePrepared, VoteSplit
from handlers.meetings import Unchanged
from handlers.opening import ElectorAdmitted, VoteOpened
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.people import Reply, Role, Standing
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind
from meeting.voting import BallotCounted, BallotUnchanged, BaseKind, Method, Option, VoteState
from storage import votes
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, START, Journey, plan, refused, rules, seat

METHOD = PlannedItem("Hình thức biểu quyết", ItemKind.VOTING_METHOD)
PROCEDURE = PlannedItem("Đoàn Chủ tịch", ItemKind.PROCEDURE)
UNITS = rules(QuorumKind.UNITS, BaseKind.UNITS)


async def open_draft(
    journey: Journey, vote_id: int, *, within: timedelta | None = None
) -> VoteOpened | Unchanged | Refused:
    return await opening.open_vote(journey.house, journey.asked(ORGANISER), vote_id, within=within)


async def join(journey: Journey, vote_id: int, place: int) -> VotePrepared | Refused:
    return await drafting.join_vote(journey.house, journey.asked(ORGANISER), vote_id, journey.items[place])


async def split(journey: Journey, vote_id: int) -> VoteSplit | Refused:
    return await drafting.split_vote(journey.house, journey.asked(ORGANISER), vote_id)


async def admit(journey: Journey, vote_id: int, name: str) -> ElectorAdmitted | Unchanged | Refused:
    return await opening.admit_elector(
        journey.house, journey.asked(ORGANISER), vote_id, journey.attendees[name]
    )


async def drafts(journey: Journey) -> list[int]:
    async with journey.database.snapshot() as tx:
        return await votes.list_votes(tx, journey.meeting_id, {VoteState.DRAFT})


# What must hold first


async def test_no_vote_by_chat_opens_before_the_statement(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"], ITEMS))
    vote_id = await journey.draft()
    assert refused(await open_draft(journey, vote_id)) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    assert refused(await open_draft(journey, vote_id)) is Refusal.NO_STATEMENT
    await journey.check_in("An", "Bình")
    await attendance.state_preliminary(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert refused(await open_draft(journey, vote_id)) is Refusal.NO_STATEMENT
    await journey.state()
    assert await open_draft(journey, vote_id) == VoteOpened(2, None)
    assert await open_draft(journey, vote_id) == Unchanged()


async def test_procedure_is_voted_by_hands_on_the_preliminary_count(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"], [PROCEDURE, *ITEMS]))
    await journey.open_meeting()
    await journey.check_in("An", "Bình")
    hands = await journey.draft(0, Method.HANDS)
    assert refused(await open_draft(journey, hands)) is Refusal.NO_STATEMENT
    await attendance.state_preliminary(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    ordinary = await journey.draft(1, Method.HANDS)
    assert refused(await open_draft(journey, ordinary)) is Refusal.NO_STATEMENT
    assert await open_draft(journey, hands) == VoteOpened(2, None)


async def test_a_procedural_item_voted_by_chat_waits_for_the_statement(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"], [PROCEDURE]))
    await journey.open_meeting()
    await journey.check_in("An")
    await attendance.state_preliminary(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    by_chat = await journey.draft(0, Method.CHAT)
    assert refused(await open_draft(journey, by_chat)) is Refusal.NO_STATEMENT


async def test_votes_by_chat_wait_for_the_method_of_voting(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], [METHOD, *ITEMS]))
    by_chat = await journey.draft(1)
    assert refused(await open_draft(journey, by_chat)) is Refusal.METHOD_NOT_ADOPTED
    method = await journey.open_vote(0, Method.HANDS)
    counts = {Option.YES: 1, Option.NO: 1, Option.OTHER: 0}
    await balloting.enter_hands(journey.house, journey.asked(ORGANISER), method, counts)
    await journey.close_vote(method)
    await journey.announce(method)
    assert refused(await open_draft(journey, by_chat)) is Refusal.METHOD_NOT_ADOPTED, "it was rejected"
    again = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), method)
    assert isinstance(again, VotePrepared)
    await journey.open_draft(again.vote_id)
    counts = {Option.YES: 2, Option.NO: 0, Option.OTHER: 0}
    await balloting.enter_hands(journey.house, journey.asked(ORGANISER), again.vote_id, counts)
    await journey.close_vote(again.vote_id)
    await journey.announce(again.vote_id)
    assert await open_draft(journey, by_chat) == VoteOpened(2, None)


async def test_one_vote_runs_at_a_time(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    first, second = await journey.draft(0), await journey.draft(1)
    await journey.open_draft(first)
    assert refused(await open_draft(journey, second)) is Refusal.OTHER_VOTE_OPEN
    await steps.pause_vote(journey.house, journey.asked(ORGANISER), first)
    assert refused(await open_draft(journey, second)) is Refusal.OTHER_VOTE_OPEN
    await journey.close_vote(first)
    assert isinstance(await open_draft(journey, second), VoteOpened)


async def test_nobody_there_means_no_vote(database: Database) -> None:
    guest = seat("Khách", standing=Standing.GUEST)
    journey = await Journey.opened(database, plan([seat("An"), guest], ITEMS))
    vote_id = await journey.draft()
    await journey.leave("An")
    assert refused(await open_draft(journey, vote_id)) is Refusal.NOBODY_PRESENT


@pytest.mark.parametrize("within", [timedelta(0), timedelta(seconds=-1), timedelta(days=8)])
async def test_a_deadline_lies_ahead_and_not_too_far(sqlite_url: str, within: timedelta) -> None:
    database = Database.open(sqlite_url)
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft()
    assert refused(await open_draft(journey, vote_id, within=within)) is Refusal.DEADLINE_PAST
    opened = await open_draft(journey, vote_id, within=timedelta(days=7))
    assert opened == VoteOpened(1, START + timedelta(days=7))
    await database.close()


# Who may vote, and the base


async def test_the_electorate_is_who_may_vote_and_is_present_now(database: Database) -> None:
    attendees = [seat("An"), seat("Bình"), seat("Chi"), seat("Khách", standing=Standing.GUEST)]
    journey = await Journey.opened(database, plan(attendees, ITEMS), absent=["Chi"])
    vote_id = await journey.open_vote()
    assert set(await journey.electors(vote_id)) == {"An", "Bình"}
    for name in ("Chi", "Khách"):
        assert refused(await journey.cast(vote_id, name, Option.YES)) is Refusal.NOT_ENTITLED
        assert (CardKind.BALLOT, vote_id) not in await journey.cards_of(name)
    assert (CardKind.BALLOT, vote_id) in await journey.cards_of("An")


async def test_the_base_stays_when_somebody_leaves(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình", "Chi"], ITEMS))
    vote_id = await journey.open_vote()
    await journey.cast(vote_id, "Bình", Option.YES)
    await journey.leave("An")
    await journey.leave("Bình")
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.NOT_PRESENT
    assert refused(await journey.cast(vote_id, "Bình", Option.NO)) is Refusal.NOT_PRESENT
    vote = await journey.vote(vote_id)
    assert (vote.base, vote.turnout) == (3, 1)
    tally = await journey.close_vote(vote_id)
    assert (tally.base, tally.count(Option.YES), tally.not_voted) == (3, 1, 2)


async def test_a_latecomer_votes_only_when_admitted_and_the_base_grows_by_one(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình", "Chi"], ITEMS), absent=["Chi"])
    vote_id = await journey.open_vote()
    before = await journey.cards_of("An")
    assert refused(await admit(journey, vote_id, "Chi")) is Refusal.NOT_PRESENT
    await journey.check_in("Chi")
    assert refused(await journey.cast(vote_id, "Chi", Option.YES)) is Refusal.NOT_ENTITLED
    assert await admit(journey, vote_id, "Chi") == ElectorAdmitted(3)
    assert await admit(journey, vote_id, "Chi") == Unchanged()
    assert await admit(journey, vote_id, "An") == Unchanged()
    assert (CardKind.BALLOT, vote_id) in await journey.cards_of("Chi")
    ballot = (CardKind.BALLOT, vote_id)
    assert (await journey.cards_of("An"))[ballot] == before[ballot], "no other ballot is sent anew"
    assert await journey.cast(vote_id, "Chi", Option.YES) == BallotCounted(Option.YES, None)
    assert (await journey.vote(vote_id)).base == 3
    assert (await journey.acts()).count("elector_admitted") == 1
    await journey.close_vote(vote_id)
    assert refused(await admit(journey, vote_id, "Chi")) is Refusal.VOTE_CLOSED


async def test_a_base_of_all_who_were_summoned_does_not_grow_with_latecomers(database: Database) -> None:
    meeting = plan(["An", "Bình", "Chi"], ITEMS, rules=rules(base=BaseKind.SUMMONED))
    journey = await Journey.opened(database, meeting, absent=["Chi"])
    vote_id = await journey.open_vote()
    assert (await journey.vote(vote_id)).base == 3
    await journey.check_in("Chi")
    assert await admit(journey, vote_id, "Chi") == ElectorAdmitted(3)
    await journey.cast_all(vote_id, dict.fromkeys(("An", "Bình", "Chi"), Option.YES))
    assert (await journey.close_vote(vote_id)).is_unanimous


async def test_guests_and_strangers_are_not_admitted(database: Database) -> None:
    guest = seat("Khách", standing=Standing.GUEST)
    journey = await Journey.opened(database, plan([seat("An"), guest], ITEMS))
    vote_id = await journey.open_vote()
    assert refused(await admit(journey, vote_id, "Khách")) is Refusal.NOT_ENTITLED
    here = journey.meeting_id
    await journey.add_meeting(plan(["An"], title="Hội nghị khác"))
    elsewhere = await admit(journey, vote_id, "An")
    assert refused(elsewhere) is Refusal.NOT_ENTITLED
    journey.meeting_id = here


async def test_a_seat_has_one_vote_whoever_sits_in_it(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở B")]
    journey = await Journey.opened(database, plan(attendees, ITEMS, units=("Sở A", "Sở B")))
    vote_id = await journey.open_vote()
    await journey.cast(vote_id, "An", Option.YES)
    await journey.leave("An")
    await attendance.reply_to_invitation(
        journey.house, journey.asked("An"), journey.meeting_id, Reply.SUBSTITUTED, substitute="Ánh"
    )
    await journey.reread()
    await journey.enter("Ánh")
    assert refused(await admit(journey, vote_id, "Ánh")) is Refusal.NOT_ENTITLED
    assert (await journey.vote(vote_id)).base == 2
    await journey.close_vote(vote_id)
    following = await journey.open_vote(1)
    assert set(await journey.electors(following)) == {"Ánh", "Bình"}


# One unit – one vote


async def test_a_unit_has_one_vote_that_a_substitute_takes_over(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở B"), seat("Chi", "Sở B", Standing.OBSERVER)]
    journey = await Journey.opened(
        database, plan(attendees, ITEMS, rules=UNITS, units=("Sở A", "Sở B", "Sở C"))
    )
    vote_id = await journey.open_vote()
    assert set(await journey.electors(vote_id)) == {"Sở A", "Sở B"}
    assert (await journey.vote(vote_id)).base == 2
    assert refused(await journey.cast(vote_id, "Chi", Option.YES)) is Refusal.NOT_ENTITLED
    await journey.cast(vote_id, "An", Option.YES)
    await journey.leave("An")
    await attendance.reply_to_invitation(
        journey.house, journey.asked("An"), journey.meeting_id, Reply.SUBSTITUTED, substitute="Ánh"
    )
    await journey.reread()
    await journey.bind("Ánh")
    away = await journey.cast(vote_id, "Ánh", Option.NO)
    assert refused(away) is Refusal.NOT_PRESENT, "nobody votes for a unit from elsewhere"
    await journey.check_in("Ánh")
    assert await journey.cast(vote_id, "Ánh", Option.YES) == BallotUnchanged(Option.YES)
    assert await journey.cast(vote_id, "Ánh", Option.NO) == BallotCounted(Option.NO, Option.YES)
    assert refused(await journey.cast(vote_id, "An", Option.YES)) is Refusal.NOT_ENTITLED
    assert await journey.choices(vote_id) == {"Sở A": Option.NO}


async def test_two_of_one_unit_have_one_vote_together(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Ánh", "Sở A"), seat("Bình", "Sở B")]
    journey = await Journey.opened(database, plan(attendees, ITEMS, rules=UNITS, units=("Sở A", "Sở B")))
    vote_id = await journey.open_vote()
    results = await journey.cast_all(vote_id, {"An": Option.YES, "Ánh": Option.NO, "Bình": Option.YES})
    assert results == [
        BallotCounted(Option.YES, None),
        BallotCounted(Option.NO, Option.YES),
        BallotCounted(Option.YES, None),
    ]
    tally = await journey.close_vote(vote_id)
    assert (tally.base, tally.cast, tally.count(Option.NO)) == (2, 2, 1)


async def test_a_unit_that_comes_late_is_admitted_as_one(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở B"), seat("Chi", "Sở C"), seat("Lẻ")]
    journey = await Journey.opened(
        database,
        plan(attendees, ITEMS, rules=UNITS, units=("Sở A", "Sở B", "Sở C")),
        absent=["Chi", "Lẻ"],
    )
    vote_id = await journey.open_vote()
    await journey.check_in("Chi", "Lẻ")
    assert await admit(journey, vote_id, "Chi") == ElectorAdmitted(3)
    assert refused(await admit(journey, vote_id, "Lẻ")) is Refusal.NOT_ENTITLED
    assert await journey.cast(vote_id, "Chi", Option.YES) == BallotCounted(Option.YES, None)


async def test_all_units_are_the_base_where_the_meeting_is_set_so(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở B")]
    meeting = plan(
        attendees,
        ITEMS,
        rules=rules(QuorumKind.UNITS, BaseKind.ALL_UNITS),
        units=("Sở A", "Sở B", "Sở C"),
    )
    journey = await Journey.opened(database, meeting)
    vote_id = await journey.open_vote()
    await journey.cast_all(vote_id, {"An": Option.YES, "Bình": Option.YES})
    tally = await journey.close_vote(vote_id)
    assert (tally.base, tally.cast, tally.is_unanimous) == (3, 2, False)


# Drafts


async def test_an_item_has_one_draft_whose_method_may_change(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0, Method.CHAT)
    assert await journey.draft(0, Method.HANDS) == vote_id
    vote = await journey.vote(vote_id)
    assert (vote.method, vote.number, vote.run, vote.state) == (Method.HANDS, 1, 1, VoteState.DRAFT)
    await journey.open_draft(vote_id)
    again = await drafting.prepare_vote(
        journey.house, journey.asked(ORGANISER), journey.items[0], Method.CHAT
    )
    assert refused(again) is Refusal.ITEM_HAS_VOTE


async def test_several_items_are_voted_on_together(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    own = await journey.draft(1)
    vote_id = await journey.draft(0)
    assert await join(journey, vote_id, 1) == VotePrepared(vote_id)
    assert await drafts(journey) == [vote_id], "an item is in one draft at most"
    assert (await journey.vote(own)).state is VoteState.CANCELLED
    assert (await journey.vote(vote_id)).question == "Báo cáo tổng kết; Nghị quyết"
    assert refused(await join(journey, vote_id, 2)) is Refusal.OUT_OF_DATE, "it is advisory"
    await join(journey, vote_id, 0)
    assert (await journey.vote(vote_id)).question == "Nghị quyết"
    await join(journey, vote_id, 1)
    assert (await journey.vote(vote_id)).question == "Nghị quyết", "the last one stays"
    await join(journey, vote_id, 0)
    assert (await journey.vote(vote_id)).question == "Báo cáo tổng kết; Nghị quyết"
    await journey.open_draft(vote_id)
    assert refused(await join(journey, vote_id, 1)) is Refusal.VOTE_ALREADY_OPENED
    await journey.cast_all(vote_id, {"An": Option.YES, "Bình": Option.YES})
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    for place in (0, 1):
        assert (await journey.item(place)).is_counted
    second = await journey.draft(2)
    assert refused(await join(journey, second, 0)) is Refusal.ITEM_DECIDED


async def test_a_joint_vote_is_split_when_somebody_asks(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0)
    assert refused(await split(journey, vote_id)) is Refusal.VOTE_NOT_SPLITTABLE
    await join(journey, vote_id, 1)
    await journey.open_draft(vote_id)
    await journey.cast(vote_id, "An", Option.YES)
    parts = await split(journey, vote_id)
    assert isinstance(parts, VoteSplit)
    cancelled = await journey.vote(vote_id)
    assert (cancelled.state, cancelled.tally) == (VoteState.CANCELLED, None)
    questions = [(await journey.vote(part)).question for part in parts.vote_ids]
    assert questions == ["Báo cáo tổng kết", "Nghị quyết"]
    for part in parts.vote_ids:
        await journey.open_draft(part)
        await journey.cast(part, "An", Option.NO)
        await journey.close_vote(part)
        await journey.announce(part)
    assert refused(await split(journey, vote_id)) is Refusal.VOTE_NOT_SPLITTABLE


async def test_items_of_other_meetings_stay_out(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0)
    await journey.add_meeting(plan(["An"], ITEMS, title="Hội nghị khác"))
    assert refused(await join(journey, vote_id, 0)) is Refusal.NOT_FOUND


async def test_no_vote_is_drafted_in_a_meeting_that_is_over(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0)
    await journey.close_meeting()
    assert (await journey.vote(vote_id)).state is VoteState.CANCELLED
    assert refused(await open_draft(journey, vote_id)) is Refusal.VOTE_ALREADY_OPENED
    prepared = await drafting.prepare_vote(
        journey.house, journey.asked(ORGANISER), journey.items[0], Method.CHAT
    )
    assert refused(prepared) is Refusal.ITEM_DECIDED
    repeated = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert refused(repeated) is Refusal.MEETING_CLOSED
    reached = await agenda.go_to_item(journey.house, journey.asked(ORGANISER), journey.items[0])
    assert refused(reached) is Refusal.MEETING_CLOSED


async def test_the_text_that_is_voted_on_is_the_newest_when_the_vote_opens(database: Database) -> None:
    journey = await Journey.opened(database, plan([seat("An", role=Role.CHAIR)], ITEMS))
    vote_id = await journey.draft(1)
    await journey.open_draft(vote_id, by="An")
    opened = [entry for entry in await journey.entries() if entry.act == "vote_opened"]
    assert opened[0].facts["versions"] == {str(journey.items[1]): 1}
    assert opened[0].facts["base"] == 1
    closed = await meetings.close_meeting(
        journey.house, journey.asked("An"), journey.meeting_id, is_sure=True
    )
    assert refused(closed) is Refusal.MEETING_HAS_OPEN_VOTE

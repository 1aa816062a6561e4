"""Replies, presence, the quorum and its statement."""

from datetime import timedelta

import pytest

from handlers import attendance, binding, meetings, opening
from handlers.asking import RepeatedEventError
from handlers.attendance import (
    AttendanceStated,
    AttendeeAdded,
    CheckedIn,
    CheckIn,
    LeaveUnsure,
    PresenceRecorded,
    Replied,
    WindowSet,
)
from handlers.due import do_due_work
from handlers.meetings import Unchanged
from meeting.attendance import QuorumKind, StatementKind
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, PostKind
from meeting.voting import BaseKind, Option
from storage import reading
from storage.database import Database
from storage.views import AttendeeView
from tests.handlers.journey import ORGANISER, START, Journey, plan, refused, rules, seat

UNITS = rules(QuorumKind.UNITS, BaseKind.UNITS)


async def people_of(journey: Journey) -> dict[str, AttendeeView]:
    async with journey.database.snapshot() as tx:
        roll = await reading.get_roll_view(tx, journey.meeting_id)
    return {attendee.name: attendee for attendee in roll.attendees}


async def reply(
    journey: Journey,
    name: str,
    answer: Reply,
    *,
    reason: str = "",
    substitute: str = "",
    event: str | None = None,
) -> Replied | Refused:
    return await attendance.reply_to_invitation(
        journey.house,
        journey.asked(name, event=event),
        journey.meeting_id,
        answer,
        reason=reason,
        substitute=substitute,
    )


async def cluster(database: Database, *, are_bound: bool = True) -> Journey:
    """Two units, each with a representative who may send somebody else."""
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở B")]
    meeting = plan(attendees, rules=UNITS, units=("Sở A", "Sở B"))
    return await Journey.planned(database, meeting, are_bound=are_bound)


# Replies


async def test_the_newest_reply_stands(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    assert await reply(journey, "An", Reply.COMING) == Replied(Reply.COMING)
    assert await reply(journey, "An", Reply.ABSENT, reason="  ốm \u0000 ") == Replied(Reply.ABSENT)
    an = (await people_of(journey))["An"]
    assert (an.reply, an.reply_reason) == (Reply.ABSENT, "ốm")
    assert await reply(journey, "An", Reply.COMING) == Replied(Reply.COMING)
    assert (await people_of(journey))["An"].reply_reason == ""


async def test_an_absence_needs_a_reason_that_fits(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    assert refused(await reply(journey, "An", Reply.ABSENT, reason=" \n ")) is Refusal.REASON_MISSING
    assert refused(await reply(journey, "An", Reply.ABSENT, reason="x" * 2_001)) is Refusal.TEXT_TOO_LONG
    assert await reply(journey, "An", Reply.ABSENT, reason="x" * 2_000) == Replied(Reply.ABSENT)


async def test_who_is_present_can_not_be_absent_at_once(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"]))
    assert refused(await reply(journey, "An", Reply.ABSENT, reason="ốm")) is Refusal.OUT_OF_DATE
    assert await reply(journey, "An", Reply.COMING) == Replied(Reply.COMING)


async def test_nobody_replies_to_a_meeting_that_is_over(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"]), absent=["Bình"])
    await journey.close_meeting()
    assert refused(await reply(journey, "Bình", Reply.COMING)) is Refusal.MEETING_CLOSED
    excused = await attendance.excuse(
        journey.house, journey.asked(ORGANISER), journey.attendees["Bình"], "ốm"
    )
    assert refused(excused) is Refusal.MEETING_CLOSED


async def test_an_excuse_by_the_secretary_shows_in_the_attendees_chat(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    before = await journey.cards_of("An")
    excused = await attendance.excuse(
        journey.house, journey.asked(ORGANISER), journey.attendees["An"], "công tác"
    )
    assert excused == Replied(Reply.ABSENT)
    shown = (CardKind.ATTENDANCE, journey.meeting_id)
    assert (await journey.cards_of("An"))[shown] > before[shown]
    assert (await journey.count()).excused == 1


# Substitutes


async def test_a_substitute_gets_a_seat_and_a_link_and_counts_for_the_unit(database: Database) -> None:
    journey = await cluster(database)
    replied = await reply(journey, "An", Reply.SUBSTITUTED, substitute="  Ánh ")
    assert isinstance(replied, Replied)
    await journey.reread()
    assert replied.substitute_id == journey.attendees["Ánh"]
    await journey.open_meeting()
    assert refused(await journey.come_in("An")) is Refusal.UNIT_ALREADY_REPRESENTED
    entered = await attendance.check_in_for(journey.house, journey.asked(ORGANISER), journey.attendees["An"])
    assert refused(entered) is Refusal.UNIT_ALREADY_REPRESENTED
    await journey.bind("Ánh")
    await journey.check_in("Ánh", "Bình")
    assert (await journey.count()).units_present == 2
    assert (await journey.count()).summoned == 2
    assert (await journey.acts()).count("representative_changed") == 1


async def test_a_substitution_taken_back_takes_the_seat_back(database: Database) -> None:
    journey = await cluster(database)
    await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ánh")
    await journey.reread()
    await journey.bind("Ánh")
    assert await reply(journey, "An", Reply.COMING) == Replied(Reply.COMING)
    await journey.open_meeting()
    await journey.check_in("An", "Bình", "Ánh")
    count = await journey.count()
    assert (count.present, count.guests, count.summoned, count.units_present) == (2, 1, 2, 2)
    await journey.state()
    vote_id = await journey.open_vote()
    assert refused(await journey.cast(vote_id, "Ánh", Option.YES)) is Refusal.NOT_ENTITLED


async def test_a_substitute_of_a_substitute_goes_with_the_first(database: Database) -> None:
    journey = await cluster(database)
    await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ánh")
    await journey.reread()
    await journey.bind("Ánh")
    await reply(journey, "Ánh", Reply.SUBSTITUTED, substitute="Ân")
    await journey.reread()
    await journey.bind("Ân")
    assert await reply(journey, "An", Reply.COMING) == Replied(Reply.COMING)
    await journey.open_meeting()
    await journey.check_in("An", "Ánh", "Ân")
    count = await journey.count()
    assert (count.present, count.guests) == (1, 2)


async def test_a_substitution_stands_once_the_substitute_is_there(database: Database) -> None:
    journey = await cluster(database)
    await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ánh")
    await journey.reread()
    await journey.bind("Ánh")
    await reply(journey, "Ánh", Reply.SUBSTITUTED, substitute="Ân")
    await journey.reread()
    await journey.open_meeting()
    await journey.enter("Ân")
    for name in ("An", "Ánh"):
        assert refused(await reply(journey, name, Reply.COMING)) is Refusal.UNIT_ALREADY_REPRESENTED
    again = await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ấn")
    assert refused(again) is Refusal.UNIT_ALREADY_REPRESENTED


async def test_only_a_units_voting_representative_sends_somebody_else(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Khách", "Sở A", Standing.GUEST), seat("Lẻ")]
    journey = await Journey.planned(database, plan(attendees, rules=UNITS, units=("Sở A",)))
    for name in ("Khách", "Lẻ"):
        sent = await reply(journey, name, Reply.SUBSTITUTED, substitute="Ánh")
        assert refused(sent) is Refusal.SUBSTITUTE_NEEDS_UNIT
    assert refused(await reply(journey, "An", Reply.SUBSTITUTED, substitute=" ")) is Refusal.TEXT_EMPTY
    long = await reply(journey, "An", Reply.SUBSTITUTED, substitute="x" * 101)
    assert refused(long) is Refusal.TEXT_TOO_LONG


async def test_a_substitution_delivered_again_adds_nobody(database: Database) -> None:
    journey = await cluster(database)
    await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ánh", event="typed")
    with pytest.raises(RepeatedEventError):
        await reply(journey, "An", Reply.SUBSTITUTED, substitute="Ánh", event="typed")
    assert len(await people_of(journey)) == 3


# Presence


async def test_presence_is_confirmed_within_the_window(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    assert await journey.come_in("An") == Refused(Refusal.CHECK_IN_NOT_OPEN, {"opens_at": None})
    opens_at = START + timedelta(minutes=30)
    scheduled = await attendance.schedule_check_in(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, opens_at
    )
    assert scheduled == WindowSet(is_open=False)
    assert await journey.come_in("An") == Refused(Refusal.CHECK_IN_NOT_OPEN, {"opens_at": opens_at})
    journey.clock.advance(timedelta(minutes=30))
    assert await do_due_work(journey.house, START) == 1
    assert await journey.come_in("An") == CheckedIn(opens_at, is_repeat=False)
    assert await journey.posts_to("An") == [PostKind.CHECK_IN_OPENED]

    for _ in range(2):
        closed = await attendance.close_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
        assert closed == WindowSet(is_open=False)
    assert await journey.come_in("Bình") == Refused(Refusal.CHECK_IN_CLOSED, {"closed_at": opens_at})
    assert await journey.come_in("An") == CheckedIn(opens_at, is_repeat=True)

    opened = await attendance.open_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert opened == WindowSet(is_open=True)
    assert await journey.come_in("Bình") == CheckedIn(opens_at, is_repeat=False)
    assert await journey.posts_to("An") == [PostKind.CHECK_IN_OPENED], "told once, however often it opens"
    acts = await journey.acts()
    assert (acts.count("check_in_opened"), acts.count("check_in_closed")) == (2, 1)


async def test_a_window_is_not_scheduled_for_the_past_nor_once_it_was_open(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    late = await attendance.schedule_check_in(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, START
    )
    assert refused(late) is Refusal.DEADLINE_PAST
    await journey.open_meeting()
    open_already = await attendance.schedule_check_in(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, START + timedelta(hours=1)
    )
    assert refused(open_already) is Refusal.OUT_OF_DATE


async def test_a_meeting_that_opens_lets_people_in_and_tells_them(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    await attendance.schedule_check_in(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, START + timedelta(hours=1)
    )
    await journey.open_meeting()
    assert (await journey.meeting()).is_check_in_open
    assert await journey.posts_to("An") == [PostKind.CHECK_IN_OPENED]
    journey.clock.advance(timedelta(hours=1))
    assert await do_due_work(journey.house, START) == 0


async def test_a_whole_batch_confirms_at_once_and_each_gets_the_own_answer(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình", "Chi"]))
    await journey.open_meeting()
    await journey.meet("Lạ")
    batch = [
        CheckIn(journey.asked("An"), journey.meeting_id),
        CheckIn(journey.asked("Lạ"), journey.meeting_id),
        CheckIn(journey.asked("An"), journey.meeting_id),
        CheckIn(journey.asked("Bình", event="b"), journey.meeting_id),
        CheckIn(journey.asked("Bình", event="b"), journey.meeting_id),
        CheckIn(journey.asked("Chi"), 0),
        CheckIn(journey.asked("Chi"), 2**40),
        CheckIn(journey.asked(ORGANISER), journey.meeting_id),
    ]
    assert await attendance.check_in(journey.house, batch) == [
        CheckedIn(START, is_repeat=False),
        Refused(Refusal.NOT_ATTENDEE),
        CheckedIn(START, is_repeat=True),
        CheckedIn(START, is_repeat=False),
        CheckedIn(START, is_repeat=True),
        Refused(Refusal.NOT_FOUND),
        Refused(Refusal.NOT_FOUND),
        Refused(Refusal.NOT_ATTENDEE),
    ]
    assert (await journey.count()).present == 2
    assert (await journey.acts()).count("checked_in") == 1
    assert await attendance.check_in(journey.house, []) == []


async def test_a_repeat_gives_the_first_time(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    await journey.open_meeting()
    await journey.come_in("An")
    journey.clock.advance()
    assert await journey.come_in("An") == CheckedIn(START, is_repeat=True)


async def test_an_old_tap_does_not_bring_back_who_left(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    await journey.open_meeting()
    await journey.come_in("An", event="first")
    await journey.leave("An")
    assert await journey.come_in("An", event="first") == CheckedIn(START, is_repeat=True)
    assert (await people_of(journey))["An"].presence is Presence.LEFT
    journey.clock.advance()
    await journey.come_in("An", event="back")
    an = (await people_of(journey))["An"]
    assert (an.presence, an.checked_in_at, an.left_at) == (Presence.PRESENT, START, None)


async def test_a_tap_that_was_refused_may_be_tried_again(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"]))
    assert refused(await journey.come_in("An", event="tap")) is Refusal.CHECK_IN_NOT_OPEN
    await journey.open_meeting()
    assert await journey.come_in("An", event="tap") == CheckedIn(START, is_repeat=False)


async def test_presence_shows_on_all_of_the_persons_phones(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    await journey.bind("An", platform="web")
    await journey.open_meeting()
    shown = (CardKind.ATTENDANCE, journey.meeting_id)
    phones = ("An", "An (web)", "Bình")

    async def versions() -> list[int]:
        return [(await journey.cards_of(phone))[shown] for phone in phones]

    an, web, other = await versions()
    await journey.check_in("An")
    assert await versions() == [an + 1, web + 1, other], "nobody else's chat is edited for it"
    await journey.leave("An")
    assert await versions() == [an + 2, web + 2, other]


async def test_guests_and_observers_come_in_and_never_count(database: Database) -> None:
    attendees = [seat("An"), seat("Khách", standing=Standing.GUEST), seat("Dự", standing=Standing.OBSERVER)]
    journey = await Journey.opened(database, plan(attendees))
    count = await journey.count()
    assert (count.summoned, count.present, count.guests) == (1, 1, 2)


async def test_the_secretary_enters_people_also_outside_the_window(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    entered = await attendance.check_in_for(journey.house, journey.asked(ORGANISER), journey.attendees["An"])
    assert entered == PresenceRecorded(Presence.PRESENT)
    again = await attendance.check_in_for(journey.house, journey.asked(ORGANISER), journey.attendees["An"])
    assert again == Unchanged()
    assert (await people_of(journey))["An"].presence_source is Source.SECRETARY
    await journey.open_meeting()
    await journey.close_meeting()
    late = await attendance.check_in_for(journey.house, journey.asked(ORGANISER), journey.attendees["Bình"])
    assert refused(late) is Refusal.MEETING_CLOSED
    assert (await journey.acts()).count("presence_entered") == 1


async def test_who_leaves_early_is_asked_once_more(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"]), absent=["Bình"])

    async def leave(name: str, *, is_sure: bool) -> object:
        return await attendance.leave_meeting(
            journey.house, journey.asked(name), journey.meeting_id, is_sure=is_sure
        )

    assert await leave("An", is_sure=False) == LeaveUnsure()
    assert (await journey.count()).present == 1
    assert await leave("An", is_sure=True) == PresenceRecorded(Presence.LEFT)
    assert await leave("An", is_sure=True) == Unchanged()
    assert refused(await leave("Bình", is_sure=True)) is Refusal.NOT_PRESENT
    assert (await journey.count()).present == 0
    assert (await journey.acts()).count("left") == 1


async def test_somebody_forgotten_is_put_on_the_roll(database: Database) -> None:
    journey = await cluster(database)

    async def add(name: str, unit: str = "", event: str | None = None) -> AttendeeAdded | Refused:
        return await attendance.add_attendee(
            journey.house,
            journey.asked(ORGANISER, event=event),
            journey.meeting_id,
            name,
            Standing.VOTING,
            unit,
        )

    added = await add(" Ánh ", "SO a", event="typed")
    assert isinstance(added, AttendeeAdded)
    with pytest.raises(RepeatedEventError):
        await add("Ánh", "Sở A", event="typed")
    assert await add("Em", "Sở C") == Refused(Refusal.UNIT_UNKNOWN, {"unit": "Sở C"})
    assert refused(await add(" ")) is Refusal.TEXT_EMPTY
    assert refused(await add("x" * 101)) is Refusal.TEXT_TOO_LONG
    await journey.reread()
    assert (await people_of(journey))["Ánh"].unit == "Sở A"
    await journey.bind("Ánh")
    await journey.open_meeting()
    await journey.check_in("Ánh")
    await journey.close_meeting()
    assert refused(await add("Em")) is Refusal.MEETING_CLOSED


# The quorum


@pytest.mark.parametrize(
    ("quorum", "headcount", "summoned", "units", "least"),
    [
        pytest.param(QuorumKind.HEADCOUNT, 61, 45, 0, 41, id="41-of-61-staff"),
        pytest.param(QuorumKind.SUMMONED, 61, 9, 0, 6, id="6-of-9-summoned"),
        pytest.param(QuorumKind.UNITS, None, 7, 7, 5, id="5-of-7-units"),
        pytest.param(QuorumKind.HEADCOUNT, None, 4, 0, 3, id="3-of-4-without-a-headcount"),
    ],
)
async def test_the_quorum_is_reached_exactly_at_its_share(
    sqlite_url: str, quorum: QuorumKind, headcount: int | None, summoned: int, units: int, least: int
) -> None:
    names = [f"Đại biểu {number}" for number in range(summoned)]
    unit_of = {name: f"Đơn vị {number}" if units else None for number, name in enumerate(names)}
    database = Database.open(sqlite_url)
    journey = await Journey.planned(
        database,
        plan(
            [seat(name, unit_of[name]) for name in names],
            rules=rules(quorum, BaseKind.UNITS if units else BaseKind.ATTENDEES),
            units=[unit for unit in unit_of.values() if unit],
            headcount=headcount,
        ),
        are_bound=False,
    )
    await journey.open_meeting()
    await journey.enter(*names[: least - 1])
    assert (await journey.count()).counted == least - 1
    assert not (await journey.state()).has_quorum
    vote_id = await journey.draft()
    too_few = await opening.open_vote(journey.house, journey.asked(ORGANISER), vote_id, within=None)
    assert refused(too_few) is Refusal.NO_QUORUM
    await journey.enter(names[least - 1])
    assert (await journey.state()).has_quorum
    await journey.open_draft(vote_id)
    await database.close()


async def test_a_statement_of_a_number_that_is_not_there_any_more_is_refused(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]))
    early = await attendance.state_attendance(journey.house, journey.asked(ORGANISER), journey.meeting_id, 0)
    assert refused(early) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    await journey.check_in("An", "Bình")
    for shown in (1, 3, -1):
        stale = await attendance.state_attendance(
            journey.house, journey.asked(ORGANISER), journey.meeting_id, shown
        )
        assert refused(stale) is Refusal.OUT_OF_DATE
    assert (await journey.state()).present == 2
    await journey.leave("An")
    assert (await journey.state()).present == 1, "stated anew, the newest holds"
    async with database.snapshot() as tx:
        statement = await reading.find_statement(tx, journey.meeting_id, StatementKind.CONFIRMED)
    assert statement is not None
    assert statement.attendance.present == 1


async def test_a_statement_by_units_is_of_the_units_that_were_shown(database: Database) -> None:
    attendees = [seat("An", "Sở A"), seat("Bình", "Sở A"), seat("Chi", "Sở B")]
    journey = await Journey.planned(database, plan(attendees, rules=UNITS, units=("Sở A", "Sở B")))
    await journey.open_meeting()
    await journey.check_in("An", "Chi")
    await journey.leave("Chi")
    await journey.check_in("Bình")
    two_people = await attendance.state_attendance(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, 2
    )
    assert refused(two_people) is Refusal.OUT_OF_DATE, "two units were shown, and one is there"
    assert (await journey.state()).units_present == 1


async def test_the_preliminary_count_is_the_organising_committees(database: Database) -> None:
    journey = await Journey.planned(database, plan([seat("An", role=Role.CHAIR), seat("Bình")]))
    await journey.open_meeting()
    stated = await attendance.state_preliminary(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert isinstance(stated, AttendanceStated)
    assert stated.kind is StatementKind.PRELIMINARY
    by_chair = await attendance.state_preliminary(journey.house, journey.asked("An"), journey.meeting_id)
    assert refused(by_chair) is Refusal.NOT_PERMITTED


async def test_a_quorum_lost_and_regained_is_recorded_and_told_once(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình", "Chi"]))
    await journey.leave("An")
    assert await journey.posts_to(ORGANISER) == []
    await journey.leave("Bình")
    assert await journey.posts_to(ORGANISER) == [PostKind.QUORUM_LOST]
    await journey.leave("Chi")
    assert await journey.posts_to(ORGANISER) == [PostKind.QUORUM_LOST], "told once while it lasts"
    await journey.check_in("An", "Bình")
    await journey.leave("An")
    assert await journey.posts_to(ORGANISER) == [PostKind.QUORUM_LOST] * 2
    changes = [act for act in await journey.acts() if act.startswith("quorum")]
    assert changes == ["quorum_lost", "quorum_regained", "quorum_lost"]


async def test_a_longer_roll_may_lose_the_quorum(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình", "Chi"]), absent=["Chi"])
    assert (await journey.count()).has_quorum
    await attendance.add_attendee(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, "Dung", Standing.VOTING
    )
    assert not (await journey.count()).has_quorum
    assert await journey.posts_to(ORGANISER) == [PostKind.QUORUM_LOST]
    attended = await binding.attend_oneself(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert isinstance(attended, binding.Bound)
    await journey.enter("Chi")
    await journey.check_in(ORGANISER)
    assert (await journey.acts())[-1] == "quorum_regained"


async def test_before_the_statement_nobody_is_told_of_a_quorum(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình", "Chi"]))
    await journey.open_meeting()
    await journey.check_in("An", "Bình", "Chi")
    await journey.leave("An")
    await journey.leave("Bình")
    assert await journey.posts_to(ORGANISER) == []
    assert not any(act.startswith("quorum") for act in await journey.acts())


async def test_after_the_meeting_nobody_leaves_or_comes(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"]), absent=["Bình"])
    await journey.close_meeting()
    left = await attendance.mark_left(journey.house, journey.asked(ORGANISER), journey.attendees["An"])
    assert refused(left) is Refusal.MEETING_CLOSED
    assert refused(await journey.come_in("Bình")) is Refusal.MEETING_CLOSED
    assert isinstance(await journey.come_in("An"), CheckedIn)
    opened = await attendance.open_check_in(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert refused(opened) is Refusal.MEETING_CLOSED
    opened_again = await meetings.open_meeting(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert refused(opened_again) is Refusal.MEETING_CLOSED

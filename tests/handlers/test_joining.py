"""Ways in: codes and links, roles, moving an account, being somebody else."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers import admission, attendance, binding, inviting, joining
from handlers.asking import Asked, RepeatedEventError
from handlers.binding import Bound, MoveNeeded
from handlers.joining import NameNeeded
from handlers.meetings import Unchanged
from meeting.people import Purpose, Role
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, InvitationKind, PostKind
from storage import people
from storage.database import Database
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat


async def hall(database: Database) -> Journey:
    """A meeting whose attendees have not come in yet."""
    attendees = [seat("An", role=Role.CHAIR), seat("Bình"), seat("Chi")]
    return await Journey.planned(database, plan(attendees), are_bound=False)


# Links and codes


async def test_a_personal_link_binds_the_account_that_opens_it(database: Database) -> None:
    journey = await hall(database)
    bound = await journey.join("An", await journey.token("An"))
    assert isinstance(bound, Bound)
    assert (bound.person, bound.meeting_id, bound.is_repeat) == ("An", journey.meeting_id, False)
    assert "account_bound" in await journey.acts()


async def test_a_code_is_understood_with_look_alikes_spaces_and_small_letters(database: Database) -> None:
    journey = await hall(database)
    code = (await journey.code("An")).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    bound = await journey.join("An", f" {code} ")
    assert isinstance(bound, Bound)
    assert bound.person == "An"


async def test_the_same_account_again_is_bound_as_before(database: Database) -> None:
    journey = await hall(database)
    token = await journey.token("An")
    first = await journey.join("An", token, event="tap")
    assert isinstance(first, Bound)
    acts = await journey.acts()
    for event in ("tap", "another tap"):
        again = await journey.join("An", token, event=event)
        assert isinstance(again, Bound)
        assert again.is_repeat
    assert await journey.acts() == acts


async def test_ten_codes_that_do_not_fit_and_the_sender_waits(database: Database) -> None:
    journey = await hall(database)
    code = await journey.code("An")
    for _ in range(10):
        assert refused(await journey.join("An", "ZZZZ-ZZZZ")) is Refusal.CODE_UNKNOWN
        journey.clock.advance(timedelta(minutes=1))
    waits = await journey.join("An", code)
    assert waits == Refused(Refusal.TOO_MANY_TRIES, {"retry_after": timedelta(minutes=50)})
    assert isinstance(await journey.join("Bình", await journey.code("Bình")), Bound)
    journey.clock.advance(timedelta(minutes=50))
    assert isinstance(await journey.join("An", code), Bound)


async def test_what_can_not_be_a_code_is_refused_whatever_it_is(database: Database) -> None:
    journey = await hall(database)
    for number, typed in enumerate(
        ("", "0", "zzzzzzzzzzzz-" + "A" * 22, "1-" + "A" * 22, "x" * 10_000, "đồng chí", "\x00")
    ):
        assert refused(await journey.join(f"stranger {number}", typed)) is Refusal.CODE_UNKNOWN
        found = await admission.find_admission(journey.house, "telegram", typed)
        assert refused(found) is Refusal.CODE_UNKNOWN


async def test_looking_at_a_link_takes_nothing_up(database: Database) -> None:
    journey = await hall(database)
    token = await journey.token("Bình")
    for is_taken in (False, True):
        found = await admission.find_admission(journey.house, "telegram", token)
        assert isinstance(found, admission.Admission)
        assert (found.person, found.title, found.is_taken) == ("Bình", "Hội nghị", is_taken)
        await journey.bind("Bình")


async def test_a_further_account_is_told_to_those_who_speak_for_the_person_already(
    database: Database,
) -> None:
    journey = await hall(database)
    await journey.bind("Bình")
    await journey.bind("Bình", platform="web")
    assert await journey.posts_to("Bình") == [PostKind.ALSO_BOUND]
    assert await journey.posts_to("Bình (web)") == []
    await journey.bind("Bình", platform="web")
    assert await journey.posts_to("Bình") == [PostKind.ALSO_BOUND]


async def test_whoever_comes_in_after_the_close_gets_the_summary_once(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]), are_bound=False)
    await journey.open_meeting()
    await journey.close_meeting()
    for _ in range(2):
        await journey.bind("An")
    assert await journey.posts_to("An") == [PostKind.SUMMARY]


async def test_a_personal_link_ends_a_month_after_the_meeting(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình"]), are_bound=False)
    await journey.open_meeting()
    await journey.close_meeting()
    journey.clock.advance(timedelta(days=29))
    assert isinstance(await journey.join("An", await journey.token("An")), Bound)
    journey.clock.advance(timedelta(days=1))
    late = await journey.join("Bình", await journey.token("Bình"))
    assert refused(late) is Refusal.CODE_EXPIRED


async def test_a_renewed_invitation_ends_the_old_link_and_the_account_bound_by_it(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    old_token, old_code = await journey.way_in("An")
    attendee = journey.attendees["An"]
    renewed = await inviting.renew_invitation(journey.house, journey.asked(ORGANISER), attendee)
    assert isinstance(renewed, inviting.WayIn)
    assert renewed.token == await journey.token("An")
    assert refused(await journey.join("Somebody", old_token)) is Refusal.CODE_RENEWED
    assert refused(await journey.join("Somebody", old_code)) is Refusal.CODE_UNKNOWN
    assert await journey.posts_to("An") == [PostKind.MOVED_AWAY]
    assert await journey.cards_of("An") == {}
    replied = await binding.report_wrong_person(journey.house, journey.asked("An"), journey.meeting_id)
    assert refused(replied) is Refusal.NOT_BOUND
    assert isinstance(await journey.join("An", renewed.code), Bound)


async def test_nobody_makes_the_own_link_anew(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", ORGANISER]), are_bound=False)
    own = journey.attendees[ORGANISER]
    assert (
        refused(await inviting.renew_invitation(journey.house, journey.asked(ORGANISER), own))
        is Refusal.NOT_PERMITTED
    )


# Several accounts


async def test_another_account_takes_over_only_when_confirmed(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    token = await journey.token("An")
    asked = await journey.join("An's new phone", token)
    assert isinstance(asked, MoveNeeded)
    assert asked.person == "An"
    assert (CardKind.ATTENDANCE, journey.meeting_id) in await journey.cards_of("An")

    moved = await journey.join("An's new phone", token, may_move=True, event="yes")
    assert isinstance(moved, Bound)
    assert await journey.posts_to("An") == [PostKind.MOVED_AWAY]
    assert await journey.cards_of("An") == {}
    assert (await journey.acts())[-1] == "account_moved"
    reply = await attendance.leave_meeting(
        journey.house, journey.asked("An"), journey.meeting_id, is_sure=True
    )
    assert refused(reply) is Refusal.NOT_BOUND


async def test_a_confirmation_to_move_that_is_delivered_again_does_not_move_back(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    token = await journey.token("An")
    assert isinstance(await journey.join("Second", token, may_move=True, event="second"), Bound)
    assert isinstance(await journey.join("Third", token, may_move=True, event="third"), Bound)
    with pytest.raises(RepeatedEventError):
        await journey.join("Second", token, may_move=True, event="second")
    again = await journey.join("Third", token)
    assert isinstance(again, Bound)
    assert again.is_repeat


async def test_a_person_may_have_one_account_on_each_platform(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    await journey.bind("An", platform="web")
    for phone in ("An", "An (web)"):
        assert (CardKind.ATTENDANCE, journey.meeting_id) in await journey.cards_of(phone)
    async with database.snapshot() as tx:
        actors = [
            await people.find_actor(tx, journey.account(phone), journey.meeting_id)
            for phone in ("An", "An (web)")
        ]
    assert len({actor.person_id for actor in actors if actor}) == 1


async def test_an_account_that_is_somebody_else_is_not_bound_twice(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    other = await journey.join("An", await journey.token("Bình"))
    assert other == Refused(Refusal.ACCOUNT_IS_SOMEBODY_ELSE, {"person": "An"})


async def test_who_was_bound_by_mistake_says_so_and_the_right_one_comes_in(database: Database) -> None:
    journey = await hall(database)
    token = await journey.token("Bình")
    mistaken = await journey.join("Chi", token, event="mistake")
    assert isinstance(mistaken, Bound)
    asked = Asked(mistaken.account.account_id, "telegram", journey.event())
    gone = await binding.report_wrong_person(journey.house, asked, journey.meeting_id)
    assert gone == binding.LetGo("Bình")
    with pytest.raises(RepeatedEventError):
        await journey.join("Chi", token, event="mistake")
    await journey.bind("Chi")
    await journey.bind("Bình")
    assert (await journey.acts()).count("account_let_go") == 1


async def test_two_phones_that_open_one_link_at_once_do_not_both_get_in(database: Database) -> None:
    journey = await hall(database)
    token = await journey.token("An")
    joined = await asyncio.gather(*(journey.join(f"phone {number}", token) for number in range(4)))
    assert sorted(type(each).__name__ for each in joined) == [
        "Bound",
        "MoveNeeded",
        "MoveNeeded",
        "MoveNeeded",
    ]


async def test_one_phone_that_opens_its_link_twice_at_once_is_bound_once(database: Database) -> None:
    journey = await hall(database)
    token = await journey.token("An")
    joined = await asyncio.gather(*(journey.join("An", token) for _ in range(4)))
    assert sorted(each.is_repeat for each in joined if isinstance(each, Bound)) == [False, True, True, True]


# Founding, roles


async def test_an_organisation_is_founded_once_by_the_code_of_the_operator(database: Database) -> None:
    journey = await Journey.begun(database)
    way = await inviting.make_founder_code(journey.house)
    first = await journey.join("An", way.token)
    second = await journey.join("Bình", way.code)
    assert isinstance(first, NameNeeded)
    assert isinstance(second, NameNeeded)
    assert first.kind is InvitationKind.FOUNDER
    founding = [
        joining.found_organisation(
            journey.house,
            Asked(each.account.account_id, "telegram", journey.event()),
            way.code,
            "Sở Nội vụ",
            name,
            language="vi",
            timezone="Asia/Ho_Chi_Minh",
        )
        for each, name in ((first, "An"), (second, "Bình"))
    ]
    outcomes = await asyncio.gather(*founding)
    assert sorted(isinstance(outcome, Bound) for outcome in outcomes) == [False, True]
    assert [refused(outcome) for outcome in outcomes if not isinstance(outcome, Bound)] == [Refusal.CODE_USED]
    assert refused(await journey.join("Chi", way.code)) is Refusal.CODE_USED


@pytest.mark.parametrize(
    ("name", "person", "reason"),
    [
        (" ", "An", Refusal.TEXT_EMPTY),
        ("Sở", "\u200b", Refusal.TEXT_EMPTY),
        ("x" * 301, "An", Refusal.TEXT_TOO_LONG),
        ("Sở", "x" * 101, Refusal.TEXT_TOO_LONG),
    ],
)
async def test_an_organisation_and_its_founder_have_names_that_fit(
    sqlite_url: str, name: str, person: str, reason: Refusal
) -> None:
    database = Database.open(sqlite_url)
    journey = await Journey.begun(database)
    code = (await inviting.make_founder_code(journey.house)).code
    joined = await journey.join("An", code)
    assert isinstance(joined, NameNeeded)
    asked = Asked(joined.account.account_id, "telegram", "naming")
    for _ in range(2):  # refused, the same event may be tried again
        founded = await joining.found_organisation(
            journey.house, asked, code, name, person, language="vi", timezone="Asia/Ho_Chi_Minh"
        )
        assert refused(founded) is reason
    founded = await joining.found_organisation(
        journey.house, asked, code, "Sở", "An", language="vi", timezone="Asia/Ho_Chi_Minh"
    )
    assert isinstance(founded, Bound)
    await database.close()


async def test_a_founders_code_ends_after_a_week(database: Database) -> None:
    journey = await Journey.begun(database)
    code = (await inviting.make_founder_code(journey.house)).code
    journey.clock.advance(timedelta(days=7))
    assert refused(await journey.join("An", code)) is Refusal.CODE_EXPIRED


async def test_a_role_is_taken_up_by_a_link_that_works_once(database: Database) -> None:
    journey = await hall(database)
    way = await inviting.invite_role(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, Role.SECRETARY
    )
    assert isinstance(way, inviting.WayIn)
    joined = await journey.join("Dung", way.token)
    assert isinstance(joined, NameNeeded)
    assert joined.role is Role.SECRETARY
    asked = Asked(joined.account.account_id, "telegram", journey.event())
    accepted = await joining.accept_role(journey.house, asked, way.token, "Dung")
    assert isinstance(accepted, Bound)
    async with database.snapshot() as tx:
        actor = await people.find_actor(tx, asked.account_id, journey.meeting_id)
        account = await people.get_account(tx, asked.account_id)
    assert actor is not None
    assert actor.roles == {Role.SECRETARY}
    assert account.current_meeting_id == journey.meeting_id
    assert refused(await journey.join("Em", way.token)) is Refusal.CODE_USED
    again = await journey.join("Dung", way.token)
    assert isinstance(again, Bound)
    assert again.is_repeat
    assert (await journey.acts())[-2:] == ["role_invited", "role_granted"]


async def test_who_is_known_in_the_organisation_takes_up_a_role_at_once(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("Bình")
    assert (CardKind.PANEL, journey.meeting_id) not in await journey.cards_of("Bình")
    way = await inviting.invite_role(journey.house, journey.asked(ORGANISER), journey.meeting_id, Role.CHAIR)
    assert isinstance(way, inviting.WayIn)
    joined = await journey.join("Bình", way.code, event="tap")
    assert isinstance(joined, Bound)
    assert joined.person == "Bình"
    assert (CardKind.PANEL, journey.meeting_id) in await journey.cards_of("Bình")
    assert (CardKind.HOME, journey.organisation_id) not in await journey.cards_of("Bình")


async def test_a_role_link_opened_by_two_at_once_grants_one_of_them(database: Database) -> None:
    journey = await hall(database)
    await journey.join_all()
    way = await inviting.invite_role(journey.house, journey.asked(ORGANISER), journey.meeting_id, Role.CHAIR)
    assert isinstance(way, inviting.WayIn)
    joined = await asyncio.gather(*(journey.join(name, way.token) for name in ("Bình", "Chi")))
    assert sorted(isinstance(each, Bound) for each in joined) == [False, True]
    assert (await journey.acts()).count("role_granted") == 1


async def test_a_co_organiser_sees_the_organisation(database: Database) -> None:
    journey = await hall(database)
    await journey.appoint("Dung", Role.ORGANISER)
    assert (CardKind.HOME, journey.organisation_id) in await journey.cards_of("Dung")
    assert (CardKind.PANEL, journey.meeting_id) in await journey.cards_of("Dung")
    await journey.appoint("Giang", Role.CHAIR, by="Dung")
    assert (CardKind.HOME, journey.organisation_id) not in await journey.cards_of("Giang")


async def test_a_secretary_makes_no_organiser(database: Database) -> None:
    journey = await hall(database)
    await journey.appoint("Dung", Role.SECRETARY)
    way = await inviting.invite_role(journey.house, journey.asked("Dung"), journey.meeting_id, Role.ORGANISER)
    assert refused(way) is Refusal.NOT_PERMITTED
    await journey.appoint("Em", Role.CHAIR, by="Dung")


async def test_a_chair_that_was_planned_presides_from_the_first_tap_on(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    assert set(await journey.cards_of("An")) == {
        (CardKind.ATTENDANCE, journey.meeting_id),
        (CardKind.PANEL, journey.meeting_id),
    }
    await journey.open_meeting(by="An")


async def test_an_organiser_puts_oneself_on_the_roll(database: Database) -> None:
    journey = await hall(database)
    attended = await binding.attend_oneself(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert isinstance(attended, Bound)
    again = await binding.attend_oneself(journey.house, journey.asked(ORGANISER), journey.meeting_id)
    assert again == Unchanged()
    await journey.open_meeting()
    await journey.check_in(ORGANISER)
    assert (await journey.count()).present == 1


# From one meeting to the next


async def test_the_link_of_the_next_meeting_makes_it_the_current_one(database: Database) -> None:
    journey = await hall(database)
    await journey.join_all()
    first = journey.meeting_id
    second = await journey.add_meeting(plan(["An", "Bình"], title="Hội nghị sau"))
    before = await journey.cards_of("An")
    assert {(CardKind.ATTENDANCE, first), (CardKind.ATTENDANCE, second)} <= set(before)
    for meeting_id in (second, first):
        journey.meeting_id = meeting_id
        joined = await journey.join("An", await journey.token("An"), event=f"link of {meeting_id}")
        assert isinstance(joined, Bound)
        async with database.snapshot() as tx:
            assert (await people.get_account(tx, journey.account("An"))).current_meeting_id == meeting_id
    journey.meeting_id = second
    await journey.join("An", await journey.token("An"), event=f"link of {second}")
    async with database.snapshot() as tx:
        account = await people.get_account(tx, journey.account("An"))
    assert account.current_meeting_id == first, "an old tap delivered again changes nothing"


async def test_a_new_phone_is_not_flooded_with_meetings_of_the_past(database: Database) -> None:
    journey = await hall(database)
    await journey.open_meeting()
    await journey.close_meeting()
    past = journey.meeting_id
    await journey.add_meeting(plan(["An", "Bình"], title="Hội nghị sau"))
    await journey.bind("An")
    assert set(await journey.cards_of("An")) == {(CardKind.ATTENDANCE, journey.meeting_id)}
    journey.meeting_id = past
    await journey.bind("Chi")
    assert (CardKind.ATTENDANCE, past) in await journey.cards_of("Chi")


# The person's own affairs


async def test_consent_is_asked_until_it_was_answered_and_the_last_answer_stands(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    for is_given in (True, False):
        recorded = await joining.give_consent(
            journey.house,
            journey.asked("An"),
            journey.meeting_id,
            Purpose.REMINDERS,
            "2026-01",
            "vi",
            is_given=is_given,
        )
        assert recorded == joining.ConsentRecorded(is_given)


async def test_without_consent_to_contact_data_the_account_is_let_go_and_the_link_stays_good(
    database: Database,
) -> None:
    journey = await hall(database)
    await journey.bind("Bình")
    refused = await joining.give_consent(
        journey.house,
        journey.asked("Bình"),
        journey.meeting_id,
        Purpose.CONTACT,
        "2026-01",
        "vi",
        is_given=False,
    )
    assert refused == joining.ConsentRecorded(is_given=False, is_let_go=True)
    assert await journey.cards_of("Bình") == {}
    await journey.bind("Bình")
    assert set(await journey.cards_of("Bình")) == {(CardKind.ATTENDANCE, journey.meeting_id)}


async def test_who_refuses_the_use_of_contact_data_is_let_go_and_may_come_back(database: Database) -> None:
    attendees = [seat("An", role=Role.CHAIR), seat("Bình", phone="+84912345678")]
    journey = await Journey.planned(database, plan(attendees))

    async def refuse(name: str) -> object:
        return await joining.give_consent(
            journey.house,
            journey.asked(name),
            journey.meeting_id,
            Purpose.CONTACT,
            "2026-01",
            "vi",
            is_given=False,
        )

    assert await refuse("An") == joining.ConsentRecorded(is_given=False), "who presides stays reachable"
    assert await refuse("Bình") == joining.ConsentRecorded(is_given=False, is_let_go=True)
    assert await journey.cards_of("Bình") == {}
    async with database.engine.connect() as connection:
        assert (await connection.scalars(sa.text("SELECT phone FROM person"))).all() == [None, None, None]
    await journey.bind("Bình")


async def test_the_operator_is_offered_one_founding_code_until_it_was_used(database: Database) -> None:
    journey = await Journey.begun(database)
    offered = await inviting.offer_founder_code(journey.house)
    assert offered is not None
    assert await inviting.offer_founder_code(journey.house) == offered
    journey.clock.advance(timedelta(days=7))
    newer = await inviting.offer_founder_code(journey.house)
    assert newer is not None
    assert newer.code != offered.code
    await journey.found("Sở Nội vụ", "An")
    assert await inviting.offer_founder_code(journey.house) is None


async def test_the_language_of_an_account_is_set(database: Database) -> None:
    journey = await hall(database)
    await journey.bind("An")
    before = await journey.cards_of("An")
    await joining.set_language(journey.house, journey.asked("An"), "en")
    async with database.snapshot() as tx:
        assert (await people.get_account(tx, journey.account("An"))).language == "en"
    after = await journey.cards_of("An")
    assert all(after[card] > version for card, version in before.items())

"""Groups on the databases that are supported: bound once, followed where they go, let go for good."""

import asyncio

from handlers import groups
from handlers.asking import RepeatedEventError
from handlers.groups import GroupBound, GroupLetGo, GroupSeen, Place, RebindUnsure
from handlers.inviting import WayIn
from meeting.people import Role
from meeting.refusals import Refusal
from meeting.states import CardKind, GroupRight, PostKind
from meeting.voting import Option
from storage.cards import list_card_versions
from storage.database import Database
from storage.groups import find_group, find_group_account, list_groups, list_to_leave, put_removed
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, refused, seat

PLACE = Place("telegram", "-42", "Nhóm Công đoàn")
SEATS = (seat("Chủ tọa", role=Role.CHAIR), seat("An"), seat("Bình"))


async def bound(database: Database) -> Journey:
    """An open meeting that a group follows."""
    journey = await Journey.opened(database, plan(SEATS, ITEMS))
    assert await bind(journey) == GroupBound(journey.meeting_id, is_repeat=False)
    return journey


async def link(journey: Journey, by: str = ORGANISER) -> str:
    way = await groups.invite_group(journey.house, journey.asked(by), journey.meeting_id)
    assert isinstance(way, WayIn), way
    return way.token


async def bind(journey: Journey, by: str = ORGANISER, place: Place = PLACE) -> object:
    return await groups.bind_group(journey.house, journey.asked(by), place, await link(journey))


async def kinds(journey: Journey, chat: str = PLACE.chat) -> dict[CardKind, int]:
    """The group's cards, with the version that each should show."""
    async with journey.database.snapshot() as tx:
        return {card.kind: card.wanted_version for card in await list_card_versions(tx, "telegram", [chat])}


async def test_a_group_is_bound_once_however_often_it_is_asked_for(database: Database) -> None:
    journey = await Journey.opened(database, plan(SEATS, ITEMS))
    token = await link(journey)
    assert await link(journey) == token
    asked = journey.asked(ORGANISER)
    first = await groups.bind_group(journey.house, asked, PLACE, token)
    assert first == GroupBound(journey.meeting_id, is_repeat=False)
    try:
        await groups.bind_group(journey.house, asked, PLACE, token)
    except RepeatedEventError:
        pass
    else:
        raise AssertionError("the same event again does nothing")
    assert await bind(journey) == GroupBound(journey.meeting_id, is_repeat=True)
    async with database.snapshot() as tx:
        assert [group.title for group in await list_groups(tx, journey.meeting_id)] == ["Nhóm Công đoàn"]
    assert (await journey.acts()).count("group_bound") == 1


async def test_several_groups_follow_one_meeting(database: Database) -> None:
    journey = await bound(database)
    others = [Place("telegram", f"-{number}", f"Nhóm {number}") for number in (43, 44)]
    results = await asyncio.gather(*(bind(journey, place=place) for place in others))
    assert results == [GroupBound(journey.meeting_id, is_repeat=False)] * 2
    await journey.open_vote()
    for place in (PLACE, *others):
        assert set(await kinds(journey, place.chat)) == {CardKind.GROUP, CardKind.GROUP_BALLOT}


async def test_a_ballot_refreshes_the_groups_card_once_for_the_batch(database: Database) -> None:
    journey = await bound(database)
    vote_id = await journey.open_vote()
    before = (await kinds(journey))[CardKind.GROUP_BALLOT]
    await journey.cast_all(vote_id, {"An": Option.YES, "Bình": Option.NO})
    assert (await kinds(journey))[CardKind.GROUP_BALLOT] == before + 1


async def test_a_group_bound_during_a_vote_is_shown_it(database: Database) -> None:
    journey = await Journey.opened(database, plan(SEATS, ITEMS))
    await journey.open_vote()
    await bind(journey)
    assert set(await kinds(journey)) == {CardKind.GROUP, CardKind.GROUP_BALLOT}


async def test_another_meeting_takes_a_group_over_by_the_organisers_word_only(database: Database) -> None:
    journey = await bound(database)
    first = journey.meeting_id
    second = await journey.add_meeting(plan([seat("Dũng", role=Role.SECRETARY)], ITEMS, title="Khác"))
    await journey.join_all()
    assert refused(await bind(journey, "Dũng")) is Refusal.GROUP_TAKEN
    assert (
        refused(await groups.rebind_group(journey.house, journey.asked("Dũng"), PLACE, second))
        is Refusal.GROUP_TAKEN
    )
    assert isinstance(await bind(journey), RebindUnsure)
    done = await groups.rebind_group(journey.house, journey.asked(ORGANISER), PLACE, second)
    assert done == GroupBound(second, is_repeat=False)
    async with database.snapshot() as tx:
        assert await list_groups(tx, first) == []
        assert await list_to_leave(tx, "telegram") == []
    assert set(await kinds(journey)) == {CardKind.GROUP}


async def test_of_two_meetings_that_a_group_is_bound_to_at_once_one_has_it(database: Database) -> None:
    journey = await Journey.opened(database, plan([*SEATS, seat("Cúc", role=Role.SECRETARY)], ITEMS))
    first = journey.meeting_id
    token = await link(journey, "Cúc")
    await journey.add_meeting(plan([seat("Dũng", role=Role.SECRETARY)], ITEMS, title="Khác"))
    await journey.join_all()
    others = await link(journey, "Dũng")
    for number in range(4):
        place = Place("telegram", f"-{number}", "Nhóm")
        results = await asyncio.gather(
            *(
                groups.bind_group(journey.house, journey.asked(who), place, what)
                for who, what in (("Cúc", token), ("Dũng", others), ("Cúc", token))
            )
        )
        async with database.snapshot() as tx:
            group = await find_group(tx, "telegram", place.chat)
        assert group is not None
        fresh = [one for one in results if isinstance(one, GroupBound) and not one.is_repeat]
        assert fresh == [GroupBound(group.meeting_id, is_repeat=False)]
        others_refused = [refused(one) for one in results if not isinstance(one, GroupBound)]
        assert set(others_refused) <= {Refusal.GROUP_TAKEN, Refusal.OUT_OF_DATE}
        assert group.meeting_id in {first, journey.meeting_id}
    assert (await journey.acts()).count("group_unbound") == 0


async def test_who_may_not_prepare_a_meeting_binds_nothing_to_it(database: Database) -> None:
    journey = await Journey.opened(database, plan(SEATS, ITEMS))
    await journey.meet("Lạ")
    for name in ("An", "Lạ"):
        assert refused(await bind(journey, name)) is Refusal.GROUP_NOT_YOURS
        again = await groups.rebind_group(journey.house, journey.asked(name), PLACE, journey.meeting_id)
        assert refused(again) is Refusal.GROUP_NOT_YOURS
    assert (
        refused(
            await groups.bind_group(journey.house, journey.asked(ORGANISER), PLACE, await journey.token("An"))
        )
        is Refusal.GROUP_CODE_UNKNOWN
    )
    await journey.close_meeting()
    closed = await groups.rebind_group(journey.house, journey.asked(ORGANISER), PLACE, journey.meeting_id)
    assert refused(closed) is Refusal.MEETING_CLOSED


async def test_the_longest_title_is_kept_as_far_as_it_fits(database: Database) -> None:
    journey = await Journey.opened(database, plan(SEATS, ITEMS))
    place = Place("telegram", "-42", "Nhóm " * 60)
    assert await bind(journey, place=place) == GroupBound(journey.meeting_id, is_repeat=False)
    async with database.snapshot() as tx:
        (group,) = await list_groups(tx, journey.meeting_id)
    assert place.title.startswith(group.title)


async def test_a_group_that_moves_takes_everything_along(database: Database) -> None:
    journey = await bound(database)
    for _ in range(2):
        await groups.move_group(journey.house, journey.asked(ORGANISER), "telegram", PLACE.chat, "-10042")
    async with database.snapshot() as tx:
        assert await find_group(tx, "telegram", PLACE.chat) is None
        moved = await find_group(tx, "telegram", "-10042")
    assert moved is not None
    assert (moved.meeting_id, moved.chat, moved.is_reachable) == (journey.meeting_id, "-10042", True)
    assert await kinds(journey, "-10042") == {CardKind.GROUP: 2}


async def test_a_group_bound_anew_before_its_move_is_known_stays_one(database: Database) -> None:
    journey = await bound(database)
    new = Place("telegram", "-10042", PLACE.title)
    await bind(journey, place=new)
    await groups.move_group(journey.house, journey.asked(ORGANISER), "telegram", PLACE.chat, new.chat)
    async with database.snapshot() as tx:
        assert [group.chat for group in await list_groups(tx, journey.meeting_id)] == [new.chat]
    assert await kinds(journey) == {}


async def test_nobodys_private_chat_moves_like_a_group(database: Database) -> None:
    journey = await bound(database)
    sender = journey.sender("An")
    await groups.move_group(journey.house, journey.asked(ORGANISER), "telegram", sender.external_id, "-10042")
    async with database.snapshot() as tx:
        assert await find_group_account(tx, "telegram", "-10042") is None


async def test_removed_and_added_again_it_goes_on(database: Database) -> None:
    journey = await bound(database)
    for _ in range(2):
        await groups.leave_group(journey.house, journey.asked("An"), PLACE)
    told = await journey.posts_to(ORGANISER)
    assert PostKind.GROUP_LEFT in told
    lacking = frozenset({GroupRight.PIN})
    seen = await groups.admit_group(journey.house, journey.asked("An"), PLACE, lacking, is_new=True)
    assert seen == GroupSeen(journey.meeting_id)
    async with database.snapshot() as tx:
        group = await find_group(tx, "telegram", PLACE.chat)
    assert group is not None
    assert (group.is_reachable, group.lacks) == (True, lacking)
    await groups.note_lack(journey.house, group.group_id, GroupRight.PIN)
    assert (await journey.posts_to(ORGANISER)).count(PostKind.GROUP_LACKS) == 1


async def test_let_go_it_is_left_and_told_nothing_more(database: Database) -> None:
    journey = await bound(database)
    async with database.snapshot() as tx:
        group = await find_group(tx, "telegram", PLACE.chat)
    assert group is not None
    asked = journey.asked(ORGANISER)
    assert await groups.unbind_group(journey.house, asked, group.group_id) == GroupLetGo(
        journey.meeting_id, PLACE.title
    )
    await journey.open_vote()
    assert await kinds(journey) == {}
    async with database.snapshot() as tx:
        ((account_id, chat),) = await list_to_leave(tx, "telegram")
    assert chat == PLACE.chat
    async with database.transaction() as tx:
        await put_removed(tx, account_id, journey.clock.now())
    async with database.snapshot() as tx:
        assert await list_to_leave(tx, "telegram") == []
    await groups.leave_group(journey.house, journey.asked(ORGANISER), PLACE)
    assert PostKind.GROUP_LEFT not in await journey.posts_to(ORGANISER)
    await groups.note_lack(journey.house, group.group_id, GroupRight.PIN)

"""The agenda: moving through it, changing it, and what is decided without a count."""

import pytest

from handlers import agenda, drafting
from handlers.agenda import AgendaChanged, AgendaEnded, ItemDecided, ItemReached
from handlers.asking import RepeatedEventError
from handlers.meetings import Unchanged
from meeting.agenda import Direction, ItemKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind
from meeting.tally import Decision
from meeting.voting import Method, Option, VoteState
from storage.database import Database
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, refused, seat

PROCEDURE = PlannedItem("Thông qua chương trình", ItemKind.PROCEDURE)


async def next_after(
    journey: Journey, item_id: int, *, event: str | None = None
) -> ItemReached | AgendaEnded | Refused:
    asked = journey.asked(ORGANISER, event=event)
    return await agenda.next_item(journey.house, asked, journey.meeting_id, item_id)


async def adopt(journey: Journey, place: int, *additions: str) -> ItemDecided | Unchanged | Refused:
    return await agenda.adopt_item(journey.house, journey.asked(ORGANISER), journey.items[place], additions)


async def skip(journey: Journey, place: int) -> ItemDecided | Unchanged | Refused:
    return await agenda.skip_item(journey.house, journey.asked(ORGANISER), journey.items[place])


async def titles(journey: Journey) -> list[str]:
    return [item.title for item in await journey.agenda()]


# Moving through it


async def test_what_was_decided_without_a_count_is_taken_up_again_on_record(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    asked = journey.asked
    item_id = journey.items[0]
    for decide in (agenda.note_item, agenda.skip_item):
        await decide(journey.house, asked(ORGANISER), item_id)
        retaken = await agenda.retake_item(journey.house, asked(ORGANISER), item_id)
        assert retaken == agenda.ItemRetaken(item_id)
        again = await agenda.retake_item(journey.house, asked(ORGANISER), item_id)
        assert again == Unchanged()
    acts = [entry.act for entry in await journey.entries()]
    assert acts.count("item_retaken") == 2
    await journey.decide(0, dict.fromkeys(("An", "Bình"), Option.YES))
    counted = await agenda.retake_item(journey.house, asked(ORGANISER), item_id)
    assert refused(counted) is Refusal.ITEM_DECIDED


async def test_the_agenda_is_gone_through_item_by_item(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    first, second, third = journey.items
    assert await next_after(journey, 0) == ItemReached(first)
    assert (await journey.meeting()).current_item_id == first
    assert await next_after(journey, first) == ItemReached(second)
    assert await next_after(journey, first) == ItemReached(second), "a double tap goes one step"
    assert await next_after(journey, second) == ItemReached(third)
    assert await next_after(journey, third) == AgendaEnded()
    assert (await journey.acts()).count("item_reached") == 3


async def test_what_is_decided_is_passed_over(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    first, second, third = journey.items
    await next_after(journey, 0)
    await skip(journey, 0)
    assert await next_after(journey, first) == ItemReached(second), "also from an item that was skipped"
    await adopt(journey, 2)
    assert await next_after(journey, second) == AgendaEnded()
    back = await agenda.go_to_item(journey.house, journey.asked(ORGANISER), third)
    assert back == ItemReached(third)
    skipped = await agenda.go_to_item(journey.house, journey.asked(ORGANISER), first)
    assert refused(skipped) is Refusal.ITEM_DECIDED


async def test_nobody_moves_on_while_a_vote_runs_elsewhere(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.open_vote(1)
    assert (await journey.meeting()).current_item_id == journey.items[1]
    assert refused(await next_after(journey, journey.items[1])) is Refusal.OTHER_VOTE_OPEN
    here = await agenda.go_to_item(journey.house, journey.asked(ORGANISER), journey.items[1])
    assert here == ItemReached(journey.items[1])
    await journey.close_vote(vote_id)
    assert await next_after(journey, journey.items[1]) == ItemReached(journey.items[2])


async def test_an_agenda_without_items_says_so(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"], []))
    assert refused(await next_after(journey, 0)) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    assert refused(await next_after(journey, 0)) is Refusal.AGENDA_EMPTY


# Changing it


async def test_an_item_is_added_after_the_current_one_of_an_open_meeting(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))

    async def add(title: str, *, event: str | None = None) -> AgendaChanged | Refused:
        asked = journey.asked(ORGANISER, event=event)
        return await agenda.add_item(journey.house, asked, journey.meeting_id, title, ItemKind.OTHER)

    await add("Cuối")
    await next_after(journey, 0)
    await skip(journey, 1)
    await add(" Ngay \n sau ", event="typed")
    with pytest.raises(RepeatedEventError):
        await add("Ngay sau", event="typed")
    assert await titles(journey) == ["Báo cáo tổng kết", "Ngay sau", "Nghị quyết", "Kế hoạch năm", "Cuối"]
    assert refused(await add("\u202e ")) is Refusal.TEXT_EMPTY
    assert refused(await add("x" * 301)) is Refusal.TEXT_TOO_LONG
    await journey.close_meeting()
    assert refused(await add("Muộn")) is Refusal.MEETING_CLOSED


async def test_a_renamed_item_renames_the_drafted_question(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0)
    joined = await drafting.join_vote(journey.house, journey.asked(ORGANISER), vote_id, journey.items[1])
    assert not isinstance(joined, Refused)

    async def rename(title: str) -> AgendaChanged | Refused:
        return await agenda.rename_item(journey.house, journey.asked(ORGANISER), journey.items[0], title)

    assert await rename("Báo cáo năm") == AgendaChanged(journey.items[0])
    assert (await journey.vote(vote_id)).question == "Báo cáo năm; Nghị quyết"
    assert refused(await rename(" ")) is Refusal.TEXT_EMPTY
    await journey.open_draft(vote_id)
    assert refused(await rename("Khác")) is Refusal.ITEM_HAS_VOTE
    await journey.close_vote(vote_id)
    assert refused(await rename("Khác")) is Refusal.ITEM_HAS_VOTE
    await journey.announce(vote_id)
    assert refused(await rename("Khác")) is Refusal.ITEM_DECIDED
    assert (await journey.item()).title == "Báo cáo năm"


async def test_items_are_moved_by_a_place(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"], ITEMS))

    async def move(place: int, direction: Direction) -> AgendaChanged | Refused:
        return await agenda.move_item(
            journey.house, journey.asked(ORGANISER), journey.items[place], direction
        )

    await move(2, Direction.UP)
    assert await titles(journey) == ["Báo cáo tổng kết", "Kế hoạch năm", "Nghị quyết"]
    await move(0, Direction.UP)
    assert await titles(journey) == ["Báo cáo tổng kết", "Kế hoạch năm", "Nghị quyết"]
    await move(0, Direction.DOWN)
    assert await titles(journey) == ["Kế hoạch năm", "Báo cáo tổng kết", "Nghị quyết"]
    await skip(journey, 2)
    assert refused(await move(2, Direction.DOWN)) is Refusal.ITEM_DECIDED


# Deciding without a count


async def test_what_was_heard_is_noted(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An"], ITEMS))

    async def note() -> ItemDecided | Unchanged | Refused:
        return await agenda.note_item(journey.house, journey.asked(ORGANISER), journey.items[0])

    assert refused(await note()) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    assert await note() == ItemDecided(Decision.NOTED)
    assert await note() == Unchanged()
    assert refused(await adopt(journey, 0)) is Refusal.ITEM_DECIDED
    assert PostKind.ITEM_DECIDED not in await journey.posts_to("An")


async def test_agreement_without_a_count_is_never_counted(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    draft = await journey.draft(0)
    assert await adopt(journey, 0) == ItemDecided(Decision.ADOPTED)
    item = await journey.item(0)
    assert (item.decision, item.is_counted, item.additions) == (Decision.ADOPTED, False, ())
    assert (await journey.vote(draft)).state is VoteState.CANCELLED
    assert await adopt(journey, 0) == Unchanged()
    assert await journey.posts_to("An") == [PostKind.CHECK_IN_OPENED, PostKind.ITEM_DECIDED]

    with_additions = await adopt(journey, 1, " Bổ sung chỉ tiêu 3 ", "", "Sửa Điều 2")
    assert with_additions == ItemDecided(Decision.ADOPTED_WITH_ADDITIONS, 2)
    assert (await journey.item(1)).additions == ("Bổ sung chỉ tiêu 3", "Sửa Điều 2")
    assert refused(await adopt(journey, 2, "x" * 2_001)) is Refusal.TEXT_TOO_LONG


async def test_additions_to_what_is_agreed_already_are_refused_not_lost(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    await adopt(journey, 0, "Bổ sung chỉ tiêu 3")
    assert refused(await adopt(journey, 0, "Sửa Điều 2")) is Refusal.ITEM_DECIDED
    assert (await journey.item(0)).additions == ("Bổ sung chỉ tiêu 3",)


async def test_an_advisory_item_is_consulted_never_adopted(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    assert await adopt(journey, 2, "Thêm ý kiến") == ItemDecided(Decision.CONSULTED, 1)
    assert (await journey.item(2)).additions == ("Thêm ý kiến",)


async def test_agreement_needs_a_statement_with_a_quorum_but_for_procedure(database: Database) -> None:
    journey = await Journey.planned(database, plan(["An", "Bình", "Chi"], [*ITEMS, PROCEDURE]))
    assert refused(await adopt(journey, 0)) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    assert refused(await adopt(journey, 0)) is Refusal.NO_STATEMENT
    assert await adopt(journey, 3) == ItemDecided(Decision.ADOPTED)
    await journey.check_in("An")
    await journey.state()
    assert refused(await adopt(journey, 0)) is Refusal.NO_QUORUM
    await journey.check_in("Bình")
    await journey.state()
    assert await adopt(journey, 0) == ItemDecided(Decision.ADOPTED)


async def test_what_is_voted_on_is_not_decided_otherwise(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.open_vote(0)
    for act in (adopt, skip):
        assert refused(await act(journey, 0)) is Refusal.ITEM_HAS_VOTE
    noted = await agenda.note_item(journey.house, journey.asked(ORGANISER), journey.items[0])
    assert refused(noted) is Refusal.ITEM_HAS_VOTE
    await journey.cast(vote_id, "An", Option.YES)
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    assert refused(await skip(journey, 0)) is Refusal.ITEM_DECIDED
    prepared = await drafting.prepare_vote(
        journey.house, journey.asked(ORGANISER), journey.items[0], Method.CHAT
    )
    assert refused(prepared) is Refusal.ITEM_DECIDED


async def test_an_item_that_is_skipped_leaves_a_joint_draft(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    vote_id = await journey.draft(0)
    await drafting.join_vote(journey.house, journey.asked(ORGANISER), vote_id, journey.items[1])
    assert await skip(journey, 0) == ItemDecided(Decision.SKIPPED)
    assert await skip(journey, 0) == Unchanged()
    vote = await journey.vote(vote_id)
    assert (vote.state, vote.question) == (VoteState.DRAFT, "Nghị quyết")
    await skip(journey, 1)
    assert (await journey.vote(vote_id)).state is VoteState.CANCELLED


async def test_what_is_done_for_the_chair_is_recorded_so_and_only_that(database: Database) -> None:
    journey = await Journey.opened(database, plan([seat("An", role=Role.CHAIR)], [*ITEMS, PROCEDURE]))
    await agenda.add_item(journey.house, journey.asked(ORGANISER), journey.meeting_id, "Thêm", ItemKind.OTHER)
    await next_after(journey, 0)
    await agenda.note_item(journey.house, journey.asked("An"), journey.items[0])
    entries = {entry.act: entry.facts for entry in await journey.entries()}
    assert "for" not in entries["item_added"]
    assert entries["item_reached"]["for"] == "chair"
    assert "for" not in entries["item_decided"], "the chair did it"

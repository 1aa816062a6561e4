"""Whether the meeting decides an item or only gives its opinion: set before its vote opens, never after."""

from datetime import timedelta

import pytest

from handlers import agenda, closing, drafting, scheduling
from handlers.agenda import AgendaChanged
from handlers.meetings import Unchanged
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.tally import Decision
from meeting.voting import Option, VoteState
from storage.database import Database
from tests.handlers.journey import ORGANISER, Journey, plan, refused

RULES, PLAN = "Quy chế chi tiêu nội bộ", "Kế hoạch công tác"
ITEMS = (
    PlannedItem(RULES, ItemKind.DOCUMENT),
    PlannedItem(PLAN, ItemKind.DOCUMENT),
    PlannedItem("Hình thức biểu quyết", ItemKind.VOTING_METHOD),
)


@pytest.fixture
async def journey(database: Database) -> Journey:
    opened = await Journey.opened(database, plan(["An", "Bình"], ITEMS))
    await agenda.adopt_item(opened.house, opened.asked(ORGANISER), opened.items[2], ())
    return opened


async def advise(
    journey: Journey, place: int = 0, *, is_advisory: bool = True
) -> AgendaChanged | Unchanged | Refused:
    return await agenda.set_advisory(
        journey.house, journey.asked(ORGANISER), journey.items[place], is_advisory=is_advisory
    )


async def test_an_item_set_to_opinions_ends_in_opinions_whatever_the_count(journey: Journey) -> None:
    assert await advise(journey) == AgendaChanged(journey.items[0])
    assert await advise(journey) == Unchanged()
    vote_id = await journey.open_vote(0)
    assert refused(await advise(journey, is_advisory=False)) is Refusal.ITEM_HAS_VOTE
    for name in ("An", "Bình"):
        await journey.cast(vote_id, name, Option.YES)
    await journey.close_vote(vote_id)
    assert refused(await advise(journey, is_advisory=False)) is Refusal.ITEM_HAS_VOTE, "not announced"
    await journey.announce(vote_id)
    assert (await journey.item(0)).decision is Decision.CONSULTED
    assert refused(await advise(journey, is_advisory=False)) is Refusal.ITEM_DECIDED
    entries = [entry for entry in await journey.entries() if entry.act == "item_advisory_set"]
    assert [entry.facts["is_advisory"] for entry in entries] == [True]


async def test_a_draft_goes_along_and_does_not_open_by_itself_any_more(journey: Journey) -> None:
    vote_id = await journey.draft(0)
    at = journey.clock.now() + timedelta(hours=1)
    await scheduling.schedule_vote(journey.house, journey.asked(ORGANISER), vote_id, at, within=None)
    await advise(journey)
    vote = await journey.vote(vote_id)
    assert (vote.is_advisory, vote.opening, vote.state) == (True, None, VoteState.DRAFT)
    await advise(journey, is_advisory=False)
    assert not (await journey.vote(vote_id)).is_advisory


async def test_an_item_leaves_a_joint_draft_that_is_of_the_other_kind(journey: Journey) -> None:
    vote_id = await journey.draft(0)
    await drafting.join_vote(journey.house, journey.asked(ORGANISER), vote_id, journey.items[1])
    await advise(journey, 1)
    vote = await journey.vote(vote_id)
    assert ([item.title for item in vote.items], vote.is_advisory) == ([RULES], False)


async def test_a_cancelled_run_is_repeated_as_the_item_is_now(journey: Journey) -> None:
    vote_id = await journey.open_vote(0)
    await closing.cancel_vote(journey.house, journey.asked(ORGANISER), vote_id, "nhầm nội dung")
    await advise(journey)
    again = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), vote_id)
    assert isinstance(again, drafting.VotePrepared)
    assert (await journey.vote(again.vote_id)).is_advisory


async def test_procedure_is_decided_by_the_meeting_itself(journey: Journey) -> None:
    assert refused(await advise(journey, 2)) is Refusal.ITEM_PROCEDURAL
    await journey.close_meeting()
    assert refused(await advise(journey)) is Refusal.MEETING_CLOSED

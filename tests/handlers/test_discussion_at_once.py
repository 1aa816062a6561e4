"""Two secretaries at once, from two processes: texts, opinions and the floor stay in one piece."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from handlers import agenda, floor, opening, opinion_outcomes, opinions, versions
from handlers.asking import House
from handlers.floor import FloorAsked, FloorGiven
from handlers.opening import VoteOpened
from handlers.opinion_outcomes import OpinionDecided
from handlers.opinions import OpinionDraft, OpinionMerged, OpinionSent
from handlers.versions import VersionMade
from meeting.agenda import ItemKind
from meeting.opinions import OpinionKind
from meeting.plan import PlannedItem
from meeting.refusals import Refusal
from storage.database import Database
from storage.floor import list_pending
from storage.reading import get_text_view
from storage.votes import get_text_versions
from tests.handlers.journey import KEY, ORGANISER, START, Journey, plan, refused

ITEMS = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT, text="Điều 1. Phạm vi."),
)
NAMES = ("An", "Bình", "Chi")


@pytest.fixture
async def houses(database_url: str) -> AsyncIterator[tuple[House, House]]:
    """Two processes on one database."""
    pair = Database.open(database_url), Database.open(database_url)
    yield House(pair[0], lambda: START, KEY), House(pair[1], lambda: START, KEY)
    for database in pair:
        await database.close()


async def test_what_is_worded_and_added_at_once_is_one_line_of_versions(houses: tuple[House, House]) -> None:
    one, other = houses
    journey = await Journey.opened(one.database, plan(NAMES, ITEMS))
    item_id = journey.items[1]
    worded = await asyncio.gather(
        versions.put_text(one, journey.asked(ORGANISER), item_id, "Điều 1. Một.", 1),
        versions.put_text(other, journey.asked(ORGANISER), item_id, "Điều 1. Hai.", 1),
    )
    assert [refused(each) for each in worded if not isinstance(each, VersionMade)] == [Refusal.TEXT_NEWER]
    await asyncio.gather(
        *(
            versions.add_to_text(house, journey.asked(ORGANISER), item_id, f"Điều {number}.")
            for number, house in enumerate((one, other, one, other), 2)
        )
    )
    async with one.database.snapshot() as tx:
        text = await get_text_view(tx, item_id)
    assert [version.version for version in text.versions] == list(range(1, 7))
    assert sorted(text.newest.text.split("\n")[1:]) == [f"Điều {number}." for number in range(2, 6)]

    vote_id = await journey.draft(1)
    opened, added = await asyncio.gather(
        opening.open_vote(one, journey.asked(ORGANISER), vote_id, within=None),
        versions.add_to_text(other, journey.asked(ORGANISER), item_id, "Điều cuối."),
    )
    assert isinstance(opened, VoteOpened)
    async with one.database.snapshot() as tx:
        newest = (await get_text_view(tx, item_id)).newest.version
        assert await get_text_versions(tx, vote_id) == {item_id: newest}
    assert newest == (7 if isinstance(added, VersionMade) else 6)
    assert isinstance(added, VersionMade) or refused(added) is Refusal.ITEM_HAS_VOTE
    await journey.entries()


async def test_an_opinion_is_merged_and_taken_up_once_and_one_speaks_at_a_time(
    houses: tuple[House, House],
) -> None:
    one, other = houses
    journey = await Journey.opened(one.database, plan(NAMES, ITEMS))
    ids = []
    for name in NAMES:
        draft = OpinionDraft(journey.items[1], OpinionKind.ADDITION, f"Bổ sung của {name}.")
        sent = await opinions.send_opinion(one, journey.asked(name), journey.meeting_id, draft)
        assert isinstance(sent, OpinionSent)
        ids.append(sent.opinion_id)
    merged = await asyncio.gather(
        opinions.merge_opinion(one, journey.asked(ORGANISER), ids[0], 2),
        opinions.merge_opinion(other, journey.asked(ORGANISER), ids[1], 1),
    )
    assert sum(isinstance(each, OpinionMerged) for each in merged) == 1
    taken = await asyncio.gather(
        *(
            opinion_outcomes.take_into_text(house, journey.asked(ORGANISER), ids[2], "Bổ sung.")
            for house in houses
        )
    )
    assert sum(isinstance(each, OpinionDecided) for each in taken) == 1
    assert (await journey.item(1)).text_version == 2

    await agenda.go_to_item(one, journey.asked(ORGANISER), journey.items[0])
    turns = []
    for name in NAMES[:2]:
        turn = await floor.enter_turn(
            one, journey.asked(ORGANISER), journey.meeting_id, journey.attendees[name], ""
        )
        assert isinstance(turn, FloorAsked)
        turns.append(turn.turn_id)
    given = await asyncio.gather(
        *(
            floor.call_speaker(house, journey.asked(ORGANISER), turn_id)
            for house, turn_id in zip(houses, turns, strict=True)
        )
    )
    assert all(isinstance(each, FloorGiven) for each in given)
    async with one.database.snapshot() as tx:
        assert len(await list_pending(tx, journey.meeting_id)) == 1, "who was called first has spoken"
    await journey.entries()

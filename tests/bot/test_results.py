import json
from datetime import timedelta

import pytest
from rich.console import Console

from bot.results import results_json, results_table
from bot.wording.voice import Voice
from handlers import agenda, balloting, closing, drafting
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.plan import PlannedItem
from meeting.voting import BaseKind, Method, Option
from storage.database import Database
from storage.reading import get_results_view
from storage.views import ResultsView
from tests.handlers.journey import ORGANISER, Journey, plan, rules, seat

NAMES = ("Trần An", "Lê Bình", "Phạm Chi")
MANY = [f"Đại biểu {number}" for number in range(1, 42)]
ITEMS = (
    PlannedItem("Thông qua Nghị quyết", ItemKind.DOCUMENT),
    PlannedItem("Góp ý Quy chế chi tiêu", ItemKind.DOCUMENT, is_advisory=True),
    PlannedItem("Thông qua Giao ước", ItemKind.PLEDGE),
    PlannedItem("Phát biểu chỉ đạo", ItemKind.SPEECH),
    PlannedItem("Việc khác", ItemKind.OTHER),
    PlannedItem("Chưa bàn", ItemKind.DOCUMENT),
)


@pytest.fixture
async def journey(database: Database) -> Journey:
    return await Journey.opened(database, plan(NAMES, ITEMS))


async def view_of(journey: Journey) -> ResultsView:
    async with journey.database.snapshot() as tx:
        return await get_results_view(tx, journey.meeting_id)


def minute(journey: Journey) -> None:
    journey.clock.advance(timedelta(minutes=1))


async def test_a_counted_item_has_all_of_its_count(database: Database) -> None:
    own = rules(QuorumKind.HEADCOUNT)
    journey = await Journey.opened(database, plan(MANY, ITEMS, headcount=48, rules=own))
    minute(journey)
    vote_id = await journey.open_vote(0)
    await journey.cast_all(vote_id, dict.fromkeys(MANY[:40], Option.YES))
    minute(journey)
    await journey.close_vote(vote_id)
    minute(journey)
    await journey.announce(vote_id)
    results = results_json(await view_of(journey))
    assert results == {
        "meeting": "Hội nghị",
        "attendance": {
            "headcount": 48,
            "summoned": 41,
            "present": 41,
            "excused": 0,
            "quorum": "2/3",
            "has_quorum": True,
            "stated_at": "2026-12-30T13:00:00+07:00",
        },
        "items": [
            {
                "number": 1,
                "title": "Thông qua Nghị quyết",
                "kind": "document",
                "decision": "adopted",
                "counted": True,
                "version": None,
                "additions": [],
                "vote": {
                    "yes": 40,
                    "no": 0,
                    "other": 0,
                    "abstain": 0,
                    "not_voted": 1,
                    "base": 41,
                    "base_kind": "attendees",
                    "threshold": ">1/2",
                    "method": "chat",
                    "percent": "97,56%",
                    "is_unanimous": False,
                    "opened_at": "2026-12-30T13:01:00+07:00",
                    "closed_at": "2026-12-30T13:02:00+07:00",
                    "announced_at": "2026-12-30T13:03:00+07:00",
                    "run": 1,
                },
            }
        ],
        "pledge": None,
        "scores": [],
        "titles": [],
        "speakers": [],
        "versions": [],
        "opinions": [],
        "speeches": [],
    }
    assert json.loads(json.dumps(results)) == results


async def test_what_was_not_counted_has_no_numbers(journey: Journey) -> None:
    house = journey.house
    await agenda.adopt_item(house, journey.asked(ORGANISER), journey.items[0], [])
    await agenda.adopt_item(house, journey.asked(ORGANISER), journey.items[1], [])
    await agenda.adopt_item(house, journey.asked(ORGANISER), journey.items[2], ["Thêm một câu"])
    await agenda.note_item(house, journey.asked(ORGANISER), journey.items[3])
    await agenda.skip_item(house, journey.asked(ORGANISER), journey.items[4])
    items = results_json(await view_of(journey))["items"]
    assert [(item["number"], item["decision"]) for item in items] == [
        (1, "adopted"),
        (2, "consulted"),
        (3, "adopted_with_additions"),
        (4, "noted"),
        (5, "skipped"),
    ]
    assert {(item["counted"], item["vote"]) for item in items} == {(False, None)}


async def test_of_several_runs_the_announced_one_that_decided_is_given(journey: Journey) -> None:
    first = await journey.open_vote(0)
    await journey.cast_all(first, dict.fromkeys(NAMES, Option.NO))
    await journey.close_vote(first)
    await closing.cancel_vote(journey.house, journey.asked(ORGANISER), first, "Nhầm văn bản")
    repeated = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), first)
    assert isinstance(repeated, drafting.VotePrepared)
    await journey.open_draft(repeated.vote_id)
    await journey.cast_all(repeated.vote_id, dict.fromkeys(NAMES, Option.YES))
    await journey.close_vote(repeated.vote_id)
    assert results_json(await view_of(journey))["items"] == []
    await journey.announce(repeated.vote_id)
    [item] = results_json(await view_of(journey))["items"]
    assert (item["decision"], item["vote"]["run"]) == ("adopted", 2)
    assert (item["vote"]["percent"], item["vote"]["is_unanimous"]) == ("100%", True)


async def test_hands_are_a_count_and_units_a_base(database: Database) -> None:
    units = [f"Công đoàn {number}" for number in range(1, 8)]
    people = [f"Đại diện {number}" for number in range(1, 8)]
    seats = [seat(person, unit) for person, unit in zip(people, units, strict=True)]
    own = rules(QuorumKind.UNITS, BaseKind.UNITS)
    journey = await Journey.opened(database, plan(seats, ITEMS, units=units, rules=own))
    vote_id = await journey.open_vote(0, Method.HANDS)
    counts = {Option.YES: 5, Option.NO: 1, Option.OTHER: 1}
    counted = await balloting.enter_hands(journey.house, journey.asked(ORGANISER), vote_id, counts)
    assert isinstance(counted, balloting.HandsCounted)
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    [item] = results_json(await view_of(journey))["items"]
    vote = item["vote"]
    assert (vote["yes"], vote["no"], vote["other"], vote["not_voted"]) == (5, 1, 1, 0)
    assert (vote["base"], vote["base_kind"], vote["method"]) == (7, "units", "hands")
    assert vote["percent"] == "71,43%"


async def test_before_the_statement_the_attendance_is_as_it_is_now(database: Database) -> None:
    journey = await Journey.planned(database, plan(NAMES, ITEMS))
    results = results_json(await view_of(journey))
    assert results["items"] == []
    assert results["attendance"]["stated_at"] is None
    assert (results["attendance"]["present"], results["attendance"]["has_quorum"]) == (0, False)


async def test_the_table_has_shares_only_where_there_was_a_count(journey: Journey) -> None:
    await journey.decide(0, dict.fromkeys(NAMES[:2], Option.YES))
    await agenda.note_item(journey.house, journey.asked(ORGANISER), journey.items[3])
    console = Console(width=80)
    with console.capture() as captured:
        console.print(results_table(await view_of(journey), Voice("vi")))
    lines = captured.get().splitlines()
    [counted] = [line for line in lines if "Nghị quyết" in line]
    [heard] = [line for line in lines if "Phát biểu" in line]
    assert "2/3" in counted
    assert "66,67%" in counted
    assert "%" not in heard
    assert max(map(len, lines)) <= 80

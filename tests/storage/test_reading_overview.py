"""A year of meetings as it is read: a few statements, however large the meetings were."""

from datetime import UTC, datetime, timedelta

import pytest

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.overview import Outcome, Turnout
from meeting.people import Presence, Reply, Role, Standing
from meeting.plan import PlannedItem
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, VoteState
from storage import meeting_plans, reading, votes
from storage.database import Database
from storage.errors import OrganisationNotFoundError
from storage.views import NewsView, OverviewView
from tests.storage.hall import KEY, NOW, Hall, planned, rules, seat
from tests.storage.test_reading_statements import counted

ITEMS = tuple(PlannedItem(title, ItemKind.DOCUMENT) for title in ("Một", "Hai", "Ba", "Bốn", "Năm"))
NAMES = ("An", "Bình", "Chi", "Dung")


async def overview(hall: Hall, year: int = 2026) -> OverviewView:
    async with hall.database.snapshot() as tx:
        return await reading.get_overview_view(tx, hall.organisation_id, year)


async def news(hall: Hall) -> NewsView:
    async with hall.database.snapshot() as tx:
        return await reading.get_news_view(tx, hall.meeting_id)


async def held(hall: Hall, **values: object) -> None:
    await hall.set_meeting(state=MeetingState.CLOSED, opened_at=NOW, closed_at=NOW, **values)


async def test_a_year_counts_what_was_announced_and_keeps_agreement_without_a_count_apart(
    database: Database,
) -> None:
    hall = await Hall.of(database, [*map(seat, NAMES), seat("Khách", standing=Standing.GUEST)], ITEMS)
    await hall.come("An", "Bình", "Chi", "Khách")
    await hall.state(StatementKind.PRELIMINARY)
    await hall.state(StatementKind.CONFIRMED)
    first = await hall.opened(0)
    await hall.cast(first, {"An": Option.YES, "Bình": Option.NO})
    await hall.announce(first, Decision.ADOPTED)
    again = await hall.opened(0)
    await hall.cast(again, dict.fromkeys(("An", "Bình", "Chi"), Option.YES))
    await hall.announce(again, Decision.ADOPTED, NOW + timedelta(minutes=5))
    await hall.set_item(1, decision=Decision.ADOPTED_WITH_ADDITIONS, additions=["Thêm"], decided_at=NOW)
    hands = await hall.draft(2, method=Method.HANDS)
    await hall.open(hands)
    async with database.transaction() as tx:
        await votes.put_hands(tx, hands, {Option.YES: 1, Option.NO: 2, Option.OTHER: 0})
    await hall.announce(hands, Decision.REJECTED)
    silent = await hall.opened(3)
    await hall.set_vote(silent, state=VoteState.CLOSED, decision=Decision.ADOPTED, closed_at=NOW)
    await hall.set_item(3, decision=Decision.ADOPTED, is_counted=True, decided_at=NOW)
    await hall.set_item(4, decision=Decision.SKIPPED)
    assert (await overview(hall)).overview.meetings == ()
    assert (await overview(hall)).not_held == 1

    await held(hall)
    await hall.set("Dung", presence=Presence.PRESENT)  # after the chair's statement: it stands
    view = await overview(hall)
    assert (view.organisation, view.years, view.not_held, view.cancelled) == ("Sở Nội vụ", (2026,), 0, 0)
    [summary] = view.overview.meetings
    assert summary.meeting.turnout == Turnout(3, 4)
    assert [(item.number, item.outcome) for item in summary.meeting.items] == [
        (1, Outcome.UNANIMOUS),
        (2, Outcome.AGREED_WITH_ADDITIONS),
        (3, Outcome.REJECTED),
        (5, None),
    ]
    tally = summary.meeting.items[2].tally
    assert tally is not None
    assert (tally.count(Option.YES), tally.count(Option.NO), tally.base) == (1, 2, 3)
    assert (await overview(hall, 2025)).overview.meetings == ()


async def test_without_a_statement_the_roll_is_counted_and_a_substitute_once(database: Database) -> None:
    hall = await Hall.of(database, [*map(seat, NAMES), seat("Khách", standing=Standing.GUEST)])
    await hall.come("An", "Bình", "Khách")
    await hall.set("Dung", reply=Reply.SUBSTITUTED)
    await held(hall)
    [summary] = (await overview(hall)).overview.meetings
    assert summary.meeting.turnout == Turnout(2, 3)


@pytest.mark.parametrize("is_stated", [True, False])
async def test_units_are_counted_where_they_are_what_counts(database: Database, *, is_stated: bool) -> None:
    units = ("Khoa A", "Khoa B", "Khoa C")
    hall = await Hall.of(
        database,
        [seat("An", "Khoa A"), seat("Bình", "Khoa A"), seat("Chi", "Khoa B"), seat("Dung", "Khoa C")],
        units=units,
        rules=rules(QuorumKind.UNITS, BaseKind.UNITS),
    )
    await hall.come("An", "Bình", "Chi")
    if is_stated:
        await hall.state(StatementKind.CONFIRMED)
    await held(hall)
    view = (await overview(hall)).overview
    assert view.meetings[0].meeting.turnout == Turnout(2, 3, is_by_units=True)
    assert (view.units, view.people) == (Turnout(2, 3, is_by_units=True), Turnout(0, 0))
    assert (await news(hall)).units == ("Khoa A", "Khoa B")


async def test_a_cancelled_meeting_was_not_held_and_a_year_begins_where_the_meeting_is(
    database: Database,
) -> None:
    hall = await Hall.of(database, [seat("An")])
    await held(hall, starts_at=datetime(2026, 12, 31, 18, 0, tzinfo=UTC))  # 01:00 on 1 January there
    assert (await overview(hall)).years == (2027,)
    assert len((await overview(hall, 2027)).overview.meetings) == 1
    await hall.set_meeting(cancelled_at=NOW)
    view = await overview(hall, 2027)
    assert (view.overview.meetings, view.years, view.cancelled) == ((), (), 1)


async def test_an_overview_of_no_organisation_is_an_error(database: Database) -> None:
    async with database.snapshot() as tx:
        with pytest.raises(OrganisationNotFoundError):
            await reading.get_overview_view(tx, 999, 2026)


async def test_more_meetings_take_no_more_statements(database: Database) -> None:
    hall = await Hall.of(database, [*map(seat, NAMES)], ITEMS)
    await hall.come(*NAMES)
    await _decide_all(hall)
    alone = await _statements(hall)
    plan = planned([seat("An")], ITEMS)
    for _ in range(3):
        async with database.transaction() as tx:
            hall.meeting_id = await meeting_plans.add_meeting(
                tx, hall.organisation_id, plan, KEY, NOW, language="vi", address="comrade"
            )
            hall.items = [item.item_id for item in await reading.list_items(tx, hall.meeting_id)]
            roll = (await reading.get_roll_view(tx, hall.meeting_id)).attendees
        hall.attendees = {attendee.name: attendee.attendee_id for attendee in roll}
        await hall.come("An")
        await held(hall)
    assert len((await overview(hall)).overview.meetings) == 4
    assert await _statements(hall) == alone


async def _decide_all(hall: Hall) -> None:
    for place in range(len(ITEMS)):
        vote_id = await hall.opened(place)
        await hall.cast(vote_id, dict.fromkeys(NAMES, Option.YES))
        await hall.announce(vote_id, Decision.ADOPTED)
    await held(hall)


async def _statements(hall: Hall) -> int:
    with counted() as statements:
        await overview(hall)
    return len(statements)


async def test_news_names_who_presided_and_which_guests_came(database: Database) -> None:
    hall = await Hall.of(
        database,
        [
            seat("An", role=Role.CHAIR),
            seat("Bình", role=Role.SECRETARY),
            seat("Khách", standing=Standing.GUEST),
            seat("Vắng", standing=Standing.GUEST),
            seat("Quan sát", standing=Standing.OBSERVER),
        ],
    )
    assert (await news(hall)).chairs == ()
    await hall.come("An", "Bình", "Khách", "Quan sát")
    await hall.set("Khách", presence=Presence.LEFT)
    view = await news(hall)
    assert [one.name for one in view.chairs] == ["An"]
    assert [one.name for one in view.guests] == ["Khách"]
    assert (view.units, view.results.items) == ((), ())

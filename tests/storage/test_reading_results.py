from datetime import UTC, datetime, timedelta

import pytest

from meeting.agenda import ItemKind
from meeting.attendance import StatementKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.regimes import Template
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.voting import Option, VoteState
from storage import agenda, meeting_plans, reading
from storage.database import Database
from storage.errors import OrganisationNotFoundError
from storage.views import ResultsView
from tests.storage.hall import KEY, NOW, Hall, planned, rules, seat

ITEMS = tuple(PlannedItem(title, ItemKind.REPORT) for title in ("Một", "Hai", "Ba", "Bốn"))


async def results(hall: Hall) -> ResultsView:
    async with hall.database.snapshot() as tx:
        return await reading.get_results_view(tx, hall.meeting_id)


async def test_a_meeting_is_read_as_it_was_planned(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")], headcount=61)
    async with database.snapshot() as tx:
        view = await reading.get_meeting_view(tx, hall.meeting_id)
    assert (view.organisation, view.title, view.host, view.place) == (
        "Sở Nội vụ",
        "Hội nghị",
        "Sở Nội vụ",
        "Hội trường A",
    )
    assert view.starts_at == datetime(2026, 12, 30, 7, 0, tzinfo=UTC)
    assert (view.timezone, view.language, view.address) == ("Asia/Ho_Chi_Minh", "vi", "comrade")
    assert (view.template, view.state, view.rules) == (Template.THUONG, MeetingState.PLANNED, rules())
    assert (view.headcount, view.has_union, view.current_item_id) == (61, True, None)
    assert not view.is_check_in_open


async def test_the_agenda_is_in_order_and_a_skipped_item_keeps_its_number(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")], ITEMS)
    await hall.set_item(0, decision=Decision.SKIPPED)
    await hall.set_item(1, decision=Decision.ADOPTED_WITH_ADDITIONS, additions=["Thêm một chỉ tiêu"])
    async with database.transaction() as tx:
        await agenda.put_item_order(tx, [hall.items[place] for place in (0, 2, 1, 3)])
        shown = await reading.get_agenda_view(tx, hall.meeting_id)
    assert [(item.number, item.title) for item in shown.items] == [
        (1, "Một"),
        (2, "Ba"),
        (3, "Hai"),
        (4, "Bốn"),
    ]
    assert shown.items[2].additions == ("Thêm một chỉ tiêu",)


async def test_results_hold_what_was_announced_or_decided_without_a_count(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), seat("Bình")], ITEMS)
    await hall.come("An", "Bình")
    await hall.state(StatementKind.CONFIRMED)
    joint = await hall.opened(0, 1)
    await hall.cast(joint, {"An": Option.YES, "Bình": Option.YES})
    await hall.announce(joint, Decision.ADOPTED)
    await hall.set_item(2, decision=Decision.NOTED)
    closed = await hall.opened(3)
    await hall.set_vote(closed, state=VoteState.CLOSED, decision=Decision.REJECTED)
    await hall.set_item(3, decision=Decision.REJECTED, is_counted=True)
    view = await results(hall)
    assert [(one.item.title, one.item.decision, one.vote and one.vote.vote_id) for one in view.items] == [
        ("Một", Decision.ADOPTED, joint),
        ("Hai", Decision.ADOPTED, joint),
        ("Ba", Decision.NOTED, None),
    ]
    vote = view.items[0].vote
    assert vote is not None
    assert vote.tally is not None
    assert (vote.tally.count(Option.YES), vote.tally.base, vote.tally.is_unanimous) == (2, 2, True)
    assert view.statement is not None
    assert (view.attendance.present, view.statement.attendance.present) == (2, 2)


async def test_the_run_that_was_announced_last_decides(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")], ITEMS)
    await hall.come("An")
    first, second = await hall.opened(0), await hall.opened(0)
    await hall.announce(second, Decision.REJECTED)
    await hall.announce(first, Decision.ADOPTED, NOW + timedelta(minutes=5))
    [result] = (await results(hall)).items
    assert result.vote is not None
    assert result.vote.vote_id == first


async def test_a_skipped_item_is_among_the_results_and_an_undecided_one_is_not(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")], ITEMS)
    await hall.set_item(0, decision=Decision.SKIPPED)
    (result,) = (await results(hall)).items
    assert (result.item.number, result.item.decision, result.vote) == (1, Decision.SKIPPED, None)


async def test_an_organiser_sees_the_organisations_meetings_newest_first(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")])
    account_id = await hall.visitor("Người tổ chức", Role.ORGANISER)
    await Hall.of(database, [seat("Nơi khác")])
    async with database.transaction() as tx:
        plan = planned([], [], title="Hội nghị năm sau", starts_at=datetime(2027, 12, 30, 14, 0))  # noqa: DTZ001
        later = await meeting_plans.add_meeting(
            tx, hall.organisation_id, plan, KEY, NOW, language="vi", address="comrade"
        )
        home = await reading.home_view(tx, account_id, hall.organisation_id)
    assert (home.organisation, home.person) == ("Sở Nội vụ", "Người tổ chức")
    assert [(line.meeting_id, line.title) for line in home.meetings] == [
        (later, "Hội nghị năm sau"),
        (hall.meeting_id, "Hội nghị"),
    ]


async def test_a_home_is_an_organisers_only(database: Database) -> None:
    hall = await Hall.of(database, [seat("Chủ tọa", role=Role.CHAIR)])
    organiser = await hall.visitor("Người tổ chức", Role.ORGANISER)
    elsewhere = await Hall.of(database, [seat("An")])
    async with database.snapshot() as tx:
        homes = await reading.list_homes(tx, hall.accounts.values(), hall.organisation_id)
        assert list(homes) == [organiser]
        for account_id, organisation_id in (
            (hall.accounts["Chủ tọa"], hall.organisation_id),
            (organiser, elsewhere.organisation_id),
            (organiser, 404),
        ):
            with pytest.raises(OrganisationNotFoundError):
                await reading.home_view(tx, account_id, organisation_id)

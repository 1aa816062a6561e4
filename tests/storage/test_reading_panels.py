from datetime import timedelta

import pytest

from meeting.agenda import ItemKind
from meeting.attendance import StatementKind
from meeting.people import Reply, Role, Standing
from meeting.plan import PlannedItem
from meeting.tally import Decision
from meeting.voting import BaseKind, Method, Option, VoteState
from storage import meeting_plans, people, reading
from storage.database import Database
from storage.errors import MeetingNotFoundError
from storage.views import PanelView
from tests.storage.hall import KEY, NOW, Hall, planned, seat

AGENDA = (
    PlannedItem("Thống nhất cách biểu quyết", ItemKind.VOTING_METHOD),
    PlannedItem("Báo cáo", ItemKind.REPORT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT),
    PlannedItem("Nghị quyết", ItemKind.VOTE),
)
CHAIR, SECRETARY = seat("Chủ tọa", role=Role.CHAIR), seat("Thư ký", role=Role.SECRETARY)


async def panels(hall: Hall) -> dict[str, PanelView]:
    async with hall.database.snapshot() as tx:
        views = await reading.panel_views(tx, hall.meeting_id, hall.accounts.values())
    return {name: views[account] for name, account in hall.accounts.items() if account in views}


async def panel(hall: Hall) -> PanelView:
    return (await panels(hall))["Thư ký"]


async def test_the_panel_is_for_those_with_a_role_only(database: Database) -> None:
    hall = await Hall.of(database, [CHAIR, SECRETARY, seat("An")])
    await hall.visitor("Người tổ chức", Role.ORGANISER)
    async with database.transaction() as tx:
        await people.put_role(
            tx, hall.organisation_id, hall.people["Thư ký"], Role.CHAIR, hall.meeting_id, NOW
        )
    assert {name: view.roles for name, view in (await panels(hall)).items()} == {
        "Chủ tọa": {Role.CHAIR},
        "Thư ký": {Role.SECRETARY, Role.CHAIR},
        "Người tổ chức": {Role.ORGANISER},
    }


async def test_a_role_in_another_meeting_or_organisation_opens_no_panel(database: Database) -> None:
    hall = await Hall.of(database, [CHAIR, SECRETARY])
    elsewhere = await Hall.of(database, [seat("Thư ký nơi khác", role=Role.SECRETARY)])
    other_organiser = await elsewhere.visitor("Người tổ chức nơi khác", Role.ORGANISER)
    async with database.transaction() as tx:
        # The same account is somebody without a role here.
        account = await people.get_account(tx, other_organiser)
        person_id = await people.add_person(tx, hall.organisation_id, "Khách", None, NOW)
        await people.add_binding(tx, account, hall.organisation_id, person_id, NOW)
        views = await reading.panel_views(tx, hall.meeting_id, elsewhere.accounts.values())
    assert views == {}


async def test_a_chair_of_another_meeting_is_an_attendee_like_any_other(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), SECRETARY])
    plan = planned([seat("An", role=Role.CHAIR)], [])
    async with database.transaction() as tx:
        other = await meeting_plans.add_meeting(
            tx, hall.organisation_id, plan, KEY, NOW, language="vi", address="comrade"
        )
        views = await reading.panel_views(tx, other, hall.accounts.values())
    assert list(views) == [hall.accounts["An"]]
    assert list(await panels(hall)) == ["Thư ký"]


async def test_a_panel_of_no_meeting_is_not_found(database: Database) -> None:
    async with database.snapshot() as tx:
        with pytest.raises(MeetingNotFoundError):
            await reading.panel_views(tx, 404, [1])


async def test_the_panel_knows_attendance_statements_and_missing_replies(database: Database) -> None:
    hall = await Hall.of(
        database,
        [CHAIR, SECRETARY, seat("An"), seat("Bình"), seat("Cúc"), seat("Khách", None, Standing.GUEST)],
    )
    await hall.state(StatementKind.PRELIMINARY)
    await hall.come("Chủ tọa", "Thư ký")
    await hall.state(StatementKind.CONFIRMED, NOW + timedelta(minutes=1))
    await hall.set("An", reply=Reply.COMING)
    await hall.set("Bình", reply=Reply.SUBSTITUTED)
    view = await panel(hall)
    assert (view.attendance.present, view.attendance.summoned) == (2, 4)
    assert view.preliminary is not None
    assert view.preliminary.attendance.present == 0
    assert view.statement is not None
    assert view.statement.attendance.present == 2
    assert view.replies_missing == 2  # Cúc and the guest


async def test_the_next_item_follows_the_current_one_and_is_undecided(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY], AGENDA)
    view = await panel(hall)
    assert view.current_item is None
    assert view.next_item is not None
    assert view.next_item.number == 1

    await hall.set_item(2, decision=Decision.SKIPPED)
    await hall.set_item(1, decision=Decision.NOTED)
    await hall.set_meeting(current_item_id=hall.items[1])
    view = await panel(hall)
    assert view.current_item is not None
    assert view.next_item is not None
    assert (view.current_item.title, view.next_item.title, view.next_item.number) == (
        "Báo cáo",
        "Nghị quyết",
        4,
    )
    assert (view.items, view.items_done) == (4, 2)

    await hall.set_meeting(current_item_id=hall.items[3])
    assert (await panel(hall)).next_item is None


@pytest.mark.parametrize(
    ("decision", "is_adopted"),
    [
        (None, False),
        (Decision.REJECTED, False),
        (Decision.NOTED, False),
        (Decision.ADOPTED, True),
        (Decision.ADOPTED_WITH_ADDITIONS, True),
        (Decision.SKIPPED, True),
    ],
)
async def test_the_method_of_voting_is_adopted_by_its_item(
    database: Database, decision: Decision | None, *, is_adopted: bool
) -> None:
    hall = await Hall.of(database, [SECRETARY], AGENDA)
    await hall.set_item(0, decision=decision)
    assert (await panel(hall)).is_method_adopted is is_adopted


async def test_an_agenda_without_the_method_of_voting_needs_none(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY], AGENDA[1:])
    assert (await panel(hall)).is_method_adopted


async def test_the_panel_shows_the_current_items_runs_newest_first(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY, seat("An")], AGENDA)
    await hall.come("An")
    first = await hall.opened(1)
    await hall.set_vote(first, state=VoteState.ANNOUNCED, announced_at=NOW)
    cancelled = await hall.opened(1)
    await hall.set_vote(cancelled, state=VoteState.CANCELLED)
    joint = await hall.draft(1, 2)
    elsewhere = await hall.draft(3)
    await hall.set_meeting(current_item_id=hall.items[1])
    view = await panel(hall)
    assert [vote.vote_id for vote in view.votes] == [joint, first]
    assert view.open_vote is None

    await hall.open(elsewhere)
    await hall.set_vote(elsewhere, state=VoteState.PAUSED)
    view = await panel(hall)
    assert [vote.vote_id for vote in view.votes] == [joint, first]
    assert view.open_vote is not None
    assert view.open_vote.vote_id == elsewhere


async def test_a_cancelled_run_is_shown_until_another_follows(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY, seat("An")], AGENDA)
    await hall.come("An")
    cancelled = await hall.opened(1)
    await hall.set_vote(cancelled, state=VoteState.CANCELLED)
    await hall.set_meeting(current_item_id=hall.items[1])
    assert [vote.vote_id for vote in (await panel(hall)).votes] == [cancelled]
    again = await hall.draft(1)
    assert [vote.vote_id for vote in (await panel(hall)).votes] == [again]


async def test_the_panel_knows_who_of_those_that_run_the_meeting_attends_it(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY])
    await hall.visitor("Người tổ chức", Role.ORGANISER)
    attends = {name: view.is_attendee for name, view in (await panels(hall)).items()}
    assert attends == {"Thư ký": True, "Người tổ chức": False}


async def test_without_a_current_item_only_what_runs_is_known(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY], AGENDA)
    await hall.come("Thư ký")
    await hall.draft(1)
    vote_id = await hall.opened(2)
    view = await panel(hall)
    assert view.votes == ()
    assert view.open_vote is not None
    assert view.open_vote.vote_id == vote_id


async def test_the_secretary_alone_sees_who_has_not_voted(database: Database) -> None:
    hall = await Hall.of(database, [CHAIR, SECRETARY, seat("An"), seat("Bình"), seat("Vắng")])
    await hall.visitor("Người tổ chức", Role.ORGANISER)
    await hall.come("Chủ tọa", "Thư ký", "An", "Bình")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"Chủ tọa": Option.YES, "An": Option.NO})
    assert {name: view.missing for name, view in (await panels(hall)).items()} == {
        "Chủ tọa": (),
        "Thư ký": ("Thư ký", "Bình"),
        "Người tổ chức": (),
    }
    await hall.set_vote(vote_id, state=VoteState.CLOSED)
    assert (await panel(hall)).missing == ()


async def test_a_count_is_seen_by_those_who_preside_until_it_is_announced(database: Database) -> None:
    hall = await Hall.of(database, [CHAIR, SECRETARY, seat("An")])
    await hall.visitor("Người tổ chức", Role.ORGANISER)
    await hall.come("An")
    vote_id = await hall.opened()
    await hall.cast(vote_id, {"An": Option.NO})
    await hall.set_meeting(current_item_id=hall.items[0])
    await hall.set_vote(vote_id, state=VoteState.CLOSED, closed_at=NOW, decision=Decision.REJECTED)

    async def counts() -> dict[str, bool]:
        views = (await panels(hall)).items()
        return {name: (view.votes[0].tally, view.votes[0].decision) != (None, None) for name, view in views}

    assert await counts() == {"Chủ tọa": True, "Thư ký": True, "Người tổ chức": False}
    await hall.announce(vote_id, Decision.REJECTED)
    assert all((await counts()).values())


async def test_units_that_have_not_voted_are_named(database: Database) -> None:
    hall = await Hall.of(
        database, [SECRETARY, seat("An", "Sở A"), seat("Bình", "Sở B")], units=["Sở A", "Sở B"]
    )
    await hall.come("An", "Bình")
    vote_id = await hall.opened(base_kind=BaseKind.UNITS)
    await hall.cast(vote_id, {"An": Option.YES})
    assert (await panel(hall)).missing == ("Sở B",)


async def test_nobody_is_missing_where_hands_are_counted(database: Database) -> None:
    hall = await Hall.of(database, [SECRETARY, seat("An")])
    await hall.come("An")
    await hall.open(await hall.draft(0, method=Method.HANDS))
    view = await panel(hall)
    assert view.open_vote is not None
    assert view.missing == ()

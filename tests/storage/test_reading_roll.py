from datetime import timedelta

import pytest
import sqlalchemy as sa

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind, StatementKind
from meeting.people import Presence, Purpose, Reply, Source, Standing
from meeting.plan import PlannedItem
from meeting.regimes import Template
from meeting.states import GoneReason, MeetingState
from meeting.voting import BaseKind
from storage import attendees, invitations, meetings, people, reading
from storage.database import Database
from storage.errors import MeetingNotFoundError
from storage.reading.roll import list_attendees
from storage.rows import MeetingRow
from tests.storage.hall import KEY, NOW, Hall, rules, seat


async def test_the_roll_is_in_order_and_whoever_sent_a_substitute_is_left_out(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), seat("Bình"), seat("Cúc", standing=Standing.GUEST)])
    await hall.set("Bình", reply=Reply.SUBSTITUTED)
    await hall.come("Cúc")
    async with database.snapshot() as tx:
        roll = await reading.get_roll(tx, hall.meeting_id)
    assert [(entry.attendee_id, entry.standing, entry.presence, entry.reply) for entry in roll] == [
        (hall.attendees["An"], Standing.VOTING, Presence.AWAY, Reply.NONE),
        (hall.attendees["Cúc"], Standing.GUEST, Presence.PRESENT, Reply.NONE),
    ]


async def test_attendance_counts_people_apart_from_summoned_units(database: Database) -> None:
    hall = await Hall.of(
        database,
        [
            seat("An", "Sở A"),
            seat("Bình", "Sở B"),
            seat("Cúc", "Sở B"),
            seat("Khách", standing=Standing.GUEST),
        ],
        units=["Sở A", "Sở B", "Sở chưa cử ai"],
        rules=rules(QuorumKind.UNITS, BaseKind.UNITS),
    )
    await hall.come("Bình", "Cúc", "Khách")
    await hall.set("An", reply=Reply.ABSENT)
    async with database.snapshot() as tx:
        attendance = await reading.get_attendance(tx, hall.meeting_id)
    assert (attendance.summoned, attendance.present, attendance.excused, attendance.guests) == (3, 2, 1, 1)
    assert (attendance.units, attendance.units_present, attendance.has_quorum) == (3, 1, False)


async def test_a_substitute_counts_instead_of_whom_they_stand_for(database: Database) -> None:
    hall = await Hall.of(database, [seat("An", "Sở A")], units=["Sở A"])
    async with database.transaction() as tx:
        unit_id = await meetings.find_unit_in_meeting(tx, hall.meeting_id, "Sở A")
        await attendees.add_attendee(
            tx, hall.organisation_id, hall.meeting_id, seat("Bình"), unit_id, KEY, NOW
        )
    await hall.set("An", reply=Reply.SUBSTITUTED)
    async with database.snapshot() as tx:
        attendance = await reading.get_attendance(tx, hall.meeting_id)
        view = await reading.get_roll_view(tx, hall.meeting_id)
    assert attendance.summoned == 1
    assert view.attendance == attendance
    assert [(one.name, one.unit, one.reply) for one in view.attendees] == [
        ("An", "Sở A", Reply.SUBSTITUTED),
        ("Bình", "Sở A", Reply.NONE),
    ]


async def test_the_headcount_is_the_agencys_where_it_is_set(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")], headcount=61)
    async with database.snapshot() as tx:
        assert (await reading.get_attendance(tx, hall.meeting_id)).headcount == 61


async def test_the_newest_statement_of_a_kind_is_found_as_it_was_stated(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), seat("Bình")])
    async with database.snapshot() as tx:
        assert await reading.find_statement(tx, hall.meeting_id, StatementKind.CONFIRMED) is None
    await hall.state(StatementKind.CONFIRMED)
    await hall.come("An")
    await hall.state(StatementKind.CONFIRMED, NOW + timedelta(minutes=1))
    await hall.state(StatementKind.PRELIMINARY, NOW + timedelta(minutes=2))
    await hall.come("Bình")
    async with database.snapshot() as tx:
        found = await reading.find_statement(tx, hall.meeting_id, StatementKind.CONFIRMED)
    assert found is not None
    assert (found.kind, found.stated_at) == (StatementKind.CONFIRMED, NOW + timedelta(minutes=1))
    assert (found.attendance.present, found.attendance.summoned) == (1, 2)


async def test_what_a_transaction_has_changed_is_read_back_at_once(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")])
    async with database.transaction() as tx:
        held = await tx.get(MeetingRow, hall.meeting_id)
        before = await reading.get_meeting_view(tx, hall.meeting_id)
        await meetings.put_meeting(
            tx, hall.meeting_id, state=MeetingState.OPEN, current_item_id=hall.items[0]
        )
        await attendees.put_attendee(tx, hall.attendees["An"], presence=Presence.PRESENT)
        after = await reading.get_meeting_view(tx, hall.meeting_id)
        roll = await reading.get_roll(tx, hall.meeting_id)
        await (await tx.connection()).execute(sa.update(MeetingRow).values(title="Hội nghị đổi tên"))
        renamed = await reading.get_meeting_view(tx, hall.meeting_id)
    assert held is not None
    assert (before.state, after.state) == (MeetingState.PLANNED, MeetingState.OPEN)
    assert after.current_item_id == hall.items[0]
    assert [entry.presence for entry in roll] == [Presence.PRESENT]
    assert renamed.title == "Hội nghị đổi tên"


async def test_a_meeting_that_does_not_exist_is_not_found(database: Database) -> None:
    async with database.snapshot() as tx:
        for read in (
            reading.get_meeting_view,
            reading.get_attendance,
            reading.get_roll_view,
            reading.get_agenda_view,
            reading.get_results_view,
        ):
            with pytest.raises(MeetingNotFoundError):
                await read(tx, 404)


async def test_an_attendee_is_reached_only_by_an_account_that_is_still_there(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), seat("Bình")])
    async with database.transaction() as tx:
        await people.put_account_gone(tx, hall.accounts["An"], GoneReason.BLOCKED, NOW)
        await people.forget_binding(tx, hall.accounts["Bình"], hall.organisation_id)
        account = await people.put_account(tx, "web", "page", "page", "", None, NOW)
        await people.add_binding(tx, account, hall.organisation_id, hall.people["Bình"], NOW)
        view = await reading.get_roll_view(tx, hall.meeting_id)
    assert [(one.name, one.is_bound) for one in view.attendees] == [("An", False), ("Bình", True)]


async def test_an_attendee_sees_the_own_seat_and_what_is_on_now(database: Database) -> None:
    items = [
        PlannedItem("Khai mạc", ItemKind.OTHER),
        PlannedItem("Báo cáo", ItemKind.REPORT, text="Toàn văn"),
    ]
    hall = await Hall.of(database, [seat("An"), seat("Bình")], items)
    await hall.come("An")
    await hall.set_meeting(current_item_id=hall.items[1])
    stranger = await hall.visitor("Khách")
    async with database.snapshot() as tx:
        views = await reading.attendance_views(tx, hall.meeting_id, [hall.accounts["An"], stranger, 404])
    assert list(views) == [hall.accounts["An"]]
    view = views[hall.accounts["An"]]
    assert (view.attendee.name, view.attendee.presence, view.attendee.presence_source) == (
        "An",
        Presence.PRESENT,
        Source.SELF,
    )
    assert view.attendee.checked_in_at == NOW
    assert view.current_item is not None
    assert (view.current_item.number, view.current_item.text) == (2, "Toàn văn")
    assert view.meeting.title == "Hội nghị"


async def test_two_accounts_of_a_person_see_the_same_seat(database: Database) -> None:
    hall = await Hall.of(database, [seat("An")])
    async with database.transaction() as tx:
        page = await people.put_account(tx, "web", "page", "page", "", None, NOW)
        await people.add_binding(tx, page, hall.organisation_id, hall.people["An"], NOW)
        views = await reading.attendance_views(tx, hall.meeting_id, [hall.accounts["An"], page.account_id])
    assert views[hall.accounts["An"]] == views[page.account_id]


async def test_an_account_that_serves_in_two_organisations_sees_the_seat_asked_for(
    database: Database,
) -> None:
    hall = await Hall.of(database, [seat("An")])
    elsewhere = await Hall.of(database, [seat("Bình")])
    async with database.transaction() as tx:
        account = await people.get_account(tx, hall.accounts["An"])
        person_id = await people.add_person(tx, elsewhere.organisation_id, "An ở Cụm", None, NOW)
        await people.add_binding(tx, account, elsewhere.organisation_id, person_id, NOW)
        views = await reading.attendance_views(tx, hall.meeting_id, [account.account_id])
    assert [view.attendee.name for view in views.values()] == ["An"]


async def test_consent_is_asked_for_what_was_not_answered_yet(database: Database) -> None:
    hall = await Hall.of(database, [seat("An"), seat("Bình"), seat("Cúc")])
    await hall.consent("Bình", Purpose.CONTACT, is_given=False)
    await hall.consent("Cúc", Purpose.CONTACT, is_given=True)
    await hall.consent("Cúc", Purpose.REMINDERS, is_given=True)
    async with database.snapshot() as tx:
        views = await reading.attendance_views(tx, hall.meeting_id, hall.accounts.values())
    asked = {view.attendee.name: view.consents_asked for view in views.values()}
    assert asked == {"An": (Purpose.CONTACT, Purpose.REMINDERS), "Bình": (Purpose.REMINDERS,), "Cúc": ()}


@pytest.mark.parametrize(
    ("template", "quorum", "base", "can"),
    [
        (Template.GIAO_UOC, QuorumKind.SUMMONED, BaseKind.ATTENDEES, True),
        (Template.THUONG, QuorumKind.UNITS, BaseKind.ATTENDEES, True),
        (Template.THUONG, QuorumKind.SUMMONED, BaseKind.ALL_UNITS, True),
        (Template.THUONG, QuorumKind.SUMMONED, BaseKind.ATTENDEES, False),
        (Template.CBCCVC, QuorumKind.HEADCOUNT, BaseKind.ATTENDEES, False),
    ],
)
async def test_another_may_come_where_attendees_stand_for_units(
    database: Database, template: Template, quorum: QuorumKind, base: BaseKind, *, can: bool
) -> None:
    hall = await Hall.of(
        database, [seat("An", "Sở A")], units=["Sở A"], template=template, rules=rules(quorum, base)
    )
    async with database.snapshot() as tx:
        views = await reading.attendance_views(tx, hall.meeting_id, hall.accounts.values())
    assert views[hall.accounts["An"]].can_substitute is can


async def test_nobody_else_may_come_for_who_is_here_or_replaced_or_votes_for_no_unit(
    database: Database,
) -> None:
    hall = await Hall.of(
        database,
        [
            seat("An", "Sở A"),
            seat("Có mặt", "Sở A"),
            seat("Đã thay", "Sở A"),
            seat("Khách", "Sở A", Standing.GUEST),
            seat("Chủ trì"),
        ],
        units=["Sở A"],
        template=Template.GIAO_UOC,
    )
    await hall.come("Có mặt")
    await hall.set("Đã thay", reply=Reply.SUBSTITUTED)
    async with database.snapshot() as tx:
        views = await reading.attendance_views(tx, hall.meeting_id, hall.accounts.values())
    assert {view.attendee.name for view in views.values() if view.can_substitute} == {"An"}
    await hall.set_meeting(state=MeetingState.CLOSED)
    async with database.snapshot() as tx:
        views = await reading.attendance_views(tx, hall.meeting_id, hall.accounts.values())
    assert not any(view.can_substitute for view in views.values())


async def test_invitations_come_in_the_order_of_the_roll(database: Database) -> None:
    hall = await Hall.of(database, [seat("Bình"), seat("An")])
    async with database.transaction() as tx:
        await invitations.renew_invitation(tx, KEY, hall.attendees["An"])
    async with database.snapshot() as tx:
        found = await reading.list_invitations(tx, hall.meeting_id)
        attendees = await list_attendees(tx)
    assert [one.attendee for one in found] == attendees
    assert [(one.attendee.name, one.generation) for one in found] == [("Bình", 0), ("An", 1)]
    assert len({one.invitation_id for one in found}) == 2

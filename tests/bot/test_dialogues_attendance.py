"""Invitations are replied to, presence is confirmed, the roll is kept and the attendance stated."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import (
    AddAttendee,
    CheckIn,
    CheckInFor,
    FindAttendee,
    LeaveMeeting,
    MarkExcused,
    MarkLeft,
    OpenCheckIn,
    ReplyAbsent,
    ReplySubstitute,
    ScheduleCheckIn,
    ShowAttendee,
    ShowRoll,
    StateAttendance,
    StatePreliminary,
)
from handlers.due import do_due_work
from meeting.attendance import QuorumKind
from meeting.people import Presence, Reply, Role, Standing
from meeting.voting import BaseKind
from storage.database import Database
from storage.reading import get_roll_view
from storage.views import AttendeeView
from tests.bot.chatting import Hall, Stage, buttons
from tests.bot.conftest import SetUp
from tests.handlers.journey import START, plan, rules, seat

REPEATED = "Nội dung này đã được ghi nhận trước đó; gửi lại không làm thay đổi gì."
UNITS = plan(
    [seat("Trần An", "Sở A"), seat("Lê Bình", "Sở B"), seat("Võ Khách", standing=Standing.GUEST)],
    units=["Sở A", "Sở B"],
    rules=rules(QuorumKind.UNITS, BaseKind.UNITS),
)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(lambda database: Hall.planned(database, UNITS))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting of two units and a guest, all of whom have opened their links."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def roll(hall: Hall) -> dict[str, AttendeeView]:
    async with hall.database.snapshot() as tx:
        view = await get_roll_view(tx, hall.journey.meeting_id)
    return {one.name: one for one in view.attendees}


# Replies


async def test_coming_is_answered_and_shown(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.taps("Dự họp")
    assert an.answer.notice == "Đã ghi nhận: đồng chí dự họp."
    await an.again()
    assert an.answer.notice == REPEATED
    assert (await roll(hall))["Trần An"].reply is Reply.COMING
    assert await hall.organiser.sees("chưa phản hồi 02")


async def test_an_absence_has_a_reason(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.taps("Xin vắng")
    assert "lý do" in an.asked
    for wrong in ("", "   \n ", "L" * 2_001):
        await an.says(wrong)
        assert an.answer.notice
        assert (await roll(hall))["Trần An"].reply is Reply.NONE
    await an.says("Đi công tác\ntại Hà Nội")
    assert an.answer.notice == "Đã ghi nhận: đồng chí vắng mặt, có lý do."
    await an.again()
    assert an.answer.notice == REPEATED
    entry = (await roll(hall))["Trần An"]
    assert (entry.reply, entry.reply_reason) == (Reply.ABSENT, "Đi công tác\ntại Hà Nội")
    await an.taps("Dự họp")
    assert (await roll(hall))["Trần An"].reply is Reply.COMING


async def test_the_reason_may_come_after_a_restart_or_never(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.taps("Xin vắng")
    hall.start()
    await an.taps("Hủy")
    assert (await roll(hall))["Trần An"].reply is Reply.NONE
    await an.taps("Xin vắng")
    hall.start()
    await an.says("Ốm")
    assert (await roll(hall))["Trần An"].reply is Reply.ABSENT


async def test_a_unit_sends_somebody_else(database: Database) -> None:
    hall = await Hall.planned(database, UNITS)
    an = hall.chat("Trần An")
    await an.taps("Cử người dự thay")
    await an.says("🙂")
    assert an.answer.notice == "Đề nghị ghi bằng chữ."
    await an.says("A" * 101)
    assert "quá dài" in an.answer.notice
    await an.says("Phạm Dũng")
    assert an.answer.notice.startswith("Đã ghi nhận: Phạm Dũng dự họp thay mặt đơn vị.")
    await an.again()
    assert an.answer.notice == REPEATED
    everybody = await roll(hall)
    assert everybody["Trần An"].reply is Reply.SUBSTITUTED
    assert everybody["Phạm Dũng"].unit == "Sở A"
    await hall.organiser.taps("Giấy mời")
    assert "Phạm Dũng, Sở A (chưa liên kết)" in hall.organiser.told
    await hall.close()


async def test_a_guest_sends_nobody_else(hall: Hall) -> None:
    guest = hall.chat("Võ Khách")
    assert "Cử người dự thay" not in await guest.labels()
    await guest.forges(ReplySubstitute(hall.journey.meeting_id))
    assert "Chỉ đại diện của đơn vị" in guest.answer.notice
    assert await guest.question() is None


async def test_a_reason_asked_for_is_over_once_the_person_is_there(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.taps("Xin vắng")
    await hall.organiser.taps("Mở xác nhận có mặt")
    await an.taps("Xác nhận có mặt")
    assert await an.question() is None
    await an.says("Đi công tác")
    assert "chưa được ghi nhận" in an.answer.notice
    entry = (await roll(hall))["Trần An"]
    assert (entry.presence, entry.reply) == (Presence.PRESENT, Reply.NONE)


async def test_a_closed_meeting_takes_no_replies(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.taps("Xin vắng")
    await hall.journey.open_meeting()
    await hall.journey.close_meeting()
    assert await an.question() is None
    for action in (ReplyAbsent(hall.journey.meeting_id), ReplySubstitute(hall.journey.meeting_id)):
        await an.forges(action)
        assert "đã bế mạc" in an.answer.notice
    await an.says("Ốm")
    assert (await roll(hall))["Trần An"].reply is Reply.NONE


async def test_an_organiser_who_is_no_attendee_is_told_so(hall: Hall) -> None:
    for action in (
        ReplyAbsent(hall.journey.meeting_id),
        CheckIn(hall.journey.meeting_id),
        LeaveMeeting(hall.journey.meeting_id, 0),
    ):
        await hall.organiser.forges(action)
        assert "không có tên trong danh sách" in hall.organiser.answer.notice


# Presence


async def test_presence_is_confirmed_by_one_tap_and_shown_with_the_time(hall: Hall) -> None:
    an = hall.chat("Trần An")
    assert "Xác nhận có mặt" not in await an.labels()
    await an.forges(CheckIn(hall.journey.meeting_id))
    assert "Chưa đến giờ xác nhận có mặt" in an.answer.notice
    await hall.organiser.taps("Mở xác nhận có mặt")
    assert hall.organiser.answer.notice == "Đại biểu có thể xác nhận có mặt từ bây giờ."
    hall.clock.advance(timedelta(minutes=5))
    await an.taps("Xác nhận có mặt")
    assert an.answer.notice == "Đã ghi nhận đồng chí có mặt lúc 13:05."
    await an.again()
    assert an.answer.notice == "Đồng chí đã được ghi nhận có mặt lúc 13:05."
    assert await an.sees("Đã ghi nhận đồng chí có mặt lúc 13:05.")


async def test_times_are_those_of_the_meeting_that_was_tapped(hall: Hall) -> None:
    """An account that speaks in two meetings is told each one's own time, whichever was the last."""
    an, first = hall.chat("Trần An"), hall.journey.meeting_id
    await hall.organiser.taps("Mở xác nhận có mặt")
    await hall.journey.add_meeting(
        replace(plan([seat("Trần An", "Sở A")], units=["Sở A"]), timezone="Asia/Tokyo")
    )
    await hall.journey.bind("Trần An")
    await hall.journey.open_meeting()
    await an.forges(CheckIn(hall.journey.meeting_id))
    assert an.answer.notice.endswith("lúc 15:00."), "in Tokyo"
    await an.forges(CheckIn(first))
    assert an.answer.notice.endswith("lúc 13:00."), "in Vietnam"


async def test_the_window_closes_and_the_secretary_enters_who_comes_late(hall: Hall) -> None:
    organiser, an = hall.organiser, hall.chat("Trần An")
    await organiser.taps("Mở xác nhận có mặt")
    await organiser.taps("Đóng xác nhận có mặt")
    assert "Thư ký vẫn có thể ghi nhận thêm đại biểu" in organiser.answer.notice
    await an.forges(CheckIn(hall.journey.meeting_id))
    assert "báo Thư ký" in an.answer.notice
    await organiser.taps("Đại biểu")
    await organiser.taps("1. Trần An")
    await organiser.taps("Ghi có mặt")
    assert organiser.answer.notice == "Đã ghi nhận có mặt."
    assert "(thư ký nhập)" in organiser.told
    assert await an.sees("Thư ký đã ghi nhận đồng chí có mặt")


async def test_leaving_early_is_asked_about_once_more(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.forges(LeaveMeeting(hall.journey.meeting_id, 1))
    assert (
        an.answer.notice
        == "Đồng chí chưa được ghi nhận có mặt. Đề nghị xác nhận có mặt trước, hoặc báo Thư ký."
    )
    await hall.journey.open_meeting()
    await an.taps("Xác nhận có mặt")
    await an.taps("Về sớm")
    assert an.asked.startswith("Đồng chí rời hội nghị bây giờ?")
    sure = an.card
    await an.taps("Để sau", on=sure)
    assert an.answer.notice == "Đã giữ nguyên."
    assert (await roll(hall))["Trần An"].presence is Presence.PRESENT
    await an.taps("Về ngay", on=sure)
    assert "Đã ghi nhận" in an.answer.notice
    await an.taps("Về ngay", on=sure)
    assert "không có gì thay đổi" in an.answer.notice
    assert await an.sees("Đã ghi nhận đồng chí về lúc")
    await an.taps("Xác nhận có mặt")
    assert (await roll(hall))["Trần An"].presence is Presence.PRESENT


async def test_a_postponed_tap_drops_no_question(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await hall.journey.open_meeting()
    await an.taps("Xác nhận có mặt")
    await an.taps("Về sớm")
    sure = an.card
    await hall.organiser.taps("Đại biểu")
    await hall.organiser.taps("Thêm đại biểu")
    await an.taps("Để sau", on=sure)
    assert await hall.organiser.question() is not None


# The window by the clock


async def test_the_window_opens_by_itself(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Hẹn giờ mở xác nhận")
    for wrong in ("", "ngày mai", "31/02/2027", "14:00 31/02/2027", "A" * 5_000, "🙂"):
        await organiser.says(wrong)
        assert organiser.answer.notice
        assert await organiser.question() is not None, wrong
    await organiser.says("12:00 30/12/2026")
    assert "đã qua" in organiser.answer.notice
    hall.start()
    await organiser.says("13h30 ngày 30/12/2026")
    assert "13:30 thứ Tư, ngày 30/12/2026" in organiser.answer.notice
    assert await hall.chat("Trần An").sees("13:30 thứ Tư, ngày 30/12/2026")
    hall.clock.advance(timedelta(minutes=31))
    assert await do_due_work(hall.house, START)
    await hall.chat("Trần An").taps("Xác nhận có mặt")
    assert "Đã ghi nhận" in hall.chat("Trần An").answer.notice


async def test_the_window_of_an_open_meeting_is_not_put_off(hall: Hall) -> None:
    await hall.journey.open_meeting()
    await hall.organiser.forges(ScheduleCheckIn(hall.journey.meeting_id))
    assert "đã thay đổi" in hall.organiser.answer.notice
    assert await hall.organiser.question() is None


# The roll


async def test_somebody_unannounced_is_put_on_the_roll(hall: Hall) -> None:
    organiser = hall.organiser
    for line, unit, standing in (
        ("Phạm Dũng; sở b", "Sở B", Standing.VOTING),
        ("Hồ Giang; khách mời", None, Standing.GUEST),
        ("Mai Hà; Sở A; dự thính", "Sở A", Standing.OBSERVER),
    ):
        await organiser.taps("Đại biểu")
        await organiser.taps("Thêm đại biểu")
        await organiser.says(line)
        name = line.partition(";")[0]
        assert organiser.answer.notice == f"Đã đưa {name} vào danh sách đại biểu."
        assert name in organiser.told
        added = (await roll(hall))[name]
        assert (added.unit, added.standing) == (unit, standing)
        await organiser.again()
        assert organiser.answer.notice == REPEATED
    assert len(await roll(hall)) == 6


async def test_a_line_about_an_attendee_that_is_not_understood_is_asked_for_again(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("Thêm đại biểu")
    for wrong in ("", ";", "🙂; Sở A", "A" * 5_000, "An; Sở A; Trưởng phòng", "An; khách mời; dự thính"):
        await organiser.says(wrong)
        assert organiser.answer.notice, wrong
        assert await organiser.question() is not None, wrong
    await organiser.says("Phạm Dũng; Sở C")
    assert "Đơn vị này không có trong danh sách của hội nghị." in organiser.answer.notice
    await organiser.says("Phạm Dũng; Sở B")
    assert "Phạm Dũng" in await roll(hall)


async def test_a_namesake_is_pointed_out(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("Thêm đại biểu")
    await organiser.says("trần an; sở a")
    assert "hai người trùng họ tên" in organiser.answer.notice


async def test_the_secretary_excuses_somebody_by_name(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("2. Lê Bình")
    await organiser.taps("Ghi vắng có lý do")
    assert "Lê Bình" in organiser.asked
    await organiser.says("Đi học")
    assert organiser.answer.notice == "Đã ghi nhận: Lê Bình vắng mặt, có lý do."
    assert "Đi học" in organiser.told
    entry = (await roll(hall))["Lê Bình"]
    assert (entry.reply, entry.reply_reason) == (Reply.ABSENT, "Đi học")


async def test_who_left_is_recorded_by_the_secretary(hall: Hall) -> None:
    await hall.journey.open_meeting()
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("1. Trần An")
    assert organiser.card is not None
    assert "Ghi đã về trước" not in buttons(organiser.card)
    await organiser.forges(MarkLeft(hall.journey.attendees["Trần An"]))
    assert "chưa được ghi nhận có mặt" in organiser.answer.notice
    await organiser.taps("Ghi có mặt")
    await organiser.taps("Ghi đã về trước")
    assert "Đã ghi nhận" in organiser.answer.notice
    assert (await roll(hall))["Trần An"].presence is Presence.LEFT


async def test_an_attendee_among_many_is_found_by_a_part_of_the_name(sqlite: Database) -> None:
    names = [f"Nguyễn Văn {letter}{other}" for letter in "ABCDE" for other in "nmo"]
    hall = await Hall.planned(sqlite, plan([*names, "Đỗ Thị Hòa"]), are_bound=False)
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("Tìm theo tên")
    for wrong in ("Trần", "🙂", "99", "--"):
        await organiser.says(wrong)
        assert organiser.answer.notice.startswith("Không có ai"), wrong
    await organiser.says("hoa do")
    assert organiser.asked == "16. Đỗ Thị Hòa", "the only one who fits"
    assert await organiser.question() is None
    await organiser.taps("‹ Đại biểu")
    await organiser.taps("Tìm theo tên")
    await organiser.says("nguyen van")
    assert organiser.asked == "Tìm thấy: 15. Chỉ hiển thị những người đầu; đề nghị ghi thêm tên."
    await organiser.taps("Tìm theo tên")
    await organiser.says("văn a")
    assert organiser.asked == "Tìm thấy: 03."
    await organiser.taps("2. Nguyễn Văn Am")
    await organiser.taps("Ghi có mặt")
    assert (await roll(hall))["Nguyễn Văn Am"].presence is Presence.PRESENT
    await organiser.forges(FindAttendee(hall.journey.meeting_id))
    await organiser.says("12")
    assert organiser.asked == "12. Nguyễn Văn Do"


async def test_a_member_keeps_no_roll_and_learns_no_names(hall: Hall) -> None:
    """A name that a forged button would ask about must not come back in the question."""
    an = hall.chat("Trần An")
    other = hall.journey.attendees["Lê Bình"]
    before = await roll(hall)
    for action in (
        ShowRoll(hall.journey.meeting_id, 0),
        FindAttendee(hall.journey.meeting_id),
        ShowAttendee(other),
        CheckInFor(other),
        MarkLeft(other),
        MarkExcused(other),
        AddAttendee(hall.journey.meeting_id),
        OpenCheckIn(hall.journey.meeting_id),
        ScheduleCheckIn(hall.journey.meeting_id),
        StatePreliminary(hall.journey.meeting_id),
        StateAttendance(hall.journey.meeting_id, 0),
    ):
        await an.forges(action)
        assert "không có quyền" in an.answer.notice, action
        assert "Lê Bình" not in an.told
        assert await an.question() is None, action
    assert await roll(hall) == before


# The statement


async def test_the_attendance_is_stated_as_it_was_shown(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Khai mạc")
    assert organiser.answer.notice.startswith("Hội nghị đã khai mạc.")
    await hall.chat("Trần An").taps("Xác nhận có mặt")
    stale = (await organiser.live())[0]
    await organiser.taps("Ghi số liệu sơ bộ: 01 có mặt")
    assert "Đã ghi nhận số liệu kiểm đếm sơ bộ." in organiser.answer.notice
    await hall.chat("Lê Bình").taps("Xác nhận có mặt")
    await organiser.taps("Xác nhận số lượng: 01 có mặt", on=stale)
    assert "đã thay đổi" in organiser.answer.notice
    await organiser.taps("Xác nhận số lượng: 02 có mặt")
    assert "Đã ghi nhận báo cáo số lượng đại biểu." in organiser.answer.notice
    await organiser.again()
    assert organiser.answer.notice == REPEATED
    assert (await hall.journey.acts()).count("attendance_stated") == 2


async def test_a_chair_who_is_no_secretary_keeps_no_roll(hall: Hall) -> None:
    await hall.journey.appoint("Đỗ Chủ Tọa", Role.CHAIR)
    chair = hall.chat("Đỗ Chủ Tọa")
    assert "Đại biểu" not in await chair.labels()
    await chair.forges(ShowRoll(hall.journey.meeting_id, 0))
    assert "không có quyền" in chair.answer.notice

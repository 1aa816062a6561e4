"""The organiser summons, puts the meeting off and cancels it by chat; all read it in official words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions import CancelMeeting, CheckIn, OpenMeeting
from bot.platforms.base import Attachment
from meeting.people import Standing
from meeting.states import MeetingState
from storage.database import Database
from tests.bot.chatting import Hall, Stage, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [seat("Trần An"), seat("Lê Khách", standing=Standing.GUEST), seat("Bình")]
        hall = await Hall.planned(database, plan(attendees), are_bound=False)
        for name in ("Trần An", "Lê Khách"):
            await hall.journey.bind(name)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An and a guest are bound, Bình isn't."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def newest(hall: Hall, name: str) -> list[str]:
    posts = await hall.chat(name).posts()
    return texts(posts[0])


async def test_the_organiser_summons_who_is_linked(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    answer = await organiser.taps("Gửi giấy mời")
    assert answer.notice == (
        "Đã gửi giấy mời đến 2 người. Còn 1 người chưa liên kết: đề nghị phát đường liên kết cá nhân."
    )
    assert await newest(hall, "Trần An") == [
        "Hội nghị",
        "Kính mời đồng chí Trần An dự Hội nghị, 14:00 thứ Tư, ngày 30/12/2026, tại Hội trường A.",
        "Đề nghị phản hồi.",
    ]
    assert "Kính mời ông/bà Lê Khách dự" in (await newest(hall, "Lê Khách"))[1]
    await hall.chat("Trần An").taps("Dự họp")
    answer = await organiser.taps("Gửi giấy mời")
    assert answer.notice.startswith("Giấy mời đã được gửi trước đó")


async def test_a_meeting_is_put_off_step_by_step_and_all_are_told(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Đổi thời gian, địa điểm")
    assert (await organiser.says("hôm qua")).notice.startswith("Ngày giờ chưa đọc được")
    assert (await organiser.says("8:00 1/1/2020")).notice.startswith("Thời điểm")
    await organiser.says("8:00 12/1/2027")
    await organiser.says("Hội trường B")
    assert organiser.card is not None
    assert texts(organiser.card)[1] == ("Thời gian: 08:00 thứ Ba, ngày 12/01/2027; địa điểm: Hội trường B.")
    answer = await organiser.taps("Đổi và thông báo")
    assert answer.notice == "Đã đổi thời gian, địa điểm và gửi thông báo đến 2 người."
    assert (await newest(hall, "Trần An"))[:3] == [
        "Thông báo thay đổi thời gian, địa điểm: Hội nghị",
        "Thời gian: 08:00 thứ Ba, ngày 12/01/2027; địa điểm: Hội trường B.",
        "Thay cho thông báo trước: 14:00 thứ Tư, ngày 30/12/2026, tại Hội trường A.",
    ]
    await organiser.taps("Đổi thời gian, địa điểm")
    await organiser.taps("Giữ nguyên")
    answer = await organiser.taps("Giữ nguyên")
    assert answer.notice == "Thời gian, địa điểm giữ nguyên; không gửi thông báo nào."


async def in_calendar(hall: Hall, name: str) -> str:
    """The newest post's entry for calendars, its lines unfolded."""
    [entry] = (await hall.chat(name).posts())[0].attachments
    assert isinstance(entry, Attachment)
    assert entry.name == "hoi-nghi.ics"
    return entry.content.decode().replace("\r\n ", "")


async def test_the_meeting_is_put_into_calendars_and_follows_there(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Gửi giấy mời")
    entry = await in_calendar(hall, "Trần An")
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261230T140000" in entry
    await organiser.taps("Đổi thời gian, địa điểm")
    await organiser.says("8:00 12/1/2027")
    await organiser.says("Hội trường B")
    await organiser.taps("Đổi và thông báo")
    moved = await in_calendar(hall, "Trần An")
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20270112T080000" in moved
    assert ("SEQUENCE:0" in entry, "SEQUENCE:1" in moved) == (True, True)
    await organiser.taps("Hủy hội nghị")
    await organiser.says("Bão số 9")
    assert organiser.card is not None
    await organiser.taps("Hủy hội nghị", on=organiser.card)
    assert "METHOD:CANCEL" in await in_calendar(hall, "Trần An")


async def test_a_meeting_is_cancelled_when_asked_twice_and_says_so_everywhere(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Hủy hội nghị")
    await organiser.says("Bão số 9")
    await organiser.taps("Để sau")
    assert (await hall.journey.meeting()).state is MeetingState.PLANNED
    await organiser.forges(CancelMeeting(hall.journey.meeting_id))
    await organiser.says("Bão số 9")
    assert organiser.card is not None
    answer = await organiser.taps("Hủy hội nghị", on=organiser.card)
    assert answer.notice == "Hội nghị đã hủy; đã gửi thông báo đến 2 người."
    said = [
        "Hội nghị",
        "Hội nghị đã hủy, không tổ chức vào 14:00 thứ Tư, ngày 30/12/2026 như đã thông báo.",
        "Lý do: Bão số 9",
    ]
    assert await newest(hall, "Trần An") == said
    assert said in [texts(card) for card in await hall.chat("Trần An").live()]
    assert said in [texts(card)[:3] for card in await organiser.live()]
    assert await organiser.sees("đã hủy")
    for late in (OpenMeeting(hall.journey.meeting_id), CheckIn(hall.journey.meeting_id)):
        chat = organiser if isinstance(late, OpenMeeting) else hall.chat("Trần An")
        assert (await chat.forges(late)).notice == "Hội nghị đã hủy; không thể thay đổi nội dung nào nữa."

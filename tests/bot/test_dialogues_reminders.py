"""Who prepares a meeting sees what is sent when; the head approves; each says how to be reached."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogues.typed import typed_spans, typed_timezone
from handlers.due import do_due_work
from meeting.people import Role
from storage.database import Database
from storage.people import find_account_timezone
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, START, Clock, Journey, plan, seat

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        hall = Hall(database)
        hall.journey = await Journey.begun(database, Clock(START - 10 * DAY))
        await hall.journey.found("Sở Nội vụ", ORGANISER)
        await hall.journey.add_meeting(plan(["Trần An", seat("Võ Chủ Tọa", role=Role.CHAIR), "Lê Bình"]))
        for name in ("Trần An", "Võ Chủ Tọa"):
            await hall.journey.bind(name)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """Ten days before the meeting; Bình isn't linked."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def test_the_organiser_sees_what_is_sent_when_and_to_whom(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Nhắc việc")
    assert organiser.card is not None
    assert texts(organiser.card)[:5] == [
        "Nhắc việc: Hội nghị",
        "1. Giấy mời",
        "sẽ gửi: 02; chưa liên kết tài khoản: 01",
        "2. Nhắc dự hội nghị trước 7 ngày: dự kiến gửi 14:00 thứ Tư, ngày 23/12/2026",
        "sẽ gửi: 02; chưa liên kết tài khoản: 01",
    ]
    await organiser.taps("2. Nhắc dự hội nghị trước 7 ngày")
    assert texts(organiser.card)[2:] == [
        "Dự kiến gửi 14:00 thứ Tư, ngày 23/12/2026",
        "1. Trần An: sẽ gửi",
        "2. Võ Chủ Tọa: sẽ gửi",
        "3. Lê Bình: chưa liên kết tài khoản",
    ]
    await organiser.taps("Bỏ qua")
    assert organiser.answer.notice == "Đã bỏ qua, sẽ không gửi. Có thể khôi phục."
    await organiser.taps("Khôi phục")
    await organiser.taps("Gửi ngay")
    assert organiser.asked.startswith("Gửi ngay đến 2 người: Nhắc dự hội nghị trước 7 ngày?")
    sure = organiser.card
    await organiser.taps("Gửi ngay", on=sure)
    assert organiser.answer.notice == "Đã gửi đến 2 người."
    again = await organiser.taps("Gửi ngay", on=sure)
    assert again.notice == "Nội dung này đã gửi, không gửi lần thứ hai."
    assert await hall.chat("Trần An").sees("Nhắc lịch: Hội nghị")
    await organiser.taps("Nhắc việc")
    await organiser.taps("1. Giấy mời")
    assert "3. Lê Bình: chưa liên kết tài khoản" in texts(organiser.card)


async def test_a_test_reads_as_the_reminder_does(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Nhắc việc")
    await organiser.taps("2. Nhắc dự hội nghị trước 7 ngày")
    answer = await organiser.taps("Gửi thử cho tôi")
    assert answer.notice == "Đã gửi thử, chỉ đến đồng chí."
    tried = (await organiser.posts())[0]
    hall.clock.advance((await hall.journey.meeting()).starts_at - 7 * DAY - hall.clock.now())
    await do_due_work(hall.house, START - 30 * DAY)
    real = (await hall.chat("Trần An").posts())[0]
    assert texts(tried)[0] == f"[Gửi thử] {texts(real)[0]}"
    assert texts(tried)[1:] == texts(real)[1:]
    assert list(buttons(tried)) == list(buttons(real))


async def test_the_times_of_reminders_are_switched_and_typed(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Nhắc việc")
    await organiser.taps("Các mốc nhắc")
    await organiser.taps("Trước 7 ngày: có")
    assert organiser.answer.notice == "Nhắc trước hội nghị: 1 ngày, 1 giờ."
    await organiser.taps("Mốc khác …")
    assert (await organiser.says("lúc nào cũng được")).notice.startswith("Đề nghị ghi tối đa")
    assert (await organiser.says("3 ngày, 2 giờ")).notice == "Nhắc trước hội nghị: 3 ngày, 2 giờ."
    assert (await hall.journey.meeting()).reminders == (4320, 120)


async def test_the_head_approves_and_the_summons_goes_out(hall: Hall) -> None:
    organiser, chair, an = hall.chat(ORGANISER), hall.chat("Võ Chủ Tọa"), hall.chat("Trần An")
    await organiser.says("trang chủ")
    answer = await organiser.taps("Giấy mời phải phê duyệt")
    assert answer.notice == "Từ nay giấy mời chỉ được gửi sau khi người đứng đầu (Chủ tọa) phê duyệt."
    answer = await organiser.taps("Đề nghị phê duyệt giấy mời", on=(await organiser.live())[0])
    assert answer.notice.startswith("Đã đề nghị người đứng đầu phê duyệt")
    assert await an.posts() == []
    asked = (await chair.posts())[0]
    assert texts(asked)[:2] == ["Đề nghị phê duyệt giấy mời", "Hội nghị"]
    assert (await chair.taps("Phê duyệt", on=asked)).notice == (
        "Đã phê duyệt giấy mời. Đã gửi giấy mời đến 2 người. Còn 1 người chưa liên kết: đề nghị phát đường "
        "liên kết cá nhân."
    )
    assert "Kính mời đồng chí Trần An" in texts((await an.posts())[0])[1]
    assert "Đề nghị phê duyệt giấy mời" not in [texts(card)[0] for card in await chair.posts()]


async def test_who_wants_no_reminders_gets_none_at_once_and_the_summons_still(hall: Hall) -> None:
    organiser, an = hall.chat(ORGANISER), hall.chat("Trần An")
    await organiser.taps("Nhắc việc")
    await organiser.taps("2. Nhắc dự hội nghị trước 7 ngày")
    await organiser.taps("Gửi ngay")
    await organiser.taps("Gửi ngay", on=organiser.card)
    assert await an.sees("Nhắc lịch: Hội nghị"), "it is on its way"
    await an.says("trợ giúp")
    await an.taps("Không nhận tin nhắc", on=an.card)
    assert not await an.sees("Nhắc lịch: Hội nghị")
    await organiser.taps("Gửi giấy mời", on=(await organiser.live())[0])
    assert "Kính mời đồng chí Trần An" in texts((await an.posts())[0])[1]
    await an.says("trợ giúp")
    await an.taps("Đồng ý nhận tin nhắc", on=an.card)
    assert await an.sees("Nhắc lịch: Hội nghị")


async def test_quiet_hours_are_those_of_where_somebody_is(hall: Hall) -> None:
    an = hall.chat("Trần An")

    async def timezone() -> str | None:
        async with hall.database.snapshot() as tx:
            return await find_account_timezone(tx, hall.journey.account("Trần An"))

    await an.says("trợ giúp")
    await an.taps("Múi giờ")
    stale = an.card
    assert (await an.says("Sao Hỏa")).notice.startswith("Múi giờ này chưa được biết")
    assert "Australia/Sydney" in (await an.says("sydney")).notice
    assert await timezone() == "Australia/Sydney"
    await an.taps("Asia/Tokyo", on=stale)
    assert await timezone() == "Australia/Sydney", "a button of an earlier question"
    await an.says("trợ giúp")
    await an.taps("Múi giờ")
    await an.taps("Theo giờ nơi họp")
    assert await timezone() is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3 ngày, 2 giờ", (4320, 120)),
        ("1 tuần và 30 phút", (10080, 30)),
        ("1 giờ 30 phút; 1 day", (1440, 90)),
        ("2h, 2 gio", (120,)),
        ("3", None),
        ("ba ngày", None),
        ("3 ngày trước", None),
        ("3 năm", None),
        (",", None),
    ],
)
def test_spans_are_read_as_they_are_typed(text: str, minutes: tuple[int, ...] | None) -> None:
    assert typed_spans(text) == minutes


def test_time_zones_are_found_by_their_end_where_that_is_clear() -> None:
    assert typed_timezone("ho chi minh") == "Asia/Ho_Chi_Minh"
    assert typed_timezone("ASIA/tokyo") == "Asia/Tokyo"
    assert typed_timezone("Mars") is None

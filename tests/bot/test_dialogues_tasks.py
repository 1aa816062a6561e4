"""A task is given step by step; its owner reads it in official words and reports it as done by a tap."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.actions import FinishTask, GiveTask, ShowItem, ShowOwnTasks
from handlers.due import do_due_work
from meeting.people import Role
from storage.database import Database
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat("Trần An", "Phòng Tổ chức"),
            seat("Lê An", "Phòng Tài chính"),
            seat("Bình", "Phòng Tổ chức", role=Role.CHAIR),
        ]
        return await Hall.opened(database, plan(attendees, units=("Phòng Tổ chức", "Phòng Tài chính")))

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with two people called An."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def newest(hall: Hall, name: str) -> list[str]:
    return texts((await hall.chat(name).posts())[0])


async def test_a_task_is_given_in_four_steps_and_done_by_a_tap(hall: Hall) -> None:
    organiser, owner = hall.chat(ORGANISER), hall.chat("Lê An")
    await organiser.taps("Việc khác …")
    await organiser.taps("Nhiệm vụ")
    assert organiser.card is not None
    assert texts(organiser.card) == ["Nhiệm vụ: Hội nghị", "Chưa có nhiệm vụ nào."]
    await organiser.taps("Giao nhiệm vụ")
    assert "500 ký tự" in (await organiser.says("x" * 501)).notice
    await organiser.says("Trình dự thảo quy chế")
    await organiser.says("an")
    assert organiser.card is not None
    assert list(buttons(organiser.card)) == [
        "Trần An, Phòng Tổ chức",
        "Lê An, Phòng Tài chính",
        "Không phải những người trên: an",
        "Hủy",
    ]
    await organiser.taps("Lê An, Phòng Tài chính")
    assert (await organiser.says("hôm nào đó")).notice.startswith("Ngày chưa đọc được")
    assert (await organiser.says("29/12/2026")).notice.startswith("Thời điểm")
    await organiser.says("15/1/2027")
    assert organiser.card is not None
    assert texts(organiser.card) == [
        "Giao nhiệm vụ này?",
        "Trình dự thảo quy chế",
        "Giao cho: Lê An",
        "Hạn cuối: thứ Sáu, ngày 15/01/2027.",
    ]
    answer = await organiser.taps("Giao nhiệm vụ")
    assert answer.notice == "Đã giao nhiệm vụ và thông báo đến người được giao."
    assert answer.card is not None
    assert texts(answer.card)[1:] == [
        "1. Trình dự thảo quy chế",
        "Lê An, hạn 15/01/2027: chưa hoàn thành",
    ]
    assert (await newest(hall, "Lê An"))[0] == "Giao nhiệm vụ: Trình dự thảo quy chế, hạn 15/01/2027."

    await owner.says("trợ giúp")
    await owner.taps("Nhiệm vụ của tôi (1)")
    await owner.taps("1. Trình dự thảo quy chế")
    answer = await owner.taps("Đã hoàn thành")
    assert answer.notice == "Đã ghi nhận hoàn thành và báo Thư ký."
    assert owner.card is not None
    assert "Tình trạng: đã hoàn thành" in texts(owner.card)
    assert (await newest(hall, ORGANISER))[0] == "Đã báo hoàn thành: Trình dự thảo quy chế"
    assert (await owner.forges(FinishTask(1))).notice.startswith("Nhiệm vụ này đã được ghi nhận")
    await owner.forges(ShowOwnTasks(0))
    assert owner.card is not None
    assert texts(owner.card)[1] == "Không có nhiệm vụ nào cần thực hiện."


async def test_a_name_that_is_a_command_too_is_the_owners(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.forges(GiveTask(hall.journey.meeting_id, 0))
    await organiser.says("Trình dự thảo quy chế")
    await organiser.says("Huy")
    await organiser.says("15/1/2027")
    assert organiser.card is not None
    assert "Giao cho: Huy" in texts(organiser.card)


async def test_an_item_gives_a_task_to_a_unit_and_what_is_overdue_is_told(hall: Hall) -> None:
    chair = hall.chat("Bình")
    item_id = hall.journey.items[0]
    await chair.forges(ShowItem(item_id))
    await chair.taps("Giao nhiệm vụ")
    await chair.says("Công bố kết quả")
    await chair.says("Văn phòng Sở")
    await chair.says("ngày 15 tháng 1 năm 2027")
    answer = await chair.says("đồng ý")
    assert answer.notice.startswith("Đã giao nhiệm vụ. Không gửi được")
    hall.clock.advance(datetime(2027, 1, 16, 1, tzinfo=UTC) - hall.clock.now())
    while await do_due_work(hall.house, hall.clock.now()):
        pass
    assert (await newest(hall, ORGANISER))[:2] == [
        "Nhiệm vụ quá hạn: Công bố kết quả",
        "Giao cho: Văn phòng Sở",
    ]
    await chair.taps("1. Công bố kết quả")
    assert chair.card is not None
    assert "Tình trạng: quá hạn" in texts(chair.card)
    await chair.taps("Thu hồi nhiệm vụ")
    answer = await chair.taps("Thu hồi nhiệm vụ")
    assert answer.notice == "Đã thu hồi nhiệm vụ; không nhắc nhiệm vụ này nữa."
    assert (await chair.forges(FinishTask(1))).notice.startswith("Nhiệm vụ này đã được thu hồi")


async def test_who_is_no_owner_and_prepares_nothing_sees_no_task(hall: Hall) -> None:
    attendee = hall.chat("Trần An")
    refusal = await attendee.forges(GiveTask(hall.journey.meeting_id, 0))
    assert refusal.notice.startswith("Đồng chí không có quyền")
    await attendee.forges(ShowOwnTasks(0))
    assert attendee.card is not None
    assert texts(attendee.card)[1] == "Không có nhiệm vụ nào cần thực hiện."
    assert (await attendee.forges(FinishTask(99))).card is None

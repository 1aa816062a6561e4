"""One asks to speak by a tap and sees the own place; who presides calls, and the hall sees who speaks."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import AskFloor, CallSpeaker, EnterTurn, SetFloorMinutes, ShowFloor, ShowFloorMinutes
from bot.cards.group import group_card
from bot.cards.summary import summary_markdown
from bot.dialogues.talk import voice_for
from bot.results import results_json
from handlers import agenda
from meeting.people import Role
from storage.database import Database
from storage.reading import get_attendance, get_floor, get_results_view, list_items
from storage.views import GroupView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ITEMS, ORGANISER, plan, seat


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        people = [
            seat("Trần An", "Phòng Tổ chức"),
            seat("Lê An", "Phòng Tài chính"),
            seat("Bình", "Phòng Tổ chức", role=Role.CHAIR),
        ]
        hall = await Hall.opened(database, plan(people, ITEMS, units=("Phòng Tổ chức", "Phòng Tài chính")))
        journey = hall.journey
        await agenda.go_to_item(journey.house, journey.asked("Bình"), journey.items[0])
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting at its first item."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def seat_of(chat: Chat) -> list[str]:
    """What the own card of the meeting says, below its title."""
    for card in await chat.live():
        if any(line.startswith("Đã ghi nhận") for line in texts(card)):
            return texts(card)[1:]
    raise AssertionError([texts(card) for card in await chat.live()])


async def in_the_hall(hall: Hall) -> list[str]:
    """What a group that follows the meeting is shown."""
    journey = hall.journey
    meeting = await journey.meeting()
    async with hall.database.snapshot() as tx:
        view = GroupView(
            meeting,
            await get_attendance(tx, journey.meeting_id),
            (await list_items(tx, journey.meeting_id))[0],
            await get_floor(tx, journey.meeting_id),
        )
    return texts(group_card(voice_for(None, meeting), view, None))


async def test_two_ask_the_chair_calls_them_in_order_and_all_see_it(hall: Hall) -> None:
    first, second, chair = hall.chat("Trần An"), hall.chat("Lê An"), hall.chat("Bình")
    answer = await first.taps("Đăng ký phát biểu")
    assert answer.notice == "Đã ghi nhận đăng ký phát biểu; thứ tự: 1."
    journey = hall.journey
    again = await first.forges(AskFloor(journey.meeting_id, journey.items[0]))
    assert again.notice == "Đồng chí đã đăng ký phát biểu rồi; thứ tự: 1."
    await second.taps("Đăng ký phát biểu")
    assert "Đã đăng ký phát biểu; thứ tự: 2." in await seat_of(second)
    await second.taps("Ghi nội dung")
    assert (await second.says("Mức khoán văn phòng phẩm")).notice == "Đã ghi nội dung dự kiến phát biểu."

    await chair.forges(SetFloorMinutes(journey.meeting_id, 5))
    assert chair.answer.notice == "Thời gian phát biểu: 5 phút mỗi người."
    assert await chair.sees("Chờ phát biểu: 02 (Trần An; Lê An).")
    at = hall.clock.now() + timedelta(seconds=1)
    panel = next(card for card in await chair.live() if "Chương trình" in buttons(card))
    answer = await chair.taps("Mời phát biểu: Trần An", on=panel)
    assert answer.notice == "Đã mời phát biểu: Trần An."
    assert answer.card is None, "the panel itself shows it"
    assert texts((await first.posts())[0])[:2] == [
        "Mời đồng chí phát biểu.",
        "Thời gian phát biểu: 5 phút mỗi người.",
    ]
    local = at + timedelta(hours=7)
    since = f"từ {local:%H:%M}, hết giờ lúc {local + timedelta(minutes=5):%H:%M}"
    assert f"Mời đồng chí phát biểu ({since})." in await seat_of(first)
    assert "Đã đăng ký phát biểu; đồng chí là người kế tiếp." in await seat_of(second)
    speaks = f"Đang phát biểu: Trần An, Phòng Tổ chức ({since})."
    assert await chair.sees(speaks)
    assert (await in_the_hall(hall))[-2:] == [speaks, "Chờ phát biểu: 01 (Lê An)."]
    withdrawn = await first.forges("v1:withdrawturn:1:0")
    assert withdrawn.notice.startswith("Đã mời phát biểu. Người được mời nếu không phát biểu")

    await chair.taps("Phát biểu")
    assert chair.card is not None
    assert texts(chair.card) == [
        "Phát biểu: Hội nghị",
        speaks,
        "1. Lê An, Phòng Tài chính: Mức khoán văn phòng phẩm",
        "Thời gian phát biểu: 5 phút mỗi người.",
    ]
    answer = await chair.taps("Mời phát biểu: Lê An")
    assert answer.card is not None, "the list is shown anew"
    answer = await chair.taps("Kết thúc lượt phát biểu")
    assert texts(answer.card)[1] == "Chưa có ai chờ phát biểu." if answer.card else False
    assert (await chair.forges(CallSpeaker(2, 0))).notice.startswith("Lượt đăng ký phát biểu này đã kết thúc")


async def test_the_secretary_enters_by_name_orders_and_passes_over(hall: Hall) -> None:
    secretary, member = hall.chat(ORGANISER), hall.chat("Lê An")
    await secretary.taps("Phát biểu")
    await secretary.taps("Đăng ký thay đại biểu")
    assert (await secretary.says("Nguyễn Văn Không")).notice.startswith("Không có ai đang có mặt")
    await secretary.says("an")
    assert secretary.card is not None
    assert list(buttons(secretary.card)) == ["Trần An, Phòng Tổ chức", "Lê An, Phòng Tài chính", "Hủy"]
    answer = await secretary.taps("Trần An, Phòng Tổ chức")
    assert answer.notice == "Đã đăng ký phát biểu cho Trần An; thứ tự: 1."
    await member.taps("Đăng ký phát biểu")
    await secretary.taps("Phát biểu", on=(await secretary.live())[0])
    await secretary.taps("2. Lê An")
    answer = await secretary.taps("▲ Lên")
    assert answer.notice == "Đã đổi thứ tự."
    assert answer.card is not None
    assert "Thứ tự: 1" in texts(answer.card)
    answer = await secretary.taps("Chuyển qua lượt")
    assert answer.card is not None
    assert texts(answer.card)[1] == "1. Trần An, Phòng Tổ chức"
    assert texts((await member.posts())[0])[0].startswith("Chủ tọa đã chuyển qua lượt phát biểu")
    await secretary.taps("1. Trần An")
    answer = await secretary.taps("Rút đăng ký")
    assert answer.notice == "Đã rút đăng ký phát biểu."
    denied = await member.forges(SetFloorMinutes(hall.journey.meeting_id, 3))
    assert denied.notice.startswith("Đồng chí không có quyền")


async def test_speeches_are_recorded_and_reach_summary_results_and_news(hall: Hall) -> None:
    secretary, chair = hall.chat(ORGANISER), hall.chat("Bình")
    await secretary.taps("Phát biểu")
    await secretary.taps("Chỉ đạo, kết luận")
    await secretary.taps("Phát biểu chỉ đạo")
    assert (await secretary.says("???")).notice == "Đề nghị ghi bằng chữ."
    await secretary.says("Trương Minh Hoàng – Phó Bí thư Tỉnh đoàn")
    assert "3.000 ký tự" in (await secretary.says("x" * 3001)).notice
    answer = await secretary.says("Ghi nhận, biểu dương tinh thần trách nhiệm.")
    assert answer.card is not None
    assert texts(answer.card) == [
        "Phát biểu chỉ đạo",
        "Trương Minh Hoàng, Phó Bí thư Tỉnh đoàn",
        "Ghi nhận, biểu dương tinh thần trách nhiệm.",
    ]
    await secretary.taps("Sửa nội dung")
    assert secretary.answer.card is not None
    assert texts(secretary.answer.card)[-1] == "Ghi nhận, biểu dương tinh thần trách nhiệm."
    answer = await secretary.says("Ghi nhận, biểu dương sự nỗ lực.")
    assert answer.notice == "Đã sửa và ghi vào nhật ký hội nghị."
    await secretary.taps("‹ Chỉ đạo, kết luận")
    await secretary.taps("Kết luận của chủ trì")
    await secretary.taps("Bình")
    await secretary.says("Thực hiện tốt Giao ước.")
    await secretary.taps("Sửa người phát biểu")
    await secretary.says("Lê Quang Minh; Chủ tịch Công đoàn")
    await hall.chat("Lê An").taps("Đăng ký phát biểu")
    await chair.taps("Mời phát biểu: Lê An")
    await hall.journey.close_meeting()
    summary = texts((await chair.posts())[0])
    assert summary[-3:] == [
        "Số lượt phát biểu: 01 (Lê An, Phòng Tài chính).",
        "Phát biểu chỉ đạo (Trương Minh Hoàng, Phó Bí thư Tỉnh đoàn): Ghi nhận, biểu dương sự nỗ lực.",
        "Kết luận của chủ trì (Lê Quang Minh, Chủ tịch Công đoàn): Thực hiện tốt Giao ước.",
    ]
    await secretary.taps("Dự thảo tin")
    assert secretary.card is not None
    news = "\n".join(texts(secretary.card))
    assert (
        "Phát biểu chỉ đạo tại Hội nghị, Trương Minh Hoàng, Phó Bí thư Tỉnh đoàn: “Ghi nhận, biểu dương sự "
        "nỗ lực.”" in news
    )
    assert "Tại Hội nghị có 01 lượt đại biểu phát biểu ý kiến." in news
    for action in (EnterTurn(hall.journey.meeting_id), ShowFloorMinutes(hall.journey.meeting_id)):
        assert (await secretary.forges(action)).notice.startswith("Hội nghị đã bế mạc"), action
    answer = await secretary.forges(ShowFloor(hall.journey.meeting_id, 0))
    assert answer.card is not None
    assert list(buttons(answer.card)) == ["Chỉ đạo, kết luận", "‹ Về hội nghị"]
    async with hall.database.snapshot() as tx:
        view = await get_results_view(tx, hall.journey.meeting_id)
    results = results_json(view)
    assert [(each["name"], each["item"]) for each in results["speakers"]] == [("Lê An", 1)]
    assert [
        (each["kind"], each["speaker"], each["position"], each["text"]) for each in results["speeches"]
    ] == [
        ("directive", "Trương Minh Hoàng", "Phó Bí thư Tỉnh đoàn", "Ghi nhận, biểu dương sự nỗ lực."),
        ("conclusion", "Lê Quang Minh", "Chủ tịch Công đoàn", "Thực hiện tốt Giao ước."),
    ]
    document = summary_markdown(hall.default, view)
    assert (
        "### Kết luận của chủ trì: Lê Quang Minh, Chủ tịch Công đoàn\n\nThực hiện tốt Giao ước." in document
    )

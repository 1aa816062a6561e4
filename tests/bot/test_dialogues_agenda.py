"""The agenda is gone through and changed, items are decided without a count, and the meeting is closed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions import (
    AddItem,
    AdoptItem,
    CloseMeeting,
    GoToItem,
    MoveItem,
    NextItem,
    NoteItem,
    OpenMeeting,
    RenameItem,
    RetakeItem,
    ShowAgenda,
    ShowItem,
    SkipItem,
)
from meeting.agenda import Direction, ItemKind
from meeting.plan import PlannedItem
from meeting.states import MeetingState, PostKind
from meeting.tally import Decision
from storage.database import Database
from tests.bot.chatting import Hall, Stage, buttons
from tests.bot.conftest import SetUp
from tests.handlers.journey import plan

REPEATED = "Nội dung này đã được ghi nhận trước đó; gửi lại không làm thay đổi gì."
ITEMS = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Nghị quyết", ItemKind.DOCUMENT),
    PlannedItem("Quy chế chi tiêu", ItemKind.DOCUMENT, is_advisory=True),
)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    meeting = plan(["Trần An", "Lê Bình"], ITEMS)
    return set_up_stage(lambda database: Hall.opened(database, meeting))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with its attendance stated."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def titles(hall: Hall) -> list[str]:
    return [item.title for item in await hall.journey.agenda()]


async def decisions(hall: Hall) -> list[Decision | None]:
    return [item.decision for item in await hall.journey.agenda()]


# Through the agenda


async def test_the_chair_goes_from_item_to_item(database: Database) -> None:
    hall = await Hall.opened(database, plan(["Trần An"], ITEMS))
    chair = hall.organiser
    await chair.taps("Bắt đầu: Báo cáo tổng kết")
    assert chair.answer.notice == "Nội dung 1: Báo cáo tổng kết"
    await chair.again()
    assert chair.answer.notice == REPEATED
    assert await hall.chat("Trần An").sees("1. Báo cáo tổng kết")
    await chair.taps("Đã nghe, không quyết định")
    assert chair.answer.notice.startswith("Đã ghi nhận.")
    await chair.taps("Tiếp theo: Nghị quyết")
    await chair.taps("Nhất trí, không kiểm đếm")
    assert chair.answer.notice == "Đã ghi nhận. Hội nghị nhất trí thông qua (không kiểm đếm)."
    await chair.taps("Tiếp theo: Quy chế chi tiêu")
    await chair.taps("Đã tham gia ý kiến, không kiểm đếm")
    assert await decisions(hall) == [Decision.NOTED, Decision.ADOPTED, Decision.CONSULTED]
    assert await hall.chat("Trần An").sees("Hội nghị nhất trí thông qua (không kiểm đếm).")
    await hall.close()


async def test_next_taps_twice_and_past_the_end(hall: Hall) -> None:
    chair, meeting_id = hall.organiser, hall.journey.meeting_id
    first, _, last = hall.journey.items
    for _ in range(2):
        await chair.forges(NextItem(meeting_id, first))
        assert chair.answer.notice == "Nội dung 2: Nghị quyết"
    await chair.forges(NextItem(meeting_id, last))
    assert chair.answer.notice == "Đây là nội dung cuối cùng. Có thể bế mạc hội nghị."


async def test_a_long_title_is_cut_in_the_toast(sqlite: Database) -> None:
    hall = await Hall.opened(sqlite, plan(["Trần An"], [PlannedItem("N" * 300, ItemKind.REPORT)]))
    await hall.organiser.forges(GoToItem(hall.journey.items[0]))
    assert len(hall.organiser.answer.notice) < 200


async def test_what_the_meeting_added_is_recorded_line_by_line(hall: Hall) -> None:
    chair = hall.organiser
    await chair.forges(GoToItem(hall.journey.items[1]))
    await chair.taps("Nhất trí có bổ sung, không kiểm đếm")
    for wrong in ("", " \n ", "B" * 20_001, "B" * 2_001):
        await chair.says(wrong)
        assert chair.answer.notice
        assert await chair.question() is not None, wrong[:5]
    hall.start()
    await chair.says("Thêm chỉ tiêu 5\n\n  Bỏ điều 3 ")
    assert "bổ sung 02 nội dung" in chair.answer.notice
    await chair.again()
    assert chair.answer.notice == REPEATED
    item = await hall.journey.item(1)
    assert item.decision is Decision.ADOPTED_WITH_ADDITIONS
    assert item.additions == ("Thêm chỉ tiêu 5", "Bỏ điều 3")


async def test_what_was_added_is_not_asked_about_a_decided_item(hall: Hall) -> None:
    chair = hall.organiser
    item_id = hall.journey.items[1]
    await chair.forges(AdoptItem(item_id, 0))
    for action in (AdoptItem(item_id, 1), RenameItem(item_id)):
        await chair.forges(action)
        assert "đã có kết luận" in chair.answer.notice
        assert await chair.question() is None


# Changing it


async def test_an_item_is_added_after_the_current_one_and_can_be_voted_on(hall: Hall) -> None:
    chair = hall.organiser
    await chair.forges(GoToItem(hall.journey.items[0]))
    await chair.taps("Chương trình")
    await chair.taps("Thêm nội dung")
    for wrong in ("", "🙂", "N" * 301, "12345"):
        await chair.says(wrong)
        assert chair.answer.notice
        assert await chair.question() is not None
    await chair.says("  Việc   phát sinh\ntại hội nghị ")
    assert chair.answer.notice == "Đã thay đổi chương trình và ghi vào nhật ký hội nghị."
    await chair.again()
    assert await titles(hall) == [
        "Báo cáo tổng kết",
        "Việc phát sinh tại hội nghị",
        "Nghị quyết",
        "Quy chế chi tiêu",
    ]
    await chair.taps("Chuyển đến nội dung này")
    assert {"Biểu quyết bằng điện thoại", "Đã nghe, không quyết định", "Nhất trí, không kiểm đếm"} <= set(
        await chair.labels()
    )


async def test_an_item_is_moved_renamed_and_left_out(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps("Chương trình")
    await chair.taps("3. Quy chế chi tiêu")
    await chair.taps("▲ Lên")
    assert "2. Quy chế chi tiêu" in chair.told
    await chair.taps("▲ Lên")
    await chair.taps("▼ Xuống")
    assert await titles(hall) == ["Báo cáo tổng kết", "Quy chế chi tiêu", "Nghị quyết"]
    await chair.taps("Đổi tên")
    assert "“Quy chế chi tiêu”" in chair.asked
    await chair.says("Quy chế chi tiêu nội bộ")
    assert "2. Quy chế chi tiêu nội bộ" in chair.told
    await chair.taps("Không xem xét")
    assert "Không xem xét tại hội nghị này." in chair.told
    assert chair.card is not None
    assert "Không xem xét" not in buttons(chair.card)
    assert (await decisions(hall))[1] is Decision.SKIPPED


async def test_a_new_title_that_is_refused_is_asked_for_again_and_cancelled(hall: Hall) -> None:
    chair = hall.organiser
    await chair.forges(RenameItem(hall.journey.items[0]))
    await chair.says("N" * 301)
    assert "quá dài" in chair.answer.notice
    await chair.taps("Hủy")
    assert (await titles(hall))[0] == "Báo cáo tổng kết"


async def test_an_item_under_vote_is_not_renamed(hall: Hall) -> None:
    await hall.journey.open_vote(0)
    chair = hall.organiser
    await chair.forges(RenameItem(hall.journey.items[0]))
    await chair.says("Tên khác")
    assert "biểu quyết" in chair.answer.notice
    assert await chair.question() is None, "no other title would be taken either"


async def test_a_member_changes_nothing_in_the_agenda(hall: Hall) -> None:
    an, item_id, meeting_id = hall.chat("Trần An"), hall.journey.items[0], hall.journey.meeting_id
    before = await hall.journey.agenda()
    entries = len(await hall.journey.entries())
    for action in (
        ShowItem(item_id),
        AddItem(meeting_id),
        RenameItem(item_id),
        MoveItem(item_id, Direction.UP),
        SkipItem(item_id),
        NoteItem(item_id),
        RetakeItem(item_id),
        AdoptItem(item_id, 0),
        AdoptItem(item_id, 1),
        GoToItem(item_id),
        NextItem(meeting_id, 0),
        OpenMeeting(meeting_id),
        CloseMeeting(meeting_id, 1),
    ):
        await an.forges(action)
        assert "không có quyền" in an.answer.notice, action
        assert await an.question() is None, action
    assert await hall.journey.agenda() == before
    assert len(await hall.journey.entries()) == entries
    await an.forges(ShowAgenda(meeting_id, 0))
    assert an.answer.card is not None
    assert list(buttons(an.answer.card)) == ["‹ Về hội nghị"], "to be read, not to be changed"


async def test_an_item_of_nothing_is_told_to_be_gone(hall: Hall) -> None:
    for action in (ShowItem(999), GoToItem(999), RenameItem(999), AdoptItem(999, 1), SkipItem(999)):
        await hall.organiser.forges(action)
        assert "không còn" in hall.organiser.answer.notice


# Opening and closing


async def test_a_meeting_is_closed_after_being_asked_once_more(hall: Hall) -> None:
    chair = hall.organiser
    await chair.forges(AdoptItem(hall.journey.items[1], 0))
    await chair.taps("Chương trình")
    await chair.taps("Bế mạc")
    assert chair.asked.startswith("Còn 02 nội dung chưa kết luận")
    sure = chair.card
    await chair.taps("Để sau")
    assert (await hall.journey.meeting()).state is MeetingState.OPEN
    await chair.taps("Bế mạc", on=sure)
    assert chair.answer.notice.startswith("Hội nghị đã bế mạc")
    await chair.again()
    assert chair.answer.notice == REPEATED
    await chair.taps("Bế mạc", on=sure)
    assert "không có gì thay đổi" in chair.answer.notice
    assert await decisions(hall) == [Decision.SKIPPED, Decision.ADOPTED, Decision.SKIPPED]
    assert (await hall.journey.posts_to("Trần An")).count(PostKind.SUMMARY) == 1
    assert await hall.chat("Trần An").sees("Nghị quyết: Hội nghị nhất trí thông qua (không kiểm đếm).")


async def test_a_meeting_is_not_closed_over_a_vote(hall: Hall) -> None:
    await hall.journey.open_vote(0)
    await hall.organiser.forges(CloseMeeting(hall.journey.meeting_id, 1))
    assert "biểu quyết" in hall.organiser.answer.notice
    assert (await hall.journey.meeting()).state is MeetingState.OPEN


async def test_questions_about_a_meeting_end_with_it(hall: Hall) -> None:
    chair = hall.organiser
    item_id = hall.journey.items[0]
    for action in (AddItem(hall.journey.meeting_id), RenameItem(item_id), AdoptItem(item_id, 1)):
        await chair.forges(action)
        assert await chair.question() is not None
    await hall.journey.close_meeting()
    assert await chair.question() is None
    await chair.says("Việc khác")
    assert "chưa được ghi nhận" in chair.answer.notice
    for action in (AddItem(hall.journey.meeting_id), RenameItem(item_id), AdoptItem(item_id, 1)):
        await chair.forges(action)
        assert "đã bế mạc" in chair.answer.notice
        assert await chair.question() is None

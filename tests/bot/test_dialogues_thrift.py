"""Messages of a plan run out: the organiser sees it coming, is warned, and sees whom that leaves untold."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.actions import OpenCheckIn, SendSummons, ShowMessages, ShowUnreachable
from bot.budget import Budget
from bot.commands.checking_plan import check_budget
from bot.commands.finding import Finding
from handlers import mailings
from handlers.thrift import put_missed
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.thrift import Plan
from storage.counts import add_to_count
from storage.database import Database
from storage.rows import PostRow
from tests.bot.chatting import Hall, Stage
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

DAY = timedelta(days=1)
NAMES = ("An", "Bình", "Cúc", "Dung")
ITEMS = [
    PlannedItem("Chương trình", ItemKind.PROCEDURE),
    *(PlannedItem(f"Báo cáo {number}", ItemKind.REPORT) for number in range(1, 6)),
    PlannedItem("Thảo luận", ItemKind.DISCUSSION),
    PlannedItem("Bầu Ban Thanh tra", ItemKind.ELECTION),
]


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [seat(name, phone=f"090000000{place}") for place, name in enumerate(NAMES)]
        hall = await Hall.planned(database, plan(attendees, ITEMS), are_bound=False)
        for name in ("An", "Bình", "Cúc"):
            await hall.journey.bind(name, platform="zalo")
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An, Bình and Cúc on Zalo, Dung nowhere; the organiser on Telegram."""
    async with stage.copy(tmp_path) as hall:
        budget = Budget(hall.database, "zalo", "123", Plan(300, 4), hall.clock.now)
        hall.budgets["zalo"] = budget
        yield hall


async def use(hall: Hall, messages: int) -> None:
    async with hall.database.transaction() as tx:
        await add_to_count(tx, "zalo", "123", "2026-12", sent=messages)


async def forecast(hall: Hall) -> str:
    await hall.organiser.forges(ShowMessages(hall.journey.meeting_id))
    return hall.organiser.told


async def test_the_forecast_says_before_the_meeting_that_there_is_enough(hall: Hall) -> None:
    await use(hall, 1)
    await hall.organiser.taps("Số tin")
    told = hall.organiser.told
    assert "Còn 299 trong 300 tin của tháng 12/2026, tính cả tin đến." in told
    # Each gets four for each of six votes, three for the summons and for the check-in, what is agreed on
    # without a vote, and the summary.
    assert "Hội nghị này còn cần khoảng 96 tin: 06 nội dung × 03 người." in told
    assert "Đủ, kể cả một buổi diễn tập đông đủ." in told
    assert "3 trong tối đa 4 người đang dùng bot này." in told


async def test_a_rehearsal_may_be_too_much(hall: Hall) -> None:
    await use(hall, 120)
    assert "Đủ cho hội nghị, nhưng không đủ nếu trước đó diễn tập đông đủ." in await forecast(hall)


async def test_where_it_is_not_enough_the_forecast_says_what_to_do(hall: Hall) -> None:
    await use(hall, 238)
    told = await forecast(hall)
    assert "Còn 62 trong 300 tin" in told
    assert "Không đủ cho 06 nội dung × 03 người." in told
    assert "Biểu quyết chung các nội dung 2–6: khi đó cần khoảng 48 tin." in told
    assert "Để 02 người biểu quyết trên trang web của hội trường, không tốn tin." in told


async def test_a_bot_that_is_full_is_told_of(hall: Hall) -> None:
    await use(hall, 1)
    hall.budgets["zalo"] = Budget(hall.database, "zalo", "123", Plan(300, 3), hall.clock.now)
    assert "Không thêm được người nào nữa" in await forecast(hall)


async def test_the_forecast_is_for_those_who_prepare_the_meeting(hall: Hall) -> None:
    an = hall.chat("An", "zalo")
    await an.forges(ShowMessages(hall.journey.meeting_id))
    assert "Còn" not in an.told


async def test_without_a_plan_nobody_is_offered_a_forecast(hall: Hall) -> None:
    assert "Số tin" not in await hall.organiser.labels()


async def test_who_summons_or_opens_the_check_in_is_told_that_it_will_not_be_enough(hall: Hall) -> None:
    await use(hall, 1)
    meeting_id = hall.journey.meeting_id
    assert "Zalo" not in (await hall.organiser.forges(SendSummons(meeting_id))).notice
    await use(hall, 237)
    told = (await hall.organiser.forges(OpenCheckIn(meeting_id))).notice
    assert told.endswith("Zalo: chỉ còn 62 tin, không đủ cho 06 nội dung × 03 người; xem “Số tin”.")


async def test_organisers_are_warned_once_that_few_more_people_can_come(hall: Hall) -> None:
    for limit in (4, 3, 3):
        budget = Budget(hall.database, "zalo", "123", Plan(300, limit), hall.clock.now)
        await budget.note_received()
    assert await hall.organiser.sees("Zalo: 3 trong tối đa 3 người đang dùng bot này.")
    assert len(await hall.organiser.posts()) == 1


async def test_organisers_are_told_once_that_a_platform_takes_no_more(hall: Hall) -> None:
    budget = hall.budgets["zalo"]
    told = "Zalo đã một lúc không nhận thêm tin"
    for minutes in (0, 9, 0):
        hall.clock.advance(timedelta(minutes=minutes))
        await budget.note_refused()
    await budget.note_sent()
    hall.clock.advance(timedelta(minutes=9))
    await budget.note_refused()
    assert not await hall.organiser.sees(told), "it was a crowd"
    for _ in range(12):
        hall.clock.advance(timedelta(minutes=1))
        await budget.note_refused()
    assert await hall.organiser.sees(told)
    restarted = Budget(hall.database, "zalo", "123", Plan(300, 4), hall.clock.now)
    for _ in range(2):
        await restarted.note_refused()
        hall.clock.advance(timedelta(minutes=10))
    assert len(await hall.organiser.posts()) == 1


async def test_the_operator_is_told_the_same_by_check(hall: Hall) -> None:
    budget = hall.budgets["zalo"]

    async def found() -> list[Finding]:
        async with hall.database.snapshot() as tx:
            return await check_budget(tx, budget)

    await use(hall, 1)
    assert [one.is_ok for one in await found()] == [True, True, True]
    await use(hall, 237)
    messages, people, meeting = await found()
    assert messages.text == "62 of 300 messages are left for 12/2026, incoming ones counted."
    assert people.text == "3 of at most 4 people use this bot."
    assert "62 left for about 96 (6 items × 3 people). That is not enough" in meeting.text
    assert not meeting.is_ok
    assert meeting.advice == (
        "Put items 2–6 into one vote: then it takes about 48. Have 2 people vote on the hall's web pages"
        " instead, which take no messages."
    )
    await use(hall, 60)
    assert (await found())[0].advice == "only ballots, results and answers go out until the month is over"


async def test_a_meeting_of_another_month_has_all_of_that_month_s_messages(hall: Hall) -> None:
    await use(hall, 300)
    hall.clock.advance(-40 * DAY)
    assert "Còn 0 trong 300 tin của tháng 12/2026" in await forecast(hall)
    hall.clock.advance(60 * DAY)
    assert "Còn 300 trong 300 tin của tháng 01/2027" in await forecast(hall)


async def test_organisers_are_warned_once_at_80_and_95_percent(hall: Hall) -> None:
    budget = hall.budgets["zalo"]
    await use(hall, 238)
    for _ in range(3):
        await budget.note_sent()
    assert await hall.organiser.sees("Zalo: tháng này đã dùng 240 trong 300 tin, quá 80%.")
    await use(hall, 43)
    await budget.note_received()
    assert await hall.organiser.sees("Zalo: tháng này đã dùng 285 trong 300 tin, quá 95%.")
    assert await hall.organiser.sees("chỉ còn gửi phiếu biểu quyết, kết quả và trả lời")
    assert len(await hall.organiser.posts()) == 2
    assert not await hall.chat("An", "zalo").sees("Zalo")


async def test_whom_a_message_was_saved_on_stands_on_the_list_with_how_else_to_tell_them(hall: Hall) -> None:
    journey = hall.journey
    await mailings.send_announcement(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, "Họp lúc 14:30."
    )
    async with hall.database.transaction() as tx:
        posts = await tx.exec(
            select(PostRow.id).where(PostRow.account_id == journey.phones["An (zalo)"].account_id)
        )
        await put_missed(tx, {post_id for post_id in posts if post_id is not None})
    await hall.organiser.forges(ShowUnreachable(journey.meeting_id))
    told = hall.organiser.told
    assert "1. An (Zalo: 01 tin không gửi, vì số tin cuối của tháng dành cho biểu quyết)" in told
    assert "điện thoại 0900000000; trên trang web của hội trường" in told
    assert "Bình" not in told
    assert await hall.organiser.sees("đại biểu")

"""Votes that open by themselves and call who hasn't voted, as people see it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import ScheduleVote, UnscheduleVote
from bot.rendering import render_posts
from handlers.due import do_due_work
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.voting import VoteState
from storage.database import Database
from storage.groups import list_group_accounts
from storage.posts import list_posts
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import START, plan, seat
from tests.handlers.test_groups import bind as bind_group

PEOPLE = [seat(name) for name in ("Trần An", "Lê Bình", "Phạm Cường")]
ITEMS = (PlannedItem("Nghị quyết", ItemKind.DOCUMENT), PlannedItem("Quy chế", ItemKind.DOCUMENT))
OPENS = "Mở theo giờ …"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        hall = await Hall.opened(database, plan(PEOPLE, ITEMS))
        await hall.organiser.taps("Bắt đầu: Nghị quyết")
        await hall.organiser.taps("Biểu quyết bằng điện thoại")
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with a vote drafted on its first item; it is 13:00."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def at(hall: Hall, clock: str) -> None:
    """Let it be a time of the afternoon, and the clock look at what is due."""
    hours, minutes = map(int, clock.split(":"))
    here = START.replace(hour=hours - 7, minute=minutes)
    hall.clock.advance(here - hall.clock.now())
    await do_due_work(hall.house, START)


async def posts(hall: Hall, name: str) -> list[list[str]]:
    return [texts(card) for card in await hall.chat(name).posts()]


async def test_the_chair_sets_a_time_and_who_has_not_voted_is_called(hall: Hall) -> None:
    chair, an, binh = hall.organiser, hall.chat("Trần An"), hall.chat("Lê Bình")
    await chair.taps(OPENS)
    assert chair.asked == "Biểu quyết này tự mở lúc nào? Nhập giờ trong hôm nay, hoặc ngày và giờ."
    await chair.says("lát nữa")
    assert "không đọc được" in chair.answer.notice or "chưa đọc được" in chair.answer.notice
    await chair.says("12:30")
    assert chair.answer.notice.startswith("Thời điểm này đã qua"), chair.answer
    await chair.says("13 giờ 30")
    assert chair.asked == "Biểu quyết mở lúc 13:30 thứ Tư, ngày 30/12/2026. Trong bao nhiêu phút?"
    await chair.says("không lâu")
    await chair.says("20 phút")
    opening = "Tự mở lúc 13:30 thứ Tư, ngày 30/12/2026, trong 20 phút."
    assert chair.answer.notice.startswith(f"Đã ghi nhận. {opening}")
    assert await chair.sees(opening)
    assert await chair.sees("Nghị quyết")
    await at(hall, "13:30")
    await an.taps("Tán thành")
    await at(hall, "13:40")
    assert (await posts(hall, "Lê Bình"))[0] == [
        "Biểu quyết 1 (nhắc)",
        "Nghị quyết",
        "Chưa biểu quyết.",
        "Kết thúc lúc 13:50.",
    ]
    await at(hall, "13:49")
    called = (await binh.posts())[0]
    assert texts(called)[2] == "Chưa biểu quyết; còn 01 phút."
    assert list(buttons(called)) == ["Tán thành", "Không tán thành", "Ý kiến khác"]
    assert await chair.sees("Phút cuối: còn 02 đại biểu chưa biểu quyết.")
    assert await posts(hall, "Trần An") == []
    await binh.taps("Không tán thành", on=called)
    assert "Đã ghi nhận: Không tán thành." in binh.answer.notice
    assert await posts(hall, "Lê Bình") == [], "who has voted is called no more"
    await at(hall, "13:50")
    assert (await hall.journey.vote(1)).state is VoteState.CLOSED


async def test_in_a_short_vote_the_group_is_told_how_many_are_missing(hall: Hall) -> None:
    await bind_group(hall.journey)
    chair = hall.organiser
    await chair.taps("Mở trong 5 phút")
    opened_at = hall.clock.now()
    await hall.chat("Trần An").taps("Tán thành")
    for minutes in (2.5, 4):
        hall.clock.advance(opened_at + timedelta(minutes=minutes) - hall.clock.now())
        await do_due_work(hall.house, START)
    async with hall.database.snapshot() as tx:
        (account_id,) = await list_group_accounts(tx, hall.journey.meeting_id)
        found = (await list_posts(tx, [account_id], 10))[account_id]
        shown = await render_posts(tx, found, hall.default)
    assert [texts(card) for card in shown.values() if card is not None] == [
        ["Biểu quyết 1", "Còn 02 đại biểu chưa biểu quyết.", "Kết thúc lúc 13:05."]
    ]


async def test_a_time_is_taken_back_and_the_way_out_is_no_deadline(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps(OPENS)
    await chair.says("14h 30/12/2026")
    await chair.taps("Đến khi có người kết thúc")
    assert "Tự mở lúc 14:00 thứ Tư, ngày 30/12/2026, đến khi có người kết thúc." in chair.answer.notice
    await chair.taps("Bỏ hẹn giờ mở")
    assert chair.answer.notice == "Biểu quyết sẽ không tự mở nữa."
    await chair.forges(UnscheduleVote(1))
    assert "không" in chair.answer.notice
    await at(hall, "14:00")
    assert (await hall.journey.vote(1)).state is VoteState.DRAFT


async def test_a_vote_that_does_not_open_says_why(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps(OPENS)
    await chair.says("13:30")
    await chair.says("5")
    hall.clock.advance(timedelta(minutes=40))
    await do_due_work(hall.house, hall.clock.now())
    assert (await posts(hall, chair.name))[0] == [
        "Biểu quyết 1 không mở được lúc 13:30.",
        "Nghị quyết",
        "Lúc đó chương trình không hoạt động, nay đã quá muộn để tự mở.",
    ]
    await chair.taps("Mở biểu quyết")
    assert await posts(hall, chair.name) == [], "it is open now"


async def test_what_can_not_be_given_a_time_is_refused_at_once(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps("Chuyển sang giơ tay")
    await chair.forges(ScheduleVote(1))
    assert chair.answer.card is None
    await hall.chat("Trần An").forges(ScheduleVote(1))
    assert "không" in hall.chat("Trần An").answer.notice
    await chair.taps("Mở biểu quyết")
    await chair.forges(ScheduleVote(1))
    assert chair.answer.card is None
    assert chair.answer.notice

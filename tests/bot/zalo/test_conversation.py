"""A member who has only Zalo: the ballot as numbered lines, and what is typed for it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from pydantic import SecretStr

from bot.app import App
from handlers import closing, drafting, steps
from handlers.drafting import VotePrepared
from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.voting import Option
from storage.database import Database
from tests.bot.test_app import running
from tests.bot.zalo.test_files import Ticking
from tests.fakes.zalo_api import TOKEN, FakeZalo, Person
from tests.handlers.journey import ORGANISER, Journey, plan, seat

AN = "Trần An"
ITEMS = (PlannedItem("Báo cáo", ItemKind.REPORT), PlannedItem("Quy chế", ItemKind.DOCUMENT))
Run = Callable[[], contextlib.AbstractAsyncContextManager[App]]


@dataclass
class Day:
    """An open meeting, somebody who has only Zalo, and the program, which `run` runs."""

    run: Run
    journey: Journey
    an: Person

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Person]:
        async with self.run() as app:
            self.journey.database, self.journey.house = app.house.database, app.house
            yield self.an

    async def open_vote(self, place: int = 0) -> int:
        """Have a vote opened, and its ballot shown."""
        vote_id = await self.journey.open_vote(place)
        await self.an.sees("Tán thành")
        return vote_id


@pytest.fixture
async def day(fake: FakeZalo, sqlite_url: str) -> Day:
    database, clock = Database.open(sqlite_url), Ticking()
    meeting = plan([seat(AN), "Lê Bình", "Cao Chi"], ITEMS)
    journey = await Journey.planned(database, meeting, are_bound=False)
    journey.clock = clock
    await database.close()
    zalo = {"zalo_token": SecretStr(TOKEN), "zalo_api": fake.url}
    day = Day(lambda: running(sqlite_url, clock.now, **zalo), journey, fake.person(AN))
    async with day.running() as an:
        assert AN in await an.asks(await journey.code(AN))
        await journey.open_meeting()
        await journey.enter(AN, "Lê Bình", "Cao Chi")
        await journey.state()
    return day


async def test_a_vote_is_cast_by_number_or_word_and_changed_by_what_the_answer_says(day: Day) -> None:
    async with day.running() as an:
        vote_id = await day.open_vote()
        ballot = (await an.sees("11. Tán thành")).text
        assert "Nhắn số để chọn:\n11. Tán thành\n12. Không tán thành\n13. Ý kiến khác" in ballot

        told = await an.asks("so 11")
        assert told.startswith("Biểu quyết 1 – Báo cáo\nĐã ghi nhận: Tán thành.")
        assert told.endswith("Để đổi, nhắn: 12 Không tán thành; 13 Ý kiến khác.")
        assert "Đã ghi nhận: Không tán thành." in await an.asks("ko tan thanh")
        assert "Đã ghi nhận: Tán thành." in await an.asks("1")
        assert await day.journey.choices(vote_id) == {AN: Option.YES}

        await day.journey.close_vote(vote_id)
        assert "Biểu quyết 1 – Báo cáo\nBiểu quyết đã kết thúc" in await an.asks("12")
        again = await an.asks("11")
        assert again.startswith("Biểu quyết 1 – Báo cáo\nĐồng chí đã chọn: Tán thành. Biểu quyết đã kết thúc")
        assert "Để đổi" not in again
        assert await day.journey.choices(vote_id) == {AN: Option.YES}


async def test_the_text_of_another_opinion_and_the_vote_are_not_mixed_up(day: Day) -> None:
    async with day.running() as an:
        vote_id = await day.open_vote()
        asked = await an.asks("13. ý kiến khác")
        assert "Đã ghi nhận: Ý kiến khác." in asked
        assert "Nội dung ý kiến" in asked
        assert "Nhắn câu trả lời, hoặc:\nchọn 1. Hủy" in asked

        unclear = await an.asks("11")
        assert "CHƯA ghi nhận" in unclear
        assert "Biểu quyết 1 – Báo cáo:\n11 Tán thành" in unclear
        assert "trả lời: 11" in unclear
        assert await day.journey.choices(vote_id) == {AN: Option.OTHER}
        assert "Nội dung ý kiến" in await an.asks("?")
        assert "Đã ghi nhận nội dung" in await an.asks("Giảm mức chi 10%")
        electors = await day.journey.electors(vote_id)
        assert electors[AN].opinion == "Giảm mức chi 10%"
        assert "Đã ghi nhận: Tán thành." in await an.asks("11 Tán thành")


async def test_what_does_not_fit_is_asked_back_and_nothing_is_lost_by_it(day: Day) -> None:
    async with day.running() as an:
        vote_id = await day.open_vote()
        told = await an.asks("61")
        assert "“61” không phải là lựa chọn nào" in told
        assert "11. Tán thành" in told
        assert "không khớp" in await an.asks("12 tán thành")
        assert "Chưa có câu hỏi nào đang chờ" in await an.asks("Hôm nay trời đẹp")
        an.skip()
        an.sends_sticker()
        assert "chỉ đọc được tin nhắn chữ" in (await an.next_message()).text
        assert await day.journey.choices(vote_id) == {}
        assert "11. Tán thành" in await an.asks("?")
        assert "Đã ghi nhận: Không tán thành." in await an.asks("12 không")


async def test_a_number_of_a_cancelled_run_counts_for_no_other_run(day: Day) -> None:
    journey = day.journey
    async with day.running() as an:
        first = await day.open_vote()
        await an.asks("12")
        await steps.pause_vote(journey.house, journey.asked(ORGANISER), first)
        assert "Đồng chí đã chọn: Không tán thành. Biểu quyết đang tạm dừng" in await an.asks("12")
        await closing.cancel_vote(journey.house, journey.asked(ORGANISER), first, "Nhầm nội dung")
        prepared = await drafting.repeat_vote(journey.house, journey.asked(ORGANISER), first)
        assert isinstance(prepared, VotePrepared)
        await journey.open_draft(prepared.vote_id)
        ballot = (await an.sees("101. Tán thành")).text
        assert "Lượt biểu quyết 1 đã hủy: Nhầm nội dung." in ballot

        for late in ("11", "12 không tán thành"):
            told = await an.asks(late)
            assert told.startswith("Biểu quyết 1 – Báo cáo\n")
            assert told.endswith(
                "Lượt biểu quyết này đã hủy, không tính kết quả. Đề nghị chờ lượt tiếp theo."
            )
        assert await journey.choices(prepared.vote_id) == {}
        assert (await an.asks("102")).startswith(
            "Biểu quyết 1 (lượt 2) – Báo cáo\nĐã ghi nhận: Không tán thành."
        )
        before = len(an.messages)
        await journey.close_vote(prepared.vote_id)
        await journey.announce(prepared.vote_id)
        await an.sees("Kết quả biểu quyết 1")
        assert sum("đã hủy" in text for text in an.texts[before:]) == 0, "it was told before"


async def test_numbers_mean_the_same_after_a_restart_and_of_a_vote_that_ended(day: Day) -> None:
    async with day.running():
        first = await day.open_vote()
    async with day.running() as an:
        assert "Đã ghi nhận: Tán thành." in await an.asks("1")
        await day.journey.close_vote(first)
        await day.journey.announce(first)
        second = await day.journey.open_vote(1)
        await an.sees("21. Tán thành")
        assert "đã kết thúc" in await an.asks("12")
        assert await day.journey.choices(second) == {}
        assert "Đã ghi nhận: Không tán thành." in await an.asks("22.")


async def test_what_is_current_is_shown_again_when_asked_for(day: Day) -> None:
    async with day.running() as an:
        own = await an.asks("?")
        assert own.startswith("Hội nghị\n")
        assert "Ý kiến" in own
        vote_id = await day.open_vote()
        assert "Chưa biểu quyết." in await an.asks(" ? ")
        await an.asks("11")
        assert "✓ 11. Tán thành" in await an.asks("?")
        await day.journey.close_vote(vote_id)
        assert (await an.asks("?")).startswith("Hội nghị\n")
        assert (await an.asks("trợ giúp")).startswith("Trợ giúp\n")

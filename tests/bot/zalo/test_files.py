"""Files and Zalo: papers as addresses that open, the personal page for what the chat cannot take."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from bot.actions import CastVote, encode
from bot.app import App
from handlers import papers
from meeting.papers import read_paper
from meeting.refusals import Refused
from meeting.voting import Option
from storage.database import Database
from tests.bot.test_app import browser, running
from tests.fakes.zalo_api import TOKEN, FakeZalo, Person
from tests.handlers.journey import ORGANISER, Clock, Journey, plan, seat
from tests.papers import PDF

AN = "Trần An"


class Ticking(Clock):
    """A clock that goes on by itself from the beginning of stories."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._begun)


@dataclass
class Day:
    """A running program with a meeting, and somebody who has only Zalo."""

    app: App
    journey: Journey
    an: Person

    async def open(self, text: str, name: str) -> httpx.Response:
        """Open the address that stands behind a name in a message."""
        found = re.search(rf"{re.escape(name)}: (\S+)", text)
        assert found is not None, text
        async with httpx.AsyncClient(trust_env=False, headers={"Accept-Language": "vi"}) as phone:
            return await phone.get(found[1])


@pytest.fixture
async def day(fake: FakeZalo, sqlite_url: str) -> AsyncIterator[Day]:
    database, clock = Database.open(sqlite_url), Ticking()
    journey = await Journey.planned(database, plan([seat(AN), "Lê Bình"]), are_bound=False)
    for name, item_id in (("Báo cáo tổng kết năm.pdf", None), ("Dự thảo Nghị quyết.pdf", journey.items[0])):
        content = PDF + name.encode()
        read = read_paper(name, len(content), content, len(content))
        assert not isinstance(read, Refused)
        asked = journey.asked(ORGANISER)
        await papers.add_paper(journey.house, asked, journey.meeting_id, item_id, read, content)
    await database.close()
    zalo = {"zalo_token": SecretStr(TOKEN), "zalo_api": fake.url}
    async with running(sqlite_url, clock.now, **zalo) as app:
        an = fake.person(AN)
        journey.database, journey.house, journey.clock = app.house.database, app.house, clock
        assert AN in await an.asks(await journey.code(AN))
        yield Day(app, journey, an)


async def test_the_list_of_papers_holds_their_addresses(day: Day) -> None:
    told = await day.an.asks("tài liệu")
    report = await day.open(told, "Báo cáo tổng kết năm.pdf")
    assert report.content == PDF + "Báo cáo tổng kết năm.pdf".encode()
    shown = await day.open(told, "Dự thảo Nghị quyết.pdf")
    assert shown.headers["Content-Type"] == "application/pdf"
    day.journey.clock.advance(timedelta(days=9))
    late = await day.open(told, "Dự thảo Nghị quyết.pdf")
    assert (late.status_code, "TÀI LIỆU" in late.text) == (410, True)


async def test_a_picture_sent_to_the_bot_is_answered_with_the_page_that_takes_files(day: Day) -> None:
    day.an.skip()
    day.an.sends_picture()
    told = (await day.an.next_message()).text
    assert "Bot không nhận được tệp" in told
    assert AN in (await day.open(told, "Mở trang cá nhân")).text


async def test_a_vote_on_the_page_is_said_in_the_chat_and_is_the_same_ballot(day: Day) -> None:
    journey, app = day.journey, day.app
    told = await day.an.asks("trang cá nhân")
    found = re.search(r"Mở trang cá nhân: \S+(/i/\S+)", told)
    assert found is not None, told
    async with browser(app) as page:
        path = (await page.post(found[1], data={"open": "1"})).headers["Location"]
        await journey.open_meeting()
        await journey.enter(AN, "Lê Bình")
        await journey.state()
        vote_id = await journey.open_vote()
        await day.an.sees("Biểu quyết 1")
        voted = await page.post(path, data={"action": encode(CastVote(vote_id, Option.NO)), "event": "1"})
        assert "Đã ghi nhận: Không tán thành" in voted.text
        await day.an.sees("✓ 12. Không tán thành", wait=30)
        assert "Đã ghi nhận: Tán thành" in await day.an.asks("11")
        board = (await page.get(f"{path}/board")).text
    assert await journey.choices(vote_id) == {AN: Option.YES}
    assert "Tán thành" in board

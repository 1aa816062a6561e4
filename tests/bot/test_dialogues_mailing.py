"""All attendees are told something, the organiser sees how far it has come, and whom nothing reaches."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.pace import Limit, Pace
from bot.platforms.base import ChatGoneError
from bot.rendering import Rendering
from handlers.mailings import TEXT_LIMIT
from meeting.people import Role
from meeting.states import CardKind, GoneReason, PostKind
from storage.database import Database
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.fakes.platform import RecordingPlatform
from tests.handlers.journey import ORGANISER, plan, seat

TEXT = "Hội nghị bắt đầu lúc 14:30.\nMời đồng chí vào hội trường tầng 3."
PHONE = "0912345678"
PACE = Pace(Limit(1000, timedelta(seconds=1)), Limit(1, timedelta(0)), Limit(1, timedelta(0)))


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat("Trần An", "Phòng 1", phone=PHONE),
            *(seat(name) for name in ("Bình", "Cúc", "Dung")),
        ]
        hall = await Hall.planned(database, plan(attendees, units=["Phòng 1"]), are_bound=False)
        for name in ("Trần An", "Bình"):
            await hall.journey.bind(name)
        await hall.journey.bind("Bình", platform="web")
        await hall.journey.bind("Cúc", platform="web")
        await hall.journey.appoint("Thư ký", Role.SECRETARY)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An and Bình on Telegram, Bình and Cúc on a page, Dung nowhere; an organiser and a secretary."""
    async with stage.copy(tmp_path) as hall:
        yield hall


@contextlib.asynccontextmanager
async def delivering(hall: Hall, platform: RecordingPlatform) -> AsyncIterator[None]:
    rendering = Rendering(hall.database, hall.default)
    delivery = Delivery(hall.database, {"telegram": platform}, rendering, hall.clock.now, {"telegram": PACE})
    running = asyncio.create_task(delivery.run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def until(hall: Hall, condition: Callable[[], Awaitable[bool]]) -> None:
    committed = asyncio.Event()
    hall.database.on_commit(committed.set)
    async with asyncio.timeout(10):
        while not await condition():
            await committed.wait()
            committed.clear()


async def card_of(chat: Chat, heading: str) -> list[str]:
    """The live card whose heading begins so, or nothing."""
    return next((texts(card) for card in await chat.live() if texts(card)[0].startswith(heading)), [])


async def announce(chat: Chat) -> None:
    await chat.taps("Gửi thông báo")
    await chat.says(TEXT)
    await chat.taps("Gửi tới 3 đại biểu")


async def test_an_announcement_is_written_looked_at_and_sent_once_to_each(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Gửi thông báo")
    assert "toàn thể đại biểu Hội nghị" in organiser.asked
    assert str(TEXT_LIMIT) in (await organiser.says("x" * (TEXT_LIMIT + 1))).notice.replace(".", "")
    await organiser.says(TEXT)
    assert "tầng 3" in organiser.told
    assert "Gửi tới 03 đại biểu (Telegram: 02; trang web: 01)." in organiser.told
    assert "01 đại biểu chưa liên kết" in organiser.told
    assert "Chưa gửi" in (await organiser.says("để xem đã")).notice
    assert "Đang gửi tới 03 đại biểu" in (await organiser.taps("Gửi tới 3 đại biểu")).notice
    assert "không" in (await organiser.again()).notice
    for name, platform in (("Trần An", "telegram"), ("Bình", "telegram"), ("Cúc", "web")):
        assert await _announcements(hall.chat(name, platform)) == [
            ["Thông báo: Hội nghị", *TEXT.splitlines()]
        ]
    assert await _announcements(hall.chat("Bình", "web")) == [], (
        "each is told once, where messages are sent to"
    )
    assert await card_of(organiser, "Đang gửi: thông báo") == [
        "Đang gửi: thông báo",
        "Hội nghị",
        "Đã gửi tới 1/3 đại biểu (đạt 33,33%).",
        "Còn chờ gửi: 02.",
    ]
    assert (await hall.journey.acts())[-1] == "announcement_sent"
    (entry,) = [one for one in await hall.journey.entries() if one.act == "announcement_sent"]
    assert entry.facts["recipients"] == 3
    assert TEXT not in str(entry.facts)


async def test_what_is_not_sent_yet_can_be_stopped_once(hall: Hall) -> None:
    organiser = hall.organiser
    await announce(organiser)
    assert "Đã dừng: 02 tin" in (await organiser.taps("Dừng gửi")).notice
    card = await card_of(organiser, "Đã dừng gửi: thông báo")
    assert "Không gửi nữa: 02." in card
    assert "dừng trước đó" in (await organiser.forges("v1:stopmailing:1")).notice
    platform = RecordingPlatform()
    async with delivering(hall, platform):
        await announce(organiser)  # another one goes out
        await until(hall, lambda: _is_over(organiser, "Đã gửi xong: thông báo"))
    told = [shown.chat for shown in platform.shown if shown.text.startswith("Thông báo")]
    assert sorted(told) == sorted(hall.journey.sender(name).chat for name in ("Trần An", "Bình"))
    assert (await organiser.forges("v1:stopmailing:2")).notice == "Đã gửi hết, không còn gì để dừng."
    assert (await hall.journey.acts()).count("mailing_stopped") == 1
    stranger = hall.chat("Trần An")
    assert "quyền" in (await stranger.forges("v1:stopmailing:2")).notice.lower()
    assert "quyền" in (await stranger.forges("v1:announcement:1")).notice.lower()


async def test_whom_nothing_reaches_is_shown_with_other_ways_until_they_are_back(hall: Hall) -> None:
    organiser, secretary, an = hall.organiser, hall.chat("Thư ký"), hall.chat("Trần An")
    platform = RecordingPlatform()
    for name in ("Trần An", "Bình"):
        platform.refusals[hall.journey.sender(name).chat].append(
            ChatGoneError("Forbidden: bot was blocked by the user", GoneReason.BLOCKED)
        )
    await announce(organiser)
    async with delivering(hall, platform):
        await until(hall, lambda: _is_over(organiser, "Đã gửi xong: thông báo"))
    done = await card_of(organiser, "Đã gửi xong")
    assert "Không gửi được: 02." in done
    assert done[-1] == "Không gửi được: Bình, Trần An"
    lost = await card_of(secretary, "Không gửi được tới 02 đại biểu:")
    assert "1. Trần An, Phòng 1 (Telegram: đã chặn bot)" in lost[2]
    assert "vẫn nhận được qua trang web" in lost[3]
    assert PHONE not in str(lost), "phone numbers are for organisers"
    await organiser.taps("Đại biểu")
    await organiser.taps("Không gửi được tới ai")
    assert f"điện thoại {PHONE}" in organiser.told
    assert "nhờ đơn vị" in organiser.told
    assert "1. Trần An" in buttons(organiser.answer.card)  # type: ignore[arg-type]
    await an.says("trợ giúp")
    assert len(await card_of(secretary, "Không gửi được tới 01 đại biểu:")) == 3
    await hall.chat("Bình").opens()
    assert await card_of(secretary, "Mọi đại biểu đã liên kết đều nhận được tin.") != []
    assert "quyền" in (await an.forges("v1:unreachable:1")).notice.lower()


async def test_a_message_to_many_is_followed_and_one_to_few_is_not(sqlite: Database) -> None:
    names = [f"Đại biểu {number}" for number in range(1, 21)]
    hall = await Hall.planned(sqlite, plan(names))
    await hall.organiser.taps("Mở xác nhận có mặt")
    (mailing,) = [kind for kind, _ in await hall.journey.cards_of(ORGANISER) if kind is CardKind.MAILING]
    assert mailing is CardKind.MAILING
    assert "Còn chờ gửi: 20." in await card_of(hall.organiser, "Đang gửi: đề nghị xác nhận có mặt")
    assert PostKind.CHECK_IN_OPENED in await hall.journey.posts_to(names[0])
    await hall.close()


async def _announcements(chat: Chat) -> list[list[str]]:
    return [texts(card) for card in await chat.posts() if texts(card)[0].startswith("Thông báo")]


async def _is_over(chat: Chat, heading: str) -> bool:
    return bool(await card_of(chat, heading))

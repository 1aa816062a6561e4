"""Coming in on Zalo, where nothing but words can be sent: by a code, which can't be tried for ever."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from meeting.people import Role
from storage.database import Database
from tests.bot.chatting import Hall, is_heard
from tests.handlers.journey import plan, seat

NAMES = ("An", "Bình", "Chi")


@pytest.fixture
async def hall(sqlite: Database) -> AsyncIterator[Hall]:
    """A meeting whose attendees have not come in yet."""
    meeting = plan([*NAMES, seat("Thư ký", role=Role.SECRETARY)])
    hall = await Hall.planned(sqlite, meeting, are_bound=False)
    yield hall
    await hall.close()


@pytest.mark.parametrize("manner", ["{}", "mã {}", "Mã số: {}", "code {}"])
async def test_a_code_is_all_that_it_takes(hall: Hall, manner: str) -> None:
    an = hall.chat("An", "zalo")
    assert "nhập mã trong giấy mời" in (await an.says("Xin chào")).notice
    code = (await hall.journey.code("An")).lower().replace("-", " ")
    assert (await an.says(manner.format(code))).notice.startswith("Đã liên kết: An.")
    assert await an.sees("Kính mời đồng chí An dự Hội nghị")
    other = hall.chat("Bình", "zalo")
    await other.says(manner.format(code))
    assert "An" in other.asked, "whether it is to be moved here is asked first"


async def test_wrong_codes_make_one_wait_and_then_are_not_answered_any_more(hall: Hall) -> None:
    chi = hall.chat("Chi", "zalo")
    for number in range(10):
        assert "Mã không đúng" in (await chi.says(f"K7QF-2M9{number}")).notice
    right = await hall.journey.code("Chi")
    assert "thử" in (await chi.says(right)).notice, "even the right one has to wait"
    assert is_heard(await chi.says("alo?"))
    assert not is_heard(await chi.says("alo alo")), "answers cost messages of the plan"
    assert not is_heard(await chi.says(right))
    assert "nhập mã" in (await hall.chat("Bình", "zalo").says("alo")).notice, "others are answered"
    hall.clock.advance(timedelta(hours=1))
    assert (await chi.says(right)).notice.startswith("Đã liên kết: Chi.")


async def test_who_is_let_in_hears_it_however_much_was_said_before(hall: Hall) -> None:
    an = hall.chat("An", "zalo")
    for _ in range(12):
        assert is_heard(await an.says("alo"))
    assert not is_heard(await an.says("alo"))
    assert (await an.says(await hall.journey.code("An"))).notice.startswith("Đã liên kết: An.")
    assert is_heard(await an.says("alo"))


async def test_on_telegram_everybody_is_answered(hall: Hall) -> None:
    stranger = hall.chat("Người lạ")
    for _ in range(14):
        assert is_heard(await stranger.says("alo"))


async def test_by_the_shared_code_a_name_is_typed_and_confirmed(hall: Hall) -> None:
    await hall.chat("Thư ký").opens(await hall.journey.token("Thư ký"))
    secretary = hall.chat("Thư ký")
    await secretary.taps("Giấy mời")
    (code, *_) = [
        line.removeprefix("Mã: ") for line in secretary.told.splitlines() if line.startswith("Mã: ")
    ]
    an = hall.chat("An", "zalo")
    await an.says(code)
    assert "Họ và tên" in an.told or "họ và tên" in an.told
    await an.says("Nguyễn Văn An")
    assert await secretary.sees("Nguyễn Văn An")

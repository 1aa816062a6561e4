"""The shared link on web pages, over real HTTP: a name is typed, waits, and is decided about."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.desk import DatabaseDesk
from bot.platforms.web import WebPlatform
from bot.wording.voice import Voice
from handlers.inviting import give_shared_way
from storage.claims import list_waiting_claims
from tests.bot.chatting import Hall, Stage
from tests.bot.conftest import SetUp
from tests.fakes.hall import serving
from tests.handlers.journey import KEY, plan, seat


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    meeting = plan(
        [seat("Trần Thị Hòa", "Kế toán"), seat("Lê An", "Văn phòng")], units=["Kế toán", "Văn phòng"]
    )
    return set_up_stage(lambda database: Hall.planned(database, meeting, are_bound=False))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    async with stage.copy(tmp_path) as hall:
        yield hall


@pytest.fixture
async def address(hall: Hall) -> AsyncIterator[str]:
    desk = DatabaseDesk(hall.house, hall.dialogues, Voice("vi"))
    async with serving(
        WebPlatform(desk, key=KEY, public_url="http://hop.example"), hall.dialogues.receive
    ) as at:
        yield at


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(address) as browser:
        yield browser


def visiting(address: str) -> httpx.AsyncClient:
    headers = {"Accept-Language": "vi", "Origin": address}
    return httpx.AsyncClient(base_url=address, headers=headers, trust_env=False)


async def link(hall: Hall) -> str:
    return f"/j/{(await give_shared_way(hall.house, hall.journey.meeting_id)).token}"


async def waiting(hall: Hall) -> list[str]:
    async with hall.database.snapshot() as tx:
        return [claim.typed_name for claim in await list_waiting_claims(tx, hall.journey.meeting_id)]


async def test_a_name_makes_a_page_that_waits_and_then_opens(hall: Hall, browser: httpx.AsyncClient) -> None:
    path = await link(hall)
    shown = await browser.get(path)
    assert shown.status_code == 200
    assert "Họ và tên như trong danh sách đại biểu" in shown.text
    assert not {name for name in ("Hòa", "Lê An") if name in shown.text}, "nobody is told who is on the list"
    assert await waiting(hall) == [], "a preview of the link asks for nothing"
    opened = await browser.post(path, data={"open": "1", "name": "Trần Thị Hoà"})
    assert opened.status_code == 303
    page = opened.headers["Location"]
    waits = await browser.get(page)
    assert "“Trần Thị Hoà” đang chờ Ban tổ chức xác nhận." in waits.text
    assert "Hội nghị" in waits.text
    assert "Kính mời" not in waits.text
    assert await waiting(hall) == ["Trần Thị Hoà"]
    again = await browser.get(path)
    assert (again.status_code, again.headers.get("Location")) == (303, page), (
        "the same browser finds its page"
    )
    await hall.organiser.taps("1. Xác nhận")
    board = (await browser.get(f"{page}/board")).json()
    assert "Kính mời đồng chí Trần Thị Hòa" in str(board)
    assert "Đã liên kết: Trần Thị Hòa, Kế toán" in (await browser.get(page)).text


async def test_who_is_declined_reads_it_on_the_page_and_writes_again(
    hall: Hall, browser: httpx.AsyncClient
) -> None:
    page = (await browser.post(await link(hall), data={"open": "1", "name": "Ai Đó"})).headers["Location"]
    await hall.organiser.taps("1. Từ chối")
    shown = (await browser.get(page)).text
    assert "chưa tìm thấy tên này" in shown
    answer = await browser.post(page, data={"text": "An văn phòng", "send": "1"})
    assert "đang chờ Ban tổ chức xác nhận" in answer.text
    assert await waiting(hall) == ["An văn phòng"]
    assert await hall.organiser.sees("Có thể là: 2. Lê An")


@pytest.mark.parametrize("name", ["", "  ", "12345", "🙂", "x" * 300])
async def test_what_is_no_name_makes_no_page(hall: Hall, browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.post(await link(hall), data={"open": "1", "name": name})
    assert answer.status_code == 400
    assert "Đề nghị ghi họ và tên bằng chữ." in answer.text
    assert "Họ và tên như trong danh sách" in answer.text
    assert await waiting(hall) == []


async def test_the_shared_code_is_typed_on_the_first_page(hall: Hall, browser: httpx.AsyncClient) -> None:
    code = (await give_shared_way(hall.house, hall.journey.meeting_id)).code
    asked = await browser.post("/", data={"code": code})
    assert "Họ và tên như trong danh sách đại biểu" in asked.text
    missing = await browser.post("/", data={"code": code, "open": "1", "name": ""})
    assert missing.status_code == 400
    assert code in missing.text
    opened = await browser.post("/", data={"code": code, "open": "1", "name": "<b>Lê An</b>"})
    assert opened.status_code == 303
    page = (await browser.get(opened.headers["Location"])).text
    assert "&lt;b&gt;Lê An&lt;/b&gt;" in page
    assert "<b>Lê An" not in page


async def test_somebody_elses_waiting_page_is_not_shown(
    hall: Hall, browser: httpx.AsyncClient, address: str
) -> None:
    page = (await browser.post(await link(hall), data={"open": "1", "name": "Lê An"})).headers["Location"]
    async with visiting(address) as thief:
        assert (await thief.get(page)).status_code == 403

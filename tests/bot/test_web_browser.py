"""The personal page in a real browser: what its script promises on bad Wi-Fi, while typing, by keyboard."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from bot.actions import CastVote
from bot.platforms.base import Ask, Card, Do, File, Line, Mark, Tap, Text
from bot.web.forms import FILE_LIMIT
from meeting.voting import Option
from tests.fakes.hall import Hall, Person, home_card, person, result_card, served
from tests.fakes.phone import Phone, phone, running_browser
from tests.fakes.wire import Wire, wired

pytestmark = pytest.mark.asyncio(loop_scope="module")

YES = Tap("v1:vote:7:yes")
NO = Tap("v1:vote:7:no")


@pytest.fixture
def an() -> Person:
    return person(1, "Nguyễn Thị An")


@pytest.fixture
def hall(an: Person) -> Hall:
    return Hall(an)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(browser_path: str) -> AsyncIterator[Browser]:
    """One browser for all tests here, on one event loop: it takes longer to start than a test to run."""
    async with running_browser(browser_path) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def address(hall: Hall) -> AsyncIterator[str]:
    async with served(hall) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def wire(address: str) -> AsyncIterator[Wire]:
    """The network of An's phone."""
    async with wired(address) as wire:
        yield wire


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, wire: Wire, an: Person) -> AsyncIterator[Phone]:
    """An's phone, with her page open."""
    async with phone(browser, wire.address) as opened:
        await opened.open_link(an.token)
        yield opened


def taps(hall: Hall) -> list[object]:
    return [event.body for event in hall.events if isinstance(event.body, Tap | Text | File)]


async def drop(route: Route) -> None:
    if route.request.method == "POST":
        await route.abort()
    else:
        await route.continue_()


async def lose_answer(route: Route) -> None:
    """The request arrives, its answer does not."""
    if route.request.method == "POST":
        await route.fetch()
        await route.abort()
    else:
        await route.continue_()


async def test_a_tap_is_answered_and_marked(page: Phone, hall: Hall, an: Person) -> None:
    await page.tap("Tán thành")
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    await page.sees_chosen("Tán thành")
    await page.sees_pending("")
    hall.put(an, "result", result_card())
    await page.sees("97,83%")


async def test_a_tap_without_network_says_so_and_arrives_once(page: Phone, hall: Hall, wire: Wire) -> None:
    wire.cut()
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành. Mất kết nối; trang đang tự gửi lại.")
    await page.sees_connection("Mất kết nối: nội dung trên trang có thể đã cũ.")
    await expect(page.page.locator("button[data-sending]")).to_have_text("Tán thành")
    assert taps(hall) == []
    wire.mend()
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    await page.sees_pending("")
    await page.sees_connection("")
    assert taps(hall) == [YES]


async def test_a_phone_that_notices_no_network_says_so(page: Phone) -> None:
    await page.context.set_offline(True)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.context.set_offline(False)
    await page.sees_notice("Đã ghi nhận: Tán thành.")


async def test_a_stalled_network_confirms_nothing(page: Phone, hall: Hall, wire: Wire) -> None:
    wire.stall()
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành. Đang gửi…")
    assert taps(hall) == []
    wire.mend()
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    assert taps(hall) == [YES]


async def test_a_page_comes_back_to_life_after_a_cut(page: Phone, hall: Hall, an: Person, wire: Wire) -> None:
    wire.cut()
    await page.sees_connection("Mất kết nối")
    hall.put(an, "result", result_card())
    wire.mend()
    await page.sees("97,83%")
    await page.sees_connection("")


async def test_two_taps_without_network_arrive_in_their_order(page: Phone, hall: Hall) -> None:
    await page.page.route("**/p/*", drop)
    for label in ("Tán thành", "Không tán thành"):
        await page.tap(label)
    await page.sees_pending("CHƯA ghi nhận")
    await page.page.unroute_all(behavior="wait")
    await page.sees_chosen("Không tán thành")
    await page.sees_pending("")
    assert taps(hall) == [YES, NO]


async def test_a_lost_answer_is_asked_for_again_without_a_second_vote(page: Phone, hall: Hall) -> None:
    await page.page.route("**/p/*", lose_answer)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.page.unroute_all(behavior="wait")
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    assert taps(hall) == [YES]


async def test_a_servers_fault_is_no_confirmation(page: Phone, hall: Hall) -> None:
    hall.is_broken = True
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    hall.is_broken = False
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    page.complaints = [text for text in page.complaints if "500" not in text]


async def test_a_log_in_page_of_the_network_is_no_confirmation(page: Phone, hall: Hall) -> None:
    async def log_in(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="Welcome to our Wi-Fi")

    await page.page.route("**/p/*", log_in)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.page.unroute_all(behavior="wait")
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    assert taps(hall) == [YES]


async def test_an_unconfirmed_tap_survives_a_reload(page: Phone, hall: Hall) -> None:
    await page.page.route("**/p/*", lose_answer)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.page.reload()
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.page.unroute_all(behavior="wait")
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    assert taps(hall) == [YES]


@pytest.mark.parametrize(("button", "expected"), [("Không gửi", []), ("Gửi ngay", [YES])])
async def test_a_tap_of_long_ago_is_asked_about(
    page: Phone, hall: Hall, button: str, expected: list[Tap]
) -> None:
    await page.page.clock.install()
    await page.page.reload()
    await page.page.route("**/p/*", drop)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận: Tán thành.")
    await page.page.clock.fast_forward("11:00")
    await page.page.clock.resume()
    await page.sees_pending("Có gửi nữa không?")
    await page.page.unroute_all(behavior="wait")
    await page.tap(button)
    await page.sees_pending("")
    if expected:
        await page.sees_notice("Đã ghi nhận: Tán thành.")
    assert taps(hall) == expected


async def test_a_page_without_a_stream_asks_by_itself(
    browser: Browser, address: str, hall: Hall, an: Person
) -> None:
    async with phone(browser, address) as page:
        await page.page.route("**/stream", lambda route: route.abort())
        await page.open_link(an.token)
        hall.put(an, "result", result_card())
        await expect(page.page.locator("#board")).to_contain_text("97,83%", timeout=15_000)


async def test_an_old_notice_goes_when_the_page_has_changed(page: Phone, hall: Hall, an: Person) -> None:
    await page.page.clock.install()
    await page.tap("Tán thành")
    await page.sees_notice("Đã ghi nhận")
    hall.put(an, "home", home_card())
    await page.sees("Việc của ban tổ chức")
    await page.sees_notice("Đã ghi nhận")
    await page.page.clock.fast_forward(11_000)
    hall.put(an, "result", result_card())
    await page.sees("97,83%")
    await expect(page.page.locator("#notice")).to_be_empty()


async def test_what_is_being_typed_survives_a_change_of_its_card(page: Phone, hall: Hall, an: Person) -> None:
    def ballot(turnout: int) -> Card:
        rows = ((Do("Ý kiến khác", CastVote(7, Option.OTHER)),),)
        heading = Line("Biểu quyết 5", Mark.STRONG)
        return Card((heading, Line(f"Đã biểu quyết: {turnout}")), rows, ask=Ask(100, is_long=True))

    hall.put(an, "ballot-7", ballot(1))
    await page.sees("Đã biểu quyết: 1")
    field = page.page.locator("#board textarea")
    await field.press_sequentially("Thêm điểm")
    hall.put(an, "ballot-7", ballot(2))
    await page.sees("Đã biểu quyết: 2")
    await expect(field).to_have_value("Thêm điểm")
    await expect(field).to_be_focused()
    await page.tap("Ý kiến khác")
    await page.sees_notice("Đã ghi nhận: Ý kiến khác.")
    assert taps(hall) == [Tap("v1:vote:7:other", "Thêm điểm")]


async def test_a_button_that_has_just_moved_is_not_taken(page: Phone, hall: Hall, an: Person) -> None:
    await page.page.clock.install()
    await page.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    hall.put(an, "home", home_card())
    await page.page.locator("button[data-moved]").first.wait_for()
    await page.page.locator("#board button[data-moved]").first.dispatch_event("click", {"detail": 1})
    await page.sees_notice("Trang vừa thay đổi nên CHƯA ghi nhận.")
    assert taps(hall) == []
    await page.page.clock.run_for(1000)
    await page.tap("Tán thành")
    await page.sees_notice("Đã ghi nhận")


async def test_a_question_is_asked_corrected_and_done_with(page: Phone, hall: Hall, an: Person) -> None:
    hall.put(an, "home", home_card())
    await page.tap("Lập hội nghị")
    field = page.page.locator("#field-answer")
    await expect(field).to_be_focused()
    await page.tap("Gửi")
    await expect(field).to_have_js_property("validationMessage", "Đề nghị nhập nội dung trước khi gửi.")
    await field.fill("x" * 25)
    await page.tap("Gửi")
    await expect(field).to_have_js_property("validationMessage", "Thừa 5 ký tự; tối đa 20 ký tự.")
    await field.fill("ab")
    await field.press("Enter")
    await page.sees_notice("Tên quá ngắn.")
    await expect(field).to_have_value("ab")
    await page.page.reload()
    await field.fill("Hội nghị tỉnh")
    await page.tap("Gửi")
    await page.sees_notice("Đã lập: Hội nghị tỉnh.")
    await expect(field).to_have_count(0)
    assert taps(hall)[1:] == [Text("ab"), Text("Hội nghị tỉnh")]


async def test_something_can_be_written_unasked(page: Phone, hall: Hall) -> None:
    await page.page.get_by_text("Nhắn tin").click()
    field = page.page.locator("#message")
    await field.fill("SAI")
    await field.press("Enter")
    await page.sees_notice("Hiện không chờ nội dung nào.")
    await expect(field).to_have_value("")
    assert taps(hall) == [Text("SAI")]


async def test_a_file_is_sent_and_one_that_is_too_large_is_not(
    page: Phone, hall: Hall, an: Person, tmp_path: Path
) -> None:
    hall.put(an, "home", home_card())
    await page.tap("Gửi tệp")
    for name, size in (("nhỏ.xlsx", 3), ("lớn.xlsx", FILE_LIMIT + 1)):
        path = tmp_path / name
        path.write_bytes(b"x" * size)
        await page.page.locator("#field-answer").set_input_files(path)
        await page.tap("Gửi")
        await page.sees_notice(f"Đã nhận tệp {name}")
    assert taps(hall)[1:] == [
        File("nhỏ.xlsx", 3, b"xxx", FILE_LIMIT),
        File("lớn.xlsx", FILE_LIMIT + 1, None, FILE_LIMIT),
    ]


async def test_a_file_of_an_answer_can_be_saved(page: Phone, hall: Hall, an: Person) -> None:
    hall.put(an, "home", home_card())
    await page.tap("Lấy tệp mẫu")
    async with page.page.expect_download() as saving:
        await page.page.get_by_text("Tải về Mẫu hội nghị.xlsx").click()
    saved = await saving.value
    assert saved.suggested_filename == "Mẫu hội nghị.xlsx"
    assert (await saved.path()).read_bytes().startswith(b"PK")


async def test_the_page_is_used_by_keyboard_alone(page: Phone, an: Person) -> None:
    keyboard = page.page.keyboard
    await keyboard.press("Tab")
    await expect(page.page.locator(".skip")).to_be_focused()
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    yes = page.page.get_by_role("button", name="Tán thành", exact=True)
    await expect(yes).to_be_focused()
    await keyboard.press("Enter")
    await page.sees_notice("Đã ghi nhận: Tán thành.")
    await expect(yes).to_be_focused()
    await expect(yes).to_have_attribute("aria-pressed", "true")
    assert an.option is Option.YES


async def test_an_answer_gets_the_focus_and_can_be_closed(page: Phone) -> None:
    await page.tap("Trợ giúp")
    card = page.page.locator("#answer article")
    await expect(card).to_contain_text("Chọn một nút")
    await expect(card).to_be_focused()
    await page.page.get_by_role("link", name="Đóng").click()
    await expect(card).to_have_count(0)


async def test_a_page_that_moved_to_another_phone_says_so(
    browser: Browser, page: Phone, address: str, hall: Hall, an: Person
) -> None:
    async with phone(browser, address) as other:
        await other.page.goto(f"{address}/i/{an.token}")
        await expect(other.page.locator("main")).to_contain_text("ngừng hoạt động")
        await other.open_link(an.token)
        await expect(page.page.locator("main")).to_contain_text("đã chuyển sang trang khác")
        await other.tap("Tán thành")
        await other.sees_notice("Đã ghi nhận")
    page.complaints = [text for text in page.complaints if "410" not in text]
    assert taps(hall) == [YES]


async def test_a_tap_that_the_end_of_the_page_overtakes_is_told_to_be_lost(
    page: Phone, hall: Hall, an: Person
) -> None:
    await page.page.route("**/p/*", drop)
    await page.tap("Tán thành")
    await page.sees_pending("CHƯA ghi nhận")
    hall.unbind(an)
    await page.sees_notice("CHƯA ghi nhận: Tán thành. Trang này không còn dùng được.")
    await expect(page.page.locator("#board article")).to_have_count(0)


async def test_a_browser_without_javascript_votes(browser: Browser, address: str, an: Person) -> None:
    async with phone(browser, address, has_javascript=False) as page:
        await page.open_link(an.token)
        await page.tap("Tán thành")
        await expect(page.page.locator("#answer")).to_contain_text("Đã ghi nhận: Tán thành.")
        await page.sees_chosen("Tán thành")
        await expect(page.page.get_by_role("link", name="Xem nội dung mới")).to_be_visible()


async def test_the_page_speaks_english(browser: Browser, address: str, an: Person) -> None:
    an.language = "en"
    async with phone(browser, address, language="en-GB") as page:
        await page.open_link(an.token)
        await expect(page.page.locator("html")).to_have_attribute("lang", "en")
        await page.page.route("**/p/*", drop)
        await page.tap("Tán thành")
        await page.sees_pending("NOT recorded yet")


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_everything_is_large_enough_and_fits(page: Phone, hall: Hall, an: Person, width: int) -> None:
    hall.put(an, "home", home_card())
    hall.put(an, "result", result_card())
    await page.sees("97,83%")
    await page.tap("Lập hội nghị")
    await page.page.set_viewport_size({"width": width, "height": 844})
    found = await page.page.evaluate(
        """() => ({
          overflow: document.documentElement.scrollWidth - innerWidth,
          targets: [...document.querySelectorAll("main button, main a.button, main input[type=text]")]
            .map((element) => element.getBoundingClientRect().height),
          letters: [...document.querySelectorAll("main p, main h2, main button, main input")]
            .map((element) => parseFloat(getComputedStyle(element).fontSize)),
          options: [...document.querySelectorAll("#live-ballot-7 button")]
            .map((element) => [element.offsetWidth, element.offsetHeight].join()),
        })"""
    )
    assert found["overflow"] <= 0
    assert min(height for height in found["targets"] if height) >= 48
    assert min(found["letters"]) >= 16
    assert len(set(found["options"])) == 1

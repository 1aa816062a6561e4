"""The web pages over real HTTP, with a meeting in memory behind them."""

import asyncio
import base64
import contextlib
import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest

from bot.actions import CastVote, GetWorkbook, NewMeeting, ShowHelp, encode
from bot.platforms.base import Card, File, Handout, Incoming, Joined, Line, Tap, Text
from bot.platforms.web import WebPlatform
from bot.web.forms import FIELDS_LIMIT, FILE_LIMIT
from meeting.papers import PaperKind
from meeting.regimes import Template
from meeting.voting import Option
from tests.fakes.hall import HELP, KEY, TITLE, WORKBOOK, Hall, Person, person, result_card, served
from tests.papers import a_file

YES = encode(CastVote(7, Option.YES))
NO = encode(CastVote(7, Option.NO))


class Visitor(httpx.AsyncClient):
    """A browser without JavaScript, as far as HTTP shows it; `language` is what it prefers."""

    def __init__(self, address: str, language: str = "vi-VN,vi;q=0.9,en;q=0.8") -> None:
        super().__init__(base_url=address, headers={"Accept-Language": language}, timeout=20)
        self.address = address

    async def send_form(self, path: str, origin: str | None = None, **fields: str) -> httpx.Response:
        return await self.post(path, data=fields, headers={"Origin": origin or self.address})

    async def open_link(self, someone: Person) -> str:
        """Open somebody's personal link and press the button; gives the page's path."""
        answer = await self.send_form(f"/i/{someone.token}", open="1")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    async def tap(self, path: str, action: str, event: str = "", **fields: str) -> dict[str, object]:
        """Tap as the page's script does."""
        headers = {"Origin": self.address, "Accept": "application/json"}
        answer = await self.post(
            path, data={"action": action, "event": event, "key": "ballot-7"} | fields, headers=headers
        )
        assert answer.status_code == 200, answer.text
        content: dict[str, object] = answer.json()
        return content


class Page(HTMLParser):
    """What is on a page: its text, forms with their fields and buttons, links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.language = ""
        self.forms: list[dict[str, str]] = []
        self.buttons: dict[str, dict[str, str]] = {}
        self.links: list[str] = []
        self._button: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        match tag:
            case "html":
                self.language = found["lang"]
            case "form":
                self.forms.append({})
            case "input" if found.get("type") == "hidden":
                self.forms[-1][found["name"]] = found["value"]
            case "button":
                self._button = found | {"form": str(len(self.forms) - 1)}
            case "a" | "link" | "script":
                self.links.append(found.get("href") or found.get("src", ""))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._button is not None:
            self.buttons[data.strip()] = self._button
            self._button = None

    def fields_of(self, label: str) -> dict[str, str]:
        """What the form of a button sends when it is pressed."""
        button = self.buttons[label]
        named = {button["name"]: button["value"]} if "name" in button else {}
        return self.forms[int(button["form"])] | named


@pytest.fixture
def an() -> Person:
    return person(1, "Nguyễn Thị An")


@pytest.fixture
def binh() -> Person:
    return person(2, "Trần Văn Bình", "en")


@pytest.fixture
def hall(an: Person, binh: Person) -> Hall:
    return Hall(an, binh)


@pytest.fixture
async def address(hall: Hall) -> AsyncIterator[str]:
    async with served(hall) as address:
        yield address


@pytest.fixture
async def visitor(address: str) -> AsyncIterator[Visitor]:
    async with Visitor(address) as visitor:
        yield visitor


# The way in


async def test_opening_a_link_uses_nothing_up(visitor: Visitor, hall: Hall, an: Person) -> None:
    await visitor.head(f"/i/{an.token}")
    answer = await visitor.get(f"/i/{an.token}")
    page = Page(answer.text)
    assert answer.status_code == 200
    assert an.name in page.text
    assert TITLE in page.text
    assert "Mở trang của tôi" in page.buttons
    assert not answer.cookies
    assert hall.events == []


async def test_the_button_binds_a_new_page(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    [joined] = hall.events
    assert joined.body == Joined(an.token)
    assert joined.chat == joined.sender == an.page
    assert path == f"/p/{an.page}"
    assert joined.language == "vi"
    page = Page((await visitor.get(path)).text)
    assert f"Đã liên kết: {an.name}." in page.text
    assert {"Tán thành", "Không tán thành", "Ý kiến khác"} <= page.buttons.keys()


async def test_the_greeting_is_shown_once(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)
    assert "Đã liên kết" in (await visitor.get(path)).text
    assert "Đã liên kết" not in (await visitor.get(path)).text


async def test_the_same_link_in_the_same_browser_leads_back_to_its_page(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    assert (await visitor.get(f"/i/{an.token}")).headers["Location"] == path
    assert await visitor.open_link(an) == path
    assert len(hall.events) == 1


async def test_another_browser_is_told_that_it_takes_the_page_over(
    visitor: Visitor, address: str, an: Person
) -> None:
    path = await visitor.open_link(an)
    async with Visitor(address) as other:
        page = Page((await other.get(f"/i/{an.token}")).text)
        assert "Chuyển sang trang này" in page.buttons
        assert "ngừng hoạt động" in page.text
        new_path = await other.open_link(an)
        assert (await other.get(new_path)).status_code == 200
    ended = await visitor.get(path)
    assert ended.status_code == 410
    assert "Thư ký" in ended.text
    assert (await visitor.get(f"/i/{an.token}")).status_code == 200


async def test_a_typed_code_shows_whom_it_is_for_before_it_binds(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    welcome = Page((await visitor.send_form("/", code=f" {an.code} ")).text)
    assert an.name in welcome.text
    assert hall.events == []
    answer = await visitor.send_form("/", **welcome.fields_of("Mở trang của tôi"))
    assert answer.headers["Location"] == f"/p/{an.page}"
    assert [event.body for event in hall.events] == [Joined(an.code)]


async def test_a_missing_code_is_asked_for(visitor: Visitor) -> None:
    answer = await visitor.send_form("/", code="  ")
    assert answer.status_code == 400
    assert "Đề nghị nhập mã cá nhân." in Page(answer.text).text


async def test_a_wrong_code_or_link_says_what_to_do(visitor: Visitor, hall: Hall) -> None:
    for answer in (
        await visitor.send_form("/", code="XXXX-XXXX"),
        await visitor.get("/i/1-nothing"),
        await visitor.send_form("/i/1-nothing", open="1"),
        await visitor.send_form("/", code="XXXX-XXXX", open="1"),
    ):
        assert answer.status_code == 404
        assert "Đề nghị xem lại giấy mời." in Page(answer.text).text
    assert hall.events == []


async def test_a_link_that_is_used_up_meanwhile_says_so(visitor: Visitor, hall: Hall, an: Person) -> None:
    release = hall.hold()
    opening = asyncio.create_task(visitor.send_form(f"/i/{an.token}", open="1"))
    hall.people = ()
    release()
    answer = await opening
    assert answer.status_code in {403, 404}
    assert "Mã không đúng" in Page(answer.text).text
    assert "set-cookie" not in answer.headers


async def test_wrong_codes_are_slowed_down_but_links_are_not(visitor: Visitor, an: Person) -> None:
    for spelling in ("XXXX-XXXX", "X . X . X . X - X . X . X . X") * 10:
        assert (await visitor.send_form("/", code=spelling)).status_code == 404
    refused = await visitor.send_form("/", code=an.code)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) in range(1, 4)
    assert "giây" in Page(refused.text).text
    assert (await visitor.get(f"/i/{an.code}")).status_code == 429
    assert (await visitor.get(f"/i/{an.token}")).status_code == 200


# Whose page it is


async def test_several_pages_live_in_one_browser(visitor: Visitor, an: Person, binh: Person) -> None:
    paths = {person.name: await visitor.open_link(person) for person in (an, binh)}
    for name, path in paths.items():
        assert name in (await visitor.get(path)).text
    await visitor.tap(paths[binh.name], NO)
    assert (an.option, binh.option) == (None, Option.NO)


async def test_cookies_are_scoped_to_their_paths(visitor: Visitor, an: Person) -> None:
    answer = await visitor.send_form(f"/i/{an.token}", open="1")
    cookies = answer.headers.get_list("set-cookie")
    assert {re.search("Path=([^;]+)", cookie)[1] for cookie in cookies} == {  # type: ignore[index]
        f"/p/{an.page}",
        f"/i/{an.token}",
    }
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert int(re.search(r"Max-Age=(\d+)", cookie)[1]) > 300 * 24 * 3600  # type: ignore[index]


async def test_cookies_are_secure_on_the_public_https_address_only(hall: Hall, an: Person) -> None:
    async with served(hall, public_url="https://hop.example") as address, Visitor(address) as visitor:
        headers = {"Host": "hop.example", "Origin": "https://hop.example"}
        answer = await visitor.post(f"/i/{an.token}", headers=headers)
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
        answer = await visitor.send_form(f"/i/{an.token}")
        assert all("Secure" not in cookie for cookie in answer.headers.get_list("set-cookie"))


async def test_a_page_is_closed_to_every_other_browser(
    visitor: Visitor, address: str, hall: Hall, an: Person, binh: Person
) -> None:
    path = await visitor.open_link(an)
    async with Visitor(address) as stranger:
        await stranger.open_link(binh)
        seal = next(cookie.value for cookie in stranger.cookies.jar if cookie.path == f"/p/{binh.page}")
        for cookie in ("", "page=", f"page={seal}", f"page={an.page}.{'A' * 43}", f"page={an.page}.\u00e9"):
            for part in ("", "/board", "/stream"):
                answer = await stranger.get(path + part, headers=[(b"Cookie", cookie.encode())])
                assert answer.status_code == 403
                assert an.name not in answer.text
            answer = await stranger.post(
                path,
                data={"action": YES},
                headers=[(b"Cookie", cookie.encode()), (b"Origin", address.encode())],
            )
            assert answer.status_code == 403
    assert an.option is None
    assert len(hall.events) == 2


async def test_another_key_opens_no_page(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    platform = WebPlatform(hall, key=KEY[::-1], public_url="http://hop.example")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(platform.app), base_url=visitor.address, cookies=visitor.cookies
    ) as other:
        assert (await other.get(path)).status_code == 403


# Acting


async def test_a_vote_without_javascript_is_answered_on_the_page(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    before = Page((await visitor.get(path)).text)
    answer = await visitor.send_form(path, **before.fields_of("Tán thành"))
    page = Page(answer.text)
    assert answer.status_code == 200
    assert an.option is Option.YES
    assert "Đã ghi nhận: Tán thành." in page.text
    assert page.buttons["Tán thành"]["aria-pressed"] == "true"
    assert "aria-pressed" not in page.buttons["Không tán thành"]
    assert len(hall.events) == 2


async def test_one_rendering_can_send_two_choices_but_each_only_once(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    rendering = Page((await visitor.get(path)).text)
    for label in ("Tán thành", "Không tán thành", "Không tán thành", "Tán thành"):
        await visitor.send_form(path, **rendering.fields_of(label))
    assert [event.body for event in hall.events[1:]] == [Tap(YES), Tap(NO)]
    assert an.option is Option.NO


async def test_a_retried_tap_is_the_same_event(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    first = await visitor.tap(path, YES, event="one tap")
    await visitor.tap(path, NO, event="another tap")
    again = await visitor.tap(path, YES, event="one tap")
    assert first["notice"] == again["notice"] == "Đã ghi nhận: Tán thành."
    assert an.option is Option.NO
    assert len(hall.events) == 3


async def test_pages_cannot_use_up_each_others_events(
    visitor: Visitor, hall: Hall, an: Person, binh: Person
) -> None:
    for someone in (an, binh):
        await visitor.tap(await visitor.open_link(someone), YES, event="the same mark")
    assert an.option is binh.option is Option.YES
    assert len({event.event_id for event in hall.events}) == 4


async def test_a_tap_brings_its_live_card_as_it_is_now_and_no_copy_of_it(
    visitor: Visitor, an: Person
) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.tap(path, YES)
    assert answer["card"] is None
    assert answer["keep"] is True
    board = answer["board"]
    assert isinstance(board, dict)
    [card] = board["cards"]
    assert card["key"] == "ballot-7"
    assert card["version"] == an.cards["ballot-7"][0]
    assert 'aria-pressed="true"' in card["html"]
    assert board["keys"] is None


async def test_what_a_ballot_is_sent_with_goes_along(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    await visitor.tap(path, encode(CastVote(7, Option.OTHER)), text=" Thêm điểm 2\r\nvà 3\0 ")
    assert hall.events[-1].body == Tap(encode(CastVote(7, Option.OTHER)), "Thêm điểm 2\nvà 3")


async def test_the_longest_text_asked_for_is_taken(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    text = "Nguyễn Thị Ế; " * 3500
    assert (await visitor.send_form(path, text=text, send="1")).status_code == 200
    assert hall.events[-1].body == Text(text.strip())


async def test_a_card_of_its_own_is_answered_in_its_place(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.tap(path, encode(ShowHelp()), key="")
    assert str(HELP.lines[0].text) in str(answer["card"])  # type: ignore[union-attr]
    page = Page((await visitor.send_form(path, action=encode(ShowHelp()))).text)
    assert "Chọn một nút" in page.text


async def test_a_question_waits_through_refusals_and_reloads(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    asked = Page((await visitor.send_form(path, action=encode(NewMeeting(1)))).text)
    assert "Tên hội nghị?" in asked.text
    refused = Page((await visitor.send_form(path, text="ab", **asked.fields_of("Gửi"))).text)
    assert "Tên quá ngắn." in refused.text
    assert "Tên hội nghị?" in refused.text
    reloaded = Page((await visitor.get(path)).text)
    assert "Tên hội nghị?" in reloaded.text
    done = Page((await visitor.send_form(path, text="Hội nghị tỉnh", **reloaded.fields_of("Gửi"))).text)
    assert "Đã lập: Hội nghị tỉnh." in done.text
    assert "Tên hội nghị?" not in done.text
    assert [event.body for event in hall.events[2:]] == [Text("ab"), Text("Hội nghị tỉnh")]


async def test_an_answered_question_goes_from_the_live_page(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)
    await visitor.tap(path, encode(NewMeeting(1)), key="")
    refused = await visitor.tap(path, "", text="ab", key="", event="1")
    assert "Tên hội nghị?" in str(refused["card"])
    done = await visitor.tap(path, "", text="Hội nghị", key="", event="2")
    assert (done["card"], done["keep"]) == (None, False)


async def test_a_card_in_the_answers_place_goes_when_its_button_was_taken(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    await visitor.tap(path, encode(ShowHelp()), key="")
    done = await visitor.tap(path, "v1:unknown", key="")
    assert (done["notice"], done["card"], done["keep"]) == ("Nút này không còn dùng.", None, False)
    hall.put(an, "result", result_card())
    elsewhere = await visitor.tap(path, "v1:unknown", key="result")
    assert (elsewhere["card"], elsewhere["keep"]) == (None, True)


@pytest.mark.parametrize(("size", "is_kept"), [(0, True), (FILE_LIMIT, True), (FILE_LIMIT + 1, False)])
async def test_a_file_comes_whole_or_is_told_to_be_too_large(
    visitor: Visitor, hall: Hall, an: Person, *, size: int, is_kept: bool
) -> None:
    path = await visitor.open_link(an)
    content = b"x" * size
    answer = await visitor.post(
        path,
        data={"send": "1"},
        files={"file": ("C:\\tệp\\Danh sách.xlsx", content)},
        headers={"Origin": visitor.address},
    )
    assert answer.status_code == 200
    assert hall.events[-1].body == File("Danh sách.xlsx", size, content if is_kept else None, FILE_LIMIT)


async def test_a_file_of_50_megabytes_is_answered(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    size = 50 * 1024 * 1024
    answer = await visitor.post(
        path, files={"file": ("a.xlsx", b"\0" * size)}, headers={"Origin": visitor.address}
    )
    assert "quá lớn" in Page(answer.text).text
    assert hall.events[-1].body == File("a.xlsx", size, None, FILE_LIMIT)


async def test_a_browser_may_keep_a_large_file_and_tell_its_size(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.post(
        path,
        files={"file_name": (None, "a.xlsx"), "file_size": (None, str(2**30)), "send": (None, "1")},
        headers={"Origin": visitor.address},
    )
    assert answer.status_code == 200
    assert hall.events[-1].body == File("a.xlsx", 2**30, None, FILE_LIMIT)


async def test_an_attachment_can_be_saved_from_answer_and_board(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    answered = Page((await visitor.send_form(path, action=encode(GetWorkbook(1, Template.CBCCVC)))).text)
    [link] = [link for link in answered.links if link.startswith("data:")]
    assert base64.b64decode(link.removeprefix("data:application/octet-stream;base64,")) == WORKBOOK.content
    hall.put(an, "papers", Card((Line("Tài liệu"),), attachments=(WORKBOOK,)))
    shown = Page((await visitor.get(path)).text)
    [link] = [link for link in shown.links if link.startswith("?file=")]
    saved = await visitor.get(path + link)
    assert saved.content == WORKBOOK.content
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    for wrong in ("", "papers.1", "papers.-1", "papers.00", "ballot-7.0"):
        assert (await visitor.get(f"{path}?file={wrong}")).status_code == 404


async def test_a_paper_is_loaded_with_the_cookie_of_ones_own_page_only(
    visitor: Visitor, hall: Hall, an: Person, binh: Person
) -> None:
    hall.papers = {
        7: ("Báo cáo; “bản 2”.pdf", PaperKind.PDF, a_file(PaperKind.PDF, "trang " * 900)),
        8: ("Phụ lục.docx", PaperKind.DOCX, a_file(PaperKind.DOCX)),
    }
    path = await visitor.open_link(an)
    hall.put(an, "papers", Card((Line("Tài liệu"),), attachments=(Handout(7, "Báo cáo.pdf"),)))
    [link] = [link for link in Page((await visitor.get(path)).text).links if link.startswith("?paper=")]
    shown = await visitor.get(path + link)
    assert shown.content == hall.papers[7][2]
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''B%C3%A1o")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    saved = await visitor.get(f"{path}?paper=8")
    assert saved.headers["Content-Disposition"].startswith("attachment;"), "nothing else opens in the browser"
    for wrong, status in (("9", 404), ("", 404), ("-1", 404), ("7x", 404), ("9" * 30, 404)):
        assert (await visitor.get(f"{path}?paper={wrong}")).status_code == status
    async with Visitor(visitor.address) as other:
        assert (await other.get(f"{path}?paper=7")).status_code == 403
        await other.open_link(binh)
        assert (await other.get(f"{path}?paper=7")).status_code == 403


# Live


class Stream:
    """The events of one open page, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, str]:
        """Give the next event's name and data, comments and beats left out."""
        name = data = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                match field:
                    case "event":
                        name = value
                    case "data":
                        data += value
                    case "" if name:
                        return name, data
        raise EOFError

    async def update(self) -> dict[str, object]:
        name, data = await self.next()
        assert name == "board"
        content: dict[str, object] = json.loads(data)
        return content

    async def until(self, key: str, version: int) -> list[dict[str, object]]:
        """Give the updates up to the one that brings a card's version."""
        updates = []
        while True:
            updates.append(update := await self.update())
            cards = update["cards"]
            assert isinstance(cards, list)
            if any((card["key"], card["version"]) == (key, version) for card in cards):
                return updates


@contextlib.asynccontextmanager
async def followed(visitor: Visitor, path: str) -> AsyncIterator[Stream]:
    async with visitor.stream("GET", f"{path}/stream") as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        yield Stream(response)


async def test_a_change_reaches_the_open_page(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    async with followed(visitor, path) as stream:
        first = await stream.update()
        assert (first["whole"], first["keys"]) == (True, ["ballot-7"])
        hall.put(an, "result", result_card())
        second = await stream.update()
        assert second["whole"] is False
        assert second["keys"] == ["ballot-7", "result"]
        assert [card["key"] for card in second["cards"]] == ["result"]  # type: ignore[attr-defined]
        assert "97,83%" in str(second["cards"])
        hall.take_away(an, "ballot-7")
        third = await stream.update()
        assert (third["keys"], third["cards"]) == (["result"], [])


async def test_a_burst_of_changes_becomes_a_few(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    async with followed(visitor, path) as stream:
        await stream.update()
        for turnout in range(300):
            hall.put(an, "panel", Card((Line(f"{turnout}/300"),)))
            await asyncio.sleep(0)
        updates = await stream.until("panel", an.cards["panel"][0])
        assert len(updates) <= 3
        assert "299/300" in str(updates[-1])


async def test_many_pages_are_looked_up_together(
    visitor: Visitor, hall: Hall, an: Person, binh: Person
) -> None:
    paths = [await visitor.open_link(someone) for someone in (an, binh)]
    async with followed(visitor, paths[0]) as one, followed(visitor, paths[1]) as other:
        await one.update()
        await other.update()
        looks = hall.looks
        hall.put(an, "panel", Card((Line("1/2"),)))
        hall.put(binh, "panel", Card((Line("1/2"),)))
        await one.update()
        await other.update()
        assert hall.looks <= looks + 2


async def test_a_page_that_is_taken_away_is_told(visitor: Visitor, hall: Hall, an: Person) -> None:
    path = await visitor.open_link(an)
    async with followed(visitor, path) as stream:
        await stream.update()
        hall.unbind(an)
        assert (await stream.next())[0] == "ended"
        with pytest.raises(EOFError):
            await stream.next()
    assert (await visitor.get(f"{path}/board")).status_code == 410


async def test_a_page_opens_at_most_five_streams(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(followed(visitor, path)) for _ in range(5)]
        for stream in streams:
            await stream.update()
        refused = await visitor.get(f"{path}/stream")
        assert refused.status_code == 429
        assert (await visitor.get(f"{path}/board")).json()["keys"] == ["ballot-7"]


async def test_open_pages_do_not_hold_up_the_end_of_the_program(hall: Hall, an: Person) -> None:
    async with contextlib.AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(hall))
        async with Visitor(address) as visitor:
            path = await visitor.open_link(an)
            async with followed(visitor, path) as stream:
                await stream.update()
                async with asyncio.timeout(4):
                    await stack.aclose()
                with pytest.raises(EOFError):
                    await stream.next()


async def test_pages_become_live_again_after_the_database_was_away(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    async with followed(visitor, path) as stream:
        await stream.update()
        hall.is_broken = True
        hall.put(an, "panel", Card((Line("1/2"),)))
        await hall.next_look()
        hall.is_broken = False
        assert (await stream.update())["keys"] == ["ballot-7", "panel"]


async def test_the_board_can_be_asked_for_where_streams_fail(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    hall.put(an, "result", result_card())
    board = (await visitor.get(f"{path}/board")).json()
    assert (board["title"], board["language"], board["whole"]) == (TITLE, "vi", True)
    assert board["keys"] == [card["key"] for card in board["cards"]] == ["ballot-7", "result"]


# Guards


EVERYWHERE = (
    "/",
    "/i/1-x",
    "/p/x",
    "/nowhere",
    "/playground",
    "/favicon.ico",
    "/static/x/page.css",
)


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_has_safe_headers(visitor: Visitor, path: str) -> None:
    headers = (await visitor.get(path)).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "server" not in headers
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


async def test_pages_ask_for_nothing_from_elsewhere(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)
    for page in (await visitor.get(path), await visitor.get("/"), await visitor.get("/nowhere")):
        assert "style=" not in page.text
        assert "<script>" not in page.text
        for link in Page(page.text).links:
            assert link.startswith(("/", "#")), link


async def test_static_files_are_kept_until_they_change(visitor: Visitor) -> None:
    [style] = [link for link in Page((await visitor.get("/")).text).links if link.endswith(".css")]
    answer = await visitor.get(style)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await visitor.get(style + ".map")).status_code == 404
    assert (await visitor.get("/favicon.ico", follow_redirects=True)).headers[
        "Content-Type"
    ] == "image/svg+xml"


@pytest.mark.parametrize(
    "host", ["192.168.1.5:8080", "[fe80::1]:8080", "localhost", "hall.local", "HOP.example"]
)
async def test_the_hall_may_use_any_address_of_this_server(visitor: Visitor, host: str) -> None:
    assert (await visitor.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "hop.example.evil.example", "hop.example@evil", "", "a b"])
async def test_a_foreign_name_is_refused(visitor: Visitor, host: str) -> None:
    answer = await visitor.get("/", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Referer": "http://evil.example/p/1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_what_comes_from_another_site_is_refused(
    visitor: Visitor, hall: Hall, an: Person, headers: dict[str, str]
) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.post(path, data={"action": YES}, headers=headers)
    assert answer.status_code == 403
    assert "Không có nội dung nào được ghi nhận" in Page(answer.text).text
    assert (await visitor.post(f"/i/{an.token}", headers=headers)).status_code == 403
    assert len(hall.events) == 1


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://hop.example"}])
async def test_what_comes_from_the_page_itself_is_taken(
    visitor: Visitor, an: Person, headers: dict[str, str]
) -> None:
    path = await visitor.open_link(an)
    assert (await visitor.post(path, data={"action": YES}, headers=headers)).status_code == 200
    assert an.option is Option.YES


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"text=" + b"x" * FIELDS_LIMIT, "application/x-www-form-urlencoded", 413),
        (b"&".join([b"a=1"] * 30), "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 400),
        (b"", "", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"--x", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
            + b"y" * (FIELDS_LIMIT + 1)
            + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            413,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 30 + b"--x--\r\n",
            "multipart/form-data; boundary=x",
            413,
        ),
    ],
)
async def test_what_is_no_form_of_ours_is_refused_in_words(
    visitor: Visitor, hall: Hall, an: Person, content: bytes, media_type: str, status: int
) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.post(
        path, content=content, headers={"Content-Type": media_type, "Origin": visitor.address}
    )
    assert answer.status_code == status
    assert "Không có nội dung nào được ghi nhận" in Page(answer.text).text
    assert len(hall.events) == 1


async def test_a_body_without_end_is_cut_off(visitor: Visitor, an: Person) -> None:
    path = await visitor.open_link(an)

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(2000):
            yield b"\0" * 65536

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Origin": visitor.address}
    with contextlib.suppress(httpx.WriteError, httpx.ReadError):
        answer = await visitor.post(path, content=endless(), headers=headers)
        assert answer.status_code == 413


# What goes wrong


@pytest.mark.parametrize(
    ("language", "expected", "title"),
    [
        ("vi", "vi", "Không có trang này"),
        ("en-GB,en;q=0.9", "en", "There is no such page"),
        ("fr, vi;q=0.5", "vi", "Không có trang này"),
        ("", "vi", "Không có trang này"),
    ],
)
async def test_error_pages_speak_the_browsers_language(
    address: str, language: str, expected: str, title: str
) -> None:
    async with Visitor(address, language) as visitor:
        answer = await visitor.get("/nowhere")
        page = Page(answer.text)
        assert (answer.status_code, page.language) == (404, expected)
        assert title in page.text
        assert "/" in page.links


async def test_a_wrong_method_is_refused_in_words(visitor: Visitor) -> None:
    answer = await visitor.put("/", headers={"Origin": visitor.address})
    assert answer.status_code == 405
    assert "Đề nghị quay lại" in Page(answer.text).text


async def test_a_fault_is_told_in_words_and_recorded_nothing(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    hall.is_broken = True
    answer = await visitor.send_form(path, action=YES)
    assert answer.status_code == 500
    assert "CHƯA ghi nhận" in Page(answer.text).text
    assert "Traceback" not in answer.text
    assert "ConnectionError" not in answer.text
    assert path in Page(answer.text).links
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = await visitor.post(
        path, data={"action": YES}, headers={"Origin": visitor.address, "Accept": "application/json"}
    )
    assert answer.status_code == 500
    assert answer.json()["fault"] == "broken"
    assert "CHƯA ghi nhận" in answer.json()["notice"]


async def test_nothing_is_taken_in_before_the_program_listens(hall: Hall, an: Person) -> None:
    platform = WebPlatform(hall, key=KEY, public_url="http://hop.example")
    address = "http://127.0.0.1"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(platform.app), base_url=address) as client:
        answer = await client.post(f"/i/{an.token}", headers={"Origin": address})
        assert answer.status_code == 503
        assert "CHƯA ghi nhận" in Page(answer.text).text
    assert an.page is None


async def test_a_hostile_action_reaches_the_handlers_as_it_is(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    path = await visitor.open_link(an)
    answer = await visitor.tap(path, "v1:vote:7:yes:'; DROP TABLE ballots")
    assert answer["notice"] == "Nút này không còn dùng."
    assert isinstance(hall.events[-1], Incoming)


async def test_showing_a_card_changes_nothing_as_pages_read_for_themselves(hall: Hall) -> None:
    platform = WebPlatform(hall, key=KEY, public_url="http://hop.example")
    ref = await platform.show("page", None, HELP)
    assert await platform.show("page", ref, HELP) == ref


# Playground


async def test_the_playground_opens_anybodys_page(hall: Hall, an: Person, binh: Person) -> None:
    async with served(hall, is_playground=True) as address, Visitor(address) as visitor:
        page = Page((await visitor.get("/playground")).text)
        assert an.name in page.text
        assert binh.name in page.text
        path = await visitor.open_link(binh)
        assert binh.name in (await visitor.get(path)).text


async def test_there_is_no_playground_unless_it_is_switched_on(visitor: Visitor, an: Person) -> None:
    answer = await visitor.get("/playground")
    assert answer.status_code == 404
    assert an.name not in answer.text


async def test_the_playground_is_for_this_machine_only(hall: Hall, an: Person) -> None:
    platform = WebPlatform(hall, key=KEY, public_url="http://hop.example", is_playground=True)
    transport = httpx.ASGITransport(platform.app, client=("192.168.1.20", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://192.168.1.5:8080") as client:
        answer = await client.get("/playground")
        assert answer.status_code == 404
        assert an.name not in answer.text


async def test_headers_without_end_end_the_connection(visitor: Visitor) -> None:
    host, port = visitor.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            for number in range(1_000):
                writer.write(b"X-%d: %s\r\n" % (number, b"x" * 8_000))
                await writer.drain()
            pytest.fail("all of it was taken")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()
    assert (await visitor.get("/")).status_code == 200

"""One's own page on the web, opened from a chat without buttons: over real HTTP, on both databases."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest

from bot.actions import CastVote, encode
from bot.desk import DatabaseDesk
from bot.platforms.base import Answer, File
from bot.platforms.web import WebPlatform
from bot.wording.voice import Voice
from handlers import binding, inviting
from meeting.codes import PageWay, page_token, page_way
from meeting.people import Role
from meeting.refusals import Refused
from meeting.states import PostKind
from meeting.voting import Option
from storage.database import Database
from tests.bot.chatting import Chat, Hall, buttons, links
from tests.fakes.hall import serving
from tests.handlers.journey import KEY, ORGANISER, Journey, plan, seat

AN, BINH = "Trần An", "Lê Bình"


class Street:
    """People in chats, the pages that are served, and browsers."""

    def __init__(self, hall: Hall, address: str) -> None:
        self.hall = hall
        self.address = address

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Accept-Language": "vi", "Origin": self.address}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, trust_env=False) as browser:
            yield browser

    def path(self, answer: Answer) -> str:
        """The path of the page that an answer leads to."""
        assert answer.card is not None, answer
        return httpx.URL(links(answer.card)["Mở trang cá nhân"]).path

    async def page(self, browser: httpx.AsyncClient, path: str) -> str:
        """Press the button at a way in; gives the page's path."""
        opened = await browser.post(path, data={"open": "1"})
        assert opened.status_code == 303, opened.text
        return opened.headers["Location"]


@pytest.fixture
async def street(database: Database) -> AsyncIterator[Street]:
    hall = Hall(database)
    people = (seat(AN), seat(BINH, role=Role.CHAIR))

    async def begin() -> Journey:
        journey = await Journey.planned(database, plan(people), are_bound=False)
        for name in (AN, BINH):
            await journey.bind(name, platform="zalo")
            journey.phones[name] = journey.phones.pop(f"{name} (zalo)")
        await journey.open_meeting()
        await journey.check_in(AN, BINH)
        await journey.state()
        return journey

    hall.journey = await Journey.once(database, ("own page",), begin)
    hall.clock, hall.house = hall.journey.clock, hall.journey.house
    hall.start()
    desk = DatabaseDesk(hall.house, hall.dialogues, Voice("vi"))
    platform = WebPlatform(desk, key=KEY, public_url="http://hop.example")
    async with serving(platform, hall.dialogues.receive) as address:
        yield Street(hall, address)
    await hall.close()


def an(street: Street) -> Chat:
    return street.hall.chat(AN, "zalo")


async def test_a_vote_is_cast_on_the_page_that_the_chat_led_to(street: Street) -> None:
    journey = street.hall.journey
    vote_id = await journey.open_vote()
    answer = await an(street).says("trang ca nhan")
    assert "không chuyển cho người khác" in an(street).told
    async with street.browser() as browser:
        welcome = await browser.get(street.path(answer))
        assert (welcome.status_code, AN in welcome.text) == (200, True)
        assert await journey.electors(vote_id), "looking changes nothing"
        page = await street.page(browser, street.path(answer))
        board = (await browser.get(page)).text
        assert "Biểu quyết" in board
        voted = await browser.post(page, data={"action": encode(CastVote(vote_id, Option.YES)), "event": "1"})
        assert "Đã ghi nhận: Tán thành" in voted.text
        assert await journey.choices(vote_id) == {AN: Option.YES}
        # The same in the chat changes the one ballot that there is.
        await an(street).says("không tán thành")
        assert await journey.choices(vote_id) == {AN: Option.NO}
        again = await browser.get(street.path(await an(street).says("Mở trang")))
        assert (again.status_code, again.headers["Location"]) == (303, page), "the address leads back to it"
    assert PostKind.ALSO_BOUND in await journey.posts_to(AN)


async def test_an_address_ends_after_a_day_or_two_and_with_the_chat_that_asked_for_it(street: Street) -> None:
    hall = street.hall
    first = street.path(await an(street).says("/page"))
    hall.clock.advance(timedelta(days=1))
    async with street.browser() as browser:
        assert (await browser.get(first)).status_code == 200
        hall.clock.advance(timedelta(days=1))
        late = await browser.get(first)
        assert late.status_code == 404
        assert "TRANG CÁ NHÂN" in late.text
        assert (await browser.post(first, data={"open": "1"})).status_code == 404
        fresh = street.path(await an(street).says("my page"))
        journey = hall.journey
        await binding.unbind_account(hall.house, journey.asked(ORGANISER), journey.attendees[AN], "zalo")
        assert (await browser.get(fresh)).status_code == 404
        assert (await browser.post(fresh, data={"open": "1"})).status_code == 404
        await inviting.renew_invitation(hall.house, journey.asked(ORGANISER), journey.attendees[AN])
        await journey.bind(AN, platform="zalo")
        assert street.path(await hall.chat(AN, "zalo").says("my page")) != first


async def test_an_address_that_was_changed_opens_nobodys_page(street: Street) -> None:
    path = street.path(await an(street).says("trang cá nhân"))
    token = path.rpartition("/")[2]
    way = page_way(token)
    assert way is not None
    assert token == page_token(KEY, way)
    other = street.hall.journey.account(BINH)
    forged = [
        token.replace(f"o{way.account_id}-", f"o{other}-"),
        re.sub(r"-(\d+)-([0-9a-f]{32})$", lambda found: f"-{int(found[1]) + 9}-{found[2]}", token),
        page_token(b"another key that is long enough", way),
        page_token(KEY, PageWay(way.account_id, way.person_id + 1, way.day)),
        page_token(KEY, PageWay(way.account_id + 999, way.person_id, way.day)),
        token[:-1],
        token.upper(),
    ]
    async with street.browser() as browser:
        for wrong in forged:
            assert (await browser.get(f"/i/{wrong}")).status_code == 404, wrong
            assert (await browser.post(f"/i/{wrong}", data={"open": "1"})).status_code == 404, wrong
        assert (await browser.get(path)).status_code == 200, "and guessing doesn't shut others out"


async def test_an_organiser_without_a_seat_opens_the_page_to_send_files(street: Street) -> None:
    journey = street.hall.journey
    organiser = street.hall.organiser
    async with street.browser() as browser:
        page = await street.page(browser, street.path(await organiser.says("trang cá nhân")))
        board = (await browser.get(page)).text
        assert "Sở Nội vụ" in board
        assert "Nhập" in board
        assert "Trang cá nhân rồi" not in board
        here = await browser.post(page, data={"text": "trang cá nhân", "send": "1"})
        assert "đang ở trang cá nhân rồi" in here.text
    assert (await journey.acts())[-1] == "account_bound"


async def test_who_founded_an_organisation_and_has_no_meeting_yet_has_a_page_too(founded: Hall) -> None:
    desk = DatabaseDesk(founded.house, founded.dialogues, Voice("vi"))
    platform = WebPlatform(desk, key=KEY, public_url="http://hop.example")
    async with serving(platform, founded.dialogues.receive) as address:
        street = Street(founded, address)
        async with street.browser() as browser, street.browser() as second:
            path = street.path(await founded.organiser.says("mở trang cá nhân"))
            page = await street.page(browser, path)
            assert "Tạo hội nghị" in (await browser.get(page)).text
            moved = await street.page(second, path)
            assert "Tạo hội nghị" in (await second.get(moved)).text
            assert (await browser.get(page)).status_code == 410, "one page at a time"


async def test_a_file_sent_to_a_chat_that_hands_over_none_is_answered_with_the_page(street: Street) -> None:
    answer = await an(street).does(File("", 0, None, 0))
    assert "Bot không nhận được tệp" in answer.notice
    assert street.path(answer).startswith("/i/o")
    telegram = await street.hall.organiser.does(File("a.xlsx", 0, None, 0))
    assert "trang cá nhân" not in str(telegram)


async def test_a_question_for_a_file_names_the_page_where_none_can_be_sent(street: Street) -> None:
    journey = street.hall.journey
    asked = journey.asked(ORGANISER)
    way = await inviting.invite_role(journey.house, asked, journey.meeting_id, Role.ORGANISER)
    assert not isinstance(way, Refused)
    await journey.join(AN, way.token, platform="zalo")
    answer = await an(street).says("nhập từ excel")
    assert answer.card is not None
    assert street.path(answer).startswith("/i/o")
    assert "Hủy" not in buttons(answer.card)
    assert await an(street).question() is None, "nothing waits for what cannot come"
    given = (await an(street).taps(next(iter(buttons(answer.card))))).card
    assert given is not None
    assert given.attachments, "the workbook to be filled in can be had here"
    on_telegram = await street.hall.organiser.says("nhập từ excel")
    assert on_telegram.card is not None
    assert "Hủy" in buttons(on_telegram.card)
    assert not links(on_telegram.card)


async def test_help_offers_the_page_where_there_are_no_buttons(street: Street) -> None:
    await an(street).says("trợ giúp")
    assert street.path(await an(street).taps("Mở trang cá nhân")).startswith("/i/o")
    await street.hall.organiser.says("trợ giúp")
    assert "Mở trang cá nhân" not in await street.hall.organiser.labels()


async def test_strangers_are_given_no_page(street: Street) -> None:
    stranger = street.hall.chat("Người Lạ", "zalo")
    await stranger.says("trang cá nhân")
    assert "mã" in stranger.told.lower()
    assert stranger.answer.card is None

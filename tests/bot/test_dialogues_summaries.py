"""What organisers and the secretary get after meetings: a year in figures, and a news draft."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.actions import DraftNews, ShowOverview
from bot.cards.overview import overview_card
from bot.papers.overview import draw_overview, write_overview
from bot.platforms.base import Attachment, Handout
from bot.wording.refusals import refusal_text
from bot.wording.voice import Voice
from handlers import agenda
from meeting.agenda import ItemKind
from meeting.overview import EndedItem, HeldMeeting, Turnout, overview_of
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.tally import Decision, Tally
from meeting.voting import Option
from storage import meetings
from storage.database import Database
from storage.views import OverviewView
from tests.bot import seen
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import plan, refused, seat

CHAIR, SECRETARY, AN = "Đỗ Chủ Tọa", "Hồ Thư Ký", "Trần An"
ITEMS = (
    PlannedItem("Nghị quyết năm 2026", ItemKind.DOCUMENT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT),
    PlannedItem("=HYPERLINK(1)", ItemKind.OTHER),
)
PNG_MARK = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat(AN),
            seat(CHAIR, role=Role.CHAIR),
            seat(SECRETARY, role=Role.SECRETARY),
            seat("Vắng"),
            seat("Bà Khách", standing=Standing.GUEST),
        ]
        hall = await Hall.opened(database, plan(attendees, ITEMS), absent=("Vắng",))
        journey = hall.journey
        await journey.decide(0, dict.fromkeys((AN, CHAIR, SECRETARY), Option.YES))
        for place, additions in ((1, ("Thêm mục 3",)), (2, ())):
            adopted = await agenda.adopt_item(
                journey.house, journey.asked(SECRETARY), journey.items[place], additions
            )
            assert not isinstance(adopted, Refused), refused(adopted)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting of which everything is decided."""
    async with stage.copy(tmp_path) as hall:
        yield hall


def _attached(file: Attachment | Handout) -> Attachment:
    assert isinstance(file, Attachment)
    return file


async def test_the_organiser_gets_the_year_as_a_card_a_picture_and_a_workbook(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.says("/start")
    assert "Tổng hợp năm 2026" not in await organiser.labels()
    await hall.journey.close_meeting()
    await organiser.says("/start")
    answer = await organiser.taps("Tổng hợp năm 2026")
    assert answer.card is not None
    told = texts(answer.card)
    assert told[:4] == [
        "Tổng hợp năm 2026: Sở Nội vụ",
        "Đã họp: 01; chưa họp xong: 0; đã hủy: 0.",
        "Có mặt trong năm: 3/4 đại biểu được triệu tập (đạt 75,00%).",
        (
            "Nội dung: thống nhất 100%: 01; nhất trí (không kiểm đếm): 01; cơ bản nhất trí, có bổ sung "
            "(không kiểm đếm): 01."
        ),
    ]
    assert "– Nghị quyết năm 2026 – 2026: 3/3 (100%)." in told
    assert "– Quy chế – 2026: cơ bản nhất trí, có bổ sung (không kiểm đếm)." in told
    picture, workbook = map(_attached, answer.card.attachments)
    assert (picture.name, workbook.name) == ("tong-hop-2026.png", "tong-hop-2026.xlsx")
    assert picture.content.startswith(PNG_MARK)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook.content))
    assert book.sheet_names == ["Hội nghị", "Nội dung"]
    rows = book.get_sheet_by_name("Nội dung").to_python()
    assert [row[3:] for row in rows[1:]] == [
        ["Nghị quyết năm 2026", "văn bản thông qua", "thống nhất 100%", 3, 3, "100%"],
        ["Quy chế", "văn bản thông qua", "cơ bản nhất trí, có bổ sung (không kiểm đếm)", "", "", ""],
        ["=HYPERLINK(1)", "nội dung khác", "nhất trí (không kiểm đếm)", "", "", ""],
    ]
    assert list(buttons(answer.card)) == ["Trang chủ"]


async def test_a_year_is_for_organisers_and_a_draft_for_those_who_keep_the_roll(hall: Hall) -> None:
    await hall.journey.close_meeting()
    not_permitted = refusal_text(Voice(), Refused(Refusal.NOT_PERMITTED))
    for name in (AN, CHAIR):
        chat = hall.chat(name)
        assert (await chat.forges(ShowOverview(hall.journey.organisation_id, 2026))).notice == not_permitted
        assert (await chat.forges(DraftNews(hall.journey.meeting_id))).notice == not_permitted
        assert "Dự thảo tin" not in await chat.labels()
    secretary = hall.chat(SECRETARY)
    assert (await secretary.forges(ShowOverview(hall.journey.organisation_id, 2026))).notice == not_permitted
    for one in (secretary, hall.organiser):
        assert (await one.forges(DraftNews(hall.journey.meeting_id))).card is not None


async def test_the_secretary_drafts_the_news_once_the_meeting_is_closed(hall: Hall) -> None:
    secretary = hall.chat(SECRETARY)
    early = await secretary.forges(DraftNews(hall.journey.meeting_id))
    assert early.notice == refusal_text(Voice(), Refused(Refusal.MEETING_NOT_HELD))
    assert "Dự thảo tin" not in await secretary.labels()
    await hall.journey.close_meeting()
    assert await secretary.sees(
        "Có kiểm đếm: 01 nội dung, trong đó thống nhất 100%: 01; không kiểm đếm: 02 nội dung."
    )
    answer = await secretary.taps("Dự thảo tin")
    assert answer.card is not None
    told = texts(answer.card)
    assert told[0] == "DỰ THẢO TIN BÀI – CẦN NGƯỜI DUYỆT"
    assert told[2:5] == [
        "Chiều ngày 30/12/2026, tại Hội trường A, Sở Nội vụ tổ chức Hội nghị.",
        "Tham dự Hội nghị có khách mời: Bà Khách; cùng 3/4 đại biểu được triệu tập (đạt 75,00%).",
        f"Chủ trì Hội nghị: {CHAIR}.",
    ]
    unanimous = "Hội nghị đã biểu quyết thống nhất 100% (3/3 đại biểu có mặt tán thành) thông qua"
    assert f"{unanimous}: Nghị quyết năm 2026." in told
    [file] = map(_attached, answer.card.attachments)
    assert file.name == f"du-thao-tin-{hall.journey.meeting_id}.txt"
    assert all(line.removeprefix("– ") in file.content.decode() for line in told)


async def test_of_a_meeting_that_was_cancelled_there_is_no_news(hall: Hall) -> None:
    async with hall.database.transaction() as tx:
        values = {"state": MeetingState.CLOSED, "cancelled_at": hall.clock.now()}
        await meetings.put_meeting(tx, hall.journey.meeting_id, **values)
    answer = await hall.organiser.forges(DraftNews(hall.journey.meeting_id))
    assert answer.notice == refusal_text(Voice(), Refused(Refusal.MEETING_NOT_HELD))
    year = await hall.organiser.forges(ShowOverview(hall.journey.organisation_id, 2026))
    assert year.card is not None
    assert (texts(year.card)[1], year.card.attachments) == (
        "Đã họp: 0; chưa họp xong: 0; đã hủy: 01.",
        (),
    )


@pytest.mark.parametrize("year", [0, -1, 99_999])
async def test_a_year_that_never_was_is_answered(hall: Hall, year: int) -> None:
    answer = await hall.organiser.forges(ShowOverview(hall.journey.organisation_id, year))
    assert answer.card is not None or answer.notice


# Many years


def held(meeting_id: int, year: int, *items: EndedItem) -> HeldMeeting:
    return HeldMeeting(meeting_id, f"Hội nghị {year}", date(year, 12, 30), Turnout(46, 48), items)


def counted(yes: int, base: int, title: str = "Chỉ tiêu", number: int = 1) -> EndedItem:
    return EndedItem(number, title, ItemKind.VOTE, Decision.ADOPTED, Tally(base, {Option.YES: yes}))


def view(*meetings: HeldMeeting, year: int = 2026) -> OverviewView:
    years = tuple(sorted({each.on.year for each in meetings}))
    return OverviewView(3, "Tỉnh đoàn", overview_of(year, meetings), years, 1, 2)


HISTORY = view(
    held(1, 2024, counted(45, 46, "Chỉ tiêu năm 2024")),
    held(2, 2025, EndedItem(1, "Chỉ tiêu năm 2025", ItemKind.VOTE, Decision.ADOPTED, None)),
    held(3, 2026, *(counted(46, 46, "Chỉ tiêu năm 2026", number) for number in (1, 2, 3, 4))),
    held(4, 2027, counted(46, 46)),
)


def test_an_item_is_followed_over_the_years_and_the_years_beside_are_offered() -> None:
    card = overview_card(Voice(), HISTORY)
    assert "– Chỉ tiêu năm 2026 – 2024: 45/46 (97,83%). 2025: nhất trí (không kiểm đếm). " in seen.whole(card)
    assert "2026: 46/46 (100%); 46/46 (100%) (trước đó 2 lần)." in seen.whole(card)
    assert "– biểu quyết – 2024: 0/1; 2025: không kiểm đếm: 01 nội dung; 2026: 4/4." in seen.whole(card)
    assert list(seen.buttons(card)) == ["Tổng hợp năm 2025", "Tổng hợp năm 2027", "Trang chủ"]
    english = seen.whole(overview_card(Voice("en"), HISTORY))
    assert "Overview of 2026: Tỉnh đoàn" in english
    assert "2025: agreed (not counted)" in english


def test_a_year_without_meetings_says_so_and_nothing_more() -> None:
    card = overview_card(Voice(), replace(HISTORY, overview=overview_of(2020, ())))
    assert seen.texts(card) == ["Tổng hợp năm 2020: Tỉnh đoàn", "Đã họp: 0; chưa họp xong: 01; đã hủy: 02."]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_large_year_still_fits_a_card_a_picture_and_a_workbook(language: str) -> None:
    many = [
        HeldMeeting(
            n,
            "Hội nghị " + "rất dài " * 40,
            date(2026, 1 + n % 12, 1),
            Turnout(0, n % 2, is_by_units=n % 3 == 0),
            tuple(counted(19_999, 20_000, f"#[Nội] *dung* \\ {n} {k}", k) for k in range(1, 6)),
        )
        for n in range(40)
    ]
    voice, large = Voice(language), view(*many)
    card = overview_card(voice, large)
    assert len(card.lines) < 45
    assert len(seen.whole(card)) < 8_000
    assert draw_overview(voice, large).startswith(PNG_MARK)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(write_overview(voice, large))).get_sheet_by_index(1)
    shares = {row[-1] for row in rows.to_python()[1:]}
    assert shares == ({"99,99%"} if language == "vi" else {"99.99%"})

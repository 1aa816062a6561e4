"""What tired, mistaken or hostile people send: a clear answer each, in the page, and nothing is stored."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from enum import Enum
from http import HTTPStatus
from typing import get_type_hints

import pytest
from openpyxl.workbook import Workbook

from bot import actions
from bot.actions import Action, encode
from bot.workbook.writing import write_workbook
from meeting.people import Reply, Role, Standing
from storage.reading import get_roll_view
from tests.bot.workbooks import edited, setting, sheet
from tests.handlers.journey import plan, seat
from tests.journeys.people import Crowd, Page, assemble, found, hand_out, open_vote, store
from tests.journeys.program import StagedProgram
from tests.journeys.stored import count_rows, stored, titles

TITLE = "Báo cáo tổng kết"
SECRETARY = "Lê Văn Thư Ký"


@pytest.fixture
async def program(sqlite_url: str) -> AsyncIterator[StagedProgram]:
    async with StagedProgram(sqlite_url) as program:
        yield program


@pytest.fixture
async def crowd(program: StagedProgram) -> AsyncIterator[Crowd]:
    async with Crowd(program) as crowd:
        yield crowd


@pytest.fixture
async def organiser(program: StagedProgram, crowd: Crowd) -> Page:
    """The organiser's page: the organisation is founded."""
    organiser = crowd.page()
    await found(organiser, await program.founder_link())
    return organiser


# Workbooks


def merged(workbook: Workbook) -> None:
    sheet(workbook, "Đại biểu").merge_cells("B2:B3")


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("danh-sach.txt", "An, Bình")
    return content.getvalue()


OLD_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "Workbook".encode("utf-16-le") + bytes(500)
FINE = plan(["An", "Bình"], units=["Văn phòng"], title="Hội nghị đúng")

BAD_WORKBOOKS = {
    "people twice": (
        edited(setting({"Đại biểu!B3": "An"}), FINE),
        "Trang “Đại biểu”, hàng 3",
        "cùng họ tên, cùng đơn vị. Đề nghị xóa một hàng",
    ),
    "an unknown unit": (
        edited(setting({"Đại biểu!C2": "Văn phòg"}), FINE),
        "Trang “Đại biểu”, hàng 2",
        "không có trong trang đơn vị; gần giống nhất là “Văn phòng”",
    ),
    "a formula": (
        edited(setting({"Đại biểu!B2": '="An"'}), FINE),
        "Trang “Đại biểu”, hàng 2",
        "Ô này là công thức.",
    ),
    "merged cells": (edited(merged, FINE), "Trang “Đại biểu”", "Các ô B2:B3 đang được gộp. Đề nghị bỏ gộp ô"),
    "an old .xls": (OLD_XLS, "", "Đây là tệp Excel kiểu cũ (.xls). Đề nghị mở bằng Excel, chọn “Save As”"),
    "a renamed .zip": (zipped(), "", "không phải"),
    "50 MB": (bytes(50_000_000), "", "Tệp lớn hơn 10 MB. Đề nghị bỏ ảnh và các trang không dùng"),
}


@pytest.mark.parametrize("case", BAD_WORKBOOKS)
async def test_a_bad_workbook_is_answered_with_what_to_correct_and_nothing_is_stored(
    organiser: Page, program: StagedProgram, case: str
) -> None:
    content, place, correction = BAD_WORKBOOKS[case]
    await organiser.tap("Nhập tệp")
    answer = await organiser.send_file("hoi-nghi.xlsx", content)
    assert "Chưa lưu nội dung nào: cần sửa 01 chỗ." in answer
    assert place in answer
    assert correction in answer
    async with stored(program.database_url) as journey:
        assert await titles(journey) == []
        rows = await count_rows(journey)
        assert {rows[table] for table in ("meeting", "attendee", "unit", "item")} == {0}
    # The question is still open: the corrected workbook is taken.
    assert FINE.title in await organiser.send_file("hoi-nghi.xlsx", write_workbook(FINE, "vi"))
    await organiser.tap("Lưu hội nghị")
    async with stored(program.database_url) as journey:
        assert await titles(journey) == [FINE.title]


async def test_more_than_the_server_reads_at_all_is_refused_in_words(organiser: Page) -> None:
    await organiser.tap("Nhập tệp")
    answer = await organiser.send_file("hoi-nghi.xlsx", bytes(70_000_000))
    assert "mỗi tệp tối đa 10 MB" in answer


async def test_a_meeting_in_the_past_warns_and_can_be_stored_all_the_same(
    organiser: Page, program: StagedProgram
) -> None:
    past = edited(setting({"Hội nghị!B6": datetime(2021, 12, 30)}), FINE)  # noqa: DTZ001 - as Excel has it
    await organiser.tap("Nhập tệp")
    answer = await organiser.send_file("hoi-nghi.xlsx", past)
    assert "Ngày này đã qua. Đề nghị kiểm tra ngày, tháng, năm." in answer
    await organiser.tap("Lưu hội nghị")
    async with stored(program.database_url) as journey:
        assert (await journey.meeting()).starts_at.year == 2021


# Links and codes


async def test_looking_at_an_invitation_uses_nothing_up(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    await store(organiser, FINE)
    link = (await hand_out(organiser))["An"].links["Web"]
    async with stored(program.database_url) as journey:
        before = await count_rows(journey)
    preview = crowd.page()
    for _ in range(30):
        assert (await preview.client.head(link)).status_code == HTTPStatus.OK
        welcome = await preview.client.get(link)
        assert "An" in welcome.text
        assert not welcome.cookies
    async with stored(program.database_url) as journey:
        assert await count_rows(journey) == before
    an = crowd.page()
    await an.open_link(link)
    assert await an.tap("Dự họp") == "Đã ghi nhận: đồng chí dự họp."


async def invite(somebody: Page, label: str) -> str:
    """Have a one-time link for a role made."""
    await somebody.tap("Giấy mời")
    await somebody.tap(label)
    assert somebody.answer is not None
    [link] = [line.removeprefix("Web: ") for line in somebody.answer.lines if line.startswith("Web: ")]
    return link


async def test_a_code_that_is_wrong_used_or_replaced_opens_nothing_and_says_so(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    founder_link = await program.founder_link()
    await store(organiser, FINE)
    an = (await hand_out(organiser))["An"]
    stranger = crowd.page()
    assert "Mã không đúng." in await stranger.opened("/", code="ZZZZ-ZZZZ")
    assert "Mã không đúng." in await stranger.opened("/i/1-AAAAAAAAAAAAAAAAAAAAAA", open="1")
    assert "chỉ dùng một lần" in await stranger.opened(founder_link, open="1")
    # A role's link works once.
    link = await invite(organiser, "Đường liên kết cho thư ký")
    secretary = crowd.page()
    await secretary.open_link(link)
    assert await secretary.write(SECRETARY) == f"Đã liên kết: {SECRETARY}."
    assert "chỉ dùng một lần" in await stranger.opened(link, open="1")
    # What is made anew ends what was handed out before.
    await secretary.tap("Đại biểu")
    await secretary.tap("1. An")
    await secretary.tap("Cấp lại đường liên kết")
    assert "Liên kết này đã cũ" in await stranger.opened(an.links["Web"], open="1")
    assert "Mã không đúng." in await stranger.opened("/", code=an.code)


async def test_who_keeps_guessing_codes_has_to_wait(program: StagedProgram, crowd: Crowd) -> None:
    guesser = crowd.page()
    answers = [await guesser.client.post("/", data={"code": f"ZZZZ-ZZ{number}"}) for number in range(10, 31)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert "Đã nhập sai mã quá nhiều lần. Đề nghị thử lại sau" in answers[-1].text
    # Whoever has the right link is not held up.
    assert (await guesser.client.get(await program.founder_link())).status_code == HTTPStatus.OK


async def test_a_link_for_a_role_ends_after_a_week(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    await store(organiser, FINE)
    link = await invite(organiser, "Đường liên kết cho chủ tọa")
    await program.stop()
    program.sleep(timedelta(days=7, minutes=1))
    await program.start()
    assert "đã hết hiệu lực. Đề nghị Ban Tổ chức cấp lại." in await crowd.page().opened(link, open="1")


# Pages and buttons


async def test_a_page_that_was_passed_on_is_nobody_elses(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    await store(organiser, FINE)
    an, thief = crowd.page(), crowd.page()
    await an.open_link((await hand_out(organiser))["An"].links["Web"])
    card, coming = await an.finds("Dự họp")
    thief.path = an.path
    for path in (an.path, f"{an.path}/board", f"{an.path}/stream"):
        looked = await thief.client.get(path)
        assert looked.status_code == HTTPStatus.FORBIDDEN
        assert FINE.title not in looked.text
    looked = await thief.client.get(an.path)
    assert "Trang này thuộc về một trình duyệt khác." in looked.text
    answer = await thief.send({**dict(card.hidden), coming.name: coming.value})
    assert answer["fault"] == "not_your_page"
    async with stored(program.database_url) as journey, journey.database.snapshot() as tx:
        roll = await get_roll_view(tx, journey.meeting_id)
        assert {attendee.reply for attendee in roll.attendees} == {Reply.NONE}


async def test_what_other_sites_send_is_not_taken(organiser: Page, program: StagedProgram) -> None:
    form = {"action": encode(actions.NewMeeting(1)), "event": "from elsewhere"}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": program.address, "Sec-Fetch-Site": "cross-site"},
    ):
        answer = await organiser.client.post(organiser.path, data=form, headers=headers)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Đề nghị mở trang và thực hiện lại tại đó." in answer.text


SEATS = (
    seat("Lê Thị Chủ Tọa", role=Role.CHAIR),
    seat("Lê Văn Thư Ký", role=Role.SECRETARY),
    seat("An"),
    seat("Đỗ Văn Dự Thính", standing=Standing.OBSERVER),
)


async def at_vote(organiser: Page, crowd: Crowd) -> tuple[Page, Page, Page, Page]:
    """Chair, secretary, an elector and an observer, in a vote that is open."""
    await store(organiser, plan(SEATS))
    ways = await hand_out(organiser)
    pages = [crowd.page() for _ in SEATS]
    for person, page in zip(SEATS, pages, strict=True):
        await page.open_link(ways[person.name].links["Web"])
    chair, secretary, an, observer = pages
    await assemble(secretary, chair, pages)
    await open_vote(secretary, chair, TITLE)
    return chair, secretary, an, observer


async def test_an_observer_does_not_vote_and_after_the_close_nobody_does(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    chair, secretary, an, observer = await at_vote(organiser, crowd)
    _, yes = await an.finds("Tán thành")
    assert [card for card in await observer.cards() if card.button("Tán thành")] == []
    refused = await observer.send({yes.name: yes.value})
    assert "không thuộc danh sách biểu quyết của lượt này: khách mời" in refused["notice"]
    for page in (chair, secretary, an):
        await page.tap("Không tán thành")
    await chair.tap("Kết thúc", on=TITLE)
    late = await an.send({yes.name: yes.value})
    assert str(late["notice"]).startswith("Biểu quyết đã kết thúc lúc ")
    async with stored(program.database_url) as journey:
        assert {option.value for option in (await journey.choices(1)).values()} == {"no"}


ALLOWED = (
    actions.ReplyComing,
    actions.ReplyAbsent,
    actions.ReplySubstitute,
    actions.CheckIn,
    actions.LeaveMeeting,
    actions.GiveConsent,
    actions.ReportWrongPerson,
    actions.SetLanguage,
    actions.AskTimezone,
    actions.SetTimezone,
    actions.ShowMeeting,
    actions.AskFloor,
    actions.SendOpinion,
)
"""What any attendee may do."""

FORGED = (
    "",
    "v1",
    "v2:vote:1:yes",
    "v1:vote:1:maybe",
    "v1:vote:1",
    "v1:vote:1:yes:1",
    "v1:vote:-1:yes",
    "v1:vote:١:yes",
    "v1:vote:99999999999999999999:yes",
    "v1:vote:2147483647:yes",
    "v1:closemeeting:2147483647:1",
    "v1:openvote:1:2147483647",
    "v1:sudo:1",
    "v1:vote:1:yes\x00",
    "x" * 10_000,
    "'; DROP TABLE ballot; --",
)


def actions_of_others() -> list[str]:
    """Every action that takes more than being an attendee, about the things with the first ids."""
    return [
        encode(
            kind(*(next(iter(of)) if issubclass(of, Enum) else of(1) for of in get_type_hints(kind).values()))
        )
        for kind in Action.__subclasses__()
        if kind not in ALLOWED
        and getattr(actions, kind.__name__) is kind  # not the class that slots replaced
    ]


async def test_forged_buttons_do_nothing_for_who_may_not_use_them(
    organiser: Page, program: StagedProgram, crowd: Crowd
) -> None:
    _, _, _, observer = await at_vote(organiser, crowd)
    async with stored(program.database_url) as journey:
        before, acts = await count_rows(journey), await journey.acts()
    of_others = actions_of_others()
    assert len(of_others) > 50
    for action in [*FORGED, *of_others]:
        answer = await observer.send({"action": action})
        assert "fault" not in answer, (action, answer)
        assert answer["notice"] or answer["card"], action
        for name in ("An", "Lê Thị Chủ Tọa"):
            assert name not in str(answer), (action, answer)
    async with stored(program.database_url) as journey:
        after = await count_rows(journey)
        assert {table for table in before if before[table] != after[table]} <= {"event_mark"}
        assert await journey.acts() == acts

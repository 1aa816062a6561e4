"""Papers: taken in, listed, handed over, replaced and withdrawn, as the people of a meeting meet them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import (
    AddPapers,
    GetPaper,
    HandOutPapers,
    ReplacePaper,
    ShowPaper,
    ShowPapers,
    UseFiles,
    WithdrawPaper,
)
from bot.platforms.base import Card, Handout
from meeting.agenda import ItemKind
from meeting.papers import MOST_PAPERS, PaperKind
from meeting.people import Role
from meeting.plan import PlannedItem
from storage import papers
from storage.database import Database
from storage.views import PaperView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import plan, seat
from tests.papers import PDF, a_file

DOCX = a_file(PaperKind.DOCX)
REPORT = "Báo cáo tổng kết năm.pdf"
SECRETARY = "Trần Thư Ký"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        people = [seat("Lê An"), seat("Phạm Bình"), seat(SECRETARY, role=Role.SECRETARY)]
        items = [PlannedItem("Báo cáo", ItemKind.REPORT), PlannedItem("Nghị quyết", ItemKind.DOCUMENT)]
        return await Hall.planned(database, plan(people, items))

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting of two items, whose people are linked."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def stored(hall: Hall) -> list[PaperView]:
    async with hall.database.snapshot() as tx:
        return await papers.list_papers(tx, hall.journey.meeting_id)


async def acts(hall: Hall) -> list[str]:
    return [entry.act for entry in await hall.journey.entries() if entry.act.startswith("paper")]


def handed(person: Chat) -> Handout:
    assert person.answer.card is not None, person.answer
    (file,) = person.answer.card.attachments
    assert isinstance(file, Handout)
    return file


async def attach(hall: Hall, content: bytes = PDF, name: str = REPORT, item: int = 0) -> PaperView:
    """Have the secretary attach a paper."""
    secretary = hall.chat(SECRETARY)
    await secretary.forges(AddPapers(hall.journey.meeting_id, item))
    await secretary.sends(content, name)
    await secretary.taps("Xong")
    return (await stored(hall))[-1]


# Attached


async def test_the_secretary_attaches_papers_to_an_item_and_everybody_can_get_them(hall: Hall) -> None:
    secretary, an = hall.chat(SECRETARY), hall.chat("Lê An")
    assert "Tài liệu" not in await an.labels()
    await secretary.taps("Chương trình")
    await secretary.taps("1. Báo cáo")
    await secretary.taps("Tài liệu")
    assert "Chưa có tài liệu nào." in secretary.told
    await secretary.taps("Thêm tài liệu")
    assert secretary.asked == "Gửi tài liệu của mục “1. Báo cáo”, một hoặc nhiều tệp."
    assert "PDF, DOCX, XLSX" in secretary.told
    await secretary.sends(PDF, REPORT)
    assert secretary.asked == f"Đã thêm: {REPORT}."
    await secretary.sends(DOCX, "Phụ lục.docx")
    assert secretary.asked == "Đã thêm: Phụ lục.docx."
    await secretary.says("Xong")
    assert "– Phụ lục.docx" in secretary.told
    assert await secretary.question() is None
    await an.taps("Tài liệu")
    assert an.told.splitlines()[1:3] == ["Tài liệu: Hội nghị", "1. Báo cáo:"]
    assert list(buttons(an.answer.card or Card(()))) == [REPORT, "Phụ lục.docx"], "to get, not to change"
    await an.taps(REPORT)
    assert handed(an).name == REPORT
    assert an.asked.startswith(f"Tài liệu: {REPORT}")
    entries = [entry for entry in await hall.journey.entries() if entry.act == "paper_added"]
    assert [(entry.facts["name"], entry.facts["sha256"]) for entry in entries] == [
        (one.paper.name, one.paper.sha256) for one in await stored(hall)
    ]


async def test_an_album_delivered_twice_is_attached_once(hall: Hall) -> None:
    secretary = hall.chat(SECRETARY)
    await secretary.forges(AddPapers(hall.journey.meeting_id, 0))
    for number in range(3):
        await secretary.sends(a_file(PaperKind.PNG, str(number)), "photo.png")
        await secretary.again()
        assert "đã được ghi nhận trước đó" in secretary.told
        assert "Gửi tài liệu" in secretary.told, "still asked"
    assert len(await stored(hall)) == 3


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PDF, "a.exe", "Loại tệp này không được nhận"),
        (PDF, "a.zip", "PDF, DOCX, XLSX"),
        (PDF, "a.docx", "không đúng với đuôi tệp"),
        (b"", "a.pdf", "Tệp trống"),
        (None, "a.pdf", "Tệp này 24 MB; ở đây nhận tối đa 20 MB"),
    ],
)
async def test_what_is_not_taken_is_told_with_what_to_do_and_the_question_stays(
    hall: Hall, content: bytes | None, name: str, said: str
) -> None:
    secretary = hall.chat(SECRETARY)
    await secretary.forges(AddPapers(hall.journey.meeting_id, 0))
    await secretary.sends(content, name, 24_000_000 if content is None else None)
    assert said in secretary.told
    assert await stored(hall) == []
    await secretary.sends(PDF, REPORT)
    assert [one.paper.name for one in await stored(hall)] == [REPORT]


async def test_the_same_bytes_in_the_same_place_are_one_paper(hall: Hall) -> None:
    await attach(hall)
    secretary = hall.chat(SECRETARY)
    await secretary.forges(AddPapers(hall.journey.meeting_id, 0))
    await secretary.sends(PDF, "Tên khác.pdf")
    assert "không thêm lần nữa" in secretary.told
    await attach(hall, item=hall.journey.items[1])
    assert [one.item_id for one in await stored(hall)] == [None, hall.journey.items[1]]


async def test_there_is_an_end_to_the_number_of_papers(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_PAPERS == 100
    monkeypatch.setattr("handlers.papers.MOST_PAPERS", 2)
    secretary = hall.chat(SECRETARY)
    await secretary.forges(AddPapers(hall.journey.meeting_id, 0))
    for number in range(3):
        await secretary.sends(a_file(PaperKind.PDF, str(number)), f"{number}.pdf")
    assert "quá nhiều tệp" in secretary.told
    assert len(await stored(hall)) == 2


# Sent unasked


async def test_a_file_that_nobody_asked_for_waits_until_it_is_said_what_it_is_for(hall: Hall) -> None:
    secretary = hall.chat(SECRETARY)
    await secretary.sends(PDF, REPORT)
    assert secretary.asked == "Tệp này dùng làm gì?"
    assert list(buttons(secretary.card or Card(()))) == [
        "Tài liệu chung của hội nghị",
        "1. Báo cáo",
        "2. Nghị quyết",
        "Hủy",
    ]
    question = secretary.card
    await secretary.sends(DOCX, "Phụ lục.docx")
    assert secretary.told == "Đã nhận thêm Phụ lục.docx. Bấm ở thẻ trên để chọn các tệp dùng làm gì."
    await secretary.says("mục 2")
    assert "Đề nghị chọn tệp dùng làm gì" in secretary.told
    await secretary.taps("2. Nghị quyết", on=question)
    assert secretary.answer.notice == f"Đã thêm: {REPORT}, Phụ lục.docx."
    found = await stored(hall)
    assert [(one.paper.name, one.item_id) for one in found] == [
        (REPORT, hall.journey.items[1]),
        ("Phụ lục.docx", hall.journey.items[1]),
    ]
    async with hall.database.snapshot() as tx:
        assert await papers.find_piece(tx, found[0].paper_id, 0, 100) == PDF
        assert await papers.find_piece(tx, found[0].paper_id, 4, 4) == PDF[4:8]
    await secretary.taps("1. Báo cáo", on=question)
    assert secretary.answer.notice, "a button of a question that is answered"
    assert len(await stored(hall)) == 2


async def test_an_organisers_table_is_the_workbook_or_a_paper_as_is_said(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.sends(a_file(PaperKind.XLSX), "Danh sách.xlsx")
    assert "Tệp Excel lập hội nghị mới" in buttons(organiser.card or Card(()))
    await organiser.taps("Tệp Excel lập hội nghị mới")
    assert organiser.asked.startswith("Chưa lưu"), organiser.told
    await organiser.taps("Hủy")
    await organiser.sends(a_file(PaperKind.XLSX), "Danh sách.xlsx")
    await organiser.taps("Tài liệu chung của hội nghị")
    assert [one.paper.name for one in await stored(hall)] == ["Danh sách.xlsx"]


async def test_files_can_be_for_another_meeting(hall: Hall) -> None:
    first = hall.journey.meeting_id
    second = await hall.journey.add_meeting(plan(["Lê An"], title="Hội nghị thứ hai"))
    await hall.organiser.sends(PDF, REPORT)
    other = next(
        label for label in buttons(hall.organiser.card or Card(())) if label.startswith("Cho hội nghị")
    )
    await hall.organiser.taps(other)
    await hall.organiser.taps("Tài liệu chung của hội nghị")
    found = []
    for meeting_id in (first, second):
        async with hall.database.snapshot() as tx:
            found += await papers.list_papers(tx, meeting_id)
    assert [one.paper.name for one in found] == [REPORT]


async def test_a_member_who_sends_a_file_is_told_that_none_is_expected(hall: Hall) -> None:
    an = hall.chat("Lê An")
    await an.sends(PDF, REPORT)
    assert "không được lưu" in an.told
    await an.forges(UseFiles(1, hall.journey.meeting_id, 0))
    assert "chọn lại" in an.told
    assert await stored(hall) == []


async def test_a_file_waits_for_a_day_and_is_then_asked_for_again(hall: Hall) -> None:
    secretary = hall.chat(SECRETARY)
    await secretary.sends(PDF, REPORT)
    async with hall.database.transaction() as tx:
        await papers.forget_old_sent_files(tx, hall.clock.now() - timedelta(days=1))
    question = secretary.card
    hall.clock.advance(timedelta(days=2))
    async with hall.database.transaction() as tx:
        await papers.forget_old_sent_files(tx, hall.clock.now() - timedelta(days=1))
    await secretary.taps("1. Báo cáo", on=question)
    assert secretary.told == "Các tệp đã gửi không còn được lưu. Đề nghị gửi lại."
    await secretary.sends(PDF, REPORT)
    await secretary.taps("1. Báo cáo")
    assert [one.paper.name for one in await stored(hall)] == [REPORT]


# Replaced, withdrawn


async def test_a_paper_is_replaced_and_withdrawn_on_record(hall: Hall) -> None:
    old = await attach(hall)
    secretary, an = hall.chat(SECRETARY), hall.chat("Lê An")
    await an.taps("Tài liệu")
    shown = an.card
    await secretary.taps("Tài liệu")
    await secretary.taps("Sửa")
    assert f"SHA-256: {old.paper.sha256}" in secretary.told
    await secretary.taps("Thay tệp khác")
    assert secretary.asked == f"Gửi tệp thay cho {REPORT}."
    await secretary.sends(a_file(PaperKind.PDF, "bản 2"), "Báo cáo bản 2.pdf")
    assert secretary.answer.notice == "Đã thêm: Báo cáo bản 2.pdf."
    await an.taps(REPORT, on=shown)
    assert an.told == "Thư ký đã rút tài liệu này. Đề nghị xem danh mục tài liệu hiện có."
    new = (await stored(hall))[0]
    await secretary.forges(ShowPaper(new.paper_id))
    await secretary.taps("Rút tài liệu")
    assert secretary.asked.startswith("Rút Báo cáo bản 2.pdf?")
    await secretary.taps("Rút tài liệu")
    assert secretary.answer.notice.startswith("Đã rút và ghi vào nhật ký: Báo cáo bản 2.pdf.")
    await secretary.forges(WithdrawPaper(new.paper_id, 1))
    assert secretary.answer.notice == "Báo cáo bản 2.pdf đã được rút trước đó."
    assert await stored(hall) == []
    assert await acts(hall) == ["paper_added", "paper_added", "paper_withdrawn", "paper_withdrawn"]
    async with hall.database.snapshot() as tx:
        assert await papers.find_piece(tx, old.paper_id, 0, 10) is None, "its bytes are kept no more"
    assert "Tài liệu" not in [label for card in await an.live() for label in buttons(card)]


# Handed out


async def test_the_list_is_sent_to_all_once(hall: Hall) -> None:
    secretary, an = hall.chat(SECRETARY), hall.chat("Lê An")
    for number in range(10):
        await attach(hall, a_file(PaperKind.PDF, str(number)), f"Tài liệu {number}.pdf")
    await secretary.taps("Gửi tài liệu tới đại biểu")
    assert secretary.asked == "Gửi danh mục tài liệu (10) tới tất cả đại biểu?"
    await secretary.taps("Gửi")
    assert secretary.told == "Đang gửi danh mục tài liệu tới các đại biểu đã liên kết: 03."
    assert await secretary.sees("danh mục tài liệu"), "how far it has come"
    await secretary.forges(HandOutPapers(hall.journey.meeting_id, 1))
    assert "không gửi hai lần" in secretary.told
    (post,) = [card for card in await an.posts() if "Mở từng tài liệu ở bên dưới." in texts(card)]
    assert list(buttons(post)) == [*(f"Tài liệu {number}.pdf" for number in range(8)), "Tất cả tài liệu"]
    await an.taps("Tài liệu 3.pdf", on=post)
    assert handed(an).name == "Tài liệu 3.pdf"
    await an.taps("Tất cả tài liệu", on=post)
    assert "Trang 2 ›" in buttons(an.card or Card(()))


async def test_the_ballot_leads_to_what_it_is_about(hall: Hall) -> None:
    paper = await attach(hall, item=hall.journey.items[0])
    await attach(hall, DOCX, "Khác.docx", item=hall.journey.items[1])
    await hall.journey.open_meeting()
    for name in ("Lê An", "Phạm Bình", SECRETARY):
        await hall.journey.check_in(name)
    await hall.journey.state()
    await hall.journey.open_vote()
    an = hall.chat("Lê An")
    (ballot,) = [card for card in await an.live() if "Tán thành" in buttons(card)]
    assert [[choice.label for choice in row] for row in ballot.choices] == [
        ["Tán thành", "Không tán thành"],
        ["Ý kiến khác", "Tài liệu"],
    ]
    await an.taps("Tài liệu", on=ballot)
    assert list(buttons(an.card or Card(()))) == [paper.paper.name], "not what belongs to another item"


# Who may


async def test_papers_are_for_those_of_the_meeting_and_changed_by_who_prepares_it(hall: Hall) -> None:
    paper = await attach(hall)
    first = hall.journey.meeting_id
    await hall.journey.add_meeting(plan(["Người Ngoài"], title="Hội nghị khác"))
    await hall.journey.bind("Người Ngoài")
    hall.journey.meeting_id = first
    outsider, an = hall.chat("Người Ngoài"), hall.chat("Lê An")
    for wanted in (GetPaper(paper.paper_id), ShowPapers(first, 0, 0)):
        await outsider.forges(wanted)
        assert "không có tên trong danh sách" in outsider.told, wanted
    for person in (outsider, an):
        for action in (
            AddPapers(first, 0),
            ShowPaper(paper.paper_id),
            ReplacePaper(paper.paper_id),
            WithdrawPaper(paper.paper_id, 0),
            WithdrawPaper(paper.paper_id, 1),
            HandOutPapers(first, 0),
            HandOutPapers(first, 1),
        ):
            await person.forges(action)
            assert "không có quyền" in person.told, action
            assert await person.question() is None, action
    await hall.chat("Người Lạ").forges(GetPaper(paper.paper_id))
    assert "mã" in hall.chat("Người Lạ").told
    for gone in (GetPaper(999), ShowPaper(999), ShowPapers(999, 0, 0), AddPapers(first, 999)):
        await hall.chat(SECRETARY).forges(gone)
        assert "không còn" in hall.chat(SECRETARY).told, gone
    assert await acts(hall) == ["paper_added"]

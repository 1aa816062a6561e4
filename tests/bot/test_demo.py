"""The demo's people: what they read on a page, what they tap, what is written down of it, and where."""

from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.actions import CancelDialogue, CastVote, encode
from bot.demo.folder import FolderError, prepare
from bot.demo.reading import read_card, read_page
from bot.demo.seeds import pledge_signing, staff_conference
from bot.demo.transcript import Part, Transcript, marks
from bot.demo.visitor import VisitError, Visitor
from bot.platforms.base import Ask, Bar, Card, Do, Line, Mark
from bot.web.markup import card_html
from bot.workbook.problems import ProblemKind
from bot.workbook.reading import read_workbook
from bot.workbook.writing import write_workbook
from meeting.regimes import Template
from meeting.voting import Option
from tests.fakes.hall import FILE_QUESTION, QUESTION, TITLE, Hall, Person, home_card, person, served

YES = CastVote(7, Option.YES)


@pytest.fixture
def an() -> Person:
    return person(1, "Nguyễn Thị An")


@pytest.fixture
def hall(an: Person) -> Hall:
    return Hall(an, person(2, "Trần Văn Bình"))


@pytest.fixture
def transcript() -> Transcript:
    return Transcript(TITLE, ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
async def address(hall: Hall) -> AsyncIterator[str]:
    async with served(hall) as address:
        yield address


@pytest.fixture
async def transport() -> AsyncIterator[httpx.AsyncHTTPTransport]:
    async with httpx.AsyncHTTPTransport() as transport:
        yield transport


@pytest.fixture
async def visitor(
    address: str, an: Person, transcript: Transcript, transport: httpx.AsyncHTTPTransport
) -> AsyncIterator[Visitor]:
    visitor = Visitor(address, transcript.add_part(an.name, "đại biểu"), transcript, transport)
    await visitor.open_link(f"{address}/i/{an.token}")
    yield visitor
    await visitor.leave()


# What stands on a page


def test_a_card_is_read_as_a_person_sees_it() -> None:
    card = Card(
        (
            Line("Biểu quyết 5", Mark.STRONG),
            Bar("Tán thành: 45 (97,83%)", 45, 46),
            Line("Ghi chú <b>", Mark.SOFT),
        ),
        ((Do("Tán thành", YES, is_chosen=True), Do("Hủy", CancelDialogue(0))),),
        ask=Ask(limit=20, example="Ví dụ"),
    )
    read = read_card(card_html(card, "vi", key="ballot-7", version=3))
    assert (read.key, read.version, read.takes) == ("ballot-7", 3, frozenset({"text"}))
    assert read.lines == ("Biểu quyết 5", "Tán thành: 45 (97,83%)", "Ghi chú <b>")
    chosen = read.button("Tán thành")
    assert chosen is not None
    assert (chosen.name, chosen.value, chosen.is_chosen) == ("action", encode(YES), True)
    assert read.shown[-1] == "(ô nhập chữ) [Gửi] [✓ Tán thành] [Hủy]"


def test_a_button_is_found_by_its_whole_label_or_by_its_beginning() -> None:
    card = Card((Line("Bảng điều hành"),), ((Do("Tiếp theo: Thảo luận", CancelDialogue(0)),),))
    read = read_card(card_html(card, "vi", key="panel-1", version=1))
    assert read.button("Tiếp theo: …") is read.buttons[0]
    assert read.button("Tiếp theo: ") is None
    assert read.button("tiếp theo: …") is None


def test_what_is_no_card_is_told_from_one() -> None:
    with pytest.raises(ValueError, match="no card"):
        read_card("<p>Trang trống</p>")


def test_a_page_that_was_cut_short_is_read_as_far_as_it_goes() -> None:
    page = read_page('<main><h1>Vào hội nghị</h1></div><form action="/"><button>Tiếp tục</but')
    assert page.title == "Vào hội nghị"
    assert page.form is not None
    assert page.form.action == "/"


# What people do


async def test_a_visitor_taps_and_sees_the_choice_marked(visitor: Visitor, hall: Hall) -> None:
    assert await visitor.tap("Tán thành") == "Đã ghi nhận: Tán thành."
    card = await visitor.sees("Biểu quyết 5")
    chosen = card.button("Tán thành")
    assert chosen is not None
    assert chosen.is_chosen
    assert [event.platform for event in hall.events] == ["web", "web"]


async def test_a_visitor_sees_what_comes_without_loading_the_page(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    hall.put(an, "post-1", Card((Line("Kết quả biểu quyết 5", Mark.STRONG),)))
    assert (await visitor.sees("Kết quả biểu quyết 5")).key == "post-1"
    hall.take_away(an, "ballot-7")
    hall.put(an, "post-2", Card((Line("Tổng hợp", Mark.STRONG),)))
    await visitor.sees("Tổng hợp")
    assert not visitor.offers("Tán thành")


async def test_a_visitor_answers_a_question_and_sends_a_file(
    visitor: Visitor, hall: Hall, an: Person
) -> None:
    hall.put(an, "home-1", home_card())
    await visitor.tap("Lập hội nghị")
    await visitor.sees(QUESTION.lines[1].text if isinstance(QUESTION.lines[1], Line) else "")
    assert await visitor.write("Hội nghị giao ban") == "Đã lập: Hội nghị giao ban."
    await visitor.tap("Gửi tệp")
    assert FILE_QUESTION.ask is not None
    assert await visitor.send_file("a.xlsx", b"PK") == "Đã nhận tệp a.xlsx: 2 byte"


async def test_a_visitor_who_waits_in_vain_says_for_what_and_what_the_page_shows(
    address: str, an: Person, transcript: Transcript, transport: httpx.AsyncHTTPTransport
) -> None:
    part = transcript.add_part(an.name, "")
    hasty = Visitor(address, part, transcript, transport, patience=0.05)
    await hasty.open_link(f"{address}/i/{an.token}")
    with pytest.raises(VisitError) as told:
        await hasty.tap("Không có nút này")
    await hasty.leave()
    assert "Nguyễn Thị An waited" in str(told.value)
    assert "[Không có nút này]" in str(told.value)
    assert "[Tán thành] [Không tán thành] [Ý kiến khác]" in str(told.value)


async def test_a_link_that_opens_nothing_is_told_in_the_words_of_the_page(
    address: str, transcript: Transcript, transport: httpx.AsyncHTTPTransport
) -> None:
    stranger = Visitor(address, transcript.add_part("Người lạ", ""), transcript, transport)
    with pytest.raises(VisitError, match="Mã không đúng"):
        await stranger.open_link(f"{address}/i/9-{'x' * 22}")


# What is written down


async def test_the_transcript_tells_what_was_seen_and_tapped_in_time_order(
    visitor: Visitor, transcript: Transcript
) -> None:
    await visitor.tap("Tán thành")
    await visitor.leave()
    text = transcript.markdown()
    opened = text.index("**N01 Nguyễn Thị An** mở đường liên kết của mình")
    seen = text.index("[Tán thành] [Không tán thành] [Ý kiến khác]")
    tapped = text.index("**N01 Nguyễn Thị An** chạm [Tán thành]: “Đã ghi nhận: Tán thành.”")
    assert opened < seen < tapped < text.index("[✓ Tán thành] [Không tán thành] [Ý kiến khác]")


def test_what_several_people_see_is_written_down_once(transcript: Transcript) -> None:
    people = [transcript.add_part(name, "đại biểu") for name in ("An", "Bình", "Chi", "Dũng")]
    for part in [*people, people[0]]:
        transcript.add_sight(part, ["Kính mời " + part.name, "[Dự họp]"])
    text = transcript.markdown()
    assert "**4 người (N01-N04)** thấy:\n  > Kính mời (họ và tên)\\\n  > [Dự họp]" in text
    assert "**N01 An** thấy" in text


def test_runs_of_people_are_shortened() -> None:
    assert marks([Part(number, "", "") for number in (5, 1, 3, 2, 9)]) == "N01-N03, N05, N09"


def test_the_transcript_gives_no_link_or_code_away_and_shows_text_as_it_is(transcript: Transcript) -> None:
    part = transcript.add_part("An | Bình", "*đại biểu*")
    transcript.add_sight(
        part,
        [
            "Mã: K7QF-2M9X",
            "Web: http://127.0.0.1:1/i/2-CDbCk7YG2_3sh93Rj4lT4A",
            "Web: http://h/j/3-CDbCk7YG2x",
            "1. Mục",
        ],
    )
    text = transcript.markdown()
    assert "K7QF" not in text
    assert "/i/…" in text
    assert "/j/…" in text
    assert "CDbCk7YG2" not in text
    assert r"| N01 | An \| Bình | \*đại biểu\* |" in text
    assert r"> 1\. Mục" in text


# Where it is left


def test_an_empty_or_a_new_folder_is_taken_and_a_demo_replaces_an_earlier_one(tmp_path: Path) -> None:
    folder = tmp_path / "thư mục" / "demo"
    prepare(folder)
    (folder / "bieuquyet.db").write_bytes(b"earlier")
    (folder / "results.json").write_text("{}", encoding="utf-8")
    prepare(folder)
    assert [path.name for path in folder.iterdir()] == ["transcript.md"]


@pytest.mark.parametrize("name", ["bieuquyet.db", "transcript.md", "notes.txt"])
def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"of somebody")
    with pytest.raises(FolderError, match="holds files that no demo made; name another folder"):
        prepare(tmp_path)
    assert (tmp_path / name).read_bytes() == b"of somebody"


def test_a_demo_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "notes.txt").write_bytes(b"of somebody")
    with pytest.raises(FolderError):
        prepare(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_or_a_path_that_no_database_takes_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderError, match="is a file"):
        prepare(tmp_path / "file")
    with pytest.raises(FolderError, match="name another folder"):
        prepare(tmp_path / "file" / "below")
    with pytest.raises(FolderError, match="question mark"):
        prepare(tmp_path / "what?")


# The two meetings


@pytest.mark.parametrize("plan", [staff_conference(), pledge_signing()], ids=["seed-1", "seed-2"])
def test_the_workbook_of_a_seed_is_read_back_as_planned(plan: object) -> None:
    assert isinstance(plan, type(staff_conference()))
    reading = read_workbook(write_workbook(plan, "vi"), "hoi-nghi.xlsx", today=plan.starts_at.date())
    assert (reading.problems, reading.plan) == ((), plan)
    # 3 of 18 against 15 %.
    doubts = [] if plan.template is Template.GIAO_UOC else [ProblemKind.QUOTA_EXCEEDED]
    assert [warning.kind for warning in reading.warnings] == doubts


def test_the_seeds_have_the_people_that_the_issue_tells_of() -> None:
    staff, cluster = staff_conference(), pledge_signing()
    assert len({attendee.name for attendee in staff.attendees}) == staff.headcount == 48
    voting = [attendee for attendee in cluster.attendees if attendee.standing == "voting"]
    assert len(voting) == len({attendee.unit for attendee in voting}) == len(cluster.units) == 7
    assert len(cluster.attendees) > len(voting)

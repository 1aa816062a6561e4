"""An opinion is sent in two steps, and everybody reads what became of it."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.actions import (
    DecideOpinion,
    EnterOpinion,
    GetOpinionTable,
    HideOpinion,
    MergeOpinion,
    SendOpinion,
    ShowItem,
    ShowOpinion,
    ShowOpinions,
    ShowText,
    SortOpinion,
    TakeOpinionTable,
)
from bot.cards.summary import summary_card, summary_markdown
from bot.papers.news import draft_news
from bot.platforms.base import Attachment, Card
from bot.results import results_json
from bot.wording.voice import Voice
from handlers import agenda, moving
from handlers.opinion_tables import TableRow, TableTaken, take_table
from handlers.opinions import Author, OpinionDraft
from meeting.agenda import ItemKind
from meeting.opinions import OPINION_LIMIT, OpinionKind, OpinionState
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.refusals import Refused
from storage.database import Database
from storage.reading import get_results_view
from storage.views import NewsView
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

ITEMS = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT, text="Điều 1. Phạm vi."),
)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat("Trần Chủ", "Phòng Một", role=Role.CHAIR),
            seat("Lê An", "Phòng Một"),
            seat("Phạm Bình", "Phòng Hai"),
            seat("Khách", standing=Standing.GUEST),
        ]
        return await Hall.planned(database, plan(attendees, ITEMS, units=("Phòng Một", "Phòng Hai")))

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting of two items."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def newest(hall: Hall, name: str) -> list[str]:
    return texts((await hall.chat(name).posts())[0])


async def test_an_opinion_is_typed_and_sent_by_its_kind_and_answered_by_the_chair(hall: Hall) -> None:
    member, chair = hall.chat("Lê An"), hall.chat("Trần Chủ")
    await member.taps("Ý kiến")
    assert member.card is not None
    assert texts(member.card) == ["Ý kiến: Hội nghị", "Chưa có ý kiến nào."]
    await member.taps("Gửi ý kiến")
    assert member.asked == "Ý kiến về nội dung nào?"
    await member.taps("1. Báo cáo tổng kết")
    assert member.asked.startswith("Ý kiến của đồng chí về “1. Báo cáo tổng kết”?")
    too_long = await member.says("x" * (OPINION_LIMIT + 100))
    assert too_long.notice == "Nội dung quá dài (4.100 ký tự). Đề nghị gửi nhiều nhất 4.000 ký tự."
    await member.says("Kinh phí lấy từ đâu")
    await member.says("Kinh phí lấy từ nguồn nào?")
    assert member.card is not None
    assert texts(member.card) == [
        "CHƯA gửi: chọn loại ý kiến để gửi.",
        "1. Báo cáo tổng kết",
        "Kinh phí lấy từ nguồn nào?",
    ]
    assert len(member.card.choices) == 3
    answer = await member.taps("Câu hỏi")
    assert answer.notice == "Đã ghi nhận ý kiến số 1. Kết quả xem xét sẽ được báo cho đồng chí."
    assert (await member.again()).notice.startswith("Nội dung này đã được ghi nhận")
    assert "Ý kiến (1 chờ)" in await chair.labels()
    await chair.taps("Ý kiến (1 chờ)")
    assert chair.card is not None
    assert texts(chair.card) == [
        "Ý kiến: Hội nghị",
        "Ý kiến: 1 (chờ xem xét: 1).",
        "1. Lê An (Phòng Một), câu hỏi: Kinh phí lấy từ nguồn nào?",
        "1. Báo cáo tổng kết; chờ xem xét",
    ]
    await chair.taps("1")
    await chair.taps("Giải trình, giải đáp")
    assert chair.asked.startswith("Giải trình, giải đáp ý kiến số 1 thế nào?")
    answer = await chair.says("Từ nguồn tự chủ của cơ quan.")
    assert answer.notice == "Ý kiến số 1: giải trình, giải đáp."
    assert await newest(hall, "Lê An") == [
        "Về ý kiến số 1 của đồng chí",
        "Kinh phí lấy từ nguồn nào?",
        "Kết quả: giải trình, giải đáp",
        "Từ nguồn tự chủ của cơ quan.",
        "Hội nghị",
    ]
    other = hall.chat("Phạm Bình")
    await other.forges(ShowText(hall.journey.items[1], 0, 0))
    await other.taps("Ý kiến", on=other.card)
    assert other.told.startswith("\nÝ kiến: 2. Quy chế")
    await other.forges(ShowOpinions(hall.journey.meeting_id, 0, 0))
    assert other.card is not None
    assert texts(other.card)[-1].endswith("giải trình, giải đáp: Từ nguồn tự chủ của cơ quan.")
    await other.taps("1")
    assert other.card is not None
    assert list(buttons(other.card)) == ["‹ Ý kiến"]


async def test_a_flood_is_told_to_wait_and_keeps_what_it_typed(hall: Hall) -> None:
    member = hall.chat("Khách")
    for place in range(5):
        await member.forges(SendOpinion(hall.journey.meeting_id, hall.journey.items[0]))
        await member.says(f"Lời {place}")
        await member.taps("Ý kiến")
    refused = await member.forges(SendOpinion(hall.journey.meeting_id, hall.journey.items[0]))
    assert refused.notice == ("Ông/bà đã gửi nhiều ý kiến trong một phút. Chờ một phút rồi gửi tiếp.")
    hall.clock.advance(timedelta(minutes=1))
    await member.forges(SendOpinion(hall.journey.meeting_id, hall.journey.items[0]))
    assert member.asked.startswith("Ý kiến của ông/bà về")


async def test_the_secretary_sorts_merges_hides_and_shows_again(hall: Hall) -> None:
    secretary, member = hall.chat(ORGANISER), hall.chat("Lê An")
    await say_it(hall, "Lê An", "Lời khó nghe.")
    await say_it(hall, "Phạm Bình", "Thêm Điều 2. Hiệu lực.")
    await say_it(hall, "Khách", "Cũng thêm Điều 2.")
    await secretary.forges(ShowOpinion(1))
    await secretary.taps("Ẩn ý kiến")
    answer = await secretary.says("Xúc phạm cá nhân")
    assert answer.notice.startswith("Ý kiến số 1 không còn hiển thị")
    assert "Xúc phạm cá nhân" in await newest(hall, "Lê An")
    await hall.chat("Phạm Bình").forges(ShowOpinions(hall.journey.meeting_id, 0, 0))
    assert not await hall.chat("Phạm Bình").sees("Lời khó nghe.")
    await hall.chat("Phạm Bình").forges(ShowOpinion(1))
    assert "Lời khó nghe" not in hall.chat("Phạm Bình").told
    await member.forges(ShowOpinion(1))
    assert "Lời khó nghe." in member.told
    await secretary.forges(ShowOpinion(1))
    await secretary.taps("Hiển thị lại")
    await secretary.forges(ShowOpinion(2))
    await secretary.taps("Phân loại")
    assert buttons(secretary.card)["Ý kiến"].is_chosen if secretary.card else False
    await secretary.taps("Về nội dung khác")
    assert (await secretary.says("9")).notice == "Ý kiến về nội dung nào?"
    await secretary.says("2")
    await secretary.taps("Phân loại")
    await secretary.taps("Đề nghị bổ sung")
    assert secretary.card is not None
    assert texts(secretary.card)[:2] == [
        "Ý kiến số 2: Phạm Bình (Phòng Hai), đề nghị bổ sung",
        "2. Quy chế",
    ]
    await secretary.forges(ShowOpinion(3))
    await secretary.taps("Gộp vào ý kiến khác")
    wrong = await secretary.says("77")
    assert wrong.notice.startswith("Không gộp được")
    answer = await secretary.says("2")
    assert answer.notice == "Ý kiến số 3 nay được xem xét cùng ý kiến số 2."
    await secretary.forges(ShowOpinion(2))
    await secretary.taps("Tiếp thu")
    answer = await secretary.taps("Bổ sung nguyên văn")
    assert answer.notice == "Ý kiến số 2: tiếp thu. Văn bản nay là bản 2."
    assert (await newest(hall, "Khách"))[2] == "Xem xét cùng ý kiến số 2: tiếp thu"
    assert (await hall.journey.item(1)).text == "Điều 1. Phạm vi.\nThêm Điều 2. Hiệu lực."
    await secretary.forges(ShowItem(hall.journey.items[1]))
    await secretary.taps("Ý kiến")
    assert secretary.card is not None
    assert texts(secretary.card)[1] == "Ý kiến: 2 (tiếp thu: 2)."


async def test_a_long_new_text_with_an_addition_in_it_comes_in_several_messages(hall: Hall) -> None:
    await say_it(hall, "Lê An", "Điều 2. Hiệu lực.", hall.journey.items[1], "Đề nghị bổ sung")
    chair, first = hall.chat("Trần Chủ"), "Điều 1. " * 510
    await chair.forges(DecideOpinion(1, OpinionState.TAKEN_UP))
    await chair.taps("Gửi toàn văn mới")
    await chair.says(first)
    assert chair.asked.startswith("Đã nhận 4.079 ký tự.")
    assert (await hall.journey.item(1)).text_version == 1
    answer = await chair.says("Điều 2. Hiệu lực.")
    assert answer.notice == "Ý kiến số 1: tiếp thu. Văn bản nay là bản 2."
    item = await hall.journey.item(1)
    assert item.text == f"{first.strip()}\nĐiều 2. Hiệu lực."


async def say_it(hall: Hall, name: str, text: str, item_id: int | None = None, kind: str = "Ý kiến") -> None:
    chat = hall.chat(name)
    await chat.forges(SendOpinion(hall.journey.meeting_id, item_id or hall.journey.items[0]))
    await chat.says(text)
    await chat.taps(kind)


async def test_opinions_of_units_and_of_people_without_a_phone_are_entered(hall: Hall) -> None:
    secretary = hall.chat(ORGANISER)
    await secretary.forges(EnterOpinion(hall.journey.meeting_id, hall.journey.items[1]))
    assert (await secretary.says("Người lạ")).notice.startswith("Danh sách đại biểu và đơn vị không có")
    await secretary.says("phong hai")
    assert secretary.asked == "Nội dung ý kiến của Phòng Hai về “2. Quy chế”?"
    await secretary.says("Nhất trí với dự thảo.")
    answer = await secretary.taps("Ý kiến")
    assert answer.notice == "Đã ghi nhận ý kiến số 1 của Phòng Hai."
    await secretary.forges(EnterOpinion(hall.journey.meeting_id, 0))
    await secretary.says("phòng")
    assert secretary.card is not None
    assert list(buttons(secretary.card))[-3:] == ["Phòng Một", "Phòng Hai", "Hủy"]
    await secretary.taps("Phòng Một")
    await secretary.says("2")
    await secretary.says("Đề nghị giữ nguyên.")
    answer = await secretary.taps("Kiến nghị")
    assert answer.notice == "Đã ghi nhận ý kiến số 2 của Phòng Một."
    stranger = hall.chat("Lê An")
    assert (await stranger.forges(EnterOpinion(hall.journey.meeting_id, 0))).card is None


async def test_the_table_goes_out_is_filled_in_and_comes_back(hall: Hall) -> None:
    secretary = hall.chat(ORGANISER)
    await say_it(hall, "Lê An", "=HYPERLINK(1) Kinh phí lấy từ đâu?")
    await secretary.forges(ShowOpinions(hall.journey.meeting_id, 0, 0))
    answer = await secretary.taps("Bảng tổng hợp (.xlsx)")
    assert answer.card is not None
    file = answer.card.attachments[0]
    assert isinstance(file, Attachment)
    book = load_workbook(io.BytesIO(file.content))
    sheet = book["Ý kiến"]
    assert [cell.value for cell in sheet[5]] == [
        1,
        1,
        "1. Báo cáo tổng kết",
        "Lê An (Phòng Một)",
        "Ý kiến",
        "=HYPERLINK(1) Kinh phí lấy từ đâu?",
        None,
        None,
        None,
    ]
    assert sheet["F5"].data_type == "s"
    sheet["G5"] = "giải trình"
    sheet.append([2, None, 2, "Phòng Hay", "Bổ sung", "Thêm Điều 2.", "Tiếp thu", None])
    await secretary.taps("Nhận bảng tổng hợp")
    assert (await secretary.says("đây")).notice.startswith("Gửi bảng tổng hợp ý kiến")
    await secretary.sends(saved(book), "bang.xlsx")
    assert secretary.card is not None
    told = texts(secretary.card)
    assert told[0] == "Chưa lưu nội dung nào: cần sửa 02 chỗ."
    assert told[1].startswith("– Trang “Ý kiến”, hàng 5, cột H (Nội dung tiếp thu, giải trình): Ý kiến được")
    assert told[2].endswith("gần nhất là “Phòng Hai”.")
    sheet["H5"], sheet["D6"] = "Từ nguồn tự chủ.", "phòng hai"
    await secretary.sends(saved(book), "bang.xlsx")
    assert secretary.card is not None
    assert texts(secretary.card) == [
        "Nhận bảng tổng hợp này?",
        "Dòng không có số: 1; dòng có kết quả xử lý: 2.",
    ]
    answer = await secretary.taps("Nhận bảng")
    assert answer.notice == "Đã nhận bảng tổng hợp: 1 ý kiến mới, 2 ý kiến có kết quả xử lý."
    assert secretary.card is not None
    assert texts(secretary.card)[1] == "Ý kiến: 2 (tiếp thu: 1; giải trình, giải đáp: 1)."
    assert (await newest(hall, "Lê An"))[0] == "Về ý kiến số 1 của đồng chí"
    told = await newest(hall, "Phạm Bình")
    assert (told[0], told[2]) == ("Về ý kiến số 2 của Phòng Hai", "Kết quả: tiếp thu")


async def test_each_row_of_a_table_that_does_not_fit_the_meeting_is_named(hall: Hall) -> None:
    secretary, items = hall.chat(ORGANISER), hall.journey.items
    await say_it(hall, "Lê An", "Kinh phí lấy từ đâu?")
    await hall.journey.open_meeting()
    await hall.journey.check_in("Trần Chủ", "Lê An", "Phạm Bình")
    await hall.journey.state()
    for act, item_id in ((agenda.skip_item, items[1]), (agenda.go_to_item, items[0])):
        assert not isinstance(await act(hall.house, hall.journey.asked(ORGANISER), item_id), Refused)
    adopted = await agenda.adopt_item(hall.house, hall.journey.asked(ORGANISER), items[0], ())
    assert not isinstance(adopted, Refused)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ý kiến"
    for row in (
        ("Số ý kiến", "Nội dung", "Đơn vị", "Loại ý kiến", "Nội dung góp ý", "Kết quả"),
        ("một", None, None, None, "Kinh phí lấy từ đâu?", "Tiếp thu"),
        (7, None, None, None, "Kinh phí lấy từ đâu?", "Tiếp thu"),
        (1, None, None, None, "Kinh phí lấy ở đâu?", "Tiếp thu"),
        (1, None, "Lê An", None, "Kinh phí lấy từ đâu?", "Ghi nhận"),
        (None, 1, "Phòng Hai", "Bổ sung", "Điều 9.", None),
        (None, 2, "Phòng Hai", None, "Nhất trí.", None),
        (None, None, "Phòng Hai", None, "Cảm ơn.", None),
        (None, "chung", "phong hai", "Câu hỏi", " Cảm ơn. ", None),
    ):
        sheet.append(row)
    await secretary.forges(TakeOpinionTable(hall.journey.meeting_id))
    await secretary.sends(saved(book), "bang.xlsx")
    assert secretary.card is not None
    problems = texts(secretary.card)[1:-1]
    assert [problem.split("hàng ")[1].split(" (")[0] for problem in problems] == [
        "2, cột A",
        "3, cột A",
        "4, cột E",
        "5, cột A",
        "6, cột D",
        "7, cột B",
        "9, cột E",
    ]
    for problem, told in zip(
        problems,
        (
            "Hội nghị không có ý kiến mang số này.",
            "Hội nghị không có ý kiến mang số này.",
            "Ý kiến mang số này trong hội nghị có nội dung khác.",
            "Ý kiến này đã có ở hàng 4.",
            "Nội dung này đã có kết luận nên không bổ sung vào văn bản được nữa.",
            "Cần số thứ tự hoặc tên nội dung trong chương trình.",
            "Ý kiến này đã có ở hàng 8.",
        ),
        strict=True,
    ):
        assert told in problem


async def test_the_words_of_an_addition_that_stands_in_the_text_may_still_be_given(hall: Hall) -> None:
    await hall.journey.appoint("Thư ký", Role.SECRETARY)
    secretary, chair, item_id = hall.chat("Thư ký"), hall.chat("Trần Chủ"), hall.journey.items[1]
    await say_it(hall, "Lê An", "Điều 2. Hiệu lực.", item_id, "Đề nghị bổ sung")
    await chair.forges(DecideOpinion(1, OpinionState.TAKEN_UP))
    await chair.taps("Bổ sung nguyên văn")
    assert "Ghi nội dung tiếp thu" in buttons(chair.card or Card(()))
    await chair.taps("Ghi nội dung tiếp thu")
    await chair.says("Thêm vào cuối Quy chế.")
    assert (await newest(hall, "Lê An"))[3] == "Thêm vào cuối Quy chế."
    answer = await chair.forges(GetOpinionTable(hall.journey.meeting_id))
    assert answer.card is not None
    assert list(buttons(answer.card)) == ["‹ Ý kiến"], "who presides hands the table to the secretary"
    file = answer.card.attachments[0]
    assert isinstance(file, Attachment)
    book = load_workbook(io.BytesIO(file.content))
    sheet = book["Ý kiến"]
    for state, words, told in (
        ("Ghi nhận", None, "Nội dung bổ sung số 1 đã đưa vào văn bản nên vẫn là đã tiếp thu. Đề nghị sửa"),
        ("Tiếp thu", "Đã bổ sung Điều 2.", "Đã nhận bảng tổng hợp: 0 ý kiến mới, 1 ý kiến có kết quả"),
    ):
        sheet["G5"], sheet["H5"] = state, words
        await secretary.forges(TakeOpinionTable(hall.journey.meeting_id))
        await secretary.sends(saved(book), "bang.xlsx")
        assert (await secretary.taps("Nhận bảng")).notice.startswith(told)
    assert (await newest(hall, "Lê An"))[3] == "Đã bổ sung Điều 2."
    assert (await hall.journey.item(1)).text == "Điều 1. Phạm vi.\nĐiều 2. Hiệu lực."


async def test_nothing_is_offered_or_asked_that_a_meeting_s_state_forbids(hall: Hall) -> None:
    meeting_id, items = hall.journey.meeting_id, hall.journey.items
    organiser, chair = hall.chat(ORGANISER), hall.chat("Trần Chủ")
    await say_it(hall, "Lê An", "Điều 2.", items[1], "Đề nghị bổ sung")
    await say_it(hall, "Lê An", "Điều 9.", items[0], "Đề nghị bổ sung")
    await agenda.skip_item(hall.house, hall.journey.asked(ORGANISER), items[0])
    await chair.forges(DecideOpinion(2, OpinionState.TAKEN_UP))
    assert chair.asked.startswith("Tiếp thu ý kiến số 2 thế nào?"), "what is left out gets no new text"
    asked = hall.journey.asked(ORGANISER)
    cancelled = await moving.cancel_meeting(hall.house, asked, meeting_id, "Mưa bão")
    assert not isinstance(cancelled, Refused)
    assert await chair.question() is None
    for action in (
        DecideOpinion(1, OpinionState.ANSWERED),
        DecideOpinion(1, OpinionState.TAKEN_UP),
        SortOpinion(1),
        MergeOpinion(1),
        HideOpinion(1),
    ):
        assert (await chair.forges(action)).notice.startswith("Hội nghị đã hủy"), action
        assert chair.answer.card is None
    for shown, offered in (
        (ShowOpinions(meeting_id, 0, 0), ["2", "1", "Bảng tổng hợp (.xlsx)", "‹ Về hội nghị"]),
        (ShowOpinion(1), ["‹ Ý kiến"]),
        (GetOpinionTable(meeting_id), ["‹ Ý kiến"]),
    ):
        answer = await organiser.forges(shown)
        assert answer.card is not None
        assert list(buttons(answer.card)) == offered


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def test_summary_and_results_hold_what_was_said_but_nothing_of_what_is_hidden(hall: Hall) -> None:
    secretary = hall.chat(ORGANISER)
    await say_it(hall, "Lê An", "Kinh phí *lấy* từ đâu?")
    await say_it(hall, "Phạm Bình", "Cùng câu hỏi.")
    await say_it(hall, "Khách", "Lời khó nghe.")
    await secretary.forges(MergeOpinion(2))
    await secretary.says("1")
    await secretary.forges(HideOpinion(3))
    await secretary.says("Xúc phạm cá nhân")
    await secretary.forges(ShowOpinion(1))
    await secretary.taps("Giải trình, giải đáp")
    await secretary.says("Từ nguồn tự chủ.")
    async with hall.database.snapshot() as tx:
        view = await get_results_view(tx, hall.journey.meeting_id)
    assert "Ý kiến: 2 (giải trình, giải đáp: 2)." in texts(summary_card(Voice(), view))
    document = summary_markdown(Voice(), view)
    for said in (
        "Lê An (Phòng Một), ý kiến: Kinh phí \\*lấy\\* từ đâu?",
        "Phạm Bình (Phòng Hai), ý kiến: Cùng câu hỏi.",
        "Nội dung 1: Báo cáo tổng kết. Kết quả: giải trình, giải đáp: Từ nguồn tự chủ.",
    ):
        assert said in document
    assert "Lời khó nghe" not in document
    news = " ".join(draft_news(NewsView(view, (), (), ())).paragraphs)
    assert "Các đại biểu đã gửi 02 ý kiến đến Hội nghị; Chủ tọa đã giải trình, giải đáp 02 ý kiến." in news
    opinions = results_json(view)["opinions"]
    assert [
        (one["number"], one["item"], one["name"], one["state"], one["merged_into"], one["text"])
        for one in opinions
    ] == [
        (1, 1, "Lê An", "answered", None, "Kinh phí *lấy* từ đâu?"),
        (2, 1, "Phạm Bình", "merged", 1, "Cùng câu hỏi."),
        (3, 1, "Khách", "hidden", None, None),
    ]
    assert opinions[0]["answer"] == "Từ nguồn tự chủ."
    assert "Xúc phạm" not in str(opinions)


async def test_who_sent_several_is_told_of_all_in_one_message(hall: Hall) -> None:
    await say_it(hall, "Lê An", "Kinh phí lấy từ đâu?")
    await say_it(hall, "Lê An", "Ai chịu trách nhiệm?")
    before = len(await hall.chat("Lê An").posts())
    rows = [
        TableRow(
            number,
            Author(),
            OpinionDraft(None, OpinionKind.COMMENT, text),
            OpinionState.ANSWERED,
            answer,
        )
        for number, text, answer in (
            (1, "Kinh phí lấy từ đâu?", "Nguồn tự chủ."),
            (2, "Ai chịu trách nhiệm?", "Văn phòng."),
        )
    ]
    asked = hall.journey.asked(ORGANISER)
    taken = await take_table(hall.house, asked, hall.journey.meeting_id, rows)
    assert taken == TableTaken(hall.journey.meeting_id, added=0, decided=2)
    assert len(await hall.chat("Lê An").posts()) == before + 1
    assert (await newest(hall, "Lê An"))[:3] == [
        "Kết quả xem xét 2 ý kiến của đồng chí",
        "1. Kinh phí lấy từ đâu? – giải trình, giải đáp: Nguồn tự chủ.",
        "2. Ai chịu trách nhiệm? – giải trình, giải đáp: Văn phòng.",
    ]
    await hall.chat(ORGANISER).forges(DecideOpinion(1, OpinionState.LEFT))
    assert (await newest(hall, "Lê An"))[0] == "Về ý kiến số 1 của đồng chí"
    assert texts((await hall.chat("Lê An").posts())[1])[0] == "Về ý kiến số 2 của đồng chí"

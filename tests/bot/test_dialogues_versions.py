"""A text is amended and voted on: read by phone, compared word by word, held still under the vote."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions import (
    AddToText,
    ChooseTextItem,
    ChooseTextPaper,
    CopyText,
    QuotePaper,
    RestoreText,
    ShowAgenda,
    ShowChanges,
    ShowItem,
    ShowText,
)
from bot.cards.summary import summary_markdown
from bot.results import results_json
from bot.wording.voice import VIETNAM, Voice
from handlers import opinion_outcomes, opinions, papers, versions
from meeting.agenda import ItemKind
from meeting.opinions import OpinionKind
from meeting.papers import Paper, PaperKind
from meeting.plan import PlannedItem
from meeting.refusals import Refused
from storage.reading import get_results_view, get_text_view
from storage.views import TextView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan

QUY_CHE = (
    "Điều 1. Cụm họp mỗi năm hai lần, do cụm trưởng triệu tập.\n"
    "Điều 2. Các đơn vị trong cụm phấn đấu đạt 90% đoàn viên hoàn thành nhiệm vụ."
)
ITEMS = (
    PlannedItem("Quy chế hoạt động", ItemKind.DOCUMENT, text=QUY_CHE),
    PlannedItem("Kế hoạch hoạt động", ItemKind.DOCUMENT),
)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    meeting = plan(["Trần An", "Lê Bình"], ITEMS)
    return set_up_stage(lambda database: Hall.opened(database, meeting))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with its attendance stated."""
    async with stage.copy(tmp_path) as hall:
        yield hall


@pytest.fixture
async def chair(hall: Hall) -> Chat:
    """Who presides, at the first item."""
    await hall.organiser.taps("Bắt đầu: Quy chế hoạt động")
    return hall.organiser


def offered(person: Chat) -> list[str]:
    """The buttons of the last answer."""
    return [] if person.answer.card is None else list(buttons(person.answer.card))


async def text_of(hall: Hall, place: int = 0) -> TextView:
    async with hall.database.snapshot() as tx:
        return await get_text_view(tx, hall.journey.items[place])


async def test_an_amended_text_is_compared_before_it_is_voted_on_and_adopted_with_additions(
    hall: Hall, chair: Chat
) -> None:
    an = hall.chat("Trần An")
    await chair.taps("Văn bản")
    await chair.taps("Bổ sung nội dung")
    await chair.says("Điều 3. Cụm trưởng luân phiên hằng năm.")
    assert chair.answer.notice == "Đã ghi nhận: văn bản nay là bản 2."
    assert "[+ Điều 3. Cụm trưởng luân phiên hằng năm. +]" in chair.told

    # A new wording says what it adds, so that the result can.
    await chair.taps("‹ Toàn văn")
    await chair.taps("Sửa toàn văn")
    await chair.says((await text_of(hall)).newest.text.replace("90%", "95%"))
    await chair.says("Nâng chỉ tiêu lên 95%.")
    assert "đạt [− 90% −] [+ 95% +] đoàn viên" in chair.told
    assert "Điều 1" not in chair.told, "what is the same is left out"

    assert await an.sees("Văn bản hiện là bản 3.")
    await an.taps("Văn bản")
    assert an.asked == "1. Quy chế hoạt động"
    await an.taps("So với bản 1")
    assert "[− 90% −] [+ 95% +]" in an.told
    assert "[+ Điều 3." in an.told

    await chair.taps("Biểu quyết bằng điện thoại")
    assert await chair.sees("Quy chế hoạt động, bản 3")
    await chair.taps("Mở biểu quyết")
    assert await an.sees("Quy chế hoạt động, bản 3")
    assert await an.sees("– Nâng chỉ tiêu lên 95%.")
    await an.taps("Văn bản")
    assert "Điều 3. Cụm trưởng luân phiên" in an.told
    await chair.forges(ShowText(hall.journey.items[0], 0, 0))
    await chair.taps("Bổ sung nội dung")
    assert chair.answer.notice.startswith("Nội dung này đang có lượt biểu quyết.")
    assert await chair.question() is None

    for name in ("Trần An", "Lê Bình"):
        await hall.chat(name).taps("Tán thành")
    await chair.taps("Kết thúc")
    await chair.taps("Công bố kết quả")
    told = "\n".join(texts((await an.posts())[0]))
    assert "Quy chế hoạt động, bản 3" in told
    assert "– Điều 3. Cụm trưởng luân phiên hằng năm.\n– Nâng chỉ tiêu lên 95%." in told
    assert "Thông qua có bổ sung, thống nhất 100%" in told
    await chair.forges(ShowText(hall.journey.items[0], 0, 0))
    assert offered(chair) == ["So với bản 1", "So với bản 2", "Bản 2", "‹ Nội dung", "Ý kiến"]


async def test_what_is_agreed_in_principle_with_additions_has_no_percentage(hall: Hall, chair: Chat) -> None:
    await chair.taps("Văn bản")
    await chair.taps("Bổ sung nội dung")
    await chair.says("Tổ chức sinh hoạt chuyên đề mỗi quý.")
    await chair.taps("Nhất trí, không kiểm đếm")
    told = "\n".join(texts((await hall.chat("Trần An").posts())[0]))
    assert "cơ bản nhất trí" in told
    assert "bổ sung 01 nội dung" in told
    assert "– Tổ chức sinh hoạt chuyên đề mỗi quý." in told
    assert "%" not in told
    async with hall.database.snapshot() as tx:
        view = await get_results_view(tx, hall.journey.meeting_id)
    told_too = results_json(view)
    assert [(one["item"], one["version"], one["is_decided"]) for one in told_too["versions"]] == [
        (1, 1, False),
        (1, 2, True),
    ]
    newest = (await text_of(hall)).newest
    assert told_too["versions"][1] == {
        "item": 1,
        "version": 2,
        "sha256": newest.sha256,
        "addition": "Tổ chức sinh hoạt chuyên đề mỗi quý.",
        "opinion": None,
        "paper": None,
        "made_at": newest.made_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "is_decided": True,
    }
    assert (told_too["items"][0]["decision"], told_too["items"][0]["version"]) == (
        "adopted_with_additions",
        2,
    )
    summary = summary_markdown(Voice(), view)
    assert f"Văn bản: bản 2 (SHA-256: {newest.sha256})." in summary
    assert "Nội dung bổ sung:\n\n- Tổ chức sinh hoạt chuyên đề mỗi quý." in summary


async def test_a_passage_is_pasted_from_a_paper_and_a_long_one_comes_in_several_messages(
    hall: Hall, chair: Chat
) -> None:
    item_id = hall.journey.items[1]
    paper = Paper("Kế hoạch năm.docx", PaperKind.DOCX, 5, "1" * 64)
    asked = hall.journey.asked(ORGANISER)
    await papers.add_paper(hall.house, asked, hall.journey.meeting_id, item_id, paper, b"PK")
    await chair.forges(ShowItem(item_id))
    await chair.taps("Nhập văn bản")
    assert "Nội dung này chưa có văn bản trên hệ thống." in chair.told
    await chair.taps("Trích từ tài liệu")
    await chair.taps("Kế hoạch năm.docx")
    assert "dán đoạn của tài liệu Kế hoạch năm.docx" in chair.asked
    await chair.says("Một. " * 810)
    assert chair.asked.startswith("Đã nhận 4.049 ký tự.")
    hall.start()
    await chair.says("Hai.")
    assert chair.answer.notice == "Đã ghi nhận: văn bản nay là bản 1."
    assert "Trích từ tài liệu: Kế hoạch năm.docx" in chair.told
    assert (await text_of(hall, 1)).newest.text.endswith("Một.\nHai.")
    await chair.taps("Trang 2 ›")
    assert chair.told.endswith("Hai.")

    await chair.taps("Sửa toàn văn")
    await chair.says("Ba. " * 1_010)
    await chair.taps("Xong")
    await chair.says("bỏ qua")
    assert chair.answer.notice == "Đã ghi nhận: văn bản nay là bản 2."
    await chair.taps("‹ Toàn văn")
    await chair.taps("Sửa toàn văn")
    await chair.says("Bốn. " * 1_000)
    assert "bổ sung điều gì?" in chair.asked, "what is longer than any phone's message came whole"
    await chair.says("huỷ bỏ")
    await chair.forges(ShowText(item_id, 2, 0))
    await chair.taps("Bản 1")
    await chair.taps("Khôi phục bản này")
    assert (await text_of(hall, 1)).newest.version == 3
    assert (await text_of(hall, 1)).newest.text == (await text_of(hall, 1)).versions[0].text


async def test_bad_input_and_late_changes_get_a_clear_answer_each(hall: Hall, chair: Chat) -> None:
    item_id = hall.journey.items[0]
    await chair.taps("Văn bản")
    await chair.taps("Sửa toàn văn")
    for wrong in ("", "x" * 20_001):
        await chair.says(wrong)
        assert chair.answer.notice
        assert await chair.question() is not None
    await chair.says(QUY_CHE)
    await chair.taps("Bỏ qua")
    assert chair.answer.notice == "Văn bản đã có đúng nội dung này. Không có gì thay đổi."

    # Somebody else was quicker.
    await chair.forges(ShowText(item_id, 0, 0))
    await chair.taps("Sửa toàn văn")
    async with hall.database.snapshot() as tx:
        newest = (await get_text_view(tx, item_id)).newest.version
    assert newest == 1
    secretary = hall.journey.asked(ORGANISER)
    assert not isinstance(await versions.add_to_text(hall.house, secretary, item_id, "Điều 3."), Refused)
    await chair.says("Khác.")
    await chair.taps("Bỏ qua")
    assert chair.answer.notice.startswith("Văn bản đã được sửa sau khi đồng chí mở.")
    assert (await text_of(hall)).newest.version == 2

    for unknown in (ShowText(item_id, 9, 0), ShowText(99, 0, 0), ShowChanges(item_id, 1, 9, 0)):
        await chair.forges(unknown)
        assert chair.answer.notice
        assert chair.answer.card is None
    await chair.forges(QuotePaper(item_id, 99))
    assert chair.answer.notice
    await chair.forges(RestoreText(item_id, 1, 1))
    assert chair.answer.notice.startswith("Văn bản đã được sửa sau khi đồng chí mở.")


async def test_a_text_says_which_opinion_it_was_made_by(hall: Hall, chair: Chat) -> None:
    item_id = hall.journey.items[0]
    draft = opinions.OpinionDraft(item_id, OpinionKind.ADDITION, "Điều 3. Khen thưởng.")
    asked = hall.journey.asked("Trần An")
    sent = await opinions.send_opinion(hall.house, asked, hall.journey.meeting_id, draft)
    assert isinstance(sent, opinions.OpinionSent)
    taken = await opinion_outcomes.take_into_text(
        hall.house, hall.journey.asked(ORGANISER), sent.opinion_id, "Điều 3. Khen thưởng."
    )
    assert not isinstance(taken, Refused)
    assert await chair.sees("Văn bản hiện là bản 2.")
    await hall.chat("Trần An").taps("Văn bản")
    assert "Lập khi tiếp thu ý kiến số 1." in hall.chat("Trần An").told


async def test_an_item_without_a_text_takes_over_another_s_and_keeps_it_when_that_one_changes(
    hall: Hall, chair: Chat
) -> None:
    items = hall.journey.items
    await chair.forges(ShowText(items[1], 0, 0))
    await chair.taps("Lấy từ nội dung khác")
    taken_over = chair.card
    await chair.taps("1. Quy chế hoạt động")
    assert chair.answer.notice == "Đã ghi nhận: văn bản nay là bản 1."
    assert (await text_of(hall, 1)).versions[-1].text == QUY_CHE
    await chair.taps("1. Quy chế hoạt động", on=taken_over)
    assert chair.answer.notice.startswith("Văn bản đã được sửa"), "what is there is not overwritten"
    await chair.forges(AddToText(items[0]))
    await chair.says("Điều 3. Khen thưởng.")
    assert [version.text for version in (await text_of(hall, 1)).versions] == [QUY_CHE]
    an = hall.chat("Trần An")
    for action in (CopyText(items[1], items[0]), ChooseTextItem(items[1], 0)):
        await an.forges(action)
        assert an.answer.notice.startswith("Đồng chí không có quyền")


async def test_members_read_and_compare_but_change_nothing(hall: Hall) -> None:
    an, item_id = hall.chat("Trần An"), hall.journey.items[0]
    await an.forges(ShowAgenda(hall.journey.meeting_id, 0))
    await an.taps("1. Quy chế hoạt động")
    assert offered(an) == ["‹ Chương trình", "Ý kiến"]
    for action in (RestoreText(item_id, 1, 1), ChooseTextPaper(item_id, 0), QuotePaper(item_id, 1)):
        await an.forges(action)
        assert an.answer.notice.startswith("Đồng chí không có quyền")
    stranger = hall.chat("Người lạ")
    await stranger.forges(ShowText(item_id, 0, 0))
    assert stranger.answer.notice
    assert stranger.answer.card is None

"""Titles by dialogue: each name asked about until it is clear, quotas warned of, told when announced."""

from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path

import pytest

from bot import actions
from bot.cards.summary import summary_markdown
from bot.dialogues.recipients import typed_recipients
from bot.dialogues.title_decisions import typed_quota
from bot.papers.news import draft_news
from bot.platforms.base import Card
from bot.results import results_json
from bot.wording.titles import counts_text, exact_text, quota_text, share_text
from bot.wording.voice import Voice
from handlers import agenda
from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.titles import MOST_RECIPIENTS, Quota, QuotaCheck, RecipientKind, TitleCounts
from storage import titles as stored
from storage.database import Database
from storage.reading import get_news_view, get_results_view
from storage.views import TitleView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

VI = Voice("vi")
DECISION = "Quyết định số 12/QĐ-TĐ ngày 28/12/2026 của Tỉnh đoàn"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        attendees = [
            seat("Trần Chủ", "Văn phòng", role=Role.CHAIR),
            seat("Lê An", "Văn phòng"),
            seat("Lê Ân", "Ban Tổ chức"),
            seat("Phạm Bình", "Ban Tổ chức"),
            seat("Võ Khách", standing=Standing.GUEST),
        ]
        items = (
            PlannedItem("Báo cáo", ItemKind.REPORT),
            PlannedItem("Công bố khen thưởng", ItemKind.COMMENDATION),
        )
        return await Hall.opened(database, plan(attendees, items, units=("Văn phòng", "Ban Tổ chức")))

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    async with stage.copy(tmp_path) as hall:
        yield hall


def shown(chat: Chat) -> Card:
    assert chat.card is not None
    return chat.card


async def newest(chat: Chat) -> list[str]:
    return texts((await chat.posts())[0])


async def add_title(chat: Chat, title: str, *answers: str) -> None:
    await chat.taps("Thêm danh hiệu")
    await chat.says(title)
    for answer in answers or ("Bỏ qua",) * 3:
        await (chat.taps("Bỏ qua") if answer == "Bỏ qua" else chat.says(answer))


async def listed(hall: Hall) -> list[TitleView]:
    async with hall.database.snapshot() as tx:
        return await stored.list_titles(tx, hall.journey.meeting_id)


async def test_a_decision_is_prepared_step_by_step_and_announced_with_congratulations(hall: Hall) -> None:
    organiser, chair = hall.chat(ORGANISER), hall.chat("Trần Chủ")
    await organiser.taps("Việc khác …")
    await organiser.taps("Danh hiệu")
    assert organiser.card is not None
    assert texts(organiser.card) == ["Danh hiệu: Hội nghị", "Chưa có quyết định danh hiệu nào."]
    await organiser.taps("Thêm danh hiệu")
    assert "Bỏ qua" not in buttons(shown(organiser))
    assert (await organiser.says("2021")).notice.startswith("Đề nghị ghi bằng chữ")
    await organiser.says("Lao động tiên tiến")
    await organiser.says("12/QĐ-TĐ")
    assert (await organiser.says("hôm kia")).notice.startswith("Ngày chưa đọc được")
    await organiser.says("28/12/2026")
    answer = await organiser.says("Tỉnh đoàn")
    assert answer.notice == "Đã thêm quyết định. Tiếp theo, thêm tập thể, cá nhân được công nhận."
    await organiser.taps("Thêm tập thể")
    assert "Mỗi dòng một tập thể" in organiser.asked
    await organiser.says("1. văn phòng\n2) Ban Tổ chức")
    await organiser.taps("Thêm cá nhân")
    await organiser.says("- Lê An; Văn phòng\n- Phạm Bình\n- Võ Khách")
    assert texts(shown(organiser))[:2] == [
        "“Lao động tiên tiến”: 02 tập thể và 03 cá nhân",
        "Quyết định số 12/QĐ-TĐ ngày 28/12/2026 của Tỉnh đoàn; chưa công bố",
    ]
    await chair.forges(actions.GoToItem(hall.journey.items[1]))
    assert await chair.sees("– “Lao động tiên tiến”: 02 tập thể và 03 cá nhân")
    await chair.taps("Công bố danh hiệu (1)")
    assert "Công bố các nội dung này?" in chair.asked
    sure = chair.card
    assert (await chair.taps("Công bố", on=sure)).notice == ("Đã công bố 01 danh hiệu. Nội dung này đã xong.")
    assert (await chair.taps("Công bố", on=sure)).notice.startswith("Chưa có quyết định nào")
    recognised = f"{DECISION} công nhận danh hiệu “Lao động tiên tiến” cho 02 tập thể và 03 cá nhân."
    assert await newest(hall.chat("Lê Ân")) == ["Hội nghị", "2. Công bố khen thưởng", f"– {recognised}"]
    own = await newest(hall.chat("Lê An"))
    assert own == [
        "Hội nghị",
        "Trân trọng chúc mừng đồng chí Lê An.",
        f"Được công nhận danh hiệu “Lao động tiên tiến”. {DECISION}.",
    ]
    assert "Trân trọng chúc mừng ông/bà Võ Khách." in await newest(hall.chat("Võ Khách"))
    assert "Lê An" not in "\n".join(await newest(hall.chat("Lê Ân")))
    await organiser.taps("Danh hiệu")
    await organiser.taps("1. Lao động tiên tiến")
    assert "Sửa quyết định" not in buttons(shown(organiser))
    await tell_of_it_afterwards(hall, recognised)


async def tell_of_it_afterwards(hall: Hall, recognised: str) -> None:
    """Summary, results and news draft say what was announced, and how many, never whom."""
    await hall.journey.close_meeting()
    summary = await newest(hall.chat("Lê Ân"))
    assert summary[-2:] == [
        "Danh hiệu đã công bố: 02 tập thể và 03 cá nhân.",
        "– “Lao động tiên tiến”: 02 tập thể và 03 cá nhân",
    ]
    async with hall.database.snapshot() as tx:
        results = await get_results_view(tx, hall.journey.meeting_id)
        news = draft_news(await get_news_view(tx, hall.journey.meeting_id)).text
    assert results_json(results)["titles"] == [
        {"title": "Lao động tiên tiến", "collectives": 2, "individuals": 3}
    ]
    paper = summary_markdown(VI, results)
    assert f"- {recognised.removesuffix('.')}\n" in paper
    assert f"Dịp này, Hội nghị đã công bố {recognised}" in news
    assert "Hội nghị đã nghe: Công bố khen thưởng" not in news
    assert not [text for text in (*summary, paper, news) if "Lê An" in text]


async def test_names_that_are_not_clear_are_asked_about_one_after_the_other(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Việc khác …")
    await organiser.taps("Danh hiệu")
    await add_title(organiser, "Hai giỏi")
    await organiser.taps("Thêm cá nhân")
    await organiser.says("Phạm Bình\nLe An\nNgười Lạ\nVõ Khạch\nTrần Chủ")
    assert organiser.asked == "“Le An” là ai?"
    question = shown(organiser)
    assert list(buttons(question))[:4] == [
        "Lê An, Văn phòng",
        "Lê Ân, Ban Tổ chức",
        "Ngoài danh sách: giữ như đã ghi",
        "Bỏ dòng này",
    ]
    (before,) = await listed(hall)
    assert before.counts == TitleCounts(0, 0)
    await organiser.taps("Lê Ân, Ban Tổ chức")
    assert organiser.asked == "“Người Lạ” là ai?"
    assert "Không có ai tên như vậy" in organiser.told
    stale = await organiser.taps("Lê An, Văn phòng", on=question)
    assert stale.notice.startswith("Nút này không còn hiệu lực")
    await organiser.taps("Ngoài danh sách: giữ như đã ghi")
    assert organiser.asked == "“Võ Khạch” là ai?"
    await organiser.says("Võ Khách")
    assert texts(shown(organiser))[0] == "“Hai giỏi”: 05 cá nhân"
    assert "3. Người Lạ (ngoài danh sách: đề nghị tự thông báo)" in organiser.told
    await organiser.taps("✕ 3. Người Lạ")
    await organiser.taps("Bỏ ra")
    assert texts(shown(organiser))[0] == "“Hai giỏi”: 04 cá nhân"
    await organiser.taps("Thêm cá nhân")
    assert "“Lê Ân” đã có trong danh sách" in (await organiser.says("Lê Ân")).notice
    await organiser.says("Ai Đó")
    await organiser.taps("Bỏ dòng này")
    (after,) = await listed(hall)
    assert after.counts == TitleCounts(0, 4)
    assert await organiser.question() is None


async def test_a_decision_is_edited_warned_about_and_withdrawn(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.taps("Việc khác …")
    await organiser.taps("Danh hiệu")
    await add_title(organiser, "Lao động tiên tiến")
    await organiser.taps("Thêm cá nhân")
    await organiser.says("Lê An; Văn phòng\nLê Ân; Ban Tổ chức\nPhạm Bình")
    await organiser.taps("‹ Danh hiệu")
    await add_title(organiser, "Chiến sĩ thi đua cơ sở")
    await organiser.taps("Thêm cá nhân")
    await organiser.says("Phạm Bình")
    await organiser.taps("Sửa quyết định")
    await organiser.taps("Tỷ lệ tối đa")
    assert "15%; Lao động tiên tiến" in (await organiser.says("nhiều")).notice
    await organiser.says("15% của Lao động tiên tiến")
    warning = (
        "⚠ Vượt tỷ lệ quy định: 1/3 (33,33%) cá nhân đạt danh hiệu “Lao động tiên tiến”; tối đa 15% "
        "(15% của 3 là 0,45). Cách làm tròn do địa phương quy định: đề nghị kiểm tra; vẫn công bố được."
    )
    assert warning in organiser.told
    await organiser.taps("Sửa quyết định")
    await organiser.taps("Số, ký hiệu")
    await organiser.says("15/QĐ")
    (_, fighter) = await listed(hall)
    assert (fighter.number, fighter.quota) == ("15/QĐ", Quota(3, 20, "Lao động tiên tiến"))
    await organiser.taps("‹ Danh hiệu")
    assert "Tổng cộng: 04 cá nhân." in organiser.told
    chair = hall.chat("Trần Chủ")
    asked = await chair.forges(actions.CloseMeeting(hall.journey.meeting_id, 0))
    assert asked.card is not None
    warned = "Còn 02 danh hiệu chưa công bố; sau khi bế mạc không công bố được nữa. Vẫn bế mạc?"
    assert texts(asked.card)[0].endswith(f"sẽ được ghi là không xem xét. {warned}")
    await organiser.taps("Công bố danh hiệu (2)")
    assert "⚠ “Chiến sĩ thi đua cơ sở”: Vượt tỷ lệ" in organiser.told
    sure = organiser.card
    await organiser.taps("Việc khác …")
    await organiser.taps("Danh hiệu")
    await organiser.taps("2. Chiến sĩ thi đua cơ sở")
    await organiser.taps("Rút quyết định")
    assert (await organiser.taps("Rút quyết định")).notice.startswith("Đã rút quyết định")
    assert "thay đổi" in (await organiser.taps("Công bố", on=sure)).notice, "it is not what was shown"
    assert [title.title for title in await listed(hall)] == ["Lao động tiên tiến"]


async def test_a_meeting_without_such_an_item_gets_one_and_members_see_nothing_before(hall: Hall) -> None:
    organiser, member = hall.chat(ORGANISER), hall.chat("Lê An")
    journey = hall.journey
    await agenda.skip_item(journey.house, journey.asked(ORGANISER), journey.items[1])
    await organiser.taps("Việc khác …")
    await organiser.taps("Danh hiệu")
    await add_title(organiser, "Hai giỏi")
    title_id = (await listed(hall))[0].title_id
    for action in (
        actions.ShowTitles(journey.meeting_id, 0),
        actions.ShowTitle(title_id, 0),
        actions.AddRecipients(title_id, RecipientKind.INDIVIDUAL),
        actions.AnnounceTitles(journey.items[1], 0, ""),
        actions.AddCommendation(journey.meeting_id),
        actions.SetAdvisory(journey.items[0], 1),
    ):
        assert (await member.forges(action)).card is None
    await organiser.taps("‹ Danh hiệu")
    await organiser.taps("Thêm nội dung khen thưởng")
    assert [item.title for item in await journey.agenda()][-1] == "Công bố các quyết định khen thưởng"
    await organiser.taps("Công bố danh hiệu (1)")
    assert organiser.answer.notice == (
        "Danh hiệu “Hai giỏi” chưa có tập thể, cá nhân nào. Thêm danh sách hoặc rút quyết định rồi công bố."
    )
    await organiser.forges(actions.AddRecipients(title_id, RecipientKind.INDIVIDUAL))
    too_many = "\n".join(f"Người {'x' * (n % 7)} {n}" for n in range(MOST_RECIPIENTS + 1))
    assert "quá dài" in (await organiser.says(too_many)).notice


async def test_an_item_is_switched_to_opinions_and_back_on_its_card(hall: Hall) -> None:
    organiser = hall.chat(ORGANISER)
    await organiser.forges(actions.ShowItem(hall.journey.items[0]))
    await organiser.taps("Chuyển sang tham gia ý kiến")
    assert "tham gia ý kiến, người đứng đầu quyết định" in organiser.told
    await organiser.forges(actions.SetAdvisory(hall.journey.items[0], 1))
    assert "không có gì thay đổi" in organiser.answer.notice
    await organiser.taps("Chuyển sang hội nghị quyết định")
    assert "tham gia ý kiến" not in organiser.told
    await organiser.forges(actions.ShowItem(hall.journey.items[1]))
    assert "Chuyển sang tham gia ý kiến" not in buttons(shown(organiser))


# Words


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (TitleCounts(6, 18), "06 tập thể và 18 cá nhân"),
        (TitleCounts(0, 3), "03 cá nhân"),
        (TitleCounts(6, 0), "06 tập thể"),
        (TitleCounts(12, 1_250), "12 tập thể và 1.250 cá nhân"),
        (TitleCounts(), "0 cá nhân"),
    ],
)
def test_recipients_are_counted_as_official_prose_has_it(counts: TitleCounts, text: str) -> None:
    assert counts_text(VI, counts) == text


def test_a_quota_is_told_exactly_and_is_only_a_warning() -> None:
    """Seed 1: 3 of 18 against 15 %."""
    quota = Quota(15, 100, "Lao động tiên tiến")
    exceeded = quota_text(VI, QuotaCheck(quota, 3, 18))
    assert exceeded.startswith("Vượt tỷ lệ quy định: 3/18 (16,67%) cá nhân")
    assert "(15% của 18 là 2,7)" in exceeded
    assert "vẫn công bố được" in exceeded
    assert quota_text(VI, QuotaCheck(quota, 2, 18)).startswith("Trong tỷ lệ quy định: 2/18 (11,11%)")
    assert quota_text(VI, QuotaCheck(quota, 5, 3)).startswith("Vượt tỷ lệ quy định: 5/3 cá nhân")
    assert quota_text(VI, QuotaCheck(quota, 5, None)).startswith("Chưa kiểm tra được tỷ lệ tối đa 15%")
    assert [exact_text(Fraction(n, 20), "vi") for n in (54, 20, 1)] == ["2,7", "1", "0,05"]
    assert [share_text(Fraction(1, n), "en") for n in (3, 8, 1)] == ["1/3", "12.5%", "100%"]


@pytest.mark.parametrize(
    ("typed", "quota"),
    [
        ("15%; Lao động tiên tiến", Quota(3, 20, "Lao động tiên tiến")),
        ("12,5 % của Lao động tiên tiến", Quota(1, 8, "Lao động tiên tiến")),
        ("1/3 Hai giỏi", Quota(1, 3, "Hai giỏi")),
        ("15%", None),
        ("0%; Hai giỏi", None),
        ("101%; Hai giỏi", None),
        ("1/0; Hai giỏi", None),
        ("Hai giỏi", None),
    ],
)
def test_a_quota_is_typed_as_people_write_it(typed: str, quota: Quota | None) -> None:
    assert typed_quota(typed) == quota


def test_lists_are_read_as_they_are_pasted() -> None:
    pasted = "1. Lê An\tVăn phòng\n\n2) Trần Bình ; Ban Tổ chức\n• Phạm Chi"
    named = typed_recipients(pasted, RecipientKind.INDIVIDUAL)
    assert [(one.name, one.unit) for one in named] == [
        ("Lê An", "Văn phòng"),
        ("Trần Bình", "Ban Tổ chức"),
        ("Phạm Chi", ""),
    ]

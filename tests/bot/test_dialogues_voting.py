"""Votes: the chair's steps, taps and typed words, opinions, counted hands, the secretary's help."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import (
    AddOpinion,
    AdmitElector,
    AnnounceVote,
    CancelVote,
    CastFor,
    CastVote,
    CloseVote,
    EnterHands,
    FindElector,
    OpenVote,
    PrepareVote,
    RepeatVote,
    ShowElector,
    ShowJoint,
    ShowLatecomers,
    ShowMissing,
    SplitVote,
)
from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.tally import Decision
from meeting.voting import Method, Option, VoteState
from storage.database import Database
from storage.views import VoteView
from tests.bot.chatting import Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

REPEATED = "Nội dung này đã được ghi nhận trước đó; gửi lại không làm thay đổi gì."
YES, NO, OTHER = "Tán thành", "Không tán thành", "Ý kiến khác"
COUNTED = {
    YES: "Đã ghi nhận: Tán thành. Được đổi trước khi kết thúc.",
    NO: "Đã ghi nhận: Không tán thành. Được đổi trước khi kết thúc.",
    OTHER: "Đã ghi nhận: Ý kiến khác. Được đổi trước khi kết thúc.",
}
ITEMS = (
    PlannedItem("Báo cáo tổng kết", ItemKind.REPORT),
    PlannedItem("Nghị quyết", ItemKind.DOCUMENT),
    PlannedItem("Quy chế", ItemKind.DOCUMENT),
)
PEOPLE = [seat(name) for name in ("Trần An", "Lê Bình", "Phạm Cường")] + [
    seat("Võ Khách", standing=Standing.GUEST)
]


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        hall = await Hall.opened(database, plan(PEOPLE, ITEMS))
        await hall.organiser.taps("Bắt đầu: Báo cáo tổng kết")
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting at its first item, the attendance stated, everybody present."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def open_vote(hall: Hall, how: str = "Biểu quyết bằng điện thoại") -> int:
    """Have the chair draft and open a vote on the current item."""
    await hall.organiser.taps(how)
    await hall.organiser.taps("Mở biểu quyết")
    assert "Đã mở biểu quyết" in hall.organiser.answer.notice, hall.organiser.answer
    return (await newest(hall)).vote_id


async def newest(hall: Hall) -> VoteView:
    vote_id = 0
    while True:
        try:
            await hall.journey.vote(vote_id + 1)
        except LookupError:
            return await hall.journey.vote(vote_id)
        vote_id += 1


async def choices(hall: Hall) -> dict[str, Option]:
    return await hall.journey.choices((await newest(hall)).vote_id)


async def opinions(hall: Hall) -> dict[str, str]:
    electors = await hall.journey.electors((await newest(hall)).vote_id)
    return {name: elector.opinion for name, elector in electors.items() if elector.opinion}


async def open_second_vote(hall: Hall) -> int:
    """A second meeting of the same organisation with an open vote, in which the same person votes too."""
    first = hall.journey.meeting_id
    await hall.journey.add_meeting(plan(["Trần An"], ITEMS, title="Hội nghị thứ hai"))
    await hall.journey.bind("Trần An")
    await hall.journey.open_meeting()
    await hall.journey.check_in("Trần An")
    await hall.journey.state()
    vote_id = await hall.journey.open_vote()
    hall.journey.meeting_id = first
    return vote_id


# A whole vote


async def test_a_vote_from_the_draft_to_the_announcement(database: Database) -> None:
    hall = await Hall.opened(database, plan(PEOPLE, ITEMS))
    chair, an, binh = hall.organiser, hall.chat("Trần An"), hall.chat("Lê Bình")
    await chair.taps("Bắt đầu: Báo cáo tổng kết")
    assert chair.answer.notice == "Nội dung 1: Báo cáo tổng kết"
    await chair.taps("Biểu quyết bằng điện thoại")
    assert "qua tin nhắn và trang web" in chair.answer.notice
    await chair.taps("Mở biểu quyết")
    assert chair.answer.notice == "Đã mở biểu quyết. Cơ sở tính: 03."
    assert list(buttons((await an.live())[0])) == [YES, NO, OTHER]
    await an.taps(YES)
    assert an.answer.notice == f"{COUNTED[YES]} Đã biểu quyết: 1/3."
    await an.again()
    assert an.answer.notice == "Đồng chí đã chọn: Tán thành. Đã biểu quyết: 1/3."
    await binh.taps(NO)
    await binh.taps(YES)
    assert binh.answer.notice == f"{COUNTED[YES]} Đã biểu quyết: 2/3."
    assert await chair.sees("Đã biểu quyết: 2/3")
    assert not await chair.sees("Tán thành: 02"), "no partial count is shown"
    await chair.taps("Kết thúc")
    assert chair.asked == "Còn 01 đại biểu chưa biểu quyết."
    await chair.taps("Để sau")
    assert (await newest(hall)).state is VoteState.OPEN
    await chair.taps("Kết thúc", on=(await chair.live())[0])
    await chair.taps("Kết thúc", on=chair.card)
    assert "2/3 đại biểu có mặt tán thành" in chair.answer.notice
    assert not await an.sees("2/3"), "nothing is shown before it is announced"
    await an.says(NO)
    assert "Biểu quyết đã kết thúc lúc" in an.answer.notice
    await chair.taps("Công bố kết quả")
    await chair.again()
    assert chair.answer.notice == REPEATED
    assert await an.sees("2/3 đại biểu có mặt tán thành")
    assert (await hall.journey.item(0)).decision is Decision.ADOPTED
    await hall.close()


async def test_the_chair_is_asked_once_more_only_while_somebody_is_missing(hall: Hall) -> None:
    await open_vote(hall)
    for name in ("Trần An", "Lê Bình", "Phạm Cường"):
        await hall.chat(name).taps(YES)
    assert await hall.organiser.sees("tất cả đã biểu quyết (3/3)")
    await hall.organiser.taps("Kết thúc")
    assert "thống nhất" not in hall.organiser.answer.notice, "the verdict comes with the announcement"
    assert (await newest(hall)).state is VoteState.CLOSED


async def test_pause_go_on_deadline_and_more_time(hall: Hall) -> None:
    chair, an = hall.organiser, hall.chat("Trần An")
    await chair.taps("Biểu quyết bằng điện thoại")
    await chair.taps("Mở trong 3 phút")
    assert await an.sees("Được đổi trước 13:0")
    await chair.taps("Tạm dừng")
    assert "Đã tạm dừng" in chair.answer.notice
    await an.says("tán thành")
    assert "tạm dừng" in an.answer.notice
    assert await choices(hall) == {}
    await chair.taps("Tiếp tục")
    await an.taps(YES)
    assert await choices(hall) == {"Trần An": Option.YES}
    await chair.taps("Tạm dừng")
    await chair.taps("Thêm 2 phút")
    assert "2 phút" in chair.answer.notice
    vote = await newest(hall)
    assert vote.state is VoteState.OPEN
    assert vote.deadline_at is not None
    hall.clock.advance(timedelta(minutes=3))
    await an.taps(NO)
    assert "đã kết thúc lúc" in an.answer.notice, "the deadline holds though nobody closed yet"


async def test_a_vote_is_closed_reopened_and_cancelled_with_a_reason(hall: Hall) -> None:
    chair = hall.organiser
    vote_id = await open_vote(hall)
    await hall.chat("Trần An").taps(YES)
    await chair.forges(CloseVote(vote_id, 1))
    await chair.taps("Mở lại")
    assert (await newest(hall)).state is VoteState.OPEN
    await chair.taps("Hủy lượt")
    assert "Lý do" in chair.asked
    for wrong in ("", "  ", "L" * 2_001):
        await chair.says(wrong)
        assert chair.answer.notice
        assert (await newest(hall)).state is VoteState.OPEN
    hall.start()
    await chair.says("Đọc nhầm bản dự thảo")
    assert "Đã hủy lượt biểu quyết" in chair.answer.notice, chair.answer.notice
    await chair.again()
    assert chair.answer.notice == REPEATED
    assert await hall.chat("Trần An").sees("Đọc nhầm bản dự thảo")
    await chair.taps("Biểu quyết lại")
    await chair.taps("Mở biểu quyết")
    assert (await newest(hall)).run == 2


async def test_a_reason_to_cancel_is_not_asked_for_what_is_over(hall: Hall) -> None:
    chair = hall.organiser
    vote_id = await open_vote(hall)
    await chair.taps("Hủy lượt")
    await chair.forges(CloseVote(vote_id, 1))
    await chair.forges(AnnounceVote(vote_id))
    assert await chair.question() is None
    await chair.says("Đọc nhầm")
    assert "chưa được ghi nhận" in chair.answer.notice
    await chair.forges(CancelVote(vote_id))
    assert "công bố" in chair.answer.notice
    assert (await newest(hall)).state is VoteState.ANNOUNCED


async def test_the_method_of_a_draft_is_changed(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps("Biểu quyết bằng điện thoại")
    await chair.taps("Chuyển sang giơ tay")
    assert "giơ tay, có kiểm đếm" in chair.answer.notice
    drafted = await newest(hall)
    assert (drafted.number, drafted.method) == (1, Method.HANDS)
    await chair.taps("Chuyển sang điện thoại")
    assert (await newest(hall)).method is Method.CHAT


# Typed votes


TYPED = [
    ("Tán thành", Option.YES),
    ("tan thanh", Option.YES),
    ("  TÁN   THÀNH. ", Option.YES),
    (unicodedata.normalize("NFD", "tán thành"), Option.YES),
    ("đồng ý", Option.YES),
    ("không tán thành", Option.NO),
    ("khong tan thanh", Option.NO),
    ("ko đồng ý", Option.NO),
    (unicodedata.normalize("NFD", "không đồng ý"), Option.NO),
    ("Ý kiến khác", Option.OTHER),
    ("y kien khac: giảm mức chi", Option.OTHER),
    ("Ý KIẾN KHÁC:giảm mức chi", Option.OTHER),
]


async def test_a_choice_is_typed_in_any_form(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    for text, option in TYPED:
        await an.says(text)
        assert await choices(hall) == {"Trần An": option}, text


@pytest.mark.parametrize(
    "text", ["tán", "tôi thấy tán thành là đúng", "1", "51", "ok", "có", "K7QF", "tán thành?? không"]
)
async def test_what_is_no_clear_choice_is_not_taken_for_one(hall: Hall, text: str) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    await an.says(text)
    assert an.answer.notice
    assert await choices(hall) == {}


async def test_a_guest_who_types_a_choice_is_told_why_it_does_not_count(hall: Hall) -> None:
    await open_vote(hall)
    guest = hall.chat("Võ Khách")
    await guest.says("tán thành")
    assert guest.answer.notice.startswith("Ông/bà không thuộc danh sách biểu quyết của lượt này")
    assert await choices(hall) == {}
    assert YES not in await guest.labels()


async def test_a_choice_typed_after_the_close_is_told_when_it_was(hall: Hall) -> None:
    vote_id = await open_vote(hall)
    await hall.organiser.forges(CloseVote(vote_id, 1))
    an = hall.chat("Trần An")
    await an.says("tán thành")
    assert an.answer.notice.startswith("Biểu quyết đã kết thúc lúc 13:0")
    await hall.organiser.forges(AnnounceVote(vote_id))
    await an.says("tán thành")
    assert an.answer.notice.startswith("Biểu quyết đã kết thúc lúc 13:0")
    assert await choices(hall) == {}


async def test_a_choice_typed_before_any_vote_is_told_to_wait(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.says("tán thành")
    assert "Hiện không có nội dung nào đang mở" in an.answer.notice
    await hall.organiser.taps("Biểu quyết bằng điện thoại")
    await an.says("tán thành")
    assert "Hiện không có nội dung nào đang mở" in an.answer.notice


async def test_with_two_votes_open_a_word_alone_is_not_guessed(hall: Hall) -> None:
    await open_vote(hall)
    second = await open_second_vote(hall)
    an = hall.chat("Trần An")
    await an.says("tán thành")
    assert "nhiều nội dung cần biểu quyết" in an.answer.notice
    assert await hall.journey.choices(1) == {}
    assert await hall.journey.choices(second) == {}
    newer, older = (card for card in await an.live() if YES in buttons(card))
    await an.taps(YES, on=older)
    assert await hall.journey.choices(1) == {"Trần An": Option.YES}
    assert await hall.journey.choices(second) == {}
    await an.taps(NO, on=newer)
    assert await hall.journey.choices(second) == {"Trần An": Option.NO}


async def test_a_typed_choice_is_a_vote_though_something_else_is_asked(hall: Hall) -> None:
    """Whoever was asked for a reason an hour ago and forgot it votes all the same."""
    chair = hall.organiser
    await chair.taps("Việc khác …")
    await chair.taps("Tự đăng ký làm đại biểu")
    await chair.taps("Xác nhận có mặt")
    await open_vote(hall)
    await chair.taps("Chương trình")
    await chair.taps("Thêm nội dung")
    await chair.says("tán thành")
    assert chair.answer.notice.startswith(COUNTED[YES])
    assert await choices(hall) == {ORGANISER: Option.YES}
    assert len(await hall.journey.agenda()) == 3
    await chair.says("Việc khác")
    assert len(await hall.journey.agenda()) == 4


# Other opinion


async def test_the_text_of_another_opinion_is_asked_for_after_the_tap(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    await an.taps(OTHER)
    assert an.answer.notice.startswith(COUNTED[OTHER])
    assert an.asked.startswith("Nội dung ý kiến của đồng chí?")
    assert await choices(hall) == {"Trần An": Option.OTHER}, "it counts at once"
    await an.again()
    assert await choices(hall) == {"Trần An": Option.OTHER}
    hall.start()
    for wrong in ("", " \n", "Ý" * 2_001):
        await an.says(wrong)
        assert an.answer.notice
    assert await opinions(hall) == {}
    await an.says("Đề nghị giảm mức chi\ntiếp khách")
    assert an.answer.notice == "Đã ghi nhận nội dung ý kiến. Được sửa trước khi kết thúc."
    assert await opinions(hall) == {"Trần An": "Đề nghị giảm mức chi\ntiếp khách"}
    await an.again()
    assert an.answer.notice == REPEATED
    await an.taps("Sửa nội dung ý kiến")
    await an.says("Giữ nguyên")
    assert await opinions(hall) == {"Trần An": "Giữ nguyên"}


async def test_the_text_may_be_left_out(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    await an.taps(OTHER)
    await an.taps("Hủy")
    assert await choices(hall) == {"Trần An": Option.OTHER}
    assert "Ghi nội dung ý kiến" in await an.labels()


async def test_a_text_beside_the_tap_goes_with_it(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An", "web")
    await an.opens(await hall.journey.token("Trần An"))
    await an.taps(OTHER, text="  Giảm mức chi ")
    assert an.answer.notice.startswith(COUNTED[OTHER])
    assert an.answer.card is None
    assert await opinions(hall) == {"Trần An": "Giảm mức chi"}
    await an.taps(OTHER, text="Tăng mức chi")
    assert an.answer.notice == (
        "Đã ghi nhận nội dung ý kiến. Được sửa trước khi kết thúc. Đã biểu quyết: 1/3."
    )
    assert await opinions(hall) == {"Trần An": "Tăng mức chi"}
    await an.taps(YES, text="không phải ý kiến")
    assert await opinions(hall) == {}


async def test_too_long_a_text_loses_no_vote(hall: Hall) -> None:
    await open_vote(hall)
    an, binh = hall.chat("Trần An"), hall.chat("Lê Bình")
    await an.taps(OTHER, text="Ý" * 2_001)
    assert an.answer.notice.startswith(COUNTED[OTHER])
    assert "quá dài" in an.answer.notice
    assert an.asked.startswith("Nội dung ý kiến của đồng chí?")
    await binh.says("Ý kiến khác: " + "Ý" * 5_000)
    assert "quá dài" in binh.answer.notice
    assert await choices(hall) == {"Trần An": Option.OTHER, "Lê Bình": Option.OTHER}
    await binh.says("Ngắn hơn")
    await an.taps(OTHER, text="Ý" * 2_001)
    assert "quá dài" in an.answer.notice
    assert await opinions(hall) == {"Lê Bình": "Ngắn hơn"}


async def test_a_typed_opinion_brings_its_text_and_ends_the_question(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    await an.taps(OTHER)
    await an.says("Ý kiến khác: giảm mức chi")
    assert await opinions(hall) == {"Trần An": "giảm mức chi"}
    assert await an.question() is None
    await an.says("cảm ơn")
    assert await opinions(hall) == {"Trần An": "giảm mức chi"}


async def test_who_is_asked_for_the_opinion_and_types_a_choice_has_chosen(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    await an.taps(OTHER)
    await an.says("Tán thành")
    assert an.answer.notice.startswith(COUNTED[YES])
    assert await choices(hall) == {"Trần An": Option.YES}
    assert await an.question() is None


async def test_the_question_for_the_opinion_ends_with_another_choice_and_with_the_vote(hall: Hall) -> None:
    vote_id = await open_vote(hall)
    an, binh = hall.chat("Trần An"), hall.chat("Lê Bình")
    await an.taps(OTHER)
    await an.taps(YES)
    assert await an.question() is None
    await binh.taps(OTHER)
    assert await binh.question() is not None
    await hall.organiser.forges(CloseVote(vote_id, 1))
    assert await binh.question() is None
    await binh.forges(AddOpinion(vote_id))
    assert "Biểu quyết đã kết thúc lúc" in binh.answer.notice
    await hall.organiser.forges(AnnounceVote(vote_id))
    await hall.organiser.taps("Tiếp theo: Nghị quyết")
    await open_vote(hall)
    await binh.says("tán thành")
    assert binh.answer.notice.startswith(COUNTED[YES]), "an old question takes no vote away"


async def test_an_opinion_without_the_choice_is_refused(hall: Hall) -> None:
    vote_id = await open_vote(hall)
    an, guest = hall.chat("Trần An"), hall.chat("Võ Khách")
    await an.taps(YES)
    await an.forges(AddOpinion(vote_id))
    assert "“Ý kiến khác”" in an.answer.notice
    await guest.forges(AddOpinion(vote_id))
    assert await guest.question() is None
    await an.forges(AddOpinion(99))
    assert "không còn hiệu lực" in an.answer.notice


# Counted hands


async def count_hands(hall: Hall, *counts: str) -> None:
    await hall.organiser.taps("Nhập số giơ tay")
    for count in counts:
        await hall.organiser.says(count)


async def test_hands_are_counted_option_by_option(database: Database) -> None:
    hall = await Hall.opened(database, plan(PEOPLE, ITEMS))
    chair = hall.organiser
    await chair.taps("Bắt đầu: Báo cáo tổng kết")
    await open_vote(hall, "Biểu quyết giơ tay")
    assert "Kết thúc" not in await chair.labels(), "nothing is counted yet"
    await chair.taps("Nhập số giơ tay")
    assert chair.asked == "Trong số 03, có bao nhiêu: Tán thành?"
    for wrong in ("", "  ", "mười", "hai", "-1", "1,5", "🙂", "999999999"):
        await chair.says(wrong)
        assert chair.answer.notice, wrong
        assert chair.answer.card is None, wrong
    await chair.says("02")
    await chair.again()
    assert chair.answer.notice == REPEATED
    assert chair.asked == "Trong số 03, có bao nhiêu: Không tán thành?"
    hall.start()
    await chair.says("0")
    await chair.says("1")
    assert (
        "2/3 đại biểu có mặt tán thành (đạt 66,67%); không tán thành: 0; ý kiến khác: 01"
        in chair.answer.notice
    )
    await chair.again()
    assert chair.answer.notice == REPEATED
    await chair.taps("Kết thúc")
    await chair.taps("Công bố kết quả")
    assert (await hall.journey.item(0)).decision is Decision.ADOPTED
    await hall.close()


async def test_more_hands_than_people_are_counted_anew(hall: Hall) -> None:
    await open_vote(hall, "Biểu quyết giơ tay")
    await count_hands(hall, "2", "2")
    chair = hall.organiser
    assert "Đã nhập 4" in chair.answer.notice
    assert chair.asked == "Trong số 03, có bao nhiêu: Tán thành?", "all over again"
    for count in ("3", "0", "0"):
        await chair.says(count)
    assert "3/3" in chair.answer.notice


async def test_hands_are_entered_anew_until_the_close(hall: Hall) -> None:
    await open_vote(hall, "Biểu quyết giơ tay")
    await count_hands(hall, "3", "0", "0")
    await count_hands(hall, "1", "1", "1")
    await hall.organiser.taps("Kết thúc")
    vote = await newest(hall)
    assert vote.tally is not None
    assert vote.tally.count(Option.NO) == 1


async def test_a_count_of_hands_is_cancelled_in_the_middle(hall: Hall) -> None:
    vote_id = await open_vote(hall, "Biểu quyết giơ tay")
    await count_hands(hall, "3", "0")
    await hall.organiser.taps("Hủy")
    assert not (await newest(hall)).is_hands_entered
    await hall.organiser.forges(CloseVote(vote_id, 1))
    assert "không có thì nhập 0" in hall.organiser.answer.notice, hall.organiser.answer.notice
    await count_hands(hall, "3")
    await hall.organiser.taps("Hủy lượt")
    await hall.organiser.says("Đếm lại sau")
    assert await hall.organiser.question() is None


async def test_the_count_of_a_vote_that_was_closed_meanwhile_is_no_answer(hall: Hall) -> None:
    vote_id = await open_vote(hall, "Biểu quyết giơ tay")
    await count_hands(hall, "3", "0", "0")
    await count_hands(hall, "2")
    await hall.organiser.forges(CloseVote(vote_id, 0))
    await hall.organiser.says("1")
    assert "chưa được ghi nhận" in hall.organiser.answer.notice
    await hall.organiser.forges(EnterHands(vote_id))
    assert "đã kết thúc" in hall.organiser.answer.notice


async def test_hands_and_phones_are_not_mixed(hall: Hall) -> None:
    vote_id = await open_vote(hall, "Biểu quyết giơ tay")
    an = hall.chat("Trần An")
    await an.forges(CastVote(vote_id, Option.YES))
    assert "giơ tay" in an.answer.notice
    await hall.organiser.taps("Hủy lượt")
    await hall.organiser.says("Chuyển sang điện thoại")
    vote_id = await open_vote(hall)
    await hall.organiser.forges(EnterHands(vote_id))
    assert "tin nhắn" in hall.organiser.answer.notice, hall.organiser.answer.notice
    assert await hall.organiser.question() is None


# Several items in one vote


async def test_a_joint_vote_is_put_together_and_split(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps("Biểu quyết bằng điện thoại")
    await chair.taps("Ghép với nội dung khác")
    await chair.taps("2. Nghị quyết")
    await chair.taps("3. Quy chế")
    await chair.taps("3. Quy chế")
    assert chair.card is not None
    chosen = [label for label, button in buttons(chair.card).items() if button.is_chosen]
    assert chosen == ["1. Báo cáo tổng kết", "2. Nghị quyết"]
    await chair.taps("Mở biểu quyết")
    an = hall.chat("Trần An")
    assert await an.sees("Biểu quyết chung 02 nội dung:")
    await an.taps(YES)
    await chair.taps("Tách từng nội dung")
    assert "02" in chair.answer.notice
    assert await an.sees("tách thành từng nội dung")
    await chair.taps("Mở biểu quyết")
    assert [item.title for item in (await hall.journey.vote(2)).items] == ["Báo cáo tổng kết"]


async def test_a_joint_vote_decides_all_its_items(hall: Hall) -> None:
    chair = hall.organiser
    await chair.taps("Biểu quyết bằng điện thoại")
    await chair.taps("Ghép với nội dung khác")
    await chair.taps("2. Nghị quyết")
    await chair.taps("Mở biểu quyết")
    for name in ("Trần An", "Lê Bình", "Phạm Cường"):
        await hall.chat(name).taps(YES)
    await chair.taps("Kết thúc")
    await chair.taps("Công bố kết quả")
    decisions = [item.decision for item in await hall.journey.agenda()]
    assert decisions == [Decision.ADOPTED, Decision.ADOPTED, None]


# The secretary


async def test_the_secretary_enters_the_choice_of_somebody_without_a_phone(hall: Hall) -> None:
    await open_vote(hall)
    chair = hall.organiser
    await chair.taps("Danh sách biểu quyết")
    assert "Trần An: chưa biểu quyết" in chair.told
    await chair.taps("Phạm Cường")
    await chair.taps(NO)
    assert chair.answer.notice == "Đã ghi thay cho Phạm Cường: Không tán thành."
    assert "Phạm Cường: Không tán thành (thư ký nhập)" in chair.told
    await chair.again()
    assert chair.answer.notice == REPEATED
    cuong = hall.chat("Phạm Cường")
    assert await cuong.sees("Thư ký đã nhập: Không tán thành.")
    await cuong.taps(YES)
    assert (await choices(hall))["Phạm Cường"] is Option.YES


async def test_an_elector_among_many_is_found_by_a_part_of_the_name(sqlite: Database) -> None:
    names = [f"Nguyễn Văn {letter}{other}" for letter in "ABCDE" for other in "nm"]
    hall = await Hall.opened(sqlite, plan([*names, "Đỗ Thị Hòa"], ITEMS))
    await hall.organiser.taps("Bắt đầu: Báo cáo tổng kết")
    vote_id = await open_vote(hall)
    chair = hall.organiser
    await chair.taps("Danh sách biểu quyết")
    await chair.taps("Tìm theo tên")
    await chair.says("Trần")
    assert chair.answer.notice.startswith("Không có ai")
    await chair.says("đỗ thị")
    await chair.taps(YES)
    assert await choices(hall) == {"Đỗ Thị Hòa": Option.YES}
    await chair.taps("Tìm theo tên")
    await chair.says("văn b")
    assert chair.asked == "Tìm thấy: 02."
    await chair.taps("Nguyễn Văn Bm")
    await chair.taps(NO)
    await chair.taps("Tìm theo tên")
    await chair.forges(CloseVote(vote_id, 1))
    assert await chair.question() is None
    await hall.chat(names[0]).forges(FindElector(vote_id))
    assert "không có quyền" in hall.chat(names[0]).answer.notice


async def test_a_latecomer_is_admitted_on_record(hall: Hall) -> None:
    await hall.journey.leave("Phạm Cường")
    vote_id = await open_vote(hall)
    cuong = hall.chat("Phạm Cường")
    await cuong.taps("Xác nhận có mặt")
    await cuong.says("tán thành")
    assert "không thuộc danh sách biểu quyết" in cuong.answer.notice
    chair = hall.organiser
    await chair.taps("Đại biểu đến sau")
    await chair.taps("Phạm Cường")
    assert "03" in chair.answer.notice
    await chair.forges(AdmitElector(vote_id, hall.journey.attendees["Phạm Cường"]))
    assert "không có gì thay đổi" in chair.answer.notice
    await cuong.taps(YES)
    assert (await choices(hall))["Phạm Cường"] is Option.YES
    assert (await newest(hall)).base == 3


async def test_who_left_is_told_to_confirm_presence_before_voting(hall: Hall) -> None:
    await open_vote(hall)
    an = hall.chat("Trần An")
    ballot = (await an.live())[0]
    await hall.journey.leave("Trần An")
    await an.taps(YES, on=ballot)
    assert an.answer.notice.startswith("Đồng chí chưa được ghi nhận có mặt."), an.answer.notice
    assert await choices(hall) == {}


async def test_a_chair_sees_no_choices_and_a_member_none_of_the_chairs_cards(hall: Hall) -> None:
    vote_id = await open_vote(hall)
    await hall.journey.appoint("Đỗ Chủ Tọa", Role.CHAIR)
    chair, an = hall.chat("Đỗ Chủ Tọa"), hall.chat("Trần An")
    elector_id = (await hall.journey.electors(vote_id))["Lê Bình"].elector_id
    for action in (
        ShowMissing(vote_id, 0),
        ShowElector(vote_id, elector_id),
        CastFor(vote_id, elector_id, Option.YES),
        ShowLatecomers(vote_id),
        AdmitElector(vote_id, hall.journey.attendees["Lê Bình"]),
    ):
        for person in (chair, an):
            await person.forges(action)
            assert "không có quyền" in person.answer.notice, action
            assert person.answer.card is None
    item_id = hall.journey.items[0]
    for step in (
        OpenVote(vote_id, 0),
        CloseVote(vote_id, 1),
        CancelVote(vote_id),
        EnterHands(vote_id),
        SplitVote(vote_id),
        RepeatVote(vote_id),
        ShowJoint(vote_id),
        PrepareVote(item_id, Method.HANDS),
    ):
        await an.forges(step)
        assert "không có quyền" in an.answer.notice, step
        assert await an.question() is None, step
    assert await choices(hall) == {}
    assert (await newest(hall)).state is VoteState.OPEN


async def test_an_elector_of_another_vote_is_not_entered(hall: Hall) -> None:
    first = await open_vote(hall)
    elector_id = (await hall.journey.electors(first))["Lê Bình"].elector_id
    chair = hall.organiser
    await chair.forges(CloseVote(first, 1))
    await chair.forges(AnnounceVote(first))
    await chair.taps("Tiếp theo: Nghị quyết")
    second = await open_vote(hall)
    for action in (CastFor(second, elector_id, Option.YES), ShowElector(second, elector_id)):
        await chair.forges(action)
        assert "không còn" in chair.answer.notice
    assert await choices(hall) == {}


# The ballot's words


async def test_a_ballot_says_who_sees_the_choice_and_what_it_is_counted_over(hall: Hall) -> None:
    await open_vote(hall)
    card = "\n".join(texts((await hall.chat("Trần An").live())[0]))
    assert "Công khai" in card
    assert "Thư ký xem được lựa chọn" in card
    assert "3 đại biểu có mặt" in card

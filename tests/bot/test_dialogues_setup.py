"""An organisation is founded, and a meeting is set up by the dialogue, whatever is typed on the way."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.actions import (
    AnswerYesNo,
    ChooseTemplate,
    ConfirmPlan,
    GetWorkbook,
    ImportWorkbook,
    NewMeeting,
    SkipQuestion,
)
from bot.dialogues.typed import LINES_LIMIT
from meeting.attendance import QuorumKind
from meeting.people import Standing
from meeting.regimes import Template
from storage.database import Database
from storage.reading import get_meeting_view, get_roll_view, list_items, list_meetings
from storage.views import AttendeeView, MeetingView
from tests.bot.chatting import Chat, Hall, buttons, is_heard, texts

STAFF, CLUSTER, OTHER = "Hội nghị CBCCVC, người lao động", "Ký kết giao ước thi đua của cụm", "Hội nghị khác"
REPEATED = "Nội dung này đã được ghi nhận trước đó; gửi lại không làm thay đổi gì."
STORE, CANCEL, SKIP = "Lưu hội nghị", "Hủy", "Bỏ qua"

STAFF_ANSWERS = (
    "Có",
    "Hội nghị CBCCVC năm 2027",
    "14:00 30/12/2026",
    "Hội trường A",
    "61",
    "Trần An; Văn phòng; Trưởng phòng\nLê Bình; Phòng Kế hoạch\nVõ Dung; ; Phó Giám đốc Sở; khách mời",
)
CLUSTER_ANSWERS = (
    "Hội nghị ký kết giao ước năm 2027",
    "8 giờ 30 ngày 15/01/2027",
    "Nhà Văn hóa",
    "Công đoàn Sở A\nCông đoàn Sở B\ncông đoàn sở a",
    "Trần An; Công đoàn Sở A; Chủ tịch\nLê Bình; cong doan so b",
)
OTHER_ANSWERS = ("Họp cơ quan", "2026-12-31 08:00", "Phòng họp", "Trần An\nLê Bình; ; ; dự thính")


async def begin(person: Chat, kind: str) -> None:
    await person.taps("Tạo hội nghị")
    await person.taps(kind)


async def set_up(person: Chat, kind: str, answers: Sequence[str]) -> None:
    """Go through the dialogue to the preview."""
    await begin(person, kind)
    for answer in answers:
        await person.says(answer)
    assert STORE in await person.labels(), person.told


async def meetings_of(hall: Hall) -> list[MeetingView]:
    async with hall.database.snapshot() as tx:
        return [await get_meeting_view(tx, line.meeting_id) for line in await list_meetings(tx)]


async def only_meeting(hall: Hall) -> MeetingView:
    (meeting,) = await meetings_of(hall)
    return meeting


async def roll_of(hall: Hall) -> list[AttendeeView]:
    meeting = await only_meeting(hall)
    async with hall.database.snapshot() as tx:
        return list((await get_roll_view(tx, meeting.meeting_id)).attendees)


# Founding


async def test_an_organisation_is_founded_with_the_operators_code(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("Bùi Thị An")
    await an.says("xin chào")
    assert "Đề nghị nhập mã" in an.answer.notice
    await an.opens(await hall.founder_code())
    assert an.asked == "Tên cơ quan, đơn vị hoặc cụm thi đua?"
    await an.says("Tỉnh đoàn Hậu Giang")
    assert an.asked.startswith("Họ và tên")
    await an.says("Bùi Thị An")
    assert an.answer.notice == "Đã lập Tỉnh đoàn Hậu Giang. Bước tiếp theo: tạo hội nghị."
    assert await an.sees("Tỉnh đoàn Hậu Giang")
    assert "Tạo hội nghị" in await an.labels()


@pytest.mark.parametrize("name", ["", "   ", "🙂🙂", "\u202e\u200f", "123 - 456", "A" * 5_000])
async def test_an_organisation_and_its_founder_have_names(sqlite: Database, name: str) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    await an.opens(await hall.founder_code())
    for right in ("Tỉnh đoàn", "Bùi Thị An"):
        await an.says(name)
        assert an.answer.notice, "told why"
        assert an.answer.card is None, "still the same question"
        await an.says(right)
    assert "Đã lập Tỉnh đoàn" in an.answer.notice


async def test_names_are_stored_without_marks_that_turn_text_round(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    await an.opens(await hall.founder_code())
    await an.says("\u202eTỉnh\nđoàn\u2066")
    await an.says("محمد علي")
    assert await an.sees("Tỉnh đoàn")
    assert await an.sees("محمد علي")


async def test_the_code_founds_one_organisation_though_two_present_it(database: Database) -> None:
    hall = Hall(database)
    an, binh = hall.chat("An"), hall.chat("Bình")
    code = await hall.founder_code()
    for person in (an, binh):
        await person.opens(code)
        await person.says(f"Đơn vị của {person.name}")
    await binh.says("Lê Bình")
    assert "Đã lập Đơn vị của Bình" in binh.answer.notice
    await an.says("Bùi Thị An")
    assert "đã được dùng" in an.answer.notice
    assert await an.question() is None, "no answer would help"
    await an.says("Bùi Thị An")
    assert "Đề nghị nhập mã" in an.answer.notice
    await hall.close()


async def test_a_founder_asks_for_help_and_goes_on(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    await an.opens(await hall.founder_code())
    await an.says("trợ giúp")
    assert "Trợ giúp" in an.told
    await an.says("English")
    assert an.answer.notice == "From now on in English."
    question = await an.question()
    assert question is not None
    assert texts(question)[0] == "What is the name of your agency, unit or cluster?"
    await an.says("Youth Union")
    assert "full name" in an.asked


async def test_a_founder_cancels_and_opens_the_link_again(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    code = await hall.founder_code()
    await an.opens(code)
    await an.says("Tỉnh đoàn")
    await an.taps(CANCEL)
    assert an.answer.notice == "Đã hủy. Không có gì thay đổi."
    await an.says(f"http://192.168.1.20:8080/i/{code}")
    assert an.asked == "Tên cơ quan, đơn vị hoặc cụm thi đua?"


async def test_a_link_pasted_once_more_is_no_name(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    code = await hall.founder_code()
    await an.opens(code)
    await an.says(code)
    assert an.asked == "Tên cơ quan, đơn vị hoặc cụm thi đua?"
    assert not await an.sees(code)


# From the first question to the stored meeting


async def test_a_staff_conference_is_set_up_by_dialogue(database: Database) -> None:
    hall = await Hall.founded(database)
    an = hall.organiser
    await set_up(an, STAFF, STAFF_ANSWERS)
    preview = an.told
    assert "14:00 thứ Tư, ngày 30/12/2026, tại Hội trường A" in preview
    assert "Đại biểu: 02; khách mời, dự thính: 01; đơn vị: 02" in preview
    assert "người lao động: 61" in preview
    assert await meetings_of(hall) == [], "nothing is stored before it is confirmed"
    await an.taps(STORE)
    assert an.answer.notice.startswith("Đã lưu hội nghị.")
    meeting = await only_meeting(hall)
    assert meeting.template is Template.CBCCVC
    assert meeting.has_union
    assert (meeting.headcount, meeting.rules.quorum.kind) == (61, QuorumKind.HEADCOUNT)
    assert meeting.starts_at == datetime(2026, 12, 30, 7, 0, tzinfo=UTC)
    roll = [(one.name, one.unit, one.position, one.standing) for one in await roll_of(hall)]
    assert roll == [
        ("Trần An", "Văn phòng", "Trưởng phòng", Standing.VOTING),
        ("Lê Bình", "Phòng Kế hoạch", "", Standing.VOTING),
        ("Võ Dung", None, "Phó Giám đốc Sở", Standing.GUEST),
    ]
    async with hall.database.snapshot() as tx:
        titles = [item.title for item in await list_items(tx, meeting.meeting_id)]
    assert "Ký kết giao ước thi đua giữa người đứng đầu cơ quan và Công đoàn" in titles
    assert await an.sees("Triệu tập 02; giấy mời chưa phản hồi 03")
    await hall.close()


async def test_without_a_union_and_a_headcount_the_rules_follow(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, STAFF, ["không", *STAFF_ANSWERS[1:4], "bỏ qua", STAFF_ANSWERS[5]])
    await an.says("đồng ý")
    meeting = await only_meeting(founded)
    assert not meeting.has_union
    assert (meeting.headcount, meeting.rules.quorum.kind) == (None, QuorumKind.SUMMONED)


async def test_a_pledge_signing_is_set_up_by_dialogue(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, CLUSTER, CLUSTER_ANSWERS)
    assert "08:30 thứ Sáu, ngày 15/01/2027" in an.told
    assert "đơn vị: 02" in an.told, "one that stands twice is one"
    assert "Cần kiểm tra:" not in an.told
    await an.taps(STORE)
    roll = [(one.name, one.unit) for one in await roll_of(founded)]
    assert roll == [("Trần An", "Công đoàn Sở A"), ("Lê Bình", "Công đoàn Sở B")]


async def test_another_meeting_is_set_up_without_an_agenda(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    await an.taps(STORE)
    meeting = await only_meeting(founded)
    async with founded.database.snapshot() as tx:
        assert await list_items(tx, meeting.meeting_id) == []
    assert await an.sees("Chương trình chưa có nội dung.")


@pytest.mark.parametrize("platform", ["telegram", "web"])
async def test_two_organisers_set_up_at_the_same_time(founded: Hall, platform: str) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    await an.taps(STORE)
    await an.taps("Giấy mời")
    await an.taps("Đường liên kết cho ban tổ chức")
    binh = founded.chat("Lê Bình", platform)
    await binh.says(an.told.splitlines()[-1])
    await binh.says("Lê Bình")
    for person in (an, binh):
        await begin(person, OTHER)
    for place, answer in enumerate(OTHER_ANSWERS):
        await an.says(answer)
        await binh.says(answer if place else "Họp của Bình")
    await binh.taps(STORE)
    await an.taps(STORE)
    assert sorted(meeting.title for meeting in await meetings_of(founded)) == [
        "Họp cơ quan",
        "Họp cơ quan",
        "Họp của Bình",
    ]


# What is typed wrongly

HOSTILE = ["", " \n ", "🙂", "\u202e\u2066", "/xoa", "\u0000\ud800"]

WRONG: dict[str, list[tuple[int, str]]] = {
    STAFF: [
        *((step, text) for step in range(6) for text in HOSTILE),
        (0, "có lẽ"),
        (0, "A" * 5_000),
        (1, "A" * 5_000),
        (2, "A" * 5_000),
        (2, "31/02/2027"),
        (2, "14:00 31/02/2027"),
        (2, "25:00 30/12/2026"),
        (2, "30/12/2026"),
        (2, "14:00"),
        (2, "chiều mai"),
        (2, "14:00 30/12/0001"),
        (2, "14:00 30/12/26"),
        (2, "14:00 30/12/2026 15:00 31/12/2026"),
        (3, "A" * 301),
        (4, "abc"),
        (4, "0"),
        (4, "-3"),
        (4, "6,1"),
        (4, "mười"),
        (4, "1000000"),
        (4, "A" * 5_000),
        (5, "A" * 5_000),
        (5, "Trần An; " + "P" * 101),
        (5, "Trần An; Văn phòng; Trưởng phòng; khách mời; thừa"),
        (5, "Trần An; A; B; C"),
        (5, "Trần An; khách mời; dự thính"),
        (5, "Trần An\n; Văn phòng"),
        (5, "Trần An\nLê Bình\nTRẦN AN"),
        (5, "Trần An; Văn phòng\nTrần An; văn phòng"),
        (5, "Võ Dung; ; ; khách mời"),
        (5, "\n".join(f"Đại biểu {'I' * number}" for number in range(1, 202))),
    ],
    CLUSTER: [
        (3, ""),
        (3, "A" * 101),
        (3, "Công đoàn A\n12345"),
        (3, "\n".join(f"Đơn vị số {number}" for number in range(LINES_LIMIT + 1))),
        (4, "Trần An; Công đoàn Sở C"),
        (4, "Trần An"),
        (4, "Trần An; Công đoàn Sở A; Chủ tịch; Phó"),
    ],
}
ALL_ANSWERS = {STAFF: STAFF_ANSWERS, CLUSTER: CLUSTER_ANSWERS}


@pytest.mark.parametrize("kind", [STAFF, CLUSTER])
async def test_a_wrong_answer_is_told_why_and_asked_for_again(founded: Hall, kind: str) -> None:
    an = founded.organiser
    await begin(an, kind)
    for step, right in enumerate(ALL_ANSWERS[kind]):
        asked = await an.question()
        for wrong in (text for place, text in WRONG[kind] if place == step):
            await an.says(wrong)
            assert an.answer.notice, (step, wrong[:40])
            assert an.answer.card is None, (step, wrong[:40])
            assert await an.question() == asked, (step, wrong[:40])
        await an.says(right)
    assert STORE in await an.labels()
    assert await meetings_of(founded) == []


async def test_a_wrong_line_of_a_list_is_named(founded: Hall) -> None:
    an = founded.organiser
    await begin(an, OTHER)
    for answer in OTHER_ANSWERS[:3]:
        await an.says(answer)
    await an.says("Trần An\n\nLê Bình; ; ; ; ;\nVõ Dung")
    assert an.answer.notice.startswith("Không đọc được dòng 2: “Lê Bình; ; ; ; ;”.")
    await an.says("Trần An\nTrần  An")
    assert an.answer.notice.startswith("Dòng 2: “Trần An”")


async def test_a_start_that_has_passed_is_a_warning(founded: Hall) -> None:
    an = founded.organiser
    await begin(an, OTHER)
    await an.says("Họp cơ quan")
    await an.says("14:00 30/12/2021")
    assert an.answer.notice.startswith("Thời điểm này đã qua."), an.answer.notice
    assert an.asked == "Địa điểm tổ chức?", "it goes on"
    await an.says("Phòng họp")
    await an.says("Trần An")
    assert "Thời điểm bắt đầu đã qua" in an.told, "and is told once more before it is stored"
    await an.taps(STORE)
    assert (await only_meeting(founded)).starts_at.year == 2021


async def test_a_staff_smaller_than_the_list_is_asked_for_again(founded: Hall) -> None:
    an = founded.organiser
    await begin(an, STAFF)
    for answer in (*STAFF_ANSWERS[:4], "1", STAFF_ANSWERS[5]):
        await an.says(answer)
    assert "Danh sách có 02 đại biểu, nhiều hơn tổng số 01" in an.answer.notice
    assert "Tổng số cán bộ" in an.asked
    await an.says("1")
    assert "Danh sách có 02 đại biểu" in an.answer.notice
    await an.says("2")
    await an.taps(STORE)
    assert (await only_meeting(founded)).headcount == 2


async def test_units_that_nobody_or_several_speak_for_are_pointed_out(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, CLUSTER, [*CLUSTER_ANSWERS[:3], "Sở A\nSở B", "Trần An; Sở A\nLê Bình; Sở A"])
    assert "– “Sở A” có 02 đại biểu; đơn vị có một phiếu" in an.told
    assert "– Chưa có đại biểu nào của “Sở B”." in an.told


async def test_a_question_cannot_be_skipped_unless_it_may(founded: Hall) -> None:
    an = founded.organiser
    await begin(an, OTHER)
    question = await an.question()
    await an.says("bỏ qua")
    assert an.asked.startswith("Hội nghị bắt đầu"), "a title like any other, where nothing may be skipped"
    assert question is not None
    assert SKIP not in buttons(question)


# Buttons of earlier questions


async def test_buttons_of_an_earlier_question_change_nothing(founded: Hall) -> None:
    an = founded.organiser
    await begin(an, STAFF)
    union = an.card
    for answer in STAFF_ANSWERS[:4]:
        await an.says(answer)
    headcount = an.card
    assert union is not None
    assert headcount is not None
    await an.says("61")
    asked = await an.question()
    for old, label in (
        (union, "Có"),
        (union, "Không"),
        (union, CANCEL),
        (headcount, SKIP),
        (headcount, CANCEL),
    ):
        await an.taps(label, on=old)
        assert "không còn hiệu lực" in an.answer.notice, label
        assert await an.question() == asked
    await an.says(STAFF_ANSWERS[5])
    preview = an.card
    assert preview is not None
    action = buttons(preview)[STORE].action
    assert isinstance(action, ConfirmPlan)
    version = action.version
    for forged in (ConfirmPlan(version - 1), AnswerYesNo(version, 1), SkipQuestion(version), ConfirmPlan(99)):
        await an.forges(forged)
        assert "không còn hiệu lực" in an.answer.notice
    assert await meetings_of(founded) == []
    await an.taps(STORE, on=preview)
    assert len(await meetings_of(founded)) == 1


async def test_a_preview_confirmed_twice_gives_one_meeting(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    preview = an.card
    await an.taps(STORE, on=preview)
    await an.taps(STORE, on=preview)
    assert "không còn hiệu lực" in an.answer.notice
    await an.says("có")
    assert len(await meetings_of(founded)) == 1


async def test_a_preview_is_not_stored_by_anything_but_a_yes(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    await an.says("Lê Cường; ; Chuyên viên")
    assert "bản xem trước đang chờ" in an.answer.notice
    await an.says("không")
    assert an.answer.notice == "Đã hủy. Không có gì thay đổi."
    await an.says("có")
    assert await meetings_of(founded) == []


async def test_a_dialogue_is_cancelled_at_any_step(founded: Hall) -> None:
    an = founded.organiser
    for steps in range(len(CLUSTER_ANSWERS) + 1):
        await begin(an, CLUSTER)
        for answer in CLUSTER_ANSWERS[:steps]:
            await an.says(answer)
        await (an.taps(CANCEL) if steps % 2 else an.says("huỷ bỏ"))
        assert an.answer.notice == "Đã hủy. Không có gì thay đổi."
        assert await an.question() is None
    await an.says("hủy")
    assert an.answer.notice == "Không có nội dung nào đang chờ để hủy."
    assert await meetings_of(founded) == []


async def test_the_choice_of_a_template_is_put_away(founded: Hall) -> None:
    an = founded.organiser
    await an.taps("Tạo hội nghị")
    await an.taps(CANCEL)
    assert an.answer.notice == "Đã giữ nguyên."


async def test_whoever_is_no_organiser_sets_nothing_up(founded: Hall) -> None:
    an = founded.organiser
    await set_up(an, OTHER, OTHER_ANSWERS)
    await an.taps(STORE)
    meeting = await only_meeting(founded)
    founded.journey.meeting_id = meeting.meeting_id
    member = founded.chat("Trần An")
    await member.opens(await founded.journey.token("Trần An"))
    for action in (
        NewMeeting(1),
        ChooseTemplate(1, Template.THUONG),
        GetWorkbook(1, Template.CBCCVC),
        ImportWorkbook(1),
    ):
        await member.forges(action)
        assert "không có quyền" in member.answer.notice
        assert await member.question() is None


async def test_an_organiser_of_two_organisations_sets_up_in_the_one_that_is_tapped(founded: Hall) -> None:
    an = founded.organiser
    await an.opens(await founded.founder_code())
    await an.says("Công đoàn cơ sở")
    await an.says("Bùi Thị Tổ Chức")
    union, agency = await an.live()
    assert (texts(union)[0], texts(agency)[0]) == ("Công đoàn cơ sở", "Sở Nội vụ")
    for home, title in ((agency, "Họp của Sở"), (union, "Họp của Công đoàn")):
        await an.taps("Tạo hội nghị", on=home)
        await an.taps(OTHER)
        for answer in (title, *OTHER_ANSWERS[1:]):
            await an.says(answer)
        await an.taps(STORE)
    held = {meeting.title: meeting.organisation for meeting in await meetings_of(founded)}
    assert held == {"Họp của Sở": "Sở Nội vụ", "Họp của Công đoàn": "Công đoàn cơ sở"}


# The program is started anew, events are delivered again


@pytest.mark.parametrize("kind", [STAFF, CLUSTER])
async def test_the_dialogue_goes_on_after_a_restart_at_any_step(founded: Hall, kind: str) -> None:
    an = founded.organiser
    await begin(an, kind)
    for answer in ALL_ANSWERS[kind]:
        founded.start()
        await an.says(answer)
    founded.start()
    await an.taps(STORE)
    assert len(await meetings_of(founded)) == 1


@pytest.mark.parametrize("kind", [STAFF, CLUSTER])
async def test_an_event_delivered_twice_is_no_second_answer(founded: Hall, kind: str) -> None:
    an = founded.organiser
    await an.taps("Tạo hội nghị")
    await an.taps(kind)
    await an.again()
    for answer in ALL_ANSWERS[kind]:
        await an.says(answer)
        asked = an.answer.card
        again = await an.again()
        assert again.notice == REPEATED
        assert again.card == asked, "what is asked is shown again, as the answer may have been lost"
    await an.taps(STORE)
    await an.again()
    assert an.answer.notice == REPEATED
    assert len(await meetings_of(founded)) == 1


async def test_founding_is_done_once_however_often_it_is_delivered(sqlite: Database) -> None:
    hall = Hall(sqlite)
    an = hall.chat("An")
    await an.opens(await hall.founder_code())
    await an.again()
    assert an.asked == "Tên cơ quan, đơn vị hoặc cụm thi đua?"
    await an.says("Tỉnh đoàn")
    await an.again()
    assert an.asked.startswith("Họ và tên")
    await an.says("Bùi Thị An")
    await an.again()
    assert is_heard(an.answer)
    assert len([card for card in await an.live() if "Tỉnh đoàn" in texts(card)[0]]) == 1

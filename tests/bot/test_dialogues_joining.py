"""Ways in and one's own affairs: links, codes, strangers, roles, moving, consent, language, help."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.actions import (
    CheckIn,
    CloseVote,
    GiveConsent,
    InviteRole,
    RenewInvitation,
    ReportWrongPerson,
    ShowInvitations,
    ShowMeeting,
)
from bot.platforms.base import Card, Text
from bot.wording.consent import CONSENT_VERSION
from meeting.people import Purpose, Role, Standing
from storage.database import Database
from storage.dialogues import put_dialogue
from storage.people import find_account
from storage.rows import ConsentRow, DialogueRow
from tests.bot.chatting import Chat, Hall, Stage, buttons, is_heard, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

GUEST = seat("Võ Khách", standing=Standing.GUEST)


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    meeting = plan([seat("Trần An", "Văn phòng"), "Lê Bình", GUEST], units=["Văn phòng"])
    return set_up_stage(lambda database: Hall.planned(database, meeting, are_bound=False))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting; nobody has opened a link."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def joined(hall: Hall, name: str, platform: str = "telegram") -> Chat:
    person = hall.chat(name, platform)
    await person.opens(await hall.journey.token(name))
    return person


async def is_bound(hall: Hall, name: str) -> bool:
    async with hall.database.snapshot() as tx:
        account = await find_account(tx, "telegram", hall.journey.sender(name).external_id)
    return account is not None and bool(await hall.chat(name).live())


# Links and codes


async def test_a_personal_link_links_and_says_how_to_undo_it(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    assert an.answer.notice == "Đã liên kết: Trần An, Văn phòng. Nếu sai, nhắn SAI."
    assert await an.sees("Kính mời đồng chí Trần An dự Hội nghị")
    assert {"Dự họp", "Xin vắng"} <= set(await an.labels())


@pytest.mark.parametrize("how", ["as it is", "lower case", "without hyphen", "spaces", "full width"])
async def test_a_code_is_typed_in_any_form(hall: Hall, how: str) -> None:
    code = await hall.journey.code("Lê Bình")
    typed = {
        "as it is": code,
        "lower case": f"  {code.lower()} ",
        "without hyphen": code.replace("-", ""),
        "spaces": " ".join(code.replace("-", "")),
        "full width": "".join(chr(ord(letter) + 0xFEE0) if letter != "-" else letter for letter in code),
    }
    binh = hall.chat("Lê Bình")
    await binh.says(typed[how])
    assert binh.answer.notice == "Đã liên kết: Lê Bình. Nếu sai, nhắn SAI."


async def test_an_address_is_pasted_into_the_chat(hall: Hall) -> None:
    an = hall.chat("Trần An")
    await an.says(f"http://192.168.1.20:8080/i/{await hall.journey.token('Trần An')}")
    assert "Đã liên kết: Trần An" in an.answer.notice


async def test_the_same_link_once_more_is_answered_alike(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    notice = an.answer.notice
    assert (await an.again()).notice == notice
    assert (await joined(hall, "Trần An")).answer.notice == notice
    assert (await hall.journey.acts()).count("account_bound") == 1


async def test_a_second_persons_link_in_one_chat_is_refused(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    await an.opens(await hall.journey.token("Lê Bình"))
    assert "đã liên kết với người khác" in an.answer.notice
    assert "SAI" in an.answer.notice
    assert await an.sees("Kính mời đồng chí Trần An")


async def test_whoever_says_wrong_is_let_go_and_the_link_stays_good(hall: Hall) -> None:
    binh = hall.chat("Lê Bình")
    await binh.opens(await hall.journey.token("Trần An"))
    await binh.says("sai")
    assert "Trần An" in binh.asked, "asked once more, as the word may be about something else"
    await binh.taps("Để sau")
    assert await binh.sees("Kính mời đồng chí Trần An")
    await binh.says("SAI")
    await binh.taps("Sai, hủy liên kết")
    assert "Đã hủy liên kết" in binh.answer.notice
    await binh.again()
    assert is_heard(binh.answer)
    assert await binh.live() == []
    for text in ("xin chào", "tán thành"):
        await binh.says(text)
        assert "Đề nghị nhập mã" in binh.answer.notice
    await binh.opens(await hall.journey.token("Lê Bình"))
    assert "Đã liên kết: Lê Bình" in binh.answer.notice
    assert "Đã liên kết: Trần An" in (await joined(hall, "Trần An")).answer.notice


async def test_wrong_is_no_command_for_those_with_a_role(hall: Hall) -> None:
    await hall.organiser.says("SAI")
    assert "không có quyền" in hall.organiser.answer.notice
    assert "Tạo hội nghị" in await hall.organiser.labels()


# Strangers

ANYTHING = [
    "xin chào",
    "",
    "🙂",
    "tán thành",
    "tan thanh",
    "trang chủ",
    "trợ giúp",
    "sai",
    "hủy",
    "English",
    "/start",
    "/start start=",
    "A" * 5_000,
    "\u202e\u2066",
    "\u0000\ud800",
    "1-" + "A" * 22,
    "zzzzzzzzzzzz-" + "A" * 22,
    "'; DROP TABLE meetings; --",
    "%(name)s {0} %s",
]


@pytest.mark.parametrize("text", ANYTHING)
async def test_a_stranger_is_told_how_to_get_in_whatever_is_written(hall: Hall, text: str) -> None:
    stranger = hall.chat("Người lạ")
    await stranger.says(text)
    assert stranger.answer.notice
    assert stranger.answer.card is None
    assert not await is_bound(hall, "Người lạ")


async def test_a_forwarded_button_does_nothing_for_a_stranger(hall: Hall) -> None:
    stranger = hall.chat("Người lạ")
    for action in (CheckIn(1), CloseVote(1, 1), InviteRole(1, Role.SECRETARY), ShowMeeting(1)):
        await stranger.forges(action)
        assert "Đề nghị nhập mã" in stranger.answer.notice
    await stranger.forges("v1:no such thing")
    assert "Đề nghị nhập mã" in stranger.answer.notice
    await stranger.sends(b"anything")
    assert "Đề nghị nhập mã" in stranger.answer.notice
    assert not is_heard(await stranger.leaves()), "nobody is there to be answered"


async def test_ten_wrong_codes_and_the_right_one_has_to_wait(hall: Hall) -> None:
    stranger = hall.chat("Lê Bình")
    for _ in range(10):
        await stranger.says("K7QF-2M9X")
        assert stranger.answer.notice.startswith("Mã không đúng.")
    code = await hall.journey.code("Lê Bình")
    await stranger.says(code)
    assert "quá nhiều lần" in stranger.answer.notice
    assert not await is_bound(hall, "Lê Bình")
    hall.clock.advance(timedelta(hours=1))
    await stranger.says(code)
    assert "Đã liên kết: Lê Bình" in stranger.answer.notice


async def test_words_cost_no_try(hall: Hall) -> None:
    stranger = hall.chat("Lê Bình")
    for _ in range(6):
        await stranger.says("tan thanh")
        await stranger.says("trang chu")
    await stranger.says(await hall.journey.code("Lê Bình"))
    assert "Đã liên kết: Lê Bình" in stranger.answer.notice


async def test_a_stranger_is_answered_in_the_language_of_the_phone(hall: Hall) -> None:
    visitor = hall.chat("Visitor", language="en")
    await visitor.says("hello")
    assert visitor.answer.notice.startswith("You are not linked to any meeting yet.")


# Another account of the same person


async def test_a_second_phone_takes_the_first_ones_place_when_confirmed(hall: Hall) -> None:
    first = await joined(hall, "Trần An")
    second = hall.chat("Điện thoại mới")
    await second.opens(await hall.journey.token("Trần An"))
    assert "Trần An đã liên kết" in second.asked, second.asked
    question = second.card
    await second.says("để xem")
    assert "“Có” hoặc “Không”" in second.answer.notice
    assert await first.sees("Kính mời đồng chí Trần An")
    await second.taps("Không", on=question)
    assert second.answer.notice == "Đã hủy. Không có gì thay đổi."
    await second.taps("Có", on=question)
    assert "không còn hiệu lực" in second.answer.notice
    await second.opens(await hall.journey.token("Trần An"))
    await second.says("có")
    assert second.answer.notice.startswith("Đã chuyển"), second.answer.notice
    assert await second.sees("Kính mời đồng chí Trần An")
    assert await first.live() == []
    assert await first.sees("Liên kết này đã kết thúc")
    await second.again()
    assert is_heard(second.answer)
    assert (await hall.journey.acts()).count("account_moved") == 1


async def test_what_fails_three_times_is_set_aside_and_said_to_be_not_recorded(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    async with hall.journey.database.transaction() as tx:
        account = await find_account(tx, "telegram", hall.journey.sender("Trần An").external_id)
        assert account is not None
        # What no release asks: the answer to it can only fail.
        state = {"template": "no such template", "organisation_id": 1, "answers": {}}
        await put_dialogue(tx, account.account_id, "draft", state, hall.journey.clock.now())
    for _ in range(2):
        with pytest.raises(ValueError, match="no such template"):
            await an.does(Text("Xin chào"), event="poison")
    await an.does(Text("Xin chào"), event="poison")
    assert an.answer.notice.startswith("CHƯA ghi nhận")


async def test_no_code_is_kept_while_a_question_waits(hall: Hall) -> None:
    await joined(hall, "Trần An")
    token = await hall.journey.token("Trần An")
    await hall.chat("Điện thoại mới").opens(token)
    async with hall.journey.database.snapshot() as tx:
        states = [str(state) for state in await tx.exec(select(DialogueRow.state))]
    assert states
    assert not [state for state in states if token.partition("-")[2] in state]


async def test_a_page_moves_without_a_question_as_it_asked_already(hall: Hall) -> None:
    await joined(hall, "Trần An", "web")
    second = hall.chat("Máy khác", "web")
    await second.opens(await hall.journey.token("Trần An"))
    assert "Đã liên kết: Trần An" in second.answer.notice


async def test_a_phone_and_a_page_speak_for_the_same_person(hall: Hall) -> None:
    phone, page = await joined(hall, "Trần An"), await joined(hall, "Trần An", "web")
    await page.taps("Dự họp")
    assert await phone.sees("Đã ghi nhận: đồng chí dự họp.")


# Roles


async def role_link(hall: Hall, label: str) -> str:
    await hall.organiser.taps("Giấy mời")
    await hall.organiser.taps(label)
    return hall.organiser.told.splitlines()[-1]


@pytest.mark.parametrize(
    ("label", "role", "can"),
    [
        ("Đường liên kết cho chủ tọa", "chủ tọa", {"Khai mạc"}),
        ("Đường liên kết cho thư ký", "thư ký", {"Khai mạc", "Đại biểu", "Giấy mời"}),
        ("Đường liên kết cho ban tổ chức", "ban tổ chức", {"Đại biểu", "Giấy mời", "Tạo hội nghị"}),
    ],
)
async def test_a_roles_link_asks_for_the_name_and_gives_the_panel(
    hall: Hall, label: str, role: str, can: set[str]
) -> None:
    link = await role_link(hall, label)
    dung = hall.chat("Phạm Dũng")
    await dung.says(link)
    assert role in dung.asked.casefold()
    await dung.says("🙂")
    assert dung.answer.notice == "Đề nghị ghi bằng chữ."
    await dung.says("  Phạm   Dũng ")
    assert dung.answer.notice == "Đã liên kết: Phạm Dũng."
    assert can <= set(await dung.labels())
    other = hall.chat("Người khác")
    await other.says(link)
    assert "đã được dùng" in other.answer.notice


async def test_a_roles_link_expires_after_a_week(hall: Hall) -> None:
    link = await role_link(hall, "Đường liên kết cho chủ tọa")
    hall.clock.advance(timedelta(days=7))
    dung = hall.chat("Phạm Dũng")
    await dung.says(link)
    assert "hết hiệu lực" in dung.answer.notice


async def test_an_attendee_takes_a_role_up_without_being_asked_who_it_is(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    await an.says(await role_link(hall, "Đường liên kết cho chủ tọa"))
    assert an.answer.notice == "Đã liên kết: Trần An."
    assert {"Khai mạc", "Dự họp"} <= set(await an.labels())


async def test_a_member_makes_no_links(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    meeting_id = hall.journey.meeting_id
    for action in (
        InviteRole(meeting_id, Role.ORGANISER),
        ShowInvitations(meeting_id, 0),
        RenewInvitation(hall.journey.attendees["Lê Bình"], 1),
    ):
        await an.forges(action)
        assert "không có quyền" in an.answer.notice
        assert an.answer.card is None


async def test_the_organiser_goes_on_the_roll(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.forges(CheckIn(hall.journey.meeting_id))
    assert "không có tên trong danh sách" in organiser.answer.notice
    await organiser.taps("Tự đăng ký làm đại biểu")
    assert organiser.answer.notice == f"Đã đưa {ORGANISER} vào danh sách đại biểu."
    assert await organiser.sees(f"Kính mời đồng chí {ORGANISER}")
    assert "Tự đăng ký làm đại biểu" not in await organiser.labels()


# Invitations


async def test_invitations_are_turned_over_page_by_page(sqlite: Database) -> None:
    names = [f"Đại biểu {number:04}" for number in range(1, 1_001)]
    hall = await Hall.planned(sqlite, plan(names), are_bound=False)
    organiser = hall.organiser
    await organiser.taps("Giấy mời")
    assert "Đã liên kết: 0 trên tổng số 1.000." in organiser.told
    assert "Đại biểu 0001 (chưa liên kết)" in organiser.told
    assert await hall.journey.code("Đại biểu 0001") in organiser.told
    await organiser.taps("Trang 2 ›")
    assert "Đại biểu 0006" in organiser.told
    await organiser.taps("Trang 200 ›")
    assert "Đại biểu 1000" in organiser.told
    await organiser.taps("‹ Trang 199")
    assert "Đại biểu 0995" in organiser.told
    await organiser.taps("‹ Trang 1")
    assert "Đại biểu 0001" in organiser.told
    await organiser.forges(ShowInvitations(hall.journey.meeting_id, 2**31 - 1))
    assert "Đại biểu 1000" in organiser.told, "past the end is the last page"


async def test_a_renewed_link_ends_the_old_one(hall: Hall) -> None:
    an, old = await joined(hall, "Trần An"), await hall.journey.token("Trần An")
    organiser = hall.organiser
    await organiser.taps("Đại biểu")
    await organiser.taps("1. Trần An")
    await organiser.taps("Cấp lại đường liên kết")
    assert organiser.asked.startswith("Trần An đang liên kết."), "it is in use: asked once more"
    await organiser.taps("Để sau")
    assert await hall.journey.token("Trần An") == old
    await organiser.taps("Cấp lại đường liên kết")
    assert "Đường liên kết cá nhân mới" in organiser.told
    assert "Trần An, Văn phòng" in organiser.told
    new = await hall.journey.token("Trần An")
    assert new != old
    assert new in organiser.told
    assert await an.live() == []
    await an.opens(old)
    assert an.answer.notice.startswith("Liên kết này đã cũ")
    await an.opens(new)
    assert "Đã liên kết: Trần An" in an.answer.notice


async def test_a_link_that_nobody_uses_is_renewed_at_once(hall: Hall) -> None:
    await hall.organiser.forges(RenewInvitation(hall.journey.attendees["Lê Bình"], 0))
    assert "Đường liên kết cá nhân mới" in hall.organiser.told


# Consent


async def consents(hall: Hall) -> list[tuple[Purpose, str, bool]]:
    async with hall.database.snapshot() as tx:
        rows = (await tx.exec(select(ConsentRow).order_by(col(ConsentRow.id)))).all()
        return [(row.purpose, row.wording_version, row.is_given) for row in rows]


async def test_consent_is_asked_once_for_each_purpose_in_words(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    assert await an.sees("lưu thông tin liên hệ, gồm số điện thoại")
    await an.taps("Đồng ý lưu liên hệ")
    assert an.answer.notice == "Đã ghi nhận: đồng chí đồng ý cho sử dụng thông tin liên hệ."
    assert not await an.sees("lưu thông tin liên hệ, gồm số điện thoại")
    assert await an.sees("nhắc việc qua tài khoản này")
    await an.taps("Không nhận tin nhắc")
    assert await consents(hall) == [
        (Purpose.CONTACT, CONSENT_VERSION, True),
        (Purpose.REMINDERS, CONSENT_VERSION, False),
    ]
    assert not {"Đồng ý lưu liên hệ", "Đồng ý nhận tin nhắc", "Không nhận tin nhắc"} & set(await an.labels())
    await an.again()
    assert is_heard(an.answer)
    assert len(await consents(hall)) == 2


async def test_consent_goes_to_the_organisation_that_asks(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    elsewhere = hall.chat("Hồ Hai")
    await elsewhere.opens(await hall.founder_code())
    await elsewhere.says("Cơ quan thứ hai")
    await elsewhere.says("Hồ Hai")
    for step in ("Tạo hội nghị", "Hội nghị khác"):
        await elsewhere.taps(step)
    for answer in ("Họp khác", "14:00 30/12/2027", "Phòng họp", "Trần An"):
        await elsewhere.says(answer)
    await elsewhere.taps("Lưu hội nghị")
    await elsewhere.taps("Giấy mời")
    await an.says(next(line for line in elsewhere.told.splitlines() if "/i/" in line).removeprefix("Web: "))
    assert "Đã liên kết: Trần An" in an.answer.notice
    _, older = await an.live()
    assert "Cơ quan thứ hai" not in " ".join(texts(older))
    await an.taps("Đồng ý lưu liên hệ", on=older)
    assert await consents(hall) == [(Purpose.CONTACT, CONSENT_VERSION, True)]
    (asking,) = [card for card in await an.live() if "Đồng ý lưu liên hệ" in buttons(card)]
    assert "Cơ quan thứ hai" in " ".join(texts(asking)), "the other organisation still asks"


async def test_a_consent_of_a_meeting_of_others_is_refused(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    await an.forges(GiveConsent(99, Purpose.CONTACT, 1))
    assert is_heard(an.answer)
    assert await consents(hall) == []


# Language and address


async def test_all_cards_follow_the_language_and_back(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    organiser = hall.organiser
    await an.says("English")
    assert an.answer.notice == "From now on in English."
    assert await an.sees("Trần An, you are invited to Hội nghị")
    await organiser.taps("English")
    assert await organiser.sees("Organiser: ")
    assert "Create a meeting" in await organiser.labels()
    await an.says("tiếng việt")
    assert await an.sees("Kính mời đồng chí Trần An")
    await organiser.taps("Tiếng Việt")
    assert "Tạo hội nghị" in await organiser.labels()


async def test_a_language_that_is_not_spoken_changes_nothing(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    await an.forges("v1:language:xx")
    assert "không còn hiệu lực" in an.answer.notice
    assert await an.sees("Kính mời")


async def test_a_guest_is_addressed_as_one_everywhere(hall: Hall) -> None:
    guest = await joined(hall, "Võ Khách")
    assert await guest.sees("Kính mời ông/bà Võ Khách")
    await guest.taps("Dự họp")
    assert guest.answer.notice == "Đã ghi nhận: ông/bà dự họp."
    await hall.organiser.taps("Mở xác nhận có mặt")
    assert await guest.sees("Đề nghị ông/bà xác nhận có mặt.")
    assert not await guest.sees("đồng chí")
    await guest.taps("Xác nhận có mặt")
    assert "ông/bà" in guest.answer.notice


# Help


async def test_help_says_what_this_person_can_do(hall: Hall) -> None:
    an, guest = await joined(hall, "Trần An"), await joined(hall, "Võ Khách")
    await an.says("?")
    assert "biểu quyết bằng một lần chạm" in an.told
    assert "tạo hội nghị" not in an.told
    await guest.says("/help")
    assert "Khách mời, người dự thính" in guest.told
    assert "biểu quyết bằng" not in guest.told
    await hall.organiser.says("trợ giúp")
    assert "tạo hội nghị" in hall.organiser.told
    assert {"Trang chủ", "Hội nghị"} <= set(buttons(hall.organiser.card or Card(())))
    unbound = await joined(hall, "Lê Bình")
    await unbound.says("SAI")
    await unbound.taps("Sai, hủy liên kết")
    await unbound.says("trợ giúp")
    assert "K7QF-2M9X" in unbound.told


async def test_home_leads_an_organiser_to_the_meetings_and_a_member_to_help(hall: Hall) -> None:
    await hall.organiser.says("trang chủ")
    assert "1. Hội nghị" in buttons(hall.organiser.card or Card(()))
    await hall.organiser.taps("1. Hội nghị")
    assert hall.organiser.asked == "Hội nghị"
    an = await joined(hall, "Trần An")
    await an.opens()
    assert "Trợ giúp" in an.told
    await an.forges(ShowMeeting(hall.journey.meeting_id))
    assert "Trợ giúp" in an.told
    assert not {"Khai mạc", "Mời", "Đại biểu"} & set(await an.labels()), "a member never gets a panel"


async def test_who_blocked_the_bot_and_comes_back_is_reached_again(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    assert not is_heard(await an.leaves())
    await an.opens(await hall.journey.token("Trần An"))
    assert "Đã liên kết: Trần An" in an.answer.notice


async def test_a_link_of_others_is_not_ended(hall: Hall) -> None:
    an = await joined(hall, "Trần An")
    await an.forges(ReportWrongPerson(99))
    assert is_heard(an.answer)
    assert await an.sees("Kính mời đồng chí Trần An")
    await hall.organiser.forges(ReportWrongPerson(hall.journey.meeting_id))
    assert "không có quyền" in hall.organiser.answer.notice

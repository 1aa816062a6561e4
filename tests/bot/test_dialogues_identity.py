"""The shared link: who comes by it is known by the phone, or waits by name for the organiser."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.actions import (
    AcceptClaim,
    DeclineClaim,
    FindClaimant,
    RenewSharedLink,
    ShowClaim,
    ShowClaims,
    UnbindAccount,
)
from handlers.inviting import give_shared_way
from meeting.people import Role
from storage.claims import list_waiting_claims
from storage.rows import ClaimRow, DialogueRow, GuessRow, PersonRow, RecordEntryRow
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import plan, seat

HOA_PHONE = "+84912345678"
SHARED_PHONE = "+84703456789"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    meeting = plan(
        [
            seat("Trần Thị Hòa", "Phòng Kế toán", phone=HOA_PHONE),
            seat("Lê An", "Văn phòng", phone=SHARED_PHONE),
            seat("Nguyễn An", "Phòng Kế toán", phone=SHARED_PHONE),
            seat("Chủ tọa", role=Role.CHAIR),
        ],
        units=["Văn phòng", "Phòng Kế toán"],
    )
    return set_up_stage(lambda database: Hall.planned(database, meeting, are_bound=False))


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """A planned meeting; nobody has opened a link."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def comes(hall: Hall, name: str, platform: str = "telegram") -> Chat:
    """Somebody opens the shared link."""
    way = await give_shared_way(hall.house, hall.journey.meeting_id)
    chat = hall.chat(name, platform)
    await chat.opens(way.token)
    return chat


async def claim_id(hall: Hall) -> int:
    async with hall.database.snapshot() as tx:
        (claim,) = await list_waiting_claims(tx, hall.journey.meeting_id)
    return claim.claim_id


# The phone number


@pytest.mark.parametrize("phone", ["84912345678", "+84912345678", "+84 912 345 678"])
async def test_the_own_number_of_one_attendee_links_at_once(hall: Hall, phone: str) -> None:
    hoa = await comes(hall, "Hòa")
    assert "họ và tên như trong danh sách" in hoa.asked
    assert "Hòa, Phòng" not in hoa.told, "who is on the list is told to nobody"
    await hoa.shares(phone)
    assert hoa.answer.notice == "Đã liên kết: Trần Thị Hòa, Phòng Kế toán. Nếu sai, nhắn SAI."
    assert await hoa.sees("Kính mời đồng chí Trần Thị Hòa")
    assert await hoa.question() is None
    assert (await hall.journey.acts()).count("account_bound") == 1
    assert "ghi nhận trước đó" in (await hoa.again()).notice


async def test_somebody_elses_contact_counts_for_nothing(hall: Hall) -> None:
    thief = await comes(hall, "Kẻ gian")
    await thief.shares(HOA_PHONE, is_own=False)
    assert "số liên lạc của người khác" in thief.answer.notice
    assert await thief.live() == []
    await thief.says("Trần Thị Hòa")
    assert "Đã gửi Ban tổ chức" in thief.answer.notice, "the question still stands"


async def test_a_number_that_nobody_has_is_not_kept(hall: Hall) -> None:
    guest = await comes(hall, "Khách lạ")
    await guest.shares("84987654321")
    assert "không được lưu lại" in guest.answer.notice
    async with hall.database.snapshot() as tx:
        rows = [
            *await tx.exec(select(DialogueRow.state)),
            *await tx.exec(select(PersonRow.phone)),
            *await tx.exec(select(RecordEntryRow.facts)),
            *await tx.exec(select(GuessRow.external_id)),
        ]
    assert "987654321" not in str(rows)
    await guest.says("Lê An")
    assert "Đã gửi Ban tổ chức" in guest.answer.notice


async def test_two_with_one_number_are_told_apart_by_the_organiser(hall: Hall) -> None:
    an = await comes(hall, "An")
    await an.shares("841203456789")
    assert "nhiều đại biểu" in an.answer.notice
    await an.says("An")
    assert await hall.organiser.sees("Chưa xác định được ai")
    await hall.organiser.taps("1. Người khác")
    assert hall.organiser.card is not None
    assert list(buttons(hall.organiser.card))[:2] == ["2. Lê An", "3. Nguyễn An"]
    await hall.organiser.taps("3. Nguyễn An")
    assert hall.organiser.answer.notice == "Đã liên kết: Nguyễn An."
    assert await an.sees("Đã liên kết: Nguyễn An, Phòng Kế toán")


async def test_a_number_whose_owner_has_another_account_moves_it_only_when_asked(hall: Hall) -> None:
    old = hall.chat("Máy cũ")
    await old.opens(await hall.journey.token("Trần Thị Hòa"))
    new = await comes(hall, "Máy mới")
    await new.shares(HOA_PHONE)
    assert "đã liên kết với một tài khoản khác" in new.asked
    assert await old.live()
    await new.taps("Có")
    assert await new.sees("Kính mời đồng chí Trần Thị Hòa")
    assert await old.sees("Liên kết này đã kết thúc hoặc chuyển")


async def test_a_contact_that_nobody_asked_for_is_not_kept(hall: Hall) -> None:
    await hall.organiser.shares(HOA_PHONE)
    assert "không được lưu lại" in hall.organiser.answer.notice
    stranger = hall.chat("Ai đó")
    await stranger.shares(HOA_PHONE)
    assert "Đề nghị nhập mã" in stranger.answer.notice


# The name


@pytest.mark.parametrize("platform", ["telegram", "web"])
async def test_a_typed_name_waits_for_the_organiser_however_well_it_fits(hall: Hall, platform: str) -> None:
    hoa = await comes(hall, "Hoa", platform)
    await hoa.says("TRẦN  THỊ HOÀ")
    assert "Đã gửi Ban tổ chức: “TRẦN THỊ HOÀ”" in hoa.answer.notice
    assert await hoa.live() == []
    question = await hoa.question()
    assert question is not None
    assert "đang chờ Ban tổ chức xác nhận" in texts(question)[0]
    card = next(card for card in await hall.organiser.live() if "liên kết chung" in texts(card)[0])
    shown = "\n".join(texts(card))
    assert "Có thể là: 1. Trần Thị Hòa, Phòng Kế toán, •••678" in shown
    assert HOA_PHONE[3:] not in shown
    assert "Hoa" in shown, "how the account calls itself"
    await hall.organiser.taps("1. Xác nhận")
    assert hall.organiser.answer.notice == "Đã liên kết: Trần Thị Hòa."
    assert await hoa.sees("Đã liên kết: Trần Thị Hòa, Phòng Kế toán. Nếu sai, nhắn SAI.")
    assert await hoa.sees("Kính mời đồng chí Trần Thị Hòa")
    assert await hoa.question() is None
    assert await hall.organiser.sees("Không có ai chờ xác nhận.")
    await hall.organiser.forges(AcceptClaim(1, hall.journey.attendees["Lê An"], 1))
    assert "đã được quyết định" in hall.organiser.answer.notice, "decided once"
    assert (await hall.journey.acts()).count("account_bound") == 1


async def test_who_is_declined_is_told_and_may_try_again(hall: Hall) -> None:
    guest = await comes(hall, "Khách lạ")
    await guest.says("Phạm Văn Không")
    assert await hall.organiser.sees("Chưa xác định được ai")
    await hall.organiser.taps("1. Từ chối")
    assert "Đã từ chối" in hall.organiser.answer.notice
    assert await guest.sees("chưa tìm thấy tên này")
    question = await guest.question()
    assert question is not None
    assert "chưa tìm thấy" in texts(question)[0]
    await guest.says("Lê An")
    assert await hall.organiser.sees("Có thể là: 2. Lê An")
    assert (await hall.journey.acts()).count("claim_declined") == 1


async def test_a_new_name_takes_the_place_of_the_earlier_one_and_its_buttons(hall: Hall) -> None:
    an = await comes(hall, "An")
    await an.says("Trần Thị Hòa")
    first = await claim_id(hall)
    await an.says("Lê An")
    await hall.organiser.forges(AcceptClaim(first, hall.journey.attendees["Trần Thị Hòa"], 0))
    assert await an.live() == [], "what was confirmed is not what is claimed now"
    assert await hall.organiser.sees("“Lê An”")
    assert not await hall.organiser.sees("“Trần Thị Hòa”")
    await an.says("hủy")
    assert "Đã rút lại" in an.answer.notice
    assert await hall.organiser.sees("Không có ai chờ xác nhận.")


@pytest.mark.parametrize("name", ["Huy", "dung", "Dũng"])
async def test_a_given_name_that_looks_like_a_command_is_a_name(hall: Hall, name: str) -> None:
    person = await comes(hall, "Huy")
    await person.says(name)
    assert f"Đã gửi Ban tổ chức: “{name}”" in person.answer.notice
    await hall.organiser.forges(FindClaimant(await claim_id(hall)))
    await hall.organiser.says(name)
    assert "Không có ai tên như vậy" in hall.organiser.answer.notice
    await hall.organiser.says("dừng")
    assert hall.organiser.answer.notice == "Đã hủy. Không có gì thay đổi."


async def test_who_comes_by_the_personal_link_after_all_waits_no_more(hall: Hall) -> None:
    an = await comes(hall, "An")
    await an.says("Lê An")
    waiting = await claim_id(hall)
    assert await hall.organiser.sees("“Lê An”")
    await an.opens(await hall.journey.token("Nguyễn An"))
    assert an.answer.notice == "Đã liên kết: Nguyễn An, Phòng Kế toán. Nếu sai, nhắn SAI."
    assert await an.question() is None
    assert await hall.organiser.sees("Không có ai chờ xác nhận.")
    await hall.organiser.forges(AcceptClaim(waiting, hall.journey.attendees["Lê An"], 1))
    assert not await an.sees("Lê An")


async def test_somebody_on_the_list_is_looked_for(hall: Hall) -> None:
    hoa = await comes(hall, "Hòa")
    await hoa.says("Cô kế toán")
    await hall.organiser.taps("1. Người khác")
    await hall.organiser.taps("Tìm theo tên")
    await hall.organiser.says("không ai")
    assert "Không có ai" in hall.organiser.answer.notice
    await hall.organiser.says("hoa")
    await hall.organiser.taps("1. Trần Thị Hòa")
    assert await hoa.sees("Đã liên kết: Trần Thị Hòa")


async def test_a_name_of_somebody_linked_moves_the_link_when_that_is_sure(hall: Hall) -> None:
    old = hall.chat("Máy cũ")
    await old.opens(await hall.journey.token("Lê An"))
    new = await comes(hall, "Máy mới")
    await new.says("le an")
    assert await hall.organiser.sees("đang liên kết với tài khoản khác (Telegram)")
    await hall.organiser.taps("1. Xác nhận")
    assert "Chuyển liên kết sang tài khoản mới?" in hall.organiser.asked
    assert await new.live() == []
    await hall.organiser.taps("Chuyển liên kết")
    assert await new.sees("Đã liên kết: Lê An")
    assert await old.sees("Liên kết này đã kết thúc hoặc chuyển")
    assert await old.live() == []
    assert (await hall.journey.acts()).count("account_moved") == 1


async def test_the_same_claim_delivered_again_waits_once(hall: Hall) -> None:
    an = await comes(hall, "An")
    await an.says("Lê An")
    assert "ghi nhận trước đó" in (await an.again()).notice
    async with hall.database.snapshot() as tx:
        assert len(list(await tx.exec(select(ClaimRow.id)))) == 1


async def test_names_are_tried_ten_times_an_hour(hall: Hall) -> None:
    flood = await comes(hall, "Phá")
    for number in range(10):
        await flood.says(f"Tên {chr(97 + number)}")
        assert "Đã gửi" in flood.answer.notice
    await flood.says("Lê An")
    assert "quá nhiều" in flood.answer.notice or "thử lại" in flood.answer.notice
    async with hall.database.snapshot() as tx:
        assert len(list(await tx.exec(select(GuessRow.id)))) == 10
        assert len(await list_waiting_claims(tx, hall.journey.meeting_id)) == 1
    hall.clock.advance(timedelta(hours=1))
    await flood.says("Lê An")
    assert "Đã gửi" in flood.answer.notice


@pytest.mark.parametrize("typed", ["12345", "🙂", "x" * 201])
async def test_what_is_no_name_is_refused_and_asked_for_again(hall: Hall, typed: str) -> None:
    an = await comes(hall, "An")
    await an.says(typed)
    assert an.answer.notice
    assert "Đã gửi" not in an.answer.notice
    await an.says("Lê An")
    assert "Đã gửi" in an.answer.notice


# The link itself


async def test_the_shared_link_is_shown_with_the_invitations_and_renewed(hall: Hall) -> None:
    organiser = hall.organiser
    await organiser.taps("Giấy mời")
    old = (await give_shared_way(hall.house, hall.journey.meeting_id)).token
    assert f"http://192.168.1.20:8080/j/{old}" in organiser.told
    assert f"https://t.me/hoinghi_bot?start={old}" in organiser.told
    await organiser.taps("Liên kết chung mới")
    assert "Liên kết đã phát không còn dùng được" in organiser.asked
    await organiser.taps("Liên kết chung mới")
    new = (await give_shared_way(hall.house, hall.journey.meeting_id)).token
    assert new != old
    assert new in organiser.told
    late = hall.chat("Đến muộn")
    await late.opens(old)
    assert "Liên kết này đã cũ" in late.answer.notice
    await late.opens(new)
    assert "họ và tên" in late.asked


async def test_a_question_that_came_by_an_old_link_ends_with_it(hall: Hall) -> None:
    an = await comes(hall, "An")
    await hall.organiser.forges(RenewSharedLink(hall.journey.meeting_id, 1))
    await an.says("Lê An")
    assert "Liên kết này đã cũ" in an.answer.notice
    await an.says("Lê An")
    assert "Đề nghị nhập mã" in an.answer.notice


async def test_who_is_known_in_the_meeting_just_finds_it(hall: Hall) -> None:
    an = hall.chat("An")
    await an.opens(await hall.journey.token("Lê An"))
    await comes(hall, "An")
    assert an.answer.notice == "Đã liên kết: Lê An, Văn phòng. Nếu sai, nhắn SAI."
    assert await an.question() is None


# Rights


async def test_nobody_else_decides_by_a_forwarded_button(hall: Hall) -> None:
    an = await comes(hall, "An")
    await an.says("Lê An")
    waiting, attendee = await claim_id(hall), hall.journey.attendees["Lê An"]
    hoa = hall.chat("Hòa")
    await hoa.opens(await hall.journey.token("Trần Thị Hòa"))
    chair = hall.chat("Chủ tọa")
    await chair.opens(await hall.journey.token("Chủ tọa"))
    meeting_id = hall.journey.meeting_id
    for person in (an, hoa, chair, hall.chat("Người lạ")):
        for action in (
            AcceptClaim(waiting, attendee, 1),
            DeclineClaim(waiting),
            ShowClaim(waiting),
            ShowClaims(meeting_id),
            FindClaimant(waiting),
            RenewSharedLink(meeting_id, 1),
            UnbindAccount(hall.journey.attendees["Trần Thị Hòa"], "telegram", 1),
        ):
            await person.forges(action)
            assert person.answer.card is None, action
            assert "Lê An" not in person.answer.notice
        assert not any("liên kết chung" in texts(card)[0] for card in await person.live())
    assert await claim_id(hall) == waiting
    assert await hoa.sees("Kính mời đồng chí Trần Thị Hòa")


async def test_an_attendees_account_is_unlinked_by_the_organiser(hall: Hall) -> None:
    an = hall.chat("An")
    await an.opens(await hall.journey.token("Lê An"))
    page = hall.chat("An", "web")
    await page.opens(await hall.journey.token("Lê An"))
    await hall.organiser.taps("Đại biểu")
    await hall.organiser.taps("2. Lê An")
    await hall.organiser.taps("Hủy liên kết: Telegram")
    assert "Hủy liên kết của Lê An" in hall.organiser.asked
    assert await an.live()
    await hall.organiser.taps("Hủy liên kết: Telegram")
    assert "Đã hủy liên kết của Lê An" in hall.organiser.answer.notice
    assert await an.live() == []
    assert await an.sees("Liên kết này đã kết thúc hoặc chuyển")
    assert await page.live(), "only the one that was lost"
    assert "account_unbound" in await hall.journey.acts()
    await hall.organiser.forges(UnbindAccount(hall.journey.attendees["Lê An"], "telegram", 1))
    assert "đã thay đổi" in hall.organiser.answer.notice
    await an.opens(await hall.journey.token("Lê An"))
    assert "Đã liên kết: Lê An" in an.answer.notice, "the personal link stays good"

"""A pledge from chat to chat: set up, read, confirmed (asked twice), signed on paper; a tap signs nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import (
    ConfirmPledge,
    EnterSignatures,
    FreezePledge,
    NameSigner,
    PlanPledge,
    ShowPledge,
    StopPledge,
)
from bot.cards.group import group_card
from bot.cards.summary import summary_card, summary_markdown
from bot.dialogues.talk import voice_for
from bot.papers.news import draft_news
from bot.platforms.base import Card
from bot.results import results_json
from bot.wording.catalogue import read_catalogue
from handlers import agenda, closing, opening, versions
from handlers.due import do_due_work
from handlers.versions import VersionMade
from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import PlannedItem
from meeting.pledges import ConfirmationState, Pledge
from meeting.versions import text_digest
from storage import pledges as stored
from storage.database import Database
from storage.papers import list_papers
from storage.reading import get_attendance, get_meeting_view, get_news_view, get_results_view
from storage.views import GroupView
from tests.bot.chatting import Chat, Hall, Stage, buttons, texts
from tests.bot.conftest import SetUp
from tests.handlers.journey import ORGANISER, plan, seat

UNITS = ("Chi cục Một", "Chi cục Hai", "Chi cục Ba")
TEXT = "I. Thi đua hoàn thành nhiệm vụ.\nII. Tổ chức thực hiện."
NEVER = ("đã ký", "chữ ký điện tử", "giá trị pháp lý như chữ ký", "đã đóng dấu", "e-signature")
ALL_OF_THREE = ("3/3 bên", "3/3 parties", "hoàn tất", "complete")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def stage(set_up_stage: SetUp) -> Stage:
    async def build(database: Database) -> Hall:
        people = [
            seat("Trần Chủ Trì", standing=Standing.GUEST, role=Role.CHAIR),
            seat("Một", UNITS[0]),
            seat("Hai", UNITS[1]),
            seat("Ba", UNITS[2]),
            seat("Lê Thủ Trưởng", UNITS[2], standing=Standing.GUEST),
        ]
        items = [PlannedItem("Ký giao ước thi đua", ItemKind.PLEDGE, text=TEXT)]
        hall = await Hall.opened(database, plan(people, items, units=UNITS))
        await hall.journey.appoint("Thư ký", Role.SECRETARY)
        return hall

    return set_up_stage(build)


@pytest.fixture
async def hall(stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting of three units, whose item is a pledge with a text."""
    async with stage.copy(tmp_path) as hall:
        yield hall


async def pledge(hall: Hall) -> Pledge:
    async with hall.database.snapshot() as tx:
        found = await stored.find_pledge(tx, hall.journey.meeting_id)
    assert found is not None
    return found


async def set_up(hall: Hall) -> None:
    """The organiser sets the pledge up from the panel, and names who signs for the third unit."""
    organiser = hall.chat(ORGANISER)
    await hall.chat("Trần Chủ Trì").taps("Bắt đầu: Ký giao ước thi đua")
    await organiser.taps("Lập giao ước")
    answer = await organiser.taps("Cụm: mỗi đơn vị là một bên")
    assert answer.notice == "Đã lập giao ước. Hãy kiểm tra các bên và cử người ký cho từng bên."
    assert answer.card is not None
    assert texts(answer.card)[-2:] == ["3. Chi cục Ba", "chưa cử người ký"]
    await organiser.taps("3. Chi cục Ba")
    await organiser.taps("Cử người ký")
    answer = await organiser.says("lê thủ trưởng; Chi cục trưởng")
    assert answer.notice == "Đã ghi nhận. Người ký có thể xác nhận qua tin nhắn."
    assert answer.card is not None
    assert "Lê Thủ Trưởng, Chi cục trưởng" in texts(answer.card)


async def frozen(hall: Hall) -> None:
    await set_up(hall)
    chair = hall.chat("Trần Chủ Trì")
    await chair.forges(ShowPledge(1))
    await chair.taps("Lấy xác nhận của các bên")
    assert chair.card is not None
    assert "Nếu sau đó lập bản mới, toàn bộ xác nhận sẽ bị hủy" in texts(chair.card)[0]
    assert "Đã chốt văn bản" in (await chair.taps("Chốt và lấy xác nhận")).notice


async def confirm(chat: Chat) -> str:
    """Read, tap, and tap once more."""
    (card,) = [one for one in await chat.live() if "Tôi đã đọc, xác nhận" in buttons(one)]
    assert TEXT in texts(card)
    asked = await chat.taps("Tôi đã đọc, xác nhận", on=card)
    assert asked.card is not None
    assert "không phải chữ ký" in texts(asked.card)[0]
    return (await chat.taps("Có, tôi xác nhận", on=asked.card)).notice


def shown(chat: Chat) -> Card:
    assert chat.card is not None
    return chat.card


def said(card: Card) -> str:
    return "\n".join([*texts(card), *buttons(card)]).lower()


async def everything_shown(hall: Hall) -> list[str]:
    """All that anybody has been answered, is shown now, or was sent, and what is made of the meeting."""
    shown = []
    for chat in hall.chats.values():
        shown += [said(card) for card in [*chat.seen, *await chat.live(), *await chat.posts()]]
        shown.append(chat.answer.notice.lower())
    async with hall.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, hall.journey.meeting_id)
        results = await get_results_view(tx, hall.journey.meeting_id)
        attendance = await get_attendance(tx, hall.journey.meeting_id)
        news = draft_news(await get_news_view(tx, hall.journey.meeting_id)).text
    for language in ("vi", "en"):
        voice = voice_for(language, meeting)
        shown.append(summary_markdown(voice, results).lower())
        shown.append(said(summary_card(voice, results)))
        shown.append(
            said(group_card(voice, GroupView(meeting, attendance, None, pledge=results.pledge), None))
        )
    return [*shown, news.lower()]


async def test_a_pledge_goes_from_chat_to_chat_and_six_of_seven_stays_open(hall: Hall) -> None:
    await frozen(hall)
    assert await confirm(hall.chat("Một")) == "Đã ghi nhận xác nhận. Các bên đã xác nhận: 1/3."
    assert await confirm(hall.chat("Hai")) == "Đã ghi nhận xác nhận. Các bên đã xác nhận: 2/3."
    assert await hall.chat("Một").sees("Ghi nhận xác nhận đồng ý của Chi cục Một lúc")
    # The hall sees who has confirmed; who is missing stands before those who keep the roll alone.
    member, chair, secretary = hall.chat("Ba"), hall.chat("Trần Chủ Trì"), hall.chat("Thư ký")
    assert await member.sees("Giao ước: 2/3 bên đã xác nhận; còn thiếu: 01 bên.")
    assert await member.sees("Các bên đã xác nhận: Chi cục Một; Chi cục Hai.")
    assert await secretary.sees("Chưa xác nhận: Chi cục Ba (Lê Thủ Trưởng).")
    await member.taps("Giao ước")
    await chair.taps("Giao ước")
    for other in (member, chair):
        assert not await other.sees("Chưa xác nhận: Chi cục Ba")
    for text in await everything_shown(hall):
        assert not any(word in text for word in NEVER), text
        assert not any(word in text for word in ALL_OF_THREE), text
    await hall.journey.close_meeting()
    async with hall.database.snapshot() as tx:
        view = await get_results_view(tx, hall.journey.meeting_id)
    told = results_json(view)["pledge"]
    assert (told["version"], told["sha256"], told["is_complete"]) == (1, text_digest(TEXT), False)
    assert [(party["name"], party["state"]) for party in told["parties"]] == [
        (UNITS[0], "confirmed_in_chat"),
        (UNITS[1], "confirmed_in_chat"),
        (UNITS[2], None),
    ]
    assert told["parties"][0]["at"].startswith("2026-12-30T13:")
    assert told["parties"][2]["signer"] == "Lê Thủ Trưởng"
    for text in await everything_shown(hall):
        assert not any(word in text for word in (*NEVER, *ALL_OF_THREE)), text


async def test_after_the_last_confirmation_the_signed_paper_is_sent_in(hall: Hall) -> None:
    await frozen(hall)
    for name in ("Một", "Hai", "Lê Thủ Trưởng"):
        await confirm(hall.chat(name))
    for text in await everything_shown(hall):
        assert not any(word in text for word in NEVER), text
    await hall.journey.close_meeting()
    secretary, organiser = hall.chat("Thư ký"), hall.chat(ORGANISER)
    await secretary.taps("Giao ước")
    await secretary.taps("Ghi nhận bản giấy có chữ ký")
    await organiser.forges(EnterSignatures(1, 0, ConfirmationState.SIGNED_ON_PAPER))
    assert (await secretary.says("đây")).notice == "Hãy gửi chính tệp đó, dạng PDF hoặc ảnh."
    await secretary.sends(b"MZ", "giao-uoc.exe")
    assert "PDF" in secretary.told
    answer = await secretary.sends(PDF, "giao-uoc.pdf")
    assert answer.notice == "Đã ghi nhận kèm tệp: chữ ký của 03 bên."
    assert answer.card is not None
    assert "3/3 bên có chữ ký lưu hồ sơ." in texts(answer.card)
    # Who was asked for the copy at the same time sends another: it is not kept for nobody.
    await organiser.sends(PDF + b"%", "ban-khac.pdf")
    assert organiser.answer.notice.startswith("Đã ghi nhận chữ ký của Chi cục Một.")
    async with hall.database.snapshot() as tx:
        kept = await list_papers(tx, hall.journey.meeting_id)
    assert [one.paper.name for one in kept] == ["giao-uoc.pdf"]
    await secretary.taps("Các bên và người ký")
    await secretary.taps("1. Chi cục Một")
    await secretary.taps("Rút ghi nhận chữ ký")
    assert (await secretary.taps("Rút lại")).notice == "Đã rút, có lưu hồ sơ."
    now = await pledge(hall)
    assert (now.is_complete, len(now.signed)) == (True, 2)


async def test_another_text_voids_what_was_confirmed_and_a_stale_button_is_noticed(hall: Hall) -> None:
    await frozen(hall)
    first, second = hall.chat("Một"), hall.chat("Hai")
    await confirm(first)
    (stale,) = [card for card in await second.live() if "Tôi đã đọc, xác nhận" in buttons(card)]
    asked = await second.taps("Tôi đã đọc, xác nhận", on=stale)
    assert asked.card is not None
    item_id, by = hall.journey.items[0], hall.journey.asked(ORGANISER)
    made = await versions.put_text(hall.house, by, item_id, f"{TEXT}\nIII. Bổ sung.", 1)
    assert isinstance(made, VersionMade)
    assert "không còn hiệu lực" in texts((await first.posts())[0])[0]
    too_late = "Hiện chưa thể xác nhận giao ước"
    assert (await second.taps("Có, tôi xác nhận", on=asked.card)).notice.startswith(too_late)
    chair = hall.chat("Trần Chủ Trì")
    assert "đã được sửa" in (await chair.forges(FreezePledge(1, 1, 1))).notice
    await chair.taps("Giao ước")
    await chair.taps("Lấy xác nhận của các bên")
    await chair.taps("Chốt và lấy xác nhận")
    superseded = "Văn bản đã được sửa, bản vừa xem không còn hiệu lực"
    assert (await second.taps("Có, tôi xác nhận", on=asked.card)).notice.startswith(superseded)
    assert (await second.taps("Tôi đã đọc, xác nhận", on=stale)).notice.startswith(superseded)
    assert (await pledge(hall)).confirmed == ()
    assert not [card for card in await first.posts() if "không còn hiệu lực" in said(card)][1:]
    (card,) = [one for one in await second.live() if "Tôi đã đọc, xác nhận" in buttons(one)]
    assert f"{TEXT}\nIII. Bổ sung." in texts(card)


async def test_wrong_people_and_second_signers_get_a_clear_answer(hall: Hall) -> None:
    await frozen(hall)
    now = await pledge(hall)
    assert now.frozen is not None
    party, mark = now.parties[0], now.frozen.mark
    wrong = await hall.chat("Hai").forges(ConfirmPledge(party.party_id, 1, mark, 1))
    assert wrong.notice.startswith("Chỉ Một được xác nhận thay mặt Chi cục Một.")
    odd = await hall.chat("Một").forges(ConfirmPledge(party.party_id, 1, "khác", 1))
    assert odd.notice.startswith("Văn bản đã được sửa")
    organiser = hall.chat(ORGANISER)
    second = await organiser.forges(NameSigner(party.party_id, 0))
    assert second.notice.startswith("Chi cục Một đã có người được cử: Một.")
    await organiser.forges(NameSigner(party.party_id, 1))
    assert (await organiser.says("Hai")).notice.startswith("Người này đã được cử cho Chi cục Hai.")
    meant = await organiser.says("Hài")
    assert "Hài" in (texts(meant.card)[0] if meant.card is not None else ""), "resembling is not being"
    await organiser.says("Nguyễn Văn Giấy")
    assert organiser.answer.notice.startswith("Đã ghi nhận. Chưa liên lạc được với người này")
    gone = await hall.chat("Một").forges(ConfirmPledge(party.party_id, 1, mark, 0))
    assert isinstance(gone.card, Card)
    assert (await hall.chat("Một").taps("Có, tôi xác nhận")).notice.startswith("Chỉ Nguyễn Văn Giấy")
    for forged in (ShowPledge(99), StopPledge(1, 0), FreezePledge(1, 1, 0)):
        assert (await hall.chat("Ba").forges(forged)).notice


async def test_where_the_signing_has_no_text_another_item_s_is_offered(hall: Hall) -> None:
    organiser, house = hall.chat(ORGANISER), hall.house
    asked, kind = hall.journey.asked(ORGANISER), ItemKind.PLEDGE
    added = await agenda.add_item(house, asked, hall.journey.meeting_id, "Lễ ký", kind)
    assert isinstance(added, agenda.AgendaChanged)
    await organiser.forges(PlanPledge(added.item_id))
    await organiser.taps("1. Ký giao ước thi đua")
    await organiser.taps("Hai bên: thủ trưởng và công đoàn")
    now = await pledge(hall)
    assert (now.item_id, [party.name for party in now.parties]) == (
        hall.journey.items[0],
        ["Thủ trưởng cơ quan", "Công đoàn cơ sở"],
    )
    assert (await organiser.forges(PlanPledge(added.item_id))).notice.startswith("Cuộc họp đã có giao ước")
    await organiser.taps("Bỏ giao ước")
    assert (await organiser.taps("Đưa ra")).notice == "Đã bỏ giao ước."


async def test_signers_are_reminded_in_the_chat_and_what_is_done_is_not_asked_for(hall: Hall) -> None:
    await frozen(hall)
    await confirm(hall.chat("Một"))
    await hall.chat(ORGANISER).taps("Việc khác …")
    await hall.chat(ORGANISER).taps("Nhắc việc")
    assert await hall.chat(ORGANISER).sees("Nhắc người chưa xác nhận giao ước")
    hall.clock.advance(timedelta(minutes=31))
    while await do_due_work(hall.house, hall.clock.now()):
        pass
    waiting, done = hall.chat("Hai"), hall.chat("Một")
    assert texts((await waiting.posts())[0])[0] == "Giao ước đang chờ xác nhận thay mặt Chi cục Hai."
    assert not any("đang chờ xác nhận" in said(card) for card in await done.posts())
    await confirm(waiting)
    assert not any("đang chờ xác nhận" in said(card) for card in await waiting.posts())


async def test_who_voted_a_pledge_down_is_asked_and_reminded_no_more(hall: Hall) -> None:
    await frozen(hall)
    journey, waiting, secretary = hall.journey, hall.chat("Hai"), hall.chat("Thư ký")
    await confirm(hall.chat("Một"))
    vote_id = await journey.draft(0)
    await opening.open_vote(hall.house, journey.asked("Thư ký"), vote_id, within=None)
    for name in ("Một", "Hai", "Ba"):
        await hall.chat(name).taps("Không tán thành")
    await closing.close_vote(hall.house, journey.asked("Thư ký"), vote_id, is_sure=True)
    await closing.announce_vote(hall.house, journey.asked("Thư ký"), vote_id)
    assert "Tôi đã đọc, xác nhận" not in await waiting.labels()
    await secretary.forges(ShowPledge(1))
    assert list(buttons(shown(secretary))) == ["Các bên và người ký", "Dừng lấy xác nhận", "‹ Về hội nghị"]
    hall.clock.advance(timedelta(days=2))
    while await do_due_work(hall.house, hall.clock.now()):
        pass
    for chat in (waiting, secretary, hall.chat("Lê Thủ Trưởng")):
        assert not any("đang chờ xác nhận" in said(card) for card in await chat.posts())


def test_no_wording_calls_a_confirmation_a_signature() -> None:
    """Whatever is said of pledges and anything else: nothing claims that somebody signed."""
    entries = [(str(entry.id), str(entry.string)) for entry in read_catalogue("vi") if entry.id]
    assert len(entries) > 100
    for message, translation in entries:
        assert not any(word in translation.lower() for word in NEVER), message

"""A group follows a meeting: who binds it, what is shown in it, who is answered what and where."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import CastVote, CheckIn, InviteGroup, RebindGroup, ShowAgenda, UnbindGroup
from bot.platforms.base import Answer, Bar, Card, Joined
from handlers.agenda import adopt_item
from handlers.attendance import open_check_in
from handlers.closing import cancel_vote
from meeting.people import Role
from meeting.refusals import Refused
from meeting.states import CardKind, GroupRight
from meeting.voting import Method, Option
from storage.cards import list_card_versions
from storage.groups import list_pins_due, list_to_leave, put_pinned
from storage.people import find_account
from storage.votes import put_vote
from tests.bot.chatting import Chat, Hall, Stage, buttons, links, texts
from tests.bot.conftest import SetUp
from tests.bot.rooms import Room
from tests.handlers.journey import ITEMS, ORGANISER, plan, seat

SEATS = (seat("Chủ tọa", role=Role.CHAIR), seat("Thư ký", role=Role.SECRETARY), seat("An"), seat("Bình"))
STRANGER = "Người lạ"


@pytest.fixture(scope="module")
def open_stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(lambda database: Hall.opened(database, plan(SEATS, ITEMS)))


@pytest.fixture(scope="module")
def planned_stage(set_up_stage: SetUp) -> Stage:
    return set_up_stage(lambda database: Hall.planned(database, plan(SEATS, ITEMS)))


@pytest.fixture
async def hall(open_stage: Stage, tmp_path: Path) -> AsyncIterator[Hall]:
    """An open meeting with everybody present."""
    async with open_stage.copy(tmp_path) as hall:
        yield hall


@pytest.fixture
async def room(hall: Hall) -> Room:
    """A group that follows it."""
    room = Room(hall)
    await room.admits(ORGANISER)
    await room.commands(ORGANISER, await link_token(hall))
    return room


async def link_token(hall: Hall) -> str:
    """The token of the link that the organiser is given."""
    answer = await hall.organiser.forges(InviteGroup(hall.journey.meeting_id, 0))
    assert answer.card is not None
    return links(answer.card)["Chọn nhóm"].split("startgroup=")[1]


async def opened(hall: Hall, method: Method = Method.CHAT) -> int:
    return await hall.journey.open_vote(1, method)


async def turnout(hall: Hall, vote_id: int) -> int:
    return (await hall.journey.vote(vote_id)).turnout


def sentences(cards: Sequence[Card]) -> str:
    return "\n".join(line for card in cards for line in texts(card))


# Binding


async def test_the_organiser_is_given_a_link_that_adds_the_bot_to_a_group(hall: Hall) -> None:
    organiser = hall.organiser
    await invitations(organiser)
    await organiser.taps("Gắn vào nhóm Telegram")
    assert organiser.card is not None
    link = links(organiser.card)["Chọn nhóm"]
    assert link.startswith("https://t.me/hoinghi_bot?startgroup=")
    token = link.split("startgroup=")[1]
    assert f"Nếu bot đã ở trong nhóm, gửi vào nhóm dòng: /start@hoinghi_bot {token}" in texts(organiser.card)
    await organiser.taps("Gắn vào nhóm Telegram", on=(await invitations(organiser)))
    assert links(organiser.card)["Chọn nhóm"] == link, "any number of groups, by one link"
    await organiser.taps("Tạo liên kết mới")
    assert links(organiser.card)["Chọn nhóm"] != link
    told = await Room(hall).commands(ORGANISER, token)
    assert "Mã này không dùng để gắn nhóm" in sentences([told.card] if told.card else [])


async def invitations(organiser: Chat) -> Card:
    await organiser.taps("Việc khác …", on=(await organiser.live())[0])
    answer = await organiser.taps("Giấy mời")
    assert answer.card is not None
    return answer.card


async def test_the_meeting_is_posted_in_a_group_that_was_bound(hall: Hall, room: Room) -> None:
    assert room.answers == [Answer(), Answer()], "the card is the answer"
    (card,) = await room.live()
    assert texts(card)[:2] == ["Hội nghị", "14:00 thứ Tư, ngày 30/12/2026, tại Hội trường A"]
    assert "Triệu tập 04; có mặt 04 (đạt 100%); vắng 0. Đủ điều kiện tiến hành." in texts(card)
    assert list(buttons(card)) == ["Xác nhận có mặt"]
    assert links(card)["Mở chat riêng"].startswith("https://t.me/hoinghi_bot?start=")
    assert await hall.chat("Thư ký").sees("Nhóm Telegram: Nhóm Công đoàn.")
    entries = await hall.journey.entries()
    assert [entry.act for entry in entries[-2:]] == ["group_invited", "group_bound"]
    assert "Công đoàn" not in str(entries[-1].facts)


async def test_whoever_may_not_prepare_the_meeting_binds_no_group(hall: Hall) -> None:
    room, token = Room(hall), await link_token(hall)
    for who in ("An", STRANGER):
        answer = await room.commands(who, token)
        assert answer.card is not None
        assert texts(answer.card)[0].startswith("Chỉ người tổ chức, Chủ tọa hoặc Thư ký của hội nghị")
        assert "Mở chat riêng" in links(answer.card)
    anonymous = await room.commands(ORGANISER, token, is_anonymous=True)
    assert anonymous.notice.startswith("Bot không xác định được người gửi")
    assert await room.stored() is None
    await room.commands("Chủ tọa", token)
    assert await room.stored() is not None


async def test_codes_of_people_bind_no_group_and_nobody_in_it(hall: Hall) -> None:
    room = Room(hall)
    answer = await room.commands(STRANGER, await hall.journey.token("An"))
    assert answer.card is not None
    assert "Không gửi mã cá nhân vào nhóm." in texts(answer.card)[0]
    async with hall.database.snapshot() as tx:
        account = await find_account(tx, "telegram", hall.journey.sender(STRANGER).external_id)
    assert account is None


async def test_the_link_of_a_group_admits_nobody_in_a_private_chat(hall: Hall) -> None:
    answer = await hall.chat(STRANGER).does(Joined(await link_token(hall)))
    assert answer.notice.startswith("Liên kết này dùng để thêm bot vào nhóm.")


async def test_the_link_ends_after_a_week(hall: Hall) -> None:
    token = await link_token(hall)
    hall.clock.advance(timedelta(days=8))
    answer = await Room(hall).commands(ORGANISER, token)
    assert answer.card is not None
    assert texts(answer.card)[0].startswith("Đường liên kết hoặc mã đã hết hiệu lực.")
    assert await link_token(hall) != token


async def test_an_organiser_who_adds_the_bot_by_hand_is_told_how_to_bind_the_group(hall: Hall) -> None:
    room = Room(hall)
    assert await room.admits(ORGANISER) == Answer()
    (greeting,) = await room.posts()
    assert texts(greeting)[0].startswith("Để gắn nhóm này với hội nghị, đề nghị người tổ chức mở chat riêng")
    assert links(greeting)["Mở chat riêng"] == "https://t.me/hoinghi_bot?start=chat"
    await room.commands(ORGANISER, await link_token(hall))
    assert await room.posts() == [], "the link that did it needs no such word"


async def test_of_anybody_else_a_polite_sentence_and_nothing_more(hall: Hall) -> None:
    room = Room(hall)
    assert (await room.admits(STRANGER)).notice.startswith("Kính chào; bot này phục vụ hội nghị")
    assert await room.admits(STRANGER, is_new=False) == Answer()
    assert await room.cards() == []
    answer = await room.commands(STRANGER)
    assert answer.card is not None
    assert texts(answer.card)[0].startswith("Nhóm này chưa gắn với hội nghị nào.")


async def test_a_group_follows_one_meeting_at_a_time(hall: Hall, room: Room) -> None:
    first = hall.journey.meeting_id
    await opened(hall)
    second = await hall.journey.add_meeting(plan([seat("Dũng", role=Role.SECRETARY)], title="Hội nghị khác"))
    await hall.journey.join_all()
    token = await link_token(hall)
    refused = await room.commands("Dũng", token)
    assert refused.card is not None
    assert "Chỉ người tổ chức mới chuyển được nhóm" in texts(refused.card)[0]
    asked = await room.commands(ORGANISER, token)
    assert asked.card is not None
    assert texts(asked.card) == ["Nhóm này đang theo dõi “Hội nghị”. Chuyển sang “Hội nghị khác”?"]
    assert (await room.taps("Dũng", "Chuyển sang hội nghị mới")).notice.startswith(
        "Nhóm này theo dõi"
    ) is False
    stored = await room.stored()
    assert stored is not None
    assert stored.meeting_id == first
    done = await room.taps(ORGANISER, "Chuyển sang hội nghị mới")
    assert done.notice == "Đã chuyển nhóm này sang hội nghị mới."
    stored = await room.stored()
    assert stored is not None
    assert stored.meeting_id == second
    assert [texts(card)[0] for card in await room.live()] == ["Hội nghị khác"], "no card of the former one"
    assert stored.is_reachable
    async with hall.database.snapshot() as tx:
        assert await list_to_leave(tx, "telegram") == []


async def test_a_group_of_a_closed_meeting_is_free(hall: Hall, room: Room) -> None:
    await hall.journey.close_meeting()
    await hall.journey.add_meeting(plan([seat("Dũng", role=Role.SECRETARY)], title="Hội nghị khác"))
    await hall.journey.join_all()
    await room.commands("Dũng", await link_token(hall))
    assert texts((await room.live())[0])[0] == "Hội nghị khác"


# Votes


async def test_a_vote_is_one_card_from_the_opening_to_the_result(hall: Hall, room: Room) -> None:
    vote_id = await opened(hall)
    card, meeting = await room.live()
    assert texts(card) == [
        "Biểu quyết 1",
        "Nghị quyết",
        "Cơ sở tính tỷ lệ: 4 đại biểu có mặt.",
        "Công khai; Thư ký xem được lựa chọn.",
        "Đã biểu quyết: 0/4",
    ]
    assert list(buttons(card)) == ["Tán thành", "Không tán thành", "Ý kiến khác"]
    assert "Đang xem xét: 2. Nghị quyết" in texts(meeting)
    await room.taps("An", "Tán thành")
    await hall.chat("Bình").forges(CastVote(vote_id, Option.NO))
    assert "Đã biểu quyết: 2/4" in await room.reads("Biểu quyết 1")
    await hall.journey.close_vote(vote_id)
    card = (await room.live())[0]
    assert buttons(card) == {}
    assert "Chủ tọa công bố kết quả." in texts(card)[-1]
    assert not any(isinstance(line, Bar) for line in card.lines)
    assert "tán thành: 1" not in sentences(await room.cards())
    await hall.journey.announce(vote_id)
    card = (await room.live())[0]
    assert any(isinstance(line, Bar) for line in card.lines)
    assert "1/4 đại biểu có mặt tán thành (đạt 25,00%)" in sentences([card])
    assert "1/4 đại biểu có mặt tán thành (đạt 25,00%)" in sentences(await room.posts()), (
        "at the end of the chat"
    )
    assert "An" not in sentences(await room.cards()).split()


async def test_a_cancelled_vote_is_said_to_be(hall: Hall, room: Room) -> None:
    vote_id = await opened(hall)
    await room.taps("An", "Tán thành")
    journey = hall.journey
    cancelled = await cancel_vote(hall.house, journey.asked(ORGANISER), vote_id, "Sai văn bản")
    assert not isinstance(cancelled, Refused)
    card = (await room.live())[0]
    assert texts(card)[-1] == "Lượt biểu quyết 1 đã hủy: Sai văn bản. Không tính kết quả."
    assert buttons(card) == {}


async def test_a_vote_by_hands_has_no_buttons(hall: Hall, room: Room) -> None:
    await opened(hall, Method.HANDS)
    card = (await room.live())[0]
    assert buttons(card) == {}
    assert "Biểu quyết giơ tay tại hội trường: đề nghị giơ tay khi Chủ tọa hỏi." in texts(card)


async def test_a_tap_is_answered_to_the_one_who_taps(hall: Hall, room: Room) -> None:
    await opened(hall)
    an = hall.journey.sender("An")
    answer = await room.taps("An", "Tán thành")
    assert answer.notice.startswith("Đã ghi nhận: Tán thành. Được đổi trước khi kết thúc.")
    assert "1/4" in answer.notice
    assert (answer.card, answer.chat) == (None, an.chat)
    again = await room.again()
    assert again.notice.startswith("Đồng chí đã chọn: Tán thành.")
    async with hall.database.snapshot() as tx:
        account = await find_account(tx, "telegram", an.external_id)
    assert account is not None
    assert account.chat == an.chat, "the private chat stays where it was"


async def test_the_text_of_another_opinion_is_asked_for_in_the_private_chat(hall: Hall, room: Room) -> None:
    vote_id = await opened(hall)
    answer = await room.taps("An", "Ý kiến khác")
    assert answer.notice.endswith("Nội dung ý kiến được hỏi trong chat riêng với bot.")
    assert answer.card is not None
    assert answer.chat == hall.journey.sender("An").chat
    an = hall.chat("An")
    assert await an.question() == answer.card
    assert "Đã ghi nhận nội dung ý kiến" in (await an.says("Bổ sung thời hạn.")).notice
    assert "thời hạn" not in sentences(await room.cards())
    assert (await hall.journey.electors(vote_id))["An"].opinion == "Bổ sung thời hạn."


async def test_whoever_is_not_bound_is_led_to_where_they_can_be(hall: Hall, room: Room) -> None:
    vote_id = await opened(hall)
    before = await turnout(hall, vote_id)
    answers = [
        await room.taps(STRANGER, "Tán thành"),
        await room.forges(STRANGER, CheckIn(hall.journey.meeting_id)),
    ]
    await hall.journey.meet(STRANGER)
    answers += [
        await room.taps(STRANGER, "Tán thành"),
        await room.forges(STRANGER, CheckIn(hall.journey.meeting_id)),
    ]
    shared = links((await room.live())[0])["Mở chat riêng"]
    for answer in answers:
        assert answer.link == shared
        assert answer.notice.startswith("CHƯA ghi nhận: tài khoản này chưa liên kết với bot.")
        assert answer.card is None
    assert await turnout(hall, vote_id) == before
    welcome = await hall.chat(STRANGER).opens(shared.split("start=")[1])
    assert "mã" not in welcome.notice, "the code is good"


async def test_whoever_is_bound_and_no_elector_is_told_so_and_led_nowhere(hall: Hall, room: Room) -> None:
    await opened(hall)
    answer = await room.taps(ORGANISER, "Tán thành")
    assert answer.link == ""
    assert "không có tên trong danh sách" in answer.notice


async def test_what_is_done_in_private_is_not_done_in_the_group(hall: Hall, room: Room) -> None:
    for action in (ShowAgenda(hall.journey.meeting_id, 0), InviteGroup(hall.journey.meeting_id, 0)):
        answer = await room.forges("Thư ký", action)
        assert answer.notice.startswith("Việc này thực hiện trong chat riêng với bot.")
        assert answer.link == "https://t.me/hoinghi_bot?start=chat"
        assert answer.card is None
    assert (await room.forges("An", "v9:nonsense")).notice.startswith("Nút này không còn")
    outside = await hall.chat("An").forges(RebindGroup(hall.journey.meeting_id))
    assert outside.notice.startswith("Nút này không còn")


async def test_a_secret_vote_offers_no_choice_in_a_group(hall: Hall, room: Room) -> None:
    vote_id = await opened(hall)
    async with hall.database.transaction() as tx:
        await put_vote(tx, vote_id, is_secret=True)
    card = (await room.live())[0]
    assert buttons(card) == {}
    assert "Biểu quyết kín: chỉ thực hiện trong chat riêng với bot." in texts(card)
    assert list(links(card)) == ["Mở chat riêng"]


# Presence, items, the end


async def test_presence_is_confirmed_from_the_group(planned_stage: Stage, tmp_path: Path) -> None:
    async with planned_stage.copy(tmp_path) as hall:
        room = Room(hall)
        await room.commands(ORGANISER, await link_token(hall))
        assert buttons((await room.live())[0]) == {}
        opening = await open_check_in(hall.house, hall.journey.asked(ORGANISER), hall.journey.meeting_id)
        assert not isinstance(opening, Refused)
        assert "Xác nhận có mặt" in buttons((await room.posts())[0])
        answer = await room.taps("An", "Xác nhận có mặt")
        assert answer.notice.startswith("Đã ghi nhận đồng chí có mặt lúc")
        assert (answer.card, answer.chat) == (None, hall.journey.sender("An").chat)
        assert "Triệu tập 04; có mặt 01 (đạt 25,00%)" in sentences(await room.live())


async def test_decisions_without_a_count_and_the_summary_are_posted(hall: Hall, room: Room) -> None:
    journey = hall.journey
    adopted = await adopt_item(hall.house, journey.asked(ORGANISER), journey.items[0], ())
    assert not isinstance(adopted, Refused)
    assert "1. Báo cáo tổng kết" in sentences(await room.posts())
    await hall.journey.close_meeting()
    assert "Tổng hợp: Hội nghị" in sentences(await room.posts())
    (card,) = await room.live()
    assert texts(card)[-1].startswith("Hội nghị đã bế mạc lúc")
    assert buttons(card) == {}


async def test_commands_are_answered_with_what_the_group_follows(room: Room) -> None:
    answer = await room.commands("An")
    assert answer.card is not None
    assert texts(answer.card)[0].startswith("Nhóm này theo dõi “Hội nghị”.")
    assert "Mở chat riêng" in links(answer.card)


async def test_a_flood_of_commands_does_not_keep_the_group_from_its_news(room: Room) -> None:
    answers = [await room.commands("An") for _ in range(30)]
    assert sum(answer != Answer() for answer in answers) == 5
    assert (await Room(room.hall, "-1002").commands("An")).card is not None, "each group has its own"
    room.hall.clock.advance(timedelta(minutes=1))
    assert (await room.commands("An")).card is not None


# Rights, moves, the end of it


async def test_a_missing_right_is_told_once_and_stands_on_the_panel(hall: Hall, room: Room) -> None:
    for _ in range(2):
        await room.admits("Bình", frozenset({GroupRight.PIN}), is_new=False)
    organiser = hall.organiser
    told = [card for card in await organiser.posts() if "chưa có quyền ghim tin" in texts(card)[0]]
    assert len(told) == 1
    assert texts(told[0])[0].startswith("Bot chưa có quyền ghim tin trong nhóm “Nhóm Công đoàn”.")
    assert await hall.chat("Thư ký").sees("Bot chưa có quyền ghim tin trong nhóm này.")
    assert not any("ghim" in line for card in await hall.chat("An").posts() for line in texts(card))
    await room.admits("Bình", is_new=False)
    stored = await room.stored()
    assert stored is not None
    assert stored.lacks == frozenset()


async def test_what_is_current_is_to_be_pinned(hall: Hall, room: Room) -> None:
    async def pins() -> list[tuple[str, str | None]]:
        async with hall.database.snapshot() as tx:
            return [(pin.ref, pin.former) for pin in await list_pins_due(tx, "telegram")]

    async def pinned() -> None:
        async with hall.database.transaction() as tx:
            for pin in await list_pins_due(tx, "telegram"):
                await put_pinned(tx, pin.group_id, pin.ref)

    assert await pins() == [], "nothing is shown yet"
    await room.is_shown()
    meeting = f"{room.chat} {CardKind.GROUP}"
    assert await pins() == [(meeting, None)]
    await pinned()
    vote_id = await opened(hall)
    await room.is_shown()
    ballot = f"{room.chat} {CardKind.GROUP_BALLOT}"
    assert await pins() == [(ballot, meeting)]
    await pinned()
    await hall.journey.close_vote(vote_id)
    assert await pins() == []
    await hall.journey.announce(vote_id)
    assert await pins() == [(meeting, ballot)]
    await room.admits(ORGANISER, frozenset({GroupRight.PIN}), is_new=False)
    assert await pins() == []


async def test_a_group_is_followed_when_it_becomes_a_supergroup(hall: Hall, room: Room) -> None:
    await room.is_shown()
    await room.moves("-100777")
    await room.again()
    stored = await room.stored()
    assert stored is not None
    assert stored.chat == "-100777"
    async with hall.database.snapshot() as tx:
        (version,) = await list_card_versions(tx, "telegram", ["-100777"])
        assert version.wanted_version == 2, "shown anew, once"
        assert await list_card_versions(tx, "telegram", ["-1001"]) == []
    await opened(hall)
    assert (await room.taps("An", "Tán thành")).notice.startswith("Đã ghi nhận: Tán thành.")


async def test_a_group_is_followed_though_its_new_chat_is_heard_of_before_the_move(
    hall: Hall, room: Room
) -> None:
    await Room(hall, "-100777").admits(ORGANISER)
    await room.moves("-100777")
    stored = await room.stored()
    assert stored is not None
    assert stored.chat == "-100777"
    assert [texts(card)[0] for card in await room.cards()] == ["Hội nghị"], "no word on how to bind it"


async def test_removed_the_bot_goes_quietly_and_comes_back_as_if_nothing_had_been(
    hall: Hall, room: Room
) -> None:
    assert await room.removes("Bình") == Answer()
    assert await hall.organiser.sees("Bot đã bị đưa ra khỏi nhóm “Nhóm Công đoàn”")
    assert await hall.chat("Thư ký").sees("Bot không còn trong nhóm; đề nghị thêm lại.")
    stored = await room.stored()
    assert stored is not None
    assert not stored.is_reachable
    vote_id = await opened(hall)
    assert await room.admits("Bình") == Answer()
    stored = await room.stored()
    assert stored is not None
    assert stored.is_reachable
    assert (await room.taps("An", "Tán thành")).notice.startswith("Đã ghi nhận: Tán thành.")
    assert await turnout(hall, vote_id) == 1


async def test_a_group_is_let_go_by_whoever_may_and_then_left(hall: Hall, room: Room) -> None:
    stored = await room.stored()
    assert stored is not None
    refused = await hall.chat("An").forges(UnbindGroup(stored.group_id, 1))
    assert "không có quyền" in refused.notice
    assert await room.stored() is not None
    organiser = hall.organiser
    await organiser.taps("Gỡ nhóm: Nhóm Công đoàn", on=await invitations(organiser))
    assert organiser.asked == "Gỡ nhóm “Nhóm Công đoàn”? Bot không đăng tin vào nhóm nữa và rời nhóm."
    await organiser.taps("Gỡ nhóm")
    assert organiser.answer.notice == "Đã gỡ nhóm “Nhóm Công đoàn”; bot rời nhóm."
    assert await room.stored() is None
    assert await room.live() == []
    async with hall.database.snapshot() as tx:
        assert [chat for _, chat in await list_to_leave(tx, "telegram")] == [room.chat]
    await room.removes("Bot")
    async with hall.database.snapshot() as tx:
        assert await list_to_leave(tx, "telegram") == []
    assert not await organiser.sees("Bot đã bị đưa ra khỏi nhóm")
    assert (await organiser.forges(UnbindGroup(stored.group_id, 1))).notice, "twice is no fault"

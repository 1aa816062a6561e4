"""A group on Zalo: only what picks the bot arrives there, nothing can be tapped, and messages are few."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions import InviteGroup, ShowInvitations, UnbindGroup
from bot.addresses import Addresses
from bot.platforms.base import Answer, Card, Text
from handlers.attendance import open_check_in
from handlers.inviting import WayIn, invite_role
from meeting.people import Role
from meeting.voting import Option
from storage.database import Database
from storage.groups import list_groups
from tests.bot.chatting import Hall, links, texts
from tests.bot.rooms import Room
from tests.handlers.journey import ITEMS, ORGANISER, plan, seat

CHAIR = "Chủ tọa"
ZALO = "https://zalo.me/bot.hoinghi"


@pytest.fixture
async def hall(sqlite: Database) -> AsyncIterator[Hall]:
    """An open meeting whose chair is on Zalo, too."""
    hall = await Hall.opened(sqlite, plan([seat(CHAIR, role=Role.CHAIR), "An", "Bình"], ITEMS))
    hall.addresses = Addresses("http://192.168.1.20:8080", "hoinghi_bot", "bot.hoinghi")
    for name in (CHAIR, "An"):
        hall.clock.advance()
        await hall.journey.bind(name, platform="zalo")
    yield hall
    await hall.close()


def group(hall: Hall, chat: str = "g-1") -> Room:
    """A group of which nothing but its id is known."""
    return Room(hall, chat, title="", platform="zalo")


async def writes(room: Room, who: str, text: str) -> str:
    """Somebody picks the bot and writes this; gives what the bot answers in the group."""
    hall = room.hall
    hall.clock.advance(timedelta(minutes=1))
    answer = await room.does(who, Text(text))
    return "\n".join([answer.notice, *([] if answer.card is None else texts(answer.card))])


async def link_card(hall: Hall) -> Card:
    answer = await hall.organiser.forges(InviteGroup(hall.journey.meeting_id, 0))
    assert answer.card is not None
    return answer.card


async def code(hall: Hall) -> str:
    """The code that the organiser is told to type in the group."""
    (line,) = [line for line in texts(await link_card(hall)) if ZALO in line]
    return line.rsplit(" ", 1)[1]


async def bound(hall: Hall, chat: str = "g-1") -> Room:
    room = group(hall, chat)
    assert await writes(room, CHAIR, await code(hall)) == ""
    return room


async def titles(hall: Hall) -> list[str]:
    async with hall.database.snapshot() as tx:
        return [one.title for one in await list_groups(tx, hall.journey.meeting_id)]


async def test_a_group_is_linked_by_a_code_typed_in_it(hall: Hall) -> None:
    card = await link_card(hall)
    assert texts(card)[0] == "Gắn vào nhóm Telegram/Zalo: Hội nghị"
    assert links(card)["Chọn nhóm"].startswith("https://t.me/hoinghi_bot?startgroup=")
    room = await bound(hall)
    (shown,) = await room.live()
    assert texts(shown)[0] == "Hội nghị"
    assert links(shown) == {"Mở chat riêng": ZALO}
    assert any(line.startswith("Ai chưa được liên kết thì nhắn mã này") for line in texts(shown))
    assert await titles(hall) == ["Zalo 1"]
    await bound(hall, "g-2")
    await writes(room, CHAIR, f"mã {await code(hall)}")
    assert await titles(hall) == ["Zalo 1", "Zalo 2"], "each has a name of its own, and keeps it"
    invitations = await hall.organiser.forges(ShowInvitations(hall.journey.meeting_id, 0))
    assert invitations.card is not None
    assert "Nhóm Zalo: Zalo 1." in texts(invitations.card)


async def test_who_came_by_the_code_in_the_group_types_it_in_the_private_chat(hall: Hall) -> None:
    room = await bound(hall)
    (shown,) = await room.live()
    (line,) = [line for line in texts(shown) if line.startswith("Ai chưa được liên kết")]
    newcomer = hall.chat("Người mới", "zalo")
    await newcomer.says(line.rsplit(" ", 1)[1])
    assert "họ và tên" in newcomer.told.lower()


async def test_wrong_codes_are_limited_and_strangers_learn_nothing(hall: Hall) -> None:
    room = group(hall)
    right = await code(hall)
    wrong = "Mã này không dùng để gắn nhóm."
    for number in range(10):
        assert wrong in await writes(room, "An", f"K7QF-2M9{number}")
    hall.clock.advance(timedelta(minutes=1))
    assert "thử" in await writes(room, "An", right)
    assert wrong in await writes(room, "Người lạ", right)
    assert wrong in await writes(room, CHAIR, await hall.journey.code("Bình")), "a personal code links none"
    assert await titles(hall) == []
    assert await writes(room, CHAIR, right) == ""


async def test_votes_are_taken_in_the_private_chat(hall: Hall) -> None:
    room = await bound(hall)
    vote_id = await hall.journey.open_vote()
    for typed in ("51", "tán thành", "tan thanh"):
        assert "CHƯA ghi nhận" in await writes(room, "An", typed)
    assert await hall.journey.choices(vote_id) == {}
    assert "Nhóm này theo dõi “Hội nghị”" in await writes(room, "An", "?")


async def test_a_group_is_told_what_opens_what_was_decided_and_the_summary(hall: Hall) -> None:
    room = await bound(hall)
    await open_check_in(hall.house, hall.journey.asked(CHAIR), hall.journey.meeting_id)
    vote_id = await hall.journey.open_vote()
    assert any("Biểu quyết 1" in texts(card)[0] for card in await room.live())
    await hall.journey.cast_all(vote_id, dict.fromkeys((CHAIR, "An", "Bình"), Option.YES))
    await hall.journey.close_vote(vote_id)
    assert await room.posts() == []
    await hall.journey.announce(vote_id)
    (result,) = await room.posts()
    assert any("3/3" in line or "03" in line for line in texts(result))
    await hall.journey.close_meeting()
    assert len(await room.posts()) == 2


async def test_another_meeting_is_followed_once_it_is_confirmed_by_typing(hall: Hall) -> None:
    journey = hall.journey
    await journey.bind("Bình", platform="zalo")
    way = await invite_role(hall.house, journey.asked(ORGANISER), journey.meeting_id, Role.ORGANISER)
    assert isinstance(way, WayIn)
    await hall.chat("Bình", "zalo").says(way.code)
    room = await bound(hall)
    await journey.add_meeting(plan([seat(CHAIR, role=Role.CHAIR), "An"], ITEMS, title="Hội nghị khác"))
    other = await code(hall)
    assert "Chỉ người tổ chức" in await writes(room, CHAIR, other)
    asked = await writes(room, "Bình", other)
    assert "đang theo dõi “Hội nghị”. Để chuyển sang “Hội nghị khác”" in asked
    typed = asked.rsplit(": ", 1)[1]
    assert typed == f"{other} đồng ý"
    assert await titles(hall) == []
    assert await writes(room, "Bình", typed) == ""
    assert await titles(hall) == ["Zalo 1"]


async def test_letting_a_group_go_does_not_promise_that_the_bot_leaves(hall: Hall) -> None:
    room = await bound(hall)
    stored = await room.stored()
    assert stored is not None
    sure = await hall.organiser.forges(UnbindGroup(stored.group_id, 0))
    assert sure.card is not None
    assert "xóa bot khỏi nhóm" in texts(sure.card)[0]
    gone = await hall.organiser.forges(UnbindGroup(stored.group_id, 1))
    assert "bot không đăng tin ở đó nữa" in gone.notice
    assert await room.stored() is None
    assert "chưa" in (await writes(room, "An", "xin chào")).lower()
    assert await room.does("An", Text("")) != Answer()

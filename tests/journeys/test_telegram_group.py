"""A meeting that a Telegram group follows: bound, voted in, moved to a supergroup, left and let go."""

import asyncio

import pytest

from meeting.agenda import ItemKind
from meeting.people import Role
from meeting.plan import PlannedItem
from meeting.voting import Option
from storage.groups import find_group
from tests.fakes.bot_api import FakeBotApi, Group
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.people import (
    ChatPerson,
    Crowd,
    announce,
    assemble,
    bind_group,
    found,
    hand_out,
    open_vote,
    store,
)
from tests.journeys.program import StagedProgram
from tests.journeys.stored import stored

CHAIR, SECRETARY = "Lê Thị Chủ Tọa", "Lê Văn Thư Ký"
MEMBERS = ("An", "Bình", "Chi")
FIRST, SECOND = "Nghị quyết hội nghị", "Chương trình năm tới"
MEETING = plan(
    (seat(CHAIR, role=Role.CHAIR), seat(SECRETARY, role=Role.SECRETARY), *map(seat, MEMBERS)),
    [PlannedItem(FIRST, ItemKind.DOCUMENT), PlannedItem(SECOND, ItemKind.DOCUMENT)],
    title="Hội nghị tổng kết",
)


@pytest.mark.usefixtures("brisk_telegram")
async def test_a_group_follows_a_meeting_beside_the_private_chats(sqlite_url: str) -> None:
    async with (
        FakeBotApi() as fake,
        StagedProgram(sqlite_url, fake) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser = crowd.chat(ORGANISER)
        await found(organiser, await program.founder_link("Telegram"))
        await store(organiser, MEETING)
        ways = await hand_out(organiser)
        people = {name: crowd.chat(name) for name in (CHAIR, SECRETARY, *MEMBERS)}
        await asyncio.gather(*(people[name].open_link(ways[name].links["Telegram"]) for name in people))
        chair, secretary, an = people[CHAIR], people[SECRETARY], people["An"]

        group = await bind_group(organiser, "Công đoàn", meeting="Hội nghị tổng kết")
        await group.pins("Hội nghị tổng kết")
        await assemble(secretary, chair, [chair, secretary, an, people["Bình"]])
        chi = people["Chi"]
        assert (await group.tap(chi.phone, "Xác nhận có mặt")).startswith("Đã ghi nhận đồng chí có mặt lúc")
        await group.sees("có mặt 05")

        await open_vote(secretary, chair, FIRST)
        await group.pins("Biểu quyết 1")
        await is_voted_in(fake, group, people)
        await announce(chair, FIRST)
        result = "4/5 đại biểu có mặt tán thành (đạt 80,00%)"
        await fake.until(lambda: group.screen.count(result) == 2, what="the vote's card and a post with it")
        await group.pins("Hội nghị tổng kết")

        group = await moved(fake, group, chair, secretary)
        await fake.acknowledged(group.removes_bot(fake.person("Trưởng nhóm")))
        await organiser.reads("Bot đã bị đưa ra khỏi nhóm “Công đoàn”")
        before = len(group.messages)
        await asyncio.gather(*(person.tap("Tán thành", on=SECOND) for person in people.values()))
        await announce(chair, SECOND)
        assert len(group.messages) == before, "no word to those who don't want it"
        group.adds_bot(fake.person("Trưởng nhóm"))
        await group.sees("5/5 đại biểu có mặt tán thành (đạt 100%)")

        await organiser.tap("Việc khác …")
        await organiser.tap("Giấy mời")
        await organiser.tap("Gỡ nhóm: Công đoàn")
        assert "bot rời nhóm" in await organiser.tap("Gỡ nhóm")
        await fake.until(lambda: group.status == "left", what="the bot to leave")
    assert {code for _, code, _ in fake.refusals} <= {400, 403}, fake.refusals
    for text in (message.text for message in group.messages):
        assert not any(name in text.split() for name in MEMBERS), text
    async with stored(sqlite_url) as journey:
        assert (await journey.choices(1))["Chi"] is Option.NO
        acts = await journey.acts()
        assert [act for act in acts if act.startswith("group")] == [
            "group_invited",
            "group_bound",
            "group_lost",
            "group_unbound",
        ]
        async with journey.database.snapshot() as tx:
            assert await find_group(tx, "telegram", str(group.id)) is None


async def is_voted_in(fake: FakeBotApi, group: Group, people: dict[str, ChatPerson]) -> None:
    """Some vote in the group, some in their own chats; a stranger only comes to where one comes in."""
    stranger = fake.person("Người lạ")
    assert (await group.tap(stranger, "Tán thành")).startswith(f"https://t.me/{fake.bot['username']}?start=")
    an, chi = people["An"], people["Chi"]
    assert (await group.tap(an.phone, "Tán thành")).startswith("Đã ghi nhận: Tán thành.")
    assert (await group.tap(chi.phone, "Tán thành")).startswith("Đã ghi nhận: Tán thành.")
    assert (await group.tap(chi.phone, "Không tán thành")).startswith("Đã ghi nhận: Không tán thành.")
    await chi.sees_chosen("Không tán thành")
    for name in (CHAIR, SECRETARY, "Bình"):
        await people[name].tap("Tán thành", on=FIRST)
    await group.sees("Đã biểu quyết: 5/5")
    assert stranger.messages == []


async def moved(fake: FakeBotApi, group: Group, chair: ChatPerson, secretary: ChatPerson) -> Group:
    """The supergroup that a group has become; the program learns of it when it writes."""
    new = group.upgrades(is_told=False)
    await open_vote(secretary, chair, SECOND, step="Tiếp theo")
    await new.sees("Biểu quyết 2")
    await new.pins("Biểu quyết 2")
    assert any("was upgraded to a supergroup" in text for _, _, text in fake.refusals)
    return new

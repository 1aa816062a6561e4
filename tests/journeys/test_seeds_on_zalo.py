"""Both seed meetings with a third of the people on Zalo, others on Telegram, on pages or without a phone."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

import pytest

from bot.app import utc_now
from bot.demo import seeds, texts
from bot.demo.conference import ABSENT, ABSTAINS_FROM_REPORTS, LEAVES_EARLY, SPENDING_BALLOTS, VOTES_LATE
from bot.demo.discussion import ADDITION, Said
from bot.demo.hall import IN_FAVOUR, NO, OTHER, YES, key_of
from meeting.people import Role
from meeting.plan import MeetingPlan
from meeting.thrift import month_of
from meeting.voting import Option
from storage.counts import add_to_count, find_usage
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.zalo_api import FakeZalo
from tests.handlers.journey import ORGANISER, plan, seat
from tests.journeys.mixed_room import MixedRoom, Places, begun_mixed
from tests.journeys.people import PATIENCE, Crowd, announce, found, hand_out, open_vote, store
from tests.journeys.program import StagedProgram
from tests.journeys.stored import count_rows, stored
from tests.journeys.test_seeds_on_telegram import (
    BLOCKS,
    BY_NAME,
    BY_NUMBER,
    NAMED,
    PAPER,
    kept,
    staff_conference,
)
from tests.journeys.zalo import ZaloPerson
from tests.papers import PDF

pytestmark = pytest.mark.usefixtures("brisk_telegram", "brisk_zalo")


async def assert_messages_were_counted(room: MixedRoom, url: str, *, lost: int = 0) -> None:
    """What the program counted is what Zalo did, but for what got lost on its way; nothing was refused."""
    assert {code for _, code, _ in room.zalo.refusals} <= {HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT}
    async with stored(url) as journey, journey.database.snapshot() as tx:
        usage = await find_usage(tx, "zalo", room.zalo.me["id"], month_of(utc_now()))
    assert usage.sent + usage.received + lost == room.zalo.spent
    assert usage.sent == len(room.zalo.messages)


async def agree_procedure(room: MixedRoom) -> None:
    """What comes first is agreed on, then the attendance is stated."""
    await room.secretary.tap("Ghi số liệu sơ bộ: …")
    for item in room.plan.items:
        if item.kind.is_procedural:
            await room.agree(item.title)
    await room.chair.tap("Xác nhận số lượng: …")


# The staff conference

ON_BOTH, WITHOUT_PHONE = "Trần Quang Vinh", BY_NAME
SPEAKS, CHANGES = "Mai Chí Cường", "Hà Tấn Phát"
ADDS = Said("Nguyễn Thị Lan Chi", ADDITION, texts.SPENDING_ADDITION, seeds.SPENDING)
ITS_PLACES = Places(
    on_zalo=(SPEAKS, CHANGES, ADDS.who, LEAVES_EARLY, ABSENT, seeds.UNION_HEAD),
    on_pages=(VOTES_LATE, ABSTAINS_FROM_REPORTS),
    on_both=(ON_BOTH,),
    without_phone=(WITHOUT_PHONE,),
)


async def test_the_staff_conference_is_held_with_a_third_on_zalo(sqlite_url: str) -> None:
    agenda = staff_conference(NAMED - {BLOCKS, BY_NUMBER})
    async with begun_mixed(
        sqlite_url, "polling", agenda, seeds.STAFF_ORGANISER, agenda.host, ITS_PLACES, in_zalo_group=False
    ) as room:
        await room.come_in()
        needed, before = await room.forecast(), room.zalo.spent
        await take_papers(room)
        present = await open_conference(room)
        await adopt_reports(room, [name for name in present if name != ABSTAINS_FROM_REPORTS])
        await room.agree(seeds.INSPECTION)
        await room.agree(seeds.FINANCES)
        await discuss(room)
        await adopt_rules(room, present)
        await room.agree(seeds.EMULATION, texts.EMULATION_ADDITIONS)
        leaver = room.on_zalo(LEAVES_EARLY)
        await leaver.tap("Về sớm", answer="Về ngay")
        await leaver.tap("Về ngay", answer="Đã ghi nhận")
        await adopt_targets(room, [name for name in present if name != LEAVES_EARLY])
        await room.go_to(seeds.INNER_PLEDGE)
        await room.freeze_pledge()
        assert "1/2" in await room.confirm(seeds.STAFF_CHAIR)
        assert "2/2" in await room.confirm(seeds.UNION_HEAD)
        await room.record_heard()
        await room.go_to(seeds.SPEECH)
        await room.record_speech("Ghi nội dung phát biểu chỉ đạo", seeds.SPEAKER, texts.DIRECTIVE_SPEECH)
        await room.go_to(seeds.TITLES)
        await room.chair.tap("Công bố danh hiệu (5)", on=key_of(seeds.TITLES))
        await room.chair.tap("Công bố", on="Công bố các nội dung này?")
        await room.close()
        assert room.zalo.spent - before <= needed
    await assert_messages_were_counted(room, sqlite_url, lost=1)
    told = await kept(sqlite_url)
    assert [told.results["attendance"][key] for key in ("summoned", "present", "excused")] == [15, 14, 1]
    votes = [told.item(title)["vote"] for title in (seeds.REPORTS[0], seeds.SPENDING, seeds.TARGETS)]
    counts = [[vote[key] for key in ("yes", "no", "other", "base")] for vote in votes]
    assert counts == [[13, 0, 0, 14], [8, 2, 4, 14], [13, 0, 0, 13]]
    assert [vote["is_unanimous"] for vote in votes] == [False, False, True]
    async with stored(sqlite_url) as journey:
        assert (await count_rows(journey))["ballot"] == 13 + 14 + 13
        assert (await journey.choices(2))[ON_BOTH] is Option.NO


async def open_conference(room: MixedRoom) -> list[str]:
    """One is absent, the others confirm their presence; gives who is there, also who has no phone."""
    absent = room.on_zalo(ABSENT)
    await absent.write("xin vang", answer="lý do vắng mặt")
    await absent.write("Nghỉ thai sản theo quy định.", answer="Đã ghi nhận: đồng chí vắng mặt")
    present = [name for name in room.people if name != ABSENT]
    await room.confirm_presence(present)
    await agree_procedure(room)
    return [*present, WITHOUT_PHONE]


async def discuss(room: MixedRoom) -> None:
    """One on Zalo speaks, one has something added to a text, and hears what became of it."""
    await room.go_to(seeds.DISCUSSION)
    await room.hear_speakers((SPEAKS, "Danh Hoàng Em"))
    addition = await room.say(ADDS)
    assert "Văn bản nay là bản 2" in await room.take_into_text(addition)
    await room.on_zalo(ADDS.who).reads(f"Về ý kiến số {addition}")
    await room.record_heard()


async def take_papers(room: MixedRoom) -> None:
    """A paper that was sent in on Telegram is opened at its address, which stands on Zalo's list."""
    await room.secretary.send_file(PAPER, PDF)
    await room.secretary.tap(room.name_of(seeds.SPENDING))
    told = await room.on_zalo(SPEAKS).write("tài liệu", answer=PAPER)
    assert await room.fetch(told.splitlines(), PAPER) == PDF


async def adopt_reports(room: MixedRoom, voters: Sequence[str]) -> None:
    """Three reports in one vote, in which somebody just agrees in words, and somebody has not voted."""
    first = seeds.REPORTS[0]
    await room.go_to(first)
    await room.secretary.tap("Biểu quyết bằng điện thoại", on=key_of(first))
    await room.secretary.tap("Ghép với nội dung khác")
    for number in (6, 7):
        await room.secretary.tap(f"{number}. …", on="Biểu quyết chung")
    await room.chair.tap("Mở biểu quyết", on=key_of(first))
    in_words = room.on_zalo(SPEAKS)
    await in_words.finds(YES, on=key_of(first))
    await in_words.write("dong y", answer="Đã ghi nhận: Tán thành.")
    await room.vote({name: IN_FAVOUR for name in voters if name != SPEAKS}, first)
    await room.chair.tap("Kết thúc", on=key_of(first))
    await room.chair.tap("Kết thúc", on="chưa biểu quyết")
    await room.chair.tap("Công bố kết quả", on=key_of(first))
    await room.told_to_all("13/14 đại biểu có mặt tán thành (đạt 92,86%)")


async def adopt_rules(room: MixedRoom, present: Sequence[str]) -> None:
    """Not all agree; who is on Telegram and Zalo has one ballot, and an opinion is typed with its choice."""
    title = seeds.SPENDING
    await room.open_vote(title)
    both, former = room.on_zalo(ON_BOTH), room.former[ON_BOTH]
    await both.finds(YES, on=key_of(title))
    await former.write("tán thành")
    await former.reads("Đã ghi nhận: Tán thành.")
    await both.sees_chosen(YES)
    [opinion] = SPENDING_BALLOTS[ADDS.who]
    adder = room.on_zalo(ADDS.who)
    await adder.finds(OTHER, on=key_of(title))
    await adder.write(f"ý kiến khác: {opinion.opinion}", answer="Đã ghi nhận: Ý kiến khác.")
    ballots = {name: SPENDING_BALLOTS.get(name, IN_FAVOUR) for name in present if name != ADDS.who}
    await room.vote(ballots, title)
    await announce(room.chair, key_of(title))
    result = "8/14 đại biểu có mặt tán thành dự thảo (đạt 57,14%); không tán thành: 02; ý kiến khác: 04"
    await room.told_to_all(result)


async def adopt_targets(room: MixedRoom, present: Sequence[str]) -> None:
    """A vote gets lost on its way from Zalo: nothing is said there, and the secretary sees who is missing."""
    title = seeds.TARGETS
    await room.open_vote(title)
    await room.vote({name: IN_FAVOUR for name in present if name != CHANGES}, title)
    loser = room.on_zalo(CHANGES)
    await loser.finds(YES, on=key_of(title))
    await room.lose_next()
    seen = len(loser.phone.messages)
    loser.phone.send("31. tán thành")
    await room.zalo.until(lambda: room.zalo.updates == [], what="the vote to get lost")
    await room.chair.tap("Kết thúc", on=key_of(title))
    await room.chair.tap("Để sau", on="Còn 01 đại biểu chưa biểu quyết")
    await room.secretary.tap("Danh sách biểu quyết", on=key_of(title))
    lines = await room.secretary.reads("Đã biểu quyết: 12/13")
    [missing] = [line for line in lines if "chưa biểu quyết" in line]
    assert missing.startswith(CHANGES)
    assert missing.endswith("chưa biểu quyết (Zalo)")
    assert len(loser.phone.messages) == seen
    await room.vote({CHANGES: IN_FAVOUR}, title)
    await announce(room.chair, key_of(title))
    await room.told_to_all("13/13 đại biểu có mặt tán thành (đạt 100%)")


# The signing of the pledge

CHAIR, SPEAKER, OF_BOTH, ON_PAGE_TOO = (seeds.CLUSTER_SIGNERS[place] for place in (0, 4, 5, 1))
ENTERED, OBSERVER = "Đặng Ngọc Quý", "Nguyễn Hữu Tài"
ITS_ADDITIONS = (
    Said(OF_BOTH, ADDITION, texts.PLEDGE_ADDITION, seeds.PLEDGE_PAPER),
    Said(seeds.CLUSTER_SIGNERS[6], ADDITION, texts.CRITERIA_ADDITION, seeds.CRITERIA_PAPER),
)
THEIR_PLACES = Places(
    on_zalo=(ON_PAGE_TOO, seeds.CLUSTER_SIGNERS[3], seeds.CLUSTER_SIGNERS[6], OBSERVER),
    on_pages=(SPEAKER,),
    on_both=(OF_BOTH,),
    without_phone=(ENTERED,),
)


def pledge_signing() -> MeetingPlan:
    """Seed 2 with its agenda in full, and of its 14 people those whom the story names."""
    agenda = seeds.pledge_signing()
    named = {*seeds.CLUSTER_SIGNERS, seeds.CLUSTER_ORGANISER, ENTERED, OBSERVER}
    attendees = [each for each in agenda.attendees if each.name in named]
    return replace(agenda, attendees=tuple(attendees))


async def test_the_cluster_signs_with_a_third_on_zalo_and_a_group_there(sqlite_url: str) -> None:
    agenda = seeds.pledge_signing()
    async with begun_mixed(
        sqlite_url,
        "webhook",
        agenda,
        seeds.CLUSTER_ORGANISER,
        seeds.CLUSTER,
        THEIR_PLACES,
        in_zalo_group=True,
    ) as room:
        await room.come_in()
        await room.confirm_presence(list(room.people))
        await agree_procedure(room)
        await room.go_to(seeds.PAPERS_DISCUSSION)
        for number in [await room.say(each) for each in ITS_ADDITIONS]:
            assert "Văn bản nay là bản 2" in await room.take_into_text(number)
        await room.record_heard()
        await try_votes(room)
        await room.record_agreement(seeds.PLEDGE_PAPER)
        for title in (seeds.RULES_PAPER, seeds.PLAN_PAPER, seeds.CRITERIA_PAPER):
            await room.agree(title)
        await sign(room)
        await room.go_to(seeds.CONCLUSION)
        await room.record_speech("Ghi kết luận", seeds.CLUSTER_CHAIR, texts.CONCLUSION_SPEECH)
        await room.close()
        for line in ("7/7 bên đã xác nhận.", texts.CONCLUSION_SPEECH):  # in whichever part of it
            await room.group.sees(line, wait=PATIENCE)
    await assert_messages_were_counted(room, sqlite_url)
    # A group on Zalo hears what is opened and what came of it, and of nobody in it.
    for text in room.group.messages:
        assert not any(each.name in text.text for each in agenda.attendees if each.name != CHAIR), text
    told = await kept(sqlite_url)
    assert [told.results["attendance"][key] for key in ("present", "has_quorum")] == [7, True]
    assert {party["state"] for party in told.results["pledge"]["parties"]} == {"confirmed_in_chat"}


async def try_votes(room: MixedRoom) -> None:
    """A trial vote, by number, words and the own page; an observer is refused; then it is cancelled."""
    title = seeds.PLEDGE_PAPER
    await room.open_vote(title)
    await room.group.sees("Biểu quyết 1", wait=PATIENCE)
    voter, page = room.on_zalo(ON_PAGE_TOO), room.crowd.person(ON_PAGE_TOO)
    await voter.finds(YES, on=key_of(title))
    opened = await voter.write("trang cá nhân", answer="Mở trang cá nhân: ")
    await page.open_link(opened.partition("Mở trang cá nhân: ")[2].split()[0])
    await page.tap(NO, on=key_of(title), answer="Đã ghi nhận: Không tán thành.")
    await voter.sees_chosen(NO)
    ballots = dict.fromkeys(seeds.CLUSTER_SIGNERS, IN_FAVOUR)
    await room.vote(ballots, title)
    await page.sees_chosen(YES)
    told = await room.on_zalo(OBSERVER).write("tán thành")
    assert "không thuộc danh sách biểu quyết" in told, told
    await room.chair.tap("Hủy lượt", on=key_of(title))
    await room.chair.write("Lượt thử.")
    for name in seeds.CLUSTER_SIGNERS:
        await room.people[name].reads("Lượt thử.")


async def sign(room: MixedRoom) -> None:
    """Each party confirms the version that it read, typing the line that says so."""
    await room.go_to(seeds.SIGNING)
    await room.open_item(seeds.SIGNING)
    await room.secretary.tap("Nhập văn bản")
    await room.secretary.tap("Gõ văn bản")
    await room.secretary.write(texts.PLEDGE_TEXT)
    await room.freeze_pledge()
    for number, name in enumerate(seeds.CLUSTER_SIGNERS, 1):
        assert f"{number}/7" in await room.confirm(name)
    await room.record_heard()


# A plan that is nearly used up

VOTERS = ("An", "Bình", "Chi")
TITLE = "Báo cáo tổng kết"


async def test_with_sixty_messages_left_ballots_and_results_go_out_and_the_rest_does_not(
    sqlite_url: str,
) -> None:
    roles = (seat("Lê Thị Chủ Tọa", role=Role.CHAIR), seat("Lê Văn Thư Ký", role=Role.SECRETARY))
    async with (
        FakeBotApi() as fake,
        FakeZalo() as zalo,
        StagedProgram(sqlite_url, fake, zalo) as program,
        Crowd(program, fake) as crowd,
    ):
        organiser, chair, secretary = map(crowd.chat, (ORGANISER, roles[0].name, roles[1].name))
        voters = [ZaloPerson(zalo.person(name)) for name in VOTERS]
        await found(organiser, await program.founder_link("Telegram"))
        await store(organiser, plan([*roles, *VOTERS]))
        ways = await hand_out(organiser)
        zalo.spent = zalo.messages_in_plan - 60
        async with stored(sqlite_url) as journey, journey.database.transaction() as tx:
            await add_to_count(tx, "zalo", zalo.me["id"], month_of(utc_now()), sent=zalo.spent)
        for person in (chair, secretary):
            await person.open_link(ways[person.name].links["Telegram"])
        for voter in voters:
            await voter.write(ways[voter.name].code, answer=f"Đã liên kết: {voter.name}")
        await organiser.reads("Zalo: tháng này đã dùng 2.94")
        await secretary.tap("Mở xác nhận có mặt")
        lines = await organiser.reads("Không gửi được tới 03 đại biểu")
        assert sum("số tin cuối của tháng dành cho biểu quyết" in line for line in lines) == len(voters)
        for voter in voters:
            await voter.write("có mặt", answer="có mặt lúc")
        for person in (chair, secretary):
            await person.tap("Xác nhận có mặt")
        await chair.tap("Khai mạc")
        await chair.tap("Xác nhận số lượng: …")
        await open_vote(secretary, chair, TITLE)
        for voter in voters:
            await voter.tap(YES, on=TITLE, answer="Đã ghi nhận: Tán thành.")
        for person in (chair, secretary):
            await person.tap(YES, on=TITLE)
        await announce(chair, TITLE)
        for voter in voters:
            await voter.reads("5/5 đại biểu có mặt tán thành (đạt 100%)")
        await chair.tap("Bế mạc")
        for voter in voters:
            await voter.reads("Tổng hợp: Hội nghị")
            assert not any("Kính mời" in text or "Đề nghị đồng chí" in text for text in voter.phone.texts)
    assert {code for _, code, _ in zalo.refusals} <= {HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT}
    assert zalo.spent <= zalo.messages_in_plan

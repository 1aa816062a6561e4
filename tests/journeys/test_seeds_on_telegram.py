"""Both seed meetings on Telegram: in a group and in private chats, polled for and brought to the webhook."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.demo import seeds, texts
from bot.demo.conference import ABSENT, ABSTAINS_FROM_REPORTS, LEAVES_EARLY, SPENDING_BALLOTS, VOTES_LATE
from bot.demo.hall import IN_FAVOUR, NO, YES, Ballot, key_of
from bot.results import results_json
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan
from storage.reading import get_results_view
from tests.fakes.bot_api import FakeBotApi, Group
from tests.journeys.people import (
    PATIENCE,
    ChatPerson,
    Crowd,
    WayIn,
    announce,
    bind_group,
    found,
    hand_out,
    shared_link,
    store,
)
from tests.journeys.program import StagedProgram
from tests.journeys.stored import stored
from tests.papers import PDF

pytestmark = pytest.mark.usefixtures("brisk_telegram")

BY_NUMBER, NUMBER = "Trịnh Minh Đạt", "+84912345678"
BY_NAME = "Võ Thị Mỹ Linh"
BLOCKS = "Phùng Văn Khánh"
PAPER = "Dự thảo.pdf"


@dataclass
class Room:
    """A meeting's people with their phones, and the group that follows it."""

    fake: FakeBotApi
    plan: MeetingPlan
    people: Mapping[str, ChatPerson]
    organiser: ChatPerson
    group: Group
    ways: Mapping[str, WayIn]
    shared: str

    def of_role(self, role: Role) -> ChatPerson:
        return next(self.people[each.name] for each in self.plan.attendees if each.role is role)

    @property
    def chair(self) -> ChatPerson:
        return self.of_role(Role.CHAIR)

    @property
    def secretary(self) -> ChatPerson:
        return self.of_role(Role.SECRETARY)

    def those(self, *standings: Standing) -> list[ChatPerson]:
        """The attendees of these standings."""
        return [self.people[each.name] for each in self.plan.attendees if each.standing in standings]

    async def join(self, *, by_shared_link: Iterable[str] = ()) -> None:
        """Have everybody open the personal link, but some the one for all."""
        links = {name: way.links["Telegram"] for name, way in self.ways.items()}
        links |= dict.fromkeys(by_shared_link, self.shared)
        comers = [person for person in self.people.values() if person is not self.organiser]
        await asyncio.gather(*(person.open_link(links[person.name]) for person in comers))

    async def check_in(self, present: Sequence[ChatPerson]) -> None:
        """Have presence confirmed, every other one's in the group."""
        await self.secretary.tap("Mở xác nhận có mặt")
        in_group, alone = present[::2], present[1::2]
        await asyncio.gather(
            *(self.tap_in_group(person, "Xác nhận có mặt") for person in in_group),
            *(person.tap("Xác nhận có mặt") for person in alone),
        )
        counted = sum(person in present for person in self.those(Standing.VOTING))
        await self.group.sees(f"có mặt {counted:02}", wait=PATIENCE)
        await self.chair.tap("Khai mạc")

    async def tap_in_group(self, person: ChatPerson, label: str) -> str:
        """Wait for a button in the group and tap it; gives the answer, or the address that opens instead."""
        what = f"the group to show the button [{label}]"
        await self.fake.until(
            lambda: any(message.find_button(label) for message in self.group.messages),
            wait=PATIENCE,
            what=what,
        )
        return await self.group.tap(person.phone, label, wait=PATIENCE)

    # In the meeting

    async def go_to(self, title: str) -> None:
        """Have the chair go to the next item, and see that it is this one."""
        step = "Bắt đầu" if title == self.plan.items[0].title else "Tiếp theo"
        # A button has room for the beginning of a title only.
        await self.chair.tap(f"{step}: {title[:20]}…")

    async def agree(self, title: str, additions: Sequence[str] = ()) -> None:
        """Have the secretary record that the next item is agreed without a count, and what was added."""
        await self.go_to(title)
        await self.record_agreement(title, additions)

    async def record_agreement(self, title: str, additions: Sequence[str] = ()) -> None:
        """Have the secretary record that the current item is agreed without a count."""
        if additions:
            await self.secretary.tap("Nhất trí có bổ sung, không kiểm đếm", on=key_of(title))
            await self.secretary.write("\n".join(additions))
        else:
            await self.secretary.tap("Nhất trí, không kiểm đếm", on=key_of(title))

    async def hear(self, title: str) -> None:
        """Have the next item heard with nothing to decide."""
        await self.go_to(title)
        await self.secretary.tap("Đã nghe, không quyết định", on=key_of(title))

    async def open_vote(self, title: str) -> None:
        """Have a vote by phone opened on the next item."""
        await self.go_to(title)
        await self.secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
        await self.chair.tap("Mở biểu quyết", on=key_of(title))

    async def cast(self, ballots: Mapping[str, Ballot], title: str, *, in_group: Iterable[str] = ()) -> None:
        """Have people vote at the same time, some of them in the group."""
        there = set(in_group)
        await asyncio.gather(
            *(self._cast(self.people[name], ballot, title, name in there) for name, ballot in ballots.items())
        )

    async def _cast(self, person: ChatPerson, ballot: Ballot, title: str, is_there: bool) -> None:  # noqa: FBT001
        for choice in ballot:
            if is_there:
                told = await self.tap_in_group(person, choice.label)
            else:
                told = await person.tap(choice.label, on=key_of(title))
            assert told.startswith(f"Đã ghi nhận: {choice.label}."), told
            if choice.opinion:
                await person.write(choice.opinion)
                await person.reads("Đã ghi nhận nội dung ý kiến")

    async def close(self) -> None:
        """Have the meeting closed; the group, and everybody who can be reached, get the summary."""
        await self.chair.tap("Bế mạc")
        told = f"Tổng hợp: {self.plan.title}"
        await self.group.sees(told, wait=PATIENCE)
        reached = [person for person in self.people.values() if not person.phone.has_blocked]
        await asyncio.gather(*(person.reads(told) for person in reached))


@contextlib.asynccontextmanager
async def begun(url: str, mode: str, plan: MeetingPlan, organiser: str, host: str) -> AsyncIterator[Room]:
    """Give a meeting that is founded, stored from its workbook and bound to a group."""
    async with (
        FakeBotApi() as fake,
        StagedProgram(url, fake, mode=mode) as program,
        Crowd(program, fake) as crowd,
    ):
        people = {each.name: crowd.chat(each.name) for each in plan.attendees}
        founder = people[organiser]
        await found(founder, await program.founder_link("Telegram"), host=host, name=organiser)
        await store(founder, plan)
        ways = await hand_out(founder)
        shared = await shared_link(founder, "Telegram")
        group = await bind_group(founder, "Hội nghị", meeting=plan.title)
        await group.pins(plan.title, wait=PATIENCE)
        yield Room(fake, plan, people, founder, group, ways, shared)
        assert (fake.webhook is not None) == (mode == "webhook")


async def results(url: str) -> dict[str, Any]:
    """What results.json of the meeting holds."""
    async with stored(url) as journey, journey.database.snapshot() as tx:
        return results_json(await get_results_view(tx, journey.meeting_id))


def item_of(results: Mapping[str, Any], title: str) -> dict[str, Any]:
    [item] = [item for item in results["items"] if item["title"] == title]
    return dict(item)


# The staff conference


def staff_conference() -> MeetingPlan:
    """Seed 1 with its agenda in full, and of its 48 people those whom the story names."""
    plan = seeds.staff_conference()
    named = {seeds.STAFF_CHAIR, seeds.STAFF_SECRETARY, seeds.STAFF_ORGANISER, BY_NUMBER, BY_NAME, BLOCKS}
    named.add(seeds.UNION_HEAD)
    named |= {ABSENT, ABSTAINS_FROM_REPORTS, LEAVES_EARLY, VOTES_LATE, *SPENDING_BALLOTS}
    attendees = [
        replace(each, phone=NUMBER if each.name == BY_NUMBER else None)
        for each in plan.attendees
        if each.name in named
    ]
    titles, pledge = seeds.staff_titles(attendees), seeds.staff_pledge(attendees, plan.items)
    count = len(attendees)
    return replace(plan, attendees=tuple(attendees), headcount=count, titles=titles, pledge=pledge)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_staff_conference_is_held_in_a_group_and_private_chats(sqlite_url: str, mode: str) -> None:
    plan = staff_conference()
    async with begun(sqlite_url, mode, plan, seeds.STAFF_ORGANISER, plan.host) as room:
        await room.join(by_shared_link=[BY_NUMBER, BY_NAME])
        await are_recognised(room)
        await room.people[ABSENT].tap("Xin vắng")
        await room.people[ABSENT].write("Nghỉ thai sản theo quy định.")
        await take_papers(room, seeds.SPENDING, ["Lê Thị Thanh Nhàn", "Mai Chí Cường", "Hà Tấn Phát"])

        present = [person for person in room.people.values() if person.name != ABSENT]
        await room.check_in(present)
        await room.secretary.tap("Ghi số liệu sơ bộ: …")
        for item in plan.items:
            if item.kind.is_procedural:
                await room.agree(item.title)
        await room.chair.tap("Xác nhận số lượng: 16 có mặt")
        await adopt_reports(room, [person.name for person in present if person.name != ABSTAINS_FROM_REPORTS])
        await room.agree(seeds.INSPECTION)
        await room.agree(seeds.FINANCES)
        await room.hear(seeds.DISCUSSION)
        await adopt_rules(room, [person.name for person in present])
        await room.agree(seeds.EMULATION)
        await room.people[LEAVES_EARLY].tap("Về sớm")
        await room.people[LEAVES_EARLY].tap("Về ngay")
        await adopt_targets(room, [person.name for person in present if person.name != LEAVES_EARLY])
        for title in (seeds.INNER_PLEDGE, seeds.SPEECH):
            await room.hear(title)
        await announce_titles(room)
        await room.close()
    assert {code for _, code, _ in room.fake.refusals} <= {400, 403}, room.fake.refusals
    for text in (message.text for message in room.group.messages):
        assert not any(each.name in text for each in plan.attendees), text

    told = await results(sqlite_url)
    attendance = told["attendance"]
    assert [attendance[key] for key in ("headcount", "summoned", "present", "excused")] == [17, 17, 16, 1]
    assert {item["decision"] for item in told["items"]} == {"adopted", "consulted", "noted"}
    assert item_of(told, seeds.SPENDING)["decision"] == "consulted"
    assert sum(title["collectives"] for title in told["titles"]) == 6
    assert sum(title["individuals"] for title in told["titles"]) == 55
    spending, targets = (item_of(told, title)["vote"] for title in (seeds.SPENDING, seeds.TARGETS))
    assert [spending[key] for key in ("yes", "no", "other", "base")] == [10, 2, 4, 16]
    assert not spending["is_unanimous"]
    assert [targets[key] for key in ("yes", "base", "percent")] == [15, 15, "100%"]
    assert targets["is_unanimous"]
    counted = {item["title"] for item in told["items"] if item["counted"]}
    assert counted == {*seeds.REPORTS, seeds.SPENDING, seeds.TARGETS}


async def announce_titles(room: Room) -> None:
    """The group hears how many receive which title, a recipient of the own ones."""
    await room.go_to(seeds.TITLES)
    await room.chair.tap("Công bố danh hiệu (5)", on=key_of(seeds.TITLES))
    await room.chair.tap("Công bố", on="Công bố các nội dung này?")
    await room.group.sees("Danh hiệu đã công bố: 06 tập thể và 55 cá nhân.", wait=PATIENCE)
    await room.people[seeds.STAFF_SECRETARY].reads("Trân trọng chúc mừng đồng chí")


async def are_recognised(room: Room) -> None:
    """Who came by the link for all shares a number, or writes a name that waits for the organiser."""
    by_number, by_name = room.people[BY_NUMBER], room.people[BY_NAME]
    for person in (by_number, by_name):
        await person.reads("họ và tên như trong danh sách")
    by_number.phone.shares_number(NUMBER)
    await by_number.reads(f"Đã liên kết: {BY_NUMBER}")
    await by_name.write("vo thi my linh")
    await by_name.reads("Đã gửi Ban tổ chức")
    await room.organiser.reads("“vo thi my linh”")
    assert await room.organiser.tap("1. Xác nhận") == f"Đã liên kết: {BY_NAME}."
    await by_name.reads(f"Đã liên kết: {BY_NAME}")


async def take_papers(room: Room, title: str, takers: Sequence[str]) -> None:
    """A paper of an item is uploaded for whoever asks first, and handed to the others by its id."""
    await room.secretary.send_file(PAPER, PDF)
    number = next(number for number, item in enumerate(room.plan.items, 1) if item.title == title)
    await room.secretary.tap(f"{number}. {title[:20]}…")
    for person in (room.people[name] for name in takers):
        await person.tap("Tài liệu")
        await person.tap(PAPER)
        await room.fake.until(
            lambda phone=person.phone: any(  # type: ignore[misc]
                message.document and message.document.content == PDF for message in phone.messages
            ),
            wait=PATIENCE,
            what=f"{person.name} to get the paper",
        )
    sent = [given["document"] for name, given in room.fake.calls if name == "sendDocument"]
    assert [isinstance(document, str) for document in sent] == [False] + [True] * (len(takers) - 1)


async def adopt_reports(room: Room, voters: Sequence[str]) -> None:
    """Three reports in one vote, which is ended though somebody has not voted."""
    first = seeds.REPORTS[0]
    await room.go_to(first)
    await room.secretary.tap("Biểu quyết bằng điện thoại", on=key_of(first))
    await room.secretary.tap("Ghép với nội dung khác")
    for number in (6, 7):
        await room.secretary.tap(f"{number}. …", on="Biểu quyết chung")
    await room.chair.tap("Mở biểu quyết", on=key_of(first))
    await room.group.pins("Biểu quyết 1", wait=PATIENCE)
    await room.cast(dict.fromkeys(voters, IN_FAVOUR), first, in_group=voters[::2])
    await room.chair.tap("Kết thúc", on=key_of(first))
    await room.chair.tap("Kết thúc", on="chưa biểu quyết")
    await room.chair.tap("Công bố kết quả", on=key_of(first))


async def adopt_rules(room: Room, present: Sequence[str]) -> None:
    """Not all agree; a stranger and forwarded buttons change nothing; somebody votes and blocks the bot."""
    title, stranger = seeds.SPENDING, ChatPerson(room.fake.person("Người lạ"))
    await room.open_vote(title)
    await room.group.pins("Lấy ý kiến 2", wait=PATIENCE)
    opened = await room.tap_in_group(stranger, NO)
    assert opened.startswith(f"https://t.me/{room.fake.bot['username']}?start=")

    ballots = {name: SPENDING_BALLOTS.get(name, IN_FAVOUR) for name in present}
    await room.cast(ballots, title, in_group=[name for name in present[::3] if len(ballots[name]) == 1])
    await room.group.sees("Đã biểu quyết: 16/16", wait=PATIENCE)
    voter, other = room.people[BY_NUMBER], room.people["Mai Chí Cường"]
    assert "Đề nghị nhập mã" in await stranger.tap_of(voter, NO, on=key_of(title))
    assert "Đã kết thúc" not in await other.tap_of(room.chair, "Kết thúc", on=key_of(title))
    assert stranger.phone.messages == []

    await room.fake.acknowledged(room.people[BLOCKS].phone.blocks(), wait=PATIENCE)
    await announce(room.chair, key_of(title))
    await room.organiser.tap("Đại biểu")
    await room.organiser.tap("Không gửi được tới ai")
    assert any(
        BLOCKS in line and "đã chặn bot" in line
        for line in await room.organiser.reads("Không gửi được tới 01")
    )
    result = "10/16 đại biểu có mặt tán thành dự thảo (đạt 62,50%); không tán thành: 02; ý kiến khác: 04"
    await room.group.sees(result, wait=PATIENCE)
    await asyncio.gather(*(room.people[name].reads(result) for name in present if name != BLOCKS))
    await room.people[BLOCKS].write("/start")  # and thinks better of it


async def adopt_targets(room: Room, present: Sequence[str]) -> None:
    """Everybody in favour, most of them in the group, one just before the close."""
    title = seeds.TARGETS
    await room.open_vote(title)
    await room.group.pins("Biểu quyết 3", wait=PATIENCE)
    there = [name for name in present if name != VOTES_LATE]
    await room.cast(dict.fromkeys(there, IN_FAVOUR), title, in_group=there[::2])
    await room.chair.tap("Kết thúc", on=key_of(title))
    await room.chair.tap("Để sau", on="chưa biểu quyết")
    await room.cast({VOTES_LATE: IN_FAVOUR}, title)
    await announce(room.chair, key_of(title))
    result = "15/15 đại biểu có mặt tán thành (đạt 100%)"
    await room.group.sees(result, wait=PATIENCE)
    await asyncio.gather(*(room.people[name].reads(result) for name in present))
    await room.group.pins(room.plan.title, wait=PATIENCE)


# The signing of the pledge


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_the_cluster_agrees_in_a_group_and_private_chats(sqlite_url: str, mode: str) -> None:
    plan = seeds.pledge_signing()
    async with begun(sqlite_url, mode, plan, seeds.CLUSTER_ORGANISER, seeds.CLUSTER) as room:
        await room.join()
        await take_papers(room, seeds.PLAN_PAPER, [seeds.CLUSTER_CHAIR, "Đặng Ngọc Quý", "Vũ Đình Toàn"])
        await room.check_in(list(room.people.values()))
        await room.secretary.tap("Ghi số liệu sơ bộ: …")
        for item in plan.items:
            if item.kind.is_procedural:
                await room.agree(item.title)
        await room.chair.tap("Xác nhận số lượng: …")
        await room.hear(seeds.PAPERS_DISCUSSION)
        await try_votes(room)

        group, lead = room.group, room.fake.person("Trưởng nhóm")
        await room.fake.acknowledged(group.removes_bot(lead), wait=PATIENCE)
        await room.organiser.reads("Bot đã bị đưa ra khỏi nhóm “Hội nghị”")
        before = len(group.messages)
        await room.record_agreement(seeds.PLEDGE_PAPER)
        await room.agree(seeds.RULES_PAPER)
        await room.agree(seeds.PLAN_PAPER, texts.PLAN_ADDITIONS)
        assert len(group.messages) == before
        await room.fake.acknowledged(group.adds_bot(lead), wait=PATIENCE)
        await room.agree(seeds.CRITERIA_PAPER)
        await group.sees(seeds.CRITERIA_PAPER, wait=PATIENCE)
        await room.hear(seeds.SIGNING)
        await room.hear(seeds.CONCLUSION)
        await room.close()
    told = await results(sqlite_url)
    assert [told["attendance"][key] for key in ("present", "has_quorum")] == [7, True]
    assert {(item["counted"], item["vote"]) for item in told["items"]} == {(False, None)}
    decisions = {item["title"]: item["decision"] for item in told["items"]}
    for title in (seeds.PLEDGE_PAPER, seeds.RULES_PAPER, seeds.CRITERIA_PAPER):
        assert decisions[title] == "adopted"
    assert decisions[seeds.PLAN_PAPER] == "adopted_with_additions"
    assert decisions[seeds.SIGNING] == decisions[seeds.CONCLUSION] == "noted"


async def try_votes(room: Room) -> None:
    """A trial vote: representatives vote in the group, observers and guests can't; then it is cancelled."""
    title = seeds.PLEDGE_PAPER
    await room.open_vote(title)
    electors = [person.name for person in room.those(Standing.VOTING)]
    await room.cast(dict.fromkeys(electors, IN_FAVOUR), title, in_group=electors)
    for person in room.those(Standing.OBSERVER, Standing.GUEST):
        told = await room.tap_in_group(person, YES)
        assert "không thuộc danh sách biểu quyết của lượt này" in told
    await room.group.sees("Đã biểu quyết: 7/7", wait=PATIENCE)
    await room.chair.tap("Hủy lượt", on=key_of(title))
    await room.chair.write("Lượt thử.")
    await room.group.sees("Lượt thử.", wait=PATIENCE)

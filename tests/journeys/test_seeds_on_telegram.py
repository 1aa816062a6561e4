"""Both seed meetings on Telegram, from the discussion to the pledge: in a group and in private chats."""

import asyncio
import hashlib
import io
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.demo import seeds, texts
from bot.demo.ceremony import SCAN
from bot.demo.conference import ABSENT, ABSTAINS_FROM_REPORTS, LEAVES_EARLY, SPENDING_BALLOTS, VOTES_LATE
from bot.demo.discussion import ADDITION, COMMENT, PETITION, QUESTION, Said
from bot.demo.hall import IN_FAVOUR, NO, YES, key_of
from bot.demo.signing import CRITERIA
from bot.results import results_json
from meeting.people import Standing
from meeting.plan import MeetingPlan
from meeting.versions import text_digest
from storage.reading import get_results_view
from tests.fakes.bot_api import NOT_MODIFIED, Document
from tests.journeys.people import PATIENCE, ChatPerson, announce
from tests.journeys.room import TelegramRoom, begun
from tests.journeys.stored import stored
from tests.papers import PDF

pytestmark = pytest.mark.usefixtures("brisk_telegram")

BY_NUMBER, NUMBER = "Trịnh Minh Đạt", "+84912345678"
BY_NAME = "Võ Thị Mỹ Linh"
BLOCKS = "Phùng Văn Khánh"
PAPER = "Dự thảo.pdf"


@dataclass
class Kept:
    """What is left of a meeting: results.json, and what its record names, each entry following the last."""

    results: dict[str, Any]
    acts: Counter[str]

    def item(self, title: str) -> dict[str, Any]:
        [item] = [item for item in self.results["items"] if item["title"] == title]
        return dict(item)


async def kept(url: str) -> Kept:
    """Read what is left of the meeting."""
    async with stored(url) as journey:
        acts = Counter(await journey.acts())
        async with journey.database.snapshot() as tx:
            return Kept(results_json(await get_results_view(tx, journey.meeting_id)), acts)


def assert_nothing_was_refused(room: TelegramRoom) -> None:
    """The Bot API took all but edits that change nothing, and what goes to who has just blocked the bot."""
    assert room.fake.exceeded == []
    refused = {text for _, code, text in room.fake.refusals if code != HTTPStatus.FORBIDDEN}
    assert refused <= {NOT_MODIFIED}, refused


# The staff conference

ITS_SPEAKERS = ("Danh Hoàng Em", "Mai Chí Cường")
ADDS = Said("Nguyễn Thị Lan Chi", ADDITION, texts.SPENDING_ADDITION, seeds.SPENDING)
ADDS_THE_SAME = Said(
    "Trần Quang Vinh", ADDITION, "Đề nghị ghi rõ thời hạn thanh toán công tác phí.", seeds.SPENDING
)
ASKS = Said(
    "Lê Thị Thanh Nhàn", QUESTION, "Công trình do nhiều ban thực hiện tính cho ban nào?", seeds.TARGETS
)
ANSWER = "Được tính cho từng ban cùng đăng ký."
OF_A_UNIT = Said(
    "Trung tâm Hoạt động Thanh thiếu niên", PETITION, "Kiến nghị bố trí kinh phí sửa chữa hội trường."
)
FLOODS = ABSTAINS_FROM_REPORTS


NAMED = frozenset(
    {seeds.STAFF_CHAIR, seeds.STAFF_SECRETARY, seeds.STAFF_ORGANISER, BY_NUMBER, BY_NAME, BLOCKS}
    | {seeds.UNION_HEAD, ABSENT, ABSTAINS_FROM_REPORTS, LEAVES_EARLY, VOTES_LATE, *SPENDING_BALLOTS}
)


def staff_conference(named: Collection[str] = NAMED) -> MeetingPlan:
    """Seed 1 with its agenda in full, and of its 48 people those whom the story names."""
    plan = seeds.staff_conference()
    attendees = [
        replace(each, phone=NUMBER if each.name == BY_NUMBER else None)
        for each in plan.attendees
        if each.name in named
    ]
    titles, pledge = seeds.staff_titles(attendees), seeds.staff_pledge(attendees, plan.items)
    count = len(attendees)
    return replace(plan, attendees=tuple(attendees), headcount=count, titles=titles, pledge=pledge)


async def test_the_staff_conference_is_held_in_a_group_and_private_chats(sqlite_url: str) -> None:
    plan = staff_conference()
    async with begun(sqlite_url, "polling", plan, seeds.STAFF_ORGANISER, plan.host) as room:
        await room.join(by_shared_link=[BY_NUMBER, BY_NAME])
        await are_recognised(room)
        await room.people[ABSENT].tap("Xin vắng")
        await room.people[ABSENT].write("Nghỉ thai sản theo quy định.")
        await take_papers(room, seeds.SPENDING, ["Lê Thị Thanh Nhàn", "Mai Chí Cường", "Hà Tấn Phát"])
        petition = await room.enter(OF_A_UNIT)

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
        await room.go_to(seeds.DISCUSSION)
        await discuss(room, petition)
        await adopt_rules(room, [person.name for person in present])
        await room.agree(seeds.EMULATION, texts.EMULATION_ADDITIONS)
        await room.people[LEAVES_EARLY].tap("Về sớm")
        await room.people[LEAVES_EARLY].tap("Về ngay")
        await adopt_targets(room, [person.name for person in present if person.name != LEAVES_EARLY])
        await two_parties_sign(room)
        await room.go_to(seeds.SPEECH)
        await room.record_speech("Ghi nội dung phát biểu chỉ đạo", seeds.SPEAKER, texts.DIRECTIVE_SPEECH)
        await announce_titles(room)
        summary = await room.close()
    assert_nothing_was_refused(room)
    # A group hears who speaks in the hall; who votes, sends, leaves or receives what is nobody's there.
    unnamed = {each.name for each in plan.attendees} - {*ITS_SPEAKERS}
    for text in (message.text for message in room.group.messages):
        assert not any(name in text for name in unnamed), text
    assert_the_conference_is_summed_up(summary)
    assert_the_conference_is_kept(await kept(sqlite_url))


def assert_the_conference_is_summed_up(summary: str) -> None:
    papers = "07 (thông qua: 05; thông qua có bổ sung: 01; đã tham gia ý kiến: 01)"
    for line in (
        f"Báo cáo, văn bản trình Hội nghị: {papers}.",
        "2/2 bên có chữ ký lưu hồ sơ.",
        "Danh hiệu đã công bố: 06 tập thể và 55 cá nhân.",
        texts.DIRECTIVE_SPEECH,
    ):
        assert line in summary, line
    targets = next(line for line in summary.splitlines() if seeds.TARGETS in line)
    assert "100%" in targets, targets
    assert "15/15" in targets, targets


def assert_the_conference_is_kept(told: Kept) -> None:
    attendance = told.results["attendance"]
    assert [attendance[key] for key in ("headcount", "summoned", "present", "excused")] == [17, 17, 16, 1]
    items = told.results["items"]
    counted = {item["title"] for item in items if item["counted"]}
    assert counted == {*seeds.REPORTS, seeds.SPENDING, seeds.TARGETS}
    assert {item["decision"] for item in items} == {
        "adopted",
        "adopted_with_additions",
        "consulted",
        "noted",
    }
    spending, targets = told.item(seeds.SPENDING), told.item(seeds.TARGETS)
    assert (spending["decision"], spending["version"]) == ("consulted", 2)
    assert spending["additions"] == [ADDS.text]
    assert [spending["vote"][key] for key in ("yes", "no", "other", "base")] == [10, 2, 4, 16]
    assert not spending["vote"]["is_unanimous"]
    assert [targets["vote"][key] for key in ("yes", "base", "percent")] == [15, 15, "100%"]
    assert targets["vote"]["is_unanimous"]

    states = Counter(opinion["state"] for opinion in told.results["opinions"])
    assert states == {"taken_up": 1, "merged": 1, "answered": 2, "left": 1, "hidden": 1, "waiting": 3}
    assert told.results["pledge"]["sha256"] == text_digest(texts.INNER_PLEDGE_TEXT)
    assert [(party["signer"], party["state"]) for party in told.results["pledge"]["parties"]] == [
        (seeds.STAFF_CHAIR, "signed_on_paper"),
        (seeds.UNION_HEAD, "signed_on_paper"),
    ]
    for party in told.results["pledge"]["parties"]:
        assert party["evidence_sha256"] == hashlib.sha256(SCAN).hexdigest()
    assert sum(title["collectives"] for title in told.results["titles"]) == 6
    assert sum(title["individuals"] for title in told.results["titles"]) == 55


async def discuss(room: TelegramRoom, petition: int) -> None:
    """Two speak; what is sent is merged, taken up, answered, left, hidden; who floods is told to wait."""
    await room.hear_speakers(ITS_SPEAKERS)
    addition, same, question = [await room.say(each) for each in (ADDS, ADDS_THE_SAME, ASKS)]
    flood = [
        await room.say(Said(FLOODS, COMMENT, f"Nhất trí. ({place})", room.current)) for place in range(5)
    ]
    await room.people[FLOODS].tap("Ý kiến", on=room.plan.title)
    assert "Chờ một phút rồi gửi tiếp" in await room.people[FLOODS].tap("Gửi ý kiến")

    secretary, chair = room.secretary, room.chair
    await room.look_at(secretary, same)
    await secretary.tap("Gộp vào ý kiến khác")
    await secretary.write(str(addition))
    await room.look_at(secretary, flood[-1])
    await secretary.tap("Ẩn ý kiến")
    await secretary.write("Gửi nhiều lần cùng một nội dung")
    await room.people[FLOODS].reads("Gửi nhiều lần cùng một nội dung")
    assert "Văn bản nay là bản 2" in await room.take_into_text(addition)
    await room.people[ADDS_THE_SAME.who].reads(f"Xem xét cùng ý kiến số {addition}: tiếp thu")
    await room.answer(petition, "Lãnh đạo cơ quan sẽ đưa vào dự toán năm 2022.")
    await room.answer(question, ANSWER)
    await room.people[ASKS.who].reads(ANSWER)
    await room.look_at(chair, flood[0])
    await chair.tap("Ghi nhận", on=f"Ý kiến số {flood[0]}")
    await room.record_heard()


async def two_parties_sign(room: TelegramRoom) -> None:
    """Both heads confirm; then their paper's scan is sent in, and is called a signature."""
    await room.go_to(seeds.INNER_PLEDGE)
    await room.freeze_pledge()
    assert "1/2" in await room.confirm(seeds.STAFF_CHAIR)
    await room.group.sees("1/2 bên đã xác nhận; còn thiếu: 01 bên.", wait=PATIENCE)
    assert "2/2" in await room.confirm(seeds.UNION_HEAD)
    await room.group.sees("Giao ước: 2/2 bên đã xác nhận.", wait=PATIENCE)
    await room.secretary.tap("Giao ước", on=room.plan.title)
    await room.secretary.tap("Ghi nhận bản giấy có chữ ký", on=key_of(seeds.INNER_PLEDGE))
    await room.secretary.send_file("giao-uoc-da-ky.pdf", SCAN)
    await room.secretary.reads("Đã ghi nhận kèm tệp: chữ ký của 02 bên.")
    await room.group.sees("2/2 bên có chữ ký lưu hồ sơ.", wait=PATIENCE)
    await room.record_heard()


async def announce_titles(room: TelegramRoom) -> None:
    """The group hears how many receive which title, a recipient of the own ones."""
    await room.go_to(seeds.TITLES)
    await room.chair.tap("Công bố danh hiệu (5)", on=key_of(seeds.TITLES))
    await room.chair.tap("Công bố", on="Công bố các nội dung này?")
    await room.group.sees("Danh hiệu đã công bố: 06 tập thể và 55 cá nhân.", wait=PATIENCE)
    await room.people[seeds.STAFF_SECRETARY].reads("Trân trọng chúc mừng đồng chí")


async def are_recognised(room: TelegramRoom) -> None:
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


async def take_papers(room: TelegramRoom, title: str, takers: Sequence[str]) -> None:
    """A paper of an item is uploaded for whoever asks first, and handed to the others by its id."""
    await room.secretary.send_file(PAPER, PDF)
    await room.secretary.tap(room.name_of(title))
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


async def adopt_reports(room: TelegramRoom, voters: Sequence[str]) -> None:
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


async def adopt_rules(room: TelegramRoom, present: Sequence[str]) -> None:
    """Opinions on version 2: not all agree; a stranger and forwarded buttons change nothing; one blocks."""
    title, stranger = seeds.SPENDING, ChatPerson(room.fake.person("Người lạ"))
    await room.open_vote(title)
    await room.group.pins("Lấy ý kiến 2", wait=PATIENCE)
    await room.group.sees(f"{title}, bản 2", wait=PATIENCE)
    await reads_what_changed(room, room.people[BY_NAME])
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


async def reads_what_changed(room: TelegramRoom, person: ChatPerson) -> None:
    """The difference is read from the ballot; nothing is added to a text that is voted on."""
    await person.tap("Văn bản", on=key_of(seeds.SPENDING))
    await person.tap("So với bản 1")
    changed = "\n".join(await person.reads("Bản 2 so với bản 1"))
    assert f"[+ {ADDS.text} +]" in changed.replace("\n", " "), changed
    await person.tap("Ý kiến", on=room.plan.title)
    await person.tap("Gửi ý kiến")
    await person.write("Bổ sung: công khai mỗi tháng một lần.")
    told = await person.tap(ADDITION, on="CHƯA gửi")
    assert "đang biểu quyết hoặc đã quyết định nên không bổ sung được nữa" in told, told


async def adopt_targets(room: TelegramRoom, present: Sequence[str]) -> None:
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


ADDITIONS = (
    Said(seeds.CLUSTER_SIGNERS[5], ADDITION, texts.PLEDGE_ADDITION, seeds.PLEDGE_PAPER),
    Said(seeds.CLUSTER_SIGNERS[3], ADDITION, texts.PLAN_ADDITIONS[0], seeds.PLAN_PAPER),
    Said(seeds.CLUSTER_SIGNERS[6], ADDITION, texts.CRITERIA_ADDITION, seeds.CRITERIA_PAPER),
)
BEFORE = Said("Công đoàn cơ sở Sở Nội vụ", ADDITION, texts.RULES_ADDITION, seeds.RULES_PAPER)
REPLACED, STANDS_IN = seeds.CLUSTER_SIGNERS[3], "Bạch Quốc Dũng"
NAMED_LATE = seeds.CLUSTER_SIGNERS[6]
SIGNERS = [STANDS_IN if name == REPLACED else name for name in seeds.CLUSTER_SIGNERS]
PAPERS = (seeds.PLEDGE_PAPER, seeds.RULES_PAPER, seeds.PLAN_PAPER, seeds.CRITERIA_PAPER)


def pledge_signing() -> MeetingPlan:
    """Seed 2, with one party of the pledge that has not named its signer yet."""
    plan = seeds.pledge_signing()
    assert plan.pledge is not None
    parties = tuple(
        replace(party, signer="", position="", attendee=None) if party.signer == NAMED_LATE else party
        for party in plan.pledge.parties
    )
    return replace(plan, pledge=replace(plan.pledge, parties=parties))


async def test_the_cluster_agrees_in_a_group_and_private_chats(sqlite_url: str) -> None:
    plan = pledge_signing()
    async with begun(sqlite_url, "webhook", plan, seeds.CLUSTER_ORGANISER, seeds.CLUSTER) as room:
        await room.join()
        await take_papers(room, seeds.PLAN_PAPER, [seeds.CLUSTER_CHAIR, "Đặng Ngọc Quý", "Vũ Đình Toàn"])
        before = await room.enter(BEFORE)
        await room.check_in(list(room.people.values()))
        await room.secretary.tap("Ghi số liệu sơ bộ: …")
        for item in plan.items:
            if item.kind.is_procedural:
                await room.agree(item.title)
        await room.chair.tap("Xác nhận số lượng: …")
        await room.go_to(seeds.PAPERS_DISCUSSION)
        await room.hear_speakers((seeds.CLUSTER_SIGNERS[4], seeds.CLUSTER_SIGNERS[1]))
        for number in (before, *[await room.say(each) for each in ADDITIONS]):
            assert "Văn bản nay là bản 2" in await room.take_into_text(number)
        await room.record_heard()
        await try_votes(room)
        await agree_on_papers(room)

        await room.go_to(seeds.SIGNING)
        await name_signers(room)
        await supersede(room)
        await confirm_all(room)
        await room.record_heard()
        await room.go_to(seeds.CONCLUSION)
        await room.record_speech("Ghi kết luận", seeds.CLUSTER_CHAIR, texts.CONCLUSION_SPEECH)
        summary = await room.close()
        await score_itself(room)
    assert_nothing_was_refused(room)
    assert_the_signing_is_summed_up(summary)
    told = await kept(sqlite_url)
    assert [told.results["attendance"][key] for key in ("present", "has_quorum")] == [7, True]
    assert {(item["counted"], item["vote"]) for item in told.results["items"]} == {(False, None)}
    for title in PAPERS:
        assert told.item(title)["decision"] == "adopted_with_additions"
    assert told.item(seeds.SIGNING)["decision"] == told.item(seeds.CONCLUSION)["decision"] == "noted"
    pledge = told.results["pledge"]
    assert pledge["is_complete"]
    assert pledge["sha256"] == text_digest(f"{texts.PLEDGE_TEXT}\n{texts.PLEDGE_ADDITION}")
    assert [party["signer"] for party in pledge["parties"]] == SIGNERS
    assert {party["state"] for party in pledge["parties"]} == {"confirmed_in_chat"}


def assert_the_signing_is_summed_up(summary: str) -> None:
    for line in (
        "Triệu tập 07 đơn vị; có mặt 07 (đạt 100%)",
        "Báo cáo, văn bản trình Hội nghị: 04 (thông qua có bổ sung: 04).",
        *(f"– {text}" for text in (texts.PLEDGE_ADDITION, texts.RULES_ADDITION, texts.CRITERIA_ADDITION)),
        *(f"– {text}" for text in texts.PLAN_ADDITIONS),
        "7/7 bên đã xác nhận.",
        f"Kết luận của chủ trì ({seeds.CLUSTER_CHAIR}",
        texts.CONCLUSION_SPEECH,
    ):
        assert line in summary, line
    decided = summary.partition("Báo cáo, văn bản")[2]
    assert "%" not in decided
    assert "đã ký" not in summary


async def agree_on_papers(room: TelegramRoom) -> None:
    """The four papers are agreed on as they were added to; meanwhile the bot is out of the group."""
    group, lead = room.group, room.fake.person("Trưởng nhóm")
    await room.fake.acknowledged(group.removes_bot(lead), wait=PATIENCE)
    await room.organiser.reads("Bot đã bị đưa ra khỏi nhóm “Hội nghị”")
    before = len(group.messages)
    await room.record_agreement(seeds.PLEDGE_PAPER)
    await room.agree(seeds.RULES_PAPER)
    await room.agree(seeds.PLAN_PAPER, texts.PLAN_ADDITIONS[1:])
    assert len(group.messages) == before
    await room.fake.acknowledged(group.adds_bot(lead), wait=PATIENCE)
    await room.go_to(seeds.CRITERIA_PAPER)
    await room.open_item(seeds.CRITERIA_PAPER)
    secretary = room.secretary
    await secretary.tap("Tiêu chí chấm điểm")
    await secretary.write("100")
    await secretary.write(CRITERIA)
    await secretary.tap(f"{room.plan.units[0].name[:20]}…", on="Cụm trưởng")
    await secretary.tap("Không")
    await secretary.tap("Lưu tiêu chí")
    await room.record_agreement(seeds.CRITERIA_PAPER)
    await group.sees(seeds.CRITERIA_PAPER, wait=PATIENCE)


async def name_signers(room: TelegramRoom) -> None:
    """A party that has a signer gets no second one; a signer is replaced while nobody has confirmed."""
    organiser = room.organiser
    await room.open_item(seeds.SIGNING)
    await organiser.tap("Nhập văn bản")
    await organiser.tap("Gõ văn bản")
    await organiser.write(texts.PLEDGE_TEXT)
    await organiser.tap("Giao ước", on=room.plan.title)
    await organiser.tap("Các bên và người ký")
    await organiser.tap("7. …", on="Các bên")
    await organiser.tap("Cử người ký")
    naming = organiser.last
    await organiser.write(seeds.CLUSTER_SIGNERS[0])
    await organiser.reads("Người này đã được cử cho")
    await organiser.write(NAMED_LATE)
    await organiser.reads("Người ký có thể xác nhận qua tin nhắn")
    assert f"đã có người được cử: {NAMED_LATE}" in await organiser.tap_again(naming)
    await organiser.tap("‹ Các bên")
    await organiser.tap("4. …", on="Các bên")
    await organiser.tap("Thay người ký")
    await organiser.write(f"{STANDS_IN}; Phó Chủ tịch Công đoàn cơ sở")


async def supersede(room: TelegramRoom) -> None:
    """The text is added to while confirming runs: what was confirmed is void, old buttons do nothing."""
    first, second = (room.people[name] for name in SIGNERS[:2])
    await room.freeze_pledge()
    assert "1/7" in await room.confirm(first.name)
    await room.read_pledge(second)
    read = second.last
    await room.open_item(seeds.SIGNING)
    await room.secretary.tap("Văn bản", on=key_of(seeds.SIGNING))
    await room.secretary.tap("Bổ sung nội dung")
    await room.secretary.write(texts.PLEDGE_ADDITION)
    await first.reads("không còn hiệu lực")
    await room.freeze_pledge()
    superseded = "Văn bản đã được sửa, bản vừa xem không còn hiệu lực"
    assert (await second.tap("Có, tôi xác nhận")).startswith(superseded)
    assert (await second.tap_again(read)).startswith(superseded)


async def confirm_all(room: TelegramRoom) -> None:
    """Six of seven leave it open, and nobody in the hall sees who is missing; with the seventh it is done."""
    *six, last = SIGNERS
    for number, name in enumerate(six, 1):
        assert f"{number}/7" in await room.confirm(name, version=2)
    open_still = "Giao ước: 6/7 bên đã xác nhận; còn thiếu: 01 bên."
    shown = await room.group.sees(open_still, wait=PATIENCE)
    missing = room.plan.units[6].name
    assert missing not in shown.text
    await room.secretary.reads(f"Chưa xác nhận: {missing} ({last}).")
    told = await room.people[REPLACED].reads(open_still)
    assert missing not in "\n".join(told)
    assert "7/7" in await room.confirm(last, version=2)
    await room.group.sees("Giao ước: 7/7 bên đã xác nhận.", wait=PATIENCE)


async def score_itself(room: TelegramRoom) -> None:
    """A unit scores itself in its workbook: points beyond the scale are refused, and nothing is kept."""
    chair, delegate = room.chair, room.people[seeds.CLUSTER_SIGNERS[2]]
    deadline = datetime.now().astimezone() + timedelta(days=30)
    await chair.tap("Chấm điểm", on="Hội nghị đã bế mạc")
    await chair.tap("Mở chấm điểm …")
    await chair.write(f"17:00 {deadline:%d/%m/%Y}")
    await delegate.tap("Đến phần chấm điểm")
    await delegate.tap("Phiếu của đơn vị")
    await delegate.tap("Chấm bằng tệp Excel")
    sheet = await received(room, delegate, ".xlsx")
    await delegate.send_file(sheet.name, filled(sheet.content, [60.5, 38, 0]))
    await delegate.reads("Chưa nhận phiếu: có 1 chỗ cần sửa.")
    await delegate.send_file(sheet.name, filled(sheet.content, [58.5, 38, 2]))
    await delegate.reads("Đã nộp phiếu: 98,5 điểm.")


async def received(room: TelegramRoom, person: ChatPerson, ending: str) -> Document:
    """Wait for a file whose name ends so."""

    def find() -> Document | None:
        files = [message.document for message in person.phone.messages if message.document]
        return next((file for file in reversed(files) if file.name.endswith(ending)), None)

    what = f"{person.name} to get a file {ending}"
    await room.fake.until(lambda: find() is not None, wait=PATIENCE, what=what)
    file = find()
    assert file is not None
    return file


def filled(sheet: bytes, points: Sequence[float]) -> bytes:
    """A unit's workbook with the points of each criterion."""
    workbook, content = load_workbook(io.BytesIO(sheet)), io.BytesIO()
    page = workbook.active
    assert isinstance(page, Worksheet)
    for row, value in enumerate(points, start=6):
        page.cell(row, 6).value = value
    workbook.save(content)
    return content.getvalue()


async def try_votes(room: TelegramRoom) -> None:
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

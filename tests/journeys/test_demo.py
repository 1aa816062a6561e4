"""`bieuquyet demo` as an operator runs it: both meetings are held, and what is left of them agrees."""

import asyncio
import hashlib
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.demo import seeds, texts
from bot.demo.ceremony import SCAN
from bot.demo.conference import ABSENT, LEAVES_EARLY, VOTES_LATE
from meeting.people import Presence, Reply, Standing
from meeting.plan import MeetingPlan
from meeting.record import first_break
from meeting.versions import text_digest
from meeting.voting import Option, VoteState
from storage import votes
from storage.database import Database
from storage.reading import get_roll_view, get_vote_roll_view
from storage.record import list_entries, list_meetings_with_record
from storage.views import AttendeeView, ElectorView, VoteRollView

ROOT = Path(__file__).parent.parent.parent

VOTE_KEYS = {
    "yes",
    "no",
    "other",
    "abstain",
    "not_voted",
    "base",
    "base_kind",
    "threshold",
    "method",
    "percent",
    "is_unanimous",
    "opened_at",
    "closed_at",
    "announced_at",
    "run",
}


@dataclass(frozen=True)
class Held:
    """What a demo printed and left."""

    printed: str
    results: dict[str, Any]
    summary: str
    news: str
    transcript: str
    roll: tuple[AttendeeView, ...]
    votes: tuple[VoteRollView, ...]

    def item(self, title: str) -> dict[str, Any]:
        [item] = [item for item in self.results["items"] if item["title"] == title]
        found: dict[str, Any] = item
        return found

    def vote(self, title: str) -> VoteRollView:
        """The run that decided an item, as the secretary sees it."""
        [vote] = [
            roll
            for roll in self.votes
            if roll.vote.state is VoteState.ANNOUNCED and title in {item.title for item in roll.vote.items}
        ]
        return vote

    def elector(self, title: str, name: str) -> ElectorView:
        [elector] = [each for each in self.vote(title).electors if each.name == name]
        return elector


async def held(case: str, folder: Path) -> Held:
    """Run the demo as a program of its own and read what it left."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BIEUQUYET_")}
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--case",
        case,
        "--out",
        str(folder),
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", "PYTHONIOENCODING": "utf-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complaints = await program.communicate()
    assert (complaints.decode(), program.returncode) == ("", 0), printed.decode()
    roll, rolls = await _stored(folder / "bieuquyet.db")
    texts = _texts(folder)
    return Held(
        printed.decode(),
        json.loads(texts["results.json"]),
        texts["summary.md"],
        texts["news.txt"],
        texts["transcript.md"],
        roll,
        rolls,
    )


def _texts(folder: Path) -> dict[str, str]:
    names = {path.name for path in folder.iterdir()}
    assert names == {"bieuquyet.db", "results.json", "summary.md", "news.txt", "transcript.md"}
    return {name: (folder / name).read_text(encoding="utf-8") for name in names - {"bieuquyet.db"}}


async def _stored(file: Path) -> tuple[tuple[AttendeeView, ...], tuple[VoteRollView, ...]]:
    database = Database.open(f"sqlite+aiosqlite:///{file}")
    try:
        async with database.snapshot() as tx:
            [meeting_id] = await list_meetings_with_record(tx)
            entries = await list_entries(tx, meeting_id)
            assert entries
            assert first_break(entries) is None
            roll = await get_roll_view(tx, meeting_id)
            vote_ids = await votes.list_votes(tx, meeting_id, set(VoteState))
            rolls = tuple([await get_vote_roll_view(tx, vote_id) for vote_id in vote_ids])
            others = (await tx.connection()).execute(
                sa.text(
                    "SELECT count(*) FROM ballot JOIN attendee ON attendee.person_id = ballot.cast_by"
                    " WHERE attendee.standing != 'voting'"
                )
            )
            assert (await others).scalar_one() == 0
            return roll.attendees, rolls
    finally:
        await database.close()


def assert_results_fit(results: dict[str, Any], plan: MeetingPlan) -> None:
    """The schema that the issue gives results.json, and its times with the offset of the place."""
    assert set(results) == {
        *("meeting", "attendance", "items", "versions", "opinions"),
        *("pledge", "titles", "scores", "speakers", "speeches"),
    }
    assert results["meeting"] == plan.title
    attendance = results["attendance"]
    assert set(attendance) == {
        "headcount",
        "summoned",
        "present",
        "excused",
        "quorum",
        "has_quorum",
        "stated_at",
    }
    assert_is_local_time(attendance["stated_at"])
    assert [item["title"] for item in results["items"]] == [item.title for item in plan.items]
    assert [item["kind"] for item in results["items"]] == [item.kind for item in plan.items]
    for number, item in enumerate(results["items"], 1):
        assert set(item) == {"number", "title", "kind", "decision", "counted", "version", "additions", "vote"}
        assert item["number"] == number
        assert item["counted"] == (item["vote"] is not None)
        vote = item["vote"]
        if vote is not None:
            assert set(vote) == VOTE_KEYS
            cast = vote["yes"] + vote["no"] + vote["other"] + vote["abstain"]
            assert cast + vote["not_voted"] == vote["base"]
            assert vote["is_unanimous"] == (vote["yes"] == vote["base"])
            assert (vote["percent"] == "100%") == vote["is_unanimous"]
            for moment in ("opened_at", "closed_at", "announced_at"):
                assert_is_local_time(vote[moment])


def assert_is_local_time(text: str) -> None:
    assert datetime.fromisoformat(text).utcoffset() == timedelta(hours=7)


def assert_everybody_appears(held: Held, plan: MeetingPlan) -> None:
    """Each person opened a page and saw the summary; nobody's link is passed on by the transcript."""
    for attendee in plan.attendees:
        assert f"{attendee.name}** mở đường liên kết của mình" in held.transcript
    assert "Tổng hợp: " in held.transcript
    assert "/i/…" in held.transcript
    assert f"{plan.items[-1].title}" in held.summary


async def test_the_staff_conference_reaches_all_for_its_targets_by_count(tmp_path: Path) -> None:
    plan = seeds.staff_conference()
    demo = await held("seed-1", tmp_path / "demo")
    assert_results_fit(demo.results, plan)
    assert_everybody_appears(demo, plan)
    assert demo.results["attendance"] | {"stated_at": ""} == {
        "headcount": 48,
        "summoned": 48,
        "present": 47,
        "excused": 1,
        "quorum": "2/3",
        "has_quorum": True,
        "stated_at": "",
    }

    targets = demo.item(seeds.TARGETS)
    assert targets["decision"] == "adopted"
    assert (targets["vote"]["yes"], targets["vote"]["base"], targets["vote"]["percent"]) == (46, 46, "100%")
    spending = demo.item(seeds.SPENDING)
    assert spending["decision"] == "consulted"
    assert not spending["vote"]["is_unanimous"]
    assert (spending["vote"]["no"], spending["vote"]["other"]) == (2, 4)
    for item in demo.results["items"]:
        if item["vote"] is not None and item["vote"]["method"] == "chat":
            roll = demo.vote(item["title"])
            counted = Counter(elector.option for elector in roll.electors)
            assert counted[Option.YES] == item["vote"]["yes"]
            assert counted[Option.NO] == item["vote"]["no"]
            assert counted[Option.OTHER] == item["vote"]["other"]
            assert counted[None] == item["vote"]["not_voted"]
    assert "46/46 đại biểu có mặt tán thành (đạt 100%)" in demo.summary
    told = demo.summary.partition(f"### 11. {seeds.SPENDING}")[2].partition("###")[0]
    assert "41/47 đại biểu có mặt tán thành dự thảo (đạt 87,23%)" in told
    assert "Hội nghị đã tham gia ý kiến." in told
    assert "hông qua" not in told
    papers = "07 (thông qua: 05; thông qua có bổ sung: 01; đã tham gia ý kiến: 01)"
    assert f"Báo cáo, văn bản trình Hội nghị: {papers}." in demo.summary
    assert seeds.TARGETS.split()[0] in demo.printed
    assert (
        "Chiều ngày 30/12/2021, tại Hội trường Tỉnh đoàn Hậu Giang, Tỉnh đoàn Hậu Giang tổ chức Hội nghị "
        "Cán bộ công chức và người lao động năm 2022."
    ) in demo.news
    assert "có 47/48 đại biểu được triệu tập (đạt 97,92%)" in demo.news
    assert f"thống nhất 100% (46/46 đại biểu có mặt tán thành) thông qua: {seeds.TARGETS}." in demo.news
    advised = f"{seeds.SPENDING}: 41/47 đại biểu có mặt tán thành dự thảo (đạt 87,23%)"
    assert advised in demo.news
    assert "Ý kiến được tổng hợp, trình người đứng đầu quyết định." in demo.news.partition(advised)[2]
    for report in (*seeds.REPORTS, seeds.INSPECTION, seeds.FINANCES, seeds.INNER_PLEDGE):
        assert report in demo.news
    assert_titles(demo)
    assert_what_was_said(demo)
    assert_two_have_signed(demo)

    # One votes late, one changes the vote, one is absent with a reason, one leaves early.
    put_off = demo.transcript.index("chạm [Để sau]")
    assert demo.transcript.rindex(f"{VOTES_LATE}** chạm [Tán thành]") > put_off
    assert demo.elector(seeds.TARGETS, VOTES_LATE).option is Option.YES
    changed = demo.elector(seeds.SPENDING, "Hà Tấn Phát")
    assert changed.option is Option.OTHER
    assert changed.opinion
    assert "Hà Tấn Phát** chạm [Tán thành]: “Đã ghi nhận: Tán thành." in demo.transcript
    by_name = {attendee.name: attendee for attendee in demo.roll}
    assert (by_name[ABSENT].reply, by_name[ABSENT].presence) == (Reply.ABSENT, Presence.AWAY)
    assert by_name[ABSENT].reply_reason
    assert by_name[LEAVES_EARLY].presence is Presence.LEFT
    assert LEAVES_EARLY not in {elector.name for elector in demo.vote(seeds.TARGETS).electors}


def assert_titles(demo: Held) -> None:
    """All decisions were announced, one of them in spite of its quota, and their recipients told."""
    assert "công nhận danh hiệu “Lao động Tiên tiến” cho 06 tập thể và 18 cá nhân" in demo.news
    assert "Danh hiệu đã công bố: 06 tập thể và 55 cá nhân." in demo.summary
    titles = [(each["title"], each["collectives"], each["individuals"]) for each in demo.results["titles"]]
    assert titles == [
        (seeds.ADVANCED, 6, 18),
        (seeds.FIGHTERS, 0, 3),
        ("Công đoàn viên xuất sắc", 0, 17),
        ("Hai giỏi", 0, 7),
        ("Nam chia sẻ công tác, san sẻ việc nhà cùng nữ giới", 0, 10),
    ]
    assert "Vượt tỷ lệ quy định: 3/18 (16,67%)" in demo.transcript
    assert "Trân trọng chúc mừng" in demo.transcript


def assert_what_was_said(demo: Held) -> None:
    """What was said and became of it, the addition that the meeting gave its opinion on, and the speech."""
    opinions = demo.results["opinions"]
    states = Counter(opinion["state"] for opinion in opinions)
    assert states == {"answered": 2, "taken_up": 2, "merged": 1, "left": 1}
    assert "Ý kiến: 6 (tiếp thu: 3; giải trình, giải đáp: 2; ghi nhận: 1)." in demo.summary
    [addition] = [opinion for opinion in opinions if opinion["is_in_text"]]
    spending = demo.item(seeds.SPENDING)
    assert (spending["version"], spending["additions"]) == (2, [addition["text"]])
    versions = [each for each in demo.results["versions"] if each["item"] == spending["number"]]
    assert [(each["version"], each["opinion"], each["is_decided"]) for each in versions] == [
        (1, None, False),
        (2, addition["number"], True),
    ]
    assert versions[1]["sha256"] == text_digest(texts.SPENDING_TEXT_AMENDED)
    assert f"[+ {texts.SPENDING_ADDITION} +]" in demo.transcript
    assert [each["name"] for each in demo.results["speakers"]] == ["Trần Bá Lộc", "Dương Thị Cẩm Tú"]
    assert texts.DIRECTIVE_SPEECH in demo.summary
    assert texts.DIRECTIVE_SPEECH in demo.news


def assert_two_have_signed(demo: Held) -> None:
    """The two parties confirmed the text and signed the paper, whose scan is kept."""
    pledge = demo.results["pledge"]
    assert (pledge["version"], pledge["sha256"]) == (1, text_digest(texts.INNER_PLEDGE_TEXT))
    assert [(party["name"], party["signer"], party["state"]) for party in pledge["parties"]] == [
        ("Lãnh đạo Tỉnh đoàn", seeds.STAFF_CHAIR, "signed_on_paper"),
        ("Ban Chấp hành Công đoàn", seeds.UNION_HEAD, "signed_on_paper"),
    ]
    for party in pledge["parties"]:
        assert_is_local_time(party["at"])
        assert party["evidence_sha256"] == hashlib.sha256(SCAN).hexdigest()
    assert "2/2 bên có chữ ký lưu hồ sơ." in demo.summary
    assert "giao ước thi đua có chữ ký của 2/2 bên" in demo.news


def assert_units_have_confirmed(demo: Held, plan: MeetingPlan) -> None:
    """Each unit confirmed the very text that was agreed on, and none is said to have signed."""
    pledge = demo.results["pledge"]
    assert pledge["kind"] == "cluster"
    assert [party["name"] for party in pledge["parties"]] == [unit.name for unit in plan.units]
    assert [party["signer"] for party in pledge["parties"]] == list(seeds.CLUSTER_SIGNERS)
    assert {party["state"] for party in pledge["parties"]} == {"confirmed_in_chat"}
    moments = [party["at"] for party in pledge["parties"]]
    assert moments == sorted(moments)
    [agreed] = [
        version
        for version in demo.results["versions"]
        if version["item"] == demo.item(seeds.PLEDGE_PAPER)["number"] and version["is_decided"]
    ]
    assert pledge["sha256"] == agreed["sha256"]
    assert "Giao ước: 7/7 bên đã xác nhận." in demo.summary
    assert "6/7 bên đã xác nhận; còn thiếu: 01 bên." in demo.transcript
    assert "đại diện 7/7 bên đã xác nhận giao ước thi đua. Bản ký là bản chính thức." in demo.news
    assert "đã ký" not in demo.summary + demo.news


async def test_the_cluster_agrees_on_its_papers_without_a_count(tmp_path: Path) -> None:
    plan = seeds.pledge_signing()
    demo = await held("seed-2", tmp_path / "demo")
    assert_results_fit(demo.results, plan)
    assert_everybody_appears(demo, plan)
    assert demo.results["attendance"]["present"] == 7
    assert demo.results["attendance"]["has_quorum"]

    assert [item["vote"] for item in demo.results["items"]] == [None] * len(plan.items)
    assert [item["counted"] for item in demo.results["items"]] == [False] * len(plan.items)
    decisions = {item["title"]: item["decision"] for item in demo.results["items"]}
    papers = (seeds.PLEDGE_PAPER, seeds.RULES_PAPER, seeds.PLAN_PAPER, seeds.CRITERIA_PAPER)
    assert {decisions[title] for title in papers} == {"adopted_with_additions"}
    assert decisions[seeds.SIGNING] == decisions[seeds.CONCLUSION] == "noted"
    assert "đơn vị được triệu tập: 07; có mặt: 7/7" in demo.summary
    told = demo.summary.partition("## Kết quả")[2]
    assert "Báo cáo, văn bản trình Hội nghị: 04 (thông qua có bổ sung: 04)." in told
    assert told.count("Hội nghị cơ bản nhất trí, bổ sung ") == 4
    assert "bổ sung 03 nội dung (không kiểm đếm)" in told
    assert "%" not in told
    additions = (
        texts.PLEDGE_ADDITION,
        texts.RULES_ADDITION,
        *texts.PLAN_ADDITIONS,
        texts.CRITERIA_ADDITION,
    )
    for addition in additions:
        assert f"\n- {addition}\n" in told
    assert [each for title in papers for each in demo.item(title)["additions"]] == list(additions)
    assert_units_have_confirmed(demo, plan)
    assert f"Kết luận của chủ trì: {seeds.CLUSTER_CHAIR}" in told
    assert texts.CONCLUSION_SPEECH in told
    assert [each["kind"] for each in demo.results["speeches"]] == ["conclusion"]
    [scoring] = demo.results["scores"]
    assert (scoring["criteria"], scoring["scale"], scoring["state"]) == (seeds.CRITERIA_PAPER, "100", "open")
    assert (scoring["units"], scoring["handed_in"], scoring["ranking"]) == (7, 1, [])
    assert "chạm [Nộp phiếu]: “Đã nộp phiếu: 96,5 điểm." in demo.transcript

    body = demo.news.partition("Người duyệt")[0]
    assert "Sáng ngày 07/04/2022, tại Văn phòng Đoàn ĐBQH và HĐND tỉnh" in body
    assert "đại diện 7/7 đơn vị được triệu tập" in body
    assert body.count("Hội nghị cơ bản nhất trí (không kiểm đếm) với ") == 4
    assert f"cơ bản nhất trí (không kiểm đếm) với {seeds.PLAN_PAPER}, đồng thời bổ sung 03 nội dung" in body
    assert "%" not in body

    # Observers and guests tried the trial vote, which was cancelled: nothing of theirs is stored.
    [trial] = demo.votes
    assert trial.vote.state is VoteState.CANCELLED
    assert {elector.name for elector in trial.electors} == {
        attendee.unit for attendee in plan.attendees if attendee.standing is Standing.VOTING
    }
    assert sum(elector.option is not None for elector in trial.electors) == 6
    refused = demo.transcript.count(" không thuộc danh sách biểu quyết của lượt này")
    others = [attendee for attendee in plan.attendees if attendee.standing is not Standing.VOTING]
    assert refused == len(others) - 1  # the secretary, an observer too, has other things to do

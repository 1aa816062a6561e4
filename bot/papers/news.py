"""A draft of the news item about a meeting, from its results alone; always Vietnamese, as the papers are.

It leaves out more than it claims: what was agreed without a count has no number, who said what is not told,
and nothing is said to be signed.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.cards.result import vote_result_text
from bot.wording.numbers import official_count, percent, plain_count, share
from bot.wording.results import counted_of_text, outcome_text
from bot.wording.scoring import ranked_text
from bot.wording.titles import recognition_text
from bot.wording.voice import Voice
from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.opinions import count_opinions
from meeting.speaking import SpeechKind
from meeting.tally import Decision
from meeting.voting import BaseKind, Option
from storage.views import (
    AttendeeView,
    ItemResult,
    ItemView,
    MeetingView,
    NewsView,
    ResultsView,
    SpeechView,
    VoteView,
)

MARK = "DỰ THẢO TIN BÀI – CẦN NGƯỜI DUYỆT"

_NOON, _EVENING = time(12), time(18)
_TOLD_LATER = frozenset({ItemKind.PLEDGE, ItemKind.SPEECH, ItemKind.COMMENDATION})
_LONGEST_TEXT = 1_000
_LEADING_VERB = re.compile(r"^(?:Biểu quyết,? )?(?:thông qua |Thông qua |Biểu quyết )")


@dataclass(frozen=True, slots=True)
class NewsDraft:
    """The item itself, and what whoever approves it has to look at."""

    title: str
    paragraphs: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole as plain text."""
        checks = "\n".join(["Người duyệt kiểm tra trước khi đăng:", *(f"- {each}" for each in self.remarks)])
        return "\n\n".join([MARK, self.title, *self.paragraphs, checks]) + "\n"


def draft_news(view: NewsView) -> NewsDraft:
    """Draft the news item about a meeting that was held and closed.

    Procedural items are left out, as in news they are. Counted results are worded as in the summary.
    """
    meeting = view.results.meeting
    voice = Voice("vi", ZoneInfo(meeting.timezone))
    items = [result for result in view.results.items if not result.item.kind.is_procedural]
    told = [
        _opening(voice, meeting),
        _attendance(voice, view),
        _presiding(view.chairs),
        *_noted(items),
        *_counted(voice, [(result.item, result.vote) for result in items if result.vote is not None]),
        *_uncounted(voice, [result.item for result in items if result.vote is None]),
        _discussed(voice, view.results),
        _heard(voice, view.results),
        *_said(view.results),
        *_rankings(voice, view.results),
        _pledge(voice, view.results),
        *_closing_items(items, _told_apart(view.results)),
        _honoured(voice, view.results),
        _end(voice, meeting),
    ]
    return NewsDraft(meeting.title, tuple(filter(None, told)), tuple(_remarks(voice, view)))


# When, where, who


def _opening(voice: Voice, meeting: MeetingView) -> str:
    begins = meeting.starts_at.astimezone(voice.timezone)
    part = "Sáng" if begins.time() < _NOON else "Chiều" if begins.time() < _EVENING else "Tối"
    return f"{part} ngày {begins:%d/%m/%Y}, tại {meeting.place}, {meeting.host} tổ chức {meeting.title}."


def _attendance(voice: Voice, view: NewsView) -> str:
    results = view.results
    stated = results.attendance if results.statement is None else results.statement.attendance
    if stated.quorum.kind is QuorumKind.UNITS:
        present, summoned, who = stated.units_present, stated.units, "đơn vị được triệu tập"
        who = f"{who}: {'; '.join(view.units)}" if len(view.units) == present else who
        counted = f"đại diện {share(present, summoned, voice.language)} {who}"
    else:
        present, summoned = stated.present, stated.summoned
        reached = f" (đạt {percent(present, summoned, voice.language)})" if summoned else ""
        counted = f"{share(present, summoned, voice.language)} đại biểu được triệu tập{reached}"
    guests = f"khách mời: {_names(view.guests)}; cùng " if view.guests else ""
    return f"Tham dự Hội nghị có {guests}{counted}."


def _presiding(chairs: Sequence[AttendeeView]) -> str:
    return f"Chủ trì Hội nghị: {_names(chairs)}." if chairs else ""


def _names(people: Iterable[AttendeeView]) -> str:
    return "; ".join(", ".join(filter(None, (each.name, each.position))) for each in people)


# What was heard and decided


def _noted(results: Sequence[ItemResult]) -> list[str]:
    noted = [one.item for one in results if one.item.decision is Decision.NOTED]
    heard = [item for item in noted if item.kind is ItemKind.REPORT]
    others = [item for item in noted if item.kind not in _TOLD_LATER | {ItemKind.REPORT}]
    told = [f"Hội nghị đã nghe: {_titles(heard)}."] if heard else []
    return [*told, f"Hội nghị đã tiến hành các nội dung: {_titles(others)}."] if others else told


def _counted(voice: Voice, results: Sequence[tuple[ItemView, VoteView]]) -> list[str]:
    """What was voted on: one sentence for all that had every vote of a base, one for each other run."""
    unanimous: dict[tuple[Decision, int, BaseKind], list[ItemView]] = {}
    others: dict[int, tuple[VoteView, list[ItemView]]] = {}
    for item, vote in results:
        tally, decision = vote.tally, item.decision
        is_adopted = decision in {Decision.ADOPTED, Decision.ADOPTED_WITH_ADDITIONS}
        if tally is not None and decision is not None and is_adopted and tally.is_unanimous:
            yes = tally.count(Option.YES)
            unanimous.setdefault((decision, yes, vote.base_kind), []).append(item)
        else:
            others.setdefault(vote.vote_id, (vote, []))[1].append(item)
    sentences = []
    for (decision, base, base_kind), items in unanimous.items():
        counted = f"{plain_count(base, voice.language)}/{counted_of_text(voice, base, base_kind)}"
        adopted = "thông qua" if decision is Decision.ADOPTED else "thông qua có bổ sung"
        sentences.append(
            f"Hội nghị đã biểu quyết thống nhất 100% ({counted} tán thành) {adopted}: {_subjects(items)}."
        )
        sentences += _added_to(items)
    for vote, items in others.values():
        about = _titles(items) if len(items) == 1 else f"Biểu quyết chung: {_titles(items)}"
        sentences += [f"{about}: {vote_result_text(voice, vote)}", *_added_to(items)]
    return sentences


def _added_to(items: Iterable[ItemView]) -> list[str]:
    """What was added to each item that was adopted with additions."""
    return [
        f"Nội dung bổ sung vào {_subject(item)}: {_added_texts(item)}."
        for item in items
        if item.decision is Decision.ADOPTED_WITH_ADDITIONS and item.additions
    ]


def _added_texts(item: ItemView) -> str:
    return "; ".join(_ended(" ".join(text.split())) for text in item.additions)


def _uncounted(voice: Voice, items: Sequence[ItemView]) -> list[str]:
    """What was decided without a count: never a number of people, never a percentage."""
    agreed = [item for item in items if item.decision is Decision.ADOPTED]
    added = [item for item in items if item.decision is Decision.ADOPTED_WITH_ADDITIONS]
    sentences = [f"Hội nghị nhất trí thông qua (không kiểm đếm): {_subjects(agreed)}."] if agreed else []
    sentences += [
        f"Hội nghị cơ bản nhất trí (không kiểm đếm) với {_subject(item)}, {_additions(voice, item)}."
        for item in added
    ]
    sentences += [
        f"{_title(item)}: {outcome_text(voice, item.decision)}"
        for item in items
        if item.decision in {Decision.REJECTED, Decision.CONSULTED}
    ]
    return sentences


def _additions(voice: Voice, item: ItemView) -> str:
    if not item.additions:
        return "đồng thời có bổ sung nội dung"
    count = official_count(len(item.additions), voice.language)
    return f"đồng thời bổ sung {count} nội dung: {_added_texts(item)}"


def _discussed(voice: Voice, results: ResultsView) -> str:
    """How many spoke: who said what is not told."""
    if not results.spoken:
        return ""
    count = official_count(len(results.spoken), voice.language)
    return f"Tại Hội nghị có {count} lượt đại biểu phát biểu ý kiến."


def _heard(voice: Voice, results: ResultsView) -> str:
    """How many opinions were sent and what became of them; nobody's name."""
    view = results.opinions
    counts = count_opinions([one.opinion for one in view.opinions] if view is not None else [])
    if not counts.heard:
        return ""
    became = [
        f"{what} {official_count(count, voice.language)} ý kiến"
        for what, count in (("tiếp thu", counts.taken_up), ("giải trình, giải đáp", counts.answered))
        if count
    ]
    told = f"Các đại biểu đã gửi {official_count(counts.heard, voice.language)} ý kiến đến Hội nghị"
    return f"{told}; Chủ tọa đã {', '.join(became)}." if became else f"{told}."


def _said(results: ResultsView) -> list[str]:
    """What was recorded of speeches and conclusions, word for word."""
    begun = {
        SpeechKind.DIRECTIVE: "Phát biểu chỉ đạo tại Hội nghị",
        SpeechKind.CONCLUSION: "Kết luận Hội nghị",
    }
    return [
        f"{begun[speech.kind]}, {_speaker(speech)}: “{' '.join(speech.text.split())}”"
        for speech in results.speeches
    ]


def _speaker(speech: SpeechView) -> str:
    return ", ".join(filter(None, (speech.speaker, speech.position)))


def _told_apart(results: ResultsView) -> set[int | None]:
    """The items of which speeches that were recorded tell, the parties of a pledge, or titles."""
    pledge = results.pledge
    pledged = {pledge.item_id} if pledge is not None and pledge.frozen is not None else set()
    honoured = {title.item_id for title in results.titles}
    return {*(speech.item_id for speech in results.speeches), *pledged, *honoured}


def _closing_items(results: Sequence[ItemResult], recorded: Collection[int | None]) -> list[str]:
    """What was heard at the end, but for items that are `recorded` apart."""
    noted = [one.item for one in results if one.item.decision is Decision.NOTED]
    pledges = [item for item in noted if item.kind is ItemKind.PLEDGE and item.item_id not in recorded]
    speeches = [item for item in noted if item.kind is ItemKind.SPEECH and item.item_id not in recorded]
    honours = [item for item in noted if item.kind is ItemKind.COMMENDATION and item.item_id not in recorded]
    told = (
        [f"Hội nghị đã tiến hành nội dung: {_titles(pledges)}. Bản ký là bản chính thức."] if pledges else []
    )
    if speeches:
        told.append(f"Hội nghị đã nghe: {_titles(speeches)}.")
    for item in honours:
        text = " ".join(item.text.split())
        held = f": {_ended(text)}" if text and len(text) <= _LONGEST_TEXT else ""
        told.append(f"Dịp này, Hội nghị đã nghe: {_title(item)}{held}.")
    return told


def _honoured(voice: Voice, results: ResultsView) -> str:
    """Which decisions were announced, and for how many; never a name."""
    if not results.titles:
        return ""
    decisions = "; ".join(recognition_text(voice, title) for title in results.titles)
    return f"Dịp này, Hội nghị đã công bố {decisions}."


def _rankings(voice: Voice, results: ResultsView) -> list[str]:
    """What the meeting decided on how units were scored: nothing of units that have no sheet."""
    told = []
    for each in results.rankings:
        places = [ranked_text(voice, one) for one in each.ranking if one.rank is not None]
        if each.decided_at is not None and places:
            told.append(f"Kết quả chấm điểm, xếp hạng: {'; '.join(places)}.")
    return told


def _pledge(voice: Voice, results: ResultsView) -> str:
    """How many parties have confirmed: never that a pledge is complete which lacks one."""
    pledge = results.pledge
    if pledge is None or pledge.frozen is None:
        return ""
    items = [one.item for one in results.items if one.item.item_id == pledge.item_id]
    where = f"Tại nội dung {_titles(items)}: " if items else ""
    counted = share(len(pledge.confirmed), len(pledge.parties), voice.language)
    if not pledge.is_complete:
        missing = official_count(len(pledge.missing), voice.language)
        return f"{where}đến nay {counted} bên đã xác nhận giao ước thi đua; còn thiếu {missing} bên."
    if pledge.is_signed:
        return f"{where}giao ước thi đua có chữ ký của {counted} bên, theo bản lưu trong hồ sơ."
    return f"{where}đại diện {counted} bên đã xác nhận giao ước thi đua. Bản ký là bản chính thức."


def _end(voice: Voice, meeting: MeetingView) -> str:
    if meeting.closed_at is None or not _is_same_day(voice, meeting.closed_at, meeting.starts_at):
        return ""
    return f"Hội nghị kết thúc lúc {meeting.closed_at.astimezone(voice.timezone):%H:%M} cùng ngày."


def _is_same_day(voice: Voice, one: datetime, other: datetime) -> bool:
    return one.astimezone(voice.timezone).date() == other.astimezone(voice.timezone).date()


def _remarks(voice: Voice, view: NewsView) -> list[str]:
    meeting = view.results.meeting
    speeches = view.results.speeches
    omitted = "thủ tục và ý kiến cụ thể" if speeches else "thủ tục, phát biểu và ý kiến cụ thể"
    remarks = [
        f"Dự thảo chỉ lập từ kết quả đã ghi nhận; {omitted} không có trong bài.",
        "Biên bản và nghị quyết: bản ký là bản chính thức.",
    ]
    if speeches:
        remarks.append(
            "Phần trong ngoặc kép là lời Thư ký ghi: đối chiếu với người phát biểu trước khi đăng."
        )
    if view.chairs or view.guests or speeches:
        remarks.append("Chỉ đăng tên người khi người tổ chức đồng ý; kiểm tra họ tên, chức danh.")
    if meeting.opened_at is not None and not _is_same_day(voice, meeting.opened_at, meeting.starts_at):
        opened = meeting.opened_at.astimezone(voice.timezone)
        remarks.append(
            f"Hồ sơ ghi khai mạc lúc {opened:%H:%M} ngày {opened:%d/%m/%Y}, khác ngày họp đã định: kiểm tra "
            "ngày trong bài."
        )
    return remarks


# Titles in a sentence


def _titles(items: Iterable[ItemView]) -> str:
    return "; ".join(map(_title, items))


def _title(item: ItemView) -> str:
    return _ended(item.title)


def _subjects(items: Iterable[ItemView]) -> str:
    return "; ".join(map(_subject, items))


def _subject(item: ItemView) -> str:
    """A title without the verb that the sentence has already: "Thông qua Nghị quyết" is "Nghị quyết"."""
    subject = _LEADING_VERB.sub("", _ended(item.title))
    return subject[:1].upper() + subject[1:] if subject else _title(item)


def _ended(text: str) -> str:
    return text.rstrip(" .;,:")

"""The news draft: nothing that the results don't say, and no number of what nobody counted."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.news import MARK, draft_news
from meeting.agenda import ItemKind
from meeting.attendance import Quorum, QuorumKind, Statement, StatementKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Standing
from meeting.tally import Decision, Tally, decide_verdict
from meeting.voting import Option, VoteState
from storage.views import AttendeeView, ItemResult, NewsView, ResultsView
from tests.bot.seen import AT, CLOSED, attendance, attendee, item, vote

TITLES = ("Báo cáo tổng kết", "Thông qua Nghị quyết Hội nghị", "Các chỉ tiêu trọng tâm", "Giao ước thi đua")
_NUMBERS = re.compile(r"\d+(?:[.,/:]\d+)*%?")


def results(
    *items: ItemResult,
    chairs: tuple[AttendeeView, ...] = (),
    guests: tuple[AttendeeView, ...] = (),
) -> NewsView:
    stated = Statement(StatementKind.CONFIRMED, attendance(), AT)
    return NewsView(ResultsView(CLOSED, attendance(), stated, items), chairs, guests, ())


def uncounted(decision: Decision, **values: object) -> ItemResult:
    return ItemResult(item(decision=decision, is_counted=False, **values), None)


def counted(
    yes: int, no: int, base: int, *, is_advisory: bool = False, vote_id: int | None = None, **values: object
) -> ItemResult:
    tally = Tally(base, {Option.YES: yes, Option.NO: no})
    has_additions = bool(values.get("additions"))
    verdict = decide_verdict(tally, MAJORITY, is_advisory=is_advisory, has_additions=has_additions)
    run = vote(
        vote_id=values["number"] if vote_id is None else vote_id,
        state=VoteState.ANNOUNCED,
        base=base,
        tally=tally,
        decision=verdict.decision,
        is_advisory=is_advisory,
    )
    return ItemResult(item(decision=verdict.decision, is_counted=True, **values), run)


@st.composite
def outcomes(draw: st.DrawFn) -> ItemResult:
    place = draw(st.integers(1, 60))
    values: dict[str, Any] = {
        "item_id": place,
        "number": place,
        "title": draw(st.sampled_from(TITLES)),
        "kind": draw(st.sampled_from(ItemKind)),
        "text": draw(st.sampled_from(["", "Điều 1."])),
    }
    if draw(st.booleans()):
        base = draw(st.integers(1, 20_000))
        yes = base if draw(st.booleans()) else draw(st.integers(0, base))
        no = draw(st.integers(0, base - yes))
        return counted(yes, no, base, is_advisory=draw(st.booleans()), **values)
    additions = tuple(draw(st.lists(st.sampled_from(["Thêm ý thứ nhất", "Thêm ý thứ hai"]), max_size=3)))
    return uncounted(draw(st.sampled_from(Decision)), additions=additions, **values)


@given(st.lists(outcomes(), max_size=8))
def test_each_number_is_in_the_results_and_none_is_of_what_was_not_counted(items: list[ItemResult]) -> None:
    draft = draft_news(results(*items))
    known = {"2022", "30/12/2021", "46/48", "95,83%", "48", "46", "14:00"}
    for result in items:
        known |= set(_NUMBERS.findall(f"{result.item.title} {result.item.text}"))
        known |= {f"0{len(result.item.additions)}"}
        if result.vote is not None and result.vote.tally is not None:
            tally = result.vote.tally
            for n in (tally.base, tally.not_voted, *(tally.count(option) for option in Option)):
                dotted = f"{n:,}".replace(",", ".")
                known |= {dotted, f"0{n}" if 0 < n < 10 else dotted}
            whole = f"{tally.base:,}".replace(",", ".")
            known |= {f"{tally.count(Option.YES):,}".replace(",", ".") + f"/{whole}", "50%"}
            known |= set(re.findall(r"[\d,]+%", _share(tally)))
    for paragraph in draft.paragraphs:
        assert set(_NUMBERS.findall(paragraph)) <= known, paragraph
        if "không kiểm đếm" in paragraph:
            assert "%" not in paragraph
    is_unanimous = any(
        result.vote is not None and result.vote.tally is not None and result.vote.tally.is_unanimous
        for result in items
        if not result.item.kind.is_procedural
    )
    assert is_unanimous or "100%" not in draft.text


def _share(tally: Tally) -> str:
    """Exactly, rounded half up, and never up to all."""
    yes, base = tally.count(Option.YES), tally.base
    hundredths = (yes * 20_000 + base) // (2 * base)
    if 0 < yes < base:
        hundredths = min(max(hundredths, 1), 9_999)
    whole, rest = divmod(hundredths, 100)
    return f"{whole}%" if hundredths in {0, 10_000} else f"{whole},{rest:02}%"


def test_what_was_adopted_by_a_count_with_additions_lists_them() -> None:
    added = ("Thêm Điều 3.", "Nâng chỉ tiêu\nlên 95%.")
    draft = draft_news(
        results(
            counted(46, 0, 46, title="Thông qua Quy chế", number=1, additions=added),
            counted(45, 1, 46, title="Kế hoạch", number=2, additions=("Thêm mục 4.",)),
        )
    )
    assert (
        "Hội nghị đã biểu quyết thống nhất 100% (46/46 đại biểu có mặt tán thành) "
        "thông qua có bổ sung: Quy chế." in draft.paragraphs
    )
    assert "Nội dung bổ sung vào Quy chế: Thêm Điều 3; Nâng chỉ tiêu lên 95%." in draft.paragraphs
    assert any("Thông qua có bổ sung (quá 50%" in each for each in draft.paragraphs)
    assert "Nội dung bổ sung vào Kế hoạch: Thêm mục 4." in draft.paragraphs


def test_what_was_voted_on_is_told_with_its_count_and_a_defeat_is_not_hidden() -> None:
    draft = draft_news(
        results(
            counted(46, 0, 46, title="Thông qua Nghị quyết Hội nghị", number=1),
            counted(46, 0, 46, title="Các chỉ tiêu trọng tâm năm 2022", number=2),
            counted(45, 1, 46, title="Quy chế chi tiêu nội bộ.", number=3),
            counted(20, 26, 46, title="Quỹ tương trợ", number=4),
            counted(44, 0, 46, vote_id=9, title="Báo cáo thứ nhất", number=6),
            counted(44, 0, 46, vote_id=9, title="Báo cáo thứ hai", number=7),
            counted(40, 6, 46, is_advisory=True, title="Kế hoạch thi đua", number=5),
        )
    )
    text = "\n".join(draft.paragraphs)
    assert (
        "Hội nghị đã biểu quyết thống nhất 100% (46/46 đại biểu có mặt tán thành) thông qua: Nghị quyết Hội "
        "nghị; Các chỉ tiêu trọng tâm năm 2022." in text
    )
    assert "Quy chế chi tiêu nội bộ: 45/46 đại biểu có mặt tán thành (đạt 97,83%)" in text
    assert "Quỹ tương trợ: 20/46 đại biểu có mặt tán thành (đạt 43,48%)" in text
    assert "Không thông qua" in text
    assert "Biểu quyết chung: Báo cáo thứ nhất; Báo cáo thứ hai: 44/46 đại biểu có mặt tán thành" in text
    assert "Kế hoạch thi đua: 40/46 đại biểu có mặt tán thành dự thảo (đạt 86,96%)" in text
    assert "trình người đứng đầu quyết định" in text


def test_agreement_stays_uncounted_and_nothing_is_said_to_be_signed() -> None:
    additions = ("Tham quan học tập", "Sinh hoạt chuyên đề.")
    draft = draft_news(
        results(
            uncounted(Decision.NOTED, title="Báo cáo tổng kết", kind=ItemKind.REPORT),
            uncounted(Decision.NOTED, title="Phát biểu chỉ đạo", kind=ItemKind.SPEECH),
            uncounted(Decision.NOTED, title="Thảo luận", kind=ItemKind.DISCUSSION),
            uncounted(Decision.ADOPTED, title="Thông qua Quy chế hoạt động"),
            uncounted(
                Decision.ADOPTED_WITH_ADDITIONS, title="Thông qua Kế hoạch của Cụm", additions=additions
            ),
            uncounted(Decision.ADOPTED_WITH_ADDITIONS, title="Tiêu chí", additions=()),
            uncounted(Decision.REJECTED, title="Quỹ tương trợ"),
            uncounted(Decision.SKIPPED, title="Trao đổi khác"),
            uncounted(Decision.NOTED, title="Ký kết Giao ước", kind=ItemKind.PLEDGE),
            uncounted(
                Decision.NOTED,
                title="Khen thưởng",
                kind=ItemKind.COMMENDATION,
                text="03 cá nhân.\n06 tập thể.",
            ),
            uncounted(Decision.ADOPTED, title="Thông qua chương trình", kind=ItemKind.PROCEDURE),
        )
    )
    told = list(draft.paragraphs[1:])
    assert told == [
        "Tham dự Hội nghị có 46/48 đại biểu được triệu tập (đạt 95,83%).",
        "Hội nghị đã nghe: Báo cáo tổng kết.",
        "Hội nghị đã tiến hành các nội dung: Thảo luận.",
        "Hội nghị nhất trí thông qua (không kiểm đếm): Quy chế hoạt động.",
        (
            "Hội nghị cơ bản nhất trí (không kiểm đếm) với Kế hoạch của Cụm, đồng thời bổ sung 02 nội dung: "
            "Tham quan học tập; Sinh hoạt chuyên đề."
        ),
        "Hội nghị cơ bản nhất trí (không kiểm đếm) với Tiêu chí, đồng thời có bổ sung nội dung.",
        "Quỹ tương trợ: Hội nghị không nhất trí (không kiểm đếm).",
        "Hội nghị đã tiến hành nội dung: Ký kết Giao ước. Bản ký là bản chính thức.",
        "Hội nghị đã nghe: Phát biểu chỉ đạo.",
        "Dịp này, Hội nghị đã nghe: Khen thưởng: 03 cá nhân. 06 tập thể.",
        "Hội nghị kết thúc lúc 14:00 cùng ngày.",
    ]
    assert "đã ký" not in draft.text
    assert draft.text.startswith(
        f"{MARK}\n\n{CLOSED.title}\n\nChiều ngày 30/12/2021, tại Hội trường Tỉnh đoàn"
    )


@pytest.mark.parametrize(
    ("hours", "part"), [(-7, "Sáng"), (-3, "Sáng"), (-2, "Chiều"), (3, "Chiều"), (4, "Tối")]
)
def test_the_part_of_the_day_is_that_of_the_place(hours: int, part: str) -> None:
    view = results()
    meeting = replace(CLOSED, starts_at=AT + timedelta(hours=hours))
    draft = draft_news(replace(view, results=replace(view.results, meeting=meeting)))
    assert draft.paragraphs[0].startswith(f"{part} ngày 30/12/2021, ")


def test_only_those_who_were_there_are_named_and_whoever_approves_is_reminded() -> None:
    chair = attendee(name="Lâm Quốc Khải", position="Bí thư Tỉnh đoàn")
    guest = attendee(name="Đặng Ngọc Quý", position="Chủ tịch Công đoàn", standing=Standing.GUEST)
    draft = draft_news(results(chairs=(chair,), guests=(guest,)))
    assert draft.paragraphs[1:3] == (
        (
            "Tham dự Hội nghị có khách mời: Đặng Ngọc Quý, Chủ tịch Công đoàn; cùng 46/48 đại biểu được "
            "triệu tập (đạt 95,83%)."
        ),
        "Chủ trì Hội nghị: Lâm Quốc Khải, Bí thư Tỉnh đoàn.",
    )
    assert any("người tổ chức đồng ý" in remark for remark in draft.remarks)
    assert not any("người tổ chức đồng ý" in remark for remark in draft_news(results()).remarks)


def test_units_are_named_where_they_are_all_known() -> None:
    stated = Statement(
        StatementKind.CONFIRMED,
        attendance(units=7, units_present=2, quorum=Quorum(QuorumKind.UNITS, TWO_THIRDS)),
        AT,
    )
    view = replace(results().results, statement=stated)
    both = draft_news(NewsView(view, (), (), ("Sở Nội vụ", "Đài Phát thanh")))
    assert both.paragraphs[1] == (
        "Tham dự Hội nghị có đại diện 2/7 đơn vị được triệu tập: Sở Nội vụ; Đài Phát thanh."
    )
    later = draft_news(NewsView(view, (), (), ("Sở Nội vụ", "Đài Phát thanh", "Sở Y tế")))
    assert later.paragraphs[1] == "Tham dự Hội nghị có đại diện 2/7 đơn vị được triệu tập."


def test_a_meeting_opened_on_another_day_is_pointed_out() -> None:
    view = results()
    meeting = replace(CLOSED, opened_at=AT + timedelta(days=1), closed_at=AT + timedelta(days=1, hours=2))
    draft = draft_news(replace(view, results=replace(view.results, meeting=meeting)))
    assert not any("kết thúc" in paragraph for paragraph in draft.paragraphs)
    assert any("khai mạc lúc 14:00 ngày 31/12/2021" in remark for remark in draft.remarks)

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.numbers import official_count, percent, plain_count, share
from bot.wording.results import (
    attendance_text,
    cancelled_text,
    counts_text,
    needed_text,
    option_caption,
    outcome_text,
    result_text,
    rules_text,
    statement_text,
)
from bot.wording.voice import Address, Voice
from meeting.attendance import Attendance, Quorum, QuorumKind
from meeting.counting import MAJORITY, TWO_THIRDS, Threshold
from meeting.regimes import Template, default_rules
from meeting.tally import Decision, Tally, decide_verdict
from meeting.voting import STANDARD_OPTIONS, BaseKind, Option

VI, EN = Voice(), Voice("en")
ONE_QUARTER = Threshold(1, 4, is_strict=False)


def result(
    *,
    yes: int,
    base: int,
    no: int = 0,
    other: int = 0,
    voice: Voice = VI,
    threshold: Threshold = MAJORITY,
    base_kind: BaseKind = BaseKind.ATTENDEES,
    is_advisory: bool = False,
    has_additions: bool = False,
) -> str:
    tally = Tally(base, {Option.YES: yes, Option.NO: no, Option.OTHER: other})
    verdict = decide_verdict(tally, threshold, is_advisory=is_advisory, has_additions=has_additions)
    return result_text(voice, tally, verdict, threshold, base_kind)


class TestCountedResults:
    def test_a_majority_is_adopted_with_its_count_base_and_threshold(self) -> None:
        assert result(yes=48, no=1, base=50) == (
            "48/50 đại biểu có mặt tán thành (đạt 96,00%); không tán thành: 01; ý kiến khác: 0; "
            "không biểu quyết: 01. Thông qua (quá 50% số đại biểu dự hội nghị)."
        )
        assert result(yes=48, no=1, base=50, voice=EN) == (
            "48/50 delegates present in favour (96.00%); not in favour: 1; other opinion: 0; not voted: 1. "
            "Adopted (more than 50% of the delegates attending)."
        )

    def test_all_of_the_base_are_unanimous(self) -> None:
        assert result(yes=7, base=7, base_kind=BaseKind.UNITS) == (
            "7/7 đơn vị tán thành (đạt 100%); không tán thành: 0; ý kiến khác: 0; không biểu quyết: 0. "
            "Thông qua, thống nhất 100% số đơn vị dự hội nghị."
        )

    def test_one_who_did_not_vote_makes_it_less_than_unanimous(self) -> None:
        text = result(yes=45, base=46)
        assert "45/46 đại biểu có mặt tán thành (đạt 97,83%)" in text
        assert "không biểu quyết: 01" in text
        assert "100%" not in text

    def test_rounding_never_makes_a_hundred(self) -> None:
        text = result(yes=19_999, no=1, base=20_000)
        assert text.startswith("19.999/20.000 đại biểu có mặt tán thành (đạt 99,99%)")
        assert "100%" not in text

    def test_exactly_half_is_not_adopted(self) -> None:
        text = result(yes=20, no=20, base=40)
        assert "20/40 đại biểu có mặt tán thành (đạt 50,00%)" in text
        assert text.endswith("Không thông qua (cần quá 50% số đại biểu dự hội nghị tán thành).")

    def test_those_who_did_not_vote_stay_in_the_base(self) -> None:
        text = result(yes=15, base=30)
        assert "15/30" in text
        assert "không biểu quyết: 15" in text
        assert "Không thông qua" in text

    def test_an_advisory_vote_is_collected_for_the_head_and_decides_nothing(self) -> None:
        text = result(yes=40, no=2, other=3, base=46, is_advisory=True)
        assert text == (
            "40/46 đại biểu có mặt tán thành dự thảo (đạt 86,96%); không tán thành: 02; ý kiến khác: 03; "
            "không biểu quyết: 01. Hội nghị đã tham gia ý kiến. Ý kiến được tổng hợp, trình người đứng đầu "
            "quyết định."
        )
        assert "hông qua" not in text

    def test_a_text_with_additions_is_adopted_as_such(self) -> None:
        text = result(yes=41, no=5, base=46, has_additions=True)
        assert text.endswith("Thông qua có bổ sung (quá 50% số đại biểu dự hội nghị).")
        unanimous = result(yes=46, base=46, has_additions=True)
        assert unanimous.endswith("Thông qua có bổ sung, thống nhất 100% số đại biểu dự hội nghị.")

    def test_a_threshold_that_may_be_reached_exactly_is_worded_so(self) -> None:
        text = result(yes=6, no=3, base=9, threshold=TWO_THIRDS, base_kind=BaseKind.SUMMONED)
        assert "6/9 đại biểu được triệu tập tán thành (đạt 66,67%)" in text
        assert text.endswith("Thông qua (từ 2/3 số đại biểu được triệu tập trở lên).")

    def test_units_of_all_that_were_summoned_are_named_so(self) -> None:
        text = result(yes=4, no=2, base=7, base_kind=BaseKind.ALL_UNITS)
        assert "4/7 đơn vị được triệu tập tán thành (đạt 57,14%)" in text
        assert text.endswith("Thông qua (quá 50% tổng số đơn vị được triệu tập).")

    def test_abstention_is_named_where_it_was_an_option(self) -> None:
        tally = Tally(10, {Option.YES: 8, Option.ABSTAIN: 2})
        text = counts_text(VI, tally, BaseKind.ATTENDEES, (*STANDARD_OPTIONS, Option.ABSTAIN))
        assert text.endswith("ý kiến khác: 0; không có ý kiến: 02; không biểu quyết: 0.")

    def test_an_empty_base_has_no_percentage(self) -> None:
        assert "%" not in counts_text(VI, Tally(0), BaseKind.ATTENDEES)

    @given(
        yes=st.integers(0, 400),
        rest=st.integers(0, 400),
        threshold=st.sampled_from([MAJORITY, TWO_THIRDS, ONE_QUARTER]),
    )
    def test_unanimous_words_stand_only_where_all_were_in_favour(
        self, yes: int, rest: int, threshold: Threshold
    ) -> None:
        text = result(yes=yes, base=yes + rest + 1 if yes == 0 else yes + rest, threshold=threshold)
        assert ("thống nhất" in text) == (rest == 0 and yes > 0)
        assert ("100%" in text) == (rest == 0 and yes > 0)

    def test_the_caption_of_a_bar_says_count_and_share(self) -> None:
        tally = Tally(41, {Option.YES: 40, Option.NO: 1})
        assert option_caption(VI, Option.YES, tally) == "Tán thành: 40 (97,56%)"
        assert option_caption(VI, Option.NO, tally) == "Không tán thành: 01 (2,44%)"
        assert option_caption(VI, Option.OTHER, tally) == "Ý kiến khác: 0 (0%)"
        assert option_caption(EN, Option.NO, Tally(0)) == "Not in favour: 0"


class TestUncountedOutcomes:
    def test_they_are_never_given_a_number_that_was_not_counted(self) -> None:
        assert outcome_text(VI, Decision.ADOPTED) == "Hội nghị nhất trí thông qua (không kiểm đếm)."
        assert outcome_text(VI, Decision.ADOPTED_WITH_ADDITIONS, 3) == (
            "Hội nghị cơ bản nhất trí, bổ sung 03 nội dung (không kiểm đếm)."
        )
        assert outcome_text(VI, Decision.ADOPTED_WITH_ADDITIONS) == (
            "Hội nghị cơ bản nhất trí, có bổ sung nội dung (không kiểm đếm)."
        )

    @pytest.mark.parametrize("decision", Decision)
    @pytest.mark.parametrize("voice", [VI, EN], ids=["vi", "en"])
    def test_none_has_a_percentage(self, decision: Decision, voice: Voice) -> None:
        text = outcome_text(voice, decision, 12)
        assert text.endswith(".")
        assert "%" not in text

    def test_an_advisory_one_goes_to_the_head(self) -> None:
        assert outcome_text(VI, Decision.CONSULTED).endswith("trình người đứng đầu quyết định.")

    def test_a_cancelled_run_publishes_its_reason_and_no_result(self) -> None:
        assert cancelled_text(VI, 5, "nhầm văn bản.") == (
            "Lượt biểu quyết 5 đã hủy: nhầm văn bản. Không tính kết quả."
        )


def attendance(
    *,
    present: int,
    summoned: int = 48,
    headcount: int | None = None,
    excused: int = 0,
    units: int = 0,
    units_present: int = 0,
    kind: QuorumKind = QuorumKind.HEADCOUNT,
) -> Attendance:
    return Attendance(
        headcount=summoned if headcount is None else headcount,
        summoned=summoned,
        present=present,
        excused=excused,
        guests=2,
        units=units,
        units_present=units_present,
        quorum=Quorum(kind, TWO_THIRDS),
    )


class TestAttendance:
    def test_it_is_told_as_the_secretary_reads_it_out(self) -> None:
        assert attendance_text(VI, attendance(present=46)) == (
            "Triệu tập 48; có mặt 46 (đạt 95,83%); vắng 02. Đủ điều kiện tiến hành."
        )
        assert attendance_text(EN, attendance(present=46)) == (
            "Summoned: 48; present: 46 (95.83%); absent: 2. The meeting has its quorum."
        )

    def test_a_staff_larger_than_the_summoned_is_the_base_and_is_named(self) -> None:
        assert attendance_text(VI, attendance(present=41, summoned=55, headcount=61)) == (
            "Tổng số 61. Triệu tập 55; có mặt 41 (đạt 67,21% tổng số); vắng 14. Đủ điều kiện tiến hành."
        )

    def test_without_quorum_it_says_how_many_are_missing(self) -> None:
        assert attendance_text(VI, attendance(present=40, summoned=61, kind=QuorumKind.SUMMONED)) == (
            "Triệu tập 61; có mặt 40 (đạt 65,57%); vắng 21. Chưa đủ điều kiện tiến hành: còn thiếu 01 "
            "(cần từ 2/3 số đại biểu được triệu tập trở lên)."
        )

    def test_units_are_counted_as_units(self) -> None:
        counted = attendance(present=5, summoned=7, units=7, units_present=5, kind=QuorumKind.UNITS)
        assert attendance_text(VI, counted) == (
            "Triệu tập 07 đơn vị; có mặt 05 (đạt 71,43%); vắng 02. Đủ điều kiện tiến hành."
        )

    def test_nobody_summoned_yet_is_no_share_of_anything(self) -> None:
        text = attendance_text(VI, attendance(present=0, summoned=0))
        assert text == "Triệu tập 0; có mặt 0; vắng 0. Chưa triệu tập đại biểu nào."
        assert "%" not in text

    def test_the_statement_names_the_source_of_the_quorum(self) -> None:
        rules = default_rules(Template.CBCCVC, date(2024, 1, 5))
        assert statement_text(VI, attendance(present=41, summoned=61, excused=12), rules) == (
            "Tổng số cán bộ, công chức, viên chức, người lao động: 61 người; triệu tập: 61; "
            "có mặt: 41/61 (đạt 67,21%); vắng: 20 (có lý do: 12). "
            "Căn cứ điểm c khoản 2 Điều 51 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15, "
            "Hội nghị đủ điều kiện tiến hành."
        )

    def test_a_whole_staff_that_nobody_gave_is_not_claimed(self) -> None:
        rules = default_rules(Template.THUONG, date(2026, 12, 30))
        counted = attendance(present=41, summoned=61, kind=QuorumKind.SUMMONED)
        assert statement_text(VI, counted, rules).startswith(
            "Tổng số đại biểu được triệu tập: 61; có mặt: 41/61 (đạt 67,21%); vắng: 20 (có lý do: 0)."
        )

    def test_a_source_that_is_unverified_is_marked(self) -> None:
        rules = default_rules(Template.GIAO_UOC, date(2022, 4, 7))
        counted = attendance(present=4, summoned=7, units=7, units_present=4, kind=QuorumKind.UNITS)
        assert statement_text(VI, counted, rules) == (
            "Tổng số đơn vị được triệu tập: 07; có mặt: 4/7 (đạt 57,14%); vắng: 03. "
            "Căn cứ Quy chế hoạt động của Cụm (cần kiểm tra lại căn cứ), "
            "Hội nghị chưa đủ điều kiện tiến hành."
        )
        assert rules_text(VI, rules) == (
            "Điều kiện tiến hành: từ 2/3 tổng số đơn vị được triệu tập trở lên. "
            "Thông qua khi: quá 50% số đơn vị dự hội nghị tán thành. "
            "Căn cứ: Quy chế hoạt động của Cụm (cần kiểm tra lại căn cứ)."
        )


class TestNumbers:
    @pytest.mark.parametrize(
        ("count", "base", "text"),
        [
            (443, 455, "97,36%"),
            (443, 498, "88,96%"),
            (440, 447, "98,43%"),
            (41, 61, "67,21%"),
            (40, 61, "65,57%"),
            (20, 40, "50,00%"),
            (21, 41, "51,22%"),
            (40, 41, "97,56%"),
            (1, 41, "2,44%"),
            (6, 7, "85,71%"),
            (5, 7, "71,43%"),
            (4, 7, "57,14%"),
            (3, 7, "42,86%"),
            (7, 7, "100%"),
            (0, 7, "0%"),
            (1, 3, "33,33%"),
            (19_999, 20_000, "99,99%"),
            (1, 100_000, "0,01%"),
        ],
    )
    def test_shares_are_shown_as_in_official_prose(self, count: int, base: int, text: str) -> None:
        assert percent(count, base, "vi") == text
        assert percent(count, base, "en") == text.replace(",", ".")

    @given(base=st.integers(1, 100_000), data=st.data())
    def test_a_hundred_is_shown_for_all_and_nought_for_none_only(
        self, base: int, data: st.DataObject
    ) -> None:
        count = data.draw(st.integers(0, base))
        assert (percent(count, base, "vi") == "100%") == (count == base)
        assert (percent(count, base, "vi") == "0%") == (count == 0)

    def test_small_counts_have_a_leading_zero_in_vietnamese_prose(self) -> None:
        assert [official_count(n, "vi") for n in (0, 1, 9, 10, 18, 1_250)] == [
            "0",
            "01",
            "09",
            "10",
            "18",
            "1.250",
        ]
        assert [official_count(n, "en") for n in (0, 1, 1_250)] == ["0", "1", "1,250"]

    def test_a_count_over_its_base_is_never_padded(self) -> None:
        assert share(7, 7, "vi") == "7/7"
        assert plain_count(7, "vi") == "7"
        assert share(1_204, 1_250, "vi") == "1.204/1.250"
        assert share(1_204, 1_250, "en") == "1,204/1,250"

    def test_thresholds_say_whether_the_share_itself_is_enough(self) -> None:
        assert needed_text(VI, MAJORITY, "số phiếu") == "quá 50% số phiếu"
        assert needed_text(VI, TWO_THIRDS, "số phiếu") == "từ 2/3 số phiếu trở lên"
        assert needed_text(VI, Threshold(2, 3, is_strict=True), "số phiếu") == "quá 2/3 số phiếu"
        assert needed_text(VI, Threshold(9, 10, is_strict=False), "số phiếu") == "từ 90% số phiếu trở lên"
        assert needed_text(EN, TWO_THIRDS, "the votes") == "at least 2/3 of the votes"


def test_ballots_are_impersonal_so_that_results_do_not_depend_on_the_form_of_address() -> None:
    assert result(yes=30, base=46, voice=Voice(address=Address.ANH_CHI)) == result(yes=30, base=46)

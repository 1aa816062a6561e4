from dataclasses import replace

import pytest

from bot.actions import AddOpinion, CastVote, ShowAgenda, ShowText
from bot.cards.ballot import ballot_card
from bot.cards.result import result_card
from bot.platforms.base import Bar, Card
from bot.wording.voice import Address, Voice
from meeting.people import Source
from meeting.tally import Decision, Tally
from meeting.voting import BaseKind, Method, Option, VoteState
from storage.views import BallotView
from tests.bot import seen

VI = Voice()
STANDARD = [["Tán thành", "Không tán thành"], ["Ý kiến khác", "Văn bản"]]


def shown(view: BallotView) -> Card:
    return ballot_card(VI, view)


def test_a_ballot_says_what_is_voted_on_who_sees_it_and_what_it_is_a_share_of() -> None:
    card = shown(seen.ballot())
    assert seen.texts(card) == [
        "Biểu quyết 5",
        "Quy chế chi tiêu nội bộ, bản 2",
        "Điều 1. Phạm vi.",
        "Công khai; Thư ký xem được lựa chọn. Kết quả tính trên 46 đại biểu có mặt.",
        "Chưa biểu quyết.",
        "Được đổi trước khi kết thúc.",
    ]
    assert seen.labels(card) == STANDARD


def test_the_options_stand_in_the_order_of_the_question_and_none_is_marked_beforehand() -> None:
    buttons = seen.buttons(shown(seen.ballot()))
    assert [one.action for one in buttons.values()] == [
        *(CastVote(31, option) for option in (Option.YES, Option.NO, Option.OTHER)),
        ShowText(5, 2, 0),
    ]
    assert not any(one.is_chosen for one in buttons.values())


@pytest.mark.parametrize("own", [Option.YES, Option.NO])
def test_the_own_choice_is_marked_and_said_in_words(own: Option) -> None:
    card = shown(seen.ballot(own=own))
    words = {Option.YES: "Tán thành", Option.NO: "Không tán thành"}[own]
    assert f"Đã ghi nhận: {words}." in seen.texts(card)
    assert [label for label, one in seen.buttons(card).items() if one.is_chosen] == [words]
    assert seen.labels(card) == STANDARD


def test_another_opinion_counts_and_its_text_may_follow() -> None:
    card = shown(seen.ballot(own=Option.OTHER))
    assert "Lựa chọn đã được tính; đề nghị ghi nội dung ý kiến." in seen.texts(card)
    assert seen.labels(card)[1:] == [["Ý kiến khác", "Ghi nội dung ý kiến"], ["Văn bản"]]
    assert seen.buttons(card)["Ghi nội dung ý kiến"].action == AddOpinion(31)
    written = shown(seen.ballot(own=Option.OTHER, own_opinion="Giảm mức chi"))
    assert "Nội dung ý kiến: Giảm mức chi" in seen.texts(written)
    assert "Sửa nội dung ý kiến" in seen.buttons(written)


def test_abstention_is_an_option_where_the_vote_has_it() -> None:
    card = shown(seen.ballot(seen.vote(options=tuple(Option)), own=Option.OTHER))
    assert seen.labels(card) == [
        ["Tán thành", "Không tán thành"],
        ["Ý kiến khác", "Không có ý kiến"],
        ["Ghi nội dung ý kiến", "Văn bản"],
    ]


def test_what_was_added_stands_on_the_ballot_and_a_first_text_needs_no_button() -> None:
    added = shown(seen.ballot(seen.vote(items=(seen.voted(additions=("Thêm Điều 2.",)),))))
    assert seen.texts(added)[2:5] == ["Điều 1. Phạm vi.", "Nội dung bổ sung:", "– Thêm Điều 2."]
    first = seen.voted(text_version=1)
    choices = [["Tán thành"], ["Không tán thành"], ["Ý kiến khác"]]
    assert seen.labels(shown(seen.ballot(seen.vote(items=(first,))))) == choices
    long = seen.voted(text_version=1, text="Điều 1. " * 400)
    assert seen.labels(shown(seen.ballot(seen.vote(items=(long,))))) == STANDARD
    joint = shown(seen.ballot(seen.vote(items=(first, seen.voted(item_id=6)))))
    assert seen.buttons(joint)["Các văn bản"].action == ShowAgenda(7, 0)


def test_an_entry_by_the_secretary_is_named_as_such() -> None:
    card = shown(seen.ballot(own=Option.YES, own_source=Source.SECRETARY))
    assert "Thư ký đã nhập: Tán thành." in seen.texts(card)


def test_a_deadline_is_told_as_a_time() -> None:
    assert "Được đổi trước 14:00." in seen.texts(shown(seen.ballot(seen.vote(deadline_at=seen.AT))))


def test_a_unit_votes_by_its_representative() -> None:
    vote = seen.vote(base_kind=BaseKind.UNITS, base=7, electors=7)
    card = shown(seen.ballot(vote, unit="Sở Nội vụ"))
    assert "Biểu quyết thay mặt đơn vị: Sở Nội vụ." in seen.texts(card)
    assert "Kết quả tính trên 7 đơn vị." in seen.whole(card)


def test_an_advisory_vote_is_called_so_in_its_very_name() -> None:
    card = shown(seen.ballot(seen.vote(is_advisory=True)))
    assert seen.texts(card)[0] == "Lấy ý kiến 5"
    assert "Hội nghị tham gia ý kiến; người đứng đầu quyết định." in seen.texts(card)


def test_a_repeat_says_which_run_it_is() -> None:
    assert seen.texts(shown(seen.ballot(seen.vote(run=2))))[0] == "Biểu quyết 5 (lượt 2)"


def test_a_joint_vote_lists_its_items() -> None:
    other = seen.voted(item_id=6, number=6, title="Kế hoạch thi đua", text="", text_version=1)
    card = shown(seen.ballot(seen.vote(items=(seen.voted(), other))))
    assert seen.texts(card)[1:4] == [
        "Biểu quyết chung 02 nội dung:",
        "– Quy chế chi tiêu nội bộ, bản 2",
        "– Kế hoạch thi đua",
    ]


@pytest.mark.parametrize("own", [None, Option.YES])
@pytest.mark.parametrize(
    "state", [VoteState.DRAFT, VoteState.PAUSED, VoteState.CLOSED, VoteState.ANNOUNCED, VoteState.CANCELLED]
)
def test_what_cannot_be_cast_now_has_no_buttons(state: VoteState, own: Option | None) -> None:
    assert shown(seen.ballot(seen.vote(state=state), own=own)).choices == ()


def test_nobody_else_gets_more_than_the_text() -> None:
    assert seen.labels(shown(seen.ballot(is_elector=False))) == [["Văn bản"]]
    assert "Đồng chí không thuộc danh sách biểu quyết của lượt này." in seen.texts(
        shown(seen.ballot(is_elector=False))
    )
    assert seen.labels(shown(seen.ballot(seen.HANDS))) == [["Văn bản"]]


@pytest.mark.parametrize("state", [state for state in VoteState if state is not VoteState.ANNOUNCED])
def test_nothing_is_counted_before_the_announcement(state: VoteState) -> None:
    """Not even where the view, wrongly, held a count."""
    vote = seen.vote(state=state, tally=seen.TALLY, decision=Decision.ADOPTED, turnout=41)
    card = shown(seen.ballot(vote, own=Option.YES))
    assert "%" not in seen.whole(card)
    assert "41" not in seen.whole(card)
    assert not any(isinstance(line, Bar) for line in card.lines)


def test_after_the_announcement_the_result_stands_with_a_bar_for_each_option() -> None:
    card = shown(seen.ballot(seen.ANNOUNCED, own=Option.NO))
    assert seen.texts(card) == [
        "Kết quả biểu quyết 5",
        "Quy chế chi tiêu nội bộ, bản 2",
        (
            "40/46 đại biểu có mặt tán thành (đạt 86,96%); không tán thành: 02; ý kiến khác: 03; "
            "không biểu quyết: 01. Thông qua (quá 50% số đại biểu dự hội nghị)."
        ),
        "Tán thành: 40 (86,96%)",
        "Không tán thành: 02 (4,35%)",
        "Ý kiến khác: 03 (6,52%)",
        "Không biểu quyết: 01 (2,17%)",
        "Đã ghi nhận: Không tán thành.",
    ]
    bars = [line for line in card.lines if isinstance(line, Bar)]
    assert [(bar.count, bar.base) for bar in bars] == [(40, 46), (2, 46), (3, 46), (1, 46)]


def test_the_result_lists_what_was_added_to_each_item() -> None:
    items = (seen.voted(additions=("Thêm Điều 2.", "Bỏ phụ lục.")), seen.voted(item_id=6, title="Kế hoạch"))
    vote = replace(seen.ANNOUNCED, items=items, decision=Decision.ADOPTED_WITH_ADDITIONS)
    texts = seen.texts(result_card(VI, seen.meeting(), vote))
    assert texts[2:7] == [
        "Quy chế chi tiêu nội bộ, bản 2",
        "Nội dung bổ sung:",
        "– Thêm Điều 2.",
        "– Bỏ phụ lục.",
        "Kế hoạch, bản 2",
    ]
    assert texts[7].endswith("Thông qua có bổ sung (quá 50% số đại biểu dự hội nghị).")
    rejected = replace(vote, decision=Decision.REJECTED)
    assert "Thêm Điều 2." not in seen.whole(result_card(VI, seen.meeting(), rejected))


def test_a_cancelled_run_shows_its_reason_and_no_count() -> None:
    assert seen.texts(shown(seen.ballot(seen.CANCELLED)))[-1] == (
        "Lượt biểu quyết 5 đã hủy: nhầm văn bản. Không tính kết quả."
    )
    split = replace(seen.CANCELLED, cancel_reason="split")
    assert "tách thành từng nội dung" in seen.whole(shown(seen.ballot(split)))


def test_a_unanimous_result_is_one_by_count() -> None:
    tally = Tally(7, {Option.YES: 7})
    vote = replace(seen.ANNOUNCED, base_kind=BaseKind.UNITS, base=7, tally=tally)
    text = seen.whole(result_card(VI, seen.meeting(), vote))
    assert "7/7 đơn vị tán thành (đạt 100%)" in text
    assert "Thông qua, thống nhất 100% số đơn vị dự hội nghị." in text


def test_a_result_by_hands_is_told_like_any_other() -> None:
    card = result_card(VI, seen.meeting(), replace(seen.ANNOUNCED, method=Method.HANDS))
    assert seen.texts(card) == seen.texts(result_card(VI, seen.meeting(), seen.ANNOUNCED))


def test_the_form_of_address_changes_no_ballot() -> None:
    other = ballot_card(Voice(address=Address.ANH_CHI), seen.ballot())
    assert other == shown(seen.ballot())

from dataclasses import replace
from typing import Any

import pytest

from bot.actions import (
    AdmitElector,
    CastFor,
    CheckInFor,
    CloseMeeting,
    ConfirmPlan,
    GetSlips,
    GoToItem,
    InviteRole,
    JoinVote,
    MarkExcused,
    MarkLeft,
    RenameItem,
    RenewSharedLink,
    ShowAgenda,
    ShowClaims,
    ShowElector,
    ShowItem,
    ShowRoll,
    ShowText,
    SkipItem,
)
from bot.cards.agenda import agenda_card, item_card, joint_card
from bot.cards.help import help_card
from bot.cards.invitations import Way, invitations_card, role_card
from bot.cards.roll import attendee_card, elector_card, latecomers_card, roll_card, vote_roll_card
from bot.cards.setup import plan_card, problems_card, question_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from meeting.agenda import ItemKind
from meeting.people import Presence, Reply, Role, Source
from meeting.tally import Decision
from meeting.voting import Option, VoteState
from storage.views import AgendaView, RollView, VoteRollView
from tests.bot import seen
from tests.bot.test_cards import PLAN

VI = Voice()
CHAIR = frozenset({Role.CHAIR})
WAY = Way("Trần Văn Lịch", "Văn phòng", "K7QF-2M9X", (("Web", "http://192.168.1.20/i/abc"),))
SHARED = Way("", "", "2222-3333", (("Web", "http://192.168.1.20/j/abc"),))


def actions(card: Card) -> list[object]:
    return [one.action for one in seen.buttons(card).values()]


def agenda(count: int) -> AgendaView:
    items = [seen.item(item_id=n, number=n, title=f"Báo cáo {n}") for n in range(1, count + 1)]
    return AgendaView(seen.meeting(), tuple(items))


class TestAgenda:
    def test_those_without_a_role_read_it(self) -> None:
        card = agenda_card(VI, agenda(3), 0, roles=())
        assert seen.texts(card)[1:] == ["1. Báo cáo 1", "2. Báo cáo 2", "3. Báo cáo 3"]
        buttons = seen.buttons(card)
        assert list(buttons) == ["1. Báo cáo 1", "2. Báo cáo 2", "3. Báo cáo 3", "‹ Về hội nghị"]
        assert buttons["2. Báo cáo 2"].action == ShowText(2, 0, 0)

    def test_what_has_no_text_has_no_button_for_them(self) -> None:
        bare = AgendaView(seen.meeting(), (seen.item(text=""),))
        assert list(seen.buttons(agenda_card(VI, bare, 0, roles=()))) == ["‹ Về hội nghị"]

    def test_what_is_on_and_what_was_decided_are_marked(self) -> None:
        items = (seen.item(item_id=1, number=1, decision=Decision.SKIPPED), seen.item(item_id=5, number=2))
        card = agenda_card(VI, AgendaView(seen.meeting(), items), 0, roles=())
        assert seen.texts(card)[1:] == [
            "1. Quy chế chi tiêu nội bộ: Không xem xét",
            "▸ 2. Quy chế chi tiêu nội bộ (đang xem xét)",
        ]

    def test_it_is_shown_a_page_at_a_time_with_a_way_to_each_neighbour(self) -> None:
        middle = agenda_card(VI, agenda(20), 1, roles=CHAIR)
        assert ShowAgenda(7, 0) in actions(middle)
        assert ShowAgenda(7, 2) in actions(middle)
        assert "9. Báo cáo 9" in seen.texts(middle)
        last = agenda_card(VI, agenda(20), 2, roles=CHAIR)
        assert agenda_card(VI, agenda(20), 99, roles=CHAIR) == last
        assert ShowAgenda(7, 1) in actions(last)
        assert "Trang 2" in "".join(seen.buttons(last))

    def test_the_chair_can_close_early_from_here(self) -> None:
        assert CloseMeeting(7, 0) in actions(agenda_card(VI, agenda(3), 0, roles=CHAIR))
        assert ShowItem(1) in actions(agenda_card(VI, agenda(3), 0, roles=CHAIR))

    def test_an_item_that_is_decided_is_neither_renamed_nor_left_out(self) -> None:
        open_item = item_card(VI, seen.meeting(), seen.item(item_id=9), roles=CHAIR)
        assert {GoToItem(9), RenameItem(9), SkipItem(9)} <= set(actions(open_item))
        decided = item_card(VI, seen.meeting(), seen.item(item_id=9, decision=Decision.ADOPTED), roles=CHAIR)
        assert not {RenameItem(9), SkipItem(9)} & set(actions(decided))
        assert "Hội nghị nhất trí thông qua (không kiểm đếm)." in seen.texts(decided)

    def test_only_items_that_decide_alike_can_be_joined(self) -> None:
        items = (
            seen.item(),
            seen.item(item_id=6, number=6, title="Kế hoạch"),
            seen.item(item_id=7, number=7, title="Góp ý", is_advisory=True),
            seen.item(item_id=8, number=8, title="Phát biểu", kind=ItemKind.SPEECH),
            seen.item(item_id=9, number=9, title="Đã xong", decision=Decision.ADOPTED),
        )
        card = joint_card(VI, AgendaView(seen.meeting(), items), seen.DRAFTED)
        assert actions(card)[:-1] == [JoinVote(31, 5), JoinVote(31, 6)]
        assert [label for label, one in seen.buttons(card).items() if one.is_chosen] == [
            "5. Quy chế chi tiêu nội bộ"
        ]


class TestRoll:
    def test_attendees_are_listed_with_where_they_are(self) -> None:
        people = (
            seen.PRESENT,
            seen.attendee(attendee_id=13, number=13, name="An", reply=Reply.ABSENT, unit=None),
            seen.attendee(attendee_id=14, number=14, name="Bình", unit=None),
        )
        card = roll_card(VI, RollView(seen.meeting(), seen.attendance(), people), 0)
        assert seen.texts(card)[2:] == [
            "12. Trần Văn Lịch, Văn phòng: có mặt",
            "13. An: vắng có lý do",
            "14. Bình: chưa có mặt",
        ]

    def test_what_can_be_entered_depends_on_where_somebody_is(self) -> None:
        away = actions(attendee_card(VI, seen.meeting(), seen.attendee()))
        assert {CheckInFor(12), MarkExcused(12)} <= set(away)
        present = actions(attendee_card(VI, seen.meeting(), seen.PRESENT))
        assert MarkLeft(12) in present
        assert not {CheckInFor(12), MarkExcused(12)} & set(present)
        left = actions(attendee_card(VI, seen.meeting(), seen.attendee(presence=Presence.LEFT)))
        assert CheckInFor(12) in left
        assert actions(attendee_card(VI, seen.CLOSED, seen.PRESENT)) == [ShowRoll(7, 1)]

    def test_the_way_back_leads_to_the_page_that_one_came_from(self) -> None:
        assert actions(attendee_card(VI, seen.meeting(), seen.attendee(number=8)))[-1] == ShowRoll(7, 0)
        assert actions(attendee_card(VI, seen.meeting(), seen.attendee(number=9)))[-1] == ShowRoll(7, 1)


class TestElectors:
    view = VoteRollView(
        seen.meeting(),
        seen.vote(),
        (
            seen.elector(elector_id=1, name="An", unit=None, option=Option.YES),
            seen.elector(elector_id=2, name="Bình", unit=None),
            seen.elector(
                elector_id=3,
                name="Chi",
                unit=None,
                option=Option.OTHER,
                opinion="Giảm mức chi",
                source=Source.SECRETARY,
            ),
        ),
        (seen.attendee(attendee_id=15, name="Dũng", unit=None),),
    )

    def test_those_who_have_not_voted_stand_first(self) -> None:
        card = vote_roll_card(VI, self.view, 0)
        assert seen.texts(card)[3:] == [
            "Bình: chưa biểu quyết",
            "An: Tán thành",
            "Chi: Ý kiến khác (thư ký nhập): Giảm mức chi",
        ]
        assert actions(card)[:3] == [ShowElector(31, 2), ShowElector(31, 1), ShowElector(31, 3)]

    def test_a_choice_is_entered_with_the_same_neutral_options(self) -> None:
        card = elector_card(VI, self.view, self.view.electors[1])
        assert seen.labels(card)[:3] == [["Tán thành"], ["Không tán thành"], ["Ý kiến khác"]]
        assert actions(card)[:3] == [
            CastFor(31, 2, Option.YES),
            CastFor(31, 2, Option.NO),
            CastFor(31, 2, Option.OTHER),
        ]

    def test_a_closed_vote_takes_no_entries(self) -> None:
        closed = VoteRollView(seen.meeting(), seen.COUNTED, self.view.electors, ())
        assert len(actions(vote_roll_card(VI, closed, 0))) == 1
        assert len(actions(elector_card(VI, closed, closed.electors[0]))) == 1

    def test_admitting_a_latecomer_tells_what_it_does_to_the_base(self) -> None:
        card = latecomers_card(VI, self.view)
        assert actions(card)[0] == AdmitElector(31, 15)
        assert "Cơ sở tính tỷ lệ là 46 đại biểu có mặt." in seen.whole(card)


def test_invitations_show_link_and_code_and_how_many_are_linked() -> None:
    bound = Way("An", "", "AAAA-BBBB", WAY.links, is_bound=True)
    card = invitations_card(VI, seen.meeting(), [WAY, bound], 0, SHARED, waiting=2)
    text = seen.whole(card)
    assert "Đã liên kết: 01 trên tổng số 02." in text
    assert "Trần Văn Lịch, Văn phòng (chưa liên kết)\nMã: K7QF-2M9X\nWeb: http://192.168.1.20/i/abc" in text
    assert "Mã: 2222-3333\nWeb: http://192.168.1.20/j/abc" in text
    assert "Chờ xác nhận: 02" in text
    assert {InviteRole(7, role) for role in Role} <= set(actions(card))
    assert {GetSlips(7), RenewSharedLink(7, 0), ShowClaims(7)} <= set(actions(card))
    later = invitations_card(VI, seen.meeting(), [WAY] * 9, 1, SHARED)
    assert "2222-3333" not in seen.whole(later), "the shared link stands on the first page"
    assert ShowClaims(7) not in actions(later)


def test_a_roles_link_says_that_it_works_once() -> None:
    text = seen.whole(role_card(VI, Role.CHAIR, WAY))
    assert "chủ tọa" in text
    assert "một lần" in text
    assert "đường liên kết cũ đã hết hiệu lực" in seen.whole(role_card(VI, None, WAY))


def test_nothing_is_stored_before_the_preview_is_confirmed() -> None:
    card = plan_card(VI, PLAN, ["Cuộc họp ở thời điểm đã qua"], 4)
    assert "Đề nghị kiểm tra trước khi lưu:" in seen.texts(card)
    assert "– Cuộc họp ở thời điểm đã qua" in seen.texts(card)
    assert "14:00 thứ Năm, ngày 30/12/2021" in seen.whole(card)
    assert actions(card)[0] == ConfirmPlan(4)


def test_problems_are_counted_though_not_all_are_shown() -> None:
    card = problems_card(VI, [f"Lỗi {n}" for n in range(20)], 250, 3)
    assert "Chưa lưu nội dung nào: cần sửa 250 chỗ." in seen.texts(card)
    assert "(còn 242 nữa)" in seen.texts(card)


def test_a_question_waits_for_an_answer_and_has_a_way_out() -> None:
    card = question_card(VI, "Tên hội nghị?", 3, limit=300, example="Hội nghị năm 2022")
    assert card.ask is not None
    assert (card.ask.limit, card.ask.example) == (300, "Hội nghị năm 2022")
    assert list(seen.buttons(card)) == ["Hủy"]


def test_help_is_for_who_asks() -> None:
    attendee = seen.whole(help_card(VI, None, seen.seat(), is_organiser=False))
    assert "biểu quyết bằng một lần chạm" in attendee
    assert "tạo hội nghị" not in attendee
    stranger = seen.whole(help_card(VI, None, is_organiser=False))
    assert "K7QF-2M9X" in stranger
    running = seen.whole(help_card(VI, seen.panel(), is_organiser=True))
    assert "chủ tọa" in running


def test_help_says_what_can_be_done_just_now() -> None:
    invited = help_card(VI, None, seen.seat(meeting=replace(seen.PLANNED, papers=2)), is_organiser=False)
    assert "Sắp tới: Hội nghị" in seen.whole(invited)
    assert {"Chương trình", "Tài liệu"} <= seen.buttons(invited).keys()
    arriving = help_card(VI, None, seen.seat(seen.attendee(), meeting=seen.meeting()), is_organiser=False)
    assert "xác nhận có mặt." in seen.whole(arriving)
    assert "Xác nhận có mặt" in seen.buttons(arriving)
    voting = help_card(VI, None, seen.seat(seen.PRESENT), (seen.ballot(),), is_organiser=False)
    assert "Biểu quyết 5 đang mở, đồng chí chưa biểu quyết." in seen.whole(voting)
    assert list(seen.buttons(voting))[:3] == ["Tán thành", "Không tán thành", "Ý kiến khác"]
    voted = help_card(VI, None, seen.seat(seen.PRESENT), (seen.ballot(own=Option.YES),), is_organiser=False)
    assert "Biểu quyết 5 đang mở; đã ghi nhận: Tán thành." in seen.whole(voted)
    assert "Tán thành" not in seen.buttons(voted)
    closed = help_card(VI, None, seen.seat(seen.PRESENT, meeting=seen.CLOSED), is_organiser=False)
    assert "Đã bế mạc" in seen.whole(closed)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({"meeting": seen.PLANNED, "items": 0}, "thêm nội dung vào chương trình"),
        ({"meeting": seen.PLANNED}, "gửi giấy mời; chưa phản hồi: 03"),
        ({"meeting": seen.PLANNED, "replies_missing": 0}, "mở xác nhận có mặt"),
        ({"meeting": replace(seen.PLANNED, check_in_opened_at=seen.AT)}, "khai mạc theo điều hành"),
        ({"statement": None}, "Chủ tọa xác nhận số lượng dự họp"),
        (
            {"current_item": None, "next_item": seen.item(number=2, title="Quy chế")},
            "sang nội dung 2. Quy chế",
        ),
        ({"next_item": seen.item()}, "xử lý nội dung"),
        ({"next_item": seen.item(), "votes": (seen.COUNTED,)}, "công bố kết quả"),
        ({"open_vote": seen.vote()}, "chờ đại biểu biểu quyết (43/46)"),
        ({"open_vote": seen.vote(turnout=46)}, "tất cả đã biểu quyết"),
        ({"open_vote": seen.HANDS}, "đếm số giơ tay"),
        ({"open_vote": seen.vote(state=VoteState.PAUSED)}, "tạm dừng"),
        ({"next_item": None}, "bế mạc, các nội dung đã xong"),
        ({"meeting": seen.CLOSED}, "kiểm tra kết quả"),
    ],
)
def test_who_runs_a_meeting_is_told_the_next_step(values: dict[str, Any], step: str) -> None:
    assert step in seen.whole(help_card(VI, seen.panel(**values), is_organiser=False))

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import (
    AdoptItem,
    AnnounceVote,
    AttendOneself,
    CancelVote,
    CloseMeeting,
    CloseVote,
    EnterHands,
    ExtendVote,
    GoToItem,
    NoteItem,
    OpenMeeting,
    OpenVote,
    PauseVote,
    PrepareVote,
    ReopenVote,
    RepeatVote,
    ResumeVote,
    ScheduleCheckIn,
    ScheduleVote,
    ShowJoint,
    ShowLatecomers,
    ShowMissing,
    ShowText,
    SplitVote,
    StateAttendance,
    StatePreliminary,
    UnscheduleVote,
)
from bot.cards.panel import panel_card
from bot.cards.tools import tools_card
from bot.platforms.base import Bar, Card
from bot.wording.voice import Voice
from meeting.agenda import ItemKind
from meeting.people import Role
from meeting.tally import Decision
from meeting.vote_times import Opening
from meeting.voting import Method, VoteState
from storage.views import PanelView
from tests.bot import seen

VI = Voice()
SECRETARY = frozenset({Role.SECRETARY})
ORGANISER = frozenset({Role.ORGANISER})


def shown(view: PanelView) -> Card:
    return panel_card(VI, view)


def actions(view: PanelView) -> list[object]:
    return [one.action for one in seen.buttons(shown(view)).values()]


def kinds(view: PanelView) -> set[type]:
    return {type(action) for action in actions(view)}


class TestBefore:
    def test_replies_rules_and_time_are_shown(self) -> None:
        text = seen.whole(shown(seen.panel(meeting=seen.PLANNED)))
        assert "14:00 thứ Năm, ngày 30/12/2021, tại Hội trường Tỉnh đoàn" in text
        assert "Triệu tập 48; giấy mời chưa phản hồi 03; xin vắng 01." in text
        assert "Căn cứ: Điều 2 Thông tư số 01/2016/TT-BNV." in text

    def test_the_chair_opens_the_meeting_and_the_organiser_does_not(self) -> None:
        assert OpenMeeting(7) in actions(seen.panel(meeting=seen.PLANNED))
        assert OpenMeeting not in kinds(seen.panel(meeting=seen.PLANNED, roles=ORGANISER))

    def test_the_window_can_open_by_itself_unless_it_was_open(self) -> None:
        assert ScheduleCheckIn(7) in actions(seen.panel(meeting=seen.PLANNED))
        was_open = replace(seen.PLANNED, check_in_opened_at=seen.AT, check_in_closed_at=seen.AT)
        assert ScheduleCheckIn not in kinds(seen.panel(meeting=was_open))

    def test_an_organiser_who_is_not_on_the_roll_can_join_it(self) -> None:
        planned = seen.panel(meeting=seen.PLANNED, roles=ORGANISER, is_attendee=False)
        assert AttendOneself(7) in actions(planned)
        assert AttendOneself not in kinds(replace(planned, is_attendee=True))
        assert AttendOneself not in kinds(replace(planned, roles=frozenset({Role.CHAIR})))


class TestStatement:
    def test_the_chair_confirms_the_number_that_is_shown(self) -> None:
        view = seen.panel(statement=None)
        assert StateAttendance(7, 46) in actions(view)
        assert "Xác nhận số lượng: 46 có mặt" in seen.buttons(shown(view))
        assert "Báo cáo đại biểu, chờ Chủ tọa xác nhận: Tổng số" in seen.whole(shown(view))

    def test_the_secretary_records_the_preliminary_count_once(self) -> None:
        assert StatePreliminary(7) in actions(seen.panel(statement=None, roles=SECRETARY))
        assert StatePreliminary not in kinds(
            seen.panel(statement=None, preliminary=seen.PRELIMINARY, roles=SECRETARY)
        )

    def test_a_statement_with_a_quorum_is_made_once_and_one_without_again(self) -> None:
        assert StateAttendance not in kinds(seen.panel())
        short = replace(seen.STATED, attendance=seen.attendance(20))
        assert StateAttendance(7, 46) in actions(seen.panel(statement=short))

    def test_a_quorum_that_was_lost_since_is_told_and_stops_nothing(self) -> None:
        view = seen.panel(attendance=seen.attendance(20))
        assert "không còn đủ điều kiện tiến hành; Chủ tọa quyết định." in seen.whole(shown(view))
        assert PrepareVote(5, Method.CHAT) in actions(view)


class TestItem:
    def test_a_document_can_be_voted_on_or_agreed_to(self) -> None:
        assert actions(seen.panel())[:5] == [
            PrepareVote(5, Method.CHAT),
            PrepareVote(5, Method.HANDS),
            AdoptItem(5, 0),
            AdoptItem(5, 1),
            ShowText(5, 0, 0),
        ]

    def test_before_the_statement_nothing_but_procedure_by_hands(self) -> None:
        document = seen.panel(statement=None, preliminary=seen.PRELIMINARY)
        assert PrepareVote not in kinds(document)
        assert AdoptItem not in kinds(document)
        assert "Trước khi biểu quyết: xác nhận số lượng đại biểu." in seen.texts(shown(document))
        procedure = replace(document, current_item=seen.item(kind=ItemKind.PROCEDURE))
        assert PrepareVote(5, Method.HANDS) in actions(procedure)
        assert PrepareVote(5, Method.CHAT) not in actions(procedure)

    def test_phones_vote_only_after_the_method_was_adopted(self) -> None:
        view = seen.panel(is_method_adopted=False)
        assert PrepareVote(5, Method.CHAT) not in actions(view)
        assert PrepareVote(5, Method.HANDS) in actions(view)
        assert "Khi chưa thông qua hình thức biểu quyết" in seen.whole(shown(view))

    def test_a_speech_is_only_heard(self) -> None:
        view = seen.panel(current_item=seen.item(kind=ItemKind.SPEECH))
        assert NoteItem(5) in actions(view)
        assert not kinds(view) & {PrepareVote, AdoptItem}

    def test_an_advisory_item_is_never_agreed_to_in_words(self) -> None:
        card = shown(seen.panel(current_item=seen.item(is_advisory=True)))
        assert "Đã tham gia ý kiến, không kiểm đếm" in seen.buttons(card)
        assert not any("Nhất trí" in label for label in seen.buttons(card))

    def test_the_organiser_watches(self) -> None:
        assert not kinds(seen.panel(roles=ORGANISER)) & {AdoptItem, GoToItem, CloseMeeting}

    def test_a_decided_item_shows_what_became_of_it(self) -> None:
        decided = seen.item(decision=Decision.ADOPTED_WITH_ADDITIONS, additions=("a", "b", "c"))
        view = seen.panel(current_item=decided)
        assert "Hội nghị cơ bản nhất trí, bổ sung 03 nội dung (không kiểm đếm)." in seen.texts(shown(view))
        assert not kinds(view) & {PrepareVote, AdoptItem}

    def test_after_the_last_item_the_meeting_is_closed(self) -> None:
        done = seen.item(decision=Decision.ADOPTED)
        assert CloseMeeting(7, 0) in actions(seen.panel(current_item=done, next_item=None, items_done=12))
        assert CloseMeeting not in kinds(seen.panel())

    def test_the_agenda_begins_with_its_first_item(self) -> None:
        card = shown(seen.panel(current_item=None))
        assert seen.buttons(card)["Bắt đầu: Kế hoạch thi đua"].action == GoToItem(6)


class TestVote:
    def test_a_draft_shows_text_and_version_once_more(self) -> None:
        view = seen.panel(votes=(seen.DRAFTED,))
        text = seen.whole(shown(view))
        assert "Quy chế chi tiêu nội bộ, bản 2\nĐiều 1. Phạm vi." in text
        assert "thông qua khi quá 50% số đại biểu dự hội nghị tán thành" in text
        assert actions(view)[:8] == [
            OpenVote(31, 0),
            OpenVote(31, 3),
            OpenVote(31, 5),
            ScheduleVote(31),
            PrepareVote(5, Method.HANDS),
            ShowJoint(31),
            ShowText(5, 2, 0),
            CancelVote(31),
        ]

    def test_a_draft_that_opens_by_itself_says_when_and_can_be_kept_from_it(self) -> None:
        drafted = replace(seen.DRAFTED, opening=Opening(seen.AT, timedelta(minutes=5)))
        view = seen.panel(votes=(drafted,))
        text = "Tự mở lúc 14:00 thứ Năm, ngày 30/12/2021, trong 5 phút."
        assert text in seen.texts(shown(view))
        assert UnscheduleVote(31) in actions(view)
        assert not kinds(view) & {ScheduleVote}
        assert OpenVote(31, 0) in actions(view)
        assert not kinds(seen.panel(votes=(drafted,), roles=ORGANISER)) & {UnscheduleVote, OpenVote}

    def test_the_last_minute_is_told_while_somebody_is_missing(self) -> None:
        vote = seen.vote(deadline_at=seen.AT)
        last = "Phút cuối: còn 03 đại biểu chưa biểu quyết."
        assert last in seen.texts(shown(seen.panel(votes=(vote,), open_vote=vote, is_last_minute=True)))
        assert last not in seen.texts(shown(seen.panel(votes=(vote,), open_vote=vote)))
        all_in = replace(vote, turnout=46)
        card = shown(seen.panel(votes=(all_in,), open_vote=all_in, is_last_minute=True))
        assert "Phút cuối" not in seen.whole(card)

    def test_a_joint_draft_can_be_split(self) -> None:
        joint = replace(seen.DRAFTED, items=(seen.voted(), seen.voted(item_id=6)))
        assert SplitVote(31) in actions(seen.panel(votes=(joint,)))
        assert SplitVote not in kinds(seen.panel(votes=(seen.DRAFTED,)))

    def test_an_open_vote_shows_turnout_and_no_count(self) -> None:
        vote = seen.vote()
        card = shown(seen.panel(votes=(vote,), open_vote=vote))
        assert "Đã biểu quyết: 43/46" in seen.texts(card)
        assert not any(isinstance(line, Bar) for line in card.lines)
        assert actions(seen.panel(votes=(vote,), open_vote=vote))[:3] == [
            CloseVote(31, 0),
            PauseVote(31),
            CancelVote(31),
        ]

    def test_the_secretary_alone_sees_who_is_missing_and_enters_choices(self) -> None:
        vote = seen.vote()
        secretary = seen.panel(votes=(vote,), open_vote=vote, roles=SECRETARY, missing=("An", "Bình"))
        assert "Chưa biểu quyết: An, Bình" in seen.texts(shown(secretary))
        assert {ShowMissing, ShowLatecomers} <= kinds(secretary)
        chair = seen.panel(votes=(vote,), open_vote=vote)
        assert not kinds(chair) & {ShowMissing, ShowLatecomers}

    def test_a_deadline_can_be_put_off(self) -> None:
        vote = seen.vote(deadline_at=seen.AT)
        view = seen.panel(votes=(vote,), open_vote=vote)
        assert "Kết thúc lúc 14:00." in seen.texts(shown(view))
        assert ExtendVote(31, 2) in actions(view)

    def test_a_paused_vote_goes_on_or_ends(self) -> None:
        vote = seen.vote(state=VoteState.PAUSED)
        view = seen.panel(votes=(vote,), open_vote=vote)
        assert {ResumeVote, CloseVote, CancelVote} <= kinds(view)
        assert PauseVote not in kinds(view)

    def test_hands_are_entered_before_the_vote_ends(self) -> None:
        before = seen.panel(votes=(seen.HANDS,), open_vote=seen.HANDS)
        assert EnterHands(31) in actions(before)
        assert not kinds(before) & {CloseVote, PauseVote, ShowMissing}
        entered = replace(seen.HANDS, is_hands_entered=True)
        assert CloseVote(31, 0) in actions(seen.panel(votes=(entered,), open_vote=entered))

    def test_a_vote_that_runs_elsewhere_is_the_one_that_matters(self) -> None:
        elsewhere = seen.vote(
            vote_id=40, items=(seen.voted(item_id=9, title="Nghị quyết"),), question="Nghị quyết"
        )
        view = seen.panel(votes=(seen.DRAFTED,), open_vote=elsewhere)
        assert "Nghị quyết, bản 2" in seen.texts(shown(view))
        assert CloseVote(40, 0) in actions(view)
        assert OpenVote not in kinds(view)

    def test_a_closed_vote_is_checked_then_announced(self) -> None:
        view = seen.panel(votes=(seen.COUNTED,))
        assert "40/46 đại biểu có mặt tán thành (đạt 86,96%)" in seen.whole(shown(view))
        assert actions(view)[:3] == [AnnounceVote(31), ReopenVote(31), CancelVote(31)]
        assert GoToItem not in kinds(view)
        assert AnnounceVote not in kinds(seen.panel(votes=(seen.COUNTED,), roles=ORGANISER))

    def test_a_count_that_is_not_to_be_seen_yet_leaves_no_gap(self) -> None:
        unseen = replace(seen.COUNTED, tally=None, decision=None)
        card = shown(seen.panel(votes=(unseen,), roles=ORGANISER))
        assert all(seen.texts(card))
        assert "tán thành (đạt" not in seen.whole(card)

    def test_an_announced_vote_leads_on_and_can_be_held_once_more(self) -> None:
        adopted = seen.item(decision=Decision.ADOPTED, is_counted=True)
        view = seen.panel(votes=(seen.ANNOUNCED,), current_item=adopted)
        assert actions(view)[:2] == [RepeatVote(31), GoToItem(6)]

    def test_a_cancelled_run_can_be_held_once_more_or_left(self) -> None:
        view = seen.panel(votes=(seen.CANCELLED,))
        assert "Lượt biểu quyết 5 đã hủy: nhầm văn bản. Không tính kết quả." in seen.texts(shown(view))
        assert {RepeatVote, PrepareVote, GoToItem} <= kinds(view)

    @pytest.mark.parametrize("state", [VoteState.DRAFT, VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED])
    def test_what_is_pending_is_not_walked_away_from(self, state: VoteState) -> None:
        vote = replace(seen.COUNTED, state=state)
        running = vote if state in {VoteState.OPEN, VoteState.PAUSED} else None
        assert GoToItem not in kinds(seen.panel(votes=(vote,), open_vote=running))


def test_while_the_meeting_is_held_what_it_does_not_need_is_one_tap_away() -> None:
    view = seen.panel(roles=seen.EVERYBODY, is_attendee=False)
    panel, tools = seen.buttons(shown(view)), seen.buttons(tools_card(VI, view))
    assert {"Chương trình", "Đại biểu", "Việc khác …"} <= panel.keys()
    assert {"Giấy mời", "Nhắc việc", "Nhiệm vụ", "Hủy hội nghị"} <= tools.keys()
    assert not panel.keys() & tools.keys()
    member = replace(view, roles=frozenset())
    assert "Giấy mời" not in seen.buttons(tools_card(VI, member))


def test_a_closed_meeting_offers_only_to_look() -> None:
    view = seen.panel(meeting=seen.CLOSED, roles=seen.EVERYBODY)
    assert list(seen.buttons(shown(view))) == [
        "Chương trình",
        "Đại biểu",
        "Ý kiến",
        "Nhắc việc",
        "Nhiệm vụ",
        "Dự thảo tin",
    ]
    assert "Nội dung đã xem xét: 04 trên tổng số 12." in seen.texts(shown(view))

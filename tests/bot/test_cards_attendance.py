from dataclasses import replace

import pytest

from bot.actions import (
    AskFloor,
    CheckIn,
    GiveConsent,
    LeaveMeeting,
    ReplyAbsent,
    ReplyComing,
    ReplySubstitute,
    ShowAgenda,
    ShowOpinions,
)
from bot.cards.attendance import attendance_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from meeting.people import Presence, Purpose, Reply, Source, Standing
from storage.views import AttendanceView
from tests.bot import seen

VI = Voice()
WINDOW_OPEN = replace(seen.PLANNED, check_in_opened_at=seen.AT)


def shown(view: AttendanceView) -> Card:
    return attendance_card(VI, view)


def actions(card: Card) -> list[object]:
    return [one.action for one in seen.buttons(card).values()]


def test_the_invitation_says_what_when_and_where() -> None:
    card = shown(seen.seat(meeting=seen.PLANNED))
    assert (
        "Kính mời đồng chí Trần Văn Lịch dự Hội nghị cán bộ, công chức và người lao động năm 2022, "
        "14:00 thứ Năm, ngày 30/12/2021, tại Hội trường Tỉnh đoàn." in seen.texts(card)
    )
    assert seen.labels(card) == [["Dự họp", "Xin vắng"], ["Ý kiến", "Chương trình"]]
    assert actions(card) == [ReplyComing(7), ReplyAbsent(7), ShowOpinions(7, 0, 0), ShowAgenda(7, 0)]


def test_a_guest_is_addressed_as_such_and_told_the_part() -> None:
    card = shown(seen.seat(seen.attendee(standing=Standing.GUEST), meeting=seen.PLANNED))
    assert "Kính mời ông/bà Trần Văn Lịch" in seen.whole(card)
    assert "Tư cách tham dự: khách mời." in seen.texts(card)


@pytest.mark.parametrize(
    ("reply", "text", "offered"),
    [
        (Reply.COMING, "Đã ghi nhận: đồng chí dự họp.", ["Xin vắng"]),
        (Reply.ABSENT, "Đã ghi nhận: đồng chí xin vắng, lý do: ốm", ["Dự họp"]),
        (Reply.SUBSTITUTED, "Đã ghi nhận: đồng chí cử người khác dự thay.", ["Dự họp", "Xin vắng"]),
    ],
)
def test_a_reply_is_shown_and_the_others_are_offered(reply: Reply, text: str, offered: list[str]) -> None:
    card = shown(seen.seat(seen.attendee(reply=reply, reply_reason="ốm"), meeting=seen.PLANNED))
    assert text in seen.texts(card)
    assert list(seen.buttons(card)) == [*offered, "Ý kiến", "Chương trình"]


def test_a_units_representative_can_send_somebody_else() -> None:
    card = shown(seen.seat(meeting=seen.PLANNED, can_substitute=True))
    assert seen.buttons(card)["Cử người dự thay"].action == ReplySubstitute(7)


def test_in_the_window_confirming_comes_first() -> None:
    card = shown(seen.seat(meeting=WINDOW_OPEN))
    assert seen.labels(card) == [["Xác nhận có mặt"], ["Xin vắng"], ["Ý kiến", "Chương trình"]]
    assert actions(card)[0] == CheckIn(7)


def test_presence_is_shown_with_its_time_and_how_it_was_entered() -> None:
    assert "Đã ghi nhận đồng chí có mặt lúc 13:52." in seen.texts(shown(seen.seat(seen.PRESENT)))
    entered = replace(seen.PRESENT, presence_source=Source.SECRETARY)
    assert "Thư ký đã ghi nhận đồng chí có mặt lúc 13:52." in seen.texts(shown(seen.seat(entered)))


def test_who_is_there_can_leave_and_come_back() -> None:
    assert actions(shown(seen.seat(seen.PRESENT)))[:2] == [AskFloor(7, 5), LeaveMeeting(7, 0)]
    left = seen.attendee(presence=Presence.LEFT, left_at=seen.AT)
    card = shown(seen.seat(left))
    assert "Đã ghi nhận đồng chí về lúc 14:00." in seen.texts(card)
    assert actions(card)[0] == CheckIn(7)
    assert actions(card)[-2:] == [ShowOpinions(7, 0, 0), ShowAgenda(7, 0)]


def test_after_the_window_the_secretary_helps() -> None:
    card = shown(seen.seat(meeting=seen.meeting(check_in_closed_at=seen.AT)))
    assert "Đã hết giờ xác nhận có mặt; đề nghị báo Thư ký." in seen.texts(card)
    assert CheckIn(7) not in actions(card)


def test_who_sent_somebody_else_does_not_confirm() -> None:
    card = shown(seen.seat(seen.attendee(reply=Reply.SUBSTITUTED)))
    assert "Đơn vị đã cử người khác dự thay." in seen.texts(card)
    assert CheckIn(7) not in actions(card)
    assert ReplyComing(7) in actions(card)


def test_the_item_that_is_on_is_named() -> None:
    assert "Đang xem xét: 5. Quy chế chi tiêu nội bộ" in seen.texts(shown(seen.seat(seen.PRESENT)))


def test_a_closed_meeting_asks_nothing_and_shows_what_became_of_opinions() -> None:
    card = shown(seen.seat(seen.PRESENT, meeting=seen.CLOSED, consents_asked=seen.ALL_PURPOSES))
    assert seen.labels(card) == [["Ý kiến"]]
    assert "Hội nghị đã bế mạc lúc 14:00 thứ Năm, ngày 30/12/2021." in seen.texts(card)


def test_one_consent_is_asked_at_a_time_each_for_itself() -> None:
    first = shown(seen.seat(consents_asked=(Purpose.CONTACT, Purpose.REMINDERS)))
    assert seen.labels(first)[-1] == ["Đồng ý lưu liên hệ", "Không lưu liên hệ"]
    assert [GiveConsent(7, Purpose.CONTACT, 1), GiveConsent(7, Purpose.CONTACT, 0)] == actions(first)[-2:]
    second = shown(seen.seat(consents_asked=(Purpose.REMINDERS,)))
    assert seen.labels(second)[-1] == ["Đồng ý nhận tin nhắc", "Không nhận tin nhắc"]
    assert not any(one.is_chosen for one in seen.buttons(second).values())

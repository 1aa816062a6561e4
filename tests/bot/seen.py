"""Views as the database would give them, for tests of what cards show."""

from datetime import UTC, datetime
from typing import Any

from bot.platforms.base import Bar, Card, Do
from meeting.agenda import ItemKind
from meeting.attendance import Attendance, Quorum, QuorumKind, Statement, StatementKind
from meeting.counting import MAJORITY, TWO_THIRDS
from meeting.people import Presence, Purpose, Reply, Role, Source, Standing
from meeting.regimes import Rules, Template, default_rules
from meeting.states import MeetingState
from meeting.tally import Decision, Tally
from meeting.voting import STANDARD_OPTIONS, BaseKind, Method, Option, VoteState
from storage.views import (
    AttendanceView,
    AttendeeView,
    BallotView,
    ElectorView,
    ItemView,
    MeetingView,
    PanelView,
    VotedItem,
    VoteView,
)

AT = datetime(2021, 12, 30, 7, 0, tzinfo=UTC)
"""14:00 on the day of the conference."""

RULES: Rules = default_rules(Template.CBCCVC, AT.date())


def meeting(**values: Any) -> MeetingView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "meeting_id": 7,
        "organisation_id": 1,
        "organisation": "Tỉnh đoàn",
        "title": "Hội nghị cán bộ, công chức và người lao động năm 2022",
        "host": "Tỉnh đoàn",
        "place": "Hội trường Tỉnh đoàn",
        "starts_at": AT,
        "timezone": "Asia/Ho_Chi_Minh",
        "language": "vi",
        "address": "dong_chi",
        "template": Template.CBCCVC,
        "state": MeetingState.OPEN,
        "rules": RULES,
        "headcount": 48,
        "has_union": True,
        "check_in_opens_at": None,
        "check_in_opened_at": AT,
        "check_in_closed_at": None,
        "opened_at": AT,
        "closed_at": None,
        "current_item_id": 5,
    }
    return MeetingView(**{**fields, **values})


PLANNED = meeting(state=MeetingState.PLANNED, check_in_opened_at=None, opened_at=None, current_item_id=None)
CLOSED = meeting(state=MeetingState.CLOSED, check_in_closed_at=AT, closed_at=AT)


def attendee(**values: Any) -> AttendeeView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "attendee_id": 12,
        "person_id": 3,
        "number": 12,
        "name": "Trần Văn Lịch",
        "position": "Chuyên viên",
        "unit": "Văn phòng",
        "standing": Standing.VOTING,
        "reply": Reply.NONE,
        "reply_reason": "",
        "presence": Presence.AWAY,
        "presence_source": None,
        "checked_in_at": None,
        "left_at": None,
        "is_bound": True,
    }
    return AttendeeView(**{**fields, **values})


PRESENT = attendee(
    presence=Presence.PRESENT, presence_source=Source.SELF, checked_in_at=AT.replace(hour=6, minute=52)
)


def item(**values: Any) -> ItemView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "item_id": 5,
        "number": 5,
        "title": "Quy chế chi tiêu nội bộ",
        "kind": ItemKind.DOCUMENT,
        "is_advisory": False,
        "presenter": "Kế toán trưởng",
        "text_version": 2,
        "text": "Điều 1. Phạm vi.",
        "decision": None,
        "is_counted": False,
        "additions": (),
        "decided_at": None,
    }
    return ItemView(**{**fields, **values})


def voted(**values: Any) -> VotedItem:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "item_id": 5,
        "number": 5,
        "title": "Quy chế chi tiêu nội bộ",
        "kind": ItemKind.DOCUMENT,
        "text_version": 2,
        "text": "Điều 1. Phạm vi.",
    }
    return VotedItem(**{**fields, **values})


def vote(**values: Any) -> VoteView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "vote_id": 31,
        "meeting_id": 7,
        "number": 5,
        "run": 1,
        "question": "Quy chế chi tiêu nội bộ",
        "items": (voted(),),
        "method": Method.CHAT,
        "options": STANDARD_OPTIONS,
        "is_advisory": False,
        "state": VoteState.OPEN,
        "base_kind": BaseKind.ATTENDEES,
        "base": 46,
        "electors": 46,
        "turnout": 43,
        "threshold": MAJORITY,
        "deadline_at": None,
        "opened_at": AT,
        "paused_at": None,
        "closed_at": None,
        "announced_at": None,
        "cancelled_at": None,
        "cancel_reason": "",
        "tally": None,
        "is_hands_entered": False,
        "decision": None,
    }
    return VoteView(**{**fields, **values})


TALLY = Tally(46, {Option.YES: 40, Option.NO: 2, Option.OTHER: 3})
DRAFTED = vote(state=VoteState.DRAFT, base=None, electors=0, turnout=0, opened_at=None)
HANDS = vote(method=Method.HANDS, turnout=0)
COUNTED = vote(state=VoteState.CLOSED, closed_at=AT, tally=TALLY, decision=Decision.ADOPTED)
ANNOUNCED = vote(
    state=VoteState.ANNOUNCED, closed_at=AT, announced_at=AT, tally=TALLY, decision=Decision.ADOPTED
)
CANCELLED = vote(state=VoteState.CANCELLED, cancelled_at=AT, cancel_reason="nhầm văn bản")


def ballot(view: VoteView | None = None, **values: Any) -> BallotView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "meeting": meeting(),
        "vote": view or vote(),
        "is_elector": True,
        "unit": None,
        "own": None,
        "own_opinion": "",
        "own_source": None,
    }
    return BallotView(**{**fields, **values})


def attendance(present: int = 46, **values: Any) -> Attendance:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "headcount": 48,
        "summoned": 48,
        "present": present,
        "excused": 1,
        "guests": 2,
        "units": 0,
        "units_present": 0,
        "quorum": Quorum(QuorumKind.HEADCOUNT, TWO_THIRDS),
    }
    return Attendance(**{**fields, **values})


STATED = Statement(StatementKind.CONFIRMED, attendance(), AT)
PRELIMINARY = Statement(StatementKind.PRELIMINARY, attendance(), AT)
EVERYBODY = frozenset({Role.CHAIR, Role.SECRETARY, Role.ORGANISER})


def panel(**values: Any) -> PanelView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "meeting": meeting(),
        "roles": frozenset({Role.CHAIR}),
        "is_attendee": True,
        "attendance": attendance(),
        "preliminary": None,
        "statement": STATED,
        "replies_missing": 3,
        "current_item": item(),
        "next_item": item(item_id=6, number=6, title="Kế hoạch thi đua"),
        "items": 12,
        "items_done": 4,
        "is_method_adopted": True,
        "votes": (),
        "open_vote": None,
        "missing": (),
    }
    return PanelView(**{**fields, **values})


def seat(seated: AttendeeView | None = None, **values: Any) -> AttendanceView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "meeting": meeting(),
        "attendee": seated or attendee(),
        "current_item": item(),
        "consents_asked": (),
        "can_substitute": False,
    }
    return AttendanceView(**{**fields, **values})


ALL_PURPOSES = tuple(Purpose)


def elector(**values: Any) -> ElectorView:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "elector_id": 1,
        "name": "Trần Văn Lịch",
        "unit": "Văn phòng",
        "option": None,
        "opinion": "",
        "source": None,
    }
    return ElectorView(**{**fields, **values})


def texts(card: Card) -> list[str]:
    """Give a card's lines and captions."""
    return [line.caption if isinstance(line, Bar) else line.text for line in card.lines]


def whole(card: Card) -> str:
    """Give a card's text."""
    return "\n".join(texts(card))


def buttons(card: Card) -> dict[str, Do]:
    """Give a card's acting buttons by label; two alike are an error."""
    found = [choice for row in card.choices for choice in row if isinstance(choice, Do)]
    assert len({one.label for one in found}) == len(found)
    return {one.label: one for one in found}


def labels(card: Card) -> list[list[str]]:
    """Give the labels in rows."""
    return [[choice.label for choice in row] for row in card.choices]

"""Which rule applies to a meeting on which day: dated defaults with their source, set for each meeting."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meeting.attendance import Quorum, QuorumKind
from meeting.counting import MAJORITY, TWO_THIRDS, Threshold
from meeting.voting import BaseKind


class Template(StrEnum):
    """The kind of meeting that a set-up starts from."""

    CBCCVC = "cbccvc"
    GIAO_UOC = "giao-uoc"
    THUONG = "thuong"


@dataclass(frozen=True, slots=True)
class Rules:
    """Quorum, base and threshold of a meeting, where they come from, and whether that was checked."""

    regime: str
    quorum: Quorum
    base_kind: BaseKind
    threshold: Threshold
    source: str
    is_verified: bool


_ND04 = "Điều 2 Thông tư số 01/2016/TT-BNV"
_LAW = "điểm c khoản 2 Điều 51 Luật Thực hiện dân chủ ở cơ sở số 10/2022/QH15"
_CLUSTER = "Quy chế hoạt động của Cụm"
_OWN = "Quy chế làm việc của đơn vị"


def default_rules(template: Template, on: date, quorum_kind: QuorumKind = QuorumKind.HEADCOUNT) -> Rules:
    """Give the defaults for a meeting of this kind on this day (`domain.md` §1.1, §1.2, §3.1).

    They are never law by themselves: what the sources leave open, or was amended since, is unverified.
    """
    staff = Quorum(quorum_kind, TWO_THIRDS)
    match template:
        case Template.CBCCVC if on < date(2023, 7, 1):
            return Rules("ND04_2015", staff, BaseKind.ATTENDEES, MAJORITY, _ND04, is_verified=True)
        case Template.CBCCVC if on < date(2025, 7, 1):
            return Rules("LAW_2022", staff, BaseKind.ATTENDEES, MAJORITY, _LAW, is_verified=True)
        case Template.CBCCVC:
            return Rules(
                "LAW_2022_AMENDED_2025", staff, BaseKind.ATTENDEES, MAJORITY, _LAW, is_verified=False
            )
        case Template.GIAO_UOC:
            units = Quorum(QuorumKind.UNITS, TWO_THIRDS)
            return Rules("CLUSTER", units, BaseKind.UNITS, MAJORITY, _CLUSTER, is_verified=False)
        case Template.THUONG:
            summoned = Quorum(QuorumKind.SUMMONED, TWO_THIRDS)
            return Rules("OWN", summoned, BaseKind.ATTENDEES, MAJORITY, _OWN, is_verified=False)

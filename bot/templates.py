"""Templates of meetings: the usual order of business, and an invented meeting to fill a workbook with.

Always Vietnamese, as the papers are. An agenda is a start: items that don't apply are taken out.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.regimes import Template, default_rules
from meeting.scoring import CriterionKind, PlannedCriterion, PlannedScoring

_VOTING_METHOD = (
    "Các nội dung được biểu quyết công khai. Mỗi đại biểu chọn một trong ba phương án: tán thành, "
    "không tán thành, ý kiến khác; chọn trên điện thoại (trang biểu quyết của Hội nghị hoặc ứng dụng nhắn "
    "tin), hoặc giơ tay theo điều hành của Chủ tọa. Đại biểu không dùng điện thoại biểu quyết qua Thư ký. "
    "Được đổi lựa chọn cho đến khi Chủ tọa kết thúc biểu quyết. Kết quả do Chủ tọa công bố và ghi vào "
    "biên bản."
)


def planning_year(on: date) -> int:
    """Give the year that a meeting on this day plans for: from October on, the next (`domain.md` §1.5)."""
    return on.year + 1 if on.month >= 10 else on.year  # noqa: PLR2004 - October


def agenda_of(template: Template, year: int, *, has_union: bool) -> tuple[PlannedItem, ...]:
    """Give the usual agenda of a meeting that reports on the year before `year` and plans for `year`.

    `cbccvc` follows Luật 10/2022/QH15 Đ.51(4), wrapped as usual (`domain.md` §1.4); what Đ.53 only asks
    opinions on is advisory. `giao-uoc` has the four papers of a cluster (`domain.md` §3.2), `thuong` nothing.
    The statement of attendance is no item: the chair confirms it apart.
    """
    match template:
        case Template.CBCCVC:
            return (*_opening(), *_staff_conference(year, has_union=has_union))
        case Template.GIAO_UOC:
            return (*_opening(), *_pledge_signing(year, has_union=has_union))
        case Template.THUONG:
            return ()


def _opening() -> tuple[PlannedItem, ...]:
    return (
        PlannedItem("Giới thiệu, thông qua Đoàn Chủ tịch điều hành Hội nghị", ItemKind.PROCEDURE),
        PlannedItem("Giới thiệu, thông qua Thư ký Hội nghị", ItemKind.PROCEDURE),
        PlannedItem("Thông qua chương trình Hội nghị", ItemKind.PROCEDURE),
        PlannedItem("Thông qua hình thức biểu quyết", ItemKind.VOTING_METHOD, text=_VOTING_METHOD),
    )


def _staff_conference(year: int, *, has_union: bool) -> tuple[PlannedItem, ...]:
    past = year - 1
    head, union, union_head = "Người đứng đầu cơ quan", "Ban Chấp hành Công đoàn", "Chủ tịch Công đoàn"
    answering = f"{head} và {union_head}" if has_union else head
    pledge = (
        "Ký kết giao ước thi đua giữa người đứng đầu cơ quan và Công đoàn"
        if has_union
        else "Ký kết giao ước thi đua giữa người đứng đầu cơ quan và các phòng, đơn vị trực thuộc"
    )
    return (
        PlannedItem(
            "Báo cáo tình hình thực hiện chủ trương, chính sách của Đảng, pháp luật của Nhà nước liên "
            "quan đến "
            "chức năng, nhiệm vụ của cơ quan; kiểm điểm trách nhiệm của người đứng đầu trong việc thực hiện "
            f"kế hoạch công tác năm {past}",
            ItemKind.REPORT,
            presenter=head,
        ),
        PlannedItem(
            f"Báo cáo kết quả thực hiện Nghị quyết Hội nghị năm {past}, việc thực hiện quy chế dân chủ và "
            f"công tác giám sát năm {past}",
            ItemKind.REPORT,
            presenter=union if has_union else head,
        ),
        PlannedItem(f"Báo cáo công khai thu, chi tài chính năm {past}", ItemKind.REPORT),
        PlannedItem("Thảo luận, đề xuất, kiến nghị", ItemKind.DISCUSSION),
        PlannedItem(
            "Tiếp thu, giải đáp ý kiến, kiến nghị; biện pháp cải thiện điều kiện làm việc và kế hoạch "
            "công tác "
            f"năm {year}",
            ItemKind.DISCUSSION,
            presenter=answering,
        ),
        PlannedItem(
            f"Báo cáo hoạt động của Ban Thanh tra nhân dân năm {past} và chương trình công tác năm {year}",
            ItemKind.REPORT,
            presenter="Ban Thanh tra nhân dân",
        ),
        PlannedItem(f"Biểu quyết các chỉ tiêu trọng tâm năm {year}", ItemKind.VOTE),
        PlannedItem(
            f"Quyết định việc thu, chi năm {year} các khoản đóng góp của cán bộ, công chức, viên chức, "
            "người lao động ngoài các khoản đã được pháp luật quy định",
            ItemKind.VOTE,
        ),
        PlannedItem(
            f"Tham gia ý kiến vào dự thảo Quy chế chi tiêu nội bộ năm {year}",
            ItemKind.DOCUMENT,
            is_advisory=True,
        ),
        PlannedItem(f"Công bố các quyết định khen thưởng năm {past}", ItemKind.COMMENDATION),
        PlannedItem(
            f"Tham gia ý kiến vào Kế hoạch phát động phong trào thi đua năm {year}",
            ItemKind.DOCUMENT,
            is_advisory=True,
        ),
        PlannedItem(pledge, ItemKind.PLEDGE),
        PlannedItem("Phát biểu chỉ đạo", ItemKind.SPEECH),
        PlannedItem("Thông qua Nghị quyết Hội nghị", ItemKind.DOCUMENT, presenter="Thư ký Hội nghị"),
    )


def _pledge_signing(year: int, *, has_union: bool) -> tuple[PlannedItem, ...]:
    experience = "công tác khen thưởng và hoạt động công đoàn" if has_union else "công tác khen thưởng"
    lead = "Cụm trưởng"
    return (
        PlannedItem("Thảo luận các dự thảo văn bản của Cụm thi đua", ItemKind.DISCUSSION, presenter=lead),
        PlannedItem(f"Thông qua Giao ước thi đua năm {year}", ItemKind.DOCUMENT, presenter=lead),
        PlannedItem(
            f"Thông qua Quy chế hoạt động của Cụm thi đua năm {year}", ItemKind.DOCUMENT, presenter=lead
        ),
        PlannedItem(
            f"Thông qua Kế hoạch hoạt động của Cụm thi đua năm {year}", ItemKind.DOCUMENT, presenter=lead
        ),
        PlannedItem(f"Thông qua Tiêu chí chấm điểm thi đua năm {year}", ItemKind.DOCUMENT, presenter=lead),
        PlannedItem(f"Trao đổi kinh nghiệm tổ chức phong trào thi đua, {experience}", ItemKind.DISCUSSION),
        PlannedItem(f"Ký kết Giao ước thi đua năm {year}", ItemKind.PLEDGE),
        PlannedItem("Phát biểu chỉ đạo", ItemKind.SPEECH, presenter="Lãnh đạo cấp trên"),
    )


_PEOPLE = (
    "Nguyễn Thị Mẫu An",
    "Trần Văn Mẫu Bình",
    "Lê Thị Mẫu Chi",
    "Phạm Văn Mẫu Dũng",
    "Hoàng Thị Mẫu Giang",
    "Võ Văn Mẫu Hải",
    "Đặng Thị Mẫu Khuê",
)

EXAMPLE_PHONES = frozenset(f"+8410000000{number}" for number in range(1, len(_PEOPLE) + 1))
"""Phones of the example's people, in a range where nobody has one: by them it is known again."""


def example_plan(template: Template, today: date) -> MeetingPlan:
    """Give an invented meeting of this kind, about a fortnight ahead, to be overwritten by the organiser."""
    on = today + timedelta(days=14)
    while on.weekday() in _WEEKEND:
        on += timedelta(days=1)
    year = planning_year(on)
    has_union = template is not Template.THUONG
    title, host, units, positions = _EXAMPLES[template]
    items = agenda_of(template, year, has_union=has_union) or _OTHER_AGENDA
    return MeetingPlan(
        title=title.format(year=year),
        template=template,
        host=host,
        place="Hội trường tầng 2, số 1 đường Ví Dụ",
        starts_at=datetime.combine(on, time(14)),
        timezone="Asia/Ho_Chi_Minh",
        rules=default_rules(template, on),
        headcount=6 if template is Template.CBCCVC else None,
        has_union=has_union,
        units=tuple(PlannedUnit(name) for name in units),
        attendees=tuple(_attendee(place, units, positions) for place in range(len(_PEOPLE))),
        items=items,
        scorings=tuple(
            PlannedScoring(place, Decimal(100), _CRITERIA, units[0])
            for place, item in enumerate(items)
            if template is Template.GIAO_UOC and item.title.startswith("Thông qua Tiêu chí chấm điểm")
        ),
    )


_CRITERIA = (
    PlannedCriterion(
        "I. Phong trào thi đua", "Tổ chức phong trào thi đua", CriterionKind.POINTS, Decimal(40)
    ),
    PlannedCriterion(
        "I. Phong trào thi đua", "Tham gia hoạt động của Cụm", CriterionKind.POINTS, Decimal(30)
    ),
    PlannedCriterion("II. Thông tin, báo cáo", "Báo cáo đầy đủ, đúng hạn", CriterionKind.POINTS, Decimal(30)),
    PlannedCriterion("III. Điểm thưởng", "Có mô hình mới được công nhận", CriterionKind.BONUS, Decimal(5)),
    PlannedCriterion("IV. Điểm trừ", "Vi phạm quy chế của Cụm", CriterionKind.PENALTY, Decimal(10)),
)


_WEEKEND = {5, 6}

_OTHER_AGENDA = (
    PlannedItem("Thông qua chương trình", ItemKind.PROCEDURE),
    PlannedItem("Thông qua hình thức biểu quyết", ItemKind.VOTING_METHOD, text=_VOTING_METHOD),
    PlannedItem("Báo cáo công tác", ItemKind.REPORT),
    PlannedItem("Biểu quyết phương án tổ chức hoạt động kỷ niệm ngày thành lập", ItemKind.VOTE),
)

_OFFICES = ("Ban Giám đốc", "Văn phòng", "Phòng Kế hoạch - Tài chính", "Phòng Nghiệp vụ")
_OFFICERS = ("Giám đốc", "Chánh Văn phòng", "Kế toán trưởng", "Trưởng phòng", "Phó Giám đốc", "Chuyên viên")

_EXAMPLES: dict[Template, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    Template.CBCCVC: (
        "Hội nghị cán bộ, công chức, viên chức và người lao động năm {year}",
        "Trung tâm Ví Dụ",
        _OFFICES,
        _OFFICERS,
    ),
    Template.GIAO_UOC: (
        "Hội nghị ký kết giao ước thi đua năm {year} Cụm thi đua số 01",
        "Công đoàn cơ sở Cơ quan Ví Dụ 1",
        tuple(f"Công đoàn cơ sở Cơ quan Ví Dụ {number}" for number in range(1, 7)),
        ("Chủ tịch Công đoàn",) * 6,
    ),
    Template.THUONG: ("Hội nghị giao ban quý", "Trung tâm Ví Dụ", _OFFICES, _OFFICERS),
}
"""Title, host, units, and the positions of those who vote."""


def _attendee(place: int, units: tuple[str, ...], positions: tuple[str, ...]) -> PlannedAttendee:
    """Give one of the example's people: all vote but the last one, a guest from elsewhere."""
    phone = f"+8410000000{place + 1}"
    if place == len(_PEOPLE) - 1:
        return PlannedAttendee(_PEOPLE[place], None, "Đại diện cấp trên", Standing.GUEST, phone)
    role = {0: Role.CHAIR, 1: Role.SECRETARY}.get(place)
    unit = units[place % len(units)]
    return PlannedAttendee(_PEOPLE[place], unit, positions[place], Standing.VOTING, phone, role)

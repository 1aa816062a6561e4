"""The two meetings of the demo: units, papers and titles are those of the articles, names are invented."""

from datetime import datetime

from bot.templates import agenda_of
from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.regimes import Template, default_rules

_TIMEZONE = "Asia/Ho_Chi_Minh"

# The staff conference of a provincial youth union

REPORTS = (
    (
        "Kiểm điểm việc thực hiện các Nghị quyết, chủ trương, chính sách của Đảng, pháp luật của Nhà nước "
        "có liên quan đến chức năng, nhiệm vụ của cơ quan"
    ),
    (
        "Kiểm điểm việc thực hiện Nghị quyết Hội nghị cán bộ công chức và người lao động năm 2021 và những "
        "quy định về thực hiện quy chế dân chủ trong hoạt động cơ quan"
    ),
    "Kiểm điểm trách nhiệm của Người đứng đầu cơ quan trong việc thực hiện kế hoạch công tác năm 2021",
)
INSPECTION = "Báo cáo công tác thanh tra nhân dân năm 2021"
FINANCES = "Báo cáo thu chi tài chính"
DISCUSSION = "Thảo luận, đóng góp và kiến nghị đối với lãnh đạo cơ quan và Ban Chấp hành Công đoàn"
SPENDING = "Quy chế chi tiêu nội bộ cơ quan"
EMULATION = "Kế hoạch phát động phong trào thi đua năm 2022"
TARGETS = "Các chỉ tiêu trọng tâm thực hiện trong năm 2022"
INNER_PLEDGE = "Ký kết giao ước thi đua giữa lãnh đạo Tỉnh đoàn và Ban Chấp hành Công đoàn"
SPEECH = "Phát biểu chỉ đạo của Thường trực Tỉnh đoàn"
TITLES = "Công bố các Quyết định công nhận danh hiệu năm 2021"

_TITLES_TEXT = (
    "“Lao động Tiên tiến” năm 2021: 06 tập thể và 18 cá nhân; “Chiến sĩ thi đua cơ sở” năm 2021: 03 cá nhân; "
    "“Công đoàn viên xuất sắc”: 17 cá nhân; “Hai giỏi”: 07 cá nhân; “Nam chia sẻ công tác, san sẻ việc nhà "
    "cùng nữ giới”: 10 cá nhân."
)

_STAFF: dict[str, tuple[tuple[str, str], ...]] = {
    "Thường trực Tỉnh đoàn": (
        ("Lâm Quốc Khải", "Bí thư Tỉnh đoàn"),
        ("Huỳnh Thị Ngọc Diễm", "Phó Bí thư Tỉnh đoàn"),
        ("Châu Văn Tường", "Phó Bí thư Tỉnh đoàn"),
    ),
    "Văn phòng Tỉnh đoàn": (
        ("Đoàn Thị Bích Thủy", "Chánh Văn phòng"),
        ("Phạm Hữu Nghĩa", "Phó Chánh Văn phòng"),
        ("Ngô Thị Hồng Cẩm", "Chuyên viên tổng hợp"),
        ("Lê Thị Thanh Nhàn", "Kế toán"),
        ("Trịnh Minh Đạt", "Chuyên viên công nghệ thông tin"),
        ("Võ Thị Mỹ Linh", "Văn thư"),
        ("Nguyễn Văn Sáu", "Lái xe"),
        ("Thạch Sa Rây", "Nhân viên bảo vệ"),
    ),
    "Ban Tổ chức - Kiểm tra": (
        ("Đinh Công Thành", "Trưởng ban"),
        ("Lý Thị Kim Ngân", "Phó Trưởng ban"),
        ("Bùi Thanh Tùng", "Chuyên viên"),
        ("Tô Thị Hoài Thương", "Chuyên viên"),
        ("Mai Chí Cường", "Chuyên viên"),
    ),
    "Ban Tuyên giáo": (
        ("Dương Thị Cẩm Tú", "Trưởng ban"),
        ("Hồ Nhật Quang", "Phó Trưởng ban"),
        ("Nguyễn Thị Yến Nhi", "Chuyên viên"),
        ("Phan Hoàng Duy", "Chuyên viên"),
        ("Kim Thị Sô Phi", "Chuyên viên"),
    ),
    "Ban Đoàn kết tập hợp thanh niên": (
        ("Trần Bá Lộc", "Trưởng ban"),
        ("Lưu Thị Phương Uyên", "Phó Trưởng ban"),
        ("Cao Minh Trí", "Chuyên viên"),
        ("Nguyễn Thị Trúc Mai", "Chuyên viên"),
        ("Danh Hoàng Em", "Chuyên viên"),
        ("Đặng Thị Thu Hà", "Chuyên viên"),
    ),
    "Ban Thanh thiếu nhi - Trường học": (
        ("Vương Thị Ánh Tuyết", "Trưởng ban"),
        ("Lê Phước Hậu", "Phó Trưởng ban"),
        ("Nguyễn Hoàng Anh Thư", "Chuyên viên"),
        ("Quách Gia Bảo", "Chuyên viên"),
        ("Trần Thị Diệu Hiền", "Chuyên viên"),
        ("Phùng Văn Khánh", "Chuyên viên"),
    ),
    "Trung tâm Hoạt động Thanh thiếu niên": (
        ("Tạ Đức Hòa", "Giám đốc"),
        ("Nguyễn Thị Lan Chi", "Phó Giám đốc"),
        ("Hà Tấn Phát", "Tổ trưởng"),
        ("Lê Thị Tuyết Nhung", "Viên chức"),
        ("Trương Thành Long", "Viên chức"),
        ("Đỗ Thị Quỳnh Như", "Viên chức"),
        ("Phạm Ngọc Sơn", "Viên chức"),
        ("Nguyễn Thị Bé Bảy", "Viên chức"),
        ("Huỳnh Trọng Nhân", "Viên chức"),
        ("La Thị Huệ", "Viên chức"),
        ("Trần Quang Vinh", "Viên chức"),
        ("Nguyễn Thị Cẩm Nhung", "Viên chức"),
        ("Lê Văn Đực", "Nhân viên kỹ thuật"),
        ("Bành Thị Tố Quyên", "Viên chức"),
        ("Tiêu Minh Nhựt", "Viên chức"),
    ),
}
STAFF_CHAIR = "Lâm Quốc Khải"
STAFF_SECRETARY = "Ngô Thị Hồng Cẩm"
STAFF_ORGANISER = "Đoàn Thị Bích Thủy"


def staff_conference() -> MeetingPlan:
    """Give the plan of seed 1: Tỉnh đoàn Hậu Giang, the afternoon of 30/12/2021, 48 people summoned."""
    starts_at = datetime(2021, 12, 30, 14)  # noqa: DTZ001 - a wall time, as plans have it
    roles = {STAFF_CHAIR: Role.CHAIR, STAFF_SECRETARY: Role.SECRETARY}
    attendees = tuple(
        PlannedAttendee(name, unit, position, Standing.VOTING, role=roles.get(name))
        for unit, people in _STAFF.items()
        for name, position in people
    )
    head, union = "Người đứng đầu cơ quan", "Ban Chấp hành Công đoàn"
    return MeetingPlan(
        title="Hội nghị Cán bộ công chức và người lao động năm 2022",
        template=Template.CBCCVC,
        host="Tỉnh đoàn Hậu Giang",
        place="Hội trường Tỉnh đoàn Hậu Giang",
        starts_at=starts_at,
        timezone=_TIMEZONE,
        rules=default_rules(Template.CBCCVC, starts_at.date()),
        headcount=len(attendees),
        has_union=True,
        units=tuple(map(PlannedUnit, _STAFF)),
        attendees=attendees,
        items=(
            *_opening(Template.CBCCVC),
            PlannedItem(REPORTS[0], ItemKind.REPORT, presenter=head),
            PlannedItem(REPORTS[1], ItemKind.REPORT, presenter=union),
            PlannedItem(REPORTS[2], ItemKind.REPORT, presenter=head),
            PlannedItem(INSPECTION, ItemKind.REPORT, presenter="Ban Thanh tra nhân dân"),
            PlannedItem(FINANCES, ItemKind.REPORT, presenter="Kế toán"),
            PlannedItem(DISCUSSION, ItemKind.DISCUSSION),
            # A deciding vote here, as the conference of 2021 is reported to have adopted it.
            PlannedItem(SPENDING, ItemKind.DOCUMENT),
            PlannedItem(EMULATION, ItemKind.DOCUMENT),
            PlannedItem(TARGETS, ItemKind.VOTE),
            PlannedItem(INNER_PLEDGE, ItemKind.PLEDGE),
            PlannedItem(SPEECH, ItemKind.SPEECH),
            PlannedItem(TITLES, ItemKind.COMMENDATION, text=_TITLES_TEXT),
        ),
    )


# The signing conference of a cluster of seven unions

PAPERS_DISCUSSION = "Thảo luận các nội dung của Cụm thi đua số 02"
PLEDGE_PAPER = "Giao ước thi đua năm 2022"
RULES_PAPER = "Quy chế hoạt động của Cụm"
PLAN_PAPER = "Kế hoạch hoạt động của Cụm năm 2022"
CRITERIA_PAPER = "Tiêu chí chấm điểm thi đua năm 2022"
SIGNING = "Ký kết Giao ước thi đua năm 2022"
CONCLUSION = "Phát biểu kết luận Hội nghị"

PLAN_ADDITIONS = (
    (
        "Trao đổi kinh nghiệm giữa các đơn vị trong Cụm về tổ chức phong trào thi đua, công tác khen thưởng "
        "và hoạt động công đoàn"
    ),
    "Tham quan học tập mô hình, điển hình tiên tiến",
    "Khuyến khích các đơn vị trong Cụm tổ chức sinh hoạt chuyên đề",
)

_UNIONS = (
    ("Công đoàn cơ sở Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Lương Thế Phong"),
    ("Công đoàn cơ sở Văn phòng UBND tỉnh", "Nguyễn Thị Hải Vân"),
    ("Công đoàn cơ sở Sở Nội vụ", "Đào Duy Hưng"),
    ("Công đoàn cơ sở Sở Văn hóa, Thể thao và Du lịch", "Phan Thị Tường Vi"),
    ("Công đoàn cơ sở Sở Lao động - Thương binh và Xã hội", "Hoàng Trung Hiếu"),
    ("Công đoàn cơ sở Đài Phát thanh - Truyền hình tỉnh", "Cao Thị Minh Nguyệt"),
    ("Công đoàn cơ sở Trung tâm Dịch vụ việc làm tỉnh", "Vũ Đình Toàn"),
)
CLUSTER = "Cụm thi đua số 02"
CLUSTER_CHAIR = "Lương Thế Phong"
CLUSTER_SECRETARY = "Trương Thị Ngọc Hân"
CLUSTER_ORGANISER = CLUSTER_SECRETARY
_OBSERVERS = (
    (CLUSTER_SECRETARY, 0),
    ("Nguyễn Hữu Tài", 0),
    ("Lê Thị Kiều Oanh", 1),
    ("Bạch Quốc Dũng", 3),
    ("Tống Thị Hạnh", 5),
)
_GUESTS = (
    ("Đặng Ngọc Quý", "Chủ tịch Công đoàn Viên chức tỉnh"),
    ("Trần Thị Xuân Thảo", "Bí thư Đảng ủy, Chánh Văn phòng Đoàn ĐBQH và HĐND tỉnh"),
)


def pledge_signing() -> MeetingPlan:
    """Give the plan of seed 2: Cụm thi đua số 02, the morning of 07/04/2022, seven units summoned."""
    starts_at = datetime(2022, 4, 7, 8)  # noqa: DTZ001 - a wall time, as plans have it
    lead = "Cụm trưởng"
    return MeetingPlan(
        title="Hội nghị Ký kết giao ước thi đua năm 2022 Cụm thi đua số 02",
        template=Template.GIAO_UOC,
        host=_UNIONS[0][0],
        place="Văn phòng Đoàn ĐBQH và HĐND tỉnh",
        starts_at=starts_at,
        timezone=_TIMEZONE,
        rules=default_rules(Template.GIAO_UOC, starts_at.date()),
        headcount=None,
        has_union=True,
        units=tuple(PlannedUnit(unit) for unit, _ in _UNIONS),
        attendees=(
            *(
                PlannedAttendee(
                    name,
                    unit,
                    "Chủ tịch Công đoàn cơ sở",
                    Standing.VOTING,
                    role=Role.CHAIR if name == CLUSTER_CHAIR else None,
                )
                for unit, name in _UNIONS
            ),
            *(
                PlannedAttendee(
                    name,
                    _UNIONS[place][0],
                    "Ủy viên Ban Chấp hành Công đoàn cơ sở",
                    Standing.OBSERVER,
                    role=Role.SECRETARY if name == CLUSTER_SECRETARY else None,
                )
                for name, place in _OBSERVERS
            ),
            *(PlannedAttendee(name, None, position, Standing.GUEST) for name, position in _GUESTS),
        ),
        items=(
            *_opening(Template.GIAO_UOC),
            PlannedItem(PAPERS_DISCUSSION, ItemKind.DISCUSSION, presenter=lead),
            PlannedItem(PLEDGE_PAPER, ItemKind.DOCUMENT, presenter=lead),
            PlannedItem(RULES_PAPER, ItemKind.DOCUMENT, presenter=lead),
            PlannedItem(PLAN_PAPER, ItemKind.DOCUMENT, presenter=lead),
            PlannedItem(CRITERIA_PAPER, ItemKind.DOCUMENT, presenter=lead),
            PlannedItem(SIGNING, ItemKind.PLEDGE),
            PlannedItem(CONCLUSION, ItemKind.SPEECH, presenter=lead),
        ),
    )


def _opening(template: Template) -> tuple[PlannedItem, ...]:
    """Give the procedural items that protocol has first, as the template words them."""
    return tuple(item for item in agenda_of(template, 2022, has_union=True) if item.kind.is_procedural)

"""The two meetings of the demo: units, papers and titles are those of the articles, names are invented."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.demo import texts
from bot.templates import agenda_of
from meeting.agenda import ItemKind
from meeting.people import Role, Standing
from meeting.plan import MeetingPlan, PlannedAttendee, PlannedItem, PlannedUnit
from meeting.pledges import PlannedParty, PlannedPledge
from meeting.regimes import Template, default_rules
from meeting.titles import PlannedRecipient, PlannedTitle, Quota, RecipientKind

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
UNION_HEAD = "Đinh Công Thành"
SPEAKER = "Huỳnh Thị Ngọc Diễm"


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
    items = (
        *_opening(Template.CBCCVC),
        PlannedItem(REPORTS[0], ItemKind.REPORT, presenter=head),
        PlannedItem(REPORTS[1], ItemKind.REPORT, presenter=union),
        PlannedItem(REPORTS[2], ItemKind.REPORT, presenter=head),
        PlannedItem(INSPECTION, ItemKind.REPORT, presenter="Ban Thanh tra nhân dân"),
        PlannedItem(FINANCES, ItemKind.REPORT, presenter="Kế toán"),
        PlannedItem(DISCUSSION, ItemKind.DISCUSSION),
        # The meeting gives its opinion, and the head decides (`domain.md` §1.2, Đ.53).
        PlannedItem(SPENDING, ItemKind.DOCUMENT, is_advisory=True, text=texts.SPENDING_TEXT),
        PlannedItem(EMULATION, ItemKind.DOCUMENT, text=texts.EMULATION_TEXT),
        PlannedItem(TARGETS, ItemKind.VOTE, text=texts.TARGETS_TEXT),
        PlannedItem(INNER_PLEDGE, ItemKind.PLEDGE, text=texts.INNER_PLEDGE_TEXT),
        PlannedItem(SPEECH, ItemKind.SPEECH),
        PlannedItem(TITLES, ItemKind.COMMENDATION),
    )
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
        items=items,
        pledge=staff_pledge(attendees, items),
        titles=staff_titles(attendees),
    )


def staff_pledge(attendees: Sequence[PlannedAttendee], items: Sequence[PlannedItem]) -> PlannedPledge:
    """Give the pledge of seed 1: its two parties, each with its head."""
    places = {attendee.name: place for place, attendee in enumerate(attendees)}
    return PlannedPledge(
        _place_of(INNER_PLEDGE, items),
        tuple(
            PlannedParty(party, signer, position, places[signer])
            for party, signer, position in (
                ("Lãnh đạo Tỉnh đoàn", STAFF_CHAIR, "Bí thư Tỉnh đoàn"),
                ("Ban Chấp hành Công đoàn", UNION_HEAD, "Chủ tịch Công đoàn cơ sở"),
            )
        ),
    )


# The article has the titles and how many received them; who did, and the numbers of decisions, are invented.

ADVANCED = "Lao động Tiên tiến"
FIGHTERS = "Chiến sĩ thi đua cơ sở"
_MIDDLE_OF_WOMEN = " Thị "
_DECIDED_ON = date(2021, 12, 28)
_YOUTH_UNION, _UNION = "Tỉnh đoàn Hậu Giang", "Công đoàn cơ sở Tỉnh đoàn"
_TITLES: tuple[tuple[str, str, str, int, int], ...] = (
    (ADVANCED, "01-QĐ/TĐTN", _YOUTH_UNION, 6, 18),
    (FIGHTERS, "02-QĐ/TĐTN", _YOUTH_UNION, 0, 3),
    ("Công đoàn viên xuất sắc", "03/QĐ-CĐCS", _UNION, 0, 17),
    ("Hai giỏi", "03/QĐ-CĐCS", _UNION, 0, 7),
    ("Nam chia sẻ công tác, san sẻ việc nhà cùng nữ giới", "03/QĐ-CĐCS", _UNION, 0, 10),
)


def staff_titles(attendees: Sequence[PlannedAttendee]) -> tuple[PlannedTitle, ...]:
    """Give the titles of seed 1: 6 collectives and 55 individuals, some of whom receive several.

    Who isn't among the attendees, where only some of the staff are, is named as not listed.
    """
    places = {attendee.name: place for place, attendee in enumerate(attendees)}
    units = {name: unit for unit, people in _STAFF.items() for name, _ in people}
    return tuple(
        PlannedTitle(
            title,
            number,
            _DECIDED_ON,
            issuer,
            quota=Quota(3, 20, ADVANCED) if title == FIGHTERS else None,
            recipients=(
                *(PlannedRecipient(RecipientKind.COLLECTIVE, unit) for unit in list(_STAFF)[:collectives]),
                *(
                    PlannedRecipient(RecipientKind.INDIVIDUAL, name, units[name], places.get(name))
                    for name in _who_may_receive(title)[:individuals]
                ),
            ),
        )
        for title, number, issuer, collectives, individuals in _TITLES
    )


def _who_may_receive(title: str) -> list[str]:
    """Give the staff, for a title of women or of men these alone."""
    people = [name for staff in _STAFF.values() for name, _ in staff]
    if title == "Hai giỏi":
        return [name for name in people if _MIDDLE_OF_WOMEN in name]
    if title.startswith("Nam "):
        return [name for name in people if _MIDDLE_OF_WOMEN not in name]
    return people


# The signing conference of a cluster of seven unions

PAPERS_DISCUSSION = "Thảo luận các nội dung của Cụm thi đua số 02"
PLEDGE_PAPER = "Giao ước thi đua năm 2022"
RULES_PAPER = "Quy chế hoạt động của Cụm"
PLAN_PAPER = "Kế hoạch hoạt động của Cụm năm 2022"
CRITERIA_PAPER = "Tiêu chí chấm điểm thi đua năm 2022"
SIGNING = "Ký kết Giao ước thi đua năm 2022"
CONCLUSION = "Phát biểu kết luận Hội nghị"
_PAPERS = (
    (PLEDGE_PAPER, texts.PLEDGE_TEXT),
    (RULES_PAPER, texts.RULES_TEXT),
    (PLAN_PAPER, texts.PLAN_TEXT),
    (CRITERIA_PAPER, texts.CRITERIA_TEXT),
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
_UNION_HEAD = "Chủ tịch Công đoàn cơ sở"
CLUSTER_SIGNERS = tuple(name for _, name in _UNIONS)
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
WITNESS = ", ".join(_GUESTS[0])


def pledge_signing() -> MeetingPlan:
    """Give the plan of seed 2: Cụm thi đua số 02, the morning of 07/04/2022, seven units summoned."""
    starts_at = datetime(2022, 4, 7, 8)  # noqa: DTZ001 - a wall time, as plans have it
    lead = "Cụm trưởng"
    items = (
        *_opening(Template.GIAO_UOC),
        PlannedItem(PAPERS_DISCUSSION, ItemKind.DISCUSSION, presenter=lead),
        *(PlannedItem(title, ItemKind.DOCUMENT, text=text, presenter=lead) for title, text in _PAPERS),
        PlannedItem(SIGNING, ItemKind.PLEDGE),
        PlannedItem(CONCLUSION, ItemKind.SPEECH, presenter=lead),
    )
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
                    _UNION_HEAD,
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
        items=items,
        pledge=PlannedPledge(
            _place_of(SIGNING, items),
            tuple(PlannedParty(unit, name, _UNION_HEAD, place) for place, (unit, name) in enumerate(_UNIONS)),
            witness=WITNESS,
        ),
    )


def _place_of(title: str, items: Sequence[PlannedItem]) -> int:
    return next(place for place, item in enumerate(items) if item.title == title)


def _opening(template: Template) -> tuple[PlannedItem, ...]:
    """Give the procedural items that protocol has first, as the template words them."""
    return tuple(item for item in agenda_of(template, 2022, has_union=True) if item.kind.is_procedural)

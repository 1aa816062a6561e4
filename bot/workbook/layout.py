"""The workbook's sheets, headings and words: what is written, and what is recognised when it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from meeting.agenda import ItemKind
from meeting.attendance import QuorumKind
from meeting.names import fold
from meeting.people import Role, Standing
from meeting.pledges import MOST_PARTIES
from meeting.regimes import Template
from meeting.scoring import MOST_CRITERIA, CriterionKind
from meeting.titles import RecipientKind
from meeting.voting import BaseKind

FILE_LIMIT = 10 * 1024 * 1024
"""Bytes of a workbook that are taken; one with 5,000 attendees has about a quarter of a megabyte."""

UNPACKED_LIMIT = 50 * 1024 * 1024
"""Bytes that the parts to be read may unpack to, all together."""

DETAIL_LIMIT = 200
"""Characters of a unit, a position or a presenter: longer than a person's name, shorter than a title."""

DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"

T = TypeVar("T")


class Sheet(StrEnum):
    """The sheets that are read."""

    MEETING = "meeting"
    UNITS = "units"
    ATTENDEES = "attendees"
    AGENDA = "agenda"
    PLEDGE = "pledge"
    TITLES = "titles"
    CRITERIA = "criteria"


class Column(StrEnum):
    """What one cell says; on the meeting's sheet each has a row, on the others a column."""

    NUMBER = "number"
    NOTE = "note"
    TITLE = "title"
    TEMPLATE = "template"
    HOST = "host"
    PLACE = "place"
    DATE = "date"
    TIME = "time"
    TIMEZONE = "timezone"
    HEADCOUNT = "headcount"
    HAS_UNION = "has_union"
    QUORUM_KIND = "quorum_kind"
    QUORUM = "quorum"
    BASE_KIND = "base_kind"
    THRESHOLD = "threshold"
    RULE_SOURCE = "rule_source"
    IS_VERIFIED = "is_verified"
    UNIT_NAME = "unit_name"
    NAME = "name"
    UNIT = "unit"
    POSITION = "position"
    STANDING = "standing"
    ROLE = "role"
    PHONE = "phone"
    ITEM_TITLE = "item_title"
    KIND = "kind"
    IS_ADVISORY = "is_advisory"
    PRESENTER = "presenter"
    TEXT = "text"
    OPINION = "opinion"
    OPINION_ITEM = "opinion_item"
    AUTHOR = "author"
    OPINION_KIND = "opinion_kind"
    OPINION_TEXT = "opinion_text"
    OUTCOME = "outcome"
    ANSWER = "answer"
    TITLE_NAME = "title_name"
    DECISION_NUMBER = "decision_number"
    DECIDED_ON = "decided_on"
    ISSUER = "issuer"
    RECIPIENT_KIND = "recipient_kind"
    RECIPIENT = "recipient"
    IS_UNLISTED = "is_unlisted"
    QUOTA = "quota"
    QUOTA_OF = "quota_of"
    PARTY = "party"
    SIGNER = "signer"
    WITNESS = "witness"
    ITEM_NUMBER = "item_number"
    SCALE = "scale"
    LEAD_UNIT = "lead_unit"
    HAS_CROSS_SCORES = "has_cross_scores"
    CODE = "code"
    SECTION = "section"
    CRITERION = "criterion"
    CRITERION_KIND = "criterion_kind"
    MOST = "most"
    POINTS = "points"
    EVIDENCE = "evidence"


UNREAD_COLUMNS = frozenset({Column.NUMBER, Column.NOTE})
"""Known, and for people only: whatever stands there changes nothing."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is written, and what else it may be called; `width` is in characters."""

    column: Column
    label: str
    aliases: tuple[str, ...] = ()
    width: int = 20
    is_required: bool = False


@dataclass(frozen=True)
class SheetLayout:
    """A sheet: its name as it is written, its other names, its headings and how many rows are taken.

    An optional one may be missing.
    """

    label: str
    aliases: tuple[str, ...]
    headings: tuple[Heading, ...]
    row_limit: int
    is_optional: bool = False

    def heading(self, column: Column) -> Heading:
        """Give the heading of a column that this sheet has."""
        return next(heading for heading in self.headings if heading.column is column)

    def find(self, text: str) -> Column | None:
        """Give the column that a heading means: any case, spacing, diacritics and remark in brackets."""
        return self._columns.get(fold(text.partition("(")[0])) or self._columns.get(fold(text))

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {
            fold(name): heading.column
            for heading in self.headings
            for name in (heading.label, *heading.aliases)
        }


_NUMBER = Heading(Column.NUMBER, "STT", ("TT", "Số thứ tự", "No", "Number"), width=6)
_NOTE = Heading(Column.NOTE, "Ghi chú", ("Chú thích", "Note", "Notes", "Remarks"), width=24)

SHEETS: Mapping[str, SheetLayout] = {
    Sheet.MEETING: SheetLayout(
        "Hội nghị",
        ("Cuộc họp", "Thông tin hội nghị", "Meeting", "Conference"),
        (
            Heading(Column.TITLE, "Tên hội nghị", ("Tên cuộc họp", "Title", "Meeting"), is_required=True),
            Heading(Column.TEMPLATE, "Loại hội nghị", ("Mẫu hội nghị", "Kind", "Template"), is_required=True),
            Heading(
                Column.HOST, "Đơn vị tổ chức", ("Cơ quan tổ chức", "Host", "Organised by"), is_required=True
            ),
            Heading(Column.PLACE, "Địa điểm", ("Nơi họp", "Place", "Venue"), is_required=True),
            Heading(Column.DATE, "Ngày", ("Ngày họp", "Thời gian", "Date"), is_required=True),
            Heading(Column.TIME, "Giờ bắt đầu", ("Giờ", "Giờ họp", "Time", "Start time", "Starts at")),
            Heading(Column.TIMEZONE, "Múi giờ", ("Time zone", "Timezone")),
            Heading(
                Column.HEADCOUNT,
                "Tổng số CBCCVC-NLĐ",
                (
                    "Tổng số cán bộ, công chức, viên chức, người lao động",
                    "Tổng số người của đơn vị",
                    "Tổng số",
                    "Headcount",
                    "Staff",
                ),
            ),
            Heading(Column.HAS_UNION, "Có tổ chức công đoàn", ("Có công đoàn", "Has union", "Union")),
            Heading(Column.QUORUM_KIND, "Điều kiện dự họp tính theo", ("Túc số tính theo", "Quorum of")),
            Heading(Column.QUORUM, "Tỷ lệ dự họp tối thiểu", ("Tỷ lệ túc số", "Túc số", "Quorum")),
            Heading(Column.BASE_KIND, "Tỷ lệ tán thành tính theo", ("Cơ sở tính tỷ lệ", "Base", "Share of")),
            Heading(Column.THRESHOLD, "Tỷ lệ thông qua", ("Ngưỡng thông qua", "Threshold", "Majority")),
            Heading(Column.RULE_SOURCE, "Căn cứ", ("Căn cứ pháp lý", "Source", "Legal basis")),
            Heading(Column.IS_VERIFIED, "Căn cứ đã được kiểm tra", ("Đã kiểm tra", "Source checked")),
        ),
        row_limit=200,
    ),
    Sheet.UNITS: SheetLayout(
        "Đơn vị",
        ("Danh sách đơn vị", "Các đơn vị", "Units"),
        (
            _NUMBER,
            Heading(
                Column.UNIT_NAME,
                "Tên đơn vị",
                ("Đơn vị", "Cơ quan, đơn vị", "Unit", "Unit name", "Name"),
                width=60,
                is_required=True,
            ),
            _NOTE,
        ),
        row_limit=1_000,
    ),
    Sheet.ATTENDEES: SheetLayout(
        "Đại biểu",
        ("Danh sách đại biểu", "Danh sách", "Attendees", "Delegates"),
        (
            _NUMBER,
            Heading(
                Column.NAME,
                "Họ và tên",
                ("Họ tên", "Tên đại biểu", "Họ và tên đại biểu", "Full name", "Name"),
                width=28,
                is_required=True,
            ),
            Heading(
                Column.UNIT,
                "Đơn vị",
                ("Đơn vị công tác", "Cơ quan, đơn vị", "Tên đơn vị", "Phòng ban", "Unit"),
                width=36,
            ),
            Heading(
                Column.POSITION,
                "Chức vụ",
                ("Chức danh", "Chức vụ, chức danh", "Chức vụ/Chức danh", "Position"),
                width=28,
            ),
            Heading(Column.STANDING, "Tư cách", ("Tư cách đại biểu", "Thành phần", "Standing"), width=20),
            Heading(Column.ROLE, "Vai trò", ("Nhiệm vụ", "Role"), width=12),
            Heading(
                Column.PHONE,
                "Số điện thoại",
                ("Điện thoại", "SĐT", "ĐT", "Di động", "Số ĐT", "Phone", "Phone number", "Mobile"),
                width=16,
            ),
            _NOTE,
        ),
        row_limit=5_000,
    ),
    Sheet.AGENDA: SheetLayout(
        "Chương trình",
        ("Chương trình hội nghị", "Chương trình họp", "Agenda", "Items"),
        (
            _NUMBER,
            Heading(
                Column.ITEM_TITLE,
                "Nội dung",
                ("Tên nội dung", "Nội dung chương trình", "Title", "Item"),
                width=70,
                is_required=True,
            ),
            Heading(Column.KIND, "Loại nội dung", ("Loại", "Hình thức", "Kind", "Type"), width=24),
            Heading(Column.IS_ADVISORY, "Chỉ lấy ý kiến", ("Tham gia ý kiến", "Advisory"), width=14),
            Heading(
                Column.PRESENTER,
                "Người trình bày",
                ("Trình bày", "Người thực hiện", "Presenter", "Presented by"),
                width=32,
            ),
            Heading(
                Column.TEXT,
                "Dự thảo",
                ("Toàn văn", "Văn bản", "Nội dung dự thảo", "Text", "Draft"),
                width=70,
            ),
            _NOTE,
        ),
        row_limit=200,
    ),
    Sheet.PLEDGE: SheetLayout(
        "Giao ước",
        ("Giao ước thi đua", "Các bên giao ước", "Pledge"),
        (
            _NUMBER,
            Heading(
                Column.PARTY,
                "Bên giao ước",
                ("Bên", "Các bên", "Đơn vị", "Party", "Unit"),
                width=50,
                is_required=True,
            ),
            Heading(
                Column.SIGNER,
                "Người ký",
                ("Đại diện ký", "Họ và tên người ký", "Họ và tên", "Signer", "Name"),
                width=30,
            ),
            Heading(Column.POSITION, "Chức vụ", ("Chức danh", "Position"), width=30),
            Heading(Column.WITNESS, "Người chứng kiến", ("Đại diện chứng kiến", "Witness"), width=40),
            _NOTE,
        ),
        row_limit=MOST_PARTIES,
        is_optional=True,
    ),
    Sheet.TITLES: SheetLayout(
        "Danh hiệu",
        ("Danh hiệu thi đua", "Khen thưởng", "Titles"),
        (
            _NUMBER,
            Heading(Column.TITLE_NAME, "Danh hiệu", ("Tên danh hiệu", "Title"), width=36, is_required=True),
            Heading(
                Column.DECISION_NUMBER,
                "Số quyết định",
                ("Số, ký hiệu", "Số QĐ", "Decision number"),
                width=18,
            ),
            Heading(Column.DECIDED_ON, "Ngày quyết định", ("Ngày ký", "Ngày QĐ", "Decision date"), width=14),
            Heading(Column.ISSUER, "Cơ quan ban hành", ("Đơn vị ban hành", "Issued by", "Issuer"), width=30),
            Heading(
                Column.RECIPIENT_KIND,
                "Đối tượng",
                ("Tập thể hay cá nhân", "Recipient kind"),
                width=12,
                is_required=True,
            ),
            Heading(
                Column.RECIPIENT,
                "Tập thể, cá nhân",
                ("Tên tập thể, cá nhân", "Họ và tên", "Tên", "Recipient", "Name"),
                width=32,
                is_required=True,
            ),
            Heading(Column.UNIT, "Đơn vị", ("Đơn vị công tác", "Unit"), width=32),
            Heading(
                Column.IS_UNLISTED, "Ngoài danh sách", ("Không có trong danh sách", "Not listed"), width=12
            ),
            Heading(Column.QUOTA, "Tỷ lệ tối đa", ("Tỷ lệ", "Quota"), width=12),
            Heading(Column.QUOTA_OF, "Tính theo danh hiệu", ("Tỷ lệ tính theo", "Quota of"), width=30),
            _NOTE,
        ),
        row_limit=5_000,
        is_optional=True,
    ),
    Sheet.CRITERIA: SheetLayout(
        "Tiêu chí chấm điểm",
        ("Biểu chấm điểm", "Tiêu chí", "Criteria"),
        (
            _NUMBER,
            Heading(Column.ITEM_NUMBER, "Thuộc nội dung số", ("Nội dung số", "Item number"), width=12),
            Heading(Column.SCALE, "Thang điểm", ("Scale",), width=12),
            Heading(Column.LEAD_UNIT, "Cụm trưởng", ("Khối trưởng", "Lead unit"), width=36),
            Heading(Column.HAS_CROSS_SCORES, "Chấm chéo", ("Cross-scores",), width=12),
            Heading(Column.SECTION, "Phần", ("Nhóm tiêu chí", "Section"), width=30),
            Heading(Column.CRITERION, "Tiêu chí", ("Criterion",), width=60, is_required=True),
            Heading(Column.CRITERION_KIND, "Loại", ("Loại điểm", "Kind"), width=14),
            Heading(Column.MOST, "Điểm tối đa", ("Tối đa", "Most"), width=12, is_required=True),
            _NOTE,
        ),
        row_limit=MOST_CRITERIA * 2,
        is_optional=True,
    ),
}

FIELD_TITLES = ("Mục", "Thông tin", "Hướng dẫn")
"""The headings over the rows of the meeting's sheet; nothing depends on them."""

GUIDE_SHEET = "Hướng dẫn"
CHOICES_SHEET = "Danh mục"
UNREAD_SHEETS = frozenset({fold(GUIDE_SHEET), fold(CHOICES_SHEET), "guide", "lists"})
"""Sheets of the workbook that are for people only."""


@dataclass(frozen=True)
class Vocabulary(Generic[T]):
    """The words for some values: the first of each is written, all are recognised."""

    words: Mapping[T, tuple[str, ...]]

    @property
    def labels(self) -> tuple[str, ...]:
        """The words that are written and offered in the drop-down."""
        return tuple(words[0] for words in self.words.values())

    def label(self, value: T) -> str:
        """Give the word for a value; raises KeyError where the workbook has none for it."""
        return self.words[value][0]

    def find(self, text: str) -> T | None:
        """Give the value that a word means, in any case and with or without diacritics."""
        return self._values.get(fold(text))

    @cached_property
    def _values(self) -> dict[str, T]:
        return {fold(word): value for value, words in self.words.items() for word in words}


YES_NO = Vocabulary(
    {True: ("Có", "x", "Yes", "True", "Đúng", "1"), False: ("Không", "No", "False", "Sai", "0")},
)

TEMPLATES = Vocabulary(
    {
        Template.CBCCVC: (
            "Hội nghị cán bộ, công chức, viên chức và người lao động",
            "Hội nghị cán bộ, công chức, viên chức, người lao động",
            "Hội nghị CBCCVC",
            "cbccvc",
        ),
        Template.GIAO_UOC: (
            "Hội nghị ký kết giao ước thi đua",
            "Ký kết giao ước thi đua",
            "Giao ước",
            "giao-uoc",
        ),
        Template.THUONG: ("Hội nghị khác", "Hội nghị thường", "Cuộc họp", "thuong", "Other"),
    }
)

STANDINGS = Vocabulary(
    {
        Standing.VOTING: (
            "Đại biểu chính thức",
            "Đại biểu",
            "Chính thức",
            "Voting",
            "Delegate",
            "Official delegate",
        ),
        Standing.GUEST: ("Khách mời", "Đại biểu mời", "Khách", "Guest"),
        Standing.OBSERVER: ("Dự thính", "Quan sát viên", "Observer"),
    }
)

ROLES = Vocabulary(
    {
        Role.CHAIR: ("Chủ tọa", "Chủ trì", "Đoàn Chủ tịch", "Chair"),
        Role.SECRETARY: ("Thư ký", "Secretary"),
    }
)

KINDS = Vocabulary(
    {
        ItemKind.PROCEDURE: ("Thủ tục", "Procedure"),
        ItemKind.VOTING_METHOD: ("Hình thức biểu quyết", "Voting method", "Method of voting"),
        ItemKind.REPORT: ("Báo cáo", "Report"),
        ItemKind.DOCUMENT: ("Văn bản cần thông qua", "Văn bản", "Dự thảo văn bản", "Document"),
        ItemKind.DISCUSSION: ("Thảo luận", "Discussion"),
        ItemKind.VOTE: ("Biểu quyết", "Vote"),
        ItemKind.ELECTION: ("Bầu cử", "Bầu", "Election"),
        ItemKind.PLEDGE: ("Giao ước thi đua", "Ký kết giao ước", "Giao ước", "Pledge"),
        ItemKind.COMMENDATION: ("Khen thưởng", "Commendation"),
        ItemKind.SPEECH: ("Phát biểu", "Speech"),
        ItemKind.OTHER: ("Nội dung khác", "Khác", "Other"),
    }
)

RECIPIENT_KINDS = Vocabulary(
    {
        RecipientKind.COLLECTIVE: ("Tập thể", "Collective"),
        RecipientKind.INDIVIDUAL: ("Cá nhân", "Individual"),
    }
)

QUORUM_KINDS = Vocabulary(
    {
        QuorumKind.HEADCOUNT: (
            "Tổng số cán bộ, công chức, viên chức, người lao động",
            "Tổng số CBCCVC-NLĐ",
            "Tổng số người của đơn vị",
            "Headcount",
        ),
        QuorumKind.SUMMONED: ("Số đại biểu được triệu tập", "Đại biểu được triệu tập", "Summoned"),
        QuorumKind.UNITS: ("Số đơn vị được triệu tập", "Số đơn vị", "Đơn vị", "Units"),
    }
)

CRITERION_KINDS = Vocabulary(
    {
        CriterionKind.POINTS: ("Điểm", "Tiêu chí", "Điểm chuẩn", "Points"),
        CriterionKind.BONUS: ("Điểm thưởng", "Thưởng", "Cộng", "Điểm cộng", "Bonus"),
        CriterionKind.PENALTY: ("Điểm trừ", "Trừ", "Phạt", "Penalty"),
    }
)

BASE_KINDS = Vocabulary(
    {
        BaseKind.ATTENDEES: (
            "Số đại biểu dự hội nghị",
            "Đại biểu dự hội nghị",
            "Số đại biểu có mặt",
            "Attendees",
        ),
        BaseKind.SUMMONED: ("Số đại biểu được triệu tập", "Đại biểu được triệu tập", "Summoned"),
        BaseKind.UNITS: ("Số đơn vị dự hội nghị", "Số đơn vị có mặt", "Units attending", "Units"),
        BaseKind.ALL_UNITS: ("Tất cả đơn vị được triệu tập", "Tất cả đơn vị", "All units"),
    }
)

"""What can be wrong with a workbook, and what reading one gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meeting.plan import MeetingPlan


class ProblemKind(StrEnum):
    """One kind each, with its own wording; the facts that the wording names stand behind it."""

    # the file
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"  # limit: megabytes
    UNPACKED_TOO_LARGE = "unpacked_too_large"  # limit: megabytes
    OLD_XLS = "old_xls"
    PASSWORD = "password"  # noqa: S105 - a kind of problem
    MACROS = "macros"
    BINARY_WORKBOOK = "binary_workbook"
    OPEN_DOCUMENT = "open_document"
    TEXT_FILE = "text_file"
    NOT_A_WORKBOOK = "not_a_workbook"
    DAMAGED = "damaged"
    # sheets
    SHEET_MISSING = "sheet_missing"  # expected: its name
    SHEET_TWICE = "sheet_twice"
    SHEET_HIDDEN = "sheet_hidden"
    SHEET_NOT_READ = "sheet_not_read"
    TOO_MANY_ROWS = "too_many_rows"  # limit
    ROWS_HIDDEN = "rows_hidden"  # rows: "3-5, 9"
    # headings
    HEADING_MISSING = "heading_missing"  # expected: its name
    HEADING_TWICE = "heading_twice"  # other: where it stands first
    HEADING_NOT_READ = "heading_not_read"
    HEADING_EMPTY = "heading_empty"
    LABEL_MISSING = "label_missing"  # expected: its name
    LABEL_TWICE = "label_twice"  # other: the row where it stands first
    LABEL_NOT_READ = "label_not_read"
    # cells
    MERGED = "merged"  # cells: "B3:B5"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    EMPTY = "empty"
    TOO_LONG = "too_long"  # limit, length
    NOT_TEXT = "not_text"
    NO_LETTERS = "no_letters"
    DATE_UNREADABLE = "date_unreadable"
    TIME_UNREADABLE = "time_unreadable"
    TIME_TWICE = "time_twice"  # other: the other time
    TIMEZONE_UNKNOWN = "timezone_unknown"
    NUMBER_UNREADABLE = "number_unreadable"
    PHONE_UNREADABLE = "phone_unreadable"
    SHARE_UNREADABLE = "share_unreadable"
    SHARE_AMBIGUOUS = "share_ambiguous"
    CHOICE_UNKNOWN = "choice_unknown"  # expected: the words
    POINTS_UNREADABLE = "points_unreadable"
    POINTS_AMBIGUOUS = "points_ambiguous"
    POINTS_NEGATIVE = "points_negative"
    POINTS_TOO_FINE = "points_too_fine"
    POINTS_BEYOND = "points_beyond"  # most: points as text
    POINTS_ZERO = "points_zero"
    CODE_MISSING = "code_missing"
    CODE_UNKNOWN = "code_unknown"
    # what the cells say together
    CODE_TWICE = "code_twice"  # other: row
    CRITERION_LEFT_OUT = "criterion_left_out"  # expected: its text
    CRITERIA_SUM = "criteria_sum"  # sum, scale: points as text
    ITEM_UNKNOWN = "item_unknown"  # count: items on the agenda
    CRITERIA_ADVISORY = "criteria_advisory"
    CRITERIA_APART = "criteria_apart"  # other: row
    ADVISORY_PROCEDURE = "advisory_procedure"
    RECIPIENT_UNKNOWN = "recipient_unknown"  # nearest: a name on the roll or ""
    RECIPIENT_AMBIGUOUS = "recipient_ambiguous"  # rows: "3-5, 9" on the sheet of attendees
    COLLECTIVE_UNKNOWN = "collective_unknown"  # nearest: a unit's name or ""
    RECIPIENT_TWICE = "recipient_twice"  # other: row
    DECISION_DIFFERS = "decision_differs"  # other: row
    QUOTA_UNREADABLE = "quota_unreadable"
    QUOTA_EXCEEDED = "quota_exceeded"  # individuals, base, quota, allowed: as text
    QUOTA_UNCHECKED = "quota_unchecked"
    TITLES_TOO_MANY = "titles_too_many"  # limit
    RECIPIENTS_TOO_MANY = "recipients_too_many"  # limit
    PARTY_TWICE = "party_twice"  # other: row
    SIGNER_TWICE = "signer_twice"  # other: row
    SIGNER_AMBIGUOUS = "signer_ambiguous"  # rows: "3-5, 9" on the sheet of attendees
    SIGNER_RESEMBLES = "signer_resembles"  # nearest: a name on the sheet of attendees
    WITNESS_DIFFERS = "witness_differs"  # other: row
    PLEDGE_ITEM_MISSING = "pledge_item_missing"
    UNIT_TWICE = "unit_twice"  # other: row
    UNIT_UNKNOWN = "unit_unknown"  # nearest: a unit's name or ""
    UNITS_MISSING = "units_missing"
    UNIT_NEEDED = "unit_needed"
    UNIT_UNREPRESENTED = "unit_unrepresented"
    SEVERAL_REPRESENTATIVES = "several_representatives"  # count
    PERSON_TWICE = "person_twice"  # other: row
    PERSON_SIMILAR = "person_similar"  # other: row, name
    NAME_SHARED = "name_shared"  # other: row
    PHONE_TWICE = "phone_twice"  # other: row
    NO_VOTING_ATTENDEE = "no_voting_attendee"
    NO_CHAIR = "no_chair"
    NO_ITEMS = "no_items"
    HEADCOUNT_TOO_SMALL = "headcount_too_small"  # count: attendees who vote
    HEADCOUNT_MISSING = "headcount_missing"
    AUTHOR_UNKNOWN = "author_unknown"  # nearest: a name on the roll, a unit's, or ""
    AUTHOR_AMBIGUOUS = "author_ambiguous"
    OPINION_ITEM_UNKNOWN = "opinion_item_unknown"
    ANSWER_MISSING = "answer_missing"
    OPINION_UNKNOWN = "opinion_unknown"
    OPINION_DIFFERS = "opinion_differs"
    OPINION_TWICE = "opinion_twice"  # other: row
    ADDITION_LATE = "addition_late"
    IN_THE_PAST = "in_the_past"
    EXAMPLE_LEFT = "example_left"  # count: people of the example


Fact = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or doubtful, with the place where it stands.

    `sheet` is its name as in the file, "" where the file as a whole is meant; `column` is its letter and
    `heading` its text; `found` is what stands there, shortened; `facts` are what the wording names.
    """

    kind: ProblemKind
    sheet: str = ""
    row: int | None = None
    column: str = ""
    heading: str = ""
    found: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says: a plan, or the problems for which there is none; warnings hinder nothing."""

    plan: MeetingPlan | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def has_our_sheets(self) -> bool:
        """Whether anything was read in a sheet that is ours: else it is some other table."""
        return self.plan is not None or any(problem.sheet for problem in self.problems)

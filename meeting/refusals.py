"""Why something that a person asked for is not done; mypy and a test demand a wording for each."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Refusal(StrEnum):
    """One reason each."""

    # who asks
    NOT_BOUND = "not_bound"
    NOT_PERMITTED = "not_permitted"
    ORGANISERS_ONLY = "organisers_only"
    NOT_ATTENDEE = "not_attendee"
    NOT_ENTITLED = "not_entitled"
    CODE_UNKNOWN = "code_unknown"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    CODE_RENEWED = "code_renewed"
    CLAIM_DECIDED = "claim_decided"
    CONTACT_OF_ANOTHER = "contact_of_another"
    CODE_FOR_GROUP = "code_for_group"
    GROUP_CODE_UNKNOWN = "group_code_unknown"
    GROUP_NOT_YOURS = "group_not_yours"
    GROUP_TAKEN = "group_taken"
    TOO_MANY_TRIES = "too_many_tries"
    ACCOUNT_IS_SOMEBODY_ELSE = "account_is_somebody_else"
    # what is asked about
    NOT_FOUND = "not_found"
    OUT_OF_DATE = "out_of_date"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    NOBODY_REACHED = "nobody_reached"
    NAME_UNREADABLE = "name_unreadable"
    NUMBER_UNREADABLE = "number_unreadable"
    TIME_UNREADABLE = "time_unreadable"
    DAY_UNREADABLE = "day_unreadable"
    # meeting
    MEETING_NOT_OPEN = "meeting_not_open"
    MEETING_OPEN = "meeting_open"
    MEETING_CLOSED = "meeting_closed"
    MEETING_CANCELLED = "meeting_cancelled"
    SUMMONS_NOT_APPROVED = "summons_not_approved"
    NO_APPROVER = "no_approver"
    REMINDER_OVER = "reminder_over"
    SPANS_UNREADABLE = "spans_unreadable"
    TIMEZONE_UNKNOWN = "timezone_unknown"
    MEETING_NOT_HELD = "meeting_not_held"
    MEETING_HAS_NO_ATTENDEES = "meeting_has_no_attendees"
    MEETING_HAS_OPEN_VOTE = "meeting_has_open_vote"
    # attendance
    CHECK_IN_NOT_OPEN = "check_in_not_open"
    CHECK_IN_CLOSED = "check_in_closed"
    NO_STATEMENT = "no_statement"
    NO_QUORUM = "no_quorum"
    SUBSTITUTE_NEEDS_UNIT = "substitute_needs_unit"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_ALREADY_REPRESENTED = "unit_already_represented"
    NOT_PRESENT = "not_present"
    # agenda
    ITEM_HAS_VOTE = "item_has_vote"
    ITEM_DECIDED = "item_decided"
    ITEM_NOT_CURRENT = "item_not_current"
    AGENDA_EMPTY = "agenda_empty"
    TEXT_UNCHANGED = "text_unchanged"
    TEXT_NEWER = "text_newer"
    # votes
    VOTE_NOT_OPEN = "vote_not_open"
    VOTE_ALREADY_OPENED = "vote_already_opened"
    VOTE_STILL_OPEN = "vote_still_open"
    VOTE_PAUSED = "vote_paused"
    VOTE_CLOSED = "vote_closed"
    VOTE_ANNOUNCED = "vote_announced"
    VOTE_CANCELLED = "vote_cancelled"
    VOTE_BY_HANDS = "vote_by_hands"
    VOTE_BY_CHAT = "vote_by_chat"
    VOTE_NOT_SPLITTABLE = "vote_not_splittable"
    UNKNOWN_OPTION = "unknown_option"
    ELECTOR_VOTED = "elector_voted"
    METHOD_NOT_ADOPTED = "method_not_adopted"
    OTHER_VOTE_OPEN = "other_vote_open"
    NOBODY_PRESENT = "nobody_present"
    HANDS_EXCEED_BASE = "hands_exceed_base"
    HANDS_NOT_COUNTED = "hands_not_counted"
    OPINION_NEEDS_OTHER = "opinion_needs_other"
    DEADLINE_PAST = "deadline_past"
    REASON_MISSING = "reason_missing"
    # papers
    PAPER_TOO_LARGE = "paper_too_large"
    PAPER_KIND_UNKNOWN = "paper_kind_unknown"
    PAPER_NOT_AS_NAMED = "paper_not_as_named"
    PAPER_EMPTY = "paper_empty"
    PAPER_THERE_ALREADY = "paper_there_already"
    PAPER_WITHDRAWN = "paper_withdrawn"
    PAPERS_TOO_MANY = "papers_too_many"
    NO_PAPERS = "no_papers"
    PAPERS_HANDED_OUT = "papers_handed_out"
    FILES_GONE = "files_gone"
    # tasks
    TASKS_TOO_MANY = "tasks_too_many"
    TASK_DONE = "task_done"
    TASK_WITHDRAWN = "task_withdrawn"
    # the floor and speeches
    FLOOR_NOTHING_ON = "floor_nothing_on"
    FLOOR_ABSENT = "floor_absent"
    FLOOR_TOO_OFTEN = "floor_too_often"
    FLOOR_GIVEN = "floor_given"
    FLOOR_SETTLED = "floor_settled"
    FLOOR_DURING_VOTE = "floor_during_vote"
    SPEECHES_TOO_MANY = "speeches_too_many"
    SPEECH_WITHDRAWN = "speech_withdrawn"
    # import
    IMPORT_HAS_ERRORS = "import_has_errors"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not done, for this reason; `facts` are what its wording names (instants, counts, limits)."""

    reason: Refusal
    facts: dict[str, Any] = field(default_factory=dict)

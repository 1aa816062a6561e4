"""States and kinds that are kept: of meetings, invitations, claims, cards, posts and due work."""

from enum import IntEnum, StrEnum


class MeetingState(StrEnum):
    """planned → open → closed."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class InvitationKind(StrEnum):
    """What a code admits to: founding an organisation, a role, a seat in a meeting.

    SHARED is one link for all of a meeting's attendees, GROUP binds a group to a meeting, OWN_PAGE opens the
    page of somebody who is known in a chat.
    """

    FOUNDER = "founder"
    ROLE = "role"
    ATTENDEE = "attendee"
    SHARED = "shared"
    GROUP = "group"
    OWN_PAGE = "own_page"


class ClaimState(StrEnum):
    """waiting → accepted or declined; withdrawn by the one who typed the name."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class GoneReason(StrEnum):
    """Why nothing can be shown in a chat any more.

    LET_GO is a group that follows no meeting any more and that the bot has still to leave.
    """

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    REMOVED = "removed"
    NOT_FOUND = "not_found"
    LET_GO = "let_go"


class GroupRight(StrEnum):
    """What the bot may be allowed in a group: to write there, to pin."""

    WRITE = "write"
    PIN = "pin"


class CardKind(StrEnum):
    """What a live card shows; its subject is an organisation, a meeting, a vote or a mailing.

    GROUP and GROUP_BALLOT are a meeting and a vote as a group sees them: nothing that isn't for everybody.
    """

    HOME = "home"
    PANEL = "panel"
    ATTENDANCE = "attendance"
    BALLOT = "ballot"
    CLAIMS = "claims"
    GROUP = "group"
    GROUP_BALLOT = "group_ballot"
    MAILING = "mailing"
    UNREACHABLE = "unreachable"
    PLEDGE = "pledge"


class PostKind(StrEnum):
    """What a post says; its subject is a vote, an item, a meeting, a mailing, a task or due work."""

    RESULT = "result"
    ITEM_DECIDED = "item_decided"
    SUMMARY = "summary"
    CHECK_IN_OPENED = "check_in_opened"
    ANNOUNCEMENT = "announcement"
    MOVED_AWAY = "moved_away"
    ALSO_BOUND = "also_bound"
    CLAIM_ACCEPTED = "claim_accepted"
    CLAIM_DECLINED = "claim_declined"
    ALL_VOTED = "all_voted"
    QUORUM_LOST = "quorum_lost"
    VOTE_PAUSED = "vote_paused"
    PAPERS = "papers"
    GROUP_ADDED = "group_added"
    GROUP_LEFT = "group_left"
    GROUP_LACKS = "group_lacks"
    SUMMONS = "summons"
    APPROVAL_WANTED = "approval_wanted"
    MEETING_MOVED = "meeting_moved"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_REMINDER = "meeting_reminder"
    REPLY_WANTED = "reply_wanted"
    NON_VOTER = "non_voter"
    FOLLOW_UP = "follow_up"
    TASK_GIVEN = "task_given"
    TASK_DUE = "task_due"
    TASK_DONE = "task_done"
    TASK_WITHDRAWN = "task_withdrawn"
    TITLES_ANNOUNCED = "titles_announced"
    TITLE_GIVEN = "title_given"
    MISSED = "missed"
    SCORES_OPENED = "scores_opened"
    SCORES_WANTED = "scores_wanted"
    SCORES_CLOSED = "scores_closed"
    RANKING_PUT = "ranking_put"
    OPINION_SETTLED = "opinion_settled"
    PLEDGE_VOIDED = "pledge_voided"
    PLEDGE_REMINDER = "pledge_reminder"
    FLOOR_GIVEN = "floor_given"
    FLOOR_ENDED = "floor_ended"
    MESSAGES_SHORT = "messages_short"


class DueKind(StrEnum):
    """What comes due; its subject is a vote, a meeting or a task."""

    VOTE_DEADLINE = "vote_deadline"
    VOTE_OPENS = "vote_opens"
    VOTE_HALF_TIME = "vote_half_time"
    VOTE_LAST_MINUTE = "vote_last_minute"
    CHECK_IN_OPENS = "check_in_opens"
    MEETING_REMINDER = "meeting_reminder"
    REPLY_WANTED = "reply_wanted"
    FOLLOW_UP = "follow_up"
    TASK_DUE = "task_due"
    PLEDGE_WANTED = "pledge_wanted"
    SCORES_WANTED = "scores_wanted"
    SCORES_CLOSE = "scores_close"


class WorkState(StrEnum):
    """waiting → leased → done; or uncertain, failed, missed, withdrawn."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class Priority(IntEnum):
    """How much a delivery matters; the lower goes first."""

    ANSWER = 0
    BALLOT = 1
    RESULT = 2
    PANEL = 3
    REMINDER = 4
    REFRESH = 5

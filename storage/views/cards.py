"""What live cards show: to an attendee, a group, those who run a meeting; and personal pages."""

from dataclasses import dataclass

from meeting.attendance import Attendance, Statement
from meeting.people import Purpose, Role
from meeting.pledges import Pledge
from storage.views.agenda import ItemView
from storage.views.delivery import GroupLine
from storage.views.meetings import MeetingView
from storage.views.people import AttendeeView
from storage.views.scoring import RankingView, ScoringLine
from storage.views.speaking import NOBODY_SPEAKS, FloorView
from storage.views.titles import TitleView
from storage.views.votes import VoteView


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """The meeting as one attendee sees it: invitation, reply, presence, what is on now.

    `consents_asked` are the purposes not answered yet; `can_substitute`: another may come for the unit;
    `results` are the votes announced so far, newest first.
    """

    meeting: MeetingView
    attendee: AttendeeView
    current_item: ItemView | None
    consents_asked: tuple[Purpose, ...]
    can_substitute: bool
    floor: FloorView = NOBODY_SPEAKS
    pledge: Pledge | None = None
    scorings: tuple[ScoringLine, ...] = ()
    rankings: tuple[RankingView, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupView:
    """The meeting as a group that follows it sees it."""

    meeting: MeetingView
    attendance: Attendance
    current_item: ItemView | None
    floor: FloorView = NOBODY_SPEAKS
    pledge: Pledge | None = None
    rankings: tuple[RankingView, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupBallotView:
    """A vote as a group sees it: nobody's own choice, and no tally before the announcement."""

    meeting: MeetingView
    vote: VoteView


@dataclass(frozen=True, slots=True)
class PanelView:
    """The meeting as those who run it see it; `roles` are the viewer's, who may be an attendee too.

    `votes` are the current item's runs that matter now, newest first: drafts, open, paused, closed or
    announced, and a cancelled one where it is the newest; `open_vote` is a vote of the meeting that is open
    or paused, on whatever item; `missing` are names of electors who have not voted, for the secretary only
    (empty for others, and for hands), `unconfirmed` those of them whose chat may lose a message; `groups`
    follow the meeting; `is_last_minute`: the open vote ends in less than a minute; `titles` are those to
    announce with the current item; `has_commendation`: an item for them is on the agenda; nothing has become
    yet of `opinions_waiting`; `counts_messages`: some platform's plan has so many messages a month.
    """

    meeting: MeetingView
    roles: frozenset[Role]
    is_attendee: bool
    attendance: Attendance
    preliminary: Statement | None
    statement: Statement | None
    replies_missing: int
    current_item: ItemView | None
    next_item: ItemView | None
    items: int
    items_done: int
    is_method_adopted: bool
    votes: tuple[VoteView, ...]
    open_vote: VoteView | None
    missing: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()
    groups: tuple[GroupLine, ...] = ()
    is_last_minute: bool = False
    titles: tuple[TitleView, ...] = ()
    has_commendation: bool = False
    floor: FloorView = NOBODY_SPEAKS
    pledge: Pledge | None = None
    opinions_waiting: int = 0
    scorings: tuple[ScoringLine, ...] = ()
    rankings: tuple[RankingView, ...] = ()
    counts_messages: bool = False


@dataclass(frozen=True, slots=True)
class PageView:
    """A personal page: whom it is bound to, and marks by which a change of what it shows is noticed.

    `organisation` and `person` are None where it is bound to nobody; `language` is the page's own choice,
    `home_language` that of the meeting or the organisation; `dialogue_version` is None without a question.
    """

    account_id: int
    chat: str
    organisation: str | None
    person: str | None
    meeting_id: int | None
    meeting: str | None
    language: str | None
    home_language: str | None
    dialogue_version: int | None
    newest_post_id: int | None

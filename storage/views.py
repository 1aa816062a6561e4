"""What cards, pages and papers are made from: read models, each as the database is at one instant."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from meeting.agenda import ItemKind
from meeting.attendance import Attendance, Statement
from meeting.counting import Threshold
from meeting.opinions import Opinion, OpinionKind, OpinionState
from meeting.overview import Overview
from meeting.papers import Paper
from meeting.people import Presence, Purpose, Reply, Role, Source, Standing
from meeting.pledges import Party, Pledge
from meeting.regimes import Rules, Template
from meeting.reminders import MEETING_REMINDERS
from meeting.speaking import FloorState, SpeechKind, speaks_until
from meeting.states import GoneReason, GroupRight, MeetingState, PostKind
from meeting.tally import Decision, Tally
from meeting.tasks import TaskState
from meeting.titles import Quota, RecipientKind, TitleCounts
from meeting.versions import text_digest
from meeting.vote_times import Opening
from meeting.voting import BaseKind, Method, Option, VoteState


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting as everybody may see it; `starts_at` is an instant, shown in `timezone`.

    `papers` counts those that weren't withdrawn, of the meeting and of its items.
    `reminders` are minutes before the start; `moves` counts how often it was put to another time or place.
    With `needs_approval` nobody is summoned before `summons_approved_at`. Each speaker is given
    `floor_minutes`, None without a limit.
    """

    meeting_id: int
    organisation_id: int
    organisation: str
    title: str
    host: str
    place: str
    starts_at: datetime
    timezone: str
    language: str
    address: str
    template: Template
    state: MeetingState
    rules: Rules
    headcount: int | None
    has_union: bool
    check_in_opens_at: datetime | None
    check_in_opened_at: datetime | None
    check_in_closed_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    current_item_id: int | None
    papers: int = 0
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    moves: int = 0
    reminders: tuple[int, ...] = MEETING_REMINDERS
    needs_approval: bool = False
    summons_approved_at: datetime | None = None
    floor_minutes: int | None = None

    @property
    def may_summon(self) -> bool:
        """Whether people may be summoned and reminded: the head has approved it where that is wanted."""
        return not self.needs_approval or self.summons_approved_at is not None

    @property
    def is_check_in_open(self) -> bool:
        """Whether attendees may confirm their presence now."""
        return self.check_in_opened_at is not None and self.check_in_closed_at is None


@dataclass(frozen=True, slots=True)
class MannerView:
    """How somebody is spoken to in a meeting; `standing` is None for those who aren't attendees."""

    language: str
    timezone: str
    address: str
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class AttendeeView:
    """An attendee; `is_bound` tells whether an account reaches them."""

    attendee_id: int
    person_id: int
    number: int
    name: str
    position: str
    unit: str | None
    standing: Standing
    reply: Reply
    reply_reason: str
    presence: Presence
    presence_source: Source | None
    checked_in_at: datetime | None
    left_at: datetime | None
    is_bound: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """An agenda item; `number` is its place from 1; `text` is the newest version's."""

    item_id: int
    number: int
    title: str
    kind: ItemKind
    is_advisory: bool
    presenter: str
    text_version: int
    text: str
    decision: Decision | None
    is_counted: bool
    additions: tuple[str, ...]
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the text of an item, the agenda's `number`.

    `addition` is what it gained over the one before, `paper` what the passage was taken from.
    """

    item_id: int
    number: int
    version: int
    text: str
    addition: str
    paper: str | None
    made_at: datetime

    @property
    def sha256(self) -> str:
        """By what the record knows this text."""
        return text_digest(self.text)


@dataclass(frozen=True, slots=True)
class TextView:
    """An item with the versions of its text, version 1 first."""

    meeting: MeetingView
    item: ItemView
    versions: tuple[VersionView, ...]

    @property
    def newest(self) -> VersionView:
        """The text as it stands."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class VotedItem:
    """An item that a vote is about, with the version of the text that it names and what that has gained."""

    item_id: int
    number: int
    title: str
    kind: ItemKind
    text_version: int
    text: str
    additions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoteView:
    """One run of a vote: never a partial tally. `tally` is there for counted, i.e. closed or announced, runs.

    `number` is the vote's in its meeting ("Biểu quyết 5"); `turnout` is how many electors have voted of
    `base_electors`; `base` is frozen at the opening, None before; `opening` is when a draft opens by itself.
    """

    vote_id: int
    meeting_id: int
    number: int
    run: int
    question: str
    items: tuple[VotedItem, ...]
    method: Method
    options: tuple[Option, ...]
    is_advisory: bool
    state: VoteState
    base_kind: BaseKind
    base: int | None
    electors: int
    turnout: int
    threshold: Threshold
    deadline_at: datetime | None
    opened_at: datetime | None
    paused_at: datetime | None
    closed_at: datetime | None
    announced_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    tally: Tally | None
    is_hands_entered: bool
    decision: Decision | None
    is_secret: bool = False
    opening: Opening | None = None

    @property
    def are_all_in(self) -> bool:
        """Whether every elector has voted, or the hands were counted."""
        return self.is_hands_entered if self.method is Method.HANDS else self.turnout == self.electors


@dataclass(frozen=True, slots=True)
class BallotView:
    """A vote as one person sees it. `own` is the choice as it stands, for the unit where units vote.

    `is_elector` tells whether this person may vote in it, `unit` for which unit.
    """

    meeting: MeetingView
    vote: VoteView
    is_elector: bool
    unit: str | None
    own: Option | None
    own_opinion: str
    own_source: Source | None


@dataclass(frozen=True, slots=True)
class TurnView:
    """A request for the floor; `minutes` are those that the speaker was given, None without a limit."""

    turn_id: int
    item_id: int | None
    attendee_id: int
    name: str
    unit: str | None
    topic: str
    state: FloorState
    minutes: int | None
    began_at: datetime | None
    ended_at: datetime | None

    @property
    def speaks_until(self) -> datetime | None:
        """When the speaker's time is over, None where there is no limit or nothing was said yet."""
        return None if self.began_at is None else speaks_until(self.began_at, self.minutes)


@dataclass(frozen=True, slots=True)
class FloorView:
    """Who speaks, and who waits for the floor in their order."""

    speaking: TurnView | None = None
    waiting: tuple[TurnView, ...] = ()

    def find_turn_of(self, attendee_id: int) -> TurnView | None:
        """Give the request of an attendee who speaks or waits."""
        turns = self.waiting if self.speaking is None else (self.speaking, *self.waiting)
        return next((turn for turn in turns if turn.attendee_id == attendee_id), None)


@dataclass(frozen=True, slots=True)
class SpeechView:
    """A speech or a conclusion, as it was recorded; a withdrawn one counts no more."""

    speech_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    kind: SpeechKind
    speaker: str
    position: str
    text: str
    made_at: datetime
    withdrawn_at: datetime | None


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
    floor: FloorView = FloorView()
    pledge: Pledge | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """The meeting as a group that follows it sees it."""

    meeting: MeetingView
    attendance: Attendance
    current_item: ItemView | None
    floor: FloorView = FloorView()
    pledge: Pledge | None = None


@dataclass(frozen=True, slots=True)
class GroupBallotView:
    """A vote as a group sees it: nobody's own choice, and no tally before the announcement."""

    meeting: MeetingView
    vote: VoteView


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in a list; `lacks` are rights that the bot misses in it, `is_reachable` whether it is there."""

    group_id: int
    title: str
    lacks: frozenset[GroupRight]
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class TitleView:
    """A decision that recognises a title, with how many receive it; `item_id` is where it was announced."""

    title_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    title: str
    number: str
    decided_on: date | None
    issuer: str
    quota: Quota | None
    counts: TitleCounts
    announced_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed: it is neither announced nor withdrawn."""
        return self.announced_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class RecipientView:
    """Who receives a title; `person_id` is None for collectives and whom the organisation doesn't know."""

    recipient_id: int
    title_id: int
    kind: RecipientKind
    name: str
    unit: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class PanelView:
    """The meeting as those who run it see it; `roles` are the viewer's, who may be an attendee too.

    `votes` are the current item's runs that matter now, newest first: drafts, open, paused, closed or
    announced, and a cancelled one where it is the newest; `open_vote` is a vote of the meeting that is open
    or paused, on whatever item; `missing` are names of electors who have not voted, for the secretary only
    (empty for others, and for hands); `groups` follow the meeting; `is_last_minute`: the open vote ends in
    less than a minute; `titles` are those to announce with the current item; `has_commendation`: an item for
    them is on the agenda; nothing has become yet of `opinions_waiting`.
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
    groups: tuple[GroupLine, ...] = ()
    is_last_minute: bool = False
    titles: tuple[TitleView, ...] = ()
    has_commendation: bool = False
    floor: FloorView = FloorView()
    pledge: Pledge | None = None
    opinions_waiting: int = 0


@dataclass(frozen=True, slots=True)
class MailingView:
    """How far a mailing has come: `left` is still to be sent, `uncertain` may have arrived.

    `not_reached` and `perhaps_reached` name the first of those who failed or are uncertain.
    """

    mailing_id: int
    meeting: MeetingView
    kind: PostKind
    made_at: datetime
    cancelled_at: datetime | None
    total: int
    sent: int
    left: int
    failed: int
    uncertain: int
    withdrawn: int
    not_reached: tuple[str, ...]
    perhaps_reached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreachableView:
    """An attendee to whom a platform delivers nothing any more, and why; `others` are platforms that do.

    `phone` is None where there is none, and for those who may not see it.
    """

    attendee_id: int
    number: int
    name: str
    unit: str | None
    platform: str
    reason: GoneReason | None
    phone: str | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachView:
    """Which attendees can't be reached on some platform, in order."""

    meeting: MeetingView
    people: tuple[UnreachableView, ...]


@dataclass(frozen=True, slots=True)
class AgendaView:
    """The whole agenda, in order, with what was skipped."""

    meeting: MeetingView
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper of a meeting, or of one of its items; a withdrawn one is no more than its name and digest.

    `is_evidence`: a unit backs its scores with it, so that it is not for everybody.
    """

    paper_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    paper: Paper
    added_at: datetime
    withdrawn_at: datetime | None
    is_evidence: bool = False


@dataclass(frozen=True, slots=True)
class TaskView:
    """What somebody has to do by a day; `owner_id` is None where the owner is nobody whom the bot knows."""

    task_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    text: str
    owner: str
    owner_id: int | None
    due_on: date
    made_at: datetime
    done_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def state(self) -> TaskState:
        """Whether it is still to be done."""
        if self.withdrawn_at is not None:
            return TaskState.WITHDRAWN
        return TaskState.OPEN if self.done_at is None else TaskState.DONE


@dataclass(frozen=True, slots=True)
class TasksView:
    """The tasks of a meeting in the order in which they were given, with the agenda that they belong to."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    tasks: tuple[TaskView, ...]


@dataclass(frozen=True, slots=True)
class TitlesView:
    """The titles of a meeting in order, withdrawn ones left out, with the agenda that announces them."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    titles: tuple[TitleView, ...]


@dataclass(frozen=True, slots=True)
class OwnTaskView:
    """A task of one's own that is still to be done, of the meeting with this title and time zone."""

    task: TaskView
    meeting: str
    timezone: str


@dataclass(frozen=True, slots=True)
class OpinionView:
    """An opinion by its number in the meeting: of an attendee, or of a unit, which is then the `author`.

    `item_id` is None where it is of the meeting as a whole. `answer` is what was answered, or why it is
    hidden; with `is_in_text` a version of the item's text was made of it.
    """

    opinion_id: int
    organisation_id: int
    meeting_id: int
    number: int
    item_id: int | None
    attendee_id: int | None
    person_id: int | None
    unit_id: int | None
    author: str
    unit: str
    kind: OpinionKind
    text: str
    source: Source
    sent_at: datetime
    state: OpinionState
    merged_into_id: int | None
    answer: str
    decided_at: datetime | None
    is_in_text: bool

    @property
    def opinion(self) -> Opinion:
        """The opinion as the rules see it."""
        return Opinion(self.opinion_id, self.kind, self.state, self.merged_into_id, self.is_in_text)


@dataclass(frozen=True, slots=True)
class OpinionsView:
    """All opinions of a meeting in the order in which they were sent, with the agenda that they are about."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    opinions: tuple[OpinionView, ...]


@dataclass(frozen=True, slots=True)
class PapersView:
    """The papers of a meeting in order, with the agenda that they belong to."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class SentFileView:
    """A file of which its sender has still to say what it is for."""

    file_id: int
    paper: Paper


@dataclass(frozen=True, slots=True)
class RollView:
    """All attendees in order, with the count."""

    meeting: MeetingView
    attendance: Attendance
    attendees: tuple[AttendeeView, ...]


@dataclass(frozen=True, slots=True)
class ElectorView:
    """An elector of a vote, with the choice by name: for the secretary only."""

    elector_id: int
    name: str
    unit: str | None
    option: Option | None
    opinion: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class VoteRollView:
    """Who has voted what in an open vote: for the secretary only."""

    meeting: MeetingView
    vote: VoteView
    electors: tuple[ElectorView, ...]
    latecomers: tuple[AttendeeView, ...]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of an item; `vote` is the announced run that decided it, None without a count."""

    item: ItemView
    vote: VoteView | None


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A pledge as somebody with these roles sees it; `text` is the frozen version's, else the newest.

    `linked` are the parties whose signers the bot can ask.
    """

    meeting: MeetingView
    item: ItemView
    pledge: Pledge
    version: int
    text: str
    linked: frozenset[int]
    person_id: int = 0
    roles: frozenset[Role] = frozenset()

    @property
    def own(self) -> Party | None:
        """The party that the viewer confirms for."""
        return self.pledge.find_party_of(self.person_id)

    def seen_by(self, person_id: int, roles: frozenset[Role]) -> "PledgeView":
        """Give it as somebody sees it."""
        return replace(self, person_id=person_id, roles=roles)


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A meeting's results so far: announced votes only; `spoken` are those who had the floor.

    `versions` are those of all items' texts, `titles` those that were announced.
    """

    meeting: MeetingView
    attendance: Attendance
    statement: Statement | None
    items: tuple[ItemResult, ...]
    spoken: tuple[TurnView, ...] = ()
    speeches: tuple[SpeechView, ...] = ()
    pledge: Pledge | None = None
    titles: tuple[TitleView, ...] = ()
    versions: tuple[VersionView, ...] = ()
    opinions: OpinionsView | None = None

    def text_of(self, result: ItemResult) -> VersionView | None:
        """Give the version that was decided on; None where the item has no text here."""
        version = result.item.text_version
        for voted in () if result.vote is None else result.vote.items:
            if voted.item_id == result.item.item_id:
                version = voted.text_version
        about = (result.item.item_id, version)
        return next((one for one in self.versions if (one.item_id, one.version) == about and one.text), None)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in a list."""

    meeting_id: int
    title: str
    starts_at: datetime
    timezone: str
    state: MeetingState
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class HomeView:
    """An organiser's home: the organisation and its meetings, newest first."""

    organisation_id: int
    organisation: str
    person: str
    meetings: tuple[MeetingLine, ...]
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An attendee's personal ways in; addresses are made by those who know them."""

    invitation_id: int
    generation: int
    attendee: AttendeeView


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


@dataclass(frozen=True, slots=True)
class SeatView:
    """An attendee's seat with the person's roles and the way in."""

    meeting: str
    person: str
    unit: str | None
    standing: Standing
    roles: frozenset[Role]
    invitation_id: int
    generation: int


@dataclass(frozen=True, slots=True)
class Seat:
    """An attendee as somebody may claim to be; `is_taken` where another account of the platform is bound."""

    attendee_id: int
    number: int
    name: str
    unit: str
    phone: str | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Somebody who waits to be recognised; `seat` is who is likely meant, where one fits best."""

    claim_id: int
    meeting_id: int
    typed_name: str
    platform: str
    display_name: str
    seat: Seat | None
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """All who wait in a meeting."""

    meeting: MeetingView
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class OverviewView:
    """A year of an organisation's meetings; `years` are those that have held ones, in order.

    `not_held` of the year's meetings are still to come or under way, `cancelled` were never held.
    """

    organisation_id: int
    organisation: str
    overview: Overview
    years: tuple[int, ...]
    not_held: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class NewsView:
    """What a news draft may name: the results, and who presided and which guests and units were there."""

    results: ResultsView
    chairs: tuple[AttendeeView, ...]
    guests: tuple[AttendeeView, ...]
    units: tuple[str, ...]

    @property
    def is_of_held(self) -> bool:
        """Whether the meeting was held and is over; there is no news of another."""
        meeting = self.results.meeting
        is_over = meeting.state is MeetingState.CLOSED and meeting.cancelled_at is None
        return is_over and meeting.opened_at is not None

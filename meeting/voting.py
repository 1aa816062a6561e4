"""The life of a vote: who may vote, what a ballot does, when a vote may open, close and be announced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from meeting.attendance import RollEntry, Statement, StatementKind
from meeting.people import Presence, Source, Standing
from meeting.refusals import Refusal, Refused


class VoteState(StrEnum):
    """draft → open ⇄ paused → closed → announced, or cancelled before it was announced."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


RUNNING = frozenset({VoteState.OPEN, VoteState.PAUSED})
"""States of a vote that was begun and not ended: the one that a meeting can have at a time."""


class Method(StrEnum):
    """How one run of a vote is taken: by chat and web (with entries by name), or by counted hands."""

    CHAT = "chat"
    HANDS = "hands"


class VotingUnit(StrEnum):
    """Whose vote counts: each person's, or one for each unit."""

    PERSON = "person"
    UNIT = "unit"


class BaseKind(StrEnum):
    """What the share of a result is measured against."""

    ATTENDEES = "attendees"
    SUMMONED = "summoned"
    UNITS = "units"
    ALL_UNITS = "all_units"

    @property
    def voting_unit(self) -> VotingUnit:
        """Whose votes this base counts."""
        return VotingUnit.UNIT if self in {BaseKind.UNITS, BaseKind.ALL_UNITS} else VotingUnit.PERSON


class Option(StrEnum):
    """The options of an open vote (`domain.md` §4.3), in the order in which they are asked."""

    YES = "yes"
    NO = "no"
    OTHER = "other"
    ABSTAIN = "abstain"


STANDARD_OPTIONS = (Option.YES, Option.NO, Option.OTHER)


@dataclass(frozen=True, slots=True)
class Elector:
    """Who casts one vote of a run: an attendee, or a unit by its representative."""

    elector_id: int
    attendee_id: int | None
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """An elector's choice as it stands."""

    option: Option
    source: Source
    cast_by: int
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    """What the rules need to know of one run of a vote."""

    vote_id: int
    meeting_id: int
    run: int
    state: VoteState
    method: Method
    options: tuple[Option, ...]
    deadline_at: datetime | None = None
    closed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether a ballot counts now; a deadline counts from its very instant, before anybody closed."""
        return self.state is VoteState.OPEN and (self.deadline_at is None or now < self.deadline_at)


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of a run's electors have voted."""

    voted: int
    electors: int


@dataclass(frozen=True, slots=True)
class BallotCounted:
    """The choice stands; `previous` is what it replaced.

    `turnout` is what it was then, where it was counted; two that differ in it alone decide the same.
    """

    option: Option
    previous: Option | None
    turnout: Turnout | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class BallotUnchanged:
    """The same choice stood already; `turnout` as in `BallotCounted`."""

    option: Option
    turnout: Turnout | None = field(default=None, compare=False)


BallotResult = BallotCounted | BallotUnchanged | Refused


def decide_ballot(
    vote: Vote, elector: Elector | None, previous: Ballot | None, option: Option, now: datetime
) -> BallotResult:
    """Decide what a tap does: set, not toggle.

    The same choice again is `BallotUnchanged`, also after the close, so that a tap whose answer was lost
    gets the same answer once more.
    """
    if previous is not None and previous.option is option:
        return BallotUnchanged(option)
    if vote.method is not Method.CHAT:
        return Refused(Refusal.VOTE_BY_HANDS)
    match vote.state:
        case VoteState.DRAFT:
            return Refused(Refusal.VOTE_NOT_OPEN)
        case VoteState.PAUSED:
            return Refused(Refusal.VOTE_PAUSED)
        case VoteState.CANCELLED:
            return Refused(Refusal.VOTE_CANCELLED)
        case VoteState.OPEN | VoteState.CLOSED | VoteState.ANNOUNCED:
            pass
    if not vote.is_open(now):
        return Refused(Refusal.VOTE_CLOSED, {"closed_at": vote.closed_at or vote.deadline_at})
    if elector is None:
        return Refused(Refusal.NOT_ENTITLED)
    if option not in vote.options:
        return Refused(Refusal.UNKNOWN_OPTION)
    return BallotCounted(option, None if previous is None else previous.option)


def decide_entry(
    vote: Vote, elector: Elector, previous: Ballot | None, option: Option, now: datetime
) -> BallotResult:
    """Decide what the secretary's entry for an elector does: never does it replace the elector's own tap."""
    result = decide_ballot(vote, elector, previous, option, now)
    if isinstance(result, BallotCounted) and previous is not None and previous.source is Source.SELF:
        return Refused(Refusal.ELECTOR_VOTED)
    return result


def electorate(roll: Iterable[RollEntry], base_kind: BaseKind) -> list[Elector]:
    """Give those who may vote and are present; for units, each unit that somebody present represents.

    The elector ids are 0: storage gives them. Order is that of the roll.
    """
    present = [e for e in roll if e.standing is Standing.VOTING and e.presence is Presence.PRESENT]
    if base_kind.voting_unit is VotingUnit.PERSON:
        return [Elector(0, entry.attendee_id, None) for entry in present]
    units = dict.fromkeys(entry.unit_id for entry in present if entry.unit_id is not None)
    return [Elector(0, None, unit_id) for unit_id in units]


def base_of(base_kind: BaseKind, *, electors: int, summoned: int, units: int) -> int:
    """Give the number that the shares of a vote are measured against, as frozen when it opens."""
    match base_kind:
        case BaseKind.ATTENDEES | BaseKind.UNITS:
            return electors
        case BaseKind.SUMMONED:
            return summoned
        case BaseKind.ALL_UNITS:
            return units


@dataclass(frozen=True, slots=True)
class OpeningConditions:
    """What must hold before a vote opens (`domain.md` §7.2)."""

    is_meeting_open: bool
    statement: Statement | None
    is_procedural: bool
    is_method_adopted: bool
    has_other_open_vote: bool
    electors: int


def refuse_opening(vote: Vote, conditions: OpeningConditions) -> Refused | None:
    """Say why a vote can't open now, or give None.

    Chat votes need the confirmed attendance statement, and the method of voting adopted where the agenda
    holds it; procedural votes by counted hands need the preliminary count only.
    """
    if vote.state is not VoteState.DRAFT:
        return Refused(Refusal.VOTE_ALREADY_OPENED)
    if not conditions.is_meeting_open:
        return Refused(Refusal.MEETING_NOT_OPEN)
    if conditions.statement is None:
        return Refused(Refusal.NO_STATEMENT)
    is_by_procedural_hands = conditions.is_procedural and vote.method is Method.HANDS
    if conditions.statement.kind is not StatementKind.CONFIRMED and not is_by_procedural_hands:
        return Refused(Refusal.NO_STATEMENT)
    if (
        conditions.statement.kind is StatementKind.CONFIRMED
        and not conditions.statement.attendance.has_quorum
    ):
        return Refused(Refusal.NO_QUORUM)
    if vote.method is Method.CHAT and not conditions.is_method_adopted:
        return Refused(Refusal.METHOD_NOT_ADOPTED)
    if conditions.has_other_open_vote:
        return Refused(Refusal.OTHER_VOTE_OPEN)
    if conditions.electors == 0:
        return Refused(Refusal.NOBODY_PRESENT)
    return None


class Step(StrEnum):
    """A step in the life of a vote after it opened."""

    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    CLOSE = "close"
    REOPEN = "reopen"
    ANNOUNCE = "announce"
    CANCEL = "cancel"


_NEXT: Mapping[tuple[VoteState, Step], VoteState] = {
    (VoteState.OPEN, Step.PAUSE): VoteState.PAUSED,
    (VoteState.PAUSED, Step.RESUME): VoteState.OPEN,
    (VoteState.OPEN, Step.EXTEND): VoteState.OPEN,
    (VoteState.PAUSED, Step.EXTEND): VoteState.OPEN,
    (VoteState.OPEN, Step.CLOSE): VoteState.CLOSED,
    (VoteState.PAUSED, Step.CLOSE): VoteState.CLOSED,
    (VoteState.CLOSED, Step.REOPEN): VoteState.OPEN,
    (VoteState.CLOSED, Step.ANNOUNCE): VoteState.ANNOUNCED,
    (VoteState.DRAFT, Step.CANCEL): VoteState.CANCELLED,
    (VoteState.OPEN, Step.CANCEL): VoteState.CANCELLED,
    (VoteState.PAUSED, Step.CANCEL): VoteState.CANCELLED,
    (VoteState.CLOSED, Step.CANCEL): VoteState.CANCELLED,
}

_DONE: Mapping[Step, frozenset[VoteState]] = {
    Step.PAUSE: frozenset({VoteState.PAUSED}),
    Step.RESUME: frozenset({VoteState.OPEN}),
    Step.EXTEND: frozenset(),
    Step.CLOSE: frozenset({VoteState.CLOSED, VoteState.ANNOUNCED}),
    Step.REOPEN: frozenset({VoteState.OPEN}),
    Step.ANNOUNCE: frozenset({VoteState.ANNOUNCED}),
    Step.CANCEL: frozenset({VoteState.CANCELLED}),
}

_REFUSALS: Mapping[VoteState, Refusal] = {
    VoteState.DRAFT: Refusal.VOTE_NOT_OPEN,
    VoteState.OPEN: Refusal.VOTE_STILL_OPEN,
    VoteState.PAUSED: Refusal.VOTE_PAUSED,
    VoteState.CLOSED: Refusal.VOTE_CLOSED,
    VoteState.ANNOUNCED: Refusal.VOTE_ANNOUNCED,
    VoteState.CANCELLED: Refusal.VOTE_CANCELLED,
}


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The step was taken before; a repeat changes nothing."""


def decide_step(state: VoteState, step: Step) -> VoteState | AlreadyDone | Refused:
    """Give the state that a step leads to, `AlreadyDone` for a repeat, or why it can't be taken."""
    if state in _DONE[step]:
        return AlreadyDone()
    following = _NEXT.get((state, step))
    return Refused(_REFUSALS[state]) if following is None else following


class Lateness(StrEnum):
    """What a deadline that came due leads to."""

    CLOSES = "closes"
    PAUSES = "pauses"


DEADLINE_GRACE = timedelta(seconds=15)


def decide_deadline(deadline_at: datetime, now: datetime, running_since: datetime) -> Lateness:
    """Close on time; a deadline that passed while the program was down leaves the vote paused."""
    if deadline_at < running_since or now - deadline_at > DEADLINE_GRACE:
        return Lateness.PAUSES
    return Lateness.CLOSES

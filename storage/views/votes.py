"""Votes: to everybody, to an elector, to the secretary."""

from dataclasses import dataclass
from datetime import datetime

from meeting.agenda import ItemKind
from meeting.counting import Threshold
from meeting.people import Source
from meeting.tally import Decision, Tally
from meeting.vote_times import Opening
from meeting.voting import BaseKind, Method, Option, VoteState
from storage.views.meetings import MeetingView
from storage.views.people import AttendeeView


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
class ElectorView:
    """An elector of a vote, with the choice by name: for the secretary only.

    `chat` is the platform of the chat where one who hasn't voted is reached, "" for none.
    """

    elector_id: int
    name: str
    unit: str | None
    option: Option | None
    opinion: str
    source: Source | None
    chat: str = ""


@dataclass(frozen=True, slots=True)
class VoteRollView:
    """Who has voted what in an open vote: for the secretary only."""

    meeting: MeetingView
    vote: VoteView
    electors: tuple[ElectorView, ...]
    latecomers: tuple[AttendeeView, ...]

"""Opinions on an item: which may be sent, how they are sorted and merged, and what becomes of them.

Whatever is done with an opinion, it stays: one that was merged goes with the one that it was merged into, one
that is hidden keeps its text and gives the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from meeting.names import tidy_lines
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.tally import Decision

OPINION_LIMIT = 4_000
ANSWER_LIMIT = 4_000
REASON_LIMIT = 500

MOST_IN_A_MINUTE = 5
"""Opinions of one account in a minute."""

MOST_ON_AN_ITEM = 50
"""Opinions that one attendee sends on one item; what is entered for somebody is not counted."""

MOST_IN_A_MEETING = 2_000
MOST_IN_A_TABLE = 500
"""Rows of a table that is taken in at once."""


class OpinionKind(StrEnum):
    """What is said: a comment, a question, a petition, or an addition to the item's text."""

    COMMENT = "comment"
    QUESTION = "question"
    PETITION = "petition"
    ADDITION = "addition"


class OpinionState(StrEnum):
    """waiting → taken_up (*tiếp thu*), answered (*giải trình*) or left; or merged into another, or hidden."""

    WAITING = "waiting"
    TAKEN_UP = "taken_up"
    ANSWERED = "answered"
    LEFT = "left"
    MERGED = "merged"
    HIDDEN = "hidden"


OUTCOMES = (OpinionState.TAKEN_UP, OpinionState.ANSWERED, OpinionState.LEFT)
"""What may become of an opinion that is heard."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion as the rules see it; with `is_in_text` a version of the item's text was made of it."""

    opinion_id: int
    kind: OpinionKind
    state: OpinionState = OpinionState.WAITING
    merged_into_id: int | None = None
    is_in_text: bool = False


# Sent


def read_opinion(text: str) -> str | Refused:
    """Give an opinion's text, tidy and within its limit, or what is wrong with it."""
    return _read(text, OPINION_LIMIT, Refusal.TEXT_EMPTY)


def _read(text: str, limit: int, if_empty: Refusal | None) -> str | Refused:
    lines = tidy_lines(text)
    if not lines and if_empty is not None:
        return Refused(if_empty)
    if len(lines) > limit:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(lines)})
    return lines


def refuse_flood(lately: int, on_item: int, in_meeting: int) -> Refused | None:
    """Give why no more opinions are taken, by how many there are of this sender and in the meeting."""
    if lately >= MOST_IN_A_MINUTE:
        return Refused(Refusal.OPINIONS_TOO_FAST, {"limit": MOST_IN_A_MINUTE})
    if on_item >= MOST_ON_AN_ITEM:
        return Refused(Refusal.OPINIONS_TOO_MANY, {"limit": MOST_ON_AN_ITEM})
    if in_meeting >= MOST_IN_A_MEETING:
        return Refused(Refusal.OPINIONS_TOO_MANY, {"limit": MOST_IN_A_MEETING})
    return None


def refuse_about(kind: OpinionKind, decision: Decision | None, *, is_voted_on: bool) -> Refused | None:
    """Give why an opinion of a kind can't be about an item: an addition comes before the vote, or not at all.

    Whatever else is said is heard as long as the item is on the agenda.
    """
    if decision is Decision.SKIPPED:
        return Refused(Refusal.ITEM_LEFT_OUT)
    is_too_late = is_voted_on or decision not in {None, Decision.REJECTED}
    if kind is OpinionKind.ADDITION and is_too_late:
        return Refused(Refusal.ADDITION_TOO_LATE)
    return None


# Sorted


def refuse_sorting(opinion: Opinion) -> Refused | None:
    """Give why an opinion can't be put to another kind or item any more."""
    return None if opinion.state is OpinionState.WAITING else _not_waiting(opinion.state)


def merge(opinion: Opinion, into: Opinion, merged: Iterable[Opinion]) -> tuple[Opinion, ...] | Refused:
    """Give what changes when an opinion goes with another from now on; `merged` went with it so far.

    One that goes with another has none that goes with it, so that nobody looks for an answer step by step.
    """
    if opinion.state is not OpinionState.WAITING:
        return _not_waiting(opinion.state)
    if opinion.opinion_id == into.opinion_id or into.state in {OpinionState.MERGED, OpinionState.HIDDEN}:
        return Refused(Refusal.OPINION_NOT_MERGEABLE)
    return tuple(
        replace(each, state=OpinionState.MERGED, merged_into_id=into.opinion_id)
        for each in (opinion, *merged)
    )


def hide(opinion: Opinion, merged: Iterable[Opinion]) -> tuple[Opinion, ...] | Refused:
    """Give what changes when an opinion's text is shown to members no more; those merged into it wait again.

    What the chair has taken up or answered was heard, and stays.
    """
    match opinion.state:
        case OpinionState.WAITING | OpinionState.LEFT | OpinionState.MERGED:
            hidden = replace(opinion, state=OpinionState.HIDDEN, merged_into_id=None)
            return (hidden, *(_waiting(each) for each in merged))
        case OpinionState.HIDDEN:
            return Refused(Refusal.OPINION_HIDDEN)
        case OpinionState.TAKEN_UP | OpinionState.ANSWERED:
            return Refused(Refusal.OPINION_DECIDED)


def restore(opinion: Opinion) -> Opinion | Refused:
    """Give an opinion that was hidden or merged as it is when it waits again by itself."""
    if opinion.state in {OpinionState.HIDDEN, OpinionState.MERGED}:
        return _waiting(opinion)
    return Refused(Refusal.OPINION_DECIDED if opinion.state in OUTCOMES else Refusal.OUT_OF_DATE)


def _waiting(opinion: Opinion) -> Opinion:
    return replace(opinion, state=OpinionState.WAITING, merged_into_id=None)


def _not_waiting(state: OpinionState) -> Refused:
    match state:
        case OpinionState.MERGED:
            return Refused(Refusal.OPINION_MERGED)
        case OpinionState.HIDDEN:
            return Refused(Refusal.OPINION_HIDDEN)
        case _:
            return Refused(Refusal.OPINION_DECIDED)


# Decided


def decide(opinion: Opinion, outcome: OpinionState, *, is_in_text: bool = False) -> Opinion | Refused:
    """Give an opinion with what becomes of it; `is_in_text`: a version of the text is made of it now.

    It may be decided anew, which is on record as well; once its words stand in the text it stays taken up.
    """
    if opinion.state in {OpinionState.MERGED, OpinionState.HIDDEN}:
        return _not_waiting(opinion.state)
    if opinion.is_in_text and (is_in_text or outcome is not OpinionState.TAKEN_UP):
        return Refused(Refusal.OPINION_IN_TEXT)
    return replace(opinion, state=outcome, is_in_text=is_in_text or opinion.is_in_text)


def read_answer(text: str, outcome: OpinionState) -> str | Refused:
    """Give the words that an outcome comes with; only an answer can't do without."""
    return _read(text, ANSWER_LIMIT, Refusal.TEXT_EMPTY if outcome is OpinionState.ANSWERED else None)


def read_reason(text: str) -> str | Refused:
    """Give why an opinion is hidden, which is on record."""
    return _read(text, REASON_LIMIT, Refusal.REASON_MISSING)


def are_taken(state: MeetingState) -> bool:
    """Whether opinions are sent in a meeting: before it and in it. What became of them is said later too."""
    return state is not MeetingState.CLOSED


# Listed


@dataclass(frozen=True, slots=True)
class Thread:
    """An opinion by the place that it has in a list, with the places of those that were merged into it."""

    place: int
    merged: tuple[int, ...]


def arrange(opinions: Sequence[Opinion]) -> list[Thread]:
    """Give the opinions that stand by themselves, in their order, each with those that go with it.

    Every opinion is in it exactly once, hidden ones too: it is for whoever lists them to leave out a text.
    """
    places = {opinion.opinion_id: place for place, opinion in enumerate(opinions)}
    merged: dict[int, list[int]] = {}
    alone: list[int] = []
    for place, opinion in enumerate(opinions):
        into = None if opinion.merged_into_id is None else places.get(opinion.merged_into_id)
        if into is None:
            alone.append(place)
        else:
            merged.setdefault(into, []).append(place)
    return [Thread(place, tuple(merged.get(place, ()))) for place in alone]


@dataclass(frozen=True, slots=True)
class OpinionCounts:
    """How many opinions there are, by what became of them; merged ones count as those that they go with."""

    waiting: int = 0
    taken_up: int = 0
    answered: int = 0
    left: int = 0
    hidden: int = 0

    @property
    def heard(self) -> int:
        """All that members are shown."""
        return self.waiting + self.taken_up + self.answered + self.left


def count_opinions(opinions: Sequence[Opinion]) -> OpinionCounts:
    """Count all opinions of a meeting, each once."""
    counts = dict.fromkeys(OpinionState, 0)
    for thread in arrange(opinions):
        counts[opinions[thread.place].state] += 1 + len(thread.merged)
    return OpinionCounts(
        counts[OpinionState.WAITING],
        counts[OpinionState.TAKEN_UP],
        counts[OpinionState.ANSWERED],
        counts[OpinionState.LEFT],
        counts[OpinionState.HIDDEN],
    )

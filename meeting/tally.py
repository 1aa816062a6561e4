"""The tally of a vote and its verdict: integers only, unanimous only by count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from meeting.counting import Threshold
from meeting.refusals import Refusal, Refused
from meeting.voting import Option


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by option over a base; whoever didn't vote stays in the base (`domain.md` §7.3)."""

    base: int
    counts: dict[Option, int] = field(default_factory=dict)

    def count(self, option: Option) -> int:
        """Give the votes for an option."""
        return self.counts.get(option, 0)

    @property
    def cast(self) -> int:
        """How many voted."""
        return sum(self.counts.values())

    @property
    def not_voted(self) -> int:
        """How many of the base did not vote."""
        return self.base - self.cast

    @property
    def is_unanimous(self) -> bool:
        """Whether every vote of the base is *tán thành*."""
        return self.base > 0 and self.count(Option.YES) == self.base


def tally_ballots(options: Iterable[Option], base: int) -> Tally:
    """Count ballots; raises ValueError where there are more of them than the base."""
    counts = Counter(options)
    if counts.total() > base:
        message = f"{counts.total()} ballots over a base of {base}"
        raise ValueError(message)
    return Tally(base, dict(counts))


def tally_hands(counts: dict[Option, int], base: int) -> Tally | Refused:
    """Take a count of hands in which each option was asked; the rest did not vote."""
    if any(count < 0 for count in counts.values()) or sum(counts.values()) > base:
        return Refused(Refusal.HANDS_EXCEED_BASE, {"sum": sum(counts.values()), "base": base})
    return Tally(base, dict(counts))


class Decision(StrEnum):
    """What became of an agenda item."""

    ADOPTED = "adopted"
    ADOPTED_WITH_ADDITIONS = "adopted_with_additions"
    CONSULTED = "consulted"
    REJECTED = "rejected"
    NOTED = "noted"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a tally decides: adopted or rejected, or *consulted* for an advisory question."""

    decision: Decision
    is_unanimous: bool


def decide_verdict(
    tally: Tally, threshold: Threshold, *, is_advisory: bool, has_additions: bool = False
) -> Verdict:
    """Decide a vote: yes-votes against the threshold of the base.

    An advisory question (Đ.53) ends in *tham gia ý kiến* whatever the count, never in *thông qua*.
    """
    if is_advisory:
        return Verdict(Decision.CONSULTED, tally.is_unanimous)
    if not threshold.is_met(tally.count(Option.YES), tally.base):
        return Verdict(Decision.REJECTED, is_unanimous=False)
    decision = Decision.ADOPTED_WITH_ADDITIONS if has_additions else Decision.ADOPTED
    return Verdict(decision, tally.is_unanimous)


def decision_of_item(decision: Decision, *, has_additions: bool) -> Decision:
    """Give what a vote's decision is for one of its items: only what gained something has additions."""
    if decision is Decision.ADOPTED_WITH_ADDITIONS and not has_additions:
        return Decision.ADOPTED
    return decision

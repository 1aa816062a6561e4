"""Thrift: what a platform's plan still allows this month, what goes out first, what a meeting will take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from meeting.states import Priority

MONTH_ZONE = timezone(timedelta(hours=7))
"""Plans are counted by the months of Vietnam."""

WARNED_AT = (80, 95)
"""Percents of a month's messages that the organisers are told of."""

REFRESHES_UNTIL, ALL_UNTIL = WARNED_AT
"""Percents up to which refreshes go out, and up to which all else but ballots, results and answers does."""

PER_VOTE = 3
"""Messages to each elector: the ballot, what was recorded, the result."""

TO_GROUP = 2
"""Messages about a vote to a group: that it is opened, and its result."""

_PEOPLE_NEARLY = 90  # percent


@dataclass(frozen=True, slots=True)
class Plan:
    """How many messages a month and how many people a platform lets a bot have."""

    messages: int
    people: int
    counts_incoming: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """What a bot sent and got in a month."""

    sent: int = 0
    received: int = 0

    def of(self, plan: Plan) -> int:
        """How many messages the plan counts."""
        return self.sent + (self.received if plan.counts_incoming else 0)


def month_of(now: datetime) -> str:
    """Give the month that a message counts in: "2026-11"."""
    return now.astimezone(MONTH_ZONE).strftime("%Y-%m")


def left(plan: Plan, usage: Usage) -> int:
    """Give how many messages there still are this month."""
    return max(0, plan.messages - usage.of(plan))


def least_urgent(plan: Plan, usage: Usage) -> Priority:
    """Give the least urgent that still goes out.

    Refreshes are dropped first; the last messages are kept for ballots, results and answers. These are tried
    even beyond the plan, as the platform's own count is what holds.
    """
    used = 100 * usage.of(plan)
    if used >= ALL_UNTIL * plan.messages:
        return Priority.RESULT
    return Priority.REMINDER if used >= REFRESHES_UNTIL * plan.messages else Priority.REFRESH


def warning_due(plan: Plan, usage: Usage, warned: int) -> int | None:
    """Give the percent that the organisers are to be told of now; None where they know."""
    reached = [share for share in WARNED_AT if share * plan.messages <= 100 * usage.of(plan)]
    return reached[-1] if reached and reached[-1] > warned else None


def is_nearly_full(plan: Plan, people: int) -> bool:
    """Whether only a few more people can use the bot, or none."""
    return 100 * people >= _PEOPLE_NEARLY * plan.people


# What a meeting will take


@dataclass(frozen=True, slots=True)
class Load:
    """What a meeting still has before it on a platform.

    `people` are told there, `groups` follow there. Of `votes` each is what one vote is still to be about, by
    the items' numbers in the agenda; `can_join` of them could be put into one. `notices` is what everybody
    gets beside the votes: summons, reminders, the summary; each of `replies` is asked for and answered.
    """

    people: int
    votes: tuple[int, ...]
    can_join: frozenset[int] = frozenset()
    groups: int = 0
    notices: int = 0
    replies: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Whether a month's messages are enough for a meeting.

    `joined` are the items that one vote would save most by, from the first to the last, and `need_joined` is
    what the meeting takes then; `to_pages` is how many people would have to vote on the web pages instead.
    """

    left: int
    need: int
    joined: tuple[int, int] | None
    need_joined: int
    to_pages: int

    @property
    def is_enough(self) -> bool:
        """For the meeting itself."""
        return self.need <= self.left

    @property
    def is_enough_rehearsed(self) -> bool:
        """For the meeting after a rehearsal with everybody, which takes as many again."""
        return 2 * self.need <= self.left


def messages_needed(plan: Plan, load: Load, votes: int | None = None) -> int:
    """Give how many messages a meeting will take, with as many votes as are planned, or with others."""
    votes = len(load.votes) if votes is None else votes
    return load.people * _each(plan, load, votes) + load.groups * (TO_GROUP * votes + 1)


def _each(plan: Plan, load: Load, votes: int) -> int:
    asked = load.replies * (2 + plan.counts_incoming)
    return votes * (PER_VOTE + plan.counts_incoming) + asked + load.notices


def forecast(plan: Plan, usage: Usage, load: Load) -> Forecast:
    """Say whether what is left is enough for a meeting, and what would help where it isn't."""
    remaining, need = left(plan, usage), messages_needed(plan, load)
    joined = _longest_run(load.votes, load.can_join)
    fewer = len(load.votes) - len(joined) + 1 if joined else len(load.votes)
    each = _each(plan, load, len(load.votes))
    short = max(0, need - remaining)
    return Forecast(
        left=remaining,
        need=need,
        joined=(joined[0], joined[-1]) if joined else None,
        need_joined=messages_needed(plan, load, fewer),
        to_pages=min(load.people, -(-short // each)) if each else 0,
    )


def _longest_run(votes: Sequence[int], can_join: frozenset[int]) -> tuple[int, ...]:
    """Give the most votes that follow one another in the agenda and could be one; fewer than two are none."""
    best: tuple[int, ...] = ()
    run: tuple[int, ...] = ()
    for number in votes:
        run = (*run, number) if number in can_join else ()
        if len(run) > max(1, len(best)):
            best = run
    return best

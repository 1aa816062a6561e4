"""Titles and who receives them: who a name means, how many they are, and local quotas (`domain.md` §3.5)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from meeting.names import Closeness, closeness, fold, is_whole, tidy
from meeting.refusals import Refusal, Refused

TITLE_NAME_LIMIT = 300
NUMBER_LIMIT = 100
ISSUER_LIMIT = 300
RECIPIENT_LIMIT = 200
"""Characters of a person's or a collective's name, and of a unit's."""

MOST_TITLES = 100
"""Titles of one meeting, withdrawn ones too."""

MOST_RECIPIENTS = 1_000
"""Recipients of one title."""

K = TypeVar("K", bound=Hashable)


class RecipientKind(StrEnum):
    """*Tập thể* or *cá nhân*."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class TitleCounts:
    """How many receive a title: *06 tập thể và 18 cá nhân*."""

    collectives: int = 0
    individuals: int = 0

    @property
    def total(self) -> int:
        """How many they are together."""
        return self.collectives + self.individuals

    def __add__(self, other: "TitleCounts") -> "TitleCounts":
        return TitleCounts(self.collectives + other.collectives, self.individuals + other.individuals)


def count_recipients(kinds: Iterable[RecipientKind]) -> TitleCounts:
    """Count recipients by their kind."""
    listed = list(kinds)
    collectives = listed.count(RecipientKind.COLLECTIVE)
    return TitleCounts(collectives, len(listed) - collectives)


# Planned


@dataclass(frozen=True, slots=True)
class Quota:
    """At most this share of the individuals who receive the title `of`: local, and never enforced."""

    numerator: int
    denominator: int
    of: str

    @property
    def share(self) -> Fraction:
        """The share, exactly."""
        return Fraction(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class PlannedRecipient:
    """Who is to receive a title; `attendee` is the place on the plan's roll, None for who isn't on it."""

    kind: RecipientKind
    name: str
    unit: str = ""
    attendee: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedTitle:
    """A decision that recognises a title, with tidy texts within their limits; "" for what isn't known."""

    title: str
    number: str = ""
    decided_on: date | None = None
    issuer: str = ""
    quota: Quota | None = None
    recipients: tuple[PlannedRecipient, ...] = ()


def plan_title(
    title: str, number: str = "", decided_on: date | None = None, issuer: str = "", quota: Quota | None = None
) -> PlannedTitle | Refused:
    """Give the decision that is meant, without recipients, or why it can't be taken so."""
    title, number, issuer = tidy(title), tidy(number), tidy(issuer)
    if not any(letter.isalpha() for letter in title):
        return Refused(Refusal.NAME_UNREADABLE)
    of = "" if quota is None else tidy(quota.of)
    for text, limit in (
        (title, TITLE_NAME_LIMIT),
        (number, NUMBER_LIMIT),
        (issuer, ISSUER_LIMIT),
        (of, TITLE_NAME_LIMIT),
    ):
        if len(text) > limit:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(text)})
    if quota is None:
        return PlannedTitle(title, number, decided_on, issuer)
    if not 0 < quota.numerator <= quota.denominator or not of or fold(of) == fold(title):
        return Refused(Refusal.QUOTA_UNREADABLE)
    return PlannedTitle(
        title, number, decided_on, issuer, Quota(quota.share.numerator, quota.share.denominator, of)
    )


# Who is meant


@dataclass(frozen=True, slots=True)
class Candidate(Generic[K]):
    """Somebody whom a name may mean, with the units that the person is known by."""

    key: K
    name: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched(Generic[K]):
    """One alone is meant."""

    key: K


@dataclass(frozen=True, slots=True)
class Unclear(Generic[K]):
    """Nobody knows who is meant: one of these perhaps, or somebody who is not known."""

    candidates: tuple[K, ...] = ()


class NameIndex(Generic[K]):
    """People by their names, so that of thousands only those are compared whom a name may mean."""

    def __init__(self, people: Iterable[Candidate[K]]) -> None:
        self._whole: dict[str, list[Candidate[K]]] = defaultdict(list)
        self._given: dict[str, list[tuple[frozenset[str], Candidate[K]]]] = defaultdict(list)
        for one in people:
            words = fold(one.name).split()
            self._whole[" ".join(words)].append(one)
            self._given[words[-1] if words else ""].append((frozenset(words), one))

    def near(self, name: str) -> list[tuple[Closeness, Candidate[K]]]:
        """Give who may be meant, in which way; by a part of the name only where nobody has the whole."""
        words = fold(name).split()
        ends = (" ".join(words[start:]) for start in range(len(words)))
        whole = _judged(name, (one for end in ends for one in self._whole.get(end, ())))
        if whole or not words:
            return whole
        alike = (
            one
            for parts, one in self._given.get(words[-1], ())
            if len(words) < _CHECKED or words[-2] in parts
        )
        return _judged(name, alike)


_CHECKED = 3
"""Words of a name from which on the last but one must be in a name that it is a part of."""


def _judged(name: str, people: Iterable[Candidate[K]]) -> list[tuple[Closeness, Candidate[K]]]:
    judged = ((_closeness(name, one.name), one) for one in people)
    return [(how, one) for how, one in judged if how is not None]


def _closeness(typed: str, name: str) -> Closeness | None:
    return Closeness.SAME if tidy(typed) == name else closeness(typed, name)


def match_recipient(name: str, unit: str, people: NameIndex[K]) -> Matched[K] | Unclear[K]:
    """Give whom a name of a unit ("" where none is given) means, where one alone has both.

    The whole name must be the same, wherever its tone marks are set; one that was typed without any marks
    means whoever has these letters. A name that only resembles is asked about, never taken.
    """
    near = people.near(name)
    plain = [one for how, one in near if how is not Closeness.PART]
    fitting = [one for how, one in near if is_whole(name, how)]
    if unit:
        here = [one for one in fitting if fold(unit) in map(fold, one.units)]
        fitting = here if len(here) == 1 else []
    if len(fitting) == 1:
        return Matched(fitting[0].key)
    return Unclear(tuple(one.key for one in plain or [one for _, one in near]))


# Quotas


@dataclass(frozen=True, slots=True)
class QuotaCheck:
    """How a quota stands: so many individuals against the share of `base`.

    `base` is None where the meeting has no title of that name to compare with.
    """

    quota: Quota
    individuals: int
    base: int | None

    @property
    def allowed(self) -> Fraction:
        """The share of the base, unrounded: 15 % of 18 is 27/10, as how to round it is a local matter."""
        return self.quota.share * (self.base or 0)

    @property
    def is_kept(self) -> bool:
        """Whether there are not more individuals than the share; unknown without a base, and so not."""
        return self.base is not None and self.individuals <= self.allowed


def check_quota(quota: Quota, individuals: int, titles: Iterable[tuple[str, int]]) -> QuotaCheck:
    """Compare the individuals of a title with its quota; `titles` are all of the meeting by name and number.

    Titles of one name are added up, however many decisions there are on it.
    """
    bases = [count for name, count in titles if fold(name) == fold(quota.of)]
    return QuotaCheck(quota, individuals, sum(bases) if bases else None)

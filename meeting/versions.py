"""Versions of an item's text: which may be made, what a text is known by, and how two of them differ."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from meeting.refusals import Refusal, Refused
from meeting.tally import Decision

TEXT_LIMIT = 20_000
"""Characters of an item's text in one version."""


def text_digest(text: str) -> str:
    """Give the SHA-256 of a text, in UTF-8 as it is kept: what the record and those who confirm it name."""
    return hashlib.sha256(text.encode()).hexdigest()


def with_addition(text: str, addition: str) -> str:
    """Give a text that ends with what was added to it."""
    return f"{text}\n{addition}" if text else addition


@dataclass(frozen=True, slots=True)
class Wording:
    """A version of a text: what it says, what it gained over the one before ("" where only reworded).

    `opinion_id` is the opinion that was taken up by it.
    """

    text: str
    addition: str = ""
    opinion_id: int | None = None


def gained_by(line: Sequence[Wording]) -> list[str]:
    """Give what the last of a line of versions has gained since the first, in order."""
    return [version.addition for version in standing_in(line) if version.addition]


def standing_in(line: Sequence[Wording]) -> list[Wording]:
    """Give the versions that the last of a line is made of, in order.

    A version that says again what an earlier one said takes back those that were made since.
    """
    made_of: dict[str, list[Wording]] = {}
    latest: list[Wording] = []
    for version in line:
        latest = made_of.setdefault(version.text, [*latest, version])
    return list(latest)


def refuse_version(text: str, newest: str, *, decision: Decision | None, is_voted_on: bool) -> Refused | None:
    """Give why a text can't follow the newest version; None where it can.

    A vote that was opened holds its version until it is announced or cancelled. What was decided stays as it
    was decided, but what was rejected may be worded anew for another run.
    """
    if is_voted_on:
        return Refused(Refusal.ITEM_HAS_VOTE)
    if decision not in {None, Decision.REJECTED}:
        return Refused(Refusal.ITEM_DECIDED)
    if not text:
        return Refused(Refusal.TEXT_EMPTY)
    if len(text) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
    if text == newest:
        return Refused(Refusal.TEXT_UNCHANGED)
    return None


# How two texts differ


class Change(StrEnum):
    """What became of a passage."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words in their order, with the white space after each, as they stand in one text or in both."""

    change: Change
    text: str


_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_WORD = re.compile(r"\S+[^\S\n]*|\n|[^\S\n]+")
_MOST_PAIRS = 300_000
"""Pairs of equal words up to which passages are compared by words; beyond, it would take too long."""


def differences(old: str, new: str) -> tuple[Passage, ...]:
    """Give how a text became another, word by word; removed before added where words were replaced.

    Without what was added it is the old text, without what was removed the new one. A passage that repeats
    the same few words thousands of times is given as removed and added whole.
    """
    passages: list[Passage] = []
    for change, text in _merged(_changed_lines(old, new)):
        before = passages.pop().text if passages and passages[-1].change is change else ""
        passages.append(Passage(change, before + text))
    return tuple(passages)


def _changed_lines(old: str, new: str) -> Iterator[tuple[Change, str]]:
    """Compare by lines first, and by words where lines were replaced."""
    for removed, added, same in _compared(_LINE.findall(old), _LINE.findall(new)):
        before, after = _WORD.findall("".join(removed)), _WORD.findall("".join(added))
        for removed_words, added_words, same_words in _compared(before, after):
            yield Change.REMOVED, "".join(removed_words)
            yield Change.ADDED, "".join(added_words)
            yield Change.SAME, "".join(same_words)
        yield Change.SAME, "".join(same)


def _merged(changes: Iterable[tuple[Change, str]]) -> Iterator[tuple[Change, str]]:
    """Give what was removed and added between two passages that stayed, each once, in this order."""
    pending = {Change.REMOVED: "", Change.ADDED: ""}
    for change, text in changes:
        if change is not Change.SAME:
            pending[change] += text
        elif text:
            yield from _taken(pending)
            yield change, text
    yield from _taken(pending)


def _taken(pending: dict[Change, str]) -> Iterator[tuple[Change, str]]:
    for change, text in pending.items():
        if text:
            yield change, text
            pending[change] = ""


_Compared = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""What was removed, what was added in its place, and what is the same after it."""


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[_Compared]:
    begin = _common(zip(old, new, strict=False))
    end = _common(zip(reversed(old[begin:]), reversed(new[begin:]), strict=False))
    before, after = old[begin : len(old) - end], new[begin : len(new) - end]
    yield (), (), old[:begin]
    if _pairs(before, after) > _MOST_PAIRS:
        yield before, after, ()
    else:
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        old_at = new_at = 0
        for old_from, new_from, size in matcher.get_matching_blocks():
            yield before[old_at:old_from], after[new_at:new_from], before[old_from : old_from + size]
            old_at, new_at = old_from + size, new_from + size
    yield (), (), old[len(old) - end :]


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts = Counter(old)
    return sum(counts[word] for word in new)

"""Versions of an item's text: which may be made, what a text is known by, and how two of them differ."""

import hashlib
import re
from collections.abc import Iterable, Sequence
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


_WORD = re.compile(r"\S+[^\S\n]*|\n|[^\S\n]+")
_MOST_PAIRS = 200_000
"""Pairs of equal words up to which texts are compared word by word; beyond, it would take too long."""


def differences(old: str, new: str) -> tuple[Passage, ...]:
    """Give how a text became another, word by word; removed before added where words were replaced.

    Without what was added it is the old text, without what was removed the new one. Texts that repeat the
    same few words thousands of times are compared by paragraphs, as nobody could read it otherwise.
    """
    passages: list[Passage] = []
    for change, words in _compared(_WORD.findall(old), _WORD.findall(new)):
        text = "".join(words)
        if passages and passages[-1].change is change:
            text = passages.pop().text + text
        passages.append(Passage(change, text))
    return tuple(passages)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[Change, Sequence[str]]]:
    begin = _common(zip(old, new, strict=False))
    end = _common(zip(reversed(old[begin:]), reversed(new[begin:]), strict=False))
    before, after = old[begin : len(old) - end], new[begin : len(new) - end]
    if _pairs(before, after) > _MOST_PAIRS:
        changes = [(Change.REMOVED, before), (Change.ADDED, after)]
    else:
        changes = list(_changed(before, after))
    for change, words in ((Change.SAME, old[:begin]), *changes, (Change.SAME, old[len(old) - end :])):
        if words:
            yield change, words


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[Change, Sequence[str]]]:
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield Change.SAME, old[old_from:old_to]
        else:
            yield Change.REMOVED, old[old_from:old_to]
            yield Change.ADDED, new[new_from:new_to]


def _common(pairs: Iterable[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    counts: dict[str, int] = {}
    for word in old:
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.get(word, 0) for word in new)

"""A meeting's record: entries chained by SHA-256 over canonical JSON, so that a change shows."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: number from 1, instant, its name, facts as JSON values (ids and commitments, no names)."""

    number: int
    at: datetime
    act: str
    facts: dict[str, Any]
    previous_hash: str
    hash: str


def _canonical(number: int, at: datetime, act: str, facts: dict[str, Any], previous_hash: str) -> bytes:
    body = {"number": number, "at": at.isoformat(), "act": act, "facts": facts, "previous": previous_hash}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry_after(previous: Entry | None, at: datetime, act: str, facts: dict[str, Any]) -> Entry:
    """Give the entry that follows `previous` (None for a record's first)."""
    number = 1 if previous is None else previous.number + 1
    previous_hash = FIRST if previous is None else previous.hash
    digest = hashlib.sha256(_canonical(number, at, act, facts, previous_hash)).hexdigest()
    return Entry(number, at, act, facts, previous_hash, digest)


def first_break(entries: Iterable[Entry]) -> int | None:
    """Give the number of the first entry that doesn't follow from those before it, or None where all do."""
    previous: Entry | None = None
    for entry in entries:
        if entry_after(previous, entry.at, entry.act, entry.facts) != entry:
            return entry.number
        previous = entry
    return None


def commitment(salt: str, text: str) -> str:
    """Give what stands for a personal text in the record; without the salt it says nothing."""
    return hashlib.sha256(f"{salt}\x00{text}".encode()).hexdigest()

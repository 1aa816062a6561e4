"""The agenda: kinds of items, and their order."""

from collections.abc import Sequence
from enum import StrEnum


class ItemKind(StrEnum):
    """What an item is, which decides what the panel offers for it."""

    PROCEDURE = "procedure"
    VOTING_METHOD = "voting_method"
    REPORT = "report"
    DOCUMENT = "document"
    DISCUSSION = "discussion"
    VOTE = "vote"
    ELECTION = "election"
    PLEDGE = "pledge"
    COMMENDATION = "commendation"
    SPEECH = "speech"
    OTHER = "other"

    @property
    def is_procedural(self) -> bool:
        """Whether its vote may precede the attendance statement, by counted hands."""
        return self in {ItemKind.PROCEDURE, ItemKind.VOTING_METHOD}

    @property
    def is_votable(self) -> bool:
        """Whether the panel offers a vote on it; speeches and commendations are only noted."""
        return self not in {ItemKind.SPEECH, ItemKind.COMMENDATION, ItemKind.DISCUSSION}


class Direction(StrEnum):
    """Which way an item is moved."""

    UP = "up"
    DOWN = "down"


def moved(order: Sequence[int], item_id: int, direction: Direction) -> list[int]:
    """Give the order of item ids with one moved by a place; at the end it stays where it is."""
    ids = list(order)
    here = ids.index(item_id)
    there = here + (-1 if direction is Direction.UP else 1)
    if 0 <= there < len(ids):
        ids[here], ids[there] = ids[there], ids[here]
    return ids

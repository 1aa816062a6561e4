"""Opinions on an item: what they are, and what becomes of them."""

from enum import StrEnum


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

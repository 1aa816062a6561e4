"""Titles and who receives them."""

from enum import StrEnum


class RecipientKind(StrEnum):
    """*Tập thể* or *cá nhân*."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"

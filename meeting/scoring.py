"""Scoring within an emulation cluster: criteria, sheets and the ranking (`domain.md` §3.4)."""

from enum import StrEnum


class ScoringState(StrEnum):
    """preparing → open (units fill their sheets) → verifying → decided."""

    PREPARING = "preparing"
    OPEN = "open"
    VERIFYING = "verifying"
    DECIDED = "decided"


class CriterionKind(StrEnum):
    """Points up to a most, a bonus, or a penalty that is taken off."""

    POINTS = "points"
    BONUS = "bonus"
    PENALTY = "penalty"


class SheetKind(StrEnum):
    """Whose view a sheet is: the unit's own, another unit's, or that of the lead who verified it."""

    SELF = "self"
    CROSS = "cross"
    VERIFIED = "verified"

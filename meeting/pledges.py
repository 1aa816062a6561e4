"""Emulation pledges: their parties, and what a confirmation of one is worth (`domain.md` §3.3, §6.2)."""

from enum import StrEnum


class PledgeKind(StrEnum):
    """Between the head and the union of an agency, or of all units of a cluster."""

    INTERNAL = "internal"
    CLUSTER = "cluster"


class ConfirmationState(StrEnum):
    """confirmed in chat → signed on paper or digitally; only the latter two are signatures."""

    CONFIRMED = "confirmed_in_chat"
    SIGNED_ON_PAPER = "signed_on_paper"
    DIGITALLY_SIGNED = "digitally_signed"

"""Emulation pledges: their parties, and what a confirmation of one is worth (`domain.md` §3.3, §6.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meeting.names import fold, tidy
from meeting.refusals import Refusal, Refused
from meeting.tally import Decision
from meeting.versions import text_digest

PARTY_LIMIT = 200
SIGNER_LIMIT = 100
POSITION_LIMIT = 200
WITNESS_LIMIT = 300
MOST_PARTIES = 60
FEWEST_PARTIES = 2
NOT_PLEDGED = frozenset({Decision.SKIPPED, Decision.REJECTED})
"""Decisions on an item after which nobody pledges its text."""

_MARK = 16


class PledgeKind(StrEnum):
    """Between the head and the union of an agency, or of all units of a cluster."""

    INTERNAL = "internal"
    CLUSTER = "cluster"


class ConfirmationState(StrEnum):
    """confirmed in chat → signed on paper or digitally; only the latter two are signatures."""

    CONFIRMED = "confirmed_in_chat"
    SIGNED_ON_PAPER = "signed_on_paper"
    DIGITALLY_SIGNED = "digitally_signed"

    @property
    def is_signature(self) -> bool:
        """Whether this is a signature, of which a copy was handed in, and not a tap."""
        return self is not ConfirmationState.CONFIRMED


class VoidReason(StrEnum):
    """Why a confirmation holds no more: another text, stopped, or a signature that was entered in error."""

    TEXT_CHANGED = "text_changed"
    STOPPED = "stopped"
    ENTERED_IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who confirms for a party; `person_id` is None for somebody whom the bot doesn't know."""

    person_id: int | None
    name: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class PlannedParty:
    """A party before its meeting is stored; `attendee` is its signer's place on the list of attendees.

    None where the signer, "" if nobody is named yet, isn't on that list.
    """

    name: str
    signer: str = ""
    position: str = ""
    attendee: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedPledge:
    """A pledge before its meeting is stored; `item` is the place of its item on the agenda, from 0."""

    item: int
    parties: tuple[PlannedParty, ...]
    witness: str = ""

    def kind(self, units: Collection[str]) -> PledgeKind:
        """Give which it is: `units` are the folded names of the meeting's, of which a cluster consists."""
        are_units = all(fold(party.name) in units for party in self.parties)
        is_internal = len(self.parties) == FEWEST_PARTIES and not are_units
        return PledgeKind.INTERNAL if is_internal else PledgeKind.CLUSTER


@dataclass(frozen=True, slots=True)
class FrozenText:
    """The version of the text that is confirmed, since when, and its digest."""

    version: int
    sha256: str
    frozen_at: datetime

    @property
    def mark(self) -> str:
        """The beginning of the digest, which a button carries: a tap is for the text that it stood under."""
        return self.sha256[:_MARK]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a party stands to a text. `confirmed_at` is None where it was only signed, on paper."""

    version: int
    sha256: str
    state: ConfirmationState
    signer: str
    confirmed_at: datetime | None = None
    signed_at: datetime | None = None
    evidence_id: int | None = None
    evidence_sha256: str | None = None

    def unsigned(self) -> "Confirmation":
        """Give it as it stood before a signature was entered."""
        return Confirmation(
            self.version, self.sha256, ConfirmationState.CONFIRMED, self.signer, self.confirmed_at
        )

    @property
    def at(self) -> datetime | None:
        """When it came into the state that it is in."""
        return self.signed_at if self.state.is_signature else self.confirmed_at


@dataclass(frozen=True, slots=True)
class Party:
    """A party with the one who confirms for it: `signer` is "" where nobody is named yet.

    `signer_id` is None where the signer is nobody whom the bot knows, who then signs on paper.
    """

    party_id: int
    place: int
    name: str
    unit_id: int | None
    signer: str
    signer_id: int | None
    position: str
    confirmation: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Pledge:
    """A pledge with its parties in order; `frozen` is None while its text may still be changed."""

    pledge_id: int
    organisation_id: int
    meeting_id: int
    item_id: int
    kind: PledgeKind
    witness: str
    is_ordered: bool
    is_on_paper: bool
    frozen: FrozenText | None
    parties: tuple[Party, ...]

    @property
    def confirmed(self) -> tuple[Party, ...]:
        """The parties that have confirmed or signed the text as it is frozen."""
        return tuple(party for party in self.parties if self.is_valid(party.confirmation))

    @property
    def missing(self) -> tuple[Party, ...]:
        """The parties that have not."""
        return tuple(party for party in self.parties if not self.is_valid(party.confirmation))

    @property
    def signed(self) -> tuple[Party, ...]:
        """The parties whose signature was handed in."""
        return tuple(
            party
            for party in self.confirmed
            if party.confirmation is not None and party.confirmation.state.is_signature
        )

    @property
    def is_complete(self) -> bool:
        """Whether each party has confirmed or signed; one missing of seven leaves a pledge open."""
        return self.frozen is not None and bool(self.parties) and not self.missing

    @property
    def is_signed(self) -> bool:
        """Whether the signature of each party was handed in."""
        return self.is_complete and len(self.signed) == len(self.parties)

    @property
    def awaited(self) -> tuple[Party, ...]:
        """The parties whose turn it is: all that are missing, or the first of them in a fixed order."""
        if self.frozen is None:
            return ()
        return self.missing[:1] if self.is_ordered else self.missing

    def is_valid(self, confirmation: Confirmation | None) -> bool:
        """Whether a confirmation holds: for exactly the text that is frozen."""
        return (
            confirmation is not None
            and self.frozen is not None
            and confirmation.version == self.frozen.version
            and confirmation.sha256 == self.frozen.sha256
        )

    def find_party(self, party_id: int) -> Party | None:
        """Give one of its parties."""
        return next((party for party in self.parties if party.party_id == party_id), None)

    def find_party_of(self, person_id: int) -> Party | None:
        """Give the party that a person confirms for."""
        return next((party for party in self.parties if party.signer_id == person_id), None)


@dataclass(frozen=True, slots=True)
class PartyUnchanged:
    """It is so already."""


# Setting up


def read_name(text: str, limit: int = PARTY_LIMIT) -> str | Refused:
    """Give the tidy name of a party or a signer, or why it can't be one."""
    name = tidy(text)
    if not any(letter.isalpha() for letter in name):
        return Refused(Refusal.NAME_UNREADABLE)
    if len(name) > limit:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(name)})
    return name


def refuse_party(pledge: Pledge, name: str) -> Refused | None:
    """Give why a pledge can't have a further party of this name."""
    if pledge.frozen is not None:
        return Refused(Refusal.PLEDGE_FROZEN)
    if any(fold(party.name) == fold(name) for party in pledge.parties):
        return Refused(Refusal.PLEDGE_PARTY_THERE, {"party": name})
    if len(pledge.parties) >= MOST_PARTIES:
        return Refused(Refusal.PLEDGE_PARTIES_TOO_MANY, {"limit": MOST_PARTIES})
    return None


def refuse_signer(pledge: Pledge, party: Party, person_id: int | None, *, replaces: bool) -> Refused | None:
    """Give why somebody can't be named as a party's signer: one for each party, replaced only knowingly.

    Until the party has confirmed; nobody speaks for two parties.
    """
    if party.confirmation is not None:
        return Refused(Refusal.PLEDGE_CONFIRMED, {"party": party.name})
    if party.signer and not replaces:
        return Refused(Refusal.PLEDGE_HAS_SIGNER, {"party": party.name, "signer": party.signer})
    if person_id is None:
        return None
    other = pledge.find_party_of(person_id)
    if other is not None and other.party_id != party.party_id:
        return Refused(Refusal.PLEDGE_SIGNER_TAKEN, {"party": other.name})
    return None


def freeze(pledge: Pledge, version: int, text: str, now: datetime) -> FrozenText | Refused:
    """Fix the text that the parties are to confirm, or say what is missing before it can be."""
    if not text.strip():
        return Refused(Refusal.PLEDGE_NO_TEXT)
    if len(pledge.parties) < FEWEST_PARTIES:
        return Refused(Refusal.PLEDGE_PARTIES_TOO_FEW, {"least": FEWEST_PARTIES})
    if pledge.kind is PledgeKind.INTERNAL and len(pledge.parties) > FEWEST_PARTIES:
        return Refused(Refusal.PLEDGE_PARTIES_TOO_MANY, {"limit": FEWEST_PARTIES})
    nameless = next((party for party in pledge.parties if not party.signer), None)
    if nameless is not None:
        return Refused(Refusal.PLEDGE_NO_SIGNER, {"party": nameless.name})
    return FrozenText(version, text_digest(text), now)


# Confirming and signing


def confirm(
    pledge: Pledge, party: Party, person_id: int, shown: tuple[int, str], now: datetime
) -> Confirmation | PartyUnchanged | Refused:
    """Confirm for a party what its signer was shown: the version and the mark of its digest.

    Refused where that is not the text as it is frozen now, to anybody but the one signer, out of turn in a
    fixed order, and where only paper is signed. What is confirmed or signed already stays as it is.
    """
    if party.signer_id != person_id:
        return Refused(Refusal.PLEDGE_NOT_SIGNER, {"party": party.name, "signer": party.signer})
    frozen = pledge.frozen
    if frozen is None:
        return Refused(Refusal.PLEDGE_NOT_FROZEN)
    if shown != (frozen.version, frozen.mark):
        return Refused(Refusal.PLEDGE_SUPERSEDED, {"shown": shown[0], "version": frozen.version})
    if party.confirmation is not None:
        return PartyUnchanged()
    if pledge.is_on_paper:
        return Refused(Refusal.PLEDGE_ON_PAPER)
    if party not in pledge.awaited:
        return Refused(Refusal.PLEDGE_NOT_TURN)
    return Confirmation(
        frozen.version, frozen.sha256, ConfirmationState.CONFIRMED, party.signer, confirmed_at=now
    )


def sign(
    pledge: Pledge, party: Party, state: ConfirmationState, evidence: tuple[int, str] | None, now: datetime
) -> Confirmation | PartyUnchanged | Refused:
    """Enter a signature of the frozen text, by the id and the digest of the copy that was handed in.

    Another copy in the place of one that is there is refused until that is taken back: it would be lost. The
    order of a pledge holds for confirming: on paper they sign as the sheet goes round.
    """
    frozen, before = pledge.frozen, party.confirmation
    if frozen is None:
        return Refused(Refusal.PLEDGE_NOT_FROZEN)
    if evidence is None or not state.is_signature:
        return Refused(Refusal.PLEDGE_EVIDENCE_MISSING)
    evidence_id, sha256 = evidence
    if before is not None and (before.state, before.evidence_sha256) == (state, sha256):
        return PartyUnchanged()
    if before is not None and before.state.is_signature:
        return Refused(Refusal.PLEDGE_SIGNED, {"party": party.name})
    confirmed_at = None if before is None else before.confirmed_at
    return Confirmation(
        frozen.version, frozen.sha256, state, party.signer, confirmed_at, now, evidence_id, sha256
    )

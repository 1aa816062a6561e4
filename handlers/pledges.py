"""Pledges: the text that is frozen, what the parties confirm of it, and the signatures that are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.asking import Asked, bound, closed_refusal, permitted, request
from handlers.meetings import Unchanged
from handlers.planning import plan_meeting
from meeting.papers import Paper
from meeting.people import Actor, Right
from meeting.pledges import NOT_PLEDGED, ConfirmationState, Party, Pledge, VoidReason, confirm, freeze, sign
from meeting.pledges import PartyUnchanged as Stands
from meeting.refusals import Refusal, Refused
from meeting.reminders import quiet_until
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.versions import text_digest
from storage import agenda, cards, meetings, papers, people, pledges, posts, record, versions
from storage.database import Tx
from storage.errors import PledgeNotFoundError
from storage.reading import get_meeting_view
from storage.views import MeetingView

SHOWING = (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL, CardKind.PLEDGE)
"""Cards of a meeting that show how far its pledge has come."""


@dataclass(frozen=True, slots=True)
class PledgeFrozen:
    """Confirming has begun; `unreached` are the parties whose signers the bot can't tell."""

    pledge_id: int
    version: int
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PledgeStopped:
    """Confirming has ended; so many confirmations were voided."""

    pledge_id: int
    voided: int


@dataclass(frozen=True, slots=True)
class PartyConfirmed:
    """The party has confirmed, as so many of all have."""

    pledge_id: int
    confirmed: int
    parties: int


@dataclass(frozen=True, slots=True)
class SignaturesEntered:
    """The signatures of these parties are entered."""

    pledge_id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignatureWithdrawn:
    """The party stands where it stood before its signature was entered."""

    pledge_id: int


# What holds


async def void_confirmations(tx: Tx, item_id: int, now: datetime, actor: Actor, version: int) -> int:
    """Let no confirmation of an item's pledge hold, as its text is another from `version` on.

    Gives how many held so far; 0 without a pledge, and while its text is not frozen. Those who had confirmed
    are told. The caller holds the meeting.
    """
    pledge = await pledges.find_pledge_of_item(tx, item_id)
    if pledge is None:
        return 0
    return await _thaw(tx, pledge, VoidReason.TEXT_CHANGED, now, actor, {"superseded_by": version})


@request
async def freeze_pledge(
    tx: Tx, asked: Asked, now: datetime, pledge_id: int, version: int
) -> PledgeFrozen | Unchanged | Refused:
    """Fix the item's text as the one that is confirmed, and ask the signers whose turn it is.

    `version` is the one that was shown. From the meeting's opening on, also after its close.
    """
    pledge = await hold_pledge(tx, pledge_id)
    actor = await permitted(tx, asked, pledge.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    meeting = await get_meeting_view(tx, pledge.meeting_id)
    item = await agenda.get_item(tx, pledge.item_id)
    refused = refuse_confirming(meeting, item)
    if refused is not None:
        return refused
    if item.text_version != version:
        return Refused(Refusal.PLEDGE_SUPERSEDED, {"shown": version, "version": item.text_version})
    if pledge.frozen is not None:
        return Unchanged()
    text = await versions.get_text(tx, pledge.item_id, version)
    frozen = freeze(pledge, version, text, now)
    if isinstance(frozen, Refused):
        return frozen
    await pledges.put_frozen(tx, pledge_id, frozen, actor.person_id)
    facts = {
        "version": version,
        "sha256": frozen.sha256,
        "is_ordered": pledge.is_ordered,
        "is_on_paper": pledge.is_on_paper,
        "parties": [party_facts(party) for party in pledge.parties],
    }
    await record_act(tx, pledge, now, "pledge_frozen", facts, actor, is_presiding=True)
    unreached = await ask_awaited(tx, pledge_id)
    await follow(tx, pledge, now)
    return PledgeFrozen(pledge_id, version, unreached)


def refuse_confirming(meeting: MeetingView, item: agenda.Item) -> Refused | None:
    """Give why nobody confirms this item's pledge (any more): not begun, cancelled, left out or rejected."""
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    if meeting.state is MeetingState.PLANNED:
        return Refused(Refusal.MEETING_NOT_OPEN)
    return Refused(Refusal.ITEM_DECIDED) if item.decision in NOT_PLEDGED else None


@request
async def stop_pledge(tx: Tx, asked: Asked, now: datetime, pledge_id: int) -> PledgeStopped | Refused:
    """End confirming, so that parties and text can be changed: what was confirmed holds no more."""
    pledge = await hold_pledge(tx, pledge_id)
    actor = await permitted(tx, asked, pledge.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    return PledgeStopped(pledge_id, await _thaw(tx, pledge, VoidReason.STOPPED, now, actor, {}))


@request
async def confirm_pledge(
    tx: Tx, asked: Asked, now: datetime, party_id: int, version: int, mark: str
) -> PartyConfirmed | Unchanged | Refused:
    """Confirm for a party, by its signer, the text that was shown: its version and its digest's mark."""
    pledge = await hold_pledge(tx, await get_pledge_id(tx, party_id))
    actor = await bound(tx, asked, pledge.meeting_id)
    if isinstance(actor, Refused):
        return actor
    party = get_party(pledge, party_id)
    item = await agenda.get_item(tx, pledge.item_id)
    refused = refuse_confirming(await get_meeting_view(tx, pledge.meeting_id), item)
    confirmed = refused or confirm(pledge, party, actor.person_id, (version, mark), now)
    if isinstance(confirmed, Refused):
        return confirmed
    if isinstance(confirmed, Stands):
        return Unchanged()
    # Against what is kept, not only against what was noted of it: the confirmation is for these very words.
    if text_digest(await versions.get_text(tx, pledge.item_id, version)) != confirmed.sha256:
        return Refused(Refusal.PLEDGE_SUPERSEDED)
    await pledges.put_confirmation(tx, pledge, party, confirmed, actor.person_id)
    facts = {"version": version, "sha256": confirmed.sha256, **party_facts(party)}
    await record_act(tx, pledge, now, "pledge_confirmed", facts, actor)
    await ask_awaited(tx, pledge.pledge_id)
    await follow(tx, pledge, now)
    return PartyConfirmed(pledge.pledge_id, len(pledge.confirmed) + 1, len(pledge.parties))


# Signatures


@request
async def enter_signatures(  # noqa: PLR0913 - a signature has these parts
    tx: Tx,
    asked: Asked,
    now: datetime,
    pledge_id: int,
    party_id: int,
    state: ConfirmationState,
    *,
    shown: tuple[int, str],
    evidence: tuple[Paper, bytes] | None,
) -> SignaturesEntered | Unchanged | Refused:
    """Enter that a party signed, or with 0 all that have not, with the scan or the signed file.

    Where all have, another file is refused: it would be kept for nobody. `shown` is the version with the mark
    of its digest that the copy was asked for: no copy of another text is taken for the one frozen now.
    The file becomes a paper of the item; from the freezing of the text on, also after the meeting's close.
    """
    pledge = await hold_pledge(tx, pledge_id)
    actor = await permitted(tx, asked, pledge.meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    item = await agenda.get_item(tx, pledge.item_id)
    refused = refuse_confirming(await get_meeting_view(tx, pledge.meeting_id), item)
    if refused is not None:
        return refused
    if pledge.frozen is None:
        return Refused(Refusal.PLEDGE_NOT_FROZEN)
    if shown != (pledge.frozen.version, pledge.frozen.mark):
        return Refused(Refusal.PLEDGE_SUPERSEDED, {"shown": shown[0], "version": pledge.frozen.version})
    if evidence is None:
        return Refused(Refusal.PLEDGE_EVIDENCE_MISSING)
    unsigned = [party for party in pledge.parties if party not in pledge.signed]
    which = [get_party(pledge, party_id)] if party_id else unsigned or pledge.parties
    paper_id = await _keep_evidence(tx, pledge, evidence, actor, now)
    entered = []
    for party in which:
        signed = sign(pledge, party, state, (paper_id, evidence[0].sha256), now)
        if isinstance(signed, Refused):
            return signed
        if isinstance(signed, Stands):
            continue
        await pledges.put_confirmation(tx, pledge, party, signed, actor.person_id)
        facts = {"state": state, "sha256": signed.sha256, "evidence": signed.evidence_sha256}
        await record_act(tx, pledge, now, "pledge_signed", {**facts, **party_facts(party)}, actor)
        entered.append(party.name)
    if not entered:
        return Unchanged()
    await ask_awaited(tx, pledge_id)
    await follow(tx, pledge, now)
    return SignaturesEntered(pledge_id, tuple(entered))


async def _keep_evidence(
    tx: Tx, pledge: Pledge, evidence: tuple[Paper, bytes], actor: Actor, now: datetime
) -> int:
    paper, content = evidence
    there = [
        one.paper_id
        for one in await papers.list_papers(tx, pledge.meeting_id)
        if one.item_id == pledge.item_id and one.paper.sha256 == paper.sha256
    ]
    if there:
        return there[0]
    place = (pledge.organisation_id, pledge.meeting_id)
    paper_id = await papers.add_paper(
        tx, *place, pledge.item_id, paper, content, added_by=actor.person_id, now=now
    )
    facts = {"paper": paper_id, "item": pledge.item_id, "name": paper.name, "sha256": paper.sha256}
    await record.append(tx, *place, now, "paper_added", facts, actor=actor)
    return paper_id


@request
async def withdraw_signature(
    tx: Tx, asked: Asked, now: datetime, party_id: int
) -> SignatureWithdrawn | Refused:
    """Take back a signature that was entered in error: the party has confirmed, or hasn't, as before."""
    pledge = await hold_pledge(tx, await get_pledge_id(tx, party_id))
    actor = await permitted(tx, asked, pledge.meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    party = get_party(pledge, party_id)
    signed, frozen = party.confirmation, pledge.frozen
    if signed is None or frozen is None or not signed.state.is_signature:
        return Refused(Refusal.PLEDGE_NOT_SIGNED, {"party": party.name})
    if signed.confirmed_at is None:
        await pledges.put_confirmation_void(tx, party_id, VoidReason.ENTERED_IN_ERROR, now)
    else:
        await pledges.put_confirmation(tx, pledge, party, signed.unsigned(), actor.person_id)
    facts = {"state": signed.state, "evidence": signed.evidence_sha256, **party_facts(party)}
    await record_act(tx, pledge, now, "pledge_signature_withdrawn", facts, actor)
    await ask_awaited(tx, pledge.pledge_id)
    await follow(tx, pledge, now)
    return SignatureWithdrawn(pledge.pledge_id)


# Shared


async def hold_pledge(tx: Tx, pledge_id: int) -> Pledge:
    """Give a pledge, its meeting held; raises PledgeNotFoundError."""
    shown = await pledges.get_pledge(tx, pledge_id)
    await meetings.lock_meeting(tx, shown.meeting_id)
    return await pledges.get_pledge(tx, pledge_id)


async def get_pledge_id(tx: Tx, party_id: int) -> int:
    """Give the pledge that a party belongs to; raises PledgeNotFoundError."""
    pledge_id = await pledges.find_pledge_of_party(tx, party_id)
    if pledge_id is None:
        raise PledgeNotFoundError(party_id)
    return pledge_id


def get_party(pledge: Pledge, party_id: int) -> Party:
    """Give a party of a pledge; raises PledgeNotFoundError where it was taken out."""
    party = pledge.find_party(party_id)
    if party is None:
        raise PledgeNotFoundError(party_id)
    return party


def party_facts(party: Party) -> dict[str, object]:
    """Give what the record keeps of a party: its id, and digests of the names."""
    return {
        "party": party.party_id,
        "name": record.digest(party.name),
        "signer": record.digest(party.signer),
    }


async def record_act(
    tx: Tx,
    pledge: Pledge,
    now: datetime,
    act: str,
    facts: Mapping[str, object],
    actor: Actor,
    *,
    is_presiding: bool = False,
) -> None:
    """Put an act on a pledge on record."""
    facts = {"item": pledge.item_id, "pledge": pledge.pledge_id, **facts}
    place = (pledge.organisation_id, pledge.meeting_id)
    await record.append(tx, *place, now, act, facts, actor=actor, is_presiding=is_presiding)


async def follow(tx: Tx, pledge: Pledge, now: datetime) -> None:
    """Have shown and reminded of what holds now."""
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    await plan_meeting(tx, pledge.meeting_id, now)


async def ask_awaited(tx: Tx, pledge_id: int) -> tuple[str, ...]:
    """Show the pledge to the signers whose turn it is, and give the parties whose signer can't be told."""
    pledge = await pledges.get_pledge(tx, pledge_id)
    signers = {party.signer_id for party in pledge.awaited if party.signer_id is not None}
    accounts = await people.list_accounts_of(tx, signers)
    await cards.want_cards(
        tx,
        CardKind.PLEDGE,
        pledge_id,
        {account for found in accounts.values() for account in found},
        organisation_id=pledge.organisation_id,
        meeting_id=pledge.meeting_id,
        priority=Priority.BALLOT,
    )
    return tuple(party.name for party in pledge.awaited if party.signer_id not in accounts)


async def _thaw(
    tx: Tx, pledge: Pledge, reason: VoidReason, now: datetime, actor: Actor, facts: Mapping[str, object]
) -> int:
    """Void what was confirmed, tell those who had, and give how many parties had."""
    if pledge.frozen is None:
        return 0
    confirmed = pledge.confirmed
    await pledges.put_thawed(tx, pledge.pledge_id, reason, now)
    voided = {
        "reason": reason,
        "version": pledge.frozen.version,
        "sha256": pledge.frozen.sha256,
        "parties": [party.party_id for party in confirmed],
    }
    await record_act(tx, pledge, now, "pledge_voided", {**voided, **facts}, actor, is_presiding=True)
    signers = {party.signer_id for party in confirmed if party.signer_id is not None}
    accounts = await people.list_accounts_of(tx, signers)
    meeting = await get_meeting_view(tx, pledge.meeting_id)
    is_on = meeting.state is MeetingState.OPEN
    await posts.add_posts(
        tx,
        PostKind.PLEDGE_VOIDED,
        f"pledge_voided:{pledge.pledge_id}:{pledge.frozen.frozen_at.timestamp():.6f}",
        pledge.pledge_id,
        {account for found in accounts.values() for account in found},
        organisation_id=pledge.organisation_id,
        meeting_id=pledge.meeting_id,
        priority=Priority.RESULT,
        facts={"version": pledge.frozen.version, "reason": reason},
        now=now,
        not_before=None if is_on else quiet_until(now, ZoneInfo(meeting.timezone)),
    )
    await follow(tx, pledge, now)
    return len(confirmed)

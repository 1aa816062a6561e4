"""How a pledge is set up: its parties, who signs for each, the witness, and the way in which they confirm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.asking import Asked, closed_refusal, permitted, refuse_closed, request
from handlers.meetings import Unchanged
from handlers.pledges import (
    SHOWING,
    ask_awaited,
    follow,
    get_party,
    get_pledge_id,
    hold_pledge,
    party_facts,
    record_act,
)
from meeting.agenda import Direction, moved
from meeting.names import tidy
from meeting.people import Actor, Right
from meeting.pledges import (
    NOT_PLEDGED,
    POSITION_LIMIT,
    SIGNER_LIMIT,
    WITNESS_LIMIT,
    Party,
    Pledge,
    PledgeKind,
    Signer,
    read_name,
    refuse_party,
    refuse_signer,
)
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import agenda, cards, meetings, people, pledges, record
from storage.database import Tx
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class PledgeSetUp:
    """The item has this pledge."""

    meeting_id: int
    pledge_id: int


@dataclass(frozen=True, slots=True)
class PledgeRemoved:
    """The item has no pledge any more."""

    meeting_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class PledgeChanged:
    """The pledge is changed; `party_id` is the party that this was about, if it was about one."""

    pledge_id: int
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class SignerNamed:
    """The party has this signer; `is_reached` where the bot can ask them."""

    pledge_id: int
    party_id: int
    is_reached: bool


@request
async def set_up_pledge(
    tx: Tx, asked: Asked, now: datetime, item_id: int, kind: PledgeKind, names: Sequence[str]
) -> PledgeSetUp | Refused:
    """Give an item its pledge: of a cluster with the meeting's units as parties, else with those of `names`.

    One that comes alone for a unit is proposed as its signer.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    if item.decision in NOT_PLEDGED:
        return Refused(Refusal.ITEM_DECIDED)
    there = await pledges.find_pledge(tx, item.meeting_id) or await pledges.find_pledge_of_item(tx, item_id)
    if there is not None:
        return Refused(Refusal.PLEDGE_THERE_ALREADY)
    proposed = await pledges.list_proposed(tx, item.meeting_id) if kind is PledgeKind.CLUSTER else []
    if kind is PledgeKind.CLUSTER and not proposed:
        return Refused(Refusal.PLEDGE_NO_UNITS)
    pledge_id = await pledges.add_pledge(tx, item.organisation_id, item.meeting_id, item_id, kind)
    for unit in proposed:
        pledge = await pledges.get_pledge(tx, pledge_id)
        refused = refuse_party(pledge, unit.name) or refuse_signer_of(pledge, unit.signer)
        if refused is not None:
            return refused
        await pledges.add_party(tx, pledge, unit.name, unit_id=unit.unit_id, signer=unit.signer)
    for name in () if proposed else names:
        pledge = await pledges.get_pledge(tx, pledge_id)
        clean = read_name(name)
        refused = clean if isinstance(clean, Refused) else refuse_party(pledge, clean)
        if refused is not None:
            return refused
        await pledges.add_party(tx, pledge, str(clean))
    pledge = await pledges.get_pledge(tx, pledge_id)
    facts = {"kind": kind, "parties": [party_facts(party) for party in pledge.parties]}
    await record_act(tx, pledge, now, "pledge_set_up", facts, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, SHOWING)
    return PledgeSetUp(item.meeting_id, pledge_id)


def refuse_signer_of(pledge: Pledge, signer: Signer | None) -> Refused | None:
    """Give why somebody can't sign for a new party: they sign for another."""
    if signer is None or signer.person_id is None:
        return None
    other = pledge.find_party_of(signer.person_id)
    return None if other is None else Refused(Refusal.PLEDGE_SIGNER_TAKEN, {"party": other.name})


@request
async def remove_pledge(tx: Tx, asked: Asked, now: datetime, pledge_id: int) -> PledgeRemoved | Refused:
    """Take a pledge away that nobody ever confirmed."""
    found = await _preparing(tx, asked, pledge_id)
    if isinstance(found, Refused):
        return found
    pledge, actor = found
    if pledge.frozen is not None:
        return Refused(Refusal.PLEDGE_FROZEN)
    if await pledges.was_confirmed(tx, pledge_id):
        return Refused(Refusal.PLEDGE_WAS_CONFIRMED)
    await pledges.forget_pledge(tx, pledge_id)
    await record_act(tx, pledge, now, "pledge_removed", {}, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeRemoved(pledge.meeting_id, pledge.item_id)


async def _preparing(tx: Tx, asked: Asked, pledge_id: int) -> tuple[Pledge, Actor] | Refused:
    """Give the pledge, its meeting held, and who asks where they may change how it is set up."""
    pledge = await hold_pledge(tx, pledge_id)
    actor = await permitted(tx, asked, pledge.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, pledge.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, pledge.meeting_id)
    return pledge, actor


async def _preparing_party(tx: Tx, asked: Asked, party_id: int) -> tuple[Pledge, Party, Actor] | Refused:
    """As `_preparing`, for a party whose parties can still be changed."""
    found = await _preparing(tx, asked, await get_pledge_id(tx, party_id))
    if isinstance(found, Refused):
        return found
    pledge, actor = found
    if pledge.frozen is not None:
        return Refused(Refusal.PLEDGE_FROZEN)
    return pledge, get_party(pledge, party_id), actor


# Parties


@request
async def add_party(
    tx: Tx, asked: Asked, now: datetime, pledge_id: int, name: str
) -> PledgeChanged | Refused:
    """Add a party after the others; its signer is named apart."""
    found = await _preparing(tx, asked, pledge_id)
    if isinstance(found, Refused):
        return found
    pledge, actor = found
    clean = read_name(name)
    refused = clean if isinstance(clean, Refused) else refuse_party(pledge, clean)
    if refused is not None:
        return refused
    party_id = await pledges.add_party(tx, pledge, str(clean))
    facts = {"party": party_id, "name": record.digest(str(clean))}
    await record_act(tx, pledge, now, "pledge_party_added", facts, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge_id, party_id)


@request
async def rename_party(
    tx: Tx, asked: Asked, now: datetime, party_id: int, name: str
) -> PledgeChanged | Refused:
    """Give a party another name, before confirming begins."""
    found = await _preparing_party(tx, asked, party_id)
    if isinstance(found, Refused):
        return found
    pledge, party, actor = found
    clean = read_name(name)
    others = replace(pledge, parties=tuple(each for each in pledge.parties if each is not party))
    refused = clean if isinstance(clean, Refused) else refuse_party(others, clean)
    if refused is not None:
        return refused
    await pledges.put_party(tx, party_id, name=clean)
    facts = {"party": party_id, "name": record.digest(str(clean))}
    await record_act(tx, pledge, now, "pledge_party_renamed", facts, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge.pledge_id, party_id)


@request
async def remove_party(tx: Tx, asked: Asked, now: datetime, party_id: int) -> PledgeChanged | Refused:
    """Take a party out, before confirming begins."""
    found = await _preparing_party(tx, asked, party_id)
    if isinstance(found, Refused):
        return found
    pledge, party, actor = found
    await pledges.put_party(tx, party_id, removed_at=now)
    await record_act(tx, pledge, now, "pledge_party_removed", party_facts(party), actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge.pledge_id)


@request
async def move_party(
    tx: Tx, asked: Asked, now: datetime, party_id: int, direction: Direction
) -> PledgeChanged | Refused:
    """Move a party by a place, before confirming begins; at the end it stays where it is."""
    found = await _preparing_party(tx, asked, party_id)
    if isinstance(found, Refused):
        return found
    pledge, party, actor = found
    order = [each.party_id for each in pledge.parties]
    await pledges.put_party_order(tx, moved(order, party_id, direction))
    facts = {"direction": direction, **party_facts(party)}
    await record_act(tx, pledge, now, "pledge_party_moved", facts, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge.pledge_id, party_id)


# Who signs, who witnesses, and how


@request
async def name_signer(
    tx: Tx, asked: Asked, now: datetime, party_id: int, signer: Signer, *, replaces: bool
) -> SignerNamed | Refused:
    """Name who signs for a party: somebody of the organisation, who need not attend, or a name for paper.

    With `replaces` in another's place, until the party has confirmed; also after the meeting's close.
    """
    pledge = await hold_pledge(tx, await get_pledge_id(tx, party_id))
    actor = await permitted(tx, asked, pledge.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    meeting = await get_meeting_view(tx, pledge.meeting_id)
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    party, name = get_party(pledge, party_id), signer.name
    if signer.person_id is not None:
        known = await pledges.find_person_name(tx, pledge.organisation_id, signer.person_id)
        if known is None:
            return Refused(Refusal.NOT_FOUND)
        name = known
    clean = read_name(name, SIGNER_LIMIT)
    position = tidy(signer.position)
    if isinstance(clean, Refused):
        return clean
    if len(position) > POSITION_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": POSITION_LIMIT, "length": len(position)})
    refused = refuse_signer(pledge, party, signer.person_id, replaces=replaces)
    if refused is not None:
        return refused
    await pledges.put_party(tx, party_id, signer=clean, signer_id=signer.person_id, position=position)
    facts = {"party": party_id, "signer": record.digest(clean), "replaced": bool(party.signer)}
    await record_act(tx, pledge, now, "pledge_signer_named", facts, actor)
    unreached = await ask_awaited(tx, pledge.pledge_id)
    await follow(tx, pledge, now)
    reached = await people.list_accounts_of(tx, {signer.person_id} if signer.person_id else ())
    return SignerNamed(pledge.pledge_id, party_id, bool(reached) and party.name not in unreached)


@request
async def set_witness(
    tx: Tx, asked: Asked, now: datetime, pledge_id: int, witness: str
) -> PledgeChanged | Refused:
    """Set who witnesses the pledge, in words; "" for nobody."""
    found = await _preparing(tx, asked, pledge_id)
    if isinstance(found, Refused):
        return found
    pledge, actor = found
    clean = tidy(witness)
    refused = read_name(clean, WITNESS_LIMIT) if clean else None
    if isinstance(refused, Refused):
        return refused
    await pledges.put_pledge(tx, pledge_id, witness=clean)
    await record_act(tx, pledge, now, "pledge_witness_set", {"witness": record.digest(clean)}, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge_id)


@request
async def set_way(
    tx: Tx, asked: Asked, now: datetime, pledge_id: int, *, is_ordered: bool, is_on_paper: bool
) -> PledgeChanged | Unchanged | Refused:
    """Set whether the parties confirm in their order, and whether on paper only, before confirming begins."""
    found = await _preparing(tx, asked, pledge_id)
    if isinstance(found, Refused):
        return found
    pledge, actor = found
    if pledge.frozen is not None:
        return Refused(Refusal.PLEDGE_FROZEN)
    if (pledge.is_ordered, pledge.is_on_paper) == (is_ordered, is_on_paper):
        return Unchanged()
    facts = {"is_ordered": is_ordered, "is_on_paper": is_on_paper}
    await pledges.put_pledge(tx, pledge_id, **facts)
    await record_act(tx, pledge, now, "pledge_way_set", facts, actor)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, SHOWING)
    return PledgeChanged(pledge_id)

"""Pledges: their parties and signers, the frozen text, confirmations and signatures."""

from datetime import datetime

from meeting.people import Actor
from meeting.pledges import Pledge, VoidReason
from meeting.states import CardKind
from storage import cards, pledges, record
from storage.database import Tx

_SHOWING = (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL)
"""Cards of a meeting that show how far its pledge has come."""


async def void_confirmations(tx: Tx, item_id: int, now: datetime, actor: Actor, version: int) -> int:
    """Let no confirmation of an item's pledge hold, as its text is another from `version` on.

    Gives how many held so far; 0 without a pledge, and while its text is not frozen. The caller holds the
    meeting.
    """
    pledge = await pledges.find_pledge_of_item(tx, item_id)
    if pledge is None or pledge.frozen is None:
        return 0
    await _thaw(tx, pledge, VoidReason.TEXT_CHANGED, now, actor, {"superseded_by": version})
    return len(pledge.confirmed)


async def _thaw(
    tx: Tx, pledge: Pledge, reason: VoidReason, now: datetime, actor: Actor, facts: dict[str, object]
) -> None:
    if pledge.frozen is None:
        return
    await pledges.put_thawed(tx, pledge.pledge_id, reason, now)
    facts = {
        "item": pledge.item_id,
        "pledge": pledge.pledge_id,
        "reason": reason,
        "version": pledge.frozen.version,
        "sha256": pledge.frozen.sha256,
        "parties": [party.party_id for party in pledge.confirmed],
        **facts,
    }
    place = (pledge.organisation_id, pledge.meeting_id)
    await record.append(tx, *place, now, "pledge_voided", facts, actor=actor, is_presiding=True)
    await cards.touch_meeting_cards(tx, pledge.meeting_id, _SHOWING)

"""A pledge as those see it whom it concerns: its signers, the hall, those who prepare the meeting."""

from collections.abc import Iterable

from sqlmodel import col, select

from meeting.people import Role
from meeting.pledges import Pledge
from storage import pledges, versions
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.people import list_accounts_of
from storage.reading.agenda import find_item, list_items
from storage.reading.meetings import get_meeting_view
from storage.reading.panels import list_roles
from storage.rows import BindingRow
from storage.views import PledgeView


async def pledge_views(tx: Tx, pledge_id: int, account_ids: Iterable[int]) -> dict[int, PledgeView]:
    """Give a pledge by account id; raises PledgeNotFoundError.

    Accounts that speak for nobody of the organisation are left out.
    """
    pledge = await pledges.get_pledge(tx, pledge_id)
    wanted = set(account_ids)
    people = dict(
        (
            await tx.exec(
                select(BindingRow.account_id, BindingRow.person_id).where(
                    col(BindingRow.organisation_id) == pledge.organisation_id,
                    col(BindingRow.account_id).in_(wanted),
                )
            )
        ).all()
    )
    shared = await _shared(tx, pledge)
    roles = await list_roles(tx, shared.meeting, wanted)
    return {
        account_id: shared.seen_by(person_id, frozenset[Role](roles.get(account_id, ())))
        for account_id, person_id in people.items()
    }


async def _shared(tx: Tx, pledge: Pledge) -> PledgeView:
    meeting = await get_meeting_view(tx, pledge.meeting_id)
    item = find_item(await list_items(tx, pledge.meeting_id), pledge.item_id)
    if item is None:
        raise ItemNotFoundError(pledge.item_id)
    version = item.text_version if pledge.frozen is None else pledge.frozen.version
    signers = {party.signer_id for party in pledge.parties if party.signer_id is not None}
    linked = await list_accounts_of(tx, signers)
    return PledgeView(
        meeting=meeting,
        item=item,
        pledge=pledge,
        version=version,
        text=await versions.get_text(tx, pledge.item_id, version),
        linked=frozenset(party.party_id for party in pledge.parties if party.signer_id in linked),
    )

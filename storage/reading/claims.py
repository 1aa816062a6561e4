"""Who came by the shared link and waits, as those see it who decide."""

from sqlmodel import col, select

from meeting.states import ClaimState
from storage.claims import Claim, get_claim, list_seats, list_waiting_claims
from storage.database import Tx
from storage.reading.meetings import get_meeting_view
from storage.rows import AccountRow
from storage.views import ClaimsView, ClaimView, Seat


async def get_claims_view(tx: Tx, meeting_id: int) -> ClaimsView:
    """Give all who wait in a meeting, the longest first; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    waiting = await list_waiting_claims(tx, meeting_id)
    return ClaimsView(meeting, await _views(tx, meeting_id, waiting))


async def get_claim_view(tx: Tx, claim_id: int) -> tuple[ClaimView, list[Seat]]:
    """Give one claim, and whom it may mean: all of the roll; raises ClaimNotFoundError."""
    claim = await get_claim(tx, claim_id)
    (view,) = await _views(tx, claim.meeting_id, [claim])
    return view, await list_seats(tx, claim.meeting_id, view.platform)


async def _views(tx: Tx, meeting_id: int, claims: list[Claim]) -> tuple[ClaimView, ...]:
    found = await tx.exec(
        select(AccountRow.id, AccountRow.platform, AccountRow.display_name).where(
            col(AccountRow.id).in_([claim.account_id for claim in claims])
        )
    )
    accounts = {account_id: (platform, name) for account_id, platform, name in found}
    seats = {
        (platform, seat.attendee_id): seat
        for platform in {platform for platform, _ in accounts.values()}
        for seat in await list_seats(tx, meeting_id, platform)
    }
    views = []
    for claim in claims:
        platform, name = accounts[claim.account_id]
        seat = None if claim.attendee_id is None else seats.get((platform, claim.attendee_id))
        is_waiting = claim.state is ClaimState.WAITING
        views.append(
            ClaimView(claim.claim_id, meeting_id, claim.typed_name, platform, name, seat, is_waiting)
        )
    return tuple(views)

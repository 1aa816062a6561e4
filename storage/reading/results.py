"""The results of a meeting, as far as they were announced."""

from sqlmodel import col, select

from meeting.attendance import StatementKind
from meeting.voting import VoteState
from storage.database import Tx, flushed
from storage.pledges import find_pledge
from storage.reading.agenda import list_items
from storage.reading.floor import list_spoken
from storage.reading.meetings import get_meeting_view
from storage.reading.opinions import get_opinions_view
from storage.reading.roll import attendance_of, find_statement, get_roll
from storage.reading.versions import list_versions
from storage.reading.votes import get_vote_views
from storage.rows import VoteRow
from storage.scoring import list_rankings, list_scorings
from storage.speeches import list_speeches
from storage.titles import list_titles
from storage.views import ItemResult, ResultsView, VoteView


async def get_results_view(tx: Tx, meeting_id: int) -> ResultsView:
    """Give what became of the items so far; raises MeetingNotFoundError.

    An item whose count wasn't announced yet is left out, as is an undecided one.
    """
    meeting = await get_meeting_view(tx, meeting_id)
    deciding = await _deciding_votes(tx, meeting_id)
    items = [
        ItemResult(item, deciding.get(item.item_id) if item.is_counted else None)
        for item in await list_items(tx, meeting_id)
        if item.decision is not None and (not item.is_counted or item.item_id in deciding)
    ]
    return ResultsView(
        meeting=meeting,
        attendance=await attendance_of(tx, meeting, await get_roll(tx, meeting_id)),
        statement=await find_statement(tx, meeting_id, StatementKind.CONFIRMED),
        items=tuple(items),
        spoken=tuple(await list_spoken(tx, meeting_id)),
        speeches=tuple(await list_speeches(tx, meeting_id)),
        pledge=await find_pledge(tx, meeting_id),
        titles=tuple(one for one in await list_titles(tx, meeting_id) if one.announced_at is not None),
        versions=tuple(await list_versions(tx, meeting_id)),
        opinions=await get_opinions_view(tx, meeting_id),
        rankings=tuple(await list_rankings(tx, meeting_id)),
        scorings=tuple(await list_scorings(tx, meeting_id)),
    )


async def _deciding_votes(tx: Tx, meeting_id: int) -> dict[int, VoteView]:
    """The run announced last for each item, by item id."""
    ids = await tx.exec(
        select(VoteRow.id)
        .where(VoteRow.meeting_id == meeting_id, VoteRow.state == VoteState.ANNOUNCED)
        .order_by(col(VoteRow.announced_at), col(VoteRow.id))
    )
    votes = (await get_vote_views(tx, map(flushed, ids))).values()
    return {item.item_id: vote for vote in votes for item in vote.items}

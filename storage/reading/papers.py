"""The papers of a meeting with the agenda that they belong to."""

from storage.database import Tx
from storage.papers import list_papers
from storage.reading.agenda import list_items
from storage.reading.meetings import get_meeting_view
from storage.views import PapersView


async def get_papers_view(tx: Tx, meeting_id: int) -> PapersView:
    """Give the papers that weren't withdrawn, in their order; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    items = tuple(await list_items(tx, meeting_id))
    return PapersView(meeting, items, tuple(await list_papers(tx, meeting_id)))

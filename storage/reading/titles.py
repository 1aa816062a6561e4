"""The titles of a meeting with the agenda that announces them."""

from storage.database import Tx
from storage.reading.agenda import list_items
from storage.reading.meetings import get_meeting_view
from storage.titles import list_titles
from storage.views import TitlesView


async def get_titles_view(tx: Tx, meeting_id: int) -> TitlesView:
    """Give a meeting's titles, withdrawn ones left out; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    items = tuple(await list_items(tx, meeting_id))
    return TitlesView(meeting, items, tuple(await list_titles(tx, meeting_id)))

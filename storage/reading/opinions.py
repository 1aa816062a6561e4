"""The opinions of a meeting with the agenda that they are about."""

from storage.database import Tx
from storage.opinions import list_opinions
from storage.reading.agenda import list_items
from storage.reading.meetings import get_meeting_view
from storage.views import OpinionsView


async def get_opinions_view(tx: Tx, meeting_id: int) -> OpinionsView:
    """Give a meeting's opinions, whatever became of them; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    items = tuple(await list_items(tx, meeting_id))
    return OpinionsView(meeting, items, tuple(await list_opinions(tx, meeting_id)))

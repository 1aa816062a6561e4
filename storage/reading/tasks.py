"""The tasks of a meeting with the agenda that they belong to."""

from storage.database import Tx
from storage.reading.agenda import list_items
from storage.reading.meetings import get_meeting_view
from storage.tasks import list_tasks
from storage.views import TasksView


async def get_tasks_view(tx: Tx, meeting_id: int) -> TasksView:
    """Give a meeting's tasks, whatever became of them; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    items = tuple(await list_items(tx, meeting_id))
    return TasksView(meeting, items, tuple(await list_tasks(tx, meeting_id)))

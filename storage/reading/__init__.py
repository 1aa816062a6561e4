"""What is read for cards, pages, papers and decisions: rows in, views out, a few grouped statements each."""

from storage.reading.meetings import get_meeting_view
from storage.reading.roll import find_statement, get_attendance, get_roll

__all__ = [
    "find_statement",
    "get_attendance",
    "get_meeting_view",
    "get_roll",
]

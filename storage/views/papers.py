"""Papers, and files that are none yet."""

from dataclasses import dataclass
from datetime import datetime

from meeting.papers import Paper
from storage.views.agenda import ItemView
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper of a meeting, or of one of its items; a withdrawn one is no more than its name and digest.

    `is_evidence`: a unit backs its scores with it, so that it is not for everybody.
    """

    paper_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    paper: Paper
    added_at: datetime
    withdrawn_at: datetime | None
    is_evidence: bool = False


@dataclass(frozen=True, slots=True)
class PapersView:
    """The papers of a meeting in order, with the agenda that they belong to."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class SentFileView:
    """A file of which its sender has still to say what it is for."""

    file_id: int
    paper: Paper

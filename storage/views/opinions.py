"""Opinions and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from meeting.opinions import Opinion, OpinionKind, OpinionState
from meeting.people import Source
from storage.views.agenda import ItemView
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class OpinionView:
    """An opinion by its number in the meeting: of an attendee, or of a unit, which is then the `author`.

    `item_id` is None where it is of the meeting as a whole. `answer` is what was answered, or why it is
    hidden; with `is_in_text` a version of the item's text was made of it.
    """

    opinion_id: int
    organisation_id: int
    meeting_id: int
    number: int
    item_id: int | None
    attendee_id: int | None
    person_id: int | None
    unit_id: int | None
    author: str
    unit: str
    kind: OpinionKind
    text: str
    source: Source
    sent_at: datetime
    state: OpinionState
    merged_into_id: int | None
    answer: str
    decided_at: datetime | None
    is_in_text: bool

    @property
    def opinion(self) -> Opinion:
        """The opinion as the rules see it."""
        return Opinion(self.opinion_id, self.kind, self.state, self.merged_into_id, self.is_in_text)


@dataclass(frozen=True, slots=True)
class OpinionsView:
    """All opinions of a meeting in the order in which they were sent, with the agenda that they are about."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    opinions: tuple[OpinionView, ...]

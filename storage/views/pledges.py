"""Pledges."""

from dataclasses import dataclass, replace

from meeting.people import Role
from meeting.pledges import NOT_PLEDGED, Party, Pledge
from meeting.states import MeetingState
from storage.views.agenda import ItemView
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class PledgeView:
    """A pledge as somebody with these roles sees it; `text` is the frozen version's, else the newest.

    `linked` are the parties whose signers the bot can ask.
    """

    meeting: MeetingView
    item: ItemView
    pledge: Pledge
    version: int
    text: str
    linked: frozenset[int]
    person_id: int = 0
    roles: frozenset[Role] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it can be confirmed and signed: the meeting was opened, and the item was not left out."""
        meeting, is_out = self.meeting, self.item.decision in NOT_PLEDGED
        return meeting.state is not MeetingState.PLANNED and meeting.cancelled_at is None and not is_out

    @property
    def own(self) -> Party | None:
        """The party that the viewer confirms for."""
        return self.pledge.find_party_of(self.person_id)

    def seen_by(self, person_id: int, roles: frozenset[Role]) -> "PledgeView":
        """Give it as somebody sees it."""
        return replace(self, person_id=person_id, roles=roles)

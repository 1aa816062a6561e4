"""Items and the versions of their texts."""

from dataclasses import dataclass
from datetime import datetime

from meeting.agenda import ItemKind
from meeting.tally import Decision
from meeting.versions import text_digest
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class ItemView:
    """An agenda item; `number` is its place from 1; `text` is the newest version's."""

    item_id: int
    number: int
    title: str
    kind: ItemKind
    is_advisory: bool
    presenter: str
    text_version: int
    text: str
    decision: Decision | None
    is_counted: bool
    additions: tuple[str, ...]
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the text of an item, the agenda's `number`.

    `addition` is what it gained over the one before, by the opinion of this number if it was one that was
    taken up; `paper` is what the passage was taken from.
    """

    item_id: int
    number: int
    version: int
    text: str
    addition: str
    opinion: int | None
    paper: str | None
    made_at: datetime

    @property
    def sha256(self) -> str:
        """By what the record knows this text."""
        return text_digest(self.text)


@dataclass(frozen=True, slots=True)
class TextView:
    """An item with the versions of its text, version 1 first."""

    meeting: MeetingView
    item: ItemView
    versions: tuple[VersionView, ...]

    @property
    def newest(self) -> VersionView:
        """The text as it stands."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class AgendaView:
    """The whole agenda, in order, with what was skipped."""

    meeting: MeetingView
    items: tuple[ItemView, ...]

"""Titles and who receives them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from meeting.titles import Quota, QuotaCheck, RecipientKind, TitleCounts, check_quota
from storage.views.agenda import ItemView
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class TitleView:
    """A decision that recognises a title, with how many receive it; `item_id` is where it was announced."""

    title_id: int
    organisation_id: int
    meeting_id: int
    item_id: int | None
    title: str
    number: str
    decided_on: date | None
    issuer: str
    quota: Quota | None
    counts: TitleCounts
    announced_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed: it is neither announced nor withdrawn."""
        return self.announced_at is None and self.withdrawn_at is None

    def check_quota(self, titles: Iterable["TitleView"]) -> QuotaCheck | None:
        """Give how it stands against its quota among all of a meeting's; None where it has none."""
        if self.quota is None:
            return None
        listed = [(one.title, one.counts.individuals) for one in titles]
        return check_quota(self.quota, self.counts.individuals, listed)


@dataclass(frozen=True, slots=True)
class RecipientView:
    """Who receives a title; `person_id` is None for collectives and whom the organisation doesn't know."""

    recipient_id: int
    title_id: int
    kind: RecipientKind
    name: str
    unit: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class TitlesView:
    """The titles of a meeting in order, withdrawn ones left out, with the agenda that announces them."""

    meeting: MeetingView
    items: tuple[ItemView, ...]
    titles: tuple[TitleView, ...]

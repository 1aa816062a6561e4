"""Groups and mailings."""

from dataclasses import dataclass
from datetime import datetime

from meeting.states import GroupRight, PostKind
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in a list; `lacks` are rights that the bot misses in it, `is_reachable` whether it is there."""

    group_id: int
    platform: str
    title: str
    lacks: frozenset[GroupRight]
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class MailingView:
    """How far a mailing has come: `left` is still to be sent, `uncertain` may have arrived.

    `not_reached` and `perhaps_reached` name the first of those who failed or are uncertain.
    """

    mailing_id: int
    meeting: MeetingView
    kind: PostKind
    made_at: datetime
    cancelled_at: datetime | None
    total: int
    sent: int
    left: int
    failed: int
    uncertain: int
    withdrawn: int
    not_reached: tuple[str, ...]
    perhaps_reached: tuple[str, ...]

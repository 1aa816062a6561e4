"""Attendees: on the roll, by their seats and ways in, waiting to be recognised, out of reach."""

from dataclasses import dataclass
from datetime import datetime

from meeting.attendance import Attendance
from meeting.people import Presence, Reply, Role, Source, Standing
from meeting.states import GoneReason
from storage.views.meetings import MeetingView


@dataclass(frozen=True, slots=True)
class AttendeeView:
    """An attendee; `is_bound` tells whether an account reaches them."""

    attendee_id: int
    person_id: int
    number: int
    name: str
    position: str
    unit: str | None
    standing: Standing
    reply: Reply
    reply_reason: str
    presence: Presence
    presence_source: Source | None
    checked_in_at: datetime | None
    left_at: datetime | None
    is_bound: bool


@dataclass(frozen=True, slots=True)
class UnreachableView:
    """An attendee to whom a platform delivers nothing any more, and why; `others` are platforms that do.

    `phone` is None where there is none, and for those who may not see it. `saved` is how many messages
    weren't sent there, as the last of the month are kept for what matters more.
    """

    attendee_id: int
    number: int
    name: str
    unit: str | None
    platform: str
    reason: GoneReason | None
    phone: str | None
    others: tuple[str, ...]
    saved: int = 0


@dataclass(frozen=True, slots=True)
class ReachView:
    """Which attendees can't be reached on some platform, in order."""

    meeting: MeetingView
    people: tuple[UnreachableView, ...]


@dataclass(frozen=True, slots=True)
class RollView:
    """All attendees in order, with the count."""

    meeting: MeetingView
    attendance: Attendance
    attendees: tuple[AttendeeView, ...]


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An attendee's personal ways in; addresses are made by those who know them."""

    invitation_id: int
    generation: int
    attendee: AttendeeView


@dataclass(frozen=True, slots=True)
class SeatView:
    """An attendee's seat with the person's roles and the way in."""

    meeting: str
    person: str
    unit: str | None
    standing: Standing
    roles: frozenset[Role]
    invitation_id: int
    generation: int


@dataclass(frozen=True, slots=True)
class Seat:
    """An attendee as somebody may claim to be; `is_taken` where another account of the platform is bound."""

    attendee_id: int
    number: int
    name: str
    unit: str
    phone: str | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Somebody who waits to be recognised; `seat` is who is likely meant, where one fits best."""

    claim_id: int
    meeting_id: int
    typed_name: str
    platform: str
    display_name: str
    seat: Seat | None
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """All who wait in a meeting."""

    meeting: MeetingView
    claims: tuple[ClaimView, ...]

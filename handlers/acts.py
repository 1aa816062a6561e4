"""What somebody does, as an entry of the meeting's record."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from meeting.people import Actor
from storage import record
from storage.database import Tx


class OfMeeting(Protocol):
    """Whatever belongs to a meeting: an item, a vote, the meeting itself."""

    @property
    def organisation_id(self) -> int:
        """Whose meeting it is."""

    @property
    def meeting_id(self) -> int:
        """The meeting that the record is of."""


async def record_act(
    tx: Tx,
    about: OfMeeting,
    now: datetime,
    act: str,
    facts: Mapping[str, object],
    actor: Actor | None,
    *,
    is_presiding: bool = False,
) -> int:
    """Append an act to the record, and give the number of its entry; the clock's where there is no actor.

    With `is_presiding` it is done for the chair by whoever isn't the chair.
    """
    entry = await record.append(
        tx, about.organisation_id, about.meeting_id, now, act, facts, actor=actor, is_presiding=is_presiding
    )
    return entry.number


def instant_text(at: datetime | None) -> str | None:
    """Give an instant as entries have it: ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()

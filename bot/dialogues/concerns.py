"""Which meeting something is about."""

from storage import meetings, votes
from storage.database import Tx


async def find_concern(tx: Tx, subject: object) -> int | None:
    """Give the meeting that an action or a question names, by itself or by a vote, an item or an attendee.

    None where it names none, or one that doesn't exist. Says nothing about who may see it.
    """
    meeting_id: int | None = getattr(subject, "meeting_id", None)
    if meeting_id is not None:
        return meeting_id
    if (vote_id := getattr(subject, "vote_id", None)) is not None:
        return await votes.find_meeting_of(tx, vote_id)
    if (item_id := getattr(subject, "item_id", None)) is not None:
        return await meetings.find_meeting_of_item(tx, item_id)
    if (attendee_id := getattr(subject, "attendee_id", None)) is not None:
        return await meetings.find_meeting_of_attendee(tx, attendee_id)
    return None

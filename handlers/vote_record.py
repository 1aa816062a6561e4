"""What is done with a vote, as an entry of its meeting's record."""

from collections.abc import Mapping
from datetime import UTC, datetime

from meeting.people import Actor
from storage import record
from storage.database import Tx
from storage.votes import Question


async def record_act(
    tx: Tx, question: Question, now: datetime, act: str, facts: Mapping[str, object], actor: Actor | None
) -> None:
    """Append an act of who presides, or of the clock where there is no actor."""
    await record.append(
        tx,
        question.organisation_id,
        question.vote.meeting_id,
        now,
        act,
        facts,
        actor=actor,
        is_presiding=True,
    )


def instant_text(at: datetime | None) -> str | None:
    """Give an instant as entries have it: ISO 8601 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()

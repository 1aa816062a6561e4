"""Speeches and conclusions of meetings, as short records."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from meeting.speaking import PlannedSpeech
from storage.database import Tx, flushed
from storage.errors import SpeechNotFoundError
from storage.rows import SpeechRow
from storage.views import SpeechView


async def add_speech(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int | None,
    speech: PlannedSpeech,
    *,
    made_by: int,
    now: datetime,
) -> int:
    """Add a speech and give its id."""
    row = SpeechRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        item_id=item_id,
        kind=speech.kind,
        speaker=speech.speaker,
        position=speech.position,
        text=speech.text,
        made_by=made_by,
        made_at=now,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def get_speech(tx: Tx, speech_id: int) -> SpeechView:
    """Give a speech, also a withdrawn one; raises SpeechNotFoundError."""
    found = select(SpeechRow).where(col(SpeechRow.id) == speech_id)
    row = (await tx.exec(found.execution_options(populate_existing=True))).first()
    if row is None:
        raise SpeechNotFoundError(speech_id)
    return _view(row)


async def find_meeting_of_speech(tx: Tx, speech_id: int) -> int | None:
    """Give the meeting of a speech, or None where there is no such speech."""
    return (await tx.exec(select(SpeechRow.meeting_id).where(col(SpeechRow.id) == speech_id))).first()


async def list_speeches(tx: Tx, meeting_id: int) -> list[SpeechView]:
    """Give a meeting's speeches in the order in which they were recorded, without withdrawn ones."""
    recorded = (
        select(SpeechRow)
        .where(col(SpeechRow.meeting_id) == meeting_id, col(SpeechRow.withdrawn_at).is_(None))
        .order_by(col(SpeechRow.id))
    )
    return [_view(row) for row in await tx.exec(recorded.execution_options(populate_existing=True))]


async def count_speeches(tx: Tx, meeting_id: int) -> int:
    """Give how many speeches were recorded, withdrawn ones too."""
    recorded = select(sa.func.count(col(SpeechRow.id))).where(col(SpeechRow.meeting_id) == meeting_id)
    return (await tx.exec(recorded)).one()


async def put_speech(tx: Tx, speech_id: int, speech: PlannedSpeech) -> None:
    """Record what was corrected."""
    await tx.exec(
        sa.update(SpeechRow)
        .where(col(SpeechRow.id) == speech_id)
        .values(speaker=speech.speaker, position=speech.position, text=speech.text)
    )


async def put_speech_withdrawn(tx: Tx, speech_id: int, now: datetime) -> None:
    """Record that a speech doesn't count any more."""
    await tx.exec(sa.update(SpeechRow).where(col(SpeechRow.id) == speech_id).values(withdrawn_at=now))


def _view(row: SpeechRow) -> SpeechView:
    return SpeechView(
        speech_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        kind=row.kind,
        speaker=row.speaker,
        position=row.position,
        text=row.text,
        made_at=row.made_at,
        withdrawn_at=row.withdrawn_at,
    )

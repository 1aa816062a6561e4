"""The meeting's record: one hash chain for each meeting, appended to in the transaction of the act."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from meeting.people import Actor
from meeting.record import Entry, commitment, entry_after
from storage.database import Tx
from storage.rows import MeetingRow, PersonRow, RecordEntryRow


async def append(  # noqa: PLR0913 - an entry has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    now: datetime,
    act: str,
    facts: Mapping[str, Any],
    *,
    actor: Actor | None = None,
    is_presiding: bool = False,
) -> Entry:
    """Append an entry and give it.

    `facts` hold ids, counts and commitments, never names or single choices. With `is_presiding` an act of
    somebody who isn't the chair is entered as done for the chair. The meeting's row is held, so that
    entries of several processes follow one another.
    """
    await tx.exec(
        select(MeetingRow.id).where(col(MeetingRow.id) == meeting_id).with_for_update(key_share=True)
    )
    last = (
        await tx.exec(
            select(RecordEntryRow)
            .where(col(RecordEntryRow.meeting_id) == meeting_id)
            .order_by(col(RecordEntryRow.number).desc())
            .limit(1)
        )
    ).first()
    signed = dict(facts)
    if actor is not None:
        signed["by"] = await person_commitment(tx, actor.person_id)
        if is_presiding and actor.acts_for_chair():
            signed["for"] = "chair"
    # In UTC, as the database gives it back: the hash is over the instant's text.
    entry = entry_after(None if last is None else _entry(last), now.astimezone(UTC), act, signed)
    tx.add(
        RecordEntryRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            number=entry.number,
            at=entry.at,
            act=entry.act,
            facts=entry.facts,
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )
    )
    await tx.flush()
    return entry


async def list_entries(tx: Tx, meeting_id: int) -> list[Entry]:
    """Give a meeting's entries in order."""
    rows = await tx.exec(
        select(RecordEntryRow)
        .where(col(RecordEntryRow.meeting_id) == meeting_id)
        .order_by(col(RecordEntryRow.number))
    )
    return [_entry(row) for row in rows]


def digest(text: str) -> str:
    """Give what stands for a typed text in the record; the text may name people, who can be erased."""
    return hashlib.sha256(text.encode()).hexdigest()


async def person_commitment(tx: Tx, person_id: int) -> str:
    """Give what stands for a person in the record."""
    name, salt = (
        await tx.exec(select(PersonRow.name, PersonRow.salt).where(col(PersonRow.id) == person_id))
    ).one()
    return commitment(salt, name)


def _entry(row: RecordEntryRow) -> Entry:
    return Entry(row.number, row.at, row.act, row.facts, row.previous_hash, row.hash)


async def list_meetings_with_record(tx: Tx) -> list[int]:
    """Give the ids of the meetings that have a record."""
    meeting_id = col(RecordEntryRow.meeting_id)
    return list(await tx.exec(select(meeting_id).distinct().order_by(meeting_id)))

"""Speeches of superiors and conclusions of the chair, recorded in short while the meeting is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.acts import record_act
from handlers.asking import Asked, hold_open, permitted, request
from handlers.meetings import Unchanged
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.speaking import MOST_SPEECHES, PlannedSpeech, SpeechKind, plan_speech
from storage import agenda, record, speeches
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class SpeechDraft:
    """A speech as it was typed; the speaker may be nobody whom the bot knows, the position empty."""

    kind: SpeechKind
    speaker: str
    position: str
    text: str


@dataclass(frozen=True, slots=True)
class SpeechRecorded:
    """The speech reaches the summary as it stands now."""

    meeting_id: int
    speech_id: int


@dataclass(frozen=True, slots=True)
class SpeechWithdrawn:
    """The speech counts no more."""

    meeting_id: int


@request
async def record_speech(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, item_id: int | None, draft: SpeechDraft
) -> SpeechRecorded | Refused:
    """Record what somebody said, about an item or the meeting as a whole."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, meeting_id)
    if refused is not None:
        return refused
    if item_id is not None and await agenda.find_meeting_of_item(tx, item_id) != meeting_id:
        raise ItemNotFoundError(item_id)
    speech = plan_speech(draft.kind, draft.speaker, draft.position, draft.text)
    if isinstance(speech, Refused):
        return speech
    if await speeches.count_speeches(tx, meeting_id) >= MOST_SPEECHES:
        return Refused(Refusal.SPEECHES_TOO_MANY)
    meeting = await get_meeting_view(tx, meeting_id)
    speech_id = await speeches.add_speech(
        tx, meeting.organisation_id, meeting_id, item_id, speech, made_by=actor.person_id, now=now
    )
    facts = {"speech": speech_id, "item": item_id, **_facts(speech)}
    await record_act(tx, meeting, now, "speech_recorded", facts, actor)
    return SpeechRecorded(meeting_id, speech_id)


@request
async def correct_speech(
    tx: Tx, asked: Asked, now: datetime, speech_id: int, draft: SpeechDraft
) -> SpeechRecorded | Unchanged | Refused:
    """Correct a speech until the meeting closes; its kind stays."""
    stored = await speeches.get_speech(tx, speech_id)
    actor = await permitted(tx, asked, stored.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, stored.meeting_id)
    if refused is not None:
        return refused
    stored = await speeches.get_speech(tx, speech_id)
    if stored.withdrawn_at is not None:
        return Refused(Refusal.SPEECH_WITHDRAWN)
    speech = plan_speech(stored.kind, draft.speaker, draft.position, draft.text)
    if isinstance(speech, Refused):
        return speech
    before = PlannedSpeech(stored.kind, stored.speaker, stored.position, stored.text)
    if speech == before:
        return Unchanged()
    await speeches.put_speech(tx, speech_id, speech)
    facts = {"speech": speech_id, "before": _facts(before), **_facts(speech)}
    await record_act(tx, stored, now, "speech_corrected", facts, actor)
    return SpeechRecorded(stored.meeting_id, speech_id)


@request
async def withdraw_speech(
    tx: Tx, asked: Asked, now: datetime, speech_id: int
) -> SpeechWithdrawn | Unchanged | Refused:
    """Withdraw a speech until the meeting closes; it reaches nothing then."""
    stored = await speeches.get_speech(tx, speech_id)
    actor = await permitted(tx, asked, stored.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, stored.meeting_id)
    if refused is not None:
        return refused
    stored = await speeches.get_speech(tx, speech_id)
    if stored.withdrawn_at is not None:
        return Unchanged()
    await speeches.put_speech_withdrawn(tx, speech_id, now)
    await record_act(tx, stored, now, "speech_withdrawn", {"speech": speech_id}, actor)
    return SpeechWithdrawn(stored.meeting_id)


def _facts(speech: PlannedSpeech) -> dict[str, Any]:
    """What the record holds of it: names and texts only as what stands for them."""
    return {
        "kind": speech.kind,
        "speaker": record.digest(f"{speech.speaker}\n{speech.position}"),
        "text": record.digest(speech.text),
    }

"""Who speaks: requests for the floor, and what was said from the lectern."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meeting.names import tidy, tidy_lines
from meeting.people import Presence
from meeting.refusals import Refusal, Refused

TOPIC_LIMIT = 200
MOST_TURNS = 10
"""Requests of one attendee on one item, withdrawn ones too."""

MOST_MINUTES = 60

SPEAKER_LIMIT = 200
SPEECH_LIMIT = 3_000
MOST_SPEECHES = 50
"""Speeches and conclusions of one meeting, withdrawn ones too."""


class FloorState(StrEnum):
    """waiting → speaking → done; or withdrawn by who asked, passed over by who presides."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    PASSED_OVER = "passed_over"


PENDING = frozenset({FloorState.WAITING, FloorState.SPEAKING})
"""States that something is still to become of."""


class FloorStep(StrEnum):
    """What is done with a request for the floor."""

    CALL = "call"
    FINISH = "finish"
    SKIP = "skip"
    WITHDRAW = "withdraw"


class FloorEnd(StrEnum):
    """Why somebody who waits doesn't get the floor, without having withdrawn."""

    ITEM_OVER = "item_over"
    MEETING_OVER = "meeting_over"
    LEFT = "left"
    PASSED_OVER = "passed_over"


_STEPS = {
    (FloorState.WAITING, FloorStep.CALL): FloorState.SPEAKING,
    (FloorState.WAITING, FloorStep.SKIP): FloorState.PASSED_OVER,
    (FloorState.WAITING, FloorStep.WITHDRAW): FloorState.WITHDRAWN,
    (FloorState.SPEAKING, FloorStep.CALL): FloorState.SPEAKING,
    (FloorState.SPEAKING, FloorStep.FINISH): FloorState.DONE,
    (FloorState.SPEAKING, FloorStep.SKIP): FloorState.PASSED_OVER,
    (FloorState.DONE, FloorStep.FINISH): FloorState.DONE,
    (FloorState.PASSED_OVER, FloorStep.SKIP): FloorState.PASSED_OVER,
    (FloorState.WITHDRAWN, FloorStep.WITHDRAW): FloorState.WITHDRAWN,
}


def decide_floor_step(state: FloorState, step: FloorStep) -> FloorState | Refused:
    """Give the state after a step, the same one where it was taken before, or why it can't be taken.

    Whoever was called speaks or is passed over: to withdraw it is too late then.
    """
    after = _STEPS.get((state, step))
    if after is not None:
        return after
    match state:
        case FloorState.WAITING:
            return Refused(Refusal.OUT_OF_DATE)
        case FloorState.SPEAKING:
            return Refused(Refusal.FLOOR_GIVEN)
        case FloorState.DONE | FloorState.WITHDRAWN | FloorState.PASSED_OVER:
            return Refused(Refusal.FLOOR_SETTLED)


def refuse_turn(presence: Presence, turns: int) -> Refused | None:
    """Give why an attendee can't ask for the floor who is (not) there and has asked so often on the item."""
    if presence is not Presence.PRESENT:
        return Refused(Refusal.FLOOR_ABSENT)
    return Refused(Refusal.FLOOR_TOO_OFTEN, {"limit": MOST_TURNS}) if turns >= MOST_TURNS else None


def tidy_topic(text: str) -> str | Refused:
    """Give what somebody is going to speak about, on one line; it may be empty."""
    topic = tidy(text)
    if len(topic) > TOPIC_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TOPIC_LIMIT, "length": len(topic)})
    return topic


def speaks_until(began_at: datetime, minutes: int | None) -> datetime | None:
    """Give when a speaker's time is over, None where there is no limit."""
    return None if minutes is None else began_at + timedelta(minutes=minutes)


class SpeechKind(StrEnum):
    """*Phát biểu chỉ đạo* or *kết luận*."""

    DIRECTIVE = "directive"
    CONCLUSION = "conclusion"


@dataclass(frozen=True, slots=True)
class PlannedSpeech:
    """A speech that can be recorded: tidy texts within their limits."""

    kind: SpeechKind
    speaker: str
    position: str
    text: str


def plan_speech(kind: SpeechKind, speaker: str, position: str, text: str) -> PlannedSpeech | Refused:
    """Give the speech that is meant, or why it can't be recorded; the position may be empty."""
    speaker, position, text = tidy(speaker), tidy(position), tidy_lines(text)
    if not any(letter.isalpha() for letter in speaker):
        return Refused(Refusal.NAME_UNREADABLE)
    if not text:
        return Refused(Refusal.TEXT_EMPTY)
    limits = ((speaker, SPEAKER_LIMIT), (position, SPEAKER_LIMIT), (text, SPEECH_LIMIT))
    for part, limit in limits:
        if len(part) > limit:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(part)})
    return PlannedSpeech(kind, speaker, position, text)

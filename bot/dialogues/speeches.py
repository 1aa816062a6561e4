"""Speeches of superiors and conclusions of the chair: recorded in two steps, corrected, withdrawn."""

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from bot import actions
from bot.cards.layout import soft
from bot.cards.setup import question_card, sure_card
from bot.cards.speeches import speaker_card, speech_card, speeches_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card, Line
from bot.wording import notices
from bot.wording import speeches as wording
from bot.wording.voice import Voice, say
from handlers import speeches
from handlers.asking import closed_refusal, permitted, unopened_refusal
from handlers.meetings import Unchanged
from handlers.speeches import SpeechDraft
from meeting.names import Closeness, find_namesakes, tidy, tidy_lines
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.speaking import SPEAKER_LIMIT, SPEECH_LIMIT, SpeechKind
from meeting.states import MeetingState
from storage import speeches as stored
from storage.database import Tx
from storage.reading import get_meeting_view, get_news_view, get_roll_view
from storage.views import MeetingView, SpeechView

_OFFERED = 6
_AFTER_NAME = re.compile(r"\s*[;,]\s*|\s+[–—-]\s+")
"""What people write between a name and a position."""


async def show_speeches(talk: Talk, action: actions.ShowSpeeches) -> Answer:
    """Show what was recorded."""
    return await _listed(talk, action.meeting_id, action.page)


async def _listed(talk: Talk, meeting_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, meeting_id)
        recorded = await stored.list_speeches(tx, meeting_id)
    card = speeches_card(talk.about(meeting).voice, meeting, recorded, page)
    return Answer(notice, card, replaces=True)


async def show_speech(talk: Talk, action: actions.ShowSpeech) -> Answer:
    """Show one in full."""
    return await _one(talk, action.speech_id)


async def _one(talk: Talk, speech_id: int, notice: str = "") -> Answer:
    found = await _find(talk, speech_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    meeting, speech = found
    if speech.withdrawn_at is not None:
        return talk.refuse(Refused(Refusal.SPEECH_WITHDRAWN))
    return Answer(notice, speech_card(talk.about(meeting).voice, meeting, speech), replaces=True)


async def _find(talk: Talk, speech_id: int) -> tuple[MeetingView, SpeechView] | Refused:
    """Give a speech and its meeting to somebody who prepares it."""
    async with talk.house.database.snapshot() as tx:
        speech = await stored.get_speech(tx, speech_id)
        actor = await permitted(tx, talk.asked, speech.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return actor
        return await get_meeting_view(tx, speech.meeting_id), speech


async def withdraw_speech(talk: Talk, action: actions.WithdrawSpeech) -> Answer:
    """Withdraw a speech, asked once more."""
    if not action.sure:
        found = await _find_correctable(talk, action.speech_id)
        if isinstance(found, Refused):
            return talk.refuse(found)
        sure, label = actions.WithdrawSpeech(action.speech_id, 1), say(talk.voice, "Withdraw this speech")
        text = f"{wording.withdraw_sure(talk.voice)} {wording.speaker_text(found)}"
        return Answer(card=sure_card(talk.voice, text, label, sure))
    result = await speeches.withdraw_speech(talk.house, talk.asked, action.speech_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await _listed(talk, result.meeting_id, notice=wording.withdrawn(talk.voice))


async def _find_correctable(talk: Talk, speech_id: int) -> SpeechView | Refused:
    found = await _find(talk, speech_id)
    if isinstance(found, Refused):
        return found
    meeting, speech = found
    if speech.withdrawn_at is not None:
        return Refused(Refusal.SPEECH_WITHDRAWN)
    return speech if meeting.state is MeetingState.OPEN else closed_refusal(meeting)


# Recorded in two steps


async def add_speech(talk: Talk, action: actions.AddSpeech) -> Answer:
    """Ask who spoke."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
        offered = await _list_likely(tx, action.meeting_id, action.kind)
    refused = unopened_refusal(meeting)
    if refused is not None:
        return talk.refuse(refused)
    return await talk.ask(Speaker(action.meeting_id, action.item_id, action.kind, offered))


async def _list_likely(tx: Tx, meeting_id: int, kind: SpeechKind) -> list[tuple[int, str, str]]:
    """Give those who came and are likely to have spoken: chairs, and for a directive speech guests first."""
    came = await get_news_view(tx, meeting_id)
    likely = came.chairs if kind is SpeechKind.CONCLUSION else (*came.guests, *came.chairs)
    return [(seat.attendee_id, seat.name, seat.position) for seat in likely[:_OFFERED]]


def _is_too_long(text: str, limit: int) -> Refused | None:
    if len(text) <= limit:
        return None
    return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(text)})


async def _typed_speaker(talk: Talk, meeting_id: int, text: str) -> tuple[str, str] | Refused:
    """Give the name and the position that were typed; an attendee's position where there is only a name."""
    name_part, *rest = _AFTER_NAME.split(tidy(text), maxsplit=1)
    name, position = typed_name(name_part, SPEAKER_LIMIT), "".join(rest)
    if isinstance(name, Refused):
        return name
    if position:
        return _is_too_long(position, SPEAKER_LIMIT) or (name, position)
    async with talk.house.database.snapshot() as tx:
        roll = (await get_roll_view(tx, meeting_id)).attendees
    seats = {seat.attendee_id: seat for seat in roll}
    found = find_namesakes(name, ((seat.attendee_id, seat.name, seat.unit or "") for seat in roll))
    whole = [seats[attendee_id] for how, attendee_id in found if how is not Closeness.PART]
    return (whole[0].name, whole[0].position) if len(whole) == 1 else (name, "")


@kept
@dataclass(frozen=True)
class Speaker(Question):
    """Who spoke; `offered` are id, name and position of those who are likely."""

    topic: ClassVar[str] = "speech_speaker"
    takes_any_name: ClassVar[bool] = True
    meeting_id: int
    item_id: int
    kind: str
    offered: list[tuple[int, str, str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        offered = [(one, ", ".join(filter(None, (name, position)))) for one, name, position in self.offered]
        return speaker_card(voice, SpeechKind(self.kind), offered, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask what they said."""
        typed = await _typed_speaker(talk, self.meeting_id, text)
        if isinstance(typed, Refused):
            return typed
        return await talk.ask(SpeechText(self.meeting_id, self.item_id, self.kind, *typed))

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of those who are likely."""
        for one, name, position in self.offered:
            if one == choice:
                return await talk.ask(SpeechText(self.meeting_id, self.item_id, self.kind, name, position))
        return None


@kept
@dataclass(frozen=True)
class SpeechText(Question):
    """What they said."""

    topic: ClassVar[str] = "speech_text"
    meeting_id: int
    item_id: int
    kind: str
    speaker: str
    position: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.text_wanted(voice, self.speaker)
        return question_card(voice, text, version, limit=SPEECH_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record it, and show it."""
        draft = SpeechDraft(SpeechKind(self.kind), self.speaker, self.position, tidy_lines(text))
        result = await speeches.record_speech(
            talk.house, talk.asked, self.meeting_id, self.item_id or None, draft
        )
        if isinstance(result, Refused):
            return result
        return await _one(talk, result.speech_id, wording.recorded(talk.voice))


# Corrected


async def correct_speech(talk: Talk, action: actions.CorrectSpeech) -> Answer:
    """Ask for the text anew."""
    found = await _find_correctable(talk, action.speech_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return await talk.ask(TextCorrected(action.speech_id, found.speaker, found.text))


async def correct_speaker(talk: Talk, action: actions.CorrectSpeaker) -> Answer:
    """Ask for the speaker anew."""
    found = await _find_correctable(talk, action.speech_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return await talk.ask(SpeakerCorrected(action.speech_id, found.kind))


@dataclass(frozen=True)
class _Correction(Question):
    """A question about a speech that was recorded."""

    speech_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))

    async def _correct(self, talk: Talk, draft: SpeechDraft) -> Answer | Refused:
        result = await speeches.correct_speech(talk.house, talk.asked, self.speech_id, draft)
        if isinstance(result, Refused):
            return result
        is_same = isinstance(result, Unchanged)
        notice = notices.unchanged(talk.voice) if is_same else wording.corrected(talk.voice)
        return await _one(talk, self.speech_id, notice)


@kept
@dataclass(frozen=True)
class TextCorrected(_Correction):
    """What they said, typed anew."""

    topic: ClassVar[str] = "speech_text_corrected"
    speaker: str
    text: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask, with the text as it stands, to be copied."""
        text = wording.text_wanted(voice, self.speaker)
        card = question_card(voice, text, version, limit=SPEECH_LIMIT, is_long=True)
        return replace(card, lines=(*card.lines, soft(wording.text_so_far(voice)), Line(self.text)))

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Correct it, and show it."""
        found = await _find_correctable(talk, self.speech_id)
        if isinstance(found, Refused):
            return found
        draft = SpeechDraft(found.kind, found.speaker, found.position, tidy_lines(text))
        return await self._correct(talk, draft)


@kept
@dataclass(frozen=True)
class SpeakerCorrected(_Correction):
    """Who spoke, typed anew."""

    topic: ClassVar[str] = "speech_speaker_corrected"
    takes_any_name: ClassVar[bool] = True
    kind: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return speaker_card(voice, SpeechKind(self.kind), (), version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Correct it, and show it."""
        found = await _find_correctable(talk, self.speech_id)
        if isinstance(found, Refused):
            return found
        typed = await _typed_speaker(talk, found.meeting_id, text)
        if isinstance(typed, Refused):
            return typed
        return await self._correct(talk, SpeechDraft(found.kind, *typed, found.text))


ROUTES: Routes = {
    actions.ShowSpeeches: show_speeches,
    actions.ShowSpeech: show_speech,
    actions.AddSpeech: add_speech,
    actions.CorrectSpeech: correct_speech,
    actions.CorrectSpeaker: correct_speaker,
    actions.WithdrawSpeech: withdraw_speech,
}
"""What each button of this topic does."""

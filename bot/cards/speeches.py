"""Speeches of superiors and conclusions of the chair: listed, asked for, and as the summary has them."""

from collections.abc import Sequence

from bot.actions import (
    AddSpeech,
    CancelDialogue,
    ChooseAnswer,
    CorrectSpeaker,
    CorrectSpeech,
    ShowFloor,
    ShowSpeech,
    ShowSpeeches,
    WithdrawSpeech,
)
from bot.cards.layout import button, clipped, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import speeches as wording
from bot.wording.voice import Voice, say
from meeting.speaking import SPEAKER_LIMIT, SpeechKind
from meeting.states import MeetingState
from storage.views import MeetingView, SpeechView

_LISTED = 300
_SHORTEST = 80


def speeches_card(voice: Voice, meeting: MeetingView, speeches: Sequence[SpeechView], page: int) -> Card:
    """Give a page of what was recorded, each with a button, and what more can be."""
    lines = [strong(say(voice, "Speeches and conclusion: %(title)s", title=clipped(meeting.title)))]
    if not speeches:
        lines.append(Line(say(voice, "None is recorded yet.")))
    places = {speech.speech_id: place for place, speech in enumerate(speeches, start=1)}
    shown = page_of(speeches, page)
    lines += [
        Line(f"{places[each.speech_id]}. {wording.speech_text(voice, each, clipped(each.text, _LISTED))}")
        for each in shown
    ]
    rows: list[tuple[Choice, ...]] = [
        (button(f"{places[each.speech_id]}. {each.speaker}", ShowSpeech(each.speech_id)),) for each in shown
    ]
    rows += page_rows(voice, speeches, page, lambda number: ShowSpeeches(meeting.meeting_id, number))
    if meeting.state is MeetingState.OPEN:
        rows += [
            (button(wording.kind_text(voice, kind), AddSpeech(meeting.meeting_id, 0, kind)),)
            for kind in SpeechKind
        ]
        lines.append(soft(say(voice, "To record one, choose what it is.")))
    back = button(say(voice, "‹ Who speaks"), ShowFloor(meeting.meeting_id, 0))
    return Card(tuple(lines), (*rows, (back,)))


def speech_card(voice: Voice, meeting: MeetingView, speech: SpeechView) -> Card:
    """Give one speech in full, with what may still be done about it."""
    lines = (
        strong(wording.kind_text(voice, speech.kind)),
        Line(wording.speaker_text(speech)),
        Line(speech.text),
    )
    back = (button(say(voice, "‹ Speeches, conclusion"), ShowSpeeches(meeting.meeting_id, 0)),)
    if meeting.state is not MeetingState.OPEN:
        return Card(lines, (back,))
    first = (
        button(say(voice, "Correct the text"), CorrectSpeech(speech.speech_id)),
        button(say(voice, "Correct the speaker"), CorrectSpeaker(speech.speech_id)),
    )
    withdraw = button(say(voice, "Withdraw this speech"), WithdrawSpeech(speech.speech_id, 0))
    return Card(lines, (first, (withdraw, *back)))


def speaker_card(voice: Voice, kind: SpeechKind, offered: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask who spoke, with those who are likely (id, name with position) to choose from."""
    lines = (
        strong(wording.speaker_wanted(voice, kind)),
        soft(say(voice, "For example: %(example)s", example=wording.speaker_example(voice))),
    )
    rows = [(button(name, ChooseAnswer(version, attendee_id)),) for attendee_id, name in offered]
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    ask = Ask(limit=2 * SPEAKER_LIMIT, example=wording.speaker_example(voice))
    return Card(lines, (*rows, (cancel,)), ask=ask)


def speech_lines(voice: Voice, speeches: Sequence[SpeechView], room: int) -> list[Line]:
    """Give what was said for a card, each cut so that all together have so many characters."""
    each = max(_SHORTEST, room // max(1, len(speeches)))
    return [Line(wording.speech_text(voice, speech, clipped(speech.text, each))) for speech in speeches]

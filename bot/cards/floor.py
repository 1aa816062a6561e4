"""The queue for the floor: as those who preside see it, in the hall, and on one's own phone."""

from collections.abc import Sequence

from bot.actions import (
    AskFloor,
    CallSpeaker,
    CancelDialogue,
    ChooseAnswer,
    EnterTurn,
    FinishSpeaking,
    MoveTurn,
    PassOver,
    SetFloorMinutes,
    ShowFloor,
    ShowFloorMinutes,
    ShowMeeting,
    ShowSpeeches,
    ShowTurn,
    StateTopic,
    WithdrawTurn,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import speaking as wording
from bot.wording.numbers import official_count, plain_count
from bot.wording.voice import Voice, say
from meeting.agenda import Direction
from meeting.people import Actor, Presence, Right
from meeting.plan import NAME_LIMIT
from meeting.speaking import FloorEnd, FloorState
from meeting.states import MeetingState
from storage.views import AttendanceView, FloorView, MeetingView, PanelView, TurnView

_NAMED = 3
_MINUTES = (0, 3, 5, 7, 10, 15)

# In the hall, on panels and on one's own card


def floor_lines(voice: Voice, floor: FloorView) -> list[Line]:
    """Give who speaks, how many wait, and who of them is next."""
    lines = []
    if floor.speaking is not None:
        lines.append(strong(wording.speaking_text(voice, floor.speaking)))
    if floor.waiting:
        count = official_count(len(floor.waiting), voice.language)
        names = "; ".join(clipped(turn.name, 60) for turn in floor.waiting[:_NAMED])
        more = "; …" if len(floor.waiting) > _NAMED else ""
        text = say(voice, "Waiting to speak: %(count)s (%(names)s).", count=count, names=names + more)
        lines.append(Line(text))
    return lines


def panel_floor_buttons(voice: Voice, view: PanelView) -> list[Choice]:
    """Give what those who preside may do about the floor now: nothing while nobody has asked for it."""
    floor, buttons = view.floor, list[Choice]()
    if floor.waiting and view.open_vote is None:
        buttons.append(_call_button(voice, floor.waiting[0]))
    if floor.speaking is not None:
        buttons.append(_end_button(voice, floor.speaking))
    return buttons


def _call_button(voice: Voice, turn: TurnView, *, is_listed: bool = False) -> Choice:
    label = say(voice, "Give the floor: %(name)s", name=turn.name)
    return button(label, CallSpeaker(turn.turn_id, int(is_listed)))


def _end_button(voice: Voice, turn: TurnView, *, is_listed: bool = False) -> Choice:
    return button(say(voice, "End of this speech"), FinishSpeaking(turn.turn_id, int(is_listed)))


def own_floor_lines(voice: Voice, view: AttendanceView) -> list[Line]:
    """Give an attendee the own place among those who wait, or that they have the floor."""
    turn = view.floor.find_turn_of(view.attendee.attendee_id)
    if turn is None:
        return []
    if turn.state is FloorState.SPEAKING:
        since = wording.since_text(voice, turn)
        return [strong(say(voice, "You have the floor (%(since)s).", since=since))]
    place = view.floor.waiting.index(turn) + 1
    if place == 1:
        return [Line(say(voice, "You have asked to speak; you are next."))]
    shown = plain_count(place, voice.language)
    return [Line(say(voice, "You have asked to speak; your place: %(place)s.", place=shown))]


def own_floor_buttons(voice: Voice, view: AttendanceView) -> list[Choice]:
    """Give an attendee who is there the way to the floor, or out of the queue."""
    meeting, item = view.meeting, view.current_item
    if meeting.state is not MeetingState.OPEN or view.attendee.presence is not Presence.PRESENT:
        return []
    turn = view.floor.find_turn_of(view.attendee.attendee_id)
    if turn is None:
        if item is None or item.decision is not None:
            return []
        return [button(say(voice, "Ask to speak"), AskFloor(meeting.meeting_id, item.item_id))]
    if turn.state is FloorState.SPEAKING:
        return []
    return [
        button(say(voice, "Say what about"), StateTopic(turn.turn_id)),
        button(say(voice, "Do not speak after all"), WithdrawTurn(turn.turn_id, 0)),
    ]


# The whole queue


def floor_card(voice: Voice, meeting: MeetingView, floor: FloorView, page: int, actor: Actor) -> Card:
    """Give who speaks and a page of who waits, each with a button, to those who run the meeting."""
    lines = [strong(say(voice, "Speaking: %(title)s", title=clipped(meeting.title)))]
    if floor.speaking is not None:
        lines.append(Line(wording.speaking_text(voice, floor.speaking)))
    if not floor.waiting:
        lines.append(Line(say(voice, "Nobody waits to speak.")))
    places = {turn.turn_id: place for place, turn in enumerate(floor.waiting, start=1)}
    shown = page_of(floor.waiting, page)
    lines += [Line(f"{places[turn.turn_id]}. {_turn_text(turn)}") for turn in shown]
    lines.append(soft(wording.minutes_set(voice, meeting.floor_minutes)))
    rows: list[tuple[Choice, ...]] = [
        (button(f"{places[turn.turn_id]}. {turn.name}", ShowTurn(turn.turn_id)),) for turn in shown
    ]
    rows += page_rows(voice, floor.waiting, page, lambda number: ShowFloor(meeting.meeting_id, number))
    return Card(tuple(lines), (*rows, *in_rows(_floor_buttons(voice, meeting, floor, actor))))


def _turn_text(turn: TurnView) -> str:
    who = wording.speaker_text(turn)
    return f"{who}: {turn.topic}" if turn.topic else who


def _floor_buttons(voice: Voice, meeting: MeetingView, floor: FloorView, actor: Actor) -> list[Choice]:
    meeting_id = meeting.meeting_id
    buttons: list[Choice] = []
    if actor.may(Right.PRESIDE) and floor.waiting:
        buttons.append(_call_button(voice, floor.waiting[0], is_listed=True))
    if actor.may(Right.PRESIDE) and floor.speaking is not None:
        buttons.append(_end_button(voice, floor.speaking, is_listed=True))
        buttons.append(button(say(voice, "Called, does not speak"), PassOver(floor.speaking.turn_id)))
    if actor.may(Right.KEEP_ROLL) and meeting.state is MeetingState.OPEN:
        buttons.append(button(say(voice, "Enter who wants to speak"), EnterTurn(meeting_id)))
    if actor.may(Right.PRESIDE) and meeting.state is not MeetingState.CLOSED:
        buttons.append(button(say(voice, "Time to speak"), ShowFloorMinutes(meeting_id)))
    buttons.append(button(say(voice, "Speeches, conclusion"), ShowSpeeches(meeting_id, 0)))
    buttons.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id)))
    return buttons


def turn_card(voice: Voice, meeting: MeetingView, turn: TurnView, place: int, actor: Actor) -> Card:
    """Give one who waits at a place from 1, with what may be done about it."""
    lines = [strong(wording.speaker_text(turn))]
    if turn.topic:
        lines.append(Line(say(voice, "About: %(topic)s", topic=turn.topic)))
    lines.append(Line(say(voice, "Place: %(place)s", place=plain_count(place, voice.language))))
    buttons: list[Choice] = []
    if actor.may(Right.PRESIDE):
        buttons += [
            _call_button(voice, turn, is_listed=True),
            button(say(voice, "Pass over"), PassOver(turn.turn_id)),
            button(say(voice, "▲ Move up"), MoveTurn(turn.turn_id, Direction.UP)),
            button(say(voice, "▼ Move down"), MoveTurn(turn.turn_id, Direction.DOWN)),
        ]
    if actor.may(Right.KEEP_ROLL):
        buttons.append(button(say(voice, "Say what about"), StateTopic(turn.turn_id)))
        buttons.append(button(say(voice, "Withdraw the request"), WithdrawTurn(turn.turn_id, 1)))
    buttons.append(button(say(voice, "‹ Who speaks"), ShowFloor(meeting.meeting_id, 0)))
    return Card(tuple(lines), in_rows(buttons))


def minutes_card(voice: Voice, meeting: MeetingView) -> Card:
    """Ask how long each may speak."""
    choices = [
        button(
            wording.minutes_text(voice, minutes or None),
            SetFloorMinutes(meeting.meeting_id, minutes),
            is_chosen=(meeting.floor_minutes or 0) == minutes,
        )
        for minutes in _MINUTES
    ]
    back = button(say(voice, "‹ Who speaks"), ShowFloor(meeting.meeting_id, 0))
    return Card((strong(wording.minutes_wanted(voice)),), (*in_rows(choices), (back,)))


def entrant_card(voice: Voice, typed: str, seats: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask which of those who are there (id, name with unit) a typed name means."""
    rows = [(button(name, ChooseAnswer(version, attendee_id)),) for attendee_id, name in seats]
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    text = wording.entrant_meant(voice, clipped(typed, 80))
    return Card((strong(text),), (*rows, (cancel,)), ask=Ask(limit=NAME_LIMIT))


# What is told


def floor_given_card(voice: Voice, meeting: MeetingView, turn: TurnView) -> Card:
    """Tell somebody that they have the floor, and until when."""
    lines = [strong(say(voice, "You are invited to speak now."))]
    if turn.speaks_until is not None and turn.minutes is not None:
        lines.append(Line(wording.minutes_set(voice, turn.minutes)))
    if turn.topic:
        lines.append(Line(say(voice, "About: %(topic)s", topic=turn.topic)))
    return Card((*lines, soft(clipped(meeting.title))))


def floor_ended_card(voice: Voice, meeting: MeetingView, why: FloorEnd) -> Card:
    """Tell somebody who waited that they don't get the floor, and what they can do."""
    return Card((Line(wording.unheard_text(voice, why)), soft(clipped(meeting.title))))

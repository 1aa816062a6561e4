"""The floor: asked for by a tap, given by those who preside, with the queue to look at and to order."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.floor import entrant_card, floor_card, minutes_card, turn_card
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import speaking as wording
from bot.wording.voice import Voice
from handlers import floor
from handlers.asking import closed_refusal, permitted, unopened_refusal
from handlers.floor import FloorAsked
from handlers.meetings import Unchanged
from meeting.names import Closeness, find_namesakes, tidy_lines
from meeting.people import Presence, Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.speaking import PENDING, TOPIC_LIMIT
from meeting.states import MeetingState
from storage import floor as stored
from storage import people
from storage.database import Tx
from storage.errors import TurnNotFoundError
from storage.reading import get_floor, get_meeting_view, get_roll_view

_OFFERED = 8

# One's own


async def ask_floor(talk: Talk, action: actions.AskFloor) -> Answer:
    """Ask to speak on the item that is on."""
    result = await floor.ask_floor(talk.house, talk.asked, action.meeting_id, action.item_id)
    return talk.refuse(result) if isinstance(result, Refused) else Answer(wording.asked(talk.voice, result))


async def state_topic(talk: Talk, action: actions.StateTopic) -> Answer:
    """Ask what somebody is going to speak about."""
    async with talk.house.database.snapshot() as tx:
        turn = await stored.get_turn(tx, action.turn_id)
        actor = await people.find_actor(tx, talk.account.account_id, turn.meeting_id)
    if actor is None or not (actor.attendee_id == turn.attendee_id or actor.may(Right.KEEP_ROLL)):
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL}))
    if turn.state not in PENDING:
        return talk.refuse(Refused(Refusal.FLOOR_SETTLED))
    return await talk.ask(Topic(action.turn_id))


@kept
@dataclass(frozen=True)
class Topic(Question):
    """What somebody is going to speak about."""

    topic: ClassVar[str] = "floor_topic"
    turn_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, wording.topic_wanted(voice), version, limit=TOPIC_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record it."""
        result = await floor.state_topic(talk.house, talk.asked, self.turn_id, tidy_lines(text))
        match result:
            case Refused():
                return result
            case Unchanged():
                return Answer(notices.unchanged(talk.voice))
            case _:
                return Answer(wording.topic_stated(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until they have spoken, or won't."""
        del account_id
        try:
            return (await stored.get_turn(tx, self.turn_id)).state in PENDING
        except TurnNotFoundError:
            return False


async def withdraw_turn(talk: Talk, action: actions.WithdrawTurn) -> Answer:
    """Ask no more to speak."""
    result = await floor.withdraw_turn(talk.house, talk.asked, action.turn_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            notice = wording.withdrawn(talk.voice)
            return await _shown(talk, result.meeting_id, notice=notice) if action.listed else Answer(notice)


# Those who run the meeting


async def show_floor(talk: Talk, action: actions.ShowFloor) -> Answer:
    """Show who speaks and who waits."""
    return await _shown(talk, action.meeting_id, action.page)


async def _shown(talk: Talk, meeting_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, meeting_id)
        view = await get_floor(tx, meeting_id)
    card = floor_card(talk.about(meeting).voice, meeting, view, page, actor)
    return Answer(notice, card, replaces=True)


async def show_turn(talk: Talk, action: actions.ShowTurn) -> Answer:
    """Show one who waits, with what can be done about it."""
    return await _turn(talk, action.turn_id)


async def _turn(talk: Talk, turn_id: int, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        meeting_id = (await stored.get_turn(tx, turn_id)).meeting_id
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, meeting_id)
        waiting = (await get_floor(tx, meeting_id)).waiting
    for place, turn in enumerate(waiting, start=1):
        if turn.turn_id == turn_id:
            card = turn_card(talk.about(meeting).voice, meeting, turn, place, actor)
            return Answer(notice, card, replaces=True)
    return await _shown(talk, meeting_id, notice=notice or notices.out_of_date(talk.voice))


async def call_speaker(talk: Talk, action: actions.CallSpeaker) -> Answer:
    """Give somebody the floor."""
    result = await floor.call_speaker(talk.house, talk.asked, action.turn_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
    async with talk.house.database.snapshot() as tx:
        meeting_id = (await stored.get_turn(tx, action.turn_id)).meeting_id
        speaking = (await get_floor(tx, meeting_id)).speaking
    name = "" if speaking is None else speaking.name
    notice = wording.called(talk.voice, name)
    return await _shown(talk, meeting_id, notice=notice) if action.listed else Answer(notice)


async def finish_speaking(talk: Talk, action: actions.FinishSpeaking) -> Answer:
    """Record that somebody has spoken."""
    result = await floor.finish_speaking(talk.house, talk.asked, action.turn_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            notice = wording.finished(talk.voice)
            return await _shown(talk, result.meeting_id, notice=notice) if action.listed else Answer(notice)


async def pass_over(talk: Talk, action: actions.PassOver) -> Answer:
    """Pass somebody over."""
    result = await floor.pass_over(talk.house, talk.asked, action.turn_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await _shown(talk, result.meeting_id, notice=wording.passed_over(talk.voice))


async def move_turn(talk: Talk, action: actions.MoveTurn) -> Answer:
    """Move somebody by a place."""
    result = await floor.move_turn(talk.house, talk.asked, action.turn_id, action.direction)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await _turn(talk, action.turn_id, wording.turn_moved(talk.voice))


async def show_floor_minutes(talk: Talk, action: actions.ShowFloorMinutes) -> Answer:
    """Ask how long each may speak."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PRESIDE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
    if meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(meeting))
    return Answer(card=minutes_card(talk.about(meeting).voice, meeting), replaces=True)


async def set_floor_minutes(talk: Talk, action: actions.SetFloorMinutes) -> Answer:
    """Set how long each may speak."""
    result = await floor.set_floor_minutes(talk.house, talk.asked, action.meeting_id, action.minutes)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return await _shown(talk, action.meeting_id, notice=notices.unchanged(talk.voice))
        case _:
            notice = wording.minutes_set(talk.voice, result.minutes)
            return await _shown(talk, action.meeting_id, notice=notice)


# Somebody without a phone


async def enter_turn(talk: Talk, action: actions.EnterTurn) -> Answer:
    """Ask who wants to speak."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.KEEP_ROLL)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        refused = unopened_refusal(await get_meeting_view(tx, action.meeting_id))
    return talk.refuse(refused) if refused is not None else await talk.ask(Entrant(action.meeting_id))


@kept
@dataclass(frozen=True)
class Entrant(Question):
    """Who of those who are there wants to speak."""

    topic: ClassVar[str] = "floor_entrant"
    takes_any_name: ClassVar[bool] = True
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, wording.entrant_wanted(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Enter the attendee whose whole name it is, else ask whom it means."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        async with talk.house.database.snapshot() as tx:
            roll = (await get_roll_view(tx, self.meeting_id)).attendees
        seats = {seat.attendee_id: seat for seat in roll if seat.presence is Presence.PRESENT}
        found = find_namesakes(
            name, ((seat.attendee_id, seat.name, seat.unit or "") for seat in seats.values())
        )
        whole = [attendee_id for how, attendee_id in found if how is not Closeness.PART]
        if len(whole) == 1:
            return await _enter(talk, self.meeting_id, whole[0], seats[whole[0]].name)
        if not found:
            return Answer(wording.entrant_unknown(talk.voice))
        meant = [(one, seats[one].name, seats[one].unit or "") for _, one in found[:_OFFERED]]
        return await talk.ask(EntrantMeant(self.meeting_id, name, meant))


@kept
@dataclass(frozen=True)
class EntrantMeant(Entrant):
    """Which attendee a typed name means; `meant` are id, name and unit of those who are offered."""

    topic: ClassVar[str] = "floor_entrant_meant"
    typed: str
    meant: list[tuple[int, str, str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        seats = [(one, ", ".join(filter(None, (name, unit)))) for one, name, unit in self.meant]
        return entrant_card(voice, self.typed, seats, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Enter one of them."""
        name = next((name for one, name, _ in self.meant if one == choice), None)
        return None if name is None else await _enter(talk, self.meeting_id, choice, name)


async def _enter(talk: Talk, meeting_id: int, attendee_id: int, name: str) -> Answer | Refused:
    result = await floor.enter_turn(talk.house, talk.asked, meeting_id, attendee_id, "")
    match result:
        case Refused():
            return result
        case FloorAsked():
            return await _shown(talk, meeting_id, notice=wording.entered(talk.voice, name, result))


ROUTES: Routes = {
    actions.AskFloor: ask_floor,
    actions.StateTopic: state_topic,
    actions.WithdrawTurn: withdraw_turn,
    actions.ShowFloor: show_floor,
    actions.ShowTurn: show_turn,
    actions.CallSpeaker: call_speaker,
    actions.FinishSpeaking: finish_speaking,
    actions.PassOver: pass_over,
    actions.MoveTurn: move_turn,
    actions.ShowFloorMinutes: show_floor_minutes,
    actions.SetFloorMinutes: set_floor_minutes,
    actions.EnterTurn: enter_turn,
}
"""What each button of this topic does."""

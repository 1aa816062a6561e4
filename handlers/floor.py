"""The floor: asked for, given in order, given back; each act is on record."""

from dataclasses import dataclass
from datetime import datetime

from handlers.acts import record_act
from handlers.asking import Asked, bound, hold_open, permitted, refuse_closed, request
from handlers.floor_queue import find_item_on, show_floor, tell_unheard
from handlers.meetings import Unchanged
from meeting.agenda import Direction, moved
from meeting.people import Actor, Right, Source
from meeting.refusals import Refusal, Refused
from meeting.speaking import (
    MOST_MINUTES,
    PENDING,
    FloorEnd,
    FloorState,
    FloorStep,
    decide_floor_step,
    refuse_turn,
    tidy_topic,
)
from meeting.states import MeetingState, PostKind, Priority
from meeting.voting import VoteState
from storage import attendees, floor, meetings, posts, record, votes
from storage.database import Tx
from storage.errors import AttendeeNotFoundError
from storage.floor import Turn
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class FloorAsked:
    """Somebody waits for the floor at this place from 1, or speaks (0); as before where `is_repeat`."""

    turn_id: int
    place: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class FloorGiven:
    """This attendee speaks now."""

    turn_id: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """Nothing more becomes of this request."""

    meeting_id: int
    state: FloorState


@dataclass(frozen=True, slots=True)
class TurnChanged:
    """The order of those who wait, or what one of them speaks about, is another now."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class FloorMinutesSet:
    """Each speaker called from now on is given so many minutes, None without a limit."""

    minutes: int | None


# Asking


@request
async def ask_floor(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, item_id: int
) -> FloorAsked | Refused:
    """Ask to speak on the item that is on, and wait behind those who asked before.

    Who waits or speaks already stays where they are. Refused as out of date where another item is on.
    """
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is None:
        return Refused(Refusal.NOT_ATTENDEE)
    refused = await hold_open(tx, meeting_id)
    return refused or await _add(tx, now, meeting_id, actor, actor.attendee_id, item_id=item_id)


@request
async def enter_turn(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, attendee_id: int, topic: str
) -> FloorAsked | Refused:
    """Enter an attendee who asks to speak without a phone."""
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    if await attendees.find_meeting_of_attendee(tx, attendee_id) != meeting_id:
        raise AttendeeNotFoundError(attendee_id)
    refused = await hold_open(tx, meeting_id)
    return refused or await _add(tx, now, meeting_id, actor, attendee_id, topic=topic)


async def _add(
    tx: Tx,
    now: datetime,
    meeting_id: int,
    actor: Actor,
    attendee_id: int,
    *,
    item_id: int | None = None,
    topic: str = "",
) -> FloorAsked | Refused:
    pending = await floor.list_pending(tx, meeting_id)
    waiting = [turn.turn_id for turn in pending if turn.state is FloorState.WAITING]
    own = next((turn.turn_id for turn in pending if turn.attendee_id == attendee_id), None)
    if own is not None:
        return FloorAsked(own, waiting.index(own) + 1 if own in waiting else 0, is_repeat=True)
    meeting = await get_meeting_view(tx, meeting_id)
    on = await find_item_on(tx, meeting)
    if on is None:
        return Refused(Refusal.FLOOR_NOTHING_ON)
    if item_id not in {None, on}:
        return Refused(Refusal.OUT_OF_DATE)
    attendee = await attendees.get_attendee(tx, attendee_id)
    refused = refuse_turn(attendee.presence, await floor.count_turns(tx, on, attendee_id))
    if refused is not None:
        return refused
    clean = tidy_topic(topic)
    if isinstance(clean, Refused):
        return clean
    source = Source.SELF if actor.attendee_id == attendee_id else Source.SECRETARY
    turn_id = await floor.add_turn(
        tx, meeting.organisation_id, meeting_id, on, attendee_id, topic=clean, source=source, now=now
    )
    facts = {"item": on, "attendee": attendee_id, "source": source}
    await record_act(tx, meeting, now, "floor_asked", {"turn": turn_id, **facts}, actor)
    await show_floor(tx, meeting_id, [attendee_id])
    return FloorAsked(turn_id, len(waiting) + 1)


@request
async def state_topic(
    tx: Tx, asked: Asked, now: datetime, turn_id: int, topic: str
) -> TurnChanged | Unchanged | Refused:
    """Say what one is going to speak about; the secretary may for who has no phone."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await _admitted(tx, asked, turn)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, turn.meeting_id)
    turn = await floor.get_turn(tx, turn_id)
    clean = tidy_topic(topic)
    if turn.state not in PENDING:
        return Refused(Refusal.FLOOR_SETTLED)
    if isinstance(clean, Refused):
        return clean
    if clean == turn.topic:
        return Unchanged()
    await floor.put_turn_topic(tx, turn_id, clean)
    facts = {"turn": turn_id, "topic": record.digest(clean)}
    await record_act(tx, turn, now, "floor_topic_stated", facts, actor)
    await show_floor(tx, turn.meeting_id, [turn.attendee_id])
    return TurnChanged(turn.meeting_id)


@request
async def withdraw_turn(tx: Tx, asked: Asked, now: datetime, turn_id: int) -> TurnEnded | Unchanged | Refused:
    """Ask no more for the floor; the secretary may for who has no phone."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await _admitted(tx, asked, turn)
    if isinstance(actor, Refused):
        return actor
    return await _take(tx, now, turn, FloorStep.WITHDRAW, actor)


async def _admitted(tx: Tx, asked: Asked, turn: Turn) -> Actor | Refused:
    """Give who asks where it is the own request, or who may keep the roll."""
    actor = await bound(tx, asked, turn.meeting_id)
    if isinstance(actor, Refused) or actor.attendee_id == turn.attendee_id or actor.may(Right.KEEP_ROLL):
        return actor
    return Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL})


# Presiding


@request
async def call_speaker(tx: Tx, asked: Asked, now: datetime, turn_id: int) -> FloorGiven | Unchanged | Refused:
    """Give the floor to somebody who waits; who spoke until now has spoken. None while a vote is open."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await permitted(tx, asked, turn.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, turn.meeting_id)
    turn = await floor.get_turn(tx, turn_id)
    after = decide_floor_step(turn.state, FloorStep.CALL)
    if isinstance(after, Refused):
        return after
    if after is turn.state:
        return Unchanged()
    if await votes.list_votes(tx, turn.meeting_id, {VoteState.OPEN}):
        return Refused(Refusal.FLOOR_DURING_VOTE)
    pending = await floor.list_pending(tx, turn.meeting_id)
    for former in (each for each in pending if each.state is FloorState.SPEAKING):
        await floor.put_turns_ended(tx, [former.turn_id], FloorState.DONE, now)
        facts = {"turn": former.turn_id, "state": FloorState.DONE}
        await record_act(tx, former, now, "floor_given_back", facts, actor)
    minutes = await floor.find_floor_minutes(tx, turn.meeting_id)
    await floor.put_turn_called(tx, turn_id, minutes, now)
    given = {"turn": turn_id, "minutes": minutes}
    await record_act(tx, turn, now, "floor_given", given, actor, is_presiding=True)
    await posts.add_posts(
        tx,
        PostKind.FLOOR_GIVEN,
        f"floor_given:{turn_id}",
        turn_id,
        await attendees.list_meeting_accounts(tx, turn.meeting_id, [turn.attendee_id]),
        organisation_id=turn.organisation_id,
        meeting_id=turn.meeting_id,
        priority=Priority.BALLOT,
        now=now,
    )
    await show_floor(tx, turn.meeting_id, [each.attendee_id for each in pending])
    return FloorGiven(turn_id)


@request
async def finish_speaking(
    tx: Tx, asked: Asked, now: datetime, turn_id: int
) -> TurnEnded | Unchanged | Refused:
    """Record that a speaker has spoken."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await permitted(tx, asked, turn.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    return await _take(tx, now, turn, FloorStep.FINISH, actor)


@request
async def pass_over(tx: Tx, asked: Asked, now: datetime, turn_id: int) -> TurnEnded | Unchanged | Refused:
    """Pass over somebody who waits, or who was called and doesn't speak; they are told."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await permitted(tx, asked, turn.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    return await _take(tx, now, turn, FloorStep.SKIP, actor)


async def _take(
    tx: Tx, now: datetime, turn: Turn, step: FloorStep, actor: Actor
) -> TurnEnded | Unchanged | Refused:
    """Take a step that ends a request."""
    await meetings.lock_meeting(tx, turn.meeting_id)
    turn = await floor.get_turn(tx, turn.turn_id)
    after = decide_floor_step(turn.state, step)
    if isinstance(after, Refused):
        return after
    if after is turn.state:
        return Unchanged()
    await floor.put_turns_ended(tx, [turn.turn_id], after, now)
    is_presiding = step is not FloorStep.WITHDRAW
    facts = {"turn": turn.turn_id, "state": after}
    entry = await record_act(tx, turn, now, "floor_given_back", facts, actor, is_presiding=is_presiding)
    if after is FloorState.PASSED_OVER:
        meeting = await get_meeting_view(tx, turn.meeting_id)
        await tell_unheard(tx, meeting, [turn.attendee_id], FloorEnd.PASSED_OVER, entry, now)
    await show_floor(tx, turn.meeting_id, [turn.attendee_id])
    return TurnEnded(turn.meeting_id, after)


@request
async def move_turn(
    tx: Tx, asked: Asked, now: datetime, turn_id: int, direction: Direction
) -> TurnChanged | Unchanged | Refused:
    """Move somebody who waits by a place; at the end they stay where they are."""
    turn = await floor.get_turn(tx, turn_id)
    actor = await permitted(tx, asked, turn.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, turn.meeting_id)
    pending = await floor.list_pending(tx, turn.meeting_id)
    order = [each.turn_id for each in pending if each.state is FloorState.WAITING]
    if turn_id not in order:
        is_speaking = any(each.turn_id == turn_id for each in pending)
        return Refused(Refusal.FLOOR_GIVEN if is_speaking else Refusal.FLOOR_SETTLED)
    after = moved(order, turn_id, direction)
    if after == order:
        return Unchanged()
    await floor.put_turn_order(tx, after)
    facts = {"turn": turn_id, "direction": direction}
    await record_act(tx, turn, now, "floor_moved", facts, actor, is_presiding=True)
    await show_floor(tx, turn.meeting_id, [])
    return TurnChanged(turn.meeting_id)


@request
async def set_floor_minutes(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, minutes: int
) -> FloorMinutesSet | Unchanged | Refused:
    """Set how long each speaker called from now on may speak, up to an hour; 0 sets no limit."""
    actor = await permitted(tx, asked, meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    if not 0 <= minutes <= MOST_MINUTES:
        return Refused(Refusal.NUMBER_UNREADABLE)
    if (await floor.find_floor_minutes(tx, meeting_id) or 0) == minutes:
        return Unchanged()
    await meetings.put_meeting(tx, meeting_id, floor_minutes=minutes or None)
    meeting = await get_meeting_view(tx, meeting_id)
    facts = {"minutes": minutes or None}
    await record_act(tx, meeting, now, "floor_minutes_set", facts, actor, is_presiding=True)
    return FloorMinutesSet(minutes or None)

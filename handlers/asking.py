"""How a request is carried out: once for each event, in one transaction, leaving nothing where refused."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import dialogues, marks, meetings, people
from storage.database import BIGGEST_ID, Database, Tx
from storage.errors import NotFoundError
from storage.reading import get_meeting_view
from storage.views import MeetingView

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class House:
    """What handlers work with: the database, the clock (aware instants) and the secret key of codes."""

    database: Database
    now: Callable[[], datetime]
    key: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, by which event of the platform.

    `dialogue_version` names the pending question that this request concludes: it is dropped with the
    effect, and a request whose question was replaced meanwhile is refused as out of date.
    """

    account_id: int
    platform: str
    event_id: str
    dialogue_version: int | None = None


class RepeatedEventError(Exception):
    """The event's effect was committed before; nothing was done now."""


class _RefusedError(Exception):
    """Carries a refusal out of the transaction, which is rolled back."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def request(
    act: Callable[Concatenate[Tx, Asked, datetime, P], Awaitable[R]],
) -> Callable[Concatenate[House, Asked, P], Coroutine[Any, Any, R | Refused]]:
    """Make a handler of `act`: one transaction, in which the event is marked and `now` is taken.

    A `Refused` rolls everything back, so that the same event may be tried again; an id that stands for
    nothing is refused as not found. Raises RepeatedEventError where the event was carried out before.
    """

    @functools.wraps(act)
    async def carry_out(house: House, asked: Asked, /, *args: P.args, **kwargs: P.kwargs) -> R | Refused:
        if any(isinstance(value, int) and abs(value) > BIGGEST_ID for value in args):
            return Refused(Refusal.NOT_FOUND)
        try:
            async with house.database.transaction() as tx:
                now = house.now()
                await mark(tx, asked, now)
                result = await act(tx, asked, now, *args, **kwargs)
                if isinstance(result, Refused):
                    raise _RefusedError(result)  # noqa: TRY301 - it ends the transaction
        except _RefusedError as error:
            return error.refused
        except NotFoundError:
            return Refused(Refusal.NOT_FOUND)
        return result

    return carry_out


async def mark(tx: Tx, asked: Asked, now: datetime) -> None:
    """Mark the event as carried out and conclude the question that it answers."""
    event = (asked.platform, asked.event_id)
    if event not in await marks.put_marks(tx, [event], now):
        raise RepeatedEventError
    if asked.dialogue_version is None:
        return
    if not await dialogues.forget_dialogue(tx, asked.account_id, asked.dialogue_version):
        raise _RefusedError(Refused(Refusal.OUT_OF_DATE))


async def permitted(tx: Tx, asked: Asked, meeting_id: int, right: Right) -> Actor | Refused:
    """Give who asks where a role in this meeting grants the right; raises MeetingNotFoundError."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused) or actor.may(right):
        return actor
    return Refused(Refusal.NOT_PERMITTED, {"right": right})


async def hold_open(tx: Tx, meeting_id: int) -> Refused | None:
    """Hold a meeting until the transaction ends, and give why nothing can be done in it where it isn't open.

    Raises MeetingNotFoundError.
    """
    match await meetings.lock_meeting(tx, meeting_id):
        case MeetingState.PLANNED:
            return Refused(Refusal.MEETING_NOT_OPEN)
        case MeetingState.CLOSED:
            return await refuse_closed(tx, meeting_id)
        case MeetingState.OPEN:
            return None


async def refuse_closed(tx: Tx, meeting_id: int) -> Refused:
    """Give why nothing can be changed in a meeting that is over: it is closed, or was cancelled."""
    return closed_refusal(await get_meeting_view(tx, meeting_id))


def closed_refusal(meeting: MeetingView) -> Refused:
    """As `refuse_closed`, for a meeting that is at hand."""
    is_cancelled = meeting.cancelled_at is not None
    return Refused(Refusal.MEETING_CANCELLED if is_cancelled else Refusal.MEETING_CLOSED)


def unopened_refusal(meeting: MeetingView) -> Refused | None:
    """As `hold_open`, for a meeting that is at hand and isn't held."""
    match meeting.state:
        case MeetingState.PLANNED:
            return Refused(Refusal.MEETING_NOT_OPEN)
        case MeetingState.CLOSED:
            return closed_refusal(meeting)
        case MeetingState.OPEN:
            return None


async def bound(tx: Tx, asked: Asked, meeting_id: int) -> Actor | Refused:
    """Give who asks, somebody of the meeting's organisation; raises MeetingNotFoundError."""
    actor = await people.find_actor(tx, asked.account_id, meeting_id)
    if actor is None:
        await get_meeting_view(tx, meeting_id)
        return Refused(Refusal.NOT_BOUND)
    return actor

"""Replies to the invitation, presence, the quorum and its statement."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import (
    Asked,
    House,
    bound,
    closed_refusal,
    hold_open,
    permitted,
    refuse_closed,
    request,
)
from handlers.floor_queue import leave_floor
from handlers.hall import open_window, show_presence, watch_quorum
from handlers.meetings import Unchanged
from handlers.planning import plan_meeting
from meeting import names
from meeting.attendance import Attendance, StatementKind
from meeting.people import Actor, Presence, Reply, Right, Source, Standing
from meeting.plan import NAME_LIMIT, TEXT_LIMIT, PlannedAttendee
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState
from storage import attendees, cards, marks, meetings, record
from storage.database import BIGGEST_ID, Tx
from storage.errors import MeetingNotFoundError
from storage.reading import get_attendance, get_meeting_view
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply stands; `substitute_id` is the attendee who comes instead, where one was named."""

    reply: Reply
    substitute_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Somebody confirms the own presence."""

    asked: Asked
    meeting_id: int


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The presence is recorded, as it was before where `is_repeat`."""

    at: datetime
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class PresenceRecorded:
    """Somebody's presence, leave or excuse is recorded."""

    presence: Presence


@dataclass(frozen=True, slots=True)
class LeaveUnsure:
    """Nothing was done yet: leaving is asked about once more."""


@dataclass(frozen=True, slots=True)
class WindowSet:
    """The presence window is open, or closed."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class AttendanceStated:
    """The statement is stored."""

    kind: StatementKind
    attendance: Attendance


@dataclass(frozen=True, slots=True)
class AttendeeAdded:
    """Somebody is on the roll now."""

    attendee_id: int


# Replies


async def reply_to_invitation(
    house: House, asked: Asked, meeting_id: int, reply: Reply, *, reason: str = "", substitute: str = ""
) -> Replied | Refused:
    """Record an attendee's reply; the newest stands.

    *Absent* needs a reason; *substituted* names another representative of the unit, who gets a seat and an
    invitation. Taking a substitution back removes the substitute, unless they are present by then.
    """
    return await _reply(
        house, asked, meeting_id, reply, names.tidy_lines(reason), names.tidy(substitute), house.key
    )


@request
async def _reply(  # noqa: PLR0913, PLR0917 - the private half of reply_to_invitation
    tx: Tx,
    asked: Asked,
    now: datetime,
    meeting_id: int,
    reply: Reply,
    reason: str,
    substitute: str,
    key: bytes,
) -> Replied | Refused:
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is None:
        return Refused(Refusal.NOT_ATTENDEE)
    state = await meetings.lock_meeting(tx, meeting_id)
    if state is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    return await _put_reply(tx, now, actor, actor.attendee_id, reply, reason, substitute, key)


async def _put_reply(  # noqa: PLR0913, PLR0917 - shared by the own reply and the secretary's entry
    tx: Tx,
    now: datetime,
    actor: Actor,
    attendee_id: int,
    reply: Reply,
    reason: str,
    substitute: str,
    key: bytes,
) -> Replied | Refused:
    attendee = await attendees.get_attendee(tx, attendee_id)
    refused = _refuse_reply(attendee, reply, reason, substitute)
    if refused is not None:
        return refused
    refused = await _take_back_substitutes(tx, attendee)
    if refused is not None:
        return refused
    substitute_id = None
    if reply is Reply.SUBSTITUTED:
        seat = PlannedAttendee(name=substitute, unit=None, position=None, standing=Standing.VOTING)
        substitute_id = await attendees.add_attendee(
            tx, attendee.organisation_id, attendee.meeting_id, seat, attendee.unit_id, key, now
        )
    await attendees.put_attendee(
        tx,
        attendee_id,
        reply=reply,
        reply_reason=reason,
        replied_at=now,
        replaced_by_id=substitute_id,
    )
    await _show_reply(tx, attendee.meeting_id, attendee_id)
    if substitute_id is not None or attendee.replaced_by_id is not None:
        facts = {"attendee": attendee_id, "substitute": substitute_id}
        await record.append(
            tx,
            attendee.organisation_id,
            attendee.meeting_id,
            now,
            "representative_changed",
            facts,
            actor=actor,
        )
    return Replied(reply, substitute_id)


async def _take_back_substitutes(tx: Tx, attendee: attendees.Attendee) -> Refused | None:
    """Take the seats of the substitute, and of the substitute's own, back; refused once one of them came."""
    seats = []
    seat_id = attendee.replaced_by_id
    while seat_id is not None:
        seats.append(await attendees.get_attendee(tx, seat_id))
        seat_id = seats[-1].replaced_by_id
    if any(seat.presence is not Presence.AWAY for seat in seats):
        return Refused(Refusal.UNIT_ALREADY_REPRESENTED)
    for seat in seats:
        # Kept, as the record names them, but they count and may vote no longer.
        await attendees.put_attendee(
            tx, seat.attendee_id, standing=Standing.OBSERVER, reply=Reply.ABSENT, replaced_by_id=None
        )
        await _show_reply(tx, seat.meeting_id, seat.attendee_id)
    return None


async def _show_reply(tx: Tx, meeting_id: int, attendee_id: int) -> None:
    accounts = await attendees.list_meeting_accounts(tx, meeting_id, [attendee_id])
    await cards.touch_cards(tx, CardKind.ATTENDANCE, meeting_id, accounts)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)


def _refuse_reply(attendee: attendees.Attendee, reply: Reply, reason: str, substitute: str) -> Refused | None:
    if len(reason) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(reason)})
    if attendee.presence is Presence.PRESENT and reply is not Reply.COMING:
        return Refused(Refusal.OUT_OF_DATE)
    match reply:
        case Reply.ABSENT if not reason:
            return Refused(Refusal.REASON_MISSING)
        case Reply.SUBSTITUTED if attendee.unit_id is None or attendee.standing is not Standing.VOTING:
            return Refused(Refusal.SUBSTITUTE_NEEDS_UNIT)
        case Reply.SUBSTITUTED if not substitute:
            return Refused(Refusal.TEXT_EMPTY)
        case Reply.SUBSTITUTED if len(substitute) > NAME_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": NAME_LIMIT, "length": len(substitute)})
        case _:
            return None


# Presence


async def check_in(house: House, batch: Sequence[CheckIn]) -> list[CheckedIn | Refused]:
    """Record attendees present, all of what waits in one transaction; each gets the own result, in order.

    Somebody who is present stays so: a repeat gives the first time. Somebody who left is present again.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        fresh = await marks.put_marks(tx, [(one.asked.platform, one.asked.event_id) for one in batch], now)
        views = await _hold_meetings(tx, {one.meeting_id for one in batch})
        pairs = {(one.asked.account_id, one.meeting_id) for one in batch if one.meeting_id in views}
        seats = await attendees.list_attendees_of_accounts(tx, pairs)
        came: dict[int, set[int]] = defaultdict(set)
        results: list[CheckedIn | Refused] = []
        for one in batch:
            event = (one.asked.platform, one.asked.event_id)
            seat = seats.get((one.asked.account_id, one.meeting_id))
            has_come = seat is not None and seat.attendee_id in came[one.meeting_id]
            result = _decide_check_in(
                views.get(one.meeting_id), seat, now, is_fresh=event in fresh, has_come=has_come
            )
            fresh.discard(event)
            results.append(result)
            if seat is not None and isinstance(result, CheckedIn) and not result.is_repeat:
                came[one.meeting_id].add(seat.attendee_id)
        for meeting_id, attendee_ids in came.items():
            if attendee_ids:
                await _put_present(tx, views[meeting_id], attendee_ids, now)
        return results


async def _hold_meetings(tx: Tx, meeting_ids: Collection[int]) -> dict[int, MeetingView]:
    """Hold the meetings that there are, in one order for all."""
    views = {}
    for meeting_id in sorted(meeting_ids):
        if meeting_id > BIGGEST_ID:
            continue
        try:
            await meetings.lock_meeting(tx, meeting_id)
        except MeetingNotFoundError:
            continue
        views[meeting_id] = await get_meeting_view(tx, meeting_id)
    return views


async def _put_present(tx: Tx, view: MeetingView, attendee_ids: Collection[int], now: datetime) -> None:
    await attendees.put_presence(tx, attendee_ids, Source.SELF, now)
    facts = {"attendees": sorted(attendee_ids)}
    await record.append(tx, view.organisation_id, view.meeting_id, now, "checked_in", facts)
    await show_presence(tx, view, attendee_ids, now)


def _decide_check_in(
    view: MeetingView | None,
    seat: attendees.Attendee | None,
    now: datetime,
    *,
    is_fresh: bool,
    has_come: bool,
) -> CheckedIn | Refused:
    if view is None:
        return Refused(Refusal.NOT_FOUND)
    if seat is None:
        return Refused(Refusal.NOT_ATTENDEE)
    # An old tap delivered again doesn't bring back somebody who left since.
    is_old = not is_fresh and seat.checked_in_at is not None
    if seat.presence is Presence.PRESENT or has_come or is_old:
        return CheckedIn(seat.checked_in_at or now, is_repeat=True)
    if view.state is MeetingState.CLOSED:
        return closed_refusal(view)
    if view.check_in_opened_at is None:
        return Refused(Refusal.CHECK_IN_NOT_OPEN, {"opens_at": view.check_in_opens_at})
    if view.check_in_closed_at is not None:
        return Refused(Refusal.CHECK_IN_CLOSED, {"closed_at": view.check_in_closed_at})
    if seat.reply is Reply.SUBSTITUTED:
        return Refused(Refusal.UNIT_ALREADY_REPRESENTED)
    return CheckedIn(now, is_repeat=False)


@request
async def check_in_for(
    tx: Tx, asked: Asked, now: datetime, attendee_id: int
) -> PresenceRecorded | Unchanged | Refused:
    """Record somebody present by the secretary, also outside the window, until the meeting closes."""
    attendee = await attendees.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    view = await get_meeting_view(tx, attendee.meeting_id)
    if view.state is MeetingState.CLOSED:
        return closed_refusal(view)
    if attendee.reply is Reply.SUBSTITUTED:
        return Refused(Refusal.UNIT_ALREADY_REPRESENTED)
    if attendee.presence is Presence.PRESENT:
        return Unchanged()
    await attendees.put_presence(tx, [attendee_id], Source.SECRETARY, now)
    facts = {"attendee": attendee_id, "presence": Presence.PRESENT}
    await record.append(
        tx, view.organisation_id, view.meeting_id, now, "presence_entered", facts, actor=actor
    )
    await show_presence(tx, view, [attendee_id], now)
    return PresenceRecorded(Presence.PRESENT)


@request
async def mark_left(
    tx: Tx, asked: Asked, now: datetime, attendee_id: int
) -> PresenceRecorded | Unchanged | Refused:
    """Record by the secretary that somebody left; the votes they are an elector of keep them in the base."""
    attendee = await attendees.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    return await _leave(tx, now, attendee, actor)


@request
async def leave_meeting(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, *, is_sure: bool
) -> PresenceRecorded | LeaveUnsure | Unchanged | Refused:
    """Record that the one who asks leaves early; asked about once more."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is None:
        return Refused(Refusal.NOT_ATTENDEE)
    attendee = await attendees.get_attendee(tx, actor.attendee_id)
    if attendee.presence is Presence.PRESENT and not is_sure:
        return LeaveUnsure()
    return await _leave(tx, now, attendee, actor)


async def _leave(
    tx: Tx, now: datetime, attendee: attendees.Attendee, actor: Actor
) -> PresenceRecorded | Unchanged | Refused:
    view = await get_meeting_view(tx, attendee.meeting_id)
    if view.state is MeetingState.CLOSED:
        return closed_refusal(view)
    if attendee.presence is Presence.LEFT:
        return Unchanged()
    if attendee.presence is Presence.AWAY:
        return Refused(Refusal.NOT_PRESENT)
    await attendees.put_attendee(tx, attendee.attendee_id, presence=Presence.LEFT, left_at=now)
    facts = {"attendee": attendee.attendee_id, "presence": Presence.LEFT}
    await record.append(tx, view.organisation_id, view.meeting_id, now, "left", facts, actor=actor)
    await leave_floor(tx, view, attendee.attendee_id, now, actor)
    await show_presence(tx, view, [attendee.attendee_id], now)
    return PresenceRecorded(Presence.LEFT)


async def excuse(house: House, asked: Asked, attendee_id: int, reason: str) -> Replied | Refused:
    """Record by the secretary that somebody is absent with a reason."""
    return await _excuse(house, asked, attendee_id, names.tidy_lines(reason), house.key)


@request
async def _excuse(
    tx: Tx, asked: Asked, now: datetime, attendee_id: int, reason: str, key: bytes
) -> Replied | Refused:
    attendee = await attendees.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, attendee.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, attendee.meeting_id)
    return await _put_reply(tx, now, actor, attendee_id, Reply.ABSENT, reason, "", key)


async def add_attendee(
    house: House, asked: Asked, meeting_id: int, name: str, standing: Standing, unit: str = ""
) -> AttendeeAdded | Refused:
    """Put somebody on the roll who was forgotten or came unannounced, with an invitation of their own.

    `unit` names a summoned unit. A repeat by the same event adds nobody.
    """
    return await _add_attendee(
        house, asked, meeting_id, names.tidy(name), standing, names.tidy(unit), house.key
    )


@request
async def _add_attendee(  # noqa: PLR0913, PLR0917 - the private half of add_attendee
    tx: Tx,
    asked: Asked,
    now: datetime,
    meeting_id: int,
    name: str,
    standing: Standing,
    unit: str,
    key: bytes,
) -> AttendeeAdded | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    if not name:
        return Refused(Refusal.TEXT_EMPTY)
    if len(name) > NAME_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": NAME_LIMIT, "length": len(name)})
    unit_id = await meetings.find_unit_in_meeting(tx, meeting_id, unit) if unit else None
    if unit and unit_id is None:
        return Refused(Refusal.UNIT_UNKNOWN, {"unit": unit})
    view = await get_meeting_view(tx, meeting_id)
    planned = PlannedAttendee(name=name, unit=None, position=None, standing=standing)
    attendee_id = await attendees.add_attendee(
        tx, view.organisation_id, meeting_id, planned, unit_id, key, now
    )
    await record.append(
        tx,
        view.organisation_id,
        meeting_id,
        now,
        "attendee_added",
        {"attendee": attendee_id, "standing": standing},
        actor=actor,
    )
    await watch_quorum(tx, view, now)
    return AttendeeAdded(attendee_id)


# The window


@request
async def open_check_in(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> WindowSet | Refused:
    """Open the presence window; open already, it stays so."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    return await set_window(tx, meeting_id, now, is_open=True, actor=actor)


@request
async def close_check_in(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> WindowSet | Refused:
    """Close the presence window; the secretary can still enter people."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    return await set_window(tx, meeting_id, now, is_open=False, actor=actor)


async def set_window(
    tx: Tx, meeting_id: int, now: datetime, *, is_open: bool, actor: Actor | None
) -> WindowSet | Refused:
    """Open or close the presence window in the caller's transaction; by the clock where there is no actor."""
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    view = await get_meeting_view(tx, meeting_id)
    if view.is_check_in_open == is_open:
        return WindowSet(is_open)
    if is_open:
        await open_window(tx, view, now)
    else:
        await meetings.put_meeting(tx, meeting_id, check_in_closed_at=now)
    act = "check_in_opened" if is_open else "check_in_closed"
    await record.append(tx, view.organisation_id, meeting_id, now, act, {}, actor=actor)
    await cards.touch_meeting_cards(tx, meeting_id, (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL))
    return WindowSet(is_open)


@request
async def schedule_check_in(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, opens_at: datetime
) -> WindowSet | Refused:
    """Have the presence window open by itself at an instant; an earlier one is replaced."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    view = await get_meeting_view(tx, meeting_id)
    if view.state is not MeetingState.PLANNED or view.check_in_opened_at is not None:
        return Refused(Refusal.OUT_OF_DATE)
    if opens_at <= now:
        return Refused(Refusal.DEADLINE_PAST)
    await meetings.put_meeting(tx, meeting_id, check_in_opens_at=opens_at)
    await plan_meeting(tx, meeting_id, now)
    await cards.touch_meeting_cards(tx, meeting_id, (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL))
    return WindowSet(is_open=False)


# The statement


@request
async def state_preliminary(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int
) -> AttendanceStated | Refused:
    """Store the organising committee's preliminary count, which unlocks the procedural votes by hands."""
    return await _state(tx, asked, now, meeting_id, StatementKind.PRELIMINARY, Right.KEEP_ROLL, None)


@request
async def state_attendance(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, present: int
) -> AttendanceStated | Refused:
    """Store the attendance statement that the chair confirms; stated anew, the newest holds.

    Refused as out of date where `present`, the number that was shown (of people, or of units where the quorum
    is of units), isn't the number now.
    """
    return await _state(tx, asked, now, meeting_id, StatementKind.CONFIRMED, Right.PRESIDE, present)


async def _state(
    tx: Tx,
    asked: Asked,
    now: datetime,
    meeting_id: int,
    kind: StatementKind,
    right: Right,
    expected: int | None,
) -> AttendanceStated | Refused:
    actor = await permitted(tx, asked, meeting_id, right)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, meeting_id)
    if refused is not None:
        return refused
    view = await get_meeting_view(tx, meeting_id)
    attendance = await get_attendance(tx, meeting_id)
    if expected is not None and expected != attendance.counted:
        return Refused(Refusal.OUT_OF_DATE, {"present": attendance.counted})
    await meetings.add_statement(tx, view.organisation_id, meeting_id, kind, attendance, actor.person_id, now)
    if kind is StatementKind.CONFIRMED:
        await meetings.put_meeting(tx, meeting_id, had_quorum=attendance.has_quorum)
    facts = {
        "kind": kind,
        "headcount": attendance.headcount,
        "summoned": attendance.summoned,
        "present": attendance.present,
        "units_present": attendance.units_present,
        "has_quorum": attendance.has_quorum,
    }
    is_presiding = kind is StatementKind.CONFIRMED
    await record.append(
        tx,
        view.organisation_id,
        meeting_id,
        now,
        "attendance_stated",
        facts,
        actor=actor,
        is_presiding=is_presiding,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    return AttendanceStated(kind, attendance)

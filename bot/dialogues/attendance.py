"""Replies, presence, the roll and the attendance statement."""

from dataclasses import dataclass
from datetime import UTC
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.roll import attendee_card, found_attendees_card, roll_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.dialogues.thrift import with_shortage
from bot.dialogues.typed import typed_attendee, typed_moment, typed_name
from bot.platforms.base import Answer, Card
from bot.wording import notices, prompts
from bot.wording.labels import button_sure_leave
from bot.wording.voice import Voice
from handlers import attendance, questions
from handlers.asking import closed_refusal, permitted
from handlers.attendance import AttendanceStated, CheckIn, LeaveUnsure
from meeting.names import fold
from meeting.people import Presence, Reply, Right, Standing
from meeting.plan import NAME_LIMIT, TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import people
from storage.attendees import find_meeting_of_attendee
from storage.database import Tx
from storage.errors import AttendeeNotFoundError
from storage.reading import attendance_views, get_meeting_view, get_roll_view
from storage.views import AttendanceView, AttendeeView, RollView

# Replies


async def reply_coming(talk: Talk, action: actions.ReplyComing) -> Answer:
    """Accept the invitation."""
    replied = await _reply(talk, action.meeting_id, Reply.COMING)
    return talk.refuse(replied) if isinstance(replied, Refused) else replied


async def _reply(
    talk: Talk, meeting_id: int, reply: Reply, *, reason: str = "", substitute: str = ""
) -> Answer | Refused:
    replied = await attendance.reply_to_invitation(
        talk.house, talk.asked, meeting_id, reply, reason=reason, substitute=substitute
    )
    return replied if isinstance(replied, Refused) else Answer(notices.replied(talk.voice, reply, substitute))


async def reply_absent(talk: Talk, action: actions.ReplyAbsent) -> Answer:
    """Ask for the reason of an absence."""
    seat = await _find_seat(talk, action.meeting_id)
    if isinstance(seat, Refused):
        return talk.refuse(seat)
    return await talk.ask(AbsenceReason(action.meeting_id))


async def reply_substitute(talk: Talk, action: actions.ReplySubstitute) -> Answer:
    """Ask who comes instead."""
    seat = await _find_seat(talk, action.meeting_id)
    if isinstance(seat, Refused):
        return talk.refuse(seat)
    if seat.attendee.unit is None or seat.attendee.standing is not Standing.VOTING:
        return talk.refuse(Refused(Refusal.SUBSTITUTE_NEEDS_UNIT))
    return await talk.ask(SubstituteName(action.meeting_id))


async def _find_seat(talk: Talk, meeting_id: int) -> AttendanceView | Refused:
    """Give the own seat where the invitation can still be replied to."""
    async with talk.house.database.snapshot() as tx:
        if await people.find_actor(tx, talk.account.account_id, meeting_id) is None:
            return Refused(Refusal.NOT_BOUND)
        seats = await attendance_views(tx, meeting_id, [talk.account.account_id])
    seat = seats.get(talk.account.account_id)
    if seat is None:
        return Refused(Refusal.NOT_ATTENDEE)
    if seat.meeting.state is MeetingState.CLOSED:
        return closed_refusal(seat.meeting)
    return Refused(Refusal.OUT_OF_DATE) if seat.attendee.presence is Presence.PRESENT else seat


class _OwnReply(Question):
    """A question about one's own reply."""

    meeting_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the person is there, or the meeting is closed."""
        if not await is_going_on(tx, self.meeting_id):
            return False
        seat = (await attendance_views(tx, self.meeting_id, [account_id])).get(account_id)
        return seat is not None and seat.attendee.presence is not Presence.PRESENT


@kept
@dataclass(frozen=True)
class AbsenceReason(_OwnReply):
    """Why somebody will be absent."""

    topic: ClassVar[str] = "absence_reason"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.absence_reason(voice), version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record the absence."""
        return await _reply(talk, self.meeting_id, Reply.ABSENT, reason=text)


@kept
@dataclass(frozen=True)
class SubstituteName(_OwnReply):
    """Who attends for the unit."""

    topic: ClassVar[str] = "substitute_name"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.substitute_name(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record the substitute."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        return await _reply(talk, self.meeting_id, Reply.SUBSTITUTED, substitute=name)


# Presence


async def check_in(talk: Talk, action: actions.CheckIn) -> Answer:
    """Confirm the own presence, together with what else waits."""
    result = await talk.office.check_ins.put(CheckIn(talk.asked, action.meeting_id))
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.checked_in(talk.voice, result))


async def leave_meeting(talk: Talk, action: actions.LeaveMeeting) -> Answer:
    """Leave early; asked about once more."""
    result = await attendance.leave_meeting(
        talk.house, talk.asked, action.meeting_id, is_sure=bool(action.sure)
    )
    if isinstance(result, Refused):
        return own_presence_refused(talk, result)
    text = notices.presence_recorded(talk.voice, result)
    if isinstance(result, LeaveUnsure):
        sure = actions.LeaveMeeting(action.meeting_id, 1)
        return Answer(card=sure_card(talk.voice, text, button_sure_leave(talk.voice), sure))
    return Answer(text)


def own_presence_refused(talk: Talk, refused: Refused) -> Answer:
    """Answer a refusal to the person whose presence it may be about."""
    if refused.reason is Refusal.NOT_PRESENT:
        return Answer(notices.not_present(talk.voice))
    return talk.refuse(refused)


async def open_check_in(talk: Talk, action: actions.OpenCheckIn) -> Answer:
    """Open the presence window."""
    result = await attendance.open_check_in(talk.house, talk.asked, action.meeting_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    opened = notices.window_set(talk.voice, is_open=result.is_open)
    return Answer(await with_shortage(talk, action.meeting_id, opened))


async def close_check_in(talk: Talk, action: actions.CloseCheckIn) -> Answer:
    """Close the presence window."""
    result = await attendance.close_check_in(talk.house, talk.asked, action.meeting_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.window_set(talk.voice, is_open=result.is_open))


async def schedule_check_in(talk: Talk, action: actions.ScheduleCheckIn) -> Answer:
    """Ask when the window opens by itself."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
    if meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(meeting))
    if meeting.state is not MeetingState.PLANNED or meeting.check_in_opened_at is not None:
        return talk.refuse(Refused(Refusal.OUT_OF_DATE))
    return await talk.ask(CheckInMoment(action.meeting_id))


@kept
@dataclass(frozen=True)
class CheckInMoment(Question):
    """When the presence window opens by itself."""

    topic: ClassVar[str] = "check_in_moment"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = prompts.check_in_moment(voice), prompts.start_example()
        return question_card(voice, text, version, limit=NAME_LIMIT, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Have the window open then, by the clock at the place of the meeting."""
        wall = typed_moment(text)
        if wall is None:
            return Refused(Refusal.TIME_UNREADABLE)
        async with talk.house.database.snapshot() as tx:
            meeting = await get_meeting_view(tx, self.meeting_id)
        opens_at = wall.replace(tzinfo=ZoneInfo(meeting.timezone)).astimezone(UTC)
        result = await attendance.schedule_check_in(talk.house, talk.asked, self.meeting_id, opens_at)
        if isinstance(result, Refused):
            return result
        return Answer(notices.check_in_scheduled(talk.voice, opens_at))


# The roll


async def _find_roll(talk: Talk, meeting_id: int) -> RollView | Refused:
    """Give the roll to somebody who keeps it."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, Right.KEEP_ROLL)
        return actor if isinstance(actor, Refused) else await get_roll_view(tx, meeting_id)


async def _find_attendee(talk: Talk, attendee_id: int) -> tuple[RollView, AttendeeView] | Refused:
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of_attendee(tx, attendee_id)
    if meeting_id is None:
        raise AttendeeNotFoundError(attendee_id)
    view = await _find_roll(talk, meeting_id)
    if isinstance(view, Refused):
        return view
    return view, next(each for each in view.attendees if each.attendee_id == attendee_id)


async def show_roll(talk: Talk, action: actions.ShowRoll) -> Answer:
    """Show the attendees, a page at a time."""
    view = await _find_roll(talk, action.meeting_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return Answer(card=roll_card(talk.about(view.meeting).voice, view, action.page), replaces=True)


async def find_attendee(talk: Talk, action: actions.FindAttendee) -> Answer:
    """Ask whom to look for."""
    view = await _find_roll(talk, action.meeting_id)
    return (
        talk.refuse(view) if isinstance(view, Refused) else await talk.ask(SoughtAttendee(action.meeting_id))
    )


@kept
@dataclass(frozen=True)
class SoughtAttendee(Question):
    """Whom to look for on the roll."""

    topic: ClassVar[str] = "sought_attendee"
    takes_any_name: ClassVar[bool] = True
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.name_sought(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Show who is meant, or those who may be; the question stays where nobody is."""
        view = await _find_roll(talk, self.meeting_id)
        if isinstance(view, Refused):
            return view
        found = [one for one in view.attendees if fits(text, one.name, one.number)]
        if not found:
            return Answer(prompts.nobody_found(talk.voice))
        await questions.give_up(talk.house, talk.asked)
        if len(found) == 1:
            return await _attendee(talk, found[0].attendee_id)
        return Answer(card=found_attendees_card(talk.voice, view, found))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """At any time: it changes nothing."""
        del tx, account_id
        return True


def fits(sought: str, name: str, number: int | None = None) -> bool:
    """Whether somebody may be meant: words that begin words of the name, or the number on the list."""
    words, parts = fold(sought).split(), fold(name).split()
    is_named = all(any(part.startswith(word) for part in parts) for word in words)
    return bool(words) and (words == [str(number)] or is_named)


async def show_attendee(talk: Talk, action: actions.ShowAttendee) -> Answer:
    """Show one attendee."""
    return await _attendee(talk, action.attendee_id)


async def _attendee(talk: Talk, attendee_id: int, notice: str = "") -> Answer:
    found = await _find_attendee(talk, attendee_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, attendee = found
    async with talk.house.database.snapshot() as tx:
        platforms = await people.list_bound_platforms(tx, attendee.person_id)
    card = attendee_card(talk.about(view.meeting).voice, view.meeting, attendee, platforms)
    return Answer(notice, card, replaces=True)


async def check_in_for(talk: Talk, action: actions.CheckInFor) -> Answer:
    """Record somebody present."""
    result = await attendance.check_in_for(talk.house, talk.asked, action.attendee_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _attendee(talk, action.attendee_id, notices.presence_recorded(talk.voice, result))


async def mark_left(talk: Talk, action: actions.MarkLeft) -> Answer:
    """Record that somebody left."""
    result = await attendance.mark_left(talk.house, talk.asked, action.attendee_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _attendee(talk, action.attendee_id, notices.presence_recorded(talk.voice, result))


async def mark_excused(talk: Talk, action: actions.MarkExcused) -> Answer:
    """Ask why somebody is absent."""
    found = await _find_attendee(talk, action.attendee_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, attendee = found
    if view.meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(view.meeting))
    if attendee.presence is Presence.PRESENT:
        return talk.refuse(Refused(Refusal.OUT_OF_DATE))
    return await talk.ask(ExcuseReason(action.attendee_id, attendee.name))


@kept
@dataclass(frozen=True)
class ExcuseReason(Question):
    """Why somebody else is absent."""

    topic: ClassVar[str] = "excuse_reason"
    attendee_id: int
    name: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = prompts.excuse_reason(voice, self.name)
        return question_card(voice, text, version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record the excuse."""
        result = await attendance.excuse(talk.house, talk.asked, self.attendee_id, text)
        if isinstance(result, Refused):
            return result
        return await _attendee(talk, self.attendee_id, notices.excused(talk.voice, self.name))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


async def add_attendee(talk: Talk, action: actions.AddAttendee) -> Answer:
    """Ask whom to put on the roll."""
    view = await _find_roll(talk, action.meeting_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    if view.meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(view.meeting))
    return await talk.ask(AttendeeName(action.meeting_id))


@kept
@dataclass(frozen=True)
class AttendeeName(Question):
    """Whom to put on the roll: "name; unit; standing"."""

    topic: ClassVar[str] = "attendee_name"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = prompts.attendee_name(voice), prompts.attendee_example(voice)
        return question_card(voice, text, version, limit=NAME_LIMIT * 3, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Put them on the roll; a namesake in the same unit is pointed out, as it may be a mistake."""
        named = typed_attendee(" ".join(text.splitlines()))
        if named is None or named.position is not None:
            return Answer(prompts.attendee_not_read(talk.voice))
        view = await _find_roll(talk, self.meeting_id)
        if isinstance(view, Refused):
            return view
        unit = named.unit or ""
        added = await attendance.add_attendee(
            talk.house, talk.asked, self.meeting_id, named.name, named.standing, unit
        )
        if isinstance(added, Refused):
            return added
        who = (fold(named.name), fold(unit))
        has_namesake = any((fold(each.name), fold(each.unit or "")) == who for each in view.attendees)
        notice = notices.attendee_added(talk.voice, named.name, has_namesake=has_namesake)
        return await _attendee(talk, added.attendee_id, notice)


# The statement


async def state_preliminary(talk: Talk, action: actions.StatePreliminary) -> Answer:
    """Record the preliminary count."""
    return _stated(talk, await attendance.state_preliminary(talk.house, talk.asked, action.meeting_id))


async def state_attendance(talk: Talk, action: actions.StateAttendance) -> Answer:
    """Confirm the attendance statement."""
    result = await attendance.state_attendance(talk.house, talk.asked, action.meeting_id, action.present)
    return _stated(talk, result)


def _stated(talk: Talk, result: AttendanceStated | Refused) -> Answer:
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.attendance_stated(talk.voice, result))


ROUTES: Routes = {
    actions.ReplyComing: reply_coming,
    actions.ReplyAbsent: reply_absent,
    actions.ReplySubstitute: reply_substitute,
    actions.CheckIn: check_in,
    actions.LeaveMeeting: leave_meeting,
    actions.OpenCheckIn: open_check_in,
    actions.ScheduleCheckIn: schedule_check_in,
    actions.CloseCheckIn: close_check_in,
    actions.ShowRoll: show_roll,
    actions.FindAttendee: find_attendee,
    actions.ShowAttendee: show_attendee,
    actions.CheckInFor: check_in_for,
    actions.MarkLeft: mark_left,
    actions.MarkExcused: mark_excused,
    actions.AddAttendee: add_attendee,
    actions.StatePreliminary: state_preliminary,
    actions.StateAttendance: state_attendance,
}
"""What each button of this topic does."""

"""Replies, presence, the roll and the attendance statement."""

from dataclasses import dataclass
from datetime import UTC
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.roll import attendee_card, roll_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.talk import Question, Talk, kept
from bot.dialogues.typed import typed_moment, typed_standing
from bot.platforms.base import Answer, Card
from bot.wording import notices, prompts
from bot.wording.labels import button_sure_leave
from bot.wording.voice import Voice
from handlers import attendance
from handlers.attendance import CheckIn, LeaveUnsure
from meeting.names import tidy
from meeting.people import Reply, Right, Standing
from meeting.plan import NAME_LIMIT, TEXT_LIMIT
from meeting.refusals import Refusal, Refused
from storage import people
from storage.errors import AttendeeNotFoundError
from storage.meetings import find_meeting_of_attendee, get_seat
from storage.reading import get_meeting_view, get_roll_view

# Replies


async def reply_coming(talk: Talk, action: actions.ReplyComing) -> Answer:
    """Accept the invitation."""
    return await _reply(talk, action.meeting_id, Reply.COMING)


async def _reply(talk: Talk, meeting_id: int, reply: Reply, *, reason: str = "", substitute: str = "") -> Answer:
    replied = await attendance.reply_to_invitation(
        talk.house, talk.asked, meeting_id, reply, reason=reason, substitute=substitute
    )
    return talk.refuse(replied) if isinstance(replied, Refused) else Answer(notices.replied(talk.voice, reply))


async def reply_absent(talk: Talk, action: actions.ReplyAbsent) -> Answer:
    """Ask for the reason of an absence."""
    return await talk.ask(AbsenceReason(action.meeting_id))


async def reply_substitute(talk: Talk, action: actions.ReplySubstitute) -> Answer:
    """Ask who comes instead."""
    return await talk.ask(SubstituteName(action.meeting_id))


@kept
@dataclass(frozen=True)
class AbsenceReason(Question):
    """Why somebody will be absent."""

    topic: ClassVar[str] = "absence_reason"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.absence_reason(voice), limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Record the absence."""
        return await _reply(talk, self.meeting_id, Reply.ABSENT, reason=text)


@kept
@dataclass(frozen=True)
class SubstituteName(Question):
    """Who attends for the unit."""

    topic: ClassVar[str] = "substitute_name"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.substitute_name(voice), limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Record the substitute."""
        return await _reply(talk, self.meeting_id, Reply.SUBSTITUTED, substitute=text)


# Presence


async def check_in(talk: Talk, action: actions.CheckIn) -> Answer:
    """Confirm the own presence, together with what else waits."""
    result = await talk.office.check_ins.put(CheckIn(talk.asked, action.meeting_id))
    return talk.refuse(result) if isinstance(result, Refused) else Answer(notices.checked_in(talk.voice, result))


async def leave_meeting(talk: Talk, action: actions.LeaveMeeting) -> Answer:
    """Leave early; asked about once more."""
    result = await attendance.leave_meeting(
        talk.house, talk.asked, action.meeting_id, is_sure=bool(action.sure)
    )
    if isinstance(result, Refused):
        return talk.refuse(result)
    text = notices.presence_recorded(talk.voice, result)
    if isinstance(result, LeaveUnsure):
        sure = actions.LeaveMeeting(action.meeting_id, 1)
        return Answer(card=sure_card(talk.voice, text, button_sure_leave(talk.voice), sure))
    return Answer(text)


async def open_check_in(talk: Talk, action: actions.OpenCheckIn) -> Answer:
    """Open the presence window."""
    result = await attendance.open_check_in(talk.house, talk.asked, action.meeting_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.window_set(talk.voice, is_open=result.is_open))


async def close_check_in(talk: Talk, action: actions.CloseCheckIn) -> Answer:
    """Close the presence window."""
    result = await attendance.close_check_in(talk.house, talk.asked, action.meeting_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(notices.window_set(talk.voice, is_open=result.is_open))


async def schedule_check_in(talk: Talk, action: actions.ScheduleCheckIn) -> Answer:
    """Ask when the window opens by itself."""
    return await talk.ask(CheckInMoment(action.meeting_id))


@kept
@dataclass(frozen=True)
class CheckInMoment(Question):
    """When the presence window opens by itself."""

    topic: ClassVar[str] = "check_in_moment"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(
            voice, prompts.check_in_moment(voice), limit=NAME_LIMIT, example=prompts.start_example()
        )

    async def take(self, talk: Talk, text: str) -> Answer:
        """Have the window open then."""
        wall = typed_moment(text)
        if wall is None:
            return talk.refuse(Refused(Refusal.TIME_UNREADABLE))
        async with talk.house.database.snapshot() as tx:
            meeting = await get_meeting_view(tx, self.meeting_id)
        opens_at = wall.replace(tzinfo=ZoneInfo(meeting.timezone)).astimezone(UTC)
        result = await attendance.schedule_check_in(talk.house, talk.asked, self.meeting_id, opens_at)
        if isinstance(result, Refused):
            return talk.refuse(result)
        return Answer(notices.check_in_scheduled(talk.about(meeting).voice, opens_at))


# The roll


async def show_roll(talk: Talk, action: actions.ShowRoll) -> Answer:
    """Show the attendees, a page at a time."""
    async with talk.house.database.snapshot() as tx:
        actor = await people.find_actor(tx, talk.account.account_id, action.meeting_id)
        if actor is None or not actor.may(Right.KEEP_ROLL):
            return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL}))
        view = await get_roll_view(tx, action.meeting_id)
    return Answer(card=roll_card(talk.about(view.meeting).voice, view, action.page), replaces=True)


async def show_attendee(talk: Talk, action: actions.ShowAttendee) -> Answer:
    """Show one attendee."""
    return await _attendee(talk, action.attendee_id)


async def _attendee(talk: Talk, attendee_id: int, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of_attendee(tx, attendee_id)
        if meeting_id is None:
            raise AttendeeNotFoundError(attendee_id)
        actor = await people.find_actor(tx, talk.account.account_id, meeting_id)
        if actor is None or not actor.may(Right.KEEP_ROLL):
            return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL}))
        view = await get_roll_view(tx, meeting_id)
    attendee = next(each for each in view.attendees if each.attendee_id == attendee_id)
    card = attendee_card(talk.about(view.meeting).voice, view.meeting, attendee)
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
    async with talk.house.database.snapshot() as tx:
        _, name, _ = await get_seat(tx, action.attendee_id)
    return await talk.ask(ExcuseReason(action.attendee_id, name))


@kept
@dataclass(frozen=True)
class ExcuseReason(Question):
    """Why somebody else is absent."""

    topic: ClassVar[str] = "excuse_reason"
    attendee_id: int
    name: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.excuse_reason(voice, self.name), limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Record the excuse."""
        result = await attendance.excuse(talk.house, talk.asked, self.attendee_id, text)
        if isinstance(result, Refused):
            return talk.refuse(result)
        return Answer(notices.replied(talk.voice, Reply.ABSENT))


async def add_attendee(talk: Talk, action: actions.AddAttendee) -> Answer:
    """Ask whom to put on the roll."""
    return await talk.ask(AttendeeName(action.meeting_id))


@kept
@dataclass(frozen=True)
class AttendeeName(Question):
    """Whom to put on the roll: "name; unit; standing"."""

    topic: ClassVar[str] = "attendee_name"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(
            voice, prompts.attendee_name(voice), limit=NAME_LIMIT * 3, example=prompts.attendee_example(voice)
        )

    async def take(self, talk: Talk, text: str) -> Answer:
        """Put them on the roll."""
        name, *rest = (tidy(part) for part in text.split(";"))
        standing, unit = Standing.VOTING, ""
        for part in rest:
            named = typed_standing(part)
            standing, unit = (named, unit) if named is not None else (standing, part)
        added = await attendance.add_attendee(
            talk.house, talk.asked, self.meeting_id, name, standing, unit
        )
        if isinstance(added, Refused):
            return talk.refuse(added)
        return await _attendee(talk, added.attendee_id, notices.attendee_added(talk.voice, name))


# The statement


async def state_preliminary(talk: Talk, action: actions.StatePreliminary) -> Answer:
    """Record the preliminary count."""
    result = await attendance.state_preliminary(talk.house, talk.asked, action.meeting_id)
    return talk.refuse(result) if isinstance(result, Refused) else Answer(notices.attendance_stated(talk.voice, result))


async def state_attendance(talk: Talk, action: actions.StateAttendance) -> Answer:
    """Confirm the attendance statement."""
    result = await attendance.state_attendance(talk.house, talk.asked, action.meeting_id, action.present)
    return talk.refuse(result) if isinstance(result, Refused) else Answer(notices.attendance_stated(talk.voice, result))

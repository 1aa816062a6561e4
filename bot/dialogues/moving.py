"""A new time or place, and a cancellation: each is shown before everybody is told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.moving import cancel_preview_card, move_preview_card
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_moment, typed_name
from bot.platforms.base import Answer, Card, Do
from bot.wording import moving as wording
from bot.wording import notices, prompts
from bot.wording.matching import typed_yes_no
from bot.wording.voice import Voice
from handlers import moving, questions
from handlers.asking import closed_refusal, permitted
from handlers.meetings import Unchanged
from meeting.names import tidy_lines
from meeting.people import Right
from meeting.plan import NAME_LIMIT, TEXT_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage.reading import get_meeting_view
from storage.views import MeetingView


async def _find_meeting(talk: Talk, meeting_id: int) -> MeetingView | Refused:
    """Give a meeting that isn't over to somebody who prepares it."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return actor
        meeting = await get_meeting_view(tx, meeting_id)
    return closed_refusal(meeting) if meeting.state is MeetingState.CLOSED else meeting


@dataclass(frozen=True)
class Preview(Question):
    """Something that is shown once more before it is done: confirmed by its button or a typed yes."""

    @property
    def is_yes_or_no(self) -> bool:
        """It is: to do it or not."""
        return True

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a clear yes or no; anything else leaves the preview open."""
        is_yes = typed_yes_no(text)
        if is_yes is None:
            return Answer(wording.confirmation_wanted(talk.voice))
        return await self.choose(talk, is_yes=is_yes) or Refused(Refusal.OUT_OF_DATE)

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused | None:
        """Do it, or leave it."""
        if is_yes:
            return await self.confirm(talk)
        await questions.give_up(talk.house, talk.asked)
        return Answer(notices.given_up(talk.voice))


# Another time or place


async def move_meeting(talk: Talk, action: actions.MoveMeeting) -> Answer:
    """Ask for the new start, then for the new place."""
    meeting = await _find_meeting(talk, action.meeting_id)
    if isinstance(meeting, Refused):
        return talk.refuse(meeting)
    if meeting.state is not MeetingState.PLANNED:
        return talk.refuse(Refused(Refusal.MEETING_OPEN))
    return await talk.ask(NewStart(meeting.meeting_id, meeting.starts_at.isoformat(), meeting.place))


def _keep(voice: Voice, version: int) -> tuple[tuple[Do, ...], ...]:
    return ((Do(wording.button_keep(voice), actions.SkipQuestion(version)),),)


@kept
@dataclass(frozen=True)
class NewStart(Question):
    """When the meeting is held; `starts_at` and `place` are as they were when it was asked."""

    topic: ClassVar[str] = "new_start"
    meeting_id: int
    starts_at: str
    place: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.new_start(voice, datetime.fromisoformat(self.starts_at))
        return question_card(
            voice,
            text,
            version,
            limit=NAME_LIMIT,
            example=prompts.start_example(),
            rows=_keep(voice, version),
        )

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a wall time at the place of the meeting that is still ahead."""
        wall = typed_moment(text)
        if wall is None:
            return Refused(Refusal.TIME_UNREADABLE)
        async with talk.house.database.snapshot() as tx:
            timezone = (await get_meeting_view(tx, self.meeting_id)).timezone
        if wall.replace(tzinfo=ZoneInfo(timezone)) <= talk.now():
            return Refused(Refusal.DEADLINE_PAST)
        return await talk.ask(NewPlace(self.meeting_id, wall.isoformat(), self.place))

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Leave the time as it is."""
        return await talk.ask(NewPlace(self.meeting_id, "", self.place))


@kept
@dataclass(frozen=True)
class NewPlace(Question):
    """Where the meeting is held; `wall` is the new start as ISO wall time, "" where it stays."""

    topic: ClassVar[str] = "new_place"
    meeting_id: int
    wall: str
    place: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.new_place(voice, self.place)
        return question_card(voice, text, version, limit=TITLE_LIMIT, rows=_keep(voice, version))

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the place."""
        place = typed_name(text, TITLE_LIMIT)
        return place if isinstance(place, Refused) else await self._preview(talk, place)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Leave the place as it is."""
        return await self._preview(talk, self.place)

    async def _preview(self, talk: Talk, place: str) -> Answer:
        async with talk.house.database.snapshot() as tx:
            meeting = await get_meeting_view(tx, self.meeting_id)
        starts_at = meeting.starts_at
        if self.wall:
            wall = datetime.fromisoformat(self.wall)
            starts_at = wall.replace(tzinfo=ZoneInfo(meeting.timezone)).astimezone(UTC)
        if (starts_at, place) == (meeting.starts_at, meeting.place):
            await questions.give_up(talk.house, talk.asked)
            return Answer(wording.nothing_changed(talk.voice))
        preview = MovePreview(self.meeting_id, meeting.title, self.wall, place, starts_at.isoformat())
        return await talk.ask(preview)


@kept
@dataclass(frozen=True)
class MovePreview(Preview):
    """The new time and place, before everybody is told."""

    topic: ClassVar[str] = "move_preview"
    meeting_id: int
    title: str
    wall: str
    place: str
    starts_at: str

    def card(self, voice: Voice, version: int) -> Card:
        """Show them."""
        starts_at = datetime.fromisoformat(self.starts_at)
        return move_preview_card(voice, self.title, starts_at, self.place, version)

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Put the meeting there and tell everybody."""
        wall = datetime.fromisoformat(self.wall) if self.wall else None
        moved = await moving.move_meeting(talk.house, talk.asked, self.meeting_id, wall, self.place)
        match moved:
            case Refused():
                return moved
            case Unchanged():
                return Answer(wording.nothing_changed(talk.voice))
            case _:
                text = wording.meeting_moved(talk.voice, moved.told)
                if moved.is_window_left:
                    text = f"{text} {wording.window_by_hand(talk.voice)}"
                return Answer(text)


# Cancelled


async def cancel_meeting(talk: Talk, action: actions.CancelMeeting) -> Answer:
    """Ask for the reason."""
    meeting = await _find_meeting(talk, action.meeting_id)
    if isinstance(meeting, Refused):
        return talk.refuse(meeting)
    return await talk.ask(CancelReason(meeting.meeting_id, meeting.title))


@kept
@dataclass(frozen=True)
class CancelReason(Question):
    """Why the meeting isn't held."""

    topic: ClassVar[str] = "cancel_meeting_reason"
    meeting_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.cancel_reason(voice, self.title)
        return question_card(voice, text, version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask once more."""
        reason = tidy_lines(text)
        if len(reason) > TEXT_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(reason)})
        return await talk.ask(CancelPreview(self.meeting_id, self.title, reason))


@kept
@dataclass(frozen=True)
class CancelPreview(Preview):
    """Whether the meeting is really cancelled."""

    topic: ClassVar[str] = "cancel_meeting"
    meeting_id: int
    title: str
    reason: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return cancel_preview_card(voice, self.title, self.reason, version)

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Cancel the meeting and tell everybody."""
        cancelled = await moving.cancel_meeting(talk.house, talk.asked, self.meeting_id, self.reason)
        match cancelled:
            case Refused():
                return cancelled
            case Unchanged():
                return Answer(notices.unchanged(talk.voice))
            case _:
                return Answer(wording.meeting_cancelled(talk.voice, cancelled.told))


ROUTES: Routes = {
    actions.MoveMeeting: move_meeting,
    actions.CancelMeeting: cancel_meeting,
}
"""What each button of this topic does."""

"""Votes that open by themselves: when and for how long is asked for."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.layout import button
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_count, typed_moment
from bot.platforms.base import Answer, Card
from bot.wording import calls, notices
from bot.wording.voice import Voice
from handlers import scheduling
from handlers.asking import permitted
from handlers.scheduling import VoteUnscheduled
from meeting.names import tidy
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.vote_times import LONGEST
from meeting.voting import Method, VoteState
from storage.database import Tx
from storage.reading import get_meeting_view, get_vote_view


async def schedule_vote(talk: Talk, action: actions.ScheduleVote) -> Answer:
    """Ask when a drafted vote opens by itself."""
    async with talk.house.database.snapshot() as tx:
        vote = await get_vote_view(tx, action.vote_id)
        actor = await permitted(tx, talk.asked, vote.meeting_id, Right.PRESIDE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, vote.meeting_id)
    if vote.state is not VoteState.DRAFT:
        return talk.refuse(Refused(Refusal.VOTE_ALREADY_OPENED))
    if vote.method is not Method.CHAT:
        return talk.refuse(Refused(Refusal.VOTE_BY_HANDS))
    if meeting.state is not MeetingState.OPEN:
        return talk.refuse(Refused(Refusal.MEETING_NOT_OPEN))
    return await talk.ask(OpeningMoment(action.vote_id))


async def unschedule_vote(talk: Talk, action: actions.UnscheduleVote) -> Answer:
    """Have a vote not open by itself any more."""
    result = await scheduling.unschedule_vote(talk.house, talk.asked, action.vote_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    if isinstance(result, VoteUnscheduled):
        return Answer(calls.vote_unscheduled(talk.voice))
    return Answer(notices.unchanged(talk.voice))


async def _is_draft(tx: Tx, vote_id: int) -> bool:
    return (await get_vote_view(tx, vote_id)).state is VoteState.DRAFT


@kept
@dataclass(frozen=True)
class OpeningMoment(Question):
    """When a vote opens by itself."""

    topic: ClassVar[str] = "opening_moment"
    vote_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = calls.opening_moment(voice), calls.opening_example()
        return question_card(voice, text, version, limit=NAME_LIMIT, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a time of today, or a moment, by the clock at the place of the meeting."""
        async with talk.house.database.snapshot() as tx:
            meeting = await get_meeting_view(tx, (await get_vote_view(tx, self.vote_id)).meeting_id)
        zone = ZoneInfo(meeting.timezone)
        wall = _typed_wall(text, talk.now().astimezone(zone))
        if wall is None:
            return Refused(Refusal.TIME_UNREADABLE)
        opens_at = wall.replace(tzinfo=zone).astimezone(UTC)
        if opens_at <= talk.now():
            return Refused(Refusal.DEADLINE_PAST)
        return await talk.ask(OpeningSpan(self.vote_id, opens_at.isoformat()))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the vote is to be opened."""
        del account_id
        return await _is_draft(tx, self.vote_id)


def _typed_wall(text: str, now: datetime) -> datetime | None:
    """Give a wall time; of a time alone, that of the day it is."""
    # Reading workbooks takes libraries that not every start needs.
    from bot.workbook.cells import Wrong, read_time

    at = read_time(tidy(text))
    return typed_moment(text) if isinstance(at, Wrong) else datetime.combine(now.date(), at)


_MINUTES = re.compile(r"\D*(\d+)\D*")


@kept
@dataclass(frozen=True)
class OpeningSpan(Question):
    """How many minutes a vote stays open that opens by itself at `opens_at`, an ISO instant."""

    topic: ClassVar[str] = "opening_span"
    vote_id: int
    opens_at: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = calls.opening_span(voice, datetime.fromisoformat(self.opens_at))
        until_ended = button(calls.button_until_ended(voice), actions.SkipQuestion(version))
        return question_card(voice, text, version, limit=NAME_LIMIT, example="5", rows=[[until_ended]])

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a number of minutes, with or without the word."""
        found = _MINUTES.fullmatch(text)
        minutes = typed_count(found[1]) if found else None
        if not minutes or timedelta(minutes=minutes) > LONGEST:
            return Refused(Refusal.NUMBER_UNREADABLE)
        return await self._schedule(talk, timedelta(minutes=minutes))

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Have it stay open until it is ended."""
        return await self._schedule(talk, None)

    async def _schedule(self, talk: Talk, within: timedelta | None) -> Answer | Refused:
        opens_at = datetime.fromisoformat(self.opens_at)
        result = await scheduling.schedule_vote(talk.house, talk.asked, self.vote_id, opens_at, within=within)
        if isinstance(result, Refused):
            return result
        return Answer(calls.vote_scheduled(talk.voice, result.opening))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the vote is to be opened."""
        del account_id
        return await _is_draft(tx, self.vote_id)


ROUTES: Routes = {
    actions.ScheduleVote: schedule_vote,
    actions.UnscheduleVote: unschedule_vote,
}
"""What each button of this topic does."""

"""What the clock says of votes: calls to those who haven't voted, and that one didn't open."""

from datetime import datetime

from bot.actions import CastVote, ShowMeeting
from bot.cards.ballot import option_rows, question_lines, vote_title
from bot.cards.layout import button, strong
from bot.cards.versions import question_text
from bot.platforms.base import Card, Choice, Line
from bot.wording.calls import end_text, missing_text, not_opened_text, own_missing_text
from bot.wording.dates import time_text
from bot.wording.labels import option_text
from bot.wording.voice import Voice, say
from storage.views import BallotView, MeetingView, VoteView

_QUESTION_SHOWN = 300


def call_card(voice: Voice, view: BallotView, deadline_at: datetime, at: datetime) -> Card:
    """Remind an elector who hasn't voted at an instant, with the options in their order."""
    vote = view.vote
    lines = [
        strong(say(voice, "%(vote)s (reminder)", vote=vote_title(voice, vote))),
        Line(question_text(voice, vote, _QUESTION_SHOWN)),
    ]
    if view.unit:
        lines.append(Line(say(voice, "You vote for: %(unit)s.", unit=view.unit)))
    lines.append(Line(own_missing_text(voice, deadline_at, at)))
    lines.append(Line(end_text(voice, deadline_at, at)))
    options: list[Choice] = [
        button(option_text(voice, option), CastVote(vote.vote_id, option)) for option in vote.options
    ]
    return Card(tuple(lines), option_rows(options), number=vote.number)


def hall_call_card(voice: Voice, vote: VoteView, deadline_at: datetime, at: datetime) -> Card:
    """Tell the hall at an instant how many haven't voted yet, and until when they can."""
    return Card(
        (
            strong(vote_title(voice, vote)),
            Line(missing_text(voice, vote.electors - vote.turnout, deadline_at, at)),
            Line(end_text(voice, deadline_at, at)),
        )
    )


def not_opened_card(
    voice: Voice, meeting: MeetingView, vote: VoteView, opens_at: datetime, cause: str
) -> Card:
    """Tell those who preside that a vote didn't open by itself, and why."""
    title = vote_title(voice, vote)
    lines = (
        strong(say(voice, "%(vote)s did not open at %(time)s.", vote=title, time=time_text(voice, opens_at))),
        *question_lines(voice, vote)[:1],
        Line(not_opened_text(voice, cause)),
    )
    return Card(lines, ((button(say(voice, "To the meeting"), ShowMeeting(meeting.meeting_id)),),))

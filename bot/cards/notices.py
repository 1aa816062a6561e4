"""Messages that are sent once, each about one thing that happened."""

from bot.actions import CheckIn, CloseVote, ResumeVote
from bot.cards.ballot import vote_title
from bot.cards.layout import button, clipped, strong
from bot.cards.versions import question_text
from bot.platforms.base import Card, Line
from bot.wording.dates import moment_text
from bot.wording.numbers import share
from bot.wording.voice import Voice, say
from storage.views import MeetingView, VoteView


def check_in_opened_card(voice: Voice, meeting: MeetingView) -> Card:
    """Tell attendees that presence can be confirmed."""
    moment = moment_text(voice, meeting.starts_at)
    lines = (
        strong(clipped(meeting.title)),
        Line(say(voice, "%(moment)s, at %(place)s", moment=moment, place=clipped(meeting.place))),
        Line(say(voice, "You can confirm your presence now.")),
    )
    return Card(lines, ((button(say(voice, "Confirm presence"), CheckIn(meeting.meeting_id)),),))


def moved_away_card(voice: Voice) -> Card:
    """Tell an account that it speaks for the person no more."""
    return Card(
        (
            strong(say(voice, "This link was ended or moved to another account.")),
            Line(say(voice, "If that was not you, tell the secretary at once.")),
        )
    )


def also_bound_card(voice: Voice, meeting: MeetingView) -> Card:
    """Tell somebody's account that one more speaks for them now."""
    return Card(
        (
            strong(say(voice, "Another account or page was linked to you just now.")),
            Line(clipped(meeting.title)),
            Line(say(voice, "If that was not you, tell the secretary at once.")),
        )
    )


def all_voted_card(voice: Voice, vote: VoteView) -> Card:
    """Tell those who preside that nobody is missing any more."""
    turnout = share(vote.turnout, vote.electors, voice.language)
    lines = (
        strong(
            say(
                voice,
                "%(vote)s: all have voted (%(turnout)s).",
                vote=vote_title(voice, vote),
                turnout=turnout,
            )
        ),
        Line(question_text(voice, vote)),
    )
    return Card(lines, ((button(say(voice, "End the vote"), CloseVote(vote.vote_id, 0)),),))


def quorum_lost_card(voice: Voice, meeting: MeetingView, counted: int, base: int) -> Card:
    """Tell those who preside that too many have left."""
    present = share(counted, base, voice.language)
    return Card(
        (
            strong(say(voice, "The quorum is lost: %(present)s present.", present=present)),
            Line(clipped(meeting.title)),
            Line(
                say(
                    voice,
                    "It is on record. Votes that run go on; the chair decides whether the meeting does.",
                )
            ),
        )
    )


def vote_paused_card(voice: Voice, vote: VoteView) -> Card:
    """Tell those who preside that a deadline passed while the program was down."""
    lines = (
        strong(
            say(
                voice,
                "%(vote)s is paused: its deadline passed while the program was down.",
                vote=vote_title(voice, vote),
            )
        ),
        Line(question_text(voice, vote)),
        Line(say(voice, "Ballots so far stay as they are. Let it go on, end it or cancel it.")),
    )
    return Card(
        lines,
        (
            (
                button(say(voice, "Go on"), ResumeVote(vote.vote_id)),
                button(say(voice, "End the vote"), CloseVote(vote.vote_id, 0)),
            ),
        ),
    )

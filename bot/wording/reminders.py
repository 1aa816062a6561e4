"""What is due, in words."""

from datetime import timedelta
from typing import assert_never

from bot.wording.dates import span_text
from bot.wording.voice import Voice, say
from meeting.follow_ups import FollowUp
from meeting.states import DueKind


def due_text(voice: Voice, kind: DueKind, part: int) -> str:  # noqa: C901, PLR0911 - one for each kind
    """Name what is due; `part` are the minutes before a meeting where it is one of its reminders."""
    match kind:
        case DueKind.MEETING_REMINDER:
            span = span_text(voice, timedelta(minutes=part))
            return say(voice, "reminder of the meeting, %(span)s before", span=span)
        case DueKind.REPLY_WANTED:
            span = span_text(voice, timedelta(minutes=part))
            return say(voice, "request for missing replies, %(span)s before", span=span)
        case DueKind.CHECK_IN_OPENS:
            return say(voice, "opening of the presence window")
        case DueKind.VOTE_DEADLINE:
            return say(voice, "end of a vote")
        case DueKind.VOTE_OPENS:
            return say(voice, "opening of a vote")
        case DueKind.VOTE_HALF_TIME | DueKind.VOTE_LAST_MINUTE:
            return say(voice, "reminder of those who have not voted")
        case DueKind.FOLLOW_UP:
            text = follow_up_text(voice, FollowUp(part))
            return say(voice, "reminder of a statutory date: %(what)s", what=text)
        case DueKind.TASK_DUE:
            return say(voice, "reminder of a task")
        case DueKind.PLEDGE_WANTED:
            return say(voice, "reminder of those who have not confirmed the pledge")
        case DueKind.SCORES_WANTED:
            span = span_text(voice, timedelta(minutes=part))
            return say(
                voice, "reminder of units that have not scored yet, %(span)s before the end", span=span
            )
        case DueKind.SCORES_CLOSE:
            return say(voice, "end of the units' scoring")
    assert_never(kind)


def follow_up_text(voice: Voice, follow_up: FollowUp) -> str:
    """Name what the law asks for after a conference."""
    match follow_up:
        case FollowUp.PUBLISH:
            return say(
                voice, "Make public what the conference decided, and keep it posted for 20 days in a row"
            )
        case FollowUp.RECOGNISE_INSPECTORS:
            return say(voice, "The union's committee recognises the election of the people's inspectors")
        case FollowUp.REVIEW | FollowUp.REVIEW_AGAIN:
            return say(
                voice, "Check how the resolution is carried out and report to all staff, every six months"
            )
        case FollowUp.ARCHIVE:
            return say(voice, "Hand the conference's file to the archive")
        case FollowUp.NEXT_CONFERENCE:
            return say(voice, "Hold the next yearly conference")
    assert_never(follow_up)

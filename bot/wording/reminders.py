"""What is due, in words."""

from datetime import timedelta
from typing import assert_never

from bot.wording.dates import span_text
from bot.wording.voice import Voice, say
from meeting.states import DueKind


def due_text(voice: Voice, kind: DueKind, part: int) -> str:
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
            return say(voice, "reminder of a statutory date")
        case DueKind.TASK_DUE:
            return say(voice, "reminder of a task")
    assert_never(kind)

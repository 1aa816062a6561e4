"""Sentences about a meeting that is summoned to, put to another time or place, or cancelled."""

from datetime import datetime

from bot.wording.dates import moment_text
from bot.wording.voice import Voice, say, say_plural
from storage.views import MeetingView


def cancelled_meeting_text(voice: Voice, meeting: MeetingView) -> str:
    """Say that a meeting isn't held, and when it would have been."""
    moment = moment_text(voice, meeting.starts_at)
    return say(voice, "The meeting is cancelled; it was to be held %(moment)s.", moment=moment)


def new_start(voice: Voice, starts_at: datetime) -> str:
    """Ask for the new start."""
    return say(
        voice,
        "When is the meeting held? So far: %(moment)s. Day and time at the place of the meeting.",
        moment=moment_text(voice, starts_at),
    )


def new_place(voice: Voice, place: str) -> str:
    """Ask for the new place."""
    if not place:
        return say(voice, "Where is the meeting held?")
    return say(voice, "Where is the meeting held? So far: %(place)s", place=place)


def button_keep(voice: Voice) -> str:
    """Give the button that leaves a time or place as it is."""
    return say(voice, "Leave as it is")


def cancel_reason(voice: Voice, title: str) -> str:
    """Ask why a meeting is cancelled."""
    return say(
        voice,
        "Why is “%(title)s” cancelled? All who are summoned will read the reason; it is put on record.",
        title=title,
    )


def nothing_changed(voice: Voice) -> str:
    """Say that time and place are as before."""
    return say(voice, "Time and place stay as they are; nobody was told anything.")


def meeting_moved(voice: Voice, told: int) -> str:
    """Say that the meeting was moved."""
    return say_plural(
        voice,
        "Time and place are changed; %(n)s attendee is told.",
        "Time and place are changed; %(n)s attendees are told.",
        told,
    )


def window_by_hand(voice: Voice) -> str:
    """Say that the presence window doesn't open by itself any more."""
    return say(voice, "Confirming presence no longer opens by itself; set it anew.")


def meeting_cancelled(voice: Voice, told: int) -> str:
    """Say that the meeting was cancelled."""
    return say_plural(
        voice,
        "The meeting is cancelled; %(n)s attendee is told.",
        "The meeting is cancelled; %(n)s attendees are told.",
        told,
    )


def confirmation_wanted(voice: Voice) -> str:
    """Say that a clear yes or no is needed."""
    return say(voice, "Please confirm or cancel by the buttons below the text.")


def summons_sent(voice: Voice, summoned: int, unreached: int) -> str:
    """Say how many were summoned, and how many the bot can't reach."""
    text = (
        say_plural(voice, "Summoned: %(n)s attendee.", "Summoned: %(n)s attendees.", summoned)
        if summoned
        else say(voice, "All who can be reached were summoned before.")
    )
    if not unreached:
        return text
    rest = say_plural(
        voice,
        "%(n)s attendee is not linked yet: hand out the personal link.",
        "%(n)s attendees are not linked yet: hand out the personal links.",
        unreached,
    )
    return f"{text} {rest}"

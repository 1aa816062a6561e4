"""What is shown before a meeting is put to another time or place, or cancelled."""

from datetime import datetime

from bot.actions import CancelDialogue, ConfirmPlan
from bot.cards.attendance import place_text
from bot.cards.layout import button, clipped, soft, strong
from bot.platforms.base import Card, Line
from bot.wording.dates import moment_text
from bot.wording.voice import Voice, say


def move_preview_card(voice: Voice, title: str, starts_at: datetime, place: str, version: int) -> Card:
    """Give the new time and place before anybody is told."""
    lines = (
        strong(say(voice, "Changed time or place: %(title)s", title=clipped(title))),
        Line(
            say(
                voice,
                "It is held %(moment)s, at %(place)s.",
                moment=moment_text(voice, starts_at),
                place=place_text(voice, place),
            )
        ),
        soft(say(voice, "All attendees are told at once, and the reminders move along.")),
    )
    tell = button(say(voice, "Change and tell all"), ConfirmPlan(version))
    return Card(lines, ((tell, button(say(voice, "Cancel"), CancelDialogue(version))),))


def cancel_preview_card(voice: Voice, title: str, reason: str, version: int) -> Card:
    """Ask once more whether a meeting is cancelled."""
    lines = (
        strong(say(voice, "Cancel “%(title)s”?", title=clipped(title))),
        Line(say(voice, "Reason: %(reason)s", reason=clipped(reason, 500))),
        soft(say(voice, "This can't be undone. All attendees are told at once; open votes are cancelled.")),
    )
    sure = button(say(voice, "Cancel the meeting"), ConfirmPlan(version))
    return Card(lines, ((sure, button(say(voice, "Not now"), CancelDialogue(version))),))

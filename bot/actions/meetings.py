"""Actions on a meeting as a whole, and on what is shown of it."""

from bot.actions.codec import Action, action


@action("home")
class ShowHome(Action):
    """Show an organiser's meetings and what can be started."""


@action("overview")
class ShowOverview(Action):
    """Show a year of this organisation's meetings in figures."""

    organisation_id: int
    year: int


@action("meeting")
class ShowMeeting(Action):
    """Make a meeting the one that this chat is about, and show it."""

    meeting_id: int


@action("tools")
class ShowTools(Action):
    """Show what the panel leaves out while a meeting is held."""

    meeting_id: int


@action("messages")
class ShowMessages(Action):
    """Show what a meeting will take of the messages that are left this month."""

    meeting_id: int


@action("openmeeting")
class OpenMeeting(Action):
    """Open the meeting itself: the agenda begins."""

    meeting_id: int


@action("closemeeting")
class CloseMeeting(Action):
    """Close the meeting; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@action("news")
class DraftNews(Action):
    """Draft a news item about a closed meeting from its results."""

    meeting_id: int


@action("movemeeting")
class MoveMeeting(Action):
    """Put a meeting to another time or place, which are asked for."""

    meeting_id: int


@action("cancelmeeting")
class CancelMeeting(Action):
    """Cancel a meeting; the reason is asked for, and then once more whether."""

    meeting_id: int


@action("attend")
class AttendOneself(Action):
    """Put oneself on the roll as a voting attendee."""

    meeting_id: int


@action("help")
class ShowHelp(Action):
    """Show what can be done now."""

"""Actions on replies, the roll and the attendance statement."""

from bot.actions.codec import Action, action


@action("coming")
class ReplyComing(Action):
    """Accept the invitation."""

    meeting_id: int


@action("absent")
class ReplyAbsent(Action):
    """Excuse oneself; the reason is asked for."""

    meeting_id: int


@action("substitute")
class ReplySubstitute(Action):
    """Name another representative of the unit; the name is asked for."""

    meeting_id: int


@action("checkin")
class CheckIn(Action):
    """Confirm one's presence."""

    meeting_id: int


@action("leave")
class LeaveMeeting(Action):
    """Say that one leaves early; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@action("opencheckin")
class OpenCheckIn(Action):
    """Open the presence window."""

    meeting_id: int


@action("schedulecheckin")
class ScheduleCheckIn(Action):
    """Have the presence window open by itself; the moment is asked for."""

    meeting_id: int


@action("closecheckin")
class CloseCheckIn(Action):
    """Close the presence window."""

    meeting_id: int


@action("roll")
class ShowRoll(Action):
    """Show the attendees to the secretary, a page at a time."""

    meeting_id: int
    page: int


@action("findattendee")
class FindAttendee(Action):
    """Look for an attendee by name; a part of it is asked for."""

    meeting_id: int


@action("attendee")
class ShowAttendee(Action):
    """Show the secretary one attendee."""

    attendee_id: int


@action("checkinfor")
class CheckInFor(Action):
    """Record somebody present."""

    attendee_id: int


@action("left")
class MarkLeft(Action):
    """Record that somebody left."""

    attendee_id: int


@action("excused")
class MarkExcused(Action):
    """Record that somebody is excused; the reason is asked for."""

    attendee_id: int


@action("addattendee")
class AddAttendee(Action):
    """Add an attendee; the name is asked for."""

    meeting_id: int


@action("preliminary")
class StatePreliminary(Action):
    """Record the organising committee's preliminary count."""

    meeting_id: int


@action("state")
class StateAttendance(Action):
    """Confirm the attendance statement; by `present`, the number that was shown, a stale tap is noticed."""

    meeting_id: int
    present: int

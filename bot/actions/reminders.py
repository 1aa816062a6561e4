"""Actions on what is sent, and when."""

from bot.actions.codec import Action, action


@action("summons")
class SendSummons(Action):
    """Summon all attendees who can be reached and weren't summoned yet."""

    meeting_id: int


@action("approve")
class ApproveSummons(Action):
    """Approve the summons to a meeting that had been moved so many times."""

    meeting_id: int
    moves: int


@action("setapproval")
class SetApproval(Action):
    """Have the head approve each summons of this organisation, or not."""

    organisation_id: int
    on: int


@action("announcement")
class SendAnnouncement(Action):
    """Tell all attendees something; the text is asked for."""

    meeting_id: int


@action("stopmailing")
class CancelMailing(Action):
    """Stop a message to many: what isn't sent yet never is."""

    mailing_id: int


@action("reminders")
class ShowReminders(Action):
    """Show what will be sent about a meeting when, and what was, a page at a time."""

    meeting_id: int
    page: int


@action("reminder")
class ShowReminder(Action):
    """Show one thing that is due and whom it concerns, a page of names at a time."""

    due_id: int
    page: int


@action("summoned")
class ShowSummoned(Action):
    """Show who was summoned and who wasn't, a page at a time."""

    meeting_id: int
    page: int


@action("tryreminder")
class TryReminder(Action):
    """Send a reminder to oneself, marked as a test."""

    due_id: int


@action("trysummons")
class TrySummons(Action):
    """Send the summons to oneself, marked as a test."""

    meeting_id: int


@action("sendreminder")
class SendReminder(Action):
    """Send a reminder at once; asked once more (`sure`)."""

    due_id: int
    sure: int


@action("skipreminder")
class SkipReminder(Action):
    """Leave a reminder out (`skip` 1), or take it up again (0)."""

    due_id: int
    skip: int


@action("remindersettings")
class ShowReminderSettings(Action):
    """Show when people are reminded of a meeting."""

    meeting_id: int


@action("setreminder")
class SetReminder(Action):
    """Have people reminded so many minutes before a meeting, or not."""

    meeting_id: int
    minutes: int
    on: int


@action("typereminders")
class TypeReminders(Action):
    """Set when people are reminded of a meeting; the spans are asked for."""

    meeting_id: int


@action("unreachable")
class ShowUnreachable(Action):
    """Show whom nothing reaches any more, and how else to reach them."""

    meeting_id: int

"""What will be sent about a meeting when and to whom, what was, and which reminders there are."""

from datetime import timedelta

from bot.actions import (
    ApproveSummons,
    SendReminder,
    SetReminder,
    ShowMeeting,
    ShowReminder,
    ShowReminders,
    ShowReminderSettings,
    ShowSummoned,
    SkipReminder,
    TryReminder,
    TrySummons,
    TypeReminders,
)
from bot.cards.attendance import place_text
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Card, Choice, Line
from bot.wording import outlook as wording
from bot.wording.dates import moment_text, span_text
from bot.wording.voice import Voice, say
from handlers.outlook import Outlook, Sending
from handlers.reminders import KINDS
from meeting.reminders import MEETING_REMINDERS
from meeting.states import MeetingState
from storage.views import MeetingView

_NAMES_SHOWN = 20


def outlook_card(voice: Voice, view: Outlook, page: int) -> Card:
    """Give a page of all that is due in a meeting or was, each with a button."""
    meeting = view.meeting
    entries = (view.summons, *view.sendings)
    shown = page_of(entries, page)
    first = entries.index(shown[0]) + 1
    lines = [strong(say(voice, "Reminders: %(title)s", title=clipped(meeting.title)))]
    if not meeting.may_summon and meeting.state is MeetingState.PLANNED:
        lines.append(Line(say(voice, "The summons is not approved yet; nobody is summoned or reminded.")))
    rows: list[tuple[Choice, ...]] = []
    for number, entry in enumerate(shown, first):
        lines.append(Line(f"{number}. {_sending_text(voice, entry)}"))
        counts = wording.counts_text(voice, entry.counts)
        if counts:
            lines.append(soft(counts))
        action = (
            ShowSummoned(meeting.meeting_id, 0) if entry.work is None else ShowReminder(entry.work.due_id, 0)
        )
        rows.append((button(f"{number}. {wording.sending_title(voice, entry)}", action),))
    rows += page_rows(voice, entries, page, lambda number: ShowReminders(meeting.meeting_id, number))
    last: list[Choice] = []
    if meeting.state is MeetingState.PLANNED:
        last.append(button(say(voice, "When to remind"), ShowReminderSettings(meeting.meeting_id)))
    last.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting.meeting_id)))
    return Card(tuple(lines), (*rows, tuple(last)))


def _sending_text(voice: Voice, sending: Sending) -> str:
    title, state = wording.sending_title(voice, sending), wording.sending_state(voice, sending)
    return f"{title}: {state}" if state else title


def sending_card(voice: Voice, meeting: MeetingView, sending: Sending, page: int) -> Card:
    """Give one thing that is due, with a page of the names of those concerned, and what can be done."""
    work, meeting_id = sending.work, meeting.meeting_id
    lines = [strong(wording.sending_title(voice, sending)), Line(clipped(meeting.title))]
    if state := wording.sending_state(voice, sending):
        lines.append(Line(state[:1].upper() + state[1:]))
    if sending.recipients:
        shown = page_of(sending.recipients, page, _NAMES_SHOWN)
        lines += [Line(wording.recipient_text(voice, one)) for one in shown]
    else:
        lines.append(soft(say(voice, "Whom it concerns is found out when it is due.")))
    rows = page_rows(
        voice,
        sending.recipients,
        page,
        lambda number: (
            ShowSummoned(meeting_id, number) if work is None else ShowReminder(work.due_id, number)
        ),
        _NAMES_SHOWN,
    )
    back = button(say(voice, "‹ Reminders"), ShowReminders(meeting_id, 0))
    return Card(tuple(lines), (*rows, *in_rows([*_acts(voice, meeting_id, sending), back])))


def _acts(voice: Voice, meeting_id: int, sending: Sending) -> list[Choice]:
    work = sending.work
    test = say(voice, "Send a test to me")
    if work is None:
        return [button(test, TrySummons(meeting_id))] if sending.is_open else []
    buttons: list[Choice] = []
    if sending.is_open:
        if work.kind in KINDS:
            buttons.append(button(test, TryReminder(work.due_id)))
        buttons.append(button(wording.button_send_now(voice), SendReminder(work.due_id, 0)))
        if not sending.is_missed:
            buttons.append(button(say(voice, "Skip this reminder"), SkipReminder(work.due_id, 1)))
    if sending.is_left_out:
        buttons.append(button(say(voice, "Take up again"), SkipReminder(work.due_id, 0)))
    return buttons


def reminder_settings_card(voice: Voice, meeting: MeetingView) -> Card:
    """Give when people are reminded of a meeting, each span with a button that switches it."""
    meeting_id = meeting.meeting_id
    spans = sorted({*MEETING_REMINDERS, *meeting.reminders}, reverse=True)
    lines = [
        strong(say(voice, "When are people reminded?")),
        Line(clipped(meeting.title)),
        Line(wording.reminders_set(voice, meeting.reminders)),
        soft(
            say(
                voice,
                "Who is excused or there already is not reminded. Nothing is sent from 21:00 to 07:00; what "
                "would be goes the evening before.",
            )
        ),
    ]
    buttons = [_switch(voice, meeting, span) for span in spans]
    other = button(say(voice, "Other times …"), TypeReminders(meeting_id))
    back = button(say(voice, "‹ Reminders"), ShowReminders(meeting_id, 0))
    return Card(tuple(lines), (*in_rows(buttons), (other, back)))


def _switch(voice: Voice, meeting: MeetingView, minutes: int) -> Choice:
    span, is_on = span_text(voice, timedelta(minutes=minutes)), minutes in meeting.reminders
    label = say(voice, "%(span)s before", span=span)
    label = say(voice, "%(label)s: on", label=label) if is_on else say(voice, "%(label)s: off", label=label)
    return button(label, SetReminder(meeting.meeting_id, minutes, int(not is_on)), is_chosen=is_on)


def approval_card(voice: Voice, meeting: MeetingView) -> Card:
    """Ask the head to approve the summons."""
    lines = (
        strong(say(voice, "Please approve the summons")),
        Line(clipped(meeting.title)),
        Line(
            say(
                voice,
                "It is held %(moment)s, at %(place)s.",
                moment=moment_text(voice, meeting.starts_at),
                place=place_text(voice, meeting.place),
            )
        ),
        soft(say(voice, "Nobody is summoned or reminded before. The summons goes out when you approve it.")),
    )
    approve = button(say(voice, "Approve"), ApproveSummons(meeting.meeting_id, meeting.moves))
    test = button(say(voice, "Send a test to me"), TrySummons(meeting.meeting_id))
    back = button(say(voice, "To the meeting"), ShowMeeting(meeting.meeting_id))
    return Card(lines, ((approve,), (test, back)))

"""What is sent when and to whom: looked at, tried, sent at once, left out; which reminders there are."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.outlook import outlook_card, reminder_settings_card, sending_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.thrift import with_shortage
from bot.dialogues.typed import typed_spans
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import outlook as wording
from bot.wording.moving import summons_sent
from bot.wording.voice import Voice
from handlers import sending, summoning
from handlers.asking import permitted
from handlers.meetings import Unchanged
from handlers.outlook import get_outlook, get_sending
from handlers.reminders import KINDS
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from storage.database import Tx
from storage.due import DueWork, find_work
from storage.errors import NotFoundError
from storage.reading import get_meeting_view
from storage.views import MeetingView


async def _prepared(tx: Tx, talk: Talk, meeting_id: int) -> MeetingView | Refused:
    actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
    return actor if isinstance(actor, Refused) else await get_meeting_view(tx, meeting_id)


async def _work(tx: Tx, due_id: int) -> DueWork:
    work = await find_work(tx, due_id)
    if work is None:
        raise NotFoundError(due_id)
    return work


# Looked at


async def show_reminders(talk: Talk, action: actions.ShowReminders) -> Answer:
    """Show all that is due in a meeting, or was."""
    async with talk.house.database.snapshot() as tx:
        meeting = await _prepared(tx, talk, action.meeting_id)
        if isinstance(meeting, Refused):
            return talk.refuse(meeting)
        view = await get_outlook(tx, meeting)
    return Answer(card=outlook_card(talk.about(meeting).voice, view, action.page), replaces=True)


async def show_reminder(talk: Talk, action: actions.ShowReminder) -> Answer:
    """Show one thing that is due, and whom it concerns."""
    return await _show(talk, action.due_id, action.page)


async def _show(talk: Talk, due_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        work = await _work(tx, due_id)
        meeting = await _prepared(tx, talk, work.meeting_id)
        if isinstance(meeting, Refused):
            return talk.refuse(meeting)
        view = await get_sending(tx, meeting, work)
    return Answer(notice, sending_card(talk.about(meeting).voice, meeting, view, page), replaces=True)


async def show_summoned(talk: Talk, action: actions.ShowSummoned) -> Answer:
    """Show who was summoned, who wasn't, and why."""
    async with talk.house.database.snapshot() as tx:
        meeting = await _prepared(tx, talk, action.meeting_id)
        if isinstance(meeting, Refused):
            return talk.refuse(meeting)
        view = await get_sending(tx, meeting, None)
    return Answer(card=sending_card(talk.about(meeting).voice, meeting, view, action.page), replaces=True)


# Done by hand


async def try_reminder(talk: Talk, action: actions.TryReminder) -> Answer:
    """Send a reminder to oneself."""
    sent = await sending.send_trial(talk.house, talk.asked, action.due_id)
    return talk.refuse(sent) if isinstance(sent, Refused) else Answer(wording.trial_sent(talk.voice))


async def try_summons(talk: Talk, action: actions.TrySummons) -> Answer:
    """Send the summons to oneself."""
    sent = await sending.send_trial_summons(talk.house, talk.asked, action.meeting_id)
    return talk.refuse(sent) if isinstance(sent, Refused) else Answer(wording.trial_sent(talk.voice))


async def send_reminder(talk: Talk, action: actions.SendReminder) -> Answer:
    """Send a reminder at once, or ask once more."""
    if not action.sure:
        return await _ask_to_send(talk, action.due_id)
    sent = await sending.send_reminder(talk.house, talk.asked, action.due_id)
    match sent:
        case Refused():
            return talk.refuse(sent)
        case Unchanged():
            return Answer(wording.sent_before(talk.voice))
    async with talk.house.database.snapshot() as tx:
        is_for_attendees = (await _work(tx, action.due_id)).kind in KINDS
    if not is_for_attendees:
        return await _show(talk, action.due_id, notice=wording.staff_reminder_sent(talk.voice))
    return await _show(talk, action.due_id, notice=wording.reminder_sent(talk.voice, sent.told, sent.later))


async def _ask_to_send(talk: Talk, due_id: int) -> Answer:
    async with talk.house.database.snapshot() as tx:
        work = await _work(tx, due_id)
        meeting = await _prepared(tx, talk, work.meeting_id)
        if isinstance(meeting, Refused):
            return talk.refuse(meeting)
        view = await get_sending(tx, meeting, work)
    if not view.is_open:
        return talk.refuse(Refused(Refusal.REMINDER_OVER))
    voice = talk.about(meeting).voice
    sure = actions.SendReminder(due_id, 1)
    return Answer(card=sure_card(voice, wording.send_sure(voice, view), wording.button_send_now(voice), sure))


async def skip_reminder(talk: Talk, action: actions.SkipReminder) -> Answer:
    """Leave a reminder out, or take it up again."""
    done = await sending.skip_reminder(talk.house, talk.asked, action.due_id, is_skipped=bool(action.skip))
    match done:
        case Refused():
            return talk.refuse(done)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case sending.ReminderSkipped():
            return await _show(talk, action.due_id, notice=wording.reminder_skipped(talk.voice))
        case sending.ReminderTakenUp():
            return await _show(talk, action.due_id, notice=wording.reminder_taken_up(talk.voice))


# Which there are


async def show_reminder_settings(talk: Talk, action: actions.ShowReminderSettings) -> Answer:
    """Show when people are reminded."""
    async with talk.house.database.snapshot() as tx:
        meeting = await _prepared(tx, talk, action.meeting_id)
    if isinstance(meeting, Refused):
        return talk.refuse(meeting)
    return Answer(card=reminder_settings_card(talk.about(meeting).voice, meeting), replaces=True)


async def set_reminder(talk: Talk, action: actions.SetReminder) -> Answer:
    """Switch one reminder on or off."""
    done = await sending.set_reminder(
        talk.house, talk.asked, action.meeting_id, action.minutes, is_on=bool(action.on)
    )
    return await _show_set(talk, action.meeting_id, done)


async def _show_set(talk: Talk, meeting_id: int, done: sending.RemindersSet | Unchanged | Refused) -> Answer:
    if isinstance(done, Refused):
        return talk.refuse(done)
    async with talk.house.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, meeting_id)
    voice = talk.about(meeting).voice
    notice = wording.reminders_set(voice, meeting.reminders)
    return Answer(notice, reminder_settings_card(voice, meeting), replaces=True)


async def type_reminders(talk: Talk, action: actions.TypeReminders) -> Answer:
    """Ask for other spans."""
    async with talk.house.database.snapshot() as tx:
        meeting = await _prepared(tx, talk, action.meeting_id)
    if isinstance(meeting, Refused):
        return talk.refuse(meeting)
    return await talk.ask(ReminderSpans(action.meeting_id))


@kept
@dataclass(frozen=True)
class ReminderSpans(Question):
    """How long before the meeting people are reminded."""

    topic: ClassVar[str] = "reminder_spans"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        example = wording.spans_example(voice)
        return question_card(voice, wording.spans_wanted(voice), version, limit=NAME_LIMIT, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the spans, in place of those that were set."""
        minutes = typed_spans(text)
        if not minutes:
            return Refused(Refusal.SPANS_UNREADABLE)
        done = await sending.set_reminders(talk.house, talk.asked, self.meeting_id, minutes)
        return done if isinstance(done, Refused) else await _show_set(talk, self.meeting_id, done)


# The summons and its approval


async def send_summons(talk: Talk, action: actions.SendSummons) -> Answer:
    """Summon all who can be reached, or ask for the approval that is missing."""
    result = await summoning.send_summons(talk.house, talk.asked, action.meeting_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case summoning.SummonsHeld():
            return Answer(wording.summons_held(talk.voice))
        case _:
            sent = summons_sent(talk.voice, result.summoned, result.unreached)
            return Answer(await with_shortage(talk, action.meeting_id, sent))


async def approve_summons(talk: Talk, action: actions.ApproveSummons) -> Answer:
    """Approve the summons, which goes out if it was waiting."""
    result = await summoning.approve_summons(talk.house, talk.asked, action.meeting_id, action.moves)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            text = wording.summons_approved(talk.voice)
            if result.sent is None:
                return Answer(text)
            return Answer(f"{text} {summons_sent(talk.voice, result.sent.summoned, result.sent.unreached)}")


async def set_approval(talk: Talk, action: actions.SetApproval) -> Answer:
    """Have summonses approved from now on, or not."""
    result = await summoning.set_approval(
        talk.house, talk.asked, action.organisation_id, is_wanted=bool(action.on)
    )
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return Answer(wording.approval_set(talk.voice, is_wanted=result.is_wanted))


ROUTES: Routes = {
    actions.SendSummons: send_summons,
    actions.ApproveSummons: approve_summons,
    actions.SetApproval: set_approval,
    actions.ShowReminders: show_reminders,
    actions.ShowReminder: show_reminder,
    actions.ShowSummoned: show_summoned,
    actions.TryReminder: try_reminder,
    actions.TrySummons: try_summons,
    actions.SendReminder: send_reminder,
    actions.SkipReminder: skip_reminder,
    actions.ShowReminderSettings: show_reminder_settings,
    actions.SetReminder: set_reminder,
    actions.TypeReminders: type_reminders,
}
"""What each button of this topic does."""

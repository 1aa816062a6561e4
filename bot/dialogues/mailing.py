"""Announcements to all attendees, the end of a mailing, and whom nothing reaches."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.mailing import announcement_preview_card, reach_card
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.platforms.base import Answer, Card
from bot.wording import notices, reach
from bot.wording.matching import typed_yes_no
from bot.wording.voice import Voice
from handlers import mailings, questions
from handlers.mailings import TEXT_LIMIT, MailingOver, MailingStopped
from handlers.meetings import Unchanged
from meeting.names import tidy_lines
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage import people
from storage.database import Tx
from storage.mailings import count_platforms
from storage.reach import list_accounts_to_tell
from storage.reading import get_meeting_view, reach_views


async def send_announcement(talk: Talk, action: actions.SendAnnouncement) -> Answer:
    """Ask what is to be told."""
    async with talk.house.database.snapshot() as tx:
        actor = await people.find_actor(tx, talk.account.account_id, action.meeting_id)
        if actor is None:
            return talk.refuse(Refused(Refusal.NOT_BOUND))
        if not actor.may(Right.PREPARE):
            return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE}))
        meeting = await get_meeting_view(tx, action.meeting_id)
    return await talk.ask(AnnouncementText(action.meeting_id, meeting.title))


@kept
@dataclass(frozen=True)
class AnnouncementText(Question):
    """What is to be told to all attendees."""

    topic: ClassVar[str] = "announcement_text"
    meeting_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(
            voice,
            reach.announcement_text(voice, self.title),
            version,
            limit=TEXT_LIMIT,
            example=reach.announcement_example(voice),
            is_long=True,
        )

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Show it as it will be sent, with who will be told."""
        text = tidy_lines(text)
        if len(text) > TEXT_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
        async with talk.house.database.snapshot() as tx:
            reached, missed = await list_accounts_to_tell(tx, self.meeting_id)
            recipients = await count_platforms(tx, set(reached.values()))
        return await talk.ask(AnnouncementPreview(self.meeting_id, self.title, text, recipients, missed))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """At any time: there is something to tell after the close too."""
        del tx, account_id
        return True


@kept
@dataclass(frozen=True)
class AnnouncementPreview(Question):
    """An announcement that waits to be sent; `recipients` were counted by platform when it was shown."""

    topic: ClassVar[str] = "announcement_preview"
    meeting_id: int
    title: str
    text: str
    recipients: dict[str, int]
    missed: int

    @property
    def is_yes_or_no(self) -> bool:
        """It is: to send it or not."""
        return True

    def card(self, voice: Voice, version: int) -> Card:
        """Show it."""
        return announcement_preview_card(voice, self.title, self.text, self.recipients, self.missed, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a clear yes or no; anything else leaves the preview open."""
        is_yes = typed_yes_no(text)
        if is_yes is None:
            return Answer(reach.announcement_wanted(talk.voice))
        return await self.choose(talk, is_yes=is_yes)

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused:
        """Send it, or not."""
        if is_yes:
            return await self.confirm(talk)
        await questions.give_up(talk.house, talk.asked)
        return Answer(notices.given_up(talk.voice))

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Send it."""
        sent = await mailings.send_announcement(talk.house, talk.asked, self.meeting_id, self.text)
        if isinstance(sent, Refused):
            return sent
        return Answer(reach.announcement_sent(talk.voice, sent.recipients))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """At any time."""
        del tx, account_id
        return True


async def cancel_mailing(talk: Talk, action: actions.CancelMailing) -> Answer:
    """Stop a mailing."""
    result = await mailings.stop_mailing(talk.house, talk.asked, action.mailing_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(reach.mailing_stopped_before(talk.voice))
        case MailingOver():
            return Answer(reach.mailing_over(talk.voice))
        case MailingStopped(withdrawn):
            return Answer(reach.mailing_stopped(talk.voice, withdrawn))


async def show_unreachable(talk: Talk, action: actions.ShowUnreachable) -> Answer:
    """Show whom nothing reaches."""
    account_id = talk.account.account_id
    async with talk.house.database.snapshot() as tx:
        views = await reach_views(tx, action.meeting_id, [account_id])
    if account_id not in views:
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL}))
    view = views[account_id]
    return Answer(card=reach_card(talk.about(view.meeting).voice, view), replaces=True)


ROUTES: Routes = {
    actions.SendAnnouncement: send_announcement,
    actions.CancelMailing: cancel_mailing,
    actions.ShowUnreachable: show_unreachable,
}
"""What each button of this topic does."""

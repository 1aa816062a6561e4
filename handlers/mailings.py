"""Messages to many: an announcement to all attendees, and the end of any that is under way."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, permitted, request
from handlers.meetings import Unchanged
from handlers.reach import show_progress
from meeting.names import tidy_lines
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.states import PostKind, Priority
from storage import mailings, posts, reach, record
from storage.database import Tx
from storage.errors import MailingNotFoundError
from storage.reading import get_meeting_view

TEXT_LIMIT = 2000
"""Characters of an announcement."""


@dataclass(frozen=True, slots=True)
class AnnouncementSent:
    """The announcement goes out to so many attendees."""

    mailing_id: int
    recipients: int


@dataclass(frozen=True, slots=True)
class MailingStopped:
    """So many messages are not sent any more."""

    withdrawn: int


@dataclass(frozen=True, slots=True)
class MailingOver:
    """Nothing was left to stop."""


@request
async def send_announcement(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, text: str
) -> AnnouncementSent | Refused:
    """Tell all attendees something: each once, by the account bound last that messages are sent to.

    Who has a page only finds it there. The text is kept with the mailing; in the record stand its SHA-256 and
    the number of recipients. Refused without a text, or where nobody can be reached.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    text = tidy_lines(text)
    if not text:
        return Refused(Refusal.TEXT_EMPTY)
    if len(text) > TEXT_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(text)})
    meeting = await get_meeting_view(tx, meeting_id)
    reached, _ = await reach.list_accounts_to_tell(tx, meeting_id)
    if not reached:
        return Refused(Refusal.NOBODY_REACHED)
    mailing_id = await mailings.add_mailing(
        tx,
        PostKind.ANNOUNCEMENT,
        meeting_id,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        made_by=actor.person_id,
        facts={"text": text},
        now=now,
    )
    await posts.add_posts(
        tx,
        PostKind.ANNOUNCEMENT,
        f"mailing:{mailing_id}",
        mailing_id,
        set(reached.values()),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
        mailing_id=mailing_id,
        now=now,
    )
    await show_progress(tx, mailing_id, meeting.organisation_id, meeting_id, [asked.account_id])
    facts = {"recipients": len(reached), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "announcement_sent", facts, actor=actor)
    return AnnouncementSent(mailing_id, len(reached))


@request
async def stop_mailing(
    tx: Tx, asked: Asked, now: datetime, mailing_id: int
) -> MailingStopped | MailingOver | Unchanged | Refused:
    """Stop a mailing: what isn't sent yet never is. A repeat changes nothing."""
    mailing = await mailings.hold_mailing(tx, mailing_id)
    if mailing.meeting_id is None:
        raise MailingNotFoundError(mailing_id)
    actor = await permitted(tx, asked, mailing.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if mailing.cancelled_at is not None:
        return Unchanged()
    if not await mailings.count_left(tx, mailing_id):
        return MailingOver()
    withdrawn = await mailings.cancel_mailing(tx, mailing_id, now)
    await record.append(
        tx,
        mailing.organisation_id,
        mailing.meeting_id,
        now,
        "mailing_stopped",
        {"withdrawn": withdrawn},
        actor=actor,
    )
    return MailingStopped(withdrawn)

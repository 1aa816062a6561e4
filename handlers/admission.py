"""What a link or code admits to, who presents it, and how many may be tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.asking import House
from meeting import names
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import InvitationKind
from storage import attendees, invitations, meetings, people
from storage.database import Tx
from storage.invitations import Invitation
from storage.people import Account
from storage.reading import get_meeting_view

_GUESSES = 10
_GUESS_SPAN = timedelta(hours=1)
_GUESSES_KEPT = timedelta(days=2)
_AFTER_CLOSE = {InvitationKind.ATTENDEE: timedelta(days=30), InvitationKind.SHARED: timedelta(days=7)}
"""How long what may be used many times stays good after its meeting."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as the platform knows them."""

    platform: str
    external_id: str
    chat: str
    display_name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """What a code admits to, before anything is done with it; `person` is "" where the code names nobody.

    `is_taken` tells that another account of the same platform speaks for the person already.
    """

    invitation: Invitation
    organisation: str
    title: str
    person: str
    unit: str
    starts_at: datetime | None
    timezone: str
    is_taken: bool


async def find_admission(house: House, platform: str, code: str) -> Admission | Refused:
    """Give what a link token or typed code admits to; consumes nothing and may be asked by link previews."""
    async with house.database.snapshot() as tx:
        invitation = await invitations.find_invitation(tx, house.key, code)
        if invitation is None:
            return await _refuse_code(tx, house.key, code)
        refused = await refuse_invitation(tx, invitation, house.now())
        return refused or await _admission(tx, invitation, platform)


async def _admission(tx: Tx, invitation: Invitation, platform: str) -> Admission:
    organisation = title = person = unit = ""
    starts_at, timezone, is_taken = None, "UTC", False
    if invitation.organisation_id is not None:
        organisation = await people.get_organisation_name(tx, invitation.organisation_id)
    if invitation.meeting_id is not None:
        view = await get_meeting_view(tx, invitation.meeting_id)
        title, starts_at, timezone = view.title, view.starts_at, view.timezone
    if invitation.attendee_id is not None:
        person_id, person, unit = await attendees.get_seat(tx, invitation.attendee_id)
        is_taken = await people.find_bound_account(tx, person_id, platform) is not None
    elif invitation.person_id is not None:
        person = await people.get_person_name(tx, invitation.person_id)
        is_taken = await people.find_bound_account(tx, invitation.person_id, platform) is not None
    return Admission(invitation, organisation, title, person, unit, starts_at, timezone, is_taken)


async def hold_invitation(tx: Tx, key: bytes, code: str) -> Invitation | Refused:
    """Give the invitation of a code, which nobody else takes up meanwhile; the meeting is held before it."""
    invitation = await invitations.find_invitation(tx, key, code)
    if invitation is not None and invitation.meeting_id is not None:
        await meetings.lock_meeting(tx, invitation.meeting_id)
    invitation = await invitations.find_invitation(tx, key, code, is_held=True)
    return invitation or await _refuse_code(tx, key, code)


async def _refuse_code(tx: Tx, key: bytes, code: str) -> Refused:
    was_renewed = await invitations.is_renewed(tx, key, code)
    return Refused(Refusal.CODE_RENEWED if was_renewed else Refusal.CODE_UNKNOWN)


async def refuse_invitation(tx: Tx, invitation: Invitation, now: datetime) -> Refused | None:
    """Give why an invitation can't be taken up any more, if it can't."""
    if invitation.kind is InvitationKind.GROUP:
        return Refused(Refusal.CODE_FOR_GROUP)
    span = _AFTER_CLOSE.get(invitation.kind)
    if span is None and invitation.used_at is not None:
        return Refused(Refusal.CODE_USED, {"used_at": invitation.used_at})
    expires_at = invitation.expires_at
    if span is not None and invitation.meeting_id is not None:
        closed_at = (await get_meeting_view(tx, invitation.meeting_id)).closed_at
        expires_at = None if closed_at is None else closed_at + span
    if expires_at is not None and now >= expires_at:
        if invitation.kind is InvitationKind.OWN_PAGE:
            return Refused(Refusal.OWN_PAGE_EXPIRED)
        return Refused(Refusal.CODE_EXPIRED, {"expired_at": expires_at})
    return None


async def refuse_guesses(tx: Tx, sender: Sender | Account, now: datetime) -> Refused | None:
    """Give that one sender has tried too much within an hour, if so: ten codes, phones or names."""
    guesses = await invitations.list_guesses(tx, sender.platform, sender.external_id, now - _GUESS_SPAN)
    if len(guesses) < _GUESSES:
        return None
    return Refused(Refusal.TOO_MANY_TRIES, {"retry_after": guesses[_GUESSES - 1] + _GUESS_SPAN - now})


async def add_guess(tx: Tx, sender: Sender | Account, now: datetime) -> None:
    """Count a try."""
    await invitations.add_guess(tx, sender.platform, sender.external_id, now, _GUESSES_KEPT)


async def put_sender(tx: Tx, sender: Sender, now: datetime) -> Account:
    """Give the sender's account, added or brought up to date."""
    name = names.tidy(sender.display_name)[:NAME_LIMIT]
    return await people.put_account(
        tx, sender.platform, sender.external_id, sender.chat, name, sender.language, now
    )

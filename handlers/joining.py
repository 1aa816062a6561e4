"""Coming in: by personal links and codes, as the first organiser, to a role; consent and language."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from handlers.admission import (
    Sender,
    add_guess,
    hold_invitation,
    put_sender,
    refuse_guesses,
    refuse_invitation,
)
from handlers.asking import Asked, House, bound, mark, request
from handlers.binding import Bound, MoveNeeded, bind, bound_as, drop_claims, let_go
from handlers.meetings import Unchanged
from handlers.showing import show_all
from meeting import names
from meeting.people import Purpose, Role
from meeting.plan import NAME_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.reminders import is_timezone
from meeting.states import CardKind, InvitationKind
from storage import cards, invitations, marks, people, record
from storage.database import Tx
from storage.invitations import Invitation
from storage.people import Account
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class NameNeeded:
    """The code is good, but whom it admits is to be said: the names are asked for, and `account` answers."""

    account: Account
    invitation: Invitation
    kind: InvitationKind
    role: Role | None


@dataclass(frozen=True, slots=True)
class IdentityNeeded:
    """The shared link is good, but who comes by it is to be said: by a phone number or a name."""

    account: Account
    invitation: Invitation
    meeting_id: int


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """The answer stands; without consent to contact data the account is let go, but of those with a role."""

    is_given: bool
    is_let_go: bool = False


Joined = Bound | NameNeeded | IdentityNeeded | MoveNeeded | Refused


async def join(house: House, sender: Sender, event_id: str, code: str, *, may_move: bool = False) -> Joined:
    """Take up a code: bind the sender's account to the person it is for, or say what is missing.

    The same account again is bound as before. Ten codes that don't fit within an hour, and the sender waits.
    Raises RepeatedEventError where the event bound the account before and it was let go since.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        refused = await refuse_guesses(tx, sender, now)
        if refused is not None:
            return refused
        invitation = await hold_invitation(tx, house.key, code)
        if isinstance(invitation, Refused):
            if invitation.reason is Refusal.CODE_UNKNOWN:
                await add_guess(tx, sender, now)
            return invitation
        refused = await refuse_invitation(tx, invitation, now)
        if refused is not None:
            return await _find_granted(tx, invitation, sender) or refused
        account = await put_sender(tx, sender, now)
        asked = Asked(account.account_id, sender.platform, event_id)
        match invitation.kind:
            case InvitationKind.FOUNDER:
                return NameNeeded(account, invitation, InvitationKind.FOUNDER, None)
            case InvitationKind.ROLE:
                return await _join_role(tx, invitation, account, asked, now)
            case InvitationKind.ATTENDEE | InvitationKind.OWN_PAGE:
                return await bind(tx, invitation, account, asked, now, may_move=may_move)
            case InvitationKind.SHARED:
                return await _join_shared(tx, invitation, account, asked, now)
            case InvitationKind.GROUP:
                return Refused(Refusal.CODE_UNKNOWN)
        assert_never(invitation.kind)


async def _find_granted(tx: Tx, invitation: Invitation, sender: Sender) -> Bound | None:
    """Give what a role's link led to, where this very account holds the role by now."""
    account = await people.find_account(tx, sender.platform, sender.external_id)
    if account is None or invitation.meeting_id is None or invitation.kind is not InvitationKind.ROLE:
        return None
    actor = await people.find_actor(tx, account.account_id, invitation.meeting_id)
    if actor is None or invitation.role not in actor.roles:
        return None
    return await bound_as(tx, invitation, account, actor.person_id, is_repeat=True)


async def _join_role(tx: Tx, invitation: Invitation, account: Account, asked: Asked, now: datetime) -> Joined:
    """Grant a role at once to somebody known in the organisation; of others the name is asked first."""
    organisation_id = invitation.organisation_id or 0
    person_id = await people.find_bound_person(tx, account.account_id, organisation_id)
    if person_id is None or invitation.role is None:
        return NameNeeded(account, invitation, InvitationKind.ROLE, invitation.role)
    await mark(tx, asked, now)
    await _grant(tx, invitation, account, person_id, now)
    return await bound_as(tx, invitation, account, person_id, is_repeat=False)


async def _join_shared(
    tx: Tx, invitation: Invitation, account: Account, asked: Asked, now: datetime
) -> Joined:
    """Show the meeting to somebody known in it already; of others it is asked who they are."""
    meeting_id = invitation.meeting_id or 0
    actor = await people.find_actor(tx, account.account_id, meeting_id)
    if actor is None:
        if account.current_meeting_id is None:
            await people.put_current_meeting(tx, account.account_id, meeting_id)
        return IdentityNeeded(account, invitation, meeting_id)
    if actor.attendee_id is None and not actor.roles:
        return Refused(Refusal.NOT_ATTENDEE)
    if await marks.put_marks(tx, [(asked.platform, asked.event_id)], now):
        await people.put_current_meeting(tx, account.account_id, meeting_id)
        await show_all(tx, account, invitation.organisation_id or 0, actor.person_id, meeting_id)
    return await bound_as(tx, invitation, account, actor.person_id, is_repeat=True)


# Founding and roles


async def found_organisation(
    house: House, asked: Asked, code: str, name: str, person: str, *, language: str, timezone: str
) -> Bound | Refused:
    """Found an organisation with the operator's one-time code; who presents it is its first organiser."""
    return await _found(
        house, asked, code, names.tidy(name), names.tidy(person), language, timezone, house.key
    )


@request
async def _found(  # noqa: PLR0913, PLR0917 - the private half of found_organisation
    tx: Tx,
    asked: Asked,
    now: datetime,
    code: str,
    name: str,
    person: str,
    language: str,
    timezone: str,
    key: bytes,
) -> Bound | Refused:
    invitation = await hold_invitation(tx, key, code)
    if isinstance(invitation, Refused):
        return invitation
    refused = (
        await refuse_invitation(tx, invitation, now)
        or _refuse_name(name, TITLE_LIMIT)
        or _refuse_name(person, NAME_LIMIT)
    )
    if refused is not None or invitation.kind is not InvitationKind.FOUNDER:
        return refused or Refused(Refusal.CODE_UNKNOWN)
    account = await people.get_account(tx, asked.account_id)
    organisation_id = await people.add_organisation(tx, name, language, timezone, now)
    person_id = await people.add_person(tx, organisation_id, person, None, now)
    await people.put_role(tx, organisation_id, person_id, Role.ORGANISER, None, now)
    await people.add_binding(tx, account, organisation_id, person_id, now)
    await invitations.put_invitation_used(tx, invitation.invitation_id, now)
    await show_all(tx, account, organisation_id, person_id, None)
    return Bound(account, organisation_id, None, person, is_repeat=False)


def _refuse_name(name: str, limit: int) -> Refused | None:
    if not name:
        return Refused(Refusal.TEXT_EMPTY)
    if len(name) > limit:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": len(name)})
    return None


async def accept_role(house: House, asked: Asked, code: str, person: str) -> Bound | Refused:
    """Take up a role's one-time code as somebody new to the organisation."""
    return await _accept_role(house, asked, code, names.tidy(person), house.key)


@request
async def _accept_role(
    tx: Tx, asked: Asked, now: datetime, code: str, person: str, key: bytes
) -> Bound | Refused:
    invitation = await hold_invitation(tx, key, code)
    if isinstance(invitation, Refused):
        return invitation
    refused = await refuse_invitation(tx, invitation, now) or _refuse_name(person, NAME_LIMIT)
    if refused is not None or invitation.organisation_id is None:
        return refused or Refused(Refusal.CODE_UNKNOWN)
    account = await people.get_account(tx, asked.account_id)
    person_id = await people.find_bound_person(tx, asked.account_id, invitation.organisation_id)
    if person_id is None:
        person_id = await people.add_person(tx, invitation.organisation_id, person, None, now)
        await people.add_binding(tx, account, invitation.organisation_id, person_id, now)
        await drop_claims(tx, account.account_id, invitation.organisation_id)
    await _grant(tx, invitation, account, person_id, now)
    return await bound_as(tx, invitation, account, person_id, is_repeat=False)


async def _grant(tx: Tx, invitation: Invitation, account: Account, person_id: int, now: datetime) -> None:
    if invitation.organisation_id is None or invitation.role is None:
        message = "a role's invitation without a role"
        raise ValueError(message)
    meeting_id = None if invitation.role is Role.ORGANISER else invitation.meeting_id
    await people.put_role(tx, invitation.organisation_id, person_id, invitation.role, meeting_id, now)
    await invitations.put_invitation_used(tx, invitation.invitation_id, now)
    if invitation.meeting_id is not None:
        await people.put_current_meeting(tx, account.account_id, invitation.meeting_id)
        facts = {"role": invitation.role, "who": await record.person_commitment(tx, person_id)}
        await record.append(tx, invitation.organisation_id, invitation.meeting_id, now, "role_granted", facts)
    for account_id in (await people.list_accounts_of(tx, [person_id])).get(person_id, []):
        each = await people.get_account(tx, account_id)
        await show_all(tx, each, invitation.organisation_id, person_id, invitation.meeting_id)


# The person's own affairs


@request
async def give_consent(  # noqa: PLR0913 - a consent has these parts
    tx: Tx,
    asked: Asked,
    now: datetime,
    meeting_id: int,
    purpose: Purpose,
    wording_version: str,
    language: str,
    *,
    is_given: bool,
) -> ConsentRecorded | Refused:
    """Record an answer to a question of consent, with the version of its wording; the newest stands.

    Without consent to contact data the phone number and the account's link are forgotten: the person takes
    part in the hall, and the personal link stays good should they think better of it.
    """
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    view = await get_meeting_view(tx, meeting_id)
    await people.put_consent(
        tx,
        view.organisation_id,
        actor.person_id,
        purpose,
        wording_version,
        language,
        now,
        is_given=is_given,
    )
    if purpose is Purpose.CONTACT and not is_given:
        await people.forget_phone(tx, actor.person_id)
        if not actor.roles:
            await let_go(tx, actor, view.organisation_id, meeting_id, now)
            return ConsentRecorded(is_given, is_let_go=True)
    await cards.touch_cards(tx, CardKind.ATTENDANCE, meeting_id, [asked.account_id])
    return ConsentRecorded(is_given)


@request
async def set_language(tx: Tx, asked: Asked, now: datetime, language: str) -> Unchanged | Refused:
    """Set the language that an account is spoken to in; its cards follow."""
    del now
    await people.put_account_language(tx, asked.account_id, language)
    await cards.touch_account_cards(tx, asked.account_id)
    return Unchanged()


@request
async def set_timezone(tx: Tx, asked: Asked, now: datetime, timezone: str) -> Unchanged | Refused:
    """Set the time zone of an account's quiet hours by its IANA name; "" for that of each meeting."""
    del now
    if timezone and not is_timezone(timezone):
        return Refused(Refusal.TIMEZONE_UNKNOWN)
    await people.put_account_timezone(tx, asked.account_id, timezone or None)
    return Unchanged()

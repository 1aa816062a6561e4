"""Ways in: founding an organisation, personal links and codes, roles, moving an account, consent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.asking import Asked, House, RepeatedEventError, bound, mark, permitted, request
from handlers.hall import watch_quorum
from handlers.meetings import Unchanged, add_summaries
from meeting import names
from meeting.codes import link_token, short_code
from meeting.people import Actor, Purpose, Right, Role, Standing
from meeting.plan import NAME_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, InvitationKind, MeetingState, PostKind, Priority
from meeting.voting import VoteState
from storage import cards, dialogues, marks, meetings, people, posts, record, votes
from storage.database import Tx
from storage.people import Account, Invitation
from storage.reading import get_meeting_view

_GUESSES = 10
_GUESS_SPAN = timedelta(hours=1)
_GUESSES_KEPT = timedelta(days=2)
_ROLE_LINK_LIFE = timedelta(days=7)
_AFTER_CLOSE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as the platform knows them."""

    platform: str
    external_id: str
    chat: str
    display_name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class WayIn:
    """An invitation as a link and as a code; the platforms make addresses of the link's token."""

    token: str
    code: str
    expires_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class Bound:
    """The account speaks for the person now, as it did before where `is_repeat`."""

    account: Account
    organisation_id: int
    meeting_id: int | None
    person: str
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class NameNeeded:
    """The code is good, but whom it admits is to be said: the names are asked for, and `account` answers."""

    account: Account
    invitation: Invitation
    kind: InvitationKind
    role: Role | None


@dataclass(frozen=True, slots=True)
class MoveNeeded:
    """Another account speaks for the person: whether this one shall in its place is to be confirmed."""

    account: Account
    invitation: Invitation
    person: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """The answer stands; without consent to contact data the account is let go, but of those with a role."""

    is_given: bool
    is_let_go: bool = False


@dataclass(frozen=True, slots=True)
class LetGo:
    """The account speaks for nobody in that organisation any more."""

    person: str


Joined = Bound | NameNeeded | MoveNeeded | Refused


async def find_admission(house: House, platform: str, code: str) -> Admission | Refused:
    """Give what a link token or typed code admits to; consumes nothing and may be asked by link previews."""
    async with house.database.snapshot() as tx:
        invitation = await people.find_invitation(tx, house.key, code)
        refused = await _refuse_invitation(tx, invitation, house.now())
        if refused is not None or invitation is None:
            return refused or Refused(Refusal.CODE_UNKNOWN)
        return await _admission(tx, invitation, platform)


async def _admission(tx: Tx, invitation: Invitation, platform: str) -> Admission:
    organisation = title = person = unit = ""
    starts_at, timezone, is_taken = None, "UTC", False
    if invitation.organisation_id is not None:
        organisation = await people.get_organisation_name(tx, invitation.organisation_id)
    if invitation.meeting_id is not None:
        view = await get_meeting_view(tx, invitation.meeting_id)
        title, starts_at, timezone = view.title, view.starts_at, view.timezone
    if invitation.attendee_id is not None:
        person_id, person, unit = await meetings.get_seat(tx, invitation.attendee_id)
        is_taken = await people.find_bound_account(tx, person_id, platform) is not None
    return Admission(invitation, organisation, title, person, unit, starts_at, timezone, is_taken)


async def _refuse_invitation(tx: Tx, invitation: Invitation | None, now: datetime) -> Refused | None:
    if invitation is None:
        return Refused(Refusal.CODE_UNKNOWN)
    if invitation.kind is not InvitationKind.ATTENDEE and invitation.used_at is not None:
        return Refused(Refusal.CODE_USED, {"used_at": invitation.used_at})
    expires_at = invitation.expires_at
    if invitation.kind is InvitationKind.ATTENDEE and invitation.meeting_id is not None:
        closed_at = (await get_meeting_view(tx, invitation.meeting_id)).closed_at
        expires_at = None if closed_at is None else closed_at + _AFTER_CLOSE
    if expires_at is not None and now >= expires_at:
        return Refused(Refusal.CODE_EXPIRED, {"expired_at": expires_at})
    return None


async def join(house: House, sender: Sender, event_id: str, code: str, *, may_move: bool = False) -> Joined:
    """Take up a code: bind the sender's account to the person it is for, or say what is missing.

    The same account again is bound as before. Ten codes that don't fit within an hour, and the sender waits.
    Raises RepeatedEventError where the event bound the account before and it was let go since.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        refused = await _refuse_guesses(tx, sender, now)
        if refused is not None:
            return refused
        invitation = await _hold_invitation(tx, house.key, code)
        if invitation is None:
            await people.add_guess(tx, sender.platform, sender.external_id, now, _GUESSES_KEPT)
            return Refused(Refusal.CODE_UNKNOWN)
        refused = await _refuse_invitation(tx, invitation, now)
        if refused is not None:
            return await _find_granted(tx, invitation, sender) or refused
        account = await _put_account(tx, sender, now)
        asked = Asked(account.account_id, sender.platform, event_id)
        if invitation.attendee_id is None:
            return await _join_role(tx, invitation, account, asked, now)
        return await _bind(tx, invitation, account, asked, now, may_move=may_move)


async def _hold_invitation(tx: Tx, key: bytes, code: str) -> Invitation | None:
    """Give the invitation of a code, which nobody else takes up meanwhile; the meeting is held before it."""
    invitation = await people.find_invitation(tx, key, code)
    if invitation is not None and invitation.meeting_id is not None:
        await meetings.lock_meeting(tx, invitation.meeting_id)
    return await people.find_invitation(tx, key, code, is_held=True)


async def _refuse_guesses(tx: Tx, sender: Sender, now: datetime) -> Refused | None:
    guesses = await people.list_guesses(tx, sender.platform, sender.external_id, now - _GUESS_SPAN)
    if len(guesses) < _GUESSES:
        return None
    return Refused(Refusal.TOO_MANY_TRIES, {"retry_after": guesses[_GUESSES - 1] + _GUESS_SPAN - now})


async def _put_account(tx: Tx, sender: Sender, now: datetime) -> Account:
    name = names.tidy(sender.display_name)[:NAME_LIMIT]
    return await people.put_account(
        tx, sender.platform, sender.external_id, sender.chat, name, sender.language, now
    )


async def _find_granted(tx: Tx, invitation: Invitation, sender: Sender) -> Bound | None:
    """Give what a role's link led to, where this very account holds the role by now."""
    account = await people.find_account(tx, sender.platform, sender.external_id)
    if account is None or invitation.meeting_id is None or invitation.kind is not InvitationKind.ROLE:
        return None
    actor = await people.find_actor(tx, account.account_id, invitation.meeting_id)
    if actor is None or invitation.role not in actor.roles:
        return None
    return await _bound(tx, invitation, account, actor.person_id, is_repeat=True)


async def _join_role(tx: Tx, invitation: Invitation, account: Account, asked: Asked, now: datetime) -> Joined:
    """Grant a role at once to somebody known in the organisation; of others the name is asked first."""
    if invitation.kind is InvitationKind.FOUNDER or invitation.organisation_id is None:
        return NameNeeded(account, invitation, InvitationKind.FOUNDER, None)
    person_id = await people.find_bound_person(tx, account.account_id, invitation.organisation_id)
    if person_id is None or invitation.role is None:
        return NameNeeded(account, invitation, InvitationKind.ROLE, invitation.role)
    await mark(tx, asked, now)
    await _grant(tx, invitation, account, person_id, now)
    return await _bound(tx, invitation, account, person_id, is_repeat=False)


async def _bind(
    tx: Tx, invitation: Invitation, account: Account, asked: Asked, now: datetime, *, may_move: bool
) -> Joined:
    """Bind an account to the attendee's person; what is delivered again leaves everything as it is now."""
    attendee = await meetings.get_attendee(tx, invitation.attendee_id or 0)
    person_id, organisation_id = attendee.person_id, attendee.organisation_id
    spoken_for = await people.find_bound_person(tx, account.account_id, organisation_id)
    if spoken_for is not None and spoken_for != person_id:
        return Refused(
            Refusal.ACCOUNT_IS_SOMEBODY_ELSE, {"person": await people.get_person_name(tx, spoken_for)}
        )
    earlier = await people.find_bound_account(tx, person_id, account.platform)
    if spoken_for is None and earlier is not None and not may_move:
        return MoveNeeded(account, invitation, await people.get_person_name(tx, person_id))
    if not await marks.put_marks(tx, [(asked.platform, asked.event_id)], now):
        if spoken_for is None:
            raise RepeatedEventError
        return await _bound(tx, invitation, account, person_id, is_repeat=True)
    if spoken_for is None:
        if earlier is not None:
            await _move_away(tx, invitation, earlier, organisation_id, now)
        others = (await people.list_accounts_of(tx, [person_id])).get(person_id, [])
        await people.add_binding(tx, account, organisation_id, person_id, now)
        await _tell_others(tx, invitation, account, others, organisation_id, now)
        facts = {"platform": account.platform, "who": await record.person_commitment(tx, person_id)}
        act = "account_bound" if earlier is None else "account_moved"
        await record.append(tx, organisation_id, attendee.meeting_id, now, act, facts)
    await people.put_invitation_used(tx, invitation.invitation_id, now)
    await people.put_current_meeting(tx, account.account_id, attendee.meeting_id)
    await _show_all(tx, account, organisation_id, person_id, attendee.meeting_id)
    if await meetings.lock_meeting(tx, attendee.meeting_id) is MeetingState.CLOSED:
        await add_summaries(tx, organisation_id, attendee.meeting_id, [account.account_id], now)
    return await _bound(tx, invitation, account, person_id, is_repeat=spoken_for is not None)


async def _tell_others(
    tx: Tx,
    invitation: Invitation,
    account: Account,
    others: Collection[int],
    organisation_id: int,
    now: datetime,
) -> None:
    """Tell the person's other accounts that one more speaks for them: whoever it was not notices."""
    await posts.add_posts(
        tx,
        PostKind.ALSO_BOUND,
        f"also:{account.account_id}:{now.timestamp()}",
        invitation.meeting_id or 0,
        others,
        organisation_id=organisation_id,
        meeting_id=invitation.meeting_id,
        priority=Priority.RESULT,
        facts={"platform": account.platform},
        now=now,
    )


async def _move_away(
    tx: Tx, invitation: Invitation, earlier: int, organisation_id: int, now: datetime
) -> None:
    """End an earlier account's binding and tell that account."""
    await people.forget_binding(tx, earlier, organisation_id)
    await dialogues.forget_dialogue(tx, earlier)
    await cards.forget_cards(tx, earlier, organisation_id=organisation_id)
    await posts.add_posts(
        tx,
        PostKind.MOVED_AWAY,
        f"moved:{invitation.invitation_id}:{now.timestamp()}",
        invitation.meeting_id or 0,
        [earlier],
        organisation_id=organisation_id,
        meeting_id=invitation.meeting_id,
        priority=Priority.RESULT,
        now=now,
    )


async def _bound(
    tx: Tx, invitation: Invitation, account: Account, person_id: int, *, is_repeat: bool
) -> Bound:
    if invitation.organisation_id is None:
        message = "a binding without an organisation"
        raise ValueError(message)
    name = await people.get_person_name(tx, person_id)
    return Bound(account, invitation.organisation_id, invitation.meeting_id, name, is_repeat)


async def _show_all(
    tx: Tx, account: Account, organisation_id: int, person_id: int, meeting_id: int | None
) -> None:
    """Want every card that concerns the person in this account; of closed meetings only `meeting_id`'s."""
    for each, is_attendee in await meetings.list_meetings_of(tx, organisation_id, person_id, also=meeting_id):
        for vote_id in await votes.list_votes(tx, each, {VoteState.OPEN, VoteState.PAUSED}):
            if account.account_id in await votes.list_elector_accounts(tx, vote_id):
                await _want(tx, account, CardKind.BALLOT, vote_id, organisation_id, each)
        if is_attendee:
            await _want(tx, account, CardKind.ATTENDANCE, each, organisation_id, each)
        actor = await people.find_actor(tx, account.account_id, each)
        if actor is not None and actor.roles:
            await _want(tx, account, CardKind.PANEL, each, organisation_id, each)
        await cards.touch_cards(tx, CardKind.PANEL, each)
    if await people.find_organiser(tx, account.account_id, organisation_id) is not None:
        await _want(tx, account, CardKind.HOME, organisation_id, organisation_id, None)


_PRIORITIES = {
    CardKind.BALLOT: Priority.BALLOT,
    CardKind.ATTENDANCE: Priority.PANEL,
    CardKind.PANEL: Priority.PANEL,
    CardKind.HOME: Priority.REFRESH,
}


async def _want(
    tx: Tx, account: Account, kind: CardKind, subject_id: int, organisation_id: int, meeting_id: int | None
) -> None:
    await cards.want_cards(
        tx,
        kind,
        subject_id,
        [account.account_id],
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=_PRIORITIES[kind],
    )


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
    invitation = await _hold_invitation(tx, key, code)
    refused = (
        await _refuse_invitation(tx, invitation, now)
        or _refuse_name(name, TITLE_LIMIT)
        or _refuse_name(person, NAME_LIMIT)
    )
    if refused is not None or invitation is None or invitation.kind is not InvitationKind.FOUNDER:
        return refused or Refused(Refusal.CODE_UNKNOWN)
    account = await people.get_account(tx, asked.account_id)
    organisation_id = await people.add_organisation(tx, name, language, timezone, now)
    person_id = await people.add_person(tx, organisation_id, person, None, now)
    await people.put_role(tx, organisation_id, person_id, Role.ORGANISER, None, now)
    await people.add_binding(tx, account, organisation_id, person_id, now)
    await people.put_invitation_used(tx, invitation.invitation_id, now)
    await _show_all(tx, account, organisation_id, person_id, None)
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
    invitation = await _hold_invitation(tx, key, code)
    refused = await _refuse_invitation(tx, invitation, now) or _refuse_name(person, NAME_LIMIT)
    if refused is not None or invitation is None or invitation.organisation_id is None:
        return refused or Refused(Refusal.CODE_UNKNOWN)
    account = await people.get_account(tx, asked.account_id)
    person_id = await people.find_bound_person(tx, asked.account_id, invitation.organisation_id)
    if person_id is None:
        person_id = await people.add_person(tx, invitation.organisation_id, person, None, now)
        await people.add_binding(tx, account, invitation.organisation_id, person_id, now)
    await _grant(tx, invitation, account, person_id, now)
    return await _bound(tx, invitation, account, person_id, is_repeat=False)


async def _grant(tx: Tx, invitation: Invitation, account: Account, person_id: int, now: datetime) -> None:
    if invitation.organisation_id is None or invitation.role is None:
        message = "a role's invitation without a role"
        raise ValueError(message)
    meeting_id = None if invitation.role is Role.ORGANISER else invitation.meeting_id
    await people.put_role(tx, invitation.organisation_id, person_id, invitation.role, meeting_id, now)
    await people.put_invitation_used(tx, invitation.invitation_id, now)
    if invitation.meeting_id is not None:
        await people.put_current_meeting(tx, account.account_id, invitation.meeting_id)
        facts = {"role": invitation.role, "who": await record.person_commitment(tx, person_id)}
        await record.append(tx, invitation.organisation_id, invitation.meeting_id, now, "role_granted", facts)
    for account_id in (await people.list_accounts_of(tx, [person_id])).get(person_id, []):
        each = await people.get_account(tx, account_id)
        await _show_all(tx, each, invitation.organisation_id, person_id, invitation.meeting_id)


async def make_founder_code(house: House) -> WayIn:
    """Make a one-time code that founds an organisation, good for seven days."""
    async with house.database.transaction() as tx:
        now = house.now()
        invitation = await people.add_invitation(
            tx, house.key, InvitationKind.FOUNDER, now, expires_at=now + _ROLE_LINK_LIFE
        )
        return _way_in(house.key, invitation)


async def offer_founder_code(house: House) -> WayIn | None:
    """Give the code for the first organiser: the one offered before while it is good, else a new one.

    None where an organisation has been founded.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        if await people.has_organisation(tx):
            return None
        invitation = await people.find_founder_invitation(tx, now)
        if invitation is None:
            expires_at = now + _ROLE_LINK_LIFE
            invitation = await people.add_invitation(
                tx, house.key, InvitationKind.FOUNDER, now, expires_at=expires_at
            )
        return _way_in(house.key, invitation)


def way_in(key: bytes, invitation_id: int, generation: int, expires_at: datetime | None = None) -> WayIn:
    """Give the link token and the code of an invitation."""
    return WayIn(
        link_token(key, invitation_id, generation), short_code(key, invitation_id, generation), expires_at
    )


def _way_in(key: bytes, invitation: Invitation) -> WayIn:
    return way_in(key, invitation.invitation_id, invitation.generation, invitation.expires_at)


async def invite_role(house: House, asked: Asked, meeting_id: int, role: Role) -> WayIn | Refused:
    """Make a one-time link for a role, good for seven days."""
    return await _invite_role(house, asked, meeting_id, role, house.key)


@request
async def _invite_role(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, role: Role, key: bytes
) -> WayIn | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    if role is Role.ORGANISER and Role.ORGANISER not in actor.roles:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.INVITE})
    view = await get_meeting_view(tx, meeting_id)
    invitation = await people.add_invitation(
        tx,
        key,
        InvitationKind.ROLE,
        now,
        organisation_id=view.organisation_id,
        meeting_id=meeting_id,
        role=role,
        expires_at=now + _ROLE_LINK_LIFE,
    )
    await record.append(
        tx, view.organisation_id, meeting_id, now, "role_invited", {"role": role}, actor=actor
    )
    return _way_in(key, invitation)


async def renew_invitation(house: House, asked: Asked, attendee_id: int) -> WayIn | Refused:
    """Make an attendee's link and code anew; the old ones fit no more, accounts bound by them are let go."""
    return await _renew(house, asked, attendee_id, house.key)


@request
async def _renew(tx: Tx, asked: Asked, now: datetime, attendee_id: int, key: bytes) -> WayIn | Refused:
    attendee = await meetings.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    if attendee.person_id == actor.person_id:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.INVITE})
    invitation = await people.renew_invitation(tx, key, attendee_id)
    if invitation is None:
        return Refused(Refusal.NOT_FOUND)
    for account_id in (await people.list_accounts_of(tx, [attendee.person_id])).get(attendee.person_id, []):
        await _move_away(tx, invitation, account_id, attendee.organisation_id, now)
    facts = {"attendee": attendee_id}
    await record.append(
        tx, attendee.organisation_id, attendee.meeting_id, now, "invitation_renewed", facts, actor=actor
    )
    await cards.touch_cards(tx, CardKind.PANEL, attendee.meeting_id)
    return _way_in(key, invitation)


@request
async def attend_oneself(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> Bound | Unchanged | Refused:
    """Put an organiser or secretary who isn't on the roll there as a voting attendee."""
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is not None:
        return Unchanged()
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return Refused(Refusal.MEETING_CLOSED)
    view = await get_meeting_view(tx, meeting_id)
    await meetings.put_attendee_for_person(
        tx, view.organisation_id, meeting_id, actor.person_id, Standing.VOTING
    )
    account = await people.get_account(tx, asked.account_id)
    await _show_all(tx, account, view.organisation_id, actor.person_id, meeting_id)
    facts = {"who": await record.person_commitment(tx, actor.person_id), "standing": Standing.VOTING}
    await record.append(tx, view.organisation_id, meeting_id, now, "attendee_added", facts, actor=actor)
    await watch_quorum(tx, view, now)
    name = await people.get_person_name(tx, actor.person_id)
    return Bound(account, view.organisation_id, meeting_id, name, is_repeat=False)


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
            await _let_go(tx, actor, view.organisation_id, meeting_id, now)
            return ConsentRecorded(is_given, is_let_go=True)
    await cards.touch_cards(tx, CardKind.ATTENDANCE, meeting_id, [asked.account_id])
    return ConsentRecorded(is_given)


@request
async def report_wrong_person(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> LetGo | Refused:
    """Let an account go that says it isn't the person ("SAI"); the link stays good for the right one."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    if actor.roles:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP})
    view = await get_meeting_view(tx, meeting_id)
    name = await people.get_person_name(tx, actor.person_id)
    await _let_go(tx, actor, view.organisation_id, meeting_id, now)
    return LetGo(name)


async def _let_go(tx: Tx, actor: Actor, organisation_id: int, meeting_id: int, now: datetime) -> None:
    await people.forget_binding(tx, actor.account_id, organisation_id)
    await dialogues.forget_dialogue(tx, actor.account_id)
    await cards.forget_cards(tx, actor.account_id, organisation_id=organisation_id)
    facts = {"who": await record.person_commitment(tx, actor.person_id)}
    await record.append(tx, organisation_id, meeting_id, now, "account_let_go", facts)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)


@request
async def set_language(tx: Tx, asked: Asked, now: datetime, language: str) -> Unchanged | Refused:
    """Set the language that an account is spoken to in; its cards follow."""
    del now
    await people.put_account_language(tx, asked.account_id, language)
    await cards.touch_account_cards(tx, asked.account_id)
    return Unchanged()

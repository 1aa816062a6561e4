"""Which account speaks for whom: bound, moved, let go; and all that is shown to an account then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.asking import Asked, RepeatedEventError, bound, permitted, refuse_closed, request
from handlers.hall import watch_quorum
from handlers.meetings import Unchanged, add_summaries
from handlers.showing import leave_others, show_all, show_in_use
from meeting.people import Actor, Right, Role, Standing
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind, Priority
from storage import (
    attendees,
    cards,
    claims,
    dialogues,
    invitations,
    marks,
    meetings,
    people,
    posts,
    record,
)
from storage.attendees import Attendee
from storage.database import Tx
from storage.invitations import Invitation
from storage.people import Account
from storage.platforms import ON_PAGES
from storage.reading import get_meeting_view

IDENTITY = "identity"
"""The topic of the question who somebody is, which stays until the organiser has decided."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The account speaks for the person now, as it did before where `is_repeat`."""

    account: Account
    organisation_id: int
    meeting_id: int | None
    person: str
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class MoveNeeded:
    """Another account speaks for the person: whether this one shall in its place is to be confirmed."""

    account: Account
    invitation: Invitation
    person: str


class Represented(Protocol):
    """Whom an account speaks for: an attendee, or a person of whom no meeting may be known yet."""

    @property
    def organisation_id(self) -> int:
        """Where the person is known."""

    @property
    def meeting_id(self) -> int | None:
        """The meeting that it is about."""

    @property
    def person_id(self) -> int:
        """The person."""


@dataclass(frozen=True, slots=True)
class _Person:
    organisation_id: int
    meeting_id: int | None
    person_id: int


@dataclass(frozen=True, slots=True)
class LetGo:
    """The account speaks for nobody in that organisation any more."""

    person: str


async def bind(
    tx: Tx, invitation: Invitation, account: Account, asked: Asked, now: datetime, *, may_move: bool
) -> Bound | MoveNeeded | Refused:
    """Bind an account to the person that it is for; delivered again it leaves everything as it is now."""
    who = await _named(tx, invitation)
    person_id, organisation_id = who.person_id, who.organisation_id
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
        return await bound_as(tx, invitation, account, person_id, is_repeat=True)
    if spoken_for is None:
        await let_speak(tx, account, who, earlier, now)
    await invitations.put_invitation_used(tx, invitation.invitation_id, now)
    await show_meeting(tx, account, who, now)
    return await bound_as(tx, invitation, account, person_id, is_repeat=spoken_for is not None)


async def _named(tx: Tx, invitation: Invitation) -> Represented:
    if invitation.organisation_id is not None and invitation.person_id is not None:
        return _Person(invitation.organisation_id, invitation.meeting_id, invitation.person_id)
    return await attendees.get_attendee(tx, invitation.attendee_id or 0)


async def let_speak(
    tx: Tx,
    account: Account,
    who: Represented,
    earlier: int | None,
    now: datetime,
    *,
    by: Actor | None = None,
) -> None:
    """Let an account speak for somebody, in place of the `earlier` one, and tell the others.

    `by` is who decided it, where it was not the person alone. Outside of a meeting it stands on no record.
    """
    organisation_id, meeting_id, person_id = who.organisation_id, who.meeting_id, who.person_id
    if earlier is not None:
        await move_away(tx, earlier, organisation_id, meeting_id, now)
    others = (await people.list_accounts_of(tx, [person_id])).get(person_id, [])
    await people.add_binding(tx, account, organisation_id, person_id, now)
    await drop_claims(tx, account.account_id, organisation_id)
    if account.platform not in ON_PAGES:
        await leave_others(tx, account.account_id, person_id)
    if meeting_id is None:
        return
    # Whoever it was not notices.
    await posts.add_posts(
        tx,
        PostKind.ALSO_BOUND,
        f"also:{account.account_id}:{now.timestamp()}",
        meeting_id,
        others,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.RESULT,
        facts={"platform": account.platform},
        now=now,
        is_to_each=True,
    )
    facts = {"platform": account.platform, "who": await record.person_commitment(tx, person_id)}
    act = "account_bound" if earlier is None else "account_moved"
    await record.append(tx, organisation_id, meeting_id, now, act, facts, actor=by)


async def drop_claims(tx: Tx, account_id: int, organisation_id: int) -> None:
    """Drop what an account that is known now has claimed in an organisation, and the question behind it."""
    for meeting_id in await claims.put_claims_withdrawn(tx, organisation_id, account_id):
        await cards.touch_cards(tx, CardKind.CLAIMS, meeting_id)
    pending = await dialogues.find_dialogue(tx, account_id)
    if pending is None or pending.topic != IDENTITY:
        return
    if (await get_meeting_view(tx, pending.state["meeting_id"])).organisation_id == organisation_id:
        await dialogues.forget_dialogue(tx, account_id, pending.version)


async def show_meeting(tx: Tx, account: Account, who: Represented, now: datetime) -> None:
    """Show somebody's account the meeting, and what else concerns the person in the organisation."""
    organisation_id, meeting_id = who.organisation_id, who.meeting_id
    if meeting_id is not None:
        await people.put_current_meeting(tx, account.account_id, meeting_id)
    await show_all(tx, account, organisation_id, who.person_id, meeting_id)
    if meeting_id is not None and await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        await add_summaries(tx, organisation_id, meeting_id, [account.account_id], now)


async def move_away(
    tx: Tx, account_id: int, organisation_id: int, meeting_id: int | None, now: datetime
) -> None:
    """End an account's binding, which others decided, and tell that account."""
    await people.forget_binding(tx, account_id, organisation_id)
    await dialogues.forget_dialogue(tx, account_id)
    await cards.forget_cards(tx, account_id, organisation_id=organisation_id)
    await posts.add_posts(
        tx,
        PostKind.MOVED_AWAY,
        f"moved:{account_id}:{now.timestamp()}",
        meeting_id or organisation_id,
        [account_id],
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.RESULT,
        now=now,
    )


async def bound_as(
    tx: Tx, invitation: Invitation, account: Account, person_id: int, *, is_repeat: bool
) -> Bound:
    """Give that an account speaks for a person by an invitation."""
    if invitation.organisation_id is None:
        message = "a binding without an organisation"
        raise ValueError(message)
    name = await people.get_person_name(tx, person_id)
    return Bound(account, invitation.organisation_id, invitation.meeting_id, name, is_repeat)


@request
async def attend_oneself(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> Bound | Unchanged | Refused:
    """Put an organiser or secretary who isn't on the roll there as a voting attendee."""
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    if actor.attendee_id is not None:
        return Unchanged()
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    view = await get_meeting_view(tx, meeting_id)
    await attendees.put_attendee_for_person(
        tx, view.organisation_id, meeting_id, actor.person_id, Standing.VOTING
    )
    account = await people.get_account(tx, asked.account_id)
    await show_all(tx, account, view.organisation_id, actor.person_id, meeting_id)
    facts = {"who": await record.person_commitment(tx, actor.person_id), "standing": Standing.VOTING}
    await record.append(tx, view.organisation_id, meeting_id, now, "attendee_added", facts, actor=actor)
    await watch_quorum(tx, view, now)
    name = await people.get_person_name(tx, actor.person_id)
    return Bound(account, view.organisation_id, meeting_id, name, is_repeat=False)


async def list_out_of_reach(tx: Tx, actor: Actor, organisation_id: int) -> set[int]:
    """Give the people whose links the actor doesn't handle: organisers, where the actor is none.

    Whoever speaks for an organiser is one.
    """
    return set() if Role.ORGANISER in actor.roles else await people.list_organisers(tx, organisation_id)


async def refuse_out_of_reach(tx: Tx, actor: Actor, attendee: Attendee) -> Refused | None:
    """Give why the actor doesn't handle an attendee's link, if so."""
    out_of_reach = await list_out_of_reach(tx, actor, attendee.organisation_id)
    return Refused(Refusal.ORGANISERS_ONLY) if attendee.person_id in out_of_reach else None


@request
async def unbind_account(
    tx: Tx, asked: Asked, now: datetime, attendee_id: int, platform: str
) -> LetGo | Refused:
    """End the link of an attendee's account on a platform and tell it; the personal link stays good."""
    attendee = await attendees.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    if attendee.person_id == actor.person_id:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.INVITE})
    refused = await refuse_out_of_reach(tx, actor, attendee)
    if refused is not None:
        return refused
    account_id = await people.find_bound_account(tx, attendee.person_id, platform)
    if account_id is None:
        return Refused(Refusal.OUT_OF_DATE)
    await move_away(tx, account_id, attendee.organisation_id, attendee.meeting_id, now)
    await show_in_use(tx, attendee.organisation_id, attendee.person_id)
    facts = {"platform": platform, "who": await record.person_commitment(tx, attendee.person_id)}
    await record.append(
        tx, attendee.organisation_id, attendee.meeting_id, now, "account_unbound", facts, actor=actor
    )
    await cards.touch_cards(tx, CardKind.PANEL, attendee.meeting_id)
    return LetGo(await people.get_person_name(tx, attendee.person_id))


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
    await let_go(tx, actor, view.organisation_id, meeting_id, now)
    return LetGo(name)


async def let_go(tx: Tx, actor: Actor, organisation_id: int, meeting_id: int, now: datetime) -> None:
    """End the binding of the account that says so itself, on record."""
    await people.forget_binding(tx, actor.account_id, organisation_id)
    await dialogues.forget_dialogue(tx, actor.account_id)
    await cards.forget_cards(tx, actor.account_id, organisation_id=organisation_id)
    await show_in_use(tx, organisation_id, actor.person_id)
    facts = {"who": await record.person_commitment(tx, actor.person_id)}
    await record.append(tx, organisation_id, meeting_id, now, "account_let_go", facts)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)

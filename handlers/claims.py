"""Who comes by the shared link: known by the phone number, or by a name that waits for the organiser."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.admission import add_guess, hold_invitation, refuse_guesses, refuse_invitation
from handlers.asking import Asked, House, permitted, request
from handlers.binding import (
    IDENTITY,
    Bound,
    MoveNeeded,
    bind,
    let_speak,
    refuse_out_of_reach,
    show_meeting,
)
from meeting import names
from meeting.names import find_namesakes
from meeting.people import Actor, Right, roles_with
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, ClaimState, InvitationKind, PostKind, Priority
from storage import attendees, cards, claims, dialogues, invitations, meetings, people, posts, record
from storage.claims import Claim
from storage.database import Tx
from storage.invitations import Invitation
from storage.people import Account
from storage.platforms import ON_PAGES
from storage.views import Seat


@dataclass(frozen=True, slots=True)
class PhoneUnmatched:
    """No attendee alone has the number; `among` are those who share it."""

    among: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimMade:
    """The name waits for the organiser."""

    claim_id: int
    typed_name: str


@dataclass(frozen=True, slots=True)
class ClaimAccepted:
    """The account speaks for the attendee from now on."""

    person: str


@dataclass(frozen=True, slots=True)
class ClaimUnsure:
    """Another account speaks for the person already: it is to be asked once more."""

    person: str


@dataclass(frozen=True, slots=True)
class ClaimDeclined:
    """The account stays unknown."""

    typed_name: str


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    """Nobody needs to decide any more."""


# Who comes


async def share_phone(
    house: House, asked: Asked, code: str, phone: str | None
) -> Bound | MoveNeeded | PhoneUnmatched | Refused:
    """Bind an account to the only attendee who has its own phone number: in E.164, None where it is none.

    The number itself is kept nowhere. One that doesn't match counts as a try. Raises RepeatedEventError as
    `handlers.joining.join`.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        account = await people.get_account(tx, asked.account_id)
        invitation = await _hold_shared(tx, account, house.key, code, now)
        if isinstance(invitation, Refused):
            return invitation
        found = (
            []
            if phone is None
            else await claims.list_attendees_of_phone(tx, invitation.meeting_id or 0, phone)
        )
        personal = await invitations.find_attendee_invitation(tx, found[0]) if len(found) == 1 else None
        if personal is None:
            await add_guess(tx, account, now)
            return PhoneUnmatched(tuple(found))
        return await bind(tx, personal, account, asked, now, may_move=False)


async def _hold_shared(
    tx: Tx, account: Account, key: bytes, code: str, now: datetime
) -> Invitation | Refused:
    refused = await refuse_guesses(tx, account, now)
    if refused is not None:
        return refused
    invitation = await hold_invitation(tx, key, code)
    if isinstance(invitation, Refused):
        return invitation
    if invitation.kind is not InvitationKind.SHARED:
        return Refused(Refusal.CODE_UNKNOWN)
    return await refuse_invitation(tx, invitation, now) or invitation


async def _drop_claim(tx: Tx, account_id: int, meeting_id: int) -> None:
    """Drop an account's claim and the question that it answered."""
    await _forget_question(tx, account_id, meeting_id)
    if await claims.put_claim_withdrawn(tx, meeting_id, account_id):
        await cards.touch_cards(tx, CardKind.CLAIMS, meeting_id)


async def _forget_question(tx: Tx, account_id: int, meeting_id: int) -> None:
    pending = await dialogues.find_dialogue(tx, account_id)
    if pending is not None and pending.topic == IDENTITY and pending.state.get("meeting_id") == meeting_id:
        await dialogues.forget_dialogue(tx, account_id)


async def claim_name(
    house: House, asked: Asked, code: str, typed: str, among: Sequence[int] = ()
) -> ClaimMade | Refused:
    """Have a typed name wait for the organiser, in place of an earlier one; it never binds by itself.

    `among` are attendees who come into question by their phone number.
    """
    return await _claim(house, asked, code, names.tidy(typed), tuple(among), house.key)


@request
async def _claim(
    tx: Tx, asked: Asked, now: datetime, code: str, typed: str, among: tuple[int, ...], key: bytes
) -> ClaimMade | Refused:
    if not any(letter.isalpha() for letter in typed):
        return Refused(Refusal.NAME_UNREADABLE)
    if len(typed) > NAME_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": NAME_LIMIT, "length": len(typed)})
    account = await people.get_account(tx, asked.account_id)
    invitation = await _hold_shared(tx, account, key, code, now)
    if isinstance(invitation, Refused):
        return invitation
    organisation_id, meeting_id = invitation.organisation_id or 0, invitation.meeting_id or 0
    if await people.find_bound_person(tx, account.account_id, organisation_id) is not None:
        return Refused(Refusal.OUT_OF_DATE)
    await add_guess(tx, account, now)
    likely = _likely(typed, await claims.list_seats(tx, meeting_id, account.platform), among)
    is_first = not await claims.list_waiting_claims(tx, meeting_id)
    claim_id = await claims.add_claim(tx, organisation_id, meeting_id, account.account_id, likely, typed, now)
    state = {
        "meeting_id": meeting_id,
        "invitation_id": invitation.invitation_id,
        "generation": invitation.generation,
        "typed": typed,
        "is_declined": False,
        "among": list(among),
    }
    await dialogues.put_dialogue(tx, account.account_id, IDENTITY, state, now)
    await _show_claims(tx, organisation_id, meeting_id, is_first=is_first)
    return ClaimMade(claim_id, typed)


def _likely(typed: str, seats: Sequence[Seat], among: Collection[int]) -> int | None:
    """Give who is meant where one fits better than all others."""
    narrowed = [seat for seat in seats if not among or seat.attendee_id in among]
    fitting = find_namesakes(typed, ((seat.attendee_id, seat.name, seat.unit) for seat in narrowed))
    best = [attendee_id for how, attendee_id in fitting if how is fitting[0][0]]
    return best[0] if len(best) == 1 else None


async def _show_claims(tx: Tx, organisation_id: int, meeting_id: int, *, is_first: bool) -> None:
    """Show the list to those who decide; the first that waits brings it down to where it is noticed."""
    deciders = await people.list_role_accounts(tx, meeting_id, roles_with(Right.INVITE))
    if is_first:
        for account_id in deciders:
            await cards.move_card(tx, CardKind.CLAIMS, meeting_id, account_id, None)
    await cards.want_cards(
        tx,
        CardKind.CLAIMS,
        meeting_id,
        deciders,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
    )


@request
async def withdraw_claim(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> ClaimWithdrawn | Refused:
    """Take back one's own claim; a repeat does nothing."""
    del now
    await meetings.lock_meeting(tx, meeting_id)
    await _drop_claim(tx, asked.account_id, meeting_id)
    return ClaimWithdrawn()


# Who decides


@request
async def accept_claim(
    tx: Tx, asked: Asked, now: datetime, claim_id: int, attendee_id: int, *, is_sure: bool
) -> ClaimAccepted | ClaimUnsure | Refused:
    """Let an account that waits speak for an attendee; decided once, and the account is told.

    Another account of the same platform that speaks for the person already is let go, once that is sure.
    """
    held = await _hold_waiting(tx, asked, claim_id)
    if isinstance(held, Refused):
        return held
    claim, actor = held
    attendee = await attendees.get_attendee(tx, attendee_id)
    if attendee.meeting_id != claim.meeting_id:
        return Refused(Refusal.NOT_FOUND)
    refused = await refuse_out_of_reach(tx, actor, attendee)
    if refused is not None:
        return refused
    account = await people.get_account(tx, claim.account_id)
    spoken_for = await people.find_bound_person(tx, account.account_id, claim.organisation_id)
    if spoken_for is not None and spoken_for != attendee.person_id:
        return Refused(Refusal.CLAIM_DECIDED)
    name = await people.get_person_name(tx, attendee.person_id)
    earlier = await people.find_bound_account(tx, attendee.person_id, account.platform)
    if spoken_for is None and earlier is not None and not is_sure:
        return ClaimUnsure(name)
    await claims.put_claim_decided(tx, claim_id, ClaimState.ACCEPTED, attendee_id, actor.person_id, now)
    if spoken_for is None:
        await let_speak(tx, account, attendee, earlier, now, by=actor)
    await _forget_question(tx, account.account_id, claim.meeting_id)
    await show_meeting(tx, account, attendee, now)
    await _tell(tx, PostKind.CLAIM_ACCEPTED, claim, now)
    await cards.touch_cards(tx, CardKind.CLAIMS, claim.meeting_id)
    return ClaimAccepted(name)


@request
async def decline_claim(tx: Tx, asked: Asked, now: datetime, claim_id: int) -> ClaimDeclined | Refused:
    """Leave an account that waits unknown; decided once, and the account is told what to do next."""
    held = await _hold_waiting(tx, asked, claim_id)
    if isinstance(held, Refused):
        return held
    claim, actor = held
    await claims.put_claim_decided(tx, claim_id, ClaimState.DECLINED, None, actor.person_id, now)
    pending = await dialogues.find_dialogue(tx, claim.account_id)
    if pending is not None and pending.topic == IDENTITY and pending.state["meeting_id"] == claim.meeting_id:
        state = pending.state | {"is_declined": True}
        await dialogues.put_dialogue(tx, claim.account_id, IDENTITY, state, now)
    await record.append(
        tx, claim.organisation_id, claim.meeting_id, now, "claim_declined", {"claim": claim_id}, actor=actor
    )
    account = await people.get_account(tx, claim.account_id)
    if account.platform not in ON_PAGES:  # a page shows the question, which says it
        await _tell(tx, PostKind.CLAIM_DECLINED, claim, now)
    await cards.touch_cards(tx, CardKind.CLAIMS, claim.meeting_id)
    return ClaimDeclined(claim.typed_name)


async def _hold_waiting(tx: Tx, asked: Asked, claim_id: int) -> tuple[Claim, Actor] | Refused:
    """Give a claim that waits, with who may decide about it; nobody else decides meanwhile."""
    claim = await claims.get_claim(tx, claim_id)
    actor = await permitted(tx, asked, claim.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, claim.meeting_id)
    claim = await claims.get_claim(tx, claim_id)
    return (claim, actor) if claim.state is ClaimState.WAITING else Refused(Refusal.CLAIM_DECIDED)


async def _tell(tx: Tx, kind: PostKind, claim: Claim, now: datetime) -> None:
    await posts.add_posts(
        tx,
        kind,
        f"claim:{claim.claim_id}",
        claim.meeting_id,
        [claim.account_id],
        organisation_id=claim.organisation_id,
        meeting_id=claim.meeting_id,
        priority=Priority.ANSWER,
        now=now,
    )

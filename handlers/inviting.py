"""Ways in that are handed out: founders' and roles' one-time links, personal links, the shared link."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.asking import Asked, House, permitted, request
from handlers.binding import list_out_of_reach, move_away, refuse_out_of_reach
from meeting.codes import link_token, short_code
from meeting.people import Reply, Right, Role
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, InvitationKind
from storage import attendees, cards, invitations, meetings, people, record
from storage.database import Tx
from storage.invitations import Invitation
from storage.reading import get_meeting_view, list_invitations
from storage.views import AttendeeView, MeetingView

_ROLE_LINK_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WayIn:
    """An invitation as a link and as a code; the platforms make addresses of the link's token."""

    token: str
    code: str
    expires_at: datetime | None = None


async def make_founder_code(house: House) -> WayIn:
    """Make a one-time code that founds an organisation, good for seven days."""
    async with house.database.transaction() as tx:
        now = house.now()
        invitation = await invitations.add_invitation(
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
        invitation = await invitations.find_founder_invitation(tx, now)
        if invitation is None:
            expires_at = now + _ROLE_LINK_LIFE
            invitation = await invitations.add_invitation(
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
    invitation = await invitations.add_invitation(
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
    attendee = await attendees.get_attendee(tx, attendee_id)
    actor = await permitted(tx, asked, attendee.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    if attendee.person_id == actor.person_id:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.INVITE})
    refused = await refuse_out_of_reach(tx, actor, attendee)
    if refused is not None:
        return refused
    invitation = await invitations.renew_invitation(tx, key, attendee_id)
    if invitation is None:
        return Refused(Refusal.NOT_FOUND)
    for account_id in (await people.list_accounts_of(tx, [attendee.person_id])).get(attendee.person_id, []):
        await move_away(tx, account_id, attendee.organisation_id, attendee.meeting_id, now)
    facts = {"attendee": attendee_id}
    await record.append(
        tx, attendee.organisation_id, attendee.meeting_id, now, "invitation_renewed", facts, actor=actor
    )
    await cards.touch_cards(tx, CardKind.PANEL, attendee.meeting_id)
    return _way_in(key, invitation)


@dataclass(frozen=True, slots=True)
class SlipsIssued:
    """The personal ways in, to be printed; `withheld` is how many more there are that only organisers get."""

    meeting: MeetingView
    ways: tuple[tuple[AttendeeView, WayIn], ...]
    withheld: int


async def issue_slips(house: House, asked: Asked, meeting_id: int) -> SlipsIssued | Refused:
    """Give the personal links and codes for printing, on record.

    But those of who sent a substitute, and of organisers where the one who asks is none.
    """
    return await _issue_slips(house, asked, meeting_id, house.key)


@request
async def _issue_slips(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, key: bytes
) -> SlipsIssued | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    view = await get_meeting_view(tx, meeting_id)
    issued = await list_slips(
        tx, key, meeting_id, but=await list_out_of_reach(tx, actor, view.organisation_id)
    )
    if not issued.ways:
        return Refused(Refusal.ORGANISERS_ONLY if issued.withheld else Refusal.MEETING_HAS_NO_ATTENDEES)
    facts = {"attendees": len(issued.ways)}
    await record.append(
        tx, issued.meeting.organisation_id, meeting_id, now, "slips_issued", facts, actor=actor
    )
    return issued


async def list_slips(tx: Tx, key: bytes, meeting_id: int, *, but: Collection[int] = ()) -> SlipsIssued:
    """Give what stands on a meeting's slips, but on those of these people; raises MeetingNotFoundError."""
    coming = [
        each
        for each in await list_invitations(tx, meeting_id)
        if each.attendee.reply is not Reply.SUBSTITUTED
    ]
    ways = tuple(
        (each.attendee, way_in(key, each.invitation_id, each.generation))
        for each in coming
        if each.attendee.person_id not in but
    )
    return SlipsIssued(await get_meeting_view(tx, meeting_id), ways, len(coming) - len(ways))


# The shared link


async def find_shared_way(tx: Tx, key: bytes, meeting_id: int) -> WayIn | None:
    """Give a meeting's shared link and code as they are now, if they were made."""
    invitation = await invitations.find_shared_invitation(tx, meeting_id)
    return None if invitation is None else _way_in(key, invitation)


async def give_shared_way(house: House, meeting_id: int) -> WayIn:
    """Give a meeting's shared link and code, made at the first call; they name nobody, and bind nobody.

    Raises MeetingNotFoundError.
    """
    async with house.database.transaction() as tx:
        await meetings.lock_meeting(tx, meeting_id)
        return await put_shared_way(tx, house.key, meeting_id, house.now())


async def put_shared_way(tx: Tx, key: bytes, meeting_id: int, now: datetime) -> WayIn:
    """As `give_shared_way`, in the caller's transaction, which holds the meeting."""
    invitation = await invitations.find_shared_invitation(tx, meeting_id)
    if invitation is None:
        view = await get_meeting_view(tx, meeting_id)
        invitation = await invitations.add_invitation(
            tx,
            key,
            InvitationKind.SHARED,
            now,
            organisation_id=view.organisation_id,
            meeting_id=meeting_id,
        )
    return _way_in(key, invitation)


async def renew_shared_way(house: House, asked: Asked, meeting_id: int) -> WayIn | Refused:
    """Make a meeting's shared link and code anew; the old ones fit no more, who came by them stays bound."""
    return await _renew_shared(house, asked, meeting_id, house.key)


@request
async def _renew_shared(tx: Tx, asked: Asked, now: datetime, meeting_id: int, key: bytes) -> WayIn | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    invitation = await invitations.renew_shared_invitation(tx, key, meeting_id)
    if invitation is None:
        return Refused(Refusal.NOT_FOUND)
    view = await get_meeting_view(tx, meeting_id)
    await record.append(tx, view.organisation_id, meeting_id, now, "shared_link_renewed", {}, actor=actor)
    return _way_in(key, invitation)

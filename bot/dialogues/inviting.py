"""Ways in that are handed out: roles' links, personal links, the shared one."""

import asyncio
import threading

from bot.actions import GetSlips, InviteRole, RenewInvitation, RenewSharedLink, ShowInvitations, UnbindAccount
from bot.cards.invitations import Way, invitations_card, role_card
from bot.cards.setup import sure_card
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer, Attachment, Card, Line
from bot.wording import claims as wording
from bot.wording import prompts
from bot.wording import slips as slips_wording
from handlers import binding, inviting
from handlers.asking import permitted
from handlers.binding import list_out_of_reach, refuse_out_of_reach
from handlers.inviting import WayIn, give_shared_way, way_in
from meeting.people import Right
from meeting.refusals import Refused
from storage import people
from storage.attendees import get_attendee, get_seat
from storage.claims import list_waiting_claims
from storage.groups import list_group_lines
from storage.reading import get_meeting_view, list_invitations
from storage.views import InvitationView


async def invite_role(talk: Talk, action: InviteRole) -> Answer:
    """Hand out a role's one-time link."""
    made = await inviting.invite_role(talk.house, talk.asked, action.meeting_id, action.role)
    if isinstance(made, Refused):
        return talk.refuse(made)
    return Answer(card=role_card(talk.voice, action.role, _way(talk, made)))


def _shared_way(talk: Talk, way: WayIn) -> Way:
    return _way_by(talk, way, talk.addresses.shared_link(way.token))


def _way(talk: Talk, way: WayIn, name: str = "", unit: str = "", *, is_bound: bool = False) -> Way:
    return _way_by(talk, way, talk.addresses.web_link(way.token), name, unit, is_bound=is_bound)


def _way_by(
    talk: Talk, way: WayIn, page: str, name: str = "", unit: str = "", *, is_bound: bool = False
) -> Way:
    links = [("Web", page)]
    telegram, zalo = talk.addresses.telegram_link(way.token), talk.addresses.zalo_link()
    if telegram is not None:
        links.append(("Telegram", telegram))
    if zalo is not None:
        links.append((slips_wording.zalo_way_label(talk.voice), zalo))
    return Way(name, unit, way.code, tuple(links), is_bound)


def _personal_way(talk: Talk, invitation: InvitationView, out_of_reach: set[int]) -> Way:
    attendee = invitation.attendee
    name, unit, is_bound = attendee.name, attendee.unit or "", attendee.is_bound
    if attendee.person_id in out_of_reach:
        return Way(name, unit, "", (), is_bound)
    way = way_in(talk.house.key, invitation.invitation_id, invitation.generation)
    return _way(talk, way, name, unit, is_bound=is_bound)


async def show_invitations(talk: Talk, action: ShowInvitations) -> Answer:
    """Show the attendees' personal links and codes, a page at a time."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.INVITE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
        invitations = await list_invitations(tx, action.meeting_id)
        groups = await list_group_lines(tx, action.meeting_id)
        waiting = len(await list_waiting_claims(tx, action.meeting_id))
        out_of_reach = await list_out_of_reach(tx, actor, meeting.organisation_id)
        ways = [_personal_way(talk, each, out_of_reach) for each in invitations]
    voice = talk.about(meeting).voice
    shared = _shared_way(talk, await give_shared_way(talk.house, action.meeting_id))
    card = invitations_card(
        voice,
        meeting,
        ways,
        action.page,
        shared,
        groups,
        waiting=waiting,
        group_platforms=talk.addresses.group_platforms,
    )
    return Answer(card=card, replaces=True)


async def renew_invitation(talk: Talk, action: RenewInvitation) -> Answer:
    """Make an attendee's link anew and show it; asked about once more while the old one is in use."""
    async with talk.house.database.snapshot() as tx:
        attendee = await get_attendee(tx, action.attendee_id)
        actor = await permitted(tx, talk.asked, attendee.meeting_id, Right.INVITE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        refused = await refuse_out_of_reach(tx, actor, attendee)
        if refused is not None:
            return talk.refuse(refused)
        _, name, unit = await get_seat(tx, action.attendee_id)
        is_in_use = bool(await people.list_accounts_of(tx, [attendee.person_id]))
    if is_in_use and not action.sure:
        sure, label = RenewInvitation(action.attendee_id, 1), prompts.button_renew(talk.voice)
        return Answer(card=sure_card(talk.voice, prompts.renew_sure(talk.voice, name), label, sure))
    made = await inviting.renew_invitation(talk.house, talk.asked, action.attendee_id)
    if isinstance(made, Refused):
        return talk.refuse(made)
    return Answer(card=role_card(talk.voice, None, _way(talk, made, name, unit)))


async def renew_shared_link(talk: Talk, action: RenewSharedLink) -> Answer:
    """Make the shared link anew; asked about once more."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return talk.refuse(actor)
    if not action.sure:
        text, label = wording.renew_shared_sure(talk.voice), wording.button_renew_shared(talk.voice)
        return Answer(card=sure_card(talk.voice, text, label, RenewSharedLink(action.meeting_id, 1)))
    made = await inviting.renew_shared_way(talk.house, talk.asked, action.meeting_id)
    if isinstance(made, Refused):
        return talk.refuse(made)
    return await show_invitations(talk, ShowInvitations(action.meeting_id, 0))


_PRESS = threading.Lock()
"""Held while slips are printed: one document at a time, as each takes a processor for seconds."""


async def get_slips(talk: Talk, action: GetSlips) -> Answer:
    """Hand out everybody's personal links as slips to be printed."""
    # It loads what no other answer needs.
    from bot.papers.slips import PDF, print_slips

    if not _PRESS.acquire(blocking=False):
        return Answer(slips_wording.being_made(talk.voice))
    try:
        issued = await inviting.issue_slips(talk.house, talk.asked, action.meeting_id)
        if isinstance(issued, Refused):
            return talk.refuse(issued)
        voice = talk.about(issued.meeting).voice
        content = await asyncio.to_thread(print_slips, voice, talk.addresses, issued)
    finally:
        _PRESS.release()
    file = Attachment(slips_wording.file_name(voice), PDF, content)
    lines = [Line(slips_wording.slips_made(voice, len(issued.ways)))]
    if issued.withheld:
        lines.append(Line(slips_wording.slips_withheld(voice)))
    return Answer(card=Card(tuple(lines), attachments=(file,)))


async def unbind_account(talk: Talk, action: UnbindAccount) -> Answer:
    """End an attendee's link on a platform; asked about once more."""
    async with talk.house.database.snapshot() as tx:
        attendee = await get_attendee(tx, action.attendee_id)
        actor = await permitted(tx, talk.asked, attendee.meeting_id, Right.INVITE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        refused = await refuse_out_of_reach(tx, actor, attendee)
        if refused is not None:
            return talk.refuse(refused)
        _, name, _ = await get_seat(tx, action.attendee_id)
    if not action.sure:
        text = wording.unbind_sure(talk.voice, name, action.platform)
        label = wording.button_unbind(talk.voice, action.platform)
        sure = UnbindAccount(action.attendee_id, action.platform, 1)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    gone = await binding.unbind_account(talk.house, talk.asked, action.attendee_id, action.platform)
    if isinstance(gone, Refused):
        return talk.refuse(gone)
    return Answer(wording.unbound(talk.voice, gone.person))


ROUTES: Routes = {
    InviteRole: invite_role,
    ShowInvitations: show_invitations,
    RenewInvitation: renew_invitation,
    GetSlips: get_slips,
    RenewSharedLink: renew_shared_link,
    UnbindAccount: unbind_account,
}
"""What each button of this topic does."""

"""Groups: bound to a meeting by those who prepare it, followed where they go, let go again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.admission import add_guess, refuse_guesses
from handlers.asking import Asked, House, permitted, refuse_closed, request
from handlers.inviting import WayIn, put_shared_way, way_in
from handlers.meetings import Unchanged
from meeting import names
from meeting.codes import invitation_of
from meeting.people import Actor, Right, Role
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, GroupRight, InvitationKind, MeetingState, PostKind, Priority
from meeting.voting import VoteState
from storage import cards, groups, invitations, meetings, people, posts, record, votes
from storage.database import Tx
from storage.groups import Group
from storage.reading import get_meeting_view

_LINK_LIFE = timedelta(days=7)
_TITLE_LIMIT = 200
_GREETING_DELAY = timedelta(seconds=5)
"""A link that adds the bot sends its code right after: whoever used one needs no word on how to bind."""

_ON_AIR = frozenset({VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED})
_TOLD = frozenset({Role.ORGANISER, Role.SECRETARY})


@dataclass(frozen=True, slots=True)
class Place:
    """A group's chat, as the platform knows it."""

    platform: str
    chat: str
    title: str


@dataclass(frozen=True, slots=True)
class GroupBound:
    """The group follows the meeting now, as it did before where `is_repeat`."""

    meeting_id: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class RebindUnsure:
    """Nothing was done yet: the group follows another meeting."""

    meeting_id: int
    followed: str
    title: str


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """The bot is in the group: `meeting_id` is what it follows.

    `is_greeted` where a word on how to bind it is on its way, as somebody added the bot who may.
    """

    meeting_id: int | None
    is_greeted: bool = False


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """The group goes on in the other chat."""


@dataclass(frozen=True, slots=True)
class GroupLetGo:
    """The group follows nothing any more."""

    meeting_id: int
    title: str


# The link


async def invite_group(
    house: House, asked: Asked, meeting_id: int, *, is_renewed: bool = False
) -> WayIn | Refused:
    """Give the link that adds the bot to groups and binds them: the one there is while it is good.

    It works for any number of groups within seven days, in the hands of those who may prepare the meeting;
    renewed, the earlier one fits no more.
    """
    return await _invite(house, asked, meeting_id, house.key, is_renewed=is_renewed)


@request
async def _invite(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, key: bytes, *, is_renewed: bool
) -> WayIn | Refused:
    actor = await permitted(tx, asked, meeting_id, Right.INVITE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    view = await get_meeting_view(tx, meeting_id)
    invitation = await invitations.find_group_invitation(tx, meeting_id)
    if invitation is None or invitation.expires_at is None or now >= invitation.expires_at or is_renewed:
        expires_at = now + _LINK_LIFE
        renewed = await invitations.renew_group_invitation(tx, key, meeting_id, expires_at)
        invitation = renewed or await invitations.add_invitation(
            tx,
            key,
            InvitationKind.GROUP,
            now,
            organisation_id=view.organisation_id,
            meeting_id=meeting_id,
            expires_at=expires_at,
        )
        await record.append(tx, view.organisation_id, meeting_id, now, "group_invited", {}, actor=actor)
    return way_in(key, invitation.invitation_id, invitation.generation, invitation.expires_at)


# Binding


async def bind_group(
    house: House, asked: Asked, place: Place, code: str, *, is_sure: bool = False
) -> GroupBound | RebindUnsure | Refused:
    """Have a group follow the meeting of a link or code, by somebody who may prepare that meeting.

    Of a group that follows another meeting it is asked first, unless `is_sure`, and of the organiser only; a
    closed meeting holds nobody. Bound already, the cards are shown anew at the end of the chat. Ten codes
    that don't fit within an hour, and the sender waits.
    """
    refused = await _refuse_guess(house, asked, code)
    return refused or await _bind_by_code(house, asked, place, code, house.key, is_sure=is_sure)


async def _refuse_guess(house: House, asked: Asked, code: str) -> Refused | None:
    """Give why a code is not even looked at, or doesn't fit, if so; one that doesn't is counted."""
    async with house.database.transaction() as tx:
        now = house.now()
        invitation = await invitations.find_invitation(tx, house.key, code)
        fits = invitation is not None and invitation.kind is InvitationKind.GROUP
        if not asked.account_id:
            # Whether a code fits is not for strangers to find out; a link can't be guessed.
            has_link = fits and invitation_of(code) is not None
            return Refused(Refusal.GROUP_NOT_YOURS if has_link else Refusal.GROUP_CODE_UNKNOWN)
        account = await people.get_account(tx, asked.account_id)
        refused = await refuse_guesses(tx, account, now)
        if refused is not None or fits:
            return refused
        await add_guess(tx, account, now)
        return Refused(Refusal.GROUP_CODE_UNKNOWN)


@request
async def _bind_by_code(
    tx: Tx, asked: Asked, now: datetime, place: Place, code: str, key: bytes, *, is_sure: bool
) -> GroupBound | RebindUnsure | Refused:
    invitation = await invitations.find_invitation(tx, key, code)
    if invitation is None or invitation.kind is not InvitationKind.GROUP or invitation.meeting_id is None:
        return Refused(Refusal.GROUP_CODE_UNKNOWN)
    if invitation.expires_at is not None and now >= invitation.expires_at:
        return Refused(Refusal.CODE_EXPIRED, {"expired_at": invitation.expires_at})
    return await _bind(tx, asked, now, place, invitation.meeting_id, key, is_sure=is_sure)


async def rebind_group(
    house: House, asked: Asked, place: Place, meeting_id: int
) -> GroupBound | RebindUnsure | Refused:
    """Have a group follow this meeting in place of the one that it follows; as `bind_group`."""
    return await _rebind(house, asked, place, meeting_id, house.key)


@request
async def _rebind(
    tx: Tx, asked: Asked, now: datetime, place: Place, meeting_id: int, key: bytes
) -> GroupBound | RebindUnsure | Refused:
    return await _bind(tx, asked, now, place, meeting_id, key, is_sure=True)


async def _bind(
    tx: Tx, asked: Asked, now: datetime, place: Place, meeting_id: int, key: bytes, *, is_sure: bool
) -> GroupBound | RebindUnsure | Refused:
    actor = await _preparing(tx, asked, meeting_id)
    if isinstance(actor, Refused):
        return actor
    earlier = await groups.find_group(tx, place.platform, place.chat)
    held = {meeting_id, *(() if earlier is None else (earlier.meeting_id,))}
    # In order of id, so that two who bind can't wait for each other.
    for each in sorted(held):
        state = await meetings.lock_meeting(tx, each)
        if each == meeting_id and state is MeetingState.CLOSED:
            return await refuse_closed(tx, each)
    title = _title_of(place) or await groups.new_title(tx, meeting_id, place.platform, place.chat)
    account_id = await groups.put_group_account(tx, place.platform, place.chat, title, now)
    # Nobody else binds it from here on; it may have been bound while this waited.
    earlier = await groups.find_group(tx, place.platform, place.chat)
    if earlier is not None and earlier.meeting_id not in held:
        return Refused(Refusal.OUT_OF_DATE)
    view = await get_meeting_view(tx, meeting_id)
    if earlier is not None and earlier.meeting_id != meeting_id:
        followed = await get_meeting_view(tx, earlier.meeting_id)
        if followed.state is not MeetingState.CLOSED:
            if not await _is_organiser(tx, asked, meeting_id, earlier.meeting_id):
                return Refused(Refusal.GROUP_TAKEN)
            if not is_sure:
                return RebindUnsure(meeting_id, followed.title, view.title)
        await _unbind(tx, earlier, actor, now)
        await groups.put_group_account(tx, place.platform, place.chat, title, now)  # it is not left after all
    if earlier is not None and earlier.meeting_id == meeting_id:
        await groups.put_title(tx, earlier, title)
        await groups.show_anew(tx, account_id)
        return GroupBound(meeting_id, is_repeat=True)
    await groups.put_group(tx, view.organisation_id, meeting_id, account_id, title, actor.person_id, now)
    await people.put_current_meeting(tx, account_id, meeting_id)
    # Whoever is not bound yet comes in by it from the group.
    await put_shared_way(tx, key, meeting_id, now)
    facts = {"platform": place.platform, "group": record.digest(title)}
    await record.append(tx, view.organisation_id, meeting_id, now, "group_bound", facts, actor=actor)
    await _show_all(tx, account_id, view.organisation_id, meeting_id)
    return GroupBound(meeting_id, is_repeat=False)


async def _preparing(tx: Tx, asked: Asked, meeting_id: int) -> Actor | Refused:
    """Give who asks where they may prepare the meeting; nobody else learns in a group what it is about."""
    actor = await people.find_actor(tx, asked.account_id, meeting_id)
    if actor is None or not actor.may(Right.PREPARE):
        return Refused(Refusal.GROUP_NOT_YOURS)
    return actor


async def _is_organiser(tx: Tx, asked: Asked, *meeting_ids: int) -> bool:
    actors = [await people.find_actor(tx, asked.account_id, meeting_id) for meeting_id in meeting_ids]
    return all(actor is not None and Role.ORGANISER in actor.roles for actor in actors)


def _title_of(place: Place) -> str:
    return names.tidy(place.title)[:_TITLE_LIMIT]


async def _show_all(tx: Tx, account_id: int, organisation_id: int, meeting_id: int) -> None:
    for vote_id in await votes.list_votes(tx, meeting_id, _ON_AIR):
        await cards.want_cards(
            tx,
            CardKind.GROUP_BALLOT,
            vote_id,
            [account_id],
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            priority=Priority.BALLOT,
        )
    await cards.want_cards(
        tx,
        CardKind.GROUP,
        meeting_id,
        [account_id],
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.RESULT,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)


@request
async def unbind_group(tx: Tx, asked: Asked, now: datetime, group_id: int) -> GroupLetGo | Refused:
    """Have a group follow nothing any more; the bot leaves it."""
    group = await groups.get_group(tx, group_id)
    actor = await permitted(tx, asked, group.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, group.meeting_id)
    await _unbind(tx, group, actor, now)
    return GroupLetGo(group.meeting_id, group.title)


async def _unbind(tx: Tx, group: Group, actor: Actor, now: datetime) -> None:
    await groups.forget_group(tx, group, now)
    facts = {"platform": group.platform, "group": record.digest(group.title)}
    await record.append(tx, group.organisation_id, group.meeting_id, now, "group_unbound", facts, actor=actor)
    await cards.touch_cards(tx, CardKind.PANEL, group.meeting_id)


# What the platform tells


@request
async def admit_group(
    tx: Tx, asked: Asked, now: datetime, place: Place, lacks: frozenset[GroupRight], *, is_new: bool
) -> GroupSeen | Refused:
    """Take note that the bot is in a group, with what it may not do there.

    A group that follows a meeting goes on, wherever it was removed from before. Of another one, who added
    the bot is told how to bind it where they may.
    """
    group = await groups.find_group(tx, place.platform, place.chat)
    if group is not None:
        await groups.put_group_account(tx, place.platform, place.chat, _title_of(place), now)
        await groups.put_title(tx, group, _title_of(place))
        if is_new:
            await groups.show_anew(tx, group.account_id)
        await put_lacks(tx, group, lacks, now)
        return GroupSeen(group.meeting_id)
    organisation_id = await groups.find_prepared_organisation(tx, asked.account_id) if is_new else None
    if organisation_id is None:
        return GroupSeen(None)
    account_id = await groups.put_group_account(tx, place.platform, place.chat, _title_of(place), now)
    await posts.add_posts(
        tx,
        PostKind.GROUP_ADDED,
        f"added:{account_id}:{asked.event_id}"[:64],
        account_id,
        [account_id],
        organisation_id=organisation_id,
        meeting_id=None,
        priority=Priority.PANEL,
        now=now,
        not_before=now + _GREETING_DELAY,
    )
    return GroupSeen(None, is_greeted=True)


@request
async def leave_group(tx: Tx, asked: Asked, now: datetime, place: Place) -> Unchanged | Refused:
    """Take note that the bot was removed from a group: nothing goes there, the organisers are told."""
    del asked
    account_id = await groups.find_group_account(tx, place.platform, place.chat)
    if account_id is None:
        return Unchanged()
    await lose_group(tx, account_id, now)
    return Unchanged()


async def lose_group(tx: Tx, account_id: int, now: datetime) -> None:
    """Record that the bot is not in a group any more: nothing goes there, the organisers are told.

    What it follows is kept for when the bot is added again. A repeat changes nothing.
    """
    group = await groups.find_group_of(tx, account_id)
    await groups.put_removed(tx, account_id, now)
    await posts.put_posts_failed(tx, account_id)
    if group is None or not group.is_reachable:
        return
    await record.append(
        tx, group.organisation_id, group.meeting_id, now, "group_lost", {"group": record.digest(group.title)}
    )
    await _tell(tx, PostKind.GROUP_LEFT, f"left:{group.group_id}:{now.timestamp()}", group, now)
    await cards.touch_cards(tx, CardKind.PANEL, group.meeting_id)


@request
async def move_group(
    tx: Tx, asked: Asked, now: datetime, platform: str, chat: str, new: str
) -> GroupMoved | Refused:
    """Follow a group to the chat that it goes on as."""
    del asked
    await groups.move_chat(tx, platform, chat, new, now)
    return GroupMoved()


async def note_lack(house: House, group_id: int, right: GroupRight) -> None:
    """Take note that the bot was refused something in a group; the organisers are told once."""
    async with house.database.transaction() as tx:
        group = await groups.find_group_by_id(tx, group_id)
        if group is not None:
            await put_lacks(tx, group, group.lacks | {right}, house.now())


async def put_lacks(tx: Tx, group: Group, lacks: frozenset[GroupRight], now: datetime) -> None:
    """Record which rights the bot misses in a group, and tell of each that is new, once for a group."""
    if lacks != group.lacks:
        await groups.put_lacks(tx, group.group_id, lacks)
        await cards.touch_cards(tx, CardKind.PANEL, group.meeting_id)
    for right in sorted(lacks - group.lacks):
        await _tell(tx, PostKind.GROUP_LACKS, f"lacks:{group.group_id}:{right}", group, now, right)


async def _tell(
    tx: Tx, kind: PostKind, cause: str, group: Group, now: datetime, right: GroupRight | None = None
) -> None:
    """Tell those who look after the meeting, while it isn't over."""
    if (await get_meeting_view(tx, group.meeting_id)).state is MeetingState.CLOSED:
        return
    await posts.add_posts(
        tx,
        kind,
        cause,
        group.meeting_id,
        await people.list_role_accounts(tx, group.meeting_id, _TOLD),
        organisation_id=group.organisation_id,
        meeting_id=group.meeting_id,
        priority=Priority.PANEL,
        facts={"group": group.title, "right": right},
        now=now,
    )

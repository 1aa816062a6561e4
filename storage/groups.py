"""Groups: their accounts, which meeting each follows, what the bot misses there, what is pinned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from meeting.states import CardKind, GoneReason, GroupRight, WorkState
from meeting.voting import VoteState
from storage.database import Tx, flushed
from storage.errors import GroupNotFoundError
from storage.inserts import insert
from storage.rows import AccountRow, BindingRow, GroupRow, LiveCardRow, PostRow, RoleRow, VoteRow
from storage.views import GroupLine

_ON_AIR = frozenset({VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED})
"""Of votes whose card is the current one of a group: begun, and the result not out."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group that follows a meeting; `lacks` are the rights that the bot is known to miss there."""

    group_id: int
    organisation_id: int
    meeting_id: int
    account_id: int
    platform: str
    chat: str
    title: str
    lacks: frozenset[GroupRight]
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class PinDue:
    """That another card is to be pinned in a group: the one at `ref` in place of the one at `former`."""

    group_id: int
    chat: str
    ref: str
    former: str | None


def _group(row: GroupRow, account: AccountRow) -> Group:
    return Group(
        flushed(row.id),
        row.organisation_id,
        row.meeting_id,
        row.account_id,
        account.platform,
        account.chat,
        row.title,
        frozenset(map(GroupRight, row.lacks)),
        account.gone_at is None,
    )


async def _find(tx: Tx, *which: sa.ColumnElement[bool]) -> list[Group]:
    rows = await tx.exec(
        select(GroupRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(GroupRow.account_id))
        .where(*which)
        .order_by(col(GroupRow.id))
        .execution_options(populate_existing=True)
    )
    return [_group(row, account) for row, account in rows]


async def find_group(tx: Tx, platform: str, chat: str) -> Group | None:
    """Give the group of a chat, or None where it follows no meeting."""
    found = await _find(tx, col(AccountRow.platform) == platform, col(AccountRow.external_id) == chat)
    return found[0] if found else None


async def find_group_by_id(tx: Tx, group_id: int) -> Group | None:
    """Give a group, or None where it follows nothing any more."""
    found = await _find(tx, col(GroupRow.id) == group_id)
    return found[0] if found else None


async def find_group_of(tx: Tx, account_id: int) -> Group | None:
    """Give the group of an account, or None where it follows no meeting."""
    found = await _find(tx, col(GroupRow.account_id) == account_id)
    return found[0] if found else None


async def get_group(tx: Tx, group_id: int) -> Group:
    """Give a group; raises GroupNotFoundError."""
    group = await find_group_by_id(tx, group_id)
    if group is None:
        raise GroupNotFoundError(group_id)
    return group


async def list_groups(tx: Tx, meeting_id: int) -> list[Group]:
    """Give the groups that follow a meeting, in the order in which they were bound."""
    return await _find(tx, col(GroupRow.meeting_id) == meeting_id)


async def list_group_lines(tx: Tx, meeting_id: int) -> tuple[GroupLine, ...]:
    """As `list_groups`, for those who look after the meeting."""
    return tuple(
        GroupLine(group.group_id, group.platform, group.title, group.lacks, group.is_reachable)
        for group in await list_groups(tx, meeting_id)
    )


async def list_group_accounts(tx: Tx, meeting_id: int, *, but: Collection[str] = ()) -> list[int]:
    """Give the accounts of the groups that follow a meeting, `but` those on some platforms."""
    found = (
        select(GroupRow.account_id)
        .join(AccountRow, col(AccountRow.id) == col(GroupRow.account_id))
        .where(col(GroupRow.meeting_id) == meeting_id, col(AccountRow.platform).not_in(but))
    )
    return list(await tx.exec(found))


async def new_title(tx: Tx, meeting_id: int, platform: str, chat: str) -> str:
    """Give what a group is called whose platform doesn't tell: as before, or by its place among others."""
    groups = [group for group in await list_groups(tx, meeting_id) if group.platform == platform]
    known = next((group.title for group in groups if group.chat == chat), "")
    taken = {group.title for group in groups}
    numbered = (f"{platform.capitalize()} {number}" for number in range(1, len(groups) + 2))
    return known or next(title for title in numbered if title not in taken)


async def find_group_account(tx: Tx, platform: str, chat: str) -> int | None:
    """Give the account of a group's chat, whether it follows a meeting or not."""
    found = select(AccountRow.id).where(
        col(AccountRow.platform) == platform,
        col(AccountRow.external_id) == chat,
        col(AccountRow.is_group).is_(True),
    )
    return (await tx.exec(found)).first()


async def find_prepared_organisation(tx: Tx, account_id: int) -> int | None:
    """Give the newest organisation in which an account's person has a role, in whatever meeting."""
    found = (
        select(RoleRow.organisation_id)
        .join(BindingRow, col(BindingRow.person_id) == col(RoleRow.person_id))
        .where(col(BindingRow.account_id) == account_id)
        .order_by(col(RoleRow.id).desc())
    )
    return (await tx.exec(found.limit(1))).first()


async def put_group_account(tx: Tx, platform: str, chat: str, title: str, now: datetime) -> int:
    """Give the account of a group's chat, added or brought up to date: the bot is in it now."""
    known = {"chat": chat, "display_name": title, "gone_at": None, "gone_reason": None, "is_group": True}
    await tx.exec(
        insert(tx, AccountRow)
        .values(platform=platform, external_id=chat, language=None, created_at=now, **known)
        .on_conflict_do_update(index_elements=["platform", "external_id"], set_=known)
    )
    found = select(AccountRow.id).where(
        col(AccountRow.platform) == platform, col(AccountRow.external_id) == chat
    )
    return flushed((await tx.exec(found)).one())


async def put_group(
    tx: Tx, organisation_id: int, meeting_id: int, account_id: int, title: str, bound_by: int, now: datetime
) -> None:
    """Have a group follow a meeting, in place of the one that it followed before."""
    values = {
        "organisation_id": organisation_id,
        "meeting_id": meeting_id,
        "title": title,
        "bound_by": bound_by,
        "bound_at": now,
    }
    await tx.exec(
        insert(tx, GroupRow)
        .values(account_id=account_id, lacks=[], pinned_ref=None, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )


async def forget_group(tx: Tx, group: Group, now: datetime) -> None:
    """Have a group follow nothing any more; the bot has still to leave it where it is in it."""
    # Account, posts, cards: the order in which delivery changes them, too.
    if group.is_reachable:
        await _put_gone(tx, group.account_id, now, GoneReason.LET_GO)
    await tx.exec(
        sa.update(PostRow)
        .where(col(PostRow.account_id) == group.account_id, col(PostRow.state) == WorkState.WAITING)
        .values(state=WorkState.WITHDRAWN),
        execution_options={"synchronize_session": False},
    )
    await tx.exec(sa.delete(LiveCardRow).where(col(LiveCardRow.account_id) == group.account_id))
    await tx.exec(sa.delete(GroupRow).where(col(GroupRow.id) == group.group_id))


async def put_removed(tx: Tx, account_id: int, now: datetime) -> None:
    """Record that the bot is not in a group any more; which meeting it follows is kept."""
    await _put_gone(tx, account_id, now, GoneReason.REMOVED)


async def _put_gone(tx: Tx, account_id: int, now: datetime, reason: GoneReason) -> None:
    await tx.exec(
        sa.update(AccountRow).where(col(AccountRow.id) == account_id).values(gone_at=now, gone_reason=reason)
    )


async def put_lacks(tx: Tx, group_id: int, lacks: Collection[GroupRight]) -> None:
    """Record which rights the bot misses in a group."""
    await tx.exec(sa.update(GroupRow).where(col(GroupRow.id) == group_id).values(lacks=sorted(lacks)))


async def put_title(tx: Tx, group: Group, title: str) -> None:
    """Record what a group is called now."""
    await tx.exec(sa.update(GroupRow).where(col(GroupRow.id) == group.group_id).values(title=title))
    await tx.exec(
        sa.update(AccountRow).where(col(AccountRow.id) == group.account_id).values(display_name=title)
    )


async def move_chat(tx: Tx, platform: str, chat: str, new: str, now: datetime) -> int | None:
    """Have a group go on as another chat and give its account; None where it is not known, or moved before.

    What was shown in the old chat can't be changed from the new one: all its cards are shown anew. Where the
    new chat follows a meeting by itself already, that one is kept and the old one let go.
    """
    accounts = {
        row.external_id: row
        for row in await tx.exec(
            select(AccountRow)
            .where(col(AccountRow.platform) == platform, col(AccountRow.external_id).in_([chat, new]))
            .with_for_update()
        )
    }
    old = accounts.get(chat)
    if old is None or not old.is_group:
        return None
    account_id = flushed(old.id)
    known = accounts.get(new)
    if known is not None and await find_group_of(tx, flushed(known.id)) is not None:
        await tx.exec(sa.delete(LiveCardRow).where(col(LiveCardRow.account_id) == account_id))
        await tx.exec(sa.delete(GroupRow).where(col(GroupRow.account_id) == account_id))
        await _put_gone(tx, account_id, now, GoneReason.REMOVED)
        return flushed(known.id)
    if known is not None:
        # The bot was seen there before the move was told: all there is yet is the word on how to bind it.
        await tx.exec(sa.delete(PostRow).where(col(PostRow.account_id) == flushed(known.id)))
        await tx.exec(sa.delete(AccountRow).where(col(AccountRow.id) == flushed(known.id)))
    await tx.exec(
        sa.update(AccountRow)
        .where(col(AccountRow.id) == account_id)
        .values(external_id=new, chat=new, gone_at=None, gone_reason=None)
    )
    await show_anew(tx, account_id)
    return account_id


async def show_anew(tx: Tx, account_id: int) -> None:
    """Have all cards of a group shown as new messages, and nothing be pinned yet."""
    await tx.exec(
        sa.update(LiveCardRow)
        .where(col(LiveCardRow.account_id) == account_id)
        .values(ref=None, wanted_version=col(LiveCardRow.wanted_version) + 1, next_try_at=None),
        execution_options={"synchronize_session": False},
    )
    await tx.exec(
        sa.update(GroupRow).where(col(GroupRow.account_id) == account_id).values(pinned_ref=None),
        execution_options={"synchronize_session": False},
    )


# What groups need beside messages


async def list_pins_due(tx: Tx, platform: str) -> list[PinDue]:
    """Give the groups in which another card than the pinned one is the current one, where the bot may pin.

    Current is the newest vote that has begun and whose result is not out, else the meeting's own card.
    """
    is_on_air = sa.or_(
        col(LiveCardRow.kind) == CardKind.GROUP,
        sa.and_(col(LiveCardRow.kind) == CardKind.GROUP_BALLOT, col(VoteRow.state).in_(_ON_AIR)),
    )
    rows = await tx.exec(
        select(GroupRow, AccountRow.chat, LiveCardRow.ref)
        .join(AccountRow, col(AccountRow.id) == col(GroupRow.account_id))
        .join(LiveCardRow, col(LiveCardRow.account_id) == col(GroupRow.account_id))
        .outerjoin(
            VoteRow,
            sa.and_(
                col(LiveCardRow.kind) == CardKind.GROUP_BALLOT,
                col(VoteRow.id) == col(LiveCardRow.subject_id),
            ),
        )
        .where(
            col(AccountRow.platform) == platform,
            col(AccountRow.gone_at).is_(None),
            col(LiveCardRow.ref).is_not(None),
            is_on_air,
        )
        # A vote's id comes after the meeting's card, whose row of votes is empty.
        .order_by(col(GroupRow.id), sa.func.coalesce(col(VoteRow.id), 0).desc())
    )
    current: dict[int, PinDue] = {}
    for group, chat, ref in rows:
        if GroupRight.PIN not in group.lacks and ref is not None:
            group_id = flushed(group.id)
            current.setdefault(group_id, PinDue(group_id, chat, ref, group.pinned_ref))
    return [due for due in current.values() if due.ref != due.former]


async def put_pinned(tx: Tx, group_id: int, ref: str) -> None:
    """Record what is pinned in a group."""
    await tx.exec(sa.update(GroupRow).where(col(GroupRow.id) == group_id).values(pinned_ref=ref))


async def list_to_leave(tx: Tx, platform: str) -> list[tuple[int, str]]:
    """Give the groups that the bot has still to leave: account and chat."""
    statement = select(AccountRow.id, AccountRow.chat).where(
        col(AccountRow.platform) == platform, col(AccountRow.gone_reason) == GoneReason.LET_GO
    )
    return [(flushed(account_id), chat) for account_id, chat in await tx.exec(statement)]

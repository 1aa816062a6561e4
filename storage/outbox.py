"""The outbox as a whole: which live cards and posts can go out now, and when there will be more."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from meeting.states import WorkState
from storage import cards, posts
from storage.database import Instant, Tx
from storage.rows import AccountRow, LiveCardRow, PostRow

_PEEK = 4
"""Rows looked at for each one wanted, as only the first of a chat is given."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class ParcelKind(IntEnum):
    """What is delivered; at the same urgency the lower goes first."""

    CARD = 0
    POST = 1


@dataclass(frozen=True, slots=True)
class Ready:
    """That a card or a post can be claimed."""

    kind: ParcelKind
    row_id: int
    account_id: int
    chat: str
    priority: int = 0


async def list_ready(
    tx: Tx, platform: str, now: datetime, limit: int, *, except_accounts: Collection[int] = ()
) -> list[Ready]:
    """Give what can go out, one of a chat at most: the most urgent first, then what waits longest.

    A post waits since it was made, a card at most since it was shown last. Accounts that are gone or rest
    are left out.
    """
    return await _list(tx, platform, now, limit, except_accounts, is_urgent_first=True)


async def list_longest_waiting(
    tx: Tx, platform: str, now: datetime, limit: int, *, except_accounts: Collection[int] = ()
) -> list[Ready]:
    """Give as `list_ready`, but what waits longest first, however urgent."""
    return await _list(tx, platform, now, limit, except_accounts, is_urgent_first=False)


async def _list(
    tx: Tx,
    platform: str,
    now: datetime,
    limit: int,
    except_accounts: Collection[int],
    *,
    is_urgent_first: bool,
) -> list[Ready]:
    connection = await tx.connection()
    first: dict[int, Ready] = {}
    while (missing := limit - len(first)) > 0:
        seen = {*except_accounts, *first}
        waiting = _waiting(platform, now, seen, missing * _PEEK, is_urgent_first=is_urgent_first)
        order = (waiting.c.since, waiting.c.kind, waiting.c.id)
        ordered = sa.select(waiting).order_by(*([waiting.c.priority] if is_urgent_first else []), *order)
        rows = (await connection.execute(ordered.limit(missing * _PEEK))).all()
        for one in (_ready(*row) for row in rows):
            first.setdefault(one.account_id, one)
        if len(rows) < missing * _PEEK:
            break  # all were seen; else one chat's parcels may have hidden the others
    return list(first.values())[:limit]


async def list_all_ready(
    tx: Tx, platform: str, now: datetime, limit: int, *, except_accounts: Collection[int] = ()
) -> list[Ready]:
    """Give as `list_ready`, but all that can go out to each chat, so many in all."""
    waiting = _waiting(platform, now, except_accounts, limit, is_urgent_first=True)
    order = (waiting.c.priority, waiting.c.since, waiting.c.kind, waiting.c.id)
    rows = await (await tx.connection()).execute(sa.select(waiting).order_by(*order).limit(limit))
    return [_ready(*row) for row in rows]


def _ready(priority: int, _since: object, kind: int, row_id: int, account_id: int, chat: str) -> Ready:
    return Ready(ParcelKind(kind), row_id, account_id, chat, priority)


def _waiting(
    platform: str, now: datetime, except_accounts: Collection[int], limit: int, *, is_urgent_first: bool
) -> sa.Subquery:
    """The first of each kind in the order asked for, so that no more rows are sorted than are wanted."""
    reachable = _is_reachable(platform, except_accounts) & cards.is_free(now)
    since = sa.func.coalesce(col(LiveCardRow.shown_at), sa.literal(_EVER, Instant()))
    of_cards = _parcels(
        LiveCardRow, ParcelKind.CARD, since, reachable & cards.is_ready(now), is_urgent_first=is_urgent_first
    )
    of_posts = [
        _parcels(
            PostRow, ParcelKind.POST, col(PostRow.made_at), reachable & which, is_urgent_first=is_urgent_first
        )
        for which in (posts.is_due(now), posts.is_cut_off(now))
    ]
    firsts = [each.limit(limit).subquery() for each in (of_cards, *of_posts)]
    return sa.union_all(*(sa.select(each) for each in firsts)).subquery()


def _parcels(
    row: type[LiveCardRow | PostRow],
    kind: ParcelKind,
    since: sa.SQLColumnExpression[Any],
    which: sa.ColumnElement[bool],
    *,
    is_urgent_first: bool,
) -> sa.Select[Any]:
    # Posts are numbered as they are made, and there is an index in this order.
    age = col(PostRow.id) if row is PostRow else since
    order = (col(row.priority), age, col(row.id)) if is_urgent_first else (age, col(row.id))
    parcels: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            col(row.priority),
            since.label("since"),
            sa.literal(int(kind)).label("kind"),
            col(row.id),
            col(AccountRow.id).label("account_id"),
            col(AccountRow.chat),
        )
        .join(AccountRow, col(AccountRow.id) == col(row.account_id))
        .where(which)
        .order_by(*order)
    )
    return parcels


async def find_next_ready_at(
    tx: Tx, platform: str, *, except_accounts: Collection[int] = ()
) -> datetime | None:
    """Give the first instant that a card or a post waits for; None where none waits for one."""
    reachable = _is_reachable(platform, except_accounts)
    of_cards = (
        sa.select(sa.func.min(_later(col(LiveCardRow.next_try_at), col(AccountRow.rests_until))))
        .select_from(LiveCardRow)
        .join(AccountRow, col(AccountRow.id) == col(LiveCardRow.account_id))
        .where(cards.is_stale(), reachable)
    )
    of_posts = (
        sa.select(sa.func.min(_later(instant, col(AccountRow.rests_until))))
        .select_from(PostRow)
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .where(col(PostRow.state) == state, reachable)
        for state, instant in (
            (WorkState.WAITING, col(PostRow.next_try_at)),
            (WorkState.LEASED, col(PostRow.leased_until)),
        )
    )
    connection = await tx.connection()
    firsts: Iterable[datetime | None] = (
        await connection.execute(sa.select(*(each.scalar_subquery() for each in (of_cards, *of_posts))))
    ).one()
    return min((at for at in firsts if at is not None), default=None)


def _later(
    one: sa.SQLColumnExpression[Any], other: sa.SQLColumnExpression[Any]
) -> sa.SQLColumnExpression[Any]:
    """The later of two instants, either of which may be missing."""
    return sa.case((one.is_(None), other), (other.is_(None), one), (one > other, one), else_=other)


def _is_reachable(platform: str, except_accounts: Collection[int]) -> sa.ColumnElement[bool]:
    return (
        (col(AccountRow.platform) == platform)
        & col(AccountRow.gone_at).is_(None)
        & col(AccountRow.id).not_in(except_accounts)
    )

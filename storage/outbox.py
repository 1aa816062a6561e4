"""The outbox as a whole: which live cards and posts can go out now, and when there will be more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import sqlalchemy as sa
from sqlmodel import col

from meeting.states import WorkState
from storage import cards, posts
from storage.database import Tx
from storage.rows import AccountRow, LiveCardRow, PostRow

_PEEK = 4
"""Rows looked at for each one given, as only the first of a chat is."""


class ParcelKind(IntEnum):
    """What is delivered; at the same urgency the lower goes first."""

    CARD = 0
    POST = 1


@dataclass(frozen=True, slots=True)
class Ready:
    """That a card or a post can be claimed."""

    kind: ParcelKind
    row_id: int
    chat: str


async def list_ready(
    tx: Tx, platform: str, now: datetime, limit: int, *, except_chats: Collection[str] = ()
) -> list[Ready]:
    """Give what can go out, one of a chat at most: the most urgent first, then the oldest.

    Accounts that are gone are left out. Fewer than `limit` chats may be given while there are more: ask again
    with these as `except_chats`.
    """
    reachable = _is_reachable(platform, except_chats)
    card, post = (sa.literal(int(kind)).label("kind") for kind in ParcelKind)
    of_cards = (
        sa.select(col(LiveCardRow.priority), card, col(LiveCardRow.id), col(AccountRow.chat))
        .join(AccountRow, col(AccountRow.id) == col(LiveCardRow.account_id))
        .where(cards.is_ready(now), reachable)
    )
    of_posts = (
        sa.select(col(PostRow.priority), post, col(PostRow.id), col(AccountRow.chat))
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .where(posts.is_ready(now), reachable)
    )
    both = sa.union_all(of_cards, of_posts).subquery()
    connection = await tx.connection()
    found = await connection.execute(
        sa.select(both).order_by(both.c.priority, both.c.kind, both.c.id).limit(limit * _PEEK)
    )
    first: dict[str, Ready] = {}
    for _, kind, row_id, chat in found:
        first.setdefault(chat, Ready(ParcelKind(kind), row_id, chat))
    return list(first.values())[:limit]


async def find_next_ready_at(tx: Tx, platform: str, *, except_chats: Collection[str] = ()) -> datetime | None:
    """Give the first instant that a card or a post waits for; None where none waits for one."""
    reachable = _is_reachable(platform, except_chats)
    of_cards = (
        sa.select(sa.func.min(col(LiveCardRow.next_try_at)))
        .join(AccountRow, col(AccountRow.id) == col(LiveCardRow.account_id))
        .where(cards.is_stale(), reachable)
    )
    retried = (
        sa.select(sa.func.min(col(PostRow.next_try_at)))
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .where(col(PostRow.state) == WorkState.WAITING, reachable)
    )
    leased = (
        sa.select(sa.func.min(col(PostRow.leased_until)))
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .where(col(PostRow.state) == WorkState.LEASED, reachable)
    )
    connection = await tx.connection()
    found = (
        await connection.execute(sa.select(*(each.scalar_subquery() for each in (of_cards, retried, leased))))
    ).one()
    return min((at for at in found if at is not None), default=None)


def _is_reachable(platform: str, except_chats: Collection[str]) -> sa.ColumnElement[bool]:
    return (
        (col(AccountRow.platform) == platform)
        & col(AccountRow.gone_at).is_(None)
        & col(AccountRow.chat).not_in(except_chats)
    )

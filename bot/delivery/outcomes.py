"""Outcomes: what became of each parcel is recorded at once, with how long its chat is left alone.

Rows are changed in the order account, post, cards, as everywhere.
"""

import random
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from bot.delivery.parcels import Parcel, ids
from bot.platforms.base import MessageRef
from handlers.groups import lose_group, put_lacks
from handlers.reach import lose_account
from meeting.states import CardKind, GoneReason, GroupRight
from storage.cards import CardToShow, put_card_failed, put_shown, touch_cards
from storage.database import Database, Tx
from storage.groups import find_group, move_chat
from storage.pace import put_platform_rest, put_rests
from storage.posts import (
    PostToSend,
    put_post_back,
    put_post_failed,
    put_post_retry,
    put_post_sent,
    put_post_uncertain,
    put_post_withdrawn,
    put_posts_failed,
)

SHARED_CARDS = frozenset({CardKind.PANEL, CardKind.MAILING, CardKind.GROUP, CardKind.GROUP_BALLOT})
"""Cards that many people's acts change."""

SHARED_CARD_INTERVAL = timedelta(seconds=3)
"""How often such a card is shown anew at most; what changes between is shown together."""

LONGEST_BACKOFF = timedelta(seconds=60)
"""Between two attempts at the same parcel, where the platform names no time."""

LONGEST_REST = timedelta(seconds=5)
"""How long a failed send keeps back the chat's other parcels, where the platform names no time."""

PATIENCE = timedelta(days=3)
"""How old a post gets before a failed send is its last; cards are tried for as long as they are stale."""

_log = structlog.get_logger(__name__)


def backoff(attempts: int) -> timedelta:
    """Give the wait before the next attempt: twice as long each time, never the same for all."""
    longest = min(LONGEST_BACKOFF, timedelta(seconds=2 ** min(attempts + 1, 10)))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - it spreads load and guards nothing


async def put_through(
    database: Database, parcel: Parcel, version: int, ref: MessageRef, now: datetime, rest: timedelta
) -> None:
    """Record that a parcel arrived; `version` is the one of a card that was shown."""
    async with database.transaction() as tx:
        await put_rests(tx, [parcel.account_id], now + rest)
        match parcel:
            case CardToShow(card_id=card_id, kind=kind):
                not_before = now + SHARED_CARD_INTERVAL if kind in SHARED_CARDS else None
                await put_shown(tx, card_id, version, ref, now, not_before=not_before)
            case PostToSend(post_id=post_id):
                await put_post_sent(tx, post_id, ref, now)
                await _show_progress(tx, parcel)
            case _:
                assert_never(parcel)


async def put_nothing(database: Database, parcel: Parcel, version: int, now: datetime) -> None:
    """Record that there was nothing to show any more; of a cancelled post that was cut off nobody knows."""
    async with database.transaction() as tx:
        await put_rests(tx, [parcel.account_id], None)
        match parcel:
            case CardToShow(card_id=card_id, ref=ref):
                await put_shown(tx, card_id, version, ref, now)
            case PostToSend(post_id=post_id):
                await (put_post_uncertain if parcel.was_cut_off else put_post_withdrawn)(tx, post_id)
                await _show_progress(tx, parcel)
            case _:
                assert_never(parcel)


async def put_back(database: Database, parcel: Parcel) -> None:
    """Record that a parcel was not begun and waits on."""
    async with database.transaction() as tx:
        await put_rests(tx, [parcel.account_id], None)
        if isinstance(parcel, PostToSend):
            await put_post_back(tx, parcel.post_id)


async def put_gone(database: Database, parcel: Parcel, reason: GoneReason, now: datetime) -> None:
    """Record that a chat can't be reached any more; nothing of what waits for it can be sent."""
    async with database.transaction() as tx:
        await put_rests(tx, [parcel.account_id], None)
        if parcel.is_group:
            await lose_group(tx, parcel.account_id, now)
        else:
            await lose_account(tx, parcel.account_id, reason, now)
        if isinstance(parcel, CardToShow):
            await put_card_failed(tx, parcel.card_id, now)  # for when the account comes back


async def put_moved(database: Database, parcel: Parcel, chat: str, now: datetime) -> None:
    """Record that a group goes on as another chat: the parcel waits on for that one."""
    async with database.transaction() as tx:
        await put_rests(tx, [parcel.account_id], None)
        account_id = await move_chat(tx, parcel.platform, parcel.chat, chat, now)
        if account_id not in {None, parcel.account_id}:
            await put_posts_failed(tx, parcel.account_id)  # the new chat is known by itself
        elif isinstance(parcel, PostToSend):
            await put_post_back(tx, parcel.post_id)


async def put_lack(database: Database, parcel: Parcel, right: GroupRight, now: datetime) -> None:
    """Record that the bot misses a right in a group."""
    async with database.transaction() as tx:
        group = await find_group(tx, parcel.platform, parcel.chat)
        if group is not None:
            await put_lacks(tx, group, group.lacks | {right}, now)


async def put_off(
    database: Database, parcel: Parcel, wait: timedelta, now: datetime, *, rest: timedelta | None
) -> None:
    """Record that a parcel failed and is to be tried again; a post that is very old is given up.

    A `rest` of None is for a parcel that wasn't claimed.
    """
    async with database.transaction() as tx:
        if rest is not None:
            await put_rests(tx, [parcel.account_id], now + rest)
        match parcel:
            case CardToShow(card_id=card_id):
                await put_card_failed(tx, card_id, now + wait)
            case PostToSend(post_id=post_id, made_at=made_at) if now - made_at > PATIENCE:
                await put_post_failed(tx, post_id)
                await _show_progress(tx, parcel)
                _log.error("post_given_up", **ids(parcel))
            case PostToSend(post_id=post_id):
                await put_post_retry(tx, post_id, now + wait)
            case _:
                assert_never(parcel)


async def put_uncertain(database: Database, post: PostToSend, now: datetime, rest: timedelta) -> None:
    """Record that nobody knows whether a post arrived; it is not sent again."""
    async with database.transaction() as tx:
        await put_rests(tx, [post.account_id], now + rest)
        await put_post_uncertain(tx, post.post_id)
        await _show_progress(tx, post)
    _log.warning("post_uncertain", **ids(post))


async def put_rest_of_all(database: Database, platform: str, until: datetime, now: datetime) -> datetime:
    """Record that everything rests until an instant, for all processes; give until when."""
    async with database.transaction() as tx:
        return await put_platform_rest(tx, platform, until, now)


async def _show_progress(tx: Tx, post: PostToSend) -> None:
    if post.mailing_id is not None:
        await touch_cards(tx, CardKind.MAILING, post.mailing_id)

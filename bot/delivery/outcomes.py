"""Outcomes: what became of each parcel is recorded at once; what comes through together, in one transaction.

How long a chat rests is put apart (`storage.pace.put_rests_of`): the lease holds until then.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from bot.delivery.parcels import Parcel, ids, key_of, posts_of
from bot.platforms.base import MessageRef
from handlers.groups import lose_group, put_lacks
from handlers.reach import lose_account
from handlers.thrift import put_missed
from meeting.states import CardKind, GoneReason, GroupRight
from storage.cards import CardToShow, put_card_failed, put_shown, touch_cards
from storage.database import Database, Tx
from storage.groups import find_group, move_chat
from storage.pace import put_platform_rest
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

SHARED_CARDS = frozenset(
    {CardKind.PANEL, CardKind.MAILING, CardKind.GROUP, CardKind.GROUP_BALLOT, CardKind.PLEDGE}
)
"""Cards that many people's acts change."""

SHARED_CARD_INTERVAL = timedelta(seconds=3)
"""How often such a card is shown anew at most; what changes between is shown together."""

UNREACHABLE_INTERVAL = timedelta(seconds=10)
"""The same for the list of whom messages don't reach: it grows while a mailing needs the turns."""

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


@dataclass(frozen=True, slots=True)
class Through:
    """That a parcel arrived; `version` is the one of a card that was shown."""

    parcel: Parcel
    version: int
    ref: MessageRef
    at: datetime


async def put_cards_through(database: Database, shown: Sequence[Through]) -> list[None]:
    """Record cards that were shown, together."""
    async with database.transaction() as tx:
        # In order of id, so that two transactions can't wait for each other.
        for one in sorted(shown, key=lambda one: key_of(one.parcel)):
            _, card_id = key_of(one.parcel)
            interval = _interval_of(one.parcel)
            not_before = None if interval is None else one.at + interval
            await put_shown(tx, card_id, one.version, one.ref, one.at, not_before=not_before)
    return [None] * len(shown)


def _interval_of(parcel: Parcel) -> timedelta | None:
    if parcel.kind in SHARED_CARDS:
        return SHARED_CARD_INTERVAL
    return UNREACHABLE_INTERVAL if parcel.kind is CardKind.UNREACHABLE else None


async def put_posts_through(database: Database, sent: Sequence[Through]) -> list[None]:
    """Record posts that were sent, together."""
    async with database.transaction() as tx:
        each = [(post.post_id, one) for one in sent for post in posts_of(one.parcel)]
        for post_id, one in sorted(each, key=lambda pair: pair[0]):
            await put_post_sent(tx, post_id, one.ref, one.at)
        await _show_progress(tx, *(one.parcel for one in sent))
    return [None] * len(sent)


async def put_nothing(database: Database, parcel: Parcel, version: int, now: datetime) -> None:
    """Record that there was nothing to show any more; of a cancelled post that was cut off nobody knows."""
    async with database.transaction() as tx:
        match parcel:
            case CardToShow(card_id=card_id, ref=ref):
                await put_shown(tx, card_id, version, ref, now)
            case PostToSend(post_id=post_id):
                await (put_post_uncertain if parcel.was_cut_off else put_post_withdrawn)(tx, post_id)
                await _show_progress(tx, parcel)
            case _:
                assert_never(parcel)


async def put_unchanged(tx: Tx, card: CardToShow, version: int, now: datetime) -> None:
    """Record that a card stands well enough as it was shown: what changed is not worth a message."""
    interval = _interval_of(card)
    not_before = None if interval is None else now + interval
    await put_shown(tx, card.card_id, version, card.ref, now, not_before=not_before)


async def put_saved(tx: Tx, posts: Sequence[PostToSend]) -> None:
    """Record that posts are not sent, so that messages are left for what matters more."""
    await put_missed(tx, {post.post_id for parcel in posts for post in posts_of(parcel)})
    await _show_progress(tx, *posts)


async def put_back(database: Database, parcel: Parcel) -> None:
    """Record that a parcel was not begun and waits on."""
    if isinstance(parcel, PostToSend):
        async with database.transaction() as tx:
            for post in posts_of(parcel):
                await put_post_back(tx, post.post_id)


async def put_gone(database: Database, parcels: Sequence[Parcel], reason: GoneReason, now: datetime) -> None:
    """Record that the chat of these can't be reached any more: they go elsewhere, or fail."""
    first = parcels[0]
    async with database.transaction() as tx:
        for parcel in parcels:
            for post in posts_of(parcel):
                await put_post_back(tx, post.post_id)
        if first.is_group:
            await lose_group(tx, first.account_id, now)
        else:
            await lose_account(tx, first.account_id, reason, now)
        for parcel in parcels:
            if isinstance(parcel, CardToShow):
                await put_card_failed(tx, parcel.card_id, now)  # for when the account comes back


async def put_moved(database: Database, parcel: Parcel, chat: str, now: datetime) -> None:
    """Record that a group goes on as another chat: the parcel waits on for that one."""
    async with database.transaction() as tx:
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


async def put_off(database: Database, parcel: Parcel, wait: timedelta, now: datetime) -> None:
    """Record that a parcel failed and is to be tried again; a post that is very old is given up."""
    async with database.transaction() as tx:
        match parcel:
            case CardToShow(card_id=card_id):
                await put_card_failed(tx, card_id, now + wait)
            case PostToSend(made_at=made_at) if now - made_at > PATIENCE:
                for post in posts_of(parcel):
                    await put_post_failed(tx, post.post_id)
                await _show_progress(tx, parcel)
                _log.error("post_given_up", **ids(parcel))
            case PostToSend():
                for post in posts_of(parcel):
                    await put_post_retry(tx, post.post_id, now + wait)
            case _:
                assert_never(parcel)


async def put_uncertain(database: Database, post: PostToSend) -> None:
    """Record that nobody knows whether a post arrived; it is not sent again."""
    async with database.transaction() as tx:
        for one in posts_of(post):
            await put_post_uncertain(tx, one.post_id)
        await _show_progress(tx, post)
    _log.warning("post_uncertain", **ids(post))


async def put_rest_of_all(database: Database, platform: str, until: datetime, now: datetime) -> datetime:
    """Record that everything rests until an instant, for all processes; give until when."""
    async with database.transaction() as tx:
        return await put_platform_rest(tx, platform, until, now)


async def _show_progress(tx: Tx, *parcels: Parcel) -> None:
    mailings = {one.mailing_id for one in parcels if isinstance(one, PostToSend)}
    for mailing_id in sorted(one for one in mailings if one is not None):
        await touch_cards(tx, CardKind.MAILING, mailing_id)

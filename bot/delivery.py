"""Delivery: what the outbox holds goes out to the platforms, at each platform's pace.

All that decides is in the database: killed at any time, delivery goes on after the next start, nothing lost.
Sending exactly once is impossible: a post whose send was cut off before its outcome was recorded is sent
again, so it may arrive twice; a reminder is not, it is recorded as uncertain. An embedded database is taken
up at once, a shared one when the leases of the process that was killed are over (`LEASE`).
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, assert_never

import structlog

from bot.pace import CAREFUL_PACE, PACES, Pace, Rests, Turns
from bot.platforms.base import Card, ChatGoneError, DeliveryError, MessageRef, Platform
from meeting.states import CardKind, Priority
from storage.cards import CardToShow, claim_stale_cards, forget_card_leases, put_card_failed, put_shown
from storage.database import Database
from storage.outbox import ParcelKind, find_next_ready_at, list_ready
from storage.people import put_account_gone
from storage.posts import (
    ON_PAGES,
    PostToSend,
    claim_posts,
    forget_post_leases,
    put_post_failed,
    put_post_retry,
    put_post_sent,
    put_post_uncertain,
    put_post_withdrawn,
    put_posts_failed,
)

Parcel = CardToShow | PostToSend
"""What delivery takes to a chat."""

_ParcelT = TypeVar("_ParcelT", CardToShow, PostToSend)

SHARED_CARDS = frozenset({CardKind.PANEL})
"""Cards that many people's acts change."""

SHARED_CARD_INTERVAL = timedelta(seconds=3)
"""How often such a card is shown anew at most; what changes between is shown together."""

LONGEST_SEND = timedelta(seconds=20)
"""After this a send counts as uncertain."""

LEASE = timedelta(seconds=45)
"""How long a claim holds: more than the wait for a turn and the longest send."""

LONGEST_BACKOFF = timedelta(seconds=60)
"""Between two attempts at the same parcel, where the platform names no time."""

LONGEST_REST = timedelta(seconds=5)
"""How long a failed send keeps back the chat's other parcels, where the platform names no time."""

PATIENCE = timedelta(days=3)
"""How old a post gets before a failed send is its last; cards are tried for as long as they are stale."""

_GATHERING = 0.05  # seconds: what is committed together is rendered together
_SWEEP = 15.0  # seconds: another process may have written, or the wall clock jumped
_FAREWELL = 5.0  # seconds that sends under way get when the program stops

_log = structlog.get_logger(__name__)


class Render(Protocol):
    """Makes what is shown, from the database as it is now.

    None stands for a parcel with nothing to show any more. After an error the parcels are asked for one by
    one, so that only the one at fault is withheld.
    """

    async def render_cards(self, cards: Sequence[CardToShow]) -> Mapping[int, Card | None]:
        """Give live cards as they are now, by `card_id`."""

    async def render_posts(self, posts: Sequence[PostToSend]) -> Mapping[int, Card | None]:
        """Give posts, by `post_id`."""


class Delivery:
    """Takes the outbox to the platforms, each at its own pace.

    Pages read the database themselves: platforms of `ON_PAGES` are left out.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        render: Render,
        now: Callable[[], datetime],
        paces: Mapping[str, Pace] = PACES,
        *,
        longest_send: timedelta = LONGEST_SEND,
    ) -> None:
        self._couriers = [
            _Courier(name, database, platform, render, now, paces.get(name, CAREFUL_PACE), longest_send)
            for name, platform in platforms.items()
            if name not in ON_PAGES
        ]
        database.on_commit(self._wake)

    def _wake(self) -> None:
        for courier in self._couriers:
            courier.wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; sends under way then get a few seconds to end."""
        async with asyncio.TaskGroup() as group:
            for courier in self._couriers:
                group.create_task(courier.run())
            await asyncio.Event().wait()


class _Courier:
    """Delivers to one platform: one parcel at a time in a chat, chats side by side, urgent parcels first."""

    def __init__(
        self,
        name: str,
        database: Database,
        platform: Platform,
        render: Render,
        now: Callable[[], datetime],
        pace: Pace,
        longest_send: timedelta,
    ) -> None:
        self.wake = asyncio.Event()
        self._name = name
        self._database = database
        self._platform = platform
        self._render = render
        self._now = now
        self._pace = pace
        self._longest_send = longest_send
        self._turns = Turns(pace.per_second)
        self._rests = Rests()
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        is_taken_up = False
        try:
            while True:
                self.wake.clear()
                try:
                    if not is_taken_up:
                        await self._take_up()
                        is_taken_up = True
                    pause = await self._take_out()
                except Exception:  # noqa: BLE001 - the database away, or a bug: neither may end delivery
                    _log.exception("delivery_interrupted", platform=self._name)
                    await asyncio.sleep(1)
                    continue
                # Not wait_for: in Python 3.11 it can lose a cancellation.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self.wake.wait()
                await asyncio.sleep(_GATHERING)
        finally:
            await self._end()

    async def _take_up(self) -> None:
        if self._database.is_sqlite:
            # One program delivers from an embedded database: leases were left by one that is no more.
            async with self._database.transaction() as tx:
                await forget_card_leases(tx, [self._name])
                await forget_post_leases(tx, [self._name], self._now())

    async def _end(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=_FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take_out(self) -> float:
        """Start what can go out now, and give the seconds after which there may be more."""
        while (free := self._pace.per_second - len(self._under_way)) > 0:
            now = self._now()
            busy = {*self._under_way, *self._rests.chats(now)}
            async with self._database.snapshot() as tx:
                ready = await list_ready(tx, self._name, now, free, except_chats=busy)
                next_at = None if ready else await find_next_ready_at(tx, self._name, except_chats=busy)
            if not ready:
                instants = [at for at in (next_at, self._rests.find_next_at()) if at is not None]
                return min([_SWEEP, *((at - now).total_seconds() for at in instants)])
            cards = [parcel.row_id for parcel in ready if parcel.kind is ParcelKind.CARD]
            posts = [parcel.row_id for parcel in ready if parcel.kind is ParcelKind.POST]
            async with self._database.transaction() as tx:
                parcels: list[Parcel] = [
                    *await claim_stale_cards(tx, now, cards, LEASE),
                    *await claim_posts(tx, now, posts, LEASE),
                ]
            if not parcels:
                return _GATHERING  # another process was faster
            for parcel, card in await self._rendered(parcels):
                task = asyncio.create_task(self._deliver(parcel, card))
                self._under_way[parcel.chat] = task
        return _SWEEP  # what is through wakes

    async def _rendered(self, parcels: Sequence[Parcel]) -> list[tuple[Parcel, Card | None]]:
        cards = [parcel for parcel in parcels if isinstance(parcel, CardToShow)]
        posts = [parcel for parcel in parcels if isinstance(parcel, PostToSend)]
        rendered: list[tuple[Parcel, Card | None]] = [
            *await self._render_each(self._render.render_cards, cards),
            *await self._render_each(self._render.render_posts, posts),
        ]
        return sorted(rendered, key=lambda pair: pair[0].priority)

    async def _render_each(
        self,
        render: Callable[[Sequence[_ParcelT]], Awaitable[Mapping[int, Card | None]]],
        parcels: Sequence[_ParcelT],
    ) -> list[tuple[_ParcelT, Card | None]]:
        if not parcels:
            return []
        try:
            rendered = await render(parcels)
            return [(parcel, rendered[_id_of(parcel)]) for parcel in parcels]
        except Exception:  # noqa: BLE001 - whatever the bug, it withholds one parcel and not all
            if len(parcels) == 1:
                _log.exception("render_failed", **_ids(parcels[0]))
                await self._put_off(parcels[0], _backoff(parcels[0].attempts))
                return []
        alone = [await self._render_each(render, [parcel]) for parcel in parcels]
        return [pair for pairs in alone for pair in pairs]

    async def _deliver(self, parcel: Parcel, card: Card | None) -> None:
        rest = self._pace.per_chat_interval
        try:
            if card is None:
                rest = timedelta(0)
                await self._put_nothing(parcel)
            elif isinstance(parcel, PostToSend) and parcel.was_cut_off and _is_once_only(parcel):
                rest = timedelta(0)
                await self._put_off(parcel, timedelta(0), is_uncertain=True)
            else:
                rest = max(rest, await self._show(parcel, card))
        except Exception:  # noqa: BLE001 - not recorded: taken out again when its lease is over
            _log.exception("delivery_unrecorded", **_ids(parcel))
        finally:
            self._rests.rest(parcel.chat, self._now() + rest)
            del self._under_way[parcel.chat]
            self.wake.set()

    async def _show(self, parcel: Parcel, card: Card) -> timedelta:
        """Show at the platform's pace, record the outcome, and give how long the chat must rest for it."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(self._turns.reserve(clock()) - clock())
        try:
            ref = await self._send(parcel, card)
        except ChatGoneError as error:
            _log.warning("chat_gone", reason=str(error), **_ids(parcel))
            await self._put_gone(parcel)
        except DeliveryError as error:
            _log.warning(
                "delivery_failed", reason=str(error), is_uncertain=error.is_uncertain, **_ids(parcel)
            )
            wait = error.retry_after or _backoff(parcel.attempts)
            await self._put_off(parcel, wait, is_uncertain=error.is_uncertain)
            return error.retry_after or min(wait, LONGEST_REST)
        except Exception:  # noqa: BLE001 - a bug in the platform: tried again like a failure
            _log.exception("delivery_failed", **_ids(parcel))
            await self._put_off(parcel, _backoff(parcel.attempts))
        else:
            await self._put_through(parcel, ref)
            _log.info("delivered", **_ids(parcel))
        return timedelta(0)

    async def _send(self, parcel: Parcel, card: Card) -> MessageRef:
        ref = parcel.ref if isinstance(parcel, CardToShow) else None
        try:
            async with asyncio.timeout(self._longest_send.total_seconds()):
                return await self._platform.show(parcel.chat, ref, card)
        except TimeoutError as error:
            raise DeliveryError("no answer in time", is_uncertain=True) from error

    async def _put_through(self, parcel: Parcel, ref: MessageRef) -> None:
        now = self._now()
        async with self._database.transaction() as tx:
            match parcel:
                case CardToShow(card_id=card_id, wanted_version=version, kind=kind):
                    not_before = now + SHARED_CARD_INTERVAL if kind in SHARED_CARDS else None
                    await put_shown(tx, card_id, version, ref, not_before=not_before)
                case PostToSend(post_id=post_id):
                    await put_post_sent(tx, post_id, ref, now)
                case _:
                    assert_never(parcel)

    async def _put_nothing(self, parcel: Parcel) -> None:
        async with self._database.transaction() as tx:
            match parcel:
                case CardToShow(card_id=card_id, wanted_version=version, ref=ref):
                    await put_shown(tx, card_id, version, ref)
                case PostToSend(post_id=post_id):
                    await put_post_withdrawn(tx, post_id)
                case _:
                    assert_never(parcel)

    async def _put_gone(self, parcel: Parcel) -> None:
        now = self._now()
        async with self._database.transaction() as tx:
            await put_account_gone(tx, parcel.account_id, now)
            await put_posts_failed(tx, parcel.account_id)
            if isinstance(parcel, CardToShow):
                await put_card_failed(tx, parcel.card_id, now)  # for when the account comes back

    async def _put_off(self, parcel: Parcel, wait: timedelta, *, is_uncertain: bool = False) -> None:
        now = self._now()
        async with self._database.transaction() as tx:
            match parcel:
                case CardToShow(card_id=card_id):
                    await put_card_failed(tx, card_id, now + wait)
                case PostToSend(post_id=post_id) if is_uncertain and _is_once_only(parcel):
                    await put_post_uncertain(tx, post_id)
                    _log.warning("post_uncertain", **_ids(parcel))
                case PostToSend(post_id=post_id, made_at=made_at) if now - made_at > PATIENCE:
                    await put_post_failed(tx, post_id)
                    _log.error("post_given_up", **_ids(parcel))
                case PostToSend(post_id=post_id):
                    await put_post_retry(tx, post_id, now + wait)
                case _:
                    assert_never(parcel)


def _is_once_only(post: PostToSend) -> bool:
    """Whether twice is worse than not at all."""
    return post.priority is Priority.REMINDER


def _backoff(attempts: int) -> timedelta:
    """Give the wait before the next attempt: twice as long each time, never the same for all."""
    longest = min(LONGEST_BACKOFF, timedelta(seconds=2 ** min(attempts + 1, 10)))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - it spreads load and guards nothing


def _id_of(parcel: Parcel) -> int:
    return parcel.card_id if isinstance(parcel, CardToShow) else parcel.post_id


def _ids(parcel: Parcel) -> dict[str, int | str]:
    """Give what a log line may tell of a parcel."""
    name = "card" if isinstance(parcel, CardToShow) else "post"
    return {
        name: _id_of(parcel),
        "platform": parcel.platform,
        "kind": parcel.kind,
        "subject": parcel.subject_id,
        "account": parcel.account_id,
        "attempts": parcel.attempts,
    }

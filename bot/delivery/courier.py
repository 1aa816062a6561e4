"""The courier of one platform: one parcel at a time in a chat, chats side by side, at the platform's pace."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.batching import Batches
from bot.delivery import outcomes
from bot.delivery.parcels import (
    Claimed,
    Key,
    Offer,
    Parcel,
    claim,
    find_offer,
    find_whole_offer,
    ids,
    is_once_only,
    is_over,
    key_of,
    posts_of,
)
from bot.delivery.thrift import Thrift, merged
from bot.pace import Doubt, Gate, Pace
from bot.platforms.base import (
    Card,
    ChatGoneError,
    ChatMovedError,
    DeliveryError,
    MessageRef,
    Platform,
    RightMissingError,
)
from storage.cards import CardToShow
from storage.database import Database, Tx
from storage.outbox import find_next_ready_at
from storage.pace import cut_rests, find_pacing, put_rests_of
from storage.posts import PostToSend, forget_leases

LONGEST_SEND = timedelta(seconds=20)
"""After this a send counts as uncertain."""

_RECORDING = timedelta(seconds=3)
"""How long a lease must hold after the longest send, or the parcel is not begun."""

_SECONDS_UNDER_WAY = 3
"""At most so many seconds' sends are under way: some wait for their turn, some get no answer."""

_GATHERING = 0.25  # seconds: what is committed together is rendered together
_SWEEP = 15.0  # seconds: another process may have written, or the wall clock jumped
_FAREWELL = 5.0  # seconds that sends under way get when the program stops
_SET_BACK = timedelta(seconds=1)
_CUT = timedelta(seconds=60)  # after the clock was set back no wait is longer

_log = structlog.get_logger(__name__)
_ParcelT = TypeVar("_ParcelT", CardToShow, PostToSend)


class Render(Protocol):
    """Makes what is shown, from the database as it is now.

    None stands for a parcel with nothing to show any more. After an error the parcels are asked for one by
    one, so that only the one at fault is withheld.
    """

    async def render_cards(self, cards: Sequence[CardToShow]) -> Mapping[int, Card | None]:
        """Give live cards as they are now, by `card_id`."""

    async def render_posts(self, posts: Sequence[PostToSend]) -> Mapping[int, Card | None]:
        """Give posts, by `post_id`: one that others go together with shows them, too.

        Of those others the ones that it shows are there as well.
        """


@dataclass(frozen=True, slots=True)
class _Piece:
    """A parcel with what is shown of it; `version` is the one of a card that was rendered."""

    parcel: Parcel
    card: Card | None
    version: int


class Courier:
    """Delivers to one platform until its `run` is cancelled; `wake` tells it that there may be more."""

    def __init__(  # noqa: PLR0913 - the last two are seldom there
        self,
        database: Database,
        platform: Platform,
        render: Render,
        now: Callable[[], datetime],
        pace: Pace,
        longest_send: timedelta,
        *,
        gate: Gate | None = None,
        thrift: Thrift | None = None,
    ) -> None:
        self.wake = asyncio.Event()
        self._database = database
        self._platform = platform
        self._name = platform.name
        self._render = render
        self._now = now
        self._pace = pace
        self._longest_send = longest_send
        self._gate = gate or Gate(pace.in_all)
        self._doubt = Doubt()
        self._thrift = thrift
        self._next_probe = 0.0
        self._next_turn_at: datetime | None = None
        self._rests_until: datetime | None = None
        self._seen: datetime | None = None
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._resting: dict[int, datetime | None] = {}  # what is still to be put of accounts that are let go
        self._cards = Batches[outcomes.Through, None](partial(outcomes.put_cards_through, database))
        self._posts = Batches[outcomes.Through, None](partial(outcomes.put_posts_through, database))

    async def run(self) -> None:
        """Deliver; sends under way at the end get a few seconds."""
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
        now = self._now()
        async with self._database.transaction() as tx:
            # The clock may have been set while nothing ran.
            await cut_rests(tx, self._name, now + _CUT)
            if self._database.is_sqlite:
                # One program delivers from an embedded database: leases were left by one that is no more.
                await forget_leases(tx, self._name, now)

    async def _end(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=_FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(Exception):  # the leases end by themselves
            await self._put_rests()

    # Out

    async def _take_out(self) -> float:
        """Begin what can go out now, and give the seconds after which there may be more."""
        while (free := _SECONDS_UNDER_WAY * self._pace.in_all.count - len(self._under_way)) > 0:
            now = self._now()
            await self._watch_clock(now)
            if (pause := self._pause(now)) > 0:
                return min(pause, _SWEEP)
            await self._put_rests()
            busy = {*self._under_way, *self._resting}
            async with self._database.snapshot() as tx:
                pacing = await find_pacing(tx, self._name)
                if pacing is not None:
                    self._next_turn_at, self._rests_until = pacing.next_turn_at, pacing.rests_until
                    if (pause := self._pause(now)) > 0:
                        return min(pause, _SWEEP)
                next_at = now if self._next_turn_at is None else self._next_turn_at
                most = len(self._pace.turns(next_at, now, 1 if self._doubt.is_open else free).given) or 1
                offer = await self._find_offer(tx, now, most, busy)
                if not offer.parcels:
                    ready_at = await find_next_ready_at(tx, self._name, except_accounts=busy)
                    return _SWEEP if ready_at is None else min(_SWEEP, (ready_at - now).total_seconds())
            rendered = await self._rendered(offer.parcels.values())
            if self._thrift is not None:
                offer, wait = await self._thrift.sift(offer, rendered, self._now())
                if not offer.urgent:
                    return min(wait, _SWEEP)
            async with self._database.transaction() as tx:
                claimed = await claim(tx, self._name, self._pace, self._now(), offer, rendered.keys(), most)
            if not claimed:
                return _GATHERING  # another process was faster
            self._begin(claimed, offer.parcels, rendered)
        return _SWEEP  # what is through wakes

    async def _find_offer(self, tx: Tx, now: datetime, most: int, busy: Collection[int]) -> Offer:
        if self._thrift is None:
            return await find_offer(tx, self._name, now, most, busy)
        return await find_whole_offer(tx, self._name, now, busy)

    async def _put_rests(self) -> None:
        """Let go of the accounts whose parcels have an outcome: they rest as long as is still to be."""
        if self._resting:
            rests = dict(self._resting)
            async with self._database.transaction() as tx:
                put = await put_rests_of(tx, rests)
            self._resting = {one: self._resting[one] for one in self._resting if one not in put}

    async def _watch_clock(self, now: datetime) -> None:
        """Let no wait last as long as the jump of a clock that was set back."""
        if self._seen is not None and now < self._seen - _SET_BACK:
            _log.warning("clock_set_back", platform=self._name)
            async with self._database.transaction() as tx:
                await cut_rests(tx, self._name, now + _CUT)
            self._next_turn_at = self._rests_until = None
            self._resting = {
                one: None if until is None else min(until, now + _CUT) for one, until in self._resting.items()
            }
        self._seen = now

    def _pause(self, now: datetime) -> float:
        """Give the seconds until the next claim makes sense: many turns at a time, not one for each."""
        pauses = [0.0]
        if self._rests_until is not None:
            pauses.append((self._rests_until - now).total_seconds())
        if self._next_turn_at is not None:
            pauses.append(self._pace.pause(self._next_turn_at, now).total_seconds())
        if self._doubt.is_open:
            pauses.append(self._next_probe - asyncio.get_running_loop().time())
        return max(pauses)

    def _begin(
        self, claimed: Sequence[Claimed], offered: Mapping[Key, Parcel], rendered: Mapping[Key, Card | None]
    ) -> None:
        clock, now = asyncio.get_running_loop().time(), self._now()
        self._next_probe = clock + Doubt.PROBES
        self._next_turn_at = claimed[-1].turn + self._pace.in_all.interval
        for one in claimed:
            at = clock + (one.turn - now).total_seconds()
            pieces = []
            for parcel in one.parcels:
                seen = offered[key_of(parcel)]
                # What was rendered is at least as new as the version that was wanted then.
                version = seen.wanted_version if isinstance(seen, CardToShow) else 0
                pieces.append(_Piece(parcel, rendered[key_of(parcel)], version))
            delivering = self._deliver(one, pieces, at)
            self._under_way[one.parcel.account_id] = asyncio.create_task(delivering)

    # What is shown

    async def _rendered(self, parcels: Collection[Parcel]) -> dict[Key, Card | None]:
        cards = [parcel for parcel in parcels if isinstance(parcel, CardToShow)]
        posts = [parcel for parcel in parcels if isinstance(parcel, PostToSend)]
        return {
            **await self._render_each(self._render.render_cards, cards),
            **await self._render_each(self._render.render_posts, posts),
        }

    async def _render_each(
        self,
        render: Callable[[Sequence[_ParcelT]], Awaitable[Mapping[int, Card | None]]],
        parcels: Sequence[_ParcelT],
    ) -> dict[Key, Card | None]:
        if not parcels:
            return {}
        try:
            rendered = await render(parcels)
            cards = {key_of(parcel): rendered[key_of(parcel)[1]] for parcel in parcels}
            # Of the reminders that go together with another those that it shows.
            together = [post for parcel in parcels for post in posts_of(parcel)[1:]]
            shown = {key_of(post): rendered.get(post.post_id) for post in together}
            return {**cards, **{key: card for key, card in shown.items() if card is not None}}
        except Exception:  # noqa: BLE001 - whatever the bug, it withholds one parcel and not all
            if len(parcels) == 1:
                _log.exception("render_failed", **ids(parcels[0]))
                wait = outcomes.backoff(parcels[0].attempts)
                await outcomes.put_off(self._database, parcels[0], wait, self._now())
                return {}
        alone: dict[Key, Card | None] = {}
        for parcel in parcels:
            alone |= await self._render_each(render, [parcel])
        return alone

    # What goes out in one turn: a parcel, or several in one message

    async def _deliver(self, claimed: Claimed, pieces: Sequence[_Piece], at: float) -> None:
        account_id = claimed.parcel.account_id
        rest: timedelta | None = None
        try:
            shown = [piece for piece in pieces if not await self._is_settled(piece)]
            if shown:
                await self._gate.wait(at)
                if self._is_late(claimed):
                    for piece in shown:
                        await outcomes.put_back(self._database, piece.parcel)
                else:
                    rest = await self._show(shown)
        except Exception:  # noqa: BLE001 - not recorded: taken out again when its lease is over
            _log.exception("delivery_unrecorded", **ids(claimed.parcel))
        else:
            self._resting[account_id] = None if rest is None else self._now() + rest
        finally:
            del self._under_way[account_id]
            self.wake.set()

    async def _is_settled(self, piece: _Piece) -> bool:
        """Whether nothing is to be sent of it, which is recorded."""
        parcel = piece.parcel
        if piece.card is None or is_over(parcel, self._now()):
            await outcomes.put_nothing(self._database, parcel, piece.version, self._now())
            return True
        if is_once_only(parcel) and parcel.was_cut_off:
            await outcomes.put_uncertain(self._database, parcel)
            return True
        return False

    def _is_late(self, claimed: Claimed) -> bool:
        """Whether everything rests by now, or the lease could end before the send does."""
        now = self._now()
        is_resting = self._rests_until is not None and now < self._rests_until
        return is_resting or now > claimed.until - self._longest_send - _RECORDING

    async def _show(self, pieces: Sequence[_Piece]) -> timedelta:
        """Show, record the outcome, and give how long the chat must rest for it."""
        parcels = [piece.parcel for piece in pieces]
        first = parcels[0]
        begun, rest = asyncio.get_running_loop().time(), self._pace.rest(is_group=first.is_group)
        try:
            ref = await self._send(pieces)
        except ChatGoneError as error:
            _log.warning("chat_gone", reason=str(error), **ids(first))
            self._get_through(begun)
            await outcomes.put_gone(self._database, parcels, error.reason, self._now())
        except ChatMovedError as error:
            self._get_through(begun)
            for parcel in parcels:
                await outcomes.put_moved(self._database, parcel, error.chat, self._now())
        except DeliveryError as error:
            _log.warning("delivery_failed", reason=str(error), is_uncertain=error.is_uncertain, **ids(first))
            return max(rest, await self._put_failed(parcels, error))
        except Exception:  # noqa: BLE001 - a bug in the platform: tried again like a failure
            _log.exception("delivery_failed", **ids(first))
            for parcel in parcels:
                await outcomes.put_off(self._database, parcel, outcomes.backoff(parcel.attempts), self._now())
        else:
            self._get_through(begun)
            through = [outcomes.Through(each.parcel, each.version, ref, self._now()) for each in pieces]
            await asyncio.gather(
                *(
                    (self._cards if isinstance(one.parcel, CardToShow) else self._posts).put(one)
                    for one in through
                )
            )
            for parcel in parcels:
                _log.info("delivered", **ids(parcel))
        return rest

    def _get_through(self, begun: float) -> None:
        """Note that the platform took a send; where that ends a doubt, the others go on at once."""
        was_open = self._doubt.is_open
        self._doubt.pass_through(begun)
        if was_open and not self._doubt.is_open:
            self.wake.set()

    async def _send(self, pieces: Sequence[_Piece]) -> MessageRef:
        first = pieces[0].parcel
        ref = first.ref if isinstance(first, CardToShow) and self._thrift is None else None
        card = merged([(piece.parcel, piece.card) for piece in pieces if piece.card is not None])
        try:
            async with asyncio.timeout(self._longest_send.total_seconds()):
                return await self._platform.show(first.chat, ref, card)
        except TimeoutError as error:
            raise DeliveryError("no answer in time", is_uncertain=True) from error

    async def _put_failed(self, parcels: Sequence[Parcel], error: DeliveryError) -> timedelta:
        """Record a failure, and give how long the chat rests for it."""
        now, first = self._now(), parcels[0]
        if error.retry_after is not None:
            if not first.is_group:
                await self._doubt_platform(first, now + error.retry_after, now)
            for parcel in parcels:
                await outcomes.put_off(self._database, parcel, error.retry_after, now)
            return error.retry_after
        wait = outcomes.backoff(min(parcel.attempts for parcel in parcels))
        if isinstance(error, RightMissingError):
            await outcomes.put_lack(self._database, first, error.right, now)
        for parcel in parcels:
            if error.is_uncertain and is_once_only(parcel):
                await outcomes.put_uncertain(self._database, parcel)
            else:
                await outcomes.put_off(self._database, parcel, wait, now)
        return min(wait, outcomes.LONGEST_REST)

    async def _doubt_platform(self, parcel: Parcel, until: datetime, now: datetime) -> None:
        clock = asyncio.get_running_loop().time()
        if self._gate.crowds.is_crowded(parcel.chat, clock):
            return
        of_all = self._doubt.refuse(parcel.account_id, until, now, clock)
        if of_all is not None:
            self._rests_until = of_all  # at once: others are about to begin
            self._rests_until = await outcomes.put_rest_of_all(self._database, self._name, of_all, now)
            _log.warning("platform_rests", platform=self._name, until=self._rests_until.isoformat())

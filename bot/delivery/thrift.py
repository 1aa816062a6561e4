"""Thrift: on a platform that counts messages, what waits for a chat goes out as one, or not at all.

A refresh that says nothing new, and what the plan has no messages left for, is settled without a turn. What
isn't urgent waits a few seconds for more to come; a ballot takes along what waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.budget import Budget
from bot.cards.digest import joined_card
from bot.delivery import outcomes
from bot.delivery.parcels import Key, Offer, Parcel, is_once_only, is_over, key_of
from bot.platforms.base import Card, Open, Thrifty
from meeting.states import CardKind, Priority
from storage.cards import CardToShow
from storage.database import Database
from storage.outbox import Ready
from storage.posts import PostToSend

WAITING_FOR_MORE = timedelta(seconds=5)
"""How long what is less urgent than a ballot waits for what goes out in the same message."""

WAITING_FOR_PANEL = timedelta(seconds=1)
"""The same where the panel waits: somebody runs a meeting by it."""

SHOWN_ONCE = frozenset({CardKind.ATTENDANCE, CardKind.GROUP})
"""Cards that many have, of which posts and ballots tell what matters: a change of theirs takes no message."""

_A_MOMENT = 0.25  # seconds
_MOST = 6
"""How much goes out in one message, so that it can be read."""


class Thrift:
    """Says what is worth a message; it remembers only since when cards are seen to wait, by account."""

    def __init__(self, database: Database, platform: Thrifty, budget: Budget) -> None:
        self._database = database
        self._platform = platform
        self._budget = budget
        self._since: dict[int, datetime] = {}

    async def sift(
        self, offer: Offer, rendered: Mapping[Key, Card | None], now: datetime
    ) -> tuple[Offer, float]:
        """Settle what needs no message, and give what goes out now, of each chat what fits in one message.

        The rest is to be looked at again after so many seconds.
        """
        least_urgent = await self._budget.find_least_urgent()
        unchanged: list[CardToShow] = []
        saved: list[PostToSend] = []
        urgent: list[Ready] = []
        along: dict[Key, Sequence[Ready]] = {}
        waits: list[float] = []
        for first in offer.urgent:
            kept = []
            for one in (first, *offer.along.get(_key(first), ())):
                parcel = offer.parcels.get(_key(one))
                if parcel is None or _key(one) not in rendered:
                    continue  # taken by another process, or put off for a bug
                if await self._is_worth_it(parcel, rendered[_key(one)], now, least_urgent):
                    kept.append(one)
                elif isinstance(parcel, CardToShow):
                    unchanged.append(parcel)
                else:
                    saved.append(parcel)
            if not kept:
                self._since.pop(first.account_id, None)
            elif (wait := self._wait(kept, offer.parcels, now)) > 0:
                waits.append(wait)
            else:
                together = _in_one_message(kept, rendered)
                urgent.append(together[0])
                along[_key(together[0])] = together[1:]
                self._since.pop(first.account_id, None)
        await self._settle(unchanged, saved, now)
        wait = 0.0 if unchanged or saved else min(waits, default=_A_MOMENT)
        return replace(offer, urgent=urgent, along=along), wait

    async def _is_worth_it(
        self, parcel: Parcel, card: Card | None, now: datetime, least_urgent: Priority
    ) -> bool:
        """Whether it is worth a message, or needs none to be settled as ever."""
        if card is None or is_over(parcel, now) or (is_once_only(parcel) and parcel.was_cut_off):
            return True
        is_affordable = parcel.priority <= least_urgent
        if not isinstance(parcel, CardToShow) or parcel.ref is None:
            return is_affordable
        # Asked in any case: the platform may note what a card is about from now on.
        is_news = await self._platform.is_news(parcel.chat, parcel.ref, card)
        return is_news and is_affordable and parcel.kind not in SHOWN_ONCE

    def _wait(self, kept: Sequence[Ready], parcels: Mapping[Key, Parcel], now: datetime) -> float:
        """Give for how many seconds a chat's parcels, the most urgent first, wait for more."""
        account_id = kept[0].account_id
        if kept[0].priority <= Priority.BALLOT:
            return 0.0
        seen = self._since.setdefault(account_id, now)
        if now < seen:  # the clock was set back
            seen = self._since[account_id] = now
        waiting = [parcels[_key(one)] for one in kept]
        since = min([seen, *(one.made_at for one in waiting if isinstance(one, PostToSend))])
        has_panel = any(one.kind is CardKind.PANEL for one in waiting)
        return (since + (WAITING_FOR_PANEL if has_panel else WAITING_FOR_MORE) - now).total_seconds()

    async def _settle(
        self, unchanged: Sequence[CardToShow], saved: Sequence[PostToSend], now: datetime
    ) -> None:
        if not unchanged and not saved:
            return
        async with self._database.transaction() as tx:
            # In order of id, so that two transactions can't wait for each other.
            for card in sorted(unchanged, key=lambda card: card.card_id):
                await outcomes.put_unchanged(tx, card, card.wanted_version, now)
            if saved:
                await outcomes.put_saved(tx, saved)


def _key(ready: Ready) -> Key:
    return ready.kind, ready.row_id


def _in_one_message(kept: Sequence[Ready], rendered: Mapping[Key, Card | None]) -> list[Ready]:
    """Give what goes out together, the most urgent first.

    Of cards with choices by a vote's number, or that wait for something typed, a message has one; then no
    other in it has choices, so that what is answered is never in doubt.
    """
    together: list[Ready] = []
    offering: list[Card] = []
    for one in kept:
        card = rendered[_key(one)]
        if card is not None and _offers(card):
            if offering and any(each.number or each.ask for each in (card, *offering)):
                continue
            offering.append(card)
        together.append(one)
    return together[:_MOST]


def _offers(card: Card) -> bool:
    choices = chain.from_iterable(card.choices)
    return card.ask is not None or any(not isinstance(choice, Open) for choice in choices)


def merged(parcels: Sequence[tuple[Parcel, Card]]) -> Card:
    """Give what goes out together as one card: news first, as it happened, what can be chosen last."""
    if len(parcels) == 1:
        return parcels[0][1]
    return joined_card([card for _, card in sorted(parcels, key=_place)])


def _place(shown: tuple[Parcel, Card]) -> tuple[bool, bool, Key]:
    parcel, card = shown
    return _offers(card), isinstance(parcel, CardToShow), key_of(parcel)

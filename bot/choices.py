"""What numbers mean in the chats of a platform without buttons, in the database."""

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from bot.platforms.base import Bar, Card, NumberedCard, NumberedChoice, ShownChoices
from storage import choices
from storage.database import Database, Tx

Pending = Callable[[Tx, Collection[int]], Awaitable[Mapping[int, Card]]]
"""Gives the open question of each account that has one."""


class StoredChoices:
    """Implements `bot.platforms.base.Choices` for one platform."""

    def __init__(
        self, database: Database, platform: str, pending: Pending, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._platform = platform
        self._pending = pending
        self._now = now

    async def find(self, chat: str) -> ShownChoices:
        """As `Choices.find`."""
        async with self._database.snapshot() as tx:
            kept = await choices.find_choices(tx, self._platform, chat)
            shown = ShownChoices() if kept is None else _loaded(kept)
            account = await choices.find_chat_account(tx, self._platform, chat)
            if account is None:
                return shown
            if account.is_group:
                return dataclasses.replace(shown, is_group=True)
            pending = (await self._pending(tx, [account.account_id])).get(account.account_id)
        return dataclasses.replace(
            shown, question="" if pending is None else question_of(pending), language=account.language
        )

    async def change(self, chat: str, change: Callable[[ShownChoices], ShownChoices]) -> None:
        """As `Choices.change`."""
        async with self._database.transaction() as tx:
            kept = await choices.find_choices(tx, self._platform, chat, is_held=True)
            shown = ShownChoices() if kept is None else _loaded(kept)
            changed = change(shown)
            if changed != shown:
                await choices.put_choices(tx, self._platform, chat, _dumped(changed), self._now())


def question_of(card: Card) -> str:
    """Give what a card wants typed, in its own words; "" where it waits for nothing that can be typed."""
    if card.ask is None or not card.ask.takes_text:
        return ""
    texts = (line.caption if isinstance(line, Bar) else line.text for line in card.lines)
    return next((text for text in texts if text.strip()), "…")


def _dumped(shown: ShownChoices) -> dict[str, Any]:
    return {
        "newest": None if shown.newest is None else _dumped_card(shown.newest),
        "former": None if shown.former is None else _dumped_card(shown.former),
        "votes": [_dumped_card(card) for card in shown.votes],
        "said": list(shown.said),
    }


def _dumped_card(card: NumberedCard) -> dict[str, Any]:
    return {
        "heading": card.heading,
        "choices": [[one.number, one.label, one.action] for one in card.choices],
        "vote": card.vote,
        "is_asked": card.is_asked,
        "shown_at": None if card.shown_at is None else card.shown_at.isoformat(),
        "is_answer": card.is_answer,
        "has_ended": card.has_ended,
    }


def _loaded(kept: Mapping[str, Any]) -> ShownChoices:
    newest, former = kept["newest"], kept["former"]
    return ShownChoices(
        None if newest is None else _loaded_card(newest),
        None if former is None else _loaded_card(former),
        tuple(_loaded_card(card) for card in kept["votes"]),
        tuple(kept["said"]),
    )


def _loaded_card(kept: Mapping[str, Any]) -> NumberedCard:
    shown_at = kept["shown_at"]
    return NumberedCard(
        kept["heading"],
        tuple(NumberedChoice(number, label, action) for number, label, action in kept["choices"]),
        kept["vote"],
        kept["is_asked"],
        None if shown_at is None else datetime.fromisoformat(shown_at),
        kept["is_answer"],
        kept["has_ended"],
    )

"""Cards as messages of a chat: sent, never changed, and sent anew only where there is something to tell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from functools import partial

from bot.actions import encode
from bot.platforms.base import (
    Card,
    Choices,
    DeliveryError,
    Links,
    MessageRef,
    Meter,
    ShownChoices,
)
from bot.platforms.zalo.client import QuotaSpentError, ZaloApi
from bot.platforms.zalo.layout import Addresses, Ref, lay_out, lay_out_for_group
from bot.platforms.zalo.numbering import (
    ballot_of,
    choices_of,
    has_ended,
    heading_of,
    is_told,
    number_choices,
    offers_more,
    with_card,
    with_ended,
    with_next_item,
    with_vote,
)
from bot.platforms.zalo.papers import with_papers
from bot.wording.voice import Voice


def _ballots_among(shown: ShownChoices, actions: Iterable[str]) -> set[str]:
    """Give what the ballots are headed by that offered any of this; a message can hold more than one card."""
    ballots = (ballot_of(shown, action) for action in actions)
    return {ballot.heading for ballot in ballots if ballot is not None}


class Screens:
    """What the bot's chats show; `language` is that of chats that have none, `way_in` the bot's address."""

    def __init__(
        self,
        api: ZaloApi,
        choices: Choices,
        language: str,
        way_in: Callable[[], str],
        now: Callable[[], datetime],
        links: Links | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._api = api
        self._choices = choices
        self._language = language
        self._way_in = way_in
        self.now = now
        self._links = links
        self._meter = meter
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        """As `Platform.show`: what is at `ref` stays as it is unless the card has news (`is_news`)."""
        if ref is not None and not await self.is_news(chat, ref, card):
            return ref
        return await self._send(chat, card, is_answer=False, is_group=False)

    async def is_news(self, chat: str, ref: MessageRef, card: Card) -> bool:
        """As `Thrifty.is_news`: something new can be done, or the own choice isn't what was said last.

        What is done with the item that is on is no news of the next one, but is about that from then on. That
        a vote goes on after it was paused or closed is news to whoever hasn't voted.
        """
        card, shown = with_papers(card), await self._choices.find(chat)
        if shown.is_group:
            return False
        before, offered = Ref.parse(ref), choices_of(card)
        actions = [encode(choice.action) for choice in offered]
        chosen = [encode(choice.action) for choice in offered if choice.is_chosen]
        alike = [*actions, *before.offered]
        if not all(is_told(shown, one, alike, was_chosen=one in before.chosen) for one in chosen):
            return True
        ended = partial(with_ended, before=before.offered, actions=actions)
        if card.is_notable and heading_of(card) in _ballots_among(shown, before.offered):
            await self._choices.change(chat, ended)
            return True
        if card.number and chosen and before.offered:
            return False  # what a choice brings along was said when it was recorded
        if offers_more(actions, before.offered) or has_ended(shown, card.number, actions):
            return True
        for change in (partial(with_next_item, before=before.offered, actions=actions), ended):
            if change(shown) != shown:
                await self._choices.change(chat, change)
        return False

    async def answer(self, chat: str, card: Card, *, is_group: bool) -> None:
        """Show a card to whom it answers; raises as `Platform.show`."""
        await self._send(chat, card, is_answer=True, is_group=is_group)

    async def _send(self, chat: str, card: Card, *, is_answer: bool, is_group: bool) -> MessageRef:
        """Send a card, and keep what its numbers mean."""
        card = with_papers(card)
        addresses = await self._addresses(card)
        async with self.turn(chat):
            shown = await self._choices.find(chat)
            voice = self.voice(shown)
            if is_group or shown.is_group:
                texts = lay_out_for_group(voice, card, addresses, self._way_in())
                return Ref(await self._send_texts(chat, texts)).dump()
            numbered = number_choices(card, shown, self.now(), is_answer=is_answer)
            chosen = [encode(choice.action) for choice in choices_of(card) if choice.is_chosen]
            try:
                message = await self._send_texts(chat, lay_out(voice, card, numbered, addresses))
            except DeliveryError as error:
                if error.is_uncertain:  # they may have been seen
                    await self._choices.change(chat, partial(with_vote, card=numbered))
                raise
            await self._choices.change(chat, partial(with_card, card=numbered, chosen=chosen))
        return Ref(message, tuple(one.action for one in numbered.choices), tuple(chosen)).dump()

    async def find(self, chat: str) -> ShownChoices:
        """Give what numbers mean in a chat, when whatever is being sent there is."""
        async with self.turn(chat):
            return await self._choices.find(chat)

    async def change(self, chat: str, change: Callable[[ShownChoices], ShownChoices]) -> None:
        """As `Choices.change`."""
        await self._choices.change(chat, change)

    def voice(self, shown: ShownChoices) -> Voice:
        """Give the voice in which a chat is spoken to."""
        return Voice(shown.language or self._language)

    @contextlib.asynccontextmanager
    async def turn(self, chat: str) -> AsyncIterator[None]:
        """Have one message after the other in a chat, each with its numbers kept before the next."""
        lock, waiting = self._turns.get(chat, (asyncio.Lock(), 0))
        self._turns[chat] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(chat)
            if waiting > 1:
                self._turns[chat] = lock, waiting - 1

    async def _addresses(self, card: Card) -> Addresses:
        if self._links is None:
            return {}
        return {attachment: await self._links.link(attachment) for attachment in card.attachments}

    async def _send_texts(self, chat: str, texts: list[str]) -> str:
        message = ""
        for text in texts:
            message = await self._send_text(chat, text)
        return message

    async def _send_text(self, chat: str, text: str) -> str:
        try:
            message = await self._api.send_message(chat, text)
        except DeliveryError as error:
            if error.is_uncertain and self._meter is not None:
                await self._meter.note_sent()
            if isinstance(error, QuotaSpentError) and self._meter is not None:
                await self._meter.note_refused()
            raise
        if self._meter is not None:
            await self._meter.note_sent()
        return message

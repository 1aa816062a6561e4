"""Groups for stories: who does what in one, and what everybody in it sees."""

import itertools
from dataclasses import dataclass, field

from bot.actions import Action, encode
from bot.addresses import PrivateChat
from bot.dialogues.groups import find_private_chat
from bot.platforms.base import Admitted, Answer, Body, Card, Incoming, Joined, Left, Moved, Tap
from bot.rendering import render_live_cards, render_posts
from meeting.states import GroupRight
from storage import posts
from storage.cards import list_card_versions, put_shown
from storage.database import Tx
from storage.groups import Group as StoredGroup
from storage.groups import find_group, find_group_account
from tests.bot.chatting import Hall, buttons, texts

_EVENTS = itertools.count()


@dataclass
class Room:
    """A group, on Telegram unless another platform is named."""

    hall: Hall
    chat: str = "-1001"
    title: str = "Nhóm Công đoàn"
    platform: str = "telegram"
    answers: list[Answer] = field(default_factory=list)
    last: Incoming | None = None

    # What is done in it

    async def does(
        self, who: str, body: Body, *, at: str | None = None, is_anonymous: bool = False
    ) -> Answer:
        sender = self.hall.journey.sender(who, self.platform)
        self.last = Incoming(
            self.platform,
            self.chat,
            sender.external_id,
            f"room-{next(_EVENTS)}",
            body,
            who,
            "vi",
            at,
            is_group=True,
            chat_title=self.title,
            is_anonymous=is_anonymous,
        )
        self.hall.clock.advance()
        return await self.again()

    async def again(self) -> Answer:
        """The platform delivers the last event once more."""
        assert self.last is not None
        answer = await self.hall.dialogues.receive(self.last)
        self.answers.append(answer)
        return answer

    async def commands(self, who: str, code: str = "", *, is_anonymous: bool = False) -> Answer:
        """Send "/start@bot", as the link does that chooses a group."""
        return await self.does(who, Joined(code), is_anonymous=is_anonymous)

    async def admits(
        self, who: str, lacks: frozenset[GroupRight] = frozenset(), *, is_new: bool = True
    ) -> Answer:
        return await self.does(who, Admitted(is_new, lacks))

    async def removes(self, who: str) -> Answer:
        return await self.does(who, Left())

    async def moves(self, new: str) -> Answer:
        answer = await self.does("Telegram", Moved(new), is_anonymous=True)
        self.chat = new
        return answer

    async def taps(self, who: str, label: str) -> Answer:
        """Tap the newest button of this label."""
        shown = [answer.card for answer in reversed(self.answers) if answer.card is not None]
        for card in [*await self.cards(), *shown]:
            if label in buttons(card):
                return await self.forges(who, buttons(card)[label].action)
        raise AssertionError(f"no button {label!r} in {self.title}")

    async def forges(self, who: str, action: Action | str) -> Answer:
        text = action if isinstance(action, str) else encode(action)
        return await self.does(who, Tap(text), at="message 1")

    # What is seen in it

    async def cards(self) -> list[Card]:
        """What stands in it: live cards, the newest first, then posts."""
        return [*await self.live(), *await self.posts()]

    async def live(self) -> list[Card]:
        async with self.hall.database.snapshot() as tx:
            versions = await list_card_versions(tx, self.platform, [self.chat])
            rendered = await render_live_cards(tx, versions, self.hall.default, self.private_chat)
        return [card for one in reversed(versions) if (card := rendered[one.card_id]) is not None]

    async def posts(self) -> list[Card]:
        async with self.hall.database.snapshot() as tx:
            account_id = await find_group_account(tx, self.platform, self.chat)
            if account_id is None:
                return []
            found = (await posts.list_posts(tx, [account_id], 50))[account_id]
            rendered = await render_posts(tx, found, self.hall.default, self.private_chat)
        return [card for one in found if (card := rendered[one.post_id]) is not None]

    async def private_chat(self, tx: Tx, platform: str, meeting_id: int | None) -> PrivateChat | None:
        return await find_private_chat(tx, self.hall.addresses, self.hall.house.key, platform, meeting_id)

    async def reads(self, text: str) -> list[str]:
        """The lines of the newest card that holds this text."""
        cards = await self.cards()
        for card in cards:
            if any(text in line for line in texts(card)):
                return texts(card)
        raise AssertionError(f"no {text!r} in {self.title}: {[texts(card) for card in cards]}")

    async def is_shown(self) -> None:
        """Delivery shows what stands in it, each card at a place named after its kind."""
        async with self.hall.database.transaction() as tx:
            for card in await list_card_versions(tx, self.platform, [self.chat]):
                ref = f"{self.chat} {card.kind}"
                await put_shown(tx, card.card_id, card.wanted_version, ref, self.hall.clock.now())

    async def stored(self) -> StoredGroup | None:
        async with self.hall.database.snapshot() as tx:
            return await find_group(tx, self.platform, self.chat)

"""People with chats, for stories: what they are shown, and what they tap, type and send."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from bot.actions import Action, encode
from bot.addresses import Addresses
from bot.batching import Batches
from bot.budget import Budget
from bot.dialogues import Dialogues, Office
from bot.platforms.base import (
    Answer,
    Bar,
    Body,
    Card,
    Contact,
    Do,
    File,
    Incoming,
    Joined,
    Left,
    Open,
    Tap,
    Text,
)
from bot.rendering import render_live_cards, render_posts
from bot.wording.voice import Voice
from handlers import inviting
from handlers.asking import House
from handlers.attendance import CheckedIn, CheckIn, check_in
from handlers.balloting import CastVote, cast_votes
from meeting.plan import MeetingPlan
from meeting.refusals import Refused
from meeting.voting import BallotResult
from storage import posts
from storage.cards import list_card_versions
from storage.database import Database, Tx
from storage.people import find_account
from tests.handlers.journey import KEY, ORGANISER, Clock, Journey

SIZE_LIMIT = 20 * 1024 * 1024
_EVENTS = itertools.count()
"""Marks of events, no two alike in a run, as meetings are copied with what was done in them."""


def texts(card: Card) -> list[str]:
    return [line.caption if isinstance(line, Bar) else line.text for line in card.lines]


def buttons(card: Card) -> dict[str, Do]:
    return {choice.label: choice for row in card.choices for choice in row if isinstance(choice, Do)}


def links(card: Card) -> dict[str, str]:
    return {choice.label: choice.url for row in card.choices for choice in row if isinstance(choice, Open)}


@dataclass
class Hall:
    """The program's front door on a database, and the people before it."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    default: Voice = field(default_factory=Voice)
    journey: Journey = field(init=False)
    chats: dict[tuple[str, str], "Chat"] = field(default_factory=dict)
    budgets: dict[str, Budget] = field(default_factory=dict)
    addresses: Addresses = field(default_factory=lambda: Addresses("http://192.168.1.20:8080", "hoinghi_bot"))

    def __post_init__(self) -> None:
        self.house = House(self.database, self.clock.now, KEY)
        self.journey = Journey(self.database, self.clock, self.house)
        self.start()

    def start(self) -> None:
        """Start the program anew: nothing is left of it but the database."""
        self.ballots = Batches[CastVote, BallotResult](lambda batch: cast_votes(self.house, batch))
        self.check_ins = Batches[CheckIn, CheckedIn | Refused](lambda batch: check_in(self.house, batch))
        office = Office(
            self.house,
            lambda: self.addresses,
            self.ballots,
            self.check_ins,
            self.default,
            budgets=lambda: self.budgets,
        )
        self.dialogues = Dialogues(office)

    async def close(self) -> None:
        await self.ballots.close()
        await self.check_ins.close()

    @classmethod
    async def founded(cls, database: Database) -> Self:
        """An organisation with one organiser."""
        hall = cls(database)
        hall.journey = await Journey.founded(database)
        hall._take_over()
        return hall

    @classmethod
    async def planned(cls, database: Database, plan: MeetingPlan, *, are_bound: bool = True) -> Self:
        """A meeting whose attendees have opened their links."""
        hall = cls(database)
        hall.journey = await Journey.planned(database, plan, are_bound=are_bound)
        hall._take_over()
        return hall

    @classmethod
    async def opened(cls, database: Database, plan: MeetingPlan, *, absent: tuple[str, ...] = ()) -> Self:
        """An open meeting with everybody present but the `absent`, and the attendance stated."""
        hall = cls(database)
        hall.journey = await Journey.opened(database, plan, absent=absent)
        hall._take_over()
        return hall

    def _take_over(self) -> None:
        self.clock, self.house = self.journey.clock, self.journey.house
        self.start()

    def chat(self, name: str, platform: str = "telegram", language: str | None = "vi") -> "Chat":
        """Somebody's chat; one name has one chat on each platform."""
        return self.chats.setdefault((name, platform), Chat(self, name, platform, language))

    @property
    def organiser(self) -> "Chat":
        return self.chat(ORGANISER)

    async def founder_code(self) -> str:
        return (await inviting.make_founder_code(self.house)).token


@dataclass(frozen=True)
class Stage:
    """A meeting as a story finds it: made once, and copied for each story."""

    path: Path
    journey: Journey

    @classmethod
    def set_up(cls, path: Path, build: Callable[[Database], Awaitable[Hall]]) -> Self:
        """Have the meeting built in a migrated SQLite file."""

        async def run() -> Journey:
            database = Database.open(f"sqlite+aiosqlite:///{path}")
            hall = await build(database)
            await hall.close()
            await database.close()
            return hall.journey

        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            return cls(path, runner.run(run()))

    @asynccontextmanager
    async def copy(self, directory: Path) -> AsyncIterator[Hall]:
        """Give a meeting of one's own, in a file of this directory."""
        path = directory / self.path.name
        shutil.copyfile(self.path, path)
        database = Database.open(f"sqlite+aiosqlite:///{path}")
        hall = Hall(database, Clock(self.journey.clock.now()))
        hall.journey = replace(
            self.journey,
            database=database,
            clock=hall.clock,
            house=hall.house,
            phones=dict(self.journey.phones),
            attendees=dict(self.journey.attendees),
            items=list(self.journey.items),
        )
        try:
            yield hall
        finally:
            await hall.close()
            await database.close()


@dataclass
class Chat:
    """One person's chat: `answer` is the last answer, `card` the last card that was no live one."""

    hall: Hall
    name: str
    platform: str
    language: str | None
    answer: Answer = field(default_factory=Answer)
    card: Card | None = None
    last: Incoming | None = None
    seen: list[Card] = field(default_factory=list)

    # What a person does

    async def does(self, body: Body, *, event: str | None = None, at: str | None = None) -> Answer:
        sender = self.hall.journey.sender(self.name, self.platform)
        event_id = event or f"chat-{next(_EVENTS)}"
        self.last = Incoming(
            self.platform, sender.chat, sender.external_id, event_id, body, self.name, self.language, at
        )
        self.hall.clock.advance()
        return await self._receive(self.last)

    async def _receive(self, incoming: Incoming) -> Answer:
        self.answer = await self.hall.dialogues.receive(incoming)
        if self.answer.card is not None:
            self.card = self.answer.card
            self.seen.append(self.answer.card)
        return self.answer

    async def again(self) -> Answer:
        """The platform delivers the last event once more."""
        assert self.last is not None
        return await self._receive(self.last)

    async def says(self, text: str) -> Answer:
        return await self.does(Text(text))

    async def shares(self, phone: str, *, is_own: bool = True) -> Answer:
        return await self.does(Contact(phone, is_own))

    async def opens(self, code: str = "") -> Answer:
        return await self.does(Joined(code))

    async def leaves(self) -> Answer:
        return await self.does(Left())

    async def sends(
        self, content: bytes | None, name: str = "hoi-nghi.xlsx", size: int | None = None
    ) -> Answer:
        if size is None:
            size = 0 if content is None else len(content)
        return await self.does(File(name, size, content, SIZE_LIMIT))

    async def taps(
        self, label: str, *, text: str = "", on: Card | None = None, at: str | None = None
    ) -> Answer:
        """Tap the button of this label: on a card that was kept, else on the newest that has it.

        `at` is where the platform showed the card, if it tells.
        """
        return await self.does(Tap(encode(await self.find(label, on=on)), text), at=at)

    async def forges(self, action: Action | str) -> Answer:
        """Send a button that nobody showed."""
        return await self.does(Tap(action if isinstance(action, str) else encode(action)))

    # What a person sees

    async def find(self, label: str, *, on: Card | None = None) -> Action:
        cards = [card for card in (on or self.card,) if card is not None]
        # What is rendered for nothing takes most of a story's time.
        for source in () if on is not None else (self.live, self.posts):
            if any(label in buttons(card) for card in cards):
                break
            cards += await source()
        for card in cards:
            if label in buttons(card):
                return buttons(card)[label].action
        labels = [list(buttons(card)) for card in cards]
        raise AssertionError(f"{self.name} sees no button {label!r}, but {labels}")

    async def cards(self) -> list[Card]:
        """What is before this person, newest first: the last answer's card, the live cards, the posts."""
        return [*([self.card] if self.card else []), *await self.live(), *await self.posts()]

    async def live(self) -> list[Card]:
        """The live cards, the newest first, as a platform shows them now."""
        sender = self.hall.journey.sender(self.name, self.platform)
        async with self.hall.database.snapshot() as tx:
            versions = await list_card_versions(tx, self.platform, [sender.chat])
            rendered = await render_live_cards(tx, versions, self.hall.default)
        return [card for one in reversed(versions) if (card := rendered[one.card_id]) is not None]

    async def posts(self) -> list[Card]:
        """What was sent, the newest first."""
        async with self.hall.database.snapshot() as tx:
            account_id = await self._find_account_id(tx)
            if account_id is None:
                return []
            found = (await posts.list_posts(tx, [account_id], 50))[account_id]
            rendered = await render_posts(tx, found, self.hall.default)
        return [card for one in found if (card := rendered[one.post_id]) is not None]

    async def question(self) -> Card | None:
        """The question that waits, as a page would show it."""
        async with self.hall.database.snapshot() as tx:
            account_id = await self._find_account_id(tx)
            if account_id is None:
                return None
            return (await self.hall.dialogues.pending_cards(tx, [account_id])).get(account_id)

    async def _find_account_id(self, tx: Tx) -> int | None:
        sender = self.hall.journey.sender(self.name, self.platform)
        account = await find_account(tx, self.platform, sender.external_id)
        return None if account is None else account.account_id

    async def labels(self) -> list[str]:
        return [label for card in await self.cards() for label in buttons(card)]

    async def sees(self, text: str) -> bool:
        for source in (self.live, self.posts):
            if any(text in line for card in await source() for line in texts(card)):
                return True
        return self.card is not None and any(text in line for line in texts(self.card))

    @property
    def asked(self) -> str:
        """The heading of the last answer's card."""
        assert self.answer.card is not None, self.answer
        return texts(self.answer.card)[0]

    @property
    def told(self) -> str:
        """All that the last answer says."""
        card = [] if self.answer.card is None else texts(self.answer.card)
        return "\n".join([self.answer.notice, *card])


def is_heard(answer: Answer) -> bool:
    """Whether an answer is one: nobody is left without."""
    return bool(answer.notice or answer.card)

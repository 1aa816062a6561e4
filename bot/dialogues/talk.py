"""One exchange with one person: who speaks, in which voice, and what the topics need to answer."""

import dataclasses
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from bot.addresses import Addresses
from bot.batching import Batches
from bot.platforms.base import Answer, Card, Incoming
from bot.wording.refusals import refusal_text
from bot.wording.voice import Address, Voice
from handlers import questions
from handlers.asking import Asked, House
from handlers.attendance import CheckedIn, CheckIn
from handlers.voting import CastVote
from meeting.refusals import Refused
from meeting.voting import BallotResult
from storage.people import Account
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class Office:
    """What every exchange works with; `default` is the voice for those of whom nothing is known yet."""

    house: House
    addresses: Callable[[], Addresses]
    ballots: Batches[CastVote, BallotResult]
    check_ins: Batches[CheckIn, CheckedIn | Refused]
    default: Voice


@dataclass(frozen=True, slots=True)
class Talk:
    """What one person said, with the account it came from.

    `version` is the pending question's that this answers, if it answers one.
    """

    office: Office
    incoming: Incoming
    account: Account
    voice: Voice
    version: int | None = None

    @property
    def house(self) -> House:
        """What handlers work with."""
        return self.office.house

    @property
    def asked(self) -> Asked:
        """Who asks, for a handler; concludes the pending question that this answers."""
        return Asked(self.account.account_id, self.incoming.platform, self.incoming.event_id, self.version)

    @property
    def addresses(self) -> Addresses:
        """Where people come in."""
        return self.office.addresses()

    def now(self) -> datetime:
        """The instant it is."""
        return self.house.now()

    def about(self, meeting: MeetingView) -> Self:
        """Give this exchange in the voice of a meeting: its time zone and form of address."""
        return dataclasses.replace(self, voice=voice_for(self.account.language, meeting))

    def refuse(self, refused: Refused) -> Answer:
        """Answer with why it isn't done, and what to do next."""
        return Answer(refusal_text(self.voice, refused))

    async def ask(self, question: "Question", notice: str = "") -> Answer:
        """Ask a question in place of the pending one."""
        version = await questions.ask(self.house, self.asked, question.topic, dataclasses.asdict(question))
        return Answer(notice, question.card(self.voice, version))


def voice_for(language: str | None, meeting: MeetingView) -> Voice:
    """Give the voice of a meeting to an account that chose a language, or chose none."""
    return Voice(language or meeting.language, ZoneInfo(meeting.timezone), Address(meeting.address))


@dataclass(frozen=True)
class Question:
    """A question that waits for something typed; its fields are kept as JSON until the answer comes."""

    topic: ClassVar[str]

    @abstractmethod
    def card(self, voice: Voice, version: int) -> Card:
        """Give what is asked; buttons of it carry the version."""

    @abstractmethod
    async def take(self, talk: Talk, text: str) -> Answer:
        """Take the answer: carry it out, ask on, or say why it can't be taken (the question stays)."""

    async def skip(self, talk: Talk) -> Answer | None:
        """Go on without an answer where the question may be left out; None where it may not."""
        del talk
        return None

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | None:
        """Take a yes or no by button; None where the question isn't one."""
        del talk, is_yes
        return None


_QUESTIONS: dict[str, type[Question]] = {}


def kept(question: type[Question]) -> type[Question]:
    """Register a kind of question, so that a kept one is found by its topic."""
    _QUESTIONS[question.topic] = question
    return question


def restored(topic: str, state: dict[str, Any]) -> Question | None:
    """Give a question from its kept form, or None where this release knows no such question."""
    kind = _QUESTIONS.get(topic)
    if kind is None or {field.name for field in dataclasses.fields(kind)} != state.keys():
        return None
    return kind(**state)

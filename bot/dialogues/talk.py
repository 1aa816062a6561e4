"""One exchange with one person: who speaks, in which voice, and what the topics need to answer."""

import dataclasses
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, Self
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.addresses import Addresses
from bot.batching import Batches
from bot.budget import Budget
from bot.platforms.base import Answer, Card, Incoming
from bot.sparing import Sparing
from bot.wording import notices
from bot.wording.refusals import refusal_text
from bot.wording.voice import Address, Voice, to_standing
from handlers import questions
from handlers.asking import Asked, House
from handlers.attendance import CheckedIn, CheckIn
from handlers.balloting import CastVote
from meeting.people import Standing
from meeting.refusals import Refused
from meeting.states import MeetingState
from meeting.voting import BallotResult
from storage.database import Tx
from storage.errors import MeetingNotFoundError
from storage.people import Account
from storage.reading import get_meeting_view
from storage.views import MeetingView


@dataclass(frozen=True, slots=True)
class Office:
    """What every exchange works with; `default` is the voice for those of whom nothing is known yet.

    `in_groups` limits what is said to a group because somebody asked for it, `to_strangers` what is said to
    somebody unknown where messages are few; `budgets` are those of platforms that count messages.
    """

    house: House
    addresses: Callable[[], Addresses]
    ballots: Batches[CastVote, BallotResult]
    check_ins: Batches[CheckIn, CheckedIn | Refused]
    default: Voice
    in_groups: Sparing = field(default_factory=Sparing)
    to_strangers: Sparing = field(default_factory=lambda: Sparing(most=12, span=timedelta(hours=1)))
    budgets: Callable[[], Mapping[str, Budget]] = dict


@dataclass(frozen=True, slots=True)
class Talk:
    """What one person said, with the account it came from (id 0: unknown here).

    `voice` is that of the meeting that was spoken about, else of the account's current one. `version` is the
    pending question's that this answers, if it answers one; `was_gone`: nothing could be shown there before;
    `was_set_aside`: who speaks has used another chat since.
    """

    office: Office
    incoming: Incoming
    account: Account
    voice: Voice
    version: int | None = None
    was_gone: bool = False
    was_set_aside: bool = False

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

    @property
    def is_stranger(self) -> bool:
        """Whether nothing is known of this account."""
        return self.account.account_id == 0

    def now(self) -> datetime:
        """The instant it is."""
        return self.house.now()

    def about(self, meeting: MeetingView) -> Self:
        """Give this exchange in the voice of a meeting: its time zone and form of address."""
        voice = voice_for(self.account.language, meeting)
        return dataclasses.replace(self, voice=dataclasses.replace(voice, is_typed=self.voice.is_typed))

    def refuse(self, refused: Refused) -> Answer:
        """Answer with why it isn't done, and what to do next."""
        return Answer(refusal_text(self.voice, refused))

    async def ask(self, question: "Question", notice: str = "") -> Answer:
        """Ask a question in place of the pending one."""
        version = await questions.ask(self.house, self.asked, question.topic, dataclasses.asdict(question))
        return Answer(notice, question.card(self.voice, version))


class Mannered(Protocol):
    """A meeting, as far as it decides how people are spoken to."""

    @property
    def language(self) -> str:
        """Of those who chose none."""

    @property
    def timezone(self) -> str:
        """Where it is held."""

    @property
    def address(self) -> str:
        """How members are addressed."""


def voice_for(language: str | None, meeting: Mannered, standing: Standing | None = None) -> Voice:
    """Give the voice of a meeting to an account that chose a language, or chose none."""
    voice = Voice(language or meeting.language, ZoneInfo(meeting.timezone), Address(meeting.address))
    return to_standing(voice, standing)


@dataclass(frozen=True)
class Question:
    """A question that waits for an answer; its fields are kept as JSON until it comes.

    An answer is carried out, leads to the next question, or is refused: the question stays where a better
    answer may help (`MENDABLE` in `receiving`), and is dropped where none can.
    """

    topic: ClassVar[str]
    takes_file: ClassVar[bool] = False
    takes_any_name: ClassVar[bool] = False
    """Whether a name is wanted, be it a given name alone, so that "Huy" is one."""

    @property
    def is_yes_or_no(self) -> bool:
        """Whether a yes or a no is wanted, so that "đồng ý" is one and no vote."""
        return False

    @abstractmethod
    def card(self, voice: Voice, version: int) -> Card:
        """Give what is asked; buttons of it carry the version."""

    @abstractmethod
    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take what was typed: tidied lines, not empty."""

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Go on without an answer where the question may be left out; None where it may not."""
        del talk
        return None

    async def choose(self, talk: Talk, *, is_yes: bool) -> Answer | Refused | None:
        """Take a yes or no; None where the question isn't one."""
        del talk, is_yes
        return None

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of the answers that were offered; None where it isn't one."""
        del talk, choice
        return None

    async def confirm(self, talk: Talk) -> Answer | Refused | None:
        """Store what was shown; None where the question shows nothing to be stored."""
        del talk
        return None

    async def drop(self, talk: Talk) -> Answer:
        """Leave it unanswered."""
        await questions.give_up(talk.house, talk.asked)
        return Answer(notices.given_up(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Whether an answer can still be taken; one that is not open any more is as if never asked."""
        del account_id
        meeting_id = getattr(self, "meeting_id", None)
        return meeting_id is None or await is_going_on(tx, meeting_id)


async def is_going_on(tx: Tx, meeting_id: int | None) -> bool:
    """Whether a meeting is not closed yet; one that doesn't exist isn't going on."""
    try:
        return (
            meeting_id is not None
            and (await get_meeting_view(tx, meeting_id)).state is not MeetingState.CLOSED
        )
    except MeetingNotFoundError:
        return False


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


Routes = dict[type[Action], Callable[[Talk, Any], Awaitable[Answer]]]
"""What a topic's buttons do, by their action."""

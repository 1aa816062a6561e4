"""The seam to the platforms: what comes in, what is answered at once, what is shown later."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.actions import Action
from meeting.states import GoneReason, GroupRight

MessageRef = str
"""What a platform needs to change a card that it showed: opaque, kept in the database."""

# In


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: `action` is its string as `bot.actions` encodes it, unparsed and not trusted.

    `text` is what was typed beside it on a platform whose forms have both (the web's *ý kiến khác*).
    """

    action: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Something typed."""

    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that was sent; `content` is None where the platform says that it is over `size_limit` bytes.

    A platform that hands over no files says so with a limit of 0.
    """

    name: str
    size: int
    content: bytes | None
    size_limit: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number as the platform passes it on; `is_own` where it vouches that it is the sender's."""

    phone: str = field(repr=False)
    is_own: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody started the bot; `code` is a link's token or a typed code, or empty."""

    code: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody stopped or blocked the bot, or removed it from a group: nothing can be shown there now."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """The bot was added to a group (`is_new`), or what it may do there was changed.

    `lacks` are rights that it is known to miss; what else it misses shows when it is refused.
    """

    is_new: bool
    lacks: frozenset[GroupRight] = frozenset()


@dataclass(frozen=True, slots=True)
class Moved:
    """A group goes on as another chat, whose id this is."""

    chat: str


Body = Tap | Text | File | Contact | Joined | Left | Admitted | Moved


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did.

    `chat` is where answers go, `sender` who acted (the platform's ids); `event_id` is the platform's mark of
    this very event, the same when it is delivered again; `language` is "vi", "en" or None where unknown.
    `shown_at` names the card whose button was tapped, as `Platform.show` did, where the platform can tell.
    In a group (`is_group`) `chat` is the group's, with its title; `is_anonymous` where somebody speaks in the
    name of a chat, so that `sender` is no person's.
    """

    platform: str
    chat: str
    sender: str
    event_id: str
    body: Body
    display_name: str = ""
    language: str | None = None
    shown_at: MessageRef | None = None
    is_group: bool = False
    chat_title: str = ""
    is_anonymous: bool = False


# Back at once, and out later


class Mark(StrEnum):
    """How a line stands out; every platform has these."""

    PLAIN = "plain"
    STRONG = "strong"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of plain text: never escaped, never marked up; the platform does that."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Bar:
    """One option's share in a result: `caption` says it in words, `count` of `base` draws it."""

    caption: str
    count: int
    base: int


@dataclass(frozen=True, slots=True)
class Do:
    """A button that acts; `is_chosen` marks the person's own choice as it stands."""

    label: str
    action: Action
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ShareContact:
    """A button that sends one's own phone number; platforms that can't vouch for it leave it out."""

    label: str


Choice = Do | Open | ShareContact


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a card."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Handout:
    """A meeting's paper that goes with a card: its bytes are asked for only where they are needed."""

    paper_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """That the card waits for something typed, with `takes_file` for a file, or for either.

    `limit` is the number of characters taken, 1 where nothing but a file is; `example` is shown in an empty
    field.
    """

    limit: int
    example: str = ""
    is_long: bool = False
    takes_file: bool = False

    @property
    def takes_text(self) -> bool:
        """Whether something may be typed."""
        return not self.takes_file or self.limit > 1


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown: data only. `choices` are rows of buttons.

    `number` is what the numbers of the choices begin with where they are typed: a vote's, so that its are no
    other card's; 0 numbers them from 1. `heading` says what the choices are about, where that isn't the first
    line. `is_notable`: whoever could choose something on it is told what it says now, though nothing can be
    chosen any more.
    """

    lines: tuple[Line | Bar, ...]
    choices: tuple[tuple[Choice, ...], ...] = ()
    attachments: tuple[Attachment | Handout, ...] = ()
    ask: Ask | None = None
    number: int = 0
    heading: str = ""
    is_notable: bool = False


class MenuKind(StrEnum):
    """Which commands somebody is offered: as an attendee, as who runs a meeting, as an organiser."""

    MEMBER = "member"
    STAFF = "staff"
    ORGANISER = "organiser"


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands that fit somebody from now on; `language` is None where it is that of the app."""

    kind: MenuKind
    language: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the one who acted sees at once.

    `notice` is one or two sentences (a toast where the platform has them, else a message; "" is silence);
    `card` is a further card; with `replaces` it takes the place of the card that was tapped. `chat` is where
    what is no toast goes to, if not to where the person acted: a tap in a group is answered in the person's
    own chat. `link` is an address that is opened at once in place of the notice, where the platform can.
    `menu` is what a platform with menus offers from now on in the person's own chat; None changes nothing.
    `records` is the own choice that stands now, where `notice` says that it was recorded.
    """

    notice: str = ""
    card: Card | None = None
    replaces: bool = False
    chat: str = ""
    link: str = ""
    menu: Menu | None = None
    records: Action | None = None


class Papers(Protocol):
    """Where a platform gets meetings' papers from, and keeps by which name it knows them itself."""

    async def find_copy(self, paper_id: int) -> str | None:
        """Give the platform's own name of a paper, or None where it was never sent there."""

    async def load(self, paper_id: int) -> bytes | None:
        """Give a paper's bytes, or None where it was withdrawn."""

    async def put_copy(self, paper_id: int, ref: str) -> None:
        """Keep the platform's own name of a paper."""

    async def forget_copy(self, paper_id: int, ref: str) -> None:
        """Forget a name that the platform takes no more."""


@dataclass(frozen=True, slots=True)
class NumberedChoice:
    """A choice as a chat was shown it: its number and words, and the action as `bot.actions` encodes it."""

    number: int
    label: str
    action: str


@dataclass(frozen=True, slots=True)
class NumberedCard:
    """A card's choices as a chat was shown them: `vote` is `Card.number`, `heading` tells cards apart.

    `is_asked`: it waits for something typed, so that a number alone is an answer to it and no choice.
    `is_answer`: somebody was waiting for it; else it came when it came, over what stood there. `has_ended`:
    the vote could not be cast any more, at least for a time.
    """

    heading: str
    choices: tuple[NumberedChoice, ...]
    vote: int = 0
    is_asked: bool = False
    shown_at: datetime | None = None
    is_answer: bool = False
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class ShownChoices:
    """What numbers mean in a chat: on the newest card, and on the newest card of each vote, oldest first.

    `former` is the card that was newest before; `said` are own choices that the chat was told of, the last at
    the end. The rest is not kept but so now:
    `question` is what is waiting for something typed, be it on the newest card or an earlier one; `language`
    that of the account; `is_group` where it is a group's.
    """

    newest: NumberedCard | None = None
    former: NumberedCard | None = None
    votes: tuple[NumberedCard, ...] = ()
    said: tuple[str, ...] = ()
    question: str = ""
    language: str | None = None
    is_group: bool = False


class Choices(Protocol):
    """Where a platform without buttons keeps which choices it showed last."""

    async def find(self, chat: str) -> ShownChoices:
        """Give what numbers mean in a chat; of one that was shown nothing, nothing."""

    async def change(self, chat: str, change: Callable[[ShownChoices], ShownChoices]) -> None:
        """Keep what numbers mean there from now on; nobody else changes it meanwhile."""


class Links(Protocol):
    """Where a platform without files gets addresses from that hand them out."""

    async def link(self, attachment: Attachment | Handout) -> str | None:
        """Give the address of a file, signed and good for some days; None where it was withdrawn."""


Receive = Callable[[Incoming], Awaitable[Answer]]
"""Given to `Platform.listen`: returns after the commit; raises only on a bug or a database that is away."""


Admit = Callable[[str], Awaitable[None]]
"""Given a chat, returns when something may be sent or changed there (`bot.admission`)."""


async def admit_all(_chat: str) -> None:
    """Let everything out at once."""


class Platform(Protocol):
    """A chat platform."""

    name: str

    async def listen(self, receive: Receive) -> None:
        """Take in what people do until cancelled; an event is acknowledged only after `receive` returned."""

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:
        """Show a card, in place of the one at `ref` if the platform still can; the same again is no error.

        Raises DeliveryError (later, perhaps), ChatMovedError or ChatGoneError (never again).
        """


@runtime_checkable
class Thrifty(Protocol):
    """A platform whose messages are counted and never changed: a refresh is one message more."""

    name: str

    async def is_news(self, chat: str, ref: MessageRef, card: Card) -> bool:
        """Whether `show` would send a card that stands at `ref`, as it says what the chat wasn't told."""


class Meter(Protocol):
    """Where a platform whose plan has so many messages a month has them counted."""

    async def note_sent(self) -> None:
        """Count a message that went out, or may have; called once for each."""

    async def note_received(self) -> None:
        """Count a message that came in, once also where it is delivered again."""

    async def note_refused(self) -> None:
        """Note that a message was refused, as too much was sent: at a time, or in this month."""


@runtime_checkable
class WithGroups(Protocol):
    """A platform that has groups."""

    name: str

    async def pin(self, chat: str, ref: MessageRef | None, former: MessageRef | None) -> None:
        """Pin a card silently in place of what was pinned before; None pins nothing, or unpins nothing.

        A repeat changes nothing. Raises as `Platform.show`.
        """

    async def leave(self, chat: str) -> None:
        """Leave a group; one that was left before is no error. Raises as `Platform.show`."""


class DeliveryError(Exception):
    """Not delivered now; may be tried again after `retry_after`. `is_uncertain`: it may have arrived."""

    def __init__(
        self, message: str, *, retry_after: timedelta | None = None, is_uncertain: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.is_uncertain = is_uncertain


class RightMissingError(DeliveryError):
    """Not delivered, as the bot misses a right in this group; it may be given later."""

    def __init__(self, message: str, right: GroupRight) -> None:
        super().__init__(message)
        self.right = right


class ChatMovedError(Exception):
    """This group goes on as another chat: what was to be shown is to be shown there."""

    def __init__(self, message: str, chat: str) -> None:
        super().__init__(message)
        self.chat = chat


class ChatGoneError(Exception):
    """This chat can't be reached any more; `reason` tells why."""

    def __init__(self, message: str, reason: GoneReason) -> None:
        super().__init__(message)
        self.reason = reason

"""Opinions: listed, sent step by step, entered for others."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from bot import actions
from bot.cards.opinions import about_card, author_card, opinion_card, opinions_card, sending_card, text_card
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card
from bot.wording import opinions as wording
from bot.wording.voice import Voice
from handlers import opinions
from handlers.asking import closed_refusal, permitted
from handlers.opinions import Author, OpinionDraft, admitted, admitted_to_send
from meeting import opinions as rules
from meeting.names import Closeness, find_namesakes, fold
from meeting.opinions import OpinionKind
from meeting.people import Actor, Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refused
from meeting.states import MeetingState
from meeting.tally import Decision
from storage import opinions as stored
from storage.database import Tx
from storage.reading import get_meeting_view, get_opinions_view, get_roll_view, list_items
from storage.views import ItemView

_ITEMS_OFFERED = 40
_SEATS_OFFERED = 8


async def show_opinions(talk: Talk, action: actions.ShowOpinions) -> Answer:
    """Show what was said and what became of it."""
    return await list_opinions(talk, action.meeting_id, action.item_id, action.page)


async def list_opinions(
    talk: Talk, meeting_id: int, item_id: int = 0, page: int = 0, notice: str = ""
) -> Answer:
    """Answer with a page of the opinions on an item, or with 0 on all."""
    async with talk.house.database.snapshot() as tx:
        actor = await admitted(tx, talk.asked, meeting_id)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_opinions_view(tx, meeting_id)
    card = opinions_card(talk.voice, view, item_id, page, roles=actor.roles, own=_own(actor))
    return Answer(notice, card, replaces=True)


async def are_considered(tx: Tx, meeting_id: int | None) -> bool:
    """Whether something becomes of a meeting's opinions: after its close too, but not once cancelled."""
    return meeting_id is not None and (await get_meeting_view(tx, meeting_id)).cancelled_at is None


def _own(actor: Actor) -> int | None:
    return None if actor.attendee_id is None else actor.person_id


async def show_opinion(talk: Talk, action: actions.ShowOpinion) -> Answer:
    """Show one opinion in full."""
    return await see_opinion(talk, action.opinion_id)


async def see_opinion(talk: Talk, opinion_id: int, notice: str = "") -> Answer:
    """Answer with one opinion."""
    async with talk.house.database.snapshot() as tx:
        opinion = await stored.get_opinion(tx, opinion_id)
        actor = await admitted(tx, talk.asked, opinion.meeting_id)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_opinions_view(tx, opinion.meeting_id)
    card = opinion_card(talk.voice, view, opinion, roles=actor.roles, own=_own(actor))
    return Answer(notice, card, replaces=True)


# Sent and entered


async def send_opinion(talk: Talk, action: actions.SendOpinion) -> Answer:
    """Ask for one's opinion: on the item that is on now, or on one that is chosen first."""
    async with talk.house.database.snapshot() as tx:
        actor = await admitted_to_send(tx, talk.asked, talk.now(), action.meeting_id)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
    item_id = action.item_id
    if not item_id and meeting.state is MeetingState.OPEN:
        item_id = meeting.current_item_id or 0
    return await _ask_text(talk, action.meeting_id, item_id, _Draft("", 0, 0, ""))


async def enter_opinion(talk: Talk, action: actions.EnterOpinion) -> Answer:
    """Ask whose opinion is entered."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.KEEP_ROLL)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
    if not rules.are_taken(meeting.state):
        return talk.refuse(closed_refusal(meeting))
    return await talk.ask(OpinionAuthor(action.meeting_id, action.item_id))


@dataclass(frozen=True)
class _Draft:
    """What is known so far: an attendee's opinion, a unit's, or with "" the own one."""

    author: str
    attendee_id: int
    unit_id: int
    text: str


def titled(item: ItemView) -> str:
    """Give an item as it is listed."""
    return f"{item.number}. {item.title}"


Items = list[list[int | str]]
"""Ids with titles, as a question keeps them."""


def items_spoken_of(items: Iterable[ItemView]) -> Items:
    """Give those that an opinion may be about: what is left out isn't spoken of."""
    return [[item.item_id, titled(item)] for item in items if item.decision is not Decision.SKIPPED]


async def _list_spoken_of(talk: Talk, meeting_id: int) -> Items:
    async with talk.house.database.snapshot() as tx:
        return items_spoken_of(await list_items(tx, meeting_id))


async def _ask_text(talk: Talk, meeting_id: int, item_id: int, draft: _Draft) -> Answer:
    """Ask for the text on an item; without one for what it is about, if there is a choice."""
    items = await _list_spoken_of(talk, meeting_id)
    title = next((title for one, title in items if one == item_id), "")
    if items and not title:
        return await talk.ask(OpinionAbout(items, meeting_id, **asdict(draft)))
    return await talk.ask(OpinionText(meeting_id, item_id if title else 0, str(title), **asdict(draft)))


@dataclass(frozen=True)
class _OpinionQuestion(Question):
    """A question about an opinion that is being written; `text` is "" where it isn't there yet."""

    meeting_id: int
    item_id: int
    title: str
    author: str
    attendee_id: int
    unit_id: int
    text: str

    @property
    def _draft(self) -> _Draft:
        return _Draft(self.author, self.attendee_id, self.unit_id, self.text)

    async def _elsewhere(self, talk: Talk) -> Answer:
        items = await _list_spoken_of(talk, self.meeting_id)
        return await talk.ask(OpinionAbout(items, self.meeting_id, **asdict(self._draft)))

    async def _refuse_more(self, talk: Talk) -> Refused | None:
        """Give why no more is taken of who floods the meeting, without a write that others wait for."""
        if self.author:
            return None
        async with talk.house.database.snapshot() as tx:
            admitted = await admitted_to_send(tx, talk.asked, talk.now(), self.meeting_id)
        return admitted if isinstance(admitted, Refused) else None

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the text, in place of an earlier one, and show it before it is sent."""
        clean = rules.read_opinion(text)
        if isinstance(clean, Refused):
            return clean
        refused = await self._refuse_more(talk)
        if refused is not None:
            return refused
        known = {field.name: getattr(self, field.name) for field in fields(_OpinionQuestion)}
        return await talk.ask(OpinionSending(**{**known, "text": clean}))


@kept
@dataclass(frozen=True)
class OpinionText(_OpinionQuestion):
    """What is said."""

    topic: ClassVar[str] = "opinion_text"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return text_card(voice, self.title, self.author, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Choose another item with 0."""
        return None if choice else await self._elsewhere(talk)


@kept
@dataclass(frozen=True)
class OpinionSending(_OpinionQuestion):
    """As what it is sent; a text that is typed now takes the place of what is shown."""

    topic: ClassVar[str] = "opinion_sending"

    def card(self, voice: Voice, version: int) -> Card:
        """Show it."""
        return sending_card(voice, self.title, self.author, self.text, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Send it as one of the kinds, from 1 on, or choose another item with 0."""
        kinds = dict(enumerate(OpinionKind, 1))
        if choice == 0:
            return await self._elsewhere(talk)
        if choice not in kinds:
            return None
        refused = await self._refuse_more(talk)
        if refused is not None:
            return refused
        draft = OpinionDraft(self.item_id or None, kinds[choice], self.text)
        if not self.author:
            sent = await opinions.send_opinion(talk.house, talk.asked, self.meeting_id, draft)
        else:
            author = Author(self.attendee_id or None, self.unit_id or None)
            sent = await opinions.enter_opinion(talk.house, talk.asked, self.meeting_id, author, draft)
        if isinstance(sent, Refused):
            return sent
        notice = (
            wording.opinion_entered(talk.voice, sent.number, self.author)
            if self.author
            else wording.opinion_sent(talk.voice, sent.number)
        )
        return await see_opinion(talk, sent.opinion_id, notice)


@dataclass(frozen=True)
class ItemChoice(Question):
    """Which of these items an opinion is about; the first of them have a button each."""

    items: Items

    @abstractmethod
    async def _choose(self, talk: Talk, item_id: int, title: str) -> Answer | Refused:
        """Go on with an item, or with 0 and "" for the meeting as a whole."""

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        offered = [(int(item_id), str(title)) for item_id, title in self.items[:_ITEMS_OFFERED]]
        return about_card(voice, offered, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take an item by its number as it stands on the agenda; anything else is no item."""
        for item_id, title in self.items:
            if str(title).partition(".")[0] == text.strip(". "):
                return await self._choose(talk, int(item_id), str(title))
        return Answer(wording.item_wanted(talk.voice))

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take an item, or with 0 the meeting as a whole."""
        if choice == 0:
            return await self._choose(talk, 0, "")
        title = next((str(title) for item_id, title in self.items if item_id == choice), None)
        return None if title is None else await self._choose(talk, choice, title)


@kept
@dataclass(frozen=True)
class OpinionAbout(ItemChoice):
    """What an opinion that is being written is about; `text` is "" where it isn't there yet."""

    topic: ClassVar[str] = "opinion_about"
    meeting_id: int
    author: str
    attendee_id: int
    unit_id: int
    text: str

    async def _choose(self, talk: Talk, item_id: int, title: str) -> Answer | Refused:
        question = OpinionSending if self.text else OpinionText
        return await talk.ask(
            question(self.meeting_id, item_id, title, self.author, self.attendee_id, self.unit_id, self.text)
        )


@kept
@dataclass(frozen=True)
class OpinionAuthor(Question):
    """Whose opinion is entered; with item 0 what it is about is asked after."""

    topic: ClassVar[str] = "opinion_author"
    takes_any_name: ClassVar[bool] = True
    meeting_id: int
    item_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, wording.author_wanted(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take an attendee or a unit whose whole name it is, else ask whom it means."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        async with talk.house.database.snapshot() as tx:
            found = await find_authors(tx, self.meeting_id, name)
        whole = [author for author, is_whole in found if is_whole]
        if len(whole) == 1:
            return await self._choose(talk, whole[0])
        if not found:
            return Answer(wording.author_unknown(talk.voice))
        meant = [list(author) for author, _ in found[:_SEATS_OFFERED]]
        return await talk.ask(AuthorMeant(self.meeting_id, self.item_id, name, meant))

    async def _choose(self, talk: Talk, author: tuple[str, int, int]) -> Answer:
        name, attendee_id, unit_id = author
        return await _ask_text(talk, self.meeting_id, self.item_id, _Draft(name, attendee_id, unit_id, ""))


async def find_authors(tx: Tx, meeting_id: int, typed: str) -> list[tuple[tuple[str, int, int], bool]]:
    """Give whom a typed name may mean (name, attendee or 0, unit or 0), and whether it is all of the name."""
    roll = (await get_roll_view(tx, meeting_id)).attendees
    units = await stored.list_units_summoned(tx, meeting_id)
    seats = {seat.attendee_id: seat for seat in roll}
    people = find_namesakes(typed, ((seat.attendee_id, seat.name, seat.unit or "") for seat in roll))
    wanted = fold(typed)
    return [
        *(
            ((", ".join(filter(None, (seats[one].name, seats[one].unit))), one, 0), how is not Closeness.PART)
            for how, one in people
        ),
        *(
            ((name, 0, unit_id), fold(name) == wanted)
            for unit_id, name in units.items()
            if wanted and wanted in fold(name)
        ),
    ]


@kept
@dataclass(frozen=True)
class AuthorMeant(OpinionAuthor):
    """Which attendee or unit a typed name means; `meant` are those, as `find_authors` gives them."""

    topic: ClassVar[str] = "opinion_author_meant"
    typed: str
    meant: list[Any]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        offered = [(place, str(name)) for place, (name, _, _) in enumerate(self.meant, 1)]
        return author_card(voice, self.typed, offered, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of them."""
        if not 1 <= choice <= len(self.meant):
            return None
        name, attendee_id, unit_id = self.meant[choice - 1]
        return await self._choose(talk, (str(name), int(attendee_id), int(unit_id)))


ROUTES: Routes = {
    actions.ShowOpinions: show_opinions,
    actions.ShowOpinion: show_opinion,
    actions.SendOpinion: send_opinion,
    actions.EnterOpinion: enter_opinion,
}
"""What each button of this topic does."""

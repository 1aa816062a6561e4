"""The agenda: moving through it, changing it, deciding without a count."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.agenda import agenda_card, item_card
from bot.cards.setup import question_card
from bot.dialogues.talk import Question, Talk, kept
from bot.platforms.base import Answer, Card
from bot.wording import notices, prompts
from bot.wording.voice import Voice
from handlers import agenda
from handlers.agenda import AgendaChanged, AgendaEnded, ItemDecided, ItemReached
from handlers.meetings import Unchanged
from meeting.agenda import ItemKind
from meeting.people import Right, Role
from meeting.plan import TEXT_LIMIT, TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from storage import people
from storage.errors import ItemNotFoundError
from storage.meetings import find_meeting_of_item
from storage.reading import get_agenda_view
from storage.views import AgendaView, ItemView


async def go_to_item(talk: Talk, action: actions.GoToItem) -> Answer:
    """Make an item the current one."""
    return _moved(talk, await agenda.go_to_item(talk.house, talk.asked, action.item_id))


async def next_item(talk: Talk, action: actions.NextItem) -> Answer:
    """Go to the next item."""
    return _moved(talk, await agenda.next_item(talk.house, talk.asked, action.meeting_id, action.item_id))


def _moved(talk: Talk, result: ItemReached | AgendaEnded | Refused) -> Answer:
    match result:
        case Refused():
            return talk.refuse(result)
        case AgendaEnded():
            return Answer(notices.agenda_ended(talk.voice))
        case ItemReached():
            return Answer()


async def _agenda(talk: Talk, meeting_id: int) -> tuple[AgendaView, frozenset[Role]] | Refused:
    async with talk.house.database.snapshot() as tx:
        actor = await people.find_actor(tx, talk.account.account_id, meeting_id)
        if actor is None or not actor.may(Right.PREPARE):
            return Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE})
        return await get_agenda_view(tx, meeting_id), actor.roles


async def show_agenda(talk: Talk, action: actions.ShowAgenda) -> Answer:
    """Show the agenda with what may be changed."""
    found = await _agenda(talk, action.meeting_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, roles = found
    card = agenda_card(talk.about(view.meeting).voice, view, action.page, roles=roles)
    return Answer(card=card, replaces=True)


async def show_item(talk: Talk, action: actions.ShowItem) -> Answer:
    """Show one item."""
    return await _item(talk, action.item_id)


async def _find_item(
    talk: Talk, item_id: int
) -> tuple[AgendaView, ItemView, frozenset[Role]] | Refused:
    """Give an item with its agenda to somebody who may change it, with that person's roles."""
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of_item(tx, item_id)
    if meeting_id is None:
        raise ItemNotFoundError(item_id)
    found = await _agenda(talk, meeting_id)
    if isinstance(found, Refused):
        return found
    view, roles = found
    return view, next(item for item in view.items if item.item_id == item_id), roles


async def _item(talk: Talk, item_id: int, notice: str = "") -> Answer:
    found = await _find_item(talk, item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, item, roles = found
    card = item_card(talk.about(view.meeting).voice, view.meeting, item, roles=roles)
    return Answer(notice, card, replaces=True)


async def _changed(talk: Talk, result: AgendaChanged | Refused) -> Answer:
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _item(talk, result.item_id, notices.agenda_changed(talk.voice))


async def add_item(talk: Talk, action: actions.AddItem) -> Answer:
    """Ask for a new item's title."""
    return await talk.ask(ItemTitle(action.meeting_id))


@kept
@dataclass(frozen=True)
class ItemTitle(Question):
    """The title of a new item."""

    topic: ClassVar[str] = "item_title"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.item_title(voice), limit=TITLE_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Add the item."""
        result = await agenda.add_item(talk.house, talk.asked, self.meeting_id, text, ItemKind.DOCUMENT)
        return await _changed(talk, result)


async def rename_item(talk: Talk, action: actions.RenameItem) -> Answer:
    """Ask for another title."""
    found = await _find_item(talk, action.item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return await talk.ask(NewTitle(action.item_id, found[1].title))


@kept
@dataclass(frozen=True)
class NewTitle(Question):
    """Another title of an item."""

    topic: ClassVar[str] = "new_title"
    item_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.new_title(voice, self.title), limit=TITLE_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Rename the item."""
        return await _changed(talk, await agenda.rename_item(talk.house, talk.asked, self.item_id, text))


async def move_item(talk: Talk, action: actions.MoveItem) -> Answer:
    """Move an item by a place."""
    return await _changed(
        talk, await agenda.move_item(talk.house, talk.asked, action.item_id, action.direction)
    )


# Deciding without a count


def _decided(talk: Talk, result: ItemDecided | Unchanged | Refused, additions: int = 0) -> Answer:
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case ItemDecided():
            return Answer(notices.item_decided(talk.voice, result.decision, additions))


async def skip_item(talk: Talk, action: actions.SkipItem) -> Answer:
    """Leave an item out."""
    return _decided(talk, await agenda.skip_item(talk.house, talk.asked, action.item_id))


async def note_item(talk: Talk, action: actions.NoteItem) -> Answer:
    """Record that an item was heard."""
    return _decided(talk, await agenda.note_item(talk.house, talk.asked, action.item_id))


async def adopt_item(talk: Talk, action: actions.AdoptItem) -> Answer:
    """Record an agreement without a count, or ask what was added."""
    if action.additions:
        return await talk.ask(Additions(action.item_id))
    return _decided(talk, await agenda.adopt_item(talk.house, talk.asked, action.item_id, ()))


@kept
@dataclass(frozen=True)
class Additions(Question):
    """What the meeting added to an item, a line each."""

    topic: ClassVar[str] = "additions"
    item_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        del version
        return question_card(voice, prompts.additions(voice), limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer:
        """Record the agreement with what was added."""
        lines = [line for line in text.splitlines() if line.strip()]
        result = await agenda.adopt_item(talk.house, talk.asked, self.item_id, lines)
        return _decided(talk, result, len(lines))

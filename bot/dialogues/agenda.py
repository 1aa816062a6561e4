"""The agenda: moving through it, changing it, deciding without a count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.agenda import agenda_card, item_card
from bot.cards.setup import question_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card
from bot.wording import notices, prompts
from bot.wording.voice import Voice
from handlers import agenda
from handlers.agenda import AgendaChanged, AgendaEnded, ItemDecided, ItemReached
from handlers.asking import closed_refusal, permitted
from handlers.meetings import Unchanged
from handlers.papers import admitted
from meeting.agenda import ItemKind
from meeting.people import Right, Role
from meeting.plan import TITLE_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage.agenda import find_meeting_of_item
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.pledges import find_pledge
from storage.reading import get_agenda_view
from storage.scoring import list_rankings, list_scorings
from storage.titles import list_titles
from storage.views import AgendaView, ItemView, TitleView

_ADDITIONS_LIMIT = 20_000


async def go_to_item(talk: Talk, action: actions.GoToItem) -> Answer:
    """Make an item the current one."""
    return await _moved(talk, await agenda.go_to_item(talk.house, talk.asked, action.item_id))


async def next_item(talk: Talk, action: actions.NextItem) -> Answer:
    """Go to the next item."""
    result = await agenda.next_item(talk.house, talk.asked, action.meeting_id, action.item_id)
    return await _moved(talk, result)


async def _moved(talk: Talk, result: ItemReached | AgendaEnded | Refused) -> Answer:
    match result:
        case Refused():
            return talk.refuse(result)
        case AgendaEnded():
            return Answer(notices.agenda_ended(talk.voice))
        case ItemReached():
            found = await _find_item(talk, result.item_id, Right.PRESIDE)
            if isinstance(found, Refused):
                return talk.refuse(found)
            _, item, _ = found
            return Answer(notices.item_reached(talk.voice, item.number, item.title))


async def _find_agenda(
    talk: Talk, meeting_id: int, right: Right
) -> tuple[AgendaView, frozenset[Role]] | Refused:
    """Give the agenda to somebody with this right, with that person's roles."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, right)
        if isinstance(actor, Refused):
            return actor
        return await get_agenda_view(tx, meeting_id), actor.roles


async def _find_item(
    talk: Talk, item_id: int, right: Right = Right.PREPARE
) -> tuple[AgendaView, ItemView, frozenset[Role]] | Refused:
    """Give an item with its agenda to somebody with this right, with that person's roles."""
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_meeting_of_item(tx, item_id)
    if meeting_id is None:
        raise ItemNotFoundError(item_id)
    found = await _find_agenda(talk, meeting_id, right)
    if isinstance(found, Refused):
        return found
    view, roles = found
    return view, next(item for item in view.items if item.item_id == item_id), roles


async def show_agenda(talk: Talk, action: actions.ShowAgenda) -> Answer:
    """Show the agenda, to those who prepare it with what may be changed."""
    async with talk.house.database.snapshot() as tx:
        actor = await admitted(tx, talk.asked, action.meeting_id)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_agenda_view(tx, action.meeting_id)
    card = agenda_card(talk.about(view.meeting).voice, view, action.page, roles=actor.roles)
    return Answer(card=card, replaces=True)


async def show_item(talk: Talk, action: actions.ShowItem) -> Answer:
    """Show one item."""
    return await _item(talk, action.item_id)


async def _item(talk: Talk, item_id: int, notice: str = "") -> Answer:
    found = await _find_item(talk, item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, item, roles = found
    titles: Sequence[TitleView] = ()
    async with talk.house.database.snapshot() as tx:
        pledge = await find_pledge(tx, view.meeting.meeting_id)
        scorings = await list_scorings(tx, view.meeting.meeting_id)
        rankings = await list_rankings(tx, view.meeting.meeting_id)
        if item.kind is ItemKind.COMMENDATION:
            titles = await list_titles(tx, view.meeting.meeting_id)
    voice = talk.about(view.meeting).voice
    card = item_card(
        voice,
        view.meeting,
        item,
        roles=roles,
        titles=titles,
        pledge=pledge,
        scorings=scorings,
        rankings=rankings,
    )
    return Answer(notice, card, replaces=True)


async def _changed(talk: Talk, result: AgendaChanged | Refused) -> Answer | Refused:
    if isinstance(result, Refused):
        return result
    return await _item(talk, result.item_id, notices.agenda_changed(talk.voice))


async def add_item(talk: Talk, action: actions.AddItem) -> Answer:
    """Ask for a new item's title."""
    found = await _find_agenda(talk, action.meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    if view.meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(view.meeting))
    return await talk.ask(ItemTitle(action.meeting_id))


@kept
@dataclass(frozen=True)
class ItemTitle(Question):
    """The title of a new item."""

    topic: ClassVar[str] = "item_title"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.item_title(voice), version, limit=TITLE_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Add the item: one of the kind that may be voted on, agreed to or only heard."""
        title = typed_name(text, TITLE_LIMIT)
        if isinstance(title, Refused):
            return title
        result = await agenda.add_item(talk.house, talk.asked, self.meeting_id, title, ItemKind.OTHER)
        return await _changed(talk, result)


async def rename_item(talk: Talk, action: actions.RenameItem) -> Answer:
    """Ask for another title."""
    found = await _find_item(talk, action.item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, item, _ = found
    refused = _refuse_change(view, item)
    return await talk.ask(NewTitle(action.item_id, item.title)) if refused is None else talk.refuse(refused)


def _refuse_change(view: AgendaView, item: ItemView) -> Refused | None:
    if view.meeting.state is MeetingState.CLOSED:
        return closed_refusal(view.meeting)
    return None if item.decision is None else Refused(Refusal.ITEM_DECIDED)


@kept
@dataclass(frozen=True)
class NewTitle(Question):
    """Another title of an item."""

    topic: ClassVar[str] = "new_title"
    item_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.new_title(voice, self.title), version, limit=TITLE_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Rename the item."""
        title = typed_name(text, TITLE_LIMIT)
        if isinstance(title, Refused):
            return title
        return await _changed(talk, await agenda.rename_item(talk.house, talk.asked, self.item_id, title))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


async def set_advisory(talk: Talk, action: actions.SetAdvisory) -> Answer:
    """Have the meeting only give its opinion on an item, or decide it."""
    result = await agenda.set_advisory(
        talk.house, talk.asked, action.item_id, is_advisory=bool(action.advisory)
    )
    if isinstance(result, Refused):
        return talk.refuse(result)
    is_repeat = isinstance(result, Unchanged)
    notice = notices.unchanged(talk.voice) if is_repeat else notices.agenda_changed(talk.voice)
    return await _item(talk, action.item_id, notice)


async def move_item(talk: Talk, action: actions.MoveItem) -> Answer:
    """Move an item by a place."""
    result = await agenda.move_item(talk.house, talk.asked, action.item_id, action.direction)
    changed = await _changed(talk, result)
    return talk.refuse(changed) if isinstance(changed, Refused) else changed


# Deciding without a count


async def skip_item(talk: Talk, action: actions.SkipItem) -> Answer:
    """Leave an item out, and show it as it is now."""
    result = await agenda.skip_item(talk.house, talk.asked, action.item_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _item(talk, action.item_id, _decided_text(talk, result))


async def note_item(talk: Talk, action: actions.NoteItem) -> Answer:
    """Record that an item was heard."""
    result = await agenda.note_item(talk.house, talk.asked, action.item_id)
    return talk.refuse(result) if isinstance(result, Refused) else Answer(_decided_text(talk, result))


async def retake_item(talk: Talk, action: actions.RetakeItem) -> Answer:
    """Take an item up again, and show it as it is now."""
    result = await agenda.retake_item(talk.house, talk.asked, action.item_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    is_repeat = isinstance(result, Unchanged)
    notice = notices.unchanged(talk.voice) if is_repeat else notices.item_retaken(talk.voice)
    return await _item(talk, action.item_id, notice)


def _decided_text(talk: Talk, result: ItemDecided | Unchanged) -> str:
    match result:
        case Unchanged():
            return notices.unchanged(talk.voice)
        case ItemDecided():
            return notices.item_decided(talk.voice, result.decision, result.additions)


async def adopt_item(talk: Talk, action: actions.AdoptItem) -> Answer:
    """Record an agreement without a count, or ask what was added."""
    if not action.additions:
        result = await agenda.adopt_item(talk.house, talk.asked, action.item_id, ())
        return talk.refuse(result) if isinstance(result, Refused) else Answer(_decided_text(talk, result))
    found = await _find_item(talk, action.item_id, Right.PRESIDE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, item, _ = found
    refused = _refuse_change(view, item)
    if refused is not None:
        return talk.refuse(refused)
    return await talk.ask(Additions(action.item_id))


@kept
@dataclass(frozen=True)
class Additions(Question):
    """What the meeting added to an item, a line each."""

    topic: ClassVar[str] = "additions"
    item_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, prompts.additions(voice), version, limit=_ADDITIONS_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Record the agreement with what was added."""
        if len(text) > _ADDITIONS_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": _ADDITIONS_LIMIT, "length": len(text)})
        lines = [line for line in text.splitlines() if line.strip()]
        result = await agenda.adopt_item(talk.house, talk.asked, self.item_id, lines)
        return result if isinstance(result, Refused) else Answer(_decided_text(talk, result))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


ROUTES: Routes = {
    actions.GoToItem: go_to_item,
    actions.NextItem: next_item,
    actions.ShowAgenda: show_agenda,
    actions.ShowItem: show_item,
    actions.AddItem: add_item,
    actions.RenameItem: rename_item,
    actions.SetAdvisory: set_advisory,
    actions.MoveItem: move_item,
    actions.SkipItem: skip_item,
    actions.NoteItem: note_item,
    actions.RetakeItem: retake_item,
    actions.AdoptItem: adopt_item,
}
"""What each button of this topic does."""

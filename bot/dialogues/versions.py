"""An item's text: read and compared by all whom it is for; typed, pasted and added to by who prepares."""

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import ClassVar

from bot import actions
from bot.cards.layout import button
from bot.cards.setup import question_card
from bot.cards.versions import changes_card, text_card, text_items_card, text_papers_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.platforms.base import Answer, Card
from bot.wording import versions as wording
from bot.wording.voice import Voice, say
from handlers import versions
from handlers.asking import closed_refusal, permitted
from handlers.papers import admitted, find_paper
from handlers.versions import VersionMade
from meeting.names import tidy_lines
from meeting.people import Right, Role
from meeting.plan import TEXT_LIMIT as SENTENCES
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.tally import Decision
from meeting.versions import TEXT_LIMIT
from storage import agenda
from storage.database import Tx
from storage.reading import get_agenda_view, get_papers_view, get_text_view
from storage.views import TextView, VersionView

_CUT = range(3_000, 4_097)
"""Characters of a message that may be the first part of a text: phones cut at 4,096, marks counted apart."""


async def _find(talk: Talk, item_id: int) -> tuple[TextView, frozenset[Role]] | Refused:
    """Give an item's text to whom it is for, with that person's roles."""
    async with talk.house.database.snapshot() as tx:
        view = await get_text_view(tx, item_id)
        actor = await admitted(tx, talk.asked, view.meeting.meeting_id)
        return actor if isinstance(actor, Refused) else (view, actor.roles)


async def _find_changeable(talk: Talk, item_id: int) -> TextView | Refused:
    """Give an item's text to somebody who may change it, where it can be changed."""
    async with talk.house.database.snapshot() as tx:
        view = await get_text_view(tx, item_id)
        actor = await permitted(tx, talk.asked, view.meeting.meeting_id, Right.PREPARE)
        is_voted_on = bool(await agenda.list_active_votes_on(tx, item_id))
    if isinstance(actor, Refused):
        return actor
    if view.meeting.state is MeetingState.CLOSED:
        return closed_refusal(view.meeting)
    if view.item.decision not in {None, Decision.REJECTED}:
        return Refused(Refusal.ITEM_DECIDED)
    return Refused(Refusal.ITEM_HAS_VOTE) if is_voted_on else view


def _version(view: TextView, number: int) -> VersionView | None:
    """Give a version by its number, the newest for 0."""
    return view.newest if number == 0 else next((v for v in view.versions if v.version == number), None)


# Read


async def show_text(talk: Talk, action: actions.ShowText) -> Answer:
    """Show an item's text."""
    found = await _find(talk, action.item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, roles = found
    version = _version(view, action.version)
    if version is None:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    card = text_card(talk.about(view.meeting).voice, view, version, action.page, roles=roles)
    return Answer(card=card, replaces=True)


async def show_changes(talk: Talk, action: actions.ShowChanges) -> Answer:
    """Show how two versions differ."""
    found = await _find(talk, action.item_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    earlier, version = _version(view, action.earlier), _version(view, action.version)
    if earlier is None or version is None:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    card = changes_card(talk.about(view.meeting).voice, view, earlier, version, action.page)
    return Answer(card=card, replaces=True)


async def _made(talk: Talk, result: VersionMade | Refused) -> Answer | Refused:
    """Show what changed, or the text where it is the first."""
    if isinstance(result, Refused):
        return result
    notice = wording.version_made(talk.voice, result.version, result.voided)
    if result.version == 1:
        shown = await show_text(talk, actions.ShowText(result.item_id, 1, 0))
    else:
        about = actions.ShowChanges(result.item_id, result.version - 1, result.version, 0)
        shown = await show_changes(talk, about)
    return replace(shown, notice=notice)


# Changed


async def word_text(talk: Talk, action: actions.WordText) -> Answer:
    """Ask for the whole text."""
    view = await _find_changeable(talk, action.item_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return await talk.ask(WholeText(action.item_id, view.newest.version, bool(view.newest.text)))


async def choose_text_paper(talk: Talk, action: actions.ChooseTextPaper) -> Answer:
    """Offer the papers that a text may be taken from."""
    view = await _find_changeable(talk, action.item_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    async with talk.house.database.snapshot() as tx:
        papers = await get_papers_view(tx, view.meeting.meeting_id)
    return Answer(card=text_papers_card(talk.voice, papers, view.item, action.page), replaces=True)


async def choose_text_item(talk: Talk, action: actions.ChooseTextItem) -> Answer:
    """Offer the items that a text may be taken over from."""
    view = await _find_changeable(talk, action.item_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    async with talk.house.database.snapshot() as tx:
        agenda_view = await get_agenda_view(tx, view.meeting.meeting_id)
    return Answer(card=text_items_card(talk.voice, agenda_view, view.item, action.page), replaces=True)


async def copy_text(talk: Talk, action: actions.CopyText) -> Answer:
    """Take over another item's text."""
    copied = await versions.copy_text(talk.house, talk.asked, action.item_id, action.source_id)
    made = await _made(talk, copied)
    return talk.refuse(made) if isinstance(made, Refused) else made


async def quote_paper(talk: Talk, action: actions.QuotePaper) -> Answer:
    """Ask for the passage of a paper."""
    view = await _find_changeable(talk, action.item_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    async with talk.house.database.snapshot() as tx:
        paper = await find_paper(tx, talk.asked, action.paper_id)
    if isinstance(paper, Refused):
        return talk.refuse(paper)
    newest, name = view.newest, paper.paper.name
    return await talk.ask(WholeText(action.item_id, newest.version, bool(newest.text), paper.paper_id, name))


@dataclass(frozen=True)
class LongText(Question):
    """A whole text, of which a long one comes in several messages; `so_far` is what has come."""

    so_far: str = field(default="", kw_only=True)

    @abstractmethod
    def _wanted(self, voice: Voice) -> str:
        """Give what is asked for."""

    @abstractmethod
    async def _go_on(self, talk: Talk, whole: str) -> Answer | Refused:
        """Take the text, which is whole now."""

    def card(self, voice: Voice, version: int) -> Card:
        """Ask, or ask for the rest."""
        if self.so_far:
            done = button(say(voice, "Done"), actions.SkipQuestion(version))
            text = wording.rest_wanted(voice, len(self.so_far))
            return question_card(voice, text, version, limit=TEXT_LIMIT, is_long=True, rows=[[done]])
        return question_card(voice, self._wanted(voice), version, limit=TEXT_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Go on once the text is whole."""
        whole = "\n".join(filter(None, [self.so_far, tidy_lines(text)]))
        if len(whole) > TEXT_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(whole)})
        if len(text) in _CUT:
            return await talk.ask(replace(self, so_far=whole))
        return await self._go_on(talk, whole)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Go on with what has come."""
        return await self._go_on(talk, self.so_far) if self.so_far else None


@kept
@dataclass(frozen=True)
class WholeText(LongText):
    """A text that follows version `after`; `paper_id` is the paper that it is from, 0 for none."""

    topic: ClassVar[str] = "whole_text"
    item_id: int
    after: int
    has_text: bool
    paper_id: int = 0
    paper: str = ""

    def _wanted(self, voice: Voice) -> str:
        if self.paper_id:
            return wording.passage_wanted(voice, self.paper)
        return wording.whole_text_wanted(voice, self.after if self.has_text else 0)

    async def _go_on(self, talk: Talk, whole: str) -> Answer | Refused:
        if self.has_text:
            return await talk.ask(Gain(self.item_id, self.after, whole, self.paper_id))
        paper_id = self.paper_id or None
        made = await versions.put_text(
            talk.house, talk.asked, self.item_id, whole, self.after, paper_id=paper_id
        )
        return await _made(talk, made)

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


@kept
@dataclass(frozen=True)
class Gain(Question):
    """What a new wording adds, for the result's list; left out where it is only corrected."""

    topic: ClassVar[str] = "text_gain"
    item_id: int
    after: int
    text: str
    paper_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        skip = button(say(voice, "Skip"), actions.SkipQuestion(version))
        text = wording.gain_wanted(voice)
        return question_card(voice, text, version, limit=SENTENCES, is_long=True, rows=[[skip]])

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Make the version, with what it adds."""
        if len(text) > SENTENCES:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": SENTENCES, "length": len(text)})
        return await self._make(talk, text)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Make the version, which adds nothing."""
        return await self._make(talk, "")

    async def _make(self, talk: Talk, addition: str) -> Answer | Refused:
        made = await versions.put_text(
            talk.house,
            talk.asked,
            self.item_id,
            self.text,
            self.after,
            addition=addition,
            paper_id=self.paper_id or None,
        )
        return await _made(talk, made)

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


async def add_to_text(talk: Talk, action: actions.AddToText) -> Answer:
    """Ask what is added."""
    view = await _find_changeable(talk, action.item_id)
    return talk.refuse(view) if isinstance(view, Refused) else await talk.ask(Addition(action.item_id))


@kept
@dataclass(frozen=True)
class Addition(Question):
    """What is added at the end of an item's text."""

    topic: ClassVar[str] = "text_addition"
    item_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.addition_wanted(voice)
        return question_card(voice, text, version, limit=SENTENCES, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Add it."""
        if len(text) > SENTENCES:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": SENTENCES, "length": len(text)})
        return await _made(talk, await versions.add_to_text(talk.house, talk.asked, self.item_id, text))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


async def restore_text(talk: Talk, action: actions.RestoreText) -> Answer:
    """Have the text read as in an earlier version again."""
    view = await _find_changeable(talk, action.item_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    earlier = _version(view, action.version)
    if earlier is None:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    put = await versions.put_text(talk.house, talk.asked, action.item_id, earlier.text, action.newest)
    made = await _made(talk, put)
    return talk.refuse(made) if isinstance(made, Refused) else made


ROUTES: Routes = {
    actions.ShowText: show_text,
    actions.ShowChanges: show_changes,
    actions.WordText: word_text,
    actions.AddToText: add_to_text,
    actions.ChooseTextPaper: choose_text_paper,
    actions.QuotePaper: quote_paper,
    actions.ChooseTextItem: choose_text_item,
    actions.CopyText: copy_text,
    actions.RestoreText: restore_text,
}
"""What each button of this topic does."""

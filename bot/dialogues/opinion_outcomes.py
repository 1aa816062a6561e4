"""What is done with opinions: sorted, merged, hidden, taken up, answered."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.opinions import merging_card, passage_card, sorting_card, words_card
from bot.cards.setup import question_card
from bot.dialogues.opinions import (
    ItemChoice,
    Items,
    are_considered,
    items_spoken_of,
    see_opinion,
    titled,
)
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_count
from bot.dialogues.versions import LongText
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import opinions as wording
from bot.wording.voice import Voice
from handlers import opinion_outcomes, opinions
from handlers.asking import closed_refusal, permitted
from handlers.meetings import Unchanged
from handlers.opinion_outcomes import OpinionDecided
from meeting import opinions as rules
from meeting.names import tidy
from meeting.opinions import REASON_LIMIT, OpinionKind, OpinionState
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import opinions as stored
from storage.database import Tx
from storage.reading import get_meeting_view, get_text_view, list_items
from storage.views import ItemView, OpinionView

_OFFERED = 6
_TITLE = 60


async def _find(talk: Talk, opinion_id: int, right: Right) -> OpinionView | Refused:
    async with talk.house.database.snapshot() as tx:
        opinion = await stored.get_opinion(tx, opinion_id)
        actor = await permitted(tx, talk.asked, opinion.meeting_id, right)
        meeting = await get_meeting_view(tx, opinion.meeting_id)
    if isinstance(actor, Refused):
        return actor
    return opinion if meeting.cancelled_at is None else closed_refusal(meeting)


async def _list_items(talk: Talk, meeting_id: int) -> list[ItemView]:
    async with talk.house.database.snapshot() as tx:
        return await list_items(tx, meeting_id)


@dataclass(frozen=True)
class _OnOpinion(Question):
    """A question about what is done with an opinion."""

    opinion_id: int
    number: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """As long as opinions are considered."""
        del account_id
        return await are_considered(tx, await stored.find_meeting_of_opinion(tx, self.opinion_id))


# Decided


async def decide_opinion(talk: Talk, action: actions.DecideOpinion) -> Answer:
    """Ask for the words that an outcome needs; an opinion is left without any."""
    opinion = await _find(talk, action.opinion_id, Right.PRESIDE)
    if isinstance(opinion, Refused):
        return talk.refuse(opinion)
    refused = rules.decide(opinion.opinion, action.outcome)
    if isinstance(refused, Refused):
        return talk.refuse(refused)
    match action.outcome:
        case OpinionState.LEFT:
            return await _decided(talk, opinion.opinion_id, action.outcome, "")
        case OpinionState.TAKEN_UP if await _may_reach_text(talk, opinion):
            return await talk.ask(Passage(opinion.opinion_id, opinion.number, opinion.text))
        case OpinionState.ANSWERED | OpinionState.TAKEN_UP:
            return await talk.ask(OutcomeWords(opinion.opinion_id, opinion.number, action.outcome))
        case _:
            return Answer(notices.out_of_date(talk.voice))


async def _may_reach_text(talk: Talk, opinion: OpinionView) -> bool:
    """Whether it is an addition that can still get into its item's text, and isn't there yet."""
    if opinion.kind is not OpinionKind.ADDITION or opinion.item_id is None or opinion.is_in_text:
        return False
    async with talk.house.database.snapshot() as tx:
        view = await get_text_view(tx, opinion.item_id)
    refused = rules.refuse_about(opinion.kind, view.item.decision, is_voted_on=False)
    return refused is None and view.meeting.state is not MeetingState.CLOSED


async def _decided(talk: Talk, opinion_id: int, outcome: OpinionState, words: str) -> Answer:
    result = await opinion_outcomes.decide_opinion(talk.house, talk.asked, opinion_id, outcome, words)
    return talk.refuse(result) if isinstance(result, Refused) else await _shown(talk, opinion_id, result)


async def _shown(talk: Talk, opinion_id: int, result: OpinionDecided | Unchanged) -> Answer:
    if isinstance(result, Unchanged):
        return await see_opinion(talk, opinion_id, notices.unchanged(talk.voice))
    notice = wording.opinion_decided(talk.voice, result.number, result.state, result.version)
    return await see_opinion(talk, opinion_id, notice)


@kept
@dataclass(frozen=True)
class OutcomeWords(_OnOpinion):
    """In which words an opinion is answered or taken up."""

    topic: ClassVar[str] = "opinion_words"
    outcome: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return words_card(voice, self.number, OpinionState(self.outcome), version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Decide with these words."""
        outcome = OpinionState(self.outcome)
        result = await opinion_outcomes.decide_opinion(talk.house, talk.asked, self.opinion_id, outcome, text)
        return result if isinstance(result, Refused) else await _shown(talk, self.opinion_id, result)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Take it up without words; an answer has some."""
        return await self.take(talk, "") if self.outcome == OpinionState.TAKEN_UP else None


@kept
@dataclass(frozen=True)
class Passage(_OnOpinion):
    """How a proposed addition gets into its item's text; `text` is as it was proposed."""

    topic: ClassVar[str] = "opinion_passage"
    text: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return passage_card(voice, self.number, self.text, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Add this passage at the end of the text."""
        result = await opinion_outcomes.take_into_text(talk.house, talk.asked, self.opinion_id, text)
        return result if isinstance(result, Refused) else await _shown(talk, self.opinion_id, result)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Add it as proposed (1), send the whole text (2), or leave the text as it is (3)."""
        match choice:
            case 1:
                return await self.take(talk, self.text)
            case 2:
                return await self._ask_whole(talk)
            case 3:
                return await talk.ask(OutcomeWords(self.opinion_id, self.number, OpinionState.TAKEN_UP))
            case _:
                return None

    async def _ask_whole(self, talk: Talk) -> Answer | Refused:
        async with talk.house.database.snapshot() as tx:
            item_id = (await stored.get_opinion(tx, self.opinion_id)).item_id
            if item_id is None:
                return Refused(Refusal.OUT_OF_DATE)
            newest = (await get_text_view(tx, item_id)).newest
        return await talk.ask(WholeText(self.opinion_id, self.number, newest.version))


@kept
@dataclass(frozen=True)
class WholeText(LongText, _OnOpinion):
    """The whole new text of an item, with an addition in its place; it follows version `after`."""

    topic: ClassVar[str] = "opinion_whole_text"
    after: int

    def _wanted(self, voice: Voice) -> str:
        return wording.whole_text_wanted(voice, self.number)

    async def _go_on(self, talk: Talk, whole: str) -> Answer | Refused:
        result = await opinion_outcomes.take_into_text(
            talk.house, talk.asked, self.opinion_id, whole, after=self.after
        )
        return result if isinstance(result, Refused) else await _shown(talk, self.opinion_id, result)


# Sorted


async def sort_opinion(talk: Talk, action: actions.SortOpinion) -> Answer:
    """Ask for the kind, or what it is about."""
    opinion = await _find(talk, action.opinion_id, Right.PREPARE)
    if isinstance(opinion, Refused):
        return talk.refuse(opinion)
    refused = rules.refuse_sorting(opinion.opinion)
    if refused is not None:
        return talk.refuse(refused)
    items = await _list_items(talk, opinion.meeting_id)
    title = next((titled(item) for item in items if item.item_id == opinion.item_id), "")
    offered = items_spoken_of(items)
    return await talk.ask(
        Sorting(opinion.opinion_id, opinion.number, opinion.kind, opinion.item_id or 0, title, offered)
    )


@kept
@dataclass(frozen=True)
class Sorting(_OnOpinion):
    """Which kind an opinion is; `items` (id, title) are what else it may be about."""

    topic: ClassVar[str] = "opinion_sorting"
    kind: str
    item_id: int
    title: str
    items: Items

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return sorting_card(voice, self.number, OpinionKind(self.kind), self.title, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a tap."""
        del text
        return Answer(wording.sorting_wanted(talk.voice, self.number))

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take a kind, from 1 on, or go on to what it is about with 0."""
        if choice == 0:
            return await talk.ask(SortingItem(self.items, self.opinion_id, self.number, self.kind))
        kinds = dict(enumerate(OpinionKind, 1))
        if choice not in kinds:
            return None
        return await _sorted(talk, self.opinion_id, kinds[choice], self.item_id or None)


@kept
@dataclass(frozen=True)
class SortingItem(_OnOpinion, ItemChoice):
    """What an opinion is about."""

    topic: ClassVar[str] = "opinion_sorting_item"
    kind: str

    async def _choose(self, talk: Talk, item_id: int, title: str) -> Answer | Refused:
        del title
        return await _sorted(talk, self.opinion_id, OpinionKind(self.kind), item_id or None)


async def _sorted(talk: Talk, opinion_id: int, kind: OpinionKind, item_id: int | None) -> Answer | Refused:
    result = await opinions.sort_opinion(talk.house, talk.asked, opinion_id, kind, item_id)
    match result:
        case Refused():
            return result
        case Unchanged():
            return await see_opinion(talk, opinion_id, notices.unchanged(talk.voice))
        case _:
            return await see_opinion(talk, opinion_id, wording.opinion_sorted(talk.voice, result.number))


# Merged, hidden, restored


async def merge_opinion(talk: Talk, action: actions.MergeOpinion) -> Answer:
    """Ask into which opinion, those on the same item first."""
    opinion = await _find(talk, action.opinion_id, Right.PREPARE)
    if isinstance(opinion, Refused):
        return talk.refuse(opinion)
    refused = rules.refuse_sorting(opinion.opinion)
    if refused is not None:
        return talk.refuse(refused)
    async with talk.house.database.snapshot() as tx:
        others = [
            other
            for other in await stored.list_opinions(tx, opinion.meeting_id)
            if other.state not in {OpinionState.MERGED, OpinionState.HIDDEN}
            and other.number != opinion.number
        ]
    others.sort(key=lambda other: (other.item_id != opinion.item_id, other.number))
    offered: list[list[int | str]] = [
        [other.number, tidy(other.text)[:_TITLE]] for other in others[:_OFFERED]
    ]
    return await talk.ask(MergeInto(opinion.opinion_id, opinion.number, offered))


@kept
@dataclass(frozen=True)
class MergeInto(_OnOpinion):
    """Into which opinion another is merged; `offered` are number and beginning of some."""

    topic: ClassVar[str] = "opinion_into"
    offered: list[list[int | str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        offered = [(int(number), str(text)) for number, text in self.offered]
        return merging_card(voice, self.number, offered, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a number."""
        number = typed_count(text)
        return Refused(Refusal.NUMBER_UNREADABLE) if number is None else await self._merge(talk, number)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of those that were offered."""
        return await self._merge(talk, choice)

    async def _merge(self, talk: Talk, number: int) -> Answer | Refused:
        merged = await opinions.merge_opinion(talk.house, talk.asked, self.opinion_id, number)
        if isinstance(merged, Refused):
            return merged
        notice = wording.opinion_merged(talk.voice, merged.number, merged.into)
        return await see_opinion(talk, self.opinion_id, notice)


async def hide_opinion(talk: Talk, action: actions.HideOpinion) -> Answer:
    """Ask for the reason."""
    opinion = await _find(talk, action.opinion_id, Right.PREPARE)
    if isinstance(opinion, Refused):
        return talk.refuse(opinion)
    refused = rules.hide(opinion.opinion, ())
    if isinstance(refused, Refused):
        return talk.refuse(refused)
    return await talk.ask(HideReason(opinion.opinion_id, opinion.number))


@kept
@dataclass(frozen=True)
class HideReason(_OnOpinion):
    """Why an opinion is shown no more."""

    topic: ClassVar[str] = "opinion_hide_reason"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.reason_wanted(voice, self.number)
        return question_card(voice, text, version, limit=REASON_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Hide it."""
        hidden = await opinions.hide_opinion(talk.house, talk.asked, self.opinion_id, text)
        if isinstance(hidden, Refused):
            return hidden
        return await see_opinion(talk, self.opinion_id, wording.opinion_hidden(talk.voice, hidden.number))


async def restore_opinion(talk: Talk, action: actions.RestoreOpinion) -> Answer:
    """Have it wait by itself again."""
    restored = await opinions.restore_opinion(talk.house, talk.asked, action.opinion_id)
    if isinstance(restored, Refused):
        return talk.refuse(restored)
    notice = wording.opinion_restored(talk.voice, restored.number)
    return await see_opinion(talk, action.opinion_id, notice)


ROUTES: Routes = {
    actions.DecideOpinion: decide_opinion,
    actions.SortOpinion: sort_opinion,
    actions.MergeOpinion: merge_opinion,
    actions.HideOpinion: hide_opinion,
    actions.RestoreOpinion: restore_opinion,
}
"""What each button of this topic does."""

"""Who receives a title: names as typed, asked about one after the other until each is clear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from bot import actions
from bot.cards.setup import question_card, sure_card
from bot.cards.titles import meant_card
from bot.dialogues.talk import Routes, Talk, kept
from bot.dialogues.titles import TitleQuestion, changeable_title, title_answer
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import titles as wording
from bot.wording.voice import Voice
from handlers import questions, titles
from handlers.titles import Named, RecipientsAdded, RecipientsUnclear
from meeting.names import tidy
from meeting.refusals import Refusal, Refused
from meeting.titles import (
    MOST_RECIPIENTS,
    RECIPIENT_LIMIT,
    Candidate,
    RecipientKind,
)
from storage import titles as stored

_LIST_LIMIT = 50_000
_OFFERED = 8
_LEADING_NUMBER = re.compile(r"^\s*(?:\d{1,4}[.)]|[-–•+*])\s*")
_PART = re.compile(r"\s*[;\t]\s*")


async def add_recipients(talk: Talk, action: actions.AddRecipients) -> Answer:
    """Ask for names."""
    title = await changeable_title(talk, action.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    return await talk.ask(RecipientNames(action.title_id, action.kind, title.title))


def typed_recipients(text: str, kind: RecipientKind) -> list[Named]:
    """Give the recipients of a typed list, one on each line: name, and unit after a semicolon or tab."""
    named = []
    for line in text.splitlines():
        name, *rest = _PART.split(_LEADING_NUMBER.sub("", line).strip(), maxsplit=1)
        if name:
            named.append(Named(kind, tidy(name), tidy(" ".join(rest))))
    return named


@kept
@dataclass(frozen=True)
class RecipientNames(TitleQuestion):
    """Who receives a title, all of one kind."""

    topic: ClassVar[str] = "title_recipients"
    takes_any_name: ClassVar[bool] = True
    kind: str
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        kind = RecipientKind(self.kind)
        text = wording.recipients_wanted(voice, kind, wording.title_name(self.title))
        example = wording.recipients_example(kind)
        return question_card(voice, text, version, limit=_LIST_LIMIT, example=example, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Add them, or ask about the first who isn't clear."""
        if len(text) > _LIST_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": _LIST_LIMIT, "length": len(text)})
        named = typed_recipients(text, RecipientKind(self.kind))
        if len(named) > MOST_RECIPIENTS:
            return Refused(Refusal.RECIPIENTS_TOO_MANY)
        return await _add(talk, self.title_id, named)


async def _add(talk: Talk, title_id: int, named: Sequence[Named]) -> Answer | Refused:
    """Add recipients once each is clear; until then ask about one after the other."""
    if not named:
        await questions.give_up(talk.house, talk.asked)
        return await title_answer(talk, title_id, notice=notices.unchanged(talk.voice))
    result = await titles.add_recipients(talk.house, talk.asked, title_id, named)
    match result:
        case Refused():
            return result
        case RecipientsAdded(count=count):
            return await title_answer(talk, title_id, notice=wording.recipients_added(talk.voice, count))
        case RecipientsUnclear(unclear):
            place, candidates = min(unclear.items(), key=lambda one: one[0])
            offered = [_offer(one) for one in candidates[:_OFFERED]]
            return await talk.ask(
                RecipientMeant(title_id, [_kept_name(one) for one in named], place, offered)
            )


def _offer(candidate: Candidate[int]) -> tuple[int, str]:
    return candidate.key, ", ".join((candidate.name, *candidate.units[:2]))


def _kept_name(named: Named) -> dict[str, Any]:
    return {
        "kind": named.kind.value,
        "name": named.name,
        "unit": named.unit,
        "meant": named.meant,
        "is_unlisted": named.is_unlisted,
    }


def _named(kept_name: dict[str, Any]) -> Named:
    return Named(**{**kept_name, "kind": RecipientKind(kept_name["kind"])})


@kept
@dataclass(frozen=True)
class RecipientMeant(TitleQuestion):
    """Whom one of the typed names means; `offered` are ids and names of those who may be meant."""

    topic: ClassVar[str] = "title_recipient_meant"
    takes_any_name: ClassVar[bool] = True
    named: list[dict[str, Any]]
    place: int
    offered: list[tuple[int, str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        one = _named(self.named[self.place])
        typed = "; ".join(filter(None, (one.name, one.unit)))
        names = [name for _, name in self.offered]
        return meant_card(voice, one.kind, typed, names, self.place + 1, len(self.named), version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take another spelling of the name."""
        one = _named(self.named[self.place])
        typed = typed_recipients(text, one.kind)
        if len(typed) != 1:
            return Refused(Refusal.NAME_UNREADABLE)
        if len(typed[0].name) > RECIPIENT_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": RECIPIENT_LIMIT, "length": len(typed[0].name)})
        return await self._go_on(talk, typed)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of them, with 0 the name for somebody whom nobody here knows, or leave it out at last."""
        one = _named(self.named[self.place])
        if choice == 0:
            return await self._go_on(talk, [replace(one, is_unlisted=True)])
        if choice == len(self.offered) + 1:
            return await self._go_on(talk, [])
        if not 0 < choice <= len(self.offered):
            return None
        return await self._go_on(talk, [replace(one, meant=self.offered[choice - 1][0])])

    async def _go_on(self, talk: Talk, instead: Sequence[Named]) -> Answer | Refused:
        named = [_named(one) for one in self.named]
        named[self.place : self.place + 1] = instead
        return await _add(talk, self.title_id, named)


async def remove_recipient(talk: Talk, action: actions.RemoveRecipient) -> Answer:
    """Take somebody out, asked once more."""
    if action.sure:
        result = await titles.remove_recipient(talk.house, talk.asked, action.recipient_id)
        if isinstance(result, Refused):
            return talk.refuse(result)
        return await title_answer(talk, result.title_id, notice=wording.recipient_removed(talk.voice))
    async with talk.house.database.snapshot() as tx:
        recipient = await stored.get_recipient(tx, action.recipient_id)
    title = await changeable_title(talk, recipient.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    name = ", ".join(filter(None, (recipient.name, recipient.unit)))
    sure, label = actions.RemoveRecipient(action.recipient_id, 1), wording.button_take_out(talk.voice)
    return Answer(card=sure_card(talk.voice, wording.remove_sure(talk.voice, name), label, sure))


ROUTES: Routes = {
    actions.AddRecipients: add_recipients,
    actions.RemoveRecipient: remove_recipient,
}
"""What each button of this topic does."""

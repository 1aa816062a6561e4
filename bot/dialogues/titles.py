"""Titles: listed, added and changed step by step, recipients asked about until each is clear, announced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, ClassVar

from bot import actions
from bot.actions import TitleField
from bot.cards.setup import question_card, sure_card
from bot.cards.titles import announce_sure_card, edit_card, meant_card, title_card, titles_card
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.dialogues.typed import typed_day, typed_name
from bot.platforms.base import Answer, Card, Choice, Do
from bot.wording import notices, prompts
from bot.wording import titles as wording
from bot.wording.voice import Voice
from handlers import agenda, questions, titles
from handlers.asking import closed_refusal, permitted
from handlers.meetings import Unchanged
from handlers.titles import Named, RecipientsAdded, RecipientsUnclear
from meeting.agenda import ItemKind
from meeting.names import tidy
from meeting.people import Right, Role
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.titles import (
    ISSUER_LIMIT,
    MOST_RECIPIENTS,
    NUMBER_LIMIT,
    RECIPIENT_LIMIT,
    TITLE_NAME_LIMIT,
    Candidate,
    PlannedTitle,
    Quota,
    RecipientKind,
)
from storage import titles as stored
from storage.database import Tx
from storage.reading import get_titles_view
from storage.views import RecipientView, TitlesView, TitleView

_LIST_LIMIT = 50_000
_OFFERED = 8
_LEADING_NUMBER = re.compile(r"^\s*(?:\d{1,4}[.)]|[-–•+*])\s*")
_PART = re.compile(r"\s*[;\t]\s*")
_QUOTA = re.compile(
    r"\s*(?:(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s*%|(?P<numerator>\d{1,4})\s*/\s*(?P<denominator>\d{1,4}))"
    r"\s*(?:[;:,]|của|of)?\s*(?P<of>.+)",
    re.IGNORECASE,
)


# Looking


async def show_titles(talk: Talk, action: actions.ShowTitles) -> Answer:
    """Show a meeting's titles."""
    return await _listed(talk, action.meeting_id, action.page)


async def _find(talk: Talk, meeting_id: int, right: Right) -> tuple[TitlesView, frozenset[Role]] | Refused:
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, right)
        if isinstance(actor, Refused):
            return actor
        return await get_titles_view(tx, meeting_id), actor.roles


async def _listed(talk: Talk, meeting_id: int, page: int = 0, notice: str = "") -> Answer:
    found = await _find(talk, meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, roles = found
    return Answer(notice, titles_card(talk.about(view.meeting).voice, view, page, roles=roles), replaces=True)


async def _find_title(
    talk: Talk, title_id: int
) -> tuple[TitlesView, TitleView, list[RecipientView], frozenset[Role]] | Refused:
    async with talk.house.database.snapshot() as tx:
        title = await stored.get_title(tx, title_id)
        actor = await permitted(tx, talk.asked, title.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return actor
        recipients = await stored.list_recipients(tx, [title_id])
        return await get_titles_view(tx, title.meeting_id), title, recipients, actor.roles


async def show_title(talk: Talk, action: actions.ShowTitle) -> Answer:
    """Show one title with its recipients."""
    return await _title(talk, action.title_id, action.page)


async def _title(talk: Talk, title_id: int, page: int = 0, notice: str = "") -> Answer:
    found = await _find_title(talk, title_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, title, recipients, roles = found
    card = title_card(talk.about(view.meeting).voice, view, title, recipients, page, roles=roles)
    return Answer(notice, card, replaces=True)


async def _changeable(talk: Talk, title_id: int) -> TitleView | Refused:
    """Give a title that can still be changed."""
    found = await _find_title(talk, title_id)
    if isinstance(found, Refused):
        return found
    view, title, _, _ = found
    if view.meeting.state is MeetingState.CLOSED:
        return closed_refusal(view.meeting)
    if title.withdrawn_at is not None:
        return Refused(Refusal.TITLE_WITHDRAWN)
    return title if title.is_open else Refused(Refusal.TITLE_ANNOUNCED)


# What a decision says


_STEPS = (TitleField.TITLE, TitleField.NUMBER, TitleField.DAY, TitleField.ISSUER)


async def add_title(talk: Talk, action: actions.AddTitle) -> Answer:
    """Ask which title it is."""
    found = await _find(talk, action.meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    if view.meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(view.meeting))
    return await talk.ask(TitleDraft(action.meeting_id))


def _field_card(
    voice: Voice, wanted: TitleField, version: int, *, can_skip: bool, rows: Sequence[Sequence[Choice]] = ()
) -> Card:
    text, example, limit = {
        TitleField.TITLE: (wording.title_wanted(voice), "Lao động tiên tiến", TITLE_NAME_LIMIT),
        TitleField.NUMBER: (wording.number_wanted(voice), "12/QĐ-VD", NUMBER_LIMIT),
        TitleField.DAY: (wording.day_wanted(voice), "28/12/2026", NAME_LIMIT),
        TitleField.ISSUER: (wording.issuer_wanted(voice), "", ISSUER_LIMIT),
        TitleField.QUOTA: (wording.quota_wanted(voice), "15%; Lao động tiên tiến", TITLE_NAME_LIMIT),
    }[wanted]
    skip = ((Do(prompts.button_skip(voice), actions.SkipQuestion(version)),),) if can_skip else ()
    return question_card(voice, text, version, limit=limit, example=example, rows=(*rows, *skip))


def _with(planned: PlannedTitle, wanted: TitleField, text: str) -> PlannedTitle | Refused:
    """Give a decision with one thing as it was typed; "" takes it away."""
    match wanted:
        case TitleField.TITLE:
            name = typed_name(text, TITLE_NAME_LIMIT)
            return name if isinstance(name, Refused) else replace(planned, title=name)
        case TitleField.NUMBER:
            return replace(planned, number=tidy(text))
        case TitleField.ISSUER:
            return replace(planned, issuer=tidy(text))
        case TitleField.DAY:
            day = typed_day(text) if text else None
            if text and day is None:
                return Refused(Refusal.DAY_UNREADABLE)
            return replace(planned, decided_on=day)
        case TitleField.QUOTA:
            quota = typed_quota(text) if text else None
            if text and quota is None:
                return Refused(Refusal.QUOTA_UNREADABLE)
            return replace(planned, quota=quota)


def typed_quota(text: str) -> Quota | None:
    """Give a quota: "15%; Lao động tiên tiến", "1/3 của Hai giỏi"; None where it is none."""
    found = _QUOTA.fullmatch(tidy(text))
    if found is None or (found["denominator"] is not None and int(found["denominator"]) == 0):
        return None
    if found["percent"]:
        share = Fraction(found["percent"].replace(",", ".")) / 100
    else:
        share = Fraction(int(found["numerator"]), int(found["denominator"]))
    return Quota(share.numerator, share.denominator, found["of"]) if 0 < share <= 1 else None


@kept
@dataclass(frozen=True)
class TitleDraft(Question):
    """A decision that is being added: what was answered so far, by field, "" for what was skipped."""

    topic: ClassVar[str] = "title_draft"
    meeting_id: int
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def _step(self) -> TitleField:
        return next((step for step in _STEPS if step not in self.answers), TitleField.ISSUER)

    def card(self, voice: Voice, version: int) -> Card:
        """Ask the next question."""
        return _field_card(voice, self._step, version, can_skip=self._step is not TitleField.TITLE)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take the answer, and ask on or add the decision."""
        return await self._next(talk, text)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Leave it out; not the title."""
        return None if self._step is TitleField.TITLE else await self._next(talk, "")

    async def _next(self, talk: Talk, text: str) -> Answer | Refused:
        planned = _with(PlannedTitle(""), self._step, text)
        if isinstance(planned, Refused):
            return planned
        length, limit = len(tidy(text)), NUMBER_LIMIT if self._step is TitleField.NUMBER else ISSUER_LIMIT
        if length > limit:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": limit, "length": length})
        draft = replace(self, answers={**self.answers, self._step: tidy(text)})
        if len(draft.answers) < len(_STEPS):
            return await talk.ask(draft)
        return await draft._add(talk)  # noqa: SLF001 - the same kind

    async def _add(self, talk: Talk) -> Answer | Refused:
        whole = PlannedTitle("")
        for step in _STEPS:
            planned = _with(whole, step, self.answers[step])
            if isinstance(planned, Refused):
                return planned
            whole = planned
        added = await titles.add_title(talk.house, talk.asked, self.meeting_id, whole)
        if isinstance(added, Refused):
            return added
        return await _title(talk, added.title_id, notice=wording.title_added(talk.voice))


async def edit_title(talk: Talk, action: actions.EditTitle) -> Answer:
    """Show what can be changed."""
    title = await _changeable(talk, action.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    return Answer(card=edit_card(talk.voice, title), replaces=True)


async def change_title(talk: Talk, action: actions.ChangeTitle) -> Answer:
    """Ask for what is to stand there."""
    title = await _changeable(talk, action.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    return await talk.ask(NewField(action.title_id, action.field))


@dataclass(frozen=True)
class _TitleQuestion(Question):
    """A question about a title."""

    title_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed."""
        del account_id
        return await is_going_on(tx, await find_concern(tx, self))


@kept
@dataclass(frozen=True)
class NewField(_TitleQuestion):
    """Something else that a decision is to say."""

    topic: ClassVar[str] = "title_field"
    field: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        wanted = TitleField(self.field)
        return _field_card(voice, wanted, version, can_skip=wanted is not TitleField.TITLE)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Change it."""
        return await self._change(talk, text)

    async def skip(self, talk: Talk) -> Answer | Refused | None:
        """Have nothing stand there; not for the title."""
        return None if self.field == TitleField.TITLE else await self._change(talk, "")

    async def _change(self, talk: Talk, text: str) -> Answer | Refused:
        title = await _changeable(talk, self.title_id)
        if isinstance(title, Refused):
            return title
        planned = _with(
            PlannedTitle(title.title, title.number, title.decided_on, title.issuer, title.quota),
            TitleField(self.field),
            text,
        )
        if isinstance(planned, Refused):
            return planned
        changed = await titles.change_title(talk.house, talk.asked, self.title_id, planned)
        if isinstance(changed, Refused):
            return changed
        is_same = isinstance(changed, Unchanged)
        notice = notices.unchanged(talk.voice) if is_same else wording.title_changed(talk.voice)
        return await _title(talk, self.title_id, notice=notice)


async def withdraw_title(talk: Talk, action: actions.WithdrawTitle) -> Answer:
    """Withdraw a decision, asked once more."""
    if not action.sure:
        title = await _changeable(talk, action.title_id)
        if isinstance(title, Refused):
            return talk.refuse(title)
        text = wording.withdraw_sure(talk.voice, wording.title_text(talk.voice, title))
        label = wording.button_withdraw(talk.voice)
        return Answer(card=sure_card(talk.voice, text, label, actions.WithdrawTitle(action.title_id, 1)))
    result = await titles.withdraw_title(talk.house, talk.asked, action.title_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await _listed(talk, result.meeting_id, notice=wording.title_withdrawn(talk.voice))


# Who receives it


async def add_recipients(talk: Talk, action: actions.AddRecipients) -> Answer:
    """Ask for names."""
    title = await _changeable(talk, action.title_id)
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
class RecipientNames(_TitleQuestion):
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
        return await _title(talk, title_id, notice=notices.unchanged(talk.voice))
    result = await titles.add_recipients(talk.house, talk.asked, title_id, named)
    match result:
        case Refused():
            return result
        case RecipientsAdded(count=count):
            return await _title(talk, title_id, notice=wording.recipients_added(talk.voice, count))
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
class RecipientMeant(_TitleQuestion):
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
        return await _title(talk, result.title_id, notice=wording.recipient_removed(talk.voice))
    async with talk.house.database.snapshot() as tx:
        recipient = await stored.get_recipient(tx, action.recipient_id)
    title = await _changeable(talk, recipient.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    name = ", ".join(filter(None, (recipient.name, recipient.unit)))
    sure, label = actions.RemoveRecipient(action.recipient_id, 1), wording.button_take_out(talk.voice)
    return Answer(card=sure_card(talk.voice, wording.remove_sure(talk.voice, name), label, sure))


# Announcing


async def add_commendation(talk: Talk, action: actions.AddCommendation) -> Answer:
    """Add the item with which titles are announced."""
    found = await _find(talk, action.meeting_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    name = wording.commendation_title(replace(talk.voice, language=view.meeting.language))
    added = await agenda.add_item(talk.house, talk.asked, action.meeting_id, name, ItemKind.COMMENDATION)
    if isinstance(added, Refused):
        return talk.refuse(added)
    return await _listed(talk, action.meeting_id, notice=notices.agenda_changed(talk.voice))


async def announce_titles(talk: Talk, action: actions.AnnounceTitles) -> Answer:
    """Show what would be announced, and announce it when that is confirmed."""
    if action.recipients:
        return await _announced(talk, action)
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_concern(tx, action)
    found = Refused(Refusal.NOT_FOUND) if meeting_id is None else await _find(talk, meeting_id, Right.PRESIDE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    item = next(one for one in view.items if one.item_id == action.item_id)
    chosen = [one for one in view.titles if one.is_open and action.title_id in {0, one.title_id}]
    if not chosen or item.decision is not None or not any(one.counts.total for one in chosen):
        # The handler says why.
        return await _announced(talk, action)
    card = announce_sure_card(talk.about(view.meeting).voice, item, action.title_id, chosen, view.titles)
    return Answer(card=card)


async def _announced(talk: Talk, action: actions.AnnounceTitles) -> Answer:
    result = await titles.announce_titles(
        talk.house, talk.asked, action.item_id, action.title_id or None, action.recipients
    )
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return Answer(
                wording.titles_announced(talk.voice, result.titles, is_item_over=result.is_item_over)
            )


ROUTES: Routes = {
    actions.ShowTitles: show_titles,
    actions.ShowTitle: show_title,
    actions.AddTitle: add_title,
    actions.EditTitle: edit_title,
    actions.ChangeTitle: change_title,
    actions.WithdrawTitle: withdraw_title,
    actions.AddRecipients: add_recipients,
    actions.RemoveRecipient: remove_recipient,
    actions.AddCommendation: add_commendation,
    actions.AnnounceTitles: announce_titles,
}
"""What each button of this topic does."""

"""Decisions on titles: added step by step, and changed piece by piece."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

from bot import actions
from bot.actions import TitleField
from bot.cards.setup import question_card
from bot.cards.titles import edit_card
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.titles import TitleQuestion, changeable_title, find_titles, title_answer
from bot.dialogues.typed import typed_day, typed_name
from bot.platforms.base import Answer, Card, Choice, Do
from bot.wording import notices, prompts
from bot.wording import titles as wording
from bot.wording.voice import Voice
from handlers import titles
from handlers.asking import closed_refusal
from handlers.meetings import Unchanged
from meeting.names import tidy
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from meeting.titles import (
    ISSUER_LIMIT,
    NUMBER_LIMIT,
    TITLE_NAME_LIMIT,
    PlannedTitle,
    Quota,
)

_QUOTA = re.compile(
    r"\s*(?:(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s*%|(?P<numerator>\d{1,4})\s*/\s*(?P<denominator>\d{1,4}))"
    r"\s*(?:[;:,]|của|of)?\s*(?P<of>.+)",
    re.IGNORECASE,
)

_STEPS = (TitleField.TITLE, TitleField.NUMBER, TitleField.DAY, TitleField.ISSUER)


async def add_title(talk: Talk, action: actions.AddTitle) -> Answer:
    """Ask which title it is."""
    found = await find_titles(talk, action.meeting_id, Right.PREPARE)
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
        return await title_answer(talk, added.title_id, notice=wording.title_added(talk.voice))


async def edit_title(talk: Talk, action: actions.EditTitle) -> Answer:
    """Show what can be changed."""
    title = await changeable_title(talk, action.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    return Answer(card=edit_card(talk.voice, title), replaces=True)


async def change_title(talk: Talk, action: actions.ChangeTitle) -> Answer:
    """Ask for what is to stand there."""
    title = await changeable_title(talk, action.title_id)
    if isinstance(title, Refused):
        return talk.refuse(title)
    return await talk.ask(NewField(action.title_id, action.field))


@kept
@dataclass(frozen=True)
class NewField(TitleQuestion):
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
        title = await changeable_title(talk, self.title_id)
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
        return await title_answer(talk, self.title_id, notice=notice)


ROUTES: Routes = {
    actions.AddTitle: add_title,
    actions.EditTitle: edit_title,
    actions.ChangeTitle: change_title,
}
"""What each button of this topic does."""

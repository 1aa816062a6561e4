"""Sheets: filled in by chat or as a workbook, and handed in."""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from bot import actions
from bot.cards.layout import PAGE_SIZE
from bot.cards.scores import Shown, evidence_card, sheet_card, sheet_file_card
from bot.cards.setup import question_card
from bot.dialogues.papers import PaperQuestion
from bot.dialogues.scoring import look_at
from bot.dialogues.setup import XLSX
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.platforms.base import Answer, Attachment, Card, File
from bot.wording import notices
from bot.wording import scoring as wording
from bot.wording.voice import Voice
from handlers import scores
from handlers.meetings import Unchanged
from handlers.scores import ScoreDraft, SheetKey, find_filling_unit, refuse_filling
from handlers.scoring import Viewer
from meeting.names import tidy_lines
from meeting.papers import read_paper
from meeting.plan import NAME_LIMIT
from meeting.points import read_points, refuse_points
from meeting.refusals import Refusal, Refused
from meeting.scoring import EVIDENCE_LIMIT, Criterion, CriterionKind, SheetKind
from storage import scoring as stored
from storage.database import Tx
from storage.errors import NotFoundError, ScoringNotFoundError
from storage.views import ScoredUnit, ScoringView

_PROBLEMS_SHOWN = 8


def unit_of(view: ScoringView, unit_id: int) -> ScoredUnit:
    """Give a unit that is scored; raises ScoringNotFoundError."""
    unit = view.find_unit(unit_id)
    if unit is None:
        raise ScoringNotFoundError(view.scoring_id)
    return unit


def criterion_of(view: ScoringView, criterion_id: int) -> Criterion:
    """Give a criterion; raises ScoringNotFoundError."""
    criterion = view.find_criterion(criterion_id)
    if criterion is None:
        raise ScoringNotFoundError(view.scoring_id)
    return criterion


# Filled in


@dataclass(frozen=True, slots=True)
class _Filled:
    """A sheet as somebody fills it; `refused` is why it can't be filled in now."""

    view: ScoringView
    viewer: Viewer
    shown: Shown
    refused: Refused | None


async def _fill(tx: Tx, talk: Talk, key: SheetKey) -> _Filled | Refused:
    found = await look_at(tx, talk, key.scoring_id)
    if isinstance(found, Refused):
        return found
    view, viewer = found
    by_unit_id = await find_filling_unit(tx, viewer.actor, view, key)
    if isinstance(by_unit_id, Refused):
        return by_unit_id
    refused = refuse_filling(view, viewer.actor, talk.now())
    sheet = view.find_sheet(key.kind, key.unit_id, by_unit_id)
    unit = unit_of(view, key.unit_id)
    return _Filled(view, viewer, Shown(unit, key.kind, sheet, is_open=refused is None), refused)


async def show_sheet(talk: Talk, action: actions.ShowSheet) -> Answer:
    """Show a sheet to who fills it."""
    return await _sheet(talk, SheetKey(action.scoring_id, action.kind, action.unit_id), action.page)


async def _sheet(talk: Talk, key: SheetKey, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        filled = await _fill(tx, talk, key)
    if isinstance(filled, Refused):
        return talk.refuse(filled)
    return Answer(notice, sheet_card(talk.voice, filled.view, filled.shown, page), replaces=True)


async def enter_score(talk: Talk, action: actions.EnterScore) -> Answer:
    """Ask for the points."""
    key = SheetKey(action.scoring_id, action.kind, action.unit_id)
    async with talk.house.database.snapshot() as tx:
        filled = await _fill(tx, talk, key)
    if isinstance(filled, Refused):
        return talk.refuse(filled)
    if filled.refused is not None:
        return talk.refuse(filled.refused)
    criterion = criterion_of(filled.view, action.criterion_id)
    return await talk.ask(
        Points(
            action.scoring_id,
            action.kind.value,
            action.unit_id,
            criterion.criterion_id,
            *name_criterion(criterion),
        )
    )


def name_criterion(criterion: Criterion) -> tuple[int, str, str, str]:
    """Give what a question keeps of a criterion: place, text, kind and most."""
    return criterion.place, criterion.text, criterion.kind.value, str(criterion.most)


@dataclass(frozen=True)
class AboutCriterion(Question):
    """A question about a criterion on a sheet."""

    scoring_id: int
    kind: str
    unit_id: int
    criterion_id: int
    place: int
    text: str
    criterion_kind: str
    most: str

    @property
    def key(self) -> SheetKey:
        """The sheet."""
        return SheetKey(self.scoring_id, SheetKind(self.kind), self.unit_id)

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        kind, most = CriterionKind(self.criterion_kind), Decimal(self.most)
        return Criterion(self.criterion_id, self.place, "", self.text, kind, most)

    def read(self, text: str) -> Decimal | Refused:
        """Give typed points that the criterion can give."""
        points = read_points(text)
        if isinstance(points, Refused):
            return points
        return refuse_points(points, Decimal(self.most)) or points

    @property
    def named(self) -> tuple[int, str, int, int, int, str, str, str]:
        """All that the next question goes on with."""
        return (
            self.scoring_id,
            self.kind,
            self.unit_id,
            self.criterion_id,
            self.place,
            self.text,
            self.criterion_kind,
            self.most,
        )


@kept
@dataclass(frozen=True)
class Points(AboutCriterion):
    """How many points a unit gives."""

    topic: ClassVar[str] = "score_points"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.points_wanted(voice, self.criterion)
        return question_card(voice, text, version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for the evidence."""
        points = self.read(text)
        return points if isinstance(points, Refused) else await talk.ask(Evidence(*self.named, str(points)))


@kept
@dataclass(frozen=True)
class Evidence(PaperQuestion, AboutCriterion):
    """What shows that the points are earned."""

    topic: ClassVar[str] = "score_evidence"
    points: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return evidence_card(voice, version)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take a text."""
        text = tidy_lines(text)
        if len(text) > EVIDENCE_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": EVIDENCE_LIMIT, "length": len(text)})
        return await self._put(talk, ScoreDraft(Decimal(self.points), text))

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Take a file."""
        paper = await asyncio.to_thread(read_paper, file.name, file.size, file.content, file.size_limit)
        if isinstance(paper, Refused):
            return paper
        return await self._put(talk, ScoreDraft(Decimal(self.points), "", (paper, file.content or b"")))

    async def skip(self, talk: Talk) -> Answer | Refused:
        """Go on without."""
        return await self._put(talk, ScoreDraft(Decimal(self.points)))

    async def _put(self, talk: Talk, draft: ScoreDraft) -> Answer | Refused:
        put = await scores.put_scores(talk.house, talk.asked, self.key, {self.criterion_id: draft})
        if isinstance(put, Refused):
            return put
        page = (self.place - 1) // PAGE_SIZE
        notice = wording.score_put(talk.voice, put.total, put.missing)
        return await _sheet(talk, self.key, page, notice)


async def hand_in_sheet(talk: Talk, action: actions.HandInSheet) -> Answer:
    """Hand a sheet in."""
    key = SheetKey(action.scoring_id, action.kind, action.unit_id)
    result = await scores.hand_in_sheet(talk.house, talk.asked, key)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return await _sheet(talk, key, notice=notices.unchanged(talk.voice))
        case _:
            return await _sheet(talk, key, notice=wording.sheet_handed_in(talk.voice, result.total))


# By workbook


async def get_sheet(talk: Talk, action: actions.GetSheet) -> Answer:
    """Hand a sheet out as a workbook, and wait for it."""
    from bot.scores.sheets import write_sheet

    key = SheetKey(action.scoring_id, action.kind, action.unit_id)
    async with talk.house.database.snapshot() as tx:
        filled = await _fill(tx, talk, key)
    if isinstance(filled, Refused):
        return talk.refuse(filled)
    if filled.refused is not None:
        return talk.refuse(filled.refused)
    unit, sheet = filled.shown.unit, filled.shown.sheet
    content = await asyncio.to_thread(write_sheet, filled.view, unit, key.kind, sheet, talk.voice.language)
    asked = await talk.ask(SheetFile(key.scoring_id, key.kind.value, key.unit_id, unit.name, [], 0))
    if asked.card is None:
        return asked
    file = Attachment(f"phieu-cham-diem-{key.scoring_id}-{key.unit_id}.xlsx", XLSX, content)
    card = Card(asked.card.lines, asked.card.choices, (file,), asked.card.ask)
    return Answer(asked.notice, card)


@kept
@dataclass(frozen=True)
class SheetFile(PaperQuestion):
    """A filled-in sheet; `problems` are what was wrong with the one before, `total` how many in all."""

    topic: ClassVar[str] = "score_sheet"
    scoring_id: int
    kind: str
    unit_id: int
    unit: str
    problems: list[str]
    total: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return sheet_file_card(voice, self.unit, version, self.problems, self.total)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a file again."""
        del text
        return Answer(notices.file_expected(talk.voice))

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Take it whole and hand it in, or say everything that is wrong with it, by cell."""
        from bot.scores.sheets import read_sheet
        from bot.wording.workbook import problem_text

        async with talk.house.database.snapshot() as tx:
            view = await stored.get_scoring(tx, self.scoring_id)
        kind = SheetKind(self.kind)
        reading = await asyncio.to_thread(read_sheet, file.content, file.name, view, kind, self.unit_id)
        if reading.problems:
            texts = [problem_text(problem, talk.voice.language) for problem in reading.problems]
            return await talk.ask(
                SheetFile(
                    self.scoring_id, self.kind, self.unit_id, self.unit, texts[:_PROBLEMS_SHOWN], len(texts)
                )
            )
        key = SheetKey(self.scoring_id, kind, self.unit_id)
        put = await scores.put_sheet(talk.house, talk.asked, key, reading.drafts)
        if isinstance(put, Refused):
            return put
        return await _sheet(talk, key, notice=wording.sheet_handed_in(talk.voice, put.total))


# Sheets that nobody asked for


async def take_unasked(talk: Talk, file: File) -> Answer | None:
    """Take a filled-in sheet that comes later than its question; None where the file is none."""
    if not file.name.lower().endswith(".xlsx") or file.content is None:
        return None
    async with talk.house.database.snapshot() as tx:
        if not await stored.has_sheets_to_fill(tx, talk.account.account_id):
            return None
    from bot.scores.sheets import find_subject

    subject = await asyncio.to_thread(find_subject, file.content, file.name)
    if subject is None:
        return None
    kind, unit_id, criterion_id = subject
    async with talk.house.database.snapshot() as tx:
        scoring_id = await stored.find_scoring_of_criterion(tx, criterion_id)
        if scoring_id is None:
            return None
        try:
            found = await look_at(tx, talk, scoring_id)
        except NotFoundError:
            return None
    if isinstance(found, Refused):
        return None
    unit = found[0].find_unit(unit_id)
    question = SheetFile(scoring_id, kind.value, unit_id, "" if unit is None else unit.name, [], 0)
    taken = await question.take_file(talk, file)
    return talk.refuse(taken) if isinstance(taken, Refused) else taken


ROUTES: Routes = {
    actions.ShowSheet: show_sheet,
    actions.EnterScore: enter_score,
    actions.HandInSheet: hand_in_sheet,
    actions.GetSheet: get_sheet,
}
"""What each button of this topic does."""

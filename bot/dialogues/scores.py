"""Sheets: filled in by chat or as a workbook, handed in, verified; the ranking put to the meeting."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from bot import actions
from bot.cards.scores import (
    Shown,
    evidence_card,
    items_card,
    ranking_card,
    ranking_file_card,
    sheet_card,
    sheet_file_card,
    verifying_card,
)
from bot.cards.scoring import sheets_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.papers import PaperQuestion
from bot.dialogues.scoring import look_at
from bot.dialogues.setup import XLSX
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.platforms.base import Answer, Attachment, Card, File
from bot.wording import notices
from bot.wording import scoring as wording
from bot.wording.voice import Voice, say
from handlers import ranking, scores
from handlers.asking import permitted
from handlers.meetings import Unchanged
from handlers.papers import admitted
from handlers.scores import ScoreChange, ScoreDraft, SheetKey, find_filling_unit, refuse_filling
from handlers.scoring import Viewer
from meeting.names import tidy_lines
from meeting.papers import read_paper
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.points import read_points, refuse_points
from meeting.refusals import Refusal, Refused
from meeting.scoring import EVIDENCE_LIMIT, Criterion, CriterionKind, ScoringState, SheetKind
from storage import agenda, meetings
from storage import scoring as stored
from storage.database import Tx
from storage.errors import NotFoundError, ScoringNotFoundError
from storage.reading import get_meeting_view, list_items
from storage.views import ItemView, ScoredUnit, ScoringView

_PROBLEMS_SHOWN = 8


def _unit(view: ScoringView, unit_id: int) -> ScoredUnit:
    unit = view.find_unit(unit_id)
    if unit is None:
        raise ScoringNotFoundError(view.scoring_id)
    return unit


def _criterion(view: ScoringView, criterion_id: int) -> Criterion:
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
    unit = _unit(view, key.unit_id)
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
    criterion = _criterion(filled.view, action.criterion_id)
    return await talk.ask(
        Points(
            action.scoring_id, action.kind.value, action.unit_id, criterion.criterion_id, *_named(criterion)
        )
    )


def _named(criterion: Criterion) -> tuple[int, str, str, str]:
    return criterion.place, criterion.text, criterion.kind.value, str(criterion.most)


@dataclass(frozen=True)
class _Asked(Question):
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
class Points(_Asked):
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
class Evidence(PaperQuestion, _Asked):
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
        page = (self.place - 1) // 8
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
        reading = await asyncio.to_thread(read_sheet, file.content, file.name, view, self.unit_id)
        if reading.problems:
            texts = [problem_text(problem, talk.voice.language) for problem in reading.problems]
            return await talk.ask(
                SheetFile(
                    self.scoring_id, self.kind, self.unit_id, self.unit, texts[:_PROBLEMS_SHOWN], len(texts)
                )
            )
        key = SheetKey(self.scoring_id, SheetKind(self.kind), self.unit_id)
        put = await scores.put_sheet(talk.house, talk.asked, key, reading.drafts)
        if isinstance(put, Refused):
            return put
        return await _sheet(talk, key, notice=wording.sheet_handed_in(talk.voice, put.total))


# All sheets


async def show_sheets(talk: Talk, action: actions.ShowSheets) -> Answer:
    """Show the units: to verify their sheets, enter them, or score other units."""
    async with talk.house.database.snapshot() as tx:
        found = await look_at(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, viewer = found
    refused = _refuse_list(view, viewer, action.kind)
    if refused is not None:
        return talk.refuse(refused)
    return Answer(card=sheets_card(talk.voice, view, viewer, action.kind, action.page), replaces=True)


def _refuse_list(view: ScoringView, viewer: Viewer, kind: SheetKind) -> Refused | None:
    match kind:
        case SheetKind.VERIFIED if not viewer.verifies:
            return Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})
        case SheetKind.SELF if not viewer.actor.may(Right.KEEP_ROLL):
            return Refused(Refusal.NOT_PERMITTED, {"right": Right.KEEP_ROLL})
        case SheetKind.CROSS if not view.has_cross_scores:
            return Refused(Refusal.NO_CROSS_SCORES)
        case SheetKind.CROSS if viewer.unit_id is None:
            return Refused(Refusal.NOT_REPRESENTATIVE)
        case _:
            return None


# Verified


async def show_verifying(talk: Talk, action: actions.ShowVerifying) -> Answer:
    """Show a unit's sheet to who verifies it."""
    return await _verifying(talk, action.scoring_id, action.unit_id, action.page)


async def _find_verifying(tx: Tx, talk: Talk, scoring_id: int) -> ScoringView | Refused:
    found = await look_at(tx, talk, scoring_id)
    if isinstance(found, Refused):
        return found
    view, viewer = found
    return view if viewer.verifies else Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})


async def _verifying(talk: Talk, scoring_id: int, unit_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        view = await _find_verifying(tx, talk, scoring_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    is_open = view.state is ScoringState.VERIFYING
    card = verifying_card(talk.voice, view, _unit(view, unit_id), page, is_open=is_open)
    return Answer(notice, card, replaces=True)


async def change_score(talk: Talk, action: actions.ChangeScore) -> Answer:
    """Ask for other points."""
    async with talk.house.database.snapshot() as tx:
        view = await _find_verifying(tx, talk, action.scoring_id)
    if isinstance(view, Refused):
        return talk.refuse(view)
    refused = scores.refuse_verifying(view)
    if refused is not None:
        return talk.refuse(refused)
    criterion = _criterion(view, action.criterion_id)
    named = (action.scoring_id, SheetKind.VERIFIED.value, action.unit_id, criterion.criterion_id)
    return await talk.ask(OtherPoints(*named, *_named(criterion)))


@kept
@dataclass(frozen=True)
class OtherPoints(_Asked):
    """What a unit gets in place of what it gave itself."""

    topic: ClassVar[str] = "score_other"

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, wording.points_wanted(voice, self.criterion), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for the reason."""
        points = self.read(text)
        return points if isinstance(points, Refused) else await talk.ask(Reason(*self.named, str(points)))


@kept
@dataclass(frozen=True)
class Reason(_Asked):
    """Why points are changed."""

    topic: ClassVar[str] = "score_reason"
    points: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.reason_wanted(voice)
        return question_card(voice, text, version, limit=EVIDENCE_LIMIT, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Change them."""
        change = ScoreChange(self.criterion_id, Decimal(self.points), text)
        put = await scores.change_score(talk.house, talk.asked, self.scoring_id, self.unit_id, change)
        if isinstance(put, Refused):
            return put
        notice = wording.score_put(talk.voice, put.total, 0)
        return await _verifying(talk, self.scoring_id, self.unit_id, (self.place - 1) // 8, notice)


async def verify_sheet(talk: Talk, action: actions.VerifySheet) -> Answer:
    """Verify a unit's sheet, and show the rest."""
    result = await scores.verify_sheet(talk.house, talk.asked, action.scoring_id, action.unit_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            notice = notices.unchanged(talk.voice)
        case _:
            notice = wording.sheet_verified(talk.voice, result.total)
    listed = await show_sheets(talk, actions.ShowSheets(action.scoring_id, SheetKind.VERIFIED, 0))
    return Answer(notice, listed.card, replaces=True)


# The ranking


async def _find_ranking(tx: Tx, talk: Talk, scoring_id: int) -> tuple[ScoringView, Viewer] | Refused:
    """Give a scoring to who may see its ranking: who verifies, and once it is put all of that meeting."""
    view = await stored.get_scoring(tx, scoring_id)
    found = await look_at(tx, talk, scoring_id)
    if not view.state.is_public or view.ranked_item_id is None:
        if isinstance(found, Refused) or found[1].verifies:
            return found
        return Refused(Refusal.RANKING_NOT_PUT)
    if not isinstance(found, Refused):
        return found
    meeting_id = await agenda.find_meeting_of_item(tx, view.ranked_item_id)
    actor = found if meeting_id is None else await admitted(tx, talk.asked, meeting_id)
    return actor if isinstance(actor, Refused) else (view, Viewer(actor, None, verifies=False))


async def show_ranking(talk: Talk, action: actions.ShowRanking) -> Answer:
    """Show the ranking to whom it is for now."""
    return await _ranking(talk, action.scoring_id)


async def _ranking(talk: Talk, scoring_id: int, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        found = await _find_ranking(tx, talk, scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return Answer(notice, ranking_card(talk.voice, *found), replaces=True)


async def get_ranking(talk: Talk, action: actions.GetRanking) -> Answer:
    """Hand the ranking over as a workbook."""
    from bot.scores.tables import write_ranking

    async with talk.house.database.snapshot() as tx:
        found = await _find_ranking(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, _ = found
    ranked = view.ranking if view.state.is_public else view.rank()
    content = await asyncio.to_thread(write_ranking, talk.voice, view, ranked)
    file = Attachment(f"bang-diem-{view.scoring_id}.xlsx", XLSX, content)
    return Answer(card=ranking_file_card(talk.voice, view, file))


async def put_ranking(talk: Talk, action: actions.PutRanking) -> Answer:
    """Put the ranking to an item, asked to which."""
    if not action.item_id:
        async with talk.house.database.snapshot() as tx:
            view = await _find_verifying(tx, talk, action.scoring_id)
            if isinstance(view, Refused):
                return talk.refuse(view)
            offered = await _list_offered(tx, talk, view)
        return Answer(card=items_card(talk.voice, view, offered), replaces=True)
    put = await ranking.put_ranking(talk.house, talk.asked, action.scoring_id, action.item_id)
    match put:
        case Refused():
            return talk.refuse(put)
        case Unchanged():
            return await _ranking(talk, action.scoring_id, notices.unchanged(talk.voice))
        case _:
            return await _ranking(talk, action.scoring_id, wording.ranking_put(talk.voice))


async def _list_offered(tx: Tx, talk: Talk, view: ScoringView) -> list[tuple[str, ItemView]]:
    """Give the items of this meeting, and of later ones that one prepares, that are to be decided on."""
    found = await look_at(tx, talk, view.scoring_id)
    if isinstance(found, Refused):
        return []
    person_id = found[1].actor.person_id
    known = await meetings.list_meetings_of(tx, view.organisation_id, person_id, also=view.meeting_id)
    offered: list[tuple[str, ItemView]] = []
    for meeting_id in sorted((one for one, _ in known), key=lambda one: one != view.meeting_id):
        if meeting_id != view.meeting_id and isinstance(
            await permitted(tx, talk.asked, meeting_id, Right.PREPARE), Refused
        ):
            continue
        meeting = await get_meeting_view(tx, meeting_id)
        if meeting.closed_at is None and meeting.cancelled_at is None:
            offered += [(meeting.title, item) for item in _deciding(await list_items(tx, meeting_id), view)]
    return offered


def _deciding(items: Sequence[ItemView], view: ScoringView) -> list[ItemView]:
    return [
        item
        for item in items
        if item.decision is None and item.kind.is_votable and item.item_id != view.item_id
    ]


async def take_back_ranking(talk: Talk, action: actions.TakeBackRanking) -> Answer:
    """Take the ranking back, asked once more."""
    if not action.sure:
        text, label = wording.take_back_sure(talk.voice), say(talk.voice, "Take it back")
        sure = actions.TakeBackRanking(action.scoring_id, 1)
        async with talk.house.database.snapshot() as tx:
            view = await _find_verifying(tx, talk, action.scoring_id)
        if isinstance(view, Refused):
            return talk.refuse(view)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    result = await ranking.take_back_ranking(talk.house, talk.asked, action.scoring_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return await _ranking(talk, action.scoring_id, notices.unchanged(talk.voice))
        case _:
            return await _ranking(talk, action.scoring_id, wording.ranking_taken_back(talk.voice))


# Sheets that nobody asked for


async def take_unasked(talk: Talk, file: File) -> Answer | None:
    """Take a filled-in sheet that comes later than its question; None where the file is none."""
    if not file.name.lower().endswith(".xlsx") or file.content is None:
        return None
    from bot.scores.sheets import find_subject

    subject = await asyncio.to_thread(find_subject, file.content, file.name)
    if subject is None:
        return None
    unit_id, criterion_id = subject
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
    view, viewer = found
    is_own = viewer.unit_id == unit_id or viewer.unit_id is None
    kind = SheetKind.SELF if is_own or not view.has_cross_scores else SheetKind.CROSS
    unit = view.find_unit(unit_id)
    question = SheetFile(scoring_id, kind.value, unit_id, "" if unit is None else unit.name, [], 0)
    taken = await question.take_file(talk, file)
    return talk.refuse(taken) if isinstance(taken, Refused) else taken


ROUTES: Routes = {
    actions.ShowSheet: show_sheet,
    actions.EnterScore: enter_score,
    actions.HandInSheet: hand_in_sheet,
    actions.GetSheet: get_sheet,
    actions.ShowSheets: show_sheets,
    actions.ShowVerifying: show_verifying,
    actions.ChangeScore: change_score,
    actions.VerifySheet: verify_sheet,
    actions.ShowRanking: show_ranking,
    actions.GetRanking: get_ranking,
    actions.PutRanking: put_ranking,
    actions.TakeBackRanking: take_back_ranking,
}
"""What each button of this topic does."""

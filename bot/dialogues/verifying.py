"""Sheets: all units' listed, one looked through by who verifies it, points changed with a reason."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from bot import actions
from bot.cards.layout import PAGE_SIZE
from bot.cards.scores import verifying_card
from bot.cards.scoring import sheets_card
from bot.cards.setup import question_card
from bot.dialogues.scores import AboutCriterion, criterion_of, name_criterion, unit_of
from bot.dialogues.scoring import look_at
from bot.dialogues.talk import Routes, Talk, kept
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import scoring as wording
from bot.wording.voice import Voice
from handlers import scores
from handlers.meetings import Unchanged
from handlers.scores import ScoreChange
from handlers.scoring import Viewer
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.scoring import EVIDENCE_LIMIT, SheetKind
from storage.database import Tx
from storage.views import ScoringView


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


async def find_verifying(tx: Tx, talk: Talk, scoring_id: int) -> tuple[ScoringView, Viewer] | Refused:
    """Give a scoring to who verifies its sheets; raises ScoringNotFoundError."""
    found = await look_at(tx, talk, scoring_id)
    if isinstance(found, Refused) or found[1].verifies:
        return found
    return Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})


def _refuse_unit(view: ScoringView, viewer: Viewer, unit_id: int) -> Refused | None:
    refused = scores.refuse_verifying(view)
    return refused or scores.refuse_verifying_unit(view, viewer.actor, viewer.unit_id, unit_id)


async def _verifying(talk: Talk, scoring_id: int, unit_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        found = await find_verifying(tx, talk, scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, viewer = found
    is_open = _refuse_unit(view, viewer, unit_id) is None
    card = verifying_card(talk.voice, view, unit_of(view, unit_id), page, is_open=is_open)
    return Answer(notice, card, replaces=True)


async def change_score(talk: Talk, action: actions.ChangeScore) -> Answer:
    """Ask for other points."""
    async with talk.house.database.snapshot() as tx:
        found = await find_verifying(tx, talk, action.scoring_id)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, viewer = found
    refused = _refuse_unit(view, viewer, action.unit_id)
    if refused is not None:
        return talk.refuse(refused)
    criterion = criterion_of(view, action.criterion_id)
    named = (action.scoring_id, SheetKind.VERIFIED.value, action.unit_id, criterion.criterion_id)
    return await talk.ask(OtherPoints(*named, *name_criterion(criterion)))


@kept
@dataclass(frozen=True)
class OtherPoints(AboutCriterion):
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
class Reason(AboutCriterion):
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
        return await _verifying(talk, self.scoring_id, self.unit_id, (self.place - 1) // PAGE_SIZE, notice)


async def verify_sheet(talk: Talk, action: actions.VerifySheet) -> Answer:
    """Verify a unit's sheet, and show the rest."""
    result = await scores.verify_sheet(talk.house, talk.asked, action.scoring_id, action.unit_id, action.mark)
    match result:
        case Refused(Refusal.OUT_OF_DATE):
            notice = talk.refuse(result).notice
            return await _verifying(talk, action.scoring_id, action.unit_id, notice=notice)
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            notice = notices.unchanged(talk.voice)
        case _:
            notice = wording.sheet_verified(talk.voice, result.total)
    listed = await show_sheets(talk, actions.ShowSheets(action.scoring_id, SheetKind.VERIFIED, 0))
    return Answer(notice, listed.card, replaces=True)


ROUTES: Routes = {
    actions.ShowSheets: show_sheets,
    actions.ShowVerifying: show_verifying,
    actions.ChangeScore: change_score,
    actions.VerifySheet: verify_sheet,
}
"""What each button of this topic does."""

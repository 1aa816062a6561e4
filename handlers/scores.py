"""Sheets of a scoring: filled by the units' delegates, handed in, verified by the lead or the secretary."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from handlers.asking import Asked, bound, request
from handlers.meetings import Unchanged
from handlers.scoring import SHOWING, admitted_to_verify, held_scoring, refuse_ranked
from meeting import names
from meeting.papers import Paper
from meeting.people import Actor, Right
from meeting.points import refuse_points
from meeting.refusals import Refusal, Refused
from meeting.scoring import EVIDENCE_LIMIT, ScoringState, SheetKind, list_unscored, total_points
from storage import cards, papers, record, scoring
from storage.database import BIGGEST_ID, Tx
from storage.errors import ScoringNotFoundError
from storage.views import ScoreView, ScoringView, SheetView


@dataclass(frozen=True, slots=True)
class SheetKey:
    """A sheet that a unit fills: its own, or its view of another unit (`unit_id` is whom it is about)."""

    scoring_id: int
    kind: SheetKind
    unit_id: int


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """Points for one criterion with the evidence: a text, a file with its bytes, or none."""

    points: Decimal
    evidence: str = ""
    file: tuple[Paper, bytes] | None = None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """Other points than a unit gave itself, with the reason."""

    criterion_id: int
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class ScoresPut:
    """These points are kept; `missing` criteria have none yet, `is_handed_in` tells whether the sheet is."""

    total: Decimal
    missing: int
    is_handed_in: bool


@dataclass(frozen=True, slots=True)
class SheetHandedIn:
    """The sheet is handed in with this total."""

    total: Decimal


@dataclass(frozen=True, slots=True)
class SheetVerified:
    """The sheet counts with this total."""

    total: Decimal


# Whose sheet it is


async def find_filling_unit(tx: Tx, actor: Actor, view: ScoringView, key: SheetKey) -> int | Refused:
    """Give the unit for which somebody fills a sheet, or why they don't.

    A unit's own sheet is filled by its delegates, and for them by those who keep the roll; another unit's by
    any other unit where cross-scores are set.
    """
    if view.find_unit(key.unit_id) is None:
        raise ScoringNotFoundError(view.scoring_id)
    own = await scoring.find_unit_of_delegate(tx, actor.attendee_id)
    match key.kind:
        case SheetKind.SELF:
            is_entitled = own == key.unit_id or actor.may(Right.KEEP_ROLL)
            return key.unit_id if is_entitled else Refused(Refusal.NOT_REPRESENTATIVE)
        case SheetKind.CROSS:
            if not view.has_cross_scores:
                return Refused(Refusal.NO_CROSS_SCORES)
            if own is None or view.find_unit(own) is None:
                return Refused(Refusal.NOT_REPRESENTATIVE)
            return Refused(Refusal.OWN_SHEET) if own == key.unit_id else own
        case SheetKind.VERIFIED:
            return Refused(Refusal.NOT_REPRESENTATIVE)
    assert_never(key.kind)


def refuse_filling(view: ScoringView, actor: Actor, now: datetime) -> Refused | None:
    """Give why a sheet can't be filled now; after the deadline those who keep the roll enter what is late."""
    refused = refuse_ranked(view)
    if refused is not None:
        return refused
    if not view.is_adopted:
        return Refused(Refusal.CRITERIA_NOT_ADOPTED)
    if view.state is ScoringState.PREPARING:
        return Refused(Refusal.SCORING_NOT_OPEN)
    is_over = view.state is ScoringState.VERIFYING or (
        view.deadline_at is not None and view.deadline_at <= now
    )
    if is_over and not actor.may(Right.KEEP_ROLL):
        return Refused(Refusal.SCORING_CLOSED, {"deadline_at": view.deadline_at})
    return None


@dataclass(frozen=True, slots=True)
class _Filling:
    """A sheet that is being filled, the meeting held."""

    view: ScoringView
    actor: Actor
    key: SheetKey
    by_unit_id: int

    @property
    def sheet(self) -> SheetView | None:
        """The sheet as it is, if there is one."""
        return self.view.find_sheet(self.key.kind, self.key.unit_id, self.by_unit_id)

    @property
    def facts(self) -> dict[str, object]:
        """What the record names it by."""
        return {
            "scoring": self.view.scoring_id,
            "kind": self.key.kind,
            "unit": self.key.unit_id,
            "by_unit": self.by_unit_id,
        }


async def _fill(tx: Tx, asked: Asked, now: datetime, key: SheetKey) -> _Filling | Refused:
    if not 0 < key.scoring_id <= BIGGEST_ID:
        raise ScoringNotFoundError(key.scoring_id)
    actor = await bound(tx, asked, (await scoring.get_scoring(tx, key.scoring_id)).meeting_id)
    if isinstance(actor, Refused):
        return actor
    view = await held_scoring(tx, key.scoring_id)
    if isinstance(view, Refused):
        return view
    by_unit_id = await find_filling_unit(tx, actor, view, key)
    if isinstance(by_unit_id, Refused):
        return by_unit_id
    return refuse_filling(view, actor, now) or _Filling(view, actor, key, by_unit_id)


# Filled and handed in


@request
async def put_scores(
    tx: Tx, asked: Asked, now: datetime, key: SheetKey, drafts: Mapping[int, ScoreDraft]
) -> ScoresPut | Refused:
    """Put points for some criteria (by id) on a sheet, all or nothing; others stay as they are.

    A sheet that was handed in stays so, as nothing in it gets lost; what the lead verified in it is to be
    verified anew.
    """
    filling = await _fill(tx, asked, now, key)
    if isinstance(filling, Refused):
        return filling
    return await _put(tx, filling, drafts, now)


@request
async def put_sheet(
    tx: Tx, asked: Asked, now: datetime, key: SheetKey, drafts: Mapping[int, ScoreDraft]
) -> SheetHandedIn | Refused:
    """Put a whole sheet in place of what it was, and hand it in, all or nothing.

    Evidence that was sent as a file stays with its criterion.
    """
    filling = await _fill(tx, asked, now, key)
    if isinstance(filling, Refused):
        return filling
    missing = list_unscored(filling.view.criteria, drafts.keys())
    if missing:
        return Refused(Refusal.SHEET_INCOMPLETE, {"missing": len(missing)})
    if filling.sheet is not None:
        await scoring.forget_scores(tx, filling.sheet.sheet_id, filling.sheet.scores.keys() - drafts.keys())
    put = await _put(tx, filling, drafts, now)
    return put if isinstance(put, Refused) else await _hand_in(tx, filling, now)


async def _put(
    tx: Tx, filling: _Filling, drafts: Mapping[int, ScoreDraft], now: datetime
) -> ScoresPut | Refused:
    view, actor = filling.view, filling.actor
    scores: dict[int, ScoreView] = {}
    for criterion_id, draft in drafts.items():
        criterion = view.find_criterion(criterion_id)
        if criterion is None:
            raise ScoringNotFoundError(view.scoring_id)
        evidence = names.tidy_lines(draft.evidence)
        refused = refuse_points(draft.points, criterion.most) or _refuse_length(evidence)
        if refused is not None:
            return refused
        before = None if filling.sheet is None else filling.sheet.scores.get(criterion_id)
        paper_id = None if before is None else before.paper_id
        if draft.file is not None:
            if paper_id is not None:
                await papers.put_paper_withdrawn(tx, paper_id, now)
            paper_id = await papers.add_paper(
                tx,
                view.organisation_id,
                view.meeting_id,
                view.item_id,
                *draft.file,
                added_by=actor.person_id,
                now=now,
                is_evidence=True,
            )
        scores[criterion_id] = ScoreView(draft.points, evidence, paper_id)
    sheet_id = await scoring.put_sheet(
        tx, view.organisation_id, view.scoring_id, filling.key.kind, filling.key.unit_id, filling.by_unit_id
    )
    await scoring.put_scores(tx, view.organisation_id, sheet_id, scores, actor.person_id, now)
    await _take_back_verification(tx, filling)
    after = await scoring.get_scoring(tx, view.scoring_id)
    sheet = after.find_sheet(filling.key.kind, filling.key.unit_id, filling.by_unit_id)
    points = {} if sheet is None else sheet.points
    given = [
        [one, str(score.points), record.digest(score.evidence), _digest(drafts[one])]
        for one, score in sorted(scores.items())
    ]
    await record.append(
        tx,
        view.organisation_id,
        view.meeting_id,
        now,
        "scores_put",
        {**filling.facts, "scores": given},
        actor=actor,
    )
    return ScoresPut(
        total_points(view.criteria, points),
        len(list_unscored(view.criteria, points.keys())),
        is_handed_in=sheet is not None and sheet.submitted_at is not None,
    )


def _digest(draft: ScoreDraft) -> str | None:
    return None if draft.file is None else draft.file[0].sha256


def _refuse_length(text: str) -> Refused | None:
    if len(text) <= EVIDENCE_LIMIT:
        return None
    return Refused(Refusal.TEXT_TOO_LONG, {"limit": EVIDENCE_LIMIT, "length": len(text)})


async def _take_back_verification(tx: Tx, filling: _Filling) -> None:
    """Have a sheet verified anew that has changed since; what the lead changed in it stays."""
    verified = filling.view.find_sheet(SheetKind.VERIFIED, filling.key.unit_id)
    if filling.key.kind is SheetKind.SELF and verified is not None:
        await scoring.put_sheet_submitted(tx, verified.sheet_id, None, None)


@request
async def hand_in_sheet(
    tx: Tx, asked: Asked, now: datetime, key: SheetKey
) -> SheetHandedIn | Unchanged | Refused:
    """Hand a sheet in that has points for all but bonus and penalty; until the end it may be changed."""
    filling = await _fill(tx, asked, now, key)
    if isinstance(filling, Refused):
        return filling
    sheet = filling.sheet
    if sheet is not None and sheet.submitted_at is not None:
        return Unchanged()
    missing = list_unscored(filling.view.criteria, () if sheet is None else sheet.scores.keys())
    if missing or sheet is None:
        return Refused(Refusal.SHEET_INCOMPLETE, {"missing": len(missing)} if missing else {})
    return await _hand_in(tx, filling, now)


async def _hand_in(tx: Tx, filling: _Filling, now: datetime) -> SheetHandedIn:
    view = await scoring.get_scoring(tx, filling.view.scoring_id)
    sheet = view.find_sheet(filling.key.kind, filling.key.unit_id, filling.by_unit_id)
    if sheet is None:
        raise ScoringNotFoundError(view.scoring_id)
    await scoring.put_sheet_submitted(tx, sheet.sheet_id, filling.actor.person_id, now)
    total = total_points(view.criteria, sheet.points)
    facts = {**filling.facts, "total": str(total)}
    await record.append(
        tx, view.organisation_id, view.meeting_id, now, "sheet_handed_in", facts, actor=filling.actor
    )
    await cards.touch_meeting_cards(tx, view.meeting_id, SHOWING)
    return SheetHandedIn(total)


# Verified


@request
async def change_score(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int, unit_id: int, change: ScoreChange
) -> ScoresPut | Refused:
    """Give a unit other points for a criterion than it gave itself, with a reason; both are kept."""
    found = await _verifying(tx, asked, scoring_id, unit_id)
    if isinstance(found, Refused):
        return found
    view, actor, own = found
    criterion, text = view.find_criterion(change.criterion_id), names.tidy_lines(change.reason)
    if criterion is None:
        raise ScoringNotFoundError(scoring_id)
    if not text:
        return Refused(Refusal.REASON_MISSING)
    refused = refuse_points(change.points, criterion.most) or _refuse_length(text)
    if refused is not None:
        return refused
    before = view.final_points(unit_id) or {}
    sheet_id = await scoring.put_sheet(
        tx, view.organisation_id, scoring_id, SheetKind.VERIFIED, unit_id, unit_id
    )
    score = {criterion.criterion_id: ScoreView(change.points, text, None)}
    await scoring.put_scores(tx, view.organisation_id, sheet_id, score, actor.person_id, now)
    facts = {
        "scoring": scoring_id,
        "unit": unit_id,
        "criterion": criterion.criterion_id,
        "own": _shown(own.points.get(criterion.criterion_id)),
        "was": _shown(before.get(criterion.criterion_id)),
        "points": str(change.points),
        "reason": record.digest(text),
    }
    await record.append(tx, view.organisation_id, view.meeting_id, now, "score_changed", facts, actor=actor)
    after = await scoring.get_scoring(tx, scoring_id)
    total = after.total(unit_id) or Decimal(0)
    return ScoresPut(total, 0, is_handed_in=after.is_handed_in(SheetKind.VERIFIED, unit_id))


def _shown(points: Decimal | None) -> str | None:
    return None if points is None else str(points)


@request
async def verify_sheet(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int, unit_id: int, mark: str
) -> SheetVerified | Unchanged | Refused:
    """Verify a unit's sheet with what was changed in it.

    `mark` is that of what was shown (`sheet_mark`): whatever was changed since is looked at first.
    """
    found = await _verifying(tx, asked, scoring_id, unit_id)
    if isinstance(found, Refused):
        return found
    view, actor, _ = found
    if view.is_handed_in(SheetKind.VERIFIED, unit_id):
        return Unchanged()
    if sheet_mark(view, unit_id) != mark:
        return Refused(Refusal.OUT_OF_DATE)
    sheet_id = await scoring.put_sheet(
        tx, view.organisation_id, scoring_id, SheetKind.VERIFIED, unit_id, unit_id
    )
    await scoring.put_sheet_submitted(tx, sheet_id, actor.person_id, now)
    total = view.total(unit_id) or Decimal(0)
    facts = {"scoring": scoring_id, "unit": unit_id, "total": str(total)}
    await record.append(tx, view.organisation_id, view.meeting_id, now, "sheet_verified", facts, actor=actor)
    return SheetVerified(total)


def sheet_mark(view: ScoringView, unit_id: int) -> str:
    """Give what a unit's sheet is known by, with what was changed in it; a button carries it."""
    said = [
        (kind, criterion_id, str(score.points.normalize()), score.evidence, score.paper_id)
        for kind in (SheetKind.SELF, SheetKind.VERIFIED)
        if (sheet := view.find_sheet(kind, unit_id)) is not None
        for criterion_id, score in sorted(sheet.scores.items())
    ]
    return record.digest(json.dumps(said))[:_MARK]


_MARK = 16


async def _verifying(
    tx: Tx, asked: Asked, scoring_id: int, unit_id: int
) -> tuple[ScoringView, Actor, SheetView] | Refused:
    """Give the scoring, who verifies and the unit's own sheet, the meeting held.

    The lead unit's delegates leave their own unit's sheet to the secretary.
    """
    actor = await admitted_to_verify(tx, asked, scoring_id)
    if isinstance(actor, Refused):
        return actor
    view = await held_scoring(tx, scoring_id)
    if isinstance(view, Refused):
        return view
    if view.find_unit(unit_id) is None:
        raise ScoringNotFoundError(scoring_id)
    speaks_for = await scoring.find_unit_of_delegate(tx, actor.attendee_id)
    refused = refuse_verifying(view) or refuse_verifying_unit(view, actor, speaks_for, unit_id)
    own = view.find_sheet(SheetKind.SELF, unit_id)
    if refused is not None or own is None:
        return refused or Refused(Refusal.SHEET_MISSING)
    return view, actor, own


def refuse_verifying_unit(
    view: ScoringView, actor: Actor, speaks_for: int | None, unit_id: int
) -> Refused | None:
    """Give why somebody doesn't verify a unit's sheet: it is that of their own unit, or isn't handed in."""
    if speaks_for == unit_id and not actor.may(Right.VERIFY):
        return Refused(Refusal.OWN_SHEET)
    return None if view.is_handed_in(SheetKind.SELF, unit_id) else Refused(Refusal.SHEET_MISSING)


def refuse_verifying(view: ScoringView) -> Refused | None:
    """Give why sheets can't be verified now: units still score, or the ranking is before the meeting."""
    match view.state:
        case ScoringState.PREPARING:
            return Refused(Refusal.SCORING_NOT_OPEN)
        case ScoringState.OPEN:
            return Refused(Refusal.SCORING_STILL_OPEN)
        case _:
            return refuse_ranked(view)

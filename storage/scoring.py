"""Scoring in a cluster: criteria, sheets with their scores, and the ranking as it was put."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.people import Standing
from meeting.scoring import CriteriaPlan, Criterion, Ranked, ScoringState, SheetKind
from meeting.tally import Decision
from storage.database import Tx, flushed
from storage.errors import ScoringNotFoundError
from storage.inserts import insert
from storage.rows import (
    AttendeeRow,
    BindingRow,
    CriterionRow,
    ItemRow,
    ScoreRow,
    ScoreSheetRow,
    ScoringRow,
    SummonedUnitRow,
    UnitRow,
)
from storage.views import RankingView, ScoredUnit, ScoreView, ScoringLine, ScoringView, SheetView

# What there is


async def find_meeting_of_scoring(tx: Tx, scoring_id: int) -> int | None:
    """Give the meeting whose item has the criteria, or None where there is no such scoring."""
    return (await tx.exec(select(ScoringRow.meeting_id).where(col(ScoringRow.id) == scoring_id))).first()


async def find_scoring_of_item(tx: Tx, item_id: int) -> int | None:
    """Give the scoring whose criteria an item has, or None."""
    return (await tx.exec(select(ScoringRow.id).where(col(ScoringRow.item_id) == item_id))).first()


async def find_scoring_of_criterion(tx: Tx, criterion_id: int) -> int | None:
    """Give the scoring that a criterion belongs to, or None where there is no such criterion."""
    found = select(CriterionRow.scoring_id).where(col(CriterionRow.id) == criterion_id)
    return (await tx.exec(found)).first()


async def get_scoring(tx: Tx, scoring_id: int) -> ScoringView:
    """Give a scoring with all that it holds; raises ScoringNotFoundError."""
    statement: Select[ScoringRow, str, Decision | None] = Select(
        ScoringRow, col(ItemRow.title), col(ItemRow.decision)
    )
    found = (
        await tx.exec(
            statement.join(ItemRow, col(ItemRow.id) == col(ScoringRow.item_id))
            .where(col(ScoringRow.id) == scoring_id)
            .execution_options(populate_existing=True)
        )
    ).first()
    if found is None:
        raise ScoringNotFoundError(scoring_id)
    row, title, decision = found
    return ScoringView(
        scoring_id=scoring_id,
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        title=title,
        decision=decision,
        scale=row.scale,
        lead_unit_id=row.lead_unit_id,
        has_cross_scores=row.has_cross_scores,
        state=row.state,
        deadline_at=row.deadline_at,
        ranked_item_id=row.ranked_item_id,
        put_at=row.put_at,
        decided_at=row.decided_at,
        criteria=await _list_criteria(tx, scoring_id),
        units=tuple(await list_scored_units(tx, row.meeting_id)),
        sheets=await _list_sheets(tx, scoring_id),
        ranking=_ranking(row.ranking),
    )


async def _list_criteria(tx: Tx, scoring_id: int) -> tuple[Criterion, ...]:
    rows = await tx.exec(
        select(CriterionRow)
        .where(col(CriterionRow.scoring_id) == scoring_id)
        .order_by(col(CriterionRow.place))
        .execution_options(populate_existing=True)
    )
    return tuple(
        Criterion(flushed(row.id), row.place, row.section, row.text, row.kind, row.most) for row in rows
    )


async def _list_sheets(tx: Tx, scoring_id: int) -> tuple[SheetView, ...]:
    rows = (
        await tx.exec(
            select(ScoreSheetRow)
            .where(col(ScoreSheetRow.scoring_id) == scoring_id)
            .order_by(col(ScoreSheetRow.id))
            .execution_options(populate_existing=True)
        )
    ).all()
    scores: dict[int, dict[int, ScoreView]] = defaultdict(dict)
    for score in await tx.exec(
        select(ScoreRow)
        .join(ScoreSheetRow, col(ScoreSheetRow.id) == col(ScoreRow.sheet_id))
        .where(col(ScoreSheetRow.scoring_id) == scoring_id)
        .execution_options(populate_existing=True)
    ):
        scores[score.sheet_id][score.criterion_id] = ScoreView(score.points, score.evidence, score.paper_id)
    return tuple(
        SheetView(
            flushed(row.id),
            row.unit_id,
            row.by_unit_id,
            row.kind,
            row.submitted_at,
            scores[flushed(row.id)],
        )
        for row in rows
    )


def _ranking(kept: Sequence[Mapping[str, Any]]) -> tuple[Ranked, ...]:
    return tuple(
        Ranked(
            each["unit_id"],
            each["unit"],
            None if each["total"] is None else Decimal(each["total"]),
            each["rank"],
        )
        for each in kept
    )


async def list_scored_units(tx: Tx, meeting_id: int) -> list[ScoredUnit]:
    """Give the summoned units that have a delegate, in order: those of a meeting's guests are not scored."""
    statement: Select[int, str] = Select(col(UnitRow.id), col(UnitRow.name))
    rows = await tx.exec(
        statement.join(SummonedUnitRow, col(SummonedUnitRow.unit_id) == col(UnitRow.id))
        .where(
            col(SummonedUnitRow.meeting_id) == meeting_id,
            sa.exists().where(
                col(AttendeeRow.meeting_id) == meeting_id,
                col(AttendeeRow.unit_id) == col(UnitRow.id),
                col(AttendeeRow.standing) == Standing.VOTING,
            ),
        )
        .order_by(col(SummonedUnitRow.position))
    )
    return [ScoredUnit(*row) for row in rows]


async def list_scorings(tx: Tx, meeting_id: int) -> list[ScoringLine]:
    """Give how far the scorings by a meeting's criteria have come, in the order of its items."""
    statement: Select[ScoringRow, str, Decision | None] = Select(
        ScoringRow, col(ItemRow.title), col(ItemRow.decision)
    )
    rows = (
        await tx.exec(
            statement.join(ItemRow, col(ItemRow.id) == col(ScoringRow.item_id))
            .where(col(ScoringRow.meeting_id) == meeting_id)
            .order_by(col(ItemRow.place), col(ScoringRow.id))
            .execution_options(populate_existing=True)
        )
    ).all()
    if not rows:
        return []
    units = {each.unit_id for each in await list_scored_units(tx, meeting_id)}
    handed_in: dict[int, set[int]] = defaultdict(set)
    for scoring_id, unit_id in await tx.exec(
        select(ScoreSheetRow.scoring_id, ScoreSheetRow.unit_id).where(
            col(ScoreSheetRow.scoring_id).in_([row.id for row, *_ in rows]),
            col(ScoreSheetRow.kind) == SheetKind.SELF,
            col(ScoreSheetRow.submitted_at).is_not(None),
        )
    ):
        handed_in[scoring_id].add(unit_id)
    return [
        ScoringLine(
            flushed(row.id),
            meeting_id,
            row.item_id,
            title,
            decision,
            row.state,
            row.deadline_at,
            row.ranked_item_id,
            len(units),
            len(handed_in[flushed(row.id)] & units),
            row.scale,
        )
        for row, title, decision in rows
    ]


async def list_rankings(tx: Tx, meeting_id: int) -> list[RankingView]:
    """Give the rankings that were put to the items of a meeting, in the order of the items."""
    statement: Select[ScoringRow, int, str] = Select(
        ScoringRow, col(ScoringRow.ranked_item_id), col(ItemRow.title)
    )
    ranked = aliased(ItemRow)
    rows = await tx.exec(
        statement.join(ItemRow, col(ItemRow.id) == col(ScoringRow.item_id))
        .join(ranked, col(ranked.id) == col(ScoringRow.ranked_item_id))
        .where(
            col(ranked.meeting_id) == meeting_id,
            col(ScoringRow.state).in_([state for state in ScoringState if state.is_public]),
        )
        .order_by(col(ranked.place), col(ScoringRow.id))
        .execution_options(populate_existing=True)
    )
    return [
        RankingView(flushed(row.id), item_id, title, row.scale, row.decided_at, _ranking(row.ranking))
        for row, item_id, title in rows
    ]


async def list_put_to(tx: Tx, item_id: int) -> list[int]:
    """Give the scorings whose ranking is put to an item."""
    rows = await tx.exec(select(ScoringRow.id).where(col(ScoringRow.ranked_item_id) == item_id))
    return [flushed(scoring_id) for scoring_id in rows]


async def decides_scores(tx: Tx, item_id: int) -> bool:
    """Whether an item has criteria, or a ranking is put to it."""
    found = select(ScoringRow.id).where(
        sa.or_(col(ScoringRow.item_id) == item_id, col(ScoringRow.ranked_item_id) == item_id)
    )
    return (await tx.exec(found.limit(1))).first() is not None


async def list_delegates(tx: Tx, meeting_id: int) -> dict[int, int]:
    """Give the unit of each delegate who may fill a sheet, by attendee id."""
    rows = await tx.exec(
        select(AttendeeRow.id, AttendeeRow.unit_id).where(
            col(AttendeeRow.meeting_id) == meeting_id,
            col(AttendeeRow.standing) == Standing.VOTING,
            col(AttendeeRow.unit_id).is_not(None),
        )
    )
    return {flushed(attendee_id): unit_id for attendee_id, unit_id in rows if unit_id is not None}


async def list_units_of_accounts(tx: Tx, meeting_id: int, account_ids: Collection[int]) -> dict[int, int]:
    """Give the unit that each of these accounts is a delegate of, by account id; others are left out."""
    rows = await tx.exec(
        select(BindingRow.account_id, AttendeeRow.unit_id)
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(
            col(BindingRow.account_id).in_(set(account_ids)),
            col(AttendeeRow.meeting_id) == meeting_id,
            col(AttendeeRow.standing) == Standing.VOTING,
        )
    )
    return {account_id: unit_id for account_id, unit_id in rows if unit_id is not None}


async def has_sheets_to_fill(tx: Tx, account_id: int) -> bool:
    """Whether an account speaks for somebody of an organisation whose units score now."""
    running = {ScoringState.OPEN, ScoringState.VERIFYING}
    scoring = sa.exists().where(
        col(ScoringRow.organisation_id) == col(BindingRow.organisation_id),
        col(ScoringRow.state).in_(running),
    )
    found = select(BindingRow.id).where(col(BindingRow.account_id) == account_id, scoring).limit(1)
    return (await tx.exec(found)).first() is not None


async def find_unit_of_delegate(tx: Tx, attendee_id: int | None) -> int | None:
    """Give the unit that a delegate speaks for; None for guests and who speaks for none."""
    if attendee_id is None:
        return None
    found = select(AttendeeRow.unit_id).where(
        col(AttendeeRow.id) == attendee_id, col(AttendeeRow.standing) == Standing.VOTING
    )
    return (await tx.exec(found)).first()


async def find_evidence(tx: Tx, paper_id: int) -> tuple[int, int] | None:
    """Give the scoring that a paper backs scores in, and the unit that filled the sheet."""
    statement: Select[int, int] = Select(col(ScoreSheetRow.scoring_id), col(ScoreSheetRow.by_unit_id))
    backing = statement.join(ScoreRow, col(ScoreRow.sheet_id) == col(ScoreSheetRow.id))
    return (await tx.exec(backing.where(col(ScoreRow.paper_id) == paper_id))).first()


# What is put


async def put_criteria(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int,
    plan: CriteriaPlan,
    *,
    lead_unit_id: int | None,
    has_cross_scores: bool,
) -> int:
    """Put an item's criteria, in place of those that it had, and give the scoring's id."""
    scoring_id = await find_scoring_of_item(tx, item_id)
    if scoring_id is None:
        row = ScoringRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            item_id=item_id,
            scale=plan.scale,
            lead_unit_id=lead_unit_id,
            has_cross_scores=has_cross_scores,
            state=ScoringState.PREPARING,
            ranking=[],
        )
        tx.add(row)
        await tx.flush()
        scoring_id = flushed(row.id)
    else:
        values = {"lead_unit_id": lead_unit_id, "has_cross_scores": has_cross_scores}
        await put_scoring(tx, scoring_id, scale=plan.scale, **values)
        await tx.exec(sa.delete(CriterionRow).where(col(CriterionRow.scoring_id) == scoring_id))
    tx.add_all(
        CriterionRow(
            organisation_id=organisation_id,
            scoring_id=scoring_id,
            place=place,
            section=each.section,
            text=each.text,
            kind=each.kind,
            most=each.most,
        )
        for place, each in enumerate(plan.criteria, 1)
    )
    await tx.flush()
    return scoring_id


async def put_scoring(tx: Tx, scoring_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of a scoring."""
    await tx.exec(sa.update(ScoringRow).where(col(ScoringRow.id) == scoring_id).values(**values))


async def put_ranking(
    tx: Tx, scoring_id: int, item_id: int | None, ranking: Sequence[Ranked], now: datetime | None
) -> None:
    """Put a ranking to an item as it is now, or with None take it back."""
    kept = [
        {
            "unit_id": each.unit_id,
            "unit": each.unit,
            "total": None if each.total is None else str(each.total),
            "rank": each.rank,
        }
        for each in ranking
    ]
    state = ScoringState.VERIFYING if item_id is None else ScoringState.PUT
    values = {"state": state, "ranked_item_id": item_id, "ranking": kept, "put_at": now, "decided_at": None}
    await put_scoring(tx, scoring_id, **values)


async def put_sheet(
    tx: Tx, organisation_id: int, scoring_id: int, kind: SheetKind, unit_id: int, by_unit_id: int
) -> int:
    """Give the id of a sheet, made where there is none yet."""
    keys = {"scoring_id": scoring_id, "unit_id": unit_id, "kind": kind, "by_unit_id": by_unit_id}
    added = insert(tx, ScoreSheetRow).values(organisation_id=organisation_id, **keys)
    await tx.exec(added.on_conflict_do_nothing(index_elements=list(keys)))
    found = select(ScoreSheetRow.id).where(
        col(ScoreSheetRow.scoring_id) == scoring_id,
        col(ScoreSheetRow.unit_id) == unit_id,
        col(ScoreSheetRow.kind) == kind,
        col(ScoreSheetRow.by_unit_id) == by_unit_id,
    )
    return flushed((await tx.exec(found)).one())


async def put_scores(
    tx: Tx,
    organisation_id: int,
    sheet_id: int,
    scores: Mapping[int, ScoreView],
    put_by: int,
    now: datetime,
) -> None:
    """Put the points of a sheet for some criteria, in place of what it had for them."""
    if not scores:
        return
    put = insert(tx, ScoreRow)
    changed = ("points", "evidence", "paper_id", "put_by", "put_at")
    put = put.on_conflict_do_update(
        index_elements=["sheet_id", "criterion_id"],
        set_={name: getattr(put.excluded, name) for name in changed},
    )
    rows = [
        {
            "organisation_id": organisation_id,
            "sheet_id": sheet_id,
            "criterion_id": criterion_id,
            "points": score.points,
            "evidence": score.evidence,
            "paper_id": score.paper_id,
            "put_by": put_by,
            "put_at": now,
        }
        for criterion_id, score in sorted(scores.items())
    ]
    await tx.exec(put, params=rows)


async def forget_scores(tx: Tx, sheet_id: int, criterion_ids: Collection[int]) -> None:
    """Leave a sheet without points for some criteria."""
    await tx.exec(
        sa.delete(ScoreRow).where(
            col(ScoreRow.sheet_id) == sheet_id, col(ScoreRow.criterion_id).in_(criterion_ids)
        )
    )


async def put_sheet_submitted(tx: Tx, sheet_id: int, by: int | None, now: datetime | None) -> None:
    """Record that a sheet is handed in (or verified), and by whom; with None that it no longer is."""
    await tx.exec(
        sa.update(ScoreSheetRow)
        .where(col(ScoreSheetRow.id) == sheet_id)
        .values(submitted_by=by, submitted_at=now)
    )

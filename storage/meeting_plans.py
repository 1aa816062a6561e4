"""A meeting as it was planned, stored with everything in it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from meeting.names import fold
from meeting.plan import MeetingPlan
from meeting.scoring import CriteriaPlan
from meeting.states import MeetingState
from storage import invitations, people, pledges, scoring, titles
from storage.agenda import add_items
from storage.attendees import add_attendees
from storage.database import Tx, flushed
from storage.rows import MeetingRow, SummonedUnitRow, UnitRow


async def add_meeting(
    tx: Tx,
    organisation_id: int,
    plan: MeetingPlan,
    key: bytes,
    now: datetime,
    *,
    language: str,
    address: str,
) -> int:
    """Add a planned meeting with everything in it, and give its id.

    People who are known in the organisation are recognised (`meeting.recognition`), others added.
    """
    await people.lock_organisation(tx, organisation_id)
    rules = plan.rules
    row = MeetingRow(
        organisation_id=organisation_id,
        title=plan.title,
        template=plan.template,
        host=plan.host,
        place=plan.place,
        starts_wall=plan.starts_at.isoformat(timespec="minutes"),
        timezone=plan.timezone,
        starts_at=plan.starts_at_utc,
        language=language,
        address=address,
        state=MeetingState.PLANNED,
        headcount=plan.headcount,
        has_union=plan.has_union,
        quorum_kind=rules.quorum.kind,
        quorum_numerator=rules.quorum.threshold.numerator,
        quorum_denominator=rules.quorum.threshold.denominator,
        quorum_is_strict=rules.quorum.threshold.is_strict,
        base_kind=rules.base_kind,
        threshold_numerator=rules.threshold.numerator,
        threshold_denominator=rules.threshold.denominator,
        threshold_is_strict=rules.threshold.is_strict,
        regime=rules.regime,
        rule_source=rules.source,
        is_rule_verified=rules.is_verified,
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    meeting_id = flushed(row.id)
    units = await _put_units(tx, organisation_id, [unit.name for unit in plan.units])
    tx.add_all(
        SummonedUnitRow(
            organisation_id=organisation_id, meeting_id=meeting_id, unit_id=unit_id, position=place
        )
        for place, unit_id in enumerate(units.values(), start=1)
    )
    attendee_ids = await add_attendees(tx, organisation_id, meeting_id, plan.attendees, units, now)
    await invitations.add_attendee_invitations(tx, key, organisation_id, meeting_id, attendee_ids, now)
    item_ids = await add_items(tx, organisation_id, meeting_id, plan.items, now)
    if plan.pledge is not None:
        place = (organisation_id, meeting_id, item_ids[plan.pledge.item])
        await pledges.add_planned_pledge(tx, *place, plan.pledge, units, attendee_ids)
    for planned in plan.scorings:
        await scoring.put_criteria(
            tx,
            organisation_id,
            meeting_id,
            item_ids[planned.item],
            CriteriaPlan(planned.scale, planned.criteria),
            lead_unit_id=units.get(fold(planned.lead_unit)),
            has_cross_scores=planned.has_cross_scores,
        )
    await titles.add_planned_titles(tx, organisation_id, meeting_id, plan.titles, attendee_ids)
    return meeting_id


async def _put_units(tx: Tx, organisation_id: int, names: Collection[str]) -> dict[str, int]:
    """Give the ids of units by folded name, in the order given; those not known yet are added."""
    rows = await tx.exec(select(UnitRow).where(col(UnitRow.organisation_id) == organisation_id))
    known = {row.folded_name: flushed(row.id) for row in rows}
    wanted = {fold(name): name for name in names}
    added = [
        UnitRow(organisation_id=organisation_id, name=name, folded_name=folded)
        for folded, name in wanted.items()
        if folded not in known
    ]
    tx.add_all(added)
    await tx.flush()
    known |= {row.folded_name: flushed(row.id) for row in added}
    return {folded: known[folded] for folded in wanted}

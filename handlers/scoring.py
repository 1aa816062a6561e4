"""Scoring in a cluster: its criteria, who may do what in it, and when the units score."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from handlers.asking import Asked, bound, closed_refusal, permitted, refuse_closed, request
from handlers.drafting import put_items
from handlers.meetings import Unchanged
from handlers.planning import plan_meeting
from handlers.score_reminders import tell_delegates
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.scoring import PlannedCriterion, ScoringState, plan_criteria
from meeting.states import CardKind, MeetingState
from storage import agenda, cards, meetings, record, scoring, votes
from storage.database import Tx
from storage.errors import ScoringNotFoundError
from storage.reading import get_meeting_view
from storage.views import ScoringView

SHOWING = (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL)
"""Cards that show how far a scoring has come."""


@dataclass(frozen=True, slots=True)
class CriteriaDraft:
    """Criteria as they were entered, with the lead unit (None without one) and whether units cross-score."""

    scale: Decimal
    criteria: tuple[PlannedCriterion, ...]
    lead_unit_id: int | None = None
    has_cross_scores: bool = False


@dataclass(frozen=True, slots=True)
class CriteriaPut:
    """The item has these criteria now."""

    meeting_id: int
    item_id: int
    scoring_id: int


@dataclass(frozen=True, slots=True)
class ScoringOpened:
    """The units score until the deadline; so many accounts of their delegates are told."""

    scoring_id: int
    told: int


@dataclass(frozen=True, slots=True)
class ScoringEnded:
    """The units' scoring is over; so many of them have handed in their own sheet."""

    scoring_id: int
    handed_in: int
    units: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody of a scoring's meeting; `unit_id` is the scored unit that they are a delegate of, if any."""

    actor: Actor
    unit_id: int | None
    verifies: bool


# Who may do what


async def held_scoring(tx: Tx, scoring_id: int) -> ScoringView | Refused:
    """Give a scoring, its meeting held; raises ScoringNotFoundError, and refuses a cancelled meeting.

    Scoring goes on when the meeting that adopted the criteria is closed.
    """
    meeting_id = await scoring.find_meeting_of_scoring(tx, scoring_id)
    if meeting_id is None:
        raise ScoringNotFoundError(scoring_id)
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    return await scoring.get_scoring(tx, scoring_id)


async def admitted_to_verify(tx: Tx, asked: Asked, scoring_id: int) -> Actor | Refused:
    """Give who asks where they verify sheets and see the ranking before the meeting does.

    It is the secretary, or a delegate of the lead unit (*cụm trưởng*). Raises ScoringNotFoundError.
    """
    view = await scoring.get_scoring(tx, scoring_id)
    actor = await bound(tx, asked, view.meeting_id)
    if isinstance(actor, Refused) or await verifies(tx, actor, view.lead_unit_id):
        return actor
    return Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})


async def find_viewer(tx: Tx, asked: Asked, view: ScoringView) -> Viewer | Refused:
    """Give who looks at a scoring: an attendee of its meeting, or who has a role in it."""
    actor = await bound(tx, asked, view.meeting_id)
    if isinstance(actor, Refused):
        return actor
    if not actor.roles and actor.attendee_id is None:
        return Refused(Refusal.NOT_ATTENDEE)
    own = view.find_unit(await scoring.find_unit_of_delegate(tx, actor.attendee_id))
    is_verifying = await verifies(tx, actor, view.lead_unit_id)
    return Viewer(actor, None if own is None else own.unit_id, is_verifying)


async def verifies(tx: Tx, actor: Actor, lead_unit_id: int | None) -> bool:
    """Whether somebody verifies sheets of a scoring with this lead unit."""
    if actor.may(Right.VERIFY):
        return True
    unit_id = await scoring.find_unit_of_delegate(tx, actor.attendee_id)
    return unit_id is not None and unit_id == lead_unit_id


# Criteria


@request
async def put_criteria(
    tx: Tx, asked: Asked, now: datetime, item_id: int, draft: CriteriaDraft
) -> CriteriaPut | Refused:
    """Give an undecided item criteria, in place of those that it had; none while a vote on it runs.

    An advisory item has none, as the meeting adopts nothing with it.
    A vote on it that was to open by itself doesn't any more: it is about something else now.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    scoring_id = await scoring.find_scoring_of_item(tx, item_id)
    is_begun = (
        scoring_id is not None
        and (await scoring.get_scoring(tx, scoring_id)).state is not ScoringState.PREPARING
    )
    if is_begun or item.decision is not None or await agenda.list_active_votes_on(tx, item_id):
        return Refused(Refusal.CRITERIA_FIXED)
    if item.is_advisory:
        return Refused(Refusal.CRITERIA_ADVISORY)
    units = {each.unit_id for each in await scoring.list_scored_units(tx, item.meeting_id)}
    if not units:
        return Refused(Refusal.NO_UNITS)
    if draft.lead_unit_id is not None and draft.lead_unit_id not in units:
        return Refused(Refusal.UNIT_UNKNOWN)
    plan = plan_criteria(draft.scale, draft.criteria)
    if isinstance(plan, Refused):
        return plan
    scoring_id = await scoring.put_criteria(
        tx,
        item.organisation_id,
        item.meeting_id,
        item_id,
        plan,
        lead_unit_id=draft.lead_unit_id,
        has_cross_scores=draft.has_cross_scores,
    )
    drafted = await votes.find_draft_on(tx, item_id)
    if drafted is not None:
        question = await votes.get_question(tx, drafted)
        await put_items(tx, question, question.item_ids, now)
    facts = {
        "item": item_id,
        "scale": str(plan.scale),
        "criteria": [
            [record.digest(f"{each.section}\n{each.text}"), each.kind, str(each.most)]
            for each in plan.criteria
        ],
        "lead_unit": draft.lead_unit_id,
        "cross": draft.has_cross_scores,
    }
    await record.append(tx, item.organisation_id, item.meeting_id, now, "criteria_put", facts, actor=actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, (CardKind.PANEL,))
    return CriteriaPut(item.meeting_id, item_id, scoring_id)


# When the units score


@request
async def open_scoring(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int, deadline_at: datetime
) -> ScoringOpened | Unchanged | Refused:
    """Have the units score until a deadline, or until another one; their delegates are told.

    What they have entered stays. Refused before the criteria are adopted, and once the ranking is put.
    """
    actor = await _permitted(tx, asked, scoring_id)
    if isinstance(actor, Refused):
        return actor
    view = await held_scoring(tx, scoring_id)
    if isinstance(view, Refused):
        return view
    refused = refuse_ranked(view)
    if refused is not None:
        return refused
    if not view.is_adopted:
        return Refused(Refusal.CRITERIA_NOT_ADOPTED)
    if deadline_at <= now:
        return Refused(Refusal.DEADLINE_PAST)
    if view.state is ScoringState.OPEN and view.deadline_at == deadline_at:
        return Unchanged()
    await scoring.put_scoring(tx, scoring_id, state=ScoringState.OPEN, deadline_at=deadline_at)
    await plan_meeting(tx, view.meeting_id, now)
    zone = ZoneInfo((await get_meeting_view(tx, view.meeting_id)).timezone)
    told = await tell_delegates(tx, view, deadline_at, zone, now)
    facts = {"scoring": scoring_id, "item": view.item_id, "deadline": deadline_at.isoformat()}
    await _record(tx, view, now, "scoring_opened", facts, actor)
    return ScoringOpened(scoring_id, told)


@request
async def end_scoring(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int
) -> ScoringEnded | Unchanged | Refused:
    """End the units' scoring before its deadline, so that what was handed in can be verified."""
    actor = await _permitted(tx, asked, scoring_id)
    if isinstance(actor, Refused):
        return actor
    view = await held_scoring(tx, scoring_id)
    if isinstance(view, Refused):
        return view
    match view.state:
        case ScoringState.PREPARING:
            return Refused(Refusal.SCORING_NOT_OPEN)
        case ScoringState.OPEN:
            pass
        case _:
            return Unchanged()
    await scoring.put_scoring(tx, scoring_id, state=ScoringState.VERIFYING, deadline_at=now)
    await plan_meeting(tx, view.meeting_id, now)
    (line,) = [
        each for each in await scoring.list_scorings(tx, view.meeting_id) if each.scoring_id == scoring_id
    ]
    facts = {"scoring": scoring_id, "handed_in": line.handed_in, "units": line.units}
    await _record(tx, view, now, "scoring_ended", facts, actor)
    return ScoringEnded(scoring_id, line.handed_in, line.units)


def refuse_ranked(view: ScoringView) -> Refused | None:
    """Give why nothing can be changed once the ranking is before the meeting, or decided on."""
    match view.state:
        case ScoringState.PUT:
            return Refused(Refusal.RANKING_PUT)
        case ScoringState.DECIDED:
            return Refused(Refusal.RANKING_DECIDED)
        case _:
            return None


async def _permitted(tx: Tx, asked: Asked, scoring_id: int) -> Actor | Refused:
    """Give who asks where they prepare the meeting, or speak for the lead unit."""
    view = await scoring.get_scoring(tx, scoring_id)
    actor = await bound(tx, asked, view.meeting_id)
    if isinstance(actor, Refused) or actor.may(Right.PREPARE):
        return actor
    if await verifies(tx, actor, view.lead_unit_id):
        return actor
    return Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE})


async def _record(
    tx: Tx, view: ScoringView, now: datetime, act: str, facts: Mapping[str, object], actor: Actor
) -> None:
    await record.append(tx, view.organisation_id, view.meeting_id, now, act, facts, actor=actor)
    await cards.touch_meeting_cards(tx, view.meeting_id, SHOWING)

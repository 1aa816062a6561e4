"""When units score: their delegates are told and reminded, and at the deadline the scoring ends by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.deeds import Moment, Outcome
from meeting.people import Right, roles_with
from meeting.reminders import LEAD, Planned, quiet_until, send_at
from meeting.scoring import REMINDED_BEFORE, ScoringState, SheetKind
from meeting.states import CardKind, DueKind, PostKind, Priority, WorkState
from storage import attendees, cards, people, posts, record, scoring
from storage.database import Tx
from storage.due import DueWork
from storage.reading import get_meeting_view
from storage.reminding import list_concerned
from storage.views import MeetingView, ScoringView

_SHOWING = (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL)


async def plan_scores(tx: Tx, meeting: MeetingView) -> list[Planned]:
    """Plan the reminders and the end of each scoring that is open, also of a closed meeting's."""
    if meeting.cancelled_at is not None:
        return []
    planned = []
    for line in await scoring.list_scorings(tx, meeting.meeting_id):
        if line.state is not ScoringState.OPEN or line.deadline_at is None:
            continue
        ends_at = line.deadline_at
        planned.append(Planned(DueKind.SCORES_CLOSE, line.scoring_id, 0, ends_at, ends_at))
        for part in REMINDED_BEFORE:
            at = ends_at - timedelta(minutes=part)
            planned.append(Planned(DueKind.SCORES_WANTED, line.scoring_id, part, at, at - LEAD))
    return planned


def _cause(view: ScoringView, part: int) -> str:
    """Give what makes a reminder one: with another deadline it is sent anew."""
    at = 0 if view.deadline_at is None else view.deadline_at.timestamp()
    return f"{PostKind.SCORES_WANTED}:{view.scoring_id}:{part}:{at:.0f}"


async def remind_of_scores(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Remind the delegates of units that have not handed in what they owe, each when it is civil for them.

    A late reminder makes sense until the next one, the last until the deadline.
    """
    view = await scoring.get_scoring(tx, work.subject_id)
    if view.state is not ScoringState.OPEN or view.deadline_at is None:
        return WorkState.WITHDRAWN
    meeting = await get_meeting_view(tx, view.meeting_id)
    nearer = max((part for part in REMINDED_BEFORE if part < work.part), default=0)
    latest = view.deadline_at - timedelta(minutes=nearer)
    owing = list_owing(view)
    delegates = await scoring.list_delegates(tx, view.meeting_id)
    ready, later, is_missed = set(), set(), False
    for one in await list_concerned(tx, view.meeting_id, not_told=_cause(view, work.part)):
        if delegates.get(one.attendee_id) not in owing:
            continue
        at = send_at(work.planned_at, latest, ZoneInfo(one.timezone or meeting.timezone), moment.now)
        if at is None:
            is_missed = True
        elif at <= moment.now:
            ready.add(one.account_id)
        else:
            later.add(at)
    await _add_posts(tx, PostKind.SCORES_WANTED, _cause(view, work.part), view, ready, moment.now)
    if moment.now < work.planned_at:
        later.add(work.planned_at)  # for those who owe something by then
    if later:
        return min(later)
    return WorkState.MISSED if is_missed else WorkState.DONE


def list_owing(view: ScoringView) -> set[int]:
    """Give the units that have a sheet to hand in still: their own, or where these are set a cross one."""
    units = {each.unit_id for each in view.units}
    return {
        unit_id
        for unit_id in units
        if not view.is_handed_in(SheetKind.SELF, unit_id)
        or (
            view.has_cross_scores
            and any(
                not view.is_handed_in(SheetKind.CROSS, other, unit_id) for other in units if other != unit_id
            )
        )
    }


async def end_when_due(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """End the units' scoring at its deadline, and tell those who verify how many sheets are in.

    A deadline may lie in the night: they are told after the quiet hours.
    """
    view = await scoring.get_scoring(tx, work.subject_id)
    if view.state is not ScoringState.OPEN or view.deadline_at is None:
        return WorkState.WITHDRAWN
    if view.deadline_at > moment.now:
        return view.deadline_at
    await scoring.put_scoring(tx, view.scoring_id, state=ScoringState.VERIFYING)
    handed_in = sum(view.is_handed_in(SheetKind.SELF, each.unit_id) for each in view.units)
    facts = {"scoring": view.scoring_id, "handed_in": handed_in, "units": len(view.units)}
    await record.append(tx, view.organisation_id, view.meeting_id, moment.now, "scoring_ended", facts)
    cause = f"{PostKind.SCORES_CLOSED}:{view.scoring_id}:{view.deadline_at.timestamp():.0f}"
    accounts = await list_verifiers(tx, view)
    zone = ZoneInfo((await get_meeting_view(tx, view.meeting_id)).timezone)
    until = quiet_until(moment.now, zone)
    await _add_posts(tx, PostKind.SCORES_CLOSED, cause, view, accounts, moment.now, not_before=until)
    await cards.touch_meeting_cards(tx, view.meeting_id, _SHOWING)
    return WorkState.DONE


async def list_verifiers(tx: Tx, view: ScoringView) -> set[int]:
    """Give the accounts of the secretary and of the lead unit's delegates."""
    delegates = await scoring.list_delegates(tx, view.meeting_id)
    leading = [one for one, unit_id in delegates.items() if unit_id == view.lead_unit_id]
    return {
        *await people.list_role_accounts(tx, view.meeting_id, roles_with(Right.VERIFY)),
        *(await attendees.list_meeting_accounts(tx, view.meeting_id, leading) if leading else ()),
    }


async def tell_delegates(
    tx: Tx, view: ScoringView, deadline_at: datetime, zone: ZoneInfo, now: datetime
) -> int:
    """Tell the units' delegates until when they score, after the quiet hours; gives how many accounts."""
    delegates = await scoring.list_delegates(tx, view.meeting_id)
    accounts = {
        one.account_id
        for one in await list_concerned(tx, view.meeting_id, is_official=True)
        if one.attendee_id in delegates
    }
    cause = f"{PostKind.SCORES_OPENED}:{view.scoring_id}:{deadline_at.timestamp():.0f}"
    until = quiet_until(now, zone)
    await _add_posts(tx, PostKind.SCORES_OPENED, cause, view, accounts, now, not_before=until)
    return len(accounts)


async def _add_posts(
    tx: Tx,
    kind: PostKind,
    cause: str,
    view: ScoringView,
    account_ids: Iterable[int],
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    await posts.add_posts(
        tx,
        kind,
        cause,
        view.scoring_id,
        set(account_ids),
        organisation_id=view.organisation_id,
        meeting_id=view.meeting_id,
        priority=Priority.REMINDER if kind is PostKind.SCORES_WANTED else Priority.RESULT,
        now=now,
        not_before=not_before,
    )

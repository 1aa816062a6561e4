"""The ranking: put to an item of a meeting by who verified it, or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.drafting import put_items
from handlers.meetings import Unchanged
from handlers.scores import refuse_verifying
from handlers.scoring import SHOWING, admitted_to_verify, held_scoring, refuse_ranked
from handlers.settling import ranking_facts
from meeting.agenda import ItemKind
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.reminders import quiet_until
from meeting.scoring import ScoringState, SheetKind
from meeting.states import MeetingState, PostKind, Priority
from meeting.tally import Decision
from storage import agenda, attendees, cards, groups, meetings, posts, record, scoring, votes
from storage.database import Tx
from storage.reading import get_meeting_view
from storage.views import ScoringView


@dataclass(frozen=True, slots=True)
class RankingPut:
    """The meeting sees the ranking from now on, and decides on it with this item."""

    scoring_id: int
    item_id: int


@dataclass(frozen=True, slots=True)
class RankingTakenBack:
    """Sheets can be verified again."""

    scoring_id: int


@request
async def put_ranking(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int, item_id: int
) -> RankingPut | Unchanged | Refused:
    """Put the ranking to an undecided item, of this meeting or of a later one; everybody there sees it.

    Before that meeting is open they are told after the quiet hours. Refused while a sheet that was handed in
    isn't verified. Units without one stand in it as missing. For another meeting one has to prepare that,
    too.
    """
    actor = await admitted_to_verify(tx, asked, scoring_id)
    if isinstance(actor, Refused):
        return actor
    item = await _held_item(tx, scoring_id, item_id)
    view = await held_scoring(tx, scoring_id)
    if isinstance(view, Refused):
        return view
    if item.organisation_id != view.organisation_id:
        return Refused(Refusal.NOT_FOUND)
    if item.meeting_id != view.meeting_id:
        elsewhere = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
        if isinstance(elsewhere, Refused):
            return elsewhere
    if view.state is ScoringState.PUT and view.ranked_item_id == item_id:
        return Unchanged()
    refused = refuse_verifying(view) or _refuse_ranking(view) or await _refuse_item(tx, item, view)
    if refused is not None:
        return refused
    ranking = view.rank()
    await scoring.put_ranking(tx, scoring_id, item_id, ranking, now)
    await _take_back_schedule(tx, item_id, now)
    facts = {"scoring": scoring_id, "item": item_id, "ranking": ranking_facts(ranking)}
    await _record(tx, view, item, now, "ranking_put", facts, actor)
    meeting = await get_meeting_view(tx, item.meeting_id)
    is_on = meeting.state is MeetingState.OPEN
    await posts.add_posts(
        tx,
        PostKind.RANKING_PUT,
        f"{PostKind.RANKING_PUT}:{scoring_id}:{now.timestamp():.6f}",
        scoring_id,
        {
            *await attendees.list_meeting_accounts(tx, item.meeting_id),
            *await meetings.list_presiding_accounts(tx, item.meeting_id),
            *await groups.list_group_accounts(tx, item.meeting_id),
        },
        organisation_id=view.organisation_id,
        meeting_id=item.meeting_id,
        priority=Priority.RESULT,
        now=now,
        not_before=None if is_on else quiet_until(now, ZoneInfo(meeting.timezone)),
    )
    return RankingPut(scoring_id, item_id)


@request
async def take_back_ranking(
    tx: Tx, asked: Asked, now: datetime, scoring_id: int
) -> RankingTakenBack | Unchanged | Refused:
    """Take a ranking back before the meeting has decided on it, not while a vote on it runs."""
    actor = await admitted_to_verify(tx, asked, scoring_id)
    if isinstance(actor, Refused):
        return actor
    shown = await scoring.get_scoring(tx, scoring_id)
    if shown.ranked_item_id is None:
        return Unchanged()
    item = await _held_item(tx, scoring_id, shown.ranked_item_id)
    view = await held_scoring(tx, scoring_id)
    if isinstance(view, Refused):
        return view
    if view.state is not ScoringState.PUT or view.ranked_item_id != item.item_id:
        return refuse_ranked(view) or Unchanged()
    if await agenda.list_active_votes_on(tx, item.item_id):
        return Refused(Refusal.ITEM_HAS_VOTE)
    await scoring.put_ranking(tx, scoring_id, None, (), None)
    await _take_back_schedule(tx, item.item_id, now)
    facts = {"scoring": scoring_id, "item": item.item_id}
    await _record(tx, view, item, now, "ranking_taken_back", facts, actor)
    return RankingTakenBack(scoring_id)


async def _held_item(tx: Tx, scoring_id: int, item_id: int) -> agenda.Item:
    """Give the item, its meeting and the scoring's held in one order, so that two requests can't wait."""
    here = await scoring.find_meeting_of_scoring(tx, scoring_id)
    there = await agenda.find_meeting_of_item(tx, item_id)
    for meeting_id in sorted({one for one in (here, there) if one is not None}):
        await meetings.lock_meeting(tx, meeting_id)
    return await agenda.get_item(tx, item_id)


def _refuse_ranking(view: ScoringView) -> Refused | None:
    handed_in = [each for each in view.units if view.is_handed_in(SheetKind.SELF, each.unit_id)]
    if not handed_in:
        return Refused(Refusal.NO_SHEETS)
    open_ones = [each for each in handed_in if not view.is_handed_in(SheetKind.VERIFIED, each.unit_id)]
    return Refused(Refusal.SHEETS_NOT_VERIFIED, {"count": len(open_ones)}) if open_ones else None


def may_rank(kind: ItemKind, decision: Decision | None, *, is_advisory: bool) -> bool:
    """Whether a meeting can decide on a ranking with such an item: it is still to be decided on."""
    return kind.is_votable and decision is None and not is_advisory


async def _refuse_item(tx: Tx, item: agenda.Item, view: ScoringView) -> Refused | None:
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    if item.item_id == view.item_id or not may_rank(item.kind, item.decision, is_advisory=item.is_advisory):
        return Refused(Refusal.ITEM_NOT_FOR_RANKING)
    if await agenda.list_active_votes_on(tx, item.item_id):
        return Refused(Refusal.ITEM_HAS_VOTE)
    return None


async def _take_back_schedule(tx: Tx, item_id: int, now: datetime) -> None:
    """A vote that was to open by itself is about something else now."""
    drafted = await votes.find_draft_on(tx, item_id)
    if drafted is not None:
        question = await votes.get_question(tx, drafted)
        await put_items(tx, question, question.item_ids, now)


async def _record(
    tx: Tx,
    view: ScoringView,
    item: agenda.Item,
    now: datetime,
    act: str,
    facts: Mapping[str, object],
    actor: Actor,
) -> None:
    """Put an act on the record of each meeting that it is about, and show it there."""
    for meeting_id in sorted({view.meeting_id, item.meeting_id}):
        await record.append(tx, view.organisation_id, meeting_id, now, act, facts, actor=actor)
        await cards.touch_meeting_cards(tx, meeting_id, SHOWING)

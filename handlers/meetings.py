"""Setting a meeting up, opening it and closing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, House, permitted, refuse_closed, request
from handlers.floor_queue import clear_floor
from handlers.hall import open_window
from handlers.planning import plan_meeting
from handlers.reach import follow_posts
from handlers.settling import settle_rankings
from meeting.people import Right, Role
from meeting.plan import MeetingPlan
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, DueKind, MeetingState, PostKind, Priority
from meeting.tally import Decision
from meeting.titles import PlannedTitle, count_recipients
from meeting.versions import text_digest
from meeting.voting import Step, VoteState
from storage import (
    agenda,
    attendees,
    cards,
    due,
    groups,
    meeting_plans,
    meetings,
    people,
    pledges,
    posts,
    record,
    titles,
    votes,
)
from storage.database import BIGGEST_ID, Tx
from storage.reading import get_meeting_view


@dataclass(frozen=True, slots=True)
class MeetingAdded:
    """The meeting is stored, with everything in it."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """The meeting is open."""


@dataclass(frozen=True, slots=True)
class CloseUnsure:
    """Nothing was done yet: what would be lost if the meeting is closed now.

    So many items are undecided and are skipped, so many decisions on titles were not announced and never are.
    """

    undecided: int
    titles: int = 0


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """The meeting is closed and the summary goes out."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It was so already; a repeat changes nothing."""


ALL_CARDS = (
    CardKind.ATTENDANCE,
    CardKind.PANEL,
    CardKind.BALLOT,
    CardKind.GROUP,
    CardKind.GROUP_BALLOT,
)


async def add_meeting(
    house: House, asked: Asked, organisation_id: int, plan: MeetingPlan, *, address: str
) -> MeetingAdded | Refused:
    """Store a planned meeting, all or nothing; who asks becomes its secretary.

    Each import that is confirmed adds a meeting; the same event again adds none.
    """
    return await _add_meeting(house, asked, organisation_id, plan, house.key, address)


@request
async def _add_meeting(
    tx: Tx,
    asked: Asked,
    now: datetime,
    organisation_id: int,
    plan: MeetingPlan,
    key: bytes,
    address: str,
) -> MeetingAdded | Refused:
    actor = await people.find_organiser(tx, asked.account_id, organisation_id)
    if actor is None:
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.SET_UP})
    meeting_id = await _store(tx, now, organisation_id, plan, key, address)
    await people.put_role(tx, organisation_id, actor.person_id, Role.SECRETARY, meeting_id, now)
    await people.put_current_meeting(tx, asked.account_id, meeting_id)
    await _show_added(tx, organisation_id, meeting_id)
    facts = _facts(plan)
    await record.append(tx, organisation_id, meeting_id, now, "meeting_added", facts, actor=actor)
    return MeetingAdded(meeting_id)


async def import_meeting(
    house: House, organisation_id: int, plan: MeetingPlan, *, address: str
) -> MeetingAdded | Refused:
    """Store a planned meeting for the operator, who is nobody in the organisation; recorded as such.

    Nobody becomes its secretary but whom the plan names. A repeat adds another meeting.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        if organisation_id > BIGGEST_ID or not await people.has_organisation(tx, organisation_id):
            return Refused(Refusal.NOT_FOUND)
        meeting_id = await _store(tx, now, organisation_id, plan, house.key, address)
        await _show_added(tx, organisation_id, meeting_id)
        facts = {**_facts(plan), "by": "operator"}
        await record.append(tx, organisation_id, meeting_id, now, "meeting_added", facts)
        return MeetingAdded(meeting_id)


async def _store(
    tx: Tx, now: datetime, organisation_id: int, plan: MeetingPlan, key: bytes, address: str
) -> int:
    language, _ = await people.get_organisation_locale(tx, organisation_id)
    meeting_id = await meeting_plans.add_meeting(
        tx, organisation_id, plan, key, now, language=language, address=address
    )
    await plan_meeting(tx, meeting_id, now)
    return meeting_id


async def _show_added(tx: Tx, organisation_id: int, meeting_id: int) -> None:
    organisers = await people.list_organiser_accounts(tx, organisation_id)
    await cards.want_cards(
        tx,
        CardKind.PANEL,
        meeting_id,
        {*organisers, *await meetings.list_presiding_accounts(tx, meeting_id)},
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
    )
    # Where the head approves summonses first, attendees hear nothing of the meeting before.
    may_summon = (await get_meeting_view(tx, meeting_id)).may_summon
    await cards.want_cards(
        tx,
        CardKind.ATTENDANCE,
        meeting_id,
        await attendees.list_meeting_accounts(tx, meeting_id) if may_summon else [],
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.REMINDER,
    )
    await cards.touch_cards(tx, CardKind.HOME, organisation_id)


def _facts(plan: MeetingPlan) -> dict[str, object]:
    return {
        "attendees": len(plan.attendees),
        "units": len(plan.units),
        "items": len(plan.items),
        "texts": [text_digest(item.text) if item.text else None for item in plan.items],
        "parties": 0 if plan.pledge is None else len(plan.pledge.parties),
        "titles": [_title_facts(title) for title in plan.titles],
    }


def _title_facts(title: PlannedTitle) -> dict[str, object]:
    counts = count_recipients(one.kind for one in title.recipients)
    return {
        "name": title.title,
        "number": title.number,
        "collectives": counts.collectives,
        "individuals": counts.individuals,
    }


@request
async def open_meeting(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int
) -> MeetingOpened | Unchanged | Refused:
    """Open the meeting itself, and with it the presence window, unless that was closed by hand."""
    actor = await permitted(tx, asked, meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, meeting_id)
    if state is MeetingState.OPEN:
        return Unchanged()
    if state is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    view = await get_meeting_view(tx, meeting_id)
    await meetings.put_meeting(tx, meeting_id, state=MeetingState.OPEN, opened_at=now)
    if view.check_in_opened_at is None:
        await open_window(tx, view, now)
    await plan_meeting(tx, meeting_id, now)
    await cards.touch_meeting_cards(tx, meeting_id, ALL_CARDS)
    await cards.touch_cards(tx, CardKind.HOME, view.organisation_id)
    await record.append(
        tx, view.organisation_id, meeting_id, now, "meeting_opened", {}, actor=actor, is_presiding=True
    )
    return MeetingOpened()


@request
async def close_meeting(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, *, is_sure: bool
) -> MeetingClosed | CloseUnsure | Unchanged | Refused:
    """Close the meeting: what is undecided is skipped, drafts are dropped, the summary goes to everybody.

    The item of a pledge that is being confirmed is noted.

    Refused while a vote is open, or closed and neither announced nor cancelled.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    state = await meetings.lock_meeting(tx, meeting_id)
    if state is MeetingState.CLOSED:
        return Unchanged()
    if state is MeetingState.PLANNED:
        return Refused(Refusal.MEETING_NOT_OPEN)
    if await votes.list_votes(tx, meeting_id, {VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED}):
        return Refused(Refusal.MEETING_HAS_OPEN_VOTE)
    undecided = [item for item in await agenda.list_items(tx, meeting_id) if item.decision is None]
    pledge = await pledges.find_pledge(tx, meeting_id)
    # What parties stand to is not left out: it may still be confirmed after the close.
    pledged = None if pledge is None or pledge.frozen is None else pledge.item_id
    skipped = [item.item_id for item in undecided if item.item_id != pledged]
    waiting = [title for title in await titles.list_titles(tx, meeting_id) if title.is_open]
    if (skipped or waiting) and not is_sure:
        return CloseUnsure(len(skipped), len(waiting))
    for item in undecided:
        decision = Decision.SKIPPED if item.item_id in skipped else Decision.NOTED
        await agenda.put_item(tx, item.item_id, decision=decision, decided_at=now)
        await settle_rankings(tx, item.item_id, decision, now)
    for vote_id in await votes.list_votes(tx, meeting_id, {VoteState.DRAFT}):
        await due.withdraw_due(tx, DueKind.VOTE_OPENS, vote_id)
        await votes.put_vote(
            tx, vote_id, state=VoteState.CANCELLED, cancelled_at=now, cancel_reason=Step.CANCEL
        )
    view = await get_meeting_view(tx, meeting_id)
    await meetings.put_meeting(
        tx,
        meeting_id,
        state=MeetingState.CLOSED,
        closed_at=now,
        check_in_closed_at=view.check_in_closed_at or now,
    )
    await clear_floor(tx, meeting_id, now, actor)
    await plan_meeting(tx, meeting_id, now)
    recipients = {
        *await attendees.list_meeting_accounts(tx, meeting_id),
        *await people.list_role_accounts(tx, meeting_id, set(Role)),
        *await groups.list_group_accounts(tx, meeting_id),
    }
    await add_summaries(tx, view.organisation_id, meeting_id, recipients, now)
    await follow_posts(
        tx,
        PostKind.SUMMARY,
        f"summary:{meeting_id}",
        organisation_id=view.organisation_id,
        meeting_id=meeting_id,
        now=now,
    )
    await cards.touch_meeting_cards(tx, meeting_id, ALL_CARDS)
    await cards.touch_cards(tx, CardKind.HOME, view.organisation_id)
    await record.append(
        tx,
        view.organisation_id,
        meeting_id,
        now,
        "meeting_closed",
        {"skipped": skipped, "titles_unannounced": [title.title_id for title in waiting]},
        actor=actor,
        is_presiding=True,
    )
    return MeetingClosed()


async def add_summaries(
    tx: Tx, organisation_id: int, meeting_id: int, account_ids: Collection[int], now: datetime
) -> None:
    """Send a closed meeting's summary to accounts, to each once however often; a cancelled one has none."""
    if (await get_meeting_view(tx, meeting_id)).cancelled_at is not None:
        return
    await posts.add_posts(
        tx,
        PostKind.SUMMARY,
        f"summary:{meeting_id}",
        meeting_id,
        account_ids,
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        priority=Priority.RESULT,
        now=now,
    )

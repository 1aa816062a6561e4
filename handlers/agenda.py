"""The agenda: moving through it, changing it, and items that are decided without a count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.acts import record_act
from handlers.asking import Asked, hold_open, permitted, refuse_closed, request
from handlers.drafting import leave_drafts, put_items
from handlers.floor_queue import clear_floor
from handlers.meetings import Unchanged
from handlers.settling import settle_rankings
from handlers.versions import make_version
from meeting import names
from meeting.agenda import Direction, ItemKind, moved
from meeting.attendance import StatementKind
from meeting.people import Actor, Right
from meeting.plan import TEXT_LIMIT, TITLE_LIMIT, PlannedItem
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.tally import Decision
from meeting.versions import text_digest, with_addition
from meeting.voting import VoteState
from storage import (
    agenda,
    attendees,
    cards,
    groups,
    meetings,
    pledges,
    posts,
    record,
    scoring,
    versions,
    votes,
)
from storage.database import Tx
from storage.reading import find_statement, get_meeting_view, list_items
from storage.reading.agenda import find_item, find_next_item

_FOLLOWING = (CardKind.ATTENDANCE, CardKind.GROUP, CardKind.PANEL)
"""Cards that show which item is on."""


@dataclass(frozen=True, slots=True)
class ItemReached:
    """This item is the current one."""

    item_id: int


@dataclass(frozen=True, slots=True)
class AgendaEnded:
    """There is no undecided item after this one."""


@dataclass(frozen=True, slots=True)
class AgendaChanged:
    """An item was added, renamed or moved."""

    item_id: int


@dataclass(frozen=True, slots=True)
class ItemDecided:
    """The item ends so, without a count, with so many additions in all."""

    decision: Decision
    additions: int = 0


@dataclass(frozen=True, slots=True)
class ItemRetaken:
    """The item is undecided again."""

    item_id: int


@request
async def go_to_item(tx: Tx, asked: Asked, now: datetime, item_id: int) -> ItemReached | Refused:
    """Make an item the current one."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, item.meeting_id)
    return refused or await _reach(tx, item, now, actor)


@request
async def next_item(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, after_item_id: int
) -> ItemReached | AgendaEnded | Refused:
    """Go to the next undecided item after the one that was shown (0: to the first such).

    Tapped twice it goes one step only.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, meeting_id)
    if refused is not None:
        return refused
    items = await list_items(tx, meeting_id)
    if not items:
        return Refused(Refusal.AGENDA_EMPTY)
    shown = find_item(items, after_item_id)
    if shown is None and after_item_id:
        return Refused(Refusal.NOT_FOUND)
    following = find_next_item(items, shown)
    if following is None:
        return AgendaEnded()
    return await _reach(tx, await agenda.get_item(tx, following.item_id), now, actor)


async def _reach(tx: Tx, item: agenda.Item, now: datetime, actor: Actor) -> ItemReached | Refused:
    if item.decision is Decision.SKIPPED:
        return Refused(Refusal.ITEM_DECIDED)
    if (await get_meeting_view(tx, item.meeting_id)).current_item_id == item.item_id:
        return ItemReached(item.item_id)
    running = await votes.list_votes(tx, item.meeting_id, {VoteState.OPEN, VoteState.PAUSED})
    if running and not set(running) & set(await agenda.list_active_votes_on(tx, item.item_id)):
        return Refused(Refusal.OTHER_VOTE_OPEN)
    await meetings.put_meeting(tx, item.meeting_id, current_item_id=item.item_id)
    await record_act(tx, item, now, "item_reached", {"item": item.item_id}, actor, is_presiding=True)
    await clear_floor(tx, item.meeting_id, now, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, _FOLLOWING)
    return ItemReached(item.item_id)


# Changing it


@request
async def add_item(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, title: str, kind: ItemKind
) -> AgendaChanged | Refused:
    """Add an item: after the current one in an open meeting, else at the end."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    clean = names.tidy(title)
    refused = _refuse_title(clean)
    if refused is not None:
        return refused
    view = await get_meeting_view(tx, meeting_id)
    order = [item.item_id for item in await list_items(tx, meeting_id)]
    item_id = await agenda.add_item(tx, view.organisation_id, meeting_id, PlannedItem(clean, kind), now)
    if view.current_item_id in order:
        place = order.index(view.current_item_id) + 1
        await agenda.put_item_order(tx, [*order[:place], item_id, *order[place:]])
    facts = {"item": item_id, "title": record.digest(clean)}
    await record_act(tx, view, now, "item_added", facts, actor)
    await cards.touch_meeting_cards(tx, meeting_id, (CardKind.PANEL,))
    return AgendaChanged(item_id)


def _refuse_title(title: str) -> Refused | None:
    if not title:
        return Refused(Refusal.TEXT_EMPTY)
    if len(title) > TITLE_LIMIT:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TITLE_LIMIT, "length": len(title)})
    return None


@request
async def rename_item(
    tx: Tx, asked: Asked, now: datetime, item_id: int, title: str
) -> AgendaChanged | Refused:
    """Give an undecided item another title; none while a vote on it runs, which names the old one."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    clean = names.tidy(title)
    refused = _refuse_title(clean) or await _refuse_change(tx, item)
    if refused is not None:
        return refused
    await agenda.put_item(tx, item_id, title=clean)
    drafted = await votes.find_draft_on(tx, item_id)
    if drafted is not None:
        question = await votes.get_question(tx, drafted)
        await put_items(tx, question, question.item_ids, now)
    await record_act(tx, item, now, "item_renamed", {"item": item_id, "title": record.digest(clean)}, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, _FOLLOWING)
    return AgendaChanged(item_id)


@request
async def move_item(
    tx: Tx, asked: Asked, now: datetime, item_id: int, direction: Direction
) -> AgendaChanged | Refused:
    """Move an item by a place; at the end it stays where it is."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    if item.decision is Decision.SKIPPED:
        return Refused(Refusal.ITEM_DECIDED)
    order = [each.item_id for each in await list_items(tx, item.meeting_id)]
    await agenda.put_item_order(tx, moved(order, item_id, direction))
    await record_act(tx, item, now, "item_moved", {"item": item_id, "direction": direction}, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, _FOLLOWING)
    return AgendaChanged(item_id)


@request
async def set_advisory(
    tx: Tx, asked: Asked, now: datetime, item_id: int, *, is_advisory: bool
) -> AgendaChanged | Unchanged | Refused:
    """Set whether the meeting only gives its opinion on an item (Luật 10/2022/QH15 Đ.53), or decides it.

    None while a vote on it runs, whose electors were told which of both it is. A draft on it alone becomes
    of the same kind and doesn't open by itself any more; a joint one goes on without it.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if item.is_advisory == is_advisory:
        return Unchanged()
    if is_advisory and item.kind.is_procedural:
        return Refused(Refusal.ITEM_PROCEDURAL)
    refused = await _refuse_change(tx, item)
    if refused is not None:
        return refused
    if is_advisory and await scoring.decides_scores(tx, item_id):
        return Refused(Refusal.ITEM_SCORES)
    await agenda.put_item(tx, item_id, is_advisory=is_advisory)
    drafted = await votes.find_draft_on(tx, item_id)
    if drafted is not None:
        question = await votes.get_question(tx, drafted)
        if len(question.item_ids) > 1:
            await leave_drafts(tx, item, now)
        else:
            await put_items(tx, question, question.item_ids, now)
            await votes.put_vote(tx, drafted, is_advisory=is_advisory)
    facts = {"item": item_id, "is_advisory": is_advisory}
    await record_act(tx, item, now, "item_advisory_set", facts, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, _FOLLOWING)
    return AgendaChanged(item_id)


# Deciding without a count


@request
async def skip_item(tx: Tx, asked: Asked, now: datetime, item_id: int) -> ItemDecided | Unchanged | Refused:
    """Leave an undecided item out, on record; not while parties are asked to confirm its pledge.

    A procedural one only those who preside leave out: chat votes wait for the method of voting.
    """
    item = await agenda.get_item(tx, item_id)
    right = Right.PRESIDE if item.kind.is_procedural else Right.PREPARE
    actor = await permitted(tx, asked, item.meeting_id, right)
    if isinstance(actor, Refused):
        return actor
    if item.decision is Decision.SKIPPED:
        return Unchanged()
    refused = await _refuse_change(tx, item)
    if refused is not None:
        return refused
    pledge = await pledges.find_pledge_of_item(tx, item_id)
    if pledge is not None and pledge.frozen is not None:
        return Refused(Refusal.PLEDGE_FROZEN)
    return await decide(tx, item, now, actor, Decision.SKIPPED, [])


@request
async def note_item(tx: Tx, asked: Asked, now: datetime, item_id: int) -> ItemDecided | Unchanged | Refused:
    """Record that an item was heard, with nothing to decide."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    if item.decision is Decision.NOTED:
        return Unchanged()
    refused = await hold_open(tx, item.meeting_id) or await _refuse_change(tx, item)
    if refused is not None:
        return refused
    return await decide(tx, item, now, actor, Decision.NOTED, [])


@request
async def retake_item(tx: Tx, asked: Asked, now: datetime, item_id: int) -> ItemRetaken | Unchanged | Refused:
    """Take up again, on record, what was skipped, noted or agreed without a count.

    What a counted vote decided is taken up again by another run (`voting.repeat_vote`).
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    refused = await hold_open(tx, item.meeting_id)
    if refused is not None:
        return refused
    if item.decision is None:
        return Unchanged()
    if item.is_counted:
        return Refused(Refusal.ITEM_DECIDED)
    if await votes.list_votes(tx, item.meeting_id, {VoteState.OPEN, VoteState.PAUSED}):
        return Refused(Refusal.OTHER_VOTE_OPEN)
    await agenda.put_item(tx, item_id, decision=None, decided_at=None, additions=[])
    await settle_rankings(tx, item_id, None, now)
    facts = {"item": item_id, "decision": item.decision}
    await record_act(tx, item, now, "item_retaken", facts, actor)
    await cards.touch_meeting_cards(tx, item.meeting_id, _FOLLOWING)
    return ItemRetaken(item_id)


@request
async def adopt_item(
    tx: Tx, asked: Asked, now: datetime, item_id: int, additions: Sequence[str]
) -> ItemDecided | Unchanged | Refused:
    """Record that the meeting agreed without a count, and what it added; never worded with a percentage.

    An advisory item ends in *consulted*. Needs the attendance statement, but for procedural items. Each
    addition makes a version of the item's text, where it has one; those made before count as added, too.
    Additions to what is decided so already are refused: they would be lost.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PRESIDE)
    if isinstance(actor, Refused):
        return actor
    texts = [text for text in (names.tidy_lines(addition) for addition in additions) if text]
    too_long = next((text for text in texts if len(text) > TEXT_LIMIT), None)
    if too_long is not None:
        return Refused(Refusal.TEXT_TOO_LONG, {"limit": TEXT_LIMIT, "length": len(too_long)})
    gained = (await versions.list_additions(tx, {item_id: item.text_version})).get(item_id, [])
    if item.is_advisory:
        decision = Decision.CONSULTED
    else:
        decision = Decision.ADOPTED_WITH_ADDITIONS if gained or texts else Decision.ADOPTED
    if item.decision is decision and not texts:
        return Unchanged()
    refused = await hold_open(tx, item.meeting_id) or await _refuse_change(tx, item)
    if refused is not None:
        return refused
    if not item.kind.is_procedural:
        statement = await find_statement(tx, item.meeting_id, StatementKind.CONFIRMED)
        if statement is None:
            return Refused(Refusal.NO_STATEMENT)
        if not statement.attendance.has_quorum:
            return Refused(Refusal.NO_QUORUM)
    refused = await _add_to_text(tx, item, texts, now, actor)
    if refused is not None:
        return refused
    item = await agenda.get_item(tx, item_id)
    return await decide(tx, item, now, actor, decision, [*gained, *texts])


async def _add_to_text(
    tx: Tx, item: agenda.Item, additions: Sequence[str], now: datetime, actor: Actor
) -> Refused | None:
    """Have what was added stand in the item's text, where it has one."""
    text = await versions.get_text(tx, item.item_id, item.text_version)
    if not text:
        return None
    for addition in additions:
        text = with_addition(text, addition)
        made = await make_version(tx, item.item_id, text, now, actor, addition=addition)
        if isinstance(made, Refused):
            return made
    return None


async def _refuse_change(tx: Tx, item: agenda.Item) -> Refused | None:
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    if item.decision is not None:
        return Refused(Refusal.ITEM_DECIDED)
    if await agenda.list_active_votes_on(tx, item.item_id):
        return Refused(Refusal.ITEM_HAS_VOTE)
    return None


async def decide(
    tx: Tx,
    item: agenda.Item,
    now: datetime,
    actor: Actor,
    decision: Decision,
    additions: Sequence[str] = (),
) -> ItemDecided:
    """Have an undecided item end without a count, in the caller's transaction."""
    await leave_drafts(tx, item, now)
    await agenda.put_item(
        tx,
        item.item_id,
        decision=decision,
        is_counted=False,
        decided_at=now,
        additions=list(additions),
    )
    await settle_rankings(tx, item.item_id, decision, now)
    text = await versions.get_text(tx, item.item_id, item.text_version)
    facts = {
        "item": item.item_id,
        "decision": decision,
        "additions": [record.digest(each) for each in additions],
        "version": item.text_version,
        "sha256": text_digest(text),
    }
    is_presiding = decision is not Decision.SKIPPED
    await record_act(tx, item, now, "item_decided", facts, actor, is_presiding=is_presiding)
    await clear_floor(tx, item.meeting_id, now, actor)
    if decision not in {Decision.SKIPPED, Decision.NOTED}:
        await posts.add_posts(
            tx,
            PostKind.ITEM_DECIDED,
            f"item:{item.item_id}:{now.isoformat()}",
            item.item_id,
            {
                *await attendees.list_meeting_accounts(tx, item.meeting_id),
                *await meetings.list_presiding_accounts(tx, item.meeting_id),
                *await groups.list_group_accounts(tx, item.meeting_id),
            },
            organisation_id=item.organisation_id,
            meeting_id=item.meeting_id,
            priority=Priority.RESULT,
            now=now,
        )
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    return ItemDecided(decision, len(additions))

"""The queue for the floor, whoever changes it: shown where it stands, and cleared when it makes no sense."""

from collections.abc import Collection, Sequence
from datetime import datetime

from handlers.acts import record_act
from meeting.people import Actor
from meeting.speaking import FloorEnd, FloorState
from meeting.states import CardKind, MeetingState, PostKind, Priority
from storage import agenda, attendees, cards, floor, posts
from storage.database import Tx
from storage.floor import Turn
from storage.reading import get_meeting_view
from storage.views import MeetingView


async def clear_floor(tx: Tx, meeting_id: int, now: datetime, actor: Actor | None) -> None:
    """End what was asked on an item that isn't on any more; the caller holds the meeting.

    Who waited is told, and may ask anew on the next item; who spoke has spoken.
    """
    pending = await floor.list_pending(tx, meeting_id)
    if not pending:
        return
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.state is not MeetingState.OPEN:
        await _end(tx, meeting, pending, FloorEnd.MEETING_OVER, now, actor)
        return
    item_id = await find_item_on(tx, meeting)
    over = [turn for turn in pending if turn.item_id != item_id]
    if over:
        await _end(tx, meeting, over, FloorEnd.ITEM_OVER, now, actor)


async def find_item_on(tx: Tx, meeting: MeetingView) -> int | None:
    """Give the item that is being dealt with: the current one, unless it is decided."""
    if meeting.current_item_id is None:
        return None
    item = await agenda.get_item(tx, meeting.current_item_id)
    return item.item_id if item.decision is None else None


async def leave_floor(tx: Tx, meeting: MeetingView, attendee_id: int, now: datetime, actor: Actor) -> None:
    """End what somebody asked who leaves the meeting."""
    pending = await floor.list_pending(tx, meeting.meeting_id)
    own = [turn for turn in pending if turn.attendee_id == attendee_id]
    if own:
        await _end(tx, meeting, own, FloorEnd.LEFT, now, actor)


async def _end(
    tx: Tx, meeting: MeetingView, turns: Sequence[Turn], why: FloorEnd, now: datetime, actor: Actor | None
) -> None:
    spoken = [turn.turn_id for turn in turns if turn.state is FloorState.SPEAKING]
    unheard = [turn for turn in turns if turn.state is FloorState.WAITING]
    withdrawn = [turn.turn_id for turn in unheard]
    await floor.put_turns_ended(tx, spoken, FloorState.DONE, now)
    await floor.put_turns_ended(tx, withdrawn, FloorState.WITHDRAWN, now)
    facts = {"why": why, "done": spoken, "withdrawn": withdrawn}
    entry = await record_act(tx, meeting, now, "floor_cleared", facts, actor)
    await tell_unheard(tx, meeting, [turn.attendee_id for turn in unheard], why, entry, now)
    await show_floor(tx, meeting.meeting_id, [turn.attendee_id for turn in turns])


async def tell_unheard(
    tx: Tx, meeting: MeetingView, attendee_ids: Collection[int], why: FloorEnd, entry: int, now: datetime
) -> None:
    """Tell those who waited that they don't get the floor; `entry` is the number of the act on record."""
    if not attendee_ids:
        return
    await posts.add_posts(
        tx,
        PostKind.FLOOR_ENDED,
        f"floor:{meeting.meeting_id}:{entry}",
        meeting.meeting_id,
        await attendees.list_meeting_accounts(tx, meeting.meeting_id, attendee_ids),
        organisation_id=meeting.organisation_id,
        meeting_id=meeting.meeting_id,
        priority=Priority.PANEL,
        facts={"why": why},
        now=now,
    )


async def show_floor(tx: Tx, meeting_id: int, attendee_ids: Collection[int]) -> None:
    """Show the queue anew: to these attendees and to all who wait, in the groups and on the panels."""
    waiting = {turn.attendee_id for turn in await floor.list_pending(tx, meeting_id)}
    accounts = await attendees.list_meeting_accounts(tx, meeting_id, {*attendee_ids, *waiting})
    await cards.touch_cards(tx, CardKind.ATTENDANCE, meeting_id, accounts)
    await cards.touch_cards(tx, CardKind.GROUP, meeting_id)
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)

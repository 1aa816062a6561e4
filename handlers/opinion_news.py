"""What the senders of opinions hear of them."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from meeting.opinions import OpinionState
from meeting.reminders import quiet_until
from meeting.states import MeetingState, PostKind, Priority
from storage import opinions, posts, tasks
from storage.database import Tx
from storage.views import MeetingView, OpinionView


async def tell_senders(
    tx: Tx, meeting: MeetingView, opinion_ids: Collection[int], now: datetime, entry: int, *, but: int
) -> None:
    """Tell those whose opinions these are what became of them: at once in the meeting, else by day.

    Of a unit's opinion those are told who attend for it. `entry` is the act's in the record, `but` who did
    it.
    """
    for opinion_id in sorted(opinion_ids):
        opinion = await opinions.get_opinion(tx, opinion_id)
        state = await find_standing(tx, opinion)
        for person_id in await _senders(tx, opinion):
            reached = await tasks.find_owner_reached(tx, person_id)
            if reached is None or reached.account_id == but:
                continue
            zone = ZoneInfo(reached.timezone or meeting.timezone)
            is_on = meeting.state is MeetingState.OPEN
            await posts.add_posts(
                tx,
                PostKind.OPINION_SETTLED,
                f"{PostKind.OPINION_SETTLED}:{opinion_id}:{entry}",
                opinion_id,
                {reached.account_id},
                organisation_id=meeting.organisation_id,
                meeting_id=meeting.meeting_id,
                priority=Priority.RESULT,
                facts={"state": state},
                now=now,
                not_before=None if is_on else quiet_until(now, zone),
            )


async def find_standing(tx: Tx, opinion: OpinionView) -> OpinionState:
    """Give what became of an opinion: of one that goes with another what became of that."""
    if opinion.merged_into_id is None:
        return opinion.state
    return (await opinions.get_opinion(tx, opinion.merged_into_id)).state


async def _senders(tx: Tx, opinion: OpinionView) -> list[int]:
    if opinion.person_id is not None:
        return [opinion.person_id]
    if opinion.unit_id is None:
        return []
    return await opinions.list_people_of_unit(tx, opinion.meeting_id, opinion.unit_id)

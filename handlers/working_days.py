"""Which days are worked unlike others of their name: what was counted with other days is planned anew."""

from collections.abc import Mapping
from datetime import date

from handlers.asking import House
from handlers.planning import plan_meeting
from meeting.states import DueKind
from storage import days, due, meetings


async def put_special_days(house: House, special: Mapping[date, bool]) -> None:
    """Keep special days, and whether each is worked, in place of those kept; a repeat changes nothing."""
    async with house.database.transaction() as tx:
        if not await days.put_special_days(tx, special):
            return
        waiting = await due.list_meetings_waiting(tx, DueKind.FOLLOW_UP)
    for meeting_id in waiting:
        async with house.database.transaction() as tx:
            await meetings.lock_meeting(tx, meeting_id)
            await plan_meeting(tx, meeting_id, house.now())

"""What the senders of opinions hear of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from meeting.opinions import OpinionState
from meeting.reminders import quiet_until
from meeting.states import MeetingState, PostKind, Priority
from storage import opinions, posts, tasks
from storage.database import Tx
from storage.tasks import Reached
from storage.views import MeetingView, OpinionView


async def tell_senders(
    tx: Tx, meeting: MeetingView, opinion_ids: Collection[int], now: datetime, entry: int, *, but: int
) -> None:
    """Tell those whose opinions these are what became of them, each in one message about all of theirs.

    They are told at once in the meeting, else by day; of a unit's opinion those who attend for it. `entry` is
    the act's in the record, `but` the account that did it.
    """
    found = await find_standings(tx, opinion_ids)
    people = await _list_people(tx, meeting.meeting_id, [opinion for opinion, _ in found.values()])
    reached = {one: await tasks.find_owner_reached(tx, one) for one in sorted(set().union(*people.values()))}
    told: dict[Reached, dict[str, OpinionState]] = {}
    for opinion_id, (_, state) in sorted(found.items()):
        for one in sorted(people[opinion_id]):
            account = reached[one]
            if account is not None and account.account_id != but:
                told.setdefault(account, {})[str(opinion_id)] = state
    for account, states in told.items():
        zone = ZoneInfo(account.timezone or meeting.timezone)
        await posts.add_posts(
            tx,
            PostKind.OPINION_SETTLED,
            f"{PostKind.OPINION_SETTLED}:{meeting.meeting_id}:{entry}",
            int(next(iter(states))),
            {account.account_id},
            organisation_id=meeting.organisation_id,
            meeting_id=meeting.meeting_id,
            priority=Priority.RESULT,
            facts={"states": states},
            now=now,
            not_before=None if meeting.state is MeetingState.OPEN else quiet_until(now, zone),
        )


async def find_standings(
    tx: Tx, opinion_ids: Collection[int]
) -> Mapping[int, tuple[OpinionView, OpinionState]]:
    """Give opinions by id with what became of each: of one that goes with another what became of that."""
    found = await opinions.list_opinions_by_id(tx, opinion_ids)
    missing = {each.merged_into_id for each in found.values() if each.merged_into_id is not None}
    into = await opinions.list_opinions_by_id(tx, missing)
    return {
        each.opinion_id: (
            each,
            each.state if each.merged_into_id is None else into[each.merged_into_id].state,
        )
        for each in found.values()
    }


async def _list_people(tx: Tx, meeting_id: int, found: Collection[OpinionView]) -> dict[int, set[int]]:
    """Give whose each opinion is, by its id."""
    units = {each.unit_id for each in found if each.person_id is None and each.unit_id is not None}
    of_unit = {unit_id: await opinions.list_people_of_unit(tx, meeting_id, unit_id) for unit_id in units}
    return {
        each.opinion_id: {each.person_id}
        if each.person_id is not None
        else set(of_unit.get(each.unit_id or 0, ()))
        for each in found
    }

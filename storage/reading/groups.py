"""Meetings and votes as the groups that follow them see them: nothing that isn't for everybody."""

from collections.abc import Iterable
from dataclasses import replace

from meeting.voting import VoteState
from storage.database import Tx
from storage.groups import list_groups
from storage.pledges import find_pledge
from storage.reading.agenda import find_item, list_items
from storage.reading.floor import get_floor
from storage.reading.meetings import get_meeting_view
from storage.reading.roll import get_attendance
from storage.reading.votes import get_vote_view
from storage.scoring import list_rankings
from storage.views import GroupBallotView, GroupView


async def group_views(tx: Tx, meeting_id: int, account_ids: Iterable[int]) -> dict[int, GroupView]:
    """Give a meeting for groups, by account id; raises MeetingNotFoundError.

    Accounts that aren't of a group that follows it are left out.
    """
    following = await _following(tx, meeting_id, account_ids)
    if not following:
        return {}
    meeting = await get_meeting_view(tx, meeting_id)
    items = await list_items(tx, meeting_id)
    view = GroupView(
        meeting,
        await get_attendance(tx, meeting_id),
        find_item(items, meeting.current_item_id),
        await get_floor(tx, meeting_id),
        await find_pledge(tx, meeting_id),
        tuple(await list_rankings(tx, meeting_id)),
    )
    return dict.fromkeys(following, view)


async def group_ballot_views(tx: Tx, vote_id: int, account_ids: Iterable[int]) -> dict[int, GroupBallotView]:
    """Give a vote for groups, by account id; raises VoteNotFoundError.

    No tally before the announcement. Accounts that aren't of a group that follows its meeting are left out.
    """
    vote = await get_vote_view(tx, vote_id)
    if vote.state is not VoteState.ANNOUNCED:
        vote = replace(vote, tally=None, decision=None)
    following = await _following(tx, vote.meeting_id, account_ids)
    view = GroupBallotView(await get_meeting_view(tx, vote.meeting_id), vote)
    return dict.fromkeys(following, view)


async def _following(tx: Tx, meeting_id: int, account_ids: Iterable[int]) -> list[int]:
    groups = {group.account_id for group in await list_groups(tx, meeting_id)}
    return [account_id for account_id in account_ids if account_id in groups]

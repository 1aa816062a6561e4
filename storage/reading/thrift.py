"""What a meeting still has before it on a platform that counts messages."""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.agenda import ItemKind
from meeting.states import DueKind, MeetingState, PostKind, WorkState
from meeting.thrift import Load
from meeting.voting import Method, VoteState
from storage.database import Tx, flushed
from storage.groups import list_group_accounts
from storage.mailings import count_platforms
from storage.reach import list_accounts_to_tell
from storage.reading.agenda import list_items
from storage.reading.meetings import get_meeting_view
from storage.rows import DueWorkRow, MeetingRow, PostRow, VoteItemRow, VoteRow
from storage.views import ItemView, MeetingView

_TOLD_TO_ALL = (DueKind.MEETING_REMINDER, DueKind.REPLY_WANTED)
_CAN_JOIN = frozenset({ItemKind.REPORT, ItemKind.DOCUMENT, ItemKind.VOTE, ItemKind.OTHER})
"""Kinds of items that meetings vote on together."""
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class LoadView:
    """What a meeting still has before it on a platform; nothing is known of how the `unlinked` will come."""

    load: Load
    unlinked: int


async def get_load(tx: Tx, meeting: MeetingView, platform: str) -> LoadView:
    """Give what is still to be sent about a meeting on a platform."""
    reached, unlinked = await list_accounts_to_tell(tx, meeting.meeting_id)
    people = await count_platforms(tx, set(reached.values()))
    groups = await count_platforms(tx, await list_group_accounts(tx, meeting.meeting_id))
    is_over = meeting.state is MeetingState.CLOSED
    undecided = [] if is_over else await _undecided(tx, meeting.meeting_id)
    items = [item for item in undecided if not item.kind.is_procedural]
    drafts = await _drafts(tx, meeting.meeting_id)
    votes: dict[object, list[ItemView]] = defaultdict(list)
    for item in items:
        vote_id, method = drafts.get(item.item_id, (None, Method.CHAT))
        if method is Method.CHAT:
            votes[("item", item.number) if vote_id is None else vote_id].append(item)
    notices, replies = await _others(tx, meeting)
    load = Load(
        people=people.get(platform, 0),
        votes=tuple(about[0].number for about in votes.values()),
        can_join=frozenset(
            about[0].number
            for about in votes.values()
            if len(about) == 1 and about[0].kind in _CAN_JOIN and not about[0].is_advisory
        ),
        groups=groups.get(platform, 0),
        # What is agreed on or counted by hands is told as well.
        notices=notices + len(undecided) - len(items),
        replies=replies,
    )
    return LoadView(load, unlinked)


async def _undecided(tx: Tx, meeting_id: int) -> list[ItemView]:
    """Those that are put to the vote: by chat, but for what goes before the statement of attendance."""
    return [
        item for item in await list_items(tx, meeting_id) if item.decision is None and item.kind.is_votable
    ]


async def _drafts(tx: Tx, meeting_id: int) -> dict[int, tuple[int, Method]]:
    """Give the vote that each item is drafted or open in, and its method."""
    statement: Select[int, int, Method] = Select(
        col(VoteItemRow.item_id), col(VoteRow.id), col(VoteRow.method)
    )
    rows = await tx.exec(
        statement.join(VoteRow, col(VoteRow.id) == col(VoteItemRow.vote_id))
        .where(
            col(VoteRow.meeting_id) == meeting_id,
            col(VoteRow.state).in_((VoteState.DRAFT, VoteState.OPEN, VoteState.PAUSED)),
        )
        .order_by(col(VoteRow.id))
    )
    return {item_id: (vote_id, method) for item_id, vote_id, method in rows}


async def _others(tx: Tx, meeting: MeetingView) -> tuple[int, int]:
    """Give what everybody gets beside votes, and what everybody is asked and answers."""
    if meeting.state is MeetingState.CLOSED:
        return 0, 0
    waiting = select(sa.func.count()).select_from(DueWorkRow)
    reminders = await tx.exec(
        waiting.where(
            col(DueWorkRow.meeting_id) == meeting.meeting_id,
            col(DueWorkRow.kind).in_(_TOLD_TO_ALL),
            col(DueWorkRow.state) == WorkState.WAITING,
        )
    )
    summoned = await tx.exec(
        select(PostRow.id)
        .where(col(PostRow.meeting_id) == meeting.meeting_id, col(PostRow.kind) == PostKind.SUMMONS)
        .limit(1)
    )
    is_to_summon = meeting.state is MeetingState.PLANNED and summoned.first() is None
    is_to_check_in = meeting.check_in_opened_at is None
    summary = 1
    return summary + reminders.one(), int(is_to_summon) + int(is_to_check_in)


async def list_coming(tx: Tx) -> list[MeetingView]:
    """Give the meetings that are to be held or under way, the next ones first, as far as they matter."""
    coming = await tx.exec(
        select(MeetingRow.id)
        .where(col(MeetingRow.state) != MeetingState.CLOSED, col(MeetingRow.cancelled_at).is_(None))
        .order_by(col(MeetingRow.starts_at), col(MeetingRow.id))
        .limit(_LOOKED_AT)
    )
    return [await get_meeting_view(tx, flushed(meeting_id)) for meeting_id in coming.all()]

"""The panel of those who run a meeting."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.agenda import ItemKind
from meeting.attendance import StatementKind
from meeting.people import Presence, Reply, Right, Role, grant
from meeting.states import DueKind, WorkState
from meeting.vote_times import LAST_MINUTE
from meeting.voting import Method, VoteState
from storage.counts import has_counts
from storage.database import Tx, flushed
from storage.groups import list_group_lines
from storage.opinions import count_waiting
from storage.platforms import LOSING
from storage.pledges import find_pledge
from storage.reading.agenda import find_item, find_next_item, is_method_adopted, list_items
from storage.reading.floor import get_floor
from storage.reading.meetings import get_meeting_view
from storage.reading.roll import attendance_of, find_statement, get_roll
from storage.reading.votes import get_vote_views, list_electors
from storage.rows import AttendeeRow, BindingRow, DueWorkRow, RoleRow, VoteItemRow, VoteRow
from storage.scoring import list_rankings, list_scorings
from storage.titles import list_titles
from storage.views import ElectorView, ItemView, MeetingView, PanelView, TitleView, VoteView


async def panel_views(tx: Tx, meeting_id: int, account_ids: Iterable[int]) -> dict[int, PanelView]:
    """Give the meeting as those who run it see it, by account id; raises MeetingNotFoundError.

    Accounts of people without a role in it are left out. Until a count is announced, only those who preside
    see it.
    """
    meeting = await get_meeting_view(tx, meeting_id)
    roles = await list_roles(tx, meeting, account_ids)
    if not roles:
        return {}
    shared = await _panel(tx, meeting)
    missing: list[ElectorView] = []
    if shared.open_vote is not None and any(Role.SECRETARY in held for held in roles.values()):
        missing = await _missing(tx, shared.open_vote)
    attending = await _attending(tx, meeting, roles)
    return {
        account_id: replace(
            shared,
            roles=frozenset(held),
            is_attendee=account_id in attending,
            votes=shared.votes if grant(held, Right.PRESIDE) else tuple(map(_before_announced, shared.votes)),
            missing=tuple(one.name for one in missing) if Role.SECRETARY in held else (),
            unconfirmed=tuple(one.name for one in missing if one.chat in LOSING)
            if Role.SECRETARY in held
            else (),
        )
        for account_id, held in roles.items()
    }


def _before_announced(vote: VoteView) -> VoteView:
    return vote if vote.state is VoteState.ANNOUNCED else replace(vote, tally=None, decision=None)


async def list_roles(tx: Tx, meeting: MeetingView, account_ids: Iterable[int]) -> dict[int, set[Role]]:
    """Give the roles that hold in a meeting, by account id; accounts without any are left out."""
    statement: Select[int, Role] = Select(col(BindingRow.account_id), col(RoleRow.role))
    roles: dict[int, set[Role]] = defaultdict(set)
    for account_id, role in await tx.exec(
        statement.join(RoleRow, col(RoleRow.person_id) == BindingRow.person_id).where(
            col(BindingRow.account_id).in_(set(account_ids)),
            RoleRow.organisation_id == meeting.organisation_id,
            or_(col(RoleRow.meeting_id).is_(None), col(RoleRow.meeting_id) == meeting.meeting_id),
        )
    ):
        roles[account_id].add(role)
    return roles


async def _attending(tx: Tx, meeting: MeetingView, account_ids: Iterable[int]) -> set[int]:
    return set(
        await tx.exec(
            select(BindingRow.account_id)
            .join(AttendeeRow, col(AttendeeRow.person_id) == BindingRow.person_id)
            .where(
                col(BindingRow.account_id).in_(set(account_ids)), AttendeeRow.meeting_id == meeting.meeting_id
            )
        )
    )


async def _panel(tx: Tx, meeting: MeetingView) -> PanelView:
    """The part that is the same for all who see it."""
    roll = await get_roll(tx, meeting.meeting_id)
    items = await list_items(tx, meeting.meeting_id)
    current = find_item(items, meeting.current_item_id)
    votes = await _votes(tx, meeting)
    open_vote = next((vote for vote in votes if vote.state in {VoteState.OPEN, VoteState.PAUSED}), None)
    return PanelView(
        meeting=meeting,
        roles=frozenset(),
        is_attendee=False,
        attendance=await attendance_of(tx, meeting, roll),
        preliminary=await find_statement(tx, meeting.meeting_id, StatementKind.PRELIMINARY),
        statement=await find_statement(tx, meeting.meeting_id, StatementKind.CONFIRMED),
        replies_missing=sum(e.reply is Reply.NONE and e.presence is Presence.AWAY for e in roll),
        current_item=current,
        next_item=find_next_item(items, current),
        items=len(items),
        items_done=sum(item.decision is not None for item in items),
        is_method_adopted=is_method_adopted(items),
        votes=tuple(_that_matter(meeting, votes)),
        open_vote=open_vote,
        missing=(),
        titles=await _titles(tx, meeting, current),
        has_commendation=any(item.kind is ItemKind.COMMENDATION for item in items),
        groups=await list_group_lines(tx, meeting.meeting_id),
        is_last_minute=open_vote is not None and await _is_last_minute(tx, open_vote),
        floor=await get_floor(tx, meeting.meeting_id),
        pledge=await find_pledge(tx, meeting.meeting_id),
        opinions_waiting=await count_waiting(tx, meeting.meeting_id),
        scorings=tuple(await list_scorings(tx, meeting.meeting_id)),
        rankings=tuple(await list_rankings(tx, meeting.meeting_id)),
        counts_messages=await has_counts(tx),
    )


async def _titles(tx: Tx, meeting: MeetingView, current: ItemView | None) -> tuple[TitleView, ...]:
    """Those to announce while titles are on; no other panel, of the many that votes refresh, reads them."""
    is_on = current is not None and current.kind is ItemKind.COMMENDATION
    return tuple(await list_titles(tx, meeting.meeting_id)) if is_on else ()


async def _is_last_minute(tx: Tx, vote: VoteView) -> bool:
    """Whether the last minute before the deadline was called."""
    if vote.deadline_at is None:
        return False
    called = await tx.exec(
        select(DueWorkRow.id).where(
            DueWorkRow.kind == DueKind.VOTE_LAST_MINUTE,
            DueWorkRow.subject_id == vote.vote_id,
            DueWorkRow.state == WorkState.DONE,
            DueWorkRow.planned_at == vote.deadline_at - LAST_MINUTE,
        )
    )
    return called.first() is not None


def _that_matter(meeting: MeetingView, votes: Iterable[VoteView]) -> list[VoteView]:
    """Those about the current item; a cancelled one only while no other came after it."""
    about = [vote for vote in votes if any(item.item_id == meeting.current_item_id for item in vote.items)]
    return about[:1] + [vote for vote in about[1:] if vote.state is not VoteState.CANCELLED]


async def _votes(tx: Tx, meeting: MeetingView) -> list[VoteView]:
    """The runs about the current item, and any that runs; newest first."""
    about_current = select(VoteItemRow.vote_id).where(VoteItemRow.item_id == meeting.current_item_id)
    ids = await tx.exec(
        select(VoteRow.id)
        .where(
            VoteRow.meeting_id == meeting.meeting_id,
            or_(
                col(VoteRow.state).in_({VoteState.OPEN, VoteState.PAUSED}),
                col(VoteRow.id).in_(about_current),
            ),
        )
        .order_by(col(VoteRow.id).desc())
    )
    return list((await get_vote_views(tx, map(flushed, ids))).values())


async def _missing(tx: Tx, vote: VoteView) -> list[ElectorView]:
    return [] if vote.method is Method.HANDS else await list_electors(tx, vote, missing_only=True)

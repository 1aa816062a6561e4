"""Posts that weren't sent, as the last messages of a month are kept for what matters more."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from meeting.people import Reply
from meeting.states import WorkState
from storage.database import Tx
from storage.rows import AccountRow, AttendeeRow, BindingRow, PostRow


@dataclass(frozen=True, slots=True)
class UntoldMeeting:
    """A meeting of which somebody wasn't told something."""

    meeting_id: int
    organisation_id: int


async def put_posts_missed(tx: Tx, post_ids: Collection[int]) -> list[UntoldMeeting]:
    """Record that posts are not sent, and give the meetings that they were about, in order."""
    pending = (col(PostRow.id).in_(post_ids), col(PostRow.state).in_((WorkState.WAITING, WorkState.LEASED)))
    missed = await tx.exec(
        sa.update(PostRow)
        .where(*pending)
        .values(state=WorkState.MISSED, leased_until=None)
        .returning(col(PostRow.meeting_id), col(PostRow.organisation_id)),
        execution_options={"synchronize_session": False},
    )
    about = {tuple(row) for row in missed if row[0] is not None}
    return [UntoldMeeting(*one) for one in sorted(about)]


def accounts_saved_on(meeting_id: int) -> SelectOfScalar[int]:
    """Give the accounts that messages about a meeting weren't sent to."""
    accounts: SelectOfScalar[int] = select(col(PostRow.account_id))
    return accounts.where(col(PostRow.meeting_id) == meeting_id, col(PostRow.state) == WorkState.MISSED)


async def count_saved(tx: Tx, meeting_id: int) -> dict[tuple[int, str], int]:
    """Give how many messages about a meeting its attendees weren't sent, by person and platform."""
    statement: Select[int, str, int] = Select(
        col(BindingRow.person_id), col(AccountRow.platform), sa.func.count(col(PostRow.id).distinct())
    )
    rows = await tx.exec(
        statement.select_from(PostRow)
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .join(BindingRow, col(BindingRow.account_id) == col(AccountRow.id))
        .join(AttendeeRow, col(AttendeeRow.person_id) == col(BindingRow.person_id))
        .where(
            col(PostRow.meeting_id) == meeting_id,
            col(PostRow.state) == WorkState.MISSED,
            col(AttendeeRow.meeting_id) == meeting_id,
            col(AttendeeRow.reply) != Reply.SUBSTITUTED,
        )
        .group_by(col(BindingRow.person_id), col(AccountRow.platform))
    )
    return {(person_id, platform): count for person_id, platform, count in rows}

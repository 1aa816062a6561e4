"""Mailings: messages to many, whose progress is followed and which can be cancelled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.states import CardKind, PostKind, WorkState
from storage.cards import touch_cards
from storage.database import Tx, flushed
from storage.errors import MailingNotFoundError
from storage.platforms import ON_PAGES
from storage.rows import AccountRow, MailingRow, PostRow


@dataclass(frozen=True, slots=True)
class Mailing:
    """A mailing as it is stored."""

    mailing_id: int
    organisation_id: int
    meeting_id: int | None
    cancelled_at: datetime | None


async def add_mailing(  # noqa: PLR0913 - a mailing has these parts
    tx: Tx,
    kind: PostKind,
    subject_id: int,
    *,
    organisation_id: int,
    meeting_id: int | None,
    made_by: int | None,
    facts: dict[str, Any] | None = None,
    now: datetime,
) -> int:
    """Add a mailing without posts and give its id; `facts` are JSON values."""
    row = MailingRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        kind=kind,
        subject_id=subject_id,
        facts=facts or {},
        made_by=made_by,
        made_at=now,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


async def count_to_send(tx: Tx, cause: str) -> int:
    """Give how many posts of a cause wait to be sent and belong to no mailing."""
    return (await tx.exec(select(sa.func.count()).select_from(PostRow).where(*_waiting_of(cause)))).one()


async def put_in_mailing(tx: Tx, mailing_id: int, cause: str) -> None:
    """Have the posts of a cause that wait and belong to no mailing belong to this one."""
    await tx.exec(
        sa.update(PostRow).where(*_waiting_of(cause)).values(mailing_id=mailing_id),
        execution_options={"synchronize_session": False},
    )


def _waiting_of(cause: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(PostRow.cause) == cause,
        col(PostRow.state) == WorkState.WAITING,
        col(PostRow.mailing_id).is_(None),
    )


async def hold_mailing(tx: Tx, mailing_id: int) -> Mailing:
    """Hold a mailing until the transaction ends, and give it; raises MailingNotFoundError."""
    held = select(MailingRow).where(col(MailingRow.id) == mailing_id).with_for_update()
    row = (await tx.exec(held.execution_options(populate_existing=True))).first()
    if row is None:
        raise MailingNotFoundError(mailing_id)
    return Mailing(mailing_id, row.organisation_id, row.meeting_id, row.cancelled_at)


async def find_meeting_of_mailing(tx: Tx, mailing_id: int) -> int | None:
    """Give the meeting that a mailing is about."""
    return (await tx.exec(select(MailingRow.meeting_id).where(col(MailingRow.id) == mailing_id))).first()


async def count_left(tx: Tx, mailing_id: int) -> int:
    """Give how many posts of a mailing still wait to be sent."""
    waiting = select(sa.func.count()).select_from(PostRow)
    of_mailing = (col(PostRow.mailing_id) == mailing_id, col(PostRow.state) == WorkState.WAITING)
    return (await tx.exec(waiting.where(*of_mailing))).one()


async def cancel_mailing(tx: Tx, mailing_id: int, now: datetime) -> int:
    """Withdraw what isn't sent yet, and give how much; what is being sent now is let go."""
    withdrawn = await tx.exec(
        sa.update(PostRow)
        .where(col(PostRow.mailing_id) == mailing_id, col(PostRow.state) == WorkState.WAITING)
        .values(state=WorkState.WITHDRAWN)
        .returning(col(PostRow.id)),
        execution_options={"synchronize_session": False},
    )
    count = len(withdrawn.all())
    await tx.exec(
        sa.update(MailingRow).where(col(MailingRow.id) == mailing_id).values(cancelled_at=now),
        execution_options={"synchronize_session": False},
    )
    await show_progress(tx, mailing_id)
    return count


async def show_progress(tx: Tx, mailing_id: int) -> None:
    """Have a mailing's cards shown anew."""
    await touch_cards(tx, CardKind.MAILING, mailing_id)


async def find_text(tx: Tx, mailing_id: int) -> str | None:
    """Give the text of an announcement."""
    facts = (await tx.exec(select(MailingRow.facts).where(col(MailingRow.id) == mailing_id))).first()
    return None if facts is None else facts.get("text")


async def count_platforms(tx: Tx, account_ids: Collection[int]) -> dict[str, int]:
    """Give how many of the accounts are on each platform, those that are sent to first."""
    statement: Select[str, int] = Select(col(AccountRow.platform), sa.func.count())
    of_accounts = statement.where(col(AccountRow.id).in_(account_ids)).group_by(col(AccountRow.platform))
    found = dict(iter(await tx.exec(of_accounts)))
    return {name: found[name] for name in sorted(found, key=lambda name: (name in ON_PAGES, name))}

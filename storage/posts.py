"""The outbox's posts: messages that are sent once to each recipient."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from meeting.states import PostKind, Priority, WorkState
from storage.cards import is_free
from storage.database import Tx
from storage.inserts import insert
from storage.platforms import ON_PAGES
from storage.rows import AccountRow, MailingRow, PostRow
from storage.uses import list_set_aside

TOGETHER = timedelta(minutes=10)
"""Reminders that would reach somebody within this go out in one message."""

_MOST_TOGETHER = 4
"""How many follow the first in one message, so that it can be read."""

_PENDING = (WorkState.WAITING, WorkState.LEASED)
"""States that have an outcome still to come; one that is there is never changed."""


@dataclass(frozen=True, slots=True)
class PostToSend:
    """A post that is due; `was_cut_off` where an earlier attempt ended in nobody knows what.

    `facts` are JSON values, as they were when it was made; `attempts` failed before. `is_cancelled`: the
    mailing that it belongs to is. `together` are reminders that go out in one message with it.
    """

    post_id: int
    account_id: int
    mailing_id: int | None
    platform: str
    chat: str
    is_group: bool
    kind: PostKind
    subject_id: int
    organisation_id: int
    meeting_id: int | None
    priority: Priority
    facts: dict[str, Any]
    attempts: int
    made_at: datetime
    was_cut_off: bool
    is_cancelled: bool
    together: "tuple[PostToSend, ...]" = ()


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as its recipient sees it in a list."""

    post_id: int
    account_id: int
    kind: PostKind
    subject_id: int
    organisation_id: int
    meeting_id: int | None
    facts: dict[str, Any]
    made_at: datetime


async def add_posts(  # noqa: PLR0913 - a post has these parts
    tx: Tx,
    kind: PostKind,
    cause: str,
    subject_id: int,
    account_ids: Collection[int],
    *,
    organisation_id: int,
    meeting_id: int | None,
    priority: Priority,
    mailing_id: int | None = None,
    facts: dict[str, Any] | None = None,
    now: datetime,
    not_before: datetime | None = None,
    is_to_each: bool = False,
) -> None:
    """Have a message sent to each account, once for each `cause` (64 characters): a repeat adds nothing.

    Where somebody uses another chat by now it is left out, unless what is said is for each of a person's
    accounts. A page shows its posts itself, so there they are done at once; for an account that is gone they
    fail.
    """
    if not is_to_each:
        account_ids = set(account_ids) - await list_set_aside(tx, organisation_id, account_ids)
    if not account_ids:
        return
    accounts = await tx.exec(
        select(AccountRow.id, AccountRow.platform, AccountRow.gone_at)
        .where(col(AccountRow.id).in_(account_ids))
        .order_by(col(AccountRow.id))  # so that two transactions can't wait for each other
    )
    posts = [
        {
            "organisation_id": organisation_id,
            "meeting_id": meeting_id,
            "account_id": account_id,
            "mailing_id": mailing_id,
            "cause": cause,
            "kind": kind,
            "subject_id": subject_id,
            "facts": facts or {},
            "priority": int(priority),
            "state": _first_state(platform, is_gone=gone_at is not None),
            "attempts": 0,
            "next_try_at": not_before,
            "leased_until": None,
            "made_at": now,
            "sent_at": now if platform in ON_PAGES else None,
            "ref": None,
        }
        for account_id, platform, gone_at in accounts
    ]
    if posts:
        added = insert(tx, PostRow).on_conflict_do_nothing(index_elements=["cause", "account_id"])
        await tx.exec(added, params=posts)


async def is_told(tx: Tx, cause: str) -> bool:
    """Whether anything was made to be sent for a cause, whatever became of it."""
    return (await tx.exec(select(PostRow.id).where(col(PostRow.cause) == cause).limit(1))).first() is not None


async def list_told(tx: Tx, cause: str) -> set[int]:
    """Give the accounts that have a post with this cause, sent or not."""
    return set(await tx.exec(select(PostRow.account_id).where(col(PostRow.cause) == cause)))


def _first_state(platform: str, *, is_gone: bool) -> WorkState:
    if platform in ON_PAGES:
        return WorkState.DONE
    return WorkState.FAILED if is_gone else WorkState.WAITING


async def list_posts_to_send(
    tx: Tx, now: datetime, post_ids: Collection[int], *, is_held: bool = False
) -> list[PostToSend]:
    """Give those of the posts that can be sent now, in order of id; one that was cut off says so.

    `is_held`: they and their accounts are held until the transaction ends; those that others hold are left
    out.
    """
    if not post_ids:
        return []
    ready = (
        select(PostRow, AccountRow, MailingRow.cancelled_at)
        .select_from(PostRow)
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .outerjoin(MailingRow, col(MailingRow.id) == col(PostRow.mailing_id))
        .where(is_ready(now), is_free(now), col(PostRow.id).in_(post_ids))
        .order_by(col(PostRow.id))
    )
    if is_held:
        ready = ready.with_for_update(skip_locked=True, of=[AccountRow, PostRow])
    rows = await tx.exec(ready.execution_options(populate_existing=True))
    found = [_post(row, account, cancelled_at) for row, account, cancelled_at in rows]
    together = await _list_together(tx, now, found, is_held=is_held)
    return [replace(one, together=tuple(together.get(one.account_id, ()))) for one in found]


async def _list_together(
    tx: Tx, now: datetime, posts: Collection[PostToSend], *, is_held: bool
) -> dict[int, list[PostToSend]]:
    """Give the reminders that would follow each of these reminders soon, by account; none follow others."""
    firsts = {
        one.account_id: one.post_id
        for one in posts
        if one.priority is Priority.REMINDER and not (one.was_cut_off or one.is_group)
    }
    if not firsts:
        return {}
    soon = (
        select(PostRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(PostRow.account_id))
        .where(
            is_due(now + TOGETHER),
            col(PostRow.priority) == int(Priority.REMINDER),
            col(PostRow.account_id).in_(firsts),
            col(PostRow.mailing_id).is_(None),
            col(PostRow.id).not_in(firsts.values()),
        )
        .order_by(col(PostRow.id))
    )
    if is_held:
        soon = soon.with_for_update(skip_locked=True, of=PostRow)
    together: dict[int, list[PostToSend]] = defaultdict(list)
    for row, account in await tx.exec(soon.execution_options(populate_existing=True)):
        if len(together[row.account_id]) < _MOST_TOGETHER:
            together[row.account_id].append(_post(row, account, None))
    return together


async def lease_posts(tx: Tx, post_ids: Collection[int], until: datetime) -> None:
    """Note that posts are being sent; one that still is after `until` was cut off."""
    await tx.exec(
        sa.update(PostRow)
        .where(col(PostRow.id).in_(post_ids))
        .values(state=WorkState.LEASED, leased_until=until),
        execution_options={"synchronize_session": False},
    )


def is_ready(now: datetime) -> sa.ColumnElement[bool]:
    """Which posts can be sent, as far as it is for them."""
    return is_due(now) | is_cut_off(now)


def is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Which posts wait for nothing."""
    is_time = col(PostRow.next_try_at).is_(None) | (col(PostRow.next_try_at) <= now)
    return (col(PostRow.state) == WorkState.WAITING) & is_time


def is_cut_off(now: datetime) -> sa.ColumnElement[bool]:
    """Which posts were being sent by a process that is no more."""
    return (col(PostRow.state) == WorkState.LEASED) & (col(PostRow.leased_until) <= now)


def _post(row: PostRow, account: AccountRow, cancelled_at: datetime | None) -> PostToSend:
    if row.id is None:
        raise ValueError("a row that was read has an id")
    return PostToSend(
        post_id=row.id,
        account_id=row.account_id,
        mailing_id=row.mailing_id,
        platform=account.platform,
        chat=account.chat,
        is_group=account.is_group,
        kind=row.kind,
        subject_id=row.subject_id,
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        priority=Priority(row.priority),
        facts=row.facts,
        attempts=row.attempts,
        made_at=row.made_at,
        was_cut_off=row.state is WorkState.LEASED,
        is_cancelled=cancelled_at is not None,
    )


async def forget_leases(tx: Tx, platform: str, now: datetime) -> None:
    """Let what was being delivered be taken up at once: for a start, when nobody else can be at it.

    Rests that the chats asked for end with it.
    """
    accounts = select(AccountRow.id).where(col(AccountRow.platform) == platform)
    await tx.exec(
        sa.update(PostRow)
        .where(col(PostRow.state) == WorkState.LEASED, col(PostRow.account_id).in_(accounts))
        .values(leased_until=now),
        execution_options={"synchronize_session": False},
    )
    await tx.exec(
        sa.update(AccountRow)
        .where(col(AccountRow.platform) == platform, col(AccountRow.rests_until) > now)
        .values(rests_until=None),
        execution_options={"synchronize_session": False},
    )


async def put_post_sent(tx: Tx, post_id: int, ref: str, now: datetime) -> None:
    """Record that a post was sent."""
    await _put(tx, post_id, state=WorkState.DONE, ref=ref, sent_at=now, leased_until=None)


async def put_post_retry(tx: Tx, post_id: int, next_try_at: datetime) -> None:
    """Record that a post was not sent and is to be tried again, not before an instant."""
    await _put(
        tx,
        post_id,
        state=WorkState.WAITING,
        attempts=col(PostRow.attempts) + 1,
        next_try_at=next_try_at,
        leased_until=None,
    )


async def put_post_back(tx: Tx, post_id: int) -> None:
    """Record that a post was not sent after all; that is no failure."""
    await _put(tx, post_id, state=WorkState.WAITING, leased_until=None)


async def put_post_uncertain(tx: Tx, post_id: int) -> None:
    """Record that nobody knows whether a post arrived; it is not sent again."""
    await _put(tx, post_id, state=WorkState.UNCERTAIN, leased_until=None)


async def put_post_failed(tx: Tx, post_id: int) -> None:
    """Record that a post can't be sent."""
    await _put(tx, post_id, state=WorkState.FAILED, leased_until=None)


async def put_post_withdrawn(tx: Tx, post_id: int) -> None:
    """Record that there is nothing to send any more."""
    await _put(tx, post_id, state=WorkState.WITHDRAWN, leased_until=None)


async def move_posts(tx: Tx, account_id: int, to: int, organisation_id: int) -> None:
    """Have what waits for an account from an organisation go to another chat, but what that one is told."""
    told = sa.select(col(PostRow.cause)).where(col(PostRow.account_id) == to)
    await tx.exec(
        sa.update(PostRow)
        .where(
            col(PostRow.account_id) == account_id,
            col(PostRow.organisation_id) == organisation_id,
            col(PostRow.state) == WorkState.WAITING,
            col(PostRow.cause).not_in(told),
        )
        .values(account_id=to),
        execution_options={"synchronize_session": False},
    )


async def put_posts_failed(tx: Tx, account_id: int) -> set[int]:
    """Record that nothing of what waits for an account can be sent to it; give the mailings affected."""
    failed = await tx.exec(
        sa.update(PostRow)
        .where(col(PostRow.account_id) == account_id, col(PostRow.state).in_(_PENDING))
        .values(state=WorkState.FAILED, leased_until=None)
        .returning(col(PostRow.mailing_id)),
        execution_options={"synchronize_session": False},
    )
    return {mailing_id for (mailing_id,) in failed if mailing_id is not None}


async def _put(tx: Tx, post_id: int, **changes: Any) -> None:  # noqa: ANN401 - columns of several types
    pending = (col(PostRow.id) == post_id, col(PostRow.state).in_(_PENDING))
    await (await tx.connection()).execute(sa.update(PostRow).where(*pending).values(changes))


async def list_posts(tx: Tx, account_ids: Collection[int], limit: int) -> dict[int, list[PostView]]:
    """Give each account's newest posts, newest first, at most `limit` each; nothing is an empty list."""
    newest = (
        sa.func.row_number()
        .over(partition_by=col(PostRow.account_id), order_by=col(PostRow.id).desc())
        .label("place")
    )
    numbered = sa.select(col(PostRow.id), newest).where(col(PostRow.account_id).in_(account_ids)).subquery()
    rows = await tx.exec(
        select(PostRow)
        .join(numbered, numbered.c.id == col(PostRow.id))
        .where(numbered.c.place <= limit)
        .order_by(col(PostRow.id).desc())
    )
    posts: dict[int, list[PostView]] = {account_id: [] for account_id in account_ids}
    for row in rows:
        posts[row.account_id].append(_view(row))
    return posts


def _view(row: PostRow) -> PostView:
    if row.id is None:
        raise ValueError("a row that was read has an id")
    return PostView(
        post_id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        subject_id=row.subject_id,
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        facts=row.facts,
        made_at=row.made_at,
    )

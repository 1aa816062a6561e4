"""The outbox's live cards: each follows what it shows, by a wanted and a shown version."""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.states import CardKind, Priority
from storage.database import Tx
from storage.inserts import insert
from storage.lists import in_few_lengths
from storage.rows import AccountRow, LiveCardRow
from storage.uses import list_set_aside


@dataclass(frozen=True, slots=True)
class CardToShow:
    """A card that is not shown as it is now; `ref` is where it was shown before, `attempts` failed since."""

    card_id: int
    account_id: int
    platform: str
    chat: str
    is_group: bool
    kind: CardKind
    subject_id: int
    organisation_id: int
    meeting_id: int | None
    priority: Priority
    wanted_version: int
    ref: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class CardVersion:
    """Which version of a card a page should show."""

    card_id: int
    account_id: int
    chat: str
    kind: CardKind
    subject_id: int
    organisation_id: int
    meeting_id: int | None
    wanted_version: int


async def want_cards(
    tx: Tx,
    kind: CardKind,
    subject_id: int,
    account_ids: Collection[int],
    *,
    organisation_id: int,
    meeting_id: int | None,
    priority: Priority,
) -> None:
    """Have each account shown this card, new or refreshed; a repeat is a refresh.

    Where somebody uses another chat by now, it is only refreshed if it stands there.
    """
    if not account_ids:
        return
    set_aside = await list_set_aside(tx, organisation_id, account_ids)
    await touch_cards(tx, kind, subject_id, set_aside, priority=priority)
    account_ids = set(account_ids) - set_aside
    if not account_ids:
        return
    statement = insert(tx, LiveCardRow)
    wanted = statement.on_conflict_do_update(
        index_elements=["account_id", "kind", "subject_id"],
        set_={
            "wanted_version": col(LiveCardRow.wanted_version) + 1,
            "priority": _more_urgent(statement.excluded.priority),
        },
    )
    card = {
        "organisation_id": organisation_id,
        "meeting_id": meeting_id,
        "kind": kind,
        "subject_id": subject_id,
        "priority": int(priority),
        "wanted_version": 1,
        "shown_version": 0,
        "ref": None,
        "attempts": 0,
        "next_try_at": None,
    }
    # In order of account, so that two transactions can't wait for each other.
    await tx.exec(wanted, params=[card | {"account_id": account} for account in sorted(account_ids)])


async def touch_cards(
    tx: Tx,
    kind: CardKind,
    subject_id: int,
    account_ids: Collection[int] | None = None,
    *,
    priority: Priority | None = None,
) -> None:
    """Have the cards of a subject shown anew where they are: all, or those of `account_ids`.

    Without `priority` they keep theirs.
    """
    if account_ids is not None and not account_ids:
        return
    subject = {"of_kind": kind, "of_subject": subject_id}
    if account_ids is not None:
        subject["of_accounts"] = in_few_lengths(account_ids)
    connection = await tx.connection()
    await connection.execute(_touching(priority, is_of_some=account_ids is not None), subject)


@functools.cache
def _touching(priority: Priority | None, *, is_of_some: bool) -> sa.Update:
    """Give the statement, made once: each ballot touches cards."""
    which = (col(LiveCardRow.kind) == sa.bindparam("of_kind")) & (
        col(LiveCardRow.subject_id) == sa.bindparam("of_subject")
    )
    if is_of_some:
        which &= col(LiveCardRow.account_id).in_(sa.bindparam("of_accounts", expanding=True))
    return _touch_of(which, priority)


async def touch_meeting_cards(
    tx: Tx, meeting_id: int, kinds: Collection[CardKind], *, priority: Priority | None = None
) -> None:
    """Have all of a meeting's cards of these kinds shown anew where they are."""
    of_meeting = (col(LiveCardRow.meeting_id) == meeting_id) & col(LiveCardRow.kind).in_(kinds)
    await _touch(tx, of_meeting, priority)


async def touch_account_cards(tx: Tx, account_id: int) -> None:
    """Have all cards of an account shown anew where they are."""
    await _touch(tx, col(LiveCardRow.account_id) == account_id, None)


async def _touch(tx: Tx, which: sa.ColumnElement[bool], priority: Priority | None) -> None:
    await tx.exec(_touch_of(which, priority), execution_options={"synchronize_session": False})


def _touch_of(which: sa.ColumnElement[bool], priority: Priority | None) -> sa.Update:
    # Locked in order of id, so that two transactions can't wait for each other.
    ids = sa.select(col(LiveCardRow.id)).where(which).order_by(col(LiveCardRow.id)).with_for_update()
    changes: dict[str, Any] = {"wanted_version": col(LiveCardRow.wanted_version) + 1}
    if priority is not None:
        changes["priority"] = _more_urgent(sa.literal(int(priority)))
    return sa.update(LiveCardRow).where(col(LiveCardRow.id).in_(ids)).values(changes)


def _more_urgent(priority: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Give the new priority, but for a card that waits with a more urgent one."""
    waits = is_stale() & (col(LiveCardRow.priority) < priority)
    return sa.case((waits, col(LiveCardRow.priority)), else_=priority)


async def forget_cards(
    tx: Tx, account_id: int, *, organisation_id: int | None, but: Collection[CardKind] = ()
) -> None:
    """Follow nothing more in this account but such cards: of one organisation, or of all with None."""
    cards = sa.delete(LiveCardRow).where(col(LiveCardRow.account_id) == account_id)
    if organisation_id is not None:
        cards = cards.where(col(LiveCardRow.organisation_id) == organisation_id)
    if but:
        cards = cards.where(col(LiveCardRow.kind).not_in(but))
    await tx.exec(cards, execution_options={"synchronize_session": False})


async def list_cards_to_show(
    tx: Tx, now: datetime, card_ids: Collection[int], *, is_held: bool = False
) -> list[CardToShow]:
    """Give those of the cards that can be shown now, in order of id.

    `is_held`: their accounts are held until the transaction ends; those that others hold are left out.
    """
    if not card_ids:
        return []
    ready = (
        select(LiveCardRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(LiveCardRow.account_id))
        .where(is_ready(now), is_free(now), col(LiveCardRow.id).in_(card_ids))
        .order_by(col(LiveCardRow.id))
    )
    if is_held:
        ready = ready.with_for_update(skip_locked=True, of=AccountRow)
    rows = await tx.exec(ready.execution_options(populate_existing=True))
    return [_card(row, account) for row, account in rows]


def is_stale() -> sa.ColumnElement[bool]:
    """Which cards are not shown as they are now."""
    return col(LiveCardRow.wanted_version) > col(LiveCardRow.shown_version)


def is_ready(now: datetime) -> sa.ColumnElement[bool]:
    """Which cards may be shown, as far as it is for them."""
    return is_stale() & (col(LiveCardRow.next_try_at).is_(None) | (col(LiveCardRow.next_try_at) <= now))


def is_free(now: datetime) -> sa.ColumnElement[bool]:
    """Which accounts' chats are not resting."""
    return col(AccountRow.rests_until).is_(None) | (col(AccountRow.rests_until) <= now)


def _card(row: LiveCardRow, account: AccountRow) -> CardToShow:
    if row.id is None or account.id is None:
        raise ValueError("a row that was read has an id")
    return CardToShow(
        card_id=row.id,
        account_id=account.id,
        platform=account.platform,
        chat=account.chat,
        is_group=account.is_group,
        kind=row.kind,
        subject_id=row.subject_id,
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        priority=Priority(row.priority),
        wanted_version=row.wanted_version,
        ref=row.ref,
        attempts=row.attempts,
    )


async def put_shown(
    tx: Tx,
    card_id: int,
    version: int,
    ref: str | None,
    now: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    """Record that a version is shown at `ref`; a newer one is shown not before `not_before`."""
    shown = {"shown_version": version, "shown_at": now, "ref": ref, "attempts": 0, "next_try_at": not_before}
    card = sa.update(LiveCardRow).where(col(LiveCardRow.id) == card_id)
    await (await tx.connection()).execute(card.values(shown))


async def is_live(tx: Tx, account_id: int, ref: str) -> bool:
    """Whether one of the account's live cards stands at this very place."""
    found = select(LiveCardRow.id).where(
        col(LiveCardRow.account_id) == account_id, col(LiveCardRow.ref) == ref
    )
    return (await tx.exec(found.limit(1))).first() is not None


async def move_card(tx: Tx, kind: CardKind, subject_id: int, account_id: int, ref: str | None) -> bool:
    """Have a live card shown at another place from now on, or anew with None; tell whether there is one."""
    moved = await tx.exec(
        sa.update(LiveCardRow)
        .where(
            col(LiveCardRow.kind) == kind,
            col(LiveCardRow.subject_id) == subject_id,
            col(LiveCardRow.account_id) == account_id,
        )
        .values(ref=ref, wanted_version=col(LiveCardRow.wanted_version) + 1)
        .returning(col(LiveCardRow.id)),
        execution_options={"synchronize_session": False},
    )
    return moved.first() is not None


async def put_card_failed(tx: Tx, card_id: int, next_try_at: datetime) -> None:
    """Record that a card could not be shown and is to be tried again, not before an instant."""
    await tx.exec(
        sa.update(LiveCardRow)
        .where(col(LiveCardRow.id) == card_id)
        .values(attempts=col(LiveCardRow.attempts) + 1, next_try_at=next_try_at),
        execution_options={"synchronize_session": False},
    )


async def list_card_versions(tx: Tx, platform: str, chats: Collection[str]) -> list[CardVersion]:
    """Give what the chats of a platform should show, the oldest card first."""
    # Columns, not rows: open pages ask for this many times a minute. The order of CardVersion's fields.
    statement: Select[int, int, str, CardKind, int, int, int | None, int] = Select(
        col(LiveCardRow.id),
        col(LiveCardRow.account_id),
        col(AccountRow.chat),
        col(LiveCardRow.kind),
        col(LiveCardRow.subject_id),
        col(LiveCardRow.organisation_id),
        col(LiveCardRow.meeting_id),
        col(LiveCardRow.wanted_version),
    )
    found = await tx.exec(
        statement.join(AccountRow, col(AccountRow.id) == col(LiveCardRow.account_id))
        .where(col(AccountRow.platform) == platform, col(AccountRow.chat).in_(chats))
        .order_by(col(LiveCardRow.id))
    )
    return [CardVersion(*row) for row in found]

"""Which of a person's accounts was used last: what is new goes there, and to the pages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.expression import Select

from storage.database import Tx
from storage.platforms import ON_PAGES
from storage.rows import AccountRow, BindingRow

_mine = aliased(BindingRow)
_other = aliased(BindingRow)
_others_account = aliased(AccountRow)


@dataclass(frozen=True, slots=True)
class OtherAccount:
    """Another account of somebody's, who is a person of this organisation."""

    organisation_id: int
    person_id: int
    account_id: int
    platform: str


def last_use(binding: type[BindingRow]) -> sa.ColumnElement[datetime]:
    """When an account was used last for a person, as far as it matters for the order among theirs."""
    return sa.func.coalesce(col(binding.used_at), col(binding.bound_at))


def _is_later(one: type[BindingRow], than: type[BindingRow]) -> sa.ColumnElement[bool]:
    at, then = last_use(one), last_use(than)
    return sa.or_(at > then, sa.and_(at == then, col(one.id) > col(than.id)))


def _is_chat_used_since() -> sa.ColumnElement[bool]:
    """Whether the other one is a chat that the same person used after this one."""
    return sa.and_(
        col(_other.person_id) == col(_mine.person_id),
        col(_other.platform).not_in(ON_PAGES),
        _is_later(_other, _mine),
    )


def is_set_aside(account_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    """Whether somebody for whom this account, a chat, speaks has used another chat since.

    Each by an index, so that it costs next to nothing of those who have one account.
    """
    return (
        sa.select(col(_other.id))
        .select_from(_mine)
        .join(_other, _is_chat_used_since())
        .where(col(_mine.account_id) == account_id)
        .correlate_except(_mine, _other)
        .exists()
    )


async def put_used(tx: Tx, account_id: int, now: datetime) -> None:
    """Record that an account is the one used last of each person for whom it speaks."""
    latest = (
        sa.select(sa.func.max(last_use(_other)))
        .select_from(_mine)
        .join(_other, col(_other.person_id) == col(_mine.person_id))
        .where(col(_mine.account_id) == account_id, col(_other.account_id) != account_id)
    )
    connection = await tx.connection()
    before: datetime | None = (await connection.execute(latest)).scalar()
    # A clock that was set back must not keep it behind the others.
    at = now if before is None else max(now, before + timedelta(microseconds=1))
    used = sa.update(BindingRow).where(col(BindingRow.account_id) == account_id).values(used_at=at)
    await connection.execute(used)


async def list_set_aside(tx: Tx, organisation_id: int, account_ids: Collection[int]) -> set[int]:
    """Give those of the accounts, chats, whose people use another one by now that still reaches them.

    Pages and groups are never among them.
    """
    if not account_ids:
        return set()
    later = (
        sa.select(col(_mine.account_id))
        .select_from(_mine)
        .join(_other, _is_chat_used_since())
        .join(_others_account, col(_others_account.id) == col(_other.account_id))
        .where(
            col(_mine.organisation_id) == organisation_id,
            col(_mine.account_id).in_(set(account_ids)),
            col(_mine.platform).not_in(ON_PAGES),
            col(_others_account.gone_at).is_(None),
        )
    )
    return set(await (await tx.connection()).scalars(later))


async def list_successors(tx: Tx, account_id: int) -> list[OtherAccount]:
    """Give through which chats those are reached for whom this one spoke last, where there are others.

    Of each person it is the one used last that still reaches them; whoever uses another one by now is left
    out.
    """
    rows = await (await tx.connection()).execute(
        sa.select(
            _is_later(_other, _mine),
            col(_other.organisation_id),
            col(_other.person_id),
            col(_other.account_id),
            col(_other.platform),
        )
        .select_from(_mine)
        .join(_other, col(_other.person_id) == col(_mine.person_id))
        .join(_others_account, col(_others_account.id) == col(_other.account_id))
        .where(
            col(_mine.account_id) == account_id,
            col(_other.account_id) != account_id,
            col(_other.platform).not_in(ON_PAGES),
            col(_others_account.gone_at).is_(None),
        )
        .order_by(last_use(_other), col(_other.id))
    )
    # The last of each person's stands.
    last: dict[int, tuple[bool, OtherAccount]] = {}
    for is_later, organisation_id, person_id, other_id, platform in rows:
        last[person_id] = (is_later, OtherAccount(organisation_id, person_id, other_id, platform))
    return [successor for is_later, successor in last.values() if not is_later]


async def find_chat_in_use(tx: Tx, person_id: int) -> int | None:
    """Give the chat through which a person is reached: the one used last, if there is any."""
    chats = (
        sa.select(col(AccountRow.id))
        .join(BindingRow, col(BindingRow.account_id) == col(AccountRow.id))
        .where(
            col(BindingRow.person_id) == person_id,
            col(AccountRow.platform).not_in(ON_PAGES),
            col(AccountRow.gone_at).is_(None),
        )
        .order_by(last_use(BindingRow).desc(), col(BindingRow.id).desc())
    )
    found: int | None = await (await tx.connection()).scalar(chats.limit(1))
    return found


async def list_other_chats(tx: Tx, person_id: int, account_id: int) -> list[OtherAccount]:
    """Give the chats of a person but this one."""
    chats = sa.select(
        col(BindingRow.organisation_id),
        col(BindingRow.person_id),
        col(BindingRow.account_id),
        col(BindingRow.platform),
    ).where(
        col(BindingRow.person_id) == person_id,
        col(BindingRow.account_id) != account_id,
        col(BindingRow.platform).not_in(ON_PAGES),
    )
    rows = await (await tx.connection()).execute(chats.order_by(col(BindingRow.account_id)))
    return [OtherAccount(*row) for row in rows]


async def list_chat_platforms(tx: Tx, person_ids: Collection[int]) -> dict[int, str]:
    """Give on which platform each of these people is reached in a chat; others are left out."""
    statement: Select[int, str] = Select(col(BindingRow.person_id), col(BindingRow.platform))
    chats = (
        statement.join(AccountRow, col(AccountRow.id) == col(BindingRow.account_id))
        .where(
            col(BindingRow.person_id).in_(set(person_ids)),
            col(BindingRow.platform).not_in(ON_PAGES),
            col(AccountRow.gone_at).is_(None),
        )
        .order_by(last_use(BindingRow), col(BindingRow.id))
    )
    return dict(iter(await tx.exec(chats)))  # the last of each stands

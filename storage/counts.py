"""Messages counted by bot and month, for platforms whose plans have so many."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from meeting.thrift import Usage
from storage.database import Tx
from storage.inserts import insert
from storage.rows import AccountRow, BindingRow, MessageCountRow


@dataclass(frozen=True, slots=True)
class Count:
    """A month's count; `warned` is the percent of the plan that the organisers were told of last, or 0."""

    usage: Usage
    warned: int


async def add_to_count(
    tx: Tx, platform: str, bot: str, month: str, *, sent: int = 0, received: int = 0
) -> Count:
    """Count messages and give the month's count, which is held until the transaction ends."""
    statement = insert(tx, MessageCountRow)
    counted = (
        statement.values(platform=platform, bot=bot, month=month, sent=sent, received=received, warned=0)
        .on_conflict_do_update(
            index_elements=["platform", "bot", "month"],
            set_={
                "sent": col(MessageCountRow.sent) + statement.excluded.sent,
                "received": col(MessageCountRow.received) + statement.excluded.received,
            },
        )
        .returning(
            statement.table.c.sent,
            statement.table.c.received,
            statement.table.c.warned,
        )
    )
    total, got, warned = (await (await tx.connection()).execute(counted)).one()
    return Count(Usage(total, got), warned)


async def find_usage(tx: Tx, platform: str, bot: str, month: str) -> Usage:
    """Give what a bot sent and got in a month."""
    found = (await tx.exec(select(MessageCountRow).where(*_of(platform, bot, month)))).first()
    return Usage() if found is None else Usage(found.sent, found.received)


async def put_warned(tx: Tx, platform: str, bot: str, month: str, share: int) -> None:
    """Record of which percent the organisers were told."""
    of_month = sa.update(MessageCountRow).where(*_of(platform, bot, month))
    await tx.exec(of_month.values(warned=share), execution_options={"synchronize_session": False})


def _of(platform: str, bot: str, month: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(MessageCountRow.platform) == platform,
        col(MessageCountRow.bot) == bot,
        col(MessageCountRow.month) == month,
    )


async def has_counts(tx: Tx) -> bool:
    """Whether messages were ever counted here."""
    return (await tx.exec(select(MessageCountRow.month).limit(1))).first() is not None


async def count_people(tx: Tx, platform: str) -> int:
    """Give how many people have written to the bot of a platform and can be reached there."""
    reached = (
        col(AccountRow.platform) == platform,
        col(AccountRow.gone_at).is_(None),
        col(AccountRow.is_group).is_(False),
    )
    return (await tx.exec(select(sa.func.count()).select_from(AccountRow).where(*reached))).one()


async def list_organisations_on(tx: Tx, platform: str) -> list[int]:
    """Give the organisations of which somebody is on a platform, in order."""
    rows = await tx.exec(
        select(BindingRow.organisation_id)
        .where(col(BindingRow.platform) == platform)
        .distinct()
        .order_by(col(BindingRow.organisation_id))
    )
    return list(rows)

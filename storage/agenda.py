"""The items of an agenda."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from meeting.agenda import ItemKind
from meeting.plan import PlannedItem
from meeting.tally import Decision
from meeting.voting import VoteState
from storage import versions
from storage.database import Tx, flushed
from storage.errors import ItemNotFoundError
from storage.meetings import lock_meeting
from storage.rows import ItemRow, VoteItemRow, VoteRow


@dataclass(frozen=True, slots=True)
class Item:
    """What handlers need to know of an item."""

    item_id: int
    organisation_id: int
    meeting_id: int
    title: str
    kind: ItemKind
    is_advisory: bool
    text_version: int
    decision: Decision | None
    is_counted: bool


async def add_item(tx: Tx, organisation_id: int, meeting_id: int, item: PlannedItem, now: datetime) -> int:
    """Add an item at the end, with version 1 of its text, and give the id."""
    last = await tx.exec(select(func.max(ItemRow.place)).where(col(ItemRow.meeting_id) == meeting_id))
    (item_id,) = await add_items(tx, organisation_id, meeting_id, [item], now, after=last.one() or 0)
    return item_id


async def add_items(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    items: Sequence[PlannedItem],
    now: datetime,
    *,
    after: int = 0,
) -> list[int]:
    """Add items in order after a place, each with version 1 of its text, and give their ids."""
    rows = [
        ItemRow(
            organisation_id=organisation_id,
            meeting_id=meeting_id,
            place=place,
            title=item.title,
            kind=item.kind,
            is_advisory=item.is_advisory,
            presenter=item.presenter,
            text_version=1,
            is_counted=False,
            additions=[],
        )
        for place, item in enumerate(items, start=after + 1)
    ]
    tx.add_all(rows)
    await tx.flush()
    texts = {flushed(row.id): item.text for row, item in zip(rows, items, strict=True)}
    await versions.add_first_versions(tx, organisation_id, texts, now)
    return list(texts)


def _item(row: ItemRow) -> Item:
    return Item(
        flushed(row.id),
        row.organisation_id,
        row.meeting_id,
        row.title,
        row.kind,
        row.is_advisory,
        row.text_version,
        row.decision,
        row.is_counted,
    )


async def get_item(tx: Tx, item_id: int) -> Item:
    """Give an item, the meeting held; raises ItemNotFoundError."""
    meeting_id = (await tx.exec(select(ItemRow.meeting_id).where(col(ItemRow.id) == item_id))).first()
    if meeting_id is None:
        raise ItemNotFoundError(item_id)
    await lock_meeting(tx, meeting_id)
    found = select(ItemRow).where(col(ItemRow.id) == item_id)
    return _item((await tx.exec(found.execution_options(populate_existing=True))).one())


async def list_items(tx: Tx, meeting_id: int) -> list[Item]:
    """Give the items that were not skipped, in order."""
    rows = await tx.exec(
        select(ItemRow)
        .where(
            col(ItemRow.meeting_id) == meeting_id,
            sa.or_(col(ItemRow.decision).is_(None), col(ItemRow.decision) != Decision.SKIPPED),
        )
        .order_by(col(ItemRow.place), col(ItemRow.id))
    )
    return [_item(row) for row in rows]


async def put_item(tx: Tx, item_id: int, **values: Any) -> None:  # noqa: ANN401 - column values
    """Set columns of an item."""
    await tx.exec(sa.update(ItemRow).where(col(ItemRow.id) == item_id).values(**values))


async def put_item_order(tx: Tx, item_ids: Collection[int]) -> None:
    """Set the order of a meeting's items."""
    for place, item_id in enumerate(item_ids, start=1):
        await tx.exec(sa.update(ItemRow).where(col(ItemRow.id) == item_id).values(place=place))


async def list_active_votes_on(tx: Tx, item_id: int) -> list[int]:
    """Give the votes on an item that were begun and neither announced nor cancelled."""
    rows = await tx.exec(
        select(VoteItemRow.vote_id)
        .join(VoteRow, col(VoteRow.id) == col(VoteItemRow.vote_id))
        .where(
            col(VoteItemRow.item_id) == item_id,
            col(VoteRow.state).in_({VoteState.OPEN, VoteState.PAUSED, VoteState.CLOSED}),
        )
    )
    return list(rows)


async def find_meeting_of_item(tx: Tx, item_id: int) -> int | None:
    """Give the meeting of an item."""
    return (await tx.exec(select(ItemRow.meeting_id).where(col(ItemRow.id) == item_id))).first()

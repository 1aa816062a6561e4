"""The versions of items' texts, with where each comes from."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement
from sqlmodel import col
from sqlmodel.sql.expression import Select

from storage.agenda import find_meeting_of_item
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.reading.agenda import find_item, list_items
from storage.reading.meetings import get_meeting_view
from storage.rows import ItemRow, ItemVersionRow, OpinionRow, PaperRow
from storage.views import TextView, VersionView


async def get_text_view(tx: Tx, item_id: int) -> TextView:
    """Give an item with all versions of its text; raises ItemNotFoundError."""
    meeting_id = await find_meeting_of_item(tx, item_id)
    if meeting_id is None:
        raise ItemNotFoundError(item_id)
    item = find_item(await list_items(tx, meeting_id), item_id)
    if item is None:
        raise ItemNotFoundError(item_id)
    versions = await _list(tx, col(ItemRow.id) == item_id, {item_id: item.number})
    return TextView(await get_meeting_view(tx, meeting_id), item, tuple(versions))


async def list_versions(tx: Tx, meeting_id: int) -> list[VersionView]:
    """Give all versions of the texts of a meeting's items, in the order of the agenda and of each line."""
    numbers = {item.item_id: item.number for item in await list_items(tx, meeting_id)}
    return await _list(tx, col(ItemRow.meeting_id) == meeting_id, numbers)


async def _list(tx: Tx, which: ColumnElement[bool], numbers: Mapping[int, int]) -> list[VersionView]:
    statement: Select[ItemVersionRow, str | None, int | None] = Select(
        ItemVersionRow, col(PaperRow.name), col(OpinionRow.number)
    )
    rows = await tx.exec(
        statement.join(ItemRow, col(ItemRow.id) == col(ItemVersionRow.item_id))
        .outerjoin(PaperRow, col(PaperRow.id) == col(ItemVersionRow.paper_id))
        .outerjoin(OpinionRow, col(OpinionRow.id) == col(ItemVersionRow.opinion_id))
        .where(which)
        .order_by(col(ItemRow.place), col(ItemRow.id), col(ItemVersionRow.version))
        .execution_options(populate_existing=True)
    )
    return [
        VersionView(
            item_id=row.item_id,
            number=numbers[row.item_id],
            version=row.version,
            text=row.text,
            addition=row.addition,
            opinion=opinion,
            paper=paper,
            made_at=row.made_at,
        )
        for row, paper, opinion in rows
    ]

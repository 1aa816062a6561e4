"""The agenda and what became of it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, func
from sqlmodel import col
from sqlmodel.sql.expression import Select

from meeting.agenda import ItemKind
from meeting.tally import Decision
from storage.database import Tx
from storage.reading.meetings import get_meeting_view
from storage.rows import ItemRow, ItemVersionRow
from storage.views import AgendaView, ItemView


async def list_items(tx: Tx, meeting_id: int) -> list[ItemView]:
    """Give a meeting's items in the order of their places, skipped ones where they were."""
    statement: Select[int, ItemRow, str] = Select(
        col(ItemRow.id), ItemRow, func.coalesce(ItemVersionRow.text, "")
    )
    rows = (
        await tx.exec(
            statement.outerjoin(
                ItemVersionRow,
                and_(
                    col(ItemVersionRow.item_id) == ItemRow.id,
                    col(ItemVersionRow.version) == ItemRow.text_version,
                ),
            )
            .where(ItemRow.meeting_id == meeting_id)
            .order_by(col(ItemRow.place), col(ItemRow.id))
            .execution_options(populate_existing=True)
        )
    ).all()
    return [
        ItemView(
            item_id=item_id,
            number=number,
            title=row.title,
            kind=row.kind,
            is_advisory=row.is_advisory,
            presenter=row.presenter,
            text_version=row.text_version,
            text=text,
            decision=row.decision,
            is_counted=row.is_counted,
            additions=tuple(row.additions),
            decided_at=row.decided_at,
        )
        for number, (item_id, row, text) in enumerate(rows, start=1)
    ]


async def get_agenda_view(tx: Tx, meeting_id: int) -> AgendaView:
    """Give the whole agenda; raises MeetingNotFoundError."""
    meeting = await get_meeting_view(tx, meeting_id)
    items = await list_items(tx, meeting_id)
    return AgendaView(meeting, tuple(items))


def find_item(items: Sequence[ItemView], item_id: int | None) -> ItemView | None:
    """Give the item with this id, or None."""
    return next((item for item in items if item.item_id == item_id), None)


def find_next_item(items: Sequence[ItemView], current: ItemView | None) -> ItemView | None:
    """Give the next item after the current one that is undecided, or the first such where none is current."""
    following = items if current is None else items[items.index(current) + 1 :]
    return next((item for item in following if item.decision is None), None)


def is_method_adopted(items: Iterable[ItemView]) -> bool:
    """Whether the method of voting was adopted, or the agenda doesn't hold it (`product.md` §2, check-in)."""
    methods = [
        item
        for item in items
        if item.kind is ItemKind.VOTING_METHOD and item.decision is not Decision.SKIPPED
    ]
    adopted = {Decision.ADOPTED, Decision.ADOPTED_WITH_ADDITIONS}
    return not methods or any(item.decision in adopted for item in methods)

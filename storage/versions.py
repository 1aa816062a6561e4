"""The versions of items' texts: a line for each item, from version 1, to which only the next is added."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.versions import Wording, gained_by
from storage.database import Tx
from storage.rows import ItemRow, ItemVersionRow, VoteItemRow, VoteRow


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A text with where it comes from: what was added, by which opinion, from which paper, by whom."""

    text: str
    made_at: datetime
    addition: str = ""
    opinion_id: int | None = None
    paper_id: int | None = None
    made_by: int | None = None


async def add_first_versions(tx: Tx, organisation_id: int, texts: Mapping[int, str], now: datetime) -> None:
    """Give new items version 1 of their text, by item id; "" where there is none yet."""
    tx.add_all(
        ItemVersionRow(organisation_id=organisation_id, item_id=item_id, version=1, text=text, made_at=now)
        for item_id, text in texts.items()
    )
    await tx.flush()


async def get_text(tx: Tx, item_id: int, version: int) -> str:
    """Give an item's text in a version that exists."""
    found = select(ItemVersionRow.text).where(
        col(ItemVersionRow.item_id) == item_id, col(ItemVersionRow.version) == version
    )
    return (await tx.exec(found)).one()


async def add_version(tx: Tx, organisation_id: int, item_id: int, newest: int, version: NewVersion) -> int:
    """Add the version after the newest, which the item then has, and give its number."""
    number = newest + 1
    tx.add(
        ItemVersionRow(
            organisation_id=organisation_id,
            item_id=item_id,
            version=number,
            text=version.text,
            made_at=version.made_at,
            addition=version.addition,
            opinion_id=version.opinion_id,
            paper_id=version.paper_id,
            made_by=version.made_by,
        )
    )
    await tx.flush()
    await tx.exec(sa.update(ItemRow).where(col(ItemRow.id) == item_id).values(text_version=number))
    return number


async def put_first_text(tx: Tx, item_id: int, version: NewVersion) -> None:
    """Give an item that had no text yet its first one, as version 1."""
    first = (col(ItemVersionRow.item_id) == item_id, col(ItemVersionRow.version) == 1)
    await tx.exec(
        sa.update(ItemVersionRow)
        .where(*first)
        .values(
            text=version.text,
            made_at=version.made_at,
            paper_id=version.paper_id,
            made_by=version.made_by,
        )
    )


async def is_named(tx: Tx, item_id: int) -> bool:
    """Whether a vote that was ever opened is about an item, so that its versions are what they are."""
    found = (
        select(VoteItemRow.vote_id)
        .join(VoteRow, col(VoteRow.id) == col(VoteItemRow.vote_id))
        .where(
            col(VoteItemRow.item_id) == item_id,
            col(VoteRow.opened_at).is_not(None),
        )
        .limit(1)
    )
    return (await tx.exec(found)).first() is not None


async def list_additions(tx: Tx, versions: Mapping[int, int]) -> dict[int, list[str]]:
    """Give what each item's text has gained in the version named for it, in order; others are left out."""
    lines = await list_lines(tx, [item_id for item_id, version in versions.items() if version > 1])
    gained = {item_id: gained_by(line[: versions[item_id]]) for item_id, line in lines.items()}
    return {item_id: additions for item_id, additions in gained.items() if additions}


async def list_lines(tx: Tx, item_ids: Collection[int]) -> dict[int, list[Wording]]:
    """Give all versions of items' texts from version 1 on, by item id."""
    if not item_ids:
        return {}
    statement: Select[int, str, str, int | None] = Select(
        col(ItemVersionRow.item_id),
        col(ItemVersionRow.text),
        col(ItemVersionRow.addition),
        col(ItemVersionRow.opinion_id),
    )
    rows = await tx.exec(
        statement.where(col(ItemVersionRow.item_id).in_(item_ids)).order_by(
            col(ItemVersionRow.item_id), col(ItemVersionRow.version)
        )
    )
    lines: dict[int, list[Wording]] = {}
    for item_id, text, addition, opinion_id in rows:
        lines.setdefault(item_id, []).append(Wording(text, addition, opinion_id))
    return lines

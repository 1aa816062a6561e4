"""Files that are handed out by an address: kept by their digest until they expire, read a piece at a time."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from storage.database import Tx
from storage.inserts import insert
from storage.rows import HandedFileRow


@dataclass(frozen=True, slots=True)
class HandedView:
    """A file without its bytes, of which there are `size`."""

    name: str
    media_type: str
    size: int


async def find_handed(tx: Tx, sha256: str, until: datetime) -> int | None:
    """Give the id of the file with a digest, if it is kept until an instant at least."""
    kept = select(HandedFileRow.id).where(
        col(HandedFileRow.sha256) == sha256, col(HandedFileRow.expires_at) >= until
    )
    return (await tx.exec(kept)).first()


async def put_handed(tx: Tx, sha256: str, name: str, media_type: str, content: bytes, until: datetime) -> int:
    """Keep a file until an instant at least, and give its id; a repeat only makes that later."""
    put = (
        insert(tx, HandedFileRow)
        .values(sha256=sha256, name=name, media_type=media_type, content=content, expires_at=until)
        .on_conflict_do_update(
            index_elements=["sha256"],
            set_={"expires_at": until},
            where=col(HandedFileRow.expires_at) < until,
        )
    )
    await tx.exec(put)
    found = select(HandedFileRow.id).where(col(HandedFileRow.sha256) == sha256)
    return int((await tx.exec(found)).one() or 0)


async def find_handed_view(tx: Tx, file_id: int) -> HandedView | None:
    """Give what is known of a file, or None where it is kept no more."""
    columns: Select[str, str, int] = Select(
        col(HandedFileRow.name), col(HandedFileRow.media_type), func.length(col(HandedFileRow.content))
    )
    row = (await tx.exec(columns.where(col(HandedFileRow.id) == file_id))).first()
    return None if row is None else HandedView(*row)


async def find_handed_piece(tx: Tx, file_id: int, start: int, length: int) -> bytes | None:
    """Give at most so many of a file's bytes from `start` (0) on, "" past its end; None once it is gone."""
    piece = select(func.substr(col(HandedFileRow.content), start + 1, length, type_=sa.LargeBinary()))
    found = (await tx.exec(piece.where(col(HandedFileRow.id) == file_id))).first()
    return None if found is None else bytes(found)


async def forget_expired_files(tx: Tx, now: datetime) -> None:
    """Keep nothing longer of what has expired."""
    await tx.exec(sa.delete(HandedFileRow).where(col(HandedFileRow.expires_at) <= now))

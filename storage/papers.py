"""Papers of meetings: listed without their bytes, which are read a piece at a time; and files that wait."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from meeting.papers import Paper, PaperKind
from storage.database import Tx, flushed
from storage.errors import PaperNotFoundError
from storage.inserts import insert
from storage.rows import ItemRow, PaperContentRow, PaperCopyRow, PaperRow, SentFileRow
from storage.views import PaperView, SentFileView

_KIND_OF = {kind.media_type: kind for kind in PaperKind}


async def add_paper(  # noqa: PLR0913 - a paper has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int | None,
    paper: Paper,
    content: bytes,
    *,
    added_by: int,
    now: datetime,
    is_evidence: bool = False,
) -> int:
    """Add a paper with its bytes, and give its id; evidence stands on no list of papers."""
    paper_id = await _add_row(
        tx, organisation_id, meeting_id, item_id, paper, added_by, now, is_evidence=is_evidence
    )
    await tx.exec(sa.insert(PaperContentRow).values(paper_id=paper_id, content=content))
    return paper_id


async def add_sent_paper(
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int | None,
    sent: SentFileView,
    *,
    added_by: int,
    now: datetime,
) -> int:
    """Make a paper of a file that waits, without loading it, and give its id; the file waits no more."""
    paper_id = await _add_row(tx, organisation_id, meeting_id, item_id, sent.paper, added_by, now)
    content = sa.select(sa.literal(paper_id), col(SentFileRow.content)).where(
        col(SentFileRow.id) == sent.file_id
    )
    await tx.exec(sa.insert(PaperContentRow).from_select(["paper_id", "content"], content))
    await forget_sent_file(tx, sent.file_id)
    return paper_id


async def _add_row(  # noqa: PLR0913 - a paper has these parts
    tx: Tx,
    organisation_id: int,
    meeting_id: int,
    item_id: int | None,
    paper: Paper,
    added_by: int,
    now: datetime,
    *,
    is_evidence: bool = False,
) -> int:
    row = PaperRow(
        organisation_id=organisation_id,
        meeting_id=meeting_id,
        item_id=item_id,
        name=paper.name,
        media_type=paper.kind.media_type,
        size=paper.size,
        sha256=paper.sha256,
        added_by=added_by,
        added_at=now,
        is_evidence=is_evidence,
    )
    tx.add(row)
    await tx.flush()
    return flushed(row.id)


def _view(row: PaperRow) -> PaperView:
    return PaperView(
        paper_id=flushed(row.id),
        organisation_id=row.organisation_id,
        meeting_id=row.meeting_id,
        item_id=row.item_id,
        paper=Paper(row.name, _KIND_OF[row.media_type], row.size, row.sha256),
        added_at=row.added_at,
        withdrawn_at=row.withdrawn_at,
        is_evidence=row.is_evidence,
    )


async def get_paper(tx: Tx, paper_id: int) -> PaperView:
    """Give a paper, also one that was withdrawn; raises PaperNotFoundError."""
    row = (await tx.exec(select(PaperRow).where(col(PaperRow.id) == paper_id))).first()
    if row is None:
        raise PaperNotFoundError(paper_id)
    return _view(row)


async def find_meeting_of_paper(tx: Tx, paper_id: int) -> int | None:
    """Give the meeting that a paper belongs to, or None where there is no such paper."""
    return (await tx.exec(select(PaperRow.meeting_id).where(col(PaperRow.id) == paper_id))).first()


async def list_papers(tx: Tx, meeting_id: int) -> list[PaperView]:
    """Give the papers that weren't withdrawn: the meeting's own first, then in the order of the items.

    What units back their scores with is left out.
    """
    rows = await tx.exec(
        select(PaperRow)
        .outerjoin(ItemRow, col(ItemRow.id) == col(PaperRow.item_id))
        .where(
            col(PaperRow.meeting_id) == meeting_id,
            col(PaperRow.withdrawn_at).is_(None),
            col(PaperRow.is_evidence).is_(False),
        )
        .order_by(func.coalesce(col(ItemRow.place), -1), col(PaperRow.id))
    )
    return [_view(row) for row in rows]


async def put_paper_withdrawn(tx: Tx, paper_id: int, now: datetime) -> None:
    """Withdraw a paper: its bytes and the platforms' copies of it are forgotten, its name and digest stay."""
    await tx.exec(sa.update(PaperRow).where(col(PaperRow.id) == paper_id).values(withdrawn_at=now))
    await tx.exec(sa.delete(PaperContentRow).where(col(PaperContentRow.paper_id) == paper_id))
    await tx.exec(sa.delete(PaperCopyRow).where(col(PaperCopyRow.paper_id) == paper_id))


async def find_piece(tx: Tx, paper_id: int, start: int, length: int) -> bytes | None:
    """Give at most so many of a paper's bytes from `start` (0) on, "" past its end; None once withdrawn."""
    piece = select(func.substr(col(PaperContentRow.content), start + 1, length, type_=sa.LargeBinary()))
    found = (await tx.exec(piece.where(col(PaperContentRow.paper_id) == paper_id))).first()
    return None if found is None else bytes(found)


# What platforms keep


async def find_copy(tx: Tx, paper_id: int, platform: str) -> str | None:
    """Give the name by which a platform knows a paper, or None where it was never sent there."""
    return (
        await tx.exec(
            select(PaperCopyRow.ref).where(
                col(PaperCopyRow.paper_id) == paper_id, col(PaperCopyRow.platform) == platform
            )
        )
    ).first()


async def put_copy(tx: Tx, paper_id: int, platform: str, ref: str) -> None:
    """Note by which name a platform knows a paper; of one that was withdrawn meanwhile nothing is noted."""
    if (await get_paper(tx, paper_id)).withdrawn_at is not None:
        return
    values = {"paper_id": paper_id, "platform": platform, "ref": ref}
    await tx.exec(
        insert(tx, PaperCopyRow)
        .values(values)
        .on_conflict_do_update(index_elements=["paper_id", "platform"], set_={"ref": ref})
    )


async def forget_copy(tx: Tx, paper_id: int, platform: str, ref: str) -> None:
    """Forget a name that a platform doesn't know any more; a newer one stays."""
    await tx.exec(
        sa.delete(PaperCopyRow).where(
            col(PaperCopyRow.paper_id) == paper_id,
            col(PaperCopyRow.platform) == platform,
            col(PaperCopyRow.ref) == ref,
        )
    )


# Files that wait until it is said what they are for


async def add_sent_file(tx: Tx, account_id: int, paper: Paper, content: bytes, now: datetime) -> None:
    """Keep a file for its sender; one with the same bytes is kept already."""
    values = {
        "account_id": account_id,
        "name": paper.name,
        "media_type": paper.kind.media_type,
        "size": paper.size,
        "sha256": paper.sha256,
        "content": content,
        "sent_at": now,
    }
    added = insert(tx, SentFileRow).on_conflict_do_nothing(index_elements=["account_id", "sha256"])
    await tx.exec(added.values(values))


async def list_sent_files(tx: Tx, account_id: int) -> list[SentFileView]:
    """Give what an account has sent without saying what for, in the order of sending."""
    statement: Select[int, str, str, int, str] = Select(
        col(SentFileRow.id),
        col(SentFileRow.name),
        col(SentFileRow.media_type),
        col(SentFileRow.size),
        col(SentFileRow.sha256),
    )
    rows = await tx.exec(
        statement.where(col(SentFileRow.account_id) == account_id).order_by(col(SentFileRow.id))
    )
    return [
        SentFileView(file_id, Paper(name, _KIND_OF[media_type], size, sha256))
        for file_id, name, media_type, size, sha256 in rows
    ]


async def find_sent_content(tx: Tx, file_id: int) -> bytes | None:
    """Give the bytes of a file that waits, or None where it waits no more."""
    return (await tx.exec(select(SentFileRow.content).where(col(SentFileRow.id) == file_id))).first()


async def forget_sent_file(tx: Tx, file_id: int) -> None:
    """Keep a file no longer."""
    await tx.exec(sa.delete(SentFileRow).where(col(SentFileRow.id) == file_id))


async def forget_sent_files(tx: Tx, account_id: int) -> None:
    """Keep nothing longer of what an account has sent."""
    await tx.exec(sa.delete(SentFileRow).where(col(SentFileRow.account_id) == account_id))


async def forget_old_sent_files(tx: Tx, before: datetime) -> None:
    """Keep nothing longer of what was sent before an instant."""
    await tx.exec(sa.delete(SentFileRow).where(col(SentFileRow.sent_at) < before))

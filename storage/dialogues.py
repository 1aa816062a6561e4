"""Pending questions: one for each account, versioned, so that a stale button or answer is noticed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from storage.database import Tx
from storage.rows import DialogueRow


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A question that waits for an answer; `state` holds JSON values."""

    account_id: int
    topic: str
    version: int
    state: dict[str, Any]


async def find_dialogue(tx: Tx, account_id: int) -> Dialogue | None:
    """Give the account's pending question."""
    row = (await tx.exec(select(DialogueRow).where(col(DialogueRow.account_id) == account_id))).first()
    return None if row is None or not row.topic else Dialogue(account_id, row.topic, row.version, row.state)


async def put_dialogue(tx: Tx, account_id: int, topic: str, state: dict[str, Any], now: datetime) -> int:
    """Ask a question in place of the pending one; give its version, which no earlier one had."""
    row = (
        await tx.exec(select(DialogueRow).where(col(DialogueRow.account_id) == account_id).with_for_update())
    ).first()
    if row is None:
        row = DialogueRow(account_id=account_id, topic=topic, version=1, state=state, updated_at=now)
    else:
        row.topic, row.state, row.updated_at = topic, state, now
        row.version += 1
    tx.add(row)
    await tx.flush()
    return row.version


async def forget_dialogue(tx: Tx, account_id: int) -> None:
    """Drop the pending question; its version is kept, so that its buttons stay stale."""
    await tx.exec(
        sa.update(DialogueRow)
        .where(col(DialogueRow.account_id) == account_id)
        .values(topic="", state={}, version=DialogueRow.version + 1)
    )

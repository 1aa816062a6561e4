"""Pending questions: one for each account, versioned, so that a stale button or answer is noticed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from storage.database import Tx
from storage.inserts import insert
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
    question = {"topic": topic, "state": state, "updated_at": now}
    put = (
        insert(tx, DialogueRow)
        .values(account_id=account_id, version=1, **question)
        .on_conflict_do_update(
            index_elements=["account_id"], set_={"version": col(DialogueRow.version) + 1, **question}
        )
        .returning(col(DialogueRow.version))
    )
    return int((await tx.exec(put)).scalar_one())


async def forget_dialogue(tx: Tx, account_id: int, version: int | None = None) -> bool:
    """Drop the pending question, only of this version if given, and tell whether there was one.

    Of two transactions that drop it at the same time one is told so. The next question's version is another,
    so that the buttons of this one stay stale.
    """
    pending = (col(DialogueRow.account_id) == account_id) & (col(DialogueRow.topic) != "")
    if version is not None:
        pending &= col(DialogueRow.version) == version
    dropped = await tx.exec(
        sa.update(DialogueRow)
        .where(pending)
        .values(topic="", state={}, version=col(DialogueRow.version) + 1),
        execution_options={"synchronize_session": False},
    )
    return dropped.rowcount > 0

"""What numbers mean in chats whose platform has no buttons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlmodel import col, select

from storage.database import Tx, flushed
from storage.inserts import insert
from storage.rows import AccountRow, ChatChoicesRow, MeetingRow


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """The account of a chat; its language is its own, else that of the meeting that it is about."""

    account_id: int
    language: str | None
    is_group: bool


async def find_chat_account(tx: Tx, platform: str, chat: str) -> ChatAccount | None:
    """Give the account whose chat it is, None where nobody is known there; the first of several."""
    language = func.coalesce(col(AccountRow.language), col(MeetingRow.language))
    found = (
        sa.select(col(AccountRow.id), language, col(AccountRow.is_group))
        .join(MeetingRow, col(MeetingRow.id) == col(AccountRow.current_meeting_id), isouter=True)
        .where(col(AccountRow.platform) == platform, col(AccountRow.chat) == chat)
        .order_by(col(AccountRow.id))
    )
    row = (await (await tx.connection()).execute(found.limit(1))).first()
    return None if row is None else ChatAccount(flushed(row[0]), row[1], row[2])


async def find_choices(tx: Tx, platform: str, chat: str, *, is_held: bool = False) -> dict[str, Any] | None:
    """Give what was kept of a chat as JSON values; with `is_held` others wait to change it."""
    found = select(ChatChoicesRow.shown).where(
        col(ChatChoicesRow.platform) == platform, col(ChatChoicesRow.chat) == chat
    )
    kept = (await tx.exec(found.with_for_update() if is_held else found)).first()
    return None if kept is None else dict(kept)


async def put_choices(tx: Tx, platform: str, chat: str, shown: dict[str, Any], now: datetime) -> None:
    """Keep what was shown in a chat, in place of what was kept before."""
    kept = {"shown": shown, "shown_at": now}
    put = insert(tx, ChatChoicesRow).values(platform=platform, chat=chat, **kept)
    await tx.exec(put.on_conflict_do_update(index_elements=["platform", "chat"], set_=kept))

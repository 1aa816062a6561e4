"""What a platform without buttons and files needs: choices by number, messages counted, files by address."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from storage.rows.columns import column, instant


class ChatChoicesRow(SQLModel, table=True):
    """What numbers mean in a chat whose platform has no buttons: the choices that it was shown last."""

    __tablename__ = "chat_choices"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    chat: str = Field(sa_column=Column(String(128), primary_key=True))
    shown: dict[str, Any] = column(JSON)
    shown_at: datetime = instant()


class MessageCountRow(SQLModel, table=True):
    """How many messages a bot sent and got in a month ("2026-11"), and up to which share it was warned of."""

    __tablename__ = "message_count"
    platform: str = Field(sa_column=Column(String(16), primary_key=True))
    bot: str = Field(sa_column=Column(String(64), primary_key=True))
    month: str = Field(sa_column=Column(String(7), primary_key=True))
    sent: int
    received: int
    warned: int


class HandedFileRow(SQLModel, table=True):
    """A file that was handed out by an address, until it expires; the same content is kept once."""

    __tablename__ = "handed_file"
    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(sa_column=Column(String(64), nullable=False, unique=True))
    name: str = column(String(200))
    media_type: str = column(String(100))
    content: bytes = column(LargeBinary)
    expires_at: datetime = instant(index=True)

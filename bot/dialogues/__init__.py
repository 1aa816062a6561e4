"""Conversations: what comes in becomes a request, what a handler gives becomes an answer."""

from bot.dialogues.receiving import Dialogues
from bot.dialogues.talk import Office

__all__ = ["Dialogues", "Office"]

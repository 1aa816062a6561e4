"""Telegram through the Bot API: long polling or a webhook in, messages with inline buttons out.

Importing this loads python-telegram-bot: import it only where Telegram is used.
"""

from bot.platforms.telegram.platform import TelegramPlatform
from bot.platforms.telegram.webhook import Inbound, Webhook

__all__ = ["Inbound", "TelegramPlatform", "Webhook"]

"""Telegram through the Bot API: long polling in, messages with inline buttons out, private chats.

Importing this loads python-telegram-bot: import it only where Telegram is used.
"""

from bot.platforms.telegram.platform import TelegramPlatform

__all__ = ["TelegramPlatform"]

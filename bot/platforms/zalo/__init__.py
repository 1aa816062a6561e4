"""Zalo, by its Bot Platform: no buttons, no edits, no files, but numbers, words and addresses."""

from bot.platforms.zalo.client import ZaloApi
from bot.platforms.zalo.platform import ZaloPlatform
from bot.platforms.zalo.webhook import Webhook

__all__ = ["Webhook", "ZaloApi", "ZaloPlatform"]

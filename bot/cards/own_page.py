"""The way from a chat to one's own page on the web."""

from datetime import datetime

from bot.cards.layout import soft, strong
from bot.platforms.base import Card, Line, Open
from bot.wording import own_page as wording
from bot.wording.voice import Voice


def own_page_card(voice: Voice, url: str, expires_at: datetime) -> Card:
    """Give the address of a person's own page, and what it is for."""
    return Card(
        (
            strong(wording.own_page_title(voice)),
            Line(wording.own_page_use(voice)),
            soft(wording.own_page_warning(voice, expires_at)),
        ),
        ((Open(wording.button_own_page(voice), url),),),
    )

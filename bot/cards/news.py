"""The draft of a news item, for the secretary."""

from bot.cards.layout import soft, strong
from bot.papers.news import MARK, NewsDraft
from bot.platforms.base import Attachment, Card, Line


def news_card(draft: NewsDraft, name: str) -> Card:
    """Give the draft to be read, with the same as a text file of this name."""
    lines = (
        strong(MARK),
        strong(draft.title),
        *map(Line, draft.paragraphs),
        *(soft(f"– {remark}") for remark in draft.remarks),
    )
    file = Attachment(name, "text/plain; charset=utf-8", draft.text.encode())
    return Card(lines, attachments=(file,))

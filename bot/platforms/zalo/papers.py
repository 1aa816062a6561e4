"""Papers that buttons hand over elsewhere: here they are files of the card, which saves a message."""

from collections import Counter
from dataclasses import replace

from bot.actions import GetPaper
from bot.platforms.base import Card, Choice, Do, Handout


def with_papers(card: Card) -> Card:
    """Give a card whose papers are files; what else can be done with one, said alike of several, names it."""
    files: list[Handout] = []
    rows: list[tuple[Choice, ...]] = []
    alike = Counter(choice.label for row in card.choices for choice in row)
    for row in card.choices:
        papers = [paper for one in row if (paper := _paper_of(one)) is not None]
        rest = [one for one in row if _paper_of(one) is None]
        if papers:
            rest = [
                replace(one, label=f"{one.label}: {papers[0].name}") if alike[one.label] > 1 else one
                for one in rest
            ]
        files += papers
        rows += [tuple(rest)] if rest else []
    if not files:
        return card
    return replace(card, choices=tuple(rows), attachments=(*card.attachments, *files))


def _paper_of(choice: Choice) -> Handout | None:
    if isinstance(choice, Do) and isinstance(choice.action, GetPaper):
        return Handout(choice.action.paper_id, choice.label)
    return None

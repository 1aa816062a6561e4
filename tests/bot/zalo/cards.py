"""Cards for stories."""

from bot.actions import CancelDialogue, CastVote, ShowAgenda
from bot.platforms.base import Ask, Card, Do, Line
from meeting.voting import Option

OPTIONS = (("Tán thành", Option.YES), ("Không tán thành", Option.NO), ("Ý kiến khác", Option.OTHER))


def ballot(number: int, vote_id: int | None = None, own: Option | None = None) -> Card:
    """A vote's card; the id is 100 more than the number, unless it is another run's."""
    vote_id = number + 100 if vote_id is None else vote_id
    rows = tuple((Do(label, CastVote(vote_id, option), option is own),) for label, option in OPTIONS)
    return Card((Line(f"Biểu quyết {number}"),), rows, number=number)


def menu(*labels: str, heading: str = "Trợ giúp", first: int = 0) -> Card:
    """Choices that are no vote's; they lead to the agendas of meetings, one after the other."""
    rows = tuple((Do(label, ShowAgenda(place, 0)),) for place, label in enumerate(labels, first))
    return Card((Line(heading),), rows)


def question(text: str = "Có bao nhiêu người tán thành?") -> Card:
    """What waits for something typed, with the way out."""
    return Card((Line(text),), ((Do("Hủy", CancelDialogue(3)),),), ask=Ask(100))

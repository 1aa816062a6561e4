"""What the senders of opinions are told, as long as it is so."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.cards.opinions import opinion_settled_card, opinions_settled_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from handlers.opinion_news import find_standings
from storage import opinions
from storage.database import Tx
from storage.views import MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_opinions(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> dict[int, Card]:
    """Give posts about opinions, by `post_id`; what another outcome has overtaken is left out of them."""
    cards = {}
    named = {int(opinion_id) for post in posts for opinion_id in post.facts["states"]}
    found = await find_standings(tx, named)
    into = await opinions.list_opinions_by_id(
        tx, {each.merged_into_id for each, _ in found.values() if each.merged_into_id is not None}
    )
    for post in posts:
        told = [
            (opinion, into.get(opinion.merged_into_id or 0))
            for opinion, state in found.values()
            if post.facts["states"].get(str(opinion.opinion_id)) == state
        ]
        voice = voices[post.post_id]
        match told:
            case []:
                continue
            case [(opinion, other)]:
                cards[post.post_id] = opinion_settled_card(voice, meeting, opinion, other)
            case _:
                cards[post.post_id] = opinions_settled_card(voice, meeting, told)
    return cards

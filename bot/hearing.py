"""What the senders of opinions are told, as long as it is so."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.cards.opinions import opinion_settled_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from handlers.opinion_news import find_standing
from storage import opinions
from storage.database import Tx
from storage.errors import OpinionNotFoundError
from storage.views import MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_opinions(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> dict[int, Card]:
    """Give posts about one opinion, by `post_id`; left out is what another outcome has overtaken."""
    try:
        opinion = await opinions.get_opinion(tx, posts[0].subject_id)
    except OpinionNotFoundError:
        return {}
    standing = await find_standing(tx, opinion)
    into = None if opinion.merged_into_id is None else await opinions.get_opinion(tx, opinion.merged_into_id)
    return {
        post.post_id: opinion_settled_card(voices[post.post_id], meeting, opinion, into)
        for post in posts
        if post.facts["state"] == standing
    }

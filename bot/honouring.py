"""What is told when titles are announced: to everybody how many receive them, to a recipient the own ones."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.cards.titles import title_given_card, titles_announced_card
from bot.platforms.base import Card
from bot.wording.voice import Voice, to_standing
from meeting.states import PostKind
from storage.database import Tx
from storage.reading import attendance_views, list_items
from storage.titles import list_own_titles, list_titles
from storage.views import MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_titles(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Give posts about titles that were announced with an item, by `post_id`."""
    announced = [one for one in await list_titles(tx, meeting.meeting_id) if one.announced_at is not None]
    about = {
        post.post_id: [one for one in announced if one.title_id in post.facts["titles"]] for post in posts
    }
    if posts[0].kind is PostKind.TITLES_ANNOUNCED:
        items = {item.item_id: item for item in await list_items(tx, meeting.meeting_id)}
        item = items.get(posts[0].subject_id)
        return {
            post_id: titles_announced_card(voices[post_id], meeting, item, titles)
            for post_id, titles in about.items()
            if titles
        }
    accounts = {post.account_id for post in posts}
    own = await list_own_titles(tx, [one.title_id for one in announced], accounts)
    seats = await attendance_views(tx, meeting.meeting_id, accounts)
    cards = {}
    for post in posts:
        received = own.get(post.account_id)
        seat = seats.get(post.account_id)
        titles = (
            [] if received is None else [t for t in about[post.post_id] if t.title_id in received.title_ids]
        )
        if received is not None and titles:
            voice = to_standing(voices[post.post_id], None if seat is None else seat.attendee.standing)
            cards[post.post_id] = title_given_card(voice, meeting, received.name, titles)
    return cards

"""What the signers of a pledge, and those who look after it, are told as long as it is so."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.cards.pledges import pledge_card, pledge_reminder_card, pledge_voided_card
from bot.dialogues.talk import voice_for
from bot.platforms.base import Card
from bot.wording.voice import Voice
from meeting.pledges import VoidReason
from meeting.states import PostKind
from storage.database import Tx
from storage.errors import PledgeNotFoundError
from storage.reading import pledge_views
from storage.views import MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_pledge(tx: Tx, pledge_id: int, accounts: Mapping[int, str | None]) -> Mapping[int, Card]:
    """Give the live card of a pledge by account, each with the language it chose; none of one taken away."""
    try:
        views = await pledge_views(tx, pledge_id, accounts)
    except PledgeNotFoundError:
        return {}
    return {one: pledge_card(voice_for(accounts[one], view.meeting), view) for one, view in views.items()}


async def render_pledge_news(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Give posts about one pledge, by `post_id`; a reminder is left out once nothing is missing."""
    try:
        views = await pledge_views(tx, posts[0].subject_id, {post.account_id for post in posts})
    except PledgeNotFoundError:
        return {}
    cards: dict[int, Card] = {}
    for post in posts:
        view, voice = views.get(post.account_id), voices[post.post_id]
        if view is None:
            continue
        if post.kind is PostKind.PLEDGE_VOIDED:
            reason = VoidReason(post.facts["reason"])
            card: Card | None = pledge_voided_card(voice, meeting, view.pledge, post.facts["version"], reason)
        else:
            card = pledge_reminder_card(voice, view)
        if card is not None:
            cards[post.post_id] = card
    return cards

"""What calls before a vote's deadline say, and whether they still have something to say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.cards.calls import call_card, hall_call_card, not_opened_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from meeting.voting import VoteState
from storage.database import Tx
from storage.groups import list_group_accounts
from storage.reading import ballot_views, get_vote_view
from storage.views import MeetingView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_calls(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Only while the vote is open until the deadline that was called; an elector only who hasn't voted."""
    vote = await get_vote_view(tx, posts[0].subject_id)
    if vote.state is not VoteState.OPEN or vote.deadline_at is None:
        return {}
    current = [
        post for post in posts if datetime.fromisoformat(post.facts["deadline_at"]) == vote.deadline_at
    ]
    following = set(await list_group_accounts(tx, meeting.meeting_id))
    ballots = await ballot_views(tx, vote.vote_id, {post.account_id for post in current} - following)
    cards = {}
    for post in current:
        voice, ballot = voices[post.post_id], ballots.get(post.account_id)
        if post.account_id in following and not vote.are_all_in:
            cards[post.post_id] = hall_call_card(voice, vote, vote.deadline_at, post.made_at)
        elif ballot is not None and ballot.is_elector and ballot.own is None:
            cards[post.post_id] = call_card(voice, ballot, vote.deadline_at, post.made_at)
    return cards


async def render_not_opened(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """Only while the vote is still to be opened."""
    cards = {}
    for post in posts:
        vote = await get_vote_view(tx, post.facts["subject_id"])
        if vote.state is VoteState.DRAFT:
            opens_at = datetime.fromisoformat(post.facts["planned_at"])
            cards[post.post_id] = not_opened_card(
                voices[post.post_id], meeting, vote, opens_at, post.facts["cause"]
            )
    return cards

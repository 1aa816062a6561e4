"""What is told of scoring, as long as it is so: that units score, what is missing, and the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards.scores import ranking_put_card
from bot.cards.scoring import scores_closed_card, scores_opened_card, scores_wanted_card
from bot.platforms.base import Card
from bot.wording.voice import Voice
from handlers.score_reminders import list_owing
from meeting.scoring import ScoringState
from meeting.states import PostKind
from storage import scoring
from storage.database import Tx
from storage.errors import ScoringNotFoundError
from storage.groups import list_group_accounts
from storage.reading.reminding import list_refusing_accounts
from storage.views import MeetingView, ScoringView

if TYPE_CHECKING:
    from bot.rendering import Post


async def render_scoring(
    tx: Tx, meeting: MeetingView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> dict[int, Card]:
    """Give posts of one kind about one scoring, by `post_id`; left out is what is idle by now."""
    try:
        view = await scoring.get_scoring(tx, posts[0].subject_id)
    except ScoringNotFoundError:
        return {}
    match posts[0].kind:
        case PostKind.RANKING_PUT:
            return await _render_ranking(tx, meeting, view, posts, voices)
        case PostKind.SCORES_WANTED:
            concerned = await _list_owing_posts(tx, meeting, view, posts)
            return {
                post.post_id: scores_wanted_card(voices[post.post_id], meeting, view) for post in concerned
            }
        case PostKind.SCORES_OPENED if view.state is ScoringState.OPEN:
            return {post_id: scores_opened_card(voice, meeting, view) for post_id, voice in voices.items()}
        case PostKind.SCORES_CLOSED if view.state is ScoringState.VERIFYING:
            return {post_id: scores_closed_card(voice, meeting, view) for post_id, voice in voices.items()}
        case _:
            return {}


async def _list_owing_posts(
    tx: Tx, meeting: MeetingView, view: ScoringView, posts: "Sequence[Post]"
) -> list["Post"]:
    """Give the posts to delegates whose units owe a sheet still, and who want to be reminded."""
    if view.state is not ScoringState.OPEN:
        return []
    owing = list_owing(view)
    units = await scoring.list_units_of_accounts(tx, meeting.meeting_id, {post.account_id for post in posts})
    accounts = {post.account_id for post in posts}
    refusing = await list_refusing_accounts(tx, meeting.organisation_id, accounts)
    return [post for post in posts if units.get(post.account_id) in owing and post.account_id not in refusing]


async def _render_ranking(
    tx: Tx, meeting: MeetingView, view: ScoringView, posts: "Sequence[Post]", voices: Mapping[int, Voice]
) -> dict[int, Card]:
    """The ranking as it is put now; in a group without buttons, as a file is handed over in private."""
    rankings = await scoring.list_rankings(tx, meeting.meeting_id)
    ranking = next((one for one in rankings if one.scoring_id == view.scoring_id), None)
    if ranking is None:
        return {}
    following = set(await list_group_accounts(tx, meeting.meeting_id))
    cards = {post.post_id: ranking_put_card(voices[post.post_id], ranking) for post in posts}
    return {
        post.post_id: replace(cards[post.post_id], choices=())
        if post.account_id in following
        else cards[post.post_id]
        for post in posts
    }

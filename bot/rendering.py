"""From the outbox to cards: what a live card or a post shows, read from the database as it is now.

Everything is read in groups, one for each subject, however many accounts are shown it.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, assert_never
from zoneinfo import ZoneInfo

from bot.addresses import PrivateChat
from bot.cards.attendance import attendance_card
from bot.cards.ballot import ballot_card
from bot.cards.claims import accepted_card, claims_card, declined_card
from bot.cards.digest import digest_card
from bot.cards.floor import floor_ended_card, floor_given_card
from bot.cards.group import (
    group_added_card,
    group_ballot_card,
    group_card,
    group_trouble_card,
)
from bot.cards.home import home_card
from bot.cards.mailing import announcement_card, mailing_card, reach_card
from bot.cards.notices import (
    all_voted_card,
    also_bound_card,
    check_in_opened_card,
    moved_away_card,
    quorum_lost_card,
    vote_paused_card,
)
from bot.cards.outlook import approval_card
from bot.cards.panel import panel_card
from bot.cards.papers import papers_post_card
from bot.cards.result import item_decided_card, result_card
from bot.cards.summary import summary_card
from bot.cards.thrift import messages_short_card
from bot.dialogues.talk import voice_for
from bot.hearing import render_opinions
from bot.honouring import render_titles
from bot.platforms.base import Card
from bot.pledging import render_pledge
from bot.reminding import render_reminders
from bot.score_news import render_scoring
from bot.wording.voice import Voice, to_standing
from meeting.people import Presence, Right, roles_with
from meeting.speaking import FloorEnd
from meeting.states import CardKind, MeetingState, PostKind
from meeting.voting import VoteState
from storage import people
from storage.cards import CardToShow
from storage.database import Database, Tx
from storage.errors import (
    MailingNotFoundError,
    MeetingNotFoundError,
    OrganisationNotFoundError,
    VoteNotFoundError,
)
from storage.groups import find_group_of, list_group_accounts
from storage.mailings import find_text
from storage.posts import PostToSend
from storage.reading import (
    attendance_views,
    ballot_views,
    get_attendance,
    get_claims_view,
    get_floor,
    get_meeting_view,
    get_papers_view,
    get_results_view,
    get_vote_view,
    group_ballot_views,
    group_views,
    list_homes,
    list_items,
    mailing_views,
    panel_views,
    reach_views,
)
from storage.views import MeetingView

_GONE = (MailingNotFoundError, MeetingNotFoundError, OrganisationNotFoundError, VoteNotFoundError)


class LiveCard(Protocol):
    """A live card in the outbox."""

    @property
    def card_id(self) -> int:
        """Its id."""

    @property
    def account_id(self) -> int:
        """Whom it is shown to."""

    @property
    def kind(self) -> CardKind:
        """What it shows."""

    @property
    def subject_id(self) -> int:
        """What it is about."""


class Post(Protocol):
    """A post in the outbox."""

    @property
    def post_id(self) -> int:
        """Its id."""

    @property
    def account_id(self) -> int:
        """Whom it is for."""

    @property
    def kind(self) -> PostKind:
        """What it says."""

    @property
    def subject_id(self) -> int:
        """What it is about."""

    @property
    def organisation_id(self) -> int:
        """Whose it is."""

    @property
    def meeting_id(self) -> int | None:
        """Which meeting it is about."""

    @property
    def facts(self) -> dict[str, Any]:
        """What was so when it was made."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""


FindPrivateChat = Callable[[Tx, str, int | None], Awaitable[PrivateChat | None]]
"""Gives a platform's private chat, by which one also comes into a meeting; None without one."""


async def no_private_chat(tx: Tx, platform: str, meeting_id: int | None) -> None:
    """Give none: for what no group is shown."""
    del tx, platform, meeting_id


class Rendering:
    """Makes cards of what delivery takes out; `default` is the voice where nothing says another."""

    def __init__(
        self, database: Database, default: Voice, private_chat: FindPrivateChat = no_private_chat
    ) -> None:
        self._database = database
        self._default = default
        self._private_chat = private_chat

    async def render_cards(self, cards: Sequence[CardToShow]) -> Mapping[int, Card | None]:
        """Give live cards as they are now, by `card_id`; None where there is nothing to show any more."""
        async with self._database.snapshot() as tx:
            return await render_live_cards(tx, cards, self._default, self._private_chat)

    async def render_posts(self, posts: Sequence[PostToSend]) -> Mapping[int, Card | None]:
        """Give posts and what goes together with them, by `post_id`; None where nothing is to be said."""
        together = {one.post_id: one for post in posts for one in post.together}
        everything = {**together, **{post.post_id: post for post in posts}}
        async with self._database.snapshot() as tx:
            rendered = await render_posts(tx, everything.values(), self._default, self._private_chat)
        for post in posts:
            first = rendered[post.post_id]
            if first is None:
                rendered |= {one.post_id: None for one in post.together}
            else:
                others = [card for one in post.together if (card := rendered[one.post_id]) is not None]
                rendered[post.post_id] = digest_card([first, *others])
        return rendered


# Live cards


async def render_live_cards(
    tx: Tx, cards: Collection[LiveCard], default: Voice, private_chat: FindPrivateChat = no_private_chat
) -> dict[int, Card | None]:
    """Give live cards as the transaction sees them, by `card_id`."""
    languages = await people.list_account_languages(tx, {card.account_id for card in cards})
    groups: dict[tuple[CardKind, int], list[LiveCard]] = defaultdict(list)
    for card in cards:
        groups[card.kind, card.subject_id].append(card)
    rendered: dict[int, Card | None] = {}
    for (kind, subject_id), group in groups.items():
        accounts = {card.account_id: languages.get(card.account_id) for card in group}
        try:
            if kind in _GROUPS_CARDS:
                shown = await _render_for_groups(tx, kind, subject_id, accounts, private_chat)
            else:
                shown = await _render_subject(tx, kind, subject_id, accounts, default)
        except _GONE:
            shown = {}
        rendered |= {card.card_id: shown.get(card.account_id) for card in group}
    return rendered


async def _render_subject(
    tx: Tx, kind: CardKind, subject_id: int, accounts: Mapping[int, str | None], default: Voice
) -> Mapping[int, Card]:
    """What each account is shown of one subject; accounts that it doesn't concern any more are left out."""
    match kind:
        case CardKind.HOME:
            return await _render_homes(tx, subject_id, accounts, default)
        case CardKind.PANEL:
            panels = await panel_views(tx, subject_id, accounts)
            return {
                one: panel_card(voice_for(accounts[one], view.meeting), view) for one, view in panels.items()
            }
        case CardKind.ATTENDANCE:
            seats = await attendance_views(tx, subject_id, accounts)
            return {
                one: attendance_card(voice_for(accounts[one], view.meeting), view)
                for one, view in seats.items()
            }
        case CardKind.BALLOT:
            ballots = await ballot_views(tx, subject_id, accounts)
            return {
                one: ballot_card(voice_for(accounts[one], view.meeting), view)
                for one, view in ballots.items()
            }
        case CardKind.CLAIMS:
            deciders = await people.list_role_accounts(tx, subject_id, roles_with(Right.INVITE))
            claims = await get_claims_view(tx, subject_id)
            return {
                one: claims_card(voice_for(accounts[one], claims.meeting), claims)
                for one in deciders
                if one in accounts
            }
        case CardKind.MAILING:
            mailings = await mailing_views(tx, subject_id, accounts)
            return {
                one: mailing_card(voice_for(accounts[one], view.meeting), view)
                for one, view in mailings.items()
            }
        case CardKind.UNREACHABLE:
            lists = await reach_views(tx, subject_id, accounts)
            return {
                one: reach_card(voice_for(accounts[one], view.meeting), view) for one, view in lists.items()
            }
        case CardKind.PLEDGE:
            return await render_pledge(tx, subject_id, accounts)
        case CardKind.GROUP | CardKind.GROUP_BALLOT:
            return {}
    assert_never(kind)


async def _render_homes(
    tx: Tx, organisation_id: int, accounts: Mapping[int, str | None], default: Voice
) -> Mapping[int, Card]:
    homes = await list_homes(tx, accounts, organisation_id)
    if not homes:
        return {}
    language, timezone = await people.get_organisation_locale(tx, organisation_id)
    return {
        account_id: home_card(
            dataclasses.replace(
                default, language=accounts[account_id] or language, timezone=ZoneInfo(timezone)
            ),
            view,
        )
        for account_id, view in homes.items()
    }


_GROUPS_CARDS = frozenset({CardKind.GROUP, CardKind.GROUP_BALLOT})


async def _render_for_groups(
    tx: Tx, kind: CardKind, subject_id: int, accounts: Collection[int], private_chat: FindPrivateChat
) -> Mapping[int, Card]:
    """What groups are shown, in the language of the meeting: the same for all of a platform."""
    platforms = await people.list_platforms(tx, accounts)
    if kind is CardKind.GROUP:
        meetings = await group_views(tx, subject_id, accounts)
        return {
            one: group_card(
                voice_for(None, view.meeting),
                view,
                await private_chat(tx, platforms[one], view.meeting.meeting_id),
            )
            for one, view in meetings.items()
        }
    ballots = await group_ballot_views(tx, subject_id, accounts)
    return {
        one: group_ballot_card(
            voice_for(None, view.meeting),
            view,
            await private_chat(tx, platforms[one], view.meeting.meeting_id),
        )
        for one, view in ballots.items()
    }


# Posts


async def render_posts(
    tx: Tx, posts: Collection[Post], default: Voice, private_chat: FindPrivateChat = no_private_chat
) -> dict[int, Card | None]:
    """Give posts as the transaction sees what they are about, by `post_id`.

    An account that was let go is told so, and nothing else.
    """
    languages = await people.list_account_languages(tx, {post.account_id for post in posts})
    groups: dict[tuple[PostKind, int, int, int | None], list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.kind, post.subject_id, post.organisation_id, post.meeting_id].append(post)
    rendered: dict[int, Card | None] = {post.post_id: None for post in posts}
    for (kind, _, organisation_id, meeting_id), group in groups.items():
        if kind in _ABOUT_NO_MEETING:
            for post in group:
                language = languages.get(post.account_id) or default.language
                voice = dataclasses.replace(default, language=language)
                rendered[post.post_id] = _ABOUT_NO_MEETING[kind](voice, post.facts)
            continue
        if kind is PostKind.GROUP_ADDED:
            for post in group:
                rendered[post.post_id] = await _render_greeting(tx, post, default, private_chat)
            continue
        bound = await people.list_bound_accounts(tx, organisation_id, {post.account_id for post in group})
        following = set() if meeting_id is None else set(await list_group_accounts(tx, meeting_id))
        concerned = [post for post in group if post.account_id in bound | following]
        if concerned and meeting_id is not None:
            try:
                meeting = await get_meeting_view(tx, meeting_id)
                voices = {
                    post.post_id: voice_for(languages.get(post.account_id), meeting) for post in concerned
                }
                rendered |= await _render_news(tx, meeting, concerned, voices)
                if kind is PostKind.CHECK_IN_OPENED and _can_check_in(meeting):
                    rendered |= {
                        post.post_id: check_in_opened_card(voices[post.post_id], meeting)
                        for post in concerned
                        if post.account_id in following
                    }
            except _GONE:
                continue
    return rendered


_ABOUT_NO_MEETING: Mapping[PostKind, Callable[[Voice, dict[str, Any]], Card]] = {
    PostKind.MOVED_AWAY: lambda voice, _: moved_away_card(voice),
    PostKind.CLAIM_DECLINED: lambda voice, _: declined_card(voice),
    PostKind.MESSAGES_SHORT: messages_short_card,
}
"""What is said to accounts that speak for nobody, and to organisers about the program."""


async def _render_accepted(
    tx: Tx, meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> dict[int, Card]:
    seats = await attendance_views(tx, meeting.meeting_id, {post.account_id for post in posts})
    return {
        post.post_id: accepted_card(voices[post.post_id], seat.attendee.name, seat.attendee.unit or "")
        for post in posts
        if (seat := seats.get(post.account_id)) is not None
    }


async def _render_greeting(tx: Tx, post: Post, default: Voice, private_chat: FindPrivateChat) -> Card | None:
    """How to bind a group, unless it was bound meanwhile."""
    if await find_group_of(tx, post.account_id) is not None:
        return None
    language, timezone = await people.get_organisation_locale(tx, post.organisation_id)
    voice = dataclasses.replace(default, language=language, timezone=ZoneInfo(timezone))
    platform = (await people.get_account(tx, post.account_id)).platform
    return group_added_card(voice, await private_chat(tx, platform, None))


async def _render_news(  # noqa: C901, PLR0911, PLR0912 - one arm for each kind
    tx: Tx, meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> Mapping[int, Card]:
    """What is still worth saying of posts of one kind about one subject."""
    kind, subject_id = posts[0].kind, posts[0].subject_id
    match kind:
        case PostKind.RESULT | PostKind.ALL_VOTED | PostKind.VOTE_PAUSED:
            return await _render_vote_news(tx, meeting, kind, subject_id, voices)
        case PostKind.ITEM_DECIDED:
            item = next(
                (one for one in await list_items(tx, meeting.meeting_id) if one.item_id == subject_id), None
            )
            if item is None or item.decision is None or item.is_counted:
                return {}
            return {post_id: item_decided_card(voice, meeting, item) for post_id, voice in voices.items()}
        case PostKind.SUMMARY | PostKind.PAPERS | PostKind.ANNOUNCEMENT:
            return await _render_for_all(tx, meeting, kind, subject_id, voices)
        case PostKind.CHECK_IN_OPENED:
            return await _render_check_in(tx, meeting, posts, voices)
        case PostKind.QUORUM_LOST:
            return await _render_quorum_lost(tx, meeting, posts, voices)
        case PostKind.ALSO_BOUND:
            return {post_id: also_bound_card(voice, meeting) for post_id, voice in voices.items()}
        case PostKind.CLAIM_ACCEPTED:
            return await _render_accepted(tx, meeting, posts, voices)
        case PostKind.GROUP_LEFT | PostKind.GROUP_LACKS:
            return {
                post.post_id: group_trouble_card(
                    voices[post.post_id], meeting, post.facts["group"], post.facts["right"]
                )
                for post in posts
            }
        case PostKind.MOVED_AWAY | PostKind.CLAIM_DECLINED | PostKind.GROUP_ADDED | PostKind.MESSAGES_SHORT:
            return {}
        case PostKind.SCORES_OPENED | PostKind.SCORES_WANTED | PostKind.SCORES_CLOSED | PostKind.RANKING_PUT:
            return await render_scoring(tx, meeting, posts, voices)
        case PostKind.OPINION_SETTLED:
            return await render_opinions(tx, meeting, posts, voices)
        case PostKind.TITLES_ANNOUNCED | PostKind.TITLE_GIVEN:
            return await render_titles(tx, meeting, posts, voices)
        case PostKind.FLOOR_GIVEN | PostKind.FLOOR_ENDED:
            return await _render_floor(tx, meeting, posts, voices)
        case PostKind.APPROVAL_WANTED:
            return _render_approval(meeting, posts, voices)
        case (
            PostKind.SUMMONS
            | PostKind.MEETING_MOVED
            | PostKind.MEETING_CANCELLED
            | PostKind.MEETING_REMINDER
            | PostKind.REPLY_WANTED
            | PostKind.NON_VOTER
            | PostKind.FOLLOW_UP
            | PostKind.TASK_GIVEN
            | PostKind.TASK_DUE
            | PostKind.TASK_DONE
            | PostKind.TASK_WITHDRAWN
            | PostKind.MISSED
            | PostKind.PLEDGE_VOIDED
            | PostKind.PLEDGE_REMINDER
        ):
            return await render_reminders(tx, meeting, posts, voices)
    assert_never(kind)


async def _render_floor(
    tx: Tx, meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> dict[int, Card]:
    if posts[0].kind is PostKind.FLOOR_ENDED:
        return {
            post.post_id: floor_ended_card(voices[post.post_id], meeting, FloorEnd(post.facts["why"]))
            for post in posts
        }
    speaking = (await get_floor(tx, meeting.meeting_id)).speaking
    if speaking is None or speaking.turn_id != posts[0].subject_id:
        return {}
    return {post_id: floor_given_card(voice, meeting, speaking) for post_id, voice in voices.items()}


def _render_approval(
    meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> dict[int, Card]:
    if meeting.may_summon or meeting.state is not MeetingState.PLANNED:
        return {}
    return {
        post.post_id: approval_card(voices[post.post_id], meeting)
        for post in posts
        if post.facts["moves"] == meeting.moves
    }


async def _render_quorum_lost(
    tx: Tx, meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> dict[int, Card]:
    if meeting.state is not MeetingState.OPEN or (await get_attendance(tx, meeting.meeting_id)).has_quorum:
        return {}
    return {
        post.post_id: quorum_lost_card(
            voices[post.post_id], meeting, post.facts["counted"], post.facts["base"]
        )
        for post in posts
    }


async def _render_for_all(
    tx: Tx, meeting: MeetingView, kind: PostKind, subject_id: int, voices: Mapping[int, Voice]
) -> dict[int, Card]:
    if kind is PostKind.SUMMARY:
        results = await get_results_view(tx, subject_id)
        return {post_id: summary_card(voice, results) for post_id, voice in voices.items()}
    if kind is PostKind.PAPERS:
        view = await get_papers_view(tx, subject_id)
        return {post_id: papers_post_card(voice, view) for post_id, voice in voices.items() if view.papers}
    text = await find_text(tx, subject_id)
    return {post_id: announcement_card(voice, meeting, text or "") for post_id, voice in voices.items()}


async def _render_vote_news(
    tx: Tx, meeting: MeetingView, kind: PostKind, vote_id: int, voices: Mapping[int, Voice]
) -> dict[int, Card]:
    vote = await get_vote_view(tx, vote_id)
    is_running = vote.state in {VoteState.OPEN, VoteState.PAUSED}
    if kind is PostKind.RESULT and vote.state is VoteState.ANNOUNCED:
        return {post_id: result_card(voice, meeting, vote) for post_id, voice in voices.items()}
    if kind is PostKind.ALL_VOTED and is_running and vote.are_all_in:
        return {post_id: all_voted_card(voice, vote) for post_id, voice in voices.items()}
    if kind is PostKind.VOTE_PAUSED and vote.state is VoteState.PAUSED:
        return {post_id: vote_paused_card(voice, vote) for post_id, voice in voices.items()}
    return {}


async def _render_check_in(
    tx: Tx, meeting: MeetingView, posts: Sequence[Post], voices: Mapping[int, Voice]
) -> dict[int, Card]:
    if not _can_check_in(meeting):
        return {}
    seats = await attendance_views(tx, meeting.meeting_id, {post.account_id for post in posts})
    return {
        post.post_id: check_in_opened_card(
            to_standing(voices[post.post_id], seats[post.account_id].attendee.standing), meeting
        )
        for post in posts
        if post.account_id in seats and seats[post.account_id].attendee.presence is Presence.AWAY
    }


def _can_check_in(meeting: MeetingView) -> bool:
    return meeting.is_check_in_open and meeting.state is not MeetingState.CLOSED

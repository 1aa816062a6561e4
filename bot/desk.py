"""What the web pages show, read from the database: whom a code lets in, and each page's cards."""

import asyncio
import contextlib
import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.dialogues import Dialogues
from bot.handing import find_handed, paper_file
from bot.platforms.base import Card
from bot.rendering import render_live_cards, render_posts
from bot.web.desk import Board, BoardCard, PaperFile, PlaygroundEntry, Unwelcome, Welcome
from bot.wording.dates import moment_text
from bot.wording.labels import role_text, standing_text
from bot.wording.pages import Fault
from bot.wording.refusals import refusal_text
from bot.wording.voice import Voice
from bot.wording.welcome import founding_detail, founding_title, role_detail
from handlers.admission import Admission, find_admission
from handlers.asking import Asked, House
from handlers.inviting import way_in
from handlers.papers import find_paper
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, InvitationKind, PostKind
from storage import meetings, posts, votes
from storage.cards import CardVersion, list_card_versions
from storage.database import BIGGEST_ID, Tx
from storage.errors import NotFoundError
from storage.posts import PostView
from storage.reading import list_pages, list_seats
from storage.views import PageView, PaperView

PLATFORM = "web"

POSTS_SHOWN = 20
"""The newest posts of a page."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page was made of when it was looked at last, and the board that this gave."""

    marks: tuple[object, ...]
    board: Board


class DatabaseDesk:
    """Implements `bot.web.desk.Desk`; `default` is the voice where nothing says another."""

    def __init__(self, house: House, dialogues: Dialogues, default: Voice) -> None:
        self._house = house
        self._dialogues = dialogues
        self._default = default
        self._seen: dict[str, _Seen] = {}
        self._committed = asyncio.Event()
        house.database.on_commit(self._committed.set)

    # The way in

    async def find_welcome(self, code: str, language: str | None) -> Welcome | Unwelcome:
        """As `Desk.find_welcome`; in the language of the browser, as its page will be."""
        voice = dataclasses.replace(self._default, language=language or self._default.language)
        admission = await find_admission(self._house, PLATFORM, code)
        if isinstance(admission, Refused):
            return Unwelcome(refusal_text(voice, admission), voice.language)
        return _welcome(dataclasses.replace(voice, timezone=ZoneInfo(admission.timezone)), admission)

    async def list_playground(self) -> Sequence[PlaygroundEntry]:
        """As `Desk.list_playground`."""
        async with self._house.database.snapshot() as tx:
            seats = await list_seats(tx)
        return [
            PlaygroundEntry(
                meeting=seat.meeting,
                person=seat.person,
                unit=seat.unit or "",
                roles=", ".join(
                    [
                        *(role_text(self._default, role) for role in sorted(seat.roles)),
                        standing_text(self._default, seat.standing),
                    ]
                ),
                token=way_in(self._house.key, seat.invitation_id, seat.generation).token,
            )
            for seat in seats
        ]

    # Boards

    async def is_in_use(self, chat: str) -> bool:
        """As `Desk.is_in_use`."""
        async with self._house.database.snapshot() as tx:
            page = (await list_pages(tx, PLATFORM, [chat])).get(chat)
        return page is not None and _is_in_use(page)

    async def find_board(self, chat: str) -> Board | None:
        """As `Desk.find_board`; everything is read anew."""
        async with self._house.database.snapshot() as tx:
            page = (await list_pages(tx, PLATFORM, [chat])).get(chat)
            if page is None or not _is_in_use(page):
                return None
            cards = await list_card_versions(tx, PLATFORM, [chat])
            shown = {chat: self._seen[chat].board} if chat in self._seen else {}
            return (await self._boards(tx, [page], {chat: cards}, shown))[chat]

    async def find_paper(self, chat: str, paper_id: int) -> PaperFile | Unwelcome:
        """As `Desk.find_paper`."""
        async with self._house.database.snapshot() as tx:
            page = (await list_pages(tx, PLATFORM, [chat])).get(chat)
            language = self._default.language if page is None else self._language(page)
            voice = dataclasses.replace(self._default, language=language)
            try:
                asked = Asked(0 if page is None else page.account_id, PLATFORM, "")
                found: PaperView | Refused = Refused(Refusal.NOT_FOUND)
                if paper_id <= BIGGEST_ID:
                    found = await find_paper(tx, asked, paper_id)
            except NotFoundError:
                found = Refused(Refusal.NOT_FOUND)
        if isinstance(found, Refused):
            return Unwelcome(refusal_text(voice, found), voice.language)
        return paper_file(self._house.database, paper_id, found.paper)

    async def find_handed(self, token: str) -> PaperFile | Fault:
        """As `Desk.find_handed`."""
        return await find_handed(self._house, token)

    async def changed_boards(
        self, known: Mapping[str, Mapping[str, int] | None]
    ) -> Mapping[str, Board | None]:
        """As `Desk.changed_boards`: what didn't change is neither read nor rendered again."""
        self._committed.clear()
        chats = list(known)
        async with self._house.database.snapshot() as tx:
            pages = await list_pages(tx, PLATFORM, chats)
            cards: dict[str, list[CardVersion]] = defaultdict(list)
            for card in await list_card_versions(tx, PLATFORM, chats):
                cards[card.chat].append(card)
            in_use = {chat: page for chat, page in pages.items() if _is_in_use(page)}
            marks = {chat: _marks(page, cards[chat]) for chat, page in in_use.items()}
            stale = [
                chat for chat in in_use if chat not in self._seen or self._seen[chat].marks != marks[chat]
            ]
            shown = {chat: seen.board for chat, seen in self._seen.items()}
            boards = await self._boards(tx, [in_use[chat] for chat in stale], cards, shown)
        kept = {chat: seen for chat, seen in self._seen.items() if chat in in_use}
        self._seen = kept | {chat: _Seen(marks[chat], board) for chat, board in boards.items()}
        changed: dict[str, Board | None] = {chat: None for chat in chats if chat not in in_use}
        for chat in in_use:
            board = self._seen[chat].board
            versions = known[chat]
            if versions is None or chat in boards or list(versions.items()) != list(board.versions.items()):
                changed[chat] = board
        return changed

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - it ends early, it does not fail
        """As `Desk.wait`; what was committed since the last `changed_boards` ends it at once."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._committed.wait(), timeout)

    async def _boards(
        self,
        tx: Tx,
        pages: Collection[PageView],
        cards: Mapping[str, Sequence[CardVersion]],
        shown: Mapping[str, Board],
    ) -> dict[str, Board]:
        """Give the boards of these pages by chat; cards that `shown` has in the same version are kept."""
        if not pages:
            return {}
        layouts = await _layouts(tx, pages, cards)
        kept = {
            (page.chat, card.key, card.version): card
            for page in pages
            if page.chat in shown and shown[page.chat].language == self._language(page)
            for card in shown[page.chat].cards
        }
        stale = {
            place: one
            for chat, layout in layouts.items()
            for one in layout
            if (place := (chat, _key(one), _version(one))) not in kept or not _is_lasting(one)
        }
        live = await render_live_cards(
            tx, [one for one in stale.values() if isinstance(one, CardVersion)], self._default
        )
        news = await render_posts(
            tx, [one for one in stale.values() if isinstance(one, PostView)], self._default
        )
        asking = [page.account_id for page in pages if page.dialogue_version is not None]
        questions = await self._dialogues.pending_cards(tx, asking)
        boards = {}
        for page in pages:
            board_cards = []
            for one in layouts[page.chat]:
                key, version = _key(one), _version(one)
                if (page.chat, key, version) not in stale:
                    board_cards.append(kept[page.chat, key, version])
                    continue
                card = live[one.card_id] if isinstance(one, CardVersion) else news[one.post_id]
                if card is not None:
                    board_cards.append(BoardCard(key, version, card))
            boards[page.chat] = self._board(page, tuple(board_cards), questions.get(page.account_id))
        return boards

    def _board(self, page: PageView, cards: tuple[BoardCard, ...], question: Card | None) -> Board:
        language = self._language(page)
        voice = dataclasses.replace(self._default, language=language)
        title = page.meeting or page.organisation or founding_title(voice)
        return Board(title, page.person or "", language, cards, question)

    def _language(self, page: PageView) -> str:
        return page.language or page.home_language or self._default.language


def _welcome(voice: Voice, admission: Admission) -> Welcome:
    invitation = admission.invitation
    if invitation.kind is InvitationKind.FOUNDER:
        return Welcome(founding_title(voice), "", founding_detail(voice), voice.language, is_taken=False)
    lines = [
        "" if invitation.role is None else role_detail(voice, invitation.role),
        "" if admission.starts_at is None else moment_text(voice, admission.starts_at),
        admission.unit,
    ]
    return Welcome(
        title=admission.title or admission.organisation,
        person=admission.person,
        detail="\n".join(filter(None, lines)),
        language=voice.language,
        is_taken=admission.is_taken,
        asks_name=invitation.kind is InvitationKind.SHARED,
    )


def _is_in_use(page: PageView) -> bool:
    """Whether the page speaks for somebody, or for somebody who is just being asked who they are."""
    return page.person is not None or page.dialogue_version is not None


def _marks(page: PageView, cards: Sequence[CardVersion]) -> tuple[object, ...]:
    """What a board changes with."""
    return (page, *((card.card_id, card.wanted_version) for card in cards))


def _key(one: CardVersion | PostView) -> str:
    return f"{one.kind}-{one.subject_id}" if isinstance(one, CardVersion) else f"post-{one.post_id}"


def _version(one: CardVersion | PostView) -> int:
    return one.wanted_version if isinstance(one, CardVersion) else 1


def _is_lasting(one: CardVersion | PostView) -> bool:
    """Whether the same version is the same card; other posts may stop being worth saying."""
    return isinstance(one, CardVersion) or one.kind in _LASTING


_LASTING = frozenset(
    {
        PostKind.RESULT,
        PostKind.ITEM_DECIDED,
        PostKind.SUMMARY,
        PostKind.ANNOUNCEMENT,
        PostKind.MOVED_AWAY,
        PostKind.ALSO_BOUND,
        PostKind.CLAIM_ACCEPTED,
        PostKind.CLAIM_DECLINED,
        PostKind.TITLES_ANNOUNCED,
        PostKind.TITLE_GIVEN,
    }
)

_ORDER = (
    None,
    CardKind.PANEL,
    CardKind.CLAIMS,
    CardKind.MAILING,
    CardKind.UNREACHABLE,
    CardKind.BALLOT,
    CardKind.PLEDGE,
    CardKind.ATTENDANCE,
    CardKind.HOME,
)
"""How a page goes down: running ballots (None), the panel, the latest ballot; earlier ones come last."""


async def _layouts(
    tx: Tx, pages: Collection[PageView], cards: Mapping[str, Sequence[CardVersion]]
) -> dict[str, list[CardVersion | PostView]]:
    """Give what each page shows, by chat."""
    news = await posts.list_posts(tx, [page.account_id for page in pages], POSTS_SHOWN)
    live = [card for page in pages for card in cards.get(page.chat, ())]
    told = [post for page in pages for post in news[page.account_id]]
    concerns = {card.meeting_id for card in live} | {post.meeting_id for post in told}
    past = await meetings.list_closed(tx, {meeting_id for meeting_id in concerns if meeting_id is not None})
    ballots = {card.subject_id for card in live if card.kind is CardKind.BALLOT}
    running = await votes.list_running(tx, ballots)
    return {
        page.chat: _layout(page, cards.get(page.chat, ()), news[page.account_id], past, running)
        for page in pages
    }


def _layout(
    page: PageView,
    cards: Sequence[CardVersion],
    news: Sequence[PostView],
    past: Collection[int],
    running: Collection[int],
) -> list[CardVersion | PostView]:
    """Give what a page shows in its order: as `_ORDER`, then earlier ballots, then posts.

    Of what is alike the newest comes first. What belongs to a closed meeting is shown only while that is the
    page's current one, and a result where there is no ballot that shows it.
    """

    def is_past(one: CardVersion | PostView) -> bool:
        return one.meeting_id in past and one.meeting_id != page.meeting_id

    live = [card for card in cards if not is_past(card)]
    voted = {card.subject_id for card in live if card.kind is CardKind.BALLOT}
    latest = max((card.card_id for card in live if card.kind is CardKind.BALLOT), default=0)

    def rank(card: CardVersion) -> int:
        if card.kind is not CardKind.BALLOT:
            return _ORDER.index(card.kind)
        if card.subject_id in running:
            return _ORDER.index(None)
        return _ORDER.index(CardKind.BALLOT) + (card.card_id != latest) * len(_ORDER)

    live.sort(key=lambda card: (rank(card), card.meeting_id != page.meeting_id, -card.card_id))
    told = [
        post
        for post in news
        if not is_past(post) and not (post.kind is PostKind.RESULT and post.subject_id in voted)
    ]
    return [*live, *told]

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from meeting.states import CardKind, GoneReason, PostKind, Priority, WorkState
from storage.cards import (
    CardToShow,
    forget_cards,
    list_card_versions,
    list_cards_to_show,
    put_card_failed,
    put_shown,
    touch_cards,
    touch_meeting_cards,
    want_cards,
)
from storage.database import Database, Tx
from storage.outbox import ParcelKind, find_next_ready_at, list_longest_waiting, list_ready
from storage.pace import cut_rests, find_pacing, lock_pacing, put_next_turn, put_platform_rest, put_rests
from storage.people import put_account, put_account_gone
from storage.posts import (
    PostToSend,
    add_posts,
    forget_leases,
    lease_posts,
    list_posts,
    list_posts_to_send,
    put_post_failed,
    put_post_retry,
    put_post_sent,
    put_post_uncertain,
    put_post_withdrawn,
    put_posts_failed,
)
from storage.rows import LiveCardRow, PostRow
from tests.fakes.chats import NOON, Chats, add_chats

LEASE = timedelta(seconds=45)
SECOND = timedelta(seconds=1)


class Outbox:
    """The outbox of an organisation with three chats."""

    def __init__(self, database: Database, chats: Chats) -> None:
        self.database = database
        self.chats = chats
        self.one, self.two, self.three = chats.accounts

    async def want(
        self,
        *accounts: int,
        kind: CardKind = CardKind.BALLOT,
        subject: int = 7,
        priority: Priority = Priority.BALLOT,
    ) -> None:
        async with self.database.transaction() as tx:
            await want_cards(
                tx,
                kind,
                subject,
                accounts,
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
                priority=priority,
            )

    async def post(self, *accounts: int, cause: str = "vote:7", priority: Priority = Priority.RESULT) -> None:
        async with self.database.transaction() as tx:
            await add_posts(
                tx,
                PostKind.RESULT,
                cause,
                7,
                accounts,
                organisation_id=self.chats.organisation_id,
                meeting_id=self.chats.meeting_id,
                priority=priority,
                facts={"by": "Thư ký"},
                now=NOON,
            )

    async def ready(
        self, now: datetime = NOON, limit: int = 10, except_accounts: Collection[int] = ()
    ) -> list[tuple[str, str]]:
        async with self.database.snapshot() as tx:
            found = await list_ready(tx, "telegram", now, limit, except_accounts=except_accounts)
            return [(parcel.kind.name.lower(), parcel.chat) for parcel in found]

    async def next_at(self) -> datetime | None:
        async with self.database.snapshot() as tx:
            return await find_next_ready_at(tx, "telegram")

    async def claim_cards(self, now: datetime = NOON) -> list[CardToShow]:
        async with self.database.transaction() as tx:
            ids = await _ids(tx, ParcelKind.CARD, now)
            claimed = await list_cards_to_show(tx, now, ids, is_held=True)
            await put_rests(tx, [card.account_id for card in claimed], now + LEASE)
            return claimed

    async def claim_posts(self, now: datetime = NOON) -> list[PostToSend]:
        async with self.database.transaction() as tx:
            ids = await _ids(tx, ParcelKind.POST, now)
            claimed = await list_posts_to_send(tx, now, ids, is_held=True)
            await lease_posts(tx, [post.post_id for post in claimed], now + LEASE)
            await put_rests(tx, [post.account_id for post in claimed], now + LEASE)
            return claimed

    async def rest(self, account: int, until: datetime | None = None) -> None:
        async with self.database.transaction() as tx:
            await put_rests(tx, [account], until)

    async def cards(self) -> list[LiveCardRow]:
        async with self.database.transaction() as tx:
            return list(await tx.exec(select(LiveCardRow).order_by(col(LiveCardRow.id))))

    async def posts(self) -> list[PostRow]:
        async with self.database.transaction() as tx:
            return list(await tx.exec(select(PostRow).order_by(col(PostRow.id))))


async def _ids(tx: Tx, kind: ParcelKind, now: datetime) -> list[int]:
    return [parcel.row_id for parcel in await list_ready(tx, "telegram", now, 100) if parcel.kind is kind]


@pytest.fixture
async def outbox(database: Database) -> Outbox:
    return Outbox(database, await add_chats(database, 3))


# Live cards


async def test_a_card_wanted_again_is_one_card_with_a_newer_version(outbox: Outbox) -> None:
    await outbox.want(outbox.one, outbox.two)
    await outbox.want(outbox.two, outbox.three)
    assert [(card.account_id, card.wanted_version) for card in await outbox.cards()] == [
        (outbox.one, 1),
        (outbox.two, 2),
        (outbox.three, 1),
    ]


async def test_a_touch_reaches_existing_cards_of_the_subject_only(outbox: Outbox) -> None:
    await outbox.want(outbox.one, outbox.two, subject=7)
    await outbox.want(outbox.one, subject=8)
    async with outbox.database.transaction() as tx:
        await touch_cards(tx, CardKind.BALLOT, 7)
        await touch_cards(tx, CardKind.BALLOT, 7, [outbox.two, outbox.three])
        await touch_cards(tx, CardKind.BALLOT, 7, [])
        await touch_cards(tx, CardKind.PANEL, 7)
    assert [card.wanted_version for card in await outbox.cards()] == [2, 3, 1]


async def test_a_touch_of_a_meeting_reaches_its_cards_of_these_kinds(outbox: Outbox) -> None:
    await outbox.want(outbox.one, kind=CardKind.PANEL)
    await outbox.want(outbox.two, kind=CardKind.ATTENDANCE)
    await outbox.want(outbox.three, kind=CardKind.BALLOT)
    async with outbox.database.transaction() as tx:
        await touch_meeting_cards(tx, outbox.chats.meeting_id, [CardKind.PANEL, CardKind.ATTENDANCE])
        await touch_meeting_cards(tx, outbox.chats.meeting_id + 1, list(CardKind))
    assert [card.wanted_version for card in await outbox.cards()] == [2, 2, 1]


async def test_a_refresh_does_not_put_back_a_card_that_waits_with_more_urgency(outbox: Outbox) -> None:
    await outbox.want(outbox.one, priority=Priority.BALLOT)
    await outbox.want(outbox.two, priority=Priority.BALLOT)
    claimed = await outbox.claim_cards()
    async with outbox.database.transaction() as tx:
        await put_shown(tx, claimed[0].card_id, 1, "message", NOON)
        await touch_cards(tx, CardKind.BALLOT, 7, priority=Priority.REFRESH)
    assert [card.priority for card in await outbox.cards()] == [Priority.REFRESH, Priority.BALLOT]
    async with outbox.database.transaction() as tx:
        await touch_cards(tx, CardKind.BALLOT, 7)
        await touch_cards(tx, CardKind.BALLOT, 7, priority=Priority.ANSWER)
    assert [card.priority for card in await outbox.cards()] == [Priority.ANSWER, Priority.ANSWER]


async def test_a_claimed_card_is_nobody_elses_until_its_lease_is_over(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    (card,) = await outbox.claim_cards()
    assert (card.chat, card.platform, card.wanted_version, card.ref) == ("1", "telegram", 1, None)
    assert await outbox.claim_cards(NOON + SECOND) == []
    assert await outbox.next_at() == NOON + LEASE
    assert len(await outbox.claim_cards(NOON + LEASE)) == 1


async def test_a_card_that_changed_while_it_was_shown_is_shown_again(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    (card,) = await outbox.claim_cards()
    await outbox.want(outbox.one)
    async with outbox.database.transaction() as tx:
        await put_shown(tx, card.card_id, card.wanted_version, "message 9", NOON)
        await put_rests(tx, [outbox.one], None)
    (again,) = await outbox.claim_cards()
    assert (again.wanted_version, again.ref) == (2, "message 9")
    async with outbox.database.transaction() as tx:
        await put_shown(tx, again.card_id, again.wanted_version, "message 9", NOON)
        await put_rests(tx, [outbox.one], None)
    assert await outbox.ready() == []
    assert await outbox.next_at() is None


async def test_a_shown_card_can_be_told_to_wait_before_it_is_shown_anew(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    (card,) = await outbox.claim_cards()
    async with outbox.database.transaction() as tx:
        await put_shown(tx, card.card_id, 1, "message", NOON, not_before=NOON + 3 * SECOND)
        await put_rests(tx, [outbox.one], None)
    await outbox.want(outbox.one)
    assert await outbox.ready(NOON + 2 * SECOND) == []
    assert await outbox.next_at() == NOON + 3 * SECOND
    assert await outbox.ready(NOON + 3 * SECOND) == [("card", "1")]


async def test_a_card_that_failed_waits_and_counts_its_attempts(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    for attempts in range(3):
        now = NOON + attempts * SECOND
        (card,) = await outbox.claim_cards(now)
        assert card.attempts == attempts
        async with outbox.database.transaction() as tx:
            await put_card_failed(tx, card.card_id, now + SECOND)
            await put_rests(tx, [outbox.one], None)
        assert await outbox.ready(now) == []
    (card,) = await outbox.claim_cards(NOON + 3 * SECOND)
    async with outbox.database.transaction() as tx:
        await put_shown(tx, card.card_id, 1, "message", NOON)
    assert (await outbox.cards())[0].attempts == 0


async def test_a_start_gives_back_the_cards_that_were_being_shown(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    await outbox.claim_cards()
    async with outbox.database.transaction() as tx:
        await forget_leases(tx, "zalo", NOON)
    assert await outbox.ready() == []
    async with outbox.database.transaction() as tx:
        await forget_leases(tx, "telegram", NOON)
    assert await outbox.ready() == [("card", "1")]


async def test_forgotten_cards_follow_nothing_any_more(outbox: Outbox) -> None:
    await outbox.want(outbox.one, subject=7)
    await outbox.want(outbox.one, subject=8)
    await outbox.want(outbox.two)
    other = await add_chats(outbox.database)
    async with outbox.database.transaction() as tx:
        await forget_cards(tx, outbox.one, organisation_id=other.organisation_id)
    assert len(await outbox.cards()) == 3
    async with outbox.database.transaction() as tx:
        await forget_cards(tx, outbox.one, organisation_id=outbox.chats.organisation_id)
    assert [card.account_id for card in await outbox.cards()] == [outbox.two]
    async with outbox.database.transaction() as tx:
        await forget_cards(tx, outbox.two, organisation_id=None)
    assert await outbox.cards() == []


async def test_pages_read_the_versions_of_their_own_cards(database: Database) -> None:
    pages = Outbox(database, await add_chats(database, 3, platform="web"))
    await pages.want(pages.one, kind=CardKind.ATTENDANCE)
    await pages.want(pages.one, pages.two)
    await pages.want(pages.one)
    async with database.snapshot() as tx:
        versions = await list_card_versions(tx, "web", ["1", "3"])
        assert await list_card_versions(tx, "telegram", ["1", "3"]) == []
    assert [(card.chat, card.kind, card.subject_id, card.wanted_version) for card in versions] == [
        ("1", CardKind.ATTENDANCE, 7, 1),
        ("1", CardKind.BALLOT, 7, 2),
    ]
    assert {card.account_id for card in versions} == {pages.one}


# Posts


async def test_a_post_is_made_once_for_each_cause_and_recipient(outbox: Outbox) -> None:
    await outbox.post(outbox.one, outbox.two)
    await outbox.post(outbox.two, outbox.three)
    await outbox.post(outbox.one, cause="vote:8")
    posts = [(post.cause, post.account_id) for post in await outbox.posts()]
    assert posts == [
        ("vote:7", outbox.one),
        ("vote:7", outbox.two),
        ("vote:7", outbox.three),
        ("vote:8", outbox.one),
    ]


async def test_a_repeated_cause_does_not_send_what_was_sent(outbox: Outbox) -> None:
    await outbox.post(outbox.one)
    (post,) = await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await put_post_sent(tx, post.post_id, "message", NOON)
        await put_rests(tx, [outbox.one], None)
    await outbox.post(outbox.one)
    assert await outbox.ready() == []
    assert [(row.state, row.sent_at, row.ref) for row in await outbox.posts()] == [
        (WorkState.DONE, NOON, "message")
    ]


async def test_a_page_has_its_posts_at_once_and_nothing_is_sent_there(database: Database) -> None:
    pages = Outbox(database, await add_chats(database, 3, platform="web"))
    await pages.post(pages.one)
    assert [(post.state, post.sent_at) for post in await pages.posts()] == [(WorkState.DONE, NOON)]


async def test_what_is_posted_to_an_account_that_is_gone_has_failed_at_once(outbox: Outbox) -> None:
    async with outbox.database.transaction() as tx:
        await put_account_gone(tx, outbox.one, GoneReason.BLOCKED, NOON)
    await outbox.post(outbox.one, outbox.two)
    assert [post.state for post in await outbox.posts()] == [WorkState.FAILED, WorkState.WAITING]


async def test_a_post_to_nobody_is_no_post(outbox: Outbox) -> None:
    await outbox.post()
    await outbox.post(max(outbox.chats.accounts) + 1)
    assert await outbox.posts() == []


async def test_a_post_that_was_cut_off_says_so_when_it_is_claimed_again(outbox: Outbox) -> None:
    await outbox.post(outbox.one)
    (post,) = await outbox.claim_posts()
    assert (post.was_cut_off, post.facts, post.made_at) == (False, {"by": "Thư ký"}, NOON)
    assert await outbox.claim_posts(NOON + SECOND) == []
    assert await outbox.next_at() == NOON + LEASE
    (again,) = await outbox.claim_posts(NOON + LEASE)
    assert again.was_cut_off


async def test_a_start_takes_up_the_posts_that_were_being_sent(outbox: Outbox) -> None:
    await outbox.post(outbox.one)
    await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await forget_leases(tx, "zalo", NOON)
    assert await outbox.ready() == []
    async with outbox.database.transaction() as tx:
        await forget_leases(tx, "telegram", NOON)
    (post,) = await outbox.claim_posts()
    assert post.was_cut_off


async def test_a_post_that_failed_is_tried_again_when_it_is_time(outbox: Outbox) -> None:
    await outbox.post(outbox.one)
    (post,) = await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await put_post_retry(tx, post.post_id, NOON + SECOND)
        await put_rests(tx, [outbox.one], None)
    assert await outbox.claim_posts() == []
    assert await outbox.next_at() == NOON + SECOND
    (again,) = await outbox.claim_posts(NOON + SECOND)
    assert (again.attempts, again.was_cut_off) == (1, False)


@pytest.mark.parametrize(
    ("put", "state"),
    [
        (put_post_uncertain, WorkState.UNCERTAIN),
        (put_post_failed, WorkState.FAILED),
        (put_post_withdrawn, WorkState.WITHDRAWN),
    ],
)
async def test_a_post_with_its_last_outcome_is_never_claimed_again(
    outbox: Outbox, put: object, state: WorkState
) -> None:
    assert callable(put)
    await outbox.post(outbox.one)
    (post,) = await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await put(tx, post.post_id)
        await put_rests(tx, [outbox.one], None)
    assert [row.state for row in await outbox.posts()] == [state]
    assert await outbox.claim_posts(NOON + 2 * LEASE) == []
    assert await outbox.next_at() is None


async def test_what_waits_for_an_account_can_fail_together(outbox: Outbox) -> None:
    await outbox.post(outbox.one, outbox.two)
    (sent, _) = await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await put_post_sent(tx, sent.post_id, "message", NOON)
    await outbox.post(outbox.one, cause="vote:8")
    async with outbox.database.transaction() as tx:
        await put_posts_failed(tx, outbox.one)
    assert [post.state for post in await outbox.posts()] == [
        WorkState.DONE,
        WorkState.LEASED,
        WorkState.FAILED,
    ]


async def test_each_account_lists_its_newest_posts_first(outbox: Outbox) -> None:
    for number in range(4):
        await outbox.post(outbox.one, outbox.two if number == 1 else outbox.one, cause=f"vote:{number}")
    async with outbox.database.snapshot() as tx:
        posts = await list_posts(tx, [outbox.one, outbox.two, outbox.three], 3)
    by_id = {post.id: post.cause for post in await outbox.posts()}
    assert {account: [by_id[post.post_id] for post in found] for account, found in posts.items()} == {
        outbox.one: ["vote:3", "vote:2", "vote:1"],
        outbox.two: ["vote:1"],
        outbox.three: [],
    }
    assert posts[outbox.two][0].facts == {"by": "Thư ký"}


# Both


async def test_the_most_urgent_goes_first_then_the_oldest(outbox: Outbox) -> None:
    await outbox.want(outbox.three, priority=Priority.REFRESH)
    await outbox.post(outbox.two, priority=Priority.RESULT)
    await outbox.want(outbox.one, priority=Priority.BALLOT)
    assert await outbox.ready() == [("card", "1"), ("post", "2"), ("card", "3")]
    assert await outbox.ready(limit=1) == [("card", "1")]


async def test_a_chat_is_given_one_thing_at_a_time(outbox: Outbox) -> None:
    await outbox.post(outbox.one, cause="vote:1")
    await outbox.post(outbox.one, cause="vote:2")
    await outbox.post(outbox.two, cause="vote:2")
    assert await outbox.ready() == [("post", "1"), ("post", "2")]
    (first, _) = await outbox.claim_posts()
    assert first.post_id == min(post.id or 0 for post in await outbox.posts())
    assert await outbox.ready(except_accounts={outbox.one}) == []


async def test_a_chat_with_much_to_come_does_not_hide_the_others(outbox: Outbox) -> None:
    for number in range(20):
        await outbox.post(outbox.one, cause=f"vote:{number}")
    await outbox.post(outbox.two)
    assert await outbox.ready(limit=2) == [("post", "1"), ("post", "2")]
    assert await outbox.ready(limit=2, except_accounts={outbox.one}) == [("post", "2")]


async def test_what_waits_longest_is_given_however_urgent_the_rest(outbox: Outbox) -> None:
    await outbox.want(outbox.one, priority=Priority.REFRESH)
    (card,) = await outbox.claim_cards()
    async with outbox.database.transaction() as tx:
        await put_shown(tx, card.card_id, 1, "message", NOON - 2 * SECOND)
        await put_rests(tx, [outbox.one], None)
    await outbox.want(outbox.one, priority=Priority.REFRESH)
    await outbox.post(outbox.two, priority=Priority.ANSWER)
    await outbox.want(outbox.three, priority=Priority.REFRESH)
    async with outbox.database.snapshot() as tx:
        longest = await list_longest_waiting(tx, "telegram", NOON, 10)
    assert [ready.chat for ready in longest] == ["3", "1", "2"]  # never shown, shown before the post was made
    assert await outbox.ready() == [("post", "2"), ("card", "3"), ("card", "1")]


async def test_a_chat_that_rests_is_left_out_until_its_instant(outbox: Outbox) -> None:
    await outbox.post(outbox.one, outbox.two)
    await outbox.rest(outbox.one, NOON + SECOND)
    assert await outbox.ready() == [("post", "2")]
    await outbox.rest(outbox.two, NOON + 2 * SECOND)
    assert await outbox.next_at() == NOON + SECOND
    assert await outbox.ready(NOON + SECOND) == [("post", "1")]
    await outbox.rest(outbox.one)
    assert await outbox.ready() == [("post", "1")]


async def test_a_pace_is_kept_for_each_platform_and_the_longer_rest_stands(outbox: Outbox) -> None:
    async with outbox.database.transaction() as tx:
        assert await find_pacing(tx, "telegram") is None
        assert (await lock_pacing(tx, "telegram", NOON)).next_turn_at == NOON
        await put_next_turn(tx, "telegram", NOON + SECOND)
        assert await put_platform_rest(tx, "telegram", NOON + 3 * SECOND, NOON) == NOON + 3 * SECOND
        assert await put_platform_rest(tx, "telegram", NOON + 2 * SECOND, NOON) == NOON + 3 * SECOND
    async with outbox.database.snapshot() as tx:
        pacing = await find_pacing(tx, "telegram")
        assert pacing is not None
        assert (pacing.next_turn_at, pacing.rests_until) == (NOON + SECOND, NOON + 3 * SECOND)
        assert await find_pacing(tx, "zalo") is None


async def test_no_wait_outlives_a_clock_that_was_set_back(outbox: Outbox) -> None:
    await outbox.post(outbox.one, outbox.two)
    await outbox.want(outbox.three)
    (card,) = await outbox.claim_cards()
    (first, second) = await outbox.claim_posts()
    async with outbox.database.transaction() as tx:
        await put_card_failed(tx, card.card_id, NOON + LEASE)
        await put_post_retry(tx, second.post_id, NOON + LEASE)
        await put_platform_rest(tx, "telegram", NOON + LEASE, NOON)
        await cut_rests(tx, "zalo", NOON)
    earlier = NOON - 3600 * SECOND
    assert await outbox.ready(earlier + SECOND) == []
    async with outbox.database.transaction() as tx:
        await cut_rests(tx, "telegram", earlier + SECOND)
    assert await outbox.ready(earlier) == []
    assert [chat for _, chat in await outbox.ready(earlier + SECOND)] == ["3", "1", "2"]
    async with outbox.database.snapshot() as tx:
        pacing = await find_pacing(tx, "telegram")
        assert pacing is not None
        assert pacing.rests_until == earlier + SECOND
        (again,) = await list_posts_to_send(tx, earlier + SECOND, [first.post_id])
        assert again.was_cut_off


async def test_an_account_that_is_gone_is_left_out_until_it_writes_again(outbox: Outbox) -> None:
    await outbox.want(outbox.one)
    await outbox.post(outbox.one)
    async with outbox.database.transaction() as tx:
        await put_account_gone(tx, outbox.one, GoneReason.BLOCKED, NOON)
    assert await outbox.ready() == []
    assert await outbox.next_at() is None
    async with outbox.database.transaction() as tx:
        await put_account(tx, "telegram", "1", "1", "Ủy viên 1", "vi", NOON)
    assert await outbox.ready() == [("card", "1")]


async def test_two_who_take_at_once_never_get_the_same_nor_one_chat_twice(outbox: Outbox) -> None:
    await outbox.post(*outbox.chats.accounts)
    await outbox.want(*outbox.chats.accounts)
    ids = [post.id or 0 for post in await outbox.posts()]
    cards = [card.id or 0 for card in await outbox.cards()]

    async def claim() -> list[int]:
        async with outbox.database.transaction() as tx:
            await lock_pacing(tx, "telegram", NOON)
            posts = await list_posts_to_send(tx, NOON, ids, is_held=True)
            accounts = [post.account_id for post in posts]
            await put_rests(tx, accounts, NOON + LEASE)
            more = await list_cards_to_show(tx, NOON, cards, is_held=True)
            return [*accounts, *(card.account_id for card in more)]

    claimed = await asyncio.gather(*(claim() for _ in range(4)))
    assert sorted(one for some in claimed for one in some) == sorted(outbox.chats.accounts)


async def test_two_who_touch_the_same_cards_at_once_do_not_block_each_other(outbox: Outbox) -> None:
    accounts = list(outbox.chats.accounts)

    async def want(order: Collection[int]) -> None:
        for _ in range(5):
            await outbox.want(*order)
            async with outbox.database.transaction() as tx:
                await touch_cards(tx, CardKind.BALLOT, 7)

    await asyncio.gather(want(accounts), want(accounts[::-1]), want(accounts))
    assert [card.wanted_version for card in await outbox.cards()] == [30, 30, 30]

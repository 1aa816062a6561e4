"""One person in several chats is reached in the one used last, and counted once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import sqlalchemy as sa

from bot.actions import CastVote, ShowMissing
from bot.delivery.outcomes import put_gone
from bot.delivery.parcels import LEASE
from bot.platforms.base import Left, Text
from handlers import binding
from handlers.showing import use_account
from meeting.people import Role
from meeting.states import CardKind, GoneReason, PostKind
from meeting.voting import Option
from storage.database import Database, Tx
from storage.people import list_speakers
from storage.posts import lease_posts, list_posts, list_posts_to_send
from storage.reach import list_accounts_to_tell
from tests.bot.chatting import Hall
from tests.handlers.journey import Journey, plan, seat

PLAN = plan(["An", "Bình", "Chi"])
BALLOT = CardKind.BALLOT


async def hall(database: Database) -> Journey:
    """An is on Telegram, on a page, and at last on Zalo."""
    journey = await Journey.opened(database, PLAN)
    for platform in ("web", "zalo"):
        journey.clock.advance()
        await journey.bind("An", platform=platform)
    journey.clock.advance()
    return journey


async def use(journey: Journey, name: str) -> None:
    journey.clock.advance()
    async with journey.database.transaction() as tx:
        await use_account(tx, journey.account(name), journey.clock.now())


async def is_set_aside(journey: Journey, name: str) -> bool:
    one = journey.phones[name].sender
    async with journey.database.snapshot() as tx:
        return (await list_speakers(tx, [(one.platform, one.external_id)]))[
            one.platform, one.external_id
        ].is_set_aside


async def waiting(tx: Tx, account_id: int) -> set[int]:
    """The account's posts, whatever became of them."""
    return {post.post_id for post in (await list_posts(tx, [account_id], 100))[account_id]}


async def kinds(journey: Journey, name: str) -> set[CardKind]:
    return {kind for kind, _ in await journey.cards_of(name)}


async def test_a_ballot_goes_to_the_chat_used_last_and_to_the_page(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    assert BALLOT not in await kinds(journey, "An")
    assert BALLOT in await kinds(journey, "An (zalo)") & await kinds(journey, "An (web)")
    await use(journey, "An")
    assert BALLOT in await kinds(journey, "An"), "who goes on elsewhere finds the ballot there"
    await journey.cast(vote_id, "An", Option.YES)
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    assert PostKind.RESULT in await journey.posts_to("An")
    assert PostKind.RESULT in await journey.posts_to("An (web)")
    assert PostKind.RESULT not in await journey.posts_to("An (zalo)")
    tally = (await journey.vote(vote_id)).tally
    assert tally is not None
    assert (tally.base, tally.count(Option.YES)) == (3, 1), "one person, one ballot"


async def test_a_ballot_answered_in_one_chat_says_so_in_the_others(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await use(journey, "An")
    before = await journey.cards_of("An (zalo)")
    await journey.cast(vote_id, "An", Option.YES)
    after = await journey.cards_of("An (zalo)")
    assert after[BALLOT, vote_id] > before[BALLOT, vote_id]
    assert after.keys() == {(BALLOT, vote_id)}, "nothing else is followed there"
    assert CardKind.ATTENDANCE in await kinds(journey, "An")


async def test_a_card_asked_for_again_is_refreshed_where_it_stands_already(database: Database) -> None:
    journey = await Journey.opened(database, PLAN)
    vote_id = await journey.open_vote()
    journey.clock.advance()
    await journey.bind("An", platform="zalo")
    stood = (await journey.cards_of("An"))[BALLOT, vote_id]
    await journey.close_vote(vote_id)
    closed = (await journey.cards_of("An"))[BALLOT, vote_id]
    assert closed > stood, "what stands in an earlier chat goes on saying what is so"


async def test_of_several_uses_the_latest_counts_whatever_the_clock_says(database: Database) -> None:
    journey = await hall(database)
    assert await is_set_aside(journey, "An")
    assert not await is_set_aside(journey, "An (zalo)")
    assert not await is_set_aside(journey, "An (web)"), "a page is looked at beside the chats"
    assert not await is_set_aside(journey, "Bình")
    journey.clock.advance(-timedelta(hours=1))
    for name, other in (("An", "An (zalo)"), ("An (zalo)", "An")):
        await use(journey, name)
        assert not await is_set_aside(journey, name)
        assert await is_set_aside(journey, other)
    async with database.snapshot() as tx:
        reached, missing = await list_accounts_to_tell(tx, journey.meeting_id)
    assert reached[journey.attendees["An"]] == journey.account("An (zalo)")
    assert missing == 0


async def test_who_blocks_one_chat_is_reached_in_the_other(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    await journey.close_vote(vote_id)
    await journey.announce(vote_id)
    now, lost = journey.clock.now(), journey.account("An (zalo)")
    async with database.transaction() as tx:
        (result,) = await list_posts_to_send(tx, now, await waiting(tx, lost))
        await lease_posts(tx, [result.post_id], now + LEASE)
    await put_gone(database, [result], GoneReason.BLOCKED, now)
    assert PostKind.RESULT in await journey.posts_to("An"), "what could not be sent there comes here"
    assert PostKind.RESULT not in await journey.posts_to("An (zalo)")
    assert CardKind.ATTENDANCE in await kinds(journey, "An")
    async with database.transaction() as tx:
        assert await list_posts_to_send(tx, now, await waiting(tx, lost)) == []
        ready = await list_posts_to_send(tx, now, await waiting(tx, journey.account("An")))
        assert PostKind.RESULT in {post.kind for post in ready}


async def test_a_chat_that_is_let_go_leaves_the_person_to_the_other(database: Database) -> None:
    journey = await hall(database)
    vote_id = await journey.open_vote()
    gone = await binding.report_wrong_person(journey.house, journey.asked("An (zalo)"), journey.meeting_id)
    assert isinstance(gone, binding.LetGo)
    assert (BALLOT, vote_id) in await journey.cards_of("An")
    assert await journey.cards_of("An (zalo)") == {}


async def test_each_other_chat_is_told_of_a_new_one(database: Database) -> None:
    journey = await hall(database)
    assert (await journey.posts_to("An")).count(PostKind.ALSO_BOUND) == 2
    assert (await journey.posts_to("An (web)")).count(PostKind.ALSO_BOUND) == 1
    assert PostKind.ALSO_BOUND not in await journey.posts_to("An (zalo)")


async def test_what_somebody_does_in_a_chat_makes_it_the_one_that_is_used(database: Database) -> None:
    journey = await hall(database)
    room = Hall(database, journey.clock)
    room.journey = journey
    vote_id = await journey.open_vote()
    telegram, zalo = room.chat("An"), room.chat("An", "zalo")
    await telegram.does(Left())
    assert not await is_set_aside(journey, "An (zalo)"), "who leaves doesn't go on there"
    answer = await telegram.forges(CastVote(vote_id, Option.YES))
    assert "Đã ghi nhận: Tán thành" in answer.notice
    assert await is_set_aside(journey, "An (zalo)")
    assert not await is_set_aside(journey, "An")
    assert (BALLOT, vote_id) in await journey.cards_of("An")
    answer = await zalo.does(Text("không tán thành"))
    assert "Đã ghi nhận: Không tán thành" in answer.notice
    assert not await is_set_aside(journey, "An (zalo)")
    assert await journey.choices(vote_id) == {"An": Option.NO}
    await room.close()


async def test_the_secretary_sees_whose_vote_may_have_got_lost(sqlite: Database) -> None:
    journey = await Journey.opened(sqlite, plan(["An", seat("Thư ký", role=Role.SECRETARY), "Chi"]))
    for name in ("An", "Chi"):
        journey.clock.advance()
        await journey.bind(name, platform="zalo")
    await use(journey, "Chi")
    vote_id = await journey.open_vote()
    room = Hall(sqlite, journey.clock)
    room.journey = journey
    secretary = room.chat("Thư ký")
    assert await secretary.sees("Chưa biểu quyết: An, Thư ký, Chi")
    assert await secretary.sees("Trong đó qua Zalo (tin nhắn có thể thất lạc): An.")
    await secretary.forges(ShowMissing(vote_id, 0))
    assert "An: chưa biểu quyết (Zalo)" in secretary.told
    assert "Chi: chưa biểu quyết\n" in secretary.told + "\n"
    await journey.cast(vote_id, "An (zalo)", Option.YES)
    assert not await secretary.sees("Trong đó qua Zalo")
    await room.close()


async def test_a_tap_costs_as_much_for_who_has_two_chats_and_stays_in_one(sqlite: Database) -> None:
    journey = await hall(sqlite)
    room = Hall(sqlite, journey.clock)
    room.journey = journey
    vote_id = await journey.open_vote()
    costs = {}
    for chat in (room.chat("Bình"), room.chat("An", "zalo")):
        await chat.forges(CastVote(vote_id, Option.YES))
        with counted() as statements:
            await chat.forges(CastVote(vote_id, Option.NO))
        costs[chat.name] = len(statements)
    assert costs["An"] == costs["Bình"], costs
    await room.close()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are carried out meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)

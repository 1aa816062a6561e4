"""What a platform asks for is kept: over all chats, in each chat, in several processes, by any clock."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from bot.admission import Admission
from bot.delivery.parcels import Parcel, claim, find_offer, key_of
from bot.pace import Limit, Pace
from bot.platforms.base import ChatMovedError, DeliveryError
from meeting.states import CardKind, Priority, WorkState
from storage.cards import put_shown
from storage.database import Database
from storage.pace import find_pacing, put_rests
from storage.posts import PostToSend, put_post_sent
from storage.rows import AccountRow
from tests.bot.office import NO_REST, SECOND, Office
from tests.fakes.chats import NOON, add_chats

WAITS = WorkState.WAITING
HOUR = timedelta(hours=1)


@pytest.fixture
async def office(database: Database) -> Office:
    return Office(database, await add_chats(database, 4))


def flooded(seconds: int) -> DeliveryError:
    return DeliveryError("Too Many Requests", retry_after=seconds * SECOND)


async def make_group(office: Office, chat: int) -> None:
    async with office.database.transaction() as tx:
        account = col(AccountRow.id) == office.chats.accounts[chat - 1]
        await tx.exec(sa.update(AccountRow).where(account).values(is_group=True))


async def rest_of_all(office: Office) -> datetime | None:
    async with office.database.snapshot() as tx:
        pacing = await find_pacing(tx, "telegram")
        return None if pacing is None else pacing.rests_until


# Several processes


async def test_two_processes_share_the_pace_and_send_nothing_twice(
    database: Database, database_url: str
) -> None:
    chats = await add_chats(database, 60)
    other = Database.open(database_url)
    offices = [Office(database, chats), Office(other, chats)]
    for office in offices:
        office.now = lambda: datetime.now(UTC)
        office.pace = Pace(Limit(40, SECOND), private=NO_REST, group=NO_REST)
        office.platform = offices[0].platform
    try:
        async with offices[0].open(), offices[1].open():
            await offices[0].post(*range(1, 61))
            async with other.transaction():
                pass  # wakes the other
            other.on_commit(offices[0].look)
            await offices[0].until(offices[0].are_all_sent)
    finally:
        await other.close()
    reached = Counter(shown.chat for shown in offices[0].platform.shown)
    assert reached == Counter(str(chat) for chat in range(1, 61))
    # Whoever is late for a turn begins later: never earlier than the last turn after the first.
    begun = offices[0].platform.begun
    assert begun[-1] - begun[0] >= 59 * offices[0].pace.in_all.interval.total_seconds() - 0.3


async def test_a_lease_that_could_end_before_the_send_does_is_not_made_use_of(office: Office) -> None:
    office.pace = Pace(Limit(5, SECOND), private=NO_REST, group=NO_REST)
    for chat in (1, 2, 3):
        await office.post(chat, text=f"to {chat}")
    async with office.open():
        await office.until_recorded(1)
        await office.pass_time(25 * SECOND)  # the others' turns come when their leases are nearly over
        await office.until(office.are_all_sent)
    assert sorted(office.platform.asked) == ["1", "2", "3"]
    assert {attempts for _, attempts, _ in await office.posts()} == {0}


# What was asked for


async def test_one_chat_that_is_refused_rests_alone(office: Office) -> None:
    office.platform.refusals["1"].append(flooded(30))
    await office.post(1, text="first")
    await office.post(2, text="second")
    async with office.open():
        await office.until_recorded(1)
        await office.post(3, 4, text="third")
        await office.until_recorded(3)
        assert await rest_of_all(office) is None
        await office.pass_time(29 * SECOND)
        assert office.platform.asked.count("1") == 1
        await office.pass_time(SECOND)
        await office.until(office.are_all_sent)


async def test_two_chats_that_are_refused_mean_that_all_rest_in_every_process(
    office: Office, database_url: str
) -> None:
    office.pace = Pace(Limit(5, SECOND), private=NO_REST, group=NO_REST)
    office.platform.refusals["1"].append(flooded(20))
    office.platform.refusals["2"].append(flooded(30))
    for chat in (1, 2, 3):
        await office.post(chat, text=f"to {chat}")
    other = Office(Database.open(database_url), office.chats)
    async with office.open():
        await office.until(lambda: _are_all(office, [(WAITS, 1), (WAITS, 1), (WAITS, 0)]))
        assert await rest_of_all(office) == NOON + 30 * SECOND
        async with other.open():
            await other.pass_time(29 * SECOND)
            await office.pass_time(29 * SECOND)
            assert (office.platform.asked, other.platform.asked) == (["1", "2"], [])
        await office.pass_time(SECOND)
        await office.until(office.are_all_sent)
    await other.database.close()


async def test_chats_that_are_crowded_by_answers_rest_alone_however_many(office: Office) -> None:
    admitted = Admission(office.database, "telegram", office.pace, office.now)
    office.gates["telegram"] = admitted.gate
    for chat in ("1", "2"):
        office.platform.refusals[chat].append(flooded(20))
        await admitted.admit(chat)
    await office.pass_time(60 * SECOND)
    await office.post(1, 2, 3)
    async with office.open():
        await office.until(lambda: _are_all(office, [(WAITS, 1), (WAITS, 1), (WorkState.DONE, 0)]))
        assert await rest_of_all(office) is None
        await office.pass_time(20 * SECOND)
        await office.until(office.are_all_sent)
    await admitted.close()


async def test_after_a_rest_of_all_the_first_that_gets_through_lets_the_others_go_at_once(
    database: Database,
) -> None:
    office = Office(database, await add_chats(database, 15))
    office.pace = Pace(Limit(20, SECOND), private=NO_REST, group=NO_REST)
    office.platform.refusals["1"].append(flooded(20))
    office.platform.refusals["2"].append(flooded(20))
    await office.post(*range(1, 16))
    async with office.open():
        await office.until(lambda: _rests(office))
        await office.pass_time(20 * SECOND)
        await office.until(office.are_all_sent)
    begun = office.platform.begun[-13:]
    assert begun[-1] - begun[0] < 5  # one a second, as before it is known, would take twelve


async def test_whom_nothing_reaches_is_shown_anew_every_ten_seconds_at_most(office: Office) -> None:
    async with office.open():
        await office.want(1, kind=CardKind.UNREACHABLE, priority=Priority.PANEL)
        await office.until(office.are_all_shown)
        for seconds in (4, 5):
            await office.want(1, kind=CardKind.UNREACHABLE, priority=Priority.PANEL)
            await office.pass_time(seconds * SECOND)
        await office.post(2, priority=Priority.REFRESH)  # goes after any card that may go
        await office.until(office.are_all_sent)
        await office.pass_time(SECOND)
        await office.until(office.are_all_shown)
    assert [shown.text for shown in office.platform.shown] == ["unreachable 1", "result", "unreachable 3"]


async def test_a_group_rests_longer_and_its_refusal_is_its_own(office: Office) -> None:
    office.pace = Pace(Limit(1000, SECOND), private=NO_REST, group=Limit(20, 60 * SECOND))
    await make_group(office, 1)
    await make_group(office, 2)
    office.platform.refusals["1"].append(flooded(30))
    office.platform.refusals["2"].append(flooded(30))
    await office.post(1, 2, text="first")
    async with office.open():
        await office.until(lambda: _are_all(office, [(WAITS, 1), (WAITS, 1)]))
        assert await rest_of_all(office) is None
        await office.post(2, 3, text="beside")
        await office.until_recorded(1)
        await office.pass_time(30 * SECOND)
        await office.until_recorded(3)
        assert [shown.text for shown in office.platform.shown if shown.chat == "2"] == ["first"]
        await office.pass_time(2 * SECOND)
        assert len(office.platform.shown) == 3
        await office.pass_time(1.1 * SECOND)
        await office.until(office.are_all_sent)


async def test_what_was_meant_for_a_group_follows_it_to_its_new_chat(office: Office) -> None:
    await make_group(office, 1)
    office.platform.refusals["1"].append(ChatMovedError("migrated", "-100"))
    await office.post(1)
    async with office.open():
        await office.until(office.are_all_sent)
    assert office.platform.asked == ["1", "-100"]


async def test_a_clock_that_was_set_back_keeps_nobody_waiting(office: Office) -> None:
    office.platform.refusals["2"].append(DeliveryError("no route"))
    async with office.open():
        await office.post(1, 2)
        await office.until(lambda: _are_all(office, [(WorkState.DONE, 0), (WAITS, 1)]))
        office.time -= HOUR
        await office.post(1, 3, text="after")
        await office.until(lambda: _goes_on_at(office, NOON - HOUR))
        await office.pass_time(SECOND)
        await office.until_recorded(2)  # what had nothing to wait for; nothing else waits for an hour
        await office.pass_time(60 * SECOND)
        await office.until(office.are_all_sent)
    assert Counter(office.platform.asked) == {"1": 2, "2": 2, "3": 1}


# Who goes first


async def test_what_is_not_urgent_gets_through_while_the_urgent_never_ends(database: Database) -> None:
    office = Office(database, await add_chats(database, 40))
    pace = Pace(Limit(10, SECOND), private=NO_REST, group=NO_REST)
    quiet, busy = range(1, 6), range(6, 41)
    await office.want(*quiet, priority=Priority.REFRESH)
    told: list[tuple[datetime, str]] = []
    for step in range(30):
        await office.post(*busy[:8], text=f"urgent {step}", priority=Priority.ANSWER)
        for turn, parcel in await _claim(office, pace, step * SECOND / 2):
            told.append((turn, parcel.chat))
            async with database.transaction() as tx:
                if isinstance(parcel, PostToSend):
                    await put_post_sent(tx, parcel.post_id, "message", turn)
                else:
                    await put_shown(tx, parcel.card_id, parcel.wanted_version, "message", turn)
    assert {chat for _, chat in told} >= {str(chat) for chat in quiet}
    assert len(told) >= 140, "no turn is wasted"
    instants = [turn for turn, _ in told]
    for first, later in zip(instants, instants[10:], strict=False):
        assert later - first > SECOND
    urgent = sum(int(chat) in busy for _, chat in told)
    assert urgent >= 0.9 * len(told) - 1, "the urgent has nine of ten turns"


async def _claim(office: Office, pace: Pace, after: timedelta) -> list[tuple[datetime, Parcel]]:
    now = NOON + after
    async with office.database.transaction() as tx:
        offer = await find_offer(tx, "telegram", now, 10, ())
        claimed = await claim(tx, "telegram", pace, now, offer, offer.parcels.keys(), 10)
        await put_rests(tx, [one.parcel.account_id for one in claimed], None)
        assert len({key_of(one.parcel) for one in claimed}) == len(claimed)
    return [(one.turn, one.parcel) for one in claimed]


async def test_a_ballot_does_not_wait_behind_a_mailing(database: Database) -> None:
    big = Office(database, await add_chats(database, 60))
    pace = Pace(Limit(30, SECOND), private=NO_REST, group=NO_REST)
    await big.post(*range(1, 60), priority=Priority.REMINDER)
    async with database.transaction() as tx:
        offer = await find_offer(tx, "telegram", NOON, 15, ())
        mailing = await claim(tx, "telegram", pace, NOON, offer, offer.parcels.keys(), 15)
    await big.want(60, kind=CardKind.BALLOT)
    async with database.transaction() as tx:
        offer = await find_offer(tx, "telegram", NOON, 15, ())
        (ballot, *_) = await claim(tx, "telegram", pace, NOON + SECOND / 4, offer, offer.parcels.keys(), 15)
    assert ballot.parcel.kind is CardKind.BALLOT
    assert ballot.turn - NOON <= 0.6 * SECOND
    assert len(mailing) == 15


async def _goes_on_at(office: Office, now: datetime) -> bool:
    async with office.database.snapshot() as tx:
        pacing = await find_pacing(tx, "telegram")
        return pacing is not None and pacing.next_turn_at <= now + SECOND


async def _rests(office: Office) -> bool:
    """Whether everything rests, and what was refused is recorded."""
    refused = [attempts for _, attempts, _ in await office.posts() if attempts]
    return await rest_of_all(office) is not None and len(refused) == 2


async def _are_all(office: Office, expected: list[tuple[WorkState, int]]) -> bool:
    return [(state, attempts) for state, attempts, _ in await office.posts()] == expected

import asyncio
import signal
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.delivery import LEASE, PATIENCE, Delivery
from bot.pace import Limit, Pace
from bot.platforms.base import ChatGoneError, DeliveryError
from meeting.states import CardKind, GoneReason, Priority, WorkState
from storage.cards import forget_cards, touch_cards
from storage.database import Database
from storage.outbox import list_ready
from storage.pace import put_rests
from storage.posts import lease_posts
from storage.rows import AccountRow
from tests.bot.dying_delivery import KILLED_AT
from tests.bot.office import NO_REST, SECOND, Office, Wording
from tests.fakes.chats import NOON, add_chats
from tests.fakes.platform import RecordingPlatform, Shown

ROOT = Path(__file__).parents[2]

_T = TypeVar("_T")


@pytest.fixture
async def office(database: Database) -> Office:
    return Office(database, await add_chats(database, 3))


# What goes out


async def test_a_card_that_is_wanted_is_shown_and_a_change_takes_its_place(office: Office) -> None:
    async with office.open():
        await office.want(1)
        await office.until(office.are_all_shown)
        await office.want(1)
        await office.until(office.are_all_shown)
    assert office.platform.shown == [Shown("1", "ballot 1", None), Shown("1", "ballot 2", "message 1")]


async def test_a_post_is_sent_once_to_each(office: Office) -> None:
    async with office.open():
        await office.post(1, 2)
        await office.post(2, 3)
        await office.until(office.are_all_sent)
    assert sorted(shown.chat for shown in office.platform.shown) == ["1", "2", "3"]


async def test_what_was_wanted_before_the_start_is_delivered(office: Office) -> None:
    await office.want(1)
    await office.post(2)
    async with office.open():
        await office.until(office.are_all_through)
    assert len(office.platform.shown) == 2


async def test_many_changes_before_the_next_showing_are_shown_once(office: Office) -> None:
    for _ in range(10):
        await office.want(1)
    async with office.open():
        await office.until(office.are_all_shown)
    assert office.platform.shown == [Shown("1", "ballot 10", None)]


async def test_cards_that_wait_together_are_rendered_together(office: Office) -> None:
    await office.want(1, 2, 3)
    async with office.open():
        await office.until(office.are_all_shown)
    assert office.wording.batches == [3]


async def test_a_card_that_changes_while_it_is_shown_is_shown_again(office: Office) -> None:
    gate = office.platform.gates["1"] = asyncio.Event()
    async with office.open():
        await office.want(1)
        await office.platform.until_asked(1)
        await office.want(1)
        gate.set()
        await office.until(office.are_all_shown)
    assert [shown.text for shown in office.platform.shown] == ["ballot 1", "ballot 2"]


async def test_the_urgent_goes_first(office: Office) -> None:
    # Side by side, any may end first.
    office.pace = Pace(Limit(20, SECOND), private=NO_REST, group=NO_REST)
    await office.post(1, priority=Priority.RESULT)
    await office.want(2, priority=Priority.REFRESH)
    await office.want(3, priority=Priority.BALLOT)
    async with office.open():
        await office.until(office.are_all_through)
    assert [shown.chat for shown in office.platform.shown] == ["3", "1", "2"]


async def test_a_chat_is_served_in_order_and_the_others_beside_it(office: Office) -> None:
    gate = office.platform.gates["1"] = asyncio.Event()
    for text in ("first", "second", "third"):
        await office.post(1, text=text)
    async with office.open():
        await office.platform.until_asked(1)
        await office.post(2, text="beside")
        await office.until_recorded(1)
        assert office.platform.asked == ["1", "2"]
        gate.set()
        await office.until(office.are_all_sent)
    assert [shown.text for shown in office.platform.shown] == ["beside", "first", "second", "third"]


async def test_nothing_is_sent_where_there_is_nothing_to_show_any_more(office: Office) -> None:
    office.wording.over = {"ballot 1", "result"}
    await office.want(1)
    await office.post(2)
    async with office.open():
        await office.until(office.are_all_shown)
        await office.until(lambda: _is(office.posts(), [(WorkState.WITHDRAWN, 0, None)]))
    assert office.platform.asked == []


async def test_a_reminder_that_waited_until_its_time_has_passed_is_not_sent(office: Office) -> None:
    await office.post(1, until=office.time)
    await office.post(2, until=office.time + SECOND)
    async with office.open():
        await office.until(
            lambda: _is(office.posts(), [(WorkState.WITHDRAWN, 0, None), (WorkState.DONE, 0, None)])
        )
    assert office.platform.asked == ["2"]


async def test_a_card_that_is_forgotten_while_it_is_shown_is_no_error(office: Office) -> None:
    gate = office.platform.gates["1"] = asyncio.Event()
    async with office.open():
        await office.want(1)
        await office.platform.until_asked(1)
        async with office.database.transaction() as tx:
            await forget_cards(tx, office.chats.accounts[0], organisation_id=None)
        gate.set()
        await office.post(2)
        await office.until(office.are_all_sent)
    assert await office.cards() == []


async def test_pages_are_left_to_read_for_themselves(database: Database) -> None:
    office = Office(database, await add_chats(database, 1, platform="web"))
    page = RecordingPlatform("web")
    await office.want(1)
    await office.post(1)
    async with office.open(web=page):
        await office.pass_time(SECOND)
    assert page.asked == []


async def test_delivery_without_a_chat_platform_runs_until_it_is_stopped(database: Database) -> None:
    running = asyncio.create_task(Delivery(database, {}, Wording(), lambda: NOON).run())
    async with database.transaction():
        pass
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


# Pace


async def test_a_chat_rests_between_two_sends(office: Office) -> None:
    office.pace = Pace(Limit(1000, SECOND), private=Limit(1, SECOND), group=NO_REST)
    await office.post(1, text="first")
    await office.post(1, text="second")
    async with office.open():
        await office.until_recorded(1)
        await office.post(2, text="beside")
        await office.until_recorded(2)
        assert [shown.text for shown in office.platform.shown] == ["first", "beside"]
        await office.pass_time(1.02 * SECOND)
        await office.until(office.are_all_sent)
    assert [shown.text for shown in office.platform.shown] == ["first", "beside", "second"]


async def test_a_shared_card_is_shown_anew_every_three_seconds_at_most(office: Office) -> None:
    async with office.open():
        await office.want(1, kind=CardKind.PANEL, priority=Priority.PANEL)
        await office.until(office.are_all_shown)
        for _ in range(5):
            async with office.database.transaction() as tx:
                await touch_cards(tx, CardKind.PANEL, 7)
        await office.pass_time(2 * SECOND)
        await office.post(2, priority=Priority.REFRESH)  # goes after any card that may go
        await office.until(office.are_all_sent)
        await office.pass_time(SECOND)
        await office.until(office.are_all_shown)
    assert [shown.text for shown in office.platform.shown] == ["panel 1", "result", "panel 6"]


# What fails


async def test_a_platform_that_asks_for_time_gets_it_for_all_of_the_chat(office: Office) -> None:
    office.platform.refusals["1"].append(DeliveryError("Too Many Requests", retry_after=30 * SECOND))
    await office.post(1, text="first")
    await office.post(1, text="second")
    async with office.open():
        await office.until(
            lambda: _is(
                office.posts(), [(WorkState.WAITING, 1, NOON + 30 * SECOND), (WorkState.WAITING, 0, None)]
            )
        )
        await office.pass_time(29 * SECOND)
        await office.post(2, text="beside")
        await office.until_recorded(1)
        await office.pass_time(SECOND)
        await office.until(office.are_all_sent)
    assert [shown.text for shown in office.platform.shown] == ["beside", "first", "second"]


async def test_a_send_that_keeps_failing_waits_longer_each_time(office: Office) -> None:
    office.platform.refusals["1"].extend([DeliveryError("no route")] * 8)
    await office.want(1)
    waits: list[timedelta] = []
    async with office.open():
        for attempts in range(1, 9):
            await office.until(partial(_has_failed, office, attempts))
            (card,) = await office.cards()
            assert card.next_try_at is not None
            waits.append(card.next_try_at - office.time)
            await office.pass_time(waits[-1])
        await office.until(office.are_all_shown)
    for doubled, wait in zip((2, 4, 8, 16, 32, 60, 60, 60), waits, strict=True):
        assert timedelta(seconds=doubled / 2) <= wait <= timedelta(seconds=doubled)


async def test_a_bug_in_one_card_withholds_that_card_only(office: Office) -> None:
    await office.want(1, 2, 3)
    office.wording.broken = {2}
    async with office.open():
        await office.until(lambda: _has_failed(office, 1))
        await office.until_recorded(2)
        assert sorted(shown.chat for shown in office.platform.shown) == ["1", "3"]
        office.wording.broken = set()
        await office.pass_time(2 * SECOND)
        await office.until(office.are_all_shown)
    assert office.platform.shown[-1].chat == "2"


async def test_a_bug_in_the_platform_does_not_end_delivery(office: Office) -> None:
    office.platform.refusals["1"].append(ZeroDivisionError())
    async with office.open():
        await office.post(1)
        await office.until(lambda: _has_failed(office, 1))
        await office.pass_time(2 * SECOND)
        await office.until(office.are_all_sent)


async def test_nothing_more_goes_to_a_chat_that_is_gone(office: Office) -> None:
    office.platform.refusals["1"].append(ChatGoneError("bot was blocked by the user", GoneReason.BLOCKED))
    await office.post(1, text="first")
    await office.post(1, text="second")
    await office.want(1, priority=Priority.REFRESH)
    await office.post(2, text="beside")
    async with office.open():
        await office.until(
            lambda: _is(
                office.posts(),
                [(WorkState.FAILED, 0, None), (WorkState.FAILED, 0, None), (WorkState.DONE, 0, None)],
            )
        )
        await office.pass_time(SECOND)
        await office.post(3, text="later")
        await office.until_recorded(2)
    assert sorted(office.platform.asked) == ["1", "2", "3"]
    async with office.database.snapshot() as tx:
        gone = select(AccountRow.chat, AccountRow.gone_reason).where(col(AccountRow.gone_at) == NOON)
        assert list(await tx.exec(gone)) == [("1", GoneReason.BLOCKED)]


async def test_a_result_whose_arrival_is_uncertain_is_sent_again(office: Office) -> None:
    office.platform.refusals["1"].append(DeliveryError("connection lost", is_uncertain=True))
    await office.post(1)
    async with office.open():
        await office.until(lambda: _has_failed(office, 1))
        await office.pass_time(2 * SECOND)
        await office.until(office.are_all_sent)


async def test_a_reminder_whose_arrival_is_uncertain_is_not(office: Office) -> None:
    office.platform.refusals["1"].append(DeliveryError("connection lost", is_uncertain=True))
    await office.post(1, priority=Priority.REMINDER)
    async with office.open():
        await office.until(lambda: _is(office.posts(), [(WorkState.UNCERTAIN, 0, None)]))
        await office.pass_time(60 * SECOND)
        await office.post(2)
        await office.until_recorded(1)
    assert office.platform.asked == ["1", "2"]


async def test_a_reminder_that_was_cut_off_is_not_sent_again(office: Office) -> None:
    await office.post(1, priority=Priority.REMINDER)
    await office.post(2)
    async with office.database.transaction() as tx:
        ready = await list_ready(tx, "telegram", office.time, 2)
        await lease_posts(tx, [post.row_id for post in ready], office.time + LEASE)
        await put_rests(tx, [post.account_id for post in ready], office.time + LEASE)
    office.time += LEASE
    async with office.open():
        await office.until(
            lambda: _is(office.posts(), [(WorkState.UNCERTAIN, 0, None), (WorkState.DONE, 0, None)])
        )
    assert office.platform.asked == ["2"]


async def test_a_send_without_an_answer_is_uncertain_and_holds_nobody_up(office: Office) -> None:
    office.platform.gates["1"] = asyncio.Event()
    office.longest_send = timedelta(milliseconds=50)
    await office.post(1, priority=Priority.REMINDER)
    async with office.open():
        await office.until(lambda: _is(office.posts(), [(WorkState.UNCERTAIN, 0, None)]))


async def test_a_post_that_fails_for_days_is_given_up(office: Office) -> None:
    office.platform.refusals["1"].extend([DeliveryError("no route")] * 2)
    await office.post(1)
    async with office.open():
        await office.until(lambda: _has_failed(office, 1))
        await office.pass_time(PATIENCE + SECOND)
        await office.until(lambda: _is_given_up(office))
    assert office.platform.shown == []


async def test_the_log_tells_of_outcomes_by_number_only(office: Office) -> None:
    office.platform.refusals["2"].append(ChatGoneError("bot was blocked by the user", GoneReason.BLOCKED))
    with capture_logs() as lines:
        async with office.open():
            await office.post(1, 2, text="Đồng chí An tán thành")
            await office.until_recorded(1)
            await office.until(lambda: _is_given_up(office))
    told = {line["event"]: line for line in lines}
    assert set(told) == {"delivered", "chat_gone"}
    assert told["delivered"]["account"] == office.chats.accounts[0]
    assert told["chat_gone"]["reason"] == "bot was blocked by the user"
    assert "An" not in str(lines)


# The end, and the next start


async def test_a_send_under_way_at_the_stop_is_recorded(office: Office) -> None:
    gate = office.platform.gates["1"] = asyncio.Event()
    await office.post(1)
    async with office.open():
        await office.platform.until_asked(1)
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert [state for state, _, _ in await office.posts()] == [WorkState.DONE]


async def test_what_a_killed_program_left_is_delivered_by_the_next(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    office = Office(database, await add_chats(database, 40))
    office.time = datetime.now(UTC)
    await office.post(*range(1, 41))
    arrived = tmp_path / "arrived"
    for _ in range(2):
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.dying_delivery", database_url, str(arrived), cwd=ROOT
        )
        assert await asyncio.wait_for(program.wait(), 60) == -signal.SIGKILL
    # On a shared database another process may still be sending.
    later = timedelta(0) if database.is_sqlite else LEASE
    office.now = lambda: datetime.now(UTC) + later
    async with office.open():
        await office.until(office.are_all_sent)
    reached = [*arrived.read_text().split(), *(shown.chat for shown in office.platform.shown)]
    assert sorted(set(reached), key=int) == [str(chat) for chat in range(1, 41)]
    assert len(reached) <= 40 + 2 * KILLED_AT  # twice: only what arrived and was not recorded yet


async def _is(found: Awaitable[_T], expected: _T) -> bool:
    return await found == expected


async def _has_failed(office: Office, attempts: int) -> bool:
    """Whether something was tried so many times in vain."""
    cards = [card.attempts for card in await office.cards()]
    return attempts in [*cards, *(tried for _, tried, _ in await office.posts())]


async def _is_given_up(office: Office) -> bool:
    return WorkState.FAILED in [state for state, _, _ in await office.posts()]

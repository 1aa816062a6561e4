"""On a platform that counts messages: several things in one, no refreshes, the last ones kept for votes."""

from collections.abc import Awaitable
from typing import TypeVar

import pytest

from bot.actions import CastVote, ShowMeeting
from bot.budget import Budget
from bot.cards.layout import button
from bot.platforms.base import Ask, Card, DeliveryError, Line, Open
from meeting.states import CardKind, Priority, WorkState
from meeting.thrift import Plan, Usage
from meeting.voting import Option
from storage.cards import touch_cards
from storage.counts import add_to_count
from storage.database import Database
from tests.bot.office import SECOND, Office
from tests.fakes.chats import add_chats
from tests.fakes.platform import Shown
from tests.fakes.thrifty import CountingPlatform

DONE, WAITS = WorkState.DONE, WorkState.WAITING

_T = TypeVar("_T")


@pytest.fixture
async def office(database: Database) -> Office:
    office = Office(database, await add_chats(database, 3, platform="zalo"))
    platform = CountingPlatform()
    budget = Budget(database, "zalo", "123", Plan(100, 50), lambda: office.time)
    platform.meter = budget
    office.platform, office.budgets = platform, {"zalo": budget}
    return office


async def use(office: Office, messages: int) -> None:
    async with office.database.transaction() as tx:
        await add_to_count(tx, "zalo", "123", "2026-12", sent=messages)


async def used(office: Office) -> Usage:
    async with office.database.snapshot() as tx:
        return await office.budgets["zalo"].find_usage(tx)


async def states(office: Office) -> list[WorkState]:
    return [state for state, _, _ in await office.posts()]


async def _is(found: Awaitable[_T], expected: _T) -> bool:
    return await found == expected


# One message


async def test_a_result_and_the_next_ballot_are_one_message_the_ballot_last(office: Office) -> None:
    ballot = Card((Line("Biểu quyết 5"),), ((button("Tán thành", CastVote(5, Option.YES)),),), number=5)
    office.wording.dressed["ballot 1"] = ballot
    await office.post(1, text="result of vote 4")
    await office.want(1)
    async with office.open():
        await office.until(office.are_all_through)
    assert office.platform.shown == [Shown("1", "result of vote 4\n\nBiểu quyết 5", None)]
    assert await used(office) == Usage(sent=1)


async def test_a_ballot_goes_at_once_and_what_is_less_urgent_waits_for_more(office: Office) -> None:
    await office.want(1)
    await office.post(2, text="first")
    async with office.open():
        await office.until(office.are_all_shown)
        await office.pass_time(4 * SECOND)
        await office.post(2, text="second")
        assert [shown.chat for shown in office.platform.shown] == ["1"]
        await office.pass_time(SECOND)
        await office.until(office.are_all_sent)
    assert office.platform.shown[1:] == [Shown("2", "first\n\nsecond", None)]


async def test_two_ballots_are_two_messages_as_each_has_its_numbers(office: Office) -> None:
    for number in (5, 6):
        office.wording.dressed[f"{CardKind.BALLOT} {number - 4}"] = Card(
            (Line(f"Biểu quyết {number}"),),
            ((button("Tán thành", CastVote(number, Option.YES)),),),
            number=number,
        )
    await office.want(1, subject=5)
    for _ in range(2):
        await office.want(1, subject=6)
    async with office.open():
        await office.until(office.are_all_shown)
    assert sorted(shown.text for shown in office.platform.shown) == ["Biểu quyết 5", "Biểu quyết 6"]


async def test_what_asks_for_something_typed_stands_alone_with_its_choices(office: Office) -> None:
    asking = Card((Line("Tên?"),), ((button("Bỏ qua", ShowMeeting(1)),),), ask=Ask(20))
    office.wording.dressed["asking"] = asking
    office.wording.dressed["offering"] = Card((Line("Họp"),), ((button("Xem", ShowMeeting(1)),),))
    office.wording.dressed["linking"] = Card((Line("Tệp"),), ((Open("Mở", "https://h.example/1"),),))
    for text in ("offering", "asking", "linking"):
        await office.post(1, text=text, priority=Priority.ANSWER)
    async with office.open():
        await office.until(office.are_all_sent)
    assert [shown.text for shown in office.platform.shown] == ["Tệp\n\nHọp", "Tên?"]


async def test_a_message_that_fails_is_tried_again_whole(office: Office) -> None:
    office.platform.refusals["1"].append(DeliveryError("Too Many Requests", retry_after=10 * SECOND))
    await office.post(1, text="result")
    await office.want(1)
    async with office.open():
        await office.until(lambda: _is(_attempts(office), [1, 1]))
        await office.pass_time(10 * SECOND)
        await office.until(office.are_all_through)
    assert [shown.text for shown in office.platform.shown] == ["result\n\nballot 1"]


async def _attempts(office: Office) -> list[int]:
    return [attempts for _, attempts, _ in await office.posts()] + [
        card.attempts for card in await office.cards()
    ]


# No refreshes


async def test_a_refresh_without_news_takes_no_message_and_holds_nothing_up(office: Office) -> None:
    await office.want(1, 2, 3)
    async with office.open():
        await office.until(office.are_all_shown)
        async with office.database.transaction() as tx:
            await touch_cards(tx, CardKind.BALLOT, 7)
        await office.until(office.are_all_shown)
        assert len(office.platform.shown) == 3
        office.wording.dressed["ballot 3"] = Card((Line("news: it was cancelled"),))
        async with office.database.transaction() as tx:
            await touch_cards(tx, CardKind.BALLOT, 7, priority=Priority.BALLOT)
        await office.until(office.are_all_shown)
    # As a message of its own, as none is changed.
    shown = sorted(office.platform.shown[3:], key=lambda one: one.chat)
    assert shown == [Shown(chat, "news: it was cancelled", None) for chat in ("1", "2", "3")]
    assert await used(office) == Usage(sent=6)


async def test_a_card_that_everybody_has_is_sent_once_whatever_becomes_of_it(office: Office) -> None:
    for kind in (CardKind.ATTENDANCE, CardKind.PANEL):
        office.wording.dressed[f"{kind} 2"] = Card((Line(f"news of {kind}"),))
        await office.want(1, kind=kind, priority=Priority.BALLOT)
    async with office.open():
        await office.until(office.are_all_shown)
        for kind in (CardKind.ATTENDANCE, CardKind.PANEL):
            async with office.database.transaction() as tx:
                await touch_cards(tx, kind, 7, priority=Priority.BALLOT)
        await office.pass_time(3 * SECOND)  # panels are shown that seldom
        await office.until(office.are_all_shown)
    texts = [shown.text for shown in office.platform.shown]
    assert texts == ["attendance 1\n\npanel 1", "news of panel"]


async def test_whoever_runs_a_meeting_waits_a_second_for_the_panel(office: Office) -> None:
    await office.want(1, kind=CardKind.PANEL, priority=Priority.PANEL)
    async with office.open():
        # Seen to wait by the time that this is through.
        await office.want(2)
        await office.until_recorded(1)
        await office.pass_time(SECOND)
        await office.until(office.are_all_shown)


# The budget


async def test_from_80_percent_on_refreshes_are_dropped_even_with_news(office: Office) -> None:
    await use(office, 79)
    await office.want(1)
    async with office.open():
        await office.until(office.are_all_shown)
        office.wording.dressed["ballot 2"] = Card((Line("news"),))
        async with office.database.transaction() as tx:
            await touch_cards(tx, CardKind.BALLOT, 7, priority=Priority.REFRESH)
        await office.until(office.are_all_shown)
        await office.post(2, priority=Priority.REMINDER)
        await office.pass_time(5 * SECOND)
        await office.until(office.are_all_sent)
    assert [shown.text for shown in office.platform.shown] == ["ballot 1", "result"]


async def test_the_last_messages_are_kept_for_ballots_and_results(office: Office) -> None:
    await use(office, 95)
    await office.post(1, text="announcement", priority=Priority.PANEL)
    await office.post(2, text="reminder", priority=Priority.REMINDER)
    await office.want(1, kind=CardKind.PANEL, priority=Priority.PANEL)
    await office.post(3, text="result")
    await office.want(3)
    async with office.open():
        await office.until(office.are_all_shown)
        await office.until(lambda: _is(states(office), [WorkState.MISSED, WorkState.MISSED, DONE]))
    assert [shown.text for shown in office.platform.shown] == ["result\n\nballot 1"]


async def test_a_new_month_begins_with_all_messages(office: Office) -> None:
    await use(office, 100)
    office.time += 3 * 24 * 3600 * SECOND
    await office.post(1, priority=Priority.REMINDER)
    async with office.open():
        await office.pass_time(5 * SECOND)
        await office.until(office.are_all_sent)
    assert await used(office) == Usage(sent=1)


async def test_what_came_in_counts_too(office: Office) -> None:
    budget = office.budgets["zalo"]
    await budget.note_received()
    await budget.note_received()
    await budget.note_sent()
    assert await used(office) == Usage(sent=1, received=2)


async def test_a_message_that_is_out_is_no_error_where_it_cannot_be_counted(office: Office) -> None:
    await office.database.close()
    await office.budgets["zalo"].note_sent()

"""Reminders that would reach somebody within ten minutes come in one message, each recorded as sent by it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import col, select

from bot.actions import ReplyComing, ShowMeeting
from bot.cards.digest import digest_card, joined_card
from bot.cards.layout import button
from bot.delivery import Delivery
from bot.platforms.base import Card, DeliveryError, Line
from bot.rendering import Rendering
from bot.wording.voice import Voice
from handlers import moving, sending
from handlers.due import do_due_work
from meeting.states import DueKind, PostKind, WorkState
from storage.database import Database
from storage.due import list_work
from storage.pace import cut_rests
from storage.posts import TOGETHER
from storage.rows import LiveCardRow, PostRow
from tests.bot.chatting import buttons, texts
from tests.bot.office import AT_ONCE, IN_TIME
from tests.fakes.platform import RecordingPlatform
from tests.handlers.journey import ORGANISER, START, Journey, plan

DAY = timedelta(days=1)
REMINDERS = frozenset({PostKind.MEETING_REMINDER, PostKind.REPLY_WANTED})


def test_cards_that_are_joined_keep_what_is_chosen_by_number_and_say_the_rest_before() -> None:
    see = button("Xem", ShowMeeting(1))
    result = Card((Line("Hội nghị"), Line("Kết quả biểu quyết 4")), ((see,),))
    decided = Card((Line("Hội nghị"), Line("1. Báo cáo: thông qua")), ((see,),))
    ballot = Card((Line("Biểu quyết 5"), Line("Quy chế")), ((button("Dự", ReplyComing(1)),),), number=5)
    assert texts(joined_card([result, decided, ballot])) == [
        "Hội nghị",
        "Kết quả biểu quyết 4",
        "",
        "1. Báo cáo: thông qua",
        "",
        "Biểu quyết 5",
        "Quy chế",
    ]
    joined = joined_card([result, decided, ballot])
    assert list(buttons(joined)) == ["Xem", "Dự"]
    assert (joined.number, joined.heading) == (5, "Biểu quyết 5")
    assert joined_card([result, result]).choices == ((see,),)


async def two_meetings(database: Database) -> tuple[Journey, dict[str, int]]:
    """An is summoned to two meetings that begin one after the other, and reminded of both."""
    journey = await Journey.founded(database)
    journey.clock.advance(-10 * DAY)
    meetings = {}
    for title, minute in (("Hội nghị A", 0), ("Hội nghị B", 5)):
        at = datetime(2026, 12, 30, 14, minute)  # noqa: DTZ001 - wall time, as it is planned
        meetings[title] = await journey.add_meeting(plan(["Trần An"], title=title, starts_at=at))
        if minute == 0:
            await journey.bind("Trần An")
    journey.clock.advance((await journey.meeting()).starts_at - 7 * DAY - journey.clock.now())
    await do_due_work(journey.house, START - 30 * DAY)
    async with database.transaction() as tx:
        await tx.exec(sa.delete(LiveCardRow))  # so that nothing else is sent
    return journey, meetings


class Sent(NamedTuple):
    """How a reminder stands."""

    post_id: int | None
    state: WorkState
    ref: str | None


async def reminders(database: Database) -> list[Sent]:
    columns = select(PostRow.id, PostRow.state, PostRow.ref)
    async with database.snapshot() as tx:
        rows = await tx.exec(columns.where(col(PostRow.kind).in_(REMINDERS)).order_by(col(PostRow.id)))
        return [Sent(*row) for row in rows]


@contextlib.asynccontextmanager
async def delivery(journey: Journey, platform: RecordingPlatform) -> AsyncIterator[None]:
    rendering = Rendering(journey.database, Voice())
    now = journey.clock.now
    running = asyncio.create_task(
        Delivery(journey.database, {"telegram": platform}, rendering, now, {"telegram": AT_ONCE}).run()
    )
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def until(database: Database, states: Collection[WorkState]) -> list[Sent]:
    """Wait until all reminders are in one of these states."""
    committed = asyncio.Event()
    database.on_commit(committed.set)
    async with asyncio.timeout(IN_TIME):
        while True:
            committed.clear()
            found = await reminders(database)
            if found and all(row.state in states for row in found):
                return found
            await committed.wait()


def seen(platform: RecordingPlatform) -> list[str]:
    return [shown.text for shown in platform.shown if "Nhắc lịch" in shown.text]


async def test_two_meetings_are_reminded_of_in_one_message(database: Database) -> None:
    journey, _ = await two_meetings(database)
    platform = RecordingPlatform()
    async with delivery(journey, platform):
        sent = await until(database, {WorkState.DONE})
    [text] = seen(platform)
    assert "1. Nhắc lịch: Hội nghị A" in text
    assert "2. Nhắc lịch: Hội nghị B" in text
    assert len(sent) == 2
    assert len({row.ref for row in sent}) == 1


async def test_what_is_due_later_than_that_comes_by_itself(database: Database) -> None:
    journey, _ = await two_meetings(database)
    first, _second = await reminders(database)
    async with database.transaction() as tx:
        row = (await tx.exec(select(PostRow).where(col(PostRow.id) == first.post_id))).one()
        row.next_try_at = journey.clock.now() + TOGETHER + timedelta(seconds=1)
        tx.add(row)
    platform = RecordingPlatform()
    async with delivery(journey, platform):
        async with asyncio.timeout(IN_TIME):
            while not seen(platform):
                await platform.until_asked(len(platform.asked) + 1)
        assert "Hội nghị A" not in seen(platform)[0]
        journey.clock.advance(TOGETHER + timedelta(seconds=2))
        async with database.transaction():
            pass  # a commit wakes delivery
        await until(database, {WorkState.DONE})
    assert len(seen(platform)) == 2


async def test_what_is_uncertain_is_so_for_all_that_went_together(database: Database) -> None:
    journey, meetings = await two_meetings(database)
    async with database.snapshot() as tx:
        works = await list_work(tx, meetings["Hội nghị A"], {DueKind.REPLY_WANTED})
    await sending.send_reminder(journey.house, journey.asked(ORGANISER), works[0].due_id)
    assert len(await reminders(database)) == 3
    platform = RecordingPlatform()
    chat = journey.phones["Trần An"].sender.chat
    platform.refusals[chat].append(DeliveryError("cut off", is_uncertain=True))
    async with delivery(journey, platform):
        await until(database, {WorkState.UNCERTAIN})


def test_buttons_stand_once_and_those_that_look_alike_are_numbered() -> None:
    def card(title: str, meeting_id: int) -> Card:
        reply = button("Dự họp", ReplyComing(meeting_id))
        return Card((Line(title), Line("Nội dung")), ((reply, button("Trang chủ", ShowMeeting(9))),))

    assert digest_card([card("A", 1)]) == card("A", 1)
    both = digest_card([card("A", 1), card("B", 2), card("A nữa", 1)])
    assert texts(both) == ["1. A", "Nội dung", "2. B", "Nội dung", "3. A nữa", "Nội dung"]
    assert list(buttons(both)) == ["1. Dự họp", "Trang chủ", "2. Dự họp"]


async def test_what_has_nothing_to_say_any_more_is_left_out(database: Database) -> None:
    journey, meetings = await two_meetings(database)
    cancelled = await moving.cancel_meeting(
        journey.house, journey.asked(ORGANISER), meetings["Hội nghị B"], "Bão số 9"
    )
    assert isinstance(cancelled, moving.MeetingCancelled)
    platform = RecordingPlatform()
    async with delivery(journey, platform):
        sent = await until(database, {WorkState.DONE, WorkState.WITHDRAWN})
    assert [one.state for one in sent] == [WorkState.DONE, WorkState.WITHDRAWN]
    assert [text.splitlines()[0] for text in seen(platform)] == ["Nhắc lịch: Hội nghị A"]


async def test_a_start_sends_nothing_in_quiet_hours(database: Database) -> None:
    journey, _ = await two_meetings(database)
    morning = journey.clock.now() + timedelta(hours=9)
    async with database.transaction() as tx:
        await tx.exec(sa.update(PostRow).values(next_try_at=morning))
        await cut_rests(tx, "telegram", journey.clock.now() + timedelta(minutes=1))
    async with database.snapshot() as tx:
        waits = set(await tx.exec(select(PostRow.next_try_at).where(col(PostRow.kind).in_(REMINDERS))))
    assert waits == {morning}

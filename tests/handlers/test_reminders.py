"""Reminders go to exactly those concerned, each once, at a civil hour, and late only where it makes sense."""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from handlers import attendance, joining
from handlers.asking import House
from handlers.due import do_due_work
from meeting.people import Purpose, Reply, Standing
from meeting.reminders import MEETING_REMINDERS
from meeting.states import DueKind, PostKind, WorkState
from storage.database import Database
from storage.due import find_next_due_at, list_work, put_due
from storage.rows import AccountRow, DueWorkRow, PostRow
from tests.handlers.journey import ITEMS, KEY, ORGANISER, Clock, Journey, plan, seat

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BEGUN = datetime(2026, 1, 2, 2, 0, tzinfo=UTC)


async def planned(database: Database, wall: datetime, names: Sequence[str], at: datetime = BEGUN) -> Journey:
    """A meeting on a wall time, set up long before, with everybody bound."""

    async def begin() -> Journey:
        journey = await Journey.begun(database, Clock(at))
        await journey.found("Sở Nội vụ", ORGANISER)
        attendees = [seat(name, standing=Standing.GUEST) if name == "Khách" else seat(name) for name in names]
        await journey.add_meeting(plan(attendees, ITEMS, starts_at=wall))
        await journey.join_all()
        return journey

    return await Journey.once(database, ("reminded", wall, tuple(names), at), begin)


async def run_until(journey: Journey, until: datetime) -> None:
    """Let the program run, which wakes at each due instant."""
    while True:
        async with journey.database.snapshot() as tx:
            due_at = await find_next_due_at(tx)
        if due_at is None or due_at > until:
            break
        journey.clock.advance(max(timedelta(0), due_at - journey.clock.now()))
        while await do_due_work(journey.house, BEGUN):
            pass
    journey.clock.advance(until - journey.clock.now())


async def sent(journey: Journey, kinds: set[PostKind] | None = None) -> list[tuple[str, PostKind, datetime]]:
    """What was sent to whom and when, in Vietnamese time."""
    owners = {phone.account_id: name for name, phone in journey.phones.items()}
    async with journey.database.snapshot() as tx:
        rows = await tx.exec(
            select(PostRow.account_id, PostRow.kind, PostRow.made_at).order_by(col(PostRow.id))
        )
        return [
            (owners[account_id], PostKind(kind), made_at.astimezone(VIETNAM))
            for account_id, kind, made_at in rows
            if kinds is None or kind in kinds
        ]


async def test_what_would_come_at_night_comes_the_evening_before_in_each_ones_zone(
    database: Database,
) -> None:
    wall = datetime(2026, 3, 20, 7, 30)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An", "Bình"])
    async with database.transaction() as tx:
        account = sa.update(AccountRow).where(col(AccountRow.id) == journey.account("Bình"))
        await tx.exec(account.values(timezone="Pacific/Auckland"))
    await run_until(journey, datetime(2026, 3, 21, tzinfo=UTC))
    last = {name: at for name, kind, at in await sent(journey) if kind is PostKind.MEETING_REMINDER}
    assert f"{last['An']:%d/%m %H:%M}" == "19/03 20:30", "at 06:30 An would be asleep"
    assert f"{last['Bình']:%d/%m %H:%M}" == "20/03 06:30", "which is half past noon where Bình is"


async def test_only_those_are_reminded_whom_it_concerns_then(database: Database) -> None:
    wall = datetime(2026, 3, 20, 14, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An", "Bình", "Chi", "Dung", "Khách"])
    starts_at, asked = (await journey.meeting()).starts_at, journey.asked
    reply = attendance.reply_to_invitation
    await reply(journey.house, asked("An"), journey.meeting_id, Reply.COMING)
    await reply(journey.house, asked("Bình"), journey.meeting_id, Reply.ABSENT, reason="ốm")
    await joining.give_consent(
        journey.house, asked("Chi"), journey.meeting_id, Purpose.REMINDERS, "1", "vi", is_given=False
    )
    await run_until(journey, starts_at - 2 * HOUR)
    await attendance.open_check_in(journey.house, asked(ORGANISER), journey.meeting_id)
    await journey.check_in("Dung")
    await run_until(journey, starts_at)
    counts = Counter((name, kind) for name, kind, _ in await sent(journey))
    assert counts == {
        ("An", PostKind.MEETING_REMINDER): 3,
        ("An", PostKind.CHECK_IN_OPENED): 1,
        ("Dung", PostKind.MEETING_REMINDER): 2,
        ("Dung", PostKind.REPLY_WANTED): 1,
        ("Dung", PostKind.CHECK_IN_OPENED): 1,
        ("Khách", PostKind.MEETING_REMINDER): 3,
        ("Khách", PostKind.REPLY_WANTED): 1,
        ("Khách", PostKind.CHECK_IN_OPENED): 1,
    }


async def test_after_a_stop_the_newest_reminder_comes_late_and_the_rest_is_told_as_missed(
    database: Database,
) -> None:
    wall = datetime(2026, 3, 20, 14, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An"])
    starts_at = (await journey.meeting()).starts_at
    journey.clock.advance(starts_at - 3 * HOUR - journey.clock.now())
    while await do_due_work(journey.house, journey.clock.now()):
        pass
    async with database.snapshot() as tx:
        states = {(w.kind, w.part): w.state for w in await list_work(tx, journey.meeting_id)}
    assert states == {
        (DueKind.MEETING_REMINDER, 10080): WorkState.MISSED,
        (DueKind.REPLY_WANTED, 4320): WorkState.MISSED,
        (DueKind.MEETING_REMINDER, 1440): WorkState.DONE,
        (DueKind.MEETING_REMINDER, 60): WorkState.WAITING,
    }
    assert await journey.posts_to("An") == [PostKind.MEETING_REMINDER]
    assert await journey.posts_to(ORGANISER) == [PostKind.MISSED, PostKind.MISSED]


async def test_a_person_with_two_chats_is_reminded_in_the_one_bound_last(database: Database) -> None:
    wall = datetime(2026, 3, 20, 14, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An"])
    starts_at = (await journey.meeting()).starts_at
    await run_until(journey, starts_at - 2 * DAY)
    await journey.bind("An", platform="zalo")
    await run_until(journey, starts_at)
    reminders = {PostKind.MEETING_REMINDER}
    assert [name for name, _, _ in await sent(journey, reminders)] == ["An", "An (zalo)", "An (zalo)"]


async def test_a_year_of_meetings_reminds_of_each_in_order_and_at_no_time_in_the_night(
    database: Database,
) -> None:
    names = ["An", "Bình", "Khách"]
    wall = datetime(2026, 1, 20, 8, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, names)
    meeting_ids = [journey.meeting_id]
    for month in range(2, 13):
        later = wall.replace(month=month, hour=(7, 8, 14, 19)[month % 4], minute=30 * (month % 2))
        meeting_ids.append(await journey.add_meeting(plan(names, ITEMS, starts_at=later, title=f"{month}")))
    await run_until(journey, datetime(2027, 1, 1, tzinfo=UTC))
    reminders = await sent(journey, {PostKind.MEETING_REMINDER})
    assert Counter(name for name, _, _ in reminders) == dict.fromkeys(names, 12 * len(MEETING_REMINDERS))
    assert all(7 <= at.hour < 21 for _, _, at in reminders)
    for _, of_person in groupby(sorted(reminders), key=lambda one: one[0]):
        instants = [at for _, _, at in of_person]
        assert instants == sorted(instants)
    assert not [kind for name, kind, _ in await sent(journey) if name == ORGANISER], "nothing was missed"


async def test_a_piece_of_work_that_fails_holds_up_nothing_behind_it(database: Database) -> None:
    wall = datetime(2026, 3, 20, 14, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An"])
    starts_at = (await journey.meeting()).starts_at
    journey.clock.advance(starts_at - HOUR - journey.clock.now())
    async with database.transaction() as tx:
        for part in range(30):  # votes that never were, due before everything else
            await put_due(
                tx,
                DueKind.VOTE_DEADLINE,
                10_000 + part,
                BEGUN,
                organisation_id=journey.organisation_id,
                meeting_id=journey.meeting_id,
            )
    for _ in range(3):
        await do_due_work(journey.house, BEGUN)
    assert await journey.posts_to("An") == [PostKind.MEETING_REMINDER]
    async with database.snapshot() as tx:
        next_at = await find_next_due_at(tx)
    assert next_at is not None
    assert next_at > journey.clock.now(), "and is tried again a little later"


async def test_processes_that_work_at_once_and_one_that_is_killed_remind_everybody_once(
    database_url: str,
) -> None:
    database, second = Database.open(database_url), Database.open(database_url)
    wall = datetime(2026, 3, 20, 14, 0)  # noqa: DTZ001 - wall time, as it is planned
    journey = await planned(database, wall, ["An", "Bình", "Chi"])
    for number in range(40):
        await journey.add_meeting(plan(["An", "Bình", "Chi"], starts_at=wall, title=f"{number}"))
    journey.clock.advance((await journey.meeting()).starts_at - DAY - journey.clock.now())
    now = journey.clock.now()
    dying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.handlers.dying_clock", database_url, now.isoformat()),
        stdout=asyncio.subprocess.PIPE,
    )
    assert dying.stdout is not None
    await dying.stdout.readline()  # in the middle of it
    dying.kill()
    await dying.wait()

    async def work(house: House) -> None:
        while await do_due_work(house, now):
            pass

    await asyncio.gather(work(journey.house), work(House(second, lambda: now, KEY)))
    await work(journey.house)
    reminded = Counter(name for name, _, _ in await sent(journey, {PostKind.MEETING_REMINDER}))
    assert reminded == dict.fromkeys(["An", "Bình", "Chi"], 41)
    async with database.snapshot() as tx:
        states = Counter(await tx.exec(select(DueWorkRow.state).where(col(DueWorkRow.due_at) <= now)))
    assert states == {WorkState.DONE: 41, WorkState.MISSED: 2 * 41}
    await database.close()
    await second.close()

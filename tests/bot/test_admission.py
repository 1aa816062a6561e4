"""What goes out past the outbox keeps the platform's pace, goes first, and is never lost for it."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot import admission
from bot.admission import Admission
from bot.delivery.parcels import claim, find_offer
from bot.pace import AHEAD, Limit, Pace
from storage.database import Database
from storage.pace import find_pacing, put_platform_rest, put_rests
from storage.rows import AccountRow
from tests.bot.office import NO_REST, SECOND, Office
from tests.bot.test_pace import most_in_a_window
from tests.fakes.chats import NOON, add_chats

FIFTY = Pace(Limit(50, SECOND), private=Limit(1, SECOND), group=Limit(20, 60 * SECOND))


@pytest.fixture
async def office(database: Database) -> Office:
    return Office(database, await add_chats(database, 60))


def admitted_to(office: Office, pace: Pace = FIFTY) -> Admission:
    return Admission(office.database, "telegram", pace, office.now)


async def next_turn(office: Office) -> datetime:
    async with office.database.snapshot() as tx:
        pacing = await find_pacing(tx, "telegram")
    assert pacing is not None
    return pacing.next_turn_at


async def rests(office: Office) -> list[datetime | None]:
    async with office.database.snapshot() as tx:
        return list(await tx.exec(select(AccountRow.rests_until).order_by(col(AccountRow.id))))


async def test_an_answer_takes_a_turn_and_the_chats_next_parcel_rests_after_it(office: Office) -> None:
    async with office.database.transaction() as tx:
        group = col(AccountRow.chat) == "2"
        await tx.exec(sa.update(AccountRow).where(group).values(is_group=True))
        await put_rests(tx, office.chats.accounts[2:3], NOON + 30 * SECOND)  # a parcel is under way there
    admitted = admitted_to(office)
    await asyncio.gather(*(admitted.admit(chat) for chat in ("1", "2", "3", "unknown")))
    assert await next_turn(office) == NOON + 4 * FIFTY.in_all.interval
    private, group_rest, under_way, other = (await rests(office))[:4]
    assert private == NOON + FIFTY.private.interval
    assert group_rest == NOON + FIFTY.group.interval
    assert under_way == NOON + 30 * SECOND
    assert other is None


async def test_an_answer_does_not_wait_behind_a_mailing_that_claimed_every_turn(office: Office) -> None:
    await office.post(*range(1, 61))
    async with office.database.transaction() as tx:
        offer = await find_offer(tx, "telegram", NOON, 30, ())
        pace = Pace(Limit(30, SECOND), private=NO_REST, group=NO_REST)
        claimed = await claim(tx, "telegram", pace, NOON, offer, offer.parcels.keys(), 20)
    office.now = lambda: datetime.now(UTC) - begun + NOON
    begun = datetime.now(UTC)
    admitted = admitted_to(office, pace)
    await admitted.admit("60")
    waited = office.now() - NOON
    assert await next_turn(office) == claimed[-1].turn + 2 * pace.in_all.interval
    assert waited < (SECOND / 3 if office.database.is_sqlite else AHEAD)


async def test_a_crowd_of_answers_and_a_mailing_together_keep_the_limit(office: Office) -> None:
    pace = Pace(Limit(50, SECOND / 2), private=NO_REST, group=NO_REST)
    office.now = lambda: datetime.now(UTC)
    admitted, clock = admitted_to(office, pace), asyncio.get_running_loop().time
    begun: list[datetime] = []

    async def answer(chat: int) -> None:
        await admitted.admit(str(chat))
        begun.append(NOON + timedelta(seconds=clock()))

    async def parcel(place: int) -> None:
        await admitted.gate.wait(first + place * pace.in_all.interval.total_seconds())
        begun.append(NOON + timedelta(seconds=clock()))

    first = clock()
    await asyncio.gather(*map(parcel, range(40)), *map(answer, range(1, 71)))
    assert len(begun) == 110
    assert most_in_a_window(sorted(begun), pace.in_all.window) <= pace.in_all.count


async def test_an_answer_waits_while_the_platform_rests_but_not_for_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LONGEST_WAIT", 0.3)
    async with office.database.transaction() as tx:
        await put_platform_rest(tx, "telegram", NOON + 30 * SECOND, NOON)
    admitted = admitted_to(office)
    with capture_logs() as lines:
        await admitted.admit("1")
    assert [line["event"] for line in lines] == ["answer_without_a_turn"]
    office.time += 30 * SECOND
    with capture_logs() as lines:
        await admitted.admit("1")
    assert lines == []


async def test_an_answer_goes_out_though_there_is_no_database(tmp_path: Path) -> None:
    nowhere = Database.open(f"sqlite+aiosqlite:///{tmp_path / 'away' / 'meetings.db'}")
    with capture_logs() as lines:
        await Admission(nowhere, "telegram", FIFTY, lambda: NOON).admit("1")
    assert [line["event"] for line in lines] == ["answer_without_a_turn"]
    await nowhere.close()

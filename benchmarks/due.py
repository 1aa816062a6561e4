"""Much that is due at one instant: a reminder of each of many meetings, done by a process of its own.

`python -m benchmarks.due URL NOW COUNT` does it, and gives seconds and the MiB that it took more as it went.
"""

import asyncio
import json
import resource
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from sqlmodel import col, select

from benchmarks.hall import Stage, prepare, sqlite_url
from benchmarks.processes import KEY, ROOT, BenchmarkError
from handlers.asking import House
from handlers.due import do_due_work
from meeting.states import DueKind, MeetingState, WorkState
from storage.database import Database, Tx
from storage.rows import AttendeeRow, DueWorkRow, MeetingRow, PostRow

_DAY = timedelta(days=1)
_ATTENDEES = 50
_WARMING = 200  # pieces of work after which memory is looked at first


async def plan_at_once(place: Path, count: int) -> tuple[float, float]:
    """Have `count` reminders, each of another meeting and due at once, made into posts.

    Give the seconds and how many MiB more it took at the most than when it had begun.
    """
    url = sqlite_url(place / "due.db")
    now = datetime.now(UTC).replace(hour=3)  # in the morning, where they are
    await prepare(url, Stage.CHECK_IN, _ATTENDEES)
    database = Database.open(url)
    try:
        async with database.transaction() as tx:
            await _fill(tx, count, now)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.due", url, now.isoformat(), str(count)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        answer, _ = await process.communicate()
        async with database.snapshot() as tx:
            made = (await tx.exec(select(sa.func.count()).select_from(PostRow))).one()
    finally:
        await database.close()
    if process.returncode or made != count:
        message = f"{made} of {count} reminders were planned"
        raise BenchmarkError(message)
    seconds, grown = json.loads(answer)
    return seconds, grown


async def _fill(tx: Tx, count: int, now: datetime) -> None:
    """Copy the only meeting with one of its attendees so many times, a day from now."""
    meeting = (await tx.exec(select(MeetingRow))).one().model_dump(exclude={"id"})
    changed = {"starts_at": now + _DAY, "state": MeetingState.PLANNED, "check_in_opened_at": None}
    seats = [
        row.model_dump(exclude={"id"})
        for row in await tx.exec(select(AttendeeRow).order_by(col(AttendeeRow.id)).limit(_ATTENDEES))
    ]
    await tx.exec(sa.insert(MeetingRow), params=[meeting | changed] * count)
    ids = list(await tx.exec(select(MeetingRow.id).order_by(col(MeetingRow.id)).offset(1)))
    copied = [seats[place % _ATTENDEES] | {"meeting_id": one} for place, one in enumerate(ids)]
    await tx.exec(sa.insert(AttendeeRow), params=copied)
    work = {
        "organisation_id": meeting["organisation_id"],
        "kind": DueKind.MEETING_REMINDER,
        "part": _DAY // timedelta(minutes=1),
        "planned_at": now,
        "due_at": now,
        "state": WorkState.WAITING,
        "done_at": None,
    }
    params = [work | {"meeting_id": one, "subject_id": one} for one in ids]
    await tx.exec(sa.insert(DueWorkRow), params=params)


async def _work(url: str, now: datetime, count: int) -> None:
    house = House(Database.open(url), lambda: now, KEY.encode())
    started, done, before = perf_counter(), 0, 0.0
    while done < count:
        some = await do_due_work(house, now)
        if not some:
            break
        done += some
        if not before and done >= min(_WARMING, count):
            before = _peak()
    print(json.dumps([perf_counter() - started, _peak() - before]))  # noqa: T201 - read by who started it
    await house.database.close()


def _peak() -> float:
    """The most memory that was in use, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))

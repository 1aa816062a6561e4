"""The measurements: each gives, round by round, what the program did and what its floor did."""

import asyncio
import itertools
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import processes
from benchmarks.due import plan_at_once
from benchmarks.groups import cast_in_groups, put_in_groups
from benchmarks.hall import Hall, Stage, copy_sqlite, count_done, prepare, sqlite_url
from benchmarks.processes import BenchmarkError, Program, StubProcess
from benchmarks.stub import Manner, Send
from tests.postgresql import PostgresServer

PER_SECOND = 30
"""Messages that Telegram takes in a second, about: what reminders are measured against."""

_LIMITED = Manner(per_second=PER_SECOND + 4, per_chat=0.95)
"""What the stub refuses beyond: what leaves on time bunches up a little on its way."""

_FLOODS = ((600, 3), (1500, 3), (2400, 3))
_HANGING = tuple(range(100, 1700, 100))
_BLOCKED_IN = 16  # every so many-th has blocked the bot: 6 %
_GROUP = 100
_TAP_SECONDS = 120.0
_PAUSE = 0.5  # seconds after the first taps: their cards are on their way
_STEADY_RATE, _STEADY_SECONDS, _ROUND_TRIP = 60, 10, 0.05


@dataclass
class Measured:
    """What a measurement gives: `ours` and `floor` hold a value of each round, `remarks` what was not so."""

    unit: str
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, ours: float, floor: float) -> None:
        """Add a round."""
        self.ours.append(ours)
        self.floor.append(floor)


Results = dict[str, Measured]


@dataclass(frozen=True)
class Sizes:
    """How large the measurements are; the names say what they are with the usual ones."""

    small: int = 100
    usual: int = 1_000
    large: int = 5_000
    reminded: int = 3_000
    due: int = 10_000


@dataclass(frozen=True)
class Burst:
    """How a burst of taps went: taps answered a second, and seconds from handed out to answered."""

    per_second: float
    median: float
    p99: float


class Bench:
    """Makes measurements in a directory of its own; databases are prepared once and copied."""

    def __init__(self, directory: Path, sizes: Sizes) -> None:
        self.directory = directory
        self.sizes = sizes
        self._halls: dict[tuple[Stage, int], tuple[Path, Hall]] = {}
        self._places = itertools.count(1)
        self._postgresql: PostgresServer | None = None

    async def postgresql(self) -> PostgresServer:
        """Give the server, started when it is first needed; a commit is on the disk when it is confirmed."""
        if self._postgresql is None:
            # In a thread, as it has a loop of its own.
            self._postgresql = await asyncio.to_thread(PostgresServer, is_durable=True)
        return self._postgresql

    async def close(self) -> None:
        """Stop the server, if it was started."""
        if self._postgresql is not None:
            await asyncio.to_thread(self._postgresql.__exit__)

    async def sqlite(self, stage: Stage, members: int) -> tuple[Path, str, Hall]:
        """Give a directory with a fresh copy of a database in it, its URL, and the meeting."""
        if (stage, members) not in self._halls:
            path = self.directory / f"{stage}-{members}.db"
            self._halls[stage, members] = path, await prepare(sqlite_url(path), stage, members)
        prepared, hall = self._halls[stage, members]
        place = self.place()
        return place, copy_sqlite(prepared, place), hall

    def place(self) -> Path:
        """Give a new directory."""
        place = self.directory / str(next(self._places))
        place.mkdir()
        return place

    # What is run again and again

    @asynccontextmanager
    async def running(
        self, stage: Stage, members: int, way: str, manner: Manner | None = None, url: str | None = None
    ) -> AsyncIterator[tuple[Program, StubProcess, Hall]]:
        """Run the program on a prepared meeting, warmed by a few taps where people tap."""
        place, sqlite, hall = await self.sqlite(stage, members)
        async with (
            processes.stub(manner) as stub,
            processes.program(place, url or sqlite, stub.url, _MODES[way]) as program,
        ):
            await program.ready()
            await stub.wait_for_bot()
            if stage is Stage.REMINDING:
                yield program, stub, hall
            else:
                await tap(stub, [(user, hall.action) for user in hall.warming()], program.address)
                await asyncio.sleep(_PAUSE)
                yield program, stub, hall
                await _verify(url or sqlite, stage, len(hall.users()) + len(hall.warming()))
        shutil.rmtree(place)

    async def burst(self, stage: Stage, members: int, way: str, url: str | None = None) -> Burst:
        """Have all members tap at once."""
        async with self.running(stage, members, way, url=url) as (program, stub, hall):
            return await tap(stub, [(user, hall.action) for user in hall.users()], program.address)

    async def stock(self, members: int) -> Burst:
        """Have as many tap at once at the bot that only answers."""
        hall = Hall(members, "v1:vote:1:yes")
        async with processes.stub() as stub, processes.floor(stub.url):
            await stub.wait_for_bot()
            await tap(stub, [(user, hall.action) for user in hall.warming()])
            return await tap(stub, [(user, hall.action) for user in hall.users()])


async def _verify(url: str, stage: Stage, expected: int) -> None:
    """Raise BenchmarkError unless everybody's tap is in the database: nothing else is worth measuring."""
    stored = await count_done(url, stage)
    if stored != expected:
        raise BenchmarkError(f"{expected} people tapped, {stored} are stored")


_MODES: Mapping[str, Mapping[str, str]] = {
    "polling": {},
    "webhook": {"TELEGRAM_MODE": "webhook", "PUBLIC_URL": "https://hop.example.vn"},
}


async def tap(
    stub: StubProcess,
    taps: Sequence[tuple[int, str]],
    address: str = "",
    *,
    rate: float = 0,
    is_twice: bool = False,
) -> Burst:
    """Have people tap, and give how they were answered."""
    said = await stub.ask(
        do="tap", taps=taps, rate=rate, address=address, is_twice=is_twice, seconds=_TAP_SECONDS
    )
    handed, answered = said["handed"], said["answered"]
    waits = sorted(after - before for before, after in zip(handed, answered, strict=True))
    return Burst(
        len(taps) / (max(answered) - min(handed)), waits[len(waits) // 2], waits[int(len(waits) * 0.99) - 1]
    )


# The measurements


async def measure_bursts(way: str, bench: Bench, rounds: int) -> Results:
    """Everybody votes at once, against the bot that only answers."""
    burst, answer = Measured("votes/s"), Measured("ms")
    for _ in range(rounds):
        floor = await bench.stock(bench.sizes.usual)
        ours = await bench.burst(Stage.VOTE, bench.sizes.usual, way)
        burst.add(ours.per_second, floor.per_second)
        answer.add(ours.p99 * 1_000, floor.p99 * 1_000)
    return {f"burst_{way}_1000": burst, f"answer_p99_{way}": answer}


async def measure_sizes(bench: Bench, rounds: int) -> Results:
    """A hundred at once and five thousand at once, against a thousand; and the memory that it takes."""
    sizes = bench.sizes
    found = {f"burst_polling_{name}": Measured("votes/s") for name in ("100", "5000")}
    found |= {"memory_burst": Measured("MiB")}
    for _ in range(rounds):
        usual = await bench.burst(Stage.VOTE, sizes.usual, "polling")
        small = await bench.burst(Stage.VOTE, sizes.small, "polling")
        async with bench.running(Stage.VOTE, sizes.large, "polling") as (program, stub, hall):
            large = await tap(stub, [(user, hall.action) for user in hall.users()])
            found["memory_burst"].add(program.memory("VmHWM"), MEMORY_IN_A_BURST)
        found["burst_polling_100"].add(small.per_second, usual.per_second)
        found["burst_polling_5000"].add(large.per_second, usual.per_second)
    return found


MEMORY_AT_REST, MEMORY_IN_A_BURST, START = 120.0, 180.0, 2.5
MEMORY_OF_CLOCK = 8.0
"""What is to be reached: MiB, MiB, seconds."""


async def measure_repeats(bench: Bench, rounds: int) -> Results:
    """Everybody taps three times in a row; everything comes twice: against a burst in which nobody does."""
    usual = bench.sizes.usual
    found = {"burst_retapped_1000": Measured("taps/s"), "burst_redelivered_1000": Measured("votes/s")}
    for _ in range(rounds):
        once = await bench.burst(Stage.VOTE, usual, "polling")
        async with bench.running(Stage.VOTE, usual, "polling") as (program, stub, hall):
            (other,) = hall.others
            taps = [(user, data) for user in hall.users() for data in (hall.action, hall.action, other)]
            found["burst_retapped_1000"].add((await tap(stub, taps)).per_second, once.per_second)
        posted = await bench.burst(Stage.VOTE, usual, "webhook")
        async with bench.running(Stage.VOTE, usual, "webhook") as (program, stub, hall):
            taps = [(user, hall.action) for user in hall.users()]
            burst = await tap(stub, taps, program.address, is_twice=True)
            found["burst_redelivered_1000"].add(burst.per_second, posted.per_second)
    return found


async def measure_postgresql(bench: Bench, rounds: int) -> Results:
    """The burst on PostgreSQL, against the same on SQLite."""
    usual = bench.sizes.usual
    found = Measured("votes/s")
    server = await bench.postgresql()
    await asyncio.to_thread(server.execute, "CREATE DATABASE prepared")
    await prepare(server.url("prepared"), Stage.VOTE, usual)
    for _ in range(rounds):
        sqlite = await bench.burst(Stage.VOTE, usual, "polling")
        name = await asyncio.to_thread(lambda: server.new_database(template="prepared"))
        burst = await bench.burst(Stage.VOTE, usual, "polling", server.url(name))
        await asyncio.to_thread(server.drop, name)
        found.add(burst.per_second, sqlite.per_second)
    return {"burst_postgresql_1000": found}


async def measure_storage(bench: Bench, rounds: int) -> Results:
    """The handler alone, against its rows alone: what the rules and the cards cost beside storing."""
    found = Measured("votes/s")
    for _ in range(rounds):
        seconds = []
        for write in (cast_in_groups, put_in_groups):
            place, url, hall = await bench.sqlite(Stage.VOTE, bench.sizes.usual)
            seconds.append(await write(url, hall, _GROUP))
            shutil.rmtree(place)
        found.add(bench.sizes.usual / seconds[0], bench.sizes.usual / seconds[1])
    return {"storage_1000": found}


async def measure_check_in(bench: Bench, rounds: int) -> Results:
    """Everybody confirms the own presence at once, against the bot that only answers."""
    found = Measured("taps/s")
    for _ in range(rounds):
        stock = await bench.stock(bench.sizes.usual)
        burst = await bench.burst(Stage.CHECK_IN, bench.sizes.usual, "polling")
        found.add(burst.per_second, stock.per_second)
    return {"checkin_1000": found}


async def measure_steady(bench: Bench, rounds: int) -> Results:
    """Taps at a steady rate over a round trip of 50 ms, limits enforced; and how often a panel changes."""
    found = {f"steady_p99_{way}": Measured("ms") for way in _MODES}
    found |= {"shared_card_edits": Measured("edits/3 s")}
    members = min(_STEADY_RATE * _STEADY_SECONDS, bench.sizes.usual)
    for _ in range(rounds):
        for way in _MODES:
            manner = replace(_LIMITED, round_trip=_ROUND_TRIP)
            async with bench.running(Stage.VOTE, members, way, manner) as (program, stub, hall):
                taps = [(user, hall.action) for user in hall.users()]
                burst = await tap(stub, taps, program.address, rate=_STEADY_RATE)
                sends = await _sends(stub)
            found[f"steady_p99_{way}"].add((burst.p99 - _ROUND_TRIP) * 1_000, STEADY_P99)
            found["shared_card_edits"].add(float(_most_edits(sends, members)), 1)
    return found


STEADY_P99 = 20.0
"""What is to be reached: milliseconds beyond the round trip."""


def _most_edits(sends: Sequence[Send], members: int) -> int:
    """Count the edits of a presiding person's panel in any three seconds, the most in any chat."""
    edits = defaultdict(list)
    first = Hall(members, "").warming().stop
    for one in sends:
        if one.is_edit and int(one.chat) >= first:
            edits[one.chat].append(one.at)
    # Half a round trip may be between two that left three seconds apart.
    return max(
        (
            sum(begin <= at < begin + 2.9 for at in instants)
            for instants in edits.values()
            for begin in instants
        ),
        default=0,
    )


async def measure_reminders(bench: Bench, rounds: int) -> Results:
    """A reminder to everybody, at Telegram's pace: seconds from the first to the last."""
    found = Measured("s")
    for _ in range(rounds):
        sends = await _remind(bench, _LIMITED)
        refused = sum(1 for one in sends if one.status != 200)
        if refused:
            found.remarks.append(f"{refused} were refused for a limit of the stub")
        found.add(_seconds(sends), bench.sizes.reminded / PER_SECOND)
    return {"reminders_3000": found}


async def measure_faults(bench: Bench, rounds: int) -> Results:
    """The same with 429s, blocks and calls that are never answered; posts that came twice are counted."""
    found, twice = Measured("s"), Measured("posts twice")
    count = bench.sizes.reminded
    users = Hall(count, "").users()
    manner = replace(
        _LIMITED,
        floods=tuple((before * count // 3_000, seconds) for before, seconds in _FLOODS),
        hanging=tuple(sorted({1 + number * count // 3_000 for number in _HANGING})),
        blocked=tuple(users[_BLOCKED_IN - 1 :: _BLOCKED_IN]),
    )
    asked = sum(seconds for _, seconds in manner.floods)
    for _ in range(rounds):
        sends = await _remind(bench, manner)
        found.add(_seconds(sends), count / PER_SECOND + asked)
        arrived = [one.chat for one in sends if one.status == 200]
        twice.add(len(arrived) - len(set(arrived)), len(manner.hanging))
    return {"reminders_3000_faults": found, "reminders_twice": twice}


async def measure_clock(bench: Bench, rounds: int) -> Results:
    """Reminders of as many meetings, all due at one instant: how fast they become posts, at what memory."""
    found, memory = Measured("s"), Measured("MiB")
    for _ in range(rounds):
        place = bench.place()
        seconds, grown = await plan_at_once(place, bench.sizes.due)
        found.add(seconds, bench.sizes.due / PER_SECOND)
        memory.add(max(grown, 0.1), MEMORY_OF_CLOCK)
        shutil.rmtree(place)
    return {"clock_10000": found, "clock_memory": memory}


async def _remind(bench: Bench, manner: Manner) -> list[Send]:
    count = bench.sizes.reminded
    async with bench.running(Stage.REMINDING, count, "polling", manner) as (_, stub, _):
        await stub.ask(do="wait_for_sends", count=count, seconds=2.5 * count / PER_SECOND + 60)
        return [one for one in await _sends(stub) if not one.is_edit]


async def _sends(stub: StubProcess) -> list[Send]:
    report: dict[str, Any] = await stub.ask(do="report")
    return [Send(*one) for one in report["sends"]]


def _seconds(sends: Sequence[Send]) -> float:
    instants = [one.at for one in sends]
    return max(instants) - min(instants)


async def measure_start(bench: Bench, rounds: int) -> Results:
    """From the start of the process to the first page, with Telegram; and the memory that it takes then."""
    start, memory = Measured("s"), Measured("MiB")
    for _ in range(rounds):
        place, url, _ = await bench.sqlite(Stage.CHECK_IN, bench.sizes.small)
        async with processes.stub() as stub, processes.program(place, url, stub.url) as program:
            start.add(await program.ready(), START)
            await stub.wait_for_bot()
            await asyncio.sleep(_PAUSE)
            memory.add(program.memory(), MEMORY_AT_REST)
        shutil.rmtree(place)
    return {"start": start, "memory_rest": memory}


@dataclass(frozen=True)
class Group:
    """Measurements that are made together; `rounds` as usual."""

    names: tuple[str, ...]
    measure: Callable[[Bench, int], Awaitable[Results]]
    rounds: int


GROUPS = (
    *(Group((f"burst_{way}_1000", f"answer_p99_{way}"), partial(measure_bursts, way), 5) for way in _MODES),
    Group(("burst_polling_5000", "burst_polling_100", "memory_burst"), measure_sizes, 3),
    Group(("burst_retapped_1000", "burst_redelivered_1000"), measure_repeats, 3),
    Group(("burst_postgresql_1000",), measure_postgresql, 5),
    Group(("checkin_1000",), measure_check_in, 3),
    Group(("storage_1000",), measure_storage, 3),
    Group(("steady_p99_polling", "steady_p99_webhook", "shared_card_edits"), measure_steady, 1),
    Group(("start", "memory_rest"), measure_start, 5),
    Group(("reminders_3000",), measure_reminders, 1),
    Group(("clock_10000", "clock_memory"), measure_clock, 1),
    Group(("reminders_3000_faults", "reminders_twice"), measure_faults, 1),
)


@asynccontextmanager
async def bench_in_a_place_of_its_own(sizes: Sizes) -> AsyncIterator[Bench]:
    """Give a bench whose files are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="bieuquyet-bench-") as directory:
        bench = Bench(Path(directory), sizes)
        try:
            yield bench
        finally:
            await bench.close()

"""`make bench`: measures, prints a table, writes `benchmarks/out/bench.json`."""

import asyncio
import json
import os
import platform
import statistics
import traceback
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.measures import GROUPS, Measured, Results, Sizes, bench_in_a_place_of_its_own
from benchmarks.processes import BenchmarkError

OUT = Path(__file__).parent / "out" / "bench.json"
_VERSIONS = ("python-telegram-bot", "aiohttp", "httpx", "sqlalchemy", "aiosqlite", "asyncpg", "uvicorn")
_TINY = Sizes(small=5, usual=20, large=30, reminded=20, due=20)

_HEADS = ("measurement", "ratio", "unit", "ours (min-max)", "floor (min-max)", "rounds")

_console = Console()
if not _console.is_terminal:
    _console = Console(width=160)


def main(
    only: Annotated[str, typer.Option(help="Names of measurements, separated by commas; all if empty.")] = "",
    rounds: Annotated[int, typer.Option(help="Rounds of each; 0: as each has by itself.", min=0)] = 0,
    out: Annotated[Path, typer.Option(help="The file of figures.")] = OUT,
    *,
    tiny: Annotated[bool, typer.Option(help="With a handful of people: whether it works at all.")] = False,
) -> None:
    """Measure the program against its floors, in one run on one machine."""
    wanted = {name for name in only.split(",") if name} or {name for group in GROUPS for name in group.names}
    unknown = wanted - {name for group in GROUPS for name in group.names}
    if unknown:
        raise typer.BadParameter(f"no such measurement: {', '.join(sorted(unknown))}")
    _console.print(_machine())
    failed = asyncio.run(_measure(wanted, rounds, out, _TINY if tiny else Sizes()))
    raise typer.Exit(1 if failed else 0)


async def _measure(wanted: set[str], rounds: int, out: Path, sizes: Sizes) -> bool:
    """Measure what is wanted, writing what there is after each; give whether any could not be made."""
    results: Results = {}
    has_failed = False
    async with bench_in_a_place_of_its_own(sizes) as bench:
        for group in GROUPS:
            if wanted.isdisjoint(group.names):
                continue
            begun = perf_counter()
            try:
                found = await group.measure(bench, rounds or group.rounds)
            except Exception as error:  # noqa: BLE001 - the others are measured all the same
                reason = str(error) if isinstance(error, BenchmarkError) else traceback.format_exc()
                _console.print(f"{', '.join(group.names)}: {reason}", style="bold", markup=False)
                has_failed = True
                continue
            results |= {name: measured for name, measured in found.items() if name in wanted}
            _console.print(f"{', '.join(group.names)}: {perf_counter() - begun:.0f} s", style="dim")
            _write(out, results)
    _console.print(_table(results))
    for name, measured in results.items():
        for remark in measured.remarks:
            _console.print(f"{name}: {remark}")
    return has_failed


def _write(out: Path, results: Results) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    figures = {name: _figures(measured) for name, measured in results.items()}
    out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    rows = [f"| `{name}` | " + " | ".join(_cells(measured)) + " |" for name, measured in results.items()]
    page = [_machine(), "", f"| {' | '.join(_HEADS)} |", "|---" * len(_HEADS) + "|", *rows]
    out.with_suffix(".md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _figures(measured: Measured) -> dict[str, object]:
    ours, floor = _spread(measured.ours), _spread(measured.floor)
    return {
        "ratio": round(ours["median"] / floor["median"], 4),
        "unit": measured.unit,
        "ours": ours,
        "floor": floor,
        "rounds": len(measured.ours),
    }


def _spread(values: list[float]) -> dict[str, float]:
    spread = {"median": statistics.median(values), "min": min(values), "max": max(values)}
    return {name: round(value, 3) for name, value in spread.items()}


def _table(results: Results) -> Table:
    table = Table(*_HEADS)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for name, measured in results.items():
        table.add_row(name, *_cells(measured))
    return table


def _cells(measured: Measured) -> list[str]:
    ours, floor = _spread(measured.ours), _spread(measured.floor)
    ratio = ours["median"] / floor["median"]
    return [f"{ratio:.2f}", measured.unit, _range(ours), _range(floor), str(len(measured.ours))]


def _range(spread: Mapping[str, float]) -> str:
    return f"{spread['median']:,.1f} ({spread['min']:,.1f}-{spread['max']:,.1f})"


def _machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    versions = ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
    return f"{cpu}, {len(os.sched_getaffinity(0))} cores, {system}\n{versions}"


if __name__ == "__main__":
    typer.run(main)

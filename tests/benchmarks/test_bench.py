import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measures import GROUPS
from benchmarks.processes import ROOT

ASKED = {
    "burst_polling_1000",
    "burst_webhook_1000",
    "burst_polling_5000",
    "answer_p99_polling",
    "answer_p99_webhook",
    "burst_postgresql_1000",
    "checkin_1000",
    "reminders_3000",
    "reminders_3000_faults",
    "memory_rest",
    "memory_burst",
    "start",
}


def test_a_handful_of_people_is_measured_and_written_down(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    names = ["burst_webhook_1000", "answer_p99_webhook"]
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks",
            "--tiny",
            "--rounds=1",
            f"--only={','.join(names)}",
            f"--out={out}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert list(figures) == names
    for figure in figures.values():
        assert set(figure) == {"ratio", "unit", "ours", "floor", "rounds"}
        assert set(figure["ours"]) == set(figure["floor"]) == {"median", "min", "max"}
        assert figure["ours"]["min"] > 0 < figure["ratio"]
        assert figure["rounds"] == 1


def test_all_that_is_asked_for_is_measured() -> None:
    names = [name for group in GROUPS for name in group.names]
    assert set(names) >= ASKED
    assert len(names) == len(set(names))

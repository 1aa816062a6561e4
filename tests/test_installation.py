import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z,]+\])?==([^ ;\\]+)", text, re.MULTILINE))


def test_every_locked_release_has_a_hash() -> None:
    for lock in LOCKS:
        releases = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"))[1:]
        assert len(releases) == len(pins(lock)) > 50
        assert all("--hash=sha256:" in release for release in releases)


def test_the_locks_name_no_registry_and_no_machine() -> None:
    for lock in LOCKS:
        assert not re.search(r"://|--index|--find-links|/", (ROOT / lock).read_text(encoding="utf-8"))


def test_both_locks_hold_the_same_releases_of_the_runtime() -> None:
    runtime, development = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= development.items()


def test_every_dependency_is_locked_and_so_is_what_builds_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", requirement)[0] for requirement in requirements}

    assert (
        names(project["project"]["dependencies"]) | names(groups["build"]) <= pins("requirements.lock").keys()
    )
    assert names(groups["dev"]) <= pins("requirements-dev.lock").keys()
    assert names(project["build-system"]["requires"]) <= names(groups["build"])

"""Any module can be the first that is imported: at import time none needs itself, not even through others."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSE = ("meeting", "storage", "handlers", "bot")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def packages_of(module: str) -> set[str]:
    """Give the module and the packages that it lies in: importing it runs them all, from the outside in."""
    parts = module.split(".")
    return {".".join(parts[: depth + 1]) for depth in range(len(parts))}


def imported(source: str, modules: set[str]) -> Iterator[str]:
    """Give the modules that are imported when the source is run, not those that its functions import."""
    for statement in ast.parse(source).body:
        match statement:
            case ast.Import(names):
                yield from (name.name for name in names)
            case ast.ImportFrom(str(package), names):
                inside = {f"{package}.{name.name}" for name in names}
                yield from inside & modules
                if inside - modules:
                    yield package


def import_graph(sources: dict[str, str]) -> dict[str, set[str]]:
    """Give what each module needs to have been run before it."""
    modules = set(sources)
    return {
        module: {
            needed
            for target in imported(source, modules)
            for needed in {target} | packages_of(target) - packages_of(module)
            if needed in modules
        }
        for module, source in sources.items()
    }


def test_every_module_can_be_imported_first() -> None:
    sources = {
        module_name(path): path.read_text(encoding="utf-8")
        for package in HOUSE
        for path in (ROOT / package).rglob("*.py")
    }
    assert len(sources) > 300
    TopologicalSorter(import_graph(sources)).prepare()  # raises CycleError, which names the modules


def test_a_package_that_imports_what_needs_a_module_of_it_is_found() -> None:
    sources = {
        "book": "from book.writing import write",
        "book.layout": "",
        "book.writing": "from words import say",
        "words": "from book.layout import Column",
    }
    with pytest.raises(CycleError):
        TopologicalSorter(import_graph(sources)).prepare()
    TopologicalSorter(import_graph(sources | {"book": ""})).prepare()

"""How far the demo is: bars on a terminal, plain lines elsewhere."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn


class Steps:
    """Tells on a console what is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun = time.monotonic()

    def say(self, text: str) -> None:
        """Tell of one thing, with the seconds since the beginning."""
        passed = time.monotonic() - self._begun
        self._console.print(f"{passed:5.1f} s  {text}", highlight=False, markup=False)

    async def together(self, text: str, deeds: Sequence[Coroutine[Any, Any, object]]) -> None:
        """Have several people act at the same time; the first failure ends all of it and is raised."""
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        ) as progress:
            bar = progress.add_task(text, total=len(deeds))

            async def counted(deed: Coroutine[Any, Any, object]) -> None:
                await deed
                progress.advance(bar)

            try:
                async with asyncio.TaskGroup() as group:
                    for deed in deeds:
                        group.create_task(counted(deed))
            except ExceptionGroup as group_of_errors:
                raise _first(group_of_errors) from None
        self.say(f"{text}: {len(deeds)}")


def _first(errors: ExceptionGroup[Exception]) -> Exception:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first

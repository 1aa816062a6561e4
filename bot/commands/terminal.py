"""The terminal: what was asked for on standard output, what is told beside it on standard error."""

import functools

from rich.console import Console
from rich.text import Text


class CommandError(Exception):
    """A command can't be carried out; the text says in one line why and what to do."""


@functools.cache
def out() -> Console:
    """Give standard output; coloured on a terminal only, and never cut or wrapped."""
    return Console(soft_wrap=True, highlight=False)


@functools.cache
def beside() -> Console:
    """Give standard error: progress, questions and problems."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def say(text: str, style: str = "") -> None:
    """Print a line as it is."""
    out().print(Text(text, style))


def complain(text: str) -> None:
    """Print a problem on standard error, on one line."""
    beside().print(Text(" ".join(text.split()), "red"))

"""The `bieuquyet` command line: commands with their options, and what each way of failing exits with."""

import asyncio
import gc
import io
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.commands.terminal import CommandError, complain, say
from bot.settings import Settings, SettingsError, load_settings

FAILED, MISUSED = 1, 2

T = TypeVar("T")

commands = typer.Typer(
    name="bieuquyet",
    help=(
        "Biểu Quyết runs formal meetings from chat and web pages: attendance, quorum, agenda, votes,"
        " summaries.\n\nSettings come from config.env in this folder and from the environment;"
        " config.example.env explains each."
    ),
    epilog=(
        "Exit codes: 0 all is well; 1 something failed or needs to be done; 2 the settings or the command are"
        " wrong."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Meeting = Annotated[int, typer.Argument(metavar="MEETING", help="The meeting's number.", min=1)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        say(f"bieuquyet {version('bieuquyet')}")
        raise typer.Exit


@commands.callback()
def bieuquyet(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and end."),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@commands.command()
def run() -> None:
    """Start the bot: the web pages, and Telegram where a token is set.

    The first start prints a one-time link for the organiser. Ctrl+C or SIGTERM stops it; killed at any
    moment, it loses nothing that was acknowledged.
    """
    from bot.commands.running import run as run_program

    settings = load_settings()
    _carry_out(run_program(settings), settings)


@commands.command()
def demo(
    case: Annotated[str, typer.Option(help="Which meeting: seed-1 or seed-2.")] = "seed-1",
    out: Annotated[
        Path | None,
        typer.Option(
            help="The folder for database, results, summary, news draft and transcript.",
            show_default="demo-seed-1 or demo-seed-2",
        ),
    ] = None,
) -> None:
    """Hold a whole meeting with simulated people, on a database of its own; needs no settings."""
    from bot.commands.terminal import out as standard_output
    from bot.demo import run_demo

    raise typer.Exit(_carry_out(run_demo(case, out or Path(f"demo-{case}"), standard_output()), None))


@commands.command()
def check() -> None:
    """Look whether everything is ready: settings, database, records, Telegram, addresses; says what to do."""
    from bot.commands.checking import check as check_all

    settings = load_settings()
    _log(settings)
    if not _carry_out(check_all(settings), settings):
        raise typer.Exit(FAILED)


@commands.command("organiser-code")
def organiser_code() -> None:
    """Make a one-time link and code by which somebody founds an organisation and becomes its organiser."""
    from bot.commands.meetings import make_organiser_code

    settings = load_settings()
    _log(settings)
    _carry_out(make_organiser_code(settings), settings)


@commands.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The filled-in workbook.")],
    *,
    organisation: Annotated[
        int | None, typer.Option(help="The organisation's number, where there are several.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Store it without asking.")] = False,
) -> None:
    """Set a meeting up from a workbook: all of it, or nothing where something is wrong.

    The bot hands the workbook out filled with an example. Shows what would be stored, and asks.
    """
    from bot.commands.meetings import import_workbook

    settings = load_settings()
    _log(settings)
    _carry_out(import_workbook(settings, file, organisation_id=organisation, is_confirmed=yes), settings)


@commands.command()
def invitations(
    meeting: Meeting,
    *,
    as_json: AsJson = False,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write slips with QR codes to print, as a PDF.")
    ] = None,
) -> None:
    """Show each attendee's personal links and code. Whoever has them can act for that person."""
    from bot.commands.meetings import show_invitations

    settings = load_settings()
    _log(settings)
    _carry_out(show_invitations(settings, meeting, as_json=as_json, pdf=pdf), settings)


@commands.command()
def results(meeting: Meeting, *, as_json: AsJson = False) -> None:
    """Show what the meeting decided, as far as it was announced."""
    from bot.commands.meetings import show_results

    settings = load_settings()
    _log(settings)
    _carry_out(show_results(settings, meeting, as_json=as_json), settings)


@commands.command()
def overview(
    organisation: Annotated[int, typer.Argument(metavar="ORGANISATION", help="Its number.", min=1)],
    *,
    year: Annotated[
        int | None,
        typer.Option(help="Which year.", show_default="the newest that has held meetings", min=1, max=9999),
    ] = None,
    as_json: AsJson = False,
    png: Annotated[Path | None, typer.Option(help="Also write it as a picture to this file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Also write it as a workbook to this file.")] = None,
) -> None:
    """Show a year of an organisation's meetings: attendance, decisions, the same items over the years."""
    from bot.commands.summaries import show_overview

    settings = load_settings()
    _log(settings)
    _carry_out(show_overview(settings, organisation, year, as_json=as_json, png=png, xlsx=xlsx), settings)


@commands.command()
def news(meeting: Meeting) -> None:
    """Draft a news item about a closed meeting, in Vietnamese: nothing that its record does not say."""
    from bot.commands.summaries import show_news

    settings = load_settings()
    _log(settings)
    _carry_out(show_news(settings, meeting), settings)


@commands.command()
def migrate() -> None:
    """Bring the database up to this release; a start does it too. Back it up before."""
    from bot.commands.opening import migrate_database

    settings = load_settings()
    _log(settings)
    _carry_out(migrate_database(settings), settings)


def _log(settings: Settings) -> None:
    from bot.logs import start_logs

    start_logs(settings)


def _carry_out(command: Coroutine[Any, Any, T], settings: Settings | None) -> T:
    """Run a command; raises CommandError for everything that an operator can meet with."""
    from bot.app import StartError
    from bot.commands.opening import away_text
    from storage.errors import DatabaseAwayError
    from storage.migrations import NewerSchemaError

    gc.freeze()  # what is loaded stays: the collector, which `main` put off, need not go through it
    gc.enable()
    try:
        with asyncio.Runner(loop_factory=_quick_loop()) as runner:
            return runner.run(command)
    except StartError as error:
        raise CommandError(str(error)) from error
    except DatabaseAwayError as error:
        raise CommandError(str(error) if settings is None else away_text(settings, error)) from error
    except NewerSchemaError as error:
        raise CommandError(f"{error}: install the newer release of the program again.") from error


def _quick_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Give what makes an event loop that costs less for each request; None where there is none (Windows)."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line, by default the program's own, and give the exit code.

    What an operator can meet with is told in a line on standard error, never by a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # Vietnamese on a terminal that can't show it
    gc.disable()  # while the program is loaded, whose start it makes longer by a sixth
    try:
        commands(arguments, prog_name="bieuquyet")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except SettingsError as error:
        for problem in error.problems:
            complain(problem)
        return MISUSED
    except CommandError as error:
        complain(str(error))
        return FAILED
    finally:
        gc.enable()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`overview` and `news`: what is told of meetings afterwards, at the command line."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.commands.meetings import print_json, require_meeting
from bot.commands.opening import open_house
from bot.commands.terminal import CommandError, out, say
from bot.overviews import overview_json, overview_table
from bot.settings import Settings
from bot.wording.overview import outcomes_text, overview_title, turnout_text
from bot.wording.voice import Voice
from handlers.asking import House
from storage.errors import OrganisationNotFoundError
from storage.people import list_organisations
from storage.reading import get_news_view, get_overview_view
from storage.views import OverviewView


async def show_overview(
    settings: Settings,
    organisation_id: int,
    year: int | None,
    *,
    as_json: bool,
    png: Path | None,
    xlsx: Path | None,
) -> None:
    """Print a year of an organisation's meetings, by default the newest; also into files where asked."""
    async with open_house(settings) as house:
        view = await _find(house, organisation_id, year)
        if year is None and view.years and view.years[-1] != view.overview.year:
            view = await _find(house, organisation_id, view.years[-1])
    voice = Voice(settings.language, settings.timezone)
    if png is not None:
        from bot.papers.overview import draw_overview

        await asyncio.to_thread(_write, png, lambda: draw_overview(voice, view))
    if xlsx is not None:
        from bot.papers.overview import write_overview

        await asyncio.to_thread(_write, xlsx, lambda: write_overview(voice, view))
    if as_json:
        print_json(overview_json(view))
    else:
        _show(view, voice)


async def _find(house: House, organisation_id: int, year: int | None) -> OverviewView:
    async with house.database.snapshot() as tx:
        try:
            return await get_overview_view(tx, organisation_id, house.now().year if year is None else year)
        except OrganisationNotFoundError:
            organisations = await list_organisations(tx)
    there = "; ".join(f"{number} ({name})" for number, name in organisations)
    raise CommandError(
        f"There is no organisation {organisation_id}: "
        + (f"there are {there}." if there else "there is none at all yet.")
    )


def _write(path: Path, make: Callable[[], bytes]) -> None:
    try:
        path.write_bytes(make())
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.") from error


def _show(view: OverviewView, voice: Voice) -> None:
    overview = view.overview
    say(f"{overview_title(voice, overview.year)}: {view.organisation}", "bold")
    if not overview.meetings:
        held = ", ".join(map(str, view.years))
        say(f"No meeting of {overview.year} is over." + (f" There are of: {held}." if held else ""))
        return
    for turnout in (overview.people, overview.units):
        if turnout.summoned:
            say(turnout_text(voice, turnout))
    say(outcomes_text(voice, overview.outcomes))
    out().print(overview_table(view, voice), soft_wrap=False)


async def show_news(settings: Settings, meeting_id: int) -> None:
    """Print the draft of the news item about a closed meeting."""
    from bot.papers.news import draft_news

    async with open_house(settings) as house:
        await require_meeting(house, meeting_id)
        async with house.database.snapshot() as tx:
            view = await get_news_view(tx, meeting_id)
    if not view.is_of_held:
        raise CommandError(
            f"Meeting {meeting_id} has not been held and closed yet, so there is no news of it."
        )
    out().print(draft_news(view).text, markup=False, highlight=False, soft_wrap=True, end="")

"""`import`, `invitations` and `results`: meetings in and out at the command line."""

import asyncio
import json
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.addresses import Addresses
from bot.cards.setup import plan_card
from bot.chats import ask_telegram, ask_zalo
from bot.commands.opening import open_house
from bot.commands.terminal import CommandError, beside, complain, out, say
from bot.platforms.base import DeliveryError, Line
from bot.results import results_json, results_table
from bot.settings import Settings
from bot.wording.labels import role_text, standing_text
from bot.wording.results import attendance_text
from bot.wording.voice import Address, Voice
from handlers.asking import House
from handlers.inviting import SlipsIssued, WayIn, give_shared_way, list_slips, make_founder_code, way_in
from handlers.meetings import import_meeting
from meeting.plan import MeetingPlan
from meeting.refusals import Refused
from storage.errors import MeetingNotFoundError
from storage.people import list_organisations
from storage.reading import get_meeting_view, get_results_view, list_invitations, list_meetings
from storage.views import InvitationView, ResultsView

_PLATFORM_SECONDS = 5.0


# Ways in


async def make_organiser_code(settings: Settings) -> None:
    """Print a one-time link and code that found an organisation."""
    async with open_house(settings) as house:
        founder = await make_founder_code(house)
    addresses = await _addresses(settings)
    say("Whoever opens this becomes the first organiser of a new organisation; it works once.", "bold")
    _say_way(addresses, founder)
    if founder.expires_at is not None:
        say(f"  Until     {founder.expires_at.astimezone(settings.timezone):%d/%m/%Y %H:%M}")


def _say_way(addresses: Addresses, way: WayIn, page: str = "") -> None:
    say(f"  Web       {page or addresses.web_link(way.token)}")
    telegram = addresses.telegram_link(way.token)
    if telegram is not None:
        say(f"  Telegram  {telegram}")
    zalo = addresses.zalo_link()
    if zalo is not None:
        say(f"  Zalo      {zalo} (then type the code there)")
    say(f"  Code      {way.code}")


async def _addresses(settings: Settings) -> Addresses:
    """Give the addresses, with the bot's names where Telegram and Zalo tell them in time."""
    telegram, zalo = await asyncio.gather(
        _answer("Telegram", ask_telegram(settings)), _answer("Zalo", ask_zalo(settings))
    )
    return Addresses(settings.public_url, telegram, zalo)


async def _answer(platform: str, asking: Awaitable[str | None]) -> str | None:
    try:
        async with asyncio.timeout(_PLATFORM_SECONDS):
            return await asking
    except (DeliveryError, TimeoutError):
        complain(f"{platform} does not answer, so its links are left out: see bieuquyet check")
        return None


async def show_invitations(
    settings: Settings, meeting_id: int, *, as_json: bool, pdf: Path | None = None
) -> None:
    """Print each attendee's personal links and code, or write them to a file as slips to be printed."""
    async with open_house(settings) as house:
        await require_meeting(house, meeting_id)
        async with house.database.snapshot() as tx:
            meeting = await get_meeting_view(tx, meeting_id)
            invitations = await list_invitations(tx, meeting_id)
        issued = await _slips(house, meeting_id) if pdf is not None else None
        shared = await give_shared_way(house, meeting_id)
    addresses = await _addresses(settings)
    if pdf is not None and issued is not None:
        await _write_slips(settings, addresses, issued, pdf)
        return
    ways = [
        (invitation, way_in(house.key, invitation.invitation_id, invitation.generation))
        for invitation in invitations
    ]
    if as_json:
        print_json(
            {
                "meeting": meeting.title,
                "shared": {
                    "web": addresses.shared_link(shared.token),
                    "telegram": addresses.telegram_link(shared.token),
                    "zalo": addresses.zalo_link(),
                    "code": shared.code,
                },
                "attendees": [_invitation_json(addresses, invitation, way) for invitation, way in ways],
            }
        )
        return
    voice = Voice(settings.language)
    say(meeting.title, "bold")
    say("")
    say("Shared link: whoever comes by it is confirmed by the organiser", "bold")
    _say_way(addresses, shared, addresses.shared_link(shared.token))
    for invitation, way in ways:
        who = invitation.attendee
        about = [who.position, who.unit or "", standing_text(voice, who.standing)]
        if who.is_bound:
            about.append("joined")
        say("")
        say(f"{who.number}. {who.name} ({', '.join(filter(None, about))})", "bold")
        _say_way(addresses, way)


async def _slips(house: House, meeting_id: int) -> SlipsIssued:
    async with house.database.snapshot() as tx:
        return await list_slips(tx, house.key, meeting_id)


async def _write_slips(settings: Settings, addresses: Addresses, issued: SlipsIssued, path: Path) -> None:
    """Write the slips to a file that nobody else on this machine can read; an earlier one is replaced."""
    from bot.papers.slips import print_slips

    if not issued.ways:
        raise CommandError("There is nobody on the list yet, so there are no slips.")
    voice = Voice(settings.language, ZoneInfo(issued.meeting.timezone))
    content = await asyncio.to_thread(print_slips, voice, addresses, issued)
    try:
        await asyncio.to_thread(_write_private, path, content)
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.") from error
    say(f"Slips of {len(issued.ways)} attendees are in {path}; delete it after printing.", "green")


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(content)


def _invitation_json(addresses: Addresses, invitation: InvitationView, way: WayIn) -> dict[str, Any]:
    who = invitation.attendee
    return {
        "number": who.number,
        "name": who.name,
        "unit": who.unit,
        "position": who.position,
        "standing": who.standing.value,
        "joined": who.is_bound,
        "web": addresses.web_link(way.token),
        "telegram": addresses.telegram_link(way.token),
        "zalo": addresses.zalo_link(),
        "code": way.code,
    }


async def require_meeting(house: House, meeting_id: int) -> None:
    """Raise CommandError that names the meetings there are, where there is none with this id."""
    async with house.database.snapshot() as tx:
        try:
            await get_meeting_view(tx, meeting_id)
        except MeetingNotFoundError:
            lines = await list_meetings(tx)
        else:
            return
    if not lines:
        raise CommandError(f"There is no meeting {meeting_id}: there is no meeting at all yet.")
    there = "; ".join(f"{line.meeting_id} ({line.title})" for line in lines[:10])
    raise CommandError(f"There is no meeting {meeting_id}. There are: {there}.")


# Results


async def show_results(settings: Settings, meeting_id: int, *, as_json: bool) -> None:
    """Print what became of each item, as far as it was announced."""
    async with open_house(settings) as house:
        await require_meeting(house, meeting_id)
        async with house.database.snapshot() as tx:
            view = await get_results_view(tx, meeting_id)
    if as_json:
        print_json(results_json(view))
    else:
        _show_results(view, Voice(settings.language, ZoneInfo(view.meeting.timezone)))


def _show_results(view: ResultsView, voice: Voice) -> None:
    stated = view.attendance if view.statement is None else view.statement.attendance
    say(view.meeting.title, "bold")
    say(attendance_text(voice, stated))
    if view.items:
        out().print(results_table(view, voice), soft_wrap=False)
    else:
        say("Nothing was decided or announced yet.")


def print_json(values: dict[str, Any]) -> None:
    """Print JSON values as they are."""
    sys.stdout.write(json.dumps(values, ensure_ascii=False, indent=2) + "\n")


# Import


async def import_workbook(
    settings: Settings, path: Path, *, organisation_id: int | None, is_confirmed: bool
) -> None:
    """Store a workbook's meeting once its preview is confirmed; raises CommandError where it isn't."""
    async with open_house(settings) as house:
        organisation_id, organisation = await _organisation(house, organisation_id)
        plan, warnings = await _read(settings, path, house)
        _show_plan(settings, plan, warnings)
        if not is_confirmed and not await _is_confirmed(organisation):
            raise CommandError("Nothing was stored.")
        added = await import_meeting(house, organisation_id, plan, address=Address.DONG_CHI)
        if isinstance(added, Refused):
            raise CommandError(f"There is no organisation {organisation_id} any more; nothing was stored.")
    say(f"Meeting {added.meeting_id} is stored.", "green")
    say(f"Everybody's personal links: bieuquyet invitations {added.meeting_id}")


async def _organisation(house: House, organisation_id: int | None) -> tuple[int, str]:
    async with house.database.snapshot() as tx:
        organisations = dict(await list_organisations(tx))
    if not organisations:
        raise CommandError(
            "There is no organisation yet: open the organiser's link that the start shows, or make one by"
            " bieuquyet organiser-code."
        )
    there = "; ".join(f"{number} ({name})" for number, name in organisations.items())
    if organisation_id is None and len(organisations) > 1:
        raise CommandError(f"For which organisation? Add --organisation with a number of these: {there}.")
    chosen = next(iter(organisations)) if organisation_id is None else organisation_id
    if chosen not in organisations:
        raise CommandError(f"There is no organisation {chosen}. There are: {there}.")
    return chosen, organisations[chosen]


async def _read(settings: Settings, path: Path, house: House) -> tuple[MeetingPlan, list[str]]:
    """Read the workbook; its problems are printed, and raise CommandError."""
    from bot.wording.workbook import problem_text
    from bot.workbook.layout import FILE_LIMIT
    from bot.workbook.reading import read_workbook

    content = await asyncio.to_thread(_content, path, FILE_LIMIT)
    today = house.now().astimezone(settings.timezone).date()
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=beside(),
        disable=not beside().is_terminal,
        transient=True,
    ) as progress:
        task = progress.add_task(path.name, total=None)
        reading = await asyncio.to_thread(
            read_workbook,
            content,
            path.name,
            today=today,
            report=lambda done, total: progress.update(task, completed=done, total=total),
        )
    for problem in reading.problems:
        complain(problem_text(problem, settings.language))
    if reading.plan is None:
        raise CommandError(
            f"Nothing was stored: {len(reading.problems)} to correct in {path.name}, then import it again."
        )
    return reading.plan, [problem_text(warning, settings.language) for warning in reading.warnings]


def _content(path: Path, limit: int) -> bytes | None:
    """Give a file's bytes, or None where there are more of them than are looked at."""
    try:
        return path.read_bytes() if path.stat().st_size <= limit else None
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error


def _show_plan(settings: Settings, plan: MeetingPlan, warnings: list[str]) -> None:
    voice = Voice(settings.language, ZoneInfo(plan.timezone))
    for line in plan_card(voice, plan, warnings, 0).lines:
        if isinstance(line, Line):
            say(line.text)
    for attendee in plan.attendees:
        if attendee.role is not None:
            say(f"  {role_text(voice, attendee.role)}: {attendee.name}")


async def _is_confirmed(organisation: str) -> bool:
    if not sys.stdin.isatty():
        raise CommandError("Nobody is there to confirm it: add --yes to store it. Nothing was stored.")
    return await asyncio.to_thread(typer.confirm, f"Store this meeting for {organisation}?", err=True)

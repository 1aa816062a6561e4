"""A whole meeting with simulated people: the program runs for real, they take part over HTTP."""

import json
import secrets
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from rich.console import Console

from bot.app import App
from bot.cards.summary import summary_markdown
from bot.commands.terminal import complain
from bot.demo import folder
from bot.demo.conference import hold_conference
from bot.demo.folder import FolderError, prepare
from bot.demo.hall import Hall
from bot.demo.progress import Steps
from bot.demo.seeds import pledge_signing, staff_conference
from bot.demo.signing import hold_signing
from bot.demo.transcript import Transcript
from bot.demo.visitor import VisitError
from bot.logs import start_logs
from bot.papers.news import draft_news
from bot.results import results_json, results_table
from bot.settings import Address, Settings
from bot.wording.voice import Voice
from meeting.plan import MeetingPlan
from meeting.record import first_break
from storage.reading import get_news_view
from storage.record import list_entries, list_meetings_with_record
from storage.views import NewsView

FAILED, REFUSED = 1, 2


@dataclass(frozen=True, slots=True)
class Case:
    """A meeting to be shown: what is planned, and what its people do."""

    plan: Callable[[], MeetingPlan]
    hold: Callable[[Hall, str], Awaitable[None]]


CASES = {
    "seed-1": Case(staff_conference, hold_conference),
    "seed-2": Case(pledge_signing, hold_signing),
}


async def run_demo(case: str, out: Path, console: Console) -> int:
    """Hold a case's meeting and leave in the folder `out` what it made, from the database to the transcript.

    The program runs here, on a free port of this machine and a database of its own; no setting of the
    operator is used. Gives the exit code: 0, 1 where the meeting could not be held, 2 where the case or the
    folder can't be used.
    """
    if case not in CASES:
        complain(f"There is no case {case!r}; there are: {', '.join(CASES)}.")
        return REFUSED
    try:
        prepare(out)
    except FolderError as error:
        complain(str(error))
        return REFUSED
    plan = CASES[case].plan()
    transcript = Transcript(plan.title, ZoneInfo(plan.timezone))
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            news = await _hold(case, plan, out, listener, transcript, Steps(console))
    except VisitError as error:
        complain(str(error))
        return FAILED
    finally:
        (out / folder.TRANSCRIPT).write_text(transcript.markdown(), encoding="utf-8")
    voice, view = Voice("vi", transcript.timezone), news.results
    (out / folder.NEWS).write_text(draft_news(news).text, encoding="utf-8")
    (out / folder.SUMMARY).write_text(summary_markdown(voice, view), encoding="utf-8")
    (out / folder.RESULTS).write_text(
        json.dumps(results_json(view), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    console.print(results_table(view, voice), soft_wrap=False)
    console.print(f"Everything is in {out}", highlight=False, markup=False)
    return 0


async def _hold(
    case: str, plan: MeetingPlan, out: Path, listener: socket.socket, transcript: Transcript, steps: Steps
) -> NewsView:
    settings = _settings(out / folder.DATABASE, listener.getsockname()[1], plan.timezone)
    start_logs(settings)
    async with App(settings, listeners=[listener]) as app:
        address = settings.public_url
        steps.say(f"the program runs on {address}")
        if app.founder is None:
            raise VisitError("the program offers no way in for the first organiser")
        founder_link = app.addresses.web_link(app.founder.token)
        hall = Hall(address, plan, transcript, steps, Voice("vi", transcript.timezone), seed=case)
        try:
            await CASES[case].hold(hall, founder_link)
        finally:
            await hall.close()
        async with app.house.database.snapshot() as tx:
            [meeting_id] = await list_meetings_with_record(tx)
            entries = await list_entries(tx, meeting_id)
            news = await get_news_view(tx, meeting_id)
    broken = first_break(entries)
    if broken is not None:
        raise VisitError(f"the record of the meeting is broken at entry {broken}")
    steps.say(f"the record has {len(entries)} entries, each following from the one before")
    return news


def _settings(database: Path, port: int, timezone: str) -> Settings:
    """Give settings that owe nothing to the environment nor to `config.env`: nothing leaves this machine."""
    return Settings(
        _env_file=None,
        database_url=SecretStr(f"sqlite:///{database.absolute()}"),
        secret_key=SecretStr(secrets.token_urlsafe(48)),
        listen=Address("127.0.0.1", port),
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=None,
        telegram_api="https://api.telegram.org",
        language="vi",
        timezone=ZoneInfo(timezone),
        log_level="WARNING",
        log_format="console",
        playground=False,
    )

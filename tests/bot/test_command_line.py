"""The command line as an operator uses it: what it prints, where, and what it exits with."""

import asyncio
import contextlib
import json
import logging
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from bot.app import App, utc_now
from bot.logs import CHATTY
from bot.results import results_json
from bot.settings import PREFIX, load_settings
from bot.workbook.writing import write_workbook
from handlers.admission import Admission, find_admission
from meeting.agenda import ItemKind
from meeting.plan import MeetingPlan, PlannedItem
from meeting.voting import Option
from storage.database import Database
from storage.reading import get_results_view, list_meetings
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.fakes.sockets import loopback_socket
from tests.fakes.zalo_api import TOKEN as ZALO_TOKEN
from tests.fakes.zalo_api import FakeZalo
from tests.handlers.journey import KEY, Clock, Journey, plan, seat

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    "run",
    "demo",
    "check",
    "organiser-code",
    "import",
    "invitations",
    "results",
    "overview",
    "news",
    "migrate",
)
AN, BINH = NAMES = ("Trần An", "Lê Bình")
ITEMS = (PlannedItem("Thông qua Nghị quyết", ItemKind.DOCUMENT),)


@dataclass(frozen=True)
class Said:
    """What a command said, and what it exited with."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        assert "Traceback" not in self.err
        return self.err.splitlines()


class Terminal:
    """A place to give commands, in a directory of its own with free ports."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.set(SECRET_KEY=KEY.decode(), LISTEN=f"127.0.0.1:{self.port}")

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"{PREFIX}{name}", value)

    def set_plain(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def unset(self, name: str) -> None:
        self._monkeypatch.delenv(f"{PREFIX}{name}")

    def say(self, *arguments: str) -> Said:
        self._capsys.readouterr()
        code = main(arguments)
        return Said(code, *self._capsys.readouterr())


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """What a command sets up for its log is gone after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in CHATTY}
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in an empty directory."""
    return Terminal(capsys, monkeypatch)


@pytest.fixture
def url(terminal: Terminal, sqlite_url: str) -> str:
    """A migrated database that the terminal's settings name."""
    terminal.set(DATABASE_URL=sqlite_url)
    return sqlite_url


def lived(url: str, live: Callable[[Database], Awaitable[Journey]]) -> Journey:
    """Have something happen in the database before a command."""

    async def carry_out() -> Journey:
        database = Database.open(url)
        try:
            return await live(database)
        finally:
            await database.close()

    return asyncio.run(carry_out())


async def _decided(database: Database) -> Journey:
    journey = await Journey.opened(database, plan(NAMES, ITEMS))
    await journey.decide(0, {AN: Option.YES})
    return journey


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


@contextlib.contextmanager
def by_hand(url: str) -> Iterator[sqlite3.Connection]:
    """The database as somebody changes it outside the program."""
    with contextlib.closing(sqlite3.connect(file_of(url), isolation_level=None)) as connection:
        yield connection


def ids_in(text: str) -> set[str]:
    return set(re.findall(r"/[ij]/(\S+)", text))


# Help


def test_help_names_every_command_and_the_exit_codes(terminal: Terminal) -> None:
    said = terminal.say("--help")
    assert said.code == 0
    for command in COMMANDS:
        assert re.search(rf"│ {command}  ", said.out), command
    assert "Exit codes: 0 all is well; 1 something failed or needs to be done; 2" in said.out
    assert terminal.say("-h").out == said.out
    assert terminal.say().out.strip() == said.out.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(terminal: Terminal, command: str) -> None:
    said = terminal.say(command, "--help")
    assert said.code == 0
    assert f"Usage: bieuquyet {command}" in said.out
    assert said.err == ""


def test_the_version_is_told(terminal: Terminal) -> None:
    said = terminal.say("--version")
    assert (said.code, said.err) == (0, "")
    assert re.fullmatch(r"bieuquyet \d+\.\d+\.\d+\n", said.out)


@pytest.mark.parametrize(
    "arguments", [("vote",), ("results",), ("results", "first"), ("run", "--fast"), ("results", "0")]
)
def test_a_wrong_command_exits_with_2(terminal: Terminal, arguments: tuple[str, ...]) -> None:
    said = terminal.say(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "bieuquyet" in said.problems[0]


@pytest.mark.parametrize("command", ["run", "check", "organiser-code", "migrate"])
def test_each_wrong_setting_is_a_line_and_the_exit_code_2(terminal: Terminal, command: str) -> None:
    terminal.set(LISTEN="8080", LOG_LEVEL="LOUD", LISTN="127.0.0.1:1")
    said = terminal.say(command)
    assert (said.code, said.out) == (2, "")
    assert [line.partition(":")[0] for line in said.problems] == [
        "BIEUQUYET_LISTN",
        "BIEUQUYET_LISTEN",
        "BIEUQUYET_LOG_LEVEL",
    ]


# check


def test_before_the_first_start_nothing_needs_doing_and_nothing_is_made(terminal: Terminal) -> None:
    terminal.unset("SECRET_KEY")
    said = terminal.say("check")
    assert (said.code, said.err) == (0, "")
    assert "TO DO" not in said.out
    assert "is made on the first start" in said.out
    assert list(Path().iterdir()) == []


def test_a_meeting_that_is_ready_is_told_so(terminal: Terminal, url: str) -> None:
    lived(url, _decided)
    said = terminal.say("check")
    assert said.code == 0
    assert "up to date" in said.out
    assert "Sở Nội vụ" in said.out
    assert re.search(r"1 meeting, \d+ entries, each following from the one before", said.out)
    assert KEY.decode() not in said.out


def test_a_record_that_was_changed_by_hand_is_found(terminal: Terminal, url: str) -> None:
    journey = lived(url, _decided)
    with by_hand(url) as connection:
        connection.execute("UPDATE record_entry SET facts = '{}' WHERE act = 'vote_closed'")
        [[number]] = connection.execute(
            "SELECT number FROM record_entry WHERE act = 'vote_closed'"
        ).fetchall()
    said = terminal.say("check")
    assert said.code == 1
    assert re.search(
        rf"TO DO +Records +broken: meeting {journey.meeting_id} from entry {number} on", said.out
    )


def test_a_database_without_tables_needs_migrating(terminal: Terminal) -> None:
    terminal.set(DATABASE_URL="sqlite:///empty.db")
    sqlite3.connect("empty.db").close()
    said = terminal.say("check")
    assert said.code == 1
    assert "→ bieuquyet migrate" in said.out
    assert terminal.say("migrate").code == 0
    assert terminal.say("check").code == 0


def test_a_folder_that_is_missing_is_told(terminal: Terminal) -> None:
    terminal.set(DATABASE_URL="sqlite:///nowhere/x.db")
    said = terminal.say("check")
    assert said.code == 1
    assert "make the folder" in said.out


def test_a_postgresql_that_is_away_is_told_without_its_password(terminal: Terminal) -> None:
    terminal.set(DATABASE_URL="postgresql://operator:geheim@127.0.0.1:1/meetings")
    said = terminal.say("check")
    assert said.code == 1
    assert "127.0.0.1:1/meetings" in said.out
    assert "see that the server runs" in said.out
    for command in (("organiser-code",), ("migrate",), ("results", "1")):
        failed = terminal.say(*command)
        assert (failed.code, len(failed.problems)) == (1, 1)
        assert "geheim" not in failed.out + failed.err + said.out


@pytest.mark.usefixtures("url")
def test_a_port_that_another_program_has_is_told(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", terminal.port)):
        said = terminal.say("check")
    assert said.code == 1
    assert re.search(r"TO DO +Listen +127\.0\.0\.1:\d+ can't be used\n +→ LISTEN", said.out)
    assert terminal.say("check").code == 0


@pytest.mark.usefixtures("url")
async def test_the_program_s_own_port_is_no_finding(terminal: Terminal) -> None:
    with loopback_socket() as (listener, address):
        terminal.set(LISTEN=address.removeprefix("http://"))
        async with App(load_settings(), listeners=[listener]):
            said = await asyncio.to_thread(terminal.say, "check")
    assert said.code == 0
    assert "the program is running there" in said.out


@pytest.mark.usefixtures("url")
async def test_what_the_running_program_has_no_luck_with_is_told(terminal: Terminal) -> None:
    async with FakeZalo() as api:
        with loopback_socket() as (listener, address):
            terminal.set(LISTEN=address.removeprefix("http://"), PUBLIC_URL=address)
            terminal.set(ZALO_TOKEN=ZALO_TOKEN, ZALO_API=api.url, ZALO_MODE="webhook")
            async with App(load_settings(), listeners=[listener]) as app:
                await api.is_listened_to()
                while app.chats.troubles()["zalo"] == "starting":  # noqa: ASYNC110 - tells nobody
                    await asyncio.sleep(0.01)
                said = await asyncio.to_thread(terminal.say, "check")
    assert said.code == 1
    assert "is running there, with zalo: zalo_webhook_not_verified" in " ".join(said.out.split())
    assert "→ its log says what is wrong" in said.out


@pytest.mark.usefixtures("url")
def test_links_that_no_phone_can_open_are_found(terminal: Terminal) -> None:
    terminal.set(LISTEN=f"0.0.0.0:{terminal.port}", PUBLIC_URL="http://127.0.0.1:8080")
    said = terminal.say("check")
    assert said.code == 1
    assert "works on this machine alone" in said.out
    assert "for everybody who reaches this machine" in said.out


@pytest.mark.usefixtures("url")
async def test_the_telegram_token_is_tried(terminal: Terminal) -> None:
    async with FakeBotApi() as api:
        terminal.set(TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url)
        said = await asyncio.to_thread(terminal.say, "check")
        assert said.code == 0
        assert "the token is @hoi_nghi_bot's" in said.out
        assert "Updates       are asked for" in said.out
        assert "Groups" not in said.out
        api.bot["can_join_groups"] = False
        kept_out = await asyncio.to_thread(terminal.say, "check")
        assert kept_out.code == 0, "its owner may want it so"
        assert "@BotFather, /setjoingroups" in kept_out.out
        api.refuse("getMe", 401, "Unauthorized")
        refused = await asyncio.to_thread(terminal.say, "check")
    assert refused.code == 1
    assert "compare BIEUQUYET_TELEGRAM_TOKEN" in refused.out
    assert TOKEN not in said.out + said.err + refused.out + refused.err


@pytest.mark.usefixtures("url")
async def test_the_bot_on_zalo_is_looked_at(terminal: Terminal) -> None:
    async with FakeZalo() as api:
        public = {"PUBLIC_URL": "http://localhost:9", "LISTEN": f"127.0.0.1:{terminal.port}"}
        terminal.set(ZALO_TOKEN=ZALO_TOKEN, ZALO_API=api.url, **public)

        async def check() -> tuple[int, str]:
            said = await asyncio.to_thread(terminal.say, "check")
            assert ZALO_TOKEN not in said.out + said.err
            return said.code, " ".join(said.out.split())

        code, said = await check()
        assert (code, "Zalo the token is that of Bot Hội nghị" in said) == (1, True)
        assert "Zalo messages are asked for" in said
        assert "which no phone can open → set BIEUQUYET_PUBLIC_URL" in said
        api.takes_any_address = True
        api.bring_to("https://other.example/zalo/x", "a secret of its own")
        assert "go to a webhook at other.example; the next start takes it away" in (await check())[1]
        terminal.set(ZALO_MODE="webhook")
        assert "go to other.example; the next start has them brought to localhost:9" in (await check())[1]
        api.bring_to("http://localhost:9/zalo/secret-path", "a secret of its own")
        said = (await check())[1]
        assert "are brought to localhost:9" in said
        assert "secret-path" not in said
        api.me["can_join_groups"] = False
        assert "the bot can't be added to groups" in (await check())[1]
        api.token = "1:another"
        code, said = await check()
    assert (code, "compare BIEUQUYET_ZALO_TOKEN" in said) == (1, True)


@pytest.mark.usefixtures("url")
async def test_how_updates_come_in_is_told_with_what_telegram_says_about_it(terminal: Terminal) -> None:
    async with FakeBotApi() as api:
        api.is_local_server = True
        api.hold()
        terminal.set(TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url, PUBLIC_URL="http://127.0.0.1:9")

        async def check() -> tuple[int, str]:
            said = await asyncio.to_thread(terminal.say, "check")
            return said.code, " ".join(said.out.split())

        await api.person("An").send("có mặt")
        assert "Updates are asked for; 1 wait there" in (await check())[1]
        api.bring_to("http://127.0.0.1:8/telegram/x", None, 40)
        assert "go to a webhook at 127.0.0.1:8; the next start takes it away" in (await check())[1]
        terminal.set(TELEGRAM_MODE="webhook")
        assert "go to 127.0.0.1:8; the next start has them brought to 127.0.0.1:9" in (await check())[1]
        api.bring_to("http://127.0.0.1:9/telegram/secret-path", None, 40)
        code, said = await check()
        assert (code, "Updates are brought to 127.0.0.1:9; 1 wait there" in said) == (0, True)
        assert api.webhook is not None
        api.webhook.last_error = (int(time.time()), "Connection refused")
        code, said = await check()
        assert (code, "could not be brought to 127.0.0.1:9 at" in said) == (1, True)
        assert "Connection refused" in said
        assert "secret-path" not in said


# organiser-code and migrate


def test_an_organiser_s_code_lets_somebody_found_an_organisation(terminal: Terminal, url: str) -> None:
    said = terminal.say("organiser-code")
    assert (said.code, said.err) == (0, "")
    [token] = ids_in(said.out)
    found = re.search(r"Code +(\S+)", said.out)
    assert found is not None

    async def admitted(database: Database) -> Journey:
        journey = await Journey.begun(database, Clock(utc_now()))
        for code in (token, found[1]):
            assert isinstance(await find_admission(journey.house, "web", code), Admission)
        return journey

    lived(url, admitted)
    assert ids_in(terminal.say("organiser-code").out).isdisjoint({token})


def test_migrating_makes_the_database_and_a_repeat_changes_nothing(terminal: Terminal) -> None:
    first, again = terminal.say("migrate"), terminal.say("migrate")
    assert (first.code, again.code) == (0, 0)
    assert "is now at revision" in first.out
    assert "was already at revision" in again.out
    assert Path("bieuquyet.db").exists()


def test_a_database_of_a_later_release_is_left_alone(terminal: Terminal, url: str) -> None:
    with by_hand(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    said = terminal.say("migrate")
    assert said.code == 1
    assert said.problems == [
        (
            "the database is at revision 9999, which this release does not know:"
            " install the newer release of the program again."
        )
    ]


@pytest.mark.parametrize("command", [("results", "1"), ("invitations", "1"), ("organiser-code",)])
def test_without_a_database_a_command_says_where_it_looked(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    said = terminal.say(*command)
    assert (said.code, said.out) == (1, "")
    [problem] = said.problems
    assert str(Path("bieuquyet.db").absolute()) in problem
    assert "bieuquyet run" in problem
    assert not Path("bieuquyet.db").exists()


def test_a_file_that_is_no_database_is_told(terminal: Terminal) -> None:
    Path("letter.db").write_text("Kính gửi " * 1000, encoding="utf-8")
    terminal.set(DATABASE_URL="sqlite:///letter.db")
    said = terminal.say("results", "1")
    assert said.code == 1
    assert "name another file in BIEUQUYET_DATABASE_URL" in said.problems[0]


def test_a_database_that_is_being_written_to_is_told(
    terminal: Terminal, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._BUSY_MILLISECONDS", 1)
    with by_hand(url) as connection:
        connection.execute("BEGIN IMMEDIATE")
        said = terminal.say("organiser-code")
    assert (said.code, said.out) == (1, "")
    assert said.problems == [
        (
            f"The database {file_of(url)} can't be used (database is locked):"
            " another program is writing to it; try again in a moment."
        )
    ]


# import


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A filled-in workbook."""
    return written(tmp_path / "hội nghị.xlsx", plan([seat(AN), seat(BINH)], ITEMS, title="Hội nghị mới"))


def written(path: Path, meeting: MeetingPlan) -> Path:
    path.write_bytes(write_workbook(meeting, "vi"))
    return path


def titles_in(url: str) -> list[str]:
    found: list[str] = []

    async def read(database: Database) -> Journey:
        async with database.snapshot() as tx:
            found.extend(line.title for line in await list_meetings(tx))
        return await Journey.begun(database)

    lived(url, read)
    return found


def test_a_workbook_is_shown_and_stored(terminal: Terminal, url: str, workbook: Path) -> None:
    lived(url, Journey.founded)
    said = terminal.say("import", str(workbook), "--yes")
    assert (said.code, said.err) == (0, "")
    assert "Hội nghị mới" in said.out
    assert "Đại biểu: 02" in said.out
    assert "Meeting 1 is stored." in said.out
    assert "bieuquyet invitations 1" in said.out
    assert titles_in(url) == ["Hội nghị mới"]


def test_an_import_is_recorded_as_the_operator_s_and_shown_to_the_organiser(
    terminal: Terminal, url: str, workbook: Path
) -> None:
    lived(url, Journey.founded)
    terminal.say("import", str(workbook), "-y")
    with by_hand(url) as connection:
        [[act, facts]] = connection.execute("SELECT act, facts FROM record_entry").fetchall()
        cards = connection.execute("SELECT kind FROM live_card ORDER BY kind").fetchall()
    assert act == "meeting_added"
    assert json.loads(facts)["by"] == "operator"
    assert cards == [("home",), ("panel",)]
    assert terminal.say("check").code == 0


def test_nothing_is_stored_without_a_yes(terminal: Terminal, url: str, workbook: Path) -> None:
    lived(url, Journey.founded)
    said = terminal.say("import", str(workbook))
    assert said.code == 1
    assert "Hội nghị mới" in said.out
    assert said.problems == ["Nobody is there to confirm it: add --yes to store it. Nothing was stored."]
    assert titles_in(url) == []


def test_what_is_wrong_in_a_workbook_is_told_line_by_line(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    lived(url, Journey.founded)
    twice = written(tmp_path / "twice.xlsx", plan([AN, AN, seat(BINH, "Phòng lạ")], ITEMS))
    said = terminal.say("import", str(twice), "--yes")
    assert (said.code, said.out) == (1, "")
    assert len(said.problems) > 1
    assert all(problem.startswith("Trang “") for problem in said.problems[:-1])
    assert said.problems[-1].startswith("Nothing was stored: ")
    assert titles_in(url) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.xlsx", "Kính gửi đồng chí".encode()),
        ("empty.xlsx", b""),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("archive.zip", b"PK\x03\x04" + bytes(100)),
        ("large.xlsx", bytes(50 * 1024 * 1024)),
    ],
)
def test_a_file_that_is_no_workbook_is_told(
    terminal: Terminal, url: str, tmp_path: Path, name: str, content: bytes
) -> None:
    lived(url, Journey.founded)
    (tmp_path / name).write_bytes(content)
    said = terminal.say("import", name, "--yes")
    assert (said.code, said.out) == (1, "")
    assert len(said.problems) == 2


def test_a_file_that_is_not_there_is_told(terminal: Terminal, url: str, tmp_path: Path) -> None:
    lived(url, Journey.founded)
    for name in ("nothing.xlsx", str(tmp_path)):
        said = terminal.say("import", name, "--yes")
        assert (said.code, said.out) == (1, "")
        assert len(said.problems) == 1
        assert said.problems[0].startswith(f"{name} can't be read: ")


@pytest.mark.usefixtures("url")
def test_an_import_needs_an_organisation(terminal: Terminal, workbook: Path) -> None:
    said = terminal.say("import", str(workbook), "--yes")
    assert said.code == 1
    assert "bieuquyet organiser-code" in said.problems[0]


def test_of_several_organisations_one_is_to_be_named(terminal: Terminal, url: str, workbook: Path) -> None:
    lived(url, Journey.founded)
    lived(url, lambda database: Journey.founded(database, name="Liên đoàn", organiser="Vũ Liên"))
    unclear = terminal.say("import", str(workbook), "--yes")
    assert unclear.code == 1
    assert "1 (Sở Nội vụ); 2 (Liên đoàn)" in unclear.problems[0]
    unknown = terminal.say("import", str(workbook), "--yes", "--organisation", "7")
    assert unknown.code == 1
    assert unknown.problems[0].startswith("There is no organisation 7.")
    assert titles_in(url) == []
    assert terminal.say("import", str(workbook), "--yes", "--organisation", "2").code == 0
    with by_hand(url) as connection:
        assert connection.execute("SELECT organisation_id FROM meeting").fetchall() == [(2,)]


# invitations and results


def test_everybody_s_links_and_codes_can_be_handed_out(terminal: Terminal, url: str) -> None:
    journey = lived(url, lambda database: Journey.planned(database, plan(NAMES), are_bound=False))
    said = terminal.say("invitations", str(journey.meeting_id))
    given = terminal.say("invitations", str(journey.meeting_id), "--json")
    assert (said.code, said.err, given.code, given.err) == (0, "", 0, "")
    handed_out = json.loads(given.out)
    assert handed_out["meeting"] == "Hội nghị"
    assert [who["name"] for who in handed_out["attendees"]] == list(NAMES)
    shared = handed_out["shared"]
    assert "/j/" in shared["web"]
    assert shared["code"] in said.out
    assert ids_in(said.out) == {who["web"].rpartition("/")[2] for who in (*handed_out["attendees"], shared)}
    assert all(who["code"] in said.out and not who["joined"] for who in handed_out["attendees"])

    async def admitted(database: Database) -> Journey:
        journey = await Journey.begun(database)
        for who in handed_out["attendees"]:
            for code in (who["web"].rpartition("/")[2], who["code"]):
                admission = await find_admission(journey.house, "web", code)
                assert isinstance(admission, Admission)
                assert admission.person == who["name"]
        return journey

    lived(url, admitted)


def test_slips_are_written_to_a_file_of_the_operators_own(
    terminal: Terminal, url: str, tmp_path: Path
) -> None:
    journey = lived(url, lambda database: Journey.planned(database, plan(NAMES), are_bound=False))
    path = tmp_path / "phieu.pdf"
    said = terminal.say("invitations", str(journey.meeting_id), "--pdf", str(path))
    assert (said.code, said.err) == (0, "")
    assert f"Slips of {len(NAMES)} attendees" in said.out
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.stat().st_mode & 0o077 == 0
    refused = terminal.say("invitations", str(journey.meeting_id), "--pdf", str(tmp_path / "no" / "file.pdf"))
    assert refused.code != 0
    assert "can't be written" in refused.err


async def test_links_to_telegram_are_given_where_it_answers(terminal: Terminal, url: str) -> None:
    await asyncio.to_thread(lived, url, lambda database: Journey.planned(database, plan(NAMES)))
    async with FakeBotApi() as api:
        terminal.set(TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url)
        given = await asyncio.to_thread(terminal.say, "invitations", "1", "--json")
    for who in json.loads(given.out)["attendees"]:
        token = who["web"].rpartition("/")[2]
        assert who["telegram"] == f"https://t.me/hoi_nghi_bot?start={token}"
        assert who["joined"]
    away = await asyncio.to_thread(terminal.say, "invitations", "1", "--json")
    assert away.code == 0
    assert "Telegram does not answer" in away.err
    assert {who["telegram"] for who in json.loads(away.out)["attendees"]} == {None}


async def test_the_address_of_the_bot_on_zalo_is_given_where_it_answers(terminal: Terminal, url: str) -> None:
    await asyncio.to_thread(lived, url, lambda database: Journey.planned(database, plan(NAMES)))
    async with FakeZalo() as api:
        terminal.set(ZALO_TOKEN=ZALO_TOKEN, ZALO_API=api.url)
        given = await asyncio.to_thread(terminal.say, "invitations", "1", "--json")
        said = await asyncio.to_thread(terminal.say, "invitations", "1")
    ways = json.loads(given.out)
    assert {who["zalo"] for who in (ways["shared"], *ways["attendees"])} == {"https://zalo.me/bot.HoiNghi01"}
    assert "Zalo      https://zalo.me/bot.HoiNghi01 (then type the code there)" in said.out
    away = await asyncio.to_thread(terminal.say, "invitations", "1", "--json")
    assert "Zalo does not answer" in away.err
    assert json.loads(away.out)["shared"]["zalo"] is None


def test_results_are_given_for_people_and_for_programs(terminal: Terminal, url: str) -> None:
    journey = lived(url, _decided)
    said = terminal.say("results", str(journey.meeting_id))
    given = terminal.say("results", str(journey.meeting_id), "--json")
    assert (said.code, given.code, said.err, given.err) == (0, 0, "", "")
    assert "Thông qua Nghị quyết" in said.out
    assert "1/2" in said.out

    async def read(database: Database) -> Journey:
        async with database.snapshot() as tx:
            view = await get_results_view(tx, journey.meeting_id)
        assert json.loads(given.out) == results_json(view)
        return journey

    lived(url, read)


def test_a_meeting_that_nothing_was_decided_in_is_no_failure(terminal: Terminal, url: str) -> None:
    lived(url, lambda database: Journey.planned(database, plan(NAMES), are_bound=False))
    assert "Nothing was decided" in terminal.say("results", "1").out
    assert json.loads(terminal.say("results", "1", "--json").out)["items"] == []


@pytest.mark.parametrize("command", ["invitations", "results"])
def test_an_unknown_meeting_is_answered_by_those_there_are(
    terminal: Terminal, url: str, command: str
) -> None:
    nothing = terminal.say(command, "7")
    assert nothing.problems == ["There is no meeting 7: there is no meeting at all yet."]
    lived(url, lambda database: Journey.planned(database, plan(NAMES), are_bound=False))
    said = terminal.say(command, "7", "--json")
    assert (said.code, said.out) == (1, "")
    assert said.problems == ["There is no meeting 7. There are: 1 (Hội nghị)."]


# overview and news


async def _closed(database: Database) -> Journey:
    journey = await _decided(database)
    await journey.close_meeting()
    return journey


def test_a_year_is_given_for_people_for_programs_and_as_files(terminal: Terminal, url: str) -> None:
    journey = lived(url, _closed)
    organisation = str(journey.organisation_id)
    said = terminal.say("overview", organisation)
    assert (said.code, said.err) == (0, "")
    assert "Tổng hợp năm 2026: Sở Nội vụ" in said.out
    assert "2/2 (100%)" in said.out
    files = ("--png", "a.png", "--xlsx", "a.xlsx")
    given = terminal.say("overview", organisation, "--year", "2026", "--json", *files)
    assert (given.code, given.err) == (0, "")
    year = json.loads(given.out)
    assert (year["people"]["share"], year["outcomes"]["adopted"]) == ("1", 0)
    assert year["outcomes"]["rejected"] == 1
    assert year["items"][0]["occurrences"][0]["vote"] == {"yes": 1, "base": 2, "percent": "50,00%"}
    assert Path("a.png").read_bytes().startswith(b"\x89PNG")
    assert Path("a.xlsx").read_bytes().startswith(b"PK")
    other = terminal.say("overview", organisation, "--year", "2020")
    assert other.out.splitlines()[1] == "No meeting of 2020 is over. There are of: 2026."


def test_a_year_that_cannot_be_given_says_why(terminal: Terminal, url: str) -> None:
    nothing = terminal.say("overview", "1")
    assert (nothing.code, nothing.problems) == (1, ["There is no organisation 1: there is none at all yet."])
    lived(url, _closed)
    unknown = terminal.say("overview", "9", "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.problems == ["There is no organisation 9: there are 1 (Sở Nội vụ)."]
    unwritable = terminal.say("overview", "1", "--png", "no/such/folder.png")
    assert (unwritable.code, unwritable.out) == (1, "")
    assert unwritable.problems == ["no/such/folder.png can't be written: No such file or directory."]


def test_news_is_drafted_of_a_meeting_that_is_over(terminal: Terminal, url: str) -> None:
    assert terminal.say("news", "7").problems == ["There is no meeting 7: there is no meeting at all yet."]
    journey = lived(url, _decided)
    early = terminal.say("news", str(journey.meeting_id))
    assert (early.code, early.out) == (1, "")
    assert "has not been held and closed yet" in early.problems[0]
    with by_hand(url) as connection:
        connection.execute("UPDATE meeting SET state = 'closed'")
    said = terminal.say("news", str(journey.meeting_id))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("DỰ THẢO TIN BÀI – CẦN NGƯỜI DUYỆT\n\nHội nghị\n\nChiều ngày 30/12/2026")
    assert "1/2 đại biểu có mặt tán thành (đạt 50,00%)" in said.out


# The program itself


class Started:
    """`bieuquyet` as a process of its own."""

    def __init__(self, *arguments: str, output: int = subprocess.PIPE) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=output,
            encoding="utf-8",
        )

    def reads(self, pattern: str) -> str:
        """Read until a line fits."""
        assert self.process.stdout is not None
        while line := str(self.process.stdout.readline()):
            if re.search(pattern, line):
                return line
        raise AssertionError(f"it ended without saying {pattern}: {self.ends()}")

    def ends(self) -> Said:
        out, err = self.process.communicate(timeout=30)
        return Said(self.process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_start_shows_the_organiser_s_link_and_a_signal_ends_it(
    terminal: Terminal, number: signal.Signals
) -> None:
    program = Started("run")
    program.reads("Biểu Quyết is running")
    assert f"http://127.0.0.1:{terminal.port}" in program.reads("Web pages")
    [token] = ids_in(program.reads("/i/"))
    assert re.search(r": [0-9A-Z]{4}-[0-9A-Z]{4}$", program.reads("type this code"))
    program.process.send_signal(number)
    said = program.ends()
    assert said.code == 0
    assert "Stopped." in said.out
    assert token not in said.err


@pytest.mark.usefixtures("url")
def test_a_second_start_on_the_same_port_ends_with_one_line(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", terminal.port)):
        said = terminal.say("run")
    assert (said.code, said.out) == (1, "")
    assert said.problems == [
        (
            f"LISTEN 127.0.0.1:{terminal.port}: another program uses this port,"
            " perhaps this one started twice; stop it, or set another port in BIEUQUYET_LISTEN."
        )
    ]


@pytest.mark.usefixtures("url")
def test_an_address_that_this_machine_does_not_have_ends_with_one_line(terminal: Terminal) -> None:
    terminal.set(LISTEN="192.0.2.1:8080", PUBLIC_URL="http://127.0.0.1:8080")
    said = Started("run").ends()
    assert (said.code, said.out) == (1, "")
    assert len(said.problems) == 1
    assert "this machine has no such address" in said.err


def on_a_terminal(*arguments: str, until: str = "") -> str:
    """What a command shows on a terminal; with `until` it is ended as soon as it has shown that."""
    ours, theirs = pty.openpty()
    program = Started(*arguments, output=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what Linux says when the last one has left the terminal
        while part := os.read(ours, 4096):
            shown += part
            if until and until.encode() in shown:
                program.process.terminate()
                until = ""
    os.close(ours)
    assert program.process.wait(30) == 0
    return shown.decode()


@pytest.mark.usefixtures("url")
def test_colours_are_for_terminals(terminal: Terminal) -> None:
    assert "\x1b" not in terminal.say("check").out
    terminal.set_plain(TERM="xterm-256color")
    assert "\x1b[" in on_a_terminal("check")
    terminal.set_plain(NO_COLOR="1")
    assert "\x1b[3" not in on_a_terminal("check")


@pytest.mark.usefixtures("url")
def test_a_link_that_phones_can_open_is_drawn_for_them(terminal: Terminal) -> None:
    assert "▀" not in on_a_terminal("run", until="type this code")
    terminal.set(PUBLIC_URL="http://192.168.1.5:8080")
    assert "▀" in on_a_terminal("run", until="type this code")

import io
import json
import logging
import warnings
from collections.abc import Iterator

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.logs import CHATTY, HIDDEN, redact, start_logs
from bot.settings import Settings

TOKEN = "123456789:AAbcdefghijklmnopqrstuvwxyz-ABCDEF_"
ZALO_TOKEN = "1234567890123456789:ab.CD=ef+GH-ij_kl"
ZALO_SECRET = "a-secret-of-zalo"
KEY = b"a-key-that-nobody-should-ever-read-in-a-log"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """What a test sets up is gone after it."""
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


@pytest.fixture(params=["console", "json"])
def log(request: pytest.FixtureRequest) -> io.StringIO:
    """A log at its most talkative, in both formats."""
    stream = io.StringIO()
    settings = Settings(
        telegram_token=SecretStr(TOKEN),
        zalo_token=SecretStr(ZALO_TOKEN),
        zalo_secret=SecretStr(ZALO_SECRET),
        log_level="DEBUG",
        log_format=request.param,
    )
    start_logs(settings, KEY, stream)
    return stream


def test_a_line_has_its_event_its_ids_and_its_time(log: io.StringIO) -> None:
    structlog.get_logger("bot.delivery").info("card_shown", chat=7, meeting=3)
    line = log.getvalue()
    assert line.count("\n") == 1
    if line.startswith("{"):
        found = json.loads(line)
        assert found.pop("timestamp").endswith("Z")
        assert found == {
            "event": "card_shown",
            "chat": 7,
            "meeting": 3,
            "level": "info",
            "logger": "bot.delivery",
        }
    else:
        for part in ("Z", "info", "card_shown", "chat=7", "meeting=3", "bot.delivery"):
            assert part in line


def test_nothing_below_the_level_is_written() -> None:
    stream = io.StringIO()
    start_logs(Settings(log_level="WARNING"), stream=stream)
    structlog.get_logger().info("too_quiet")
    logging.getLogger("storage").info("too quiet")
    structlog.get_logger().warning("loud_enough")
    assert "quiet" not in stream.getvalue()
    assert "loud_enough" in stream.getvalue()


def test_a_repeat_does_not_write_lines_twice() -> None:
    first, second = io.StringIO(), io.StringIO()
    start_logs(Settings(), stream=first)
    start_logs(Settings(), stream=second)
    structlog.get_logger().info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


def test_no_secret_reaches_the_log_by_any_way(log: io.StringIO) -> None:
    logger = structlog.get_logger()
    logger.info("value", token=TOKEN, nested={"key": [KEY.decode()]})
    logger.info(f"in the event {TOKEN}")  # noqa: G004  # somebody will do it one day
    structlog.contextvars.bind_contextvars(request=f"/i/{'c' * 12}")
    logger.warning("bound")
    structlog.contextvars.clear_contextvars()
    logging.getLogger("telegram.ext").error("POST https://api.telegram.org/bot%s/getUpdates", TOKEN)
    logging.getLogger("httpx").error("POST https://bot-api.zaloplatforms.com/bot%s/getUpdates", ZALO_TOKEN)
    logger.info("value", token=ZALO_TOKEN.partition(":")[2], secret=ZALO_SECRET, nested=[ZALO_TOKEN])
    logging.getLogger("any").warning("GET https://t.me/HopBot?start=%s", "c" * 12)
    try:
        raise httpx.ConnectError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except httpx.ConnectError:
        logger.exception("failed", url=httpx.URL(f"https://api.telegram.org/bot{TOKEN}/getMe"))
        logging.getLogger("any").exception("failed with %s", TOKEN)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"careful with {TOKEN}", stacklevel=1)
        logging.captureWarnings(capture=False)

    written = log.getvalue()
    assert written.count(HIDDEN) >= 10
    assert written.count("ConnectError") >= 2
    assert "careful with" in written
    for token in (TOKEN, ZALO_TOKEN):
        assert token.partition(":")[2] not in written
    for secret in (ZALO_SECRET, KEY.decode(), "c" * 12):
        assert secret not in written


def test_colours_do_not_cut_a_token_in_two() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    start_logs(Settings(), stream=stream)
    try:
        raise RuntimeError(f"bot{TOKEN}")
    except RuntimeError:
        structlog.get_logger().exception("failed", token=TOKEN, path=f"/i/{TOKEN}")
    assert "\x1b[" in stream.getvalue()
    assert TOKEN[12:] not in stream.getvalue()


@pytest.mark.parametrize("name", CHATTY)
def test_libraries_do_not_tell_of_every_request(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("GET /o/7 200")
    logging.getLogger(f"{name}.child").debug("SELECT choice FROM ballot")
    assert log.getvalue() == ""
    logging.getLogger(name).warning("going slow")
    assert "going slow" in log.getvalue()


@given(
    number=st.integers(min_value=10_000, max_value=10**11),
    secret=st.text(LETTERS, min_size=30, max_size=50),
    around=st.tuples(st.text(max_size=20), st.text(max_size=20)),
)
def test_a_bot_token_is_hidden_wherever_it_stands(number: int, secret: str, around: tuple[str, str]) -> None:
    before, after = around
    assert secret not in redact(f"{before}{number}:{secret}{after}")
    assert secret not in redact(f"{before}{number}%3A{secret}{after}")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("http://127.0.0.1:8080/i/kT3x-9aB", f"http://127.0.0.1:8080/i/{HIDDEN}"),
        ("POST /j/kT3x-9aB 303", f"POST /j/{HIDDEN} 303"),
        ("GET /f/p7-20789-0a1b 200", f"GET /f/{HIDDEN} 200"),
        ("GET /i/kT3x-9aB/join?next=1 200", f"GET /i/{HIDDEN}/join?next=1 200"),
        ("https://t.me/HopBot?start=kT3x-9aB&x=1", f"https://t.me/HopBot?start={HIDDEN}&x=1"),
        ("/bot1:short/getMe", f"/bot{HIDDEN}/getMe"),
        ("/file/bot1:short/photo.jpg", f"/file/bot{HIDDEN}/photo.jpg"),
        ("postgresql+asyncpg://hop:hunter2@db/hop", f"postgresql+asyncpg://hop:{HIDDEN}@db/hop"),
    ],
)
def test_links_keep_everything_but_their_secret(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Biểu quyết 5: 45/46 (97,83%)",
        "http://127.0.0.1:8080/o/7",
        "/bots",
        "14:00 ngày 30/12/2021",
        "a@b.vn",
        "::1",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text

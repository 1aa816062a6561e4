"""The log: one line for each outcome, on standard error, without the secrets that links and URLs carry."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Literal, TextIO

import structlog
from pydantic import SecretStr
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import Settings

HIDDEN = "[hidden]"

# Libraries that tell of every request or step, with URLs and payloads that are nobody's business.
CHATTY = (
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpx",
    "sqlalchemy",
    "sse_starlette",
    "telegram",
    "uvicorn",
)

_BOT_TOKEN = re.compile(r"[0-9]{5,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_BOT_URL = re.compile(r"(/(?:file/)?bot)[^/\s\"']+(?=/)")
_LINK_CODE = re.compile(r"(/[fij]/|[?&]start(?:group)?=)[^/\s\"'?&#]+")
_DATABASE_PASSWORD = re.compile(r"(://[^/\s:@\"']*:)[^/\s\"']+(?=@)")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without bot tokens, link codes, database passwords and the given secrets."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    text = _BOT_TOKEN.sub(HIDDEN, text)
    text = _BOT_URL.sub(rf"\1{HIDDEN}", text)
    text = _LINK_CODE.sub(rf"\1{HIDDEN}", text)
    return _DATABASE_PASSWORD.sub(rf"\1{HIDDEN}", text)


def start_logs(settings: Settings, key: bytes = b"", stream: TextIO | None = None) -> None:
    """Sends structlog's and every library's log to standard error, redacted; a repeat replaces the set-up.

    `key` is the secret key in use. Start uvicorn with `log_config=None`, or it goes its own way.
    """
    stream = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _formatter(settings.log_format, _known_secrets(settings, key), is_terminal=stream.isatty())
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*_BEFORE_RENDERING, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


_BEFORE_RENDERING: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _formatter(
    style: Literal["console", "json"], secrets: list[str], *, is_terminal: bool
) -> ProcessorFormatter:
    renderer: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if style == "json"
        # A plain traceback: a decorated one prints local variables, and colours would cut a token in two.
        else [
            structlog.dev.ConsoleRenderer(
                colors=is_terminal, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )

    def redact_line(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return redact(str(line), secrets)

    return ProcessorFormatter(
        foreign_pre_chain=_BEFORE_RENDERING,
        # Redacted last, as a whole: whatever a value, a traceback or a library brought along.
        processors=[ProcessorFormatter.remove_processors_meta, *renderer, redact_line],
    )


def _known_secrets(settings: Settings, key: bytes) -> list[str]:
    tokens = [_shown(settings.telegram_token), _shown(settings.zalo_token)]
    # What follows the colon is the secret; before it stands the bot's id, which everybody may know.
    halves = [token.partition(":")[2] for token in tokens]
    hooks = [_shown(settings.telegram_secret), _shown(settings.zalo_secret)]
    return [secret for secret in (*tokens, *halves, *hooks, key.decode()) if secret]


def _shown(secret: SecretStr | None) -> str:
    return "" if secret is None else secret.get_secret_value()

"""What an operator can set, from the environment and from `config.env` in the working directory."""

import contextlib
import difflib
import ipaddress
import os
import re
import secrets
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "BIEUQUYET_"
CONFIG_FILE = "config.env"
KEY_FILE = "bieuquyet.key"
SHORTEST_KEY = 32
TELEGRAM = "https://api.telegram.org"
ZALO = "https://bot-api.zaloplatforms.com"
WEBHOOK_PORTS = (443, 80, 88, 8443)
"""Where Telegram brings updates to; a Bot API server of one's own reaches any port, and plain HTTP too."""


class SettingsError(Exception):
    """The settings cannot be used; `problems` has one line for each, without the value of any secret."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Address:
    """Where the web pages are served."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: object) -> Self:
        """The address in `host:port`, an IPv6 host in brackets; raises ValueError for anything else."""
        found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})", str(text).strip())
        if found is None or not 0 < int(found[3]) < 1 << 16:
            raise ValueError("not host:port")
        if found[1]:
            ipaddress.IPv6Address(found[1])
        elif re.fullmatch(r"[0-9.]+", found[2]):
            ipaddress.IPv4Address(found[2])
        return cls(found[1] or found[2], int(found[3]))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this machine can reach it."""
        return is_loopback(self.host)

    @property
    def is_everywhere(self) -> bool:
        """Whether it stands for every network of this machine."""
        try:
            return ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return False


def is_loopback(host: str | None) -> bool:
    """Whether only programs on this machine reach a host of this name."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _is_public(host: str) -> bool:
    """Whether a host may be reached from the Internet, by its look: a name, or an address of that kind."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return host != "localhost"


def _this_machine() -> str:
    """The address that the local network knows this machine by, or 127.0.0.1 where there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it only asks the routing table (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _own_url(validated: dict[str, Any]) -> str:
    listen: Address = validated["listen"]
    return f"http://{Address(_this_machine(), listen.port) if listen.is_everywhere else listen}"


def _database_url(text: str) -> str:
    """The URL with its async driver; raises ValueError with a description that shows no password."""
    scheme, _, rest = text.strip().partition("://")
    if scheme in {"sqlite", "sqlite+aiosqlite"}:
        path = rest[1:]
        is_file = rest.startswith("/") and path and not path.startswith((":memory:", "file:"))
        if not is_file or path.endswith("/") or "?" in path:
            raise ValueError("an SQLite URL without the path of a file")
        return f"sqlite+aiosqlite:///{path}"
    if scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError(f"a URL of the kind {scheme!r}" if rest and scheme.isidentifier() else "no such URL")
    location, _, query = rest.partition("?")
    if not location.partition("/")[2]:
        raise ValueError("a PostgreSQL URL without the name of a database")
    # Providers print libpq's word in their URLs; asyncpg calls it ssl.
    options = urlencode([("ssl" if k == "sslmode" else k, v) for k, v in parse_qsl(query)], safe="/")
    return f"postgresql+asyncpg://{location}{'?' if options else ''}{options}"


def _http_url(text: str) -> str:
    """The URL without its trailing slash; raises ValueError unless it is scheme, host and perhaps a port."""
    bare = text.strip().rstrip("/")
    parts = urlsplit(bare)
    is_host = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if (
        not is_host
        or parts.port == 0
        or bare != f"{parts.scheme}://{parts.netloc}"
        or re.search(r"[\s\\]", bare)
    ):
        raise ValueError("not an http(s) URL of a host")
    return bare


def _telegram_token(text: SecretStr) -> SecretStr:
    token = text.get_secret_value().strip()
    if not re.fullmatch(r"[0-9]{5,}:[A-Za-z0-9_-]{30,}", token):
        raise ValueError(f"{len(token)} characters that are no token")
    return SecretStr(token)


def _zalo_token(text: SecretStr) -> SecretStr:
    token = text.get_secret_value().strip()
    if not re.fullmatch(r"[0-9]{5,}:[A-Za-z0-9_.=+-]{16,}", token):
        raise ValueError(f"{len(token)} characters that are no token")
    return SecretStr(token)


def _webhook_secret(text: SecretStr) -> SecretStr:
    secret = text.get_secret_value().strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
        raise ValueError(f"{len(secret)} characters that are no such secret")
    return SecretStr(secret)


def _long_key(text: SecretStr) -> SecretStr:
    key = text.get_secret_value().strip()
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"only {len(key)} characters")
    return SecretStr(key)


def _days(text: object) -> object:
    """The days in a text; raises ValueError where one isn't written as 2027-02-11."""
    if not isinstance(text, str):
        return text
    return frozenset(date.fromisoformat(day.strip()) for day in text.split(",") if day.strip())


def _upper(text: object) -> object:
    return text.strip().upper() if isinstance(text, str) else text


def _lower(text: object) -> object:
    return text.strip().lower() if isinstance(text, str) else text


def _secret_url(url: SecretStr) -> SecretStr:
    return SecretStr(_database_url(url.get_secret_value()))


class Settings(BaseSettings):
    """All settings, checked; built once, at the start. Each description says what is expected."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=CONFIG_FILE,
        env_file_encoding="utf-8-sig",  # editors on Windows put a mark in front
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        validate_default=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    database_url: Annotated[SecretStr, AfterValidator(_secret_url)] = Field(
        default=SecretStr("sqlite:///bieuquyet.db"),
        description="sqlite:///path/to/file.db or postgresql://user:password@host/database",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_long_key)] | None = Field(
        default=None, description=f"at least {SHORTEST_KEY} random characters"
    )
    listen: Annotated[Address, NoDecode, BeforeValidator(Address.parse)] = Field(
        default=Address("127.0.0.1", 8080),
        description="host:port such as 127.0.0.1:8080 or 0.0.0.0:8080; IPv6 in brackets: [::1]:8080",
    )
    public_url: Annotated[str, AfterValidator(_http_url)] = Field(
        default_factory=_own_url,
        description="an http:// or https:// URL of a host without a path, such as https://hop.example.vn",
    )
    telegram_token: Annotated[SecretStr, AfterValidator(_telegram_token)] | None = Field(
        default=None, description="the token from @BotFather: digits, a colon, 35 letters and digits"
    )
    telegram_api: Annotated[str, AfterValidator(_http_url)] = Field(
        default=TELEGRAM,
        description="an http:// or https:// URL of a host without a path, such as https://api.telegram.org",
    )
    telegram_mode: Annotated[Literal["polling", "webhook"], BeforeValidator(_lower)] = Field(
        default="polling",
        description="polling, or webhook with a PUBLIC_URL that begins with https:// and has the port 443,"
        " 80, 88 or 8443 (any will do with a TELEGRAM_API of your own)",
    )
    telegram_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        default=None, description="16 to 256 random letters, digits, _ and -"
    )
    zalo_token: Annotated[SecretStr, AfterValidator(_zalo_token)] | None = Field(
        default=None, description="the token from Zalo Bot Manager: digits, a colon, letters and digits"
    )
    zalo_api: Annotated[str, AfterValidator(_http_url)] = Field(
        default=ZALO,
        description="an http:// or https:// URL of a host without a path, such as"
        " https://bot-api.zaloplatforms.com",
    )
    zalo_mode: Annotated[Literal["polling", "webhook"], BeforeValidator(_lower)] = Field(
        default="polling",
        description="polling, or webhook with a PUBLIC_URL that begins with https:// and that the Internet"
        " reaches (any will do with a ZALO_API of your own)",
    )
    zalo_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        default=None, description="16 to 256 random letters, digits, _ and -"
    )
    zalo_messages: int = Field(default=3000, ge=1, description="a number of messages a month, 1 or more")
    zalo_people: int = Field(default=50, ge=1, description="a number of people, 1 or more")
    zalo_count_incoming: bool = Field(default=True, description="true or false")
    language: Annotated[Literal["vi", "en"], BeforeValidator(_lower)] = Field(
        default="vi", description="vi or en"
    )
    timezone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Ho_Chi_Minh"), description="an IANA time zone such as Asia/Ho_Chi_Minh"
    )
    days_off: Annotated[frozenset[date], NoDecode, BeforeValidator(_days)] = Field(
        default=frozenset(), description="days as 2027-02-11, separated by commas"
    )
    days_worked: Annotated[frozenset[date], NoDecode, BeforeValidator(_days)] = Field(
        default=frozenset(), description="days as 2027-02-20, separated by commas"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = Field(
        default="console", description="console or json"
    )
    playground: bool = Field(
        default=False,
        description="true or false; true only while LISTEN and PUBLIC_URL stay on this machine (127.0.0.1)",
    )

    @field_validator("playground")
    @classmethod
    def _stays_at_home(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic's signature
        if not value or not {"listen", "public_url"} <= info.data.keys():
            return value
        listen, public_url = info.data["listen"], info.data["public_url"]
        if not (listen.is_loopback and is_loopback(urlsplit(public_url).hostname)):
            raise ValueError(f"true with LISTEN {listen} and PUBLIC_URL {public_url}")
        return value

    @field_validator("telegram_mode")
    @classmethod
    def _can_be_reached(cls, value: str, info: ValidationInfo) -> str:
        is_own_server = info.data.get("telegram_api", TELEGRAM) != TELEGRAM
        if value == "polling" or is_own_server or "public_url" not in info.data:
            return value
        parts = urlsplit(info.data["public_url"])
        if parts.scheme != "https" or (parts.port or WEBHOOK_PORTS[0]) not in WEBHOOK_PORTS:
            raise ValueError(f"{value} with PUBLIC_URL {info.data['public_url']}")
        return value

    @field_validator("zalo_mode")
    @classmethod
    def _is_on_the_internet(cls, value: str, info: ValidationInfo) -> str:
        is_own_server = info.data.get("zalo_api", ZALO) != ZALO
        if value == "polling" or is_own_server or "public_url" not in info.data:
            return value
        parts = urlsplit(info.data["public_url"])
        if parts.scheme != "https" or not _is_public(parts.hostname or ""):
            raise ValueError(f"{value} with PUBLIC_URL {info.data['public_url']}")
        return value

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None where the database is PostgreSQL."""
        url = self.database_url.get_secret_value()
        return Path(url.removeprefix("sqlite+aiosqlite:///")) if url.startswith("sqlite") else None


KEYS = tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def load_settings() -> Settings:
    """The settings from the environment, then `config.env`; raises SettingsError that names all problems."""
    problems = [*_strange_lines(Path(CONFIG_FILE)), *_strange_variables()]
    try:
        settings = Settings()
    except ValidationError as error:
        told_above = {"extra_forbidden", "default_factory_not_called"}
        problems += [_problem(details) for details in error.errors() if details["type"] not in told_above]
    else:
        if not problems:
            return settings
    raise SettingsError(*problems)


def key_path(settings: Settings) -> Path:
    """Give where the key is kept that is made where none is set."""
    return (settings.sqlite_path or Path()).parent / KEY_FILE


def secret_key(settings: Settings) -> bytes:
    """The key that codes and links are made with: SECRET_KEY, else the one kept in `bieuquyet.key`.

    The file stands beside the SQLite file, with PostgreSQL in the working directory. The first call makes it,
    later ones read it. Raises SettingsError where it cannot be made, is too short, or others may read it.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = key_path(settings)
    try:
        if not path.exists():
            _keep_new_key(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(f"{path}: others can read this key; make it yours alone: chmod 600 {path}")
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text that this program wrote"
        raise SettingsError(f"{path}: {reason}; expected a key file, or {PREFIX}SECRET_KEY set") from error
    if len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"{path}: found only {len(key)} characters; restore the file from a backup, or remove it to get"
            " a new key (all links handed out so far then stop working)"
        )
    return key.encode()


def _keep_new_key(path: Path) -> None:
    """Writes a new key, whole or not at all; where another process was quicker, its key stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        draft.touch(mode=0o600, exist_ok=False)
        with draft.open("w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _strange_lines(path: Path) -> Iterator[str]:
    """One problem for each line of the file that sets nothing we know, or sets it twice."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            bindings = list(parse_stream(file))
    except FileNotFoundError:
        return
    except UnicodeError:
        raise SettingsError(f"{path}: found another encoding; expected a text file saved as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); expected a text file") from error
    first_lines: dict[str, int] = {}
    for binding in bindings:
        text = binding.original.string
        line = binding.original.line + len(text) - len(text.lstrip("\r\n"))
        if binding.error or (binding.key and binding.value is None):
            yield f"{path} line {line}: found no setting; expected {PREFIX}NAME=value"
        elif binding.key and (key := binding.key.upper()) not in KEYS:
            yield _unknown(key, f"{path} line {line}")
        elif binding.key and (first := first_lines.setdefault(key, line)) != line:
            yield f"{key}: found in {path} on line {first} and again on line {line}; expected once"


def _strange_variables() -> Iterator[str]:
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in KEYS:
            yield _unknown(name.upper(), "the environment")


def _unknown(key: str, place: str) -> str:
    full = key if key.startswith(PREFIX) else f"{PREFIX}{key}"
    near = difflib.get_close_matches(full, KEYS, n=1, cutoff=0.8)
    hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(KEYS)}"
    return f"{key}: unknown setting in {place}; {hint}"


def _problem(details: ErrorDetails) -> str:
    name = str(details["loc"][0])
    field = Settings.model_fields[name]
    secret = name in {"database_url", "secret_key"} or name.endswith(("_token", "_secret"))
    described = name in {"playground", "telegram_mode", "zalo_mode"} and details["type"] == "value_error"
    found = str(details["ctx"]["error"]) if secret or described else repr(details["input"])[:100]
    return f"{PREFIX}{name.upper()}: found {found}; expected {field.description}"

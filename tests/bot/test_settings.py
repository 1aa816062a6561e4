import os
import re
import stat
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import KEYS, Address, Settings, SettingsError, load_settings, secret_key

EXAMPLE = Path(__file__).parents[2] / "config.example.env"
TOKEN = "123456789:AAbcdefghijklmnopqrstuvwxyz-ABCDEFG"
ZALO_TOKEN = "1234567890123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"
LONG_KEY = "k" * 32


def write_config(*lines: str) -> None:
    Path("config.env").write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value.problems


def database_url(text: str) -> str:
    return Settings(database_url=SecretStr(text)).database_url.get_secret_value()


def test_nothing_need_be_set() -> None:
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///bieuquyet.db"
    assert settings.sqlite_path == Path("bieuquyet.db")
    assert settings.listen == Address("127.0.0.1", 8080)
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.telegram_token is None
    assert settings.telegram_api == "https://api.telegram.org"
    assert (settings.language, settings.timezone) == ("vi", ZoneInfo("Asia/Ho_Chi_Minh"))
    assert (settings.log_level, settings.log_format, settings.playground) == ("INFO", "console", False)


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config("BIEUQUYET_LISTEN=127.0.0.1:9001", "BIEUQUYET_LANGUAGE=en")
    monkeypatch.setenv("BIEUQUYET_LISTEN", "127.0.0.1:9002")
    settings = load_settings()
    assert (settings.listen.port, settings.language) == (9002, "en")


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config("BIEUQUYET_TELEGRAM_TOKEN=", "BIEUQUYET_LISTEN=")
    monkeypatch.setenv("BIEUQUYET_PUBLIC_URL", "")
    settings = load_settings()
    assert (settings.telegram_token, settings.public_url) == (None, "http://127.0.0.1:8080")


def test_a_file_saved_by_a_windows_editor_is_read() -> None:
    Path("config.env").write_bytes(
        b"\xef\xbb\xbfBIEUQUYET_LANGUAGE=en\r\n# ghi ch\xc3\xba\r\nBIEUQUYET_LOG_FORMAT=json\r\n"
    )
    settings = load_settings()
    assert (settings.language, settings.log_format) == ("en", "json")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("sqlite:///hop.db", "sqlite+aiosqlite:///hop.db"),
        ("sqlite+aiosqlite:///hop.db", "sqlite+aiosqlite:///hop.db"),
        ("sqlite:////var/lib/bieuquyet/hop.db", "sqlite+aiosqlite:////var/lib/bieuquyet/hop.db"),
        ("postgres://a:b@db/hop", "postgresql+asyncpg://a:b@db/hop"),
        ("postgresql://a:b@db:5433/hop?sslmode=require", "postgresql+asyncpg://a:b@db:5433/hop?ssl=require"),
        ("postgresql+asyncpg:///hop?host=/run/pg", "postgresql+asyncpg:///hop?host=/run/pg"),
    ],
)
def test_a_database_url_gets_its_async_driver(written: str, understood: str) -> None:
    assert database_url(written) == understood


@pytest.mark.parametrize(
    ("written", "address", "is_loopback"),
    [
        ("127.0.0.1:8080", Address("127.0.0.1", 8080), True),
        (" localhost:80 ", Address("localhost", 80), True),
        ("[::1]:8080", Address("::1", 8080), True),
        ("0.0.0.0:65535", Address("0.0.0.0", 65535), False),
        ("hop.example.vn:443", Address("hop.example.vn", 443), False),
    ],
)
def test_an_address_is_host_and_port(written: str, address: Address, *, is_loopback: bool) -> None:
    parsed = Address.parse(written)
    assert (parsed, parsed.is_loopback, str(parsed)) == (address, is_loopback, written.strip())


def test_the_public_url_is_the_address_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEUQUYET_LISTEN", "[::1]:9000")
    assert load_settings().public_url == "http://[::1]:9000"
    monkeypatch.setenv("BIEUQUYET_PUBLIC_URL", "https://hop.example.vn/")
    assert load_settings().public_url == "https://hop.example.vn"


def test_pages_open_to_the_hall_get_this_machines_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEUQUYET_LISTEN", "0.0.0.0:9000")
    assert re.fullmatch(r"http://(?!0\.0\.0\.0)[0-9.]+:9000", load_settings().public_url)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("DATABASE_URL=mysql://a:hunter2@db/hop", "found a URL of the kind 'mysql'"),
        ("DATABASE_URL=hunter2", "found no such URL"),
        ("DATABASE_URL=hunter2://", "found no such URL"),
        ("DATABASE_URL=sqlite://", "found an SQLite URL without the path of a file"),
        ("DATABASE_URL=sqlite:///:memory:", "found an SQLite URL without the path of a file"),
        ("DATABASE_URL=sqlite:///hop.db?mode=hunter2", "found an SQLite URL without the path of a file"),
        ("DATABASE_URL=sqlite:///folder/", "found an SQLite URL without the path of a file"),
        ("DATABASE_URL=postgresql://a:hunter2@db", "found a PostgreSQL URL without the name of a database"),
        ("DATABASE_URL=postgresql://a:hunter2@db/", "found a PostgreSQL URL without the name of a database"),
        ("SECRET_KEY=hunter2", "found only 7 characters"),
        ("TELEGRAM_TOKEN=hunter2", "found 7 characters that are no token"),
        ("TELEGRAM_TOKEN=123456789:hunter2", "found 17 characters that are no token"),
        ("TELEGRAM_SECRET=hunter2", "found 7 characters that are no such secret"),
        ("TELEGRAM_SECRET=hunter2hunter2+=/", "found 17 characters that are no such secret"),
        ("TELEGRAM_MODE=webhooks", "found 'webhooks'"),
        ("ZALO_TOKEN=hunter2", "found 7 characters that are no token"),
        ("ZALO_TOKEN=123456789:hunter2", "found 17 characters that are no token"),
        ("ZALO_TOKEN=123456789:hunter2/hunter2/hunter2", "found 33 characters that are no token"),
        ("ZALO_SECRET=hunter2", "found 7 characters that are no such secret"),
        ("ZALO_API=bot-api.zaloplatforms.com", "found 'bot-api.zaloplatforms.com'"),
        ("ZALO_MESSAGES=0", "found '0'"),
        ("ZALO_PEOPLE=many", "found 'many'"),
        ("ZALO_COUNT_INCOMING=perhaps", "found 'perhaps'"),
        ("LISTEN=localhost", "found 'localhost'"),
        ("LISTEN=:8080", "found ':8080'"),
        ("LISTEN=127.0.0.1:0", "found '127.0.0.1:0'"),
        ("LISTEN=127.0.0.1:65536", "found '127.0.0.1:65536'"),
        ("LISTEN=127.0.0.256:80", "found '127.0.0.256:80'"),
        ("LISTEN=::1:8080", "found '::1:8080'"),
        ("LISTEN=[::g]:8080", "found '[::g]:8080'"),
        ("PUBLIC_URL=hop.example.vn", "found 'hop.example.vn'"),
        ("PUBLIC_URL=ftp://hop.example.vn", "found 'ftp://hop.example.vn'"),
        ("PUBLIC_URL=https://hop.example.vn/path", "found 'https://hop.example.vn/path'"),
        ("PUBLIC_URL=https://me@hop.example.vn", "found 'https://me@hop.example.vn'"),
        ("PUBLIC_URL=https://hop.example.vn:port", "found 'https://hop.example.vn:port'"),
        ("TELEGRAM_API=api.telegram.org", "found 'api.telegram.org'"),
        ("LANGUAGE=fr", "found 'fr'"),
        ("TIMEZONE=Hanoi", "found 'Hanoi'"),
        ("TIMEZONE=../../etc/passwd", "found '../../etc/passwd'"),
        ("DAYS_OFF=11/02/2027", "found '11/02/2027'"),
        ("DAYS_WORKED=2027-02-20;2027-02-27", "found '2027-02-20;2027-02-27'"),
        ("PLAYGROUND=maybe", "found 'maybe'"),
        ("LOG_LEVEL=loud", "found 'LOUD'"),
        ("LOG_FORMAT=xml", "found 'xml'"),
    ],
)
def test_a_bad_value_is_told_with_what_is_expected_and_no_secret(line: str, found: str) -> None:
    write_config(f"BIEUQUYET_{line}")
    key = line.partition("=")[0]
    expected = Settings.model_fields[key.lower()].description
    assert problems() == (f"BIEUQUYET_{key}: {found}; expected {expected}",)
    assert "hunter2" not in "".join(problems())


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config("BIEUQUYET_LISTEN=nowhere", "BIEUQUYET_PLAYGROUND=true", "BIEUQUYET_COLOUR=red")
    monkeypatch.setenv("BIEUQUYET_LANGUAGE", "fr")
    assert [line.partition(":")[0] for line in problems()] == [
        "BIEUQUYET_COLOUR",
        "BIEUQUYET_LISTEN",
        "BIEUQUYET_LANGUAGE",
    ]


@pytest.mark.parametrize("written", ["BIEUQUYET_TELEGRAM_TOKN", "TELEGRAM_TOKEN", "bieuquyet_telegramtoken"])
def test_an_unknown_key_in_the_file_is_refused_with_the_nearest_known_one(written: str) -> None:
    write_config("# ghi chú", "", "BIEUQUYET_LANGUAGE=vi", "", f"{written}={TOKEN}")
    assert problems() == (
        f"{written.upper()}: unknown setting in config.env line 5; did you mean BIEUQUYET_TELEGRAM_TOKEN?",
    )


def test_an_unknown_key_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEUQUYET_LISTN", "127.0.0.1:9000")
    monkeypatch.setenv("BIEUQUYET_XYZ", "hunter2")
    near, far = problems()
    assert near == "BIEUQUYET_LISTN: unknown setting in the environment; did you mean BIEUQUYET_LISTEN?"
    assert far == f"BIEUQUYET_XYZ: unknown setting in the environment; expected one of {', '.join(KEYS)}"


def test_other_programs_variables_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN", "elsewhere")
    monkeypatch.setenv("TELEGRAM_TOKEN", "hunter2")
    assert load_settings().listen == Address("127.0.0.1", 8080)


def test_a_line_that_sets_nothing_is_named() -> None:
    write_config("BIEUQUYET_LANGUAGE=vi", "BIEUQUYET_LISTEN", "hunter2 is my token", "'")
    assert problems() == (
        "config.env line 2: found no setting; expected BIEUQUYET_NAME=value",
        "config.env line 3: found no setting; expected BIEUQUYET_NAME=value",
        "config.env line 4: found no setting; expected BIEUQUYET_NAME=value",
    )


def test_a_key_set_twice_is_refused() -> None:
    write_config("BIEUQUYET_LANGUAGE=vi", "BIEUQUYET_LANGUAGE=en")
    assert problems() == (
        "BIEUQUYET_LANGUAGE: found in config.env on line 1 and again on line 2; expected once",
    )


def test_a_file_in_another_encoding_is_refused() -> None:
    Path("config.env").write_text("BIEUQUYET_LANGUAGE=vi", encoding="utf-16")
    assert problems() == ("config.env: found another encoding; expected a text file saved as UTF-8",)


def test_a_folder_in_place_of_the_file_is_refused() -> None:
    Path("config.env").mkdir()
    assert problems() == ("config.env: cannot be read (Is a directory); expected a text file",)


@pytest.mark.parametrize(
    "lines",
    [
        ("BIEUQUYET_LISTEN=0.0.0.0:8080", "BIEUQUYET_PUBLIC_URL=http://127.0.0.1:8080"),
        ("BIEUQUYET_PUBLIC_URL=https://hop.example.vn",),
    ],
    ids=["open to the network", "behind a proxy"],
)
def test_the_playground_stays_on_this_machine(lines: tuple[str, ...]) -> None:
    write_config("BIEUQUYET_PLAYGROUND=true", *lines)
    (problem,) = problems()
    assert problem.startswith("BIEUQUYET_PLAYGROUND: found true with LISTEN ")
    assert problem.endswith("true only while LISTEN and PUBLIC_URL stay on this machine (127.0.0.1)")


def test_the_playground_opens_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEUQUYET_PLAYGROUND", "true")
    assert load_settings().playground


@pytest.mark.parametrize(
    "address", ["http://hop.example.vn", "http://127.0.0.1:8080", "https://hop.example.vn:8080"]
)
def test_a_webhook_needs_an_address_that_telegram_takes(address: str) -> None:
    write_config("BIEUQUYET_TELEGRAM_MODE=webhook", f"BIEUQUYET_PUBLIC_URL={address}")
    (problem,) = problems()
    assert problem.startswith(
        f"BIEUQUYET_TELEGRAM_MODE: found webhook with PUBLIC_URL {address}; expected polling"
    )
    assert "https:// and has the port 443, 80, 88 or 8443" in problem


@pytest.mark.parametrize(
    "lines",
    [
        ("BIEUQUYET_PUBLIC_URL=https://hop.example.vn",),
        ("BIEUQUYET_PUBLIC_URL=https://hop.example.vn:8443",),
        ("BIEUQUYET_PUBLIC_URL=http://127.0.0.1:8080", "BIEUQUYET_TELEGRAM_API=http://127.0.0.1:8081"),
    ],
    ids=["the usual port", "another one of the four", "a Bot API server of one's own"],
)
def test_a_webhook_is_where_telegram_can_reach_it(lines: tuple[str, ...]) -> None:
    write_config("BIEUQUYET_TELEGRAM_MODE=Webhook", *lines)
    assert load_settings().telegram_mode == "webhook"


@pytest.mark.parametrize(
    "address",
    [
        "http://hop.example.vn",
        "https://192.168.1.5",
        "https://[::1]",
        "https://127.0.0.1",
        "https://localhost",
    ],
)
def test_a_webhook_for_zalo_needs_an_address_on_the_internet(address: str) -> None:
    write_config("BIEUQUYET_ZALO_MODE=webhook", f"BIEUQUYET_PUBLIC_URL={address}")
    (problem,) = problems()
    assert problem.startswith(
        f"BIEUQUYET_ZALO_MODE: found webhook with PUBLIC_URL {address}; expected polling"
    )
    write_config(
        "BIEUQUYET_ZALO_MODE=webhook",
        f"BIEUQUYET_PUBLIC_URL={address}",
        "BIEUQUYET_ZALO_API=http://127.0.0.1:8081",
    )
    assert load_settings().zalo_mode == "webhook"
    write_config("BIEUQUYET_ZALO_MODE=webhook", "BIEUQUYET_PUBLIC_URL=https://hop.example.vn:8080")
    assert load_settings().zalo_mode == "webhook"


def test_settings_do_not_change_and_do_not_show_their_secrets() -> None:
    settings = Settings(
        database_url=SecretStr("postgresql://a:hunter2@db/hop"),
        secret_key=SecretStr(LONG_KEY),
        telegram_token=SecretStr(TOKEN),
        zalo_token=SecretStr(ZALO_TOKEN),
    )
    with pytest.raises(ValidationError, match="frozen"):
        settings.playground = True  # type: ignore[misc]  # what is tested
    for secret in ("hunter2", LONG_KEY, TOKEN, ZALO_TOKEN):
        assert secret not in repr(settings)
        assert secret not in settings.model_dump_json()


def test_the_example_explains_every_setting_and_nothing_else() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    explained = [block.splitlines() for block in blocks]
    assert [re.fullmatch(r"#([A-Z_]+)=.+", lines[-1])[1] for lines in explained] == list(KEYS)  # type: ignore[index]
    assert all(lines[0].startswith("# ") for lines in explained)
    assert all(re.match("# ", line) for lines in explained for line in lines[:-1])


def test_the_example_can_be_uncommented_as_it_is() -> None:
    text = re.sub(r"^#(?=BIEUQUYET_)", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    Path("config.env").write_text(text, encoding="utf-8")
    given, default = load_settings(), Settings(_env_file=None)
    examples = {"secret_key", "public_url", "days_off", "days_worked"}
    examples |= {f"{platform}_{one}" for platform in ("telegram", "zalo") for one in ("token", "secret")}
    assert given.model_dump(exclude=examples) == default.model_dump(exclude=examples)
    assert given.model_fields_set == Settings.model_fields.keys()


def test_a_key_that_is_set_is_used() -> None:
    assert secret_key(Settings(secret_key=SecretStr(LONG_KEY))) == LONG_KEY.encode()
    assert not Path("bieuquyet.key").exists()


@pytest.mark.parametrize(
    ("url", "place"),
    [("sqlite:///data/hop.db", "data/bieuquyet.key"), ("postgresql://db/hop", "bieuquyet.key")],
    ids=["beside the SQLite file", "in the working directory"],
)
def test_a_key_that_is_not_set_is_made_once_and_kept(url: str, place: str) -> None:
    Path("data").mkdir()
    settings = Settings(database_url=SecretStr(url))
    made = secret_key(settings)
    assert len(made) >= 32
    assert stat.S_IMODE(Path(place).stat().st_mode) == 0o600
    assert secret_key(settings) == made
    assert [path.name for path in Path(place).parent.iterdir() if path.is_file()] == ["bieuquyet.key"]


def test_two_first_starts_at_once_agree_on_one_key() -> None:
    settings = Settings(_env_file=None)
    keys: list[bytes] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        keys.append(secret_key(settings))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_key_that_others_can_read_is_refused() -> None:
    settings = Settings(_env_file=None)
    secret_key(settings)
    Path("bieuquyet.key").chmod(0o644)
    with pytest.raises(SettingsError, match=r"chmod 600 bieuquyet\.key"):
        secret_key(settings)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "found only 0 characters"), (b"short\n", "found only 5 characters"), (b"\xff" * 64, "not a text")],
)
def test_a_damaged_key_is_refused_and_not_replaced(content: bytes, told: str) -> None:
    path = Path("bieuquyet.key")
    path.touch(mode=0o600)
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=told):
        secret_key(Settings(_env_file=None))
    assert path.read_bytes() == content


def test_a_key_that_cannot_be_kept_is_told_with_a_way_out() -> None:
    with pytest.raises(SettingsError) as caught:
        secret_key(Settings(database_url=SecretStr("sqlite:///nowhere/hop.db")))
    assert caught.value.problems == (
        "nowhere/bieuquyet.key: No such file or directory; expected a key file, or BIEUQUYET_SECRET_KEY set",
    )

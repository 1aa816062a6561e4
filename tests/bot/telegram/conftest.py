"""The strict Bot API, a bot that is connected to it, and somebody who may be written to."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.telegram import TelegramPlatform
from tests.bot.telegram.line import Naps, connected
from tests.fakes.bot_api import (
    FakeBotApi,
    Person,
)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as fake:
        yield fake


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def platform(fake: FakeBotApi, naps: Naps) -> AsyncIterator[TelegramPlatform]:
    async with connected(fake.url, naps) as platform:
        yield platform


@pytest.fixture
def an(fake: FakeBotApi) -> Person:
    """Somebody who may be written to."""
    person = fake.person("An", language="vi")
    person.has_written = True
    return person


@pytest.fixture
async def unused_url() -> str:
    """An address on which nothing listens."""
    async with FakeBotApi() as gone:
        return gone.url

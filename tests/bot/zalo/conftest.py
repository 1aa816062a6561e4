"""The strict Zalo Bot API, and somebody who may be written to."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.zalo.client import ZaloApi
from tests.fakes.zalo_api import TOKEN, FakeZalo, Person


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=[False, True], ids=["refused-in-200", "refused-by-status"])
def refuses_by_status(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def fake() -> AsyncIterator[FakeZalo]:
    async with FakeZalo() as fake:
        yield fake


@pytest.fixture
async def api(fake: FakeZalo) -> AsyncIterator[ZaloApi]:
    api = ZaloApi(TOKEN, api=fake.url)
    yield api
    await api.close()


@pytest.fixture
def an(fake: FakeZalo) -> Person:
    """Somebody who may be written to."""
    person = fake.person("An")
    person.has_written = True
    return person

"""What journeys share."""

from datetime import timedelta
from typing import cast

import pytest

from bot.delivery import outcomes, thrift
from bot.pace import PACES, Limit, Pace


@pytest.fixture
def brisk_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories that are no matter of pace: the fake takes more than Telegram does."""
    second = timedelta(seconds=1)
    brisk = Pace(Limit(500, second), private=Limit(50, second), group=Limit(50, second))
    monkeypatch.setitem(cast("dict[str, Pace]", PACES), "telegram", brisk)
    monkeypatch.setattr(outcomes, "SHARED_CARD_INTERVAL", second / 10)


@pytest.fixture
def brisk_zalo(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories that are no matter of pace: what waits for a chat on Zalo is gathered for a moment only."""
    second = timedelta(seconds=1)
    brisk = Pace(Limit(500, second), private=Limit(50, second), group=Limit(50, second))
    monkeypatch.setitem(cast("dict[str, Pace]", PACES), "zalo", brisk)
    monkeypatch.setattr(thrift, "WAITING_FOR_MORE", second / 10)

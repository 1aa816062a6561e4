"""A delivery that is killed in the middle of a send: `python -m tests.bot.dying_delivery URL FILE`.

Each chat that is reached is a line in FILE.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.delivery import Delivery
from bot.pace import Limit, Pace
from bot.platforms.base import Card, Line, MessageRef, Receive
from storage.cards import CardToShow
from storage.database import Database
from storage.posts import PostToSend

KILLED_AT = 10
NO_REST = Limit(1, timedelta(0))


class DeadlyPlatform:
    """Kills the program at a send, when the message has arrived and nobody knows yet."""

    name = "telegram"

    def __init__(self, arrived: Path) -> None:
        self._arrived = arrived
        self._sends = 0

    async def listen(self, receive: Receive) -> None:
        raise NotImplementedError("nobody is here to do anything")

    async def show(self, chat: str, _ref: MessageRef | None, _card: Card) -> MessageRef:
        with self._arrived.open("a") as arrived:
            arrived.write(f"{chat}\n")
        self._sends += 1
        if self._sends == KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0)
        return "message"


class Wording:
    async def render_cards(self, cards: Sequence[CardToShow]) -> Mapping[int, Card | None]:
        return {card.card_id: Card((Line("card"),)) for card in cards}

    async def render_posts(self, posts: Sequence[PostToSend]) -> Mapping[int, Card | None]:
        return {post.post_id: Card((Line("post"),)) for post in posts}


async def run(url: str, arrived: Path) -> None:
    await Delivery(
        Database.open(url),
        {"telegram": DeadlyPlatform(arrived)},
        Wording(),
        lambda: datetime.now(UTC),
        {"telegram": Pace(Limit(20, timedelta(seconds=1)), private=NO_REST, group=NO_REST)},
    ).run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2])))

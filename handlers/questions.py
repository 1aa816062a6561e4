"""Pending questions: asked, given up; the answer goes to the request that the question was about."""

from dataclasses import replace
from typing import Any

from handlers.asking import Asked, House, mark
from storage import dialogues


async def ask(house: House, asked: Asked, topic: str, state: dict[str, Any]) -> int:
    """Ask an account a question in place of the pending one, and give the question's version.

    Marked apart from the event's own effect, as one event may do something and then ask. Raises
    RepeatedEventError where this event asked before.
    """
    async with house.database.transaction() as tx:
        now = house.now()
        await mark(tx, replace(asked, event_id=asked_by(asked.event_id), dialogue_version=None), now)
        return await dialogues.put_dialogue(tx, asked.account_id, topic, state, now)


def asked_by(event_id: str) -> str:
    """Give the mark of the question that an event led to."""
    return f"{event_id}:q"


async def give_up(house: House, asked: Asked) -> None:
    """Drop the pending question that `asked` answers; a repeat does nothing, and a newer question stays."""
    async with house.database.transaction() as tx:
        if asked.dialogue_version is not None:
            await dialogues.forget_dialogue(tx, asked.account_id, asked.dialogue_version)

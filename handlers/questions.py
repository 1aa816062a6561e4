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
        await mark(tx, replace(asked, event_id=f"{asked.event_id}:q", dialogue_version=None), now)
        return await dialogues.put_dialogue(tx, asked.account_id, topic, state, now)


async def give_up(house: House, asked: Asked) -> None:
    """Drop the pending question, if there is one; a repeat does nothing."""
    async with house.database.transaction() as tx:
        await dialogues.forget_dialogue(tx, asked.account_id)

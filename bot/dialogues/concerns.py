"""Which meeting something is about, and how it is spoken about there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.dialogues.talk import Talk, voice_for
from storage import (
    agenda,
    attendees,
    claims,
    due,
    floor,
    groups,
    mailings,
    opinions,
    papers,
    pledges,
    scoring,
    speeches,
    tasks,
    titles,
    votes,
)
from storage.database import Tx
from storage.reading import find_manner


async def _of_work(tx: Tx, due_id: int) -> int | None:
    work = await due.find_work(tx, due_id)
    return None if work is None else work.meeting_id


async def _of_group(tx: Tx, group_id: int) -> int | None:
    group = await groups.find_group_by_id(tx, group_id)
    return None if group is None else group.meeting_id


_BY_ID: Mapping[str, Callable[[Tx, int], Awaitable[int | None]]] = {
    "vote_id": votes.find_meeting_of,
    "item_id": agenda.find_meeting_of_item,
    "paper_id": papers.find_meeting_of_paper,
    "attendee_id": attendees.find_meeting_of_attendee,
    "mailing_id": mailings.find_meeting_of_mailing,
    "due_id": _of_work,
    "task_id": tasks.find_meeting_of_task,
    "scoring_id": scoring.find_meeting_of_scoring,
    "title_id": titles.find_meeting_of_title,
    "recipient_id": titles.find_meeting_of_recipient,
    "turn_id": floor.find_meeting_of_turn,
    "speech_id": speeches.find_meeting_of_speech,
    "opinion_id": opinions.find_meeting_of_opinion,
    "pledge_id": pledges.find_meeting_of_pledge,
    "party_id": pledges.find_meeting_of_party,
    "claim_id": claims.find_meeting_of_claim,
    "group_id": _of_group,
}
"""What an action or a question may name, and how its meeting is found; the first that it names counts."""


async def find_concern(tx: Tx, subject: object) -> int | None:
    """Give the meeting that an action or a question names, by itself or by what is in it.

    None where it names none, or one that doesn't exist. Says nothing about who may see it.
    """
    meeting_id: int | None = getattr(subject, "meeting_id", None)
    if meeting_id is not None:
        return meeting_id
    for name, find in _BY_ID.items():
        named: int | None = getattr(subject, name, None)
        if named is not None:
            return await find(tx, named)
    return None


async def about(talk: Talk, subject: object) -> Talk:
    """Give an exchange in the voice of the meeting that an action or a question is about, if about any."""
    current = talk.account.current_meeting_id
    if talk.is_stranger or (current is not None and getattr(subject, "meeting_id", None) == current):
        return talk
    async with talk.house.database.snapshot() as tx:
        meeting_id = await find_concern(tx, subject)
        if meeting_id is None or meeting_id == current:
            return talk
        manner = await find_manner(tx, meeting_id, talk.account.account_id)
    if manner is None:
        return talk
    voice = voice_for(talk.account.language, manner, manner.standing)
    return replace(talk, voice=replace(voice, is_typed=talk.voice.is_typed))

"""Which meeting something is about, and how it is spoken about there."""

from dataclasses import replace

from bot.dialogues.talk import Talk, voice_for
from storage import claims, groups, mailings, meetings, papers, votes
from storage.database import Tx
from storage.reading import find_manner


async def find_concern(tx: Tx, subject: object) -> int | None:
    """Give the meeting that an action or a question names, by itself or by what is in it.

    None where it names none, or one that doesn't exist. Says nothing about who may see it.
    """
    meeting_id: int | None = getattr(subject, "meeting_id", None)
    if meeting_id is not None:
        return meeting_id
    if (vote_id := getattr(subject, "vote_id", None)) is not None:
        return await votes.find_meeting_of(tx, vote_id)
    if (item_id := getattr(subject, "item_id", None)) is not None:
        return await meetings.find_meeting_of_item(tx, item_id)
    if (paper_id := getattr(subject, "paper_id", None)) is not None:
        return await papers.find_meeting_of_paper(tx, paper_id)
    if (attendee_id := getattr(subject, "attendee_id", None)) is not None:
        return await meetings.find_meeting_of_attendee(tx, attendee_id)
    if (mailing_id := getattr(subject, "mailing_id", None)) is not None:
        return await mailings.find_meeting_of_mailing(tx, mailing_id)
    if (claim_id := getattr(subject, "claim_id", None)) is not None:
        return await claims.find_meeting_of_claim(tx, claim_id)
    if (group_id := getattr(subject, "group_id", None)) is not None:
        group = await groups.find_group_by_id(tx, group_id)
        return None if group is None else group.meeting_id
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
    return replace(talk, voice=voice_for(talk.account.language, manner, manner.standing))

"""Versions of an item's text: worded anew, added to, and never under a vote that was opened."""

from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, permitted, refuse_closed, request
from handlers.drafting import put_items
from handlers.pledges import void_confirmations
from meeting import names
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState
from meeting.versions import refuse_version, text_digest, with_addition
from storage import agenda, cards, meetings, papers, record, versions, votes
from storage.database import Tx
from storage.reading import get_meeting_view
from storage.versions import NewVersion


@dataclass(frozen=True, slots=True)
class VersionMade:
    """The item's text is now this version, known by this SHA-256; `voided` confirmations hold no more."""

    item_id: int
    version: int
    sha256: str
    voided: int = 0


async def make_version(  # noqa: PLR0913 - a version has these parts
    tx: Tx,
    item_id: int,
    text: str,
    now: datetime,
    actor: Actor,
    *,
    addition: str = "",
    opinion_id: int | None = None,
    paper_id: int | None = None,
) -> VersionMade | Refused:
    """Make the next version of a text in the caller's transaction, on record; raises ItemNotFoundError.

    `addition` is what the text gained, for the result's list: by an opinion that was taken up, or said in the
    hall. The first text of an item that had none is its version 1, unless a vote named the item before.
    Drafted votes are about the new version and don't open by themselves any more; confirmations of an
    earlier one are void. Refused under a vote that was opened, and where nothing is different.
    """
    item = await agenda.get_item(tx, item_id)
    if await meetings.lock_meeting(tx, item.meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, item.meeting_id)
    clean, added = names.tidy_lines(text), names.tidy_lines(addition)
    newest = await versions.get_text(tx, item_id, item.text_version)
    is_voted_on = bool(await agenda.list_active_votes_on(tx, item_id))
    refused = refuse_version(clean, newest, decision=item.decision, is_voted_on=is_voted_on)
    if refused is not None:
        return refused
    made = NewVersion(clean, now, added, opinion_id, paper_id, actor.person_id)
    number = item.text_version
    if newest or added or number > 1 or await versions.is_named(tx, item_id):
        number = await versions.add_version(tx, item.organisation_id, item_id, number, made)
    else:
        await versions.put_first_text(tx, item_id, made)
    drafted = await votes.find_draft_on(tx, item_id)
    if drafted is not None:
        question = await votes.get_question(tx, drafted)
        await put_items(tx, question, question.item_ids, now)
    facts = {
        "item": item_id,
        "version": number,
        "sha256": text_digest(clean),
        "previous": text_digest(newest),
        "addition": record.digest(added) if added else None,
        "opinion": opinion_id,
        "paper": None if paper_id is None else (await papers.get_paper(tx, paper_id)).paper.sha256,
    }
    await record.append(tx, item.organisation_id, item.meeting_id, now, "text_versioned", facts, actor=actor)
    voided = await void_confirmations(tx, item_id, now, actor, number)
    await cards.touch_cards(tx, CardKind.PANEL, item.meeting_id)
    if (await get_meeting_view(tx, item.meeting_id)).current_item_id == item_id:
        await cards.touch_meeting_cards(tx, item.meeting_id, (CardKind.ATTENDANCE,))
    return VersionMade(item_id, number, text_digest(clean), voided)


@request
async def put_text(  # noqa: PLR0913 - a text has these parts
    tx: Tx,
    asked: Asked,
    now: datetime,
    item_id: int,
    text: str,
    after: int,
    *,
    addition: str = "",
    paper_id: int | None = None,
) -> VersionMade | Refused:
    """Word an item's text anew after the version that was shown; `paper_id` is what the passage is from.

    Refused where somebody made another version since: it would be lost.
    """
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if item.text_version != after:
        return Refused(Refusal.TEXT_NEWER, {"version": item.text_version})
    if paper_id is not None:
        paper = await papers.get_paper(tx, paper_id)
        if paper.meeting_id != item.meeting_id:
            return Refused(Refusal.NOT_FOUND)
        if paper.withdrawn_at is not None:
            return Refused(Refusal.PAPER_WITHDRAWN, {"name": paper.paper.name})
    return await make_version(tx, item_id, text, now, actor, addition=addition, paper_id=paper_id)


@request
async def copy_text(
    tx: Tx, asked: Asked, now: datetime, item_id: int, source_id: int
) -> VersionMade | Refused:
    """Take over the newest text of another item of the meeting, as the signing does that of its pledge.

    Refused where the item has a text, which would be lost, or the other one has none.
    """
    item, source = await agenda.get_item(tx, item_id), await agenda.get_item(tx, source_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if source.meeting_id != item.meeting_id:
        return Refused(Refusal.NOT_FOUND)
    if await versions.get_text(tx, item_id, item.text_version):
        return Refused(Refusal.TEXT_NEWER, {"version": item.text_version})
    text = await versions.get_text(tx, source_id, source.text_version)
    return await make_version(tx, item_id, text, now, actor)


@request
async def add_to_text(
    tx: Tx, asked: Asked, now: datetime, item_id: int, addition: str
) -> VersionMade | Refused:
    """Add a passage at the end of an item's newest text, for the list of what was added."""
    item = await agenda.get_item(tx, item_id)
    actor = await permitted(tx, asked, item.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    added = names.tidy_lines(addition)
    if not added:
        return Refused(Refusal.TEXT_EMPTY)
    newest = await versions.get_text(tx, item_id, item.text_version)
    return await make_version(tx, item_id, with_addition(newest, added), now, actor, addition=added)

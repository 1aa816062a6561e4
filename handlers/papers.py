"""Papers: attached to a meeting or an item, replaced, withdrawn, handed to the attendees."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, bound, permitted, refuse_closed, request
from handlers.reach import show_progress
from handlers.scoring import verifies
from meeting.papers import MOST_PAPERS, Paper
from meeting.people import Actor, Right
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, MeetingState, PostKind, Priority
from meeting.voting import VoteState
from storage import agenda, cards, mailings, meetings, papers, pledges, posts, reach, record, scoring, votes
from storage.database import Tx
from storage.errors import ItemNotFoundError
from storage.reading import get_meeting_view
from storage.views import PaperView

MOST_WAITING = 20
"""Files that an account may send before it says what they are for."""


@dataclass(frozen=True, slots=True)
class PapersAdded:
    """These papers are attached; what was there already is named in `known`."""

    meeting_id: int
    item_id: int | None
    names: tuple[str, ...]
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperWithdrawn:
    """The paper is handed out no more; `is_repeat` where it wasn't any more before."""

    meeting_id: int
    item_id: int | None
    name: str
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class PapersHandedOut:
    """All who are linked are sent the list."""

    papers: int
    accounts: int


@request
async def add_paper(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, item_id: int | None, paper: Paper, content: bytes
) -> PapersAdded | Refused:
    """Attach a paper to an item, or to the meeting; the same bytes in the same place twice are refused."""
    actor = await _preparing(tx, asked, meeting_id, item_id)
    if isinstance(actor, Refused):
        return actor
    there = await papers.list_papers(tx, meeting_id)
    if _is_there(there, item_id, paper):
        return Refused(Refusal.PAPER_THERE_ALREADY, {"name": paper.name})
    if len(there) >= MOST_PAPERS:
        return Refused(Refusal.PAPERS_TOO_MANY, {"limit": MOST_PAPERS})
    organisation_id = (await get_meeting_view(tx, meeting_id)).organisation_id
    paper_id = await papers.add_paper(
        tx, organisation_id, meeting_id, item_id, paper, content, added_by=actor.person_id, now=now
    )
    facts = _facts(paper_id, item_id, paper)
    await record.append(tx, organisation_id, meeting_id, now, "paper_added", facts, actor=actor)
    await _touch(tx, meeting_id, was_empty=not there)
    return PapersAdded(meeting_id, item_id, (paper.name,))


@request
async def add_sent_papers(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, item_id: int | None
) -> PapersAdded | Refused:
    """Attach all that this account has sent and that waits; what is there already is dropped and named."""
    actor = await _preparing(tx, asked, meeting_id, item_id)
    if isinstance(actor, Refused):
        return actor
    waiting = await papers.list_sent_files(tx, asked.account_id)
    if not waiting:
        return Refused(Refusal.FILES_GONE)
    there = await papers.list_papers(tx, meeting_id)
    fresh = [sent for sent in waiting if not _is_there(there, item_id, sent.paper)]
    if len(there) + len(fresh) > MOST_PAPERS:
        return Refused(Refusal.PAPERS_TOO_MANY, {"limit": MOST_PAPERS})
    organisation_id = (await get_meeting_view(tx, meeting_id)).organisation_id
    for sent in fresh:
        paper_id = await papers.add_sent_paper(
            tx, organisation_id, meeting_id, item_id, sent, added_by=actor.person_id, now=now
        )
        facts = _facts(paper_id, item_id, sent.paper)
        await record.append(tx, organisation_id, meeting_id, now, "paper_added", facts, actor=actor)
    await papers.forget_sent_files(tx, asked.account_id)
    if fresh:
        await _touch(tx, meeting_id, was_empty=not there)
    names = tuple(sent.paper.name for sent in fresh)
    known = tuple(sent.paper.name for sent in waiting if sent not in fresh)
    return PapersAdded(meeting_id, item_id, names, known)


@request
async def replace_paper(
    tx: Tx, asked: Asked, now: datetime, paper_id: int, paper: Paper, content: bytes
) -> PapersAdded | Refused:
    """Put another file in a paper's place; the old one is withdrawn. The record has both."""
    old = await papers.get_paper(tx, paper_id)
    actor = await _preparing(tx, asked, old.meeting_id, old.item_id)
    if isinstance(actor, Refused):
        return actor
    old = await papers.get_paper(tx, paper_id)
    if old.withdrawn_at is not None:
        return Refused(Refusal.PAPER_WITHDRAWN, {"name": old.paper.name})
    if await pledges.is_evidence(tx, paper_id):
        return Refused(Refusal.PAPER_IS_EVIDENCE)
    if _is_there(await papers.list_papers(tx, old.meeting_id), old.item_id, paper):
        return Refused(Refusal.PAPER_THERE_ALREADY, {"name": paper.name})
    place = (old.organisation_id, old.meeting_id)
    new_id = await papers.add_paper(
        tx, *place, old.item_id, paper, content, added_by=actor.person_id, now=now
    )
    await papers.put_paper_withdrawn(tx, paper_id, now)
    facts = _facts(new_id, old.item_id, paper)
    await record.append(tx, *place, now, "paper_added", facts, actor=actor)
    facts = _facts(paper_id, old.item_id, old.paper) | {"replaced_by": new_id}
    await record.append(tx, *place, now, "paper_withdrawn", facts, actor=actor)
    return PapersAdded(old.meeting_id, old.item_id, (paper.name,))


@request
async def withdraw_paper(tx: Tx, asked: Asked, now: datetime, paper_id: int) -> PaperWithdrawn | Refused:
    """Hand a paper out no more, and forget its bytes; its name and digest stay in the record."""
    shown = await papers.get_paper(tx, paper_id)
    actor = await _preparing(tx, asked, shown.meeting_id, shown.item_id)
    if isinstance(actor, Refused):
        return actor
    paper = await papers.get_paper(tx, paper_id)
    gone = PaperWithdrawn(paper.meeting_id, paper.item_id, paper.paper.name)
    if paper.withdrawn_at is not None:
        return PaperWithdrawn(gone.meeting_id, gone.item_id, gone.name, is_repeat=True)
    if await pledges.is_evidence(tx, paper_id):
        return Refused(Refusal.PAPER_IS_EVIDENCE)
    await papers.put_paper_withdrawn(tx, paper_id, now)
    facts = _facts(paper_id, paper.item_id, paper.paper)
    await record.append(
        tx, paper.organisation_id, paper.meeting_id, now, "paper_withdrawn", facts, actor=actor
    )
    await _touch(tx, paper.meeting_id, was_empty=not await papers.list_papers(tx, paper.meeting_id))
    return gone


@request
async def hand_out_papers(tx: Tx, asked: Asked, now: datetime, meeting_id: int) -> PapersHandedOut | Refused:
    """Send the list to all attendees who can be reached; the same papers are sent to each account once.

    Refused where there are no papers, or nobody who doesn't have this list yet.
    """
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    there = await papers.list_papers(tx, meeting_id)
    if not there:
        return Refused(Refusal.NO_PAPERS)
    which = hashlib.sha256(",".join(str(one.paper_id) for one in there).encode()).hexdigest()
    cause = f"{PostKind.PAPERS}:{meeting_id}:{which[:16]}"
    reached, _ = await reach.list_accounts_to_tell(tx, meeting_id)
    accounts = set(reached.values()) - await posts.list_told(tx, cause)
    if not accounts:
        return Refused(Refusal.NOBODY_REACHED if not reached else Refusal.PAPERS_HANDED_OUT)
    mailing_id = await mailings.add_mailing(
        tx,
        PostKind.PAPERS,
        meeting_id,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        made_by=actor.person_id,
        now=now,
    )
    await posts.add_posts(
        tx,
        PostKind.PAPERS,
        cause,
        meeting_id,
        accounts,
        organisation_id=meeting.organisation_id,
        meeting_id=meeting_id,
        priority=Priority.PANEL,
        mailing_id=mailing_id,
        now=now,
    )
    await show_progress(tx, mailing_id, meeting.organisation_id, meeting_id, [asked.account_id])
    facts = {"papers": [one.paper_id for one in there], "accounts": len(accounts)}
    await record.append(tx, meeting.organisation_id, meeting_id, now, "papers_handed_out", facts, actor=actor)
    return PapersHandedOut(len(there), len(accounts))


@request
async def keep_file(
    tx: Tx, asked: Asked, now: datetime, paper: Paper, content: bytes, *, is_first: bool
) -> Refused | None:
    """Keep a file until its sender says what it is for; with `is_first` what waited before is dropped."""
    if is_first:
        await papers.forget_sent_files(tx, asked.account_id)
    if len(await papers.list_sent_files(tx, asked.account_id)) >= MOST_WAITING:
        return Refused(Refusal.PAPERS_TOO_MANY, {"limit": MOST_WAITING})
    await papers.add_sent_file(tx, asked.account_id, paper, content, now)
    return None


# Whom papers are for


async def admitted(tx: Tx, asked: Asked, meeting_id: int) -> Actor | Refused:
    """Give who asks where a meeting's papers are for them: an attendee, or who has a role in it."""
    actor = await bound(tx, asked, meeting_id)
    if isinstance(actor, Refused) or actor.roles or actor.attendee_id is not None:
        return actor
    return Refused(Refusal.NOT_ATTENDEE)


async def find_paper(tx: Tx, asked: Asked, paper_id: int) -> PaperView | Refused:
    """Give a paper to somebody whom it is for; raises PaperNotFoundError."""
    paper = await papers.get_paper(tx, paper_id)
    actor = await admitted(tx, asked, paper.meeting_id)
    if isinstance(actor, Refused):
        return actor
    if paper.withdrawn_at is not None:
        return Refused(Refusal.PAPER_WITHDRAWN, {"name": paper.paper.name})
    if paper.is_evidence and not await _sees_evidence(tx, actor, paper_id):
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.VERIFY})
    return paper


async def _sees_evidence(tx: Tx, actor: Actor, paper_id: int) -> bool:
    """Whether what a unit backs its scores with is for somebody: its delegates, and who verifies."""
    found = await scoring.find_evidence(tx, paper_id)
    if found is None:
        return False
    scoring_id, unit_id = found
    view = await scoring.get_scoring(tx, scoring_id)
    if await verifies(tx, actor, view.lead_unit_id):
        return True
    return await scoring.find_unit_of_delegate(tx, actor.attendee_id) == unit_id


async def _preparing(tx: Tx, asked: Asked, meeting_id: int, item_id: int | None) -> Actor | Refused:
    """Give who asks where they may attach papers here now; the meeting is held, so that limits hold."""
    actor = await permitted(tx, asked, meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if await meetings.lock_meeting(tx, meeting_id) is MeetingState.CLOSED:
        return await refuse_closed(tx, meeting_id)
    if item_id is not None and await agenda.find_meeting_of_item(tx, item_id) != meeting_id:
        raise ItemNotFoundError(item_id)
    return actor


def _is_there(there: list[PaperView], item_id: int | None, paper: Paper) -> bool:
    return any(one.item_id == item_id and one.paper.sha256 == paper.sha256 for one in there)


def _facts(paper_id: int, item_id: int | None, paper: Paper) -> dict[str, object]:
    return {"paper": paper_id, "item": item_id, "name": paper.name, "sha256": paper.sha256}


async def _touch(tx: Tx, meeting_id: int, *, was_empty: bool) -> None:
    """Refresh the cards where the button for papers comes or goes; the list itself is on none."""
    if not was_empty:
        return
    await cards.touch_meeting_cards(tx, meeting_id, (CardKind.ATTENDANCE, CardKind.PANEL))
    for vote_id in await votes.list_votes(tx, meeting_id, {VoteState.OPEN, VoteState.PAUSED}):
        await cards.touch_cards(tx, CardKind.BALLOT, vote_id, priority=Priority.REFRESH)

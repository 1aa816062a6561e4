"""What the clock does about votes: it opens them and ends them when due."""

from handlers.closing import close
from handlers.deeds import Moment, Outcome
from handlers.opening import VoteOpened, open_draft
from handlers.steps import pause_overdue
from meeting.refusals import Refused
from meeting.states import CardKind, PostKind, Priority, WorkState
from meeting.vote_times import Hindrance, Opening, may_open_late
from meeting.voting import Lateness, VoteState, decide_deadline
from storage import agenda, cards, meetings, posts, record, votes
from storage.database import Tx
from storage.due import DueWork
from storage.votes import Question


async def open_when_due(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """Open a vote under the rules of an opening by hand; who presides is told where it can't be opened."""
    question = await votes.get_question(tx, work.subject_id)
    opening = question.opening
    if opening is None or opening.opens_at != work.planned_at:
        return WorkState.WITHDRAWN
    await votes.put_opening(tx, work.subject_id, None)
    hindrance = await _open(tx, question, opening, moment)
    if hindrance is None:
        return WorkState.DONE
    await _tell_not_opened(tx, work, question, hindrance, moment)
    return WorkState.MISSED


async def _open(tx: Tx, question: Question, opening: Opening, moment: Moment) -> str | None:
    """Open it, or give what keeps it from being opened."""
    if not may_open_late(opening.opens_at, moment.now):
        return Hindrance.LATE
    shown = await votes.get_text_versions(tx, question.vote.vote_id)
    items = {
        item.item_id: item.text_version
        for item in await agenda.list_items(tx, question.vote.meeting_id)
        if item.item_id in shown
    }
    if items != shown:
        return Hindrance.TEXT_CHANGED
    opened = await open_draft(tx, question, moment.now, opening.within, None)
    return None if isinstance(opened, VoteOpened) else opened.reason


async def _tell_not_opened(tx: Tx, work: DueWork, question: Question, hindrance: str, moment: Moment) -> None:
    vote, now = question.vote, moment.now
    facts = {"vote": vote.vote_id, "run": vote.run, "cause": str(hindrance)}
    await record.append(tx, work.organisation_id, vote.meeting_id, now, "vote_not_opened", facts)
    await posts.add_posts(
        tx,
        PostKind.MISSED,
        f"not_opened:{vote.vote_id}:{work.planned_at.timestamp():.0f}",
        work.due_id,
        await meetings.list_presiding_accounts(tx, vote.meeting_id),
        organisation_id=work.organisation_id,
        meeting_id=vote.meeting_id,
        priority=Priority.PANEL,
        facts={
            "kind": work.kind,
            "subject_id": vote.vote_id,
            "part": work.part,
            "planned_at": work.planned_at.isoformat(),
            "cause": str(hindrance),
        },
        now=now,
    )
    await cards.touch_cards(tx, CardKind.PANEL, vote.meeting_id)


async def meet_deadline(tx: Tx, work: DueWork, moment: Moment) -> Outcome:
    """End a vote on time; one whose deadline passed while nobody watched is paused."""
    question = await votes.get_question(tx, work.subject_id)
    if question.vote.state is not VoteState.OPEN:
        return WorkState.WITHDRAWN
    match decide_deadline(work.planned_at, moment.now, moment.running_since):
        case Lateness.PAUSES:
            await pause_overdue(tx, question, moment.now)
            return WorkState.MISSED
        case Lateness.CLOSES:
            closed = await close(tx, question, moment.now, None)
            return WorkState.MISSED if isinstance(closed, Refused) else WorkState.DONE

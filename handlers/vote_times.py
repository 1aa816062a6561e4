"""What the clock does about votes."""

from handlers.deeds import Moment, Outcome
from handlers.voting import close, pause_overdue
from meeting.refusals import Refused
from meeting.states import WorkState
from meeting.voting import Lateness, VoteState, decide_deadline
from storage import votes
from storage.database import Tx
from storage.due import DueWork


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

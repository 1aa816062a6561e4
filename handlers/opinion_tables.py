"""The table of opinions with what becomes of each (*bảng tổng hợp, tiếp thu, giải trình*), taken in whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.asking import Asked, closed_refusal, permitted, request
from handlers.opinion_outcomes import OpinionDecided, put_outcome
from handlers.opinions import Author, Held, OpinionDraft, add_opinion, refuse_author
from meeting import opinions as rules
from meeting.names import tidy_lines
from meeting.opinions import MOST_IN_A_TABLE, OpinionState
from meeting.people import Actor, Right, Source
from meeting.refusals import Refusal, Refused
from storage import meetings, opinions
from storage.database import Tx
from storage.reading import get_meeting_view
from storage.views import MeetingView, OpinionView


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: an opinion of the meeting by its number, or a new one of `author`.

    `outcome` is None where the table says nothing of it.
    """

    number: int | None
    author: Author
    draft: OpinionDraft
    outcome: OpinionState | None
    answer: str


@dataclass(frozen=True, slots=True)
class TableTaken:
    """So many opinions are new, and of so many it is said now what became of them."""

    meeting_id: int
    added: int
    decided: int


@request
async def take_table(
    tx: Tx, asked: Asked, now: datetime, meeting_id: int, rows: Sequence[TableRow]
) -> TableTaken | Refused:
    """Take a whole table in, or nothing of it: opinions gathered beforehand, and what becomes of them.

    An opinion that is there already, of the same author on the same item, isn't added again. What becomes of
    opinions says only who presides.
    """
    actor = await permitted(tx, asked, meeting_id, Right.KEEP_ROLL)
    if isinstance(actor, Refused):
        return actor
    await meetings.lock_meeting(tx, meeting_id)
    meeting = await get_meeting_view(tx, meeting_id)
    if meeting.cancelled_at is not None:
        return closed_refusal(meeting)
    if len(rows) > MOST_IN_A_TABLE:
        return Refused(Refusal.OPINIONS_TOO_MANY, {"limit": MOST_IN_A_TABLE})
    if any(row.outcome is not None for row in rows) and not actor.may(Right.PRESIDE):
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.PRESIDE})
    added = decided = 0
    known = {each.number: each for each in await opinions.list_opinions(tx, meeting_id)}
    for row in rows:
        found = _find(row, known)
        opinion = await _add(tx, actor, now, meeting, row) if found is None else found
        if isinstance(opinion, Refused):
            return opinion
        known[opinion.number] = opinion
        added += found is None
        if row.outcome is None or not _says_more(row, opinion):
            continue
        outcome = await put_outcome(tx, asked, Held(actor, meeting, opinion), now, row.outcome, row.answer)
        if isinstance(outcome, Refused):
            return outcome
        decided += isinstance(outcome, OpinionDecided)
    return TableTaken(meeting_id, added, decided)


def _find(row: TableRow, known: dict[int, OpinionView]) -> OpinionView | Refused | None:
    """Give the opinion that a row is about, None for a new one, or why it can't be told."""
    text = tidy_lines(row.draft.text)
    if row.number is not None:
        opinion = known.get(row.number)
        is_same = opinion is not None and opinion.text == text
        return opinion if is_same else Refused(Refusal.OPINION_CHANGED, {"number": row.number})
    about = (row.author, row.draft.item_id, text)
    return next(
        (
            each
            for each in known.values()
            if (Author(each.attendee_id, each.unit_id), each.item_id, each.text) == about
        ),
        None,
    )


async def _add(
    tx: Tx, actor: Actor, now: datetime, meeting: MeetingView, row: TableRow
) -> OpinionView | Refused:
    if not rules.are_taken(meeting.state):
        return closed_refusal(meeting)
    refused = await refuse_author(tx, meeting.meeting_id, row.author)
    if refused is not None:
        return refused
    sent = await add_opinion(
        tx, actor, now, meeting.meeting_id, row.draft, row.author, Source.PAPER, is_limited=False
    )
    return sent if isinstance(sent, Refused) else await opinions.get_opinion(tx, sent.opinion_id)


def _says_more(row: TableRow, opinion: OpinionView) -> bool:
    """Whether a row says anything new; one that goes with another, or is hidden, stays as it is."""
    if opinion.state in {OpinionState.MERGED, OpinionState.HIDDEN}:
        return False
    return (opinion.state, opinion.answer) != (row.outcome, tidy_lines(row.answer))

"""The table of opinions with what becomes of each (*bảng tổng hợp, tiếp thu, giải trình*), taken in whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.asking import Asked, closed_refusal, permitted, request
from handlers.opinion_news import tell_senders
from handlers.opinions import Author, OpinionDraft, refuse_about, refuse_author
from meeting import opinions as rules
from meeting.names import tidy_lines
from meeting.opinions import MOST_IN_A_TABLE, Opinion, OpinionState
from meeting.people import Actor, Right, Source
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind
from storage import cards, meetings, opinions, record
from storage.database import Tx
from storage.opinions import NewOpinion
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
    known = _by_content(await opinions.list_opinions(tx, meeting_id))
    new = {_content(row): row for row in rows if row.number is None and _content(row) not in known}
    refused = await _refuse_new(tx, meeting, list(new.values()))
    if refused is not None:
        return refused
    added = [_new(row, actor) for row in new.values()]
    await opinions.add_opinions(tx, meeting.organisation_id, meeting_id, added, now)
    everything = await opinions.list_opinions(tx, meeting_id)
    decided = _decide(rows, everything)
    if isinstance(decided, Refused):
        return decided
    if decided and not actor.may(Right.PRESIDE):
        return Refused(Refusal.NOT_PERMITTED, {"right": Right.PRESIDE})
    await opinions.put_states(tx, decided, decided_by=actor.person_id, now=now)
    taken = TableTaken(meeting_id, len(new), len(decided))
    if new or decided:
        facts = {"added": taken.added, "decided": taken.decided, "table": record.digest(repr(rows))}
        ids = {opinion.opinion_id for opinion, _ in decided}
        told = ids | {each.opinion_id for each in everything if each.merged_into_id in ids}
        await _conclude(tx, actor, now, meeting, facts, told)
    return taken


Content = tuple[Author, int | None, str]
"""What makes an opinion the same: whose it is, on what, and its text."""


def _content(row: TableRow) -> Content:
    return row.author, row.draft.item_id, tidy_lines(row.draft.text)


def _by_content(everything: Sequence[OpinionView]) -> dict[Content, OpinionView]:
    return {(Author(one.attendee_id, one.unit_id), one.item_id, one.text): one for one in everything}


async def _refuse_new(tx: Tx, meeting: MeetingView, new: Sequence[TableRow]) -> Refused | None:
    """Give why one of the new opinions can't be taken."""
    if not new:
        return None
    if not rules.are_taken(meeting.state):
        return closed_refusal(meeting)
    there = await opinions.get_last_number(tx, meeting.meeting_id)
    refused = rules.refuse_flood(0, 0, there + len(new) - 1)
    for row in new:
        text = rules.read_opinion(row.draft.text)
        refused = refused or (text if isinstance(text, Refused) else None)
    for author in {row.author for row in new}:
        refused = refused or await refuse_author(tx, meeting.meeting_id, author)
    for kind, item_id in {(row.draft.kind, row.draft.item_id) for row in new}:
        refused = refused or await refuse_about(tx, meeting.meeting_id, kind, item_id)
    return refused


def _new(row: TableRow, actor: Actor) -> NewOpinion:
    return NewOpinion(
        row.draft.item_id,
        row.author.attendee_id,
        row.author.unit_id,
        row.draft.kind,
        tidy_lines(row.draft.text),
        Source.PAPER,
        actor.person_id,
    )


def _decide(
    rows: Sequence[TableRow], everything: Sequence[OpinionView]
) -> list[tuple[Opinion, str]] | Refused:
    """Give what the table says anew of opinions; one that goes with another, or is hidden, stays as it is."""
    numbers, contents = {each.number: each for each in everything}, _by_content(everything)
    decided: dict[int, tuple[Opinion, str]] = {}
    for row in rows:
        opinion = contents.get(_content(row)) if row.number is None else numbers.get(row.number)
        if opinion is None or opinion.text != tidy_lines(row.draft.text):
            return Refused(Refusal.OPINION_CHANGED, {"number": row.number or 0})
        if row.outcome is None or opinion.state in {OpinionState.MERGED, OpinionState.HIDDEN}:
            continue
        words = rules.read_answer(row.answer, row.outcome)
        if isinstance(words, Refused):
            return words
        if (opinion.state, opinion.answer) == (row.outcome, words):
            continue
        after = rules.decide(opinion.opinion, row.outcome)
        if isinstance(after, Refused):
            return Refused(after.reason, {"number": opinion.number})
        decided[opinion.opinion_id] = after, words
    return list(decided.values())


async def _conclude(
    tx: Tx, actor: Actor, now: datetime, meeting: MeetingView, facts: dict[str, Any], told: Collection[int]
) -> None:
    """Put the table on record in one entry, and tell the senders of what was decided."""
    meeting_id, is_deciding = meeting.meeting_id, bool(facts["decided"])
    entry = await record.append(
        tx,
        meeting.organisation_id,
        meeting_id,
        now,
        "opinions_table_taken",
        facts,
        actor=actor,
        is_presiding=is_deciding,
    )
    await cards.touch_cards(tx, CardKind.PANEL, meeting_id)
    await tell_senders(tx, meeting, told, now, entry.number, but=actor.account_id)

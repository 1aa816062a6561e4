"""The table of opinions with what becomes of each: handed out, and taken in again."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from bot import actions
from bot.cards.opinions import table_card, table_preview_card, table_wanted_card
from bot.cards.setup import problems_card
from bot.dialogues.moving import Preview
from bot.dialogues.opinions import are_considered, list_opinions
from bot.dialogues.papers import PaperQuestion
from bot.dialogues.setup import XLSX
from bot.dialogues.talk import Routes, Talk, kept
from bot.platforms.base import Answer, Attachment, Card, File
from bot.wording import opinions as wording
from bot.wording.voice import Voice
from handlers import opinion_tables
from handlers.asking import closed_refusal, permitted
from handlers.opinion_tables import TableRow
from handlers.opinions import Author, OpinionDraft
from meeting.opinions import OpinionKind, OpinionState
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from storage import opinions as stored
from storage.database import Tx
from storage.reading import get_meeting_view, get_opinions_view, get_roll_view

_PROBLEMS_SHOWN = 8


async def get_table(talk: Talk, action: actions.GetOpinionTable) -> Answer:
    """Hand the table out."""
    from bot.workbook.opinions import write_opinion_table

    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_opinions_view(tx, action.meeting_id)
    content = await asyncio.to_thread(write_opinion_table, view, talk.voice.language)
    file = Attachment(f"tong-hop-y-kien-{action.meeting_id}.xlsx", XLSX, content)
    return Answer(card=table_card(talk.voice, view, file, roles=actor.roles))


async def take_table(talk: Talk, action: actions.TakeOpinionTable) -> Answer:
    """Ask for the table."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.KEEP_ROLL)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
    if meeting.cancelled_at is not None:
        return talk.refuse(closed_refusal(meeting))
    return await talk.ask(TableWanted(action.meeting_id))


@kept
@dataclass(frozen=True)
class TableWanted(PaperQuestion):
    """A table of opinions."""

    topic: ClassVar[str] = "opinion_table"
    meeting_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return table_wanted_card(voice, version)

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Read the table, and show what it would bring or all that is to be corrected."""
        from bot.wording.workbook import problem_text
        from bot.workbook.opinions import Authors, read_opinion_table

        async with talk.house.database.snapshot() as tx:
            view = await get_opinions_view(tx, self.meeting_id)
            roll = (await get_roll_view(tx, self.meeting_id)).attendees
            units = await stored.list_units_summoned(tx, self.meeting_id)
        authors = Authors.of([(seat.attendee_id, seat.name, seat.unit or "") for seat in roll], units)
        table = await asyncio.to_thread(read_opinion_table, file.content, file.name, view, authors)
        if table.problems:
            texts = [problem_text(problem, talk.voice.language) for problem in table.problems]
            shown = texts[:_PROBLEMS_SHOWN]
            return Answer(card=problems_card(talk.voice, shown, len(texts), talk.version or 0))
        if not table.rows:
            return Refused(Refusal.TEXT_EMPTY)
        return await talk.ask(TablePreview(self.meeting_id, [asdict(row) for row in table.rows]))

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a file again."""
        del text
        return Answer(wording.table_wanted(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """As long as opinions are considered."""
        del account_id
        return await are_considered(tx, self.meeting_id)


@kept
@dataclass(frozen=True)
class TablePreview(Preview):
    """What a table would bring; `rows` are as they were read."""

    topic: ClassVar[str] = "opinion_table_preview"
    meeting_id: int
    rows: list[dict[str, Any]]

    def card(self, voice: Voice, version: int) -> Card:
        """Show it."""
        new = sum(row["number"] is None for row in self.rows)
        decided = sum(row["outcome"] is not None for row in self.rows)
        return table_preview_card(voice, new, decided, version)

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Take it in."""
        rows = [_row(row) for row in self.rows]
        taken = await opinion_tables.take_table(talk.house, talk.asked, self.meeting_id, rows)
        if isinstance(taken, Refused):
            return taken
        notice = wording.table_taken(talk.voice, taken.added, taken.decided)
        return await list_opinions(talk, self.meeting_id, notice=notice)

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """As long as opinions are considered."""
        del account_id
        return await are_considered(tx, self.meeting_id)


def _row(row: dict[str, Any]) -> TableRow:
    return TableRow(
        row["number"],
        Author(row["attendee_id"], row["unit_id"]),
        OpinionDraft(row["item_id"], OpinionKind(row["kind"]), row["text"]),
        None if row["outcome"] is None else OpinionState(row["outcome"]),
        row["answer"],
    )


ROUTES: Routes = {
    actions.GetOpinionTable: get_table,
    actions.TakeOpinionTable: take_table,
}
"""What each button of this topic does."""

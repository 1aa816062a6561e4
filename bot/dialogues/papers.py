"""Papers: taken in as files, listed, handed over, withdrawn."""

import asyncio
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

from bot import actions
from bot.cards.papers import file_use_card, files_card, handed_card, paper_card, papers_card
from bot.cards.setup import sure_card
from bot.dialogues import setup
from bot.dialogues.concerns import find_concern
from bot.dialogues.talk import Question, Routes, Talk, is_going_on, kept
from bot.platforms.base import Answer, Card, File
from bot.wording import notices
from bot.wording import papers as wording
from bot.wording.voice import Voice, say
from handlers import papers, questions
from handlers.asking import closed_refusal, permitted
from handlers.papers import PapersAdded
from meeting.names import fold
from meeting.papers import Paper, PaperKind, read_paper
from meeting.people import Right
from meeting.refusals import Refusal, Refused
from meeting.states import MeetingState
from storage import meetings, people
from storage import papers as stored
from storage.database import Tx
from storage.errors import PaperNotFoundError
from storage.reading import get_meeting_view, get_papers_view, list_items
from storage.views import PaperView

_DONE = frozenset({"xong", "done", "het", "het roi", "xong roi"})


# Shown and handed over


async def show_papers(talk: Talk, action: actions.ShowPapers) -> Answer:
    """Show the papers to whom they are for."""
    return await _listed(talk, action.meeting_id, action.item_id, action.page)


async def _listed(talk: Talk, meeting_id: int, item_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        actor = await papers.admitted(tx, talk.asked, meeting_id)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_papers_view(tx, meeting_id)
    card = papers_card(talk.about(view.meeting).voice, view, item_id, page, roles=actor.roles)
    return Answer(notice, card, replaces=True)


async def get_paper(talk: Talk, action: actions.GetPaper) -> Answer:
    """Hand a paper over."""
    async with talk.house.database.snapshot() as tx:
        paper = await papers.find_paper(tx, talk.asked, action.paper_id)
    return talk.refuse(paper) if isinstance(paper, Refused) else Answer(card=handed_card(talk.voice, paper))


async def hand_out_papers(talk: Talk, action: actions.HandOutPapers) -> Answer:
    """Send the list to all, asked once more."""
    if not action.sure:
        async with talk.house.database.snapshot() as tx:
            actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
            if isinstance(actor, Refused):
                return talk.refuse(actor)
            count = (await get_meeting_view(tx, action.meeting_id)).papers
        sure = actions.HandOutPapers(action.meeting_id, 1)
        text = wording.hand_out_unsure(talk.voice, count)
        return Answer(card=sure_card(talk.voice, text, say(talk.voice, "Send"), sure))
    result = await papers.hand_out_papers(talk.house, talk.asked, action.meeting_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return Answer(wording.papers_handed_out(talk.voice, result))


# Changed


async def _find_changeable(tx: Tx, talk: Talk, paper_id: int) -> PaperView | Refused:
    paper = await stored.get_paper(tx, paper_id)
    actor = await permitted(tx, talk.asked, paper.meeting_id, Right.PREPARE)
    if isinstance(actor, Refused):
        return actor
    if paper.withdrawn_at is not None:
        return Refused(Refusal.PAPER_WITHDRAWN, {"name": paper.paper.name})
    return paper


async def show_paper(talk: Talk, action: actions.ShowPaper) -> Answer:
    """Show a paper to those who may change it."""
    async with talk.house.database.snapshot() as tx:
        paper = await _find_changeable(tx, talk, action.paper_id)
        if isinstance(paper, Refused):
            return talk.refuse(paper)
        meeting = await get_meeting_view(tx, paper.meeting_id)
        items = await list_items(tx, paper.meeting_id)
    item = next((one for one in items if one.item_id == paper.item_id), None)
    card = paper_card(talk.about(meeting).voice, meeting, paper, item)
    return Answer(card=card, replaces=True)


async def withdraw_paper(talk: Talk, action: actions.WithdrawPaper) -> Answer:
    """Withdraw a paper, asked once more."""
    if not action.sure:
        async with talk.house.database.snapshot() as tx:
            paper = await _find_changeable(tx, talk, action.paper_id)
        if isinstance(paper, Refused):
            return talk.refuse(paper)
        text = wording.withdraw_unsure(talk.voice, paper.paper.name)
        sure = actions.WithdrawPaper(action.paper_id, 1)
        return Answer(card=sure_card(talk.voice, text, say(talk.voice, "Withdraw it"), sure))
    result = await papers.withdraw_paper(talk.house, talk.asked, action.paper_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    notice = wording.paper_withdrawn(talk.voice, result)
    return await _listed(talk, result.meeting_id, result.item_id or 0, notice=notice)


async def replace_paper(talk: Talk, action: actions.ReplacePaper) -> Answer:
    """Ask for the file that takes a paper's place."""
    async with talk.house.database.snapshot() as tx:
        paper = await _find_changeable(tx, talk, action.paper_id)
        if isinstance(paper, Refused):
            return talk.refuse(paper)
        meeting = await get_meeting_view(tx, paper.meeting_id)
    if meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(meeting))
    return await talk.ask(Replacement(action.paper_id, paper.paper.name))


async def add_papers(talk: Talk, action: actions.AddPapers) -> Answer:
    """Ask for papers of the meeting or of one item."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
        items = await list_items(tx, action.meeting_id)
    if meeting.state is MeetingState.CLOSED:
        return talk.refuse(closed_refusal(meeting))
    item = next((one for one in items if one.item_id == action.item_id), None)
    if item is None and action.item_id:
        return talk.refuse(Refused(Refusal.NOT_FOUND))
    title = "" if item is None else f"{item.number}. {item.title}"
    return await talk.ask(NewPapers(action.meeting_id, action.item_id, title))


# Files come in


@dataclass(frozen=True)
class PaperQuestion(Question):
    """A question that papers answer."""

    takes_file: ClassVar[bool] = True

    @abstractmethod
    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Take a file."""


async def read_file(file: File) -> tuple[Paper, bytes] | Refused:
    """Give a file that can be taken, with its bytes; looked into in a thread, as it may be large."""
    paper = await asyncio.to_thread(read_paper, file.name, file.size, file.content, file.size_limit)
    return paper if isinstance(paper, Refused) else (paper, file.content or b"")


@kept
@dataclass(frozen=True)
class NewPapers(PaperQuestion):
    """Papers of an item, or of the meeting with item 0; open until "Done", for any number of files."""

    topic: ClassVar[str] = "new_papers"
    meeting_id: int
    item_id: int
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return files_card(voice, wording.papers_wanted(voice, self.title), version)

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Attach a file, and go on asking."""
        read = await read_file(file)
        if isinstance(read, Refused):
            return read
        asked = replace(talk, version=None).asked
        added = await papers.add_paper(talk.house, asked, self.meeting_id, self.item_id or None, *read)
        if isinstance(added, Refused):
            return added
        version = talk.version or 0
        text = wording.papers_added(talk.voice, added)
        return Answer(card=files_card(talk.voice, text, version, is_first=False))

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take "xong"; anything else is no file."""
        return await self.skip(talk) if fold(text) in _DONE else Answer(wording.files_wanted(talk.voice))

    async def skip(self, talk: Talk) -> Answer | Refused:
        """End, and show what there is now."""
        await questions.give_up(talk.house, talk.asked)
        return await _listed(talk, self.meeting_id, self.item_id)


@kept
@dataclass(frozen=True)
class Replacement(PaperQuestion):
    """The file that takes a paper's place."""

    topic: ClassVar[str] = "replacement"
    paper_id: int
    name: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return files_card(voice, wording.replacement_wanted(voice, self.name), version)

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Put the file in the paper's place."""
        read = await read_file(file)
        if isinstance(read, Refused):
            return read
        added = await papers.replace_paper(talk.house, talk.asked, self.paper_id, *read)
        return added if isinstance(added, Refused) else await _added(talk, added)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take "xong"; anything else is no file."""
        return await self.skip(talk) if fold(text) in _DONE else Answer(wording.files_wanted(talk.voice))

    async def skip(self, talk: Talk) -> Answer | Refused:
        """Leave the paper as it is."""
        await questions.give_up(talk.house, talk.asked)
        return Answer(notices.left_as_it_is(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """Until the meeting is closed or the paper withdrawn."""
        del account_id
        try:
            paper = await stored.get_paper(tx, self.paper_id)
        except PaperNotFoundError:
            return False
        return paper.withdrawn_at is None and await is_going_on(tx, await find_concern(tx, self))


async def _added(talk: Talk, added: PapersAdded) -> Answer:
    notice = wording.papers_added(talk.voice, added)
    return replace(await _listed(talk, added.meeting_id, added.item_id or 0, notice=notice), replaces=False)


# Files that nobody asked for


async def take_unasked(talk: Talk, file: File) -> Answer | Refused:
    """Keep a file and ask what it is for, where its sender prepares a meeting; else it may be a workbook."""
    if await setup.is_workbook(talk, file):
        return await setup.take_file(talk, file, None)
    async with talk.house.database.snapshot() as tx:
        prepared = await _list_prepared(tx, talk)
    if not prepared:
        return await setup.take_file(talk, file, None)
    read = await read_file(file)
    if isinstance(read, Refused):
        return read
    refused = await papers.keep_file(talk.house, talk.asked, *read, is_first=True)
    if isinstance(refused, Refused):
        return refused
    paper, _ = read
    may_be_workbook = paper.kind is PaperKind.XLSX and bool(await setup.list_organised(talk))
    current = talk.account.current_meeting_id
    meeting_id = current if current in prepared else prepared[-1]
    return await talk.ask(await _file_use(talk, meeting_id, prepared, may_be_workbook=may_be_workbook))


async def _list_prepared(tx: Tx, talk: Talk) -> list[int]:
    """Give the meetings that go on and that this account may prepare, the oldest first."""
    account_id = talk.account.account_id
    found = []
    for organisation_id, person_id in await people.list_organisations_of(tx, account_id):
        for meeting_id, _ in await meetings.list_meetings_of(tx, organisation_id, person_id, also=None):
            actor = await people.find_actor(tx, account_id, meeting_id)
            if actor is not None and actor.may(Right.PREPARE):
                found.append(meeting_id)
    return sorted(found)


async def _file_use(talk: Talk, meeting_id: int, prepared: list[int], *, may_be_workbook: bool) -> "FileUse":
    async with talk.house.database.snapshot() as tx:
        meeting = await get_meeting_view(tx, meeting_id)
        items: list[list[int | str]] = [
            [item.item_id, f"{item.number}. {item.title}"] for item in await list_items(tx, meeting_id)
        ]
        others: list[list[int | str]] = [
            [other, (await get_meeting_view(tx, other)).title]
            for other in prepared[-_OTHERS_OFFERED:]
            if other != meeting_id
        ]
    return FileUse(meeting_id, meeting.title, items, others, may_be_workbook)


_OTHERS_OFFERED = 8


@kept
@dataclass(frozen=True)
class FileUse(PaperQuestion):
    """What files are for that came unasked: `items` and `others` are ids with their titles."""

    topic: ClassVar[str] = "file_use"
    meeting_id: int
    title: str
    items: list[list[int | str]]
    others: list[list[int | str]]
    may_be_workbook: bool

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return file_use_card(
            voice,
            version,
            (self.meeting_id, self.title),
            [(int(item_id), str(title)) for item_id, title in self.items],
            [(int(meeting_id), str(title)) for meeting_id, title in self.others],
            may_be_workbook=self.may_be_workbook,
        )

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Keep a further file; the same question is for all."""
        read = await read_file(file)
        if isinstance(read, Refused):
            return read
        asked = replace(talk, version=None).asked
        refused = await papers.keep_file(talk.house, asked, *read, is_first=False)
        if isinstance(refused, Refused):
            return refused
        return Answer(wording.more_taken(talk.voice, read[0].name))

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for a tap."""
        del text
        return Answer(wording.use_choice_wanted(talk.voice))


async def use_files(talk: Talk, action: actions.UseFiles) -> Answer:
    """Attach what was sent."""
    asked = replace(talk, version=action.version).asked
    added = await papers.add_sent_papers(talk.house, asked, action.meeting_id, action.item_id or None)
    return talk.refuse(added) if isinstance(added, Refused) else await _added(talk, added)


async def choose_files_meeting(talk: Talk, action: actions.ChooseFilesMeeting) -> Answer:
    """Ask again what the files are for, in another meeting."""
    async with talk.house.database.snapshot() as tx:
        prepared = await _list_prepared(tx, talk)
        waiting = await stored.list_sent_files(tx, talk.account.account_id)
    if not waiting:
        return talk.refuse(Refused(Refusal.FILES_GONE))
    if action.meeting_id not in prepared:
        return talk.refuse(Refused(Refusal.NOT_PERMITTED, {"right": Right.PREPARE}))
    is_one_table = [one.paper.kind for one in waiting] == [PaperKind.XLSX]
    may_be_workbook = is_one_table and bool(await setup.list_organised(talk))
    use = await _file_use(talk, action.meeting_id, prepared, may_be_workbook=may_be_workbook)
    return replace(await talk.ask(use), replaces=True)


async def use_as_workbook(talk: Talk, action: actions.UseAsWorkbook) -> Answer:
    """Read what was sent as a workbook."""
    del action
    async with talk.house.database.snapshot() as tx:
        waiting = await stored.list_sent_files(tx, talk.account.account_id)
        content = await stored.find_sent_content(tx, waiting[-1].file_id) if waiting else None
    if content is None:
        return talk.refuse(Refused(Refusal.FILES_GONE))
    file = File(waiting[-1].paper.name, len(content), content, len(content))
    return await setup.take_file(talk, file, None)


ROUTES: Routes = {
    actions.ShowPapers: show_papers,
    actions.GetPaper: get_paper,
    actions.AddPapers: add_papers,
    actions.ShowPaper: show_paper,
    actions.ReplacePaper: replace_paper,
    actions.WithdrawPaper: withdraw_paper,
    actions.HandOutPapers: hand_out_papers,
    actions.UseFiles: use_files,
    actions.ChooseFilesMeeting: choose_files_meeting,
    actions.UseAsWorkbook: use_as_workbook,
}
"""What each button of this topic does."""

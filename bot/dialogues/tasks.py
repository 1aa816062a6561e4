"""Tasks: listed, given step by step, reported as done, withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot import actions
from bot.cards.setup import question_card, sure_card
from bot.cards.tasks import own_tasks_card, owner_card, task_card, task_preview_card, tasks_card
from bot.dialogues.moving import Preview
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_day, typed_name
from bot.platforms.base import Answer, Card
from bot.wording import notices
from bot.wording import tasks as wording
from bot.wording.voice import Voice, say
from handlers import tasks
from handlers.asking import permitted
from handlers.meetings import Unchanged
from handlers.tasks import TaskDraft, admitted_to_task, refuse_tasks
from meeting.names import Closeness, find_namesakes, tidy_lines
from meeting.people import Right
from meeting.plan import NAME_LIMIT
from meeting.refusals import Refusal, Refused
from meeting.tasks import TASK_LIMIT
from storage import tasks as stored
from storage.database import Tx
from storage.reading import get_meeting_view, get_roll_view, get_tasks_view, list_items

_OFFERED = 8
_DAY_EXAMPLE = "30/06/2027"


def _today(talk: Talk, timezone: str) -> date:
    return talk.now().astimezone(ZoneInfo(timezone)).date()


async def show_tasks(talk: Talk, action: actions.ShowTasks) -> Answer:
    """Show a meeting's tasks."""
    return await _listed(talk, action.meeting_id, action.page)


async def _listed(talk: Talk, meeting_id: int, page: int = 0, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        view = await get_tasks_view(tx, meeting_id)
    today = _today(talk, view.meeting.timezone)
    return Answer(notice, tasks_card(talk.about(view.meeting).voice, view, page, today), replaces=True)


async def show_task(talk: Talk, action: actions.ShowTask) -> Answer:
    """Show one task to whom it concerns."""
    return await _task(talk, action.task_id)


async def _task(talk: Talk, task_id: int, notice: str = "") -> Answer:
    async with talk.house.database.snapshot() as tx:
        task = await stored.get_task(tx, task_id)
        actor = await admitted_to_task(tx, talk.asked, task)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, task.meeting_id)
        items = await list_items(tx, task.meeting_id)
    item = next((one for one in items if one.item_id == task.item_id), None)
    today, may_manage = _today(talk, meeting.timezone), actor.may(Right.PREPARE)
    card = task_card(talk.about(meeting).voice, meeting, task, item, today, may_manage=may_manage)
    return Answer(notice, card, replaces=True)


async def show_own_tasks(talk: Talk, action: actions.ShowOwnTasks) -> Answer:
    """Show what one has still to do."""
    async with talk.house.database.snapshot() as tx:
        own = await stored.list_own_tasks(tx, talk.account.account_id)
    days = {each.timezone: _today(talk, each.timezone) for each in own}
    return Answer(card=own_tasks_card(talk.voice, own, action.page, days), replaces=True)


async def finish_task(talk: Talk, action: actions.FinishTask) -> Answer:
    """Report a task as done, and show it so."""
    result = await tasks.finish_task(talk.house, talk.asked, action.task_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    is_repeat = isinstance(result, Unchanged)
    notice = wording.task_done_before(talk.voice) if is_repeat else wording.task_done(talk.voice)
    return await _task(talk, action.task_id, notice)


async def withdraw_task(talk: Talk, action: actions.WithdrawTask) -> Answer:
    """Withdraw a task, asked once more."""
    if not action.sure:
        async with talk.house.database.snapshot() as tx:
            task = await stored.get_task(tx, action.task_id)
            actor = await permitted(tx, talk.asked, task.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        sure, label = actions.WithdrawTask(action.task_id, 1), say(talk.voice, "Withdraw the task")
        return Answer(card=sure_card(talk.voice, wording.withdraw_sure(talk.voice, task.text), label, sure))
    result = await tasks.withdraw_task(talk.house, talk.asked, action.task_id)
    match result:
        case Refused():
            return talk.refuse(result)
        case Unchanged():
            return Answer(notices.unchanged(talk.voice))
        case _:
            return await _listed(talk, result.meeting_id, notice=wording.task_withdrawn(talk.voice))


# Given step by step


async def give_task(talk: Talk, action: actions.GiveTask) -> Answer:
    """Ask what is to be done."""
    async with talk.house.database.snapshot() as tx:
        actor = await permitted(tx, talk.asked, action.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, action.meeting_id)
        items = await list_items(tx, action.meeting_id)
    refused = refuse_tasks(meeting)
    item = next((one for one in items if one.item_id == action.item_id), None)
    if refused is None and item is None and action.item_id:
        refused = Refused(Refusal.NOT_FOUND)
    if refused is not None:
        return talk.refuse(refused)
    title = "" if item is None else f"{item.number}. {item.title}"
    return await talk.ask(TaskText(action.meeting_id, action.item_id, title))


@dataclass(frozen=True)
class _TaskQuestion(Question):
    """A question about a task of a meeting, of an item or with item 0 of the whole meeting."""

    meeting_id: int
    item_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """At any time: tasks are given after the close too."""
        del tx, account_id
        return True


@kept
@dataclass(frozen=True)
class TaskText(_TaskQuestion):
    """What is to be done."""

    topic: ClassVar[str] = "task_text"
    title: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = wording.text_wanted(voice, self.title), wording.text_example(voice)
        return question_card(voice, text, version, limit=TASK_LIMIT, example=example, is_long=True)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask who does it."""
        text = tidy_lines(text)
        if len(text) > TASK_LIMIT:
            return Refused(Refusal.TEXT_TOO_LONG, {"limit": TASK_LIMIT, "length": len(text)})
        return await talk.ask(TaskOwner(self.meeting_id, self.item_id, text))


@kept
@dataclass(frozen=True)
class TaskOwner(_TaskQuestion):
    """Who does it."""

    topic: ClassVar[str] = "task_owner"
    takes_any_name: ClassVar[bool] = True
    text: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        return question_card(voice, wording.owner_wanted(voice), version, limit=NAME_LIMIT)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take an attendee whose whole name it is, else ask whom it means, else take it as it is."""
        name = typed_name(text, NAME_LIMIT)
        if isinstance(name, Refused):
            return name
        async with talk.house.database.snapshot() as tx:
            roll = (await get_roll_view(tx, self.meeting_id)).attendees
        seats = {seat.attendee_id: seat for seat in roll}
        found = find_namesakes(name, ((seat.attendee_id, seat.name, seat.unit or "") for seat in roll))
        whole = [attendee_id for how, attendee_id in found if how is not Closeness.PART]
        if len(whole) == 1:
            return await _ask_day(talk, self, seats[whole[0]].name, whole[0])
        if not found:
            return await _ask_day(talk, self, name, 0)
        meant = [(one, seats[one].name, seats[one].unit or "") for _, one in found[:_OFFERED]]
        return await talk.ask(OwnerMeant(self.meeting_id, self.item_id, self.text, name, meant))


async def _ask_day(talk: Talk, question: "TaskOwner", owner: str, attendee_id: int) -> Answer:
    day = TaskDay(question.meeting_id, question.item_id, question.text, owner, attendee_id)
    return await talk.ask(day)


@kept
@dataclass(frozen=True)
class OwnerMeant(TaskOwner):
    """Which attendee a typed name means; `meant` are id, name and unit of those who are offered."""

    topic: ClassVar[str] = "task_owner_meant"
    typed: str
    meant: list[tuple[int, str, str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        seats = [(one, ", ".join(filter(None, (name, unit)))) for one, name, unit in self.meant]
        return owner_card(voice, self.typed, seats, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of them, or with 0 the name as it was typed."""
        if choice == 0:
            return await _ask_day(talk, self, self.typed, 0)
        name = next((name for one, name, _ in self.meant if one == choice), None)
        return None if name is None else await _ask_day(talk, self, name, choice)


@kept
@dataclass(frozen=True)
class TaskDay(_TaskQuestion):
    """By which day; `attendee_id` is the owner's, 0 where it is no attendee."""

    topic: ClassVar[str] = "task_day"
    text: str
    owner: str
    attendee_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.day_wanted(voice)
        return question_card(voice, text, version, limit=NAME_LIMIT, example=_DAY_EXAMPLE)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take today or a later day, and show the whole."""
        day = typed_day(text)
        if day is None:
            return Refused(Refusal.DAY_UNREADABLE)
        async with talk.house.database.snapshot() as tx:
            timezone = (await get_meeting_view(tx, self.meeting_id)).timezone
        if day < _today(talk, timezone):
            return Refused(Refusal.DEADLINE_PAST)
        preview = TaskPreview(
            self.meeting_id, self.item_id, self.text, self.owner, self.attendee_id, day.isoformat()
        )
        return await talk.ask(preview)


@kept
@dataclass(frozen=True)
class TaskPreview(Preview, _TaskQuestion):
    """A task before it is given; `due_on` is an ISO day."""

    topic: ClassVar[str] = "task_preview"
    text: str
    owner: str
    attendee_id: int
    due_on: str

    def card(self, voice: Voice, version: int) -> Card:
        """Show it."""
        return task_preview_card(voice, self.text, self.owner, date.fromisoformat(self.due_on), version)

    async def confirm(self, talk: Talk) -> Answer | Refused:
        """Give it, and show the list."""
        draft = TaskDraft(self.text, self.owner, self.attendee_id or None, date.fromisoformat(self.due_on))
        given = await tasks.give_task(talk.house, talk.asked, self.meeting_id, self.item_id or None, draft)
        if isinstance(given, Refused):
            return given
        notice = wording.task_given(talk.voice, is_owner_told=given.is_owner_told)
        return await _listed(talk, self.meeting_id, notice=notice)


ROUTES: Routes = {
    actions.ShowTasks: show_tasks,
    actions.ShowTask: show_task,
    actions.ShowOwnTasks: show_own_tasks,
    actions.GiveTask: give_task,
    actions.FinishTask: finish_task,
    actions.WithdrawTask: withdraw_task,
}
"""What each button of this topic does."""

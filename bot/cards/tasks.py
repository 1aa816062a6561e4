"""Tasks of a meeting: listed, one of them, one's own, and what those concerned are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions import (
    Action,
    CancelDialogue,
    ChooseAnswer,
    ConfirmPlan,
    FinishTask,
    GiveTask,
    ShowMeeting,
    ShowOwnTasks,
    ShowTask,
    ShowTasks,
    WithdrawTask,
)
from bot.cards.layout import button, clipped, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import tasks as wording
from bot.wording.dates import day_text
from bot.wording.voice import Voice, say
from meeting.names import tidy
from meeting.plan import NAME_LIMIT
from meeting.states import MeetingState
from meeting.tasks import LAST_DAY, TaskState
from storage.views import ItemView, MeetingView, OwnTaskView, TasksView, TaskView

_LISTED = 160


def has_tasks(meeting: MeetingView) -> bool:
    """Whether a meeting can give tasks: it was opened, and not cancelled."""
    return meeting.state is not MeetingState.PLANNED and meeting.cancelled_at is None


def tasks_card(voice: Voice, view: TasksView, page: int, today: date) -> Card:
    """Give a page of a meeting's tasks to those who prepare it, each with a button."""
    meeting_id = view.meeting.meeting_id
    places = {task.task_id: place for place, task in enumerate(view.tasks, 1)}
    shown = page_of(view.tasks, page)
    lines = [strong(say(voice, "Tasks: %(title)s", title=clipped(view.meeting.title)))]
    if not view.tasks:
        lines.append(Line(say(voice, "No tasks yet.")))
    for task in shown:
        lines.append(Line(f"{places[task.task_id]}. {clipped(tidy(task.text), _LISTED)}"))
        lines.append(
            soft(
                say(
                    voice,
                    "%(owner)s, by %(day)s: %(state)s",
                    owner=clipped(task.owner, 80),
                    day=wording.day_figures(task.due_on),
                    state=wording.state_text(voice, task, today),
                )
            )
        )
    rows: list[tuple[Choice, ...]] = [
        (button(f"{places[task.task_id]}. {tidy(task.text)}", ShowTask(task.task_id)),) for task in shown
    ]
    rows += page_rows(voice, view.tasks, page, lambda number: ShowTasks(meeting_id, number))
    last = (
        button(say(voice, "Give a task"), GiveTask(meeting_id, 0)),
        button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id)),
    )
    return Card(tuple(lines), (*rows, last))


def task_card(
    voice: Voice,
    meeting: MeetingView,
    task: TaskView,
    item: ItemView | None,
    today: date,
    *,
    may_manage: bool,
) -> Card:
    """Give one task with what its owner, or who prepares the meeting, may do with it."""
    lines = [strong(task.text), *_about_lines(voice, task, meeting.title)]
    if item is not None:
        lines.append(soft(clipped(f"{item.number}. {item.title}")))
    lines.append(Line(say(voice, "State: %(state)s", state=wording.state_text(voice, task, today))))
    first: list[Choice] = []
    if task.state is TaskState.OPEN:
        first.append(_done_button(voice, task))
        if may_manage:
            first.append(button(say(voice, "Withdraw the task"), WithdrawTask(task.task_id, 0)))
    back: Action = ShowTasks(meeting.meeting_id, 0) if may_manage else ShowOwnTasks(0)
    last = (button(say(voice, "‹ Tasks"), back),)
    return Card(tuple(lines), (tuple(first), last) if first else (last,))


def _about_lines(voice: Voice, task: TaskView, meeting: str) -> list[Line]:
    return [
        Line(say(voice, "Responsible: %(owner)s", owner=task.owner)),
        Line(say(voice, "Last day: %(day)s.", day=day_text(voice, task.due_on))),
        soft(clipped(meeting)),
    ]


def _done_button(voice: Voice, task: TaskView) -> Choice:
    return button(say(voice, "It is done"), FinishTask(task.task_id))


def own_tasks_card(voice: Voice, own: Sequence[OwnTaskView], page: int, now_on: dict[str, date]) -> Card:
    """Give a page of what somebody has still to do; `now_on` is the day it is in each task's time zone."""
    lines = [strong(say(voice, "My tasks"))]
    if not own:
        lines.append(Line(say(voice, "You have no task to do.")))
    rows: list[tuple[Choice, ...]] = []
    for place, each in page_of(list(enumerate(own, 1)), page):
        task, there = each.task, replace(voice, timezone=ZoneInfo(each.timezone))
        lines.append(Line(f"{place}. {clipped(tidy(task.text), _LISTED)}"))
        text = say(
            there,
            "by %(day)s: %(state)s; %(meeting)s",
            day=wording.day_figures(task.due_on),
            state=wording.state_text(there, task, now_on[each.timezone]),
            meeting=clipped(each.meeting, 80),
        )
        lines.append(soft(text))
        rows.append((button(f"{place}. {tidy(task.text)}", ShowTask(task.task_id)),))
    return Card(tuple(lines), (*rows, *page_rows(voice, own, page, ShowOwnTasks)))


# Giving one


def owner_card(voice: Voice, typed: str, seats: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask which of the attendees (id, name with unit) a typed name means, or whether none of them."""
    rows = [(button(name, ChooseAnswer(version, attendee_id)),) for attendee_id, name in seats]
    as_typed = button(wording.button_as_typed(voice, typed), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    text = wording.owner_meant(voice, clipped(typed, 80))
    return Card((strong(text),), (*rows, (as_typed,), (cancel,)), ask=Ask(limit=NAME_LIMIT))


def task_preview_card(voice: Voice, text: str, owner: str, due_on: date, version: int) -> Card:
    """Give a task before it is given."""
    lines = (
        strong(say(voice, "Give this task?")),
        Line(text),
        Line(say(voice, "Responsible: %(owner)s", owner=owner)),
        Line(say(voice, "Last day: %(day)s.", day=day_text(voice, due_on))),
    )
    give = button(say(voice, "Give it"), ConfirmPlan(version))
    return Card(lines, ((give, button(say(voice, "Cancel"), CancelDialogue(version))),))


# What is told


def _titled(title: str, voice: Voice, meeting: MeetingView, task: TaskView, *choices: Choice) -> Card:
    lines = (strong(title), *_about_lines(voice, task, meeting.title))
    return Card(lines, (choices,) if choices else ())


def task_given_card(voice: Voice, meeting: MeetingView, task: TaskView) -> Card:
    """Tell the owner of a task, in official words."""
    day = wording.day_figures(task.due_on)
    title = say(voice, "Task: %(text)s, by %(day)s.", text=task.text, day=day)
    own = button(say(voice, "My tasks"), ShowOwnTasks(0))
    return _titled(title, voice, meeting, task, _done_button(voice, task), own)


def task_due_card(voice: Voice, meeting: MeetingView, task: TaskView, part: int, *, is_own: bool) -> Card:
    """Remind of a task so many days before its last one; its owner, or who watches over it."""
    if part > LAST_DAY:
        title = say(voice, "Soon due: %(text)s", text=task.text)
    elif part == LAST_DAY:
        title = say(voice, "Due today: %(text)s", text=task.text)
    else:
        title = say(voice, "Overdue: %(text)s", text=task.text)
    if is_own:
        return _titled(title, voice, meeting, task, _done_button(voice, task))
    card = _titled(title, voice, meeting, task, button(say(voice, "To the task"), ShowTask(task.task_id)))
    if part < LAST_DAY:
        return card
    hint = say(voice, "Who is responsible can't be reached here: please remind them yourself.")
    return replace(card, lines=(*card.lines, soft(hint)))


def task_done_card(voice: Voice, meeting: MeetingView, task: TaskView) -> Card:
    """Tell those who keep the meeting's papers that a task was reported as done."""
    return _titled(say(voice, "Reported as done: %(text)s", text=task.text), voice, meeting, task)


def task_withdrawn_card(voice: Voice, meeting: MeetingView, task: TaskView) -> Card:
    """Tell the owner that nothing is to be done any more."""
    return _titled(say(voice, "Task withdrawn: %(text)s", text=task.text), voice, meeting, task)

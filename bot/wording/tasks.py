"""What is said about tasks: their questions, what became of them, how they are listed."""

from datetime import date
from typing import assert_never

from bot.wording.voice import Voice, say
from meeting.tasks import TaskState
from storage.views import TaskView


def day_figures(on: date) -> str:
    """Give a day in figures, as it is typed: "30/06/2027"."""
    return f"{on:%d/%m/%Y}"


def state_text(voice: Voice, task: TaskView, today: date) -> str:
    """Give where a task stands on a day."""
    match task.state:
        case TaskState.OPEN:
            return say(voice, "overdue") if task.due_on < today else say(voice, "to be done")
        case TaskState.DONE:
            return say(voice, "done")
        case TaskState.WITHDRAWN:
            return say(voice, "withdrawn")
    assert_never(task.state)


def text_wanted(voice: Voice, item: str) -> str:
    """Ask what is to be done; `item` is the item's title, "" where it is of the whole meeting."""
    if not item:
        return say(voice, "What is to be done?")
    return say(voice, "What is to be done after “%(item)s”?", item=item)


def text_example(voice: Voice) -> str:
    """Give a task as one is written."""
    return say(voice, "Submit the draft of the revised spending rules")


def owner_wanted(voice: Voice) -> str:
    """Ask who does it."""
    return say(voice, "Who is responsible? An attendee's name, or any other person or unit.")


def owner_meant(voice: Voice, typed: str) -> str:
    """Ask whom a typed name means."""
    return say(voice, "Whom do you mean by “%(typed)s”?", typed=typed)


def button_as_typed(voice: Voice, typed: str) -> str:
    """Give the button that takes a name for somebody who is no attendee."""
    return say(voice, "Nobody of these: %(typed)s", typed=typed)


def day_wanted(voice: Voice) -> str:
    """Ask by which day it is to be done."""
    return say(voice, "By which day?")


def task_given(voice: Voice, *, is_owner_told: bool) -> str:
    """Say that the task is given, and who has to tell its owner."""
    if is_owner_told:
        return say(voice, "The task is given, and who is responsible is told.")
    return say(voice, "The task is given. Who is responsible can't be told here: please tell them yourself.")


def task_done(voice: Voice) -> str:
    """Say that the report is recorded."""
    return say(voice, "Recorded as done; the secretary is told.")


def task_done_before(voice: Voice) -> str:
    """Say that it was reported before."""
    return say(voice, "This task was recorded as done before.")


def withdraw_sure(voice: Voice, text: str) -> str:
    """Ask once more whether a task is withdrawn."""
    return say(voice, "Withdraw this task? Who is responsible is told. %(text)s", text=text)


def task_withdrawn(voice: Voice) -> str:
    """Say that it is withdrawn."""
    return say(voice, "The task is withdrawn; nobody is reminded of it any more.")


def button_own_tasks(voice: Voice, count: int) -> str:
    """Give the button to one's own tasks."""
    return say(voice, "My tasks (%(count)s)", count=count)

"""Actions on tasks from the resolution."""

from bot.actions.codec import Action, action


@action("tasks")
class ShowTasks(Action):
    """Show a meeting's tasks to those who prepare it, a page at a time."""

    meeting_id: int
    page: int


@action("task")
class ShowTask(Action):
    """Show one task to whom it concerns."""

    task_id: int


@action("owntasks")
class ShowOwnTasks(Action):
    """Show what one has still to do, a page at a time."""

    page: int


@action("givetask")
class GiveTask(Action):
    """Give a task of an item, or of the meeting itself with item 0; what, who and when are asked for."""

    meeting_id: int
    item_id: int


@action("taskdone")
class FinishTask(Action):
    """Report a task as done."""

    task_id: int


@action("withdrawtask")
class WithdrawTask(Action):
    """Withdraw a task; asked once more (`sure`)."""

    task_id: int
    sure: int

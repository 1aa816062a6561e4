"""Actions on the agenda and its items."""

from bot.actions.codec import Action, action
from meeting.agenda import Direction


@action("goto")
class GoToItem(Action):
    """Make an item the current one."""

    item_id: int


@action("next")
class NextItem(Action):
    """Go to the item after `item_id` (0: the first); tapped twice it goes one step only."""

    meeting_id: int
    item_id: int


@action("agenda")
class ShowAgenda(Action):
    """Show the agenda, with what may be changed."""

    meeting_id: int
    page: int


@action("item")
class ShowItem(Action):
    """Show one item and what may be done with it."""

    item_id: int


@action("additem")
class AddItem(Action):
    """Add an item; its title is asked for."""

    meeting_id: int


@action("rename")
class RenameItem(Action):
    """Rename an item; the new title is asked for."""

    item_id: int


@action("move")
class MoveItem(Action):
    """Move an item by a place."""

    item_id: int
    direction: Direction


@action("skip")
class SkipItem(Action):
    """Leave an item out."""

    item_id: int


@action("advisory")
class SetAdvisory(Action):
    """Have the meeting only give its opinion on an item (1), or decide it (0)."""

    item_id: int
    advisory: int


@action("note")
class NoteItem(Action):
    """Record that an item was heard, with nothing to decide."""

    item_id: int


@action("retake")
class RetakeItem(Action):
    """Take up again what was decided without a count."""

    item_id: int


@action("adopt")
class AdoptItem(Action):
    """Record that an item was agreed without a count; `additions` 1 asks for what was added."""

    item_id: int
    additions: int

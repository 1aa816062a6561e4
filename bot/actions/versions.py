"""Actions on the text of an item and its versions."""

from bot.actions.codec import Action, action


@action("text")
class ShowText(Action):
    """Show an item's text in a version (0: the newest)."""

    item_id: int
    version: int
    page: int


@action("changes")
class ShowChanges(Action):
    """Show how a version of an item's text differs from an earlier one."""

    item_id: int
    earlier: int
    version: int
    page: int


@action("wordtext")
class WordText(Action):
    """Word an item's text anew; the whole of it is asked for."""

    item_id: int


@action("addtext")
class AddToText(Action):
    """Add to an item's text; what is added is asked for."""

    item_id: int


@action("textpapers")
class ChooseTextPaper(Action):
    """Take an item's text from a paper; which one is asked for."""

    item_id: int
    page: int


@action("quotepaper")
class QuotePaper(Action):
    """Take an item's text from this paper; the passage is asked for."""

    item_id: int
    paper_id: int


@action("textitems")
class ChooseTextItem(Action):
    """Take an item's text from another item; which one is asked for."""

    item_id: int
    page: int


@action("copytext")
class CopyText(Action):
    """Take over the newest text of another item, the `source`, where an item has none."""

    item_id: int
    source_id: int


@action("restoretext")
class RestoreText(Action):
    """Have an item's text read again as in an earlier version, where `newest` is still the newest."""

    item_id: int
    version: int
    newest: int

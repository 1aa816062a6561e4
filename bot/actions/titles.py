"""Actions on titles."""

from enum import StrEnum

from bot.actions.codec import Action, action
from meeting.titles import RecipientKind


class TitleField(StrEnum):
    """What a decision on a title says, piece by piece."""

    TITLE = "title"
    NUMBER = "number"
    DAY = "day"
    ISSUER = "issuer"
    QUOTA = "quota"


@action("titles")
class ShowTitles(Action):
    """Show a meeting's titles to those who prepare it, a page at a time."""

    meeting_id: int
    page: int


@action("title")
class ShowTitle(Action):
    """Show one title with a page of those who receive it."""

    title_id: int
    page: int


@action("addtitle")
class AddTitle(Action):
    """Add a title; what the decision says is asked for."""

    meeting_id: int


@action("edittitle")
class EditTitle(Action):
    """Show what of a decision can be changed."""

    title_id: int


@action("settitle")
class ChangeTitle(Action):
    """Change one thing that a decision says; it is asked for."""

    title_id: int
    field: TitleField


@action("withdrawtitle")
class WithdrawTitle(Action):
    """Withdraw a decision; asked once more (`sure`)."""

    title_id: int
    sure: int


@action("recipients")
class AddRecipients(Action):
    """Add recipients of one kind; their names are asked for."""

    title_id: int
    kind: RecipientKind


@action("unrecipient")
class RemoveRecipient(Action):
    """Take a recipient out of a title; asked once more (`sure`)."""

    recipient_id: int
    sure: int


@action("commend")
class AddCommendation(Action):
    """Add the item with which titles are announced."""

    meeting_id: int


@action("announcetitles")
class AnnounceTitles(Action):
    """Announce a title with an item, or with title 0 all; asked again, with the `mark` of what was shown."""

    item_id: int
    title_id: int
    mark: str

"""Actions on papers and files that were sent."""

from bot.actions.codec import Action, action


@action("papers")
class ShowPapers(Action):
    """Show the papers of a meeting; of one item those of the item and of the whole meeting."""

    meeting_id: int
    item_id: int
    page: int


@action("getpaper")
class GetPaper(Action):
    """Have a paper handed over."""

    paper_id: int


@action("addpapers")
class AddPapers(Action):
    """Ask for papers of an item, or of the meeting itself with item 0."""

    meeting_id: int
    item_id: int


@action("paper")
class ShowPaper(Action):
    """Show one paper to those who may replace or withdraw it."""

    paper_id: int


@action("replacepaper")
class ReplacePaper(Action):
    """Ask for the file that takes a paper's place."""

    paper_id: int


@action("withdrawpaper")
class WithdrawPaper(Action):
    """Withdraw a paper; asked once more (`sure`)."""

    paper_id: int
    sure: int


@action("handout")
class HandOutPapers(Action):
    """Send the list of papers to all attendees; asked once more (`sure`)."""

    meeting_id: int
    sure: int


@action("usefiles")
class UseFiles(Action):
    """Say that the files that were sent are papers: of an item, or of the meeting with item 0."""

    version: int
    meeting_id: int
    item_id: int


@action("filesmeeting")
class ChooseFilesMeeting(Action):
    """Say which meeting the files that were sent are for."""

    version: int
    meeting_id: int


@action("useasworkbook")
class UseAsWorkbook(Action):
    """Say that the file that was sent is a workbook with a meeting."""

    version: int

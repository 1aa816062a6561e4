"""Actions on scoring in a cluster."""

from bot.actions.codec import Action, action
from meeting.scoring import SheetKind


@action("criteria")
class EnterCriteria(Action):
    """Give an item criteria, asked for step by step."""

    item_id: int


@action("showcriteria")
class ShowCriteria(Action):
    """Show the criteria, a page at a time."""

    scoring_id: int
    page: int


@action("scoring")
class ShowScoring(Action):
    """Show how far a scoring has come and what one may do in it."""

    scoring_id: int


@action("openscoring")
class OpenScoring(Action):
    """Have the units score until a deadline, which is asked for."""

    scoring_id: int


@action("endscoring")
class EndScoring(Action):
    """End the units' scoring; asked once more (`sure`)."""

    scoring_id: int
    sure: int


@action("sheet")
class ShowSheet(Action):
    """Show a sheet to who fills it, a page at a time; `unit_id` is whom it is about."""

    scoring_id: int
    kind: SheetKind
    unit_id: int
    page: int


@action("score")
class EnterScore(Action):
    """Give points for one criterion; they and the evidence are asked for."""

    scoring_id: int
    kind: SheetKind
    unit_id: int
    criterion_id: int


@action("handin")
class HandInSheet(Action):
    """Hand a sheet in."""

    scoring_id: int
    kind: SheetKind
    unit_id: int


@action("getsheet")
class GetSheet(Action):
    """Get a sheet as a workbook to be filled in and sent back."""

    scoring_id: int
    kind: SheetKind
    unit_id: int


@action("sheets")
class ShowSheets(Action):
    """Show the units' sheets to those who verify or enter them, or crosswise to a unit."""

    scoring_id: int
    kind: SheetKind
    page: int


@action("verify")
class ShowVerifying(Action):
    """Show a unit's sheet to who verifies it, a page at a time."""

    scoring_id: int
    unit_id: int
    page: int


@action("changescore")
class ChangeScore(Action):
    """Give a unit other points for a criterion; they and the reason are asked for."""

    scoring_id: int
    unit_id: int
    criterion_id: int


@action("verified")
class VerifySheet(Action):
    """Verify a unit's sheet as it was shown, by its mark."""

    scoring_id: int
    unit_id: int
    mark: str


@action("ranking")
class ShowRanking(Action):
    """Show the ranking: to who verifies, and to everybody once it is put to the meeting."""

    scoring_id: int


@action("getranking")
class GetRanking(Action):
    """Get the ranking with all points as a workbook."""

    scoring_id: int


@action("putranking")
class PutRanking(Action):
    """Put the ranking to an item; with item 0 asked to which."""

    scoring_id: int
    item_id: int


@action("takebackranking")
class TakeBackRanking(Action):
    """Take the ranking back before it is decided on; asked once more (`sure`)."""

    scoring_id: int
    sure: int

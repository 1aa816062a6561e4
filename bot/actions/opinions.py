"""Actions on opinions."""

from bot.actions.codec import Action, action
from meeting.opinions import OpinionState


@action("opinions")
class ShowOpinions(Action):
    """Show what was said to an item, or with item 0 in the whole meeting, and what became of it."""

    meeting_id: int
    item_id: int
    page: int


@action("oneopinion")
class ShowOpinion(Action):
    """Show one opinion in full."""

    opinion_id: int


@action("sayopinion")
class SendOpinion(Action):
    """Say something oneself on an item; with item 0 on the current one, or on what is then chosen."""

    meeting_id: int
    item_id: int


@action("enteropinion")
class EnterOpinion(Action):
    """Enter the opinion of somebody else, or of a unit; with item 0 what it is about is asked for."""

    meeting_id: int
    item_id: int


@action("decideopinion")
class DecideOpinion(Action):
    """Take an opinion up, answer it or leave it; the words for it are asked for."""

    opinion_id: int
    outcome: OpinionState


@action("sortopinion")
class SortOpinion(Action):
    """Put an opinion to another kind or item, which are asked for."""

    opinion_id: int


@action("mergeopinion")
class MergeOpinion(Action):
    """Have an opinion go with another, which is asked for."""

    opinion_id: int


@action("hideopinion")
class HideOpinion(Action):
    """Show an opinion to members no more; the reason is asked for."""

    opinion_id: int


@action("restoreopinion")
class RestoreOpinion(Action):
    """Have an opinion that was hidden or merged wait by itself again."""

    opinion_id: int


@action("opiniontable")
class GetOpinionTable(Action):
    """Get all opinions of a meeting as a table to be filled in."""

    meeting_id: int


@action("takeopinions")
class TakeOpinionTable(Action):
    """Take a filled-in table of opinions in."""

    meeting_id: int

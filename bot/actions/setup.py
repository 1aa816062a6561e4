"""Actions that set a meeting up."""

from bot.actions.codec import Action, action
from meeting.regimes import Template


@action("newmeeting")
class NewMeeting(Action):
    """Start the set-up dialogue of a meeting of this organisation."""

    organisation_id: int


@action("template")
class ChooseTemplate(Action):
    """Answer the set-up dialogue's first question."""

    organisation_id: int
    template: Template


@action("workbook")
class GetWorkbook(Action):
    """Hand out the workbook, filled with an example, and wait for it."""

    organisation_id: int
    template: Template


@action("import")
class ImportWorkbook(Action):
    """Ask for a workbook with a meeting of this organisation."""

    organisation_id: int

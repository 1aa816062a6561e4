"""Answers to the question that is pending; `version` tells the button of an earlier one."""

from bot.actions.codec import Action, action


@action("yesno")
class AnswerYesNo(Action):
    """Answer a yes-or-no question of the dialogue whose version it names."""

    version: int
    yes: int


@action("choose")
class ChooseAnswer(Action):
    """Answer the dialogue whose version it names by one of the answers that it offers."""

    version: int
    choice: int


@action("confirmplan")
class ConfirmPlan(Action):
    """Store what the preview showed; the version names the preview."""

    version: int


@action("giveup")
class CancelDialogue(Action):
    """Give up the pending question of this version; 0 puts away a card that asks nothing."""

    version: int


@action("skipquestion")
class SkipQuestion(Action):
    """Leave the pending question unanswered and go on, where it may be."""

    version: int

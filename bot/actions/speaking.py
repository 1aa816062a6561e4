"""Actions on the queue for the floor, and on speeches."""

from bot.actions.codec import Action, action
from meeting.agenda import Direction
from meeting.speaking import SpeechKind


@action("askfloor")
class AskFloor(Action):
    """Ask to speak on the item that was shown as being on."""

    meeting_id: int
    item_id: int


@action("turntopic")
class StateTopic(Action):
    """Say what one is going to speak about; asked for."""

    turn_id: int


@action("withdrawturn")
class WithdrawTurn(Action):
    """Ask no more to speak; from the list (`listed`) it is shown anew."""

    turn_id: int
    listed: int


@action("floor")
class ShowFloor(Action):
    """Show who speaks and a page of who waits."""

    meeting_id: int
    page: int


@action("turn")
class ShowTurn(Action):
    """Show one request with what can be done with it."""

    turn_id: int


@action("callturn")
class CallSpeaker(Action):
    """Give somebody the floor; from the list (`listed`) it is shown anew."""

    turn_id: int
    listed: int


@action("endturn")
class FinishSpeaking(Action):
    """Record that somebody has spoken; from the list (`listed`) it is shown anew."""

    turn_id: int
    listed: int


@action("passturn")
class PassOver(Action):
    """Pass over somebody who waits or was called."""

    turn_id: int


@action("moveturn")
class MoveTurn(Action):
    """Move somebody who waits by a place."""

    turn_id: int
    direction: Direction


@action("enterturn")
class EnterTurn(Action):
    """Enter an attendee who asks to speak without a phone; who is asked for."""

    meeting_id: int


@action("showminutes")
class ShowFloorMinutes(Action):
    """Ask how long each may speak."""

    meeting_id: int


@action("floorminutes")
class SetFloorMinutes(Action):
    """Set how long each may speak; 0 without a limit."""

    meeting_id: int
    minutes: int


@action("speeches")
class ShowSpeeches(Action):
    """Show a page of a meeting's speeches and conclusions."""

    meeting_id: int
    page: int


@action("speech")
class ShowSpeech(Action):
    """Show one speech."""

    speech_id: int


@action("addspeech")
class AddSpeech(Action):
    """Record a speech on an item, or with item 0 on the meeting; who and what are asked for."""

    meeting_id: int
    item_id: int
    kind: SpeechKind


@action("speechtext")
class CorrectSpeech(Action):
    """Correct what somebody said; asked for."""

    speech_id: int


@action("speechspeaker")
class CorrectSpeaker(Action):
    """Correct who spoke; asked for."""

    speech_id: int


@action("withdrawspeech")
class WithdrawSpeech(Action):
    """Withdraw a speech; asked once more (`sure`)."""

    speech_id: int
    sure: int

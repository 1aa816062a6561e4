"""What is said about who speaks: the queue for the floor, speeches, and why something isn't done."""

from bot.wording.voice import Voice, say
from meeting.refusals import Refusal


def speaking_refused(voice: Voice, reason: Refusal) -> str:
    """Say why the floor isn't asked for or given, or a speech not recorded, and what to do next."""
    match reason:
        case Refusal.FLOOR_NOTHING_ON:
            return say(
                voice, "No item is being dealt with now. You can ask to speak when the chair comes to one."
            )
        case Refusal.FLOOR_ABSENT:
            return say(voice, "Only who is recorded as present can speak. Confirm the presence first.")
        case Refusal.FLOOR_TOO_OFTEN:
            return say(
                voice, "You have asked to speak on this item many times. Please turn to the secretary directly."
            )
        case Refusal.FLOOR_GIVEN:
            return say(voice, "The floor is given already. Who does not want to speak tells the chair.")
        case Refusal.FLOOR_SETTLED:
            return say(voice, "This request to speak is settled already. If need be, ask to speak anew.")
        case Refusal.FLOOR_DURING_VOTE:
            return say(voice, "A vote is running. The floor is given again when it has ended.")
        case Refusal.SPEECHES_TOO_MANY:
            return say(
                voice, "This meeting has too many speeches already; several may be put into one record."
            )
        case _:
            return say(voice, "This speech was withdrawn; look at the newest list.")

"""What people are asked to consent to, in words, each purpose apart (`domain.md` §6.1).

A change of a text that changes its meaning is a new version: what was answered is stored with the version.
"""

from typing import assert_never

from bot.wording.voice import Voice, say
from meeting.people import Purpose

CONSENT_VERSION = "1"


def consent_text(voice: Voice, purpose: Purpose, controller: str) -> str:
    """Give the question of one purpose: types of data, purpose, controller, rights, and that no is no harm.

    `controller` is the organisation that holds the meeting.
    """
    match purpose:
        case Purpose.CONTACT:
            asked = say(
                voice,
                "May %(controller)s keep your contact data, that is your phone number and the chat account "
                "or web page you use here, in order to send you this organisation's meeting papers and "
                "ballots and to recognise you?",
                controller=controller,
            )
            without = say(
                voice,
                "Without it you take part in the hall: the secretary records your presence and your vote.",
            )
        case Purpose.REMINDERS:
            asked = say(
                voice,
                "May %(controller)s use this chat to remind you of meetings: to reply, to come, to vote, "
                "to confirm?",
                controller=controller,
            )
            without = say(
                voice, "Without it you get the invitation, the ballots and the results, but no reminders."
            )
        case _:
            assert_never(purpose)
    return f"{asked}\n{without}\n{_rights_text(voice, controller)}"


def _rights_text(voice: Voice, controller: str) -> str:
    return say(
        voice,
        "%(controller)s is responsible for the data. You may at any time see, correct or get a copy of it, "
        "withdraw this consent or ask for erasure, by telling the secretary; what the law demands to be "
        "kept stays in the meeting's papers. (Wording %(version)s)",
        controller=controller,
        version=CONSENT_VERSION,
    )


def consent_given_text(voice: Voice, purpose: Purpose, *, is_given: bool, is_let_go: bool = False) -> str:
    """Give what is answered to a consent or a refusal of it; `is_let_go` where the link ended with it."""
    match purpose, is_given:
        case Purpose.CONTACT, False if is_let_go:
            return say(
                voice,
                "Recorded: you do not consent to the use of your contact data. The link was ended here; "
                "in the hall the secretary records your presence and your vote.",
            )
        case Purpose.CONTACT, True:
            return say(voice, "Recorded: you consent to the use of your contact data.")
        case Purpose.CONTACT, False:
            return say(voice, "Recorded: you do not consent to the use of your contact data.")
        case Purpose.REMINDERS, True:
            return say(voice, "Recorded: you want to be reminded.")
        case _:
            return say(voice, "Recorded: you will not be reminded.")

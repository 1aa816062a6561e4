"""Why something is not done with a pledge, and what to do next."""

from collections.abc import Mapping
from typing import Any

from bot.wording.voice import Voice, say
from meeting.refusals import Refusal

_NAME = 40


def _named(facts: Mapping[str, Any], key: str, otherwise: str) -> str:
    name = str(facts.get(key) or "") or otherwise
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def pledge_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    """Say why something is not done with a pledge, and what to do next."""
    text = _refused(voice, reason, facts)
    return f"{text[0].upper()}{text[1:]}"


def _refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    party = _named(facts, "party", say(voice, "this party"))
    match reason:
        case Refusal.PLEDGE_NOT_SIGNER:
            signer = _named(facts, "signer", say(voice, "its signer"))
            return say(
                voice,
                "For %(party)s only %(signer)s can confirm. If that is wrong, tell the organiser.",
                party=party,
                signer=signer,
            )
        case Refusal.PLEDGE_NOT_FROZEN:
            return say(
                voice,
                "The pledge can't be confirmed now: its text was changed, or confirming has not begun. "
                "You are told when it begins.",
            )
        case Refusal.PLEDGE_SUPERSEDED:
            return say(
                voice,
                "The text was changed since: what you saw is superseded. Please open the pledge again and "
                "read the new version.",
            )
        case Refusal.PLEDGE_NOT_TURN:
            return say(
                voice,
                "The parties confirm in a fixed order, and it is not your turn yet. You are asked "
                "when it is.",
            )
        case Refusal.PLEDGE_ON_PAPER:
            return say(
                voice, "This pledge is signed on paper only. Please sign the paper that the secretary has."
            )
        case Refusal.PLEDGE_HAS_SIGNER:
            signer = _named(facts, "signer", say(voice, "somebody"))
            return say(
                voice,
                "%(party)s has its signer already: %(signer)s. A party has one; replace the signer if "
                "another is to confirm.",
                party=party,
                signer=signer,
            )
        case Refusal.PLEDGE_SIGNER_TAKEN:
            return say(
                voice,
                "This person confirms for %(party)s already. Nobody confirms for two parties: name another.",
                party=party,
            )
        case Refusal.PLEDGE_CONFIRMED:
            return say(
                voice, "%(party)s has confirmed already, so that its signer stays as it is.", party=party
            )
        case _:
            return _preparing_refused(voice, reason, facts, party)


def _preparing_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any], party: str) -> str:
    match reason:
        case Refusal.PLEDGE_THERE_ALREADY:
            return say(voice, "This meeting has its pledge already. Open it from the panel.")
        case Refusal.PLEDGE_NO_UNITS:
            return say(voice, "This meeting has no units. Choose the pledge of two parties instead.")
        case Refusal.PLEDGE_NO_TEXT:
            return say(voice, "The item has no text yet. Type the text of the pledge first, in its item.")
        case Refusal.PLEDGE_NO_SIGNER:
            return say(
                voice, "Nobody is named yet who signs for %(party)s. Name the signer first.", party=party
            )
        case _:
            return _frozen_refused(voice, reason, facts, party)


def _frozen_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any], party: str) -> str:
    match reason:
        case Refusal.PLEDGE_PARTY_THERE:
            return say(voice, "%(party)s is a party already; it was not added twice.", party=party)
        case Refusal.PLEDGE_PARTIES_TOO_FEW:
            return say(voice, "A pledge needs at least two parties. Add the missing one first.")
        case Refusal.PLEDGE_PARTIES_TOO_MANY:
            limit = facts.get("limit")
            if limit is None:
                return say(voice, "There are too many parties. Take some out first.")
            return say(voice, "This pledge has at most %(limit)s parties. Take some out first.", limit=limit)
        case Refusal.PLEDGE_FROZEN:
            return say(
                voice,
                "Confirming has begun, so that parties and text stay as they are. Stop confirming first; all "
                "confirmations are void then.",
            )
        case Refusal.PLEDGE_WAS_CONFIRMED:
            return say(
                voice,
                "Parties have confirmed this pledge before, which stays on record. Leave its item out of the "
                "agenda instead.",
            )
        case Refusal.PLEDGE_EVIDENCE_MISSING:
            return say(
                voice, "A signature is entered with its copy: send the scan, or the file that was signed."
            )
        case Refusal.PLEDGE_NOT_SIGNED:
            return say(
                voice, "No signature of %(party)s is entered, so there is none to take back.", party=party
            )
        case Refusal.PLEDGE_SIGNED:
            return say(
                voice,
                "A signature of %(party)s is entered already. Take it back first if this copy is the right "
                "one.",
                party=party,
            )
        case _:
            return say(
                voice,
                "This file is the copy of a signature in a pledge. Take the signature back first, on the "
                "card of the pledge.",
            )

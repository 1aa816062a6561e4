"""How what is unclear is asked back: each thing that may be meant, and what to type for it."""

from bot.platforms.zalo.meaning import Reading, Unclear, Why
from bot.wording import numbered as wording
from bot.wording.voice import Voice

_MOST = 12
_BEGINNINGS = {
    Why.AMBIGUOUS: wording.ambiguous,
    Why.MISMATCHED: wording.mismatched,
    Why.UNKNOWN: wording.unknown_number,
}


def asked_back(voice: Voice, unclear: Unclear) -> str:
    """Give the message that asks what was meant; nothing was done."""
    lines = [_BEGINNINGS[unclear.why](voice, unclear.typed)]
    lines += [_reading(voice, unclear, one) for one in unclear.readings[:_MOST]]
    if unclear.answers:
        lines.append(wording.as_answer(voice, unclear.answers, unclear.typed))
    if not unclear.readings and not unclear.answers:
        lines.append(wording.what_is_current(voice))
    return "\n".join(lines)


def _reading(voice: Voice, unclear: Unclear, reading: Reading) -> str:
    choice = reading.choice
    if unclear.why is Why.UNKNOWN:
        return wording.choice_of(voice, f"{choice.number}. {choice.label}", reading.heading)
    return wording.choice_of(voice, f"{choice.number} {choice.label}", reading.heading)

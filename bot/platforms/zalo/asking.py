"""How what is unclear is asked back: each thing that may be meant, and what to type for it."""

from bot.platforms.zalo.meaning import Unclear, Why
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
    if not unclear.readings and not unclear.answers:
        return f"{wording.no_choice(voice, unclear.typed)} {wording.what_is_current(voice)}"
    lines = [_BEGINNINGS[unclear.why](voice, unclear.typed)]
    heading = ""
    for one in unclear.readings[:_MOST]:
        if one.heading != heading:
            heading = one.heading
            lines.append(f"{heading}:")
        point = "." if unclear.why is Why.UNKNOWN else ""
        lines.append(f"{one.choice.number}{point} {one.choice.label}")
    if unclear.answers:
        lines += [wording.answer_to(voice, unclear.answers), wording.as_answer(voice, unclear.typed)]
    return "\n".join(lines)

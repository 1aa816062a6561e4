"""The sentences that platforms without buttons need: choices by number, and what was not understood."""

from collections.abc import Sequence

from bot.platforms.base import NumberedChoice
from bot.wording.voice import Voice, say

_SHORT = 80


def type_number(voice: Voice) -> str:
    """Stand above numbered choices."""
    return say(voice, "Reply with a number:")


def answer_or(voice: Voice) -> str:
    """Stand above what can be done instead of answering a question."""
    return say(voice, "Type the answer, or:")


def pick(voice: Voice, number: int) -> str:
    """Give what picks a choice where a number alone is an answer."""
    return say(voice, "pick %(number)s", number=number)


def private_chat(voice: Voice, address: str) -> str:
    """Tell a group where one answers."""
    return say(voice, "Vote and reply in the private chat with the bot: %(address)s", address=address)


def no_file(voice: Voice, name: str) -> str:
    """Stand for a file that is not there any more."""
    return say(voice, "%(name)s (withdrawn)", name=name)


def text_only(voice: Voice) -> str:
    """Answer a sticker or a voice message."""
    return say(voice, "Only typed messages can be read here. Write ? to see what can be done now.")


def ambiguous(voice: Voice, typed: str) -> str:
    """Begin to ask back what could mean several things."""
    return say(
        voice,
        "Nothing was recorded: “%(typed)s” can mean several things. Please type one:",
        typed=_short(typed),
    )


def mismatched(voice: Voice, typed: str) -> str:
    """Begin to ask back where the number is one choice's and the words another's."""
    return say(
        voice,
        "Nothing was recorded: in “%(typed)s” the number and the words do not go together. Please type one:",
        typed=_short(typed),
    )


def unknown_number(voice: Voice, typed: str) -> str:
    """Begin to say that a number is nobody's."""
    return say(
        voice, "Nothing was recorded: “%(typed)s” is none of the choices. Now there are:", typed=_short(typed)
    )


def no_choice(voice: Voice, typed: str) -> str:
    """Say that a number is nobody's, where there is nothing to choose."""
    return say(voice, "Nothing was recorded: “%(typed)s” is none of the choices.", typed=_short(typed))


def answer_to(voice: Voice, question: str) -> str:
    """Stand above what to type for an answer to the question that waits."""
    return say(voice, "As an answer to “%(question)s”:", question=_short(question))


def as_answer(voice: Voice, typed: str) -> str:
    """Give what to type for an answer."""
    return say(voice, "answer: %(typed)s", typed=typed)


def what_is_current(voice: Voice) -> str:
    """Tell how to see what can be done."""
    return say(voice, "Write ? to see what can be done now.")


def to_change(voice: Voice, choices: Sequence[NumberedChoice]) -> str:
    """Tell how a recorded choice is changed."""
    others = "; ".join(f"{one.number} {one.label}" for one in choices)
    return say(voice, "To change it, type: %(others)s.", others=others)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"

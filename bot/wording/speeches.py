"""What is said about speeches of superiors and conclusions of the chair."""

from typing import assert_never

from bot.wording.voice import Voice, say
from meeting.speaking import SpeechKind
from storage.views import SpeechView


def kind_text(voice: Voice, kind: SpeechKind) -> str:
    """Give what sort of speech it is."""
    match kind:
        case SpeechKind.DIRECTIVE:
            return say(voice, "Directive speech")
        case SpeechKind.CONCLUSION:
            return say(voice, "Conclusion of the chair")
    assert_never(kind)


def speaker_text(speech: SpeechView) -> str:
    """Give who spoke, with the position."""
    return ", ".join(filter(None, (speech.speaker, speech.position)))


def speech_text(voice: Voice, speech: SpeechView, text: str) -> str:
    """Give a speech in one paragraph: "Phát biểu chỉ đạo (Trương Minh Hoàng, Phó Bí thư): …"."""
    return say(
        voice,
        "%(kind)s (%(speaker)s): %(text)s",
        kind=kind_text(voice, speech.kind),
        speaker=speaker_text(speech),
        text=" ".join(text.split()),
    )


def speaker_wanted(voice: Voice, kind: SpeechKind) -> str:
    """Ask who spoke."""
    match kind:
        case SpeechKind.DIRECTIVE:
            return say(voice, "Who gave the directive speech? Name; position. It may be anybody.")
        case SpeechKind.CONCLUSION:
            return say(voice, "Who gave the conclusion? Name; position.")
    assert_never(kind)


def speaker_example(voice: Voice) -> str:
    """Give a speaker as one is written."""
    return say(voice, "Tran Van Minh; Deputy Secretary")


def text_wanted(voice: Voice, speaker: str) -> str:
    """Ask what somebody said."""
    return say(
        voice,
        "What did %(speaker)s say, in short? It goes into the summary word for word.",
        speaker=speaker,
    )


def text_so_far(voice: Voice) -> str:
    """Introduce the text as it stands, before it is corrected."""
    return say(voice, "As it stands; send the whole text anew:")


def recorded(voice: Voice) -> str:
    """Say that a speech is recorded."""
    return say(voice, "Recorded. It goes into the summary as it stands; it can be corrected until the close.")


def corrected(voice: Voice) -> str:
    """Say that a speech is corrected."""
    return say(voice, "Corrected, on record.")


def withdraw_sure(voice: Voice) -> str:
    """Ask once more whether a speech is withdrawn."""
    return say(voice, "Withdraw this? It will not be in the summary.")


def withdrawn(voice: Voice) -> str:
    """Say that a speech is withdrawn."""
    return say(voice, "Withdrawn, on record.")

"""What a link or code opens, in the few words of the page that asks whether to open it."""

from bot.wording.labels import role_text
from bot.wording.voice import Voice, say
from meeting.people import Role


def founding_title(voice: Voice) -> str:
    """Say that a code founds an organisation."""
    return say(voice, "Set up a new organisation")


def founding_detail(voice: Voice) -> str:
    """Say what the one who founds it becomes."""
    return say(voice, "Whoever opens this becomes its first organiser.")


def role_detail(voice: Voice, role: Role) -> str:
    """Say which function a code grants."""
    return say(voice, "Function: %(role)s", role=role_text(voice, role))

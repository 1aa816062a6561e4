"""One's own page on the web, as it is spoken of in a chat."""

from datetime import datetime

from bot.wording.dates import moment_text
from bot.wording.voice import Voice, say


def button_own_page(voice: Voice) -> str:
    """Label what leads to the page."""
    return say(voice, "Open my own page")


def own_page_hint(voice: Voice) -> str:
    """Tell somebody new that there is one."""
    return say(
        voice, "Type ? to see what can be done now, or MY PAGE for a web page where one votes with a tap."
    )


def own_page_title(voice: Voice) -> str:
    """Give the heading above its address."""
    return say(voice, "Your own page on the web")


def own_page_use(voice: Voice) -> str:
    """Say what it is for."""
    return say(
        voice,
        "Vote there with a tap, read the papers and send files. A vote counts once, wherever it is cast; "
        "you go on getting messages here.",
    )


def own_page_warning(voice: Voice, expires_at: datetime) -> str:
    """Say whom the address is for and how long it is good."""
    return say(
        voice,
        "It is for you alone: whoever opens it acts in your name, so do not pass it on. It can be opened "
        "until %(moment)s; after that, type MY PAGE again.",
        moment=moment_text(voice, expires_at),
    )


def own_page_here(voice: Voice) -> str:
    """Answer somebody who asks for the page on that page."""
    return say(voice, "This is your own page already.")


def files_on_page(voice: Voice) -> str:
    """Say that this chat hands over no files, and where they can be sent."""
    return say(
        voice,
        "Files do not reach the bot in this chat. Open your own page, begin the same there and choose the "
        "file.",
    )

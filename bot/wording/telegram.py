"""The few sentences that only Telegram needs."""

from bot.platforms.base import MenuKind
from bot.wording.catalogue import translate


def command_texts(language: str, kind: MenuKind = MenuKind.MEMBER) -> dict[str, str]:
    """Give the bot's menu for somebody of a kind: commands and what each does."""
    texts = {"home": translate(language, "Where things stand, what can be done now")}
    if kind is not MenuKind.MEMBER:
        texts["meeting"] = translate(language, "Run the meeting: its card with what comes next")
    texts |= {
        "agenda": translate(language, "The agenda"),
        "papers": translate(language, "The papers of the meeting"),
    }
    if kind is not MenuKind.MEMBER:
        texts["roll"] = translate(language, "The attendees, who is present")
    if kind is MenuKind.ORGANISER:
        texts["new"] = translate(language, "Create a meeting")
        texts["import"] = translate(language, "Create a meeting from a workbook")
    return texts | {
        "help": translate(language, "What can be done now"),
        # Each in its own language: whoever looks for it can't read the other.
        "vi": "Tiếng Việt",
        "en": "English",
    }


def group_command_texts(language: str) -> dict[str, str]:
    """Give the bot's menu in groups."""
    return {"help": translate(language, "Which meeting this group follows")}

"""The few sentences that only Telegram needs."""

from bot.wording.catalogue import translate


def not_recorded(language: str) -> str:
    """Say that something a person did could not be taken in."""
    return translate(
        language,
        "NOT recorded, because of a fault. Please try once more; if it fails again, tell the secretary.",
    )


def command_texts(language: str) -> dict[str, str]:
    """Give the bot's menu: commands and what each does."""
    return {
        "start": translate(language, "Begin, or see where things stand"),
        "help": translate(language, "What can be done now"),
        # Each in its own language: whoever looks for it can't read the other.
        "vi": "Tiếng Việt",
        "en": "English",
    }

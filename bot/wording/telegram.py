"""The few sentences that only Telegram needs."""

from bot.wording.catalogue import translate


def command_texts(language: str) -> dict[str, str]:
    """Give the bot's menu: commands and what each does."""
    return {
        "start": translate(language, "Begin, or see where things stand"),
        "help": translate(language, "What can be done now"),
        # Each in its own language: whoever looks for it can't read the other.
        "vi": "Tiếng Việt",
        "en": "English",
    }

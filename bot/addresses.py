"""Where people come in: the addresses that invitations carry."""

from dataclasses import dataclass

PLAIN_START = "chat"
"""What a link to the bot's private chat carries where there is no code to give: it means nothing."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The web pages' address without a slash at its end, and the Telegram bot's name once it is known."""

    public_url: str
    telegram_username: str | None = None

    def web_link(self, token: str) -> str:
        """Give the page that a link's token opens."""
        return f"{self.public_url}/i/{token}"

    def shared_link(self, token: str) -> str:
        """Give the page where a shared link's token is opened."""
        return f"{self.public_url}/j/{token}"

    def telegram_link(self, token: str) -> str | None:
        """Give the link that starts the bot with a token, or None without Telegram."""
        if self.telegram_username is None:
            return None
        return f"https://t.me/{self.telegram_username}?start={token}"

    def telegram_chat_link(self, token: str | None) -> str | None:
        """Give the link to the bot's private chat, with a token if there is one; None without Telegram."""
        return self.telegram_link(PLAIN_START if token is None else token)

    def telegram_group_link(self, token: str) -> str | None:
        """Give the link that adds the bot to a group with a token, or None without Telegram."""
        if self.telegram_username is None:
            return None
        return f"https://t.me/{self.telegram_username}?startgroup={token}"

"""Where people come in: the addresses that invitations carry."""

from dataclasses import dataclass

PLAIN_START = "chat"
"""What a link to the bot's private chat carries where there is no code to give: it means nothing."""


@dataclass(frozen=True, slots=True)
class PrivateChat:
    """Where the bot's private chat is opened; `code` is what is typed there to come in, "" for nothing."""

    address: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The web pages' address without a slash at its end, and the bots' names once they are known.

    Of a Zalo bot it is the account's name, "bot." and a few letters.
    """

    public_url: str
    telegram_username: str | None = None
    zalo_account: str | None = None

    @property
    def group_platforms(self) -> tuple[str, ...]:
        """The platforms on which groups can follow a meeting."""
        known = {"telegram": self.telegram_username, "zalo": self.zalo_account}
        return tuple(platform for platform, name in known.items() if name is not None)

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

    def telegram_group_link(self, token: str) -> str | None:
        """Give the link that adds the bot to a group with a token, or None without Telegram."""
        if self.telegram_username is None:
            return None
        return f"https://t.me/{self.telegram_username}?startgroup={token}"

    def zalo_link(self) -> str | None:
        """Give the address of the bot's chat, or None without Zalo; it can carry no code, which is typed."""
        return None if self.zalo_account is None else f"https://zalo.me/{self.zalo_account}"

    def private_chat(self, platform: str, token: str | None, code: str = "") -> PrivateChat | None:
        """Give where the private chat with a platform's bot is opened, None where there is none.

        One comes in by the token or, where an address can't carry one, by the code; None is neither.
        """
        if platform == "zalo":
            link = self.zalo_link()
            return None if link is None else PrivateChat(link, "" if token is None else code)
        link = self.telegram_link(PLAIN_START if token is None else token)
        return None if link is None else PrivateChat(link)

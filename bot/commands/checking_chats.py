"""What `bieuquyet check` finds about the chat platforms."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.chats import make_telegram
from bot.commands.finding import Finding
from bot.platforms.base import DeliveryError
from bot.settings import Settings, is_loopback

if TYPE_CHECKING:
    from bot.platforms.telegram import Inbound

_ANSWER_SECONDS = 10.0
_LATELY = timedelta(hours=1)
"""How long ago a failure still matters."""

_NO_GROUPS = Finding(
    "Groups",
    "the bot can't be added to groups",
    advice="only if a meeting is to be followed in one: @BotFather, /setjoingroups, Enable",
)


async def check_telegram(settings: Settings) -> list[Finding]:
    """Look at the bot on Telegram; changes nothing."""
    if settings.telegram_token is None:
        return [Finding("Telegram", "not set up; people take part on the web pages")]
    telegram = make_telegram(settings, None)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            name = Finding("Telegram", f"the token is @{await telegram.account_name()}'s")
            groups = [] if await telegram.may_join_groups() else [_NO_GROUPS]
            return [name, *groups, _updates(settings, await telegram.inbound())]
    except (DeliveryError, TimeoutError) as error:
        reason = _reason(error)
        advice = (
            "compare BIEUQUYET_TELEGRAM_TOKEN with what @BotFather says, and see whether this machine reaches"
            f" {settings.telegram_api}; the web pages work without it"
        )
        return [Finding("Telegram", f"does not take the token: {reason}", is_ok=False, advice=advice)]
    finally:
        await telegram.close()


def _updates(settings: Settings, inbound: "Inbound") -> Finding:
    """Tell how what people do comes in, and what went wrong with it lately."""
    is_brought = settings.telegram_mode == "webhook"
    waiting = f"; {inbound.waiting} wait there" if inbound.waiting else ""
    ours = urlsplit(settings.public_url).netloc
    if not is_brought and not inbound.host:
        return Finding("Updates", f"are asked for{waiting}")
    if not is_brought:
        return Finding("Updates", f"go to a webhook at {inbound.host}; the next start takes it away{waiting}")
    if not inbound.host:
        return Finding("Updates", f"are to be brought to {ours}; the next start sets it up{waiting}")
    if inbound.host != ours:
        text = f"go to {inbound.host}; the next start has them brought to {ours}{waiting}"
        return Finding("Updates", text)
    if inbound.failed_at is None or datetime.now(UTC) - inbound.failed_at > _LATELY:
        return Finding("Updates", f"are brought to {ours}{waiting}")
    advice = (
        f"have the proxy pass {settings.public_url}/telegram/ on to {settings.listen}, and have a"
        " certificate that everybody trusts; Telegram tries again by itself"
    )
    failed_at = inbound.failed_at.astimezone(settings.timezone)
    text = f"could not be brought to {ours} at {failed_at:%H:%M:%S}: {inbound.reason}{waiting}"
    return Finding("Updates", text, is_ok=False, advice=advice)


async def check_zalo(settings: Settings) -> list[Finding]:
    """Look at the bot on Zalo; changes nothing."""
    if settings.zalo_token is None:
        return [Finding("Zalo", "not set up")]
    from bot.platforms.zalo import ZaloApi

    api = ZaloApi(settings.zalo_token.get_secret_value(), api=settings.zalo_api)
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            me = await api.get_me()
            webhook = await api.get_webhook()
    except (DeliveryError, TimeoutError) as error:
        advice = (
            "compare BIEUQUYET_ZALO_TOKEN with what Zalo Bot Manager says, and see whether this machine"
            f" reaches {settings.zalo_api}; the web pages work without it"
        )
        return [Finding("Zalo", f"does not take the token: {_reason(error)}", is_ok=False, advice=advice)]
    finally:
        await api.close()
    found = [Finding("Zalo", f"the token is that of {me.display_name or me.account_name}")]
    if not me.can_join_groups:
        advice = "only if a meeting is to be followed in one: allow it where the bot was made"
        found.append(Finding("Zalo groups", "the bot can't be added to groups", advice=advice))
    found.append(_zalo_messages(settings, urlsplit(webhook).netloc))
    if is_loopback(urlsplit(settings.public_url).hostname):
        text = f"papers and personal pages are links to {settings.public_url}, which no phone can open"
        advice = (
            "set BIEUQUYET_PUBLIC_URL; for the hall's own network alone"
            f" BIEUQUYET_LISTEN=0.0.0.0:{settings.listen.port} is enough"
        )
        found.append(Finding("Zalo links", text, is_ok=False, advice=advice))
    return found


def _zalo_messages(settings: Settings, host: str) -> Finding:
    """Tell how what people write comes in; `host` is where it is brought now, "" for nowhere."""
    subject, ours = "Zalo messages", urlsplit(settings.public_url).netloc
    if settings.zalo_mode == "polling":
        text = f"go to a webhook at {host}; the next start takes it away" if host else "are asked for"
        advice = "" if host else "each is given once: see that everybody gets an answer to each vote"
        return Finding(subject, text, advice=advice)
    if host == ours:
        return Finding(subject, f"are brought to {ours}")
    now = f"go to {host}" if host else "are asked for"
    return Finding(
        subject, f"{now}; the next start has them brought to {ours}, and logs what Zalo finds there"
    )


def _reason(error: DeliveryError | TimeoutError) -> str:
    return str(error) or f"no answer within {_ANSWER_SECONDS:.0f} seconds"

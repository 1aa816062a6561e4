"""`bieuquyet run`: the program itself, with what the operator needs to know on the terminal."""

import asyncio
import contextlib
import gc
import io
import signal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.app import App
from bot.commands.terminal import out, say
from bot.logs import start_logs
from bot.settings import Settings, is_loopback, secret_key

_PLATFORM_SECONDS = 1.0
"""How long the first lines wait for the chat platforms; one that is later gets a line of its own."""

_PLATFORMS = {"telegram": ("Telegram", "https://t.me/"), "zalo": ("Zalo", "https://zalo.me/")}
"""By name: how a platform is called, and what the bot's address begins with."""


async def run(settings: Settings) -> None:
    """Run until Ctrl+C or SIGTERM; raises what `App` does."""
    start_logs(settings, secret_key(settings))
    app = App(settings)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where the loop can't (Windows), Ctrl+C ends it the hard way, which loses nothing either.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, _stop, app, loop)
    async with app:
        # What is loaded stays: in a burst the collector need not go through it again and again.
        gc.collect()
        gc.freeze()
        names = await _ask_names(app, _PLATFORM_SECONDS)
        _say_running(app, names)
        _say_founder(app)
        late = [asyncio.create_task(_say_later(app, one)) for one in names if names[one] is None]
        try:
            await app.run()
        finally:
            for task in late:
                task.cancel()
            say("Stopping …")
    say("Stopped.")


def _stop(app: App, loop: asyncio.AbstractEventLoop) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)  # once more, and it ends at once
    app.stop()


async def _ask_names(app: App, seconds: float) -> dict[str, str | None]:
    """Give the bot's name on each platform that is set up, as far as it is known by then."""
    platforms = list(app.chats.platforms)
    names = await asyncio.gather(*(app.chats.find_name(platform, seconds) for platform in platforms))
    return dict(zip(platforms, names, strict=True))


def _say_running(app: App, names: dict[str, str | None]) -> None:
    settings = app.settings
    say("Biểu Quyết is running. Ctrl+C stops it.", "bold")
    say(f"  Web pages   {settings.public_url}")
    for platform, (title, address) in _PLATFORMS.items():
        if platform not in names:
            say(f"  {title:<10}  not set up: put BIEUQUYET_{platform.upper()}_TOKEN into config.env")
        elif (name := names[platform]) is None:
            say(f"  {title:<10}  does not answer yet; it is tried again and again, see the log")
        else:
            say(f"  {title:<10}  {address}{name}")
    if settings.playground:
        say(f"  Playground  {settings.public_url}/playground (everybody's page, on this machine only)")


def _say_founder(app: App) -> None:
    """Say how the first organiser gets in, while there is none."""
    founder = app.founder
    if founder is None:
        return
    zone: ZoneInfo = app.settings.timezone
    until = (
        "" if founder.expires_at is None else f", until {founder.expires_at.astimezone(zone):%d/%m/%Y %H:%M}"
    )
    say("")
    say(f"There is no organiser yet. Open this link to become the first one; it works once{until}:", "bold")
    links = [app.addresses.web_link(founder.token), app.addresses.telegram_link(founder.token)]
    for link in links:
        if link is not None:
            say(f"  {link}", "green")
            _show_qr(link)
    zalo = app.addresses.zalo_link()
    if zalo is None:
        say(f"  or type this code on the web page: {founder.code}")
    else:
        say(f"  or type this code on the web page, or to the bot on Zalo ({zalo}): {founder.code}")


def _show_qr(link: str) -> None:
    """Draw the link as a QR code, for a phone held before a terminal that it can open the link from."""
    if not out().is_terminal or is_loopback(urlsplit(link).hostname):
        return
    import segno

    drawn = io.StringIO()
    segno.make_qr(link).terminal(drawn, compact=True)
    out().print(Text.from_ansi(drawn.getvalue()))


async def _say_later(app: App, platform: str) -> None:
    name = await app.chats.find_name(platform, None)
    title, address = _PLATFORMS[platform]
    say(f"{title} answers: {address}{name}")
    if platform == "telegram" and app.founder is not None:
        say(f"  {app.addresses.telegram_link(app.founder.token)}", "green")

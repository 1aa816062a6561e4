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

_TELEGRAM_SECONDS = 1.0
"""How long the first lines wait for Telegram; later it gets a line of its own."""


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
        username = await app.find_telegram_username(_TELEGRAM_SECONDS)
        _say_running(app, username)
        _say_founder(app)
        late = asyncio.create_task(_say_telegram_later(app)) if username is None else None
        try:
            await app.run()
        finally:
            if late is not None:
                late.cancel()
            say("Stopping …")
    say("Stopped.")


def _stop(app: App, loop: asyncio.AbstractEventLoop) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)  # once more, and it ends at once
    app.stop()


def _say_running(app: App, username: str | None) -> None:
    settings = app.settings
    say("Biểu Quyết is running. Ctrl+C stops it.", "bold")
    say(f"  Web pages   {settings.public_url}")
    if settings.telegram_token is None:
        say("  Telegram    not set up: put BIEUQUYET_TELEGRAM_TOKEN into config.env")
    elif username is None:
        say("  Telegram    does not answer yet; it is tried again and again, see the log")
    else:
        say(f"  Telegram    https://t.me/{username}")
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
    say(f"  or type this code on the web page: {founder.code}")


def _show_qr(link: str) -> None:
    """Draw the link as a QR code, for a phone held before a terminal that it can open the link from."""
    if not out().is_terminal or is_loopback(urlsplit(link).hostname):
        return
    import segno

    drawn = io.StringIO()
    segno.make_qr(link).terminal(drawn, compact=True)
    out().print(Text.from_ansi(drawn.getvalue()))


async def _say_telegram_later(app: App) -> None:
    username = await app.find_telegram_username(None)
    if username is None:
        return
    say(f"Telegram answers: https://t.me/{username}")
    if app.founder is not None:
        say(f"  {app.addresses.telegram_link(app.founder.token)}", "green")

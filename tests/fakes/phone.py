"""A person's phone: a real browser of phone size that looks at what a person sees and taps."""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    async_playwright,
    expect,
)

SEND = {"vi": "Gửi", "en": "Send"}
SIZE = {"width": 390, "height": 844}


@contextlib.asynccontextmanager
async def running_browser(path: str) -> AsyncIterator[Browser]:
    """Give a running Chromium that reaches this machine only."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            # Chromium's own sandbox refuses to run as root, as containers do.
            chromium_sandbox=os.name == "posix" and os.geteuid() != 0,
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"],
        )
        yield browser
        await browser.close()


class Phone:
    """One browser with one page; what its console complains about and whom else it asks is kept."""

    def __init__(self, context: BrowserContext, page: Page, address: str, language: str) -> None:
        self.language = language.partition("-")[0]
        self.context = context
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        # A request that fails as the network is cut is complained about by the browser itself.
        if message.type in {"error", "warning"} and "net::ERR" not in message.text:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.foreign.append(request.url)

    async def open_link(self, token: str) -> None:
        """Open a personal link and press its button."""
        await self.page.goto(f"{self.address}/i/{token}")
        await self.page.locator("main button").click()
        await self.page.wait_for_url("**/p/*")

    async def tap(self, label: str, on: str = "") -> None:
        """Tap the first button of this label, once it rests; `on` is text of its card."""
        place = self.page.locator("article").filter(has_text=on) if on else self.page
        await (
            place.locator("button:not([data-moved])")
            .get_by_text(label, exact=True)
            .filter(visible=True)
            .first.click()
        )

    async def write(self, text: str) -> None:
        """Type what is asked for, and send it."""
        await self.page.locator("#answer :is(input[type=text], textarea)").fill(text)
        await self._send()

    async def send_file(self, path: Path) -> None:
        """Choose the file that is asked for, and send it."""
        await self.page.locator("#answer input[type=file]").set_input_files(path)
        await self._send()

    async def _send(self) -> None:
        async with self.page.expect_response(lambda response: response.request.method == "POST"):
            await self.tap(SEND[self.language])

    async def reads_answer(self, text: str) -> str:
        """Wait for the answer's card with this text, and give all of it."""
        answer = self.page.locator("#answer article")
        await expect(answer).to_contain_text(text)
        return await answer.inner_text()

    async def close_answer(self) -> None:
        """Put the answer's card away."""
        await self.page.locator("#dismiss a").click()
        await expect(self.page.locator("#answer article")).to_have_count(0)

    async def close_notice(self) -> None:
        """Put the notice away."""
        await self.page.locator("#notice button").click()

    async def sees_notice(self, text: str) -> None:
        """Wait for the answer to a tap."""
        await expect(self.page.locator("#notice")).to_contain_text(text)

    async def sees_pending(self, text: str) -> None:
        """Wait for the word that something is not recorded; "" when nothing is."""
        if text:
            await expect(self.page.locator("#pending")).to_contain_text(text)
        else:
            await expect(self.page.locator("#pending")).to_be_empty()

    async def sees_connection(self, text: str) -> None:
        """Wait for the word that the page is not live; "" when it is."""
        if text:
            await expect(self.page.locator("#connection")).to_contain_text(text, timeout=10_000)
        else:
            await expect(self.page.locator("#connection")).to_be_empty(timeout=10_000)

    async def sees(self, text: str) -> None:
        """Wait for a text on the page's cards."""
        await expect(self.page.locator("#board")).to_contain_text(text)

    async def sees_chosen(self, label: str) -> None:
        """Wait for the own choice to be marked."""
        await expect(self.page.locator('#board button[aria-pressed="true"]')).to_have_text(label)


@contextlib.asynccontextmanager
async def phone(
    browser: Browser, address: str, *, language: str = "vi-VN", has_javascript: bool = True
) -> AsyncIterator[Phone]:
    """Give a phone; it has had no complaints and asked nobody else when it is put away."""
    context = await browser.new_context(
        viewport={"width": SIZE["width"], "height": SIZE["height"]},
        device_scale_factor=2,
        has_touch=True,
        locale=language,
        java_script_enabled=has_javascript,
    )
    try:
        opened = Phone(context, await context.new_page(), address, language)
        yield opened
        assert opened.complaints == []
        assert opened.foreign == []
    finally:
        await context.close()

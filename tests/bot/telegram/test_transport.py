"""How requests travel: what never left is told from what may have arrived, and no error says where to."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.platforms.telegram.transport import NotSentError, Transport
from tests.fakes.bot_api import TOKEN, FakeBotApi, Person


@contextlib.asynccontextmanager
async def bot_at(url: str, *, connections: int = 8, seconds: float = 5) -> AsyncIterator[Bot]:
    transport = Transport(connections, seconds)
    try:
        yield Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", transport, Transport(1, seconds))
    finally:
        await transport.shutdown()


@contextlib.asynccontextmanager
async def proxy(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Something that answers each request in these words, and notes the first lines."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readline())
        writer.write(answer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", seen


def told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


async def test_a_file_arrives_under_its_vietnamese_name(fake: FakeBotApi, an: Person) -> None:
    async with bot_at(fake.url) as bot:
        sent = await bot.send_document(
            an.id, b"PK" * 100_000, filename="Kết quả; đợt 1.xlsx", caption="Đợt 1"
        )
        assert sent.document is not None
        file = await bot.get_file(sent.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"PK" * 100_000
    [message] = an.messages
    assert message.document is not None
    assert (message.document.name, message.text) == ("Kết quả; đợt 1.xlsx", "Đợt 1")


async def test_many_requests_share_few_connections(fake: FakeBotApi, an: Person) -> None:
    async with bot_at(fake.url, connections=3) as bot:
        await asyncio.gather(*(bot.send_message(an.id, f"{number}") for number in range(60)))
    assert sorted(int(message.text) for message in an.messages) == list(range(60))


async def test_what_waits_too_long_for_a_connection_never_left(fake: FakeBotApi, an: Person) -> None:
    fake.hang("sendMessage")
    async with bot_at(fake.url, connections=1, seconds=0.2) as bot:
        hanging = asyncio.create_task(bot.send_message(an.id, "một", read_timeout=5))
        await fake.until(lambda: fake.count("sendMessage") == 1)
        with pytest.raises(NotSentError, match="no connection in time") as raised:
            await bot.send_message(an.id, "hai")
        hanging.cancel()
    assert TOKEN not in told(raised.value)
    assert fake.count("sendMessage") == 1


async def test_what_is_not_answered_or_cut_off_may_have_arrived(fake: FakeBotApi, an: Person) -> None:
    fake.hang("sendMessage")
    async with bot_at(fake.url, seconds=0.2) as bot:
        with pytest.raises(TimedOut) as late:
            await bot.send_message(an.id, "một")
        fake.cut("sendMessage", is_carried_out=True)
        with pytest.raises(NetworkError) as broken:
            await bot.send_message(an.id, "hai")
    assert not isinstance(broken.value, NotSentError)
    assert TOKEN not in told(late.value) + told(broken.value)


async def test_requests_go_through_the_proxy_that_the_system_names(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}'
    async with proxy(answer) as (address, seen):
        monkeypatch.setenv("HTTP_PROXY", address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.2")
        async with bot_at("http://telegram.example") as bot:
            assert await bot.log_out() is True
    assert [line.split()[:2] for line in seen] == [
        [b"POST", f"http://telegram.example/bot{TOKEN}/logOut".encode()]
    ]


@pytest.mark.parametrize("api", ["https://telegram.example", "https://127.0.0.1:9"])
async def test_what_a_proxy_turns_away_never_left(monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    async with proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as (
        address,
        _,
    ):
        monkeypatch.setenv("HTTPS_PROXY", address)
        async with bot_at(api) as bot:
            with pytest.raises(NotSentError, match="the proxy answers 407") as raised:
                await bot.log_out()
    assert TOKEN not in told(raised.value)


async def test_nobody_is_followed_elsewhere() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"
    async with proxy(moved) as (address, seen), bot_at(address) as bot:
        with pytest.raises(TelegramError) as raised:
            await bot.log_out()
    assert len(seen) == 1
    assert TOKEN not in told(raised.value)

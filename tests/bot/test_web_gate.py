"""What guards the pages, and how forms are read, without a server."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from bot.platforms.base import File
from bot.web.desk import Board, BoardCard
from bot.web.forms import FILE_LIMIT, Form, read_form
from bot.web.gate import CodeTries, FaultError, Seals, new_page_id
from bot.web.streams import Streams
from tests.fakes.hall import HELP, KEY, Hall, person

BODY = (
    "--edge\r\n"
    'Content-Disposition: form-data; name="text"\r\n\r\n'
    "Ý kiến khác\r\n"
    "--edge\r\n"
    'content-disposition: form-data; name="file"; filename="Danh sách.xlsx"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
    "\r\n--edg\r\n-\r\n"
    "--edge--\r\n"
).encode()


async def _read(media_type: str, chunks: list[bytes]) -> Form:
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    headers = [(b"content-type", media_type.encode())]
    return await read_form(Request({"type": "http", "method": "POST", "headers": headers}, receive))


@given(st.lists(st.integers(0, len(BODY)), max_size=12))
def test_a_form_is_the_same_however_the_network_cuts_it(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(BODY)]
    chunks = [BODY[start:end] for start, end in pairwise(places)]
    form = asyncio.run(_read("multipart/form-data; boundary=edge", chunks))
    assert form.fields == {"text": "Ý kiến khác"}
    assert form.file == File("Danh sách.xlsx", 10, b"\r\n--edg\r\n-", FILE_LIMIT)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_a_fault(body: bytes) -> None:
    for media_type in ("multipart/form-data; boundary=edge", "application/x-www-form-urlencoded"):
        try:
            form = asyncio.run(_read(media_type, [b"--edge\r\n" + body, b"\r\n--edge--\r\n"]))
        except FaultError:
            continue
        assert "\0" not in form.text("text")


@given(st.integers(1, len(BODY) - 4))
def test_a_form_that_breaks_off_is_refused(end: int) -> None:
    with pytest.raises(FaultError):
        asyncio.run(_read("multipart/form-data; boundary=edge", [BODY[:end]]))


def test_a_seal_opens_its_own_page_only() -> None:
    seals, page, other = Seals(KEY), new_page_id(), new_page_id()
    sealed = seals.seal(page)
    assert seals.page_of(sealed) == page
    assert Seals(KEY + b"2").page_of(sealed) is None
    for forged in (None, "", page, sealed[:-1], sealed + "A", sealed.replace(page, other), f"{page}.\udcff"):
        assert seals.page_of(forged) is None


def test_tries_come_back_with_time_and_are_counted_for_each_address() -> None:
    now = 0.0
    tries = CodeTries(burst=2, seconds=10, now=lambda: now)
    for _ in range(2):
        assert tries.seconds_left("10.0.0.1") == 0
        tries.add_wrong("10.0.0.1")
    assert tries.seconds_left("10.0.0.1") == 10
    assert tries.seconds_left("10.0.0.2") == 0
    now = 9.5
    assert tries.seconds_left("10.0.0.1") == 1
    now = 10.0
    assert tries.seconds_left("10.0.0.1") == 0
    tries.add_wrong("10.0.0.1")
    assert tries.seconds_left("10.0.0.1") == 10


def test_one_network_of_ipv6_is_one_address() -> None:
    tries = CodeTries(burst=1, seconds=10, now=lambda: 0.0)
    tries.add_wrong("2001:db8::1")
    assert tries.seconds_left("2001:db8::ffff") == 10
    assert tries.seconds_left("2001:db8:0:1::1") == 0


def test_old_tries_make_room_for_new_addresses() -> None:
    now = 0.0
    tries = CodeTries(burst=1, seconds=10, now=lambda: now, most_addresses=3)
    for last in range(3):
        tries.add_wrong(f"10.0.0.{last}")
    now = 20.0
    tries.add_wrong("10.0.0.9")
    assert tries.seconds_left("10.0.0.9") == 10
    assert tries.seconds_left("10.0.0.1") == 0


async def test_a_slow_page_skips_what_was_overtaken() -> None:
    an = person(1, "An")
    hall = Hall(an)
    an.page = "page"
    streams = Streams(hall)
    running = asyncio.create_task(streams.run())
    events = streams.follow("page")
    await anext(events)
    first = await anext(events)
    assert "ballot-7" in str(first.data)
    for _ in range(3):
        hall.put(an, "panel", HELP)
        await hall.next_look()
        await hall.next_look()
    second = await anext(events)
    assert f'"version": {an.cards["panel"][0]}' in str(second.data)
    await events.aclose()
    assert len(streams) == 0
    running.cancel()
    await asyncio.wait([running])


def test_a_board_knows_its_versions_in_order() -> None:
    board = Board("", "", "vi", (BoardCard("b", 2, HELP), BoardCard("a", 1, HELP)))
    assert list(board.versions.items()) == [("b", 2), ("a", 1)]

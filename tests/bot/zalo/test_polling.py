"""Asking for what people did: each thing once and in order, and nothing spins while Zalo is away."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.platforms.base import Answer, Incoming, Text
from tests.bot.telegram.line import Desk, Naps, OutOfOrderError, failing
from tests.bot.zalo.wire import polling
from tests.fakes.zalo_api import IDLE, QUOTA, WEBHOOK_IS_SET, FakeZalo


@pytest.fixture
def naps() -> Naps:
    return Naps()


async def test_what_people_do_is_received_while_it_happens(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    an.send("đã gửi từ trước")
    async with polling(fake, naps, desk) as line:
        await desk.has_taken(1)
        await fake.is_listened_to()
        an.send("51")
        await desk.has_taken(2)
        assert line.patience.trouble == ""
    assert desk.texts == ["đã gửi từ trước", "51"]
    assert fake.count("deleteWebhook") == 0
    assert naps.taken == []


async def test_order_in_a_chat_is_kept_and_a_slow_chat_holds_up_no_other(fake: FakeZalo, naps: Naps) -> None:
    slow, *others = (fake.person(name) for name in ("An", "Bình", "Chi"))
    desk = Desk()
    desk.doors[slow.id] = asyncio.Event()
    async with polling(fake, naps, desk):
        for number in range(4):
            for person in (slow, *others):
                person.send(str(number))
        await desk.has_taken(8)
        assert {incoming.chat for incoming in desk.taken} == {person.id for person in others}
        assert len(desk.begun) == 9
        desk.doors[slow.id].set()
        await desk.has_taken(12)
    for person in (slow, *others):
        bodies = [incoming.body for incoming in desk.taken if incoming.chat == person.id]
        assert bodies == [Text(str(number)) for number in range(4)]


async def test_what_is_delivered_again_is_taken_once(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    desk.doors[an.id] = asyncio.Event()
    async with polling(fake, naps, desk):
        first = an.send("51")
        fake.redeliver(first)
        an.send("52")
        await fake.until(lambda: fake.updates == [])
        desk.doors[an.id].set()
        await desk.has_taken(2)
        fake.redeliver(first)
        an.send("53")
        await desk.has_taken(3)
    assert desk.texts == ["51", "52", "53"]


async def test_what_was_taken_from_zalo_is_done_before_the_program_stops(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    desk.doors[an.id] = asyncio.Event()

    async def open_door() -> None:
        await fake.until(lambda: not fake.is_polled and fake.updates == [])
        desk.doors[an.id].set()

    async with polling(fake, naps, desk):
        an.send("51")
        an.send("52")
        await fake.until(lambda: fake.updates == [])
        await desk.has_begun(1)
        opening = asyncio.create_task(open_door())
    await opening
    assert desk.texts == ["51", "52"]


async def test_a_stop_does_not_wait_for_ever_and_says_what_it_gave_up(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    desk.doors[an.id] = asyncio.Event()
    with capture_logs() as logs:
        async with polling(fake, naps, desk, farewell=timedelta(seconds=0.05)):
            an.send("51")
            an.send("52")
            await desk.has_begun(1)
            await fake.until(lambda: fake.updates == [])
    assert desk.texts == []
    assert [log["count"] for log in logs if log["event"] == "zalo_updates_given_up"] == [2]


async def test_what_is_in_hand_is_bounded_and_the_rest_waits_with_zalo(fake: FakeZalo, naps: Naps) -> None:
    fake.people_in_plan = 200
    desk, people = Desk(), [fake.person(f"Đại biểu {number}") for number in range(120)]
    for person in people:
        desk.doors[person.id] = asyncio.Event()
        person.send("51")
    async with polling(fake, naps, desk) as line:
        await fake.until(lambda: len(fake.updates) == 20)
        await asyncio.sleep(0.05)  # that nothing happens can only be waited for
        assert (line.inbox.in_hand, len(fake.updates)) == (100, 20)
        for person in people:
            desk.doors[person.id].set()
        await desk.has_taken(120)


async def test_a_failure_of_ours_holds_nobody_up(fake: FakeZalo, naps: Naps) -> None:
    an, binh = fake.person("An"), fake.person("Bình")
    desk = Desk(failing(1, OutOfOrderError()))
    with capture_logs() as logs:
        async with polling(fake, naps, desk):
            an.send("hỏng")
            an.send("lành")
            binh.send("lành")
            await desk.has_taken(2)
    assert desk.texts == ["lành", "lành"]
    assert "zalo_update_failed" in {log["event"] for log in logs}


async def test_a_webhook_that_is_set_is_taken_away(fake: FakeZalo, naps: Naps) -> None:
    fake.hold()
    fake.bring_to("https://elsewhere.example/zalo/x", "a secret of its own")
    desk = Desk()
    fake.person("An").send("51")
    async with polling(fake, naps, desk):
        await desk.has_taken(1)
    assert fake.webhook is None
    assert fake.count("deleteWebhook") == 1


async def test_an_idle_poll_that_ends_at_once_does_not_spin(fake: FakeZalo, naps: Naps) -> None:
    desk = Desk()
    fake.refuse("getUpdates", 408, IDLE, times=3)
    async with polling(fake, naps, desk) as line:
        fake.person("An").send("51")
        await desk.has_taken(1)
        assert line.patience.trouble == ""
    assert naps.taken == [1.0, 1.0, 1.0]


async def test_one_that_gets_lost_on_its_way_is_lost_and_the_next_comes(fake: FakeZalo, naps: Naps) -> None:
    desk, an = Desk(), fake.person("An")
    fake.cut("getUpdates", is_carried_out=True)
    an.send("51")
    with capture_logs() as logs:
        async with polling(fake, naps, desk):
            await naps.one()
            an.send("52")
            await desk.has_taken(1)
    assert desk.texts == ["52"]
    assert "zalo_unreachable" in {log["event"] for log in logs}


@pytest.mark.parametrize(
    ("code", "description", "event", "shortest"),
    [
        (401, "Unauthorized", "zalo_token_refused", 60),
        (404, "Not Found", "zalo_token_refused", 60),
        (400, WEBHOOK_IS_SET, "zalo_webhook_is_set", 60),
        (429, QUOTA, "zalo_quota_spent", 60),
        (409, "Conflict", "zalo_polled_elsewhere", 30),
        (400, "Bad Request: whatever", "zalo_refused", 30),
        (500, "Internal server error", "zalo_unreachable", 1),
    ],
)
async def test_while_nothing_can_be_received_the_operator_is_told_why_and_nothing_spins(
    fake: FakeZalo, naps: Naps, code: int, description: str, event: str, shortest: int
) -> None:
    naps.is_last = True
    fake.refuse("getUpdates", code, description)
    with capture_logs() as logs:
        async with polling(fake, naps, Desk()) as line:
            assert await naps.one() >= shortest
            assert line.patience.trouble == event
    assert [log["event"] for log in logs] == [event]
    assert fake.count("getUpdates") == 1


async def test_a_second_poller_is_told_and_the_first_goes_on(fake: FakeZalo, naps: Naps) -> None:
    desk, pauses = Desk(), Naps()
    pauses.is_last = True
    with capture_logs() as logs:
        async with polling(fake, naps, desk):
            await fake.is_listened_to()
            async with polling(fake, pauses, Desk()) as second:
                assert await pauses.one() == 30
                assert second.patience.trouble == "zalo_polled_elsewhere"
            fake.person("An").send("51")
            await desk.has_taken(1)
    [told] = [log for log in logs if log["event"] == "zalo_polled_elsewhere"]
    assert "BIEUQUYET_ZALO_MODE" in told["hint"]


async def test_a_server_that_is_away_is_asked_again_ever_more_seldom(naps: Naps) -> None:
    async with FakeZalo() as gone:
        url = gone.url
    async with polling(gone, naps, Desk(), url=url):
        pauses = await naps.some(6)
    doubled = [min(2.0**attempt, 30) for attempt in range(1, 7)]
    assert all(whole / 2 <= pause <= whole for pause, whole in zip(pauses, doubled, strict=True))


async def test_a_part_that_is_begun_again_takes_up_where_it_was(fake: FakeZalo, naps: Naps) -> None:
    """What was given up is no longer known, so that it is taken where it is delivered again."""
    an, stuck, later = fake.person("An"), Desk(), Desk(lambda _: Answer("Đã ghi nhận"))
    stuck.doors[an.id] = asyncio.Event()
    given: list[Incoming] = []
    async with polling(fake, naps, stuck, farewell=timedelta(seconds=0)) as line:
        update = an.send("51")
        await stuck.has_begun(1)
        given += stuck.begun
    arrival = line.inbox.find(update)
    assert arrival is not None
    assert line.inbox.in_hand == 0
    await line.inbox.put(arrival, later)
    assert later.taken == given

import asyncio
from collections.abc import Sequence

import pytest

from bot.batching import Batches


class Kitchen:
    """Doubles numbers, as long as the door is open; 13 spoils whatever it comes with."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.done: list[int] = []
        self.door = asyncio.Event()
        self.door.set()
        self.begun = asyncio.Event()
        self.is_away = False

    async def double(self, numbers: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(numbers))
        self.begun.set()
        await self.door.wait()
        if self.is_away:
            raise ConnectionError("the database is away")
        if 13 in numbers:
            raise ValueError("13")
        self.done += numbers
        return [2 * number for number in numbers]


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


async def _begin(kitchen: Kitchen, batches: Batches[int, int], first: int) -> asyncio.Task[int]:
    """Have a batch of one under way, until the door opens."""
    kitchen.door.clear()
    begun = asyncio.create_task(batches.put(first))
    await kitchen.begun.wait()
    return begun


async def test_what_comes_alone_goes_alone(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    assert await batches.put(1) == 2
    assert await batches.put(2) == 4
    assert kitchen.batches == [[1], [2]]


async def test_what_arrives_while_a_batch_runs_forms_the_next(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    first = await _begin(kitchen, batches, 1)
    others = asyncio.gather(*(batches.put(number) for number in (2, 3, 4)))
    await asyncio.sleep(0)
    kitchen.door.set()
    assert [await first, *await others] == [2, 4, 6, 8]
    assert kitchen.batches == [[1], [2, 3, 4]]


async def test_a_batch_has_a_limit(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double, most=2)
    assert await asyncio.gather(*(batches.put(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert kitchen.batches == [[0, 1], [2, 3], [4]]


async def test_one_request_at_fault_fails_alone(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    results = await asyncio.gather(*(batches.put(number) for number in (1, 13, 2)), return_exceptions=True)
    assert results[0] == 2
    assert isinstance(results[1], ValueError)
    assert results[2] == 4
    assert kitchen.batches == [[1, 13, 2], [1], [13], [2]]
    assert await batches.put(5) == 10


async def test_a_database_that_is_away_is_not_asked_once_more_for_each(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    kitchen.is_away = True
    results = await asyncio.gather(*(batches.put(number) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(result) for result in results] == [ConnectionError] * 3
    assert kitchen.batches == [[1, 2, 3]]
    kitchen.is_away = False
    assert await batches.put(1) == 2


async def test_who_stops_waiting_stops_nothing(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    first = await _begin(kitchen, batches, 1)
    second, third = (asyncio.create_task(batches.put(number)) for number in (2, 3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    kitchen.door.set()
    assert await third == 6
    assert kitchen.done == [1, 2, 3]


async def test_closing_waits_for_what_was_put(kitchen: Kitchen) -> None:
    batches = Batches(kitchen.double)
    first = await _begin(kitchen, batches, 1)
    second = asyncio.create_task(batches.put(2))
    closing = asyncio.create_task(batches.close())
    await asyncio.sleep(0)
    kitchen.door.set()
    await closing
    assert kitchen.done == [1, 2]
    assert [await first, await second] == [2, 4]
    await batches.close()


async def test_a_result_too_few_is_a_fault_and_never_somebody_elses() -> None:
    async def forget_last(numbers: Sequence[int]) -> Sequence[int]:
        return list(numbers) if len(numbers) == 1 else list(numbers)[:-1]

    batches = Batches(forget_last)
    assert await asyncio.gather(*(batches.put(number) for number in (1, 2, 3))) == [1, 2, 3]

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Rests, Turns
from tests.fakes.chats import NOON

SECOND = timedelta(seconds=1)

waits = st.lists(st.integers(0, 400).map(lambda thousandths: thousandths / 1000), max_size=120)


@given(waits=waits, per_second=st.integers(1, 30))
def test_no_second_has_more_turns_than_the_platform_takes(waits: list[float], per_second: int) -> None:
    turns, clock, given_out = Turns(per_second), 0.0, []
    for wait in waits:
        clock += wait
        given_out.append(turns.reserve(clock))
    for first, later in zip(given_out, given_out[per_second:], strict=False):
        assert later - first >= 1 - 1e-9


@given(waits=waits, per_second=st.integers(1, 30))
def test_turns_are_given_first_come_first_served_and_never_early(waits: list[float], per_second: int) -> None:
    turns, clock, last = Turns(per_second), 0.0, 0.0
    for wait in waits:
        clock += wait
        turn = turns.reserve(clock)
        assert turn >= max(clock, last)
        last = turn


def test_a_few_need_not_wait_and_the_rest_waits_no_longer_than_needed() -> None:
    turns = Turns(25)
    given_out = [turns.reserve(100.0) for _ in range(100)]
    assert given_out[:25] == [100.0] * 25
    assert given_out[-1] == 103.0


def test_a_chat_rests_until_its_instant() -> None:
    rests = Rests()
    rests.rest("1", NOON + SECOND)
    rests.rest("2", NOON + 2 * SECOND)
    assert rests.chats(NOON) == {"1", "2"}
    assert rests.find_next_at() == NOON + SECOND
    assert rests.chats(NOON + SECOND) == {"2"}
    assert rests.chats(NOON + 2 * SECOND) == set()
    assert rests.find_next_at() is None


def test_a_clock_set_back_does_not_make_a_chat_rest_for_hours() -> None:
    rests = Rests()
    rests.rest("1", NOON + SECOND)
    assert rests.chats(NOON) == {"1"}
    assert rests.chats(NOON - 3600 * SECOND) == set()
